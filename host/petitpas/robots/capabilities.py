"""Whether a robot can do a program: asked before anything is sent, so that the answer can be kind and name the block."""

from __future__ import annotations

from petitpas.errors import NotSupported
from petitpas.program import Program, needs
from petitpas.robots.messages import Identity
from petitpas.words import Key, Words


def check_can(program: Program, identity: Identity) -> None:
    """Raise NotSupported for the first block of a program that a robot cannot do."""
    for block_id, bits in needs(program):
        if bits & ~identity.can:
            kind = next(block.type for block in program.walk() if block.id == block_id)
            key = f"robots.{identity.name}"
            robot = Key(key) if Words().has(key) else identity.name
            raise NotSupported(robot=robot, block=Key(f"blocks.{kind}.name"), block_id=block_id)

"""What a program asks of a robot."""

from __future__ import annotations

from .blocks import SENSORS
from .tree import Block, Program


def needs(program: Program) -> list[tuple[str, int]]:
    """Return the id of each block of a valid program that not every kit can do, in pre-order, with the CAN_ bits that it needs."""
    return [(block.id, bits) for block in program.walk() if (bits := _bits(block))]


def _bits(block: Block) -> int:
    is_test = any(parameter.unit == "test" for parameter in block.row.parameters)
    return block.row.needs | (SENSORS[block.test.sensor].needs if is_test else 0)

"""What a program means, straight from its tree: the judge of the compiler and of the Python view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from petitpas.program import Block, Program, Test

Event = tuple[object, ...]
"""("block", id) where a block begins, then what it does: (type, values…)."""

Senses = Callable[[Test], bool]


class Stopped(Exception):
    """`stop` ends the whole program."""


def meaning(program: Program, script: Block, senses: Senses) -> Iterator[Event]:
    """Give what one script does, block after block, for ever if need be; `senses` answers every look at a sensor."""
    owns = {define.number("own"): define for define in program.scripts if define.type == "define"}
    try:
        yield from _run(script, owns, senses)
    except Stopped:
        return


def actions(program: Program) -> list[Event]:
    """Return what the GO script of a program without sensors and endless loops does."""
    (script,) = (script for script in program.scripts if script.type == "when_go")
    return [event for event in meaning(program, script, lambda test: False) if event[0] != "block"]


def _run(block: Block, owns: dict[int, Block], senses: Senses) -> Iterator[Event]:
    yield "block", block.id
    if block.type == "repeat":
        for _ in range(block.number("times")):
            yield from _all(block.body(), owns, senses)
    elif block.type == "forever":
        while True:
            yield from _all(block.body(), owns, senses)
            if not block.body():
                yield "block", block.id
    elif block.type == "if":
        yield from _all(block.body("then" if senses(block.test) else "else"), owns, senses)
    elif block.type == "wait_until":
        while not senses(block.test):
            pass
    elif block.type == "call":
        yield from _run(owns[block.number("own")], owns, senses)
    elif block.row.kind == "head":
        yield from _all(block.body(), owns, senses)
    else:
        yield (block.type, *(value for _, value in block.parameters))
        if block.type == "stop":
            raise Stopped


def _all(blocks: tuple[Block, ...], owns: dict[int, Block], senses: Senses) -> Iterator[Event]:
    for block in blocks:
        yield from _run(block, owns, senses)

"""Where a program and its goal part: the first block after which no program of the lesson's blocks still reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from petitpas.lessons.search import LOST, Search, State
from petitpas.program import Block, Program

Point = tuple[str, bool | None]
"""A block, and whether the goal can still be reached after it; None where that is not known."""


def parting_of(search: Search, program: Program, most: int) -> str | None:
    """
    Return the block at which a program that the cell model knows parts from the goal.

    A block parts where nothing that could be written after it reaches the goal with at most `most` blocks in all. In a loop that is open,
    more may still come into its body or behind it; a loop in which the run ends parts, as nothing behind it is played.

    Returns:
        Its id; "" where only something at the end is missing; None where the goal is reached, or where it is not known whether the goal
        could still be reached just before.
    """
    search.renew()
    is_known = True
    for block_id, can in _points(search, program, most):
        if can is False:
            return block_id if is_known else None
        is_known = can is True  # what can be reached now could be reached before
    machine = search.machine
    is_reached = machine.is_reached(machine.run(machine.start, program.scripts[0].body()))
    return None if is_reached or not is_known else ""


def _points(search: Search, program: Program, most: int) -> Iterator[Point]:
    """Give the blocks of a program in the order in which a pupil lays them."""
    state, used = search.machine.start, 0
    for block in program.scripts[0].body():
        if block.type == "repeat":
            yield from _in_loop(search, block, state, most - used - 1)
        used += sum(1 for _ in block.walk())
        state = search.machine.run(state, (block,))
        can = search.can_reach(state, most - used)
        if block.type != "repeat" or state == LOST or can is not False:  # else something may be missing in its body
            yield block.id, can


def _in_loop(search: Search, loop: Block, state: State, left: int) -> Iterator[Point]:
    """Give a loop and the blocks of its body; `left` blocks may come after the loop's own."""
    body = loop.body()
    for count in range(len(body) + 1):
        used = sum(1 for block in body[:count] for _ in block.walk())
        yield body[count - 1].id if count else loop.id, search.can_close(state, loop.number("times"), body[:count], left - used)

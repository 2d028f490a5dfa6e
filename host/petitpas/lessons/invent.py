"""
Inventing: can the mat that a pupil has made up be solved, with the cards of her level and as long as her level's programs are?

Theory
======
Programs are looked at from the shortest on, of the same length those with fewer turns first. A state of the mat is gone on from only where
it is met with fewer turns than before: what is as long or longer and turns as often is no way to anything new. So the first program that
ends on the goal is the shortest within the bounds, and among these one with the fewest turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Any

from petitpas.errors import LessonError
from petitpas.lessons.goals import Goal
from petitpas.lessons.lesson import count_blocks
from petitpas.lessons.proof import BOUNDS, Bounds
from petitpas.lessons.search import LOST, Choice, Machine, State, simple
from petitpas.program import Block, Program, renumber
from petitpas.program.blocks import Level
from petitpas_sim.mat import Cell, Mat, Place, cell_name

_TURNS = ("left", "right")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a level's programs are made of: cards, and how many of them."""

    blocks: tuple[Choice, ...]
    bounds: Bounds


_WALK = (Choice("forward"), Choice("left"), Choice("right"))
_FAR = (Choice("forward", 1, 5), Choice("left"), Choice("right"))

PROFILES: Mapping[Level, Profile] = {
    "PS": Profile((Choice("forward"), Choice("backward")), Bounds(1, 3)),
    "MS": Profile(_WALK, Bounds(1, 5, 1)),
    "GS": Profile(_WALK, BOUNDS["GS"]),
    "CP": Profile(_WALK, BOUNDS["CP"]),
    "CE1": Profile(_FAR, BOUNDS["CE1"]),
    "CE2": Profile(_FAR, BOUNDS["CE2"]),
}
"""By level. No programme has numbers for PS and MS: theirs are what our lessons ask for. A pupil's mat may be easier than an author's."""


@dataclass(frozen=True, slots=True)
class Invented:
    """
    What is known of a mat: the fewest cards that reach its goal (None: nothing does, however long) and the turns among them.

    `fits` says that a program within the level's bounds reaches it; if one does, `cards` and `turns` are its.
    """

    fits: bool
    cards: int | None = None
    turns: int = 0


def solve(mat: Mat, start: Place, cells: Iterable[Cell], level: Level) -> Invented:
    """
    Say whether a mat can be solved, and how short; the way itself is not told.

    Args:
        start: the house, with the side that the robot faces.
        cells: the cells to visit, in order; the program ends on the last.
    Raises:
        LessonError: the house or a goal is not on a free cell of the mat, or there is nothing to do.
    """
    program, fits = _solved(mat, start, tuple(cells), level)
    if program is None:
        return Invented(False)
    return Invented(fits, count_blocks(program), sum(block.type in _TURNS for block in program.walk()))


def shortest(mat: Mat, start: Place, cells: Iterable[Cell], level: Level) -> Program | None:
    """Return the program that `solve` is about, None where there is none: only for who asks for it. Raises as `solve`."""
    return _solved(mat, start, tuple(cells), level)[0]


def _solved(mat: Mat, start: Place, cells: tuple[Cell, ...], level: Level) -> tuple[Program | None, bool]:
    """Return the shortest program within the level's bounds, or without them, and whether it is within."""
    _check(mat, start, cells)
    profile = PROFILES[level]
    machine = Machine(mat, start, Goal("order", cells))
    within = _shortest(machine, profile.blocks, profile.bounds.most, profile.bounds.turns)
    return (within, True) if within is not None else (_shortest(machine, profile.blocks), False)


def _check(mat: Mat, start: Place, cells: tuple[Cell, ...]) -> None:
    if not cells:
        raise LessonError("invent_nothing")
    for cell in (start.cell, *cells):
        if not mat.holds(cell):
            raise LessonError("invent_outside", cell=cell_name(cell), mat=f"{mat.columns}x{mat.rows}")
        if cell in mat.rocks:
            raise LessonError("invent_rock", cell=cell_name(cell))
    if cells == (start.cell,):
        raise LessonError("invent_reached", cell=cell_name(start.cell))


_Way = tuple[Any, Block] | None
"""The way to a state: the way to the one before, and the block that leads on from there."""


def _shortest(machine: Machine, blocks: Iterable[Choice], cards: float = inf, turns: float | None = None) -> Program | None:
    """Return the shortest program within bounds, of the shortest one with the fewest turns; None where there is none."""
    choices = [simple(choice.type, number) for choice in blocks for number in choice.numbers]
    order = count()  # of what is equally long and turns as often, the first that was met goes first
    heap: list[tuple[int, int, int, State, _Way]] = [(0, 0, next(order), machine.start, None)]
    fewest: dict[State, int] = {}
    while heap:
        made, turned, _, state, way = heappop(heap)
        if machine.is_reached(state):
            return _program(way)
        if turned >= fewest.get(state, inf) or made >= cards:
            continue
        fewest[state] = turned
        for block in choices:
            following, turning = machine.run(state, (block,)), turned + (block.type in _TURNS)
            if following != LOST and (turns is None or turning <= turns):
                heappush(heap, (made + 1, turning, next(order), following, (way, block)))
    return None


def _program(way: _Way) -> Program:
    row: list[Block] = []
    while way is not None:
        way, block = way
        row.insert(0, block)
    return renumber(Program((Block("", "when_go", bodies=(("do", tuple(row)),)),)))

"""
A challenge that pupils invent, without a screen: taps in, the next mat out; what is known of it, and the lesson that it becomes.

A tap on an empty cell puts there what is in hand; a tap on the house turns it, a tap on anything else takes it off. So nothing has to be
chosen to mend what was put wrongly, and there is no eraser.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from petitpas.classroom.commands import Invent
from petitpas.classroom.records import TITLES, ClassState, Invention
from petitpas.lessons.goals import Goal
from petitpas.lessons.invent import PROFILES, Invented, shortest, solve
from petitpas.lessons.lesson import Lesson, RobotSetup, Variant
from petitpas.lessons.sheet import Activity, Sentence
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.profiles import PROFILES as LEVEL_PROFILES
from petitpas.words import LANGUAGES, Words
from petitpas_sim.mat import Cell, Mat, Place, cell_name, parse_cell

Thing = Literal["house", "flower", "rock"]
THINGS: tuple[Thing, ...] = get_args(Thing)
"""What can be put on a cell: the start, the goal, and what is in the way."""

LESSON = "inventer"
"""The id of a challenge that is being made; a kept one has its number after it: inventer-3."""

VARIANT = "pas"

MATS: dict[Level, tuple[int, int]] = {"PS": (5, 1), "MS": (4, 2), "GS": (4, 4), "CP": (5, 5), "CE1": (6, 6), "CE2": (8, 6)}
"""Columns and rows on which a level invents: its usual mat, for the youngest with as few rows as their hands reach."""


@dataclass(frozen=True, slots=True)
class Inventing:
    """What lies on a mat so far; `thing` is what the next tap on an empty cell puts there."""

    columns: int
    rows: int
    start: Place | None = None
    goal: Cell | None = None
    rocks: frozenset[Cell] = frozenset()
    thing: Thing = "house"

    @property
    def mat(self) -> Mat:
        """The mat, with its rocks."""
        return Mat(self.columns, self.rows, self.rocks)

    @property
    def things(self) -> frozenset[Cell]:
        """The cells on which something lies."""
        others = ([self.start.cell] if self.start else []) + ([self.goal] if self.goal else [])
        return self.rocks.union(others)

    @property
    def lacks(self) -> Thing | None:
        """What has to be put before there is a challenge, None for nothing."""
        if self.start is None:
            return "house"
        return "flower" if self.goal is None else None

    def told(self, command: Thing | Cell) -> Inventing:
        """Return the challenge after a thing was taken in hand, or a cell was tapped."""
        if isinstance(command, str):
            return replace(self, thing=command)
        if not self.mat.holds(command):
            return self
        if self.start is not None and self.start.cell == command:
            return replace(self, start=self._turned(self.start))
        if self.goal == command:
            return replace(self, goal=None, thing="flower")
        if command in self.rocks:
            return replace(self, rocks=self.rocks - {command})
        return self._put(command)

    def _put(self, cell: Cell) -> Inventing:
        if self.thing == "rock":
            return replace(self, rocks=self.rocks | {cell})
        if self.thing == "flower":
            put = replace(self, goal=cell)
        else:
            put = replace(self, start=Place(*cell, self.start.quarter if self.start else self._first_quarter))
        return replace(put, thing=put.lacks or "rock")  # there is one of each: then comes what is missing, or what may be put besides

    @property
    def _first_quarter(self) -> int:
        return 1 if self.rows == 1 else 0

    def _turned(self, start: Place) -> Place:
        """Return a start that looks to the next side; on a mat of one row only along it."""
        return replace(start, quarter=(start.quarter + (2 if self.rows == 1 else 1)) % 4)


# --- What is known of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What is known of a challenge at a level: whether it can be solved, and in how many cards.

    `line` is the key of what is said of it, below wall.invent; `shut` are the rocks that shut the way where there is none.
    """

    invented: Invented
    line: str
    shut: tuple[Cell, ...] = ()


def answer(inventing: Inventing, level: Level) -> Answer:
    """Find out about a challenge that lacks nothing: it takes some milliseconds."""
    assert inventing.start is not None and inventing.goal is not None
    invented = solve(inventing.mat, inventing.start, (inventing.goal,), level)
    if invented.cards is None:
        shut = shutting(inventing.mat, inventing.start.cell, inventing.goal)
        return Answer(invented, "shut" if len(shut) == 1 else "shut_by", shut)
    is_long = invented.cards > PROFILES[level].bounds.most
    return Answer(invented, "possible" if invented.fits else "far" if is_long else "winding")


def line_of(inventing: Inventing, found: Answer | None) -> str:
    """Return the key of what is said of a challenge, below wall.invent: what it lacks, or what is known of it; "" for nothing yet."""
    if inventing.lacks is not None:
        return f"put_{inventing.lacks}"
    return "" if found is None else found.line


def shutting(mat: Mat, start: Cell, goal: Cell) -> tuple[Cell, ...]:
    """Return the fewest rocks without which there is a way from a cell to another, from the start on; none where there is one."""
    bare = Mat(mat.columns, mat.rows)
    before: dict[Cell, Cell | None] = {start: None}
    waiting = deque([(start, 0)])
    lifted = {start: 0}
    while waiting:
        cell, rocks = waiting.popleft()
        if rocks > lifted[cell]:
            continue
        for beside in _beside(bare, cell):
            is_rock = beside in mat.rocks
            if rocks + is_rock < lifted.get(beside, len(mat.rocks) + 1):
                lifted[beside], before[beside] = rocks + is_rock, cell
                (waiting.append if is_rock else waiting.appendleft)((beside, rocks + is_rock))
    way: list[Cell] = []
    cell_on_way: Cell | None = goal
    while cell_on_way is not None:
        way.insert(0, cell_on_way)
        cell_on_way = before[cell_on_way]
    return tuple(cell for cell in way if cell in mat.rocks)


def _beside(mat: Mat, cell: Cell) -> Iterable[Cell]:
    column, row = cell
    return filter(mat.holds, ((column, row + 1), (column + 1, row), (column, row - 1), (column - 1, row)))


# --- What becomes of it -------------------------------------------------------------------------------------------------


def keeping(inventing: Inventing, state: ClassState) -> Invent:
    """Return the command that keeps a challenge that lacks nothing, under the next title."""
    assert inventing.start is not None and inventing.goal is not None
    number = state.inventions[-1].number if state.inventions else 0
    size = f"{inventing.columns}x{inventing.rows}"
    rocks = tuple(map(cell_name, sorted(inventing.rocks)))
    return Invent(TITLES[number % len(TITLES)], size, str(inventing.start), cell_name(inventing.goal), rocks)


def kept_for(level: Level, state: ClassState) -> tuple[Invention, ...]:
    """Return the kept challenges whose mats are not beyond a level, the newest first."""
    columns, rows = MATS[level]
    return tuple(one for one in reversed(state.inventions) if one.mat.columns <= columns and one.mat.rows <= rows)


def kept_as(inventing: Inventing, state: ClassState) -> Invention | None:
    """Return the kept challenge that a challenge is, None where it was not kept."""
    return next((one for one in state.inventions if replace(of_kept(one), thing=inventing.thing) == inventing), None)


def of_kept(invention: Invention) -> Inventing:
    """Return a kept challenge as it was when it was made."""
    mat = invention.mat
    return Inventing(mat.columns, mat.rows, Place.parse(invention.start), parse_cell(invention.goal), mat.rocks)


def lesson_of_kept(invention: Invention, level: Level, words: Words) -> Lesson | None:
    """Return a kept challenge as a lesson; None where the level's cards do not solve it."""
    return lesson_of(of_kept(invention), level, title_of(invention, words), f"{LESSON}-{invention.number}")


def lesson_named(name: str, state: ClassState, words: Words) -> Lesson | None:
    """Return the kept challenge that the id of a lesson names, at the level in hand; None where it names none."""
    level = next((level for level in LEVELS if level == state.hand.level), None)
    kept = (one for one in state.inventions if name == f"{LESSON}-{one.number}")
    invention = next(kept, None) if level else None
    return lesson_of_kept(invention, level, words) if invention and level else None


def title_of(invention: Invention, words: Words) -> str:
    """Return what a kept challenge is called."""
    return f"{invention.number} · {words.text(f'class.titles.{invention.title}')}"


def lesson_of(inventing: Inventing, level: Level, title: str, name: str = LESSON) -> Lesson | None:
    """Return a challenge that lacks nothing as a lesson of one variant; None where the level's cards do not solve it."""
    assert inventing.start is not None and inventing.goal is not None
    way = shortest(inventing.mat, inventing.start, (inventing.goal,), level)
    if way is None:
        return None
    activity: Activity = "faire" if LEVEL_PROFILES[level].runs == "at_once" else "programmer"
    robot = RobotSetup("lapin", "exact", inventing.start, Goal("reach", (inventing.goal,)), way)
    said = Sentence.of({lang: Words(lang).text("wall.invent.challenge") for lang in LANGUAGES})
    things = {inventing.start.cell: "house", inventing.goal: "flower"}
    variant = Variant(VARIANT, inventing.mat, (robot,), blocks=PROFILES[level].blocks, landmarks=things, challenge=said, activity=activity)
    return Lesson(name, (level,), title, (variant,), Path(name), activity=activity)

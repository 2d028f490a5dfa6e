"""
Lesson files: `lessons/<id>/lesson.toml` becomes a Lesson. The format is described in lessons/README.md.

What is wrong with a file is told by a LessonError: the file, where in it, what it is, and what to do.
Whether a lesson's programs do what they should is not looked at here, but in `check`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import petitpas
from petitpas.errors import FileError
from petitpas.lessons.fields import Table, read_toml
from petitpas.lessons.goals import GOAL_TYPES, Goal
from petitpas.program import Program, needs
from petitpas.program.blocks import LEVELS, Level
from petitpas.program.tree import shown
from petitpas.words import Key
from petitpas_sim.kits import kit_names, load_kit
from petitpas_sim.mat import Cell, Mat, Place, cell_name

FORMAT = 1
"""Version of the lesson format: a newer one is refused."""

VARIANTS = ("petit_pas", "pas", "grand_pas")
"""The variants that every lesson has, from the easiest."""

NAMES = ("lapin", "renard", "tortue", "chouette", "ours", "chat")
"""What the robots of a lesson are called, in their order."""

_FILE = "lesson.toml"
_ROBOT_KEYS = ("kit", "start", "goal", "solution")
_VARIANT_KEYS = (*_ROBOT_KEYS, "mat", "rocks", "limits", "given", "robots")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the challenge, each None where there is none: blocks in the program without its heads, and turns among them."""

    cards: int | None = None
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class RobotSetup:
    """One robot of a variant: where it starts, what it is to do, and a program that does it."""

    name: str
    kit: str
    start: Place
    goal: Goal
    solution: Program


@dataclass(frozen=True, slots=True)
class Variant:
    """
    One way to do a lesson.

    The pupil programs the first of `robots`; the others, if any, play their solution with it. `given` is the program that is in the strip
    at first and does not reach the goal (None: the strip is empty), `distractors` the programs among which the solution is to be chosen.
    """

    name: str
    mat: Mat
    robots: tuple[RobotSetup, ...]
    limits: Limits = Limits()
    given: Program | None = None
    distractors: tuple[Program, ...] = ()

    @property
    def goal(self) -> Goal:
        """The goal of the pupil's robot."""
        return self.robots[0].goal

    @property
    def solution(self) -> Program:
        """The reference program of the pupil's robot."""
        return self.robots[0].solution


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: `id` is the name of its folder, `variants` are in the order of VARIANTS."""

    id: str
    levels: tuple[Level, ...]
    title: str
    variants: tuple[Variant, ...]
    path: Path

    def variant(self, name: str) -> Variant:
        """Return the variant of a name in VARIANTS; raise KeyError for any other."""
        return dict(zip(VARIANTS, self.variants, strict=True))[name]


def lessons_folder() -> Path:
    """Return the folder of the lessons that come with Petit Pas: in the installed package, or in a source tree."""
    package = Path(petitpas.__file__).parent
    inside = package / "lessons_data"
    return inside if inside.is_dir() else package.parent.parent / "lessons"


def all_lessons(folder: Path | None = None) -> tuple[Lesson, ...]:
    """
    Return every lesson in a folder, by default those that come with Petit Pas: by level, then by id.

    Raises:
        LessonError: one of them is not right.
        FileError: there is no lesson there.
    """
    folder = lessons_folder() if folder is None else folder
    lessons = [load_lesson(path) for path in folder.glob(f"*/{_FILE}")]
    if not lessons:
        raise FileError("file_missing", path=str(folder / "*" / _FILE))
    return tuple(sorted(lessons, key=_place_of))


def _place_of(lesson: Lesson) -> tuple[int, list[tuple[int, str]]]:
    parts = re.findall(r"\d+|\D+", lesson.id)
    return LEVELS.index(lesson.levels[0]), [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def load_lesson(path: Path) -> Lesson:
    """
    Return the lesson of a file, or of the folder that holds it.

    Raises:
        LessonError: it is not right.
        FileError: it is not there, or this account may not read it.
    """
    file = path / _FILE if path.is_dir() else path
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise FileError("file_missing", path=str(file)) from error
    except OSError as error:
        raise FileError("file_unreadable", path=str(file)) from error
    return read_lesson(data, file)


def read_lesson(data: bytes, path: Path) -> Lesson:
    """Return the lesson in the bytes of a file; `path` is for its id and for errors. Raises LessonError where it is not right."""
    table = Table(read_toml(data, str(path)), str(path))
    _check_format(table)
    table.only("format", "levels", "title", "variants")
    levels = tuple(table.choice(f"levels[{n}]", level, LEVELS) for n, level in enumerate(table.some("levels"), start=1))
    title = table.title("title")
    variants = table.table("variants")
    variants.only(*VARIANTS)
    tables = [variants.table(name) for name in VARIANTS]
    return Lesson(path.resolve().parent.name, levels, title, tuple(map(_variant, VARIANTS, tables)), path)


def _check_format(table: Table) -> None:
    version = table.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise table.wrong("format", version, "format")
    if version > FORMAT:
        raise table.error("lesson_version", "format", version=shown(version), known=FORMAT)


def _variant(name: str, table: Table) -> Variant:
    mat = table.mat("mat", "rocks")
    others = table.tables("robots")
    if len(others) >= len(NAMES):
        raise table.wrong("robots", len(others), "robots")
    robots = [_robot(name, part, mat) for name, part in zip(NAMES, [table, *others], strict=False)]
    for robot, other in zip(robots[1:], others, strict=True):
        other.only(*_ROBOT_KEYS)
        if any(robot.start.cell == earlier.start.cell for earlier in robots[: robots.index(robot)]):
            raise other.error("lesson_taken", "start", cell=cell_name(robot.start.cell))
    is_choice = robots[0].goal.type == "choose"
    table.only(*_VARIANT_KEYS, *(["distractors"] if is_choice else []))
    kit = robots[0].kit
    given = _fitting(table, "given", kit, (table.program("given"),)) if "given" in table else (None,)
    distractors = _fitting(table, "distractors", kit, table.programs("distractors")) if is_choice else ()
    return Variant(name, mat, tuple(robots), _limits(table), given[0], distractors)


def _limits(table: Table) -> Limits:
    if "limits" not in table:
        return Limits()
    limits = table.table("limits")
    limits.only("cards", "turns")
    return Limits(limits.number("cards"), limits.number("turns"))


def _robot(name: str, table: Table, mat: Mat) -> RobotSetup:
    kit = table.choice("kit", table.get("kit"), kit_names())
    start = table.place("start", mat)
    goal = _goal(table.table("goal"), mat, start)
    (solution,) = _fitting(table, "solution", kit, (table.program("solution"),))
    return RobotSetup(name, kit, start, goal, solution)


def _fitting(table: Table, key: str, kit: str, programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Return the programs; raise LessonError where a kit cannot do one of them."""
    can = load_kit(kit).can
    for program in programs:
        for block_id, bits in needs(program):
            if bits & ~can:
                kind = next(block.type for block in program.walk() if block.id == block_id)
                raise table.error("lesson_kit", key, kit=kit, block=Key(f"blocks.{kind}.name"))
    return programs


def _goal(table: Table, mat: Mat, start: Place) -> Goal:
    kind = table.choice("type", table.get("type"), GOAL_TYPES)
    key = {"predict": "place", "pattern": "motif"}.get(kind, "cells")
    table.only("type", key)
    if kind == "predict":
        return Goal(kind, place=table.place(key, mat))
    if kind == "pattern":
        return Goal(kind, motif=table.program(key))
    table.some(key)
    cells = table.cells(key, mat)
    if kind == "reach" and cells[-1] == start.cell:
        raise table.error("lesson_reached", key)
    if kind in ("trace", "closed", "choose"):
        _check_path(table, key, start.cell, cells)
    return Goal(kind, cells)


def _check_path(table: Table, key: str, cell: Cell, path: tuple[Cell, ...]) -> None:
    """Raise LessonError where a path does not go from each cell to one beside it."""
    for n, following in enumerate(path, start=1):
        if abs(following[0] - cell[0]) + abs(following[1] - cell[1]) != 1:
            raise table.error("lesson_path", f"{key}[{n}]", cell=cell_name(following), before=cell_name(cell))
        cell = following

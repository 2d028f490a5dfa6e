"""
Lesson files: `lessons/<id>/lesson.toml` becomes a Lesson. The format is described in lessons/README.md.

What is wrong with a file is told by a LessonError: the file, where in it, what it is, and what to do.
Whether a lesson's programs do what they should is not looked at here, but in `check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from petitpas.errors import FileError
from petitpas.lessons.fields import Table, read_toml
from petitpas.lessons.goals import GOAL_TYPES, Goal
from petitpas.lessons.ground import KEYS as GROUND_KEYS
from petitpas.lessons.ground import read_ground
from petitpas.lessons.lesson import IDEAS, LANDMARKS, NAMES, VARIANTS, Lesson, Limits, RobotSetup, Variant, Wrong
from petitpas.lessons.search import Choice
from petitpas.lessons.sheet import ACTIVITIES, Activity, Sheet, read_sentence, read_sheet
from petitpas.program import Program, needs
from petitpas.program.blocks import BLOCKS, LEVELS
from petitpas.program.tree import shown
from petitpas.words import Key
from petitpas_sim.kits import kit_names, load_kit
from petitpas_sim.mat import Cell, Mat, Place, cell_name, parse_cell

FORMAT = 1
"""Version of the lesson format: a newer one is refused."""

MAX_NUMBER = 255
"""Greatest number of a card that a lesson may allow."""

_FILE = "lesson.toml"
_ROBOT_KEYS = ("kit", "start", "goal", "solution")
_VARIANT_KEYS = (
    *_ROBOT_KEYS, *GROUND_KEYS, "limits", "given", "robots", "challenge", "activity", "blocks", "solutions",
    "landmarks", "enrichment", "wrong",
)  # fmt: skip
_LESSON_KEYS = (
    "format", "levels", "session", "title", "objective", "activity", "references", "blocks", "tested", "duration_min", "sheet", "success",
    "variants",
)  # fmt: skip


def lessons_folder() -> Path:
    """Return the folder of the lessons that come with Petit Pas: in the installed package, or in a source tree."""
    package = Path(__file__).parents[1]
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
    file, data = read_file(path)
    return read_lesson(data, file)


def find_lesson(name: str) -> Lesson:
    """
    Return the lesson that a person named: by the name of one that comes with Petit Pas, by its file, or by its folder.

    Raises:
        FileError: there is none; code `lesson_none`.
        LessonError: it is not right.
    """
    for path in (Path(name), lessons_folder() / name) if name else ():
        try:
            is_there = path.exists()
        except (OSError, ValueError):  # a name that no file system has
            continue
        if is_there:
            return load_lesson(path)
    raise FileError("lesson_none", path=name)


def read_file(path: Path) -> tuple[Path, bytes]:
    """Return the file of a lesson, that or the folder which holds it being named, and what is in it; raise FileError as `load_lesson`."""
    file = path / _FILE if path.is_dir() else path
    try:
        return file, file.read_bytes()
    except FileNotFoundError as error:
        raise FileError("file_missing", path=str(file)) from error
    except OSError as error:
        raise FileError("file_unreadable", path=str(file)) from error


def read_lesson(data: bytes, path: Path) -> Lesson:
    """Return the lesson in the bytes of a file; `path` is for its id and for errors. Raises LessonError where it is not right."""
    return lesson_in(read_toml(data, str(path)), path)


def lesson_in(values: Mapping[str, object], path: Path) -> Lesson:
    """Return the lesson in the values of a file, as `read_lesson`."""
    table = Table(values, str(path))
    _check_format(table)
    table.only(*_LESSON_KEYS)
    levels = tuple(table.choice(f"levels[{n}]", level, LEVELS) for n, level in enumerate(table.some("levels"), start=1))
    variants = table.table("variants")
    variants.only(*VARIANTS)
    activity = _activity(table, "programmer")
    blocks = _blocks(table)
    return Lesson(
        id=path.resolve().parent.name,
        levels=levels,
        title=table.title("title"),
        variants=tuple(_variant(name, variants.table(name), activity, blocks) for name in VARIANTS),
        path=path,
        session=table.number("session") or 0,
        objective=table.text("objective") if "objective" in table else "",
        activity=activity,
        references=table.texts("references") if "references" in table else (),
        tested=table.date("tested"),
        duration_min=table.number("duration_min"),
        sheet=read_sheet(table.table("sheet")) if "sheet" in table else Sheet(),
        success=read_sentence(table, "success"),
    )


def _check_format(table: Table) -> None:
    version = table.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise table.wrong("format", version, "format")
    if version > FORMAT:
        raise table.error("lesson_version", "format", version=shown(version), known=FORMAT)


def _activity(table: Table, usual: Activity) -> Activity:
    return table.choice("activity", table.get("activity"), ACTIVITIES) if "activity" in table else usual


def _blocks(table: Table) -> tuple[Choice, ...]:
    """Return what the pupil may use: a block's type, or a list of its type, its least and its greatest number; none if not said."""
    choices = []
    for n, item in enumerate(table.some("blocks") if "blocks" in table else [], start=1):
        kind, *numbers = item if isinstance(item, list) and item else [item]
        key = f"blocks[{n}]"
        kind = table.choice(key, kind, [name for name, row in BLOCKS.items() if row.kind != "head"])
        if len(numbers) not in (0, 2) or not all(type(number) is int and 1 <= number <= MAX_NUMBER for number in numbers):
            raise table.wrong(key, item, "block")
        choices.append(Choice(kind, *(numbers or _RANGES.get(kind, (1, 1)))))
    return tuple(choices)


_RANGES = {"repeat": (2, 4)}
"""Numbers of a block that a lesson allows without saying which."""


def _usual_blocks(programs: Iterable[Program]) -> tuple[Choice, ...]:
    """Return the blocks of some programs, with numbers as far as theirs: what a lesson allows that does not say it."""
    greatest: dict[str, int] = {}
    for block in (block for program in programs for block in program.walk() if block.row.kind != "head"):
        number = next((value for _, value in block.parameters if isinstance(value, int)), 1)
        greatest[block.type] = max(greatest.get(block.type, 1), number)
    return tuple(Choice(kind, 2 if kind == "repeat" else 1, greatest[kind]) for kind in BLOCKS if kind in greatest)


def _variant(name: str, table: Table, activity: Activity, blocks: tuple[Choice, ...]) -> Variant:
    mat = read_ground(table)
    robots = _robots(table, mat)
    is_choice = robots[0].goal.type == "choose"
    table.only(*_VARIANT_KEYS, *(["distractors"] if is_choice else []))
    kit = robots[0].kit

    def programs(key: str) -> tuple[Program, ...]:
        return _fitting(table, key, kit, table.programs(key)) if key in table else ()

    given = _fitting(table, "given", kit, (table.program("given"),)) if "given" in table else ()
    others = programs("solutions")
    return Variant(
        name,
        mat,
        robots,
        _limits(table),
        given=given[0] if given else None,
        distractors=_fitting(table, "distractors", kit, table.programs("distractors")) if is_choice else (),
        blocks=(_blocks(table) if "blocks" in table else blocks) or _usual_blocks((robots[0].solution, *given, *others)),
        others=others,
        wrong=tuple(_wrong(part, kit) for part in table.tables("wrong")),
        landmarks=_landmarks(table, mat),
        challenge=read_sentence(table, "challenge"),
        activity=_activity(table, activity),
        is_enrichment=table.flag("enrichment"),
    )


def _robots(table: Table, mat: Mat) -> tuple[RobotSetup, ...]:
    others = table.tables("robots")
    if len(others) >= len(NAMES):
        raise table.wrong("robots", len(others), "robots")
    robots = [_robot(name, part, mat) for name, part in zip(NAMES, [table, *others], strict=False)]
    for robot, other in zip(robots[1:], others, strict=True):
        other.only(*_ROBOT_KEYS)
        if any(robot.start.cell == earlier.start.cell for earlier in robots[: robots.index(robot)]):
            raise other.error("lesson_taken", "start", cell=cell_name(robot.start.cell))
    return tuple(robots)


def _wrong(table: Table, kit: str) -> Wrong:
    table.only("program", "idea", "previous")
    (program,) = _fitting(table, "program", kit, (table.program("program"),))
    previous = table.program("previous") if "previous" in table else None
    return Wrong(program, table.choice("idea", table.get("idea"), IDEAS), previous)


def _landmarks(table: Table, mat: Mat) -> dict[Cell, str]:
    if "landmarks" not in table:
        return {}
    part = table.table("landmarks")
    landmarks = {}
    for key in part:
        cell = part.parsed(key, key, parse_cell, "cell")
        part.check_cell(key, cell, mat)
        landmarks[cell] = part.choice(key, part.get(key), LANDMARKS)
    return landmarks


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

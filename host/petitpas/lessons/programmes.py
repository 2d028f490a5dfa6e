"""What the lessons refer to: the official programmes, by code, and one séquence for each level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from petitpas.errors import FileError
from petitpas.lessons.fields import Table, read_toml
from petitpas.lessons.lesson import Lesson
from petitpas.lessons.load import lessons_folder
from petitpas.program.blocks import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence of an official programme: in force from a day, and until one (None: it still is)."""

    code: str
    text: str
    domain: str
    nor: str
    bulletin: str
    level: Level
    begins: date
    ends: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Sequence:
    """
    The lessons of a level, in their order, with what the class does before the first and after the last.

    `between` is what stays in the classroom from one session to the next, `observe` what the teacher looks at.
    """

    name: str
    levels: tuple[Level, ...]
    title: str
    question: str
    before: str
    after: str
    between: str
    observe: tuple[str, ...]
    lessons: tuple[str, ...]


@lru_cache(maxsize=8)
def all_references(folder: Path | None = None) -> dict[str, Reference]:
    """Return the references that the lessons of a folder may quote, by code; raise LessonError or FileError where the file is not right."""
    table = _table(folder, "programmes.toml")
    return {code: _reference(code, table.table(code)) for code in table}


@lru_cache(maxsize=8)
def all_sequences(folder: Path | None = None) -> tuple[Sequence, ...]:
    """Return the séquences of a folder, from the youngest level; raise LessonError or FileError where the file is not right."""
    table = _table(folder, "sequences.toml")
    return tuple(_sequence(name, table.table(name)) for name in table)


def sequence_of(level: str) -> Sequence | None:
    """Return the séquence of a level, None for what is no level; raise as `all_sequences`."""
    return next((sequence for sequence in all_sequences() if level in sequence.levels), None)


def lessons_of(sequence: Sequence, lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """Return the lessons of a séquence in its order, then those of its levels that it does not name."""
    lessons = tuple(lessons)
    named = [lesson for name in sequence.lessons for lesson in lessons if lesson.id == name]
    return (*named, *(lesson for lesson in lessons if lesson.levels[0] in sequence.levels and lesson not in named))


def _table(folder: Path | None, name: str) -> Table:
    file = (lessons_folder() if folder is None else folder) / name
    try:
        return Table(read_toml(file.read_bytes(), str(file)), str(file))
    except FileNotFoundError as error:
        raise FileError("file_missing", path=str(file)) from error
    except OSError as error:
        raise FileError("file_unreadable", path=str(file)) from error


def _reference(code: str, table: Table) -> Reference:
    table.only("text", "domain", "nor", "bulletin", "level", "from", "until")
    begins = table.date("from")
    if begins is None:
        raise table.error("lesson_missing", "from")
    level = table.choice("level", table.get("level"), LEVELS)
    text, domain, nor, bulletin = (table.text(key) for key in ("text", "domain", "nor", "bulletin"))
    return Reference(code, text, domain, nor, bulletin, level, begins, table.date("until"))


def _sequence(name: str, table: Table) -> Sequence:
    table.only("levels", "title", "question", "before", "after", "between", "observe", "lessons")
    between = table.table("between") if "between" in table else None
    return Sequence(
        name=name,
        levels=tuple(table.choice(f"levels[{n}]", level, LEVELS) for n, level in enumerate(table.some("levels"), start=1)),
        title=table.text("title"),
        question=table.text("question"),
        before=table.text("before"),
        after=table.text("after"),
        between=between.text("text") if between else "",
        observe=table.texts("observe"),
        lessons=table.texts("lessons"),
    )

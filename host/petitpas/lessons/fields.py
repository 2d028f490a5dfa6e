"""Reading the fields of a lesson file: a value of the right kind, or a LessonError that says where it is and what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from petitpas.errors import LessonError, ProgramError
from petitpas.program import Program, from_compact
from petitpas.program.tree import is_line, shown
from petitpas.words import Key
from petitpas_sim.mat import Cell, Mat, Place, cell_name, parse_cell

T = TypeVar("T")

MAX_LIMIT = 99
MAX_TITLE = 200
MAX_TEXT = 2000


def read_toml(data: bytes, path: str) -> dict[str, object]:
    """Return the tables of a TOML file; raise LessonError where it is none."""
    try:
        text = data.decode("utf-8-sig")  # some editors put a mark at the beginning
    except UnicodeDecodeError as error:
        raise LessonError("lesson_text", path=path) from error
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise LessonError("lesson_toml", path=path, line=line, hint=_hint(text, line, str(error))) from error


_HINTS = {
    "open_quote": re.compile(r'^[^"]*(""[^"]*)*"[^"]*$'),
    "quotes": re.compile(r"[“”„«»‘’]"),
    "name": re.compile(r"^[^=\"]*[^\x00-\x7F][^=\"]*="),
    "date": re.compile(r"=\s*\d{1,4}[-/.]\d{1,2}[-/.]\d"),
}
"""What a person who does not know TOML does to a line, so that it can no longer be read; texts that are whole are "" there."""


def _hint(text: str, line: int, detail: str) -> Key:
    """Return what to do about the line at which a TOML text can no longer be read; `detail` is what tomllib says."""
    if "Cannot overwrite" in detail or "Cannot declare" in detail:
        return Key("lesson_hints.twice")
    lines = text.split("\n")
    named = re.sub(r'"[^"]*"', '""', lines[line - 1]).split("#")[0] if line <= len(lines) else ""
    return Key(f"lesson_hints.{next((name for name, pattern in _HINTS.items() if pattern.search(named)), 'any')}")


class Table:
    """
    One table of a lesson file.

    Args:
        path: the file, as errors name it.
        where: the keys that lead to this table, with dots; "" for the whole file.
    """

    def __init__(self, values: Mapping[str, object], path: str, where: str = "") -> None:
        self.path = path
        self.where = where
        self._values = values

    def error(self, code: str, key: str, **fields: object) -> LessonError:
        """Return the error about a key of this table."""
        return LessonError(code, path=self.path, where=self._at(key), **fields)

    def wrong(self, key: str, value: object, expected: str) -> LessonError:
        """Return the error about a value that is not what `lesson_values.<expected>` describes."""
        said = "[]" if value == [] else shown(value)
        return self.error("lesson_value", key, value=said, expected=Key(f"lesson_values.{expected}"))

    def _at(self, key: str) -> str:
        key = shown(key)
        return f"{self.where}.{key}" if self.where else key

    def only(self, *keys: str) -> None:
        """Raise LessonError where the table has any other key."""
        for key in self._values:
            if key not in keys:
                raise self.error("lesson_unknown", key, choices=", ".join(keys))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def get(self, key: str) -> object:
        """Return any value; raise LessonError where it is missing."""
        if key not in self._values:
            raise self.error("lesson_missing", key)
        return self._values[key]

    # --- Values of one kind: each raises LessonError where the value is missing or of another -------------------------

    def table(self, key: str) -> Table:
        """Return a table."""
        return self._table(key, self.get(key))

    def tables(self, key: str) -> list[Table]:
        """Return the tables of an array of tables; none where it is missing."""
        return [self._table(f"{key}[{n}]", value) for n, value in enumerate(self.items(key) if key in self else [], start=1)]

    def _table(self, key: str, value: object) -> Table:
        if not isinstance(value, dict):
            raise self.wrong(key, value, "table")
        return Table(value, self.path, self._at(key))

    def items(self, key: str) -> list[object]:
        """Return a list of anything."""
        value = self.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, value, "list")
        return value

    def some(self, key: str) -> list[object]:
        """Return a list of at least one thing."""
        value = self.items(key)
        if not value:
            raise self.wrong(key, value, "some")
        return value

    def number(self, key: str) -> int | None:
        """Return a whole number from 1 to MAX_LIMIT; None where it is missing."""
        if key not in self._values:
            return None
        value = self._values[key]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_LIMIT:
            raise self.wrong(key, value, "number")
        return value

    def title(self, key: str) -> str:
        """Return a text of one line."""
        value = self.get(key)
        if not is_line(value, MAX_TITLE) or not value.strip():
            raise self.wrong(key, value, "title")
        return value

    def text(self, key: str) -> str:
        """Return a text of one line, which may be a long one."""
        value = self.get(key)
        if not is_line(value, MAX_TEXT) or not value.strip():
            raise self.wrong(key, value, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of at least one text."""
        names = [f"{key}[{n}]" for n in range(1, len(self.some(key)) + 1)]
        part = Table(dict(zip(names, self.items(key), strict=True)), self.path, self.where)
        return tuple(map(part.text, names))

    def date(self, key: str) -> date | None:
        """Return a day; None where it is missing."""
        value = self._values.get(key)
        if value is not None and type(value) is not date:
            raise self.wrong(key, value, "date")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where it is missing."""
        return self.choice(key, self._values.get(key, False), (True, False))

    def choice(self, key: str, value: object, choices: Iterable[T]) -> T:
        """Return the one of `choices` that a value is."""
        choices = list(choices)
        for choice in choices:
            if type(value) is type(choice) and value == choice:
                return choice
        raise self.error("lesson_choice", key, value=shown(value), choices=", ".join(map(str, choices)))

    # --- Places -----------------------------------------------------------------------------------------------------

    def parsed(self, key: str, value: object, parse: Callable[[str], T], expected: str) -> T:
        """Return what `parse` makes of a text; it raises ValueError where that is nothing."""
        if isinstance(value, str):
            try:
                return parse(value)
            except ValueError:
                pass
        raise self.wrong(key, value, expected)

    def cells(self, key: str, mat: Mat) -> tuple[Cell, ...]:
        """Return cells of a mat that no rock fills."""
        found = []
        for n, item in enumerate(self.items(key), start=1):
            cell = self.parsed(f"{key}[{n}]", item, parse_cell, "cell")
            self.check_cell(f"{key}[{n}]", cell, mat)
            found.append(cell)
        return tuple(found)

    def place(self, key: str, mat: Mat) -> Place:
        """Return a place on a mat where no rock is."""
        place = self.parsed(key, self.get(key), Place.parse, "place")
        self.check_cell(key, place.cell, mat)
        return place

    def check_cell(self, key: str, cell: Cell, mat: Mat) -> None:
        """Raise LessonError where a cell is outside the mat or a rock."""
        if not mat.holds(cell):
            raise self.error("lesson_outside", key, cell=cell_name(cell), mat=f"{mat.columns}x{mat.rows}")
        if cell in mat.rocks:
            raise self.error("lesson_rock", key, cell=cell_name(cell))

    # --- Programs ---------------------------------------------------------------------------------------------------

    def program(self, key: str) -> Program:
        """Return a program written in the compact notation."""
        return self._program(key, self.some(key))

    def programs(self, key: str) -> tuple[Program, ...]:
        """Return a list of at least one program."""
        return tuple(self._program(f"{key}[{n}]", item) for n, item in enumerate(self.some(key), start=1))

    def _program(self, key: str, value: object) -> Program:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, value, "some")
        try:
            return from_compact(value)
        except ProgramError as error:
            raise self.error("lesson_program", key, detail=error) from error

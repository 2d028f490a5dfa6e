"""A mat of square cells, with rocks that fill a cell, thin walls between two cells, lines, colours and lamps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

CELL_MM = 150
"""Side of a cell. Source: the mats that French schools own, 15 cm a cell."""

MAX_SIDE = 26
"""Columns are named A to Z, so a mat has at most this many; rows likewise."""

HEADINGS = "NESW"
"""Headings of a place, clockwise from north (up on the wall): quarter turn n is HEADINGS[n]."""

MOST_COLOUR = 7
"""The last COLOUR_ of the firmware."""

Cell = tuple[int, int]
"""Column and row of a cell, both from 0: A1, at the bottom left, is (0, 0)."""

Wall = tuple[int, int, str]
"""A thin wall on the "N" or "E" side of the cell at (column, row)."""


def parse_cell(text: str) -> Cell:
    """Return the cell that `text` names ("B3"); raise ValueError where it names none."""
    found = re.fullmatch(r"([A-Z])([1-9][0-9]?)", text)
    if not found or int(found[2]) > MAX_SIDE:
        raise ValueError(f"{text!r} is not a cell: write a column letter and a row number, like B3")
    return ord(found[1]) - ord("A"), int(found[2]) - 1


def cell_name(cell: Cell) -> str:
    """Return the name of a cell: "B3"."""
    return f"{chr(ord('A') + cell[0])}{cell[1] + 1}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a robot stands on a mat: a cell and a heading in quarter turns clockwise from north, 0 to 3."""

    column: int
    row: int
    quarter: int = 0

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place that `text` names ("A1N"); raise ValueError where it names none."""
        if not text or text[-1] not in HEADINGS:
            raise ValueError(f"{text!r} is not a place: write a cell and a heading N, E, S or W, like A1N")
        return cls(*parse_cell(text[:-1]), HEADINGS.index(text[-1]))

    @property
    def cell(self) -> Cell:
        """The cell, without the heading."""
        return self.column, self.row

    def __str__(self) -> str:
        return cell_name(self.cell) + HEADINGS[self.quarter]


@dataclass(frozen=True, slots=True)
class Line:
    """A black line on the floor, as robots follow it: corners (x, y) in mm from the corner of A1, at least two, and how wide it is."""

    points: tuple[tuple[float, float], ...]
    width_mm: float = 20.0

    @classmethod
    def through(cls, cells: Iterable[Cell], width_mm: float = 20.0) -> Line:
        """Return the line from middle to middle of some cells."""
        return cls(tuple(((column + 0.5) * CELL_MM, (row + 0.5) * CELL_MM) for column, row in cells), width_mm)


@dataclass(frozen=True, slots=True)
class Mat:
    """
    A mat of `columns` × `rows` cells, 1 to MAX_SIDE each.

    `lines` are black; `colours` are cells with a COLOUR_ number of the firmware, 1 to 7, for eyes alone; a mat with `lamps`, each above a
    cell, is dark elsewhere.

    Raises:
        ValueError: a side out of range, anything outside the mat, a cell of two colours or of none, or a line that is none.
    """

    columns: int
    rows: int
    rocks: frozenset[Cell] = frozenset()
    walls: frozenset[Wall] = frozenset()
    lines: tuple[Line, ...] = ()
    colours: frozenset[tuple[Cell, int]] = frozenset()
    lamps: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= MAX_SIDE and 1 <= self.rows <= MAX_SIDE):
            raise ValueError(f"a mat has 1 to {MAX_SIDE} columns and rows, not {self.columns} × {self.rows}")
        coloured = [cell for cell, _ in self.colours]
        for cell in [*self.rocks, *((column, row) for column, row, _ in self.walls), *coloured, *self.lamps]:
            if not self.holds(cell):
                raise ValueError(f"{cell_name(cell)} is outside a mat of {self.columns} × {self.rows} cells")
        for wall in self.walls:
            if wall[2] not in "NE":
                raise ValueError(f"a wall is on the N or E side of a cell, not {wall[2]!r}")
        if len(set(coloured)) < len(coloured) or not all(1 <= colour <= MOST_COLOUR for _, colour in self.colours):
            raise ValueError(f"a cell has one colour, 1 to {MOST_COLOUR}")
        for line in self.lines:
            self._check(line)

    def _check(self, line: Line) -> None:
        if len(line.points) < 2 or line.width_mm <= 0:
            raise ValueError("a line has at least two points and a width")
        if not all(0 <= x <= self.columns * CELL_MM and 0 <= y <= self.rows * CELL_MM for x, y in line.points):
            raise ValueError("a line is on the mat")

    @classmethod
    def parse(cls, size: str, rocks: Iterable[str] = ()) -> Mat:
        """Return the mat of a size ("5x4") with rocks on the named cells; raise ValueError where a name is none."""
        found = re.fullmatch(r"([0-9]{1,2})[x×]([0-9]{1,2})", size)
        if not found:
            raise ValueError(f"{size!r} is not a mat: write columns and rows, like 5x4")
        return cls(int(found[1]), int(found[2]), frozenset(parse_cell(rock) for rock in rocks))

    def holds(self, cell: Cell) -> bool:
        """Say whether `cell` is on the mat."""
        return 0 <= cell[0] < self.columns and 0 <= cell[1] < self.rows

    def is_open(self, cell: Cell, quarter: int) -> bool:
        """Say whether the next cell from `cell` towards `quarter` is on the mat, without a rock, and no wall is between."""
        column, row = cell
        if quarter == 0:
            wall, target = (column, row, "N"), (column, row + 1)
        elif quarter == 1:
            wall, target = (column, row, "E"), (column + 1, row)
        elif quarter == 2:
            wall, target = (column, row - 1, "N"), (column, row - 1)
        else:
            wall, target = (column - 1, row, "E"), (column - 1, row)
        return self.holds(target) and target not in self.rocks and wall not in self.walls

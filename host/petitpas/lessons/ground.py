"""The floor of a variant, read from its table: the mat with its rocks, walls, lines, colours and lamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from petitpas.lessons.fields import Table
from petitpas.program.blocks import COLOURS
from petitpas_sim.mat import HEADINGS, Cell, Line, Mat, Place, Wall, parse_cell

KEYS = ("mat", "rocks", "walls", "lines", "colours", "lamps")

CELL_COLOURS = {name: number for name, number in COLOURS if number}
"""What a cell may be coloured: the colours of the robot's own lights."""


def read_ground(table: Table) -> Mat:
    """Return the mat of a variant; raise LessonError where it is not right, or something on it is outside."""
    bare = table.parsed("mat", table.get("mat"), Mat.parse, "mat")
    mat = replace(bare, rocks=frozenset(table.cells("rocks", bare) if "rocks" in table else ()))
    return replace(
        mat,
        walls=frozenset(_walls(table, mat)),
        lines=tuple(_lines(table, mat)),
        colours=frozenset(_colours(table, mat)),
        lamps=frozenset(table.cells("lamps", mat) if "lamps" in table else ()),
    )


def _walls(table: Table, mat: Mat) -> Iterator[Wall]:
    """Give each wall as the N or E side of a cell; it is written as any side of a cell that has another cell beyond it."""
    for n, item in enumerate(table.items("walls") if "walls" in table else [], start=1):
        key = f"walls[{n}]"
        side = table.parsed(key, item, Place.parse, "wall")
        column, row = side.cell
        if HEADINGS[side.quarter] in "SW":
            column, row = (column, row - 1) if HEADINGS[side.quarter] == "S" else (column - 1, row)
        heading = "N" if side.quarter % 2 == 0 else "E"
        beyond = (column, row + 1) if heading == "N" else (column + 1, row)
        if not (mat.holds((column, row)) and mat.holds(beyond)):
            raise table.wrong(key, item, "wall")
        yield column, row, heading


def _lines(table: Table, mat: Mat) -> Iterator[Line]:
    """Give each line, from middle to middle of its cells."""
    for n, item in enumerate(table.items("lines") if "lines" in table else [], start=1):
        key = f"lines[{n}]"
        if not isinstance(item, list) or len(item) < 2:
            raise table.wrong(key, item, "line")
        yield Line.through(Table({key: item}, table.path, table.where).cells(key, mat))


def _colours(table: Table, mat: Mat) -> Iterator[tuple[Cell, int]]:
    part = table.table("colours") if "colours" in table else Table({}, table.path)
    for key in part:
        cell = part.parsed(key, key, parse_cell, "cell")
        part.check_cell(key, cell, mat)
        yield cell, CELL_COLOURS[part.choice(key, part.get(key), CELL_COLOURS)]

"""Mats as data for the templates, and how one at true scale is laid over sheets of paper."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from petitpas.lessons.cells import Grid, course_of, knows
from petitpas.lessons.lesson import RobotSetup, Variant
from petitpas_sim.mat import CELL_MM, Cell
from petitpas_sim.view.palette import LIGHTS

BORDER_MM = 12
"""Around the cells of a mat at true scale: letters, numbers and the sides of the room."""

PAPERS_MM = {"a4": (210, 297), "a3": (297, 420)}
"""Width and height of the papers, upright."""

MARGIN_MM, FOOT_MM = 10, 26
"""What stays white around a tile, since school printers cannot print there; below it are the ruler and the plan."""

OVERLAP_MM = 10
"""What two neighbouring tiles share, to be glued."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """A mat cut into `across` × `down` tiles of at most `width` × `height` mm, on pages of `page` mm; they share OVERLAP_MM."""

    page: tuple[int, int]
    width: int
    height: int
    across: int
    down: int

    @property
    def count(self) -> int:
        """How many pages it takes."""
        return self.across * self.down


def tiling(columns: int, rows: int, paper: str) -> Tiling:
    """Return the way to print a mat on a paper of PAPERS_MM, upright or lying, that takes the fewest pages."""
    short, long = PAPERS_MM[paper]
    return min((_laid(columns, rows, page) for page in ((short, long), (long, short))), key=lambda way: way.count)


def _laid(columns: int, rows: int, page: tuple[int, int]) -> Tiling:
    (across, width), (down, height) = _cut(columns, page[0] - 2 * MARGIN_MM), _cut(rows, page[1] - MARGIN_MM - FOOT_MM)
    return Tiling(page, width, height, across, down)


def _cut(cells: int, room_mm: int) -> tuple[int, int]:
    """Return how many tiles a side of the mat takes where there is `room_mm` for one, and the length of each: all are alike."""
    whole = cells * CELL_MM + 2 * BORDER_MM
    count = max(1, ceil((whole - OVERLAP_MM) / (room_mm - OVERLAP_MM)))
    return count, ceil((whole - OVERLAP_MM) / count) + OVERLAP_MM


def mat_data(variant: Variant, *, with_path: bool = False) -> dict[str, object]:
    """
    Return a variant's mat for the templates: what is on it, starts, and the path of the solution if it is to be shown.

    Lines are in cells from the corner of A1, as wide as they are in mm.
    """
    pictures = {robot.start.cell: "house" for robot in variant.robots[:1]}
    if variant.goal.type in ("reach", "order"):
        pictures[variant.goal.cells[-1]] = "flower"
    mat = variant.mat
    pictures |= dict(variant.landmarks) | dict.fromkeys(mat.rocks, "rock")
    return {
        "columns": mat.columns,
        "rows": mat.rows,
        "pictures": [[*cell, name] for cell, name in sorted(pictures.items())],
        "colours": [[*cell, LIGHTS[colour]] for cell, colour in sorted(mat.colours)],
        "lines": [
            {"points": [[value / CELL_MM for value in point] for point in line.points], "width": line.width_mm} for line in mat.lines
        ],
        "walls": [list(wall) for wall in sorted(mat.walls)],
        "lamps": [list(cell) for cell in sorted(mat.lamps)],
        "starts": [_start(robot, number) for number, robot in enumerate(variant.robots)],
        "path": [list(cell) for cell in _path(variant)] if with_path else [],
    }


def _start(robot: RobotSetup, number: int) -> dict[str, object]:
    """Return where a robot starts; the first one's is the house, another's shows the robot. The rocket has no nose (-1)."""
    quarter = -1 if robot.kit == "rocket" else robot.start.quarter
    return {"cell": list(robot.start.cell), "quarter": quarter, "robot": f"robot:{robot.name}" if number else ""}


def _path(variant: Variant) -> tuple[Cell, ...]:
    """Return the cells of the reference solution, the start first; none where the cell model does not know its blocks."""
    if not knows(variant.solution):
        return ()
    start = variant.robots[0].start
    return (start.cell, *course_of(Grid(variant.mat), start, variant.solution).path)

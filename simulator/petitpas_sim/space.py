"""
Who is where on a mat: what stands in the way of a body, and what it sees.

A body keeps for itself every cell that it touches, and those that it will touch until its segment ends; no other body enters these.
Walls and kept cells are found through the cells that they lie in, so that a full mat costs no more than what is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import ceil, floor, inf

from petitpas_sim import geometry
from petitpas_sim.body import Body
from petitpas_sim.mat import CELL_MM, Cell, Mat, Place

FAR_MM = 4000
"""Beyond this nothing is seen. Source: HC-SR04 data sheet."""


class Space:
    """
    A mat and the bodies on it.

    Args:
        mat: the floor.
    """

    def __init__(self, mat: Mat) -> None:
        self.mat = mat
        self.walls = _walls(mat)
        self.bodies: list[Body] = []
        self._spans: dict[Body, tuple[range, range]] = {}  # columns and rows of the cells that a body keeps
        self._keepers: dict[Cell, list[Body]] = {}
        self._middles: dict[Body, tuple[int, float, float]] = {}  # when, and where: many look at the same body at the same tick
        self._walls_of: dict[Cell, list[geometry.Segment]] = {}
        for wall in self.walls:
            for cell in product(*_span(*wall)):
                self._walls_of.setdefault(cell, []).append(wall)

    def keep(self, body: Body) -> None:
        """Note the cells that a body keeps, after each change of its place or way."""
        self._middles.pop(body, None)
        spans = _kept(body)
        if self._spans.get(body) == spans or body.is_away:
            return
        self.leave(body)
        self._spans[body] = spans
        for cell in product(*spans):
            self._keepers.setdefault(cell, []).append(body)

    def leave(self, body: Body) -> None:
        """Note that a body keeps nothing any more."""
        for cell in product(*self._spans.pop(body, ((), ()))):
            self._keepers[cell].remove(body)

    def is_taken(self, cell: Cell, body: Body) -> bool:
        """Say whether another body than `body` keeps a cell."""
        return any(keeper is not body for keeper in self._keepers.get(cell, ()))

    def others(self, body: Body) -> Iterator[Body]:
        """Give the other bodies on the floor."""
        return (other for other in self.bodies if other is not body and not other.is_away)

    def middle(self, body: Body, t_ms: int) -> tuple[float, float]:
        """Return where the middle of a body is at a time, in mm."""
        found = self._middles.get(body)
        if found is None or found[0] != t_ms:
            x, y, _ = body.pose_at(t_ms)
            scale = CELL_MM / body.cell_steps
            found = self._middles[body] = (t_ms, x * scale, y * scale)
        return found[1], found[2]

    # --- What is in the way ------------------------------------------------------------------------------------------

    def free_steps(self, body: Body, steps: int) -> int:
        """Return how many of `steps` along the body's direction are free."""
        side = body.cell_steps
        place = body.place()
        if place is not None and steps % side == 0 and body.east in (-1, 0, 1) and body.north in (-1, 0, 1):
            return side * self._free_cells(body, place, steps // side)
        free_mm = self.free_mm(body, steps * CELL_MM / side)
        return min(steps, floor(free_mm * side / CELL_MM + 1e-6))

    def _free_cells(self, body: Body, place: Place, cells: int) -> int:
        east, north = int(body.east), int(body.north)
        quarter = 2 - east if east else 1 - north
        cell = place.cell
        for n in range(cells):
            ahead = (cell[0] + east, cell[1] + north)
            if not self.mat.is_open(cell, quarter) or self.is_taken(ahead, body):
                return n
            cell = ahead
        return cells

    def free_mm(self, body: Body, most_mm: float) -> float:
        """Return how far a body can move along its direction until it touches something, at most `most_mm`."""
        x, y = body.mm
        east, north, radius = body.east, body.north, body.radius_mm
        free = most_mm
        for cell in product(*_span(x, y, x + east * most_mm, y + north * most_mm, radius)):
            for wall in self._walls_of.get(cell, ()):
                if geometry.is_within(x, y, radius + free, wall):
                    free = min(free, geometry.disc_to_segment(x, y, east, north, radius, wall))
            if self.is_taken(cell, body):
                for edge in _square(*cell):
                    free = min(free, geometry.disc_to_segment(x, y, east, north, radius, edge))
        return free

    # --- What is seen -------------------------------------------------------------------------------------------------

    def distance_mm(self, body: Body, t_ms: int, aside_deg: float = 0) -> int | None:
        """
        Return the distance from the middle of a body, along its heading, to the nearest thing; None past FAR_MM.

        Args:
            t_ms: when; before a body's segment began it stood where it began.
            aside_deg: clockwise from the heading.
        """
        x, y, heading = body.pose_at(t_ms)
        heading += aside_deg * body.full_turn / 360
        x, y = x * CELL_MM / body.cell_steps, y * CELL_MM / body.cell_steps
        east, north = geometry.direction(round(heading), body.full_turn)
        nearest = inf
        for wall in self.walls:
            nearest = min(nearest, geometry.ray_to_segment(x, y, east, north, wall))
        for other in self.others(body):
            nearest = min(nearest, geometry.ray_to_disc(x, y, east, north, *self.middle(other, t_ms), other.radius_mm))
        return None if nearest > FAR_MM else floor(nearest + 1e-6)


def _span(x1: float, y1: float, x2: float, y2: float, reach: float = 0.0) -> tuple[range, range]:
    """Return columns and rows of the cells within `reach` of a straight line's bounds, in mm; cells that it only touches count."""
    low_x, high_x = (x1, x2) if x1 < x2 else (x2, x1)
    low_y, high_y = (y1, y2) if y1 < y2 else (y2, y1)
    return _cells(low_x - reach, high_x + reach), _cells(low_y - reach, high_y + reach)


def _cells(low_mm: float, high_mm: float) -> range:
    return range(ceil(low_mm / CELL_MM) - 1, floor(high_mm / CELL_MM) + 1)


def _kept(body: Body) -> tuple[range, range]:
    """Return columns and rows of the cells that a body touches now and all along its segment."""
    side, reach = body.cell_steps, body.radius_mm * body.cell_steps / CELL_MM
    steps = body.profile.steps if body.profile else 0
    end_x, end_y = body.x + steps * body.east, body.y + steps * body.north
    columns = range(floor((min(body.x, end_x) - reach) / side), ceil((max(body.x, end_x) + reach) / side))
    rows = range(floor((min(body.y, end_y) - reach) / side), ceil((max(body.y, end_y) + reach) / side))
    return columns, rows


def _square(column: int, row: int) -> list[geometry.Segment]:
    left, bottom = column * CELL_MM, row * CELL_MM
    right, top = left + CELL_MM, bottom + CELL_MM
    return [(left, bottom, right, bottom), (right, bottom, right, top), (right, top, left, top), (left, top, left, bottom)]


def _walls(mat: Mat) -> list[geometry.Segment]:
    """Return everything on a mat that a body can touch, in mm: its edges, the sides of its rocks, its thin walls; in a fixed order."""
    width, height = mat.columns * CELL_MM, mat.rows * CELL_MM
    walls: list[geometry.Segment] = [(0, 0, width, 0), (width, 0, width, height), (width, height, 0, height), (0, height, 0, 0)]
    for column, row in sorted(mat.rocks):
        walls += _square(column, row)
    for column, row, side in sorted(mat.walls):
        right, top = (column + 1) * CELL_MM, (row + 1) * CELL_MM
        walls.append((right - CELL_MM, top, right, top) if side == "N" else (right, top - CELL_MM, right, top))
    return walls

"""
Plane geometry of a mat: directions, rays and moving discs.

Only +, -, *, / and sqrt are used on floats: IEEE 754 rounds these alike on every system, so that traces are the same bytes everywhere.
Distances are in mm, directions are unit vectors (east, north).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import inf, sqrt

Segment = tuple[float, float, float, float]
"""A thin wall: x and y of one end, x and y of the other."""

_TAU = 6.283185307179586
_TOUCH = 1e-9  # what rounding leaves of a disc that slides along a wall in contact with it


@lru_cache(maxsize=4096)
def direction(heading: int, full_turn: int) -> tuple[float, float]:
    """
    Return the unit vector (east, north) of a heading clockwise from north.

    Args:
        heading: in steps, any integer.
        full_turn: steps in a whole turn, a multiple of 4.
    Returns:
        Integers at the four quarter turns, exactly; elsewhere floats right to the last digits.
    """
    quarter, rest = divmod(heading % full_turn, full_turn // 4)
    if 8 * rest <= full_turn:
        sine, cosine = _sine(_TAU * rest / full_turn), _cosine(_TAU * rest / full_turn)
    else:
        angle = _TAU * (full_turn // 4 - rest) / full_turn
        sine, cosine = _cosine(angle), _sine(angle)
    if rest == 0:
        sine, cosine = 0, 1
    return ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[quarter]


def _sine(angle: float) -> float:
    """Return the sine of 0 to π/4, by its Taylor series."""
    term = total = angle
    for n in range(3, 20, 2):
        term *= -angle * angle / (n * (n - 1))
        total += term
    return total


def _cosine(angle: float) -> float:
    """Return the cosine of 0 to π/4, by its Taylor series."""
    term = total = 1.0
    for n in range(2, 20, 2):
        term *= -angle * angle / (n * (n - 1))
        total += term
    return total


def ray_to_disc(x: float, y: float, east: float, north: float, centre_x: float, centre_y: float, radius: float) -> float:
    """Return how far a ray from outside a disc goes until it meets it, inf where it does not or leads away."""
    to_x, to_y = centre_x - x, centre_y - y
    along = to_x * east + to_y * north
    if along <= 0:
        return inf
    aside_squared = to_x * to_x + to_y * to_y - along * along
    inside = radius * radius - aside_squared
    return inf if inside <= _TOUCH * radius * radius else max(0.0, along - sqrt(inside))


def ray_to_segment(x: float, y: float, east: float, north: float, segment: Segment, more: float = 0) -> float:
    """Return how far a ray goes until it crosses a segment, inf where it does not; `more` of the segment is added at both of its ends."""
    x1, y1, x2, y2 = segment
    along_x, along_y = x2 - x1, y2 - y1
    cross = east * along_y - north * along_x
    if cross == 0:
        return inf
    to_x, to_y = x1 - x, y1 - y
    distance = (to_x * along_y - to_y * along_x) / cross
    place = (to_x * north - to_y * east) / cross
    return distance if distance >= 0 and -more <= place <= 1 + more else inf


def distance_to_segment(x: float, y: float, segment: Segment) -> float:
    """Return the distance from a point to a segment."""
    x1, y1, x2, y2 = segment
    along_x, along_y = x2 - x1, y2 - y1
    length_squared = along_x * along_x + along_y * along_y
    part = ((x - x1) * along_x + (y - y1) * along_y) / length_squared if length_squared else 0.0
    part = min(1.0, max(0.0, part))
    to_x, to_y = x - x1 - part * along_x, y - y1 - part * along_y
    return sqrt(to_x * to_x + to_y * to_y)


def is_within(x: float, y: float, reach: float, segment: Segment) -> bool:
    """Return False only where no point of a segment is as near as `reach`."""
    x1, y1, x2, y2 = segment
    east, west, north, south = x + reach, x - reach, y + reach, y - reach
    return not ((x1 > east and x2 > east) or (x1 < west and x2 < west) or (y1 > north and y2 > north) or (y1 < south and y2 < south))


def disc_to_segment(x: float, y: float, east: float, north: float, radius: float, segment: Segment) -> float:
    """Return how far a disc can move until it touches a segment, inf where it does not meet it."""
    x1, y1, x2, y2 = segment
    nearest = min(ray_to_disc(x, y, east, north, x1, y1, radius), ray_to_disc(x, y, east, north, x2, y2, radius))
    along_x, along_y = x2 - x1, y2 - y1
    length = sqrt(along_x * along_x + along_y * along_y)
    normal_x, normal_y = along_y / length, -along_x / length
    aside = (x - x1) * normal_x + (y - y1) * normal_y
    if aside < 0:
        normal_x, normal_y, aside = -normal_x, -normal_y, -aside
    closing = -(east * normal_x + north * normal_y)
    if closing <= 0:  # along the wall, or away from it
        return nearest
    distance = max(0.0, (aside - radius) / closing)
    touch_x = x + east * distance - normal_x * radius - x1
    touch_y = y + north * distance - normal_y * radius - y1
    place = (touch_x * along_x + touch_y * along_y) / (length * length)
    return min(nearest, distance) if 0 <= place <= 1 else nearest


def cells_crossed(x1: float, y1: float, x2: float, y2: float, side: float) -> list[tuple[int, int]]:
    """
    Return the cells that a point enters on its way from (x1, y1) to (x2, y2), in order, the one it starts in not counted.

    A point on the line between two cells is in the one to the east or north, at either end of its way too.

    Args:
        side: of a cell, in the unit of the coordinates.
    """
    last = (int(x1 // side), int(y1 // side))
    if last == (int(x2 // side), int(y2 // side)):
        return []
    cuts = sorted({0.0, 1.0, *_cuts(x1, x2, side), *_cuts(y1, y2, side)})
    middles = [(start + end) / 2 for start, end in pairwise(cuts)]
    way = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in middles]
    cells = []
    for x, y in [*way, (x2, y2)]:
        cell = (int(x // side), int(y // side))
        if cell != last:
            cells.append(cell)
            last = cell
    return cells


def _cuts(start: float, end: float, side: float) -> list[float]:
    """Return where, as parts of the way from `start` to `end`, the lines between cells are crossed."""
    low, high = min(start, end), max(start, end)
    lines = range(int(low // side) + 1, int(high // side) + 1)
    return [(line * side - start) / (end - start) for line in lines if low < line * side < high]

"""
The floor under a robot: black lines that are drawn on it, and the light that falls on it.

Colours of cells are seen by eyes alone. Source: printing inks but carbon black reflect the infrared light of line sensors, so that to
these a coloured cell is a bright one.
"""

from __future__ import annotations

from itertools import pairwise

from petitpas_sim import geometry
from petitpas_sim.mat import CELL_MM, Mat

BRIGHT_PERMILLE = 900
BLACK_PERMILLE = 100

ASIDE_MM = 14.5
"""Where the two line sensors look: on the axle, to either side of its middle. Source: the body that both reference kits share."""

SPOT_MM = 6.0
"""How much floor a real line sensor sees at once. Source: an assumption, not measured; a TCRT5000 is used some millimetres above it."""

DAYLIGHT_PERMILLE = 800
DUSK_PERMILLE = 200
"""The light of a mat without lamps, and of one with lamps far from them."""

LAMP_MM = 150.0
"""How far from beneath a lamp its light is half as strong."""

_TOUCH_MM = 1e-6  # so that rounding decides nothing for a sensor right on the edge of a line


def line_permille(mat: Mat, x: float, y: float) -> int:
    """Return the light from the floor at a place, in mm: that of the line where there is one."""
    return BLACK_PERMILLE if _depth_mm(mat, x, y) >= -_TOUCH_MM else BRIGHT_PERMILLE


def blurred_permille(mat: Mat, x: float, y: float) -> float:
    """Return the same as a spot of the floor around the place gives it: between the two at the edge of a line."""
    share = min(1.0, max(0.0, 0.5 + _depth_mm(mat, x, y) / SPOT_MM))
    return BRIGHT_PERMILLE + share * (BLACK_PERMILLE - BRIGHT_PERMILLE)


def light_permille(mat: Mat, x: float, y: float) -> int:
    """Return the light at a place, in mm: even daylight, or what the nearest lamp gives."""
    if not mat.lamps:
        return DAYLIGHT_PERMILLE
    away_squared = min((x - (column + 0.5) * CELL_MM) ** 2 + (y - (row + 0.5) * CELL_MM) ** 2 for column, row in mat.lamps)
    share = LAMP_MM * LAMP_MM / (LAMP_MM * LAMP_MM + away_squared)
    return round(DUSK_PERMILLE + share * (1000 - DUSK_PERMILLE))


def _depth_mm(mat: Mat, x: float, y: float) -> float:
    """Return how far inside a line a place is, negative outside all of them."""
    depth = -float(SPOT_MM)
    for line in mat.lines:
        for start, end in pairwise(line.points):
            depth = max(depth, line.width_mm / 2 - geometry.distance_to_segment(x, y, (*start, *end)))
    return depth

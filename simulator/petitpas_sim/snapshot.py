"""What a view draws: frozen records of one instant of a world."""

from __future__ import annotations

from dataclasses import dataclass

from petitpas_sim.mat import Mat


@dataclass(frozen=True, slots=True)
class RobotSnapshot:
    """
    One robot at one instant.

    `x_mm` and `y_mm` are the middle of its axle, from the south-west corner of cell A1, east and north; `heading_deg` is clockwise from
    north, 0 ≤ heading_deg < 360; `colour` is a COLOUR_ number of the firmware; `tone_hz` is 0 when it is silent.
    """

    name: str
    kit: str
    x_mm: float
    y_mm: float
    heading_deg: float
    colour: int
    tone_hz: int
    is_moving: bool
    is_lifted: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole world at `t_ms` milliseconds of its own time."""

    t_ms: int
    mat: Mat
    robots: tuple[RobotSnapshot, ...]

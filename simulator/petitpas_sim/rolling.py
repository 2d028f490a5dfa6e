"""
How an imperfect robot rolls: wheels that are not quite alike, an axle that is not quite as drawn, gears with play.

The exact kit has none of this. Here floats and the system's sine are good enough: nobody promises the same bytes for these.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import cos, pi, sin

from petitpas_robot.kit import Kit

WHEEL_MM = 65.0
TRACK_MM = 100.0
"""Diameter of the wheels and distance between them. Source: the body that both reference kits share."""

GEAR_PLAY_DEG = {"stepper": (1.0, 3.0), "dc": (0.5, 1.5)}
"""Play of the gears, in degrees of the wheel. Source: an assumption, not measured; metal gears have less than a 28BYJ-48's of plastic."""


@dataclass(frozen=True, slots=True)
class Flaws:
    """
    What is wrong with one robot, as factors of what its kit says.

    `left_play` and `right_play` are the steps of gear play beyond those that the kit makes up; they may be negative.
    `battery_mv` is at rest, when the robot is put down; `seed` is of the noise of its sensors.
    """

    left_wheel: float = 1.0
    right_wheel: float = 1.0
    track: float = 1.0
    left_play: int = 0
    right_play: int = 0
    battery_mv: int = 5200
    seed: int = 0

    @classmethod
    def draw(cls, seed: int, play_steps: int, turn_steps: float, play_deg: tuple[float, float]) -> Flaws:
        """
        Return the flaws of robot number `seed`: wheels within 0.5 mm of their diameter, the axle within 1 mm.

        Its battery is somewhere between half empty and freshly charged.

        Args:
            play_steps: what the kit makes up.
            turn_steps: steps of a wheel turn.
            play_deg: least and most play of the gears.
        """
        chance = random.Random(seed)
        left, right = (1 + chance.uniform(-0.5, 0.5) / WHEEL_MM for _ in range(2))
        track = 1 + chance.uniform(-1, 1) / TRACK_MM
        plays = [round(chance.uniform(*play_deg) * turn_steps / 360) - play_steps for _ in range(2)]
        return cls(left, right, track, plays[0], plays[1], round(chance.uniform(4900, 5600)), seed)


class Gear:
    """
    Gears with play between a motor and its wheel: a motor that turns back goes so far alone.

    Args:
        play: in steps.
    """

    def __init__(self, play: float) -> None:
        self.gap = 0.0  # steps that the motor goes forward before the wheel does; backward, those that this leaves of the play
        self._play = play

    def follow(self, steps: float) -> float:
        """Return by how many steps the wheel turns when the motor makes `steps`."""
        gap = self.gap - steps
        self.gap = min(max(gap, 0.0), self._play)
        return self.gap - gap


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of an imperfect robot's way: from (x, y) in steps and a heading in radians, so far along and so much around."""

    x: float
    y: float
    heading: float
    length: float
    turn: float

    def end(self) -> tuple[float, float, float]:
        """Return x, y and heading at its end."""
        length, turn = self.length, self.turn
        if abs(turn) < 1e-9:
            return self.x + length * sin(self.heading), self.y + length * cos(self.heading), self.heading
        radius = length / turn
        end = self.heading + turn
        return self.x + radius * (cos(self.heading) - cos(end)), self.y + radius * (sin(end) - sin(self.heading)), end


def roll(kit: Kit, flaws: Flaws, x: float, y: float, heading: float, left: float, right: float) -> Arc:
    """
    Return the arc of some steps of the wheels.

    Args:
        x, y: in steps; heading: in radians clockwise from north.
        left, right: steps that the wheels really turn.
    """
    left, right = left * flaws.left_wheel, right * flaws.right_wheel
    quarter: int = kit.steps_per_quarter
    return Arc(x, y, heading, (left + right) / 2, (left - right) / 2 * (pi / 2) / (quarter * flaws.track))

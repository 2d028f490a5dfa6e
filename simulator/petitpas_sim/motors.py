"""
The HAL of a simulated robot with geared motors: the firmware's own control loop above motors that are not alike.

A motor has a rate that its duty asks for, and comes to it with a time constant. Its encoder counts whole counts of the shaft, before the
gears.
"""

from __future__ import annotations

import random
from math import exp

from petitpas_robot.dc import DcWheels
from petitpas_robot.kit import Kit
from petitpas_sim.body import Body
from petitpas_sim.hal import RobotEnd
from petitpas_sim.hardware import HardwareHal, with_board
from petitpas_sim.rolling import Flaws
from petitpas_sim.world import World

UNLIKE = 0.12
"""Most by which a motor is faster or slower than its kit says. Source: an assumption; makers of small geared motors allow 10 to 15 %."""

DEAD_UNLIKE = 0.3
"""Most by which its dead band is wider or narrower. Source: an assumption, not measured."""

SLIP = 0.002
"""Most that a wheel slips in a segment. Source: an assumption, not measured."""

LAG_MS = 40.0
"""Time constant of a motor with its wheel. Source: an assumption, not measured."""

_STILL = 1.0  # counts/s: slower than this a motor stands still


class Motor:
    """
    One geared motor with its encoder; see `dc` for what the driver asks of it, and `hardware.Motor` for what the world does.

    Args:
        full_rate: counts/s at full duty and the nominal voltage.
        dead_permille: duty with which it does not turn yet.
    """

    def __init__(self, full_rate: float, dead_permille: float) -> None:
        self.full_rate = full_rate
        self.dead_permille = dead_permille
        self.position = 0.0  # counts
        self.rate = 0.0  # counts/s
        self.duty = 0

    def drive(self, permille: int) -> None:
        """Set the signed duty."""
        self.duty = permille

    def count(self) -> int:
        """Return the counts so far: whole ones are all that an encoder knows."""
        return round(self.position)

    def is_still(self) -> bool:
        """Say whether it stands, with no duty."""
        return not self.duty and not self.rate

    def turn(self, ms: int, volts: float) -> float:
        """Turn for a time at a share of the nominal voltage; return by how many counts."""
        asked = max(0.0, abs(self.duty) - self.dead_permille) / (1000 - self.dead_permille) * self.full_rate * volts
        asked = -asked if self.duty < 0 else asked
        kept = exp(-ms / LAG_MS)
        made = asked * ms / 1000 + (self.rate - asked) * LAG_MS / 1000 * (1 - kept)
        self.rate = asked + (self.rate - asked) * kept
        if not self.duty and abs(self.rate) < _STILL:
            self.rate = 0.0
        self.position += made
        return made

    def hold(self, made: float) -> None:
        """Take back what it has just made: it could not."""
        self.position -= made
        self.rate = 0.0


class DcHal(HardwareHal):
    """As `HardwareHal`, for a kit with geared motors."""

    def __init__(self, world: World, body: Body, cable: RobotEnd, kit: Kit, flaws: Flaws, files: dict[str, bytes] | None = None) -> None:
        board = with_board(kit)
        self._chances = random.Random(f"{flaws.seed} motors")
        left, right = (self._motor(board.full_rate, board.dead_permille) for _ in range(2))
        super().__init__(world, body, cable, board, flaws, (left, right), DcWheels(left, right, board), files)
        self.motors = left, right

    def _motor(self, full_rate: int, dead_permille: int) -> Motor:
        unlike = self._chances.uniform
        return Motor(full_rate * (1 + unlike(-UNLIKE, UNLIKE)), dead_permille * (1 + unlike(-DEAD_UNLIKE, DEAD_UNLIKE)))

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """Begin a segment, in which each wheel slips a little in its own way."""
        self.grip = (1 - self._chances.uniform(0, SLIP), 1 - self._chances.uniform(0, SLIP))
        super().move(left_steps, right_steps, start_rate, cruise_rate, ramp_ms)

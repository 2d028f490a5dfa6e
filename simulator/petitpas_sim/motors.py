"""
The HAL of a simulated robot with geared motors: the firmware's own control loop above motors that are not alike.

A motor has a rate that its duty asks for, and comes to it with a time constant. Every tick of the firmware the motors turn for as long as
the last one lasted, and the body rolls along an arc; only while something turns, so that a robot at rest needs no ticks.
Play in the gears is left out.
"""

from __future__ import annotations

import random
from math import exp

from petitpas_robot import clock
from petitpas_robot.dc import DcWheels
from petitpas_robot.kit import Kit
from petitpas_sim.hal import RobotEnd
from petitpas_sim.hardware import HardwareHal, with_board
from petitpas_sim.rolling import Flaws
from petitpas_sim.world import Body, World

TICK_MS: int = clock.TICK_MS

UNLIKE = 0.12
"""Most by which a motor is faster or slower than its kit says. Source: an assumption; makers of small geared motors allow 10 to 15 %."""

DEAD_UNLIKE = 0.3
"""Most by which its dead band is wider or narrower. Source: an assumption, not measured."""

SLIP = 0.002
"""Most that a wheel slips in a segment. Source: an assumption, not measured."""

LAG_MS = 40.0
"""Time constant of a motor with its wheel. Source: an assumption, not measured."""

NOMINAL_MV = 5000
"""Voltage at which a motor has the full rate of its kit."""

_STILL = 1.0  # counts/s: slower than this a motor stands still


class Motor:
    """
    One geared motor with its encoder; see `dc` for what a motor does.

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

    def turn(self, volts: float) -> float:
        """Turn for a tick at a share of the nominal voltage; return by how many counts."""
        asked = max(0.0, abs(self.duty) - self.dead_permille) / (1000 - self.dead_permille) * self.full_rate * volts
        asked = -asked if self.duty < 0 else asked
        kept = exp(-TICK_MS / LAG_MS)
        made = asked * TICK_MS / 1000 + (self.rate - asked) * LAG_MS / 1000 * (1 - kept)
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
        super().__init__(world, body, cable, kit, flaws, files)
        board = with_board(kit)
        self._chances = random.Random(f"{flaws.seed} motors")
        self.motors = [self._motor(board.full_rate, board.dead_permille) for _ in range(2)]
        self._signs = (board.left_sign, board.right_sign)
        self.grip = (1.0, 1.0)  # of each wheel in this segment
        self._wheels = DcWheels(self.motors[0], self.motors[1], kit)
        self._turned_ms = world.t_ms  # the motors have turned up to here

    def _motor(self, full_rate: int, dead_permille: int) -> Motor:
        unlike = self._chances.uniform
        return Motor(full_rate * (1 + unlike(-UNLIKE, UNLIKE)), dead_permille * (1 + unlike(-DEAD_UNLIKE, DEAD_UNLIKE)))

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """Begin a segment, unless it is not safe."""
        self._turn()
        if not self._is_safe():
            left_steps = right_steps = 0
        self.grip = (1 - self._chances.uniform(0, SLIP), 1 - self._chances.uniform(0, SLIP))
        self._wheels.move(left_steps, right_steps, start_rate, cruise_rate, ramp_ms)
        self._body.is_rolling = self.is_moving()

    def is_moving(self) -> bool:
        """Say whether the segment goes on."""
        return bool(self._wheels.is_moving())

    def left_steps(self) -> int:
        """Return the left wheel's counts in the segment."""
        return int(self._wheels.left_steps())

    def right_steps(self) -> int:
        """Return the right wheel's."""
        return int(self._wheels.right_steps())

    def halt(self) -> None:
        """Stop now; what the motors coast is made at the next tick that matters."""
        self._turn()
        self._wheels.halt()
        self._rest()

    def is_energised(self) -> bool:
        """Say whether the motors have current."""
        return bool(self._wheels.is_energised())

    def tick(self, now_ms: int) -> None:
        """Turn, look, and set the duty for the next tick."""
        self._turn()
        super().tick(now_ms)
        self._wheels.tick(now_ms)
        self._rest()

    def until(self, now_ms: int) -> int:
        """Return a tick while the wheels need one: their loop is closed at each."""
        return TICK_MS if self.is_moving() else 0

    def _turn(self) -> None:
        """Let the motors turn up to now."""
        while self._turned_ms + TICK_MS <= self._world.t_ms:
            if not any(motor.duty or motor.rate for motor in self.motors):
                self._turned_ms = self._world.t_ms
                return
            self._turned_ms += TICK_MS
            if self.is_moving():
                self._used_ms += TICK_MS
            volts = self._battery_now_mv() / NOMINAL_MV
            made = [motor.turn(volts) for motor in self.motors]
            left, right = (sign * counts * grip for sign, counts, grip in zip(self._signs, made, self.grip, strict=True))
            if not self._world.roll(self._body, left, right):
                for motor, counts in zip(self.motors, made, strict=True):
                    motor.hold(counts)

    def _rest(self) -> None:
        if self._body.is_rolling and not self.is_moving():
            self._world.rest(self._body)

"""
The HAL of a simulated robot with stepper motors: the firmware's own driver above coils that take queued words, and rotors that follow.

Theory of operation
===================
The coils execute words as the board's PIO state machine does, microsecond for microsecond: two to take a word, then its steps one period
apart; with an empty queue they wait. What they make is the *field*, in half-steps. The rotor follows it as long as it can.

Eight half-steps are a turn of the field, so a rotor that was left behind is drawn to the nearest place where it fits again: steps are lost
by eights. It is left behind where something holds the robot, and where the field turns faster than the motor's torque allows, its
*pull-out* rate, which sinks with the battery. It then hums, and falls in again once the field turns slowly enough to start from rest.
Nobody tells the driver: steppers have no encoder.
"""

from __future__ import annotations

import random
from collections import deque

from petitpas_robot.kit import Kit
from petitpas_robot.stepper import StepperWheels
from petitpas_sim.body import Body
from petitpas_sim.hal import RobotEnd
from petitpas_sim.hardware import HardwareHal, with_board
from petitpas_sim.rolling import Flaws
from petitpas_sim.world import World

FIELD = 8
"""Half-steps in a turn of the field. Source: 28BYJ-48 data sheet (Kiatronics), half-step drive."""

PULL_OUT = (900, 1200)
"""
Half-steps/s at which a motor with its robot falls behind, at the nominal voltage.

Source: 28BYJ-48 data sheet (Kiatronics), more than 1000 without load; that motors differ by so much is an assumption, not measured.
"""

PULL_IN = 0.6
"""Share of it from which a motor starts at once. Source: 28BYJ-48 data sheet (Kiatronics), more than 600 of more than 1000 without load."""

_WORD_US = 2  # to take a word, and the least for a step or a pause: see the program in the firmware's `boards/coils.py`
_LEAST_US = 6


class Coils:
    """
    The coils of one motor and its rotor; see `stepper` for what the driver asks of them, and `hardware.Motor` for what the world does.

    Args:
        pull_out: half-steps/s, at the nominal voltage.
    """

    def __init__(self, pull_out: float) -> None:
        self._pull_out = pull_out
        self._words: deque[tuple[int, int]] = deque()  # steps and the time of each; of a pause, none and its time
        self._runs = False
        self._way = 1
        self._field = 0  # half-steps so far
        self._lag = 0  # half-steps by which the rotor is behind the field
        self._steps = 0  # of the present word, still to make
        self._period_us = 1
        self._us = 0  # that have gone by and are not used; below 0, those that a word has yet to wait
        self._hums = False

    # --- What the driver asks -----------------------------------------------------------------------------------------

    def begin(self, phase: int, way: int) -> None:
        """Energise the pattern of a phase: the rotor is drawn to the nearest place that fits it."""
        self.release()
        self._way = way
        jump = _nearest(phase - self._field)
        self._field += jump
        self._lag += jump

    def put(self, steps: int, us: int) -> int:
        """Queue a word; return the microseconds that it will take."""
        period = max(_LEAST_US, (us - _WORD_US) // steps if steps else us)
        self._words.append((steps, period))
        return period * steps + _WORD_US if steps else period

    def waiting(self) -> int:
        """Return how many words have not begun."""
        return len(self._words)

    def run(self) -> None:
        """Begin."""
        self._runs = True

    def stop(self) -> None:
        """Stand still."""
        self._runs = False

    def rest(self) -> int:
        """Return the steps of the present word that were not made."""
        return self._steps

    def release(self) -> None:
        """Switch off, and forget the queue."""
        self._runs = False
        self._words.clear()
        self._steps = self._us = 0

    # --- What the world does ------------------------------------------------------------------------------------------

    def is_still(self) -> bool:
        """Say whether the rotor stands, and will."""
        return not (self._runs and (self._words or self._steps or self._us))

    def turn(self, ms: int, volts: float) -> int:
        """Turn for a time at a share of the nominal voltage; return by how many half-steps the rotor turns."""
        steps = self._make(ms * 1000) * self._way
        self._field += steps
        rate = 1_000_000 / self._period_us
        self._hums = rate > self._pull_out * volts * (PULL_IN if self._hums else 1)
        if self._hums:
            self._lag += steps
            return 0
        made = steps + _nearest(self._lag)
        self._lag = 0
        return made

    def hold(self, made: float) -> None:
        """Take back what it has just made: it could not."""
        self._lag += round(made)

    def _make(self, us: int) -> int:
        """Execute words for a time; return the steps that they make."""
        if not self._runs:
            return 0
        made = 0
        self._us += us
        while self._us >= 0:
            if self._steps:
                steps = min(self._steps, self._us // self._period_us)
                made += steps
                self._steps -= steps
                self._us -= steps * self._period_us
                if self._steps:
                    break
            elif self._words:
                self._steps, period = self._words.popleft()
                if self._steps:
                    self._period_us = period
                self._us -= _WORD_US if self._steps else period
            else:
                self._us = 0
                break
        return made


class StepperHal(HardwareHal):
    """As `HardwareHal`, for a kit with stepper motors."""

    def __init__(self, world: World, body: Body, cable: RobotEnd, kit: Kit, flaws: Flaws, files: dict[str, bytes] | None = None) -> None:
        board = with_board(kit)
        chance = random.Random(f"{flaws.seed} motors")
        left, right = (Coils(chance.uniform(*PULL_OUT)) for _ in range(2))
        super().__init__(world, body, cable, board, flaws, (left, right), StepperWheels(left, right, board), files)


def _nearest(steps: int) -> int:
    """Return how far the rotor is from the nearest place that fits a field `steps` ahead: -4 to 3."""
    return (steps + FIELD // 2) % FIELD - FIELD // 2

"""
The HAL of a simulated robot with flaws: wheels that are not as drawn, sensors with noise, a battery that sags.

What is wrong with the wheels is in `rolling`; here are the senses, read through the firmware's own drivers.

Theory of chance
================
Each reading is taken at a fixed time (an echo every 60 ms, the battery every 100 ms), and its noise is drawn from the robot's seed and the
number of the reading, whoever looks at it and however often. So a run whose idle ticks were skipped meets the same noise as one that was
ticked, and a robot can be met again by its seed. Readings that nobody asked for are made up for when somebody does.
"""

from __future__ import annotations

import random
from math import pi
from typing import Any

from petitpas_robot import opcodes
from petitpas_robot.kit import Kit
from petitpas_robot.sensors import Battery, Echo
from petitpas_sim.hal import RobotEnd, WorldHal, device_ms
from petitpas_sim.mat import CELL_MM
from petitpas_sim.rolling import Flaws
from petitpas_sim.world import Body, World

ECHO_MS = 60
"""Between two pulses. Source: HC-SR04 data sheet."""

CONE_DEG = (-15.0, -7.5, 0.0, 7.5, 15.0)
"""Where the rays of an echo go: the nearest thing in the cone answers. Source: HC-SR04 data sheet, measuring angle 15 degrees."""

ECHO_NOISE_MM = 3.0
"""Most by which an echo is wrong. Source: HC-SR04 data sheet, accuracy 3 mm."""

LOST_ECHOES = 0.02
"""Share of the pulses that nothing answers: soft or slanted things send them away. Source: an assumption, not measured."""

NEAREST_MM = 20
"""Nothing nearer is measured. Source: HC-SR04 data sheet."""

SAG_MV = 250
"""What the motors take from the battery's voltage. Source: 0.5 A through four NiMH cells, holder and wires of 0.5 ohm together."""

DRAIN_MV_H = 400
"""What an hour of driving takes for good. Source: 0.5 A of 2000 mAh, from 5.6 V to 4.0 V in four hours."""

BATTERY_NOISE_MV = 30.0
BATTERY_MS = 100

_MOST_READINGS = 24  # of the battery, made up for at once: its filter has settled then
_SPEED_M_S = 343  # of sound, as the driver has it
_FULL, _REFERENCE_MV = 65535, 3300  # of the analogue input


def draw_flaws(kit: Kit, seed: int) -> Flaws:
    """Return the flaws of robot number `seed` of a kit with a board, within what the body allows; raise ValueError for another kit."""
    board = with_board(kit)
    turn_steps = board.steps_per_cell * pi * board.wheel_um / 1000 / CELL_MM
    return Flaws.draw(seed, board.play_steps, turn_steps) if board.wheels == "stepper" else Flaws.draw(seed)


def with_board(kit: Kit) -> Any:
    """Return a kit as one with a board: these have more figures, of which its class does not know."""
    if kit.board is None:
        raise ValueError(f"{kit.name}: a kit without a board has no flaws")
    return kit


class HardwareHal(WorldHal):
    """
    One body with flaws and one end of a cable.

    As on the board, nothing moves while the robot is lifted or its battery is empty, and stepper coils stay on for a while at rest.

    Args:
        kit: with a board.
        flaws: what is wrong with the robot.
        files: see `WorldHal`.
    Raises:
        ValueError: the kit has no board.
    """

    def __init__(self, world: World, body: Body, cable: RobotEnd, kit: Kit, flaws: Flaws, files: dict[str, bytes] | None = None) -> None:
        super().__init__(world, body, cable, files)
        board = with_board(kit)
        self._flaws = flaws
        self._rest_ms = board.rest_ms if board.wheels == "stepper" else 0
        self._holds = False  # the coils are on since the last segment
        self._used_ms = 0  # time for which the motors have turned
        self._sonar_mm: int = board.sonar_mm
        self._echo = Echo(self._answer_pulse, board.sonar_mm)
        self._echoes = -(1 << 30)  # number of the last pulse
        self._battery = Battery(self._read_battery, board.battery_ratio, board.warn_mv, board.stop_mv)
        self._ratio: int = board.battery_ratio
        self._readings = -(1 << 30)  # number of the battery's last reading

    # --- Wheels -------------------------------------------------------------------------------------------------------

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """Begin a segment, unless it is not safe."""
        if not self._is_safe():
            left_steps = right_steps = 0
        self._forget_unused()
        super().move(left_steps, right_steps, start_rate, cruise_rate, ramp_ms)
        if self._body.profile is not None:
            self._holds = True
            self._used_ms += self._body.profile.duration_ms

    def halt(self) -> None:
        """Stop now, and switch the motors off."""
        self._forget_unused()
        super().halt()
        self._holds = False

    def is_energised(self) -> bool:
        """Say whether current flows in a motor; stepper coils hold for a while."""
        return self.is_moving() or (self._holds and self._world.t_ms < self._body.ends_ms + self._rest_ms)

    def tick(self, now_ms: int) -> None:
        """Stop where going on is not safe."""
        if not self._is_safe() and self.is_moving():
            self.halt()

    def until(self, now_ms: int) -> int | None:
        """Return the time left of the segment; with a low battery, which may stop it, no further than its next reading."""
        wait = super().until(now_ms)
        if self._battery.is_low and wait is not None and self.is_moving():
            return min(wait, BATTERY_MS - self._world.t_ms % BATTERY_MS)
        return wait

    def _is_safe(self) -> bool:
        self._measure_battery()
        return not self._body.lifted and not self._battery.is_empty

    def _forget_unused(self) -> None:
        """Take back the time of a segment in progress that will not be driven."""
        if self.is_moving():
            self._used_ms -= self._body.ends_ms - self._world.t_ms

    # --- Distance -----------------------------------------------------------------------------------------------------

    def sense(self, sensor: int) -> int | None:
        """Read a sensor."""
        if sensor != opcodes.SENSOR_DISTANCE:
            return super().sense(sensor)
        now = self._world.t_ms // ECHO_MS
        for number in range(max(self._echoes + 1, now - 3), now + 1):
            self._echoes = number
            self._echo.tick(device_ms(number * ECHO_MS))
        mm: int | None = self._echo.mm()
        return mm

    def _answer_pulse(self) -> None:
        """Give the driver the echo of the pulse that it sends."""
        chance = self._chance("echo", self._echoes)
        if chance.random() < LOST_ECHOES:
            return
        t_ms = self._echoes * ECHO_MS
        rays = [self._world.distance_mm(self._body, t_ms, ray) for ray in CONE_DEG]
        seen = [mm for mm in rays if mm is not None]
        if seen:
            far_mm = max(NEAREST_MM, min(seen) - self._sonar_mm + chance.uniform(-ECHO_NOISE_MM, ECHO_NOISE_MM))
            self._echo.edge(1, 0)
            self._echo.edge(0, round(far_mm * 2000 / _SPEED_M_S))

    # --- Battery ------------------------------------------------------------------------------------------------------

    def battery_mv(self) -> int | None:
        """Return the battery's voltage, as the board sees it."""
        self._measure_battery()
        mv: int | None = self._battery.mv()
        return mv

    def _measure_battery(self) -> None:
        now = self._world.t_ms // BATTERY_MS
        for number in range(max(self._readings + 1, now - _MOST_READINGS), now + 1):
            self._readings = number
            self._battery.tick(device_ms(number * BATTERY_MS))

    def _read_battery(self) -> int:
        """Return what the analogue input reads behind the divider."""
        mv = self._battery_now_mv() + self._chance("battery", self._readings).uniform(-BATTERY_NOISE_MV, BATTERY_NOISE_MV)
        return min(_FULL, max(0, round(mv / self._ratio * _FULL / _REFERENCE_MV)))

    def _battery_now_mv(self) -> float:
        """Return what the battery really gives."""
        return self._flaws.battery_mv - self._used_ms * DRAIN_MV_H / 3_600_000 - (SAG_MV if self.is_energised() else 0)

    def _chance(self, what: str, number: int) -> random.Random:
        return random.Random(f"{self._flaws.seed} {what} {number}")

"""
What sensors that are not as drawn read, through the firmware's own drivers: an echo with a cone, a battery that sags, a floor with noise.

Theory of chance
================
Each reading is taken at a fixed time (an echo every 60 ms, the battery every 100 ms), and its noise is drawn from the robot's seed and the
number of the reading, whoever looks at it and however often. So a run whose idle ticks were skipped meets the same noise as one that was
ticked, and a robot can be met again by its seed. Readings that nobody asked for are made up for when somebody does.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from petitpas_robot.sensors import Battery, Echo, Line
from petitpas_sim.body import Body
from petitpas_sim.hal import device_ms
from petitpas_sim.world import World

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
"""Most by which a reading of the battery is wrong. Source: an assumption, not measured."""

BATTERY_MS = 100

FLOOR_NOISE_PERMILLE = 15.0
"""Most by which the light from a floor is misread. Source: an assumption, not measured."""

_MOST_READINGS = 24  # of the battery, made up for at once: its filter has settled then
_MOST_ECHOES = 4
_SPEED_M_S = 343  # of sound, as the driver has it
_FULL, _REFERENCE_MV = 65535, 3300  # of the analogue input


class Timetable:
    """
    Numbers what happens at fixed times.

    Args:
        period_ms: between two.
        most: of them that are made up for at once.
    """

    def __init__(self, period_ms: int, most: int) -> None:
        self.number = -(1 << 30)  # of the last one
        self._period_ms = period_ms
        self._most = most

    @property
    def t_ms(self) -> int:
        """When the last one was."""
        return self.number * self._period_ms

    def due(self, t_ms: int) -> Iterator[int]:
        """Yield the firmware's time at each that has not been, up to `t_ms`; meanwhile that one is the last."""
        now = t_ms // self._period_ms
        for number in range(max(self.number + 1, now - self._most + 1), now + 1):
            self.number = number
            yield device_ms(self.t_ms)


def chance(seed: int, what: str, number: int) -> random.Random:
    """Return what is random in reading `number` of a sense of robot number `seed`."""
    return random.Random(f"{seed} {what} {number}")


class Sonar:
    """
    The distance sensor.

    Args:
        ahead_mm: of the axle.
    """

    def __init__(self, world: World, body: Body, ahead_mm: int, seed: int) -> None:
        self._world = world
        self._body = body
        self._ahead_mm = ahead_mm
        self._seed = seed
        self._pulses = Timetable(ECHO_MS, _MOST_ECHOES)
        self._echo = Echo(self._answer, ahead_mm)

    def listen(self) -> None:
        """Send the pulses that are due, and hear their echoes."""
        for now_ms in self._pulses.due(self._world.t_ms):
            self._echo.tick(now_ms)

    def mm(self) -> int | None:
        """Return the distance, None where there is nothing."""
        self.listen()
        mm: int | None = self._echo.mm()
        return mm

    def _answer(self) -> None:
        """Give the driver the echo of the pulse that it sends."""
        luck = chance(self._seed, "echo", self._pulses.number)
        if luck.random() < LOST_ECHOES:
            return
        # Where motors drive the body, it stands for this where it is now: a pulse that is made up for in motion is a few mm late.
        rays = [self._world.distance_mm(self._body, self._pulses.t_ms, ray) for ray in CONE_DEG]
        seen = [mm for mm in rays if mm is not None]
        if seen:
            far_mm = max(NEAREST_MM, min(seen) - self._ahead_mm + luck.uniform(-ECHO_NOISE_MM, ECHO_NOISE_MM))
            self._echo.edge(1, 0)
            self._echo.edge(0, round(far_mm * 2000 / _SPEED_M_S))


class Cells:
    """
    The battery: it sags while motors have current, and drains.

    Args:
        board: a kit with a board.
        full_mv: what it gives at first, at rest.
    """

    def __init__(self, board: Any, full_mv: int, seed: int) -> None:
        self._ratio: int = board.battery_ratio
        self._full_mv = full_mv
        self._seed = seed
        self._used_ms = 0  # with current in the motors
        self._now_mv = float(full_mv)
        self._readings = Timetable(BATTERY_MS, _MOST_READINGS)
        self._battery = Battery(self._read, board.battery_ratio, board.warn_mv, board.stop_mv)

    def use(self, ms: int) -> None:
        """Drain it with motors that have current for a time."""
        self._used_ms += ms

    def real_mv(self, is_loaded: bool) -> float:
        """Return what it really gives."""
        return self._full_mv - self._used_ms * DRAIN_MV_H / 3_600_000 - (SAG_MV if is_loaded else 0)

    def measure(self, t_ms: int, is_loaded: bool) -> None:
        """Take the readings that are due."""
        self._now_mv = self.real_mv(is_loaded)
        for now_ms in self._readings.due(t_ms):
            self._battery.tick(now_ms)

    def mv(self) -> int | None:
        """Return the voltage that the board knows."""
        mv: int | None = self._battery.mv()
        return mv

    def is_empty(self) -> bool:
        """Say whether the board takes it for empty."""
        return bool(self._battery.is_empty)

    def _read(self) -> int:
        """Return what the analogue input reads behind the divider."""
        luck = chance(self._seed, "battery", self._readings.number)
        mv = self._now_mv + luck.uniform(-BATTERY_NOISE_MV, BATTERY_NOISE_MV)
        return min(_FULL, max(0, round(mv / self._ratio * _FULL / _REFERENCE_MV)))


def floor_permille(permille: float, seed: int, sensor: int, t_ms: int) -> int:
    """Return the light from the floor under a SENSOR_LINE_ as the board reads it, where it really is `permille`."""
    noise = chance(seed, f"floor {sensor}", t_ms).uniform(-FLOOR_NOISE_PERMILLE, FLOOR_NOISE_PERMILLE)
    read: int = Line(lambda: round((1000 - permille - noise) * _FULL / 1000)).permille()
    return read

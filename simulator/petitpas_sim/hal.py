"""The firmware's HAL over a world and a cable: what a board's pins are to a real robot."""

from __future__ import annotations

from typing import Protocol

from petitpas_robot import clock, opcodes
from petitpas_robot.hal import Hal
from petitpas_sim.motion import part_of
from petitpas_sim.world import Body, World

START_MS = (1 << 30) - 5000
"""The firmware's time when the world's is 0: five seconds before it wraps, so that every run crosses the wrap."""

_MASK: int = clock.MASK

BATTERY_MV = 5000
"""Four NiMH cells, well charged."""

_LIGHT_PERMILLE = 800
_FLOOR_PERMILLE = 900


def device_ms(t_ms: int) -> int:
    """Return the firmware's time at a time of the world."""
    return (START_MS + t_ms) & _MASK


class RobotEnd(Protocol):
    """The robot's end of a cable."""

    def read_into(self, buf: bytearray) -> int:
        """Take bytes that the host has sent; return how many."""

    def write(self, buf: bytes | bytearray, count: int) -> int:
        """Offer bytes to the host; return how many were taken."""


class WorldHal(Hal):
    """
    One body in a world and one end of a cable.

    The exact kit reads its sensors without noise: distance from the world, an even floor, daylight, a bumper that nothing presses.

    Args:
        files: what the robot keeps, by name; a later robot that is given the same wakes up with it. None for a new robot.
    """

    def __init__(self, world: World, body: Body, cable: RobotEnd, files: dict[str, bytes] | None = None) -> None:
        self.files = {} if files is None else files
        self._world = world
        self._body = body
        self._cable = cable

    def read(self, buf: bytearray) -> int:
        """Take what the host has sent."""
        return self._cable.read_into(buf)

    def write(self, buf: bytes | bytearray, count: int) -> int:
        """Send to the host."""
        return self._cable.write(buf, count)

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """Begin a segment in the world."""
        self._world.move(self._body, left_steps, right_steps, start_rate, cruise_rate, ramp_ms)

    def is_moving(self) -> bool:
        """Say whether the segment goes on."""
        body = self._body
        if body.profile is None:
            return False
        self._world.settle(body, self._world.t_ms)
        return body.profile is not None

    def left_steps(self) -> int:
        """Return the left wheel's steps in the segment."""
        return self._made(self._body.made_left, self._body.left)

    def right_steps(self) -> int:
        """Return the right wheel's steps in the segment."""
        return self._made(self._body.made_right, self._body.right)

    def _made(self, made: int, target: int) -> int:
        body = self._body
        if body.profile is None:
            return made
        return part_of(target, body.steps_at(self._world.t_ms), body.profile.steps)

    def halt(self) -> None:
        """Stop now."""
        self._world.halt(self._body)

    def sense(self, sensor: int) -> int | None:
        """Read a sensor of the exact kit."""
        body = self._body
        if sensor == opcodes.SENSOR_DISTANCE:
            return self._world.distance_mm(body)
        if sensor >= opcodes.SENSOR_KEY:
            return 1000 if body.keys >> (sensor - opcodes.SENSOR_KEY) & 1 else 0
        if sensor == opcodes.SENSOR_MODE:
            return 1000 if body.keeps_cards else 0
        if sensor == opcodes.SENSOR_LIFT:
            return 1000 if body.lifted else 0
        if sensor == opcodes.SENSOR_BUMP:
            return 0
        return _LIGHT_PERMILLE if sensor == opcodes.SENSOR_LIGHT else _FLOOR_PERMILLE

    def keys(self) -> int:
        """Return the keys that are down."""
        return self._body.keys

    def show_count(self, count: int) -> None:
        """Show how many cards are in memory."""
        self._body.cards_shown = count

    def light(self, colour: int) -> None:
        """Show a colour."""
        self._world.light(self._body, colour)

    def tone(self, hz: int, ms: int) -> None:
        """Make a sound."""
        self._world.tone(self._body, hz, ms)

    def battery_mv(self) -> int | None:
        """Return the voltage of a charged battery."""
        return BATTERY_MV

    def is_energised(self) -> bool:
        """Say whether the segment goes on: exact motors rest without current."""
        return self.is_moving()

    def read_file(self, name: str, buf: bytearray) -> int | None:
        """Read what is kept under a name."""
        data = self.files.get(name)
        if data is None:
            return None
        count = min(len(buf), len(data))
        buf[:count] = data[:count]
        return count

    def write_file(self, name: str, buf: bytes | bytearray, count: int) -> bool:
        """Keep bytes under a name."""
        self.files[name] = bytes(buf[:count])
        return True

    def tick(self, now_ms: int) -> None:
        """Do nothing: exact wheels and sensors need no driver."""

    def until(self, now_ms: int) -> int | None:
        """Return the time left of the segment."""
        body = self._body
        return max(0, body.ends_ms - self._world.t_ms) if body.profile is not None else 0

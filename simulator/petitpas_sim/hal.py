"""The firmware's HAL over a world and a cable: what a board's pins are to a real robot."""

from __future__ import annotations

from typing import Protocol

from petitpas_robot import clock, opcodes
from petitpas_robot.hal import Hal
from petitpas_sim import floor, foresight
from petitpas_sim.body import Body
from petitpas_sim.motion import part_of
from petitpas_sim.world import World

START_MS = (1 << 30) - 5000
"""The firmware's time when the world's is 0: five seconds before it wraps, so that every run crosses the wrap."""

_MASK: int = clock.MASK

BATTERY_MV = 5000
"""Four NiMH cells, well charged."""


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

    The exact kit reads its sensors without noise: distance, lines and light from the world, a bumper that is pressed
    where something has stopped it on its way ahead.

    Args:
        files: what the robot keeps, by name; a later robot that is given the same wakes up with it. None for a new robot.
    """

    def __init__(self, world: World, body: Body, cable: RobotEnd, files: dict[str, bytes] | None = None) -> None:
        self.files = {} if files is None else files
        self._world = world
        self._body = body
        self._cable = cable
        self._straight = 1  # steps of the segment
        self._was_lifted = False  # it was why the last segment would have ended short
        self._bend = 0  # steps that a trim gives one wheel and takes from the other meanwhile

    def read(self, buf: bytearray) -> int:
        """Take what the host has sent."""
        return self._cable.read_into(buf)

    def write(self, buf: bytes | bytearray, count: int) -> int:
        """Send to the host."""
        return self._cable.write(buf, count)

    def move(self, left_steps: int, right_steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """
        Begin a segment in the world, none while lifted.

        What a trim bends of it is left out: a robot without flaws has none to make up for. A wheel that turns alone goes straight, too.
        """
        self._was_lifted = self._body.lifted
        if self._was_lifted:
            left_steps = right_steps = 0
        is_bent = left_steps * right_steps >= 0 and not self._body.glides
        self._bend = (left_steps - right_steps) // 2 if is_bent else 0
        self._straight = left_steps - self._bend
        self._world.move(self._body, self._straight, right_steps + self._bend, start_rate, cruise_rate, ramp_ms)

    def is_moving(self) -> bool:
        """Say whether the segment goes on."""
        body = self._body
        if body.profile is None:
            return False
        self._world.settle(body, self._world.t_ms)
        return body.profile is not None

    def left_steps(self) -> int:
        """Return the left wheel's steps in the segment."""
        made = self._made(self._body.made_left, self._body.left)
        return made + self._bent(made)

    def right_steps(self) -> int:
        """Return the right wheel's steps in the segment."""
        made = self._made(self._body.made_right, self._body.right)
        return made - self._bent(made)

    def _bent(self, made: int) -> int:
        return part_of(self._bend, abs(made), abs(self._straight)) if self._bend else 0

    def _made(self, made: int, target: int) -> int:
        body = self._body
        if body.profile is None:
            return made
        return part_of(target, body.steps_at(self._world.t_ms), body.profile.steps)

    def why_short(self) -> int:
        """Return that it was lifted, else that something was in the way."""
        how: int = opcodes.HOW_LIFTED if self._was_lifted else opcodes.HOW_BLOCKED
        return how

    def halt(self) -> None:
        """Stop now."""
        self._world.halt(self._body)

    def sense(self, sensor: int) -> int | None:
        """Read a sensor of the exact kit."""
        body = self._body
        if sensor == opcodes.SENSOR_DISTANCE:
            return self._world.distance_mm(body)
        if sensor == opcodes.SENSOR_MODE:
            return 1000 if body.keeps_cards else 0
        if sensor >= opcodes.SENSOR_KEY:
            return 1000 if body.keys >> (sensor - opcodes.SENSOR_KEY) & 1 else 0
        if sensor == opcodes.SENSOR_LIFT:
            return 1000 if body.lifted else 0
        if sensor == opcodes.SENSOR_BUMP:
            return 1000 if self._world.is_pressed(body) else 0
        if sensor == opcodes.SENSOR_LIGHT:
            return floor.light_permille(self._world.mat, *self._world.beside(body, 0))
        return floor.line_permille(self._world.mat, *self._under(sensor))

    def _under(self, sensor: int) -> tuple[float, float]:
        """Return where a line sensor looks, in mm."""
        return self._world.beside(self._body, -floor.ASIDE_MM if sensor == opcodes.SENSOR_LINE_LEFT else floor.ASIDE_MM)

    def steady(self, test: int, threshold: int) -> int | None:
        """Return for how long a test of the exact kit surely says what it says now; hands that change it wake the robot."""
        body, world = self._body, self._world
        sensor = test & ~opcodes.TEST_ABOVE
        if sensor in (opcodes.SENSOR_DISTANCE, opcodes.SENSOR_BUMP):
            world.look_out(body)
        if sensor == opcodes.SENSOR_DISTANCE:
            threshold_mm = body.kit.obstacle_mm if threshold == opcodes.THRESHOLD_KIT else threshold
            return foresight.steady_ms(world.space, body, threshold_mm, world.t_ms)
        is_drawn = world.mat.lamps if sensor == opcodes.SENSOR_LIGHT else world.mat.lines
        is_floor = sensor in (opcodes.SENSOR_LIGHT, opcodes.SENSOR_LINE_LEFT, opcodes.SENSOR_LINE_RIGHT)
        return 0 if is_floor and is_drawn and body.profile is not None else None

    def keys(self) -> int:
        """Return the keys that are down."""
        return self._body.keys

    def show_count(self, count: int) -> None:
        """Show how many cards are in memory."""
        self._body.cards_shown = count

    def show_step(self, number: int | None) -> None:
        """Show which card runs."""
        self._body.step_shown = number

    def show_pixels(self, colour: int, mask: int) -> None:
        """Show the colour of the pixels that shine: here they are one light."""
        self.light(colour if mask else opcodes.COLOUR_OFF)

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
        """Stop where it has been lifted; exact wheels and sensors need no driver."""
        if self._body.lifted and self.is_moving():
            self.halt()
            self._was_lifted = True

    def is_busy(self) -> bool:
        """Say whether the next tick matters to the drivers, whatever the firmware says: never, as there are none."""
        return False

    def until(self, now_ms: int) -> int | None:
        """Return the time left of the segment."""
        body = self._body
        return max(0, body.ends_ms - self._world.t_ms) if body.profile is not None else 0

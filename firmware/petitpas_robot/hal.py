"""
What a board or a world must provide: the one seam between the firmware and everything that moves.

Flat functions of integers, each of which returns at once.
`boards/` and the simulator each write these; nothing else touches a pin or a world.
"""

from . import opcodes as o


class Hal:
    """
    A robot's hardware. A descendant must override every method; `until` and `steady` only where time can be skipped.

    Steps are motor steps (or encoder counts), positive forward. On a kit without a front the "left" count is steps to the east of the mat
    and the "right" count steps to the north.
    """

    def read(self, buf):
        """Put the bytes that have come through the cable into `buf` and return how many, 0 to len(buf)."""
        raise NotImplementedError

    def write(self, buf, count):
        """Send the first `count` bytes of `buf` and return how many were taken, 0 where the cable takes none now."""
        raise NotImplementedError

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        """
        Start a segment: both wheels, one trapezoid, executed by the hardware whatever the firmware does meanwhile.

        The wheel with more steps goes from `start_rate` to `cruise_rate` (steps a second) in `ramp_ms` and back at the end; the other keeps
        the same proportion. A segment in progress is replaced.
        """
        raise NotImplementedError

    def is_moving(self):
        """Say whether the segment is in progress. It ends by itself: complete, or short of its target where something was in the way."""
        raise NotImplementedError

    def left_steps(self):
        """Return the left wheel's signed steps since the segment began."""
        raise NotImplementedError

    def right_steps(self):
        """Return the right wheel's signed steps since the segment began."""
        raise NotImplementedError

    def why_short(self):
        """Return why the last segment ended short of its target: HOW_LIFTED or HOW_BATTERY where it was not safe, else HOW_BLOCKED."""
        return o.HOW_BLOCKED

    def halt(self):
        """Stop both wheels now; what was made of the segment stays readable."""
        raise NotImplementedError

    def sense(self, sensor):
        """Return what a SENSOR_ reads, in mm or permille; None where there is nothing to read (nothing in range)."""
        raise NotImplementedError

    def keys(self):
        """Return the keys that are down, debounced, as bits in the order of KEY_."""
        return 0

    def show_count(self, count):
        """Show how many cards are in memory, beside what `light` shows; 0 empties the row visibly."""

    def show_step(self, number):
        """Show which card of a program runs, 0 for the first, on one pixel over what `light` shows; None shows none any more."""

    def show_pixels(self, colour, mask):
        """Show a COLOUR_ on the pixels whose bits are set, the first in bit 0, and nothing on the others."""

    def light(self, colour):
        """Show a COLOUR_ on the robot's lights."""
        raise NotImplementedError

    def tone(self, hz, ms):
        """Sound `hz` for `ms`, replacing what sounds; hz 0 is silence."""
        raise NotImplementedError

    def set_volume(self, percent):
        """Sound at this part of the loudest, 0 to 100, from the next tone on; where loudness cannot be chosen, nothing changes."""

    def battery_mv(self):
        """Return the battery's voltage, in millivolts; None where there is no battery to read."""
        raise NotImplementedError

    def maintain(self):
        """
        Start anew for maintenance, with neither watchdog nor app: set a flag and reset, 100 to 1000 ms from now, once the reply has gone.

        Returns:
            Whether this will be done; False where there is nothing to maintain.
        """
        return False

    def is_energised(self):
        """Say whether current flows in a motor, at rest too."""
        return False

    def read_file(self, name, buf):
        """Put what is kept in a file into `buf`, as far as it fits, and return how many bytes; None where there is no such file."""
        return None

    def write_file(self, name, buf, count):
        """
        Keep the first `count` bytes of `buf` in a file, in place of what was there, even without power; asked only while the motors rest.

        Power may fail at any byte of it: see `store`.

        Returns:
            Whether it is done; False where nothing can be kept.
        """
        return False

    def tick(self, now_ms):
        """Do what the drivers need done every tick; called once, at its beginning."""

    def until(self, now_ms):
        """Return the milliseconds after which `is_moving` can change by itself, None for never. A board is never asked."""
        return 0

    def steady(self, test, threshold):
        """
        Return the milliseconds for which a test of a sensor surely says what it says now, None for as long as nothing but time passes.

        0 where nobody knows. A board is never asked.

        Args:
            test, threshold: as `Robot.holds` has them.
        """
        return 0

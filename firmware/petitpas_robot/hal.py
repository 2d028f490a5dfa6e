"""
What a board or a world must provide: the one seam between the firmware and everything that moves.

Flat functions of integers, each of which returns at once.
`boards/` and the simulator each write these; nothing else touches a pin or a world.
"""


class Hal:
    """
    A robot's hardware. A descendant must override every method; `until` only where time can be skipped.

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

    def halt(self):
        """Stop both wheels now; what was made of the segment stays readable."""
        raise NotImplementedError

    def sense(self, sensor):
        """Return what a SENSOR_ reads, in mm or permille; None where there is nothing to read (nothing in range)."""
        raise NotImplementedError

    def light(self, colour):
        """Show a COLOUR_ on the robot's lights."""
        raise NotImplementedError

    def tone(self, hz, ms):
        """Sound `hz` for `ms`, replacing what sounds; hz 0 is silence."""
        raise NotImplementedError

    def battery_mv(self):
        """Return the battery's voltage, in millivolts; None where there is no battery to read."""
        raise NotImplementedError

    def until(self, now_ms):
        """Return the milliseconds after which `is_moving` can change by itself, None for never. A board is never asked."""
        return 0

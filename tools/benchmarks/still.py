"""A robot on a table, for MicroPython: every motion is done at once, nothing is near, the cable takes everything."""

from petitpas_robot.hal import Hal


class StillHal(Hal):
    """See `Hal`."""

    def __init__(self):
        self._left = 0
        self._right = 0

    def read(self, buf):
        return 0

    def write(self, buf, count):
        return count

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        self._left = left_steps
        self._right = right_steps

    def is_moving(self):
        return False

    def left_steps(self):
        return self._left

    def right_steps(self):
        return self._right

    def halt(self):
        pass

    def sense(self, sensor):
        return 400

    def light(self, colour):
        pass

    def tone(self, hz, ms):
        pass

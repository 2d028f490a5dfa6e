"""
Distance by ultrasound, lines, battery: from microseconds and raw readings to millimetres, permille and millivolts. Nothing here waits.

What measures is passed in as functions: `pulse()` starts an echo, `read()` gives a raw reading, 0 to 65535 of the reference voltage.
"""

from .clock import diff
from .shim import const

_PERIOD_MS = const(60)  # between two pulses, so that one's late echo is not taken for the other's. Source: HC-SR04 data sheet
_STUCK_MS = const(250)  # a sensor whose echo does not end is asked again after this
_SPEED_M_S = const(343)  # of sound. Source: dry air at 20 °C
_FAR_MM = const(4000)  # beyond this there is nothing. Source: HC-SR04 data sheet
_NOTHING = const(65535)
_MASK = const(0x3FFFFFFF)  # of a count of microseconds, which wraps as that of milliseconds does

_FULL = const(65535)
_REFERENCE_MV = const(3300)
_BATTERY_MS = const(100)
_LEAST_MV = const(1000)  # with less there is no battery: the cable alone feeds the robot
_FILTER = const(8)


class Echo:
    """
    A sensor of distance: a pulse every 60 ms, and the median of three echoes, so that a stray one is not felt.

    Args:
        pulse: sends one.
        ahead_mm: added to what is measured: where the sensor is, seen from the axle.
    """

    def __init__(self, pulse, ahead_mm):
        self._pulse = pulse
        self._ahead_mm = ahead_mm
        self._sent_ms = None
        self._rose_us = 0
        self._width_us = -1  # of the echo to the last pulse; -1: none
        self._is_high = False
        self._last = [_NOTHING, _NOTHING, _NOTHING]
        self._at = 0

    def edge(self, level, us):
        """Note that the echo's line has risen or fallen. For an interrupt: allocates nothing."""
        if level:
            self._rose_us = us
            self._is_high = True
        elif self._is_high:
            self._is_high = False
            self._width_us = (us - self._rose_us) & _MASK

    def tick(self, now_ms):
        """Take the echo that has come, and send the next pulse where it is time."""
        if self._sent_ms is None:
            self._send(now_ms)
            return
        ms = diff(now_ms, self._sent_ms)
        if ms < _PERIOD_MS or (self._is_high and ms < _STUCK_MS):
            return
        mm = self._width_us * _SPEED_M_S // 2000 if 0 <= self._width_us < 100000 else _NOTHING
        self._last[self._at] = mm if mm <= _FAR_MM else _NOTHING
        self._at = (self._at + 1) % 3
        self._send(now_ms)

    def mm(self):
        """Return the distance in mm, None where there is nothing."""
        a, b, c = self._last
        if a > b:
            a, b = b, a
        mm = a if c < a else b if c > b else c
        return None if mm == _NOTHING else mm + self._ahead_mm

    def _send(self, now_ms):
        self._sent_ms = now_ms
        self._width_us = -1
        self._is_high = False
        self._pulse()


class Line:
    """A reflectance sensor that pulls its output down over a bright floor (TCRT5000 with a pull-up)."""

    def __init__(self, read):
        self._read = read

    def permille(self):
        """Return the light from the floor: 0 is black."""
        return 1000 - self._read() * 1000 // _FULL


class Battery:
    """
    The battery behind a divider, smoothed over about a second.

    Args:
        ratio: of the divider.
        warn_mv: below this it is low.
        stop_mv: below this it is empty, until it is above `warn_mv` again.
    """

    def __init__(self, read, ratio, warn_mv, stop_mv):
        self.is_low = False
        self.is_empty = False
        self._read = read
        self._ratio = ratio
        self._warn_mv = warn_mv
        self._stop_mv = stop_mv
        self._sum = None  # _FILTER times the smoothed voltage
        self._read_ms = 0

    def tick(self, now_ms):
        """Read it every 100 ms."""
        if self._sum is not None and diff(now_ms, self._read_ms) < _BATTERY_MS:
            return
        self._read_ms = now_ms
        mv = self._read() * _REFERENCE_MV // _FULL * self._ratio
        if self._sum is None:
            self._sum = mv * _FILTER
        self._sum += mv - self._sum // _FILTER
        mv = self._sum // _FILTER
        if mv < _LEAST_MV:
            self.is_low = self.is_empty = False
            return
        self.is_low = mv < self._warn_mv
        if self.is_low:
            self.is_empty = self.is_empty or mv < self._stop_mv
        else:
            self.is_empty = False

    def mv(self):
        """Return the voltage, None where there is no battery."""
        if self._sum is None or self._sum < _LEAST_MV * _FILTER:
            return None
        return self._sum // _FILTER

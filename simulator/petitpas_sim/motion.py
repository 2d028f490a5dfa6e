"""Motion in closed form: how far a trapezoid of speed has come at a time, in integers."""

from __future__ import annotations

from functools import lru_cache
from math import isqrt


class Trapezoid:
    """
    A segment of `steps` steps: from `start_rate` to `cruise_rate` (steps/s) in `ramp_ms`, then back; a short one turns back half-way.

    Everything is integer arithmetic, so that a position depends on the time alone, not on the times at which it was looked at.
    """

    __slots__ = ("_gain", "_ramp_ms", "_ramp_steps", "_scale", "_start", "cruise_rate", "duration_ms", "steps")

    def __init__(self, steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        self.steps = steps
        self.cruise_rate = cruise_rate
        # A ramp covers start·t + gain·t²/(2·ramp) steps in t; `_scale` makes that whole: (2·ramp·start·t + gain·t²) / (2000·ramp).
        self._start = 2 * ramp_ms * start_rate
        self._gain = cruise_rate - start_rate
        self._scale = 2000 * ramp_ms
        ramp_steps = self._ramp(ramp_ms)
        if steps >= 2 * ramp_steps:
            cruise_ms = -((2 * ramp_steps - steps) * 1000 // cruise_rate)
        else:
            ramp_ms, cruise_ms = self._time_of_ramp(-(-steps // 2)), 0
            ramp_steps = self._ramp(ramp_ms)
        self._ramp_ms = ramp_ms
        self._ramp_steps = ramp_steps
        self.duration_ms = 2 * ramp_ms + cruise_ms

    def at(self, ms: int) -> int:
        """Return the steps made `ms` after the start: 0 before it, all of them after the end, never fewer later."""
        left_ms = self.duration_ms - ms
        if left_ms <= 0:
            return self.steps
        if ms <= 0:
            return 0
        most = max(0, self.steps - self._ramp(min(left_ms, self._ramp_ms)))
        if ms <= self._ramp_ms:
            return min(self._ramp(ms), most)
        return min(self._ramp_steps + (ms - self._ramp_ms) * self.cruise_rate // 1000, most)

    def _ramp(self, ms: int) -> int:
        return (self._start * ms + self._gain * ms * ms) // self._scale

    def _time_of_ramp(self, steps: int) -> int:
        """Return the least time in which a ramp covers `steps`."""
        goal = steps * self._scale
        if self._gain == 0:
            return -(-goal // self._start)
        ms = (isqrt(self._start * self._start + 4 * self._gain * goal) - self._start) // (2 * self._gain)
        while self._start * ms + self._gain * ms * ms < goal:
            ms += 1
        return ms


@lru_cache(maxsize=1024)
def trapezoid(steps: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> Trapezoid:
    """Return the trapezoid of a segment; programs repeat the same few, so these are kept."""
    return Trapezoid(steps, start_rate, cruise_rate, ramp_ms)


def part_of(target: int, steps: int, total: int) -> int:
    """Return what a wheel makes of its `target` while the faster wheel makes `steps` of `total`."""
    share = abs(target) * steps // total
    return -share if target < 0 else share

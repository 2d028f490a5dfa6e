"""
The ramp of a segment, for both kinds of wheels: speed that follows distance, in integers.

At s steps from the start (or from the end, where that is nearer) the square of the rate is start² + (cruise² - start²)·s/ramp. Rates are
kept in quarters of a step a second, so that squares fit 31 bits.
"""

from .shim import const

_LEAST_RATE = const(10)  # steps/s: keeps what wheels make of it within 30 bits


class Ramp:
    """
    The rates of one segment at a time.

    Args:
        top_rate: steps/s; no more is made, whatever is asked.
    """

    def __init__(self, top_rate):
        self.start = 4 * _LEAST_RATE
        self.cruise = 4 * _LEAST_RATE
        self._top_rate = top_rate
        self._gain = 0  # of the square, a step
        self._steps = 1

    def begin(self, start_rate, cruise_rate, ramp_ms):
        """Take the rates of a segment, in steps/s."""
        cruise_rate = max(_LEAST_RATE, min(cruise_rate, self._top_rate))
        start_rate = max(_LEAST_RATE, min(start_rate, cruise_rate))
        self.start = 4 * start_rate
        self.cruise = 4 * cruise_rate
        self._steps = max(1, (start_rate + cruise_rate) * ramp_ms // 2000)
        self._gain = (self.cruise * self.cruise - self.start * self.start) // self._steps

    def at(self, steps, guess):
        """Return the rate so many steps from the nearer end; `guess` is one that may be near it, above 0."""
        if steps >= self._steps:
            return self.cruise
        return root(self.start * self.start + self._gain * steps, guess)


def root(square, guess):
    """Return the whole square root, by Newton's method from a guess above 0."""
    found = (guess + square // guess) >> 1
    better = (found + square // found) >> 1
    while better < found:
        found = better
        better = (found + square // found) >> 1
    return found

"""
The firmware's time: a count of milliseconds that wraps at 2**30.

Instants are compared through `diff` only, and moved through `add` only. "Never" is None.
2**30 is where MicroPython's own ticks_ms wraps on a 32-bit board; every intermediate here stays a small integer (31 bits, signed),
so that nothing is allocated.
"""

from .shim import const

TICK_MS = const(10)  # the control tick
MASK = const(0x3FFFFFFF)
_HALF = const(0x20000000)


def add(now_ms, ms):
    """Return the instant `ms` after `now_ms`; ms is 0 to 2**29 - 1."""
    return ((now_ms - _HALF + ms) & MASK) ^ _HALF


def diff(later_ms, earlier_ms):
    """Return the milliseconds from one instant to another, -2**29 to 2**29 - 1: right while they are less than six days apart."""
    d = (later_ms - earlier_ms) & MASK
    return d if d < _HALF else d - _HALF - _HALF

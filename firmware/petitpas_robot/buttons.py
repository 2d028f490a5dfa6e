"""Keys and switches without their bounces; a hand that presses several keys at once presses none."""

from .clock import diff
from .shim import const

_PERIOD_MS = const(20)  # two equal reads this far apart are believed


class Switches:
    """
    Switches of which each may be closed by itself.

    Args:
        read: returns a bit for each, 1 where it is closed.
    """

    def __init__(self, read):
        self.held = 0
        self._read = read
        self._seen = 0
        self._read_ms = None

    def tick(self, now_ms):
        """Look at them."""
        if self._read_ms is not None and diff(now_ms, self._read_ms) < _PERIOD_MS:
            return
        self._read_ms = now_ms
        seen = self._read()
        if seen == self._seen:
            self.held = seen
        self._seen = seen


class Buttons:
    """
    Keys of which one at a time counts: once several are held, none does until all are let go.

    `down` has the bit of the key that is down; `held` has every key, for a STOP that must be felt under a whole hand.
    """

    def __init__(self, read):
        self.held = 0
        self.down = 0
        self._switches = Switches(read)
        self._is_muddled = False

    def tick(self, now_ms):
        """Look at them."""
        self._switches.tick(now_ms)
        self.held = held = self._switches.held
        if held & (held - 1):
            self._is_muddled = True
        elif not held:
            self._is_muddled = False
        self.down = 0 if self._is_muddled else held

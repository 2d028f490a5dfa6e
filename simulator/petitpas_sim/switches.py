"""
Keys and switches under hands, through the firmware's own drivers: contacts bounce for some milliseconds after each change.

The bumper is not among them: what it touches may move while the robot's own ticks are left out, so that nobody could say since when.
"""

from __future__ import annotations

from petitpas_robot import opcodes
from petitpas_robot.buttons import Buttons
from petitpas_robot.buttons import Switches as Driver
from petitpas_sim.body import Body
from petitpas_sim.senses import Timetable, chance

BOUNCE_MS = 10
"""For how long a contact is anything. Source: an assumption, not measured; makers of small push-buttons allow 5 to 10 ms."""

SETTLED_MS = 60
"""After which the firmware believes it: three reads."""

_READ_MS = 20  # as the drivers do
_LIFT, _MODE = 1, 2
_BITS = {opcodes.SENSOR_LIFT: _LIFT, opcodes.SENSOR_MODE: _MODE}


class Contacts:
    """
    Some contacts, a bit for each, 1 where it is closed.

    Args:
        closed: at first.
        what: they are called, for their chances.
    """

    def __init__(self, closed: int, what: str, seed: int) -> None:
        self._closed = self._before = closed
        self._what = what
        self._seed = seed
        self._since_ms = -SETTLED_MS

    def set(self, closed: int, t_ms: int) -> None:
        """Note what is held from now on."""
        if closed != self._closed:
            self._before, self._closed = self._closed, closed
            self._since_ms = t_ms

    def read(self, t_ms: int) -> int:
        """Return what a pin reads, now or up to some reads ago."""
        if t_ms < self._since_ms:
            return self._before
        if t_ms >= self._since_ms + BOUNCE_MS:
            return self._closed
        return self._closed ^ (chance(self._seed, self._what, t_ms).getrandbits(16) & (self._before ^ self._closed))

    def is_settled(self, t_ms: int) -> bool:
        """Say whether reads from now on bring nothing new."""
        return t_ms >= self._since_ms + SETTLED_MS


class Switches:
    """The keys of a robot, its lift switch and that of its mode."""

    def __init__(self, body: Body, seed: int) -> None:
        self._body = body
        self._reads = Timetable(_READ_MS, 4)
        self._on_keys = Contacts(body.keys, "keys", seed)
        self._keys = Buttons(lambda: self._on_keys.read(self._reads.t_ms))
        self._on_rest = Contacts(self._held(), "switches", seed)
        self._rest = Driver(lambda: self._on_rest.read(self._reads.t_ms))

    def look(self, t_ms: int) -> None:
        """Take the reads that are due."""
        self._on_keys.set(self._body.keys, t_ms)
        self._on_rest.set(self._held(), t_ms)
        for now_ms in self._reads.due(t_ms):
            self._keys.tick(now_ms)
            self._rest.tick(now_ms)

    def is_settled(self, t_ms: int) -> bool:
        """Say whether the drivers know all that is held."""
        return self._on_keys.is_settled(t_ms) and self._on_rest.is_settled(t_ms)

    def keys(self) -> int:
        """Return the bit of the key that is down; several at once are none."""
        down: int = self._keys.down
        return down

    def sense(self, sensor: int) -> int:
        """Return the permille of SENSOR_LIFT, SENSOR_MODE or a SENSOR_KEY."""
        is_closed = self._rest.held & _BITS[sensor] if sensor in _BITS else self._keys.down >> (sensor - opcodes.SENSOR_KEY) & 1
        return 1000 if is_closed else 0

    def _held(self) -> int:
        """Return the bits of the switches that a hand holds."""
        return (_LIFT if self._body.lifted else 0) | (_MODE if self._body.keeps_cards else 0)

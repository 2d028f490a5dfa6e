"""
What happened in a world, as lines of integers: the same bytes for the same run, on every system.

A line is `t_ms robot kind values…`:

    put x y heading      it was put down            x, y in hundredths of a mm, heading in hundredths of a degree
    lift                 a hand has taken it off the floor
    at x y heading       a segment has ended
    bump x y heading     something is in the way: a segment was shortened, or a robot with flaws touches it
    light colour         a COLOUR_ number
    tone hz ms
    entered task block   an event that the robot sent, with the time it said, counted from the world's
    ended task block how
    held task block
    finished run how fault block address
"""

from __future__ import annotations

import hashlib
import struct

from petitpas_robot import clock, wire
from petitpas_sim.hal import START_MS

_EVENTS = {
    wire.ENTERED: ("entered", "<IBH"),
    wire.ENDED: ("ended", "<IBHB"),
    wire.HELD: ("held", "<IBH"),
    wire.FINISHED: ("finished", "<IBBBHH"),
}


class Trace:
    """Collects what a world and its robots tell."""

    def __init__(self) -> None:
        self.records: list[tuple[int | str, ...]] = []
        self._receivers: dict[str, wire.Receiver] = {}

    def __call__(self, t_ms: int, robot: str, kind: str, *values: int) -> None:
        """Take one thing that happened."""
        self.records.append((t_ms, robot, kind, *values))

    def overhear(self, robot: str, data: bytes) -> None:
        """Take bytes that a robot sends to its host, and keep the events among them."""
        receiver = self._receivers.setdefault(robot, wire.Receiver())
        receiver.push(data, len(data))
        while (count := receiver.next()) >= 0:
            kind = _EVENTS.get(receiver.buf[1])
            if kind is not None and count == 2 + struct.calcsize(kind[1]):
                time_ms, *values = struct.unpack_from(kind[1], receiver.buf, 3)
                self(clock.diff(time_ms, START_MS), robot, kind[0], *values)

    def text(self, first: int = 0) -> str:
        """Return the trace from record number `first` on, a record a line."""
        return "".join(" ".join(map(str, record)) + "\n" for record in self.records[first:])

    def hash(self) -> str:
        """Return a SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text().encode()).hexdigest()

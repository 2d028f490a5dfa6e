"""
The host's side of the conversation: bytes in, answers and events out. No I/O, no clock.

Theory of operation
===================
One request is on its way at a time; the others wait in order. A request is sent again, byte for byte, every RETRY_MS until its reply comes;
the robot answers a number that it knows with the reply that it gave, so that nothing is done twice. After ATTEMPTS it is given up: `Lost`.
An urgent request (STOP) does not wait: it drops what is queued and what is on its way, which end as `Lost`.

The caller owns time and the cable: it writes what `to_send` returns, hands what it reads to `receive`, and comes back at `due_ms`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from petitpas.robots.messages import Event, read_event
from petitpas_robot import wire

RETRY_MS = 250
"""Longer than a reply takes: two frames of 256 bytes at 115,200 baud are 45 ms, of which a robot answers most at once."""

ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """The robot's reply to request number `ticket`; `fault` is a FAULT_ number, `body` depends on the request."""

    ticket: int
    kind: int
    fault: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """Request number `ticket` was given up: no reply came, or an urgent one took its place."""

    ticket: int
    kind: int


@dataclass(slots=True)
class _Request:
    ticket: int
    kind: int
    body: bytes
    sequence: int = 0
    frame: bytes = b""
    attempts: int = 0
    again_ms: int = 0


def frame(kind: int, sequence: int, body: bytes = b"") -> bytes:
    """Return the frame of a payload; the body is at most MAX_PAYLOAD - 2 bytes."""
    buf = bytearray(wire.MAX_FRAME)
    buf[1] = kind
    buf[2] = sequence
    buf[3 : 3 + len(body)] = body
    return bytes(buf[: wire.encode(buf, 2 + len(body))])


class Client:
    """One conversation with one robot. `dropped` counts bad frames, `repeats` the requests that were sent again."""

    def __init__(self) -> None:
        self.repeats = 0
        self._receiver = wire.Receiver()
        self._sequence = 0
        self._tickets = 0
        self._waiting: deque[_Request] = deque()
        self._current: _Request | None = None
        self._lost: list[Lost] = []

    @property
    def dropped(self) -> int:
        """How many frames came that were not good."""
        return int(self._receiver.dropped)

    @property
    def is_idle(self) -> bool:
        """Whether no request waits or is on its way."""
        return self._current is None and not self._waiting

    @property
    def due_ms(self) -> int | None:
        """When `to_send` has something to send again; None where only `ask` can give it something."""
        return self._current.again_ms if self._current is not None and self._current.attempts else None

    def ask(self, kind: int, body: bytes = b"", *, urgent: bool = False) -> int:
        """Queue a request and return its ticket, which its `Answer` or `Lost` will carry."""
        if urgent:
            gone = ([self._current] if self._current else []) + list(self._waiting)
            self._lost += [Lost(request.ticket, request.kind) for request in gone]
            self._current = None
            self._waiting.clear()
        self._tickets += 1
        self._waiting.append(_Request(self._tickets, kind, body))
        return self._tickets

    def to_send(self, now_ms: int) -> bytes:
        """Return the bytes to write now, b"" for none."""
        if self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self._sequence = (self._sequence + 1) & 0xFF  # now, not when asked: what was never sent takes no number
            self._current.sequence = self._sequence
            self._current.frame = frame(self._current.kind, self._sequence, self._current.body)
        current = self._current
        if current is None or (current.attempts and now_ms < current.again_ms):
            return b""
        if current.attempts == ATTEMPTS:
            self._lost.append(Lost(current.ticket, current.kind))
            self._current = None
            return self.to_send(now_ms)
        self.repeats += current.attempts > 0
        current.attempts += 1
        current.again_ms = now_ms + RETRY_MS
        return current.frame

    def receive(self, data: bytes) -> list[Event | Answer | Lost]:
        """Take bytes from the cable, any bytes, and return what they say, in order; what was given up since the last call comes first."""
        said: list[Event | Answer | Lost] = [*self._lost]
        self._lost.clear()
        receiver = self._receiver
        receiver.push(data, len(data))
        while (count := receiver.next()) >= 0:
            if count < 2:
                continue
            kind, sequence = receiver.buf[1], receiver.buf[2]
            body = bytes(receiver.buf[3 : 1 + count])
            if kind == wire.REPLY:
                current = self._current
                if current and len(body) >= 2 and sequence == current.sequence and body[0] == current.kind and current.attempts:
                    said.append(Answer(current.ticket, current.kind, body[1], body[2:]))
                    self._current = None
            elif (event := read_event(kind, body)) is not None:
                said.append(event)
        return said

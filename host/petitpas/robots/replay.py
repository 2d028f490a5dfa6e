"""
A recording's robot, for the host that is here today: a session replayed without the robot.

Theory of replaying
===================
The host must write what it wrote then, byte for byte and in that order; the nonce of its HELLO is given to it. What the robot said comes as
soon as the host has written all that it had written by then, and brings its time with it: a host that is a little earlier or later still
meets the same answers. Time passes only so, and slice by slice while the host has something to say. Where the host had stopped the robot by
itself, that was a person's Ctrl-C, and is one again.
"""

from __future__ import annotations

from collections import deque

from petitpas.errors import FileError, PortMissing, PortUnplugged
from petitpas.robots.recording import PLUGGED, TO_HOST, TO_ROBOT, UNPLUGGED, Line, Recording, name_of, payloads
from petitpas_robot import wire

_SLICE_MS = 50
"""What a read without bytes lasts, as on a real port."""

_LATE_MS = 3000
"""A host that is later than this with what it said then will not say it any more."""


class Replay:
    """Opens a recording again and again, as often as its cable was plugged in."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._sessions: deque[list[Line]] = deque()
        for line in recording.lines:
            if line.way == PLUGGED:
                self._sessions.append([])
            self._sessions[-1].append(line)

    def open(self, url: str) -> ReplayedPort:
        """Plug the cable in once more; raise PortMissing where it then stayed out."""
        if not self._sessions:
            raise PortMissing(port=url)
        lines = self._sessions.popleft()
        return ReplayedPort(url, self._recording, lines, is_last=not self._sessions)


class ReplayedPort:
    """
    A port behind which a recording speaks; see the theory above.

    Raises, beside what a port does:
        FileError: the host says something else than then, code `recording_differs`; it goes on where the recording ends, `recording_ends`.
        KeyboardInterrupt: where a person pressed Ctrl-C then.
    """

    def __init__(self, url: str, recording: Recording, lines: list[Line], *, is_last: bool) -> None:
        self.url = url
        self._path = recording.path
        self._is_last = is_last
        self._now_ms = lines[0].ms
        self._end = lines[-1]
        self._to_robot = deque(line for line in lines if line.way == TO_ROBOT)
        self._to_host: deque[tuple[Line, int]] = deque()  # with how much the host had still to write when it came
        left = len(self._to_robot)
        for line in lines:
            left -= line.way == TO_ROBOT
            if line.way == TO_HOST:
                self._to_host.append((line, left))

    def now_ms(self) -> int:
        """Return the recording's time."""
        return self._now_ms

    def nonce(self) -> bytes:
        """Return the nonce that was used then."""
        said = payloads([self._to_robot[0].sent]) if self._to_robot else []
        return said[0][2:6] if said and said[0][0] == wire.HELLO else bytes(4)

    def read(self) -> bytes:
        """Return what came then, b"" where it is the host's turn."""
        if self._to_host and len(self._to_robot) <= self._to_host[0][1]:
            line, _ = self._to_host.popleft()
            self._now_ms = max(self._now_ms, line.ms)
            return line.heard
        if self._to_robot:
            self._await_host(self._to_robot[0])
        elif self._end.way != UNPLUGGED:
            if self._is_last:  # else the host gave up, and will plug the cable in again
                raise FileError("recording_ends", path=self._path, ms=self._now_ms)
        else:
            self._now_ms = max(self._now_ms, self._end.ms)
            raise PortUnplugged(port=self.url)
        self._now_ms += _SLICE_MS
        return b""

    def _await_host(self, line: Line) -> None:
        """Look whether the host still has time to say what it said then."""
        if self._now_ms >= line.ms and _names(line.sent) == "STOP":
            raise KeyboardInterrupt
        if self._now_ms > line.ms + _LATE_MS:
            raise FileError("recording_differs", path=self._path, ms=line.ms, then=_names(line.sent), now="-")

    def write(self, data: bytes) -> None:
        """Take what was written then too."""
        if not self._to_robot:
            if self._end.way == UNPLUGGED:
                raise PortUnplugged(port=self.url)
            raise FileError("recording_ends", path=self._path, ms=self._now_ms)
        line = self._to_robot[0]
        if data != line.sent:
            raise FileError("recording_differs", path=self._path, ms=line.ms, then=_names(line.sent), now=_names(data))
        self._to_robot.popleft()

    def close(self) -> None:
        """Do nothing: nothing is open."""


def _names(data: bytes) -> str:
    return ", ".join(map(name_of, payloads([data])))

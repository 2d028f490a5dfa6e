"""
A session on a cable, as text: every byte each way with its time. Recorded here, replayed by `replay`.

Theory of the format
====================
    petitpas-recording 1
    world 5x5 A1N B2,C3 lapin       in a simulator alone: mat, start, rocks or "-", robot
    0 +                             the cable is plugged in
    0 > 0801…00 ; HELLO             the host writes; then, for people, the messages that this completes
    3 < 0240…00 ; REPLY HELLO       the host reads
    250 > 0409…00/0419…00 ; PING    what one end sent, and what came to the other, where a test has damaged it on its way
    1840 -                          the cable is pulled out
    # anything                      for people

Times are milliseconds since the first `+` and never fall. Each line is written out at once: what was cut in its last line is read without
it. A session that is longer than MOST_BYTES is left off there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from petitpas.errors import FileError, PortUnplugged
from petitpas.robots.ports import OpenPort, Port
from petitpas_robot import wire

VERSION = 1
MOST_BYTES = 4_000_000
"""Of one file: some hours of a class."""

PLUGGED, UNPLUGGED, TO_ROBOT, TO_HOST = "+", "-", ">", "<"

_HEAD = "petitpas-recording"
_LINE = re.compile(r"(\d{1,10}) (?:[+-]|([<>]) ((?:[0-9a-f]{2})+)(?:(/)((?:[0-9a-f]{2})*))?)(?: ;.*)?")
_WORLD = re.compile(r"world (\S+) (\S+) (\S+) (.+)")
_NAMES = {number: name for name, number in vars(wire).items() if name.isupper() and name.isalpha()}
"""Of messages: the names that are one word; a test compares them with the protocol's table."""


class World(NamedTuple):
    """Where a simulated robot began; see `petitpas.simulated.make_runner`."""

    mat: str
    start: str
    rocks: tuple[str, ...]
    robot: str


@dataclass(frozen=True, slots=True)
class Line:
    """What happened at `ms`; bytes were `sent` by one end and `heard` by the other, where `way` is TO_ROBOT or TO_HOST."""

    ms: int
    way: str
    sent: bytes = b""
    heard: bytes = b""


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole session; `world` is None where the robot was none of the simulator's."""

    path: Path
    world: World | None
    lines: tuple[Line, ...]


# --- Recording ------------------------------------------------------------------------------------------------------


class Recorder:
    """
    Writes a session down, through cables that come and go; `is_whole` says whether all of it is there.

    Args:
        out: gets the text, line by line; one that takes no more ends the recording, not the session.
        world: where the robot is, if it is simulated.
        open_port: opens what is recorded.
        most_bytes: where to leave off.
    """

    def __init__(
        self,
        out: TextIO,
        world: World | None = None,
        open_port: Callable[[str], OpenPort] = Port,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.is_whole = True
        self._out = out
        self._open_port = open_port
        self._left = most_bytes
        self._began_ms: int | None = None
        self._receivers = {TO_ROBOT: wire.Receiver(), TO_HOST: wire.Receiver()}
        self._write(f"{_HEAD} {VERSION}")
        if world is not None:
            self._write(f"world {world.mat} {world.start} {','.join(world.rocks) or '-'} {world.robot}")

    def open(self, url: str) -> OpenPort:
        """Open a port that is recorded; raises what opening it raises."""
        port = RecordedPort(self._open_port(url), self)
        self.note(port.now_ms(), PLUGGED)
        return port

    def note(self, now_ms: int, way: str, sent: bytes = b"", heard: bytes | None = None) -> None:
        """Write a line; `heard` is given where it is not what was sent."""
        if self._began_ms is None:
            self._began_ms = now_ms
        line = f"{now_ms - self._began_ms} {way}"
        if sent:
            line += f" {sent.hex()}" + ("" if heard is None else f"/{heard.hex()}") + f" ; {self._names(way, sent)}"
        self._write(line)

    def _names(self, way: str, data: bytes) -> str:
        return ", ".join(name_of(payload) for payload in _payloads(self._receivers[way], data)) or "…"

    def _write(self, line: str) -> None:
        self._left -= len(line) + 1
        if self._left < 0 or not self.is_whole:
            self.is_whole = False
            return
        try:
            self._out.write(line + "\n")
            self._out.flush()
        except OSError:
            self.is_whole = False


class RecordedPort:
    """An open port whose bytes are noted as they pass."""

    def __init__(self, port: OpenPort, recorder: Recorder) -> None:
        self.url = port.url
        self.now_ms = port.now_ms
        self.nonce = port.nonce
        self.close = port.close
        self._port = port
        self._recorder = recorder

    def read(self) -> bytes:
        """Read; see `Port`."""
        try:
            data = self._port.read()
        except PortUnplugged:
            self._recorder.note(self.now_ms(), UNPLUGGED)
            raise
        if data:
            self._recorder.note(self.now_ms(), TO_HOST, data)
        return data

    def write(self, data: bytes) -> None:
        """Write; see `Port`. What could not be sent is not noted."""
        now_ms = self.now_ms()
        try:
            self._port.write(data)
        except PortUnplugged:
            self._recorder.note(self.now_ms(), UNPLUGGED)
            raise
        self._recorder.note(now_ms, TO_ROBOT, data)


# --- Reading --------------------------------------------------------------------------------------------------------


def read_recording(path: Path) -> Recording:
    """
    Read a recording.

    Raises:
        FileError: there is none, it is no recording, or a newer one; code `recording_line` names the line that cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise FileError(path=path) from error
    except OSError as error:
        raise FileError("file_unreadable", path=path) from error
    texts = text[: text.rfind("\n") + 1].splitlines()  # the last line may have been cut
    head, _, version = (texts[0] if texts else "").partition(" ")
    if head != _HEAD or not version.isdecimal():
        raise FileError("file_format", path=path)
    if int(version) != VERSION:
        raise FileError("file_version", path=path)
    world = None
    lines: list[Line] = []
    for number, text in enumerate(texts[1:], 2):
        if text.startswith("#") or not text.strip():
            continue
        match = _WORLD.fullmatch(text)
        if match and world is None and not lines:
            world = World(match[1], match[2], () if match[3] == "-" else tuple(match[3].split(",")), match[4])
            continue
        line = _read_line(text)
        if line is None or not _can_follow(line, lines):
            raise FileError("recording_line", path=path, line=number)
        lines.append(line)
    return Recording(path, world, tuple(lines))


def _read_line(text: str) -> Line | None:
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    ms, way, sent, is_other, heard = match.groups()
    if way is None:
        return Line(int(ms), text.split()[1])
    return Line(int(ms), way, bytes.fromhex(sent), bytes.fromhex(heard if is_other else sent))


def _can_follow(line: Line, lines: list[Line]) -> bool:
    """Say whether a line may come next: a cable must be plugged in, and time goes on."""
    if not lines or lines[-1].way == UNPLUGGED:
        return line.way == PLUGGED and (not lines or line.ms >= lines[-1].ms)
    return line.ms >= lines[-1].ms


# --- Frames ---------------------------------------------------------------------------------------------------------


def payloads(pieces: Iterable[bytes]) -> list[bytes]:
    """Return the payloads of the good frames in bytes that came in pieces."""
    receiver = wire.Receiver()
    return [payload for piece in pieces for payload in _payloads(receiver, piece)]


def name_of(payload: bytes) -> str:
    """Return the name of a message, of a reply with what it replies to."""
    name = _NAMES.get(payload[0], f"0x{payload[0]:02x}")
    return f"{name} {_NAMES.get(payload[2], '?')}" if payload[0] == wire.REPLY and len(payload) > 2 else name


def _payloads(receiver: wire.Receiver, data: bytes) -> list[bytes]:
    found = []
    receiver.push(data, len(data))
    while (count := receiver.next()) >= 0:
        if count >= 2:
            found.append(bytes(receiver.buf[1 : 1 + count]))
    return found

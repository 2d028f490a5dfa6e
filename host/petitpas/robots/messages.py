"""What a robot says, as frozen records: the host's reading of the tables in the firmware's `wire`."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from petitpas_robot import wire


@dataclass(frozen=True, slots=True)
class Entered:
    """A block begins, whose MARK is at address `block` (see `Image.block_at`); `time_ms` is the robot's own time, which wraps at 2**30."""

    time_ms: int
    task: int
    block: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A block that lasts has ended; `how` is a HOW_ number."""

    time_ms: int
    task: int
    block: int
    how: int


@dataclass(frozen=True, slots=True)
class Held:
    """A step is over; the task waits before `block`, NO_BLOCK where it has ended. The last step of a program ends with Finished instead."""

    time_ms: int
    task: int
    block: int


@dataclass(frozen=True, slots=True)
class Finished:
    """Run number `run` (modulo 256) has ended, at `block`, NO_BLOCK at its natural end; `fault` and `address` say what a fault was."""

    time_ms: int
    run: int
    how: int
    fault: int
    block: int
    address: int


@dataclass(frozen=True, slots=True)
class Report:
    """Telemetry, as in REPORT; NO_READING where there is nothing to read."""

    time_ms: int
    heading_deg: int
    battery_mv: int
    distance_mm: int
    line_left: int
    line_right: int
    light: int
    keys: int
    flags: int


Event = Entered | Ended | Held | Finished | Report

_EVENTS: dict[int, tuple[type[Event], str]] = {
    wire.ENTERED: (Entered, "<IBH"),
    wire.ENDED: (Ended, "<IBHB"),
    wire.HELD: (Held, "<IBH"),
    wire.FINISHED: (Finished, "<IBBBHH"),
    wire.REPORT: (Report, "<IHHHHHHBB"),
}


@dataclass(frozen=True, slots=True)
class State:
    """What a robot does: the body of PING's reply. `state` is a STATE_ number, the rest is of run number `run`, the last one."""

    time_ms: int
    state: int
    run: int
    how: int
    fault: int
    block: int
    address: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a robot is and what it can do: the body of HELLO's reply; `can` holds CAN_ bits, `program_crc` is 0 without a program."""

    nonce: int
    major: int
    minor: int
    image_version: int
    tasks: int
    image_bytes: int
    piece_bytes: int
    can: int
    program_crc: int
    kit: str
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a class has made of a robot: `colour` is a COLOUR_, `shape` a SHAPE_, `song` any u8."""

    name: str
    colour: int
    shape: int
    song: int


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What one robot needs to roll true: trims in tenths of a permille, -TRIM_MOST to TRIM_MOST, and its volume in percent, 0 silent.

    `straight` is for a robot that drifts to its left, or, negative, to its right; `length` lengthens distances; `turn` widens angles.
    """

    straight: int = 0
    length: int = 0
    turn: int = 0
    volume: int = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """
    How a part of the check-up goes: the body of CHECK's reply. `part` is a CHECK_ number, 0 for none so far.

    `how` is HOW_RUNNING, or how it ended, `fault` what the encoders say of the wires, FAULT_NONE where they say nothing; `left` and `right`
    are the steps that the wheels have made.
    """

    part: int
    how: int
    fault: int
    left: int
    right: int


_CHECKED = struct.Struct("<BBBii")
_STATE = struct.Struct("<IBBBBHH")
_IDENTITY = struct.Struct("<IBBBBHBHI")
_SETTINGS = struct.Struct("<hhhB")


def read_event(kind: int, body: bytes) -> Event | None:
    """Return the event of a payload, None where it is no event this host knows."""
    row = _EVENTS.get(kind)
    if row is None or len(body) != struct.calcsize(row[1]):
        return None
    return row[0](*struct.unpack(row[1], body))


def read_state(body: bytes) -> State | None:
    """Return the state in the body of PING's reply, None where it is none."""
    return State(*_STATE.unpack(body)) if len(body) == _STATE.size else None


def read_run(body: bytes) -> int | None:
    """Return the number of the run in the body of RUN's or DIRECT's reply, None where there is none."""
    return body[0] if body else None


def read_piece(body: bytes) -> tuple[int, bytes] | None:
    """Return the length of the program and the piece of it in the body of READ's reply, None where it is none."""
    return (int.from_bytes(body[:2], "little"), body[2:]) if len(body) >= 2 else None


def read_identity(body: bytes) -> Identity | None:
    """Return the identity in the body of HELLO's reply, None where it is none; what a newer robot adds is passed over."""
    if len(body) < _IDENTITY.size:
        return None
    kit, at = _text(body, _IDENTITY.size)
    name, at = _text(body, at)
    state = read_state(body[at : at + _STATE.size])
    return None if state is None else Identity(*(*_IDENTITY.unpack_from(body), kit, name, state))


def read_assigned(body: bytes) -> Assigned | None:
    """Return what is in the body of IDENTITY's reply, None where it is none."""
    return Assigned(_text(body, 3)[0], body[0], body[1], body[2]) if len(body) > 4 else None


def write_assigned(assigned: Assigned) -> bytes:
    """Return the body of IDENTITY; the name is cut to NAME_BYTES, between two characters."""
    name = assigned.name.encode()[: wire.NAME_BYTES].decode(errors="ignore").encode()
    return bytes([assigned.colour, assigned.shape, assigned.song, len(name)]) + name


def read_settings(body: bytes) -> Settings | None:
    """Return what is in the body of SETTINGS' reply, None where it is none."""
    return Settings(*_SETTINGS.unpack(body)) if len(body) == _SETTINGS.size else None


def read_checked(body: bytes) -> Checked | None:
    """Return what is in the body of CHECK's reply, None where it is none."""
    return Checked(*_CHECKED.unpack(body)) if len(body) == _CHECKED.size else None


def write_settings(settings: Settings) -> bytes:
    """Return the body of SETTINGS."""
    return _SETTINGS.pack(settings.straight, settings.length, settings.turn, settings.volume)


def _text(body: bytes, at: int) -> tuple[str, int]:
    """Return the text whose length is at `at`, and the place behind it."""
    end = at + 1 + (body[at] if at < len(body) else 0)
    return body[at + 1 : end].decode("utf-8", "replace"), end

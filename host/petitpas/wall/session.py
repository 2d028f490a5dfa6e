"""
A session at the wall, as text: every tap and key with its time. Recorded in a window, replayed without one.

Theory of the format
====================
Each line is a JSON object. The first says where it was; the others what happened, `ms` after the window opened and never before the line
above; pixels are those of the window at that moment.

    {"petitpas-session": 1, "size": [1280, 800], "mat": "5x5", "start": "A1N", "rocks": ["A4"], "goals": ["C3"], "robot": "lapin", …}
    {"ms": 900, "event": "MOUSEBUTTONDOWN", "pos": [100, 700], "button": 1, "touch": false}
    {"ms": 980, "event": "SIZE", "size": [1024, 768]}
    {"ms": 2400, "event": "UNPLUG"}
    {"ms": 9000, "event": "END"}

Each line is written out at once: one that was cut is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

import pygame

from petitpas.classroom.records import Settings, is_setting
from petitpas.errors import FileError
from petitpas_sim.mat import Cell, Mat, Place, parse_cell

VERSION = 1
MOST_LINES = 200_000
"""Of one file: ten taps a second for hours."""

_HEAD = "petitpas-session"
SIZE, UNPLUG, PLUG, END = "SIZE", "UNPLUG", "PLUG", "END"
_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "KEYDOWN": {"key": int, "mod": int},
    "MOUSEBUTTONDOWN": {"pos": list, "button": int, "touch": bool},
    "MOUSEBUTTONUP": {"pos": list, "button": int, "touch": bool},
    "FINGERDOWN": {"touch_id": int, "finger_id": int, "x": (int, float), "y": (int, float)},
    "FINGERUP": {"touch_id": int, "finger_id": int, "x": (int, float), "y": (int, float)},
    "WINDOWFOCUSLOST": {},
    SIZE: {"size": list},
    UNPLUG: {},
    PLUG: {},
    END: {},
}
"""Events of pygame that a wall takes, and four of ours, with what is kept of them; cables are pulled by tests alone."""

OURS = frozenset({SIZE, UNPLUG, PLUG, END})
_NAMES = {getattr(pygame, name): name for name in _FIELDS if name not in OURS}


@dataclass(frozen=True, slots=True)
class Setting:
    """
    Where a session took place: a lesson, else a mat with an exact robot, else home.

    `lesson` is a lesson and its variant ("gs4/pas"); `mat`, `start`, `rocks` and `goals` are written as on the command line; `settings`
    are the teacher's, and all else of the class is as on its first day. `seed` is what chance began with where a program made the taps.
    """

    size: tuple[int, int] = (1280, 800)
    lesson: str = ""
    mat: str = ""
    start: str = "A1N"
    rocks: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    robot: str = "lapin"
    settings: Settings = Settings()  # noqa: RUF009 - it is frozen
    seed: int = 0

    @property
    def ground(self) -> tuple[Mat, Place, tuple[Cell, ...]]:
        """The mat, the start and the goals; ValueError where one of them cannot be."""
        mat, start = Mat.parse(self.mat, self.rocks), Place.parse(self.start)
        goals = tuple(parse_cell(goal) for goal in self.goals)
        if not all(mat.holds(cell) for cell in (start.cell, *goals)) or start.cell in mat.rocks:
            raise ValueError("the start, or a goal, is beside the mat or on a rock")
        return mat, start, goals


@dataclass(frozen=True, slots=True)
class Line:
    """One event at `ms`; `more` is what is kept of it."""

    ms: int
    event: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """A whole session, its lines in the order of their times."""

    setting: Setting
    lines: tuple[Line, ...]

    @property
    def length_ms(self) -> int:
        """When the last thing happened."""
        return self.lines[-1].ms if self.lines else 0


# --- Writing --------------------------------------------------------------------------------------------------------


def head_text(setting: Setting) -> str:
    """Return a session's first line."""
    return _text({_HEAD: VERSION} | asdict(setting))


def line_text(line: Line) -> str:
    """Return an event's line."""
    return _text({"ms": line.ms, "event": line.event, **line.more})


def _text(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


# --- Recording ------------------------------------------------------------------------------------------------------


class Recorder:
    """
    Writes a session down, line by line; `is_whole` says whether all of it is there.

    Args:
        out: gets the text; one that takes no more ends the recording, not the session.
    """

    def __init__(self, out: TextIO, setting: Setting) -> None:
        self.is_whole = True
        self._out = out
        self._lines = 0
        self._began_ms: int | None = None
        self._now_ms = 0
        self._size = setting.size
        self._write(head_text(setting))

    def took(self, event: pygame.event.Event, now_ms: int) -> None:
        """Note an event that the wall takes at the time of its last step; others are left out."""
        name = _NAMES.get(event.type)
        if name is not None:
            self._note(now_ms, name, {field: getattr(event, field, False) for field in _FIELDS[name]})

    def stepped(self, size: tuple[int, int], now_ms: int) -> None:
        """Note a step of the wall, in a window of this size; the first one begins the session's time."""
        if self._began_ms is None:
            self._began_ms = now_ms
        self._now_ms = now_ms
        if size != self._size:
            self._size = size
            self._note(now_ms, SIZE, {"size": size})

    def ended(self) -> None:
        """Note that the window was closed."""
        self._note(self._now_ms, END, {})

    def _note(self, now_ms: int, name: str, more: Mapping[str, object]) -> None:
        self._write(line_text(Line(now_ms - (self._began_ms or 0), name, more)))

    def _write(self, text: str) -> None:
        if not self.is_whole or self._lines > MOST_LINES:
            self.is_whole = False
            return
        self._lines += 1
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):  # the disk is full, or the file has been closed
            self.is_whole = False


# --- Reading --------------------------------------------------------------------------------------------------------


def is_session(data: bytes) -> bool:
    """Say whether the content of a file looks like a session."""
    return data.lstrip().startswith(b'{"' + _HEAD.encode())


def read_session(data: bytes, path: Path) -> Session:
    """
    Return the session in a file's content.

    Raises:
        FileError: it is no session, or from a newer Petit Pas, or a line of it is not right.
    """
    texts = data.decode("utf-8", "replace").splitlines(keepends=True)
    head = _object(texts[0]) if texts else None
    if head is None or not isinstance(head.get(_HEAD), int):
        raise FileError("file_format", path=path)
    if head[_HEAD] > VERSION:
        raise FileError("file_version", path=path)
    lines: list[Line] = []
    for number, text in enumerate(texts[1:], start=2):
        line = _line(_object(text), lines[-1].ms if lines else 0)
        if line is None:
            if number == len(texts) and not text.endswith("\n"):
                break  # it was cut there
            raise FileError("recording_line", path=path, line=number)
        lines.append(line)
    return Session(_setting(head, path), tuple(lines))


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _setting(head: Mapping[str, Any], path: Path) -> Setting:
    """Return the setting in a first line; keys that this version does not know are left out."""
    wanted = {"size": list, "rocks": list, "goals": list, "settings": dict, "seed": int}
    values = {field.name: head[field.name] for field in fields(Setting) if field.name in head}
    is_right = all(isinstance(value, wanted.get(name, str)) for name, value in values.items()) and _is_pair(values.get("size", (1, 1)))
    if not is_right or not all(is_setting(name, value) for name, value in values.get("settings", {}).items()):
        raise FileError("recording_line", path=path, line=1)
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    try:
        setting = Setting(**values | {"settings": Settings(**values.get("settings", {}))})
        if setting.mat:
            _ = setting.ground
    except (TypeError, ValueError) as error:
        raise FileError("recording_line", path=path, line=1) from error
    return setting


def _line(value: Mapping[str, Any] | None, least_ms: int) -> Line | None:
    """Return a line, None where it is not right."""
    if value is None or type(value.get("ms")) is not int or value["ms"] < least_ms or value.get("event") not in _FIELDS:
        return None
    wanted = _FIELDS[value["event"]]
    more = {name: value.get(name) for name in wanted}
    if not all(isinstance(more[name], kind) for name, kind in wanted.items()):
        return None
    if not all(_is_pair(more[name] or ()) for name, kind in wanted.items() if kind is list):
        return None
    return Line(value["ms"], value["event"], more)


def _is_pair(value: Sequence[object]) -> bool:
    """Say whether a list holds two numbers of pixels."""
    return len(value) == 2 and all(type(item) is int and abs(item) < 100_000 for item in value)

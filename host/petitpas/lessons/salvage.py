"""
All that cannot be read in a lesson file, not only the first of it.

A file is read; what that stumbles over is noted and taken out, and the rest is read again, until nothing is left to stumble over. A value
that a lesson cannot do without has a neutral one in its place, so that what stands beside it is still looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from petitpas.errors import LessonError
from petitpas.lessons.lesson import VARIANTS, Lesson
from petitpas.lessons.load import lesson_in

MOST = 50
"""Errors after which a file is given up: it is no lesson."""

_GOAL = {"type": "pattern", "motif": ["wait"]}
_VARIANT = {"kit": "exact", "mat": "26x26", "start": "A1N", "goal": _GOAL, "solution": ["wait"]}
_NEUTRAL: Mapping[str, object] = {"levels": ["CE2"], "title": "?", "mat": "26x26", "goal": _GOAL, "solution": ["wait"]}
"""What stands in for a value that a lesson cannot do without: a robot of any kit can wait, on the largest mat."""

Part = str | int
"""A key, or the place of an item in a list, from 0."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """
    What can be read of a lesson file.

    `lesson` is None where nothing can be; the variants named in `damaged` are not as they were written.
    """

    lesson: Lesson | None
    errors: tuple[LessonError, ...]
    damaged: frozenset[str]


def salvage(values: Mapping[str, object], path: Path) -> Salvage:
    """Return what can be read of the values of a lesson file, and an error for each place that cannot."""
    work = _Work(values)
    lesson = None
    while lesson is None and len(work.errors) < MOST:
        try:
            lesson = lesson_in(work.values, path)
        except LessonError as error:
            if not work.goes_on_without(error):
                break
    return Salvage(lesson, tuple(work.errors), frozenset(work.damaged))


class _Work:
    """The values of a file, less what was taken out of them."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = deepcopy(dict(values))
        self.errors: list[LessonError] = []
        self.damaged: set[str] = set()
        self._removed: defaultdict[tuple[Part, ...], list[int]] = defaultdict(list)  # items that lists had, by their first places

    def goes_on_without(self, error: LessonError) -> bool:
        """Note an error and take its place out; say whether that could be done."""
        parts = _parts(str(error.fields["where"]))
        first = self._first_places(parts)
        error.fields["where"] = _where(first)  # items of its list may have been taken out before it
        if not (error.code == "lesson_missing" and self._took(_where(first))):
            self.errors.append(error)
        if parts[0] == "variants" and len(parts) > 1:
            self.damaged.add(str(parts[1]))
        if error.code == "lesson_unknown":
            return self._drop(parts)
        return self._take_out(parts, first, error.code == "lesson_missing")

    def _took(self, where: str) -> bool:
        """Say whether a value is missing because it was taken out, or all that was in it."""
        return any(re.match(re.escape(where) + r"(\W|$)", str(error.fields["where"])) for error in self.errors)

    def _first_places(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Return the parts with the places that items had in the file."""
        first: list[Part] = []
        for part in parts:
            if isinstance(part, int):
                for removed in sorted(self._removed[tuple(first)]):
                    part += removed <= part
            first.append(part)
        return tuple(first)

    def _take_out(self, parts: tuple[Part, ...], first: tuple[Part, ...], is_missing: bool) -> bool:
        if parts in (("format",), ("variants",)):
            return False
        if parts[0] == "variants" and parts[1] in VARIANTS:
            if "goal" in parts:
                parts = parts[: parts.index("goal") + 1]
                self._drop(("variants", parts[1], "distractors"))
            elif is_missing and "wrong" not in parts and parts[-1] not in _NEUTRAL:
                parts = parts[:2]  # without a kit or a start nothing else makes sense
            if len(parts) == 2 or parts[2] in ("kit", "start"):
                return self._put(parts[:2], _VARIANT)
        if is_missing and parts[-1] not in _NEUTRAL:
            parts, first = parts[:-1], first[:-1]
        around = self._around(parts)
        if isinstance(around, list) and len(around) == 1:
            parts, first = parts[:-1], first[:-1]  # a list with nothing in it would be one more error
        if parts[-1:] and parts[-1] in _NEUTRAL:
            return self._put(parts, _NEUTRAL[str(parts[-1])])
        if parts and isinstance(parts[-1], int):
            self._removed[first[:-1]].append(int(first[-1]))
        return self._drop(parts)

    def _around(self, parts: tuple[Part, ...]) -> object:
        found: object = self.values
        for part in parts[:-1]:
            if isinstance(part, str):
                found = found.get(part) if isinstance(found, dict) else None
            else:
                found = found[part] if isinstance(found, list) and part < len(found) else None
        return found

    def _put(self, parts: tuple[Part, ...], value: object) -> bool:
        around, last = self._around(parts), parts[-1]
        if not isinstance(around, dict) or around.get(str(last)) == value:
            return False
        around[str(last)] = deepcopy(value)
        return True

    def _drop(self, parts: tuple[Part, ...]) -> bool:
        around, last = self._around(parts), parts[-1] if parts else ""
        if isinstance(around, dict) and last in around:
            del around[last]
            return True
        if isinstance(around, list) and isinstance(last, int) and last < len(around):
            del around[last]
            return True
        return False


def _parts(where: str) -> tuple[Part, ...]:
    return tuple(int(part[1:-1]) - 1 if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", where)) or ("",)


def _where(parts: tuple[Part, ...]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")

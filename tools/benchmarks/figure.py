"""One line of what `bench.py` prints."""

from __future__ import annotations

from dataclasses import dataclass

PAIRS = 7
"""Runs of which the median is quoted, each beside its anchor."""


@dataclass(frozen=True)
class Figure:
    """One line: what, how much, beside what, and what was promised (`holds` is None where nothing was)."""

    name: str
    value: str
    anchor: str
    promise: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        mark = "" if self.holds is None else "ok" if self.holds else "NO"
        return f"{self.name:<58} {self.value:>16}   {self.anchor:<44} {self.promise:<16} {mark}"

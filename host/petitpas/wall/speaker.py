"""
The computer's loudspeaker, or none, one sound at a time, and never in the way.

Theory of operation
===================
Opening a sound card may take seconds, during which pygame keeps every thread of its process waiting; so the card belongs to a process of
its own, `player`. `play` and `quiet` only put down the last order. A thread takes it, starts the process where there is none, hands the
order over and waits for the answer; meanwhile newer orders replace each other, and one that is late by then is left out.
A spoken line comes after the sound that was asked for with it; the next sound or line takes its place.
A process that ends has found no card, or has lost it; another is started with a later sound.
"""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Protocol

from petitpas.voice.process import Partner
from petitpas.wall.player import LATE_LINE_S, LATE_S
from petitpas.wall.synth import Score

RETRY_S = 10.0
"""After a process has ended, no other is started before this."""

_PLAYER = (sys.executable, "-m", "petitpas.wall.player")
_CLOSE_S = 1.0


class Speaker(Protocol):
    """What plays scores. No call may take longer than a moment, or raise."""

    is_missing: bool
    """Whether the last sound could not be played: there is no card, or it has gone."""

    def wake(self) -> None:
        """Get ready for a first sound; once is enough."""

    def play(self, score: Score, gain: float, *, yields: bool = False) -> None:
        """Play a score instead of what is being played; `gain` is 0 to 1. One that yields is left out while something is said."""

    def say(self, files: Sequence[Path], gain: float) -> None:
        """Play files one after another, after the sound that is being played, and instead of what is being said."""

    def quiet(self) -> None:
        """End what is being played."""

    def close(self) -> None:
        """Let the card go for good."""


@dataclass(frozen=True, slots=True)
class _Order:
    line: str
    late_s: float = math.inf  # when it is too late for it
    starts: bool = True  # the process, where there is none


class ProcessSpeaker:
    """
    A sound card in a process of its own.

    Args:
        command: starts the process.
        now_s: a clock.
    """

    def __init__(self, command: Sequence[str] = _PLAYER, now_s: Callable[[], float] = time.monotonic) -> None:
        self.is_missing = False
        self._now_s = now_s
        self._wake = threading.Condition()
        self._order: _Order | None = None
        self._line: _Order | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._player = Partner(command, RETRY_S, now_s)

    def wake(self) -> None:
        """Start the process: a first sound would come late by that. The card is opened with the sound, which may be long after."""
        if self._thread is None:
            self._tell(_Order("{}"))

    def play(self, score: Score, gain: float, *, yields: bool = False) -> None:
        """Play a score instead of what is being played."""
        notes = [astuple(note) for note in score]
        order = _Order(json.dumps({"play": notes, "gain": gain, "yields": yields}), self._now_s() + LATE_S)
        with self._wake:
            self._tell(order, self._line if yields else None)

    def say(self, files: Sequence[Path], gain: float) -> None:
        """Play files one after another."""
        order = _Order(json.dumps({"say": [str(file) for file in files], "gain": gain}), self._now_s() + LATE_LINE_S)
        with self._wake:
            self._tell(self._order, order)

    def quiet(self) -> None:
        """End what is being played."""
        self._tell(_Order("{}", starts=False))

    def close(self) -> None:
        """Let the card go for good, without waiting for a process that does not answer."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        self._player.close()
        if self._thread is not None:
            self._thread.join(_CLOSE_S)

    def _tell(self, order: _Order | None, line: _Order | None = None) -> None:
        """Put down what is to be done next: an order, and what is said after it."""
        with self._wake:
            if self._is_closed or (self._thread is None and not any(each and each.starts for each in (order, line))):
                return
            self._order, self._line = order, line
            self._wake.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._order is not None or self._line is not None or self._is_closed)
                order = self._order or self._line
                if self._order is not None:
                    self._order = None
                else:
                    self._line = None
            if self._is_closed:
                self._player.end()
                return
            if order is not None and self._now_s() <= order.late_s:
                self._hand_over(order)

    def _hand_over(self, order: _Order) -> None:
        """Hand an order to the process, which is started for a sound, and wait for its answer."""
        if order.starts:
            self._player.start()
        if order.starts or self._player.is_there:
            self.is_missing = not self._player.ask(order.line)

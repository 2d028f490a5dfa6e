"""
The computer's loudspeaker, or none, one sound at a time, and never in the way.

Theory of operation
===================
Opening a sound card may take seconds, during which pygame keeps every thread of its process waiting; so the card belongs to a process of
its own, `player`. `play` and `quiet` only put down the last order. A thread takes it, starts the process at the first sound, hands the
order over and waits for the answer; meanwhile newer orders replace each other, and one that is late by then is left out.
A process that ends has found no card, or has lost it; another is started with a later sound.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Protocol

from petitpas.wall.player import LATE_S
from petitpas.wall.synth import Score

RETRY_S = 10.0
"""After a process has ended, no other is started before this."""

_PLAYER = (sys.executable, "-m", "petitpas.wall.player")
_CLOSE_S = 1.0
_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows, where a process would open one."""


class Speaker(Protocol):
    """What plays scores. No call may take longer than a moment, or raise."""

    is_missing: bool
    """Whether the last sound could not be played: there is no card, or it has gone."""

    def play(self, score: Score, gain: float) -> None:
        """Play a score instead of what is being played; `gain` is 0 to 1."""

    def quiet(self) -> None:
        """End what is being played."""

    def close(self) -> None:
        """Let the card go for good."""


@dataclass(frozen=True, slots=True)
class _Order:
    line: str
    asked_s: float
    is_sound: bool


class ProcessSpeaker:
    """
    A sound card in a process of its own.

    Args:
        command: starts the process.
        now_s: a clock.
    """

    def __init__(self, command: Sequence[str] = _PLAYER, now_s: Callable[[], float] = time.monotonic) -> None:
        self.is_missing = False
        self._command = command
        self._now_s = now_s
        self._wake = threading.Condition()
        self._order: _Order | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._retry_s = now_s()

    def play(self, score: Score, gain: float) -> None:
        """Play a score instead of what is being played."""
        notes = [astuple(note) for note in score]
        self._tell(_Order(json.dumps({"play": notes, "gain": gain}), self._now_s(), is_sound=True))

    def quiet(self) -> None:
        """End what is being played."""
        self._tell(_Order("{}", self._now_s(), is_sound=False))

    def close(self) -> None:
        """Let the card go for good, without waiting for a process that does not answer."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
            if self._process is not None:
                self._process.kill()
        if self._thread is not None:
            self._thread.join(_CLOSE_S)

    def _tell(self, order: _Order) -> None:
        with self._wake:
            if self._is_closed or (self._thread is None and not order.is_sound):
                return
            self._order = order
            self._wake.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._order is not None or self._is_closed)
                order, self._order = self._order, None
            if order is not None and self._is_ready(order) and not self._is_closed:
                self.is_missing = not self._hand_over(order.line)
            if self.is_missing or self._is_closed:
                self._end()
            if self._is_closed:
                return

    def _is_ready(self, order: _Order) -> bool:
        """Say whether there is a process for an order; start one for a sound, after a while if one has ended."""
        now_s = self._now_s()
        if order.is_sound and now_s - order.asked_s > LATE_S:
            return False
        if self._process is None and order.is_sound and now_s >= self._retry_s:
            self._retry_s = now_s + RETRY_S
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    creationflags=_NO_CONSOLE,
                )
            except OSError:
                self.is_missing = True
        return self._process is not None

    def _hand_over(self, line: str) -> bool:
        """Hand a line to the process and wait for its answer; say whether there was one."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline() != ""
        except OSError:
            return False

    def _end(self) -> None:
        with self._wake:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

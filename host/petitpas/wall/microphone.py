"""The computer's microphone, or none: a process of its own listens, for opening it may take seconds; see `listening`."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any, Protocol

from petitpas.voice.process import ended, started

_LISTENER = (sys.executable, "-m", "petitpas.wall.listening")
_NONE = {"trouble": "no_microphone"}


class Microphone(Protocol):
    """What records. No call may take longer than a moment, or raise."""

    def prepare(self) -> None:
        """Get ready to record; the microphone stays closed."""

    def record(self, file: Path) -> None:
        """Record into a file until `enough`, or for as long as may be."""

    def enough(self) -> None:
        """End what is being recorded."""

    def told(self) -> Sequence[dict[str, Any]]:
        """Return what was told since: see `listening`."""

    def close(self) -> None:
        """Let go of the microphone; what is being recorded, or was told of it, is forgotten."""


class ProcessMicrophone:
    """
    A microphone in processes of its own, one for each recording, of which the next one waits.

    Args:
        command: starts a process.
    """

    def __init__(self, command: Sequence[str] = _LISTENER) -> None:
        self._command = command
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._process: Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._is_used = False

    def prepare(self) -> None:
        """Start a process where none waits; one that has recorded has told so, and is over."""
        if self._process is not None and not self._is_used and self._process.poll() is None:
            return
        self._end()
        try:
            self._process = started(self._command)
        except OSError:
            return
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="microphone", daemon=True)
        self._reader.start()

    def record(self, file: Path) -> None:
        """Record into a file."""
        self.prepare()
        self.told()
        self._is_used = True
        self._order({"record": str(file)})

    def enough(self) -> None:
        """End what is being recorded."""
        self._order({})

    def told(self) -> Sequence[dict[str, Any]]:
        """Return what was told since."""
        return [self._told.get() for _ in range(self._told.qsize())]

    def close(self) -> None:
        """Let go of the microphone."""
        self._end()
        self.told()

    def _end(self) -> None:
        process, self._process, self._is_used = self._process, None, False
        if process is not None:
            process.kill()
        if self._reader is not None:
            self._reader.join()  # it reads to the end of what was told
        ended(process)

    def _order(self, order: dict[str, str]) -> None:
        try:
            if self._process is None or self._process.stdin is None:
                raise OSError
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except OSError:
            self._told.put(_NONE)

    def _read(self, process: Popen[str]) -> None:
        assert process.stdout is not None
        is_over = False
        for line in process.stdout:
            told = json.loads(line)
            is_over = "level" not in told
            self._told.put(told)
        if not is_over and self._process is process:
            self._told.put(_NONE)

"""Processes beside the wall, for what keeps everything waiting: a line goes in, a line comes back."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Sequence

_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows, where a process would open one."""


def started(command: Sequence[str]) -> subprocess.Popen[str]:
    """Start a process that is spoken to in lines of UTF-8; raise OSError where it does not start."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        creationflags=_NO_CONSOLE,
    )


def ended(process: subprocess.Popen[str] | None) -> None:
    """End a process at once, whatever it does."""
    if process is not None:
        process.kill()
        process.communicate()


class Partner:
    """
    A process that answers each line with one: started when it is wanted, and after it has ended not again before a while.

    One thread speaks with it; `kill` and `close` may come from any other.

    Args:
        command: starts it.
        retry_s: from one start to the next, at least.
        now_s: a clock.
    """

    def __init__(self, command: Sequence[str], retry_s: float, now_s: Callable[[], float]) -> None:
        self._command = command
        self._retry_s = retry_s
        self._now_s = now_s
        self._next_s = now_s()
        self._lock = threading.Lock()  # never kept while an answer is waited for
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False

    @property
    def is_there(self) -> bool:
        """Whether it was started, and has not ended as far as is known."""
        return self._process is not None

    def start(self) -> bool:
        """Start it where it is not there; say whether it is."""
        with self._lock:
            if self._process is None and not self._is_closed and self._now_s() >= self._next_s:
                self._next_s = self._now_s() + self._retry_s
                try:
                    self._process = started(self._command)
                except OSError:
                    return False
            return self._process is not None

    def ask(self, line: str) -> str:
        """Hand it a line and return its answer with its end of line; "" where it has ended, or was killed meanwhile."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return ""
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        if not answer:
            self.end()
        return answer

    def end(self) -> None:
        """End it at once; it may be started again."""
        with self._lock:
            process, self._process = self._process, None
        ended(process)

    def kill(self) -> None:
        """Have what is asked of it answered by "", and itself ended."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Kill it, for good."""
        self._is_closed = True
        self.kill()

"""Processes beside the wall, for what keeps everything waiting: a line goes in, a line comes back."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

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


def answered(process: subprocess.Popen[str], line: str) -> str:
    """Hand a line to a process and return its answer with its end of line, "" where the process has ended."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return ""


def ended(process: subprocess.Popen[str] | None) -> None:
    """End a process at once, whatever it does."""
    if process is not None:
        process.kill()
        process.communicate()

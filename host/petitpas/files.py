"""Files that a person names: what cannot be read or written is told in a sentence."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TextIO

from petitpas.errors import FileError


def read_bytes(file: Path) -> bytes:
    """Return what is in a file; raise FileError where it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise FileError(path=file) from error
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error


def open_new(file: Path) -> TextIO:
    """Open a file to write it anew; raise FileError where that cannot be."""
    try:
        return file.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error


def write(file: Path, data: bytes) -> None:
    """Write a file; where the disk is full, no half of it stays. Raise FileError where it cannot be written."""
    try:
        with file.open("wb") as out:
            out.write(data)
    except OSError as error:
        is_full = error.errno == errno.ENOSPC
        if is_full and file.is_file():
            file.unlink()
        raise FileError("file_full" if is_full else "file_unreadable", path=file) from error

"""Program files."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path

from ..errors import FileError
from .tree import Program, read, to_json
from .validate import check

MAX_FILE_BYTES = 4_000_000
"""A program of 1000 blocks takes about 200 kB, indented; what is far longer is another kind of file."""


def load(path: str | PathLike[str]) -> Program:
    """
    Return the program of a JSON file, checked.

    Raises:
        FileError: there is no such file, it cannot be read, or it is far too long to be a program.
        ProgramError: anything that is wrong in it.
    """
    try:
        with Path(path).open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise FileError(path=fspath(path)) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file system has
        raise FileError("file_unreadable", path=fspath(path)) from error
    if len(text) > MAX_FILE_BYTES:
        raise FileError("file_format", path=fspath(path))
    return check(read(text))


def save(program: Program, path: str | PathLike[str]) -> None:
    """Write a valid program to a JSON file, whole or not at all; raise FileError where it cannot be written."""
    target = Path(path)
    draft = target.with_name(target.name + ".new")
    try:
        draft.write_text(to_json(check(program)), encoding="utf-8", newline="\n")
        draft.replace(target)
    except (OSError, ValueError) as error:
        raise FileError("file_unreadable", path=fspath(path)) from error

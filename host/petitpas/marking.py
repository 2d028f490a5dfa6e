"""
`petitpas check-many`: a file of pupils' programs in, a file of verdicts out, a line for each.

What was written is kept: begun again, only what is missing is done. Each line of verdicts says which line it answers and, as a checksum,
what that line was, so that a file of programs that has changed since is answered anew from the change on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from petitpas.errors import FileError
from petitpas.files import read_bytes
from petitpas.lessons.many import Answer, Asked, Row, check_many
from petitpas.words import Words
from petitpas_sim.kits import BOARD_KITS

_HEAD = '{"line": '
"""How every line of verdicts begins."""

_EVERY = 100
"""Verdicts after which what was written is handed to the disk, and progress is told."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is to be answered: its number from 1, what it holds decoded, and a checksum of it and of what is asked."""

    number: int
    row: Row
    checksum: str

    def told(self, answer: Answer) -> str:
        """Return the line of verdicts that answers it."""
        head: Answer = {"line": self.number, "row": self.checksum}
        if isinstance(self.row, dict):
            head.update((name, self.row[name]) for name in ("id", "lesson", "variant") if isinstance(self.row.get(name), str | int))
        return json.dumps({**head, **answer}, ensure_ascii=False) + "\n"


def check_file(options: argparse.Namespace, words: Words) -> bool:
    """Write the verdict on each line of a file, and say whether every line could be judged."""
    asked = Asked(options.explain, BOARD_KITS if options.kits else (), words.lang)
    lines = list(_lines(read_bytes(options.file), asked))
    kept = _kept(options.out, lines) if options.out else []
    counts = {"reached": 0, "others": 0, "errors": 0}
    for text in kept:
        counts[_outcome(json.loads(text))] += 1
    left = lines[len(kept) :]
    done = check_many([line.row for line in left], asked, options.jobs if options.jobs > 0 else os.cpu_count() or 1)
    with _output(options.out, kept) as out:
        for at, (line, answer) in enumerate(zip(left, done, strict=True), start=len(kept) + 1):
            out.write(line.told(answer))
            counts[_outcome(answer)] += 1
            if at % _EVERY == 0:
                out.flush()
                _progress(words.text("cli.check-many.progress", done=at, all=len(lines)))
    _progress("")
    print(words.text("cli.check-many.done", all=len(lines), **counts), file=sys.stderr)
    return not counts["errors"]


def _lines(data: bytes, asked: Asked) -> Iterator[_Line]:
    """Give the lines of a file that are not blank."""
    asks = repr(asked).encode()
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):  # some editors put a mark at the beginning
        if line.strip():
            yield _Line(number, _decoded(line), f"{zlib.crc32(asks + line.strip()):08x}")


def _decoded(line: bytes) -> Row:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        return None


def _kept(file: Path, lines: Sequence[_Line]) -> list[str]:
    """
    Return the lines of verdicts, of a file that may not exist yet, that answer the first of `lines`.

    Raises:
        FileError: something else is in the file; it is not written over.
    """
    if not file.exists():
        return []
    written = read_bytes(file).decode("utf-8", "replace")
    if not written.startswith(_HEAD[: len(written)]):
        raise FileError("rows_other", path=file)
    kept = []
    for text, line in zip(written.split("\n")[:-1], lines, strict=False):  # what follows the last end of a line was cut
        fields = _fields(text)
        if (fields.get("line"), fields.get("row")) != (line.number, line.checksum):
            break
        kept.append(text + "\n")
    return kept


def _fields(text: str) -> Answer:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _outcome(answer: Answer) -> str:
    return "errors" if "error" in answer else "reached" if answer["reached"] else "others"


@contextmanager
def _output(file: Path | None, kept: Sequence[str]) -> Iterator[TextIO]:
    """Open what verdicts are written to: a file, cut behind what is kept, or standard output."""
    if file is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        out = file.open("r+" if file.exists() else "w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error
    with out:
        out.seek(sum(len(text.encode()) for text in kept))
        out.truncate()
        yield out


def _progress(text: str) -> None:
    """Show how far one is, on a line that is written over; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}\r" if not text else f"\r{text:<40}", end="", file=sys.stderr, flush=True)

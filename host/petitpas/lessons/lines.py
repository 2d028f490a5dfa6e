"""On which line of a TOML text a value stands: tomllib reads values only, and a person who mends a file wants the line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_STRING = re.compile(r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*\'''', re.DOTALL)
_BARE = re.compile(r"[^,\]}\r\n#]*")


def lines_of(text: str) -> dict[str, int]:
    """
    Return the line, from 1, of every value of a TOML text that tomllib reads.

    Values are named as errors name them: keys with dots, items of a list from 1, as in `variants.pas.wrong[2].idea`.
    """
    return _Reader(text).lines


def line_of(lines: dict[str, int], where: str) -> int:
    """Return the line of a value; of what is around it where it is not there itself."""
    while where and where not in lines:
        where = re.sub(r"(\.?[^.\[\]]+|\[\d+\]|.)$", "", where)
    return lines.get(where, 1)


class _Reader:
    """Goes once through a text and notes where each value begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._text = text
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._counts: Counter[str] = Counter()  # the tables so far of each array of tables
        self._at = 0
        table = ""
        while self._next():
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> str:
        """Pass over blanks and comments; return the letter that follows, "" at the end."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at + 1
        return found[0] if found else ""

    def _note(self, name: str) -> None:
        self.lines.setdefault(name, bisect_right(self._ends, self._at - 1) + 1)

    def _keys(self, name: str) -> str:
        """Pass over a key with its dots; return the name of its value in the table `name`."""
        while True:
            self._next()
            key = self._take(_KEY).strip("\"'")
            name = f"{name}.{key}" if name else key
            if self._next() != ".":
                return name
            self._at += 1
            if name in self._counts:
                name = f"{name}[{self._counts[name]}]"

    def _header(self) -> str:
        is_item = self._text.startswith("[[", self._at)
        self._at += 1 + is_item
        name = self._keys("")
        if is_item:
            self._counts[name] += 1
            self._note(name)
            name = f"{name}[{self._counts[name]}]"
        self._note(name)
        self._at += 1 + is_item
        return name

    def _pair(self, table: str) -> None:
        name = self._keys(table)
        self._note(name)
        self._at += 1  # the equal sign
        self._value(name)

    def _value(self, name: str) -> None:
        begins = self._next()
        self._note(name)
        if begins == "[":
            self._at += 1
            self._items(name)
        elif begins == "{":
            self._at += 1
            while self._next() not in ("}", ""):
                if self._next() == ",":
                    self._at += 1
                else:
                    self._pair(name)
            self._at += 1
        else:
            self._take(_STRING if begins in ("'", '"') else _BARE)

    def _items(self, name: str) -> None:
        number = 0
        while self._next() not in ("]", ""):
            if self._next() == ",":
                self._at += 1
            else:
                number += 1
                self._value(f"{name}[{number}]")
        self._at += 1

"""Every word that a child or an adult reads or hears, in French first: a file of this folder is a language, and all have the same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LANGUAGE = "fr"
"""The language of the house, and the one that stands in where another has no word."""

_FILES = {file.stem: file for file in Path(__file__).parent.glob("*.toml")}

LANGUAGES = (LANGUAGE, *sorted(_FILES.keys() - {LANGUAGE}))
"""Every language that has a file here, French first."""


class Key(str):
    """A key of the words, given as a field of another sentence: it is translated where it is said."""


class Words:
    """
    The words of one language.

    Args:
        lang: one of LANGUAGES; any other gives French.
    """

    def __init__(self, lang: str = LANGUAGE) -> None:
        self.lang = lang if lang in LANGUAGES else LANGUAGE
        self._table = _table(self.lang)

    def text(self, key: str, /, **fields: object) -> str:
        """
        Return the words at a dotted key, with `{name}` filled in from the fields; a field that is a `Key` is translated first.

        A field that is not given is said as "…": a sentence with a hole helps more than none.

        Raises:
            KeyError: French has no such key.
        """
        template = self._table.get(key)
        if template is None:
            template = _table(LANGUAGE)[key]
        said = {name: self.text(value) if isinstance(value, Key) else value for name, value in fields.items()}
        return template.format_map(_Fields(said))

    def sentence(self, key: str, /, **fields: object) -> str:
        """Return `text` with a capital at its head, whatever field it begins with."""
        said = self.text(key, **fields)
        return said[:1].upper() + said[1:]

    def has(self, key: str) -> bool:
        """Say whether there are words at `key`."""
        return key in self._table or key in _table(LANGUAGE)

    def robot(self, name: str) -> str:
        """Return what a robot is called, with its article ("le lapin"); its own name where the words have none."""
        return self.text(f"robots.{name}") if self.has(f"robots.{name}") else name

    def keys(self, under: str = "") -> list[str]:
        """Return this language's keys, in the file's order; only those below `under` where it is given."""
        return [key for key in self._table if not under or key.startswith(under + ".")]


class _Fields(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


@cache
def _table(lang: str) -> dict[str, str]:
    return dict(_flat(tomllib.loads(_FILES[lang].read_text(encoding="utf-8")), ""))


def _flat(node: object, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _flat(value, f"{prefix}.{name}" if prefix else name)
    else:
        yield prefix, str(node)

"""The parser of the command line, in the language of the words: argparse asks `gettext` for all that it says, by its English text."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from petitpas.words import Words

_OURS = "cli.parser"
"""Where the words have what argparse says; in English they are its own, so that they can be looked up."""


@contextmanager
def spoken(words: Words) -> Iterator[None]:
    """Have argparse speak the language of the words while this lasts; what the words have not is said as argparse has it."""
    english = Words("en")
    said = {english.text(key): words.text(key) for key in english.keys(_OURS)}

    def one(text: str) -> str:
        return said.get(text, text)

    def some(singular: str, plural: str, count: int) -> str:
        return one(singular if count == 1 else plural)

    names = vars(argparse)
    theirs = names["_"], names["ngettext"]
    names["_"], names["ngettext"] = one, some
    try:
        yield
    finally:
        names["_"], names["ngettext"] = theirs

"""Which block a word means that names none: a child's word for a card, in any of the languages, or a name that is nearly right."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cache

from ..words import LANGUAGES, Words
from .blocks import BLOCKS

_NEAR = 0.8
"""How like a word must be, 0 to 1: a letter more, less or in another place."""

_LONGEST = 60
"""Letters of a word that is looked at: no card is called by more."""


def meant_by(text: str) -> str | None:
    """Return the block that a word of a person probably means, None where nothing is like it."""
    if len(text) > _LONGEST:
        return None
    known = _known()
    near = get_close_matches(_plain(text), known, 1, _NEAR)
    return known[near[0]] if near else None


@cache
def _known() -> dict[str, str]:
    """Return blocks by their names and by what people call them; of those that are called alike the first of the catalogue."""
    known = {_plain(block): block for block in BLOCKS}
    tables = [Words(lang) for lang in LANGUAGES]
    for block in BLOCKS:
        called = [_plain(words.text(f"blocks.{block}.{key}")) for words in tables for key in ("name", "ms", "cp")]
        for name in (*called, *(name.split()[-1] for name in called[:1])):  # « gauche » alone
            known.setdefault(name, block)
    return known


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)).strip()

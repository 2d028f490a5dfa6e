"""
What is said: from the name that the wall gives a line to the key of its words, and to the sentence in the words of a level.

A card is said as children of the level read it; a tile as `[voice]` of the words puts it, where its word alone would say too little; a
lesson's own sentences are given by the lesson.
"""

from __future__ import annotations

from collections.abc import Mapping

from petitpas.lessons import Lesson, Variant
from petitpas.lessons.sheet import Sentence
from petitpas.program.blocks import BLOCKS, Level
from petitpas.words import Words

AGES: dict[Level, str] = {"PS": "ps", "MS": "ms", "GS": "ms", "CP": "cp", "CE1": "cp", "CE2": "cp"}
"""Which word of a card is said at a level."""

WORDS_PER_MINUTE: dict[Level, int] = {"PS": 120, "MS": 120, "GS": 125, "CP": 135, "CE1": 140, "CE2": 140}
"""
How fast the system's voice reads: slower than espeak-ng's own 175, which is talk among adults, so that a class can follow and repeat.
"""

_TILES = "wall."
_HOLE = "…"
"""What words say for a field that is not given."""


def challenge_of(lesson: Lesson, variant: Variant) -> str:
    """Return the line of a variant's challenge."""
    return f"lessons.{lesson.id}.{variant.name}.challenge"


def success_of(lesson: Lesson) -> str:
    """Return the line of what a child says after a success."""
    return f"lessons.{lesson.id}.success"


def sentences_of(lesson: Lesson, variant: Variant) -> dict[str, Sentence]:
    """Return the sentences of a variant of a lesson, by their lines."""
    said = {challenge_of(lesson, variant): variant.challenge, success_of(lesson): lesson.success}
    return {line: sentence for line, sentence in said.items() if sentence is not None}


def line_of(name: str, level: Level, **fields: object) -> str:
    """
    Return the line that is said at a level for what the wall names: a key of the words.

    Args:
        name: of a tile or a state ("wall.forward"), or a line, which stays.
        fields: what the line has to fill in; a card without its number is said in a word.
    """
    tile = name.removeprefix(_TILES)
    words = Words()
    if tile != name and words.has(f"voice.{tile}"):
        return f"voice.{tile}"
    if tile != name and tile in BLOCKS:
        age = AGES[level]
        several = fields.get("cells", 1) != 1 and words.has(f"blocks.{tile}.many")
        line = f"blocks.{tile}.{'many' if several and age == 'cp' else age}"
        return line if _HOLE not in words.text(line, **fields) else f"blocks.{tile}.ms"
    return name


def text_of(line: str, lang: str, own: Mapping[str, Sentence], **fields: object) -> str:
    """Return what is said, "" where there are no words for it; `own` are a lesson's own sentences."""
    if line in own:
        return own[line].text(lang)
    words = Words(lang)
    return words.text(line, **fields) if words.has(line) else ""


def file_name(line: str, **fields: object) -> str:
    """Return what a recording of a line is called, without its ending: a line that is filled in has one for each number."""
    words = Words()
    is_filled = words.has(line) and _HOLE in words.text(line)
    return "-".join([line, *(str(value) for value in fields.values())]) if is_filled else line

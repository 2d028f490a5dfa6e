"""How a lesson speaks: words that are never said to a class, and how long what pupils hear may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from petitpas.errors import LessonError
from petitpas.lessons.lesson import Lesson, Variant
from petitpas.lessons.sheet import Sentence

NEVER = re.compile(r"\b(faux|fausse|raté|ratée|échec|mauvais|mauvaise|perdu|perdue|se tromper|trompé|trompée)\b", re.IGNORECASE)
"""Petit Pas never says these, as whole words, to anybody."""

MAX_SENTENCES = 2
MAX_WORDS_YOUNG = 8
MAX_WORDS = 12
"""What pupils can keep in mind: of what is said to them once; and from CP, of what they say themselves after a success."""

_YOUNG = ("PS", "MS", "GS")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[«“\"A-ZÀ-Ý])")


def kept_words(value: object, where: str = "") -> Iterator[LessonError]:
    """Give an error for each text among the values of a lesson file that has a word of NEVER."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from kept_words(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from kept_words(inner, f"{where}[{number}]")
    elif isinstance(value, str) and (found := NEVER.search(value)):
        yield LessonError("lesson_word", where=where, word=found[0])


def said_well(lesson: Lesson, variants: Iterable[Variant]) -> Iterator[LessonError]:
    """Give an error for each thing said by or to pupils that is too long for them."""
    most = MAX_WORDS_YOUNG if set(lesson.levels) & set(_YOUNG) else MAX_WORDS
    said = {f"variants.{variant.name}.challenge": (variant.challenge, MAX_WORDS_YOUNG) for variant in variants}
    said["success"] = lesson.success, most
    said |= {f"sheet.criteria[{n}]": (Sentence(text), most) for n, text in enumerate(lesson.sheet.criteria, start=1)}
    for where, (sentence, words) in said.items():
        for lang, text in sentence.texts.items() if sentence else ():
            yield from _too_long(where if where.startswith("sheet") else f"{where}.{lang}", text, words)


def length_of(text: str) -> tuple[int, int]:
    """Return how many sentences a text has, and the words of its longest."""
    sentences = _SENTENCE_END.split(text)
    return len(sentences), max(len(_WORD.findall(sentence)) for sentence in sentences)


def _too_long(where: str, text: str, most: int) -> Iterator[LessonError]:
    sentences, longest = length_of(text)
    if sentences > MAX_SENTENCES:
        yield LessonError("lesson_sentences", where=where, number=sentences, most=MAX_SENTENCES)
    if longest > most:
        yield LessonError("lesson_long", where=where, number=longest, most=most)

"""Whether a lesson stays within the programmes: what it refers to is in force, and its cards belong to the level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from petitpas.errors import LessonError
from petitpas.lessons.lesson import Lesson, Variant
from petitpas.lessons.programmes import Reference
from petitpas.lessons.search import Choice
from petitpas.program.blocks import BLOCKS, LEVELS, Level
from petitpas.words import Key, Words


def referred(lesson: Lesson, today: date, references: Mapping[str, Reference]) -> Iterator[LessonError]:
    """
    Give an error for each reference that is not there, or no longer in force.

    One that is not in force yet is none: it is shown with the day on which it will be.
    """
    for number, code in enumerate(lesson.references, start=1):
        where = f"references[{number}]"
        reference = references.get(code)
        if reference is None:
            yield LessonError("lesson_reference", where=where, value=code)
        elif reference.ends is not None and reference.ends < today:
            yield LessonError("lesson_reference_ended", where=where, value=code, day=reference.ends.isoformat())


def within_level(lesson: Lesson, variants: Iterable[Variant]) -> Iterator[LessonError]:
    """Give an error for each variant with a card that no programme of the level has, where it does not say that it is enrichment."""
    level = max(lesson.levels, key=LEVELS.index)
    for variant in variants:
        above = [] if variant.is_enrichment else [choice for choice in variant.blocks if _is_above(choice, level)]
        for choice in above:
            block = Key(f"blocks.{choice.type}.name")
            yield LessonError("lesson_above", where=f"variants.{variant.name}", block=block, level=Key(f"levels.{level}"))


def badges(lesson: Lesson, today: date, references: Mapping[str, Reference], words: Words) -> tuple[str, ...]:
    """Return what a teacher must see at once of a lesson: what is beyond the programmes, and from when on it is in one."""
    found = []
    beyond = [words.text(f"print.variants.{variant.name}") for variant in lesson.variants if variant.is_enrichment]
    if len(beyond) == len(lesson.variants):
        found.append(words.text("levels.enrichment"))
    elif beyond:
        found.append(words.text("lesson.enrichment", enrichment=Key("levels.enrichment"), variants=", ".join(beyond)))
    begins = [references[code].begins for code in lesson.references if code in references]
    if begins and min(begins) > today:
        found.append(words.text("print.from", year=min(begins).year))
    return tuple(found)


def _is_above(choice: Choice, level: Level) -> bool:
    row = BLOCKS[choice.type]
    cells = row.parameter("cells")
    first = cells.level if cells is not None and choice.most > 1 else row.level
    return row.is_enrichment or LEVELS.index(max(first, row.level, key=LEVELS.index)) > LEVELS.index(level)

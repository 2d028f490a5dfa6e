"""What a lesson still lacks: it can be played without, but another teacher could not give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from petitpas.errors import LessonError
from petitpas.lessons.lesson import Lesson, Variant
from petitpas.lessons.sheet import HEADINGS, Sentence
from petitpas_sim.mat import Cell, cell_name

ABSENT = "lesson_absent"
"""The code of what is to be completed; every other is of what is to be mended."""

CRITERIA = 2
"""Success pictograms of a lesson, each with its sentence."""


def missing_in(lesson: Lesson, variants: Iterable[Variant]) -> Iterator[LessonError]:
    """Give an error for each thing that a lesson, and those variants of it, still lacks."""
    absent = [key for key in ("objective", "session", "duration_min", "tested") if not getattr(lesson, key)]
    if not lesson.references and not all(variant.is_enrichment for variant in lesson.variants):
        absent.append("references")
    absent += [f"sheet.{heading}" for heading in HEADINGS if not getattr(lesson.sheet, heading)]
    if lesson.sheet.criteria and len(lesson.sheet.criteria) < CRITERIA:
        absent.append(f"sheet.criteria[{CRITERIA}]")
    absent += _unsaid("success", lesson.success)
    for variant in variants:
        at = f"variants.{variant.name}"
        absent += _unsaid(f"{at}.challenge", variant.challenge)
        if not variant.wrong and variant.goal.type not in ("predict", "choose"):
            absent.append(f"{at}.wrong")
        absent += [f"{at}.landmarks.{cell_name(cell)}" for cell in _marked(variant) if cell not in variant.landmarks]
    return (LessonError(ABSENT, where=where) for where in absent)


def _unsaid(where: str, sentence: Sentence | None) -> list[str]:
    if sentence is None:
        return [where]
    return [] if "en" in sentence.texts else [f"{where}.en"]


def _marked(variant: Variant) -> tuple[Cell, ...]:
    """Return the cells of a goal that pupils look for, which have pictures."""
    goal = variant.goal
    if goal.place is not None:
        return (goal.place.cell,)
    return goal.cells if goal.type in ("order", "bip") else goal.cells[-1:]

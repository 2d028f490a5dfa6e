"""The pages that a teacher reads: the sheet of a lesson, and what a whole level is."""

from __future__ import annotations

from datetime import date

from petitpas.lessons.lesson import VARIANTS, Lesson, Variant
from petitpas.lessons.programmes import Reference, Sequence, all_references, all_sequences
from petitpas.lessons.scope import badges
from petitpas.lessons.sheet import HEADINGS
from petitpas.printing.cards import Data, steps_of
from petitpas.printing.mats import mat_data
from petitpas.words import Words


def teacher_sheet(lesson: Lesson, words: Words, today: date) -> Data:
    """Return the teacher's page of a lesson; `today` decides which references are not in force yet."""
    known = all_references()
    sequence = sequence_of(lesson)
    is_whole = all(variant.is_enrichment for variant in lesson.variants)
    return {
        "kind": "sheet",
        "levels": " · ".join(lesson.levels),
        "title": lesson.title,
        "place": words.text("print.session", number=lesson.session, title=sequence.title) if sequence else "",
        "duration": words.text("print.minutes", minutes=lesson.duration_min) if lesson.duration_min else "",
        "objective": lesson.objective,
        "references": [_reference(known[code], words, today) for code in lesson.references if code in known],
        "badges": badges(lesson, today, known, words),
        "headings": [
            {"name": words.text(f"print.headings.{name}"), "text": " · ".join(value) if name == "vocabulary" else value}
            for name in HEADINGS
            if (value := getattr(lesson.sheet, name))
        ],
        "success": lesson.success.text(words.lang) if lesson.success else "",
        "variants": [_variant(variant, words, is_whole) for variant in lesson.variants],
        "foot": words.text("print.foot", id=lesson.id, day=lesson.tested.strftime("%d/%m/%Y") if lesson.tested else "…"),
        "say": {key: words.text(f"print.{key}") for key in ("objective", "success_said", "solution", "given", "choices", "watch")},
    }


def sequence_of(lesson: Lesson) -> Sequence | None:
    """Return the séquence that a lesson belongs to."""
    return next((sequence for sequence in all_sequences() if lesson.id in sequence.lessons), None)


def _reference(reference: Reference, words: Words, today: date) -> Data:
    badge = ""
    if reference.begins > today:
        badge = words.text("print.from", year=reference.begins.year)
    elif not reference.is_in_force(today):
        badge = words.text("print.until", year=reference.ends.year if reference.ends else "")
    return {"text": reference.text, "source": f"{reference.domain} · {reference.bulletin} · NOR {reference.nor}", "badge": badge}


def _variant(variant: Variant, words: Words, is_whole: bool) -> Data:
    """Return what the sheet says of a variant; `is_whole` says that the whole lesson is enrichment, which is said once."""
    return {
        "name": words.text(f"print.variants.{variant.name}"),
        "feet": VARIANTS.index(variant.name) + 1,
        "challenge": variant.challenge.text(words.lang) if variant.challenge else "",
        "badge": words.text("levels.enrichment") if variant.is_enrichment and not is_whole else "",
        "mat": mat_data(variant, with_path=True),
        "limits": _limits(variant, words),
        "given": steps_of(variant.given, words) if variant.given else [],
        "solutions": [steps_of(robot.solution, words) for robot in variant.robots],
        "choices": [steps_of(program, words) for program in variant.distractors],
        "wrong": [{"steps": steps_of(wrong.program, words), "say": _idea(wrong.idea, variant, words)} for wrong in variant.wrong],
        "end": _end(variant, words),
    }


def _limits(variant: Variant, words: Words) -> str:
    said = [
        words.text(f"print.limits.{name}", number=number)
        for name, number in (("cards", variant.limits.cards), ("turns", variant.limits.turns))
        if number is not None
    ]
    return " · ".join(said)


def _end(variant: Variant, words: Words) -> str:
    place = variant.goal.place
    return words.text("print.ends", place=str(place)) if variant.goal.type == "predict" and place else ""


def _idea(idea: str, variant: Variant, words: Words) -> str:
    """Return what is said of an idea; nothing where a program shows none of them."""
    if idea == "none":
        return ""
    for_rocket = f"explain.{idea}_rocket"
    is_rocket = variant.robots[0].kit == "rocket" and words.has(f"{for_rocket}.say")
    return words.text(f"{for_rocket if is_rocket else f'explain.{idea}'}.say")


def sequence_page(sequence: Sequence, titles: dict[str, str], words: Words) -> Data:
    """Return the first page of a level's booklet; `titles` are those of its lessons, by id."""
    return {
        "kind": "sequence",
        "levels": " · ".join(sequence.levels),
        "title": sequence.title,
        "question": sequence.question,
        "lessons": [{"id": name, "title": titles[name]} for name in sequence.lessons],
        "parts": [{"name": words.text(f"print.sequence.{key}"), "text": getattr(sequence, key)} for key in ("before", "between", "after")],
        "observe": list(sequence.observe),
        "say": {
            **{key: words.text(f"print.sequence.{key}") for key in ("observe", "lessons")},
            **{key: words.text(f"print.{key}") for key in ("alone", "with_friend", "with_adult")},
        },
    }

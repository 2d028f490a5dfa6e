"""
What a platform that indexes lessons wants to know of them: JSON-LD, in the terms of schema.org and of LOM as French schools use it.

Source: schema.org, LearningResource; LOM (IEEE 1484.12.1) and its profile ScoLOMFR, whose vocabulary 022 names the levels of school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from petitpas.lessons.lesson import Lesson
from petitpas.lessons.programmes import Reference, Sequence
from petitpas.program.blocks import LEVELS
from petitpas.words import Words

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

CONTEXT = {"@vocab": "https://schema.org/", "lom": "http://ltsc.ieee.org/xsd/LOM/"}

SCHOOL_LEVELS = "http://data.education.fr/voc/scolomfr/scolomfr-voc-022"

_FIRST_AGE = 3
"""Of the pupils of PS; each level is a year more."""

Node = dict[str, object]


def describe(lessons: Iterable[Lesson], sequences: Iterable[Sequence], references: Mapping[str, Reference], words: Words) -> Node:
    """Return the metadata of lessons, in the words' language, as JSON-LD: the same for the same lessons on every day."""
    in_sequence = dict(chain.from_iterable(((name, sequence) for name in sequence.lessons) for sequence in sequences))
    graph = [_lesson(lesson, in_sequence.get(lesson.id), references, words) for lesson in lessons]
    return {"@context": CONTEXT, "@graph": graph}


def _lesson(lesson: Lesson, sequence: Sequence | None, references: Mapping[str, Reference], words: Words) -> Node:
    quoted = [references[code] for code in lesson.references if code in references]
    levels = [words.text(f"levels.{level}") for level in lesson.levels]
    ages = [_FIRST_AGE + LEVELS.index(level) for level in lesson.levels]
    age = f"{min(ages)}-{max(ages) + 1}"
    duration = f"PT{lesson.duration_min}M" if lesson.duration_min else ""
    node: Node = {
        "@type": "LearningResource",
        "@id": f"urn:petitpas:lesson:{lesson.id}",
        "identifier": lesson.id,
        "name": lesson.title,
        "description": lesson.objective,
        "inLanguage": "fr",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "educationalLevel": levels,
        "typicalAgeRange": age,
        "timeRequired": duration,
        "learningResourceType": "lesson plan",
        "educationalUse": words.text(f"lesson.activities.{lesson.activity}"),
        "teaches": lesson.objective,
        "keywords": list(lesson.sheet.vocabulary),
        "dateModified": lesson.tested.isoformat() if lesson.tested else "",
        "isPartOf": {"@type": "Course", "name": sequence.title} if sequence else "",
        "position": lesson.session,
        "educationalAlignment": [_alignment(reference) for reference in quoted],
        "lom:general": {"lom:title": lesson.title, "lom:language": "fre", "lom:description": lesson.objective},
        "lom:educational": {
            "lom:learningResourceType": "lesson plan",
            "lom:intendedEndUserRole": "teacher",
            "lom:typicalAgeRange": age,
            "lom:typicalLearningTime": duration,
        },
        "lom:rights": {"lom:cost": "no", "lom:copyrightAndOtherRestrictions": "yes", "lom:description": f"CC BY 4.0, {LICENCE}"},
        "lom:classification": [
            {"lom:purpose": "educational level", "lom:source": SCHOOL_LEVELS, "lom:entry": levels},
            {"lom:purpose": "educational objective", "lom:description": lesson.objective},
            *[_classification(reference) for reference in quoted],
        ],
    }
    return {key: value for key, value in node.items() if value not in ("", [], 0)}


def _alignment(reference: Reference) -> Node:
    return {
        "@type": "AlignmentObject",
        "alignmentType": "teaches",
        "educationalFramework": f"{reference.bulletin}, NOR {reference.nor}",
        "targetName": reference.code,
        "targetDescription": reference.text,
    }


def _classification(reference: Reference) -> Node:
    """Return where a lesson stands in an official programme, which its NOR number names."""
    begins = reference.begins.isoformat()
    return {"lom:purpose": "discipline", "lom:source": f"NOR {reference.nor}", "lom:entry": reference.domain, "validFrom": begins}

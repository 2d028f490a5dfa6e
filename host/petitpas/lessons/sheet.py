"""What a lesson says to people: the teacher's sheet and the sentences of the pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from petitpas.lessons.fields import Table
from petitpas.words import LANGUAGE, LANGUAGES

Activity = Literal["faire", "coder", "prevoir", "ordonner", "programmer", "reparer", "reconnaitre", "inventer"]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
"""What pupils do; the names are those of lesson files, which teachers write."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that is said to pupils, or by them; `others` are its translations, each a language and a text."""

    fr: str
    others: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Sentence:
        """Return a sentence of its texts by their languages, French among them."""
        return cls(texts[LANGUAGE], tuple((lang, text) for lang, text in texts.items() if lang != LANGUAGE))

    @property
    def texts(self) -> dict[str, str]:
        """The texts by their languages, French first."""
        return {LANGUAGE: self.fr, **dict(self.others)}

    def text(self, lang: str) -> str:
        """Return it in a language, in French where there is no other."""
        return self.texts.get(lang, self.fr)


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    The teacher's page, in French; what was not written is "" or ().

    The headings are those of the printed sheet, in its order.
    """

    group: str = ""
    material: tuple[str, ...] = ()
    unplugged: str = ""
    organisation: tuple[str, ...] = ()
    adult: str = ""
    vocabulary: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    trace: str = ""
    to_floor: str = ""
    paper: str = ""
    remediation: str = ""


HEADINGS = tuple(field.name for field in fields(Sheet))

LISTS = tuple(field.name for field in fields(Sheet) if field.default == ())
"""Those of them that are lists of texts."""


def read_sheet(table: Table) -> Sheet:
    """Return the sheet of a lesson; raise LessonError where it is not right."""
    table.only(*HEADINGS)
    lists = {key: table.texts(key) for key in LISTS if key in table}
    texts = {key: table.text(key) for key in HEADINGS if key not in LISTS and key in table}
    return Sheet(**lists, **texts)  # type: ignore[arg-type]


def read_sentence(table: Table, key: str) -> Sentence | None:
    """Return a sentence, None where it is missing; raise LessonError where it is not right."""
    if key not in table:
        return None
    part = table.table(key)
    part.only(*LANGUAGES)
    return Sentence.of({lang: part.text(lang) for lang in LANGUAGES if lang == LANGUAGE or lang in part})

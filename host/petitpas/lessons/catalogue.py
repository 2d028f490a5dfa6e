"""The catalogue of lessons: a page that needs no network, to read and to print, and the metadata beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from petitpas.errors import FileError
from petitpas.lessons.lesson import Lesson
from petitpas.lessons.metadata import describe
from petitpas.lessons.programmes import Reference, all_references, all_sequences, lessons_of
from petitpas.lessons.programmes import Sequence as Series
from petitpas.lessons.scope import badges
from petitpas.words import Key, Words

PAGE = "index.html"
METADATA = "lessons.jsonld"

_STYLE = """
body { font-family: Andika, Verdana, sans-serif; font-size: 1.05rem; line-height: 1.5; color: #1b1b1b; background: #fff; margin: 0 auto;
  max-width: 46rem; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { border-bottom: 3px solid #1d5c8a; margin-top: 3rem; }
article { border: 2px solid #767676; border-radius: .5rem; margin: 1.5rem 0; padding: .2rem 1rem; break-inside: avoid; }
dt { font-weight: bold; margin-top: .5rem; }
dd { margin-left: 1rem; }
.badge { border: 2px solid #1d5c8a; border-radius: 1rem; display: inline-block; margin: 0 .4rem .4rem 0; padding: 0 .7rem; }
.skip { left: -100rem; position: absolute; }
.skip:focus { position: static; }
a { color: #1d4f7c; }
@media print { nav, .skip { display: none; } body { font-size: 11pt; max-width: none; padding: 0; } h2 { break-before: page; } }
"""


def write_catalogue(folder: Path, lessons: Sequence[Lesson], today: date, words: Words) -> tuple[Path, Path]:
    """
    Write the page and the metadata of lessons, and return where they are.

    Args:
        folder: made where it is not there.
        today: for what comes into force later.
    Raises:
        FileError: they cannot be written, or programmes.toml or sequences.toml is not there.
        LessonError: one of these two is not right.
    """
    references, sequences = all_references(), all_sequences()
    files = {
        folder / PAGE: page_of(lessons, sequences, references, today, words),
        folder / METADATA: json.dumps(describe(lessons, sequences, references, words), ensure_ascii=False, indent=2) + "\n",
    }
    for file, text in files.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise FileError("file_unreadable", path=str(file)) from error
    return folder / PAGE, folder / METADATA


def page_of(lessons: Sequence[Lesson], sequences: Iterable[Series], references: Mapping[str, Reference], today: date, words: Words) -> str:
    """Return the page as HTML: its style within, no script, no address of the network."""
    found = {series: lessons_of(series, lessons) for series in sequences}
    shown = [series for series in found if found[series]]
    title = escape(words.text("catalogue.title"))
    contents = [f'<li><a href="#{escape(series.name)}">{escape(_title(series, words))}</a></li>' for series in shown]
    parts = []
    for series in shown:
        parts += _opening(series, words)
        parts += [_article(lesson, references, today, words) for lesson in found[series]]
        parts += _closing(series, words)
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{words.lang}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f'<a class="skip" href="#lessons">{escape(words.text("catalogue.skip"))}</a>',
            f"<header>\n<h1>{title}</h1>\n{_paragraph(words.text('catalogue.intro'))}\n</header>",
            f'<nav aria-label="{escape(words.text("catalogue.contents"))}">\n<ul>',
            *contents,
            '</ul>\n</nav>\n<main id="lessons">',
            *parts,
            f"</main>\n<footer>\n{_paragraph(words.text('catalogue.licence'))}\n</footer>\n</body>\n</html>\n",
        ]
    )


def _title(series: Series, words: Words) -> str:
    return ", ".join(words.text(f"levels.{level}") for level in series.levels) + " · " + series.title


def _opening(series: Series, words: Words) -> list[str]:
    head = f'<section id="{escape(series.name)}">\n<h2>{escape(_title(series, words))}</h2>'
    return [head, _paragraph(series.question), f"<h3>{escape(words.text('print.sequence.before'))}</h3>", _paragraph(series.before)]


def _closing(series: Series, words: Words) -> list[str]:
    observed = "".join(f"<li>{escape(sentence)}</li>" for sentence in series.observe)
    return [
        *(f"<h3>{escape(words.text('print.sequence.between'))}</h3>", _paragraph(series.between)),
        *(f"<h3>{escape(words.text('print.sequence.observe'))}</h3>", f"<ul>{observed}</ul>"),
        *(f"<h3>{escape(words.text('print.sequence.after'))}</h3>", _paragraph(series.after), "</section>"),
    ]


def _article(lesson: Lesson, references: Mapping[str, Reference], today: date, words: Words) -> str:
    shown = "".join(f'<span class="badge">{escape(badge)}</span>' for badge in badges(lesson, today, references, words))
    facts = {
        "print.objective": [lesson.objective],
        "catalogue.level": [", ".join(words.text(f"levels.{level}") for level in lesson.levels)],
        "catalogue.duration": [words.text("print.minutes", minutes=lesson.duration_min or "")],
        "catalogue.activity": [words.text(f"lesson.activities.{lesson.activity}")],
        "catalogue.challenges": _challenges(lesson, words),
        "print.headings.material": list(lesson.sheet.material),
        "print.headings.criteria": list(lesson.sheet.criteria),
        "catalogue.references": [_reference(references[code], words) for code in lesson.references if code in references],
    }
    lines = "\n".join(
        f"<dt>{escape(words.text(key))}</dt>" + "".join(f"<dd>{escape(text)}</dd>" for text in texts)
        for key, texts in facts.items()
        if texts
    )
    title = escape(words.text("print.session", number=lesson.session, title=lesson.title))
    name = escape(lesson.id)
    head = f'<article id="{name}" aria-labelledby="{name}-title">\n<h3 id="{name}-title">{title}</h3>'
    return f"{head}\n{shown}\n<dl>\n{lines}\n</dl>\n</article>"


def _challenges(lesson: Lesson, words: Words) -> list[str]:
    said = []
    for variant in lesson.variants:
        challenge = variant.challenge.text(words.lang) if variant.challenge else ""
        line = words.text("catalogue.challenge", variant=Key(f"print.variants.{variant.name}"), challenge=challenge)
        said.append(words.text("catalogue.beyond", challenge=line, enrichment=Key("levels.enrichment")) if variant.is_enrichment else line)
    return said


def _reference(reference: Reference, words: Words) -> str:
    return words.text(
        "catalogue.reference",
        text=reference.text,
        domain=reference.domain,
        level=Key(f"levels.{reference.level}"),
        bulletin=reference.bulletin,
        nor=reference.nor,
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"

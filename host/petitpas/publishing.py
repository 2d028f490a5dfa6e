"""`petitpas print`: a lesson, or a whole level, as one PDF."""

from __future__ import annotations

import argparse
from pathlib import Path

from petitpas.errors import KitError
from petitpas.files import write
from petitpas.lessons import Lesson
from petitpas.lessons.lesson import VARIANTS
from petitpas.lessons.load import find_lesson
from petitpas.lessons.programmes import sequence_of
from petitpas.printing import LESSON_PARTS, PARTS, Job, booklet_pages, lesson_pages, pdf
from petitpas.printing.cards import Data
from petitpas.program.blocks import LEVELS
from petitpas.words import Words


def publish(options: argparse.Namespace, words: Words) -> None:
    """
    Write the PDF that the command line asks for, and tell it.

    Raises:
        KitError: there is no such lesson, level or part, or nothing on it yet; Typst is not installed, or the file cannot be written.
    """
    parts = _parts(options.what)
    if options.booklet:
        name, title, pages = _booklet(options, parts, words)
    else:
        lesson = find_lesson(options.lesson)
        name, title, pages = lesson.id, lesson.title, lesson_pages(_job(lesson, options, words), parts or LESSON_PARTS)
    if not pages:
        raise KitError("print_nothing", title=title)
    file = options.out or Path(f"{name}.pdf")
    print(words.text("cli.print.setting"))
    write(file, pdf(pages, title, words.lang))
    print(words.text("cli.print.done", file=file, pages=len(pages)))


def _parts(what: str) -> tuple[str, ...]:
    """Return the parts that are named, all of them for "all", none for ""."""
    names = tuple(name.strip() for name in what.split(",") if name.strip())
    if names == ("all",):
        return PARTS
    for name in names:
        if name not in PARTS:
            raise KitError("print_part", value=name, choices=", ".join((*PARTS, "all")))
    return names


def _booklet(options: argparse.Namespace, parts: tuple[str, ...], words: Words) -> tuple[str, str, list[Data]]:
    """Return the name, the title and the pages of a level, telling each lesson as it is done."""
    sequence = sequence_of(options.booklet.upper())
    if sequence is None:
        raise KitError("print_level", value=options.booklet, choices=", ".join(LEVELS))
    jobs = [_job(find_lesson(name), options, words) for name in sequence.lessons]

    def tell(job: Job) -> None:
        said = {"number": jobs.index(job) + 1, "count": len(jobs), "id": job.lesson.id, "title": job.lesson.title}
        print(words.text("cli.print.lesson_done", **said), flush=True)

    return sequence.name, sequence.title, booklet_pages(sequence, jobs, parts or PARTS, tell)


def _job(lesson: Lesson, options: argparse.Namespace, words: Words) -> Job:
    variants = (options.variant,) if options.variant else VARIANTS
    return Job(lesson, words, options.today, options.paper, variants)

"""`petitpas check` and `petitpas lesson check`: is a program right, does a lesson keep its promises?"""

from __future__ import annotations

import argparse
from pathlib import Path

from petitpas.errors import FileError, KitError
from petitpas.files import read_bytes
from petitpas.program import build, from_json
from petitpas.words import Words
from petitpas_sim.kits import BOARD_KITS


def check_file(file: Path, words: Words) -> bool:
    """Check a program, print a line for it or one for each problem, and say whether it is right."""
    try:
        if file.is_dir() or file.suffix == ".toml":
            raise FileError("lesson_program_file", path=file)
        image = build(from_json(read_bytes(file)))
    except KitError as error:
        for problem in getattr(error, "problems", ()) or (error,):
            place = f" [{problem.block_id}]" if problem.block_id else ""
            print(f"{file}{place}: {problem.say(words.lang)}")
        return False
    print(f"{file}: {words.text('cli.check.program', blocks=len(image.blocks), octets=len(image.data))}")
    return True


def lessons_in(named: Path) -> list[Path]:
    """Return what is to be checked of what a person named: the lessons in a folder of lessons, else the one itself."""
    return sorted(file.parent for file in named.glob("*/lesson.toml")) or [named]


def check_lessons(options: argparse.Namespace, words: Words) -> bool:
    """Check all the lessons that were named, and say whether there is nothing to mend."""
    results = [_check_lesson(file, options, words) for named in options.files for file in lessons_in(named)]
    return all(results)


def _check_lesson(named: Path, options: argparse.Namespace, words: Words) -> bool:
    """Print a line for a lesson, or one for each thing to mend and one for all that is to be completed."""
    from petitpas.lessons import load_lesson
    from petitpas.lessons.review import review

    try:
        findings = review(named, options.today, BOARD_KITS if options.kits else ())
    except KitError as error:
        print(f"{named}: {error.say(words.lang)}")
        return False
    missing = ", ".join(finding.where for finding in findings if not finding.is_to_mend)
    mend = [finding for finding in findings if finding.is_to_mend]
    for finding in mend:
        print(f"{finding.path}:{finding.line}: {finding.say(words.lang)}")
    if mend:
        if missing:
            print(f"{named}: {words.text('cli.lesson.check.missing', missing=missing)}")
        return False
    lesson = load_lesson(named)
    key = "cli.lesson.check.playable" if missing else "cli.lesson.check.good"
    print(f"{named}: {words.text(key, title=lesson.title, variants=len(lesson.variants), missing=missing)}")
    return True

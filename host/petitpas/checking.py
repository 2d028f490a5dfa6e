"""`petitpas check`: is a program right, does a lesson keep its promises?"""

from __future__ import annotations

from pathlib import Path

from petitpas.cli import read_bytes
from petitpas.errors import KitError, LessonError
from petitpas.program import build, from_json
from petitpas.words import Words


def check_file(file: Path, words: Words) -> bool:
    """Check a program (.json) or a lesson (.toml, or its folder), print a line for it and one for each problem; say whether it is right."""
    try:
        is_lesson = file.is_dir() or file.suffix == ".toml"
        said = _check_lesson(file, words) if is_lesson else _check_program(file, words)
    except KitError as error:
        problems = getattr(error, "problems", ()) or (error,)
        for problem in problems:
            place = f" [{problem.block_id}]" if problem.block_id else ""
            print(f"{file}{place}: {problem.say(words.lang)}")
        return False
    print(f"{file}: {said}")
    return True


def _check_program(file: Path, words: Words) -> str:
    image = build(from_json(read_bytes(file)))
    return words.text("cli.check.program", blocks=len(image.blocks), octets=len(image.data))


def _check_lesson(file: Path, words: Words) -> str:
    """Play every variant: its solution reaches the goal, its given program and its distractors do not."""
    from petitpas.lessons import check_variant, load_lesson

    def fails(variant: str, key: str) -> LessonError:
        return LessonError("lesson_fails", path=file, variant=variant, detail=words.text(f"cli.check.{key}"))

    lesson = load_lesson(file)
    for variant in lesson.variants:
        if not check_variant(variant).reached:
            raise fails(variant.name, "solution")
        for program in (variant.given, *variant.distractors):
            if program is not None and check_variant(variant, program).reached:
                raise fails(variant.name, "wrong")
    return words.text("cli.check.lesson", title=lesson.title, variants=len(lesson.variants))

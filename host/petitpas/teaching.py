"""`petitpas lesson`: what is done with lessons but checking them, which is in `checking`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from petitpas.checking import check_lessons
from petitpas.errors import FileError
from petitpas.files import read_bytes
from petitpas.lessons import Lesson, Variant, Verdict, all_lessons, judge
from petitpas.lessons.explain import Explanation, explain, helps
from petitpas.lessons.ideas import Try
from petitpas.lessons.load import find_lesson, lessons_folder
from petitpas.lessons.mends import Edit
from petitpas.lessons.programmes import all_references, all_sequences, lessons_of
from petitpas.lessons.scope import badges
from petitpas.program import Block, Program, from_compact, from_json, wording
from petitpas.words import LANGUAGE, Words
from petitpas_robot import opcodes
from petitpas_sim.chart import draw_mat
from petitpas_sim.mat import Place, cell_name

TEMPLATE = "template.toml"
"""The file with which a lesson begins, among the lessons that come with Petit Pas."""


def read_cards(text: str) -> Program:
    """
    Return a program that a person named: its .json file, or its cards, with blanks or commas between them or as a compact list.

    Raises:
        FileError, ProgramError: it is neither.
    """
    if text.endswith(".json"):
        return from_json(read_bytes(Path(text)))
    try:
        return from_compact(json.loads(text))
    except (ValueError, RecursionError):
        return from_compact(text.replace(",", " ").split())


# --- List -----------------------------------------------------------------------------------------------------------


def show_list(options: argparse.Namespace, words: Words) -> bool:
    """Print the lessons of each séquence, in their order."""
    references, lessons = all_references(), all_lessons()
    for sequence in all_sequences():
        if options.level and options.level not in sequence.levels:
            continue
        levels = ", ".join(words.text(f"levels.{level}") for level in sequence.levels)
        print(f"{levels} · {sequence.title}\n  {sequence.question}")
        for lesson in lessons_of(sequence, lessons):
            minutes = words.text("print.minutes", minutes=lesson.duration_min)
            shown = [words.text("lesson.badge", badge=badge) for badge in badges(lesson, options.today, references, words)]
            print("  ".join([f"  {lesson.id:<6}", f"{lesson.title} ({minutes})", *shown]))
    return True


# --- Run and explain ------------------------------------------------------------------------------------------------


def run(options: argparse.Namespace, words: Words) -> bool:
    """Play a variant with its reference program, or a pupil's; say whether the goal is reached."""
    lesson = find_lesson(options.lesson)
    variant = lesson.variant(options.variant)
    program = read_cards(options.program) if options.program else variant.solution
    _announce(lesson, variant, words)
    for number, block in enumerate(_cards(program), start=1):
        print("  " + words.text("lesson.card", number=number, block=_said(block, lesson, words)))
    if options.port:
        from petitpas.play import Player

        Player(options.port, program, words).play()
    verdict = judge(variant, program)
    _draw(variant, verdict)
    if verdict.reached:
        _tell_reached(variant, verdict, words)
    else:
        _tell(explain(variant, Try(program)), lesson, variant, words)
    return verdict.reached


def show_explanation(options: argparse.Namespace, words: Words) -> bool:
    """Print what a pupil's program shows, and what would mend it."""
    lesson = find_lesson(options.lesson)
    variant = lesson.variant(options.variant)
    previous = read_cards(options.previous) if options.previous else None
    made = Try(read_cards(options.program), previous, options.predicted)
    found = explain(variant, made)
    _announce(lesson, variant, words)
    if found.verdict.reached:
        _tell_reached(variant, found.verdict, words)
    else:
        _tell(found, lesson, variant, words)
    for mend in found.mends:
        edits = "; ".join(_edit(edit, made.program, lesson, words) for edit in mend.edits)
        print(words.text("lesson.mend", edits=edits))
    return True


def _announce(lesson: Lesson, variant: Variant, words: Words) -> None:
    name = words.text(f"print.variants.{variant.name}")
    print(words.text("lesson.title", id=lesson.id, title=lesson.title, variant=name))
    if variant.challenge:
        print(words.text("lesson.challenge", challenge=variant.challenge.text(words.lang)))


def _draw(variant: Variant, verdict: Verdict) -> None:
    done = verdict.runs[0]
    end = None if done.quarter is None else Place(*done.cell, done.quarter)
    print(draw_mat(variant.mat, done.start, list(done.path), end), end="")


def _tell_reached(variant: Variant, verdict: Verdict, words: Words) -> None:
    if "cards" in verdict.past_limits:
        print(words.text("explain.past_limits", cards=variant.limits.cards))
    else:
        print(words.text("explain.reached"))


def _tell(found: Explanation, lesson: Lesson, variant: Variant, words: Words) -> None:
    """Print how a run that did not reach the goal ended, then the helps in their order."""
    done = found.verdict.runs[0]
    how = {opcodes.HOW_DONE: "ended", opcodes.HOW_RUNNING: "running"}.get(done.how, "blocked")
    print(words.text(f"lesson.{how}", cell=cell_name(done.cell)) + " " + words.text("lesson.wanted", cells=_goal(variant, words)))
    for help_ in helps(variant, found)[1:]:  # the first, where it ended, is said
        said = words.text(help_.say)
        if help_.tries:
            print(words.text("lesson.idea", said=said) if found.idea else said)
            print(words.text("lesson.try", said=words.text(help_.tries)))
        elif help_.block_id:
            number, block = _place(done.program, help_.block_id)
            print(words.text("lesson.at", number=number, block=_said(block, lesson, words), said=said))
        else:
            print(said)


def _goal(variant: Variant, words: Words) -> str:
    """Return the goal as places, or in words where it has none."""
    goal = variant.goal
    if goal.place is not None:
        return str(goal.place)
    if goal.motif is not None:
        return words.text("lesson.motif")
    return ", ".join(map(cell_name, goal.cells if goal.type != "reach" else goal.cells[-1:]))


def _cards(program: Program) -> list[Block]:
    """Return the cards of a program in the order in which they lie in the strip."""
    return [block for block in program.walk() if block.row.kind != "head"]


def _place(program: Program, block_id: str) -> tuple[int, Block]:
    cards = _cards(program)
    number = next(n for n, block in enumerate(cards, start=1) if block.id == block_id)
    return number, cards[number - 1]


def _said(block: Block, lesson: Lesson, words: Words) -> str:
    return wording(block, lesson.levels[-1], words.lang)


def _said_whole(block: Block, lesson: Lesson, words: Words) -> str:
    """Return what a block does with what it holds, each card as it is said."""
    held = ", ".join(_said_whole(inner, lesson, words) for inner in block.body())
    said = _said(block, lesson, words)
    return words.text("lesson.holds", block=said, held=held) if held else said


def _edit(edit: Edit, program: Program, lesson: Lesson, words: Words) -> str:
    fields: dict[str, object] = {}
    if edit.block_id:
        fields["number"] = _place(program, edit.block_id)[0]
    if edit.other_id:
        fields["other"] = _place(program, edit.other_id)[0]
    if edit.block is not None:
        fields["block"] = _said_whole(edit.block, lesson, words)
    key = "append" if edit.kind == "insert" and not edit.block_id else edit.kind
    return words.text(f"lesson.edits.{key}", **fields)


# --- New and catalogue ----------------------------------------------------------------------------------------------


def new(options: argparse.Namespace, words: Words) -> bool:
    """Make a folder with a lesson file to fill in; raise FileError where there is one already, or it cannot be made."""
    folder = options.folder
    file = folder / "lesson.toml"
    text = read_bytes(lessons_folder() / TEMPLATE)
    try:
        folder.mkdir(parents=True)
        file.write_bytes(text)
    except FileExistsError as error:
        raise FileError("file_there", path=folder) from error
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error
    print(words.text("cli.lesson.new.done", file=file, folder=folder))
    return True


def catalogue(options: argparse.Namespace, words: Words) -> bool:
    """Write the page and the metadata of the lessons that come with Petit Pas; raise FileError where they cannot be written."""
    from petitpas.lessons.catalogue import write_catalogue

    lessons = all_lessons()
    page, metadata = write_catalogue(options.folder, lessons, options.today, Words(LANGUAGE))  # as the lessons themselves
    print(words.text("cli.lesson.catalogue.done", lessons=len(lessons), page=page, metadata=metadata))
    return True


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Words], bool]] = {
    "check": check_lessons,
    "list": show_list,
    "run": run,
    "new": new,
    "explain": show_explanation,
    "catalogue": catalogue,
}
"""What is done with lessons, as the command line names it."""

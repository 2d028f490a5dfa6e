"""What is asked and said about a run of a task: the program to explain, where a prediction was to end, helps, what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from petitpas.classroom.records import Try as Kept
from petitpas.lessons import VARIANTS
from petitpas.lessons.cells import Grid, course_of, knows
from petitpas.lessons.explain import Explanation, Help, helps
from petitpas.lessons.following import Tried, next_step
from petitpas.lessons.ideas import Try
from petitpas.program import Program
from petitpas.wall.strip import Cards, program_of
from petitpas.wall.task import Task
from petitpas_sim.mat import Cell, Place


def end_of(task: Task, program: Program) -> Place:
    """Return where a program that the cell model knows ends."""
    return course_of(Grid(task.variant.mat), task.variant.robots[0].start, program).end


def made_of(task: Task, cards: Cards, previous: Program | None, token: Place | None) -> Try:
    """
    Return what is to be explained of a run: the program with the one before it and the prediction.

    Of a prediction it is a program of the lesson that does end where the token is: it shows what was believed.
    """
    program = program_of(cards)
    cell = token.cell if token else None
    if task.activity != "prevoir":
        return Try(program, previous, cell)
    return Try(next((wrong.program for wrong in task.variant.wrong if _ends_at(task, wrong.program, cell)), program))


def _ends_at(task: Task, program: Program, cell: Cell | None) -> bool:
    return knows(program) and end_of(task, program).cell == cell


def helps_of(task: Task, cards: Cards, token: Place | None, found: Explanation) -> tuple[Help, ...]:
    """Return the helps for a run that did not reach the goal; of a prediction, what was said of the place comes first."""
    known = helps(task.variant, found)
    if task.activity != "prevoir":
        return known
    cells = (end_of(task, program_of(cards)).cell, *([token.cell] if token else []))
    return (Help("wall.lesson.foreseen", cells=cells), *(known[1:] or (Help("explain.together.say", "explain.together.try"),)))


def is_right(task: Task, cards: Cards, token: Place | None, found: Explanation) -> bool:
    """Say whether a run has reached the goal; of a prediction, whether the token is where the program ends."""
    if task.activity != "prevoir":
        return found.verdict.reached
    if token is None:
        return not task.asks_place
    end = end_of(task, program_of(cards))
    return token == end if task.asks_heading else token.cell == end.cell


def proposed_after(variant: str, tries: Sequence[Kept]) -> str:
    """Return the variant that is proposed next: what the rules say of the last tries, or else the one after this."""
    suggestion = next_step([_tried(variant, made) for made in tries])
    if suggestion is not None and suggestion.rule in ("larger", "smaller"):
        return suggestion.variant
    return VARIANTS[min(VARIANTS.index(variant) + 1, len(VARIANTS) - 1)]


def _tried(variant: str, made: Kept) -> Tried:
    card = int(made.parted_at[1:]) if made.parted_at else None
    return Tried(variant, made.is_reached, card, made.was_predicted)

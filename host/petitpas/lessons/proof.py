"""Whether a variant keeps its promises when it is played: what is to reach the goal does, and what is to go elsewhere does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petitpas.errors import KitError, LessonError
from petitpas.lessons.cells import MEANING
from petitpas.lessons.explain import explain, is_known, search_of
from petitpas.lessons.goals import is_met
from petitpas.lessons.ideas import Try
from petitpas.lessons.judge import Verdict, judge
from petitpas.lessons.lesson import Lesson, Variant, Wrong
from petitpas.program import Block, Program, from_compact
from petitpas.words import Key
from petitpas_robot import opcodes
from petitpas_sim.mat import cell_name


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an author asks of a class: cards of a solution at least and at most, turns among them at most (None: any number)."""

    least: int
    most: int
    turns: int | None = None


BOUNDS = {"GS": Bounds(3, 5, 1), "CP": Bounds(1, 10, 2), "CE1": Bounds(1, 15, 4), "CE2": Bounds(1, 12)}
"""For the variants *pas* and *grand pas*. Source: programmes of 2024 to 2026, whose numbers lessons/programmes.toml quotes."""


def proved(lesson: Lesson, variant: Variant) -> Iterator[LessonError]:
    """Give an error for each promise of a variant that it does not keep."""
    at = f"variants.{variant.name}"
    wheres = [f"{at}.solution", *(f"{at}.solutions[{n}]" for n in range(1, len(variant.others) + 1))]
    failed: list[LessonError] = []
    for where, program in zip(wheres, variant.solutions, strict=True):
        failed += _solution(variant, program, where)
    if failed and _is_out_of_reach(variant):
        yield LessonError("lesson_unreachable", where=f"{at}.goal")
    else:
        yield from failed
    for where, program in zip(wheres, variant.solutions, strict=True):
        yield from _not_allowed(variant, program, where)
    if not failed:
        yield from _bounded(lesson, variant, wheres[0])
    yield from _elsewhere(variant, at)


def _solution(variant: Variant, program: Program, where: str) -> Iterator[LessonError]:
    """Give what keeps a program from being a solution."""
    try:
        verdict = judge(variant, program)
    except KitError as error:
        yield LessonError("lesson_program", where=where, detail=error)
        return
    for number, (robot, run) in enumerate(zip(variant.robots, verdict.runs, strict=True)):
        place = where if not number else f"variants.{variant.name}.robots[{number}].solution"
        if run.how == opcodes.HOW_RUNNING:
            yield LessonError("lesson_endless", where=place)
        elif not is_met(robot.goal, run):
            yield LessonError("lesson_solution", where=place, cell=cell_name(run.cell))


def _is_out_of_reach(variant: Variant) -> bool:
    """Say whether no program of the lesson's blocks reaches the goal, however long; loops do what the same blocks do without."""
    if not is_known(variant.goal) or any(choice.type not in MEANING and choice.type != "repeat" for choice in variant.blocks):
        return False
    search = search_of(variant)
    return search.fewest(search.machine.start) is None


def _not_allowed(variant: Variant, program: Program, where: str) -> Iterator[LessonError]:
    choices = {choice.type: choice for choice in variant.blocks}
    strange = {
        block.type: block
        for block in program.walk()
        if block.row.kind != "head" and (block.type not in choices or _number(block) not in choices[block.type].numbers)
    }
    for block in strange.values():
        yield LessonError("lesson_not_allowed", where=where, block=Key(f"blocks.{block.type}.name"), number=_number(block))


def _number(block: Block) -> int:
    """Return the number of a block as choices have it: of cells or turns, else 1."""
    return next((block.number(name) for name in ("cells", "times") if block.get(name) is not None), 1)


def _bounded(lesson: Lesson, variant: Variant, where: str) -> Iterator[LessonError]:
    """Give what keeps the reference solution from its challenge's limits and from those of the level."""
    level = next((level for level in lesson.levels if level in BOUNDS), None)
    verdict = judge(variant)
    for limit in verdict.past_limits:
        used = verdict.blocks_used if limit == "cards" else verdict.turns_used
        yield LessonError("lesson_limit", where=where, number=used, limit=f"limits.{limit}")
    if level is None or variant.name == "petit_pas":
        return
    bounds = BOUNDS[level]
    if not bounds.least <= verdict.blocks_used <= bounds.most:
        said = Key(f"levels.{level}")
        yield LessonError("lesson_cards", where=where, number=verdict.blocks_used, least=bounds.least, most=bounds.most, level=said)
    if bounds.turns is not None and verdict.turns_used > bounds.turns:
        yield LessonError("lesson_turns", where=where, number=verdict.turns_used, most=bounds.turns, level=Key(f"levels.{level}"))


def _elsewhere(variant: Variant, at: str) -> Iterator[LessonError]:
    """Give the programs that reach the goal and were not to, and the ideas that are not shown."""
    if variant.goal.type != "predict" and judge(variant, from_compact([])).reached:
        yield LessonError("lesson_empty", where=f"{at}.goal")
    others = {f"{at}.distractors[{n}]": program for n, program in enumerate(variant.distractors, start=1)}
    if variant.given is not None:
        others[f"{at}.given"] = variant.given
    for where, program in others.items():
        yield from _already(variant, program, where)
    for number, wrong in enumerate(variant.wrong, start=1):
        yield from _wrong(variant, wrong, f"{at}.wrong[{number}]")


def _already(variant: Variant, program: Program, where: str) -> Iterator[LessonError]:
    try:
        yield from _ended(judge(variant, program), where)
    except KitError as error:
        yield LessonError("lesson_program", where=where, detail=error)


def _ended(verdict: Verdict, where: str) -> Iterator[LessonError]:
    if verdict.reached:
        yield LessonError("lesson_already", where=where)
    elif verdict.how == opcodes.HOW_RUNNING:
        yield LessonError("lesson_endless", where=where)


def _wrong(variant: Variant, wrong: Wrong, where: str) -> Iterator[LessonError]:
    try:
        found = explain(variant, Try(wrong.program, wrong.previous))
    except KitError as error:
        yield LessonError("lesson_program", where=f"{where}.program", detail=error)
        return
    yield from _ended(found.verdict, f"{where}.program")
    idea = found.idea.name if found.idea else "none"
    if not found.verdict.reached and idea != wrong.idea:
        yield LessonError("lesson_idea", where=f"{where}.idea", idea=wrong.idea, claimed=idea)

"""
The kind explanation: what a pupil's program did, where it parts from the goal, what would mend it, and which idea it shows.

The cell model searches; the firmware has the last word: the verdict is its own, and a mend is told only once the firmware has reached the
goal with it. What is not known is not claimed: « On regarde ensemble ».
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from petitpas.lessons.cells import Course, Grid, course_of, knows
from petitpas.lessons.goals import Goal
from petitpas.lessons.ideas import Idea, Try, idea_of
from petitpas.lessons.judge import Verdict, judge
from petitpas.lessons.lesson import Variant
from petitpas.lessons.mends import Mend, mends_of, with_body
from petitpas.lessons.parting import parting_of
from petitpas.lessons.search import Machine, Search
from petitpas.lessons.slips import GLIDING
from petitpas.program import Program
from petitpas_sim.mat import Cell

MAX_SHOWN = 3
"""Mends that are told of one program."""

MAX_CONFIRMED = 8
"""Mends that the firmware is asked about for it."""

FACING_US = 2
"""Quarter turns of a robot that looks at the class: its left is on our right."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    What there is to say about a program.

    `parts_at` is the block at which it parts from the goal ("": something is missing at the end; None: it does not part, or that is not
    known), `mends` the smallest ones, each confirmed by the firmware, `idea` what it shows (None: nothing that is sure), `ghost` what the
    child believed that the robot would do (None where there is no idea); `is_rocket` says that the robot has no front.
    """

    verdict: Verdict
    parts_at: str | None = None
    mends: tuple[Mend, ...] = ()
    idea: Idea | None = None
    ghost: Course | None = None
    is_rocket: bool = False

    @property
    def key(self) -> str:
        """The words' key of what is said: of the idea, as it is put for this robot, or that we look together."""
        if self.idea is None:
            return "explain.together"
        key = f"explain.{self.idea.name}"
        if self.is_rocket and self.idea.name in ("mirrored", "absolute_as_relative"):
            return f"{key}_rocket"
        return f"{key}_facing" if self.idea.name == "mirrored" and self.idea.facing == FACING_US else key


def explain(variant: Variant, made: Try) -> Explanation:
    """
    Explain what a pupil's program did in a variant.

    Raises:
        ProgramError, NotSupported, RobotFault: as `judge`.
    """
    verdict = judge(variant, made.program)
    if verdict.reached or not knows(made.program) or not is_known(variant.goal):
        return Explanation(verdict)
    if made.previous is not None and not knows(made.previous):
        made = replace(made, previous=None)
    search = search_of(variant)
    idea = idea_of(search, [program for program in variant.solutions if knows(program)], made)
    return Explanation(
        verdict,
        parting_of(search, made.program, variant.most_blocks),
        _confirmed(variant, mends_of(search, made.program)),
        idea,
        _ghost(variant, made.program, idea) if idea else None,
        is_rocket=any(choice.type in GLIDING for choice in variant.blocks),
    )


@dataclass(frozen=True, slots=True)
class Help:
    """
    One of the helps that are given, one after the other, as a child asks.

    `say` and `tries` are keys of the words: what is said, and what there is to try ("": nothing). `cells` are shown on the mat, `block_id`
    in the strip ("": none).
    """

    say: str
    tries: str = ""
    cells: tuple[Cell, ...] = ()
    block_id: str = ""


def helps(variant: Variant, found: Explanation) -> tuple[Help, ...]:
    """
    Return the helps for a program that did not reach the goal, from the least: where, which card, which idea. None tells the answer.

    The mends do; they are shown after the last help, where they are asked for.
    """
    if found.verdict.reached:
        return ()
    goal, end = variant.goal, found.verdict.runs[0].cell
    wanted = goal.place.cell if goal.place else goal.cells[-1] if goal.cells else end
    where = Help("explain.where", cells=(end, wanted)) if wanted != end else Help("explain.path", cells=(end,))
    card = (Help("explain.card", block_id=found.parts_at) if found.parts_at else Help("explain.end"),) if found.parts_at is not None else ()
    shown = found.ghost.path if found.ghost else ()
    return (where, *card, Help(f"{found.key}.say", f"{found.key}.try", shown, found.idea.block_id if found.idea else ""))


def is_known(goal: Goal) -> bool:
    """Say whether the cell model can look for a goal: it is no prediction, and no motif of blocks that it does not know."""
    return goal.type != "predict" and (goal.motif is None or knows(goal.motif))


def search_of(variant: Variant) -> Search:
    """Return the search of a variant."""
    return Search(Machine(variant.mat, variant.robots[0].start, variant.goal), variant.blocks)


def _confirmed(variant: Variant, mends: tuple[Mend, ...]) -> tuple[Mend, ...]:
    """Return the first mends with which the firmware reaches the goal."""
    shown: list[Mend] = []
    for mend in sorted(mends, key=_order)[:MAX_CONFIRMED]:
        if len(shown) < MAX_SHOWN and judge(variant, mend.program).reached:
            shown.append(mend)
    return tuple(shown)


def _order(mend: Mend) -> tuple[int, ...]:
    """Put first what a child does most easily: replace a card, swap two, add one, take one away."""
    kinds = ("replace", "swap", "insert", "remove")
    return tuple(kinds.index(edit.kind) for edit in mend.edits)


def _ghost(variant: Variant, program: Program, idea: Idea) -> Course:
    return course_of(Grid(variant.mat), variant.robots[0].start, with_body(program, idea.meant), idea.meaning)

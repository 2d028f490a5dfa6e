"""
What a pupil is asked to bring about, and whether a run has done so. Pure: records in, yes or no out.

A run whose last move was blocked, or that has not ended by itself, meets no goal. Of the others:

    reach     it ends on the last cell of `cells`
    order     it enters `cells` in this order, others may come between, and ends on the last
    trace     its path is `cells`
    closed    its path is `cells`, and it ends with the heading of the start
    bip       it sounded on `cells`, in this order and nowhere else
    pattern   its program is the motif, whole, twice or more
    predict   it ends at `place`: what the pupil says of a given program
    choose    its path is `cells`: what the pupil's choice among programs must have made

The path is the cells entered, in order; the start is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from petitpas.program import Block, Program
from petitpas.program.tree import Value
from petitpas_robot import opcodes
from petitpas_sim.mat import Cell, Place

GoalType = Literal["reach", "order", "trace", "closed", "bip", "pattern", "predict", "choose"]
GOAL_TYPES: tuple[GoalType, ...] = get_args(GoalType)

_MAX_STEPS = 1000
"""A program longer than this, its loops unrolled, is taken for no pattern: a child's has a dozen steps."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be brought about: `place` is for predict, `motif` for pattern, `cells` for all others, at least one."""

    type: GoalType
    cells: tuple[Cell, ...] = ()
    place: Place | None = None
    motif: Program | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """
    What a robot did, as its world recorded it.

    `cell` is where it ended, `quarter` its heading there in quarter turns clockwise from north (None: not square to the mat), `sounds` the
    cells on which it sounded, `how` a HOW_ number (HOW_RUNNING: it had not ended when the time was up), `block_id` the block at which it
    ended ("": at the end of the program).
    """

    program: Program
    start: Place
    path: tuple[Cell, ...]
    cell: Cell
    quarter: int | None
    sounds: tuple[Cell, ...] = ()
    how: int = opcodes.HOW_DONE
    block_id: str = ""


def is_met(goal: Goal, run: Run) -> bool:
    """Say whether a run meets a goal."""
    return run.how == opcodes.HOW_DONE and _JUDGES[goal.type](goal, run)


def _reach(goal: Goal, run: Run) -> bool:
    return run.cell == goal.cells[-1]


def _order(goal: Goal, run: Run) -> bool:
    left = iter(run.path)
    return all(cell in left for cell in goal.cells) and run.cell == goal.cells[-1]


def _trace(goal: Goal, run: Run) -> bool:
    return run.path == goal.cells


def _closed(goal: Goal, run: Run) -> bool:
    return run.path == goal.cells and run.quarter == run.start.quarter


def _bip(goal: Goal, run: Run) -> bool:
    return run.sounds == goal.cells


def _predict(goal: Goal, run: Run) -> bool:
    return goal.place is not None and (run.cell, run.quarter) == (goal.place.cell, goal.place.quarter)


def _pattern(goal: Goal, run: Run) -> bool:
    motif, steps = _steps(goal.motif), _steps(run.program)
    if not motif or not steps or len(steps) > _MAX_STEPS:
        return False
    times, rest = divmod(len(steps), len(motif))
    return rest == 0 and times >= 2 and steps == motif * times


_JUDGES: Mapping[GoalType, Callable[[Goal, Run], bool]] = {
    "reach": _reach,
    "order": _order,
    "trace": _trace,
    "closed": _closed,
    "bip": _bip,
    "pattern": _pattern,
    "predict": _predict,
    "choose": _trace,
}

Step = tuple[str, tuple[tuple[str, Value], ...]]
"""A block without its id: type and parameters."""


def _steps(program: Program | None) -> list[Step]:
    """Return the steps of a program of one GO script, loops unrolled and moves cell by cell; none of any other; at most _MAX_STEPS + 1."""
    if program is None or [script.type for script in program.scripts] != ["when_go"]:
        return []
    return _unrolled(program.scripts[0].body())


def _unrolled(blocks: Iterable[Block]) -> list[Step]:
    steps: list[Step] = []
    for block in blocks:
        if block.type == "repeat":
            steps += (_unrolled(block.body()) * block.number("times"))[: _MAX_STEPS + 1]
        elif block.get("cells") is not None:
            steps += [(block.type, ())] * block.number("cells")
        else:
            steps.append((block.type, block.parameters))
        del steps[_MAX_STEPS + 1 :]
    return steps

"""
Which idea a program shows: what a child may have believed, so that these cards seemed right.

Theory
======
An idea is never guessed from how a program looks. It is claimed where *it explains*: where the program that the child meant, taken back
from the one she wrote by undoing the idea, reaches the goal on the cell model. Two kinds of ideas are told apart:

    beliefs   a card means something else to her (a turn also moves): her program is run with her meaning
    slips     a program is near the one she meant (a cell short, two cards swapped): the slip is undone, and what comes is run

What she meant is the surer the nearer it is to a program of the lesson; her previous try and the cell that she predicted make it surer, or
less sure. Where nothing explains, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from petitpas.lessons.cells import (
    AHEAD,
    BACK,
    DOWN,
    EAST,
    MEANING,
    SOUND,
    TO_LEFT,
    TO_RIGHT,
    TURN_LEFT,
    TURN_RIGHT,
    UP,
    WEST,
    Meaning,
    Steps,
    unrolled,
)
from petitpas.lessons.search import LOST, MAX_RUN, Machine, Search, State
from petitpas.lessons.slips import GLIDING, SLIPS, SURE_ALONE, Known, Row, steps_of, walk
from petitpas.program import Program

IDEAS = (
    "memory_kept",
    "loop_off",
    "turn_moves",
    "turn_sidesteps",
    "absolute_as_relative",
    "mirrored",
    "start_counted",
    "cell_short",
    "cell_long",
    "last_turn",
    "order",
)
"""Every idea, the more telling first: among equals the first is claimed."""


@dataclass(frozen=True, slots=True)
class Idea:
    """
    An idea with its evidence.

    `meant` is the row of blocks that the child meant (for a belief her own), `meaning` what they mean to her: run so, they reach the goal.
    `block_id` is the first block that the idea touches, "" at the end; `facing` is the side that the robot faces there, in quarter turns
    clockwise from north. `weight` tells how sure it is.
    """

    name: str
    meant: Row
    meaning: Meaning
    block_id: str
    facing: int
    weight: int


@dataclass(frozen=True, slots=True)
class Try:
    """What a pupil did: her program, the one she ran before, and the cell that she predicted; None where there is none."""

    program: Program
    previous: Program | None = None
    predicted: tuple[int, int] | None = None


def idea_of(search: Search, models: Sequence[Program], made: Try) -> Idea | None:
    """
    Return the idea that best explains a program that does not reach the goal; None where none does.

    Args:
        models: the programs of the lesson that reach the goal.
        made: the program is one that the cell model knows.
    """
    if sum(1 for _ in made.program.walk()) > MAX_BLOCKS:
        return None
    found = list(_Reader(search, models, made).ideas())
    best = max(found, key=lambda idea: (idea.weight, -IDEAS.index(idea.name)), default=None)
    return best if best is not None and best.weight >= _CLAIMED else None


MAX_BLOCKS = 60
"""A longer program shows no idea: it has more blocks than two programs of any lesson, one left in front of the other."""

# How sure an idea is. What she meant is a program of the lesson, or only one that reaches the goal too; and what makes it surer or less.
_MODEL = 4
_OTHER = 2
_SURER = 1
_CLAIMED = 2

_SURELY_OLD = 3
"""Cards in front of a program of the lesson that are more than a slip, whatever they are."""


_TURN_MOVES = {**MEANING, "left": (TURN_LEFT, AHEAD), "right": (TURN_RIGHT, AHEAD)}
_TURN_SIDESTEPS = {**MEANING, "left": (TO_LEFT,), "right": (TO_RIGHT,)}
_ARROWS = {**MEANING, "forward": (UP,), "right": (EAST,), "backward": (DOWN,), "left": (WEST,)}
_WITH_A_NOSE = {**MEANING, "go_up": (AHEAD,), "go_right": (TURN_RIGHT, AHEAD), "go_down": (BACK,), "go_left": (TURN_LEFT, AHEAD)}
_TURNING_NOSE = {**_WITH_A_NOSE, "go_right": (TURN_RIGHT,), "go_left": (TURN_LEFT,)}
_HALF_ARROWS = {**MEANING, "left": (WEST,), "right": (EAST,)}

_BELIEFS: tuple[tuple[str, Meaning], ...] = (
    ("turn_moves", _TURN_MOVES),
    ("turn_sidesteps", _TURN_SIDESTEPS),
    ("absolute_as_relative", _ARROWS),
    ("absolute_as_relative", _HALF_ARROWS),
    ("absolute_as_relative", _WITH_A_NOSE),
    ("absolute_as_relative", _TURNING_NOSE),
)


class _Reader:
    """Reads one program for the ideas that it shows."""

    def __init__(self, search: Search, models: Sequence[Program], made: Try) -> None:
        self._machine = search.machine
        self._made = made
        self._row = made.program.scripts[0].body()
        glides = any(choice.type in GLIDING for choice in search.choices)
        self._known = Known(search.machine, tuple(model.scripts[0].body() for model in models), glides)
        self._models = {steps_of(model) for model in self._known.models}
        self._longest = max(map(len, self._models), default=0)

    def ideas(self) -> Iterator[Idea]:
        """Give every idea that explains the program."""
        for name, meaning in _BELIEFS:
            if steps_of(self._row, meaning) != steps_of(self._row):
                yield from self._explained(name, self._row, meaning)
        for name, undo in SLIPS.items():
            for meant in undo(self._row, self._known):
                yield from self._explained(name, meant, MEANING)
        yield from self._kept()

    def _explained(self, name: str, meant: Row, meaning: Meaning) -> Iterator[Idea]:
        """Give the idea if what was meant reaches the goal."""
        steps = steps_of(meant, meaning, self._longest if meaning is MEANING else MAX_RUN)
        weight = self._weight(name, steps, meaning)
        if not weight:
            return
        end = _end(self._machine, steps)
        if self._machine.is_reached(end):
            block, facing = self._touched(steps)
            yield Idea(name, meant, meaning, block, facing, weight + self._hint(end))

    def _weight(self, name: str, steps: Steps, meaning: Meaning) -> int:
        """Return how sure it is that these steps were meant, 0 for not at all."""
        if meaning is not MEANING:
            trail = _trail(self._machine, steps)
            trails = [_trail(self._machine, model) for model in self._models]
            return _MODEL if trail in trails else _OTHER if any(len(trail) <= len(other) for other in trails) else 0
        if steps in self._models:
            return _MODEL
        return _OTHER if len(steps) <= self._longest and name in SURE_ALONE else 0

    def _hint(self, end: State) -> int:
        """Return what the predicted cell adds: it is where she thought that the robot would end, or not."""
        if self._made.predicted is None:
            return 0
        return _SURER if self._machine.place(end).cell == self._made.predicted else -_SURER

    def _touched(self, hers: Steps) -> tuple[str, int]:
        """Return the first block whose steps are not those that were meant, and the side that the robot faces there."""
        mine = islice(unrolled(self._row), MAX_RUN)
        state = self._machine.start
        for at, (block, step) in enumerate(mine):
            if state == LOST or at >= len(hers) or hers[at] != step:
                return block.id, self._machine.place(state).quarter if state != LOST else 0
            state = self._machine.step(state, step)
        return "", self._machine.place(state).quarter if state != LOST else 0

    def _kept(self) -> Iterator[Idea]:
        """Give the idea that cards from before stand in front of those that she meant."""
        before = self._made.previous.scripts[0].body() if self._made.previous is not None and self._made.previous.scripts else ()
        for count in range(1, len(self._row)):
            old, meant = self._row[:count], self._row[count:]
            end = self._machine.run(self._machine.start, meant)
            if not self._machine.is_reached(end):
                continue
            if before and steps_of(old) == steps_of(before):
                weight = _MODEL + _SURER
            elif steps_of(meant) in self._models and self._is_old(old):
                weight = _MODEL
            else:
                continue
            yield Idea("memory_kept", meant, MEANING, old[0].id, self._machine.place(self._machine.start).quarter, weight)

    def _is_old(self, row: Row) -> bool:
        """Say whether cards in front are more than a slip: a program of the lesson, or several that are not all alike."""
        steps = steps_of(row)
        if steps in self._models:
            return len(steps) > 1
        return len(row) >= _SURELY_OLD and len({block.type for block in walk(row)}) > 1


def _end(machine: Machine, steps: Steps) -> State:
    return machine.after(machine.start, steps, 1) if len(steps) <= MAX_RUN else LOST


def _trail(machine: Machine, steps: Sequence[int]) -> tuple[object, ...]:
    """Return the cells that steps lead through, and the sounds between them; headings aside."""
    state = machine.start
    trail: list[object] = [machine.place(state).cell]
    for step in steps:
        state = machine.step(state, step)
        if state == LOST:
            break
        cell = machine.place(state).cell
        if step == SOUND:
            trail.append("sound")
        elif trail[-1] != cell:
            trail.append(cell)
    return tuple(trail)

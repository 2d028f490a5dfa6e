"""
Slips: a program that is near the one that was meant, undone.

Each gives the rows of blocks that a child may have meant where she made this slip; whether one reaches the goal is asked in `ideas`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice

from petitpas.lessons.cells import MEANING, Meaning, Steps, unrolled
from petitpas.lessons.search import MAX_RUN, Machine, simple
from petitpas.program import Block

Row = tuple[Block, ...]
"""Blocks, one after the other."""

TURNS = ("left", "right")
GLIDING = ("go_up", "go_right", "go_down", "go_left")

_MIRRORS = {"left": "right", "right": "left", "go_left": "go_right", "go_right": "go_left"}
_MOVES = ("forward", "backward", *GLIDING)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a lesson: its machine, the rows that reach the goal, and whether its robot has no front."""

    machine: Machine
    models: tuple[Row, ...]
    glides: bool

    @property
    def straight(self) -> tuple[str, ...]:
        """The moves of its robot."""
        return GLIDING if self.glides else ("forward",)


Undo = Callable[[Row, Known], Iterator[Row]]


def walk(row: Row) -> Iterator[Block]:
    """Give the blocks of a row and those within, in pre-order."""
    for block in row:
        yield from block.walk()


def steps_of(row: Row, meaning: Meaning = MEANING, most: int = MAX_RUN) -> Steps:
    """Return the steps of a row, at most `most` + 1."""
    return tuple(step for _, step in islice(unrolled(row, meaning), most + 1))


def _rows(row: Row) -> Iterator[tuple[Row, Callable[[Row], Row]]]:
    """Give a row and the body of each loop in it, each with what puts another in its place."""
    yield row, lambda other: other
    for at, block in enumerate(row):
        for inner, put in _rows(block.body()) if block.type == "repeat" else ():

            def put_back(other: Row, at: int = at, block: Block = block, put: Callable[[Row], Row] = put) -> Row:
                return (*row[:at], replace(block, bodies=(("do", put(other)),)), *row[at + 1 :])

            yield inner, put_back


def _counted(block: Block, more: int) -> Row:
    """Return a move with more or fewer cells, nothing where none are left."""
    number = block.number("cells") + more
    return (replace(block, parameters=(("cells", number),)),) if number else ()


def _cell_short(row: Row, known: Known) -> Iterator[Row]:
    for inner, put in _rows(row):
        for at, block in enumerate(inner):
            if block.type in _MOVES:
                yield put((*inner[:at], *_counted(block, 1), *inner[at + 1 :]))
        for at in range(len(inner) + 1):
            for kind in known.straight:  # a row of one cell that is not there at all
                yield put((*inner[:at], simple(kind), *inner[at:]))


def _cell_long(row: Row, _: Known) -> Iterator[Row]:
    for inner, put in _rows(row):
        for at, block in enumerate(inner):
            alike = [other.type == block.type for other in (*inner[max(at - 1, 0) : at], *inner[at + 1 : at + 2])]
            if block.type in _MOVES and (any(alike) or block.number("cells") > 1):
                yield put((*inner[:at], *_counted(block, -1), *inner[at + 1 :]))


def _start_counted(row: Row, known: Known) -> Iterator[Row]:
    """Give the programs of the lesson of which every row of moves, and there is more than one, would be one cell longer than here."""
    for model in known.models:
        shorter: list[Block] = []
        rows = 0
        for at, block in enumerate(model):
            is_first = block.type in _MOVES and (not at or model[at - 1].type != block.type)
            shorter += _counted(block, -1) if is_first else (block,)
            rows += is_first
        if rows > 1 and steps_of(tuple(shorter)) == steps_of(row):
            yield model


def _mirrored(row: Row, known: Known) -> Iterator[Row]:
    """Give the row with every turn to the other side, then with those made while the robot does not look away from us, then with one."""
    turns = [block.id for block in walk(row) if block.type in _MIRRORS]
    for chosen in (turns, _facing(row, known.machine), *([turn] for turn in turns)):
        if chosen:
            yield _turned(row, set(chosen))


def _turned(row: Row, chosen: set[str]) -> Row:
    """Return a row with the chosen turns to the other side."""
    made = []
    for block in row:
        if block.type == "repeat":
            block = replace(block, bodies=(("do", _turned(block.body(), chosen)),))
        elif block.id in chosen:
            block = replace(block, type=_MIRRORS[block.type])
        made.append(block)
    return tuple(made)


def _one_turn_moves(row: Row, _: Known) -> Iterator[Row]:
    """Give the rows with one move added behind one turn: not all turns were taken so."""
    for inner, put in _rows(row):
        for at, block in enumerate(inner):
            if block.type in TURNS:
                yield put((*inner[: at + 1], simple("forward"), *inner[at + 1 :]))


def _last_turn(row: Row, _: Known) -> Iterator[Row]:
    for inner, put in _rows(row):
        last = max((at for at, block in enumerate(inner) if block.type in TURNS), default=-1)
        for at in range(len(inner), last, -1):
            for turn in TURNS:
                yield put((*inner[:at], simple(turn), *inner[at:]))


def _loop_off(row: Row, _: Known) -> Iterator[Row]:
    for inner, put in _rows(row):
        for at, block in enumerate(inner):
            if block.type == "repeat":
                for more in (1, -1):
                    turns = block.number("times") + more
                    if turns:
                        yield put((*inner[:at], replace(block, parameters=(("times", turns),)), *inner[at + 1 :]))


def _order(row: Row, known: Known) -> Iterator[Row]:
    """Give the orders of a row's cards that make a program of the lesson, then the rows with two cards of a loop swapped."""
    for model in known.models:
        yield from _ordered(row, steps_of(model))
    for inner, put in islice(_rows(row), 1, None):
        for first, second in combinations(range(len(inner)), 2):
            swapped = list(inner)
            swapped[first], swapped[second] = inner[second], inner[first]
            yield put(tuple(swapped))


def _facing(row: Row, machine: Machine) -> list[str]:
    """Return the turns outside loops that a child may see from the other side: the robot faces a side of the mat, or us."""
    found, quarter = [], machine.place(machine.start).quarter
    for block in row:
        if block.type in TURNS:
            found += [block.id] if quarter else []
            quarter = (quarter + (1 if block.type == "right" else 3)) % 4
    return found


def _ordered(row: Row, wanted: Steps) -> Iterator[Row]:
    """Give one order of a row's cards that makes the steps that are wanted, if there is one; loops count as cards."""
    steps = [steps_of((block,), most=len(wanted)) for block in row]
    if sorted(step for card in steps for step in card) != sorted(wanted):
        return
    seen: set[tuple[int, tuple[Steps, ...]]] = set()
    stack: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = [(0, (), tuple(range(len(row))))]
    while stack:
        at, done, left = stack.pop()
        if not left:
            yield tuple(row[card] for card in done)
            return
        key = at, tuple(sorted(steps[card] for card in left))
        if key in seen:
            continue
        seen.add(key)
        for card in reversed(left):
            if wanted[at : at + len(steps[card])] == steps[card]:
                stack.append((at + len(steps[card]), (*done, card), tuple(other for other in left if other != card)))


SLIPS: Mapping[str, Undo] = {
    "loop_off": _loop_off,
    "turn_moves": _one_turn_moves,
    "mirrored": _mirrored,
    "start_counted": _start_counted,
    "cell_short": _cell_short,
    "cell_long": _cell_long,
    "last_turn": _last_turn,
    "order": _order,
}
"""What undoes each slip, by idea."""

SURE_ALONE = ("loop_off", "mirrored", "cell_short", "cell_long")
"""Slips that are believed where what was meant is no program of the lesson, but reaches the goal."""

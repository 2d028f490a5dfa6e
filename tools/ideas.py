"""
How often the kind explanation names the right idea: `python tools/ideas.py [--show N]`.

A corpus is made from the lessons: each idea is applied to each solution, as a child who has it would write, and what does not reach the
goal is a row. Where several ideas write the same program, the row carries them all; which one a child had cannot be told from it, so that
any of them is right. Rows of two cards changed at random, which no idea writes, are there to catch what is claimed without reason.

The rows are split in two by their checksum. The rules of `petitpas.lessons.ideas` were tuned on one half, and the other is what counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host", "simulator")]

from petitpas.lessons import Variant, all_lessons, judge  # noqa: E402
from petitpas.lessons.cells import Grid, course_of, unrolled  # noqa: E402
from petitpas.lessons.explain import explain  # noqa: E402
from petitpas.lessons.ideas import IDEAS, Try  # noqa: E402
from petitpas.program import Program, from_compact, to_compact  # noqa: E402

Cards = list[object]
Shown = Iterator[tuple[Cards, Cards | None]]
"""Programs as a child with an idea writes them, each with the one before it where that matters."""

NOISE_ROWS = 3
"""Rows without an idea for each variant."""

TURNS = {"left": "right", "right": "left"}
MIRRORS = {**TURNS, "go_left": "go_right", "go_right": "go_left"}
MOVES = ("forward", "backward", "go_up", "go_down", "go_left", "go_right")


@dataclass
class Row:
    """A program, the one before it, and the ideas that write it; none for noise."""

    variant: Variant
    name: str
    cards: Cards
    previous: Cards | None
    ideas: set[str] = field(default_factory=set)

    @property
    def is_held(self) -> bool:
        """Say whether it belongs to the half that nothing was tuned on."""
        return zlib.crc32(f"{self.name} {self.cards} {self.previous}".encode()) % 2 == 1


# --- What a card is ----------------------------------------------------------------------------------------------------


def kind(card: object) -> str:
    return str(card[0]) if isinstance(card, list) else str(card)


def number(card: object) -> int:
    return card[1] if isinstance(card, list) and len(card) == 2 and isinstance(card[1], int) else 1


def longer(card: object, more: int) -> Cards:
    """Return a move with more or fewer cells, nothing where none are left."""
    count = number(card) + more
    return [] if not count else [kind(card)] if count == 1 else [[kind(card), count]]


def runs(cards: Cards) -> list[tuple[int, int]]:
    """Return where each row of the same move begins and ends."""
    found: list[tuple[int, int]] = []
    for at, card in enumerate(cards):
        if kind(card) in MOVES and found and found[-1][1] == at and kind(cards[at - 1]) == kind(card):
            found[-1] = (found[-1][0], at + 1)
        elif kind(card) in MOVES:
            found.append((at, at + 1))
    return found


def in_loops(change: Callable[[Cards], Iterator[Cards]]) -> Callable[[Cards], Iterator[Cards]]:
    """Return a change of a row of cards that is also made in the loops of the row."""

    def deep(cards: Cards) -> Iterator[Cards]:
        yield from change(cards)
        for at, card in enumerate(cards):
            if isinstance(card, list) and kind(card) == "repeat":
                yield from ([*cards[:at], [*card[:2], body], *cards[at + 1 :]] for body in deep(card[2]))

    return deep


# --- Ideas: what a child who has one writes in place of a solution --------------------------------------------------------


def turn_moves(variant: Variant, cards: Cards) -> Shown:
    """A turn also moves: of the row behind it one cell is left out, behind every turn or behind one."""

    def change(row: Cards) -> Iterator[Cards]:
        behind = [at for at in range(1, len(row)) if kind(row[at - 1]) in TURNS and kind(row[at]) == "forward"]
        for chosen in [behind, *([at] for at in behind)]:
            if chosen:
                yield [one for at, card in enumerate(row) for one in (longer(card, -1) if at in chosen else [card])]

    yield from ((made, None) for made in in_loops(change)(cards))


def turn_sidesteps(variant: Variant, cards: Cards) -> Shown:
    """A turn is a step to that side: the path of the solution, with the nose where it was."""
    yield from _written(variant, cards, ("forward", "right", "backward", "left"), variant.robots[0].start.quarter)


def absolute_as_relative(variant: Variant, cards: Cards) -> Shown:
    """The rocket's arrows are read as if it had a nose; the robot's as if they were sides of the mat."""
    if variant.robots[0].kit != "rocket":
        yield from _written(variant, cards, ("forward", "right", "backward", "left"), 0)
        return
    nose = variant.robots[0].start.quarter
    moving: Cards = []
    turning: Cards = []
    for quarter in _directions(variant, cards):
        side = (quarter - nose) % 4
        moving.append(("go_up", "go_right", "go_down", "go_left")[side])
        turning += [("go_up",), ("go_right", "go_up"), ("go_down",), ("go_left", "go_up")][side]
        nose = nose if side == 2 else quarter
    yield moving, None
    yield turning, None


def _written(variant: Variant, cards: Cards, names: tuple[str, ...], nose: int) -> Shown:
    allowed = {choice.type for choice in variant.blocks}
    written: Cards = [names[(quarter - nose) % 4] for quarter in _directions(variant, cards)]
    if variant.robots[0].kit != "rocket" and set(map(str, written)) <= allowed and len(set(map(str, written))) > 1:
        yield written, None


def _directions(variant: Variant, cards: Cards) -> Iterator[int]:
    """Give the side of the mat to which each step of a program goes."""
    cell = variant.robots[0].start.cell
    for following in course_of(Grid(variant.mat), variant.robots[0].start, from_compact(cards)).path:
        yield {(0, 1): 0, (1, 0): 1, (0, -1): 2, (-1, 0): 3}[following[0] - cell[0], following[1] - cell[1]]
        cell = following


def mirrored(variant: Variant, cards: Cards) -> Shown:
    """Left for right: in every turn, in one, or in those that the robot makes while it does not look away from us."""
    quarter, facing = variant.robots[0].start.quarter, []
    for at, card in enumerate(cards):
        if kind(card) in TURNS:
            facing += [at] if quarter else []
            quarter = (quarter + (1 if card == "right" else 3)) % 4
    places = [at for at, card in enumerate(cards) if kind(card) in MIRRORS]
    for chosen in [places, facing, *([at] for at in places)]:
        if chosen:
            yield [_mirror(card) if at in chosen else card for at, card in enumerate(cards)], None
    for at, card in enumerate(cards):
        if isinstance(card, list) and kind(card) == "repeat":
            yield from (([*cards[:at], [*card[:2], body], *cards[at + 1 :]], None) for body, _ in mirrored(variant, card[2]))


def _mirror(card: object) -> object:
    other = MIRRORS[kind(card)]
    return [other, number(card)] if number(card) > 1 else other


def _rows_by(more: int) -> Callable[[Cards], Iterator[Cards]]:
    def change(cards: Cards) -> Iterator[Cards]:
        for begin, _ in runs(cards):
            yield [*cards[:begin], *longer(cards[begin], more), *cards[begin + 1 :]]

    return in_loops(change)


def cell_short(variant: Variant, cards: Cards) -> Shown:
    """One row of moves is a cell short."""
    yield from ((made, None) for made in _rows_by(-1)(cards))


def cell_long(variant: Variant, cards: Cards) -> Shown:
    """One row of moves is a cell long."""
    yield from ((made, None) for made in _rows_by(1)(cards))


def start_counted(variant: Variant, cards: Cards) -> Shown:
    """The start is counted as the first cell: in every row of moves, or in the first."""
    begins = [begin for begin, _ in runs(cards)]
    for chosen in (begins, begins[:1]):
        yield [one for at, card in enumerate(cards) for one in (longer(card, -1) if at in chosen else [card])], None


def memory_kept(variant: Variant, cards: Cards) -> Shown:
    """The cards of the try before are still there, in front: a try that was not right, or the same program."""
    tries = [*(to_compact(wrong.program) for wrong in variant.wrong), *([to_compact(variant.given)] if variant.given else []), cards]
    for before in tries:
        yield [*before, *cards], before
    yield [*cards, *cards], None


def order(variant: Variant, cards: Cards) -> Shown:
    """The right cards in another order: two swapped, one moved, or all moves before the turns."""

    def swaps(row: Cards) -> Iterator[Cards]:
        for first in range(len(row)):
            for second in range(len(row)):
                swapped, moved = list(row), list(row)
                swapped[first], swapped[second] = row[second], row[first]
                moved.insert(second, moved.pop(first))
                yield swapped
                yield moved

    yield from ((made, None) for made in in_loops(swaps)(cards))
    yield sorted(cards, key=lambda card: kind(card) in TURNS), None


def last_turn(variant: Variant, cards: Cards) -> Shown:
    """The last turn was forgotten."""

    def without(row: Cards) -> Iterator[Cards]:
        last = max((at for at, card in enumerate(row) if kind(card) in TURNS), default=None)
        if last is not None:
            yield [*row[:last], *row[last + 1 :]]

    yield from ((made, None) for made in in_loops(without)(cards))


def loop_off(variant: Variant, cards: Cards) -> Shown:
    """A loop goes around once too few or too often."""

    def change(row: Cards) -> Iterator[Cards]:
        for at, card in enumerate(row):
            if isinstance(card, list) and kind(card) == "repeat":
                for more in (-1, 1):
                    if card[1] + more:
                        yield [*row[:at], ["repeat", card[1] + more, card[2]], *row[at + 1 :]]

    yield from ((made, None) for made in in_loops(change)(cards))


SHOWS: dict[str, Callable[[Variant, Cards], Shown]] = {
    show.__name__: show
    for show in (
        turn_moves,
        turn_sidesteps,
        absolute_as_relative,
        mirrored,
        cell_short,
        cell_long,
        start_counted,
        memory_kept,
        order,
        last_turn,
        loop_off,
    )
}


# --- The corpus --------------------------------------------------------------------------------------------------------------


def corpus(names: Collection[str] = ()) -> list[Row]:
    """Return the rows of every variant of the named lessons, of all where none is named."""
    rows: list[Row] = []
    for lesson in all_lessons():
        for variant in lesson.variants if not names or lesson.id in names else ():
            if variant.goal.type not in ("predict", "choose"):
                rows += _rows_of(variant, f"{lesson.id}/{variant.name}")
    return rows


def _rows_of(variant: Variant, name: str) -> list[Row]:
    rows: dict[tuple[int, ...], Row] = {}
    for idea, show in SHOWS.items():
        for solution in variant.solutions:
            for cards, previous in show(variant, to_compact(solution)):
                if cards and not judge(variant, _program(cards)).reached:
                    row = rows.setdefault(_key(cards), Row(variant, name, cards, previous))
                    row.ideas.add(idea)
    return [*rows.values(), *_noise(variant, name, set(rows))]


def _program(cards: Cards) -> Program:
    return from_compact(cards)


def _key(cards: Cards) -> tuple[int, ...]:
    """Return what a program does, step by step: written in another way it is the same row."""
    return tuple(step for _, step in unrolled(_program(cards).scripts[0].body()))


def _noise(variant: Variant, name: str, known: set[tuple[int, ...]]) -> Iterator[Row]:
    """Give programs of two or three random changes that no idea writes."""
    chance = random.Random(name)
    kinds = [choice.type for choice in variant.blocks if choice.type != "repeat"]
    given = 0
    for _ in range(200):
        cards = list(to_compact(variant.solution))
        for _ in range(chance.choice((2, 3))):
            at = chance.randrange(len(cards) + 1)
            cards[at : at + chance.choice((0, 1))] = [chance.choice(kinds)]
        if given < NOISE_ROWS and _key(cards) not in known and not judge(variant, _program(cards)).reached:
            given += 1
            yield Row(variant, name, cards, None)


# --- Figures ------------------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="rows of the tuned half that are not right, at most so many")
    arguments = parser.parse_args()
    rows = corpus()
    for is_held in (False, True):
        half = [row for row in rows if row.is_held == is_held]
        _figures("held back" if is_held else "tuned on", half, 0 if is_held else arguments.show)
    return 0


@dataclass
class Measured:
    """Rows with what was claimed of each ("" for nothing) and how long it took, in s."""

    rows: list[Row]
    claims: list[str]
    times: list[float]

    @property
    def right(self) -> float:
        """Of the rows with an idea, the part of which one that writes them was claimed."""
        found = [claim in row.ideas for row, claim in zip(self.rows, self.claims, strict=True) if row.ideas]
        return sum(found) / len(found)

    @property
    def wrong(self) -> float:
        """The part of all rows of which another idea was claimed, or any where there is none."""
        found = [bool(claim) and claim not in row.ideas for row, claim in zip(self.rows, self.claims, strict=True)]
        return sum(found) / len(found)


def measured(rows: list[Row]) -> Measured:
    """Return what is claimed of rows."""
    times, claims = [], []
    for row in rows:
        made = Try(_program(row.cards), _program(row.previous) if row.previous else None)
        began = time.perf_counter()
        found = explain(row.variant, made).idea
        times.append(time.perf_counter() - began)
        claims.append(found.name if found else "")
    return Measured(rows, claims, times)


def _figures(name: str, rows: list[Row], show: int) -> None:
    done = measured(rows)
    claims = done.claims
    with_ideas = [(row, claim) for row, claim in zip(rows, claims, strict=True) if row.ideas]
    noise = [claim for row, claim in zip(rows, claims, strict=True) if not row.ideas]
    print(f"{name}: {len(rows)} rows, {len(with_ideas)} with an idea")
    print(f"  right {done.right:.1%} of those with an idea (ceiling 100 %: any idea that writes the program is right)")
    print(f"  one idea alone could be asked for in {sum(len(row.ideas) == 1 for row, _ in with_ideas) / len(with_ideas):.1%} of them")
    print(f"  wrong ideas claimed {done.wrong:.1%} of all rows; of {len(noise)} without an idea {sum(map(bool, noise))}")
    print(f"  explained in {median(done.times) * 1000:.1f} ms (median), {max(done.times) * 1000:.0f} ms at most")
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for row, claim in with_ideas:
        for idea in row.ideas:
            table[idea]["rows"] += 1
            table[idea]["right"] += claim in row.ideas
            table[idea]["named"] += claim == idea
    for idea in IDEAS:
        counts = table[idea]
        print(f"    {idea:<22}{counts['rows']:>5} rows, {counts['right'] / max(1, counts['rows']):>7.1%} right, named {counts['named']}")
    shown = [(row, claim) for row, claim in zip(rows, claims, strict=True) if (claim or row.ideas) and claim not in row.ideas]
    for row, claim in shown[:show]:
        print(f"    {row.name} {row.cards} after {row.previous}: {sorted(row.ideas)}, claimed {claim or 'nothing'}")


if __name__ == "__main__":
    sys.exit(main())

"""
The smallest mends of a program: which of its blocks to replace, insert, remove or swap so that it reaches the goal.

Theory
======
A mend is a row of edits, from the first block to the last, on the blocks of the script; a loop is one block of that row, whose number of
turns and whose body may be edited in their turn. Whether a rest of the program can still be mended with so many edits is asked of the
machine once for each block, state and number of edits; only what can be is then followed, so that the fewest edits are found first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from petitpas.lessons.search import LOST, Search, State
from petitpas.program import Block, Program
from petitpas.program.tree import renumber

MAX_EDITS = 2
"""More edits than this is another program, not a mend."""

MAX_MENDS = 40
"""Mends of one program that are told."""

MAX_WAYS = 200
"""Ways to mend it that are looked at: several may make the same program."""

MAX_BLOCKS = 40
"""A program with more blocks is not mended: no lesson's has half as many."""

MAX_BODY = 4
"""In a longer body of a loop only one block is mended at a time."""

MAX_WORK = 12_000
"""Rows of blocks that are run to mend one program: what is not found by then is not told."""

Kind = Literal["replace", "insert", "remove", "swap"]


@dataclass(frozen=True, slots=True)
class Edit:
    """
    One change of a program.

    `block_id` is the block that is replaced or removed, or the first of two that are swapped, or the one before which a block is inserted
    ("": at the end of its row). `block` is what comes in its place (None: nothing), `other_id` the second of two that are swapped.
    """

    kind: Kind
    block_id: str
    block: Block | None = None
    other_id: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """A row of edits, at least one, and the program that they make."""

    edits: tuple[Edit, ...]
    program: Program


Row = tuple[Block, ...]
Way = tuple[tuple[Edit, ...], Row]
"""Edits, and the blocks that they make."""


def mends_of(search: Search, program: Program) -> tuple[Mend, ...]:
    """Return the mends with the fewest edits, at most MAX_MENDS, of a program that the cell model knows; none where MAX_EDITS do not do."""
    row = program.scripts[0].body()
    if sum(1 for _ in program.walk()) > MAX_BLOCKS:
        return ()
    work = _Work()
    for edits in range(1, MAX_EDITS + 1):
        ways: dict[tuple[object, ...], Way] = {}
        for made, blocks in islice(_ways(search, row, edits, work), MAX_WAYS):
            ways.setdefault(plain(blocks), (made, blocks))
        if ways:
            return tuple(Mend(made, _program(program, blocks)) for made, blocks in islice(ways.values(), MAX_MENDS))
    return ()


def plain(row: Row) -> tuple[object, ...]:
    """Return what a row of blocks is without its ids: rows of which this is equal do the same."""
    return tuple((block.type, block.parameters, plain(block.body())) for block in row)


def with_body(program: Program, row: Sequence[Block]) -> Program:
    """Return a program of one script with other blocks in it."""
    return _program(program, tuple(row))


def _program(program: Program, row: Row) -> Program:
    head = program.scripts[0]
    return renumber(replace(program, scripts=(replace(head, bodies=(("do", row),)),)))


def _ways(search: Search, row: Row, edits: int, work: _Work) -> Iterator[Way]:
    """Give the ways to mend a row with exactly `edits` edits."""
    machine = search.machine
    yield from _Mender(search, row, work).ways(0, machine.start, edits)
    for pair, edit, swapped in _swaps(row):  # neighbours are swapped by the mender
        for made, blocks in _Mender(search, swapped, work).ways(0, machine.start, edits - 1):
            yield (edit, *made), blocks
        for _, other, twice in _swaps(swapped, pair) if edits > 1 else ():
            if not work.takes():
                return
            if machine.is_reached(machine.run(machine.start, twice)):
                yield (edit, other), twice


def _swaps(row: Row, after: tuple[int, int] = (-1, -1)) -> Iterator[tuple[tuple[int, int], Edit, Row]]:
    """Give the places, behind `after`, of two blocks that are no neighbours and do not do the same, and the row with them swapped."""
    for first in range(len(row)):
        for second in range(first + 2, len(row)):
            if (first, second) > after and not _is_same(row[first], row[second]):
                swapped = list(row)
                swapped[first], swapped[second] = row[second], row[first]
                yield (first, second), Edit("swap", row[first].id, other_id=row[second].id), tuple(swapped)


class _Work:
    """What is left of MAX_WORK."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def takes(self) -> bool:
        """Take one row of it; say whether there was one."""
        self.left -= 1
        return self.left >= 0


class _Mender:
    """Ways to mend one row of blocks."""

    def __init__(self, search: Search, row: Row, work: _Work) -> None:
        self._search = search
        self._row = row
        self._can: dict[tuple[int, State, int], bool] = {}
        self._others_of: dict[tuple[int, int], list[tuple[int, Block]]] = {}
        self._work = work

    def ways(self, at: int, state: State, edits: int) -> Iterator[Way]:
        """Give the ways to mend what follows block `at`, from a state, with exactly `edits` edits."""
        if not self._is_possible(at, state, edits):
            return
        if at == len(self._row) and not edits:
            yield (), ()
            return
        for made, blocks, following, left, after in self._moves(at, state, edits):
            for more, rest in self.ways(following, after, left):
                yield (*made, *more), (*blocks, *rest)

    def _is_possible(self, at: int, state: State, edits: int) -> bool:
        key = at, state, edits
        if key not in self._can:
            self._work.left -= 1
            if state == LOST or self._work.left < 0:
                self._can[key] = False
            elif at == len(self._row) and not edits:
                self._can[key] = self._search.machine.is_reached(state)
            else:
                self._can[key] = any(self._is_possible(n, after, left) for _, _, n, left, after in self._moves(at, state, edits))
        return self._can[key]

    def _moves(self, at: int, state: State, edits: int) -> Iterator[tuple[tuple[Edit, ...], Row, int, int, State]]:
        """
        Give what may be done at block `at`.

        Returns:
            edits, the blocks that they make, the block at which one is then, the edits that are left, the state.
        """
        row, run = self._row, self._search.machine.run
        if at < len(row):
            block = row[at]
            yield (), (block,), at + 1, edits, run(state, (block,))
            if (at, edits) not in self._others_of:
                self._others_of[at, edits] = list(self._others(block, edits))
            for cost, other in self._others_of[at, edits]:
                self._work.left -= 1
                if self._work.left < 0:
                    return
                yield _edited(block, other), (other,), at + 1, edits - cost, run(state, (other,))
            if edits:
                yield (Edit("remove", block.id),), (), at + 1, edits - 1, state
            if edits and at + 1 < len(row) and not _is_same(block, row[at + 1]):
                pair = (row[at + 1], block)
                yield (Edit("swap", block.id, other_id=row[at + 1].id),), pair, at + 2, edits - 1, run(state, pair)
        if edits:
            before = row[at].id if at < len(row) else ""
            for block in self._search.blocks:
                yield (Edit("insert", before, block),), (block,), at, edits - 1, run(state, (block,))

    def _others(self, block: Block, edits: int) -> Iterator[tuple[int, Block]]:
        """Give what may take the place of a block, with the edits that it costs."""
        if not edits:
            return
        if block.type != "repeat":
            yield from ((1, other) for other in self._search.blocks if not _is_same(block, other))
            return
        for cost, body in _bodies(self._search, block.body(), edits):
            for turns in self._search.turns or [block.number("times")]:
                whole = cost + (turns != block.number("times"))
                if 0 < whole <= edits:
                    yield whole, replace(block, parameters=(("times", turns),), bodies=(("do", body),))
        yield from ((1, other) for other in self._search.blocks)


def _bodies(search: Search, body: Row, edits: int) -> Iterator[tuple[int, Row]]:
    """Give a loop's body and those that at most `edits` edits make of it, with their cost."""
    yield 0, body
    once = list(_edited_bodies(search, body)) if edits else []
    twice = (other for one in once for other in _edited_bodies(search, one)) if edits > 1 and len(body) <= MAX_BODY else ()
    met = {_identity(body)}
    for cost, bodies in ((1, once), (2, twice)):
        for edited in bodies:
            if (key := _identity(edited)) not in met:
                met.add(key)
                yield cost, edited


def _identity(row: Row) -> tuple[int, ...]:
    """Return which blocks are in a row: an edit puts in blocks that all rows share."""
    return tuple(map(id, row))


def _edited_bodies(search: Search, body: Row) -> Iterator[Row]:
    for at in range(len(body) + 1):
        for block in search.blocks:
            yield (*body[:at], block, *body[at:])
            if at < len(body) and not _is_same(body[at], block):
                yield (*body[:at], block, *body[at + 1 :])
    for at in range(len(body)):
        yield (*body[:at], *body[at + 1 :])
        for other in range(at + 1, len(body)):
            if not _is_same(body[at], body[other]):
                swapped = list(body)
                swapped[at], swapped[other] = body[other], body[at]
                yield tuple(swapped)


def _edited(block: Block, other: Block) -> tuple[Edit, ...]:
    return (Edit("replace", block.id, other),)


def _is_same(block: Block, other: Block) -> bool:
    """Say whether two blocks do the same."""
    if (block.type, block.parameters) != (other.type, other.parameters):
        return False
    return len(block.body()) == len(other.body()) and all(map(_is_same, block.body(), other.body()))

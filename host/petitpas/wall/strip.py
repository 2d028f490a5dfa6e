"""
Strips: the row of cards that children lay, as it lies, and the program that it makes.

A card is written as its block's name, and its number where it has one: "forward", "forward 3", "repeat 4". What is between "repeat" and
"end" is played again; a loop that nobody has closed goes on to the last card, and an "end" without a loop is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from petitpas.program import Block, Program, ProgramError, from_compact

LOOP = "repeat"
END = "end"

Cards = tuple[str, ...]
Compact = str | list[object]
"""One block in the compact notation of programs."""

_NUMBERS = ("cells", "times")


def kind_of(card: str) -> str:
    """Return the block of a card."""
    return card.partition(" ")[0]


def number_of(card: str) -> int | None:
    """Return the number on a card, None where it has none."""
    number = card.partition(" ")[2]
    return int(number) if number else None


def with_number(kind: str, number: int) -> str:
    """Return the card of a block with a number."""
    return f"{kind} {number}"


def tidied(cards: Sequence[str]) -> Cards:
    """Return a strip without the ends that close no loop."""
    kept: list[str] = []
    is_open = 0
    for card in cards:
        if card == END and not is_open:
            continue
        is_open += (kind_of(card) == LOOP) - (card == END)
        kept.append(card)
    return tuple(kept)


def open_loops(cards: Sequence[str]) -> int:
    """Return how many loops are still open after a row of cards."""
    return sum((kind_of(card) == LOOP) - (card == END) for card in tidied(cards))


def deepest(cards: Sequence[str]) -> int:
    """Return how many loops lie within one another at most."""
    return max((open_loops(cards[:count]) for count in range(len(cards) + 1)), default=0)


def compact(cards: Sequence[str]) -> list[object]:
    """Return a strip in the compact notation of programs."""
    bodies: list[list[object]] = [[]]
    for card in tidied(cards):
        if card == END:
            bodies.pop()
            continue
        block = _compact(card)
        bodies[-1].append(block)
        if kind_of(card) == LOOP and isinstance(block, list):
            body: list[object] = []
            block.append(body)
            bodies.append(body)
    return bodies[0]


def _compact(card: str) -> Compact:
    number = number_of(card)
    return card if number is None else [kind_of(card), number]


@lru_cache(maxsize=64)
def program_of(cards: Cards) -> Program:
    """Return the program of a strip whose loops lie at most four within one another."""
    return from_compact(compact(cards))


def cards_of(program: Program, numbered: Collection[str] = ()) -> Cards:
    """Return the strip of a program of one script; the blocks that are `numbered` show their number even where it is 1."""
    return tuple(_laid(program.scripts[0].body(), numbered))


def cards_left(left: Sequence[object], numbered: Collection[str] = ()) -> Cards:
    """Return the cards of a compact list that was kept, none where they make no program of one script."""
    try:
        program = from_compact(_lists(left))
    except ProgramError:
        return ()
    return cards_of(program, numbered) if len(program.scripts) == 1 else ()


def _lists(items: Sequence[object]) -> list[object]:
    return [_lists(item) if isinstance(item, tuple) else item for item in items]


def _laid(blocks: Sequence[Block], numbered: Collection[str]) -> Iterator[str]:
    for block in blocks:
        number = next((value for name, value in block.parameters if name in _NUMBERS and isinstance(value, int)), 1)
        is_shown = number != 1 or block.type in numbered or block.type == LOOP
        yield with_number(block.type, number) if is_shown else block.type
        if block.type == LOOP:
            yield from _laid(block.body(), numbered)
            yield END


def places_of_blocks(cards: Sequence[str]) -> tuple[int, ...]:
    """Return where each block of the program lies in a tidy strip, in the order in which robots count blocks."""
    return tuple(place for place, card in enumerate(cards) if card != END)


def steps_of(cards: Sequence[str]) -> tuple[tuple[int, Compact], ...]:
    """Return what is played a card at a time, loops unrolled: the place of each card in a tidy strip, and its block."""
    return tuple(_unrolled(cards, 0, len(cards)))


def _unrolled(cards: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, Compact]]:
    place = start
    while place < stop:
        card = cards[place]
        if kind_of(card) == LOOP:
            end = _end_of(cards, place, stop)
            for _ in range(number_of(card) or 1):
                yield from _unrolled(cards, place + 1, end)
            place = end
        elif card != END:
            yield place, _compact(card)
        place += 1


def _end_of(cards: Sequence[str], loop: int, stop: int) -> int:
    """Return where the loop that begins at a place ends: at its "end", or after the last card."""
    depth = 0
    for place in range(loop, stop):
        depth += (kind_of(cards[place]) == LOOP) - (cards[place] == END)
        if depth == 0:
            return place
    return stop

"""
What a variant of a lesson asks for at a level: which commands a class sees, what is given, and how long the strip is.

The eight activities differ in what is given and in what can be done with it:

    faire         no strip to prepare: a tap on a card moves the robot at once
    programmer    an empty strip
    coder         an empty strip, and the path on the mat where the goal is one
    reparer       a program in the strip
    ordonner      the cards of the solution, each once, in another order
    prevoir       the program in the strip, which stays: the place where it ends is asked for
    reconnaitre   the path on the mat, and programs to choose among
    inventer      as programmer
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from petitpas.lessons.lesson import Variant
from petitpas.lessons.search import Choice
from petitpas.lessons.sheet import Activity
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.profiles import PROFILES, Profile
from petitpas.wall.strip import END, LOOP, Cards, cards_of, deepest, kind_of, number_of, with_number
from petitpas_sim.mat import Cell

DECK = "deck."
"""Before the number of a card that is given to be ordered, in the name of its tile."""

CHOICE = "choice."
"""Before the number of a program to choose, in the name of its row."""

CONTROLS = ("go", "step", "from_here", "home", "clear", "undo", "number", "insert", "listen", "help", "predict")
"""Tiles that are no cards."""

DEEPEST = 1
"""Loops within one another: a strip is a row, in which a loop in a loop cannot be seen."""

_MOVES = ("forward", "backward", "left", "right")
_FOR = {
    "faire": ("home", "listen", "help"),
    "ordonner": ("go", "clear", "step", "listen", "help"),
    "prevoir": ("go", "step", "listen", "help"),
    "reconnaitre": ("go", "step", "listen", "help"),
}
"""Activities that have fewer commands than their level."""

_YIELDING = ("step", "listen")
"""Commands that leave their place to the cards of a lesson, the first first, where a level would show too many."""

_NEEDED = {"faire": ("home",), "prevoir": ("go",), "reconnaitre": ("go",)}
"""Commands without which an activity cannot be done, even where the level's profile has none."""

_MOST_ROWS = {"PS": 1, "MS": 1, "GS": 4, "CP": 5, "CE1": 6, "CE2": 6}
"""Rows of a mat whose cells, brought down below the ceiling, are still big enough for the hands of a level."""


@dataclass(frozen=True)
class Task:
    """
    A variant at a level.

    `commands` are all the tiles, GO among them, of which `shown` says those of a moment; `numbers` is the range of each block that has a
    number here, `most` the cards that the strip takes. `deck` are the cards to be ordered, `choices` the programs to choose among, `given`
    what is in the strip at first, and `path` the cells that are shown on the mat.
    """

    variant: Variant
    level: Level
    commands: tuple[str, ...]
    numbers: dict[str, range]
    most: int
    deck: Cards = ()
    choices: tuple[Cards, ...] = ()
    given: Cards = ()
    path: tuple[Cell, ...] = ()

    @property
    def activity(self) -> Activity:
        """What the class does."""
        return self.variant.activity

    @property
    def profile(self) -> Profile:
        """The level's profile, with a strip that is long enough."""
        return replace(PROFILES[self.level], strip=self.most)

    @property
    def is_fixed(self) -> bool:
        """Whether the strip cannot be changed, card by card."""
        return self.activity in ("prevoir", "reconnaitre", "faire")

    @property
    def asks_place(self) -> bool:
        """Whether GO waits for a prediction: it is what the activity asks for. Never for the youngest."""
        return self.activity == "prevoir" and self.level not in ("PS", "MS")

    @property
    def asks_heading(self) -> bool:
        """Whether a prediction says where the robot looks, too."""
        return self.variant.goal.type == "predict"

    @property
    def offers_place(self) -> bool:
        """Whether a prediction is what comes first; GO does not wait for it."""
        return PROFILES[self.level].runs == "predict" and "predict" in self.commands

    def shown(self, taken: Collection[int], has_help: bool) -> tuple[str, ...]:
        """
        Return the tiles of a moment, each always at the same place.

        Of equal cards that are given only one is shown, the next that was not taken. A prediction comes before a run, help after it: they
        have one place, except where the prediction is what the class does.
        """
        hidden = {f"{DECK}{place}" for place in range(len(self.deck))} - {f"{DECK}{place}" for place in self._tops(taken)}
        if self.activity != "prevoir" and {"help", "predict"} <= set(self.commands):
            hidden.add("predict" if has_help else "help")
        return tuple(name for name in self.commands if name not in hidden)

    def _tops(self, taken: Collection[int]) -> Iterator[int]:
        """Give the card of each stack of equal cards that is tapped next; of an empty stack, its last."""
        for card in dict.fromkeys(self.deck):
            stack = [place for place, other in enumerate(self.deck) if other == card]
            yield next((place for place in stack if place not in taken), stack[-1])

    def left(self, name: str, taken: Collection[int]) -> int:
        """Return how many cards are left in the stack of a given one, by the name of its tile."""
        card = self.deck[int(name[len(DECK) :])]
        return sum(card == other and place not in taken for place, other in enumerate(self.deck))

    def card_of(self, kind: str) -> str:
        """Return a new card of a block: where it has a number, with the least."""
        return with_number(kind, self.numbers[kind].start) if kind in self.numbers else kind

    def renumbered(self, card: str) -> str:
        """Return a card that has a number with the next one, after the greatest with the least."""
        numbers = self.numbers[kind_of(card)]
        number = (number_of(card) or numbers.start) + 1
        return with_number(kind_of(card), number if number in numbers else numbers.start)

    def goes_on_with(self, cards: Sequence[str]) -> bool:
        """Say whether a strip that was left another day can be gone on with."""
        if self.is_fixed or self.activity == "ordonner" or deepest(cards) > DEEPEST:
            return False
        return all(card == END or (kind_of(card) in self.commands and self._has_number(card)) for card in cards)

    def _has_number(self, card: str) -> bool:
        numbers, number = self.numbers.get(kind_of(card)), number_of(card)
        return number is None if numbers is None else number in numbers


def task_of(variant: Variant, level: Level) -> Task:
    """Return what a variant asks for at one of its levels."""
    numbers = {choice.type: range(choice.least, choice.most + 1) for choice in variant.blocks if choice.most > 1}
    solution = cards_of(variant.solution, numbers)
    choices = tuple(sorted(cards_of(program, numbers) for program in (variant.solution, *variant.distractors)))
    given = cards_of(variant.given, numbers) if variant.given else ()
    deck = tuple(sorted(solution)) if tuple(sorted(solution)) != solution else tuple(reversed(solution))
    is_given = variant.activity == "prevoir"
    is_fixed = variant.activity in ("prevoir", "reconnaitre")
    longest = max(len(cards_of(program, numbers)) for program in (*variant.solutions, *variant.distractors))
    return Task(
        variant,
        level,
        commands_of(variant, level, deck),
        numbers,
        longest if is_fixed else max(PROFILES[level].strip, longest, len(given)),
        deck if variant.activity == "ordonner" else (),
        choices if variant.activity == "reconnaitre" else (),
        solution if is_given else given,
        _path(variant),
    )


def commands_of(variant: Variant, level: Level, deck: Cards) -> tuple[str, ...]:
    """Return the tiles of a variant at a level: the cards first, then what its profile allows."""
    activity, allowed = variant.activity, PROFILES[level].commands
    if activity == "ordonner":
        cards = tuple(f"{DECK}{place}" for place in range(len(deck)))
    elif activity in ("prevoir", "reconnaitre"):
        cards = ()
    else:
        cards = _cards(variant.blocks)
    others = [name for name in allowed if name not in (*_MOVES, "turn")]
    if activity in _FOR:
        others = [name for name in others if name in _FOR[activity]]
    else:
        others = [name for name in others if name != "home" and (name != "number" or any(choice.most > 1 for choice in variant.blocks))]
    others += [name for name in _NEEDED.get(activity, ("go", "clear")) if name not in others]
    over = len(set(deck) if activity == "ordonner" else cards) + len(others) - PROFILES[level].most
    yielding = [name for name in _YIELDING if name in others][: max(0, over)]
    others = [name for name in others if name not in yielding]
    if predicts(variant, level):
        others.insert(others.index("help") + 1, "predict")
    return (*cards, *others)


def _cards(blocks: tuple[Choice, ...]) -> tuple[str, ...]:
    """Return the blocks that may be laid, moves first, loops last."""
    kinds = list(dict.fromkeys(choice.type for choice in blocks))
    return tuple(sorted(kinds, key=lambda kind: (kind == LOOP, kind not in _MOVES, kinds.index(kind))))


def predicts(variant: Variant, level: Level) -> bool:
    """Say whether the class can predict here: from GS on, where the cells of the mat can be brought within reach."""
    if variant.activity in ("faire", "reconnaitre") or LEVELS.index(level) < LEVELS.index("GS"):
        return False
    return variant.mat.rows <= _MOST_ROWS[level]


def _path(variant: Variant) -> tuple[Cell, ...]:
    """Return the cells that are shown, where the goal is a path: a ribbon to follow, a movement to write or to recognise."""
    is_path = variant.goal.type in ("trace", "closed", "choose")
    return (variant.robots[0].start.cell, *variant.goal.cells) if is_path else ()

"""
What is known of a class, as frozen records.

Nothing here is about a child: a group is a fruit, a robot an animal, a title is chosen among words, a program is made of the catalogue's
names and of numbers. There is no field into which a name could be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from petitpas.program.blocks import BLOCKS, SENSORS
from petitpas.robots.animals import ANIMALS
from petitpas.words import LANGUAGE, LANGUAGES
from petitpas_robot import opcodes
from petitpas_sim.mat import Mat, Place, parse_cell

FRUITS = ("pomme", "poire", "cerise", "fraise", "banane", "orange", "raisin", "kiwi")
"""What the groups of a class are called; "" is the whole class."""

ROBOTS = tuple(animal.name for animal in ANIMALS)
"""What the robots of a class may be called."""

OBSERVATIONS = ("alone", "with_friend", "with_adult")
"""How the teacher saw a group do a lesson."""

OUTCOMES = {name[4:].lower(): number for name, number in vars(opcodes).items() if name.startswith("HOW_") and name != "HOW_RUNNING"}
"""How a run has ended: the firmware's outcomes, by name."""

TITLES = ("garden", "forest", "village", "beach", "mountain", "castle", "river", "island", "farm", "park", "desert", "sky")
"""What an invented mat may be called."""

SPEEDS = ("slow", "real", "fast")

VOICES = ("first", "delayed", "silent")
"""When the challenge is said: at once, once the class has spoken, or by the class alone."""

MAX_TRIES = 100
"""Tries that are kept of a group in a variant of a lesson: the last ones."""

MAX_INVENTIONS = 48
"""Invented mats that a class keeps."""

MAX_CARDS = 255
"""Names and numbers in a strip: far more than a wall shows."""

_MAX_DEPTH = 8
_MAX_NUMBER = 99_999

Card = str | int | Mapping[str, Any] | tuple["Card", ...]
"""A card of a strip, in the compact notation of programs with tuples for lists: "forward", ("forward", 3)."""

Strip = tuple[Card, ...]

_CHOICES = (name for row in BLOCKS.values() for parameter in row.parameters for name, _ in parameter.choices)
_NAMES = frozenset((*BLOCKS, *_CHOICES, *SENSORS, "sensor", "is", "value", "below", "above"))
"""Every name that a program is made of."""


def strip_of(cards: Sequence[object]) -> Strip:
    """
    Return a strip of cards in the compact notation, which need not be a whole program yet.

    Raises:
        ValueError: there is something in it that no program has, or too much.
    """
    left = [MAX_CARDS]
    strip = _card(cards, left, 0)
    if not isinstance(strip, tuple):
        raise ValueError("a strip is a list of cards")
    return strip


def _card(item: object, left: list[int], depth: int) -> Card:
    if isinstance(item, list | tuple) and depth < _MAX_DEPTH:
        return tuple(_card(inner, left, depth + 1) for inner in item)
    left[0] -= 1
    if left[0] >= 0:
        if isinstance(item, Mapping) and len(item) <= 3:  # a test: sensor, side and value
            return MappingProxyType({str(_card(key, left, depth)): _card(value, left, depth) for key, value in item.items()})
        if (isinstance(item, str) and item in _NAMES) or (type(item) is int and abs(item) <= _MAX_NUMBER):
            return item
    raise ValueError(f"{item!r} is no card, or one too many")


# --- Settings ---------------------------------------------------------------------------------------------------------


def _number(usual: int | None, least: int, most: int) -> Any:
    return field(default=usual, metadata={"range": range(least, most + 1)})


def _choice(usual: Any, *choices: Any) -> Any:
    return field(default=usual, metadata={"range": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """
    How the wall behaves in this room, each value with its range.

    `volume_percent` is of the humane level that sounds have at most; `reach_percent` the share of the height under which pupils tap (None:
    the level's own); `scale_px_per_m` the true scale of the screen (None: not measured yet); `is_calm` leaves out what moves without
    need; `offers_next` shows the footprints to the next challenge; `is_full` fills the screen, `screen` says which one, from 0;
    `has_panel` looks for push-buttons when the wall opens.
    """

    volume_percent: int = _number(40, 0, 100)
    is_muted: bool = _choice(False, False, True)
    reach_percent: int | None = _number(None, 10, 100)
    scale_px_per_m: int | None = _number(None, 300, 20_000)  # from 1024 pixels on 3 m to 4K on a laptop, with a margin
    speed: str = _choice("real", *SPEEDS)
    is_calm: bool = _choice(False, False, True)
    lang: str = _choice(LANGUAGE, *LANGUAGES)
    voice: str = _choice("first", *VOICES)
    offers_next: bool = _choice(True, True, False)
    is_full: bool = _choice(False, False, True)
    has_panel: bool = _choice(False, False, True)
    screen: int = _number(0, 0, 15)


SETTINGS: dict[str, Field[Any]] = {setting.name: setting for setting in fields(Settings)}


def is_setting(name: str, value: object) -> bool:
    """Say whether a setting of that name may have a value: one in its range, of its type, or the usual one."""
    known = SETTINGS.get(name)
    if known is None:
        return False
    if value is None:
        return known.default is None
    kind = int if known.default is None else type(known.default)
    return type(value) is kind and value in known.metadata["range"]


# --- Work -------------------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """Whose work it is and of what: a fruit of FRUITS or "", the names of a lesson and of its variant ("": playing freely)."""

    fruit: str = ""
    lesson: str = ""
    variant: str = ""


_WHOLE_CLASS = Key()


@dataclass(frozen=True, slots=True)
class Hand:
    """What the class has in hand: `level` is one of LEVELS, "" before one is chosen."""

    level: str = ""
    key: Key = _WHOLE_CLASS


@dataclass(frozen=True, slots=True)
class Try:
    """
    One run of a strip.

    `number` counts the tries of this work from 1, `outcome` is one of OUTCOMES, `is_reached` whether the goal was, `arrived` the cell or
    place where the robot ended ("": not known), `parted_at` the id of the block at which it parted from the goal ("": at the end; None: it
    did not, or that is not known), `prediction` the cell or place that was said before ("": none).
    """

    number: int
    day: date
    program: Strip
    outcome: str
    is_reached: bool
    arrived: str = ""
    parted_at: str | None = None
    prediction: str = ""

    @property
    def was_predicted(self) -> bool | None:
        """Whether the robot ended where it was said to; None where nothing was said, or the end is not known."""
        if not (self.prediction and self.arrived):
            return None
        return self.prediction in (self.arrived, self.arrived.rstrip("NESW"))


class Observation(NamedTuple):
    """How the teacher saw a group do it, one of OBSERVATIONS, and on which day."""

    how: str
    day: date


@dataclass(frozen=True, slots=True)
class Work:
    """What a group has done in one variant of a lesson; `tries` are the last MAX_TRIES, in their order."""

    strip: Strip = ()
    prediction: str = ""
    observation: Observation | None = None
    tries: tuple[Try, ...] = ()

    @property
    def previous(self) -> Try | None:
        """The last try."""
        return self.tries[-1] if self.tries else None


@dataclass(frozen=True, slots=True)
class Invention:
    """
    A mat that a group has invented: `size` as "5x4", `start` as "A1N", `goal` and `rocks` as "C3", `title` one of TITLES.

    Raises:
        ValueError: there is no such mat, or the robot would start on its goal or on a rock.
    """

    number: int
    fruit: str
    title: str
    size: str
    start: str
    goal: str
    rocks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        start, goal = Place.parse(self.start).cell, parse_cell(self.goal)
        on_mat = all(map(self.mat.holds, (start, goal)))
        if not on_mat or start == goal or {start, goal} & self.mat.rocks or len(set(self.rocks)) < len(self.rocks):
            raise ValueError(f"from {self.start} to {self.goal} is not possible with rocks on {self.rocks}")

    @property
    def mat(self) -> Mat:
        """The mat, with its rocks."""
        return Mat.parse(self.size, self.rocks)


class Robot(NamedTuple):
    """The robot that runs the strip: one of ROBOTS, and the URL of its port ("": a simulated one)."""

    animal: str = "lapin"
    port: str = ""


_SIMULATED = Robot()


class Running(NamedTuple):
    """A run that has begun: whose work it is, what is being run, and what was predicted."""

    key: Key
    program: Strip
    prediction: str


# --- The class --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClassState:
    """
    Everything about a class at one moment; nothing in it ever changes, so that any thread may read it.

    `since` is the day of the first thing that is kept. `running` and `trouble` (a key of the words, "" for none) belong to the moment:
    they are neither kept nor compared.
    """

    settings: Settings = Settings()
    hand: Hand = Hand()
    robot: Robot = _SIMULATED
    works: Mapping[Key, Work] = field(default_factory=lambda: MappingProxyType({}))
    inventions: tuple[Invention, ...] = ()
    since: date | None = None
    running: Running | None = field(default=None, compare=False)
    trouble: str = field(default="", compare=False)

    @property
    def work(self) -> Work:
        """The work in hand."""
        return self.works.get(self.hand.key, Work())

    @property
    def can_resume(self) -> bool:
        """Whether there is a lesson, or a strip, to go on with: what *Reprendre* opens is `hand`."""
        return bool(self.hand.key.lesson or self.work.strip)

    @property
    def has_room(self) -> bool:
        """Whether one more invented mat can be kept."""
        return len(self.inventions) < MAX_INVENTIONS

    def is_of_last_year(self, today: date) -> bool:
        """Say whether it began before the last first of September: time to offer to erase it."""
        turn = date(today.year - (today.month < 9), 9, 1)
        return self.since is not None and self.since < turn

    def with_work(self, key: Key, work: Work) -> ClassState:
        """Return the class with other work under a key."""
        return replace(self, works=MappingProxyType({**self.works, key: work}))


_PLACE = re.compile(r"[A-Z][1-9][0-9]?[NESW]?")


def is_place(text: str) -> bool:
    """Say whether a text names a cell ("B3") or a place ("B3N")."""
    return _PLACE.fullmatch(text) is not None

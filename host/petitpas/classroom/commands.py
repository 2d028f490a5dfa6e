"""
What can be asked of a class: each command is a record, checked when it is made, that says what the class is like after it.

A command that cannot be is a mistake of who makes it, and raises ValueError there, in the thread that posts it; so none can go wrong in the
thread that obeys. One that has no sense at the moment (a run ends that never began) changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Protocol

from petitpas.classroom.records import (
    FRUITS,
    MAX_TRIES,
    OBSERVATIONS,
    OUTCOMES,
    ROBOTS,
    TITLES,
    ClassState,
    Invention,
    Key,
    Observation,
    Robot,
    Running,
    Try,
    Work,
    is_place,
    is_setting,
    strip_of,
)
from petitpas.program.blocks import LEVELS

_NAME = re.compile(r"[\w.-]{1,64}")
"""A lesson's folder, or a variant. They name data of Petit Pas, not people."""

_PORT = re.compile(r"[\w/\\.:-]{0,200}")

_BLOCK_ID = re.compile(r"(b[0-9]{1,3})?")


class Command(Protocol):
    """
    A command. Those that are `is_lasting` are on the disk itself once they are acknowledged, whatever happens to the power; of those that
    are `is_erasing` nothing stays behind in the file.
    """

    is_lasting: ClassVar[bool]
    is_erasing: ClassVar[bool]

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class after this command."""


class _Light:
    is_lasting: ClassVar[bool] = False
    is_erasing: ClassVar[bool] = False


class _Lasting(_Light):
    is_lasting: ClassVar[bool] = True


class _Erasing(_Lasting):
    is_erasing: ClassVar[bool] = True


def _check(is_right: bool, command: object) -> None:
    if not is_right:
        raise ValueError(f"{command!r} is not possible")


@dataclass(frozen=True)
class SetSetting(_Light):
    """Give a setting of SETTINGS another value in its range."""

    name: str
    value: int | str | None

    def __post_init__(self) -> None:
        _check(is_setting(self.name, self.value), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this setting."""
        return replace(state, settings=replace(state.settings, **{self.name: self.value}))  # type: ignore[arg-type]


@dataclass(frozen=True)
class ChooseLevel(_Light):
    """Take a level of LEVELS in hand."""

    level: str

    def __post_init__(self) -> None:
        _check(self.level in LEVELS, self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class at this level."""
        return replace(state, hand=replace(state.hand, level=self.level))


@dataclass(frozen=True)
class ChooseGroup(_Light):
    """Let a group come to the wall, "" for the whole class: the lesson stays, the work is theirs."""

    fruit: str

    def __post_init__(self) -> None:
        _check(self.fruit in ("", *FRUITS), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this group at the wall."""
        return replace(state, hand=replace(state.hand, key=state.hand.key._replace(fruit=self.fruit)))


@dataclass(frozen=True)
class OpenLesson(_Light):
    """Take a variant of a lesson in hand; "" and "" to play freely. Whether there is such a lesson, who opens it knows."""

    lesson: str
    variant: str

    def __post_init__(self) -> None:
        _check(all(map(_NAME.fullmatch, (self.lesson, self.variant))) or not (self.lesson or self.variant), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this lesson in hand."""
        return replace(state, hand=replace(state.hand, key=Key(state.hand.key.fruit, self.lesson, self.variant)))


@dataclass(frozen=True)
class ChooseRobot(_Light):
    """Let a robot run the strip: an animal, and the URL of its port, "" for a simulated one."""

    animal: str
    port: str = ""

    def __post_init__(self) -> None:
        _check(self.animal in ROBOTS and _PORT.fullmatch(self.port) is not None, self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this robot."""
        return replace(state, robot=Robot(self.animal, self.port))


# --- A try ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SetStrip(_Light):
    """Let the strip in hand be these cards, in the compact notation."""

    cards: Sequence[object]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cards", strip_of(self.cards))  # a copy: who posts it may go on with the list

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this strip."""
        return state.with_work(state.hand.key, replace(state.work, strip=strip_of(self.cards)))


@dataclass(frozen=True)
class Predict(_Light):
    """Say where the robot will end, a cell ("B3") or a place ("B3N"); "" takes it back. It holds for the next run."""

    place: str

    def __post_init__(self) -> None:
        _check(not self.place or is_place(self.place), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this prediction."""
        return state.with_work(state.hand.key, replace(state.work, prediction=self.place))


@dataclass(frozen=True)
class RunBegan(_Light):
    """The strip in hand is being run."""

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with a run."""
        return replace(state, running=Running(state.hand.key, state.work.strip, state.work.prediction))


@dataclass(frozen=True)
class RunEnded(_Lasting):
    """
    The run has ended: `outcome` is one of OUTCOMES, the others are as in Try.

    It belongs to the work that was in hand when it began, with the strip and the prediction of that moment; a run that was cut by the end
    of the application is no try.
    """

    outcome: str
    is_reached: bool
    arrived: str = ""
    parted_at: str | None = None

    def __post_init__(self) -> None:
        _check(self.outcome in OUTCOMES and (not self.arrived or is_place(self.arrived)), self)
        _check(self.parted_at is None or _BLOCK_ID.fullmatch(self.parted_at) is not None, self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with one more try and no prediction."""
        if state.running is None:
            return state
        key, program, prediction = state.running
        work = state.works.get(key, Work())
        number = work.previous.number + 1 if work.previous else 1
        made = Try(number, today, program, self.outcome, self.is_reached, self.arrived, self.parted_at, prediction)
        ended = replace(work, prediction="", tries=(*work.tries, made)[-MAX_TRIES:])
        return replace(state, running=None).with_work(key, ended)


@dataclass(frozen=True)
class Observe(_Lasting):
    """Note how the group in hand did the lesson, one of OBSERVATIONS; "" takes the note back."""

    how: str

    def __post_init__(self) -> None:
        _check(self.how in ("", *OBSERVATIONS), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with this note."""
        note = Observation(self.how, today) if self.how else None
        return state.with_work(state.hand.key, replace(state.work, observation=note))


# --- Invented mats ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invent(_Lasting):
    """Keep a mat that the group in hand has invented, while there is room; the fields are those of Invention."""

    title: str
    size: str
    start: str
    goal: str
    rocks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self.title in TITLES, self)
        self._invention(0, "")

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class with one more mat."""
        if not state.has_room:
            return state
        number = state.inventions[-1].number + 1 if state.inventions else 1
        return replace(state, inventions=(*state.inventions, self._invention(number, state.hand.key.fruit)))

    def _invention(self, number: int, fruit: str) -> Invention:
        return Invention(number, fruit, self.title, self.size, self.start, self.goal, self.rocks)


@dataclass(frozen=True)
class ForgetInvention(_Lasting):
    """Forget the invented mat of a number."""

    number: int

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class without it."""
        return replace(state, inventions=tuple(mat for mat in state.inventions if mat.number != self.number))


# --- Forgetting -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ForgetGroup(_Erasing):
    """Forget all that a group has done, and its mats; "" is what the whole class did together."""

    fruit: str

    def __post_init__(self) -> None:
        _check(self.fruit in ("", *FRUITS), self)

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class without it."""
        works = {key: work for key, work in state.works.items() if key.fruit != self.fruit}
        mats = tuple(mat for mat in state.inventions if mat.fruit != self.fruit)
        running = None if state.running and state.running.key.fruit == self.fruit else state.running
        return replace(state, works=MappingProxyType(works), inventions=mats, running=running)


@dataclass(frozen=True)
class Erase(_Erasing):
    """Erase everything: *Fin d'année : tout effacer*."""

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return a new class."""
        return ClassState(trouble=state.trouble)


@dataclass(frozen=True)
class KeepOneMoreYear(_Light):
    """Keep what is there for the school year that has begun: nothing is offered to be erased before the next."""

    def after(self, state: ClassState, today: date) -> ClassState:
        """Return the class as if it began today."""
        return replace(state, since=today)

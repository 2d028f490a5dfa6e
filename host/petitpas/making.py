"""The commands that make a robot ready, each a dialogue of the workshop at the terminal: `name`, `who`, `settings` and `checkup`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from petitpas.arguments import SIM_KIT
from petitpas.robots import Robot
from petitpas.simulated import opened
from petitpas.terminal import Terminal, read_line
from petitpas.words import Words
from petitpas.workshop import adjusting, inspecting, naming
from petitpas.workshop.adjusting import Guide
from petitpas.workshop.inspecting import Hand, Inspection
from petitpas_sim.kits import BOARD_KITS

Key = Callable[[], str | None]
"""Asks the person for a line, None at the end of input."""


def name(url: str, others: Sequence[str], wanted: str, words: Words, key: Key = read_line) -> bool:
    """
    Give the robot behind a port its animal; say whether it has one now.

    Args:
        others: URLs of the other robots that are plugged in.
        wanted: an animal; "" for any.
    Raises:
        KitError: there is no such animal, or as `Robot.open`.
    """
    animal = naming.find_animal(wanted, words) if wanted else None
    taken = list(naming.names(others))
    with opened(url), Robot.open(url) as robot:
        return naming.name(robot, taken, animal, Terminal(words, key))


def who(urls: Sequence[str], words: Words) -> bool:
    """Have each robot blink and sing in its turn; say whether all answered."""
    return naming.who(urls, Terminal(words, lambda: None), opened)


@contextmanager
def guided(url: str, words: Words, kit: str = SIM_KIT, key: Key = read_line) -> Iterator[Guide]:
    """Open the robot behind a port, simulated or not, for its settings."""
    with opened(url, adjusting.MAT, str(adjusting.START), kit) as runner, Robot.open(url) as robot:
        yield Guide(robot, Terminal(words, key), runner)


@contextmanager
def inspected(url: str, words: Words, key: Key = read_line) -> Iterator[Inspection]:
    """Open the robot behind a port for its check-up; a simulated one is of the first kit, and has a simulated hand."""
    with opened(url, inspecting.MAT, inspecting.START, BOARD_KITS[0]) as runner, Robot.open(url) as robot:
        yield Inspection(robot, Terminal(words, key), Hand(runner) if runner is not None else None)

"""What a panel of push-buttons is to the wall, and what a page offers to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from petitpas.wall.board import CARDS, Board

Lamp = Literal["off", "ready", "running", "trouble"]
"""What GO's light says: nothing to run, GO can be pressed, it runs (GO is STOP now), or the robot cannot be reached."""

_MOVES = (*CARDS, "go_up", "go_down", "go_left", "go_right")


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What buttons are for at a moment.

    `commands` are all that there are here. Where `is_pointing`, arrows go from one thing to the next and GO chooses it, as on a page
    without a strip. `accepts` says of a command whether it would do something; it is asked only where somebody wants to know.
    """

    lamp: Lamp = "off"
    commands: frozenset[str] = frozenset()
    is_pointing: bool = True
    accepts: Callable[[str], bool] = lambda command: False

    def is_useful(self, command: str) -> bool:
        """Say whether a command is there, and would do something."""
        return command in self.commands and self.accepts(command)


class Buttons(Protocol):
    """A panel. No call waits."""

    def presses(self) -> Sequence[str]:
        """Return the commands whose buttons went down since the last call, in their order."""

    def stuck(self, now_ms: int) -> Sequence[str]:
        """Return, once each, the commands whose buttons have been down for so long that something must lie on them."""

    def refuse(self, now_ms: int) -> None:
        """Answer a button that is for nothing here."""

    def show(self, offer: Offer, now_ms: int) -> None:
        """Bring the lights up to date."""

    def close(self) -> None:
        """Put the lights out, and let the pins or the terminal go."""


def offer_of(board: Board, commands: Iterable[str], accepts: Callable[[str], bool], *, is_predicting: bool = False) -> Offer:
    """Return what a strip offers: `commands`, and GO, which is STOP, while cards are being run."""
    known = frozenset(commands) | ({"go"} if board.is_running else frozenset())
    is_pointing = is_predicting or not known.intersection(_MOVES)
    return Offer(_lamp(board, accepts("go")), known, is_pointing, accepts)


def _lamp(board: Board, can_go: bool) -> Lamp:
    if board.trouble:
        return "trouble"
    if board.is_running:
        return "running"
    return "ready" if can_go else "off"

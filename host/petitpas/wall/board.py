"""
The state of the wall, without a screen: commands and events in, the next state and an order to the robot out.

    ready --GO--> running --finished--> done | blocked | stopped --GO--> running
                     +------STOP or GO---------------> stopped

Changing the strip after a run makes it ready again; during a run the strip stays as it is. EFFACER begins anew: no cards, and the robot
goes back to its start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, Protocol

from petitpas.errors import KitError
from petitpas_sim.mat import Place
from petitpas_sim.snapshot import Snapshot

CARDS = ("forward", "backward", "left", "right")
"""The cards of free play, named as their blocks."""

MAX_CARDS = 24

BOUNCE_MS = 500
"""A second tap on GO within this time after the first is a child's trembling finger, not STOP. STOP itself never waits."""

How = Literal["done", "blocked", "interrupted", "stopped", "fault", "link_lost", "lifted", "battery"]
"""How a card or a program has ended: the firmware's outcomes."""

Event = (
    tuple[Literal["entered"], int]
    | tuple[Literal["ended"], int, How]
    | tuple[Literal["finished"], How]
    | tuple[Literal["trouble"], str]
    | tuple[Literal["recovered"]]
    | tuple[Literal["refused"], KitError]
    | tuple[Literal["loaded"]]
)
"""
What a driver reports: a card (by its index) begins or has ended, the program has ended, the robot cannot be reached (with a key of the
words), it can be again, it cannot do a program (then nothing was sent), it has a program for its own key.
"""

Command = str | int
"""One of CARDS, "clear", "undo", "go", "stop"; a number takes that card off the strip. Anything else does nothing."""

Order = Literal["run", "stop", "home"]


class Driver(Protocol):
    """What the wall asks of a robot, real or simulated. No call may block for longer than a frame."""

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """
        Go back to the start place, or stay where the robot is, then run these cards, in the compact notation of programs.

        `poll` reports nothing of an earlier run after this.
        """

    def stop(self) -> None:
        """Stop at once."""

    def home(self) -> None:
        """Go back to the start place; no cards are being run."""

    def lift(self, name: str) -> None:
        """Pick a robot of the mat up, which ends its program."""

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        """Put a robot down, there where its runs begin from now on if `is_start`; raise ValueError where it cannot stand there."""

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call, in its order."""

    def snapshot(self) -> Snapshot:
        """Return the world as it is now; the first robot is the one that runs the cards."""


class Status(Enum):
    """Where the wall is between two GOs; the value is a key of the words."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"  # on the goal, where there is one
    OVER = "over"  # the program has ended somewhere else
    BLOCKED = "blocked"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Board:
    """
    The strip and what becomes of it.

    `lit` is the card being run, `marked` the card at which something was in the way, `trouble` a key of the words while the robot cannot
    be reached, `is_away` whether cards have been run since the robot was put on its start, and `refused` counts what the strip could not
    do: take one more card when full, run when empty. `most` cards fit the strip.
    """

    cards: tuple[str, ...] = ()
    status: Status = Status.READY
    lit: int | None = None
    marked: int | None = None
    trouble: str | None = None
    refused: int = 0
    is_away: bool = False
    most: int = MAX_CARDS

    @property
    def is_running(self) -> bool:
        """Whether cards are being run."""
        return self.status is Status.RUNNING

    @property
    def is_full(self) -> bool:
        """Whether the strip takes no more cards."""
        return len(self.cards) >= self.most

    def accepts(self, command: Command) -> bool:
        """Say whether a command would do something now: what does nothing is shown pale."""
        if command in ("go", "stop"):
            return command == "stop" or self.is_running or bool(self.cards)
        if self.is_running:
            return False
        if isinstance(command, int):
            return 0 <= command < len(self.cards)
        if command in CARDS:
            return not self.is_full
        return command in ("clear", "undo") and (bool(self.cards) or (command == "clear" and self.is_away))

    def told(self, command: Command) -> tuple[Board, Order | None]:
        """Return the board after a command, and what the robot has to do. STOP always reaches the robot, whatever the board believes."""
        if command == "stop" or (command == "go" and self.is_running):
            return (replace(self, status=Status.STOPPED, lit=None) if self.is_running else self), "stop"
        if not self.is_running and ((command in CARDS and self.is_full) or (command == "go" and not self.cards)):
            return replace(self, refused=self.refused + 1), None
        if not self.accepts(command):
            return self, None
        if command == "go":
            return replace(self, status=Status.RUNNING, lit=None, marked=None, is_away=True), "run"
        edited = replace(self, cards=self._edited(command), status=Status.READY, lit=None, marked=None)
        return (replace(edited, is_away=False), "home") if command == "clear" else (edited, None)

    def _edited(self, command: Command) -> tuple[str, ...]:
        if isinstance(command, int):
            return self.cards[:command] + self.cards[command + 1 :]
        if command == "clear":
            return ()
        return self.cards[:-1] if command == "undo" else (*self.cards, command)

    def heard(self, event: Event) -> Board:
        """Return the board after an event; what comes from a run that has been stopped changes nothing."""
        if event[0] == "trouble":
            return replace(self, trouble=event[1])
        if event[0] == "recovered":
            return replace(self, trouble=None)
        if event[0] == "refused" or event[0] == "loaded" or not self.is_running:
            return self
        if event[0] == "entered":
            return replace(self, lit=event[1]) if 0 <= event[1] < len(self.cards) else self
        if event[0] == "ended":
            is_at_card = event[2] == "blocked" and 0 <= event[1] < len(self.cards)
            return replace(self, marked=event[1]) if is_at_card else self
        return self._finished(event[1])

    def elsewhere(self) -> Board:
        """Return the board of a program that has ended, but not on the goal."""
        return replace(self, status=Status.OVER) if self.status is Status.DONE else self

    def _finished(self, how: How) -> Board:
        if how == "done":
            return replace(self, status=Status.DONE, lit=None, marked=None)  # `elsewhere` says where that is no goal
        if how == "blocked":
            return replace(self, status=Status.BLOCKED, lit=None, marked=self.lit if self.marked is None else self.marked)
        return replace(self, status=Status.STOPPED, lit=None)

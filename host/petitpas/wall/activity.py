"""
A variant of a lesson in the hands of a class, without a screen: commands and events in, the next state and an order out.

Theory of operation
===================
`Board` knows what becomes of a run; this adds what is done before and after one:

    edit ---GO---> running ---finished---> reached, or elsewhere: helps, from the least
     ^ \\--step--> running a card ---/          |
     |  \\--predict--> a token on a cell        |
     +-----------------------------------------+  any edit

One card of the strip can be *selected*: the next card takes its place, or comes before it, or it is taken off by a second tap. Where a
card moves the robot at once (faire), taps during a move are played one after the other, and the cards are what has been played.
A run is judged by what the explanation says about the program, which the caller finds out meanwhile; see `made`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from petitpas.lessons.explain import Explanation, Help
from petitpas.lessons.ideas import Try
from petitpas.program import Program
from petitpas.wall.aid import helps_of, is_right, made_of
from petitpas.wall.board import Board, Event, How, Status
from petitpas.wall.strip import (
    END,
    LOOP,
    Cards,
    compact,
    deepest,
    kind_of,
    open_loops,
    places_of_blocks,
    program_of,
    steps_of,
    tidied,
)
from petitpas.wall.task import CHOICE, CONTROLS, DECK, DEEPEST, Task
from petitpas_sim.mat import Cell, Place

OFFERED_AFTER = 2
"""Tries that did not reach the goal, after which help is offered."""

_MOST_UNDONE = 40

Command = str | int | Cell
"""A tile by its name, a card by its place in the strip, or a cell of the mat."""


@dataclass(frozen=True, slots=True)
class Run:
    """An order: run these blocks, from where the robot is or else from the start; `is_whole` when they are all of the strip."""

    blocks: tuple[object, ...]
    is_from_here: bool = False
    is_whole: bool = True


Order = Run | str
"""What is to be done besides: a run, "stop", "home" (the robot goes back to its start) or "listen" (the challenge is said)."""


@dataclass(frozen=True)
class Activity:
    """
    What the class has done so far.

    `selected` is the card that the next one replaces (`is_inserting`: comes before), `taken` the deck's cards that are in the strip, in
    its order, `played` the steps that have been played one at a time. `token` is the place that was predicted. `tries` have not reached
    the goal since it was last reached, `found` is what is known of the last one (None: the strip is another since), `helped` how many
    helps are shown.
    """

    task: Task
    board: Board = field(default_factory=Board)
    selected: int | None = None
    is_inserting: bool = False
    is_predicting: bool = False
    taken: tuple[int, ...] = ()
    token: Place | None = None
    played: int = 0
    is_stepping: bool = False
    tries: int = 0
    found: Explanation | None = None
    helped: int = 0
    previous: Program | None = None
    _past: tuple[Cards, ...] = ()

    @classmethod
    def begun(cls, task: Task, cards: Sequence[str] = ()) -> Activity:
        """Return a variant as it is opened; `cards` are what was left in the strip another day, which the activity may have no use for."""
        kept = tidied(cards)[: task.most] if task.goes_on_with(cards) else ()
        return cls(task, Board(kept or task.given))

    # --- What is there -----------------------------------------------------------------------------------------------------

    @property
    def cards(self) -> Cards:
        """The strip."""
        return self.board.cards

    @property
    def is_full(self) -> bool:
        """Whether the strip takes no more cards."""
        return len(self.cards) >= self.task.most

    @property
    def is_reached(self) -> bool:
        """Whether the last run was a success."""
        return self.board.status is Status.DONE

    @property
    def helps(self) -> tuple[Help, ...]:
        """The helps for the last run, from the least; none after a success, or once the strip is another."""
        if self.found is None or self.is_reached:
            return ()
        return helps_of(self.task, self.cards, self.token, self.found)

    @property
    def help(self) -> Help | None:
        """The help that is shown, None for none or while the mend is."""
        return self.helps[self.helped - 1] if 0 < self.helped <= len(self.helps) else None

    @property
    def shows_mend(self) -> bool:
        """Whether the way to mend the program is shown: it has been asked for after the last help."""
        return bool(self.helps) and self.helped > len(self.helps)

    @property
    def offers_help(self) -> bool:
        """Whether help is offered: after so many tries, until it is taken."""
        return self.tries >= OFFERED_AFTER and self.accepts("help")

    @property
    def made(self) -> Try:
        """What is to be explained of a run."""
        return made_of(self.task, self.cards, self.previous, self.token)

    # --- Commands ------------------------------------------------------------------------------------------------------------

    def accepts(self, command: Command) -> bool:
        """Say whether a command would do something now: what does nothing is shown pale."""
        if command in ("stop", "listen"):
            return True
        if self.board.is_running:
            return command == "go" or (self.task.activity == "faire" and self._is_card(command) and not self.is_full)
        if isinstance(command, tuple):
            mat = self.task.variant.mat
            return self.is_predicting and mat.holds(command) and command not in mat.rocks
        if isinstance(command, int):
            return not self.task.is_fixed and 0 <= command < len(self.cards)
        if self._is_card(command):
            return self._takes(command)
        return command in (*self.task.commands, "again") and self._can(command)

    def _is_card(self, command: Command) -> bool:
        is_choice = isinstance(command, str) and command.startswith(CHOICE)
        is_named = command in self.task.commands and command not in CONTROLS
        return is_named or (is_choice and str(command)[len(CHOICE) :] in map(str, range(len(self.task.choices))))

    def _takes(self, command: Command) -> bool:
        name = str(command)
        if name.startswith(CHOICE):
            return True
        if self.task.activity == "faire" and self.board.status is not Status.READY:
            return False  # the robot is at its goal, before a rock or between two cells: it goes home first
        if name.startswith(DECK):
            return int(name[len(DECK) :]) not in self.taken
        is_room = not self.is_full or (self.selected is not None and not self.is_inserting)
        return is_room and deepest(self._with(name)) <= DEEPEST

    def _can(self, command: str) -> bool:
        """Say whether a tile that is no card would do something now."""
        can_go = bool(self.cards) and not (self.task.asks_place and self.token is None)
        is_mend = self.found is not None and bool(self.found.mends) and self.task.activity not in ("prevoir", "reconnaitre")
        return {
            "go": can_go,
            "step": can_go and bool(steps_of(self.cards)),
            "from_here": can_go and self.board.is_away,
            "again": self.is_reached,
            "home": bool(self.cards) or self.board.is_away,
            "clear": self.cards != self.task.given or self.board.is_away,
            "undo": bool(self._past),
            "predict": True,
            "number": self._numbered() is not None,
            "insert": self.selected is not None and not self.is_full,
            "help": bool(self.helps) and self.helped < len(self.helps) + is_mend,
        }[command]

    def told(self, command: Command) -> tuple[Activity, Order | None]:
        """Return the activity after a command, and what is to be done. STOP always reaches the robot."""
        if command == "stop" or (command == "go" and self.board.is_running):
            return replace(self, board=self.board.told("stop")[0], is_stepping=False, played=0), "stop"
        if not self.accepts(command):
            return self._refused(command), None
        if command == "listen":
            return self, "listen"
        if isinstance(command, tuple):
            return self._pointed(command), None
        if isinstance(command, int):
            return self._touched(command), None
        if self._is_card(command):
            return self._laid(command)
        if command == "home":
            return self._do_clear()
        return getattr(self, f"_do_{command}")()  # type: ignore[no-any-return]

    def _refused(self, command: Command) -> Activity:
        """Return the activity after what it does not do: a full or an empty strip shows it, a prediction that is missing is asked for."""
        if self.board.is_running or not (command in ("go", "step") or (self._is_card(command) and self.is_full)):
            return self
        asks = command in ("go", "step") and bool(self.cards) and self.task.asks_place and self.token is None
        return replace(self, board=replace(self.board, refused=self.board.refused + 1), is_predicting=self.is_predicting or asks)

    def _do_go(self, is_from_here: bool = False) -> tuple[Activity, Order | None]:
        return self._running(), Run(tuple(compact(self.cards)), is_from_here)

    def _do_from_here(self) -> tuple[Activity, Order | None]:
        return self._do_go(is_from_here=True)

    def _do_step(self) -> tuple[Activity, Order | None]:
        steps = steps_of(self.cards)
        done = self.played if self.is_stepping and self.played < len(steps) else 0
        return replace(self._running(), is_stepping=True, played=done), Run((steps[done][1],), done > 0, is_whole=False)

    def _running(self) -> Activity:
        board = replace(self.board, lit=None) if self.board.is_running else self.board.told("go")[0]
        return replace(
            self, board=board, selected=None, is_inserting=False, is_predicting=False, is_stepping=False, played=0, found=None, helped=0
        )

    def _do_again(self) -> tuple[Activity, Order | None]:
        """Leave a success, with the cards as they are; where each card moves the robot, begin anew."""
        if self.task.activity == "faire":
            return self._do_clear()
        return replace(self, board=replace(self.board, status=Status.READY, is_away=False), found=None), "home"

    def _do_clear(self) -> tuple[Activity, Order | None]:
        return replace(self._edited(self.task.given), board=Board(self.task.given, trouble=self.board.trouble), taken=()), "home"

    def _do_undo(self) -> tuple[Activity, Order | None]:
        before = replace(self._edited(self._past[-1]), _past=self._past[:-1])
        return replace(before, taken=self.taken[: len(before.cards)]), None

    def _do_predict(self) -> tuple[Activity, Order | None]:
        return replace(self, is_predicting=not self.is_predicting, selected=None, is_inserting=False), None

    def _do_insert(self) -> tuple[Activity, Order | None]:
        return replace(self, is_inserting=not self.is_inserting), None

    def _do_number(self) -> tuple[Activity, Order | None]:
        place = self._numbered()
        assert place is not None
        card = self.task.renumbered(self.cards[place])
        return replace(self._edited((*self.cards[:place], card, *self.cards[place + 1 :])), selected=self.selected), None

    def _do_help(self) -> tuple[Activity, Order | None]:
        return replace(self, helped=self.helped + 1), None

    def _numbered(self) -> int | None:
        """Return the card whose number would change: the selected one, or the last that has any."""
        places = range(len(self.cards) - 1, -1, -1) if self.selected is None else (self.selected,)
        return next((place for place in places if kind_of(self.cards[place]) in self.task.numbers), None)

    def _pointed(self, cell: Cell) -> Activity:
        """Put the token on a cell; where the heading is asked for too, another tap turns it."""
        if not self.task.asks_heading:
            return replace(self, token=Place(*cell), is_predicting=False)
        is_there = self.token is not None and self.token.cell == cell
        return replace(self, token=Place(*cell, (self.token.quarter + 1) % 4 if is_there and self.token else 0))

    def _touched(self, place: int) -> Activity:
        """Select a card; take it off at the second tap, or at the first where cards are put in order."""
        if self.selected != place and self.task.activity != "ordonner":
            return replace(self, selected=place, is_inserting=False)
        without = self._edited(self.cards[:place] + self.cards[place + 1 :])
        return replace(without, taken=self.taken[:place] + self.taken[place + 1 :])

    def _laid(self, name: str) -> tuple[Activity, Order | None]:
        """Lay a card, or choose a program."""
        if name.startswith(CHOICE):
            return self._edited(self.task.choices[int(name[len(CHOICE) :])]), None
        if name.startswith(DECK):
            number = int(name[len(DECK) :])
            return replace(self._edited((*self.cards, self.task.deck[number])), taken=(*self.taken, number)), None
        if self.task.activity != "faire":
            return self._edited(self._with(name)), None
        cards = (*self.cards, name)
        if self.board.is_running:
            return replace(self, board=replace(self.board, cards=cards)), None
        before = replace(self, board=replace(self.board, cards=cards, status=Status.READY))
        return before._next_move()

    def _next_move(self) -> tuple[Activity, Order | None]:
        """Play the first card that has not been played yet."""
        moved = replace(self._running(), played=self.played)
        return moved, Run((self.cards[self.played],), self.played > 0, is_whole=False)

    def next_card(self, kind: str) -> str:
        """Return the card that a tile lays now: a loop that is open there is closed by its own card; numbers begin at the least."""
        before = self.cards if self.selected is None else self.cards[: self.selected]
        return END if kind == LOOP and open_loops(before) else self.task.card_of(kind)

    def _with(self, kind: str) -> Cards:
        """Return the strip with a card at the end, or in place of the selected one, or before it."""
        start = len(self.cards) if self.selected is None else self.selected
        stop = start if self.selected is None or self.is_inserting else start + 1
        return tidied((*self.cards[:start], self.next_card(kind), *self.cards[stop:]))

    def _edited(self, changed: Cards) -> Activity:
        """Return the activity with another strip: nothing is known of it yet."""
        cards = tidied(changed)
        board = replace(self.board, cards=cards, status=Status.READY, lit=None, marked=None)
        past = self._past if cards == self.cards else (*self._past, self.cards)[-_MOST_UNDONE:]
        return replace(self, board=board, selected=None, is_inserting=False, played=0, is_stepping=False, found=None, helped=0, _past=past)

    # --- Events ----------------------------------------------------------------------------------------------------------------

    @property
    def awaits(self) -> bool:
        """Whether the end of what is being played is to be judged: no more cards come after it."""
        if not self.board.is_running:
            return False
        if self.task.activity == "faire":
            return self.played + 1 >= len(self.cards)
        return not self.is_stepping or self.played + 1 >= len(steps_of(self.cards))

    def heard(self, event: Event, found: Explanation | None = None) -> tuple[Activity, Order | None]:
        """
        Return the activity after an event, and what is to be done.

        Args:
            found: what there is to say about `made`, for the event "finished" of a run that has ended done or blocked.
        """
        if event[0] == "entered" and self.board.is_running:
            return replace(self, board=self.board.heard(("entered", self._place(event[1])))), None
        if event[0] == "ended" and self.board.is_running:
            return replace(self, board=self.board.heard(("ended", self._place(event[1]), event[2]))), None
        if event[0] == "finished" and self.board.is_running:
            return self._finished(event[1], found)
        return replace(self, board=self.board.heard(event)), None

    def _finished(self, how: How, found: Explanation | None) -> tuple[Activity, Order | None]:
        if self.task.activity == "faire":
            return self._moved(how, found)
        if self.is_stepping and how == "done" and self.played + 1 < len(steps_of(self.cards)):
            return replace(self, board=replace(self.board, status=Status.READY, lit=None), played=self.played + 1), None
        return self._ended(how, found), None

    def _place(self, block: int) -> int:
        """Return the place of a block of what is being run in the strip; -1 for none."""
        if self.task.activity == "faire":
            return self.played
        if self.is_stepping:
            return steps_of(self.cards)[self.played][0]
        places = places_of_blocks(self.cards)
        return places[block] if 0 <= block < len(places) else -1

    def _moved(self, how: How, found: Explanation | None) -> tuple[Activity, Order | None]:
        """Go on with the next card that has been tapped, or judge where the robot is now."""
        if how != "done":
            kept = replace(self, board=replace(self.board, cards=self.cards[: self.played + 1]))
            return replace(kept._ended(how, found), played=self.played + 1), None
        now = replace(self, played=self.played + 1)
        if now.played < len(now.cards):
            return now._next_move()
        if found is not None and found.verdict.reached:
            return now._ended(how, found), None
        rests = replace(now, board=replace(now.board, status=Status.READY, lit=None), found=found)
        has_parted = found is not None and bool(found.parts_at)  # else she is still on her way
        return replace(rests, helped=len(rests.helps) if has_parted else 0), None

    def _ended(self, how: How, found: Explanation | None) -> Activity:
        board = self.board.heard(("finished", how))
        if found is None or board.status not in (Status.DONE, Status.BLOCKED):
            return replace(self, board=board, is_stepping=False, played=0)
        is_reached = is_right(self.task, self.cards, self.token, found) and board.status is Status.DONE
        ended = replace(
            self,
            board=board if is_reached else board.elsewhere(),
            is_stepping=False,
            played=0,
            tries=0 if is_reached else self.tries + 1,
            found=found,
            previous=program_of(self.cards),
        )
        return replace(ended, helped=min(ended._first_help, len(ended.helps)))

    @property
    def _first_help(self) -> int:
        """How many helps are shown before any is asked for: where no tile asks for more, one more at each try, or all."""
        if self.task.activity == "faire":
            return len(self.helps)
        return 1 if "help" in self.task.commands else self.tries

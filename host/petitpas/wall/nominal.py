"""
The place of a robot on the floor, on the wall: nominal, never measured.

Theory of operation
===================
A simulated twin, exact as drawn, stands on the lesson's mat. It is given the program's blocks one at a time:

    the robot has entered a card  -> what is left of the block before is done at once, then the twin begins this one
    the robot has ended a card    -> the twin hurries to the end of it
    nobody says anything any more -> `go_on`: the twin plays the rest by itself, and reports it

So a robot that drifts is shown where its cards have sent it, and one whose cable is pulled out goes on from there.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count

from petitpas.lessons import RobotSetup
from petitpas.program import Image, Program, build, from_compact, to_compact
from petitpas.wall.board import Event, How
from petitpas.wall.conversation import HOWS
from petitpas_robot import opcodes
from petitpas_robot.app import App
from petitpas_sim.kits import kit_names, load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.snapshot import Snapshot

HURRY = 4
"""How many times faster the twin goes once the robot has ended its card."""

_MOST_BEHIND_MS = 2000
"""What passes at once at the most: a computer that slept does not see the twin leap."""

_MOST_BLOCK_MS = 120_000
"""What a block that is done at once may take in the twin's time."""


class Nominal:
    """
    Where the robot of a run nominally is.

    Args:
        start: where each run begins.
        name: of the robot, an animal.
        kit: of the robot; one that nobody here knows is drawn as the exact one.
        others: more robots on the mat; each plays its solution whenever a run begins at the start.
    """

    def __init__(self, mat: Mat, start: Place, name: str, kit: str, others: Sequence[RobotSetup] = ()) -> None:
        self._mat = mat
        self._start = start
        self._name = name
        self._others = others
        self._rest: deque[tuple[int, Image]] = deque()
        self._is_from_here = self._has_begun = False
        self._card: int | None = None  # the card of the block that the twin plays
        self._from = start  # where that block began
        self._is_alone = False  # nobody tells how far the robot is
        self._is_behind = False  # the robot has ended the card
        self._now_ms: int | None = None
        self._events: list[Event] = []
        self._kit = ""
        self.be(kit)

    def be(self, kit: str) -> None:
        """Be of a kit, from now on, at the same place; while the twin is on its way it stays what it is."""
        kit = kit if kit in kit_names() else "exact"
        if kit == self._kit or (self._kit and not self._brain(self._name).vm.how):
            return
        place = self._place() if self._kit else self._start
        self._kit = kit
        self._card = None
        self._runner = Runner(self._mat)
        self._runner.add(self._name, load_kit(kit), place)
        for other in self._others:
            self._runner.add(other.name, load_kit(other.kit), other.start)

    def snapshot(self) -> Snapshot:
        """Return the mat with its robots; the first is the twin."""
        return self._runner.world.snapshot()

    # --- What is asked -----------------------------------------------------------------------------------------------------

    def lay(self, program: Program, *, is_from_here: bool) -> None:
        """Take the program that is to be played next, from the start or from where the twin is."""
        self._is_from_here, self._has_begun = is_from_here, False
        self._rest = deque(_blocks(program))

    def begin(self, *, is_from_here: bool) -> int:
        """Make ready for a run, from the start or from where the twin is; return where it looks, in degrees."""
        self._has_begun = True
        self._halt()
        if not is_from_here:
            self.put_home()
            for other in self._others:
                self._play(other.name, build(other.solution), 90 * other.start.quarter)
        return 90 * self._place().quarter

    def put_home(self) -> None:
        """Put every robot on its start."""
        self._halt()
        starts = {other.name: other.start for other in self._others} | {self._name: self._start}
        for name in starts:
            self._brain(name).stop()
            self._runner.lift(name)  # one may stand where another starts
        for name, start in starts.items():
            self._runner.put(name, start)

    def lift(self, name: str) -> None:
        """Take a robot into a hand."""
        self._runner.lift(name)

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        """Put a robot down, there where the twin's runs begin from now on if `is_start`; raise ValueError where it cannot stand there."""
        self._runner.put(name, place)
        if is_start:
            self._start = place

    def stop(self) -> None:
        """Stand still where the twin is, and forget the rest of the program."""
        self._halt()
        self._rest.clear()

    def go_on(self) -> None:
        """Play the rest of the program, or all of it, without being told how far the robot is."""
        if not self._has_begun:
            self.begin(is_from_here=self._is_from_here)
        self._is_alone, self._is_behind = True, False

    # --- What the robot says --------------------------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        """Take what the robot reports."""
        if event[0] == "entered":
            self._enter(event[1])
        elif event[0] == "ended" and event[2] == "done":
            self._is_behind |= self._card == event[1]
        elif event[0] in ("ended", "finished") and event[-1] != "done":
            self.stop()
        elif event[0] == "finished":
            while self._rest:
                self._next()
            self._is_behind = True

    def _enter(self, card: int) -> None:
        """Begin a card; those before it, of which nobody has told, are done at once. A loop has nothing to begin."""
        if all(card != of for of, _ in self._rest):
            return
        while self._rest[0][0] != card:
            self._next()
        self._next()

    # --- Time ----------------------------------------------------------------------------------------------------------------

    def poll(self, now_ms: int) -> list[Event]:
        """Let time pass; return what the twin has done by itself."""
        gone_ms = 0 if self._now_ms is None else min(_MOST_BEHIND_MS, max(0, now_ms - self._now_ms))
        self._now_ms = now_ms
        hurries = self._is_behind and not self._brain(self._name).vm.how
        until_ms = self._runner.world.t_ms + gone_ms * (HURRY if hurries else 1)
        if self._is_alone:
            self._go_alone(until_ms)
        self._runner.run_to(until_ms)
        events, self._events = self._events, []
        return events

    def _go_alone(self, until_ms: int) -> None:
        """Play block after block, each as soon as the one before has ended."""
        while self._is_alone:
            how = self._brain(self._name).vm.how
            if self._card is not None and how:
                self._events.append(("ended", self._card, _how_of(how)))
                self._card = None
                if how != opcodes.HOW_DONE:
                    self._finish(_how_of(how))
            elif self._card is None and self._rest:
                self._next()
                assert self._card is not None
                self._events.append(("entered", self._card))
            elif self._card is None:
                self._finish("done")
            elif not self._runner.advance(until_ms):
                return

    def _finish(self, how: How) -> None:
        self._events.append(("finished", how))
        self._is_alone = False
        self._rest.clear()

    # --- The twin --------------------------------------------------------------------------------------------------------------

    def _brain(self, name: str) -> App:
        return self._runner.robots[name].app

    def _play(self, name: str, image: Image, heading_deg: int) -> None:
        brain = self._brain(name)
        brain.load(len(image.data), 0, image.data)
        brain.run(0, heading_deg, 0, 0)
        self._runner.wake(name)

    def _next(self) -> None:
        """Do at once what is left of the block that is being played, then begin the next."""
        limit_ms = self._runner.world.t_ms + _MOST_BLOCK_MS
        while self._card is not None and not self._brain(self._name).vm.how and self._runner.advance(limit_ms):
            pass
        self._brain(self._name).stop()
        self._card = None
        self._from = self._place()
        self._card, image = self._rest.popleft()
        self._is_behind = False
        self._play(self._name, image, 90 * self._place().quarter)

    def _halt(self) -> None:
        """Stand still in the middle of the last cell to which the twin has come."""
        self._is_alone = self._is_behind = False
        self._brain(self._name).stop()
        with contextlib.suppress(ValueError):  # another robot is in the middle of that cell
            self._runner.put(self._name, self._place())
        self._card = None

    def _place(self) -> Place:
        """Return where the twin stands; on its way, the last middle of a cell that it has come to: what stops a robot is ahead of it."""
        body = self._runner.robots[self._name].body
        quarter = round(4 * body.heading / body.full_turn) % 4
        if self._card is None:
            return Place(*body.cell(), quarter)
        (column, row), side = self._from.cell, body.cell_steps
        return Place(column + int(body.x / side - column - 0.5), row + int(body.y / side - row - 0.5), quarter)


def _how_of(how: int) -> How:
    return HOWS.get(how, "done")


def _blocks(program: Program) -> list[tuple[int, Image]]:
    """Return every block that does something, loops unrolled, with the number of its card, and ready to be played on its own."""
    unrolled = list(_unrolled(to_compact(program), count()))
    images = {card: build(from_compact([item])) for card, item in dict(unrolled).items()}
    return [(card, images[card]) for card, _ in unrolled]


def _unrolled(items: Sequence[object], numbers: Iterator[int]) -> Iterator[tuple[int, object]]:
    """Give every block that does something with its card; cards are counted as robots count blocks."""
    for item in items:
        card = next(numbers)
        if not isinstance(item, list) or item[0] != "repeat":
            yield card, item
            continue
        _, times, body = item
        inner = list(_unrolled(body, numbers))
        for _ in range(times):
            yield from inner

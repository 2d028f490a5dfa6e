"""
A robot for the wall that is none: it walks its cards, one poll after another, without firmware, cable or clock.

Run as a program, it shows the first window on the display that there is, and says on its standard output what the wall asks of it.
"""

import sys
from collections.abc import Iterator, Sequence

from petitpas.wall.board import Event
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot

STEPS = 8
EAST, NORTH = (0, 1, 0, -1), (1, 0, -1, 0)


class FakeDriver:
    """A driver that takes STEPS polls a card. `calls` is what was asked: tuples of cards, "stop", "home", "lift", "put" and "close"."""

    def __init__(self, mat: Mat, start: Place, name: str = "lapin") -> None:
        self.calls: list[tuple[str, ...] | str] = []
        self.extra: list[Event] = []
        self._mat, self._start, self._name = mat, start, name
        self._going: Iterator[Sequence[Event]] = iter(())
        self._home()

    def _home(self) -> None:
        self._stand(self._start)

    def _stand(self, place: Place) -> None:
        self.cell, self.quarter = place.cell, place.quarter
        self._x, self._y = (self.cell[0] + 0.5) * CELL_MM, (self.cell[1] + 0.5) * CELL_MM
        self._heading = self.quarter * 90.0
        self.is_lifted = False

    def run(self, cards: Sequence[str], *, is_from_here: bool = False) -> None:
        self.calls.append(tuple(cards))
        if not is_from_here:
            self._home()
        self._going = self._walk(tuple(cards))

    def stop(self) -> None:
        self.calls.append("stop")
        self._going = iter(())

    def home(self) -> None:
        self.calls.append("home")
        self._home()

    def close(self) -> None:
        self.calls.append("close")

    def lift(self, name: str) -> None:
        self.calls.append("lift")
        self.is_lifted = True

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        self.calls.append("put")
        self._start = place if is_start else self._start
        self._stand(place)

    def poll(self) -> Sequence[Event]:
        events = [*self.extra, *next(self._going, ())]
        self.extra.clear()
        return events

    def snapshot(self) -> Snapshot:
        robot = RobotSnapshot(self._name, "exact", self._x, self._y, self._heading, 0, 0, False, self.is_lifted)
        return Snapshot(0, self._mat, (robot,))

    def _walk(self, cards: tuple[str, ...]) -> Iterator[Sequence[Event]]:
        for index, card in enumerate(cards):
            yield [("entered", index)]
            if card in ("left", "right"):
                yield from self._turn(-1 if card == "left" else 1)
            else:
                towards = self.quarter if card == "forward" else (self.quarter + 2) % 4
                if not self._mat.is_open(self.cell, towards):
                    yield [("ended", index, "blocked"), ("finished", "blocked")]
                    return
                yield from self._move(towards)
            yield [("ended", index, "done")]
        yield [("finished", "done")]

    def _turn(self, side: int) -> Iterator[Sequence[Event]]:
        for _ in range(STEPS):
            self._heading = (self._heading + side * 90 / STEPS) % 360
            yield []
        self.quarter = (self.quarter + side) % 4
        self._heading = self.quarter * 90.0

    def _move(self, towards: int) -> Iterator[Sequence[Event]]:
        for _ in range(STEPS):
            self._x += EAST[towards] * CELL_MM / STEPS
            self._y += NORTH[towards] * CELL_MM / STEPS
            yield []
        self.cell = self.cell[0] + EAST[towards], self.cell[1] + NORTH[towards]


class TalkingDriver(FakeDriver):
    """A fake driver that says "ready" once the window is drawn, each run, and "drawn" when the end of a run is on the screen."""

    def __init__(self, mat: Mat, start: Place) -> None:
        super().__init__(mat, start)
        self._polls = 0
        self._is_over = False

    def run(self, cards: Sequence[str], *, is_from_here: bool = False) -> None:
        print("run", *cards, flush=True)
        super().run(cards, is_from_here=is_from_here)

    def poll(self) -> Sequence[Event]:
        self._polls += 1
        if self._polls == 3:
            print("ready", flush=True)
        if self._is_over:
            print("drawn", flush=True)
        events = super().poll()
        self._is_over = any(event[0] == "finished" for event in events)
        return events


def main() -> None:
    """Show the window at the size given on the command line."""
    from shown import Shown

    from petitpas.wall.window import View, run_window

    size = int(sys.argv[1]), int(sys.argv[2])
    run_window(Shown(TalkingDriver(Mat(4, 4), Place(0, 0))), "Petit Pas", View(size))


if __name__ == "__main__":
    main()

"""A newcomer at a real screen: taps with a real pointer, and looks at the pixels."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from shown import desk_of
from taught import Walker
from test_wall_screen import PATIENCE_S, Screen, virtual_screen

from petitpas.wall.asking import AtOnce
from petitpas.wall.desk import Desk
from petitpas.wall.pages import zero
from petitpas.wall.pages.first_time import ScalePage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.shell import Shell
from petitpas_sim.mat import Cell
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Art, Box, Frame, Item, MatLayout
from screens import ENDS, Step, Visit

RING = 10
"""Pixels beside a card in which its ring is."""

LOOK_S = 0.01
"""Between two looks of a newcomer."""

GRID = 16
"""Points across and down a frame, where a colour is looked for."""

Doing = Iterator[None]
"""What a newcomer does; it rests while she waits for something to be seen."""


class Newcomer:
    """
    Taps on a real screen and looks at its pixels.

    Where things are she knows from a rehearsal: the same taps on the same pages without a window, in virtual time. What is there to be
    seen she is told by the tests.
    """

    def __init__(self, screen: Screen, rehearsal: Visit) -> None:
        self._screen = screen
        self._rehearsal = rehearsal

    def rehearse(self, step: Step) -> None:
        self._rehearsal.take(step)

    @property
    def desk(self) -> Desk:
        """What the pages of the rehearsal share."""
        return self._rehearsal.shell.desk

    @property
    def page(self) -> LessonPage:
        """The lesson, rehearsed."""
        assert isinstance(self._rehearsal.shell.page, LessonPage)
        return self._rehearsal.shell.page

    def tap(self, *names: Step) -> None:
        """Tap spots, one after the other, with the pointer."""
        for name in names:
            middle = self.frame(name).centre
            self._rehearsal.take(name)
            self._screen.click(middle)

    def presses(self, name: Step) -> None:
        """Tap a spot on the screen alone: what it does is not rehearsed."""
        self._screen.click(self.frame(name).centre)

    def goes(self, name: Step, lights: Thread | None = None) -> None:
        """Tap what moves the robot, and what looks at it begins; what is there when it has arrived is where she looks next."""
        middle = self.frame(name).centre
        self._rehearsal.take(name)
        self._rehearsal.take(ENDS)
        if lights is not None:
            lights.start()
        self._screen.click(middle)

    def frame(self, name: object) -> Frame:
        """Return where a spot is."""
        return next(spot.frame for spot in self._rehearsal.shell.spots() if spot.name == name)

    def can_tap(self, name: object) -> bool:
        """Say whether a spot is there."""
        return any(spot.name == name for spot in self._rehearsal.shell.spots())

    @property
    def slots(self) -> tuple[Frame, ...]:
        """Where the cards of the strip are."""
        return self.page.layout.slots

    @property
    def sheet(self) -> Frame:
        """Where the sheet is that is to be as big as hers."""
        assert isinstance(self._rehearsal.shell.page, ScalePage)
        return self._rehearsal.shell.page.sheet

    def _items(self) -> list[Item]:
        return [item for layer in self._rehearsal.shell.layers() for item in layer]

    def _boxes(self, fill: str, edge: str, left: int) -> list[Frame]:
        """Return where boxes of two colours are that begin at a column."""
        boxes = [item for item in self._items() if isinstance(item, Box) and (item.fill, item.edge) == (fill, edge)]
        return [box.frame for box in boxes if box.frame.left == left]

    def picture(self, name: str) -> tuple[int, int]:
        """Return where a picture is."""
        drawing = picture_of(name)
        return next((item.x, item.y) for item in self._items() if isinstance(item, Art) and item.drawing is drawing)

    def is_shown(self, picture: str) -> bool:
        """Say whether a picture is there."""
        drawing = picture_of(picture)
        return any(isinstance(item, Art) and item.drawing is drawing for item in self._items())

    def learnt(self) -> list[Frame]:
        """Return where what is to be learnt today is lit."""
        return self._boxes("leaf", "teal", self.page.layout.side.left)

    def corner(self, cell: Cell) -> Frame:
        """Return where the number of a cell is that the robot has come to."""
        page = self._rehearsal.shell.page
        frame = (MatLayout.fit(zero.LESSON.mat, page.layout.mat) if isinstance(page, zero.ZeroPage) else self.page.mat).cell(cell)
        return Frame(frame.left, frame.top, frame.width // 4, frame.height // 4)

    # --- What is seen ------------------------------------------------------------------------------------------------

    def is_at(self, at: tuple[int, int], colour: str) -> bool:
        """Say whether a pixel has a colour, as far as the eye can tell: soft edges are near."""
        return math.dist(self._screen.pixel(at), rgb(colour)) <= 8

    def is_in(self, frame: Frame, colour: str) -> bool:
        """Say whether a colour is somewhere in a frame."""
        across, down = (range(0, length, max(1, length // GRID)) for length in (frame.width, frame.height))
        return any(self.is_at((frame.left + x, frame.top + y), colour) for x in across for y in down)

    def sees(self, at: tuple[int, int], colour: str) -> Doing:
        """Look until a pixel has a colour."""
        yield from until(lambda: self.is_at(at, colour), lambda: f"{at} is {self._screen.pixel(at)}, not {colour}")

    def finds(self, frame: Frame, colour: str) -> Doing:
        """Look until a colour is somewhere in a frame."""
        yield from until(lambda: self.is_in(frame, colour), lambda: f"no {colour} in {frame}")

    def reads(self, fill: str, edge: str) -> Doing:
        """Look until there is a bubble in which something is said, of two colours."""
        (bubble,) = self._boxes(fill, edge, self.page.layout.notice.left)
        yield from self.finds(bubble, fill)
        yield from self.finds(bubble, edge)


class Lights(Thread):
    """Looks at a strip while it is played; `lit` are the places of the cards that were in the sun, `now` of those that are."""

    def __init__(self, she: Newcomer) -> None:
        super().__init__(daemon=True)
        self.lit: set[int] = set()
        self.now: set[int] = set()
        self.is_over = Event()
        self._she = she

    def run(self) -> None:
        slots = self._she.slots
        while not self.is_over.wait(LOOK_S):
            self.now = {place for place, slot in enumerate(slots) if self._she.is_in(around(slot), "sun")}
            self.lit |= self.now


def until(is_so: Callable[[], bool], else_say: Callable[[], str]) -> Doing:
    late = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < late, else_say()
        yield


def inside(frame: Frame) -> tuple[int, int]:
    """Return a pixel of a tile beside its picture."""
    return frame.left + frame.width // 10, frame.centre[1] - frame.height // 5


def below(frame: Frame) -> tuple[int, int]:
    """Return a pixel of a big tile beside its words."""
    return frame.left + frame.width // 10, frame.bottom - frame.height // 10


def around(card: Frame) -> Frame:
    """Return a piece of the ring around a card: above it, where the card throws no shadow."""
    return Frame(card.centre[0], card.top - RING, 1, RING)


def live(newcomers: dict[str, tuple[Doing, subprocess.Popen[bytes]]]) -> dict[str, AssertionError | None]:
    """Let newcomers do what they do, all at the same time; return what each of them has not seen, None for nothing."""
    going, ends = dict(newcomers), dict[str, AssertionError | None]()
    while going:
        for name, (doing, window) in list(going.items()):
            with suppress(subprocess.TimeoutExpired):
                window.wait(LOOK_S)
            try:
                assert window.returncode is None, "the window has closed"
                next(doing)
            except (StopIteration, AssertionError) as end:
                ends[name] = None if isinstance(end, StopIteration) else end
                del going[name]
                window.terminate()
    return ends


@contextmanager
def newcomer(
    folder: Path, size: tuple[int, int], *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[Newcomer, subprocess.Popen[bytes]]]:
    """Open Petit Pas on a screen as a teacher does for the first time: nothing is kept yet."""
    folder.mkdir(exist_ok=True)
    desk = desk_of()
    desk.open_driver, desk.aside = Walker, AtOnce()
    rehearsal = Shell(HomePage(desk), desk)
    rehearsal.resize(size)
    with virtual_screen(folder, *size) as screen, closing(rehearsal):
        more = {"DISPLAY": screen.name, "SDL_VIDEODRIVER": "x11", "SDL_VIDEO_WINDOW_POS": "0,0", "SDL_AUDIODRIVER": "dummy"}
        system = os.environ | more | {"PETITPAS_DATA": str(folder / "class")} | dict(environment or {})
        with subprocess.Popen([sys.executable, "-m", "petitpas.cli", *options], env=system) as window:
            try:
                yield Newcomer(screen, Visit(rehearsal)), window
            finally:
                window.terminate()

"""
A monkey at the wall: taps anywhere, every key, other windows, cables that are pulled, a disk that is full; hours in minutes.

Theory of operation
===================
The wall is played as a recorded session is, over worlds in virtual time, except that each event is thought of when the one before is done.
The monkey has moods, for blind taps alone would never come to a run: in most it taps what there is to tap, in others it waits and looks.
All is written down before it is done, so that a failing session is there to be replayed, with `petitpas capture` too. Its class is then one
that nothing troubles, with nothing plugged in; where that matters, the seed brings the same events again.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import random
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TextIO

import pygame

from petitpas.classroom import Classroom, ClassState, Store
from petitpas.classroom.commands import ChooseRobot, SetSetting
from petitpas.classroom.store import FULL, UNKEPT, Unkept
from petitpas.errors import PortTimeout
from petitpas.program import to_compact
from petitpas.program.blocks import LEVELS
from petitpas.robots import FoundPort, Port
from petitpas.robots.board import Facts
from petitpas.robots.doctor import Doctor, Prompt, meet
from petitpas.robots.fleet import Fleet
from petitpas.robots.messages import Identity
from petitpas.wall.corner import Button
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.paper import Printer
from petitpas.wall.plugged import PluggedDriver
from petitpas.wall.replay import FRAME_MS, Opened, Worlds, opened, play
from petitpas.wall.session import END, PLUG, SIZE, UNPLUG, Line, Setting, head_text, line_text
from petitpas.wall.shell import SIZE as USUAL_SIZE
from petitpas.wall.shell import Shell
from petitpas_sim.mat import Mat, Place

DAY = date(2026, 11, 22)
PAINT_MS = 100
"""Every so often the whole wall is painted; it is also after each change of its size."""

SIZES = ((1024, 768), (3840, 2160), (1, 1), USUAL_SIZE, (640, 1000), (1920, 1080), (320, 240), (800, 600))
"""Of windows, one after the other."""

KEYS = tuple(sorted({getattr(pygame, name) for name in dir(pygame) if name.startswith("K_")}))
MEANT = (pygame.K_UP, pygame.K_DOWN, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_RETURN, pygame.K_TAB, pygame.K_BACKSPACE)
HANDS = 10
WARM_PERCENT = 25
"""
Of the time, after which the wall is warm.

What is kept for drawing is bounded by `Canvas`, and fills while one page after the other, in one size after the other, is drawn for the
first time; what memory grows by until then is that. In two hours the bound is reached after a fifth of the time.
"""

ON_THE_FLOOR, EMPTY = "floor", "sim://empty"
"""Robot and port: one that is plugged in, and a board without Petit Pas, which cannot be opened."""

_PICO = ("micropython", (1, 28, 0), "rp2", "Raspberry Pi Pico with RP2040", 6 | 3 << 8 | 4 << 10)

LOOK_MS = 1_500
"""How often it is looked what is plugged in."""

MARKS = (*range(WARM_PERCENT, WARM_PERCENT + 10), *range(91, 101))
"""Percent of the time at which memory is measured: it swings with the page, so that medians of halves are compared."""


class FillingStore(Store):
    """The file of a class on a disk that takes nothing while there is a `trouble`."""

    trouble = ""

    def open(self) -> ClassState:
        """Open the file, if there is no trouble."""
        self._check()
        return super().open()

    def keep(self, before: ClassState, after: ClassState, is_lasting: bool = False) -> None:
        """Keep a class, if there is no trouble."""
        self._check()
        super().keep(before, after, is_lasting)

    def _check(self) -> None:
        if self.trouble:
            raise Unkept(self.trouble)


@dataclass
class Seen:
    """What a monkey came to see. `megabytes` is the memory of this process at each of MARKS."""

    events: int = 0
    pages: set[str] = field(default_factory=set)
    variants: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    runs: int = 0
    megabytes: list[float] = field(default_factory=list)

    @property
    def memory(self) -> tuple[float, float]:
        """Return the memory when the wall was warm and at the end, in MB."""
        half = len(MARKS) // 2
        return median(self.megabytes[:half]), median(self.megabytes[half:])

    @property
    def growth_percent(self) -> float:
        """By how much memory grew between the two."""
        first, last = self.memory
        return 100 * (last / first - 1)


class Monkey:
    """
    Thinks of events.

    Args:
        seed: the same one does the same to the same wall.
        shell: is looked at for what can be tapped.
        store: is troubled now and then.

    Attributes:
        ms: when the next event is; no event is before the one that was given last.
    """

    def __init__(self, seed: int, shell: Shell, store: FillingStore) -> None:
        self._chance = random.Random(seed)
        self._shell = shell
        self._store = store
        self._sizes = cycle(SIZES)
        self.ms = 0

    def lines(self, until_ms: int) -> Iterator[Line]:
        """Give what happens up to a time, one mood after the other."""
        chance = self._chance
        moods = (self._tapped_anywhere, self._keyed, self._tapped, self._watched, self._solved)
        while self.ms < until_ms:
            mood = chance.choices(moods, (1, 1, 6, 3, 2))[0]
            end_ms = min(until_ms, self.ms + chance.randrange(1_000, 15_000))
            while self.ms < end_ms:
                yield from mood()
            yield from self._disturbed()

    def _line(self, event: str, **more: object) -> Line:
        return Line(self.ms, event, more)

    def _wait(self, least_ms: int, most_ms: int) -> None:
        self.ms += FRAME_MS * self._chance.randint(least_ms // FRAME_MS, most_ms // FRAME_MS)

    # --- Moods -------------------------------------------------------------------------------------------------------------

    def _tapped_anywhere(self) -> Iterator[Line]:
        """Fifty taps a second, by ten fingers and a mouse that do not always come up where, or after, they went down."""
        chance, (width, height) = self._chance, self._shell.size
        self._wait(FRAME_MS, FRAME_MS)
        if chance.random() < 0.3:
            at = [chance.randrange(width), chance.randrange(height)]
            yield from self._mouse(at, at if chance.random() < 0.9 else [0, height])
            return
        finger = {"touch_id": 2, "finger_id": chance.randrange(HANDS)}
        place = {"x": chance.random(), "y": chance.random()}
        if chance.random() < 0.95:
            yield self._line("FINGERDOWN", **finger, **place)
        if chance.random() < 0.95:
            yield self._line("FINGERUP", **finger, **place)

    def _keyed(self) -> Iterator[Line]:
        """Fifty keys a second."""
        self._wait(FRAME_MS, FRAME_MS)
        key = self._chance.choice(MEANT if self._chance.random() < 0.5 else KEYS)
        yield self._line("KEYDOWN", key=key, mod=self._chance.choice((0, 0, pygame.KMOD_SHIFT)))

    def _tapped(self) -> Iterator[Line]:
        """A tap on something that is there, rarely on what leads away from it."""
        self._wait(60, 500)
        yield from self._tap_one_of(lambda name: name not in ("back", "home") and not isinstance(name, Button), rare=0.04)

    def _watched(self) -> Iterator[Line]:
        """GO, and a look at what comes of it."""
        yield from self._tap_one_of(lambda name: name == "go")
        self._wait(500, 8_000)

    def _solved(self) -> Iterator[Line]:
        """The way to a lesson, then the cards of its solution, as far as each is one tile; chance alone would hardly ever see a success."""
        page = self._shell.page
        if not isinstance(page, LessonPage):
            self._wait(60, 500)
            yield from self._tap_one_of(lambda name: name in ("class", *LEVELS) or (isinstance(name, tuple) and name[-1] == "mat"))
            return
        for card in ["clear", *to_compact(page.variant.solution)]:
            self._wait(60, 200)
            if any(spot.name == card for spot in self._shell.spots()):
                yield from self._tap_one_of(lambda name, card=card: name == card)  # type: ignore[misc]
        yield from self._watched()
        self._wait(10_000, 30_000)  # a robot takes its time

    def _tap_one_of(self, is_meant: Callable[[Hashable], bool], rare: float = 0.0) -> Iterator[Line]:
        spots = self._shell.spots()
        meant = [spot for spot in spots if is_meant(spot.name)]
        if (not meant and self._chance.random() < 0.3) or self._chance.random() < rare:
            meant = list(spots)
        if meant:
            x, y = self._chance.choice(meant).frame.centre
            if self._chance.random() < 0.3:
                yield from self._mouse([x, y], [x, y])
            else:
                width, height = self._shell.size
                for event in ("FINGERDOWN", "FINGERUP"):
                    yield self._line(event, touch_id=2, finger_id=0, x=x / width, y=y / height)

    def _mouse(self, down: list[int], up: list[int]) -> Iterator[Line]:
        yield self._line("MOUSEBUTTONDOWN", pos=down, button=1, touch=False)
        yield self._line("MOUSEBUTTONUP", pos=up, button=1, touch=False)

    # --- What happens around -----------------------------------------------------------------------------------------------

    def _disturbed(self) -> Iterator[Line]:
        """Another window, a cable that is pulled or plugged in, a disk that is full or no more; or none of these."""
        chance = self._chance
        if self._shell.wished() is not None or chance.random() < 0.3:
            yield self._line(SIZE, size=[*next(self._sizes)])
        if chance.random() < 0.1:
            yield self._line("WINDOWFOCUSLOST")
        if chance.random() < 0.5:
            yield self._line(chance.choice((UNPLUG, PLUG, PLUG)))
        if chance.random() < 0.2:
            self._store.trouble = chance.choice(("", "", FULL, UNKEPT))


# --- Playing --------------------------------------------------------------------------------------------------------------


def run(seed: int, minutes: float, folder: Path, session: Path) -> Seen:
    """
    Let a monkey play for so many minutes of the wall's time; return what it saw.

    Args:
        folder: gets its class.
        session: gets what it did; it is deleted when all went well.

    Raises:
        Exception: whatever the wall has raised.
    """
    length_ms = int(minutes * 60_000)
    store = FillingStore(folder, lambda: DAY)
    school = Classroom(store, lambda: DAY)
    chance = random.Random(seed)
    school.do(SetSetting("is_calm", chance.random() < 0.5))
    school.do(SetSetting("scale_px_per_m", chance.choice((None, 800, 2_000))))
    if chance.random() < 0.5:
        school.do(ChooseRobot("renard", f"sim://{ON_THE_FLOOR}"))
    seen = Seen()
    with session.open("w", encoding="utf-8") as out:
        setting = Setting(USUAL_SIZE, settings=school.snapshot.settings, seed=seed)
        out.write(head_text(setting))
        with opened(setting, school) as on:
            furnish(on, store)
            monkey = Monkey(seed, on.shell, store)
            play(_written(_marked(monkey, length_ms, seen), out, seen), on, _Looker(on, seen))
    school.close()
    session.unlink()
    return seen


def furnish(on: Opened, store: FillingStore) -> None:
    """Put things around a wall: a robot, an empty board and one that waits for a file; a printer that is out of order when the disk is."""

    def typeset(*what: object) -> bytes:
        if store.trouble:
            raise OSError(errno.ENOSPC, "")
        return b""

    folder, desk = on.desk.folder, on.desk
    desk.printer = Printer(folder, typeset, lambda file: lambda: bool(store.trouble))
    desk.open_plugged = lambda *what: PluggedDriver(*what, lead=partial(Lead, on.worlds))
    on.worlds.open(Mat(9, 9), Place(4, 4), ON_THE_FLOOR, "pico-stepper")
    ports = [FoundPort(url, "", True) for url in (f"sim://{ON_THE_FLOOR}", EMPTY)]
    desk.fleet = Fleet(Doctor(lambda: ports, lambda: [str(folder / "RPI-RP2")], _met, lambda url: Prompt(Facts(*_PICO), frozenset())))


def _met(url: str) -> Identity:
    if url == EMPTY:
        raise PortTimeout(port=url)
    return meet(url)


class Lead:
    """A cable in virtual time, opened at the first look."""

    def __init__(self, worlds: Worlds, url: str) -> None:
        self.url = url
        self._worlds = worlds
        self._port: Port | None = None

    def opened(self) -> bool:
        """Open it; raise PortError where it cannot be."""
        self._port = Port(self.url, poll=True)
        return True

    def now_ms(self) -> int:
        """Return the time that time-outs count: the session's."""
        return self._worlds.now_ms

    def nonce(self) -> bytes:
        """Return four bytes for a conversation to begin with."""
        return bytes(4)

    def read(self) -> bytes:
        """Return what has come; raise PortError."""
        return b"" if self._port is None else self._port.read()

    def write(self, data: bytes) -> None:
        """Send; raise PortError."""
        if self._port is not None:
            self._port.write(data)

    def close(self) -> None:
        """Let it go."""
        if self._port is not None:
            self._port.close()


def _marked(monkey: Monkey, length_ms: int, seen: Seen) -> Iterator[Line]:
    """Give a monkey's events; at each of MARKS the window has its usual size, and memory is measured."""
    for mark_ms in (length_ms * mark // 100 for mark in MARKS):
        yield from monkey.lines(mark_ms)
        yield Line(monkey.ms, SIZE, {"size": [*USUAL_SIZE]})
        seen.megabytes.append(megabytes())
    yield Line(monkey.ms, END, {})


def _written(lines: Iterable[Line], out: TextIO, seen: Seen) -> Iterator[Line]:
    """Write events down before they are done."""
    for line in lines:
        out.write(line_text(line))
        seen.events += 1
        yield line


class _Looker:
    """Paints what the wall shows, and notes what that is."""

    def __init__(self, on: Opened, seen: Seen) -> None:
        self._on = on
        self._seen = seen
        self._surface = pygame.Surface(on.shell.size, 0, 32)
        self._due_ms = self._look_ms = 0
        self._was_running = False

    def __call__(self, ms: int) -> None:
        shell = self._on.shell
        if ms >= self._look_ms:
            self._look_ms = ms + LOOK_MS
            self._on.desk.fleet.look()
        is_resized = self._surface.get_size() != shell.size
        if is_resized:
            self._surface = pygame.Surface(shell.size, 0, 32)
        if is_resized or ms >= self._due_ms:
            self._due_ms = ms + PAINT_MS
            shell.paint(self._surface)
            self._note()

    def _note(self) -> None:
        page, seen = self._on.shell.page, self._seen
        seen.pages.add(type(page).__name__)
        if isinstance(page, LessonPage):
            seen.variants.add(f"{page.lesson.id}/{page.variant.name}")
            seen.ends.add("reached" if page.activity.is_reached else page.board.status.value)
            seen.runs += page.board.is_running and not self._was_running
            self._was_running = page.board.is_running


def megabytes() -> float:
    """Return the memory that this process has in the machine's, in MB, once what it had let go of was given back; Linux tells it."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

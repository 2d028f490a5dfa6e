"""
A session again, without a window: the wall's own pages over worlds in virtual time, silent, and apart from this computer: its ports,
microphone, printers and the folder of its class.

World and wall are stepped together every FRAME_MS and at each event; a dialogue with a robot is waited for. A session that a program made
comes out the same, to the pixel, every time; one from a window, where time is real, to within some frames of the robot's way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pygame

from petitpas.classroom.records import ClassState
from petitpas.lessons import RobotSetup
from petitpas.lessons.load import find_lesson
from petitpas.wall.app import open_lesson
from petitpas.wall.asking import AtOnce
from petitpas.wall.desk import Class, Desk, OpenDriver, UnkeptClass
from petitpas.wall.driver import SimDriver
from petitpas.wall.film import MOST_FRAMES, Film, frame_ms_of
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.page import Page
from petitpas.wall.pages.workshop_page import WorkshopPage
from petitpas.wall.paper import Printer
from petitpas.wall.session import OURS, PLUG, SIZE, UNPLUG, Line, Session, Setting
from petitpas.wall.shell import Shell
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

FRAME_MS = 20

BEGIN = datetime(2026, 9, 1, 9)
"""When sessions take place."""

_LIMIT_S = 60.0
"""No dialogue computes for so long."""


class _World(SimDriver):
    """Drives a robot of a world of its own, in which time passes when it is told to."""

    def __init__(self, mat: Mat, start: Place, name: str, kit: str, others: Sequence[RobotSetup], born_ms: int) -> None:
        self._runner = Runner(mat)
        self._runner.add(name, load_kit(kit), start)
        for other in others:
            self._runner.add(other.name, load_kit(other.kit), other.start)
        self._born_ms = born_ms
        self._ends = ExitStack()
        self._virtual = Virtual(self._runner)
        super().__init__(self._virtual, name, start, others)
        self.is_open = True
        self.plug()

    def plug(self) -> None:
        """Plug the robots' cables in."""
        self.unplug()
        self._ends.enter_context(open_to_hosts(self._virtual))

    def unplug(self) -> None:
        """Pull the robots' cables out, whoever uses them."""
        self._ends.close()
        for robot in self._runner.robots.values():
            robot.cable.unplug()

    def run_to(self, ms: int) -> None:
        """Bring the world to a time of the session."""
        self._runner.run_to(ms - self._born_ms)

    def close(self) -> None:
        """Let the robot go, and end its world."""
        super().close()
        self._ends.close()
        self.is_open = False


class Worlds:
    """The worlds of all robots that the pages of a session open; `now_ms` is the session's time."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._worlds: list[_World] = []

    def open(self, mat: Mat, start: Place, name: str, kit: str, others: Sequence[RobotSetup] = ()) -> OpenDriver:
        """Open a robot as `desk.DriverFactory` does."""
        world = _World(mat, start, name, kit, others, self.now_ms)
        self._worlds.append(world)
        return world

    def run_to(self, ms: int) -> None:
        """Bring every world to a time of the session."""
        self.now_ms = ms
        self._worlds = [world for world in self._worlds if world.is_open]
        for world in self._worlds:
            world.run_to(ms)

    def plug(self, is_in: bool) -> None:
        """Plug the cables of all worlds in, or pull them out."""
        for world in self._worlds:
            if world.is_open:
                world.plug() if is_in else world.unplug()

    def close(self) -> None:
        """End every world."""
        for world in self._worlds:
            if world.is_open:
                world.close()


class NoMicrophone:
    """What is there instead of a microphone where nothing shall be heard."""

    def __init__(self) -> None:
        self._told: list[dict[str, object]] = []

    def prepare(self) -> None:
        """Do nothing."""

    def record(self, file: Path) -> None:
        """Tell that there is none."""
        self._told.append({"trouble": "no_microphone"})

    def enough(self) -> None:
        """Do nothing."""

    def told(self) -> Sequence[dict[str, object]]:
        """Return what was told since."""
        told, self._told = self._told, []
        return told

    def close(self) -> None:
        """Forget what was told."""
        self._told = []


class Opened(NamedTuple):
    """A wall without a window, what its pages share, and the worlds behind it."""

    shell: Shell
    desk: Desk
    worlds: Worlds


def desk_apart(school: Class, worlds: Worlds, folder: Path) -> Desk:
    """Return what pages share where nothing outside of worlds and a folder is touched; no robot is plugged in, and pages stay blank."""
    return Desk(
        worlds.open,
        open_lesson,
        school,
        aside=AtOnce(),
        folder=folder,
        printer=Printer(folder, typeset=lambda *what: b"", show=lambda file: lambda: False),
        open_microphone=NoMicrophone,
        now=lambda: BEGIN + timedelta(milliseconds=worlds.now_ms),
    )


@contextmanager
def opened(setting: Setting, school: Class | None = None) -> Iterator[Opened]:
    """Open the wall where a session took place, with a class on its first day or another; raise FileError where its lesson is not here."""
    worlds = Worlds()
    with TemporaryDirectory(prefix="petitpas-") as folder:
        desk = desk_apart(school or UnkeptClass(ClassState(setting.settings)), worlds, Path(folder))
        shell = Shell(_page(setting, desk), desk)
        shell.resize(setting.size)
        try:
            yield Opened(shell, desk, worlds)
        finally:
            shell.close()
            worlds.close()


def _page(setting: Setting, desk: Desk) -> Page:
    if setting.lesson:
        lesson, _, variant = setting.lesson.partition("/")
        found = find_lesson(lesson)
        return open_lesson(desk, found, found.variant(variant))
    if setting.mat:
        mat, start, goals = setting.ground
        return BoardPage(desk, desk.open_driver(mat, start, setting.robot, "exact"), start=start, goals=goals)
    return HomePage(desk)


def replay(session: Session, on: Opened, shown: Callable[[int], None] = lambda ms: None) -> None:
    """Replay a session; `shown` is called with the session's time after each step and each event."""
    play(session.lines, on, shown)


def play(lines: Iterable[Line], on: Opened, shown: Callable[[int], None]) -> None:
    """Play events as `replay` does; each is asked for once the one before is done."""

    def step_to(ms: int) -> None:
        on.worlds.run_to(ms)
        on.shell.step(ms)
        _await(on.shell.page)
        shown(ms)

    now_ms = 0
    step_to(0)
    for line in lines:
        while now_ms + FRAME_MS < line.ms:
            now_ms += FRAME_MS
            step_to(now_ms)
        if line.ms > now_ms:
            now_ms = line.ms
            step_to(now_ms)
        _do(line, on)
        _await(on.shell.page)
        shown(now_ms)


def _await(page: Page) -> None:
    """Let a dialogue, which has a thread of its own, come to its next question or its end."""
    if isinstance(page, WorkshopPage):
        page.person.wait(_LIMIT_S)


def _do(line: Line, on: Opened) -> None:
    if line.event == SIZE:
        on.shell.resize(tuple(line.more["size"]))
    elif line.event in (PLUG, UNPLUG):
        on.worlds.plug(line.event == PLUG)
    elif line.event not in OURS:
        more = {name: tuple(value) if isinstance(value, list) else value for name, value in line.more.items()}
        on.shell.handle(pygame.event.Event(getattr(pygame, line.event), more))


def film_session(session: Session, *, most_frames: int = MOST_FRAMES) -> Film:
    """Film a session; raise FileError where its lesson is not here. `most_frames` is 1 where only the end is wanted."""
    frame_ms = frame_ms_of(session.length_ms, most_frames)
    film = Film(session.setting.size)
    surface, due_ms = pygame.Surface(session.setting.size, 0, 32), 0
    with opened(session.setting) as on:

        def shown(ms: int) -> None:
            nonlocal surface, due_ms
            if ms < min(due_ms, session.length_ms):
                return
            if surface.get_size() != on.shell.size:
                surface = pygame.Surface(on.shell.size, 0, 32)
            film.take(surface, on.shell.paint(surface), frame_ms)
            due_ms = ms + frame_ms

        replay(session, on, shown)
    return film

"""
Every page of the wall in each of its modes: one table, for pictures to look at and for tests to measure.

A screen is reached as a class reaches it, by taps on what is there to be tapped, over worlds in virtual time: the same pixels every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pygame

from petitpas.classroom.commands import ChooseLevel, OpenLesson
from petitpas.classroom.records import ClassState, Settings
from petitpas.lessons.load import find_lesson
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.app import open_lesson
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk, UnkeptClass
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.challenges_page import ChallengesPage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.page import Page
from petitpas.wall.pages.robot_choice import RobotChoicePage
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.pages.settings_page import SettingsPage
from petitpas.wall.replay import FRAME_MS, Opened, Worlds, desk_apart
from petitpas.wall.shell import Shell
from petitpas_sim.mat import Mat, Place

SIZES = ((1024, 768), (1280, 800), (1920, 1080), (3840, 2160))

DAY = datetime(2026, 11, 22)

TAP_MS, MOST_MS = 320, 120_000
"""What passes after each tap, and at most until a run ends."""


class Watch(NamedTuple):
    """Look on for so long, or until nothing runs any more."""

    ms: int = MOST_MS


class Key(NamedTuple):
    """Press a key."""

    code: int


ENDS = Watch()
Step = str | int | tuple[object, ...] | Tool | Watch | Key
"""A spot by its name, or what is done besides."""

MEASURED = Settings(scale_px_per_m=2_000, is_calm=True)
"""A class whose screen was measured, so that nothing stands before the first lesson."""


@dataclass(frozen=True)
class Screen:
    """
    A page in a mode.

    The way begins at a `page`, else in a `lesson` ("gs4/pas") at a level, else at home. `last` is the lesson that the class has in hand,
    `trouble` what the class core says of this computer.
    """

    steps: tuple[Step, ...] = ()
    level: Level | None = None
    lesson: str = ""
    page: Callable[[Desk], Page] | None = None
    last: str = ""
    settings: Settings = MEASURED
    trouble: str = ""


def _lesson(level: Level, lesson: str, *steps: Step, lang: str = "fr") -> Screen:
    return Screen(steps, level, lesson, settings=replace(MEASURED, lang=lang))


def _free(desk: Desk) -> Page:
    mat, start = Mat.parse("5x4", ("B4", "E2")), Place.parse("A1N")
    return BoardPage(desk, desk.open_driver(mat, start, "lapin", "exact"), start=start, goals=((2, 3),))


_GS4, _GS4_OTHER = ("forward", "forward", "right", "forward", "forward"), ("forward", "forward", "left", "forward", "forward")
_CP2 = ("forward", "forward", "forward", "right", "forward", "forward")
_CE1 = ("forward", "forward", "right", "forward", "forward")
_CE2 = ("forward", "number", "right", "forward", "number", "beep")
_ROCK = ("forward", "forward", "forward", "forward", "go", ENDS)
_ZERO = ("try", "forward", "forward", "go", ENDS)
_CHANGED = (*_ZERO, Watch(3_000), "go", ENDS)

SCREENS: dict[str, Screen] = {
    "home": Screen(),
    "home-resume": Screen(level="GS", last="gs4/pas"),
    "home-muted": Screen(("mute",)),
    "home-keyboard": Screen((Key(pygame.K_TAB), Key(pygame.K_TAB))),
    "home-english": Screen(settings=replace(MEASURED, lang="en")),
    "home-trouble": Screen(trouble="class.troubles.full"),
    "scale": Screen(("class",), settings=Settings(is_calm=True)),
    "reach": Screen(("class", "done"), settings=Settings(is_calm=True)),
    "reach-touched": Screen(("class", "done", 32), settings=Settings(is_calm=True)),
    "levels": Screen(("class",), level="GS", last="gs4/pas"),
    **{f"lessons-{level.lower()}": Screen(("class", level)) for level in LEVELS},
    "prepare": Screen(("prepare",)),
    "prepare-gs": Screen(("prepare", "GS")),
    "robots": Screen(page=lambda desk: RobotsPage(desk)),
    "robot-choice": Screen(page=RobotChoicePage),
    "settings": Screen(page=SettingsPage),
    **{f"invent-{level.lower()}": Screen(page=partial(InventPage, level=level)) for level in ("PS", "GS", "CP", "CE2")},
    "free": Screen(("forward", "right", "forward"), page=_free),
    "challenges": Screen(page=partial(ChallengesPage, level="GS")),
    "corner": Screen((Tool.MORE,)),
    "corner-lesson": _lesson("GS", "gs4/pas", "forward", Tool.MORE),
    "look-at-me": Screen((Tool.EYE,)),
    "zero": Screen(("try",)),
    "zero-running": Screen((*_ZERO[:-1], Watch(2_600))),
    "zero-changed": Screen((*_ZERO, Watch(3_000))),
    "zero-explained": Screen(_CHANGED),
    "zero-mended": Screen((*_CHANGED, 1, "forward")),
    "zero-end": Screen((*_CHANGED, 1, "forward", "go", ENDS)),
    "ps-faire": _lesson("PS", "pm2/pas"),
    "ps-faire-running": _lesson("PS", "pm2/pas", "backward", Watch(1_400)),
    "ps-faire-elsewhere": _lesson("PS", "pm2/pas", "forward", "forward", ENDS),
    "ps-faire-reached": _lesson("PS", "pm2/pas", "backward", "backward", ENDS),
    "ps-programmer": _lesson("PS", "pm3/pas", "forward", "forward"),
    "ps-ordonner": _lesson("PS", "pm4/pas", "deck.0"),
    "ms-quarter": _lesson("MS", "pm6/pas", "forward", "forward", "right", ENDS),
    "ms-pattern": _lesson("MS", "pm5/pas", "forward", "backward"),
    "gs-prevoir": _lesson("GS", "gs1/pas"),
    "gs-prevoir-pointing": _lesson("GS", "gs1/pas", "predict"),
    "gs-prevoir-elsewhere": _lesson("GS", "gs1/pas", "predict", (0, 1), "go", ENDS),
    "gs-coder": _lesson("GS", "gs2/pas", "go_up", "go_right"),
    "gs-empty": _lesson("GS", "gs4/pas"),
    "gs-cards": _lesson("GS", "gs4/pas", *_GS4, 2),
    "gs-pointing": _lesson("GS", "gs4/pas", *_GS4, "predict"),
    "gs-predicted": _lesson("GS", "gs4/pas", *_GS4, "predict", (2, 2)),
    "gs-running": _lesson("GS", "gs4/pas", *_GS4, "predict", (2, 2), "go", Watch(6_500)),
    "gs-reached": _lesson("GS", "gs4/pas", *_GS4, "go", ENDS),
    "gs-blocked": _lesson("GS", "gs4/pas", *_GS4_OTHER, "go", ENDS),
    "gs-helped": _lesson("GS", "gs4/pas", *_GS4_OTHER, "go", ENDS, "help"),
    "gs-ghost": _lesson("GS", "gs4/pas", "forward", "right", "forward", "forward", "go", ENDS, "help", "help"),
    "gs-mend": _lesson("GS", "gs4/pas", *_GS4_OTHER, "go", ENDS, "help", "help", "help"),
    "gs-reparer": _lesson("GS", "gs5/grand_pas"),
    "gs-ordonner": _lesson("GS", "gs4/petit_pas", "deck.0"),
    "gs-inventer": _lesson("GS", "gs6/grand_pas"),
    "gs-english": _lesson("GS", "gs4/pas", *_GS4_OTHER, "go", ENDS, lang="en"),
    "cp-heading": _lesson("CP", "cp1/pas", "predict", (2, 2), (2, 2)),
    "cp-coder": _lesson("CP", "cp2/pas", *_CP2),
    "cp-running": _lesson("CP", "cp2/pas", *_CP2, "go", Watch(4_500)),
    "cp-reached": _lesson("CP", "cp2/pas", *_CP2, "go", ENDS),
    "cp-elsewhere": _lesson("CP", "cp2/pas", *_CP2[:5], "go", ENDS),
    "cp-long": _lesson("CP", "cp6/grand_pas", *("forward", "right") * 6),
    "ce1-empty": _lesson("CE1", "ce1-1/pas"),
    "ce1-pointing": _lesson("CE1", "ce1-1/pas", *_CE1, "predict"),
    "ce1-running": _lesson("CE1", "ce1-1/pas", *_CE1, "predict", (2, 2), "go", Watch(6_500)),
    "ce1-numbers": _lesson("CE1", "ce1-3/pas", "forward", "number", "right", "forward", "number", 1, "insert"),
    "ce1-two-robots": _lesson("CE1", "ce1-6/pas", *_CE1, "go", Watch(5_000)),
    "ce1-elsewhere": _lesson("CE1", "ce1-1/pas", *_CE1[:-1], "go", ENDS),
    "ce1-reached": _lesson("CE1", "ce1-1/pas", *_CE1, "go", ENDS),
    "ce2-beep": _lesson("CE2", "ce2-1/pas", *_CE2),
    "ce2-choice": _lesson("CE2", "ce2-2/pas", "choice.1"),
    "ce2-loop": _lesson("CE2", "ce2-4/pas", "repeat", "number", "number", "forward", "number", "right", "repeat"),
    "ce2-loop-running": _lesson(
        "CE2", "ce2-4/pas", "repeat", "number", "number", "forward", "number", "right", "repeat", "go", Watch(7_000)
    ),
    "ce2-wide": _lesson("CE2", "ce2-6/pas", *("forward", "right") * 8),
    "ce2-elsewhere": _lesson("CE2", "ce2-1/pas", "forward", "right", "forward", "beep", "go", ENDS, "help"),
}
"""Every page in each of its modes, by name."""


class Visit:
    """
    A way through the wall, one step after the other.

    Args:
        run_to: brings the worlds of robots to a time.
    """

    def __init__(self, shell: Shell, run_to: Callable[[int], None] = lambda ms: None) -> None:
        self.shell = shell
        self._run_to = run_to
        self._now_ms = 0
        self.shell.step(0)
        self.take(Watch(TAP_MS))

    def take(self, step: Step) -> None:
        """Do a step; raise LookupError where it is a spot that is not there."""
        if isinstance(step, Watch):
            self._watch(step)
            return
        if isinstance(step, Key):
            self.shell.handle(pygame.event.Event(pygame.KEYDOWN, key=step.code))
        elif any(spot.name == step for spot in self.shell.spots()):
            self.shell.tap(step)
        else:
            raise LookupError(f"{step} is not there")
        self._watch(Watch(TAP_MS))

    def _watch(self, watch: Watch) -> None:
        end_ms = self._now_ms + watch.ms
        while self._now_ms < end_ms:
            self._now_ms += FRAME_MS
            self._run_to(self._now_ms)
            self.shell.step(self._now_ms)
            if watch is ENDS and not _is_running(self.shell.page):
                return


@contextmanager
def shown(screen: Screen, size: tuple[int, int]) -> Iterator[Opened]:
    """Bring a screen about in a window of a size; raise LookupError where a step is a spot that is not there."""
    worlds = Worlds()
    desk = desk_apart(_school(screen), worlds, Path("petitpas"))
    desk.now = lambda: DAY
    shell = Shell(_first(screen, desk), desk)
    shell.resize(size)
    try:
        visit = Visit(shell, worlds.run_to)
        for step in screen.steps:
            visit.take(step)
        yield Opened(shell, desk, worlds)
    finally:
        shell.close()


def _first(screen: Screen, desk: Desk) -> Page:
    if screen.page is not None:
        return screen.page(desk)
    if screen.lesson:
        name, _, variant = screen.lesson.partition("/")
        lesson = find_lesson(name)
        return open_lesson(desk, lesson, lesson.variant(variant))
    return HomePage(desk)


def _school(screen: Screen) -> UnkeptClass:
    school = UnkeptClass(ClassState(screen.settings, trouble=screen.trouble))
    if screen.level is not None:
        school.do(ChooseLevel(screen.level))
    if lesson := screen.lesson or screen.last:
        school.do(OpenLesson(*lesson.split("/")))
    return school


def _is_running(page: Page) -> bool:
    board = getattr(page, "board", None)
    return board is not None and board.is_running


def picture(screen: Screen, size: tuple[int, int]) -> pygame.Surface:
    """Draw a screen."""
    surface = pygame.Surface(size, 0, 32)
    with shown(screen, size) as on:
        on.shell.paint(surface)
    return surface


def save_screens(folder: Path, sizes: Sequence[tuple[int, int]] = SIZES) -> int:
    """Draw every screen at every size into a folder, one inner folder a size; return how many there are."""
    for size in sizes:
        inner = folder / "x".join(map(str, size))
        inner.mkdir(parents=True, exist_ok=True)
        for name, screen in SCREENS.items():
            pygame.image.save(picture(screen, size), str(inner / f"{name}.png"))
    return len(sizes) * len(SCREENS)

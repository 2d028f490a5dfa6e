"""The wall on any surface, around one board or any page: what its tests tap, step and look at."""

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

import pygame
from fake_driver import FakeDriver

from petitpas.classroom.records import ClassState, Settings
from petitpas.wall.app import open_lesson
from petitpas.wall.board import Board, Command
from petitpas.wall.desk import Desk, OpenDriver, UnkeptClass
from petitpas.wall.layout import Layout
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.page import Page
from petitpas.wall.paper import Made, Printer
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import Sounds
from petitpas.wall.worlds import OwnWorld
from petitpas_sim.mat import Cell, Mat, Place
from petitpas_sim.view.scene import Decor, Item, Label


def desk_of(lang: str = "fr", sounds: Sounds | None = None, **settings: object) -> Desk:
    """Return what pages share, with a class that is not kept."""
    state = ClassState(Settings(lang=lang, **settings))
    return Desk(OwnWorld, open_lesson, UnkeptClass(state), sounds or Sounds())


class Shown(Shell):
    """A shell whose first page is a board with a robot."""

    def __init__(
        self, driver: OpenDriver, lang: str = "fr", *, goals: Sequence[Cell] = (), is_calm: bool = False, sounds: Sounds | None = None
    ) -> None:
        desk = desk_of(lang, sounds)
        self.board_page = BoardPage(desk, driver, goals=goals)
        super().__init__(self.board_page, desk, is_calm=is_calm)

    def command(self, command: Command) -> None:
        self.board_page.command(command)

    @property
    def board(self) -> Board:
        return self.board_page.board

    @board.setter
    def board(self, board: Board) -> None:
        self.board_page.board = board

    @property
    def layout(self) -> Layout:
        return self.board_page.layout

    @property
    def decor(self) -> Decor:
        return self.board_page.decor


class FakePrinter(Printer):
    """Writes down what was to be printed, and what the system was to open; `is_refused`: nothing opens it."""

    def __init__(self, answer: Made) -> None:
        super().__init__()
        self.answer = answer
        self.is_refused = False
        self.asked: list[tuple[object, ...]] = []
        self.shown: list[Path] = []

    def lesson(self, *asked: object) -> Made:
        self.asked.append(asked)
        return self.answer

    booklet = lesson

    def show(self, file: Path) -> Callable[[], bool]:
        self.shown.append(file)
        return lambda: self.is_refused


class Desks:
    """Desks whose robots are fakes; `drivers` are those that were opened."""

    def __init__(self) -> None:
        self.drivers: list[FakeDriver] = []

    def made(self, lang: str = "fr", **settings: object) -> Desk:
        desk = desk_of(lang, **settings)
        desk.open_driver = self._opened
        return desk

    def _opened(self, mat: Mat, start: Place, name: str, kit: str, others: object = ()) -> FakeDriver:
        self.drivers.append(FakeDriver(mat, start, name))
        return self.drivers[-1]


def shell_of(page: Page, desk: Desk, size: tuple[int, int] = (1280, 800)) -> Shell:
    shell = Shell(page, desk, is_calm=True)
    shell.resize(size)
    shell.step(10_000)
    return shell


def at_home(**settings: object) -> tuple[Shell, Desk, Desks]:
    desks = Desks()
    desk = desks.made(scale_px_per_m=2_000, **settings)
    return shell_of(HomePage(desk), desk), desk, desks


def click(shell: Shell, name: object) -> None:
    """Press and release the mouse on a spot, and let a step pass."""
    at = next(spot.frame.centre for spot in shell.spots() if spot.name == name)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        shell.handle(pygame.event.Event(kind, pos=at, button=1, touch=False))
    later(shell)


def tap(shell: Shell, *names: Hashable) -> None:
    """Tap spots that are there, with a step after each."""
    for name in names:
        assert name in [spot.name for spot in shell.spots()], name
        shell.tap(name)
        later(shell)


def later(shell: Shell, ms: int = 16) -> None:
    shell.step(shell.now_ms + ms)


def press(shell: Shell, *keys: int) -> None:
    for key in keys:
        shell.handle(pygame.event.Event(pygame.KEYDOWN, key=key))
        later(shell)


def items(shell: Shell) -> list[Item]:
    return [item for layer in shell.layers() for item in layer]


def said(shell: Shell) -> str:
    return " ".join(item.text for item in items(shell) if isinstance(item, Label))

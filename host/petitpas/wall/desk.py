"""What all pages of the wall share: the class, what is heard, and where robots come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from petitpas.classroom.commands import Command
from petitpas.classroom.places import data_folder
from petitpas.classroom.records import ClassState
from petitpas.lessons import Lesson, RobotSetup, Variant
from petitpas.robots.fleet import Fleet
from petitpas.wall.board import Driver
from petitpas.wall.buttons import Buttons
from petitpas.wall.microphone import Microphone, ProcessMicrophone
from petitpas.wall.pages.page import Page
from petitpas.wall.paper import Printer
from petitpas.wall.plugged import PluggedDriver
from petitpas.wall.sounds import Sounds
from petitpas_sim.mat import Mat, Place


class Class(Protocol):
    """What the wall asks of the class core."""

    @property
    def snapshot(self) -> ClassState:
        """The class as it is now."""

    def do(self, command: Command) -> None:
        """Do a command now."""

    def step(self, now_ms: int) -> None:
        """Let time pass: do what other threads have posted, try again to keep what was not."""


class OpenDriver(Driver, Protocol):
    """A robot that is let go when its page is left."""

    def close(self) -> None:
        """Let the robot go."""


class DriverFactory(Protocol):
    """Opens a robot."""

    def __call__(self, mat: Mat, start: Place, name: str, kit: str, others: Sequence[RobotSetup] = ()) -> OpenDriver:
        """Return a robot of an animal's name and of a kit on a mat, with others that play their solutions beside it."""


class PluggedFactory(Protocol):
    """Opens a robot at the end of a cable."""

    def __call__(self, url: str, mat: Mat, start: Place, name: str, others: Sequence[RobotSetup] = ()) -> PluggedDriver:
        """Return the robot behind a port, on a mat of the wall, with simulated others beside it."""


LessonFactory = Callable[["Desk", Lesson, Variant], Page]
"""Makes the page on which a variant of a lesson is played."""


class UnkeptClass:
    """A class that is forgotten when the window closes: for trials, pictures and tests."""

    def __init__(self, state: ClassState | None = None) -> None:
        self.snapshot = state or ClassState()

    def do(self, command: Command) -> None:
        """Obey at once."""
        self.snapshot = command.after(self.snapshot, date.today())

    def step(self, now_ms: int) -> None:
        """Do nothing: there is nothing to be kept."""


@dataclass
class Desk:
    """What a page is given when it is made."""

    open_driver: DriverFactory
    open_lesson: LessonFactory
    school: Class = field(default_factory=UnkeptClass)
    sounds: Sounds = field(default_factory=Sounds)
    open_plugged: PluggedFactory = PluggedDriver
    fleet: Fleet = field(default_factory=Fleet)
    """What is plugged in; nothing is looked for until it is started."""
    buttons: Buttons | None = None
    """A panel of push-buttons, if there is one."""
    open_panel: Callable[[], Buttons] | None = None
    """Opens the panel of this computer, or raises KitError; None: there is none to be had."""
    has_asked_scale: bool = False
    """Whether the scale of the screen was asked for since the window opened: who goes back is not asked again."""
    aside: Executor | None = None
    """Where pages have worked out what takes longer than a frame; None: each in a thread of its own."""
    folder: Path = field(default_factory=data_folder)
    """Of the class, whose recordings, pages, pictures and copies are in it."""
    printer: Printer = field(default_factory=Printer)
    open_microphone: Callable[[], Microphone] = ProcessMicrophone
    now: Callable[[], datetime] = datetime.now

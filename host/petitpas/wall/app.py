"""The wall as an application: its first page, what its pages share, and the window around them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

from petitpas.classroom.commands import SetSetting
from petitpas.classroom.places import data_folder
from petitpas.errors import KitError
from petitpas.lessons import Lesson, Variant
from petitpas.robots.fleet import Fleet
from petitpas.voice.reader import READ, Reader
from petitpas.voice.recordings import RECORDED, Recordings
from petitpas.voice.teller import Teller
from petitpas.wall.buttons import Buttons
from petitpas.wall.desk import Class, Desk, UnkeptClass
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.page import Page
from petitpas.wall.session import Recorder, Setting
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import Sounds
from petitpas.wall.speaker import ProcessSpeaker
from petitpas.wall.window import View, run_window
from petitpas.wall.worlds import OwnWorld
from petitpas.words import Words


def run_app(
    school: Class | None = None,
    view: View | None = None,
    *,
    reduced_motion: bool | None = None,
    record: TextIO | None = None,
    buttons: Buttons | None = None,
    open_panel: Callable[[], Buttons] | None = None,
    max_frames: int | None = None,
) -> None:
    """
    Show the wall until its window is closed.

    Robots are looked for at the ports that this computer lists, and at the URLs in PETITPAS_PORTS.

    Args:
        school: the class core; None: nothing is kept.
        view: where it is shown; None: where it was, or the teacher has set it to be.
        reduced_motion: None: as the environment says, PETITPAS_REDUCED_MOTION set to anything but 0.
        record: gets the session, to be replayed; then it should be a class on its first day, as it is in a replay.
        buttons: of a panel, that do what their tiles do.
        open_panel: opens the panel of this computer, where the teacher wants one.

    Raises:
        WindowError: there is no display.
    """
    if reduced_motion is None:
        reduced_motion = os.environ.get("PETITPAS_REDUCED_MOTION", "0") not in ("", "0")
    school = school or UnkeptClass()
    settings = school.snapshot.settings
    sounds = Sounds(settings.volume_percent, settings.is_muted, ProcessSpeaker(), voice_of(data_folder()))
    fleet = Fleet(urls=os.environ.get("PETITPAS_PORTS", "").split())
    open_driver = partial(OwnWorld, speed=lambda: school.snapshot.settings.speed)
    desk = Desk(open_driver, open_lesson, school, sounds, fleet=fleet, buttons=buttons, open_panel=open_panel)
    fleet.start()
    recorder = None if record is None else Recorder(record, Setting(settings=replace(settings, is_calm=settings.is_calm or reduced_motion)))
    shell = Shell(HomePage(desk), desk, is_calm=reduced_motion)
    _look_for_panel(shell, desk)
    where = view or View(is_full=settings.is_full, screen=settings.screen)
    title = Words(settings.lang).text("wall.title")
    try:
        run_window(shell, title, where, recorder=recorder, max_frames=max_frames, moved=partial(_keep_place, school))
    finally:
        if recorder is not None:
            recorder.ended()
        fleet.close()
        sounds.close()
        if desk.buttons is not None:
            desk.buttons.close()


def _look_for_panel(shell: Shell, desk: Desk) -> None:
    """Open the panel that the teacher has asked for on another day; where it has gone, that is said."""
    if desk.buttons is None and desk.open_panel is not None and desk.school.snapshot.settings.has_panel:
        try:
            desk.buttons = desk.open_panel()
        except KitError as error:
            shell.trouble(error)


def voice_of(folder: Path) -> Teller:
    """Return the voice of a class whose folder this is: the recordings in it, and the system's voice, which keeps its files there."""
    return Teller(Recordings(folder / RECORDED), Reader(folder / READ))


def _keep_place(school: Class, view: View) -> None:
    """Let the class keep where the wall is shown."""
    school.do(SetSetting("is_full", view.is_full))
    school.do(SetSetting("screen", view.screen))


def open_lesson(desk: Desk, lesson: Lesson, variant: Variant) -> Page:
    """Return the page on which a variant of a lesson is played."""
    return LessonPage(desk, lesson, variant)

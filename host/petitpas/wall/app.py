"""The wall as an application: its first page, what its pages share, and the window around them."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TextIO

from petitpas.lessons import Lesson, Variant
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
    max_frames: int | None = None,
) -> None:
    """
    Show the wall until its window is closed.

    Args:
        school: the class core; None: nothing is kept.
        reduced_motion: None: as the environment says, PETITPAS_REDUCED_MOTION set to anything but 0.
        record: gets the session, to be replayed; then it should be a class on its first day, as it is in a replay.

    Raises:
        WindowError: there is no display.
    """
    if reduced_motion is None:
        reduced_motion = os.environ.get("PETITPAS_REDUCED_MOTION", "0") not in ("", "0")
    school = school or UnkeptClass()
    settings = school.snapshot.settings
    sounds = Sounds(settings.volume_percent, settings.is_muted, ProcessSpeaker())
    desk = Desk(partial(OwnWorld, speed=lambda: school.snapshot.settings.speed), open_lesson, school, sounds)
    recorder = None if record is None else Recorder(record, Setting(settings=replace(settings, is_calm=settings.is_calm or reduced_motion)))
    shell = Shell(HomePage(desk), desk, is_calm=reduced_motion)
    try:
        run_window(shell, Words(settings.lang).text("wall.title"), view, recorder=recorder, max_frames=max_frames)
    finally:
        if recorder is not None:
            recorder.ended()
        sounds.close()


def open_lesson(desk: Desk, lesson: Lesson, variant: Variant) -> Page:
    """Return the page on which a variant of a lesson is played."""
    return LessonPage(desk, lesson, variant)

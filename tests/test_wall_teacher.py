"""The teacher's pages: settings and the class's notebook, groups as fruits, and pages to print, by taps alone."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pygame
import pytest
from gpiozero import LED
from pressed import mock_pins
from shown import Desks, said, tap

from petitpas import arguments, cli
from petitpas.classroom import Classroom, Store
from petitpas.classroom.commands import ChooseGroup, OpenLesson, SetStrip
from petitpas.classroom.records import FRUITS, Key
from petitpas.errors import PanelError, PanelMissing
from petitpas.robots.doctor import Finding
from petitpas.robots.fleet import Plugged
from petitpas.tangible.panel import Panel as PinPanel
from petitpas.tangible.pins import read_pins
from petitpas.wall.asking import AtOnce
from petitpas.wall.camera import TAKEN
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Page
from petitpas.wall.pages.prepare_page import BOOKLET, PreparePage
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.pages.settings_page import SettingsPage
from petitpas.wall.pages.workshop_page import WorkshopPage
from petitpas.wall.paper import Printer
from petitpas.wall.shell import Shell
from petitpas.words import LANGUAGES, Words
from petitpas_sim.view.scene import Box

NOW = datetime(2026, 11, 23, 9, 5, 7)
TODAY = NOW.date()


def shell_of(page: Page, desk: Desk) -> Shell:
    shell = Shell(page, desk, is_calm=True)
    shell.resize((1024, 768))
    shell.step(0)
    return shell


def new_desk(school: Classroom | None = None, folder: Path = Path("petitpas"), printer: Printer | None = None) -> Desk:
    desk = Desk(open_driver=None, open_lesson=None, aside=AtOnce(), has_asked_scale=True, folder=folder)  # type: ignore[arg-type]
    desk.school, desk.printer, desk.now = school or desk.school, printer or desk.printer, lambda: NOW
    return desk


# --- Settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_changes_at_once(lang: str) -> None:
    desk = new_desk()
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, ("lang", lang))
    assert Words(lang).text("wall.settings.title") in said(shell)


def test_voice_calm_and_what_is_offered_are_set() -> None:
    desk = new_desk()
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, ("voice", "delayed"), ("calm", "yes"), ("offers_next", "no"))
    settings = desk.school.snapshot.settings
    assert (settings.voice, settings.is_calm, settings.offers_next) == ("delayed", True, False)
    tap(shell, ("voice", "silent"), ("calm", "no"), ("offers_next", "yes"))
    settings = desk.school.snapshot.settings
    assert (settings.voice, settings.is_calm, settings.offers_next) == ("silent", False, True)


class Panel:
    """Buttons that nobody presses."""

    is_open = True

    def presses(self) -> tuple[str, ...]:
        return ()

    stuck = lambda self, now_ms: ()  # noqa: E731
    refuse = show = lambda self, *args: None

    def close(self) -> None:
        self.is_open = False


def test_push_buttons_are_taken_and_left_and_what_is_the_matter_is_said() -> None:
    desk, panel = new_desk(), Panel()
    shell = shell_of(SettingsPage(desk), desk)

    def missing() -> Panel:
        raise PanelMissing

    desk.open_panel = missing
    tap(shell, ("panel", "yes"))
    assert PanelMissing().say("fr").split(".")[0] in said(shell)
    assert desk.buttons is None and not desk.school.snapshot.settings.has_panel
    desk.open_panel = lambda: panel
    tap(shell, ("panel", "yes"))
    assert desk.buttons is panel and desk.school.snapshot.settings.has_panel
    tap(shell, ("panel", "no"))
    assert not panel.is_open and desk.buttons is None and not desk.school.snapshot.settings.has_panel


def test_a_pin_that_is_in_use_says_what_to_do_and_nothing_is_lost() -> None:
    desk = new_desk()
    desk.open_panel = lambda: PinPanel(read_pins())
    shell = shell_of(SettingsPage(desk), desk)
    with mock_pins():
        other = LED(read_pins().keys["go"])
        tap(shell, ("panel", "yes"))
        assert "Fermer l’autre programme" in said(shell) and not desk.school.snapshot.settings.has_panel
        with pytest.raises(PanelError) as told:  # the same at the next start of a class that has one
            desk.open_panel()
        shell.trouble(told.value)
        tap(shell, "back")
        assert "Fermer l’autre programme" in said(shell)
        other.close()
        tap(shell, ("panel", "yes"))
        assert desk.buttons is not None and desk.school.snapshot.settings.has_panel
        desk.buttons.close()


def worked(folder: Path) -> Classroom:
    """Return a class with some work in it."""
    school = Classroom(Store(folder), lambda: TODAY)
    for command in (OpenLesson("gs4", "pas"), SetStrip(["forward", "forward"]), ChooseGroup("kiwi"), SetStrip(["forward"])):
        school.do(command)
    return school


def test_all_that_is_kept_is_copied_into_a_file_in_one_tap(tmp_path: Path) -> None:
    school = worked(tmp_path)
    desk = new_desk(school, tmp_path)
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, ("notebook", "export"))
    file = tmp_path / "petit-pas-2026-11-23.json"
    assert str(file) in said(shell) or file.name in said(shell)
    assert "gs4" in json.dumps(json.loads(file.read_text(encoding="utf-8")))
    school.close()


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    desk = new_desk(folder=tmp_path / "file" / "folder")
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, ("notebook", "export"))
    assert Words().text("class.troubles.unkept").split(".")[0] in said(shell)


def test_erasing_takes_two_taps_and_not_two_on_one_place(tmp_path: Path) -> None:
    school = worked(tmp_path)
    desk = new_desk(school, tmp_path)
    shell = shell_of(SettingsPage(desk), desk)
    spots = {spot.name: spot.frame for spot in shell.spots()}
    first = spots["notebook", "erase"]
    tap(shell, ("notebook", "erase"))
    assert school.snapshot.works
    under = [spot.name for spot in shell.spots() if spot.frame.holds(*first.centre)]
    assert ("notebook", "erase_now") not in under
    tap(shell, ("notebook", "cancel"))
    assert school.snapshot.works and ("notebook", "erase_now") not in [spot.name for spot in shell.spots()]
    tap(shell, ("notebook", "erase"), ("notebook", "erase_now"))
    assert not school.snapshot.works and Words().text("class.erased") in said(shell)
    school.close()
    again = Classroom(Store(tmp_path), lambda: TODAY)
    assert not again.snapshot.works
    again.close()


def test_a_class_of_last_year_may_be_kept_one_more_year(tmp_path: Path) -> None:
    school = worked(tmp_path)
    desk = new_desk(school, tmp_path)
    next_year = date(2027, 9, 2)
    desk.now = lambda: datetime(2027, 9, 2)
    shell = shell_of(SettingsPage(desk), desk)
    school._today = lambda: next_year
    tap(shell, ("notebook", "keep"))
    assert school.snapshot.works and ("notebook", "keep") not in [spot.name for spot in shell.spots()]
    school.close()


# --- Groups -------------------------------------------------------------------------------------------------------


def test_each_group_has_its_own_work_on_a_lesson(tmp_path: Path) -> None:
    school = worked(tmp_path)
    desk = new_desk(school, tmp_path)
    shell = shell_of(LevelsPage(desk), desk)
    for fruit in FRUITS:
        tap(shell, ("group", fruit))
        assert school.snapshot.hand.key == Key(fruit, "gs4", "pas")
        suns = [item.frame for layer in shell.layers() for item in layer if isinstance(item, Box) and item.fill == "sun"]
        assert len(suns) == 1 and suns[0] == next(spot.frame for spot in shell.spots() if spot.name == ("group", fruit))
    assert school.snapshot.works[Key("kiwi", "gs4", "pas")].strip == ("forward",)
    tap(shell, ("group", ""))
    assert school.snapshot.work.strip == ("forward", "forward")
    school.close()


def test_how_a_group_did_its_last_lesson_is_noted_and_taken_back(tmp_path: Path) -> None:
    school = worked(tmp_path)
    desk = new_desk(school, tmp_path)
    shell = shell_of(LessonsPage(desk, "GS"), desk)
    tap(shell, "with_friend")
    noted = school.snapshot.works[Key("kiwi", "gs4", "pas")].observation
    assert noted is not None and (noted.how, noted.day) == ("with_friend", TODAY)
    assert school.snapshot.works[Key("", "gs4", "pas")].observation is None
    tap(shell, "alone", "alone")
    assert school.snapshot.work.observation is None
    school.close()


def test_a_lesson_of_another_level_is_not_noted_here() -> None:
    desk = new_desk()
    desk.school.do(OpenLesson("gs4", "pas"))
    shell = shell_of(LessonsPage(desk, "CP"), desk)
    assert not {"alone", "with_friend", "with_adult"} & {spot.name for spot in shell.spots()}


def test_groups_are_for_the_class_and_not_for_paper() -> None:
    desk = new_desk()
    shell = shell_of(LevelsPage(desk, is_class=False), desk)
    assert not [spot for spot in shell.spots() if isinstance(spot.name, tuple)]


# --- Pictures -----------------------------------------------------------------------------------------------------

PICTURE = "petit-pas-2026-11-23-09-05-07.png"


def test_a_picture_of_what_the_class_sees_is_kept_without_the_panel(tmp_path: Path) -> None:
    desk = new_desk(folder=tmp_path)
    shell = shell_of(SettingsPage(desk), desk)
    seen = pygame.Surface(shell.size, 0, 32)
    shell.paint(seen)
    tap(shell, Tool.MORE, Tool.PICTURE)
    kept = pygame.image.load(tmp_path / TAKEN / PICTURE)
    assert pygame.image.tobytes(kept, "RGB") == pygame.image.tobytes(seen, "RGB")
    assert PICTURE in said(shell) and Tool.PICTURE not in [spot.name for spot in shell.spots()]
    tap(shell, Tool.BANNER)
    assert PICTURE not in said(shell)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full is Linux's /dev/full")
def test_a_full_disk_keeps_no_picture_and_says_so_and_the_next_one_is_kept(tmp_path: Path) -> None:
    part = tmp_path / TAKEN / PICTURE.replace("png", "part")
    part.parent.mkdir()
    part.symlink_to("/dev/full")
    desk = new_desk(folder=tmp_path)
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, Tool.MORE, Tool.PICTURE)
    assert Words().text("wall.picture.full").split(".")[0] in said(shell) and not list(part.parent.iterdir())
    tap(shell, Tool.MORE, Tool.PICTURE)
    assert PICTURE in said(shell) and [file.name for file in part.parent.iterdir()] == [PICTURE]


def test_a_folder_that_takes_no_picture_is_said(tmp_path: Path) -> None:
    (tmp_path / TAKEN).write_text("")
    desk = new_desk(folder=tmp_path)
    shell = shell_of(SettingsPage(desk), desk)
    tap(shell, Tool.MORE, Tool.PICTURE)
    assert str(tmp_path / TAKEN).replace(" ", "") in said(shell).replace(" ", "") and "Vérifier" in said(shell)


# --- Without a terminal -------------------------------------------------------------------------------------------

REACHED: dict[str, tuple[tuple[object, ...], type[Page]]] = {
    "": ((), HomePage),
    "lesson list": (("class", "GS"), LessonsPage),
    "lesson run": (("class", "GS", ("gs4", "pas", "mat")), LessonPage),
    "lesson explain": (("class", "GS", ("gs4", "pas", "mat")), LessonPage),  # by « aide », of what was just run
    "run": (("class", "GS", ("gs4", "pas", "mat")), LessonPage),
    "stop": ((Tool.STOP,), HomePage),
    "print": (("prepare", "GS", ("lesson", "gs4")), PreparePage),
    "print --booklet": (("prepare", "GS", ("lesson", BOOKLET)), PreparePage),
    "ports": (("robots",), RobotsPage),
    "doctor": (("robots",), RobotsPage),
    "who": (("robots", "who"), WorkshopPage),
    "name": (("robots", ("name", "sim://lapin")), WorkshopPage),
    "settings": (("robots", ("settings", "sim://lapin")), WorkshopPage),
    "checkup": (("robots", ("checkup", "sim://lapin")), WorkshopPage),
    "install": (("robots", ("install", "COM4")), WorkshopPage),
    "image": (("robots", ("flash", "/nowhere/RPI-RP2")), WorkshopPage),
    "capture": ((Tool.MORE, Tool.PICTURE), HomePage),
    "panneau": (("settings", ("panel", "no")), SettingsPage),
}
"""What a teacher does with a command, and the taps that lead there from home without one."""

NOT_FOR_TEACHERS = {
    "check": "reads a program's file",
    "check-many": "judges a file of thousands of programs",
    "lesson check": "holds a lesson's file to the format, for those who write lessons in an editor",
    "lesson new": "begins such a file",
    "lesson catalogue": "makes a page for a web site",
    "listing": "shows an image, for engineers",
    "python": "shows a program's file as Python",
    "sim": "serves robots to other applications",
}


def commands() -> set[str]:
    """Return every command, those on lessons one by one."""
    parts = {f"lesson {name}" for name in arguments.LESSON_COMMANDS}
    return {"", "print --booklet"} | (set(cli.COMMANDS) - {"lesson"}) | parts


def test_every_command_is_reached_by_taps_or_not_for_teachers() -> None:
    assert commands() == REACHED.keys() | NOT_FOR_TEACHERS.keys()


@pytest.mark.parametrize("command", REACHED)
def test_taps_lead_from_home_to_what_a_command_does(command: str) -> None:
    desk = Desks().made()
    desk.has_asked_scale = True
    well = Finding("well", {"port": "sim://lapin", "robot": "lapin", "kit": "pico-stepper"})
    empty = Finding("no_petitpas", {"port": "COM4", "machine": "Pico", "version": "1.25.0", "oldest": "1.24"})
    desk.fleet.robots = (Plugged("sim://lapin", well, "lapin"), Plugged("COM4", empty))
    desk.fleet.drives = ("/nowhere/RPI-RP2",)
    shell = shell_of(HomePage(desk), desk)
    taps, page = REACHED[command]
    tap(shell, *taps)
    assert isinstance(shell.page, page)
    shell.close()

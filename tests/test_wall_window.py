"""Where the wall is shown: as the command line and the class say, kept when a hand changes it, never bigger than its screen."""

import os
from pathlib import Path

import pygame
import pytest
from fake_driver import FakeDriver
from shown import Shown

from petitpas import cli
from petitpas.classroom import Classroom, Store
from petitpas.classroom.commands import SetSetting
from petitpas.wall import app, window
from petitpas.wall.app import run_app
from petitpas.wall.desk import UnkeptClass
from petitpas.wall.window import run_window
from petitpas_sim.mat import Mat, Place

Modes = list[tuple[tuple[int, int], bool, int]]

pytestmark = pytest.mark.usefixtures("no_screen")


@pytest.fixture
def modes(monkeypatch: pytest.MonkeyPatch) -> Modes:
    """Have two screens, the second one small; note the size of each window, whether it fills its screen, and on which it is."""
    found: Modes = []
    set_mode = pygame.display.set_mode

    def noted(size: tuple[int, int], flags: int, display: int = 0) -> pygame.Surface:
        found.append((size, bool(flags & pygame.FULLSCREEN), display))
        return set_mode((640, 480), flags & ~pygame.FULLSCREEN)

    monkeypatch.setattr(pygame.display, "set_mode", noted)
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [(1920, 1080), (1024, 768)])
    return found


def press(*keys: int) -> None:
    pygame.display.init()
    for key in keys:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        ({}, ((1280, 800), False, 0)),
        ({"screen": 1}, ((1024, 768), False, 1)),
        ({"is_full": True}, ((0, 0), True, 0)),
        ({"screen": 9}, ((1280, 800), False, 0)),
    ],
    ids=["as it is", "a small screen", "full", "a screen that is gone"],
)
def test_the_window_opens_where_the_class_has_it(settings: dict[str, int], mode: tuple[object, ...], modes: Modes) -> None:
    school = UnkeptClass()
    for name, value in settings.items():
        school.do(SetSetting(name, value))
    run_app(school, max_frames=1)
    assert modes == [mode]


@pytest.mark.parametrize(("screen", "size"), [((3840, 2160), (2304, 1440)), ((2560, 1080), (1280, 800)), ((1920, 1080), (1280, 800))])
def test_a_window_on_a_screen_of_many_pixels_is_no_stamp(
    screen: tuple[int, int], size: tuple[int, int], modes: Modes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [screen])
    run_app(max_frames=1)
    assert modes == [(size, False, 0)]


def test_windows_is_told_that_pixels_are_pixels_before_a_window_is_there(modes: Modes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDL_WINDOWS_DPI_AWARENESS", raising=False)
    told, init = [], pygame.display.init
    monkeypatch.setattr(pygame.display, "init", lambda: (told.append(os.environ.get("SDL_WINDOWS_DPI_AWARENESS")), init()))
    run_app(max_frames=1)
    assert told[0] == "permonitorv2"


def test_time_goes_on_between_two_ticks_of_windows_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.time, "monotonic_ns", lambda: 0)  # it stands for a whole frame
    monkeypatch.setattr(window.time, "monotonic", lambda: 0.0)
    pygame.display.init()
    pygame.event.clear()
    start_ms = window.now_ms()
    window._events(30)
    assert 29 <= window.now_ms() - start_ms < 1_000


def test_what_a_hand_changes_is_kept(modes: Modes) -> None:
    school = UnkeptClass()
    press(pygame.K_F11, pygame.K_F10)
    run_app(school, max_frames=2)
    assert (school.snapshot.settings.is_full, school.snapshot.settings.screen) == (True, 1)
    run_app(school, max_frames=1)
    assert modes[-1] == modes[-2] == ((0, 0), True, 1)


def test_a_window_that_goes_to_another_screen_in_a_run_goes_on_with_it(modes: Modes) -> None:
    driver = FakeDriver(Mat(4, 4), Place(0, 0))
    press(pygame.K_UP, pygame.K_UP, pygame.K_RETURN, pygame.K_F10, pygame.K_F11, pygame.K_F10)
    run_window(Shown(driver, is_calm=True), "Petit Pas", max_frames=3)
    assert modes == [((1280, 800), False, 0), ((1024, 768), False, 1), ((0, 0), True, 1), ((0, 0), True, 0)]
    assert driver.calls == [("forward", "forward"), "stop", "close"]  # it is stopped by the end alone


def test_the_command_line_says_where_and_the_class_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modes: Modes) -> None:
    monkeypatch.setenv("PETITPAS_DATA", str(tmp_path))
    monkeypatch.setattr(app, "run_window", lambda *what, **more: window.run_window(*what, **(more | {"max_frames": 1})))
    for arguments in (["--full-screen", "--display", "2"], []):
        assert cli.main(arguments) == cli.OK
        assert modes.pop() == ((0, 0), True, 1)
    school = Classroom(Store(tmp_path))
    assert (school.snapshot.settings.is_full, school.snapshot.settings.screen) == (True, 1)
    school.close()


@pytest.mark.parametrize("number", ["0", "17", "deux"])
def test_a_screen_that_cannot_be_is_told(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--display", number])
    assert "1 à 16" in capsys.readouterr().err

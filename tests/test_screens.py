"""The table of all screens: each is reached by taps, none is missing, and a command draws them."""

from pathlib import Path

import pygame
import pytest
from everywhere import page_classes

import pictures
import screens
from petitpas.lessons.sheet import ACTIVITIES
from petitpas.program.blocks import LEVELS
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.page import Page
from petitpas.wall.pages.voice_page import VoicePage
from petitpas.wall.pages.workshop_page import WorkshopPage

WITH_OTHERS = {VoicePage, WorkshopPage}
"""Pages that show a microphone, or a dialogue with a robot, which are not the same every time."""

pytestmark = pytest.mark.usefixtures("no_screen")


def test_every_page_level_and_activity_has_a_screen_that_taps_lead_to() -> None:
    seen: set[type[Page]] = set()
    lived: set[tuple[str, str]] = set()
    for screen in screens.SCREENS.values():
        with screens.shown(screen, (1024, 768)) as on:
            page = on.shell.page
            seen.add(type(page))
            if isinstance(page, LessonPage):
                lived.add((page.activity.task.level, page.activity.task.activity))
    assert seen == page_classes() - WITH_OTHERS
    assert {level for level, _ in lived} == set(LEVELS)
    assert {activity for _, activity in lived} == set(ACTIVITIES)


def test_a_step_that_is_not_there_is_told() -> None:
    with pytest.raises(LookupError, match="nowhere"), screens.shown(screens.Screen(("class", "nowhere")), (640, 480)):
        pass


def test_the_command_draws_each_screen_at_each_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "SCREENS", {name: screens.SCREENS[name] for name in ("home", "gs-cards")})
    monkeypatch.setattr("sys.argv", ["pictures.py", "--screens", str(tmp_path)])
    assert pictures.main() == 0
    for wide, high in ((1024, 768), (1280, 800), (1920, 1080), (3840, 2160)):
        for name in ("home", "gs-cards"):
            assert pygame.image.load(str(tmp_path / f"{wide}x{high}" / f"{name}.png")).get_size() == (wide, high)

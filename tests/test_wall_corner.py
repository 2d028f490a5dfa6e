"""The teacher's corner above every page, and the keyboard, to which everything answers too."""

import pygame
import pytest
from shown import at_home, click, later, press, said, shell_of

from petitpas.program.blocks import LEVELS
from petitpas.wall.board import Status
from petitpas.wall.corner import Language, Tool
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Spot
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.shell import Shell
from petitpas.words import Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.scene import Box

pytestmark = pytest.mark.usefixtures("no_screen")


# --- By keyboard ---


def test_the_way_to_a_lesson_needs_no_pointer() -> None:
    shell, desk, _ = at_home()
    press(shell, pygame.K_TAB, pygame.K_RIGHT, pygame.K_RETURN)
    assert isinstance(shell.page, LevelsPage)
    press(shell, pygame.K_DOWN, pygame.K_RIGHT, pygame.K_RETURN)
    assert isinstance(shell.page, LessonsPage) and desk.school.snapshot.hand.level in LEVELS
    press(shell, pygame.K_DOWN, pygame.K_DOWN, pygame.K_RETURN)
    assert isinstance(shell.page, LessonPage)
    press(shell, pygame.K_UP, pygame.K_UP)
    assert shell.page.board.cards == ("forward", "forward")
    press(shell, pygame.K_RETURN)
    assert shell.page.board.is_running
    press(shell, pygame.K_ESCAPE)
    assert isinstance(shell.page, LessonPage) and not shell.page.board.is_running
    press(shell, pygame.K_ESCAPE)
    assert isinstance(shell.page, LessonsPage)


def test_the_four_pictures_come_first_and_the_way_back_after_what_a_page_is_for() -> None:
    shell, _, _ = at_home()
    assert [spot.name for spot in tabbed(shell)][:4] == ["try", "class", "prepare", "robots"]
    press(shell, pygame.K_TAB, pygame.K_RIGHT, pygame.K_RETURN)
    names = [spot.name for spot in tabbed(shell)]
    assert names[0] in LEVELS and names[-4:] == ["back", Tool.MORE, Tool.EYE, Tool.STOP]


def tabbed(shell: Shell) -> list[Spot]:
    """Return what Tab comes to until it is where it began."""
    spots: list[Spot] = []
    while True:
        press(shell, pygame.K_TAB)
        focused = shell._focus.spot(shell.spots())
        assert focused is not None
        if focused in spots:
            return spots
        spots.append(focused)


def test_tab_comes_to_everything_and_shows_where_it_is() -> None:
    shell, _, _ = at_home()
    seen = set()
    for _ in shell.spots():
        press(shell, pygame.K_TAB)
        focused = shell._focus.spot(shell.spots())
        assert focused is not None and any(isinstance(item, Box) and item.edge == "plum" for item in shell.layers()[-1])
        seen.add(focused.name)
    assert seen == {spot.name for spot in shell.spots()}


# --- The corner ---


def test_everybody_looks_at_the_teacher() -> None:
    shell, desk, desks = at_home()
    page = BoardPage(desk, desk.open_driver(Mat(4, 4), Place(0, 0), "lapin", "exact"))
    shell = shell_of(page, desk)
    click(shell, "forward")
    click(shell, "go")
    click(shell, Tool.EYE)
    assert shell.is_frozen and desks.drivers[-1].calls[-1] == "stop" and not page.board.is_running
    assert [spot.name for spot in shell.spots()] == [Tool.EYE] and Words("fr").text("wall.corner.look") in said(shell)
    press(shell, pygame.K_UP)
    assert page.board.cards == ("forward",)
    click(shell, Tool.EYE)
    assert not shell.is_frozen and "forward" in {spot.name for spot in shell.spots()}


def test_stop_is_on_every_page_and_reaches_the_robot() -> None:
    shell, _, desks = at_home()
    assert Tool.STOP in {spot.name for spot in shell.spots()}
    click(shell, "try")
    click(shell, "forward")
    click(shell, "go")
    click(shell, Tool.STOP)
    assert desks.drivers[-1].calls[-1] == "stop" and shell.page.board.status is Status.STOPPED


def test_what_is_set_in_the_corner_is_kept_and_shows_at_once() -> None:
    shell, desk, _ = at_home()
    before = desk.school.snapshot.settings
    click(shell, Tool.MORE)
    for tool in (Tool.MUTE, Tool.LOUDER, Tool.HIGHER, Tool.FAST, Tool.CALM, Language("en")):
        click(shell, tool)
    after = desk.school.snapshot.settings
    assert (after.is_muted, after.volume_percent, after.speed, after.is_calm) == (True, before.volume_percent + 10, "fast", True)
    assert after.reach_percent == 42 and after.lang == "en"
    assert desk.sounds.is_mute and desk.sounds.volume == after.volume_percent
    assert Words("en").text("wall.start.try") in said(shell)
    click(shell, Tool.OUTSIDE)
    assert Tool.MUTE not in {spot.name for spot in shell.spots()}


def test_nothing_of_the_page_is_tapped_while_the_corner_is_open() -> None:
    shell, _, _ = at_home()
    click(shell, Tool.MORE)
    click(shell, Tool.OUTSIDE)
    assert isinstance(shell.page, HomePage)
    click(shell, Tool.MORE)
    press(shell, pygame.K_ESCAPE)
    assert Tool.OUTSIDE not in {spot.name for spot in shell.spots()}


def test_the_window_is_told_once_to_fill_the_screen_or_to_go_to_the_next() -> None:
    shell, _, _ = at_home()
    click(shell, Tool.MORE)
    for tool in (Tool.FULL, Tool.SCREEN):
        click(shell, tool)
        assert [shell.wished(), shell.wished()] == [tool, None]


def test_the_volume_is_on_the_first_page() -> None:
    shell, desk, _ = at_home()
    click(shell, 80)
    assert desk.school.snapshot.settings.volume_percent == 80
    click(shell, "mute")
    assert desk.school.snapshot.settings.is_muted
    click(shell, 20)
    assert (desk.school.snapshot.settings.volume_percent, desk.school.snapshot.settings.is_muted) == (20, False)


def test_trouble_of_the_class_is_a_banner_and_blocks_nothing() -> None:
    shell, desk, _ = at_home()
    desk.school.snapshot = type(desk.school.snapshot)(desk.school.snapshot.settings, trouble="class.troubles.full")
    later(shell)
    assert Words("fr").text("class.troubles.full").split()[0] in said(shell)
    click(shell, "robots")
    assert isinstance(shell.page, RobotsPage)
    click(shell, Tool.BANNER)
    assert Words("fr").text("class.troubles.full").split()[0] not in said(shell)

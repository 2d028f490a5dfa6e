"""The panel of push-buttons before the wall: its presses fill the strip that everybody looks at, its lights say what the page offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from gpiozero.pins.mock import MockFactory
from pressed import Hand
from shown import Desks, said

from petitpas.lessons.load import lessons_folder, load_lesson
from petitpas.tangible.lights import ANSWER_MS, PULSE_MS
from petitpas.tangible.panel import Panel
from petitpas.tangible.pins import Pins
from petitpas.tangible.presses import STUCK_MS
from petitpas.wall import tiles
from petitpas.wall.activity import Activity
from petitpas.wall.board import BOUNCE_MS
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.page import FRAME_MS, Page
from petitpas.wall.pages.zero import ZeroPage
from petitpas.wall.shell import Shell

# --- Before the wall -----------------------------------------------------------------------------------------------


class Wall:
    """The wall on a surface that nobody sees, with a panel before it."""

    def __init__(self, factory: MockFactory, pins: Pins, page: Callable[[Desk], Page], **settings: object) -> None:
        desks = Desks()
        self.drivers = desks.drivers
        desk = desks.made(scale_px_per_m=2_000, **settings)
        self.hand, self.panel = Hand(factory, pins), Panel(pins)
        desk.buttons = self.panel
        self.shell = Shell(page(desk), desk, is_calm=True)
        self.now_ms = 10_000
        self.look()

    def look(self, ms: int = FRAME_MS) -> None:
        for _ in range(ms // FRAME_MS):
            self.now_ms += FRAME_MS
            self.shell.step(self.now_ms)

    def press(self, *commands: str) -> None:
        for command in commands:
            self.hand.press(command)
            self.look()

    def point(self, name: str, *ways: str) -> None:
        """Go to a spot by arrows."""
        for way in (*ways * 10,):
            if self.focus != name:
                self.press(way)

    @property
    def focus(self) -> object:
        spot = self.shell._focus.spot(list(self.shell.page.spots()))
        return spot and spot.name

    @property
    def activity(self) -> Activity:
        page = self.shell.page
        assert isinstance(page, LessonPage)
        return page.activity


def lesson_page(lesson: str, variant: str = "pas") -> Callable[[Desk], Page]:
    found = load_lesson(lessons_folder() / lesson)
    return lambda desk: LessonPage(desk, found, found.variant(variant))


@pytest.fixture
def laid(factory: MockFactory, pins: Pins) -> Iterator[Callable[..., Wall]]:
    walls: list[Wall] = []

    def made(page: Callable[[Desk], Page], **settings: object) -> Wall:
        walls.append(Wall(factory, pins, page, **settings))
        return walls[-1]

    yield made
    for wall in walls:
        wall.shell.close()
        wall.panel.close()


def test_the_same_presses_fill_the_strip_of_the_wall_run_it_stop_it_and_clear_it(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4"))
    assert wall.hand.light("go") == 0
    cards = ("forward", "forward", "right", "forward", "left")
    wall.press(*cards)
    assert wall.activity.cards == cards
    wall.look(PULSE_MS // 2)
    assert 0.1 < wall.hand.light("go") <= 1 and wall.hand.light("clear") == 1
    wall.press("go")
    assert wall.drivers[0].calls == [cards]
    assert (wall.hand.light("go"), wall.hand.light("clear")) == (1, 0)
    wall.look(BOUNCE_MS)
    wall.press("go")
    assert wall.drivers[0].calls[-1] == "stop" and not wall.activity.board.is_running
    wall.press("clear")
    wall.look(ANSWER_MS)
    assert wall.activity.cards == () and wall.hand.light("go") == 0


def test_before_the_wall_too_a_button_that_the_level_does_not_have_only_blinks(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4"))
    wall.press("forward")
    wall.look(ANSWER_MS)
    wall.press("undo")  # GS has none; Backspace takes a card off there, but a button is what is written on it
    assert wall.activity.cards == ("forward",) and wall.hand.light("clear") == 0
    wall.look(ANSWER_MS)
    assert wall.hand.light("clear") == 1


def test_what_is_the_teachers_is_out_of_reach_of_the_buttons(laid: Callable[..., Wall]) -> None:
    wall = laid(HomePage)
    for command in ("forward", "right", "go", "undo", "clear"):
        wall.press(command)
        assert wall.hand.light("go") == 1  # heard, and of no use here
        wall.look(ANSWER_MS)
    assert isinstance(wall.shell.page, HomePage) and wall.hand.light("go") == 0
    wall.shell.tap("try")
    wall.press("forward", "forward", "undo", "go")
    assert wall.drivers[0].calls == [("forward", "forward")]
    assert isinstance(wall.shell.page, ZeroPage)


def test_a_place_is_predicted_by_arrows_and_go(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4"))
    wall.press("forward")
    wall.shell.tap("predict")
    wall.look()
    wall.press("backward", "left", "forward")
    pointed = wall.focus
    wall.press("go")
    assert isinstance(pointed, tuple) and wall.activity.token is not None and wall.activity.token.cell == pointed


def test_where_cards_are_put_in_order_the_buttons_choose_them_and_go_is_stop_whatever_is_chosen(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4", "petit_pas"))
    wall.point("deck.0", "backward", "left")
    wall.press("go")
    assert wall.activity.cards == ("forward",)
    wall.shell.tap("go")
    wall.now_ms += BOUNCE_MS
    wall.look()
    wall.press("go")
    assert wall.drivers[0].calls[-1] == "stop"


def test_while_everybody_looks_at_the_teacher_the_lights_are_out_and_buttons_do_nothing(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4"))
    wall.press("forward")
    wall.shell.tap(Tool.EYE)
    assert wall.shell.is_frozen
    wall.press("forward")
    wall.look(ANSWER_MS)
    assert wall.activity.cards == ("forward",) and wall.hand.light("clear") == 0


def test_a_button_that_stays_down_is_named_on_the_wall(laid: Callable[..., Wall]) -> None:
    wall = laid(lesson_page("gs4"))
    wall.hand.hold("forward")
    wall.look()
    wall.now_ms += STUCK_MS
    wall.look()
    assert "« avance » est enfoncée" in said(wall.shell)
    assert wall.activity.cards == ("forward",)


def test_lights_breathe_as_the_wall_does() -> None:
    assert tiles.PULSE_MS == PULSE_MS

"""The first window: taps, keys and events reach the robot, and what it does reaches the screen."""

import os
from collections.abc import Sequence

import pygame
import pytest
from fake_driver import FakeDriver
from hypothesis import given, settings
from hypothesis import strategies as st
from shown import Shown, later

from petitpas.wall.app import run_app
from petitpas.wall.board import CARDS, MAX_CARDS, Board, Event, Status
from petitpas.wall.corner import Tool
from petitpas.wall.pages.board_page import BOUNCE_MS, FLIGHT_MS
from petitpas.wall.pages.page import IDLE_MS
from petitpas.wall.window import View, now_ms, run_window
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.scene import Box

SIZES = [(1024, 768), (1280, 800), (1366, 768), (1920, 1080), (3840, 2160)]
ODD_SIZES = [(1080, 1920), (320, 240), (1, 1), (5000, 300)]

pytestmark = pytest.mark.usefixtures("no_screen")


def wall(size: tuple[int, int] = (1280, 800), mat: Mat | None = None, **more: bool) -> tuple[Shown, FakeDriver]:
    driver = FakeDriver(mat or Mat(4, 4), Place(0, 0))
    shown = Shown(driver, **more)
    shown.resize(size)
    shown.step(10_000)
    return shown, driver


def play(shown: Shown, polls: int = 200) -> None:
    """Step until the run is over."""
    for _ in range(polls):
        later(shown)
        if not shown.board.is_running:
            return
    raise AssertionError("the run does not end")


def mouse(shown: Shown, is_down: bool, at: tuple[int, int], **more: object) -> None:
    kind = pygame.MOUSEBUTTONDOWN if is_down else pygame.MOUSEBUTTONUP
    shown.handle(pygame.event.Event(kind, {"pos": at, "button": 1, "touch": False} | more))


def finger(shown: Shown, is_down: bool, at: tuple[int, int], finger_id: int = 0, touch_id: int = 3) -> None:
    kind = pygame.FINGERDOWN if is_down else pygame.FINGERUP
    x, y = (at[0] + 0.5) / shown.size[0], (at[1] + 0.5) / shown.size[1]
    shown.handle(pygame.event.Event(kind, x=x, y=y, finger_id=finger_id, touch_id=touch_id))


def target(shown: Shown, name: object) -> tuple[int, int]:
    return {spot.name: spot.frame for spot in shown.spots()}[name].centre


# --- The window on any surface ---


@pytest.mark.parametrize("size", SIZES + ODD_SIZES)
def test_any_window_is_painted(size: tuple[int, int]) -> None:
    shown, driver = wall(size)
    surface = pygame.Surface(size)
    for cards in range(MAX_CARDS + 1):
        assert shown.paint(surface) or size == (1, 1)
        shown.command(CARDS[cards % 4])
    driver.extra = [("trouble", "wall.trouble")]
    shown.step(11_000)
    assert shown.paint(surface) or size == (1, 1)


def test_mouse_and_fingers_make_a_program_and_run_it() -> None:
    shown, driver = wall()
    for name in ("forward", "forward"):
        mouse(shown, True, target(shown, name))
        mouse(shown, False, target(shown, name))
    for name in ("right", "go"):
        finger(shown, True, target(shown, name))
        mouse(shown, True, target(shown, name), touch=True)
        finger(shown, False, target(shown, name))
        mouse(shown, False, target(shown, name), touch=True)
    assert driver.calls == [("forward", "forward", "right")]
    play(shown)
    assert shown.board.status is Status.DONE and (driver.cell, driver.quarter) == ((0, 2), 1)
    assert shown.decor.trail == ((75, 75), (75, 375))


def test_a_touch_that_was_made_of_a_mouse_is_not_a_second_tap() -> None:
    shown, _ = wall()
    mouse(shown, True, target(shown, "left"))
    finger(shown, True, target(shown, "left"), touch_id=-1)
    finger(shown, False, target(shown, "left"), touch_id=-1)
    mouse(shown, False, target(shown, "left"))
    assert shown.board.cards == ("left",)


def test_other_buttons_of_a_mouse_do_nothing() -> None:
    shown, _ = wall()
    for is_down in (True, False):
        mouse(shown, is_down, target(shown, "left"), button=3)
    assert shown.board.cards == ()


def test_a_card_tapped_in_the_strip_goes_and_a_finger_on_another_card_is_let_go() -> None:
    shown, _ = wall()
    for name in ("forward", "left", "right"):
        shown.command(name)
    finger(shown, True, target(shown, 2), finger_id=1)
    finger(shown, True, target(shown, 0), finger_id=2)
    finger(shown, False, target(shown, 0), finger_id=2)
    finger(shown, False, target(shown, 1), finger_id=1)
    assert shown.board.cards == ("left", "right")


def test_the_whole_wall_works_by_keyboard() -> None:
    shown, driver = wall()

    def press(*keys: int) -> None:
        for key in keys:
            shown.handle(pygame.event.Event(pygame.KEYDOWN, key=key))

    press(pygame.K_UP, pygame.K_DOWN, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_BACKSPACE, pygame.K_F1)
    assert shown.board.cards == ("forward", "backward", "left")
    press(pygame.K_RETURN, pygame.K_ESCAPE)
    assert driver.calls == [("forward", "backward", "left"), "stop"]
    press(pygame.K_DELETE)
    assert shown.board.cards == ()


def test_a_trembling_finger_on_go_does_not_stop_but_stop_does() -> None:
    shown, driver = wall()
    shown.command("left")
    shown.command("go")
    shown.step(10_000 + BOUNCE_MS - 1)
    shown.command("go")
    assert shown.board.is_running
    shown.command("stop")
    assert not shown.board.is_running and driver.calls[-1] == "stop"


def test_a_rock_marks_the_card_and_the_robot_and_go_starts_again_at_home() -> None:
    shown, driver = wall(mat=Mat.parse("3x3", ["A3"]))
    for name in ("forward", "forward", "go"):
        shown.command(name)
    play(shown)
    assert shown.board.marked == 1 and [bump.is_behind for bump in shown.decor.bumps] == [False]
    shown.command("go")
    assert shown.decor.trail == () and shown.decor.bumps == () and driver.cell == (0, 0)


def test_a_bump_of_a_robot_that_backs_is_behind_it() -> None:
    shown, _ = wall()
    shown.command("backward")
    shown.command("go")
    play(shown)
    assert [bump.is_behind for bump in shown.decor.bumps] == [True]


def test_a_changed_strip_takes_the_bump_away_and_an_empty_one_the_path() -> None:
    shown, _ = wall()
    for name in ("forward", "left", "forward", "go"):
        shown.command(name)
    play(shown)
    shown.command("undo")
    assert shown.decor.bumps == () and shown.decor.trail
    shown.command("clear")
    assert shown.decor.trail == ()


def test_nothing_is_painted_while_nothing_changes() -> None:
    shown, _ = wall(is_calm=True)
    surface = pygame.Surface(shown.size)
    shown.command("forward")
    assert shown.paint(surface) == [surface.get_rect()]
    for past_ms in (16, 500, 5000):
        shown.step(10_000 + past_ms)
        assert shown.paint(surface) == [] and shown.wait_ms() == IDLE_MS


def test_go_alone_pulses_when_the_wall_waits() -> None:
    shown, _ = wall()
    surface = pygame.Surface(shown.size)
    shown.command("forward")
    shown.step(10_000 + FLIGHT_MS)
    shown.paint(surface)
    painted = 0
    for past_ms in range(0, 2400, 50):
        shown.step(11_000 + past_ms)
        for area in shown.paint(surface):
            painted += 1
            assert area.contains(pygame.Rect(*shown.layout.go.centre, 1, 1)) and area.width < 1.3 * shown.layout.go.width
    assert 10 <= painted <= 20


def test_a_card_slides_into_the_strip_unless_motion_is_reduced() -> None:
    for is_calm in (False, True):
        shown, _ = wall(is_calm=is_calm)
        shown.command("right")
        shown.step(10_000 + FLIGHT_MS // 2)
        cards = [item for layer in shown.layers() for item in layer if isinstance(item, Box) and item.fill == "card"]
        (card,) = [item for item in cards if item.frame.width == item.frame.height == shown.layout.slots[0].width]
        assert (card.frame == shown.layout.slots[0]) is is_calm


def test_the_full_strip_shows_a_rim_for_a_moment() -> None:
    shown, _ = wall()
    for _ in range(MAX_CARDS + 1):
        shown.command("forward")
    rims = [any(isinstance(item, Box) and item.edge == "plum" for layer in shown.layers() for item in layer)]
    shown.step(12_000)
    rims.append(any(isinstance(item, Box) and item.edge == "plum" for layer in shown.layers() for item in layer))
    assert rims == [True, False]


def test_go_without_cards_shows_where_the_first_goes_for_a_moment() -> None:
    shown, driver = wall()

    def is_shown() -> bool:
        place = shown.layout.slots[0].grown(shown.layout.px(0.75))
        return any(isinstance(item, Box) and (item.frame, item.fill) == (place, "sun") for layer in shown.layers() for item in layer)

    shown.command("go")
    seen = [is_shown()]
    shown.step(12_000)
    assert [*seen, is_shown()] == [True, False] and driver.calls == []


def test_clear_brings_the_robot_home_and_takes_its_path_away() -> None:
    shown, driver = wall()
    for name in ("forward", "forward", "go"):
        shown.command(name)
    play(shown)
    for _ in range(2):
        shown.command(1 if len(shown.board.cards) > 1 else 0)
    assert shown.board.cards == () and driver.cell == (0, 2)
    mouse(shown, True, target(shown, "clear"))
    mouse(shown, False, target(shown, "clear"))
    assert driver.cell == (0, 0) and driver.calls[-1] == "home" and shown.decor.trail == ()


def test_a_robot_at_the_end_of_its_run_is_drawn_where_it_is() -> None:
    shown, _ = wall(is_calm=True)
    surface = pygame.Surface(shown.size)
    for name in ("forward", "left", "left", "go"):
        shown.command(name)
    while shown.board.is_running:
        later(shown)
        shown.paint(surface)
    whole = pygame.Surface(shown.size)
    shown.resize(shown.size)
    shown.paint(whole)
    assert surface.get_buffer().raw == whole.get_buffer().raw


# --- Anything at all ---

points = st.tuples(st.integers(-5, 330), st.integers(-5, 250))
events = st.one_of(
    st.tuples(st.just("mouse"), st.booleans(), points),
    st.tuples(st.just("finger"), st.booleans(), points, st.integers(0, 2)),
    st.tuples(st.just("tap"), st.integers(0, 30)),
    st.tuples(st.just("key"), st.sampled_from([pygame.K_UP, pygame.K_LEFT, pygame.K_RETURN, pygame.K_ESCAPE, pygame.K_DELETE, pygame.K_a])),
    st.tuples(st.just("size"), st.integers(1, 400), st.integers(1, 300)),
    st.tuples(st.just("step"), st.integers(0, 900)),
    st.tuples(st.just("entered"), st.integers(-3, 30)),
    st.tuples(st.just("ended"), st.integers(-3, 30), st.sampled_from(["done", "blocked", "fault", "stopped"])),
    st.tuples(st.just("finished"), st.sampled_from(["done", "blocked", "interrupted", "fault", "link_lost", "stopped"])),
    st.tuples(st.just("trouble"), st.sampled_from(["wall.trouble", "nothing", ""])),
    st.just(("recovered",)),
)


@settings(max_examples=60)
@given(st.lists(events, max_size=40))
def test_no_tap_key_or_event_in_any_order_breaks_the_wall(steps: list[tuple]) -> None:
    shown, driver = wall((320, 240))
    surface = pygame.Surface((320, 240))
    for step in steps:
        kind, *rest = step
        if kind == "mouse":
            mouse(shown, *rest)
        elif kind == "finger":
            finger(shown, *rest)
        elif kind == "tap":
            shown.command([*CARDS, "clear", "undo", "go", "stop", "other", *range(-1, 25)][rest[0]])
        elif kind == "key":
            shown.handle(pygame.event.Event(pygame.KEYDOWN, key=rest[0]))
        elif kind == "size":
            shown.resize((rest[0], rest[1]))
            surface = pygame.Surface((rest[0], rest[1]))
        elif kind != "step":
            driver.extra.append(step)
        later(shown, rest[0] if kind == "step" else 16)
        shown.paint(surface)
        board = shown.board
        assert len(board.cards) <= MAX_CARDS and set(board.cards) <= set(CARDS)
        assert board.lit is None or (board.is_running and 0 <= board.lit < len(board.cards))
        assert board.marked is None or 0 <= board.marked < len(board.cards)
        assert not board.is_running or driver.calls[-1] == board.cards
    whole = pygame.Surface(surface.get_size())
    shown.paint(surface)
    Painter(Canvas()).paint(whole, shown.layers())
    assert surface.get_buffer().raw == whole.get_buffer().raw


# --- The window itself, without a screen ---


def test_the_window_opens_runs_and_stops_the_robot_when_it_closes() -> None:
    driver = FakeDriver(Mat(4, 4), Place(0, 0))
    pygame.display.init()
    for key in (pygame.K_UP, pygame.K_UP, pygame.K_F11, pygame.K_F11, pygame.K_RETURN):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    run_window(Shown(driver, "en", is_calm=True), "Petit Pas", View((640, 480)), max_frames=3)
    assert driver.calls == [("forward", "forward"), "stop", "close"]
    assert not pygame.display.get_init()


def test_time_goes_on_in_a_window_that_starts_no_more_of_pygame_than_it_needs() -> None:
    seen: list[int] = []

    class Patient(FakeDriver):
        def poll(self) -> Sequence[Event]:
            seen.append(now_ms())
            return super().poll()

    run_window(Shown(Patient(Mat(4, 4), Place(0, 0))), "Petit Pas", View((320, 240)), max_frames=3)
    assert seen[0] < seen[-1]


def test_the_corner_makes_the_window_fill_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[bool] = []
    set_mode = pygame.display.set_mode

    def noted(size: tuple[int, int], flags: int, **more: int) -> pygame.Surface:
        modes.append(bool(flags & pygame.FULLSCREEN))
        return set_mode(size, flags, **more)

    monkeypatch.setattr(pygame.display, "set_mode", noted)
    shown = Shown(FakeDriver(Mat(4, 4), Place(0, 0)))
    for tool in (Tool.MORE, Tool.FULL):
        shown.tap(tool)
    run_window(shown, "Petit Pas", View((640, 480)), max_frames=1)
    assert modes == [False, True]


def test_the_window_closes_when_asked_to() -> None:
    driver = FakeDriver(Mat(4, 4), Place(0, 0))
    pygame.display.init()
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    run_window(Shown(driver), "Petit Pas", View((640, 480)))
    assert driver.calls == ["stop", "close"]


def test_reduced_motion_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("petitpas.wall.app.run_window", lambda shell, *_, **__: seen.append(shell.room.is_calm))
    for value in ("1", "0", ""):
        monkeypatch.setenv("PETITPAS_REDUCED_MOTION", value)
        run_app()
    assert seen == [True, False, False]
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"


def test_the_sun_is_on_the_running_card_and_plum_on_the_one_that_stopped() -> None:
    shown, _ = wall(is_calm=True)
    for fill, board in (("sun", Board(("left", "right"), Status.RUNNING, lit=1)), ("plum", Board(("left", "right"), marked=1))):
        shown.board = board
        slot = shown.layout.slots[1]
        rings = [item.frame for layer in shown.layers() for item in layer if isinstance(item, Box) and item.fill == fill]
        assert [ring for ring in rings if slot.height < ring.height < 2 * slot.height] == [slot.grown(shown.layout.px(0.75))]


@pytest.mark.parametrize(("goal", "status"), [((0, 1), Status.DONE), ((3, 3), Status.OVER)])
def test_only_the_goal_is_a_success(goal: tuple[int, int], status: Status) -> None:
    driver = FakeDriver(Mat(4, 4), Place(0, 0))
    shown = Shown(driver, goals=[goal])
    shown.resize((1280, 800))
    shown.step(10_000)
    shown.command("forward")
    shown.command("go")
    play(shown)
    assert shown.board.status is status

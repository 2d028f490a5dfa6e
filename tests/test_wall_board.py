"""The state of the wall and its taps, without a screen."""

import pytest

from petitpas.wall.board import CARDS, MAX_CARDS, Board, Status
from petitpas.wall.taps import ECHO_MS, LOST_MS, MOUSE, Taps

# --- Board ---


def board_after(*commands: str | int) -> Board:
    board = Board()
    for command in commands:
        board, _ = board.told(command)
    return board


def test_cards_are_added_removed_and_cleared() -> None:
    assert board_after("forward", "left", "right").cards == ("forward", "left", "right")
    assert board_after("forward", "left", "right", 1).cards == ("forward", "right")
    assert board_after("forward", "left", "undo").cards == ("forward",)
    assert board_after("forward", "left", "clear").cards == ()


def test_a_full_strip_says_so_and_takes_no_more() -> None:
    board = board_after(*["forward"] * (MAX_CARDS + 2))
    assert len(board.cards) == MAX_CARDS and board.is_full and board.refused == 2
    assert not board.accepts("left") and board.accepts("clear")


def test_go_runs_only_cards_and_go_again_is_stop() -> None:
    empty, order = Board().told("go")
    assert (empty.is_running, empty.refused, order) == (False, 1, None)
    running, order = board_after("forward").told("go")
    assert running.is_running and order == "run"
    stopped, order = running.told("go")
    assert stopped.status is Status.STOPPED and order == "stop"


def test_clear_begins_anew_with_the_robot_at_home() -> None:
    assert not Board().accepts("clear")
    for *commands, is_away in (("forward", False), ("forward", "go", "stop", True), ("forward", "go", "stop", 0, True)):
        board = board_after(*commands)
        assert (board.accepts("clear"), board.is_away) == (True, is_away)
        assert board.told("clear") == (Board(), "home")


def test_stop_reaches_the_robot_even_when_nothing_runs() -> None:
    assert Board().told("stop") == (Board(), "stop")


def test_a_running_strip_does_not_change() -> None:
    running = board_after("forward", "left", "go")
    for command in (*CARDS, "undo", "clear", 0):
        assert running.told(command) == (running, None)


def test_the_running_card_is_lit_and_the_end_is_calm() -> None:
    board = board_after("forward", "left", "go")
    assert board.heard(("entered", 1)).lit == 1
    assert board.heard(("entered", 7)).lit is None
    done = board.heard(("entered", 1)).heard(("finished", "done"))
    assert (done.status, done.lit, done.marked) == (Status.DONE, None, None)


def test_the_card_where_something_was_in_the_way_stays_marked_until_the_strip_changes() -> None:
    board = board_after("forward", "left", "go").heard(("entered", 0)).heard(("ended", 0, "blocked")).heard(("finished", "blocked"))
    assert (board.status, board.lit, board.marked) == (Status.BLOCKED, None, 0)
    assert board.told("right")[0].marked is None
    assert board.told("go")[0].marked is None


def test_events_of_a_run_that_was_stopped_change_nothing() -> None:
    stopped = board_after("forward", "go", "stop")
    assert stopped.heard(("entered", 0)).heard(("finished", "done")) == stopped


def test_trouble_comes_and_goes_and_takes_nothing_away() -> None:
    board = board_after("forward", "go").heard(("trouble", "wall.trouble"))
    assert board.trouble == "wall.trouble" and board.is_running and board.cards == ("forward",)
    assert board.heard(("recovered",)).trouble is None


# --- Taps ---


def test_a_tap_counts_on_release_inside_the_same_target() -> None:
    taps: Taps[str] = Taps()
    taps.press(MOUSE, "go", (5, 5), 0)
    assert taps.pressed() == {"go"}
    assert taps.release(MOUSE, "go", (9, 9), 50) == "go"
    taps.press(MOUSE, "go", (5, 5), 100)
    assert taps.release(MOUSE, "clear", (50, 5), 150) is None
    taps.press(MOUSE, None, (0, 0), 200)
    assert taps.release(MOUSE, None, (0, 0), 250) is None
    assert taps.release(MOUSE, "go", (5, 5), 300) is None


def test_two_children_may_tap_at_once() -> None:
    taps: Taps[str] = Taps()
    taps.press("a", "left", (5, 5), 0)
    taps.press("b", "right", (90, 5), 1)
    assert taps.release("b", "right", (90, 5), 2) == "right"
    assert taps.release("a", "left", (5, 5), 3) == "left"


@pytest.mark.parametrize(("later", "expected"), [(20, None), (ECHO_MS + 1, "go")])
def test_a_mouse_that_echoes_a_finger_is_left_out(later: int, expected: str | None) -> None:
    taps: Taps[str] = Taps()
    taps.press("finger", "go", (5, 5), 0)
    assert taps.release("finger", "go", (5, 5), 80) == "go"
    taps.press(MOUSE, "go", (6, 5), 80 + later)
    assert taps.release(MOUSE, "go", (6, 5), 90 + later) == expected


def test_each_finger_s_own_mouse_is_left_out_while_others_are_down() -> None:
    taps: Taps[str] = Taps()
    taps.press("a", "left", (5, 5), 0)
    taps.press("b", "right", (200, 5), 10)
    taps.press(MOUSE, "left", (6, 5), 20)
    assert taps.release(MOUSE, "left", (6, 5), 30) is None
    assert taps.release("a", "left", (5, 5), 40) == "left"


def test_a_finger_whose_release_never_came_does_not_take_the_mouse_with_it() -> None:
    taps: Taps[str] = Taps()
    taps.press("finger", "go", (5, 5), 0)
    taps.press(MOUSE, "clear", (300, 5), 20)
    assert taps.release(MOUSE, "clear", (300, 5), 60) == "clear"
    taps.press(MOUSE, "go", (5, 5), 5 + ECHO_MS)
    assert taps.release(MOUSE, "go", (5, 5), 50 + ECHO_MS) == "go"
    assert taps.pressed() == {"go"}
    taps.press("another finger", "clear", (300, 5), LOST_MS)
    assert taps.pressed() == {"clear"}

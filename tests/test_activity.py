"""A lesson in the hands of a class, without a screen: no command in any order is too much for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.lessons import Variant, all_lessons
from petitpas.lessons.explain import Explanation, explain
from petitpas.lessons.lesson import Lesson
from petitpas.program import to_compact
from petitpas.program.blocks import Level
from petitpas.wall.activity import Activity, Command, Run
from petitpas.wall.board import Event, Status
from petitpas.wall.profiles import PROFILES
from petitpas.wall.strip import END, LOOP, cards_of, compact, kind_of, number_of, places_of_blocks, program_of, steps_of, tidied
from petitpas.wall.task import CONTROLS, DECK, task_of

LESSONS = {lesson.id: lesson for lesson in all_lessons()}
CASES = [(lesson, variant, level) for lesson in LESSONS.values() for variant in lesson.variants for level in lesson.levels]
DONE: Event = ("finished", "done")


def begun(name: str, variant: str, level: Level | None = None) -> Activity:
    lesson = LESSONS[name]
    return Activity.begun(task_of(lesson.variant(variant), level or lesson.levels[0]))


def told(activity: Activity, *commands: Command) -> Activity:
    for command in commands:
        activity, _ = activity.told(command)
    return activity


def ended(activity: Activity, event: Event = DONE) -> Activity:
    """Let a run end, as its explanation says."""
    return activity.heard(event, found(activity))[0]


def found(activity: Activity) -> Explanation:
    return explain(activity.task.variant, activity.made)


# --- The strip ---

CARDS = st.lists(st.sampled_from(["forward", "forward 3", "left", "beep", "repeat 2", "repeat 4", END]), max_size=12)


@given(CARDS)
def test_any_row_of_cards_is_a_program(cards: list[str]) -> None:
    strip = tidied(cards)
    if sum(kind_of(card) == LOOP for card in strip) <= 4:
        program = program_of(strip)
        assert to_compact(program_of(cards_of(program))) == to_compact(program)
        assert len(places_of_blocks(strip)) == sum(1 for _ in program.walk()) - 1
    assert all(kind_of(strip[place]) not in (LOOP, END) for place, _ in steps_of(strip))
    assert tidied(strip) == strip


def test_a_loop_lies_between_its_two_cards() -> None:
    strip = ("forward", "repeat 3", "left", "forward 2", END, "beep")
    assert compact(strip) == ["forward", ["repeat", 3, ["left", ["forward", 2]]], "beep"]
    assert places_of_blocks(strip) == (0, 1, 2, 3, 5)
    assert [place for place, _ in steps_of(strip)] == [0, 2, 3, 2, 3, 2, 3, 5]
    assert compact(("repeat 2", "left")) == [["repeat", 2, ["left"]]] and compact((END, "left")) == ["left"]


# --- What a class sees ---


@pytest.mark.parametrize(("lesson", "variant", "level"), CASES)
def test_a_class_sees_its_cards_and_no_more_commands_than_its_level_has(lesson: Lesson, variant: Variant, level: Level) -> None:
    task = task_of(variant, level)
    controls = {name for name in task.commands if name in CONTROLS}
    assert controls <= {*PROFILES[level].commands, "go", "clear", "home", "predict"}
    assert ("number" in controls) is (bool(task.numbers) and variant.activity not in ("prevoir", "reconnaitre"))
    cards = [name for name in task.commands if name not in CONTROLS]
    if variant.activity == "ordonner":
        assert sorted(task.deck) == sorted(cards_of(variant.solution)) and len(cards) == len(task.deck)
    elif variant.activity not in ("prevoir", "reconnaitre"):
        assert set(cards) == {choice.type for choice in variant.blocks}
    assert ("go" in task.commands) is (variant.activity != "faire")


def test_what_is_given() -> None:
    assert begun("gs5", "pas").cards == ("forward",) * 4
    assert begun("gs1", "petit_pas").cards == ("go_up", "go_right")
    assert begun("gs4", "petit_pas").task.deck == ("forward", "forward", "right")
    recognise = begun("ce2-2", "pas").task
    assert len(recognise.choices) == 3 and recognise.path[0] == (1, 1) and not begun("ce2-2", "pas").cards
    assert begun("gs2", "pas").task.path == ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2))


# --- Cards ---


def test_a_selected_card_is_replaced_or_preceded_or_taken_off() -> None:
    activity = told(begun("ce1-2", "pas"), "forward", "left", "forward")
    assert told(activity, 1, "right").cards == ("forward", "right", "forward")
    assert told(activity, 1, "insert", "right").cards == ("forward", "right", "left", "forward")
    assert told(activity, 1, 1).cards == ("forward", "forward")
    assert told(activity, 1, 1, "undo").cards == activity.cards
    assert told(activity, 1, "right", "forward").cards == ("forward", "right", "forward", "forward")


def test_a_number_goes_round_on_the_selected_card_or_the_last() -> None:
    activity = told(begun("ce1-3", "pas"), "forward", "right", "number")
    assert activity.cards == ("forward 2", "right")
    assert told(activity, *["number"] * 4).cards == ("forward 1", "right")
    assert told(activity, 0, "number", "number").cards == ("forward 4", "right")
    assert not told(activity, 1).accepts("number")


def test_a_loop_is_closed_by_the_tile_that_opened_it() -> None:
    activity = told(begun("ce2-4", "pas"), "repeat", "number", "forward", "repeat", "left")
    assert activity.cards == ("repeat 2", "forward 2", END, "left") or activity.cards == ("repeat 3", "forward 1", END, "left")
    assert not told(activity, 0, "insert").accepts("repeat")  # no loop in a loop


def test_each_given_card_is_there_once() -> None:
    activity = told(begun("gs4", "petit_pas"), f"{DECK}2", f"{DECK}2", f"{DECK}0")
    assert activity.cards == ("right", "forward") and not activity.accepts(f"{DECK}2")
    assert told(activity, 0).accepts(f"{DECK}2") and told(activity, 0).cards == ("forward",)


# --- Runs ---


def test_a_run_that_goes_elsewhere_is_a_try_and_help_comes_in_degrees() -> None:
    activity = ended(told(begun("gs4", "pas"), "forward", "forward", "right", "forward", "go"))
    assert (activity.board.status, activity.tries, activity.helped) == (Status.OVER, 1, 1)
    assert [told(activity, *["help"] * asked).helped for asked in range(5)] == [1, 2, 3, 4, 4]
    assert told(activity, *["help"] * 3).shows_mend and not told(activity, "forward").helps
    again = ended(told(activity, "forward", "go"))
    assert again.is_reached and again.tries == 0 and not again.helps


def test_the_youngest_have_no_tile_for_help_and_are_told_more_at_each_try() -> None:
    activity = told(begun("pm3", "pas", "MS"), "forward")
    assert "help" not in activity.task.commands
    for tries in (1, 2, 3, 4):
        activity = ended(told(activity, "go"))
        assert activity.helped == min(tries, len(activity.helps)) and not activity.shows_mend


def test_a_prediction_never_blocks_the_youngest_and_is_asked_of_the_others() -> None:
    assert told(begun("pm3", "pas", "MS"), "forward", "go").board.is_running
    asked = told(begun("gs1", "pas"), "go")
    assert asked.is_predicting and not asked.board.is_running and asked.board.refused == 1
    assert told(asked, (1, 2), "go").board.is_running


def test_a_heading_is_turned_by_more_taps_on_the_cell() -> None:
    activity = told(begun("cp1", "pas"), "predict", (2, 2), (2, 2))
    assert str(activity.token) == "C3E" and activity.is_predicting
    assert ended(told(activity, "go")).is_reached
    assert not ended(told(activity, (2, 2), "go")).is_reached


def test_cards_that_move_at_once_wait_for_one_another() -> None:
    activity, order = begun("pm1", "pas").told("forward")
    assert order == Run(("forward",), is_from_here=False, is_whole=False)
    activity = told(activity, "forward")
    activity, order = activity.heard(DONE)
    assert order == Run(("forward",), is_from_here=True, is_whole=False) and activity.board.is_running and activity.awaits
    assert ended(activity).is_reached


def test_stop_ends_what_moves_at_once_until_it_is_home_again() -> None:
    activity = told(begun("pm1", "pas"), "forward", "stop")
    assert not activity.accepts("forward") and told(activity, "home").accepts("forward")


COMMANDS = st.sampled_from(
    [
        *(name for name in CONTROLS),
        *("forward", "backward", "left", "right", "repeat", "beep", "go_up", "go_left", "until_obstacle"),
        *("stop", "again", "unknown", "deck.0", "deck.1", "deck.7", "choice.0", "choice.1", "choice.9", "deck.x", "choice.x"),
        *(-1, 0, 1, 2, 40),
        *((0, 0), (1, 1), (3, 3), (99, 0), (-1, 0)),
    ]
)
ENDS: list[Event] = [DONE, ("finished", "blocked"), ("finished", "stopped"), ("finished", "fault")]
EVENTS = st.sampled_from(
    [*ENDS, ("entered", 0), ("entered", 9), ("ended", 0, "done"), ("ended", 1, "blocked"), ("trouble", "wall.trouble"), ("recovered",)]
)
FOUND: dict[tuple[object, ...], Explanation] = {}


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(CASES), st.lists(st.one_of(COMMANDS, EVENTS.map(lambda event: ("event", event))), max_size=40))
def test_no_command_in_any_order_is_too_much(case: tuple[Lesson, Variant, Level], script: list[object]) -> None:
    _, variant, level = case
    activity = Activity.begun(task_of(variant, level))
    for item in script:
        before = activity
        if isinstance(item, tuple) and item[0] == "event":
            event = item[1]
            known = None
            if event[0] == "finished" and activity.board.is_running:
                key = (variant.name, case[0].id, activity.cards, activity.token)
                known = FOUND.get(key) or FOUND.setdefault(key, found(activity))
            activity, _ = activity.heard(event, known)
        else:
            command: Command = item  # type: ignore[assignment]
            accepted = activity.accepts(command)
            activity, order = activity.told(command)
            if not accepted and command != "go":
                assert (activity.cards, activity.board.status, order) == (before.cards, before.board.status, None)
            if isinstance(order, Run):
                assert activity.board.is_running and order.blocks
        check(activity)


def check(activity: Activity) -> None:
    """Assert what always holds."""
    cards, task = activity.cards, activity.task
    program_of(cards)
    assert len(cards) <= task.most and tidied(cards) == cards
    assert all(number_of(card) is None or number_of(card) in task.numbers[kind_of(card)] for card in cards)
    assert activity.selected is None or (0 <= activity.selected < len(cards) and not activity.board.is_running)
    assert not task.deck or [task.deck[number] for number in activity.taken] == list(cards)
    assert len(set(activity.taken)) == len(activity.taken)
    assert activity.token is None or task.variant.mat.holds(activity.token.cell)
    assert 0 <= activity.helped <= len(activity.helps) + 1
    assert not (activity.is_reached and activity.helps)
    assert activity.board.lit is None or activity.board.lit < len(cards)
    assert activity.accepts("stop")

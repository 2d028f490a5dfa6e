"""Many robots in one world: they never enter anything, mirror images are exact, ticks can be skipped, hands may come in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace
from tests import worlds
from tests.simulated import run
from tests.soaking import examples

EXACT = load_kit("exact")
NUMBERS = st.integers(0, 1_000_000)


def class_of(mat: Mat, *places: str, skip: bool = True) -> Runner:
    """Return a runner with a robot r0, r1 … on each place."""
    runner = Runner(mat, skip=skip, trace=Trace())
    for number, place in enumerate(places):
        runner.add(f"r{number}", EXACT, Place.parse(place)).cable.plug()
    return runner


# --- Random worlds ------------------------------------------------------------------------------------------------


@settings(max_examples=examples(20))
@given(NUMBERS)
def test_nothing_enters_anything_at_any_tick(number: int) -> None:
    assert worlds.least_gap(number) > -worlds.TOUCH_MM


@settings(max_examples=examples(12))
@given(NUMBERS)
def test_robots_that_look_at_each_other_can_be_skipped(number: int) -> None:
    story = worlds.scene(number)
    assert worlds.trace_of(story) == worlds.trace_of(story, skip=False)


@settings(max_examples=examples(20))
@given(NUMBERS)
def test_a_mirrored_class_leaves_the_mirrored_trace(number: int) -> None:
    story = worlds.scene(number, worlds.KITS, by_cells=True)
    width = story.mat.columns * CELL_MM * 100

    def mirrored(line: str) -> str:
        t_ms, name, kind, *values = line.split()
        if kind in ("put", "at", "bump"):
            x, y, heading = map(int, values)
            values = [str(width - x), str(y), str(-heading % 36000)]
        return " ".join((t_ms, name, kind, *values))

    there = worlds.trace_of(worlds.mirrored(story)).splitlines()
    assert [mirrored(line) for line in worlds.trace_of(story).splitlines()] == there


def test_a_measure_that_finds_what_is_entered() -> None:
    mat = Mat(3, 1, frozenset({(2, 0)}))
    runner = class_of(mat, "A1E", "B1E")
    gaps = worlds.Gaps(mat)
    assert gaps.least(runner.world.bodies, 0) == pytest.approx(10)
    runner.robots["r1"].body.x += EXACT.steps_per_cell // 2
    assert gaps.least(runner.world.bodies, 0) == pytest.approx(75 - 75 - 65)


# --- Looking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("watched,moves", [("A1E", ["forward"]), ("C1E", ["left"]), ("C3W", ["backward"]), ("A3S", [["wait", 900]])])
@pytest.mark.parametrize("comes", ["E1W", "E3W", "C5S", "A5S"])
def test_who_comes_near_is_seen_at_the_same_tick_skipped_or_not(watched: str, moves: list[object], comes: str) -> None:
    def told(skip: bool) -> str:
        runner = class_of(Mat(5, 5), watched, comes, skip=skip)
        run(runner, "r0", from_compact([["when_go", [["repeat", 3, moves]]], ["when_obstacle", [["light", "pink"], "beep"]]]))
        run(runner, "r1", from_compact([["wait", 333], ["forward", 4], "right", ["forward", 2]]))
        runner.run_to(30_000)
        assert runner.trace is not None
        return runner.trace.text()

    assert told(True) == told(False)


@pytest.mark.parametrize("kit_name", ["exact", "pico-stepper"])
@pytest.mark.parametrize("watcher_is_first", [True, False])
def test_two_that_drive_towards_each_other_see_each_other_at_the_same_tick_skipped_or_not(kit_name: str, watcher_is_first: bool) -> None:
    look: list[object] = [["wait_until", {"sensor": "distance", "value": 700}], ["light", "pink"]]
    look += [["wait_until", {"sensor": "distance", "value": 500}], ["light", "blue"]]
    kit = load_kit(kit_name)

    def told(skip: bool) -> list[str]:
        runner = Runner(Mat(12, 1), skip=skip, trace=Trace())
        for is_watcher in (watcher_is_first, not watcher_is_first):
            if is_watcher:
                runner.add("watcher", EXACT, Place.parse("A1E")).cable.plug()
            else:
                runner.add("other", kit, Place.parse("L1W"), flaws=draw_flaws(kit, 3) if kit.board else None).cable.plug()
        run(runner, "watcher", from_compact([["when_go", [["forward", 3]]], ["when_go", look]]))
        run(runner, "other", from_compact([["forward", 6]]))
        runner.run_to(40_000)
        assert runner.trace is not None
        return [line for line in runner.trace.text().splitlines() if " watcher " in line]

    assert told(True) == told(False)
    assert sum(" light " in line for line in told(True)) == 2


def test_what_a_hand_puts_before_a_robot_at_rest_is_seen_at_its_next_tick() -> None:
    runner = class_of(Mat(5, 1), "A1E", "E1W")
    run(runner, "r0", from_compact([["when_obstacle", [["light", "pink"]]]]))
    runner.run_to(5005)
    runner.put("r1", Place.parse("B1W"))
    runner.run_to(5015)
    assert runner.robots["r0"].body.colour == o.COLOUR_PINK


def test_a_robot_that_watches_is_ticked_when_something_can_come_near() -> None:
    runner = class_of(Mat(9, 9), "A1N", "I9S")
    ticks: list[int] = []
    robot = runner.robots["r0"]
    tick = robot.brain.tick
    robot.brain.tick = lambda now_ms: (ticks.append(now_ms), tick(now_ms))[1]  # type: ignore[func-returns-value,method-assign]
    run(runner, "r0", from_compact([["when_obstacle", ["beep"]]]))
    run(runner, "r1", from_compact([["forward", 2]]))
    runner.run_to(60_000)
    assert len(ticks) < 50


# --- Hands --------------------------------------------------------------------------------------------------------


def test_a_lifted_robot_is_in_nobody_s_way_and_unseen() -> None:
    runner = class_of(Mat(5, 1), "A1E", "C1W")
    runner.lift("r1")
    assert runner.world.snapshot().robots[1].is_lifted
    assert runner.robots["r0"].hal.sense(o.SENSOR_DISTANCE) == 5 * CELL_MM - 75
    assert runner.robots["r1"].hal.sense(o.SENSOR_LIFT) == 1000
    run(runner, "r0", from_compact([["forward", 4]]))
    runner.run_to(60_000)
    assert str(runner.robots["r0"].body.place()) == "E1E"


def test_a_robot_is_put_down_where_nobody_stands_or_goes() -> None:
    runner = class_of(Mat(5, 1), "A1E", "E1W")
    runner.lift("r1")
    run(runner, "r0", from_compact([["forward", 2]]))
    runner.run_to(500)
    for taken in ("A1N", "B1N", "C1N"):
        with pytest.raises(ValueError):
            runner.put("r1", Place.parse(taken))
    assert runner.robots["r1"].body.is_away
    runner.put("r1", Place.parse("D1N"))
    snapshot = runner.world.snapshot().robots[1]
    assert (snapshot.x_mm, snapshot.is_lifted) == (3.5 * CELL_MM, False)


def test_a_robot_lifted_in_a_run_stops_and_says_so_while_others_go_on_beneath_it() -> None:
    runner = class_of(Mat(5, 1), "C1E", "A1E")
    run(runner, "r0", from_compact([["forward", 2]]))
    run(runner, "r1", from_compact([["wait", 2500], ["forward", 4]]))
    runner.run_to(2000)
    runner.lift("r0")
    runner.run_to(60_000)
    lifted, other = runner.robots.values()
    assert lifted.app.vm.how == o.HOW_LIFTED
    assert str(other.body.place()) == "E1E"


def test_a_bumper_is_pressed_by_a_hand_and_by_what_it_has_met() -> None:
    runner = class_of(Mat(3, 1), "A1E", "C1W")
    hal = runner.robots["r0"].hal
    assert hal.sense(o.SENSOR_BUMP) == 0
    runner.hold("r0")
    assert hal.sense(o.SENSOR_BUMP) == 1000
    runner.hold("r0", False)
    run(runner, "r0", from_compact([["forward", 2]]))
    runner.run_to(1000)
    assert hal.sense(o.SENSOR_BUMP) == 0
    runner.run_to(10_000)
    assert hal.sense(o.SENSOR_BUMP) == 1000
    runner.lift("r1")
    assert hal.sense(o.SENSOR_BUMP) == 0

"""The wall's robot over its port: what it reports while everything happens to its cable. Time moves a frame at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from driven import Driven

from petitpas.lessons import Goal, RobotSetup
from petitpas.program import from_compact
from petitpas.simulated import make_runner
from petitpas.wall.driver import SimDriver
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

START = Place.parse("A1N")


class Screen(Driven):
    """The wall's driver of a simulated robot."""

    driver: SimDriver

    def __init__(self, runner: Runner, others: Sequence[RobotSetup] = ()) -> None:
        super().__init__(runner, SimDriver(Virtual(runner), "lapin", START, others))
        self.cable = runner.robots["lapin"].cable


@pytest.fixture
def screen() -> Iterator[Screen]:
    runner = make_runner("5x5", "A1N", ["C1"])
    with open_to_hosts(Virtual(runner)):
        shown = Screen(runner)
        yield shown
        shown.driver.close()


def test_cards_are_reported_as_they_are_played(screen: Screen) -> None:
    assert screen.play(["forward", "right", "forward"]) == [
        *(("entered", 0), ("ended", 0, "done"), ("entered", 1), ("ended", 1, "done"), ("entered", 2), ("ended", 2, "done")),
        ("finished", "done"),
    ]
    assert str(screen.runner.robots["lapin"].body.place()) == "B2E"


def test_each_run_begins_at_the_start(screen: Screen) -> None:
    for _ in range(2):
        screen.play(["forward"])
        assert str(screen.runner.robots["lapin"].body.place()) == "A2N"


def test_a_run_may_begin_where_the_robot_is(screen: Screen) -> None:
    screen.play(["forward", "right"])
    screen.driver.run(["forward", ["repeat", 2, ["left"]]], is_from_here=True)
    entered = [event[1] for event in screen.until("finished") if event[0] == "entered"]
    assert entered[0] == 0 and entered[-2:] == [2, 2]  # a loop takes no time: of what is entered in one tick, the last is told
    assert str(screen.runner.robots["lapin"].body.place()) == "B2W"


def test_other_robots_play_their_solutions_each_time() -> None:
    runner = make_runner("5x5", "A1N", [])
    runner.add("renard", load_kit("exact"), Place.parse("E5S"))
    fox = RobotSetup("renard", "exact", Place.parse("E5S"), Goal("reach", ((4, 3),)), from_compact(["forward"]))
    with open_to_hosts(Virtual(runner)):
        shown = Screen(runner, (fox,))
        for _ in range(2):
            shown.play(["forward"])
            assert [str(robot.body.place()) for robot in runner.robots.values()] == ["A2N", "E4S"]
        shown.driver.home()
        shown.frames(20)
        assert [str(robot.body.place()) for robot in runner.robots.values()] == ["A1N", "E5S"]
        shown.driver.close()


def test_a_run_in_the_middle_of_a_run_begins_anew(screen: Screen) -> None:
    screen.driver.run(["forward", "forward", "forward"])
    screen.frames(100)
    assert screen.play(["right"]) == [("entered", 0), ("ended", 0, "done"), ("finished", "done")]
    assert str(screen.runner.robots["lapin"].body.place()) == "A1E"


def test_a_card_that_is_in_the_way_is_named(screen: Screen) -> None:
    events = screen.play(["right", "forward", "forward", "left"])
    assert events[-2:] == [("ended", 2, "blocked"), ("finished", "blocked")]
    assert str(screen.runner.robots["lapin"].body.place()) == "B1E"


def test_stop_stops_within_a_frame(screen: Screen) -> None:
    screen.driver.run(["forward"])
    screen.until("entered")
    screen.frames(20)
    assert screen.driver.snapshot().robots[0].is_moving
    screen.driver.stop()
    screen.frames(1)
    assert not screen.driver.snapshot().robots[0].is_moving


def test_no_cards_are_a_run_that_ends(screen: Screen) -> None:
    assert screen.play([]) == [("finished", "done")]


def test_a_cable_that_goes_in_a_run_is_trouble_and_comes_back(screen: Screen) -> None:
    screen.driver.run(["forward", "forward"])
    screen.until("entered")
    screen.cable.unplug()
    events = screen.until("recovered")
    assert events[:2] == [("trouble", "wall.trouble"), ("finished", "link_lost")]
    assert screen.play(["right"])[-1] == ("finished", "done")


@pytest.mark.parametrize("frames", range(12))
def test_a_cable_that_goes_while_a_run_begins_leaves_nothing_hanging(screen: Screen, frames: int) -> None:
    screen.frames(5)
    screen.driver.run(["forward"])
    before = screen.frames(frames)
    screen.cable.unplug()
    events = before + screen.frames(600)
    assert ("recovered",) in events
    assert [event for event in events if event[0] == "finished"][-1:] != []
    assert screen.play(["right"])[-1] == ("finished", "done")


def test_home_is_where_it_started_and_the_next_run_begins_there(screen: Screen) -> None:
    screen.play(["forward"])
    body = screen.runner.robots["lapin"].body
    assert str(body.place()) != str(START)
    screen.driver.home()
    assert screen.frames(60) == []
    assert str(body.place()) == str(START)
    assert screen.play(["right"])[-1] == ("finished", "done")


def test_a_robot_that_restarts_is_trouble_and_comes_back(screen: Screen) -> None:
    from petitpas_robot.app import App
    from petitpas_sim.kits import load_kit

    screen.driver.run(["forward", "forward", "forward"])
    screen.until("entered")
    robot = screen.runner.robots["lapin"]
    robot.brain = App(robot.hal, load_kit("exact"), "lapin")
    screen.runner.wake("lapin")
    events = screen.until("recovered")
    assert ("finished", "link_lost") in events
    assert screen.play(["right"])[-1] == ("finished", "done")

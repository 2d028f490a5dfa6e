"""The runner: ticked and skipped runs, many runs of one program, and CPython's against MicroPython's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitpas.errors import RobotFault
from petitpas.program import Program, from_compact
from petitpas.robots import Event, Finished, Robot
from petitpas_robot import opcodes as o
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import BrainError, Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace
from tests.firmware.fakes import CORES
from tests.simulated import hosted, one_robot, run
from tests.soaking import examples
from tests.strategies import programs

# --- One program, one trace ---------------------------------------------------------------------------------------


def test_a_hundred_runs_of_a_program_give_one_trace() -> None:
    program = from_compact(
        ["beep", ["repeat", 4, ["forward", "right", ["light", "blue"], ["wait", 123]]], ["left_deg", 33], "until_obstacle"]
    )
    hashes = set()
    for _ in range(examples(100)):
        runner = one_robot()
        run(runner, "lapin", program)
        runner.run_to(60_000)
        assert runner.trace is not None
        assert len(runner.trace.records) > 20
        hashes.add(runner.trace.hash())
    assert len(hashes) == 1


def test_a_trace_says_what_happened() -> None:
    runner = one_robot("3x1", "A1E")
    with hosted(runner) as (robot,):
        robot.play(from_compact([["light", "blue"], ["forward", 2], "forward"]))
    assert runner.trace is not None
    told = [line.split(" ", 1)[1] for line in runner.trace.text().splitlines()]
    first, second = 16, 19  # addresses of the MARKs of the two moves
    assert told == [
        "lapin put 7500 7500 9000",
        "lapin light 6",
        f"lapin entered 0 {first}",
        "lapin at 37500 7500 9000",
        "lapin bump 37500 7500 9000",  # the world speaks at once, the robot at the end of its tick
        f"lapin ended 0 {first} {o.HOW_DONE}",
        f"lapin entered 0 {second}",
        f"lapin ended 0 {second} {o.HOW_BLOCKED}",
        f"lapin finished 1 {o.HOW_BLOCKED} 0 {second} 0",
    ]


def test_a_trace_from_a_record_on() -> None:
    runner = one_robot()
    run(runner, "lapin", from_compact(["forward", "left"]))
    runner.run_to(10_000)
    trace = runner.trace
    assert trace is not None
    assert trace.text() == trace.text(0)
    assert trace.text(1) == "".join(trace.text().splitlines(keepends=True)[1:])


# --- Ticked and skipped -------------------------------------------------------------------------------------------


ACTIONS = ("ping", "pause", "resume", "step", "telemetry", "quiet", "press", "release", "poll", "stop", "start", "put")

Traffic = list[tuple[int, int, str]]
"""What a host does: the milliseconds before, the robot's number, the action."""


def act(runner: Runner, robot: Robot, name: str, action: str, at: Place) -> list[Event]:
    """Do one thing that a host, a hand or a child can do."""
    if action == "poll":
        return robot.poll()
    if action in ("press", "release"):
        runner.press(name, 0x7F if action == "press" else 0)
    elif action == "put":
        try:
            runner.put(name, at)
        except ValueError:  # somebody stands there
            return []
    else:
        doing = {
            **{"ping": robot.state, "pause": robot.pause, "resume": robot.resume, "step": robot.step, "stop": robot.stop},
            **{"telemetry": partial(robot.telemetry, 70), "quiet": partial(robot.telemetry, 0), "start": robot.start},
        }
        try:
            doing[action]()
        except RobotFault as fault:
            assert fault.fault in (o.FAULT_BUSY, o.FAULT_TASK)
    return []


def story(skip: bool, mat: Mat, places: list[Place], told: list[Program], traffic: Traffic, link_ms: int) -> tuple[str, list[Event]]:
    """Run programs in robots and the traffic of their hosts, and return the trace and what the hosts were told."""
    runner = Runner(mat, skip=skip, trace=Trace())
    for name, place in zip(("lapin", "tortue"), places, strict=False):
        runner.add(name, load_kit("exact"), place)
    heard: list[Event] = []
    with hosted(runner) as robots:
        for robot, program in zip(robots, told, strict=False):
            robot.load(program)
            robot.start(link_ms=link_ms)
        for gap_ms, number, action in traffic:
            runner.run_to(runner.world.t_ms + gap_ms)
            number %= len(robots)
            heard += act(runner, robots[number], list(runner.robots)[number], action, places[number])
        runner.run_to(runner.world.t_ms + 2500)
        for robot in robots:
            heard += robot.poll()
            robot.stop()
        runner.run_to(runner.world.t_ms + 20)
    assert runner.trace is not None
    return runner.trace.text(), heard


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Mat, list[Place], list[Program], Traffic, int]:
    """Draw a mat with one or two robots, their programs, what the hosts do and link_ms."""
    count = draw(st.integers(1, 2))
    mat = Mat.parse("4x4", draw(st.lists(st.sampled_from(["B3", "C2", "D4"]), max_size=2, unique=True)))
    places = [Place(0, 0, draw(st.integers(0, 3))), Place(2, 2, draw(st.integers(0, 3)))][:count]
    told = [draw(programs(max_blocks=16)) for _ in range(count)]
    traffic = draw(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 1), st.sampled_from(ACTIONS)), max_size=10))
    return mat, places, told, traffic, draw(st.sampled_from([0, 0, 333, 1000]))


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenes())
def test_a_skipped_run_is_the_ticked_run(scene: tuple[Mat, list[Place], list[Program], Traffic, int]) -> None:
    skipped, heard = story(True, *scene)
    assert story(False, *scene) == (skipped, heard)
    assert skipped.count("finished") >= 1


@pytest.mark.parametrize("skip,least,most", [(True, 1, 4), (False, 1000, 1020)])
def test_a_long_wait_is_skipped(skip: bool, least: int, most: int) -> None:
    ticks = []

    class Counted:
        def __init__(self, brain: object) -> None:
            self._brain = brain

        def __getattr__(self, name: str) -> object:
            if name == "tick":
                ticks.append(1)
            return getattr(self._brain, name)

    runner = one_robot(skip=skip)
    robot = runner.robots["lapin"]
    robot.brain = Counted(robot.brain)  # type: ignore[assignment]
    run(runner, "lapin", from_compact([["wait", 10_000], ["light", "blue"]]))
    runner.run_to(10_100)
    assert robot.body.colour == o.COLOUR_BLUE
    assert least <= len(ticks) <= most


def test_time_goes_on_without_anybody() -> None:
    runner = Runner(Mat(1, 1))
    runner.run_to(12_345)
    assert runner.world.t_ms == 12_345
    runner = one_robot()
    runner.run_to(12_345)
    assert runner.world.t_ms == 12_345


def test_every_run_crosses_the_wrap_of_the_firmware_s_time() -> None:
    runner = one_robot("1x1")
    with hosted(runner) as (robot,):
        before = robot.state().time_ms
        robot.play(from_compact([["wait", 3000], ["wait", 3000]]))
        assert robot.state().time_ms < before
        assert 6000 <= runner.world.t_ms < 6300


def test_a_key_wakes_a_robot() -> None:
    runner = one_robot("5x1", "A1E")
    run(runner, "lapin", from_compact([["when_key", "pause", [["light", "green"]]]]))
    runner.run_to(1003)
    runner.press("lapin", 1 << o.KEY_PAUSE)
    runner.run_to(1025)
    assert runner.robots["lapin"].body.colour == o.COLOUR_GREEN


def test_an_obstacle_that_comes_near_is_seen_by_a_robot_at_rest() -> None:
    runner = Runner(Mat(5, 1), trace=Trace())
    runner.add("lapin", load_kit("exact"), Place.parse("A1E"))
    runner.add("tortue", load_kit("exact"), Place.parse("E1W"))
    run(runner, "lapin", from_compact([["when_obstacle", [["light", "pink"]]]]))
    run(runner, "tortue", from_compact([["forward", 3]]))
    runner.run_to(60_000)
    assert str(runner.robots["tortue"].body.place()) == "B1W"
    assert runner.robots["lapin"].body.colour == o.COLOUR_PINK


# --- MicroPython --------------------------------------------------------------------------------------------------


class Pair:
    """The same robot twice, its firmware on CPython and on MicroPython; one process for many programs."""

    def __init__(self, micropython: Path, core: str) -> None:
        self.runners = [Runner(Mat.parse("4x4", ["C2"]), trace=Trace()) for _ in range(2)]
        brains = [None, partial(Lockstep, micropython=micropython, core=core)]
        for runner, brain in zip(self.runners, brains, strict=True):
            runner.add("lapin", load_kit("exact"), Place(0, 0), brain=brain)  # type: ignore[arg-type]

    def close(self) -> None:
        self.runners[1].robots["lapin"].brain.close()  # type: ignore[attr-defined]

    def play(self, runner: Runner, program: Program) -> tuple[str, Finished | None, list[Event]]:
        """Run a program for at most three seconds and return its trace and what the host was told."""
        trace = runner.trace
        assert trace is not None
        runner.put("lapin", Place(0, 0))
        first = len(trace.records)
        events: list[Event] = []
        with hosted(runner) as (robot,):
            robot.load(program)
            robot.start()
            finished = robot.wait(events.append, limit_ms=3000)
            robot.stop()
            events += robot.poll()
        return trace.text(first), finished, events


@pytest.fixture(scope="module", params=CORES)
def pair(request: pytest.FixtureRequest, micropython: Path) -> Iterator[Pair]:
    pair = Pair(micropython, request.param)
    yield pair
    pair.close()


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(program=programs(max_blocks=20))
def test_micropython_does_what_cpython_does(pair: Pair, program: Program) -> None:
    here, there = (pair.play(runner, program) for runner in pair.runners)
    assert here == there
    assert "finished" in here[0]


def test_a_micropython_that_dies_says_why(micropython: Path) -> None:
    runner = Runner(Mat(1, 1))
    robot = runner.add("lapin", load_kit("exact"), Place(0, 0), brain=partial(Lockstep, micropython=micropython, core="plain"))  # type: ignore[arg-type]
    runner.advance(0)
    brain = robot.brain
    assert isinstance(brain, Lockstep)
    brain._process.kill()
    with pytest.raises(BrainError):
        runner.run_to(runner.world.t_ms + 10) or robot.brain.tick(0)
    brain.close()

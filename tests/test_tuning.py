"""The three settings that a child makes: the search alone, then a hundred simulated robots before and after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.tuning import Child, Errors, percentile, table, tune_robots
from petitpas.robots import Robot, Settings
from petitpas.robots.tuning import TRIALS, TRIES, Trial
from petitpas_robot import wire
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Runner
from tests.simulated import URL, simulated

STRAIGHT, LENGTH, TURN = TRIALS

# --- The search -----------------------------------------------------------------------------------------------


def answers(trial: Trial, wanted: int, start: int, sees: int) -> list[str]:
    """Return what a child says of a robot that needs the trim `wanted`, seeing a difference of more than `sees`."""
    said: list[str] = []
    while not trial.is_over(said):
        off = trial.trim(said, start) - wanted
        said.append(trial.words[1 if abs(off) <= sees else 0 if off < 0 else 2])
    return said


@given(st.sampled_from(TRIALS), st.integers(-160, 160), st.integers(0, 60))
def test_three_words_at_most_bring_it_near(trial: Trial, wanted: int, sees: int) -> None:
    wanted = max(-trial.most, min(wanted, trial.most))
    said = answers(trial, wanted, 0, sees)
    assert len(said) <= TRIES
    assert abs(trial.trim(said) - wanted) <= max(sees, trial.most / 2**TRIES + 1)


@given(st.sampled_from(TRIALS), st.integers(-wire.TRIM_MOST, wire.TRIM_MOST), st.data())
def test_whatever_is_said_the_trim_is_one_that_a_robot_takes(trial: Trial, start: int, data: st.DataObject) -> None:
    said: list[str] = []
    while not trial.is_over(said):
        said.append(data.draw(st.sampled_from(trial.words)))
        assert abs(trial.trim(said, start)) <= trial.most <= wire.TRIM_MOST


def test_it_halves_what_is_left() -> None:
    assert [STRAIGHT.trim(["left"] * n) for n in range(4)] == [0, 80, 120, 140]
    assert [STRAIGHT.trim(["right", "left", "right"][:n]) for n in range(4)] == [0, -80, -40, -60]
    assert LENGTH.trim(["short", "exact"]) == 40
    assert TURN.trim([], 33) == 33
    assert TURN.trim(["exact"], 33) == 33


def test_what_is_not_asked_is_refused() -> None:
    with pytest.raises(ValueError):
        STRAIGHT.trim(["short"])
    with pytest.raises(ValueError):
        STRAIGHT.trim(["straight", "left"])
    with pytest.raises(ValueError):
        TURN.trim(["before"] * (TRIES + 1))


def test_a_setting_leaves_the_others_alone() -> None:
    before = Settings(straight=10, length=20, turn=30, volume=40)
    assert LENGTH.settings(before, ["long"]) == Settings(straight=10, length=-30, turn=30, volume=40)


# --- Robots ---------------------------------------------------------------------------------------------------


def child_with(flaws: Flaws) -> Runner:
    runner = Runner(Mat(9, 9))
    runner.add("lapin", load_kit("pico-stepper"), Place.parse("E4N"), flaws=flaws)
    return runner


@pytest.mark.parametrize(
    ("flaws", "words"),
    [
        (Flaws(), ("straight", "exact", "exact")),
        (Flaws(left_wheel=0.995, right_wheel=1.005), ("left", "exact", "exact")),
        (Flaws(left_wheel=1.005, right_wheel=0.995), ("right", "exact", "exact")),
        (Flaws(left_wheel=0.993, right_wheel=0.993), ("straight", "short", "before")),
        (Flaws(left_wheel=1.007, right_wheel=1.007), ("straight", "long", "after")),
        (Flaws(track=1.01), ("straight", "exact", "before")),
    ],
)
def test_a_child_says_what_it_sees(flaws: Flaws, words: tuple[str, ...]) -> None:
    with simulated(child_with(flaws)) as runner, Robot.open(URL) as robot:
        child = Child(runner, robot)
        assert tuple(child.say(trial) for trial in TRIALS) == words


def test_settings_are_kept_by_the_robot() -> None:
    kit = load_kit("pico-stepper")
    with simulated(child_with(draw_flaws(kit, 1))) as runner, Robot.open(URL) as robot:
        Child(runner, robot).tune()
        settings = robot.settings()
        assert settings != Settings()
        runner.run_to(runner.world.t_ms + 1000)  # it writes at rest, once its coils are off
        files = runner.robots["lapin"].hal.files
    again = Runner(Mat(9, 9))
    again.add("lapin", kit, Place.parse("E4N"), flaws=draw_flaws(kit, 1), files=files)
    with simulated(again), Robot.open(URL) as robot:
        assert robot.settings() == settings


@pytest.mark.once
@pytest.mark.parametrize("kit", ["pico-stepper", "pico-dc"])
def test_many_robots_are_set_by_a_child(kit: str) -> None:
    """Drivers take a tick's work every 10 ms: the other ninety robots of each kit are in `tools/bench.py tuning`."""
    count = 10
    before, after, words = tune_robots(kit, range(count))
    print(table(before, after), f"{words} words at most", sep="\n")

    def late(errors: Errors) -> tuple[float, ...]:
        lists = (errors.cells, errors.walk_cells, errors.quarters, errors.walk_quarters)
        return tuple(percentile(values, 95) for values in lists)

    assert len(before.cells) == len(after.walk_quarters) == count
    assert words <= 3 * TRIES
    assert late(before)[0] > 3  # there was something to mend
    assert max(late(after)[:2]) <= 3
    assert max(late(after)[2:]) <= 2
    assert all(mended < was for mended, was in zip(late(after), late(before), strict=True))

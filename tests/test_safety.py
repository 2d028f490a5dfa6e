"""Lifted, or out of battery: every kind of simulated robot stands still, says so to its host, and goes on with what does not move."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from petitpas.program import from_compact
from petitpas.robots import Ended, Event, Finished, Report
from petitpas.words import Words
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Brain, Runner
from tests.simulated import hosted

KITS = ("exact", "pico-stepper", "pico-dc")
WALK = from_compact([["forward", 3], ["light", "blue"]])
GLOW = from_compact([["light", "blue"], "beep", ["light", "green"]])


def one(kit: str, brain: Callable[..., Brain] | None = None, battery_mv: int = 5200) -> Runner:
    runner = Runner(Mat(9, 9))
    flaws = None if kit == "exact" else Flaws(battery_mv=battery_mv)
    runner.add("lapin", load_kit(kit), Place.parse("E5N"), brain, flaws)  # type: ignore[arg-type]
    return runner


def lift(runner: Runner, is_lifted: bool = True) -> None:
    runner.robots["lapin"].body.lifted = is_lifted
    runner.wake("lapin")


def walk(runner: Runner, lifted_ms: int) -> tuple[Finished, list[Event]]:
    """Have a robot walk, lift it some time after it has begun, and return how that ended and what it told."""
    with hosted(runner) as (robot,):
        told: list[Event] = []
        robot.load(WALK)
        robot.start()
        robot.wait(told.append, limit_ms=lifted_ms)
        lift(runner)
        finished = robot.wait(told.append)
        assert finished is not None
        return finished, told


@pytest.mark.parametrize("lifted_ms", [10, 150, 2000])
@pytest.mark.parametrize("kit", KITS)
def test_a_robot_that_is_lifted_stops_at_once_and_says_so(kit: str, lifted_ms: int) -> None:
    runner = one(kit)
    finished, told = walk(runner, lifted_ms)
    assert (finished.how, finished.fault) == (o.HOW_LIFTED, o.FAULT_NONE)
    assert [event.how for event in told if isinstance(event, Ended)] == [o.HOW_LIFTED]
    assert not runner.robots["lapin"].hal.is_moving()
    assert runner.robots["lapin"].body.colour == o.COLOUR_OFF


@pytest.mark.parametrize("kit", KITS)
def test_nothing_moves_before_it_is_put_down_and_what_glows_goes_on(kit: str) -> None:
    runner = one(kit)
    with hosted(runner) as (robot,):
        lift(runner)
        robot.wait(limit_ms=200)
        finished = robot.play(WALK)
        assert finished is not None
        assert finished.how == o.HOW_LIFTED
        finished = robot.play(GLOW)
        assert finished is not None
        assert finished.how == o.HOW_DONE
        assert runner.robots["lapin"].body.colour == o.COLOUR_GREEN
        lift(runner, is_lifted=False)
        robot.wait(limit_ms=200)
        finished = robot.play(WALK)
        assert finished is not None
        assert finished.how == o.HOW_DONE


def test_a_brain_in_micropython_says_so_too(micropython: Path) -> None:
    runner = one("exact", partial(Lockstep, micropython=micropython))
    finished, _ = walk(runner, 500)
    assert finished.how == o.HOW_LIFTED
    brain = runner.robots["lapin"].brain
    assert isinstance(brain, Lockstep)
    brain.close()


@pytest.mark.parametrize("kit", KITS[1:])
def test_an_empty_battery_ends_the_program_and_a_low_one_is_reported(kit: str) -> None:
    runner = one(kit, battery_mv=4300)  # it sags below what the kit allows once the motors draw
    with hosted(runner) as (robot,):
        robot.telemetry(100)
        reports: list[Event] = []
        robot.wait(reports.append, limit_ms=500)
        assert all(event.flags & wire.REPORT_BATTERY_LOW for event in reports if isinstance(event, Report))
        assert len(reports) >= 4
        finished = robot.play(from_compact([["forward", 3], ["forward", 3]]))
        assert finished is not None
        assert finished.how == o.HOW_BATTERY


def test_the_sentences_say_what_to_do() -> None:
    french = Words("fr")
    assert french.text(f"outcomes.{o.HOW_LIFTED}") == "Le robot a été soulevé : pose-le et appuie sur GO."
    assert french.text(f"outcomes.{o.HOW_BATTERY}") == "Les piles sont vides : demande à un adulte de les changer."

"""Simulated robots with flaws: what wheels, gears and motors do to them, and that their seed is all of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.motors import DcHal
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace
from tests.simulated import hosted, run, with_flaws

STEPPER, DC = "pico-stepper", "pico-dc"
KITS = (STEPPER, DC)
KIT = load_kit(STEPPER)
TRUE = Flaws()
"""Flawed in nothing but its sensors."""


def pose_after(program: list[object], flaws: Flaws, *trims: int) -> tuple[float, float, float]:
    """Return how far east and north a robot came, in mm, and its heading in degrees."""
    runner = with_flaws(flaws)
    if trims:
        assert runner.robots["lapin"].app.set_settings(*trims, 100) == o.FAULT_NONE
    run(runner, "lapin", from_compact(program))
    runner.run_to(60_000)
    robot = runner.world.snapshot().robots[0]
    assert not robot.is_moving
    return robot.x_mm - 675, robot.y_mm - 675, (robot.heading_deg + 180) % 360 - 180


# --- Wheels ---------------------------------------------------------------------------------------------------


def test_without_flaws_of_its_wheels_it_rolls_true() -> None:
    assert pose_after([["forward", 2]], TRUE) == pytest.approx((0, 300, 0))
    assert pose_after(["right", "forward"], TRUE) == pytest.approx((150, 0, 90))
    assert pose_after(["backward", "left"], TRUE) == pytest.approx((0, -150, -90))


def test_a_larger_wheel_goes_further_and_turns_the_robot_away() -> None:
    east, north, heading = pose_after([["forward", 4]], Flaws(left_wheel=1.01))
    assert heading == pytest.approx(600 * 0.01 / 100 * 180 / 3.14159, rel=0.01)  # the track is 100 mm
    assert east == pytest.approx(18, rel=0.02)
    assert north == pytest.approx(603, abs=1)


def test_a_wider_axle_turns_less() -> None:
    assert pose_after(["right"], Flaws(track=1.01)) == pytest.approx((0, 0, 90 / 1.01))


def test_play_that_the_kit_does_not_make_up_is_lost_where_a_wheel_turns_back() -> None:
    loose = Flaws(left_play=11, right_play=11)
    assert pose_after([["forward", 1], "backward"], loose)[1] == pytest.approx(11 * 150 / 2994)
    assert pose_after(["right", "right"], loose)[2] == pytest.approx(180 - 11 * 45 / 1568)  # of the right wheel alone
    assert pose_after(["right", "left"], loose)[2] == pytest.approx(11 * 45 / 1568)  # then of both


def test_trims_mend_it() -> None:
    drifting = Flaws(left_wheel=0.995, right_wheel=1.005)
    assert pose_after([["forward", 4]], drifting)[0] < -15
    east, _, heading = pose_after([["forward", 4]], drifting, 100, 0, 0)
    assert abs(east) < 0.5
    assert abs(heading) < 0.1
    assert pose_after([["forward", 4]], Flaws(0.99, 0.99), 0, 101, 0)[1] == pytest.approx(600, abs=0.3)
    assert pose_after(["right"], Flaws(track=1.01), 0, 0, 100)[2] == pytest.approx(90, abs=0.06)


def test_a_trimmed_segment_keeps_the_proportion_of_its_wheels() -> None:
    runner = with_flaws(TRUE)
    hal = runner.robots["lapin"].hal
    hal.move(3000, 2400, 300, 800, 300)
    runner.wake("lapin")
    runner.run_to(2000)
    hal.halt()
    left, right = hal.left_steps(), hal.right_steps()
    assert 0 < left < 3000
    assert abs(right - left * 2400 / 3000) <= 2


def test_robots_are_drawn_within_what_the_body_allows() -> None:
    robots = [draw_flaws(KIT, seed) for seed in range(200)]
    assert robots[7] == draw_flaws(KIT, 7)
    assert len(set(robots)) == 200
    for flaws in robots:
        assert abs(flaws.left_wheel - 1) <= 0.5 / 65
        assert abs(flaws.track - 1) <= 1 / 100
        assert 11 <= flaws.left_play + KIT.play_steps <= 34  # 1 to 3 degrees
        assert 4900 <= flaws.battery_mv <= 5600


def test_the_exact_kit_has_no_flaws() -> None:
    runner = Runner(Mat(3, 3))
    with pytest.raises(ValueError, match="exact"):
        runner.add("lapin", load_kit("exact"), Place(0, 0), flaws=TRUE)
    assert runner.world.bodies == []
    with pytest.raises(ValueError, match="rocket"):
        draw_flaws(load_kit("rocket"), 1)


def test_coils_hold_for_a_while_at_rest_and_not_after_stop() -> None:
    runner = with_flaws(TRUE)
    hal = runner.robots["lapin"].hal
    hal.move(100, 100, 300, 800, 300)
    runner.wake("lapin")
    runner.run_to(400)
    assert not hal.is_moving()
    assert hal.is_energised()
    runner.run_to(400 + KIT.rest_ms)
    assert not hal.is_energised()
    hal.move(100, 100, 300, 800, 300)
    hal.halt()
    assert not hal.is_energised()


def test_a_lifted_robot_does_not_move() -> None:
    runner = with_flaws(TRUE)
    sim = runner.robots["lapin"]
    run(runner, "lapin", from_compact([["forward", 3]]))
    runner.run_to(3000)
    sim.body.lifted = True
    before = runner.world.snapshot().robots[0].y_mm
    runner.run_to(3060)
    assert not sim.hal.is_moving()
    assert sim.app.vm.how == o.HOW_LIFTED
    assert runner.world.snapshot().robots[0].y_mm == before
    sim.hal.move(100, 100, 300, 800, 300)
    assert not sim.hal.is_moving()


# --- Geared motors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_unlike_motors_roll_as_their_encoders_say(seed: int) -> None:
    runner = with_flaws(Flaws(seed=seed), kit_name=DC)
    hal = runner.robots["lapin"].hal
    assert isinstance(hal, DcHal)
    left, right = hal.motors
    assert abs(left.full_rate / right.full_rate - 1) > 0.005  # there is something to even out
    run(runner, "lapin", from_compact([["forward", 2], "right", "forward", "left", "backward"]))
    runner.run_to(30_000)
    robot = runner.world.snapshot().robots[0]
    assert not robot.is_moving
    assert robot.x_mm == pytest.approx(675 + 150, abs=8)
    assert robot.y_mm == pytest.approx(675 + 150, abs=8)
    assert abs((robot.heading_deg + 180) % 360 - 180) < 2.5
    assert runner.robots["lapin"].body.path[:3] == [(4, 5), (4, 6), (5, 6)]


def test_the_play_of_its_gears_is_beyond_its_encoders() -> None:
    def lost_mm(play: int) -> float:
        runner = with_flaws(Flaws(left_play=play, right_play=play), kit_name=DC)
        run(runner, "lapin", from_compact(["forward", "backward"]))
        runner.run_to(10_000)
        return runner.world.snapshot().robots[0].y_mm - 675

    assert lost_mm(30) - lost_mm(0) == pytest.approx(30 * 150 / 1028, abs=1)


@pytest.mark.parametrize("battery_mv", [4700, 5600])
def test_a_weak_battery_and_a_full_one_go_equally_far(battery_mv: int) -> None:
    runner = with_flaws(Flaws(battery_mv=battery_mv), kit_name=DC)
    run(runner, "lapin", from_compact([["forward", 3]]))
    runner.run_to(10_000)
    assert runner.world.snapshot().robots[0].y_mm == pytest.approx(675 + 450, abs=2)


def test_a_wall_stalls_the_motors_and_ends_the_program_there() -> None:
    runner = with_flaws(Flaws(), "E8N", kit_name=DC)
    run(runner, "lapin", from_compact([["forward", 3], "beep"]))
    runner.run_to(10_000)
    sim = runner.robots["lapin"]
    assert sim.app.vm.how == o.HOW_BLOCKED
    assert not sim.hal.is_energised()
    assert sim.body.sounds == []
    assert runner.world.snapshot().robots[0].y_mm == pytest.approx(9 * 150 - 65, abs=2)


def test_stop_switches_motors_off_and_they_coast_a_little() -> None:
    runner = with_flaws(Flaws(), kit_name=DC)
    run(runner, "lapin", from_compact([["forward", 4]]))
    runner.run_to(2000)
    before = runner.world.snapshot().robots[0].y_mm
    sim = runner.robots["lapin"]
    sim.app.stop()
    assert isinstance(sim.hal, DcHal)
    assert [motor.duty for motor in sim.hal.motors] == [0, 0]
    runner.run_to(2500)
    runner.wake("lapin")
    runner.run_to(2510)
    assert 0 < runner.world.snapshot().robots[0].y_mm - before < 6


# --- Skipping ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit_name", KITS)
def test_skipped_and_ticked_runs_are_the_same(kit_name: str) -> None:
    program = from_compact(
        [["repeat", 2, [["if", {"sensor": "distance", "value": 300}, ["left"], ["forward"]], "right"]], ["wait", 2], "until_obstacle"]
    )
    texts = []
    for skip in (True, False):
        runner = with_flaws(draw_flaws(KIT, 5), skip=skip, kit_name=kit_name)
        run(runner, "lapin", program)
        runner.run_to(31_003)
        runner.robots["lapin"].app.stop()  # between two ticks, as a host does
        runner.wake("lapin")
        runner.run_to(32_000)
        run(runner, "lapin", from_compact([["forward", 9], "right"]))  # against the wall
        runner.run_to(90_000)
        assert runner.trace is not None
        texts.append(runner.trace.text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("kit_name", KITS)
def test_skipped_and_ticked_runs_of_two_robots_are_the_same(kit_name: str) -> None:
    kit = load_kit(kit_name)
    texts = []
    for skip in (True, False):
        runner = Runner(Mat(9, 9), skip=skip, trace=Trace())
        for name, place, seed in (("lapin", "C5E", 1), ("renard", "G5W", 2)):
            runner.add(name, kit, Place.parse(place), flaws=draw_flaws(kit, seed))
            assert runner.robots[name].app.telemetry(300) == o.FAULT_NONE
            run(runner, name, from_compact([["wait", 7], "until_obstacle", ["forward", 3], "right"]))  # each in the other's way
        runner.run_to(40_000)
        assert runner.trace is not None
        assert "bump" in runner.trace.text()
        texts.append((runner.trace.text(), runner.world.snapshot()))
    assert texts[0] == texts[1]


# --- In another process ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit_name", KITS)
def test_a_brain_in_micropython_meets_the_same_flaws(kit_name: str, micropython: Path) -> None:
    kit = load_kit(kit_name)
    program = from_compact([["forward", 2], "right", "until_obstacle"])
    places = []
    for brain in (None, partial(Lockstep, micropython=micropython)):
        runner = Runner(Mat(9, 9))
        sim = runner.add("lapin", kit, Place.parse("E5N"), brain, draw_flaws(kit, 4))  # type: ignore[arg-type]
        with hosted(runner) as (robot,):
            robot.load(program)
            robot.start(link_ms=0)
            assert robot.wait() is not None
        places.append((runner.world.snapshot(), sim.body.path))
        if isinstance(sim.brain, Lockstep):
            sim.brain.close()
    assert places[0] == places[1]
    assert places[0][1][:3] == [(4, 5), (4, 6), (5, 6)]

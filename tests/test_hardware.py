"""Simulated robots with flaws: what wheels, gears, echo and battery do to them, and that their seed is all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim.hardware import ECHO_NOISE_MM, SAG_MV, draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.motors import DcHal
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace
from tests.simulated import hosted, run

STEPPER = "pico-stepper"
KIT = load_kit(STEPPER)
TRUE = Flaws()
"""Flawed in nothing but its sensors."""


def with_flaws(flaws: Flaws, place: str = "E5N", mat: str = "9x9", *, skip: bool = True) -> Runner:
    runner = Runner(Mat.parse(mat), skip=skip, trace=Trace())
    runner.add("lapin", KIT, Place.parse(place), flaws=flaws)
    return runner


def pose_after(program: list[object], flaws: Flaws, *trims: int) -> tuple[float, float, float]:
    """Return how far east and north a robot came, in mm, and its heading in degrees."""
    runner = with_flaws(flaws)
    if trims:
        assert runner.robots["lapin"].brain.set_settings(*trims, 100) == o.FAULT_NONE  # type: ignore[attr-defined]
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
    assert pose_after(["right", "right"], loose)[2] == pytest.approx(-180)
    assert pose_after(["right", "left"], loose)[2] == pytest.approx(11 * 90 / 1568)


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
    runner.world.t_ms = 2000
    left, right = hal.left_steps(), hal.right_steps()
    assert 0 < left < 3000
    assert right == left * 2400 // 3000
    hal.halt()
    assert (hal.left_steps(), hal.right_steps()) == (left, right)


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
    runner.run_to(hal.until(0) or 0)
    assert not hal.is_moving()
    assert hal.is_energised()
    runner.run_to(runner.world.t_ms + KIT.rest_ms)
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
    runner.wake("lapin")
    runner.run_to(3010)
    assert not sim.hal.is_moving()
    sim.hal.move(100, 100, 300, 800, 300)
    assert not sim.hal.is_moving()


# --- Geared motors --------------------------------------------------------------------------------------------


def with_motors(flaws: Flaws, place: str = "E5N", *, skip: bool = True) -> Runner:
    runner = Runner(Mat(9, 9), skip=skip, trace=Trace())
    runner.add("lapin", load_kit("pico-dc"), Place.parse(place), flaws=flaws)
    return runner


@pytest.mark.parametrize("seed", range(5))
def test_unlike_motors_roll_as_their_encoders_say(seed: int) -> None:
    runner = with_motors(Flaws(seed=seed))
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


@pytest.mark.parametrize("battery_mv", [4700, 5600])
def test_a_weak_battery_and_a_full_one_go_equally_far(battery_mv: int) -> None:
    runner = with_motors(Flaws(battery_mv=battery_mv))
    run(runner, "lapin", from_compact([["forward", 3]]))
    runner.run_to(10_000)
    assert runner.world.snapshot().robots[0].y_mm == pytest.approx(675 + 450, abs=2)


def test_a_wall_stalls_the_motors_and_ends_the_program_there() -> None:
    runner = with_motors(Flaws(), "E8N")
    run(runner, "lapin", from_compact([["forward", 3], "beep"]))
    runner.run_to(10_000)
    sim = runner.robots["lapin"]
    assert sim.brain.vm.how == o.HOW_BLOCKED  # type: ignore[attr-defined]
    assert not sim.hal.is_energised()
    assert sim.body.sounds == []
    assert runner.world.snapshot().robots[0].y_mm == pytest.approx(9 * 150 - 65, abs=2)


def test_stop_switches_motors_off_and_they_coast_a_little() -> None:
    runner = with_motors(Flaws())
    run(runner, "lapin", from_compact([["forward", 4]]))
    runner.run_to(2000)
    before = runner.world.snapshot().robots[0].y_mm
    sim = runner.robots["lapin"]
    sim.brain.stop()  # type: ignore[attr-defined]
    assert isinstance(sim.hal, DcHal)
    assert [motor.duty for motor in sim.hal.motors] == [0, 0]
    runner.run_to(2500)
    runner.wake("lapin")
    runner.run_to(2510)
    assert 0 < runner.world.snapshot().robots[0].y_mm - before < 6


# --- Senses ---------------------------------------------------------------------------------------------------


def readings(flaws: Flaws, mat: str, place: str) -> list[int | None]:
    runner = with_flaws(flaws, place, mat)
    read = []
    for n in range(200):
        runner.world.t_ms = 200 * n
        read.append(runner.robots["lapin"].hal.sense(o.SENSOR_DISTANCE))
    return read


def test_distance_is_read_with_noise_that_its_seed_repeats() -> None:
    one = readings(replace(TRUE, seed=1), "9x9", "E5N")
    assert one == readings(replace(TRUE, seed=1), "9x9", "E5N")
    assert one != readings(replace(TRUE, seed=2), "9x9", "E5N")
    seen = [mm for mm in one if mm is not None]
    assert len(seen) >= 195  # an echo that is lost is not felt; two of three are rare
    assert all(abs(mm - 675) <= ECHO_NOISE_MM + 2 for mm in seen)
    assert len(set(seen)) > 3


def test_distance_ends_at_four_metres_and_sees_what_stands_aside() -> None:
    far = with_flaws(TRUE, "N1N", "26x26")
    assert abs((far.robots["lapin"].hal.sense(o.SENSOR_DISTANCE) or 0) - 3825) <= 5
    runner = with_flaws(TRUE, "E1N")
    runner.add("renard", load_kit("exact"), Place.parse("F4N"))  # beside the heading, inside the cone
    assert (runner.robots["lapin"].hal.sense(o.SENSOR_DISTANCE) or 0) < 500


@pytest.mark.parametrize("make", [with_flaws, with_motors])
def test_skipped_and_ticked_runs_are_the_same(make: Callable[..., Runner]) -> None:
    program = from_compact(
        [["repeat", 2, [["if", {"sensor": "distance", "value": 300}, ["left"], ["forward"]], "right"]], "until_obstacle"]
    )
    texts = []
    for skip in (True, False):
        runner = make(draw_flaws(KIT, 5), skip=skip)
        run(runner, "lapin", program)
        runner.run_to(60_000)
        assert runner.trace is not None
        texts.append(runner.trace.text())
    assert texts[0] == texts[1]


# --- Battery --------------------------------------------------------------------------------------------------


def test_the_battery_sags_while_motors_turn_and_drains() -> None:
    runner = with_flaws(Flaws(battery_mv=5400))
    hal = runner.robots["lapin"].hal
    runner.world.t_ms = 5000
    assert abs((hal.battery_mv() or 0) - 5400) < 40
    hal.move(20_000, -20_000, 300, 800, 300)
    runner.world.t_ms = 10_000
    assert abs((hal.battery_mv() or 0) - (5400 - SAG_MV)) < 40
    for _ in range(150):
        hal.move(20_000, -20_000, 300, 800, 300)
        runner.world.t_ms += 24_000
    hal.halt()
    runner.world.t_ms += 5000
    assert 4940 < (hal.battery_mv() or 0) < 5060  # an hour of driving


@pytest.mark.parametrize("skip", [True, False])
def test_an_empty_battery_stops_the_motors(skip: bool) -> None:
    runner = with_flaws(Flaws(battery_mv=4300), skip=skip)
    run(runner, "lapin", from_compact([["forward", 4], "beep"]))
    runner.run_to(60_000)
    robot = runner.world.snapshot().robots[0]
    assert 675 + 10 < robot.y_mm < 675 + 100  # about a second: the filter of its reading
    hal = runner.robots["lapin"].hal
    hal.move(100, 100, 300, 800, 300)
    assert not hal.is_moving()  # until it is charged: it would sag again as soon as it moves


# --- In another process ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit_name", [STEPPER, "pico-dc"])
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

"""What robots with flaws read: echo, floor, keys, switches and battery, with noise that their seed repeats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Place
from petitpas_sim.rolling import Flaws
from petitpas_sim.senses import ECHO_NOISE_MM, FLOOR_NOISE_PERMILLE, SAG_MV, Cells
from petitpas_sim.switches import BOUNCE_MS, Contacts
from tests.simulated import run, with_flaws

KITS = ("pico-stepper", "pico-dc")
TRUE = Flaws()
"""Flawed in nothing but its sensors."""


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


def test_the_floor_is_read_with_noise() -> None:
    runner = with_flaws(TRUE)
    read = []
    for n in range(100):
        runner.run_to(100 * n)
        read += [runner.robots["lapin"].hal.sense(sensor) or 0 for sensor in (o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT)]
    assert all(abs(permille - 900) <= FLOOR_NOISE_PERMILLE + 1 for permille in read)
    assert len(set(read)) > 10


@pytest.mark.parametrize("kit_name", KITS)
def test_the_bumper_is_pressed_while_the_body_touches(kit_name: str) -> None:
    runner = with_flaws(TRUE, "E9S", kit_name=kit_name)
    hal = runner.robots["lapin"].hal
    run(runner, "lapin", from_compact(["backward"]))
    runner.run_to(10_000)
    assert hal.sense(o.SENSOR_BUMP) == 0  # it touches behind
    runner.put("lapin", Place.parse("E9N"))
    run(runner, "lapin", from_compact(["forward"]))
    runner.run_to(20_000)
    assert hal.sense(o.SENSOR_BUMP) == 1000
    run(runner, "lapin", from_compact(["backward"]))
    runner.run_to(30_000)
    assert hal.sense(o.SENSOR_BUMP) == 0


@pytest.mark.parametrize("skip", [True, False])
def test_the_bumper_opens_when_what_it_touched_goes_away(skip: bool) -> None:
    runner = with_flaws(TRUE, "E5N", skip=skip)
    runner.add("renard", load_kit("exact"), Place.parse("E6E"))
    hal = runner.robots["lapin"].hal
    run(runner, "lapin", from_compact(["forward"]))
    runner.run_to(6000)
    assert hal.sense(o.SENSOR_BUMP) == 1000
    run(runner, "renard", from_compact([["forward", 2]]))
    runner.run_to(20_000)
    assert hal.sense(o.SENSOR_BUMP) == 0
    run(runner, "lapin", from_compact(["forward"]))
    runner.run_to(26_000)
    assert runner.robots["lapin"].app.vm.how == o.HOW_DONE


def test_keys_that_bounce_count_once() -> None:
    for seed in range(20):
        runner = with_flaws(Flaws(seed=seed))
        hal = runner.robots["lapin"].hal
        seen = [0]
        for t_ms in range(0, 400, 10):
            if t_ms in (100, 250):
                runner.press("lapin", 1 << o.KEY_LEFT if t_ms == 100 else 0)
            runner.run_to(t_ms)
            if hal.keys() != seen[-1]:
                seen.append(hal.keys())
        assert seen == [0, 1 << o.KEY_LEFT, 0]


def test_contacts_bounce_and_settle() -> None:
    contacts = [Contacts(0, "keys", seed) for seed in range(50)]
    for each in contacts:
        each.set(5, 100)
    assert {each.read(99) for each in contacts} == {0}
    assert {each.read(105) for each in contacts} == {0, 1, 4, 5}
    assert {each.read(100 + BOUNCE_MS) for each in contacts} == {5}


@pytest.mark.parametrize("kit_name", KITS)
def test_keys_alone_make_and_run_a_program(kit_name: str) -> None:
    texts = []
    for skip in (True, False):
        runner = with_flaws(TRUE, skip=skip, kit_name=kit_name)
        for key in (o.KEY_FORWARD, o.KEY_RIGHT, o.KEY_FORWARD, o.KEY_GO):
            for keys in (1 << key, 0):
                runner.press("lapin", keys)
                runner.run_to(runner.world.t_ms + 105)
        runner.run_to(30_000)
        assert runner.robots["lapin"].body.path == [(4, 5), (5, 5)]
        assert runner.trace is not None
        texts.append(runner.trace.text())
    assert texts[0] == texts[1]


# --- Battery --------------------------------------------------------------------------------------------------


def test_the_battery_sags_while_motors_turn() -> None:
    runner = with_flaws(Flaws(battery_mv=5400))
    hal = runner.robots["lapin"].hal
    runner.run_to(5000)
    assert abs((hal.battery_mv() or 0) - 5400) < 40
    hal.move(20_000, -20_000, 300, 800, 300)
    runner.wake("lapin")
    runner.run_to(10_000)
    assert abs((hal.battery_mv() or 0) - (5400 - SAG_MV)) < 40


def test_an_hour_of_driving_drains_the_battery() -> None:
    cells = Cells(load_kit(KITS[0]), 5400, 1)
    cells.use(3_600_000)
    cells.measure(10_000, is_loaded=False)
    assert 4980 < (cells.mv() or 0) < 5020
    assert not cells.is_empty()


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

"""Simulated stepper motors: coils that take words as the board's do, rotors that lose steps by eights, gears with play."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas.program import from_compact
from petitpas_robot import clock
from petitpas_robot import opcodes as o
from petitpas_robot.stepper import StepperWheels
from petitpas_sim.kits import load_kit
from petitpas_sim.rolling import Flaws, Gear
from petitpas_sim.runner import Runner
from petitpas_sim.steppers import FIELD, PULL_IN, Coils
from tests.firmware.board import BoardBench
from tests.simulated import run, with_flaws

KIT = load_kit("pico-stepper")
RATES = (300, 800, 300)
TICK_MS: int = clock.TICK_MS

# --- Coils ----------------------------------------------------------------------------------------------------


class Axle:
    """Two motors under the firmware's driver, with nothing on their shafts."""

    def __init__(self, pull_out: float = 2000) -> None:
        self.coils = (Coils(pull_out), Coils(pull_out))
        self.wheels = StepperWheels(*self.coils, KIT)
        self.now_ms = 0
        self.turned = [0, 0]
        """Half-steps that the rotors have made, forward."""

    def tick(self, ms: int = TICK_MS, volts: float = 1.0) -> None:
        self.now_ms += ms
        for wheel, sign in enumerate((KIT.left_sign, KIT.right_sign)):  # type: ignore[attr-defined]
            self.turned[wheel] += sign * self.coils[wheel].turn(ms, volts)
        if ms == TICK_MS:
            self.wheels.tick(self.now_ms)

    def finish(self, volts: float = 1.0) -> int:
        """Let the segment end; return how long that took, in ms."""
        begun = self.now_ms
        while self.wheels.is_moving():
            self.tick(volts=volts)
        return self.now_ms - begun

    def drive(self, left: int, right: int, rates: tuple[int, int, int] = RATES, volts: float = 1.0) -> tuple[int, int]:
        """Make a segment; return what the rotors really made of it."""
        before = list(self.turned)
        self.wheels.move(left, right, *rates)
        self.finish(volts)
        assert (self.wheels.left_steps(), self.wheels.right_steps()) == (left, right)  # nobody tells the driver
        return self.turned[0] - before[0], self.turned[1] - before[1]


@given(st.lists(st.tuples(st.integers(0, 128), st.integers(0, 100_000)), min_size=1, max_size=4))
def test_words_take_as_long_as_on_the_board(words: list[tuple[int, int]]) -> None:
    board = BoardBench().hal._wheels._left.coils
    board.begin(0, 1)
    ours = Coils(2000)
    ours.begin(0, 1)
    assert [ours.put(*word) for word in words] == [board.put(*word) for word in words]


@pytest.mark.parametrize("segment", [(2994, 2994), (-1568, 1568), (3000, 2950), (7, -7)])
def test_segments_take_as_long_as_on_the_board(segment: tuple[int, int]) -> None:
    desk, axle = BoardBench(), Axle()
    for each in (segment, (-segment[0], -segment[1])):
        desk.hal.move(*each, *RATES)
        begun_ms = desk.now_ms
        desk.finish()
        axle.wheels.move(*each, *RATES)
        assert abs(axle.finish() - clock.diff(desk.now_ms, begun_ms)) <= TICK_MS


@given(st.integers(-400, 400), st.integers(-400, 400), st.integers(0, 90), st.integers(1, 9))
def test_a_halt_at_any_time_leaves_driver_and_rotor_agreed(left: int, right: int, ticks: int, ms: int) -> None:
    axle = Axle()
    axle.drive(20, 20)  # engaged forward
    play = KIT.play_steps  # type: ignore[attr-defined]
    before = list(axle.turned)
    axle.wheels.move(left, right, *RATES)
    for _ in range(ticks):
        axle.tick()
    axle.tick(ms)
    axle.wheels.halt()
    for _ in range(10):
        axle.tick()
    for wheel, steps in enumerate((axle.wheels.left_steps(), axle.wheels.right_steps())):
        turned = axle.turned[wheel] - before[wheel]
        assert turned == steps - play or (turned == steps and steps >= 0) or (steps == 0 and -play <= turned <= 0)
    before = list(axle.turned)
    axle.wheels.move(50, 50, *RATES)  # the rotors do not jump: they stand where the driver thinks
    axle.finish()
    assert all(0 <= axle.turned[wheel] - before[wheel] - 50 <= play for wheel in range(2))


# --- Lost steps -----------------------------------------------------------------------------------------------


def test_within_its_torque_a_motor_loses_nothing() -> None:
    axle = Axle(pull_out=900)
    for left, right in ((2994, 2994), (1568, -1568), (-1568, 1568), (-2994, -2994)):
        for wheel, made in enumerate(axle.drive(left, right, volts=0.9)):
            assert abs(made - (left, right)[wheel]) in (0, KIT.play_steps)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("rates", "volts"), [((300, 1000, 300), 1.0), ((300, 800, 300), 0.8), ((950, 950, 1), 1.0)])
def test_an_overloaded_motor_loses_steps_by_eights(rates: tuple[int, int, int], volts: float) -> None:
    axle = Axle(pull_out=900)
    made, other = axle.drive(2994, 2994, rates, volts)
    assert made == other
    assert 0 <= made < 2994 - 500
    axle.drive(100, 100)  # slowly it falls in again
    assert (3094 - axle.turned[0]) % FIELD == 0


def test_it_falls_in_again_where_the_field_is_slow_enough() -> None:
    axle = Axle(pull_out=900)
    made, _ = axle.drive(2994, 2994, volts=0.8)
    from_rest = int(900 * 0.8 * PULL_IN)
    assert made > 50  # while it sped up, and again once it slowed down
    again = Axle(pull_out=900)
    assert again.drive(600, 600, (from_rest, from_rest, 1), 0.8) == (600, 600)


# --- Gears ----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-60, 60), max_size=40), st.integers(0, 40))
def test_a_gear_follows_within_its_play(moves: list[int], play: int) -> None:
    gear = Gear(play)
    motor = wheel = 0.0
    for steps in moves:
        turned = gear.follow(steps)
        assert abs(turned) <= abs(steps)
        assert turned * steps >= 0
        motor += steps
        wheel += turned
        assert 0 <= wheel - motor <= play


def test_a_gear_loses_its_play_once_at_each_turning_back() -> None:
    gear = Gear(20)
    assert [gear.follow(steps) for steps in (100, -50, -50, 30, 30, -5)] == [100, -30, -50, 10, 30, 0]


# --- The whole robot ------------------------------------------------------------------------------------------


def how(runner: Runner) -> int:
    outcome: int = runner.robots["lapin"].app.vm.how
    return outcome


def test_its_back_grinds_against_a_wall_and_the_driver_does_not_know() -> None:
    runner = with_flaws(Flaws(), "E8S")
    run(runner, "lapin", from_compact([["backward", 3]]))
    runner.run_to(15_000)
    assert how(runner) == o.HOW_DONE
    wall_mm = 9 * 150 - 65
    seen = runner.world.snapshot().robots[0]
    assert seen.y_mm == pytest.approx(wall_mm, abs=1)
    assert (seen.x_mm, seen.heading_deg) == pytest.approx((4.5 * 150, 180))
    run(runner, "lapin", from_compact(["forward"]))
    runner.run_to(30_000)
    left_mm = runner.world.snapshot().robots[0].y_mm
    assert left_mm == pytest.approx(wall_mm - 150, abs=1)
    lost = (7.5 * 150 + 300 - left_mm) * 2994 / 150
    assert lost > 2000
    assert round(lost) % FIELD == 0


def test_its_bumper_ends_the_program_at_a_wall() -> None:
    runner = with_flaws(Flaws(), "E8N")
    run(runner, "lapin", from_compact([["forward", 3], "beep"]))
    runner.run_to(10_000)
    assert how(runner) == o.HOW_BLOCKED
    seen = runner.world.snapshot().robots[0]
    assert (seen.y_mm, seen.heading_deg) == pytest.approx((9 * 150 - 65, 0), abs=1)
    assert not seen.is_moving
    assert runner.robots["lapin"].body.sounds == []


def test_a_low_battery_makes_some_robots_lose_steps_and_a_good_one_none() -> None:
    def short_mm(battery_mv: int, seed: int) -> float:
        runner = with_flaws(Flaws(battery_mv=battery_mv, seed=seed), "E1N")
        run(runner, "lapin", from_compact(["forward"]))
        runner.run_to(5000)
        return 75 + 150 - runner.world.snapshot().robots[0].y_mm

    assert all(abs(short_mm(5000, seed)) < 0.1 for seed in range(5))
    weak = [short_mm(4550, seed) for seed in range(10)]
    assert 0 < sum(short > 1 for short in weak) < 10
    assert weak[:5] == [short_mm(4550, seed) for seed in range(5)]

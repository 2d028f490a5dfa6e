"""The contract of a HAL, held against the firmware's fake board, the simulator's world, and both kits with their drivers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Protocol

import pytest

from petitpas_robot import opcodes as o
from petitpas_robot.hal import Hal
from petitpas_robot.kit import Kit
from petitpas_sim.cable import Cable
from petitpas_sim.hal import WorldHal
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.motors import DcHal
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import TICK_MS, Runner
from petitpas_sim.world import World
from tests.firmware import contract
from tests.firmware.fakes import FakeHal

CELL, RATES = contract.CELL, contract.RATES


class Bench(Protocol):
    """A HAL, and what its surroundings do to it."""

    hal: Hal

    def go_half(self) -> None:
        """Let the segment come about half-way."""

    def finish(self) -> None:
        """Let the segment end by itself."""

    def bar(self) -> None:
        """Put something in the way: of three cells, the second or third cannot be reached any more."""

    def send(self, data: bytes) -> None:
        """Send bytes from the host."""

    def received(self) -> bytes:
        """Return what the host has received."""

    def block_cable(self) -> None:
        """Make the cable take nothing."""


class FakeBench:
    def __init__(self) -> None:
        self.hal = FakeHal()
        self._part = 1000

    def go_half(self) -> None:
        self.hal.turn(500)

    def finish(self) -> None:
        self.hal.arrive(self._part)

    def bar(self) -> None:
        self._part = 400

    def send(self, data: bytes) -> None:
        self.hal.to_robot.extend(data)

    def received(self) -> bytes:
        return bytes(self.hal.from_robot)

    def block_cable(self) -> None:
        self.hal.takes = 0


class WorldBench:
    def __init__(self, rocks: frozenset[tuple[int, int]] = frozenset()) -> None:
        self.world = World(Mat(7, 1, rocks))
        self.body = self.world.add("lapin", load_kit("exact"), Place(1, 0, 1))
        self._cable = Cable(lambda: None)
        self._cable.plug()
        self.hal: Hal = WorldHal(self.world, self.body, self._cable)

    def go_half(self) -> None:
        self.world.t_ms = (self.body.began_ms + self.body.ends_ms) // 2

    def finish(self) -> None:
        self.world.t_ms = self.body.ends_ms

    def bar(self) -> None:
        self.world.add("rocher", load_kit("exact"), Place(3, 0))

    def send(self, data: bytes) -> None:
        self._cable.send(data)

    def received(self) -> bytes:
        return self._cable.receive(100_000)

    def block_cable(self) -> None:
        while self._cable.write(bytes(1000), 1000):
            pass


class FlawedBench(WorldBench):
    """
    A simulated robot with flaws of its own, driven by its firmware's drivers a tick at a time.

    Args:
        kit_name: of a kit with a board.
        flaws: what is wrong with it.
    """

    def __init__(self, kit_name: str, flaws: Flaws) -> None:
        kit = load_kit(kit_name)
        self.runner = Runner(Mat(9, 3))
        sim = self.runner.add("lapin", kit, Place(1, 1, 1), _Idle, flaws)  # type: ignore[arg-type]
        self.world, self.body, self._cable, self.hal = self.runner.world, sim.body, sim.cable, sim.hal
        self._cable.plug()

    def tick(self) -> None:
        self.runner.wake("lapin")
        self.runner.advance(self.world.t_ms + TICK_MS)

    def bar(self) -> None:
        self.world.add("rocher", load_kit("exact"), Place(3, 1))

    def go_half(self) -> None:
        for _ in range(60):
            self.tick()

    def finish(self) -> None:
        for _ in range(3000):
            if not self.hal.is_moving():
                return
            self.tick()
        raise AssertionError("it never ends")


class StepperBench(FlawedBench):
    """A simulated robot with steppers, and all its flaws."""

    def __init__(self) -> None:
        super().__init__("pico-stepper", draw_flaws(load_kit("pico-stepper"), 3))


class DcBench(FlawedBench):
    """Geared motors, here alike and without slip: the contract asks for the same counts of both, at rest."""

    apart = 8

    def __init__(self) -> None:
        super().__init__("pico-dc", Flaws())
        assert isinstance(self.hal, DcHal)
        self.motors = self.hal.motors
        for motor in self.motors:
            motor.full_rate, motor.dead_permille = 2900, 130

    def tick(self) -> None:
        assert isinstance(self.hal, DcHal)
        self.hal.grip = (1.0, 1.0)
        super().tick()


class _Idle:
    """A brain that only lets the drivers work."""

    def __init__(self, hal: WorldHal, kit: Kit, name: str) -> None:
        self._hal = hal

    def tick(self, now_ms: int) -> None:
        self._hal.tick(now_ms)

    def hear(self, now_ms: int) -> None:
        """Leave the cable to the test."""

    def until(self, now_ms: int) -> int | None:
        return None


@pytest.fixture(params=[FakeBench, WorldBench, StepperBench, DcBench])
def bench(request: pytest.FixtureRequest) -> Bench:
    make: Callable[[], Bench] = request.param
    return make()


def test_a_hal_has_every_method_that_has_no_default() -> None:
    needed = {name for name, method in vars(Hal).items() if callable(method) and "NotImplementedError" in inspect.getsource(method)}
    assert {"read", "write", "move", "is_moving", "halt", "sense"} <= needed
    for kind in (FakeHal, WorldHal):
        assert needed <= set(vars(kind)), kind


@pytest.mark.parametrize("clause", contract.CLAUSES, ids=lambda clause: clause.__name__)
def test_the_contract(bench: Bench, clause: Callable[[Bench], None]) -> None:
    clause(bench)


def test_until_is_no_longer_than_the_segment(bench: Bench) -> None:
    hal = bench.hal
    hal.move(CELL, CELL, *RATES)
    wait = hal.until(0)
    assert wait is None or wait > 0
    bench.finish()
    assert hal.until(0) == 0  # what could change has changed: whoever waits must look
    assert not hal.is_moving()


# --- Wheels under the firmware's drivers ----------------------------------------------------------------------


@pytest.fixture(params=[StepperBench, DcBench])
def driven(request: pytest.FixtureRequest) -> StepperBench | DcBench:
    make: Callable[[], StepperBench | DcBench] = request.param
    return make()


@pytest.mark.parametrize(("left", "right"), [(CELL, CELL), (-CELL, -CELL), (contract.QUARTER, -contract.QUARTER), (CELL, CELL - 200)])
def test_both_wheels_start_in_the_same_tick(driven: StepperBench | DcBench, left: int, right: int) -> None:
    driven.hal.move(left, right, *RATES)
    for _ in range(20):
        driven.tick()
        made_left, made_right = contract.steps(driven.hal)
        if made_left or made_right:
            break
    assert made_left
    assert made_right


def test_it_ends_at_no_tick_that_until_would_have_skipped(driven: StepperBench | DcBench) -> None:
    hal = driven.hal
    hal.move(1000, 1000, *RATES)
    while hal.is_moving():
        wait = hal.until(0)
        assert wait is not None
        for _ in range(-(-wait // TICK_MS) - 1):
            driven.tick()
            assert hal.is_moving()
        driven.tick()
    assert hal.until(0) == 0


def test_the_body_goes_where_the_steps_say(driven: StepperBench | DcBench) -> None:
    """A driver that counts steps which nothing makes would keep the rest of the contract."""
    kit = driven.body.kit
    driven.hal.move(2 * kit.steps_per_cell, 2 * kit.steps_per_cell, kit.start_rate, kit.cruise_rate, kit.ramp_ms)
    driven.finish()
    robot = driven.world.snapshot().robots[0]
    assert robot.x_mm == pytest.approx(1.5 * 150 + 300, abs=4)
    assert not robot.is_moving


# --- The world's alone ----------------------------------------------------------------------------------------


def test_replacing_a_segment_does_not_move_the_body() -> None:
    bench = WorldBench()
    bench.hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    before = bench.world.snapshot().robots[0]
    bench.hal.move(-500, -500, *RATES)
    after = bench.world.snapshot().robots[0]
    assert (after.x_mm, after.y_mm) == (before.x_mm, before.y_mm)
    bench.finish()
    assert bench.world.snapshot().robots[0].x_mm == before.x_mm - 500 * 150 / CELL


def test_until_of_a_world_is_exact() -> None:
    bench = WorldBench()
    bench.hal.move(CELL, CELL, *RATES)
    wait = bench.hal.until(0)
    assert wait is not None
    bench.world.t_ms += wait - 1
    assert bench.hal.is_moving()
    bench.world.t_ms += 1
    assert not bench.hal.is_moving()


def test_nothing_in_range_is_none() -> None:
    far = World(Mat(26, 26))
    body = far.add("lapin", load_kit("exact"), Place(0, 0, 0))
    hal = WorldHal(far, body, Cable(lambda: None))
    assert hal.sense(o.SENSOR_DISTANCE) == 25 * 150 + 75
    wide = World(Mat(26, 26))
    body = wide.add("lapin", load_kit("exact"), Place(0, 0, 0))
    body.heading = body.full_turn // 8  # along the diagonal: more than 4 m
    assert WorldHal(wide, body, Cable(lambda: None)).sense(o.SENSOR_DISTANCE) is None


def test_files_are_kept_whole(bench: Bench) -> None:
    buf = bytearray(100)
    assert bench.hal.read_file("slot0.0", buf) is None
    assert bench.hal.write_file("slot0.0", bytearray(b"a longer one"), 12)
    assert bench.hal.write_file("slot0.1", bytearray(b"another"), 7)
    assert bench.hal.write_file("slot0.0", bytearray(b"shorter, and more"), 7)
    assert bench.hal.read_file("slot0.0", buf) == 7
    assert buf[:8] == b"shorter\0"
    assert bench.hal.read_file("slot0.1", bytearray(3)) == 3

"""The contract of a HAL, held against the firmware's fake board and the simulator's world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest

from petitpas_robot import opcodes as o
from petitpas_robot.hal import Hal
from petitpas_sim.cable import Cable
from petitpas_sim.hal import WorldHal
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.world import World
from tests.firmware.fakes import FakeHal

CELL, QUARTER = 3000, 1571
RATES = (300, 800, 300)
SWITCHES = (o.SENSOR_BUMP, o.SENSOR_LIFT, *range(o.SENSOR_KEY, o.SENSOR_KEY + o.KEY_GO + 1))
PERMILLE = (o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT, o.SENSOR_LIGHT, *SWITCHES)


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


@pytest.fixture(params=[FakeBench, WorldBench])
def bench(request: pytest.FixtureRequest) -> Bench:
    make: Callable[[], Bench] = request.param
    return make()


def steps(hal: Hal) -> tuple[int, int]:
    return hal.left_steps(), hal.right_steps()


def test_a_hal_overrides_every_method() -> None:
    methods = {name for name in vars(Hal) if not name.startswith("_")}
    for kind in (FakeHal, WorldHal):
        assert methods <= set(vars(kind)), kind


def test_at_rest(bench: Bench) -> None:
    assert not bench.hal.is_moving()
    assert steps(bench.hal) == (0, 0)
    bench.hal.halt()
    assert not bench.hal.is_moving()


@pytest.mark.parametrize("left,right", [(CELL, CELL), (-CELL, -CELL), (QUARTER, -QUARTER), (-QUARTER, QUARTER), (1, 1), (-1, 1)])
def test_a_segment_is_made_to_the_step(bench: Bench, left: int, right: int) -> None:
    hal = bench.hal
    hal.move(left, right, *RATES)
    assert hal.is_moving()
    assert steps(hal) == (0, 0)
    if abs(left) > 1:
        bench.go_half()
        made_left, made_right = steps(hal)
        assert 0 < made_left * (1 if left > 0 else -1) < abs(left)
        assert made_left * right == made_right * left
        assert hal.is_moving()
    bench.finish()
    assert not hal.is_moving()
    assert steps(hal) == (left, right)
    hal.halt()
    assert steps(hal) == (left, right)


def test_a_segment_of_nothing_is_over_at_once(bench: Bench) -> None:
    bench.hal.move(0, 0, *RATES)
    assert not bench.hal.is_moving()
    assert steps(bench.hal) == (0, 0)


def test_halt_stops_where_it_is(bench: Bench) -> None:
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.halt()
    assert not hal.is_moving()
    made = steps(hal)
    assert made[0] == made[1]
    assert 0 < made[0] < 2 * CELL
    hal.halt()
    assert steps(hal) == made


def test_a_barred_segment_ends_short_of_its_target(bench: Bench) -> None:
    hal = bench.hal
    bench.bar()
    hal.move(3 * CELL, 3 * CELL, *RATES)
    assert hal.is_moving()
    bench.finish()
    assert not hal.is_moving()
    left, right = steps(hal)
    assert left == right
    assert 0 < left < 3 * CELL


def test_a_new_segment_replaces_the_one_in_progress(bench: Bench) -> None:
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.move(-500, -500, *RATES)
    assert hal.is_moving()
    assert steps(hal) == (0, 0)
    bench.finish()
    assert not hal.is_moving()
    assert steps(hal) == (-500, -500)


def test_a_segment_of_nothing_replaces_too(bench: Bench) -> None:
    hal = bench.hal
    hal.move(2 * CELL, 2 * CELL, *RATES)
    bench.go_half()
    hal.move(0, 0, *RATES)
    assert not hal.is_moving()
    assert steps(hal) == (0, 0)


def test_segments_follow_each_other(bench: Bench) -> None:
    hal = bench.hal
    for left, right in [(CELL, CELL), (QUARTER, -QUARTER), (-QUARTER, QUARTER), (-CELL, -CELL)]:
        hal.move(left, right, *RATES)
        bench.finish()
        assert not hal.is_moving()
        assert steps(hal) == (left, right)


def test_until_is_no_longer_than_the_segment(bench: Bench) -> None:
    hal = bench.hal
    hal.move(CELL, CELL, *RATES)
    wait = hal.until(0)
    assert wait is None or wait > 0
    bench.finish()
    assert hal.until(0) == 0  # what could change has changed: whoever waits must look
    assert not hal.is_moving()


def test_sensors_read_their_unit(bench: Bench) -> None:
    distance = bench.hal.sense(o.SENSOR_DISTANCE)
    assert distance is None or 0 <= distance < 0xFFFF
    for sensor in PERMILLE:
        value = bench.hal.sense(sensor)
        assert isinstance(value, int)
        assert 0 <= value <= 1000
    for sensor in SWITCHES:
        assert bench.hal.sense(sensor) == 0


def test_light_and_tone_take_all_they_may_be_asked(bench: Bench) -> None:
    for colour in range(o.COLOUR_GREEN + 1):
        bench.hal.light(colour)
    for hz, ms in ((8, 65535), (12543, 1), (440, 0), (0, 0)):
        bench.hal.tone(hz, ms)


def test_battery_is_in_millivolts_or_not_there(bench: Bench) -> None:
    battery = bench.hal.battery_mv()
    assert battery is None or 1000 < battery < 0xFFFF


def test_the_cable_gives_what_was_sent_in_pieces_that_fit(bench: Bench) -> None:
    data = bytes(range(150))
    buf = bytearray(64)
    assert bench.hal.read(buf) == 0
    bench.send(data)
    got = b""
    while count := bench.hal.read(buf):
        assert count <= len(buf)
        got += buf[:count]
    assert got == data


def test_the_cable_takes_the_first_bytes_of_a_buffer(bench: Bench) -> None:
    assert bench.hal.write(bytearray(b"Petit Pas, and more"), 9) == 9
    assert bench.received() == b"Petit Pas"


def test_a_cable_that_takes_nothing_says_so(bench: Bench) -> None:
    bench.block_cable()
    assert bench.hal.write(bytearray(10), 10) == 0


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

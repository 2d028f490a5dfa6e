"""STOP after anything: whatever a host, a hand and a cable have done to a robot on a board's pins, everything is off within 20 ms."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from tests.firmware.board import BATTERY_PIN, BUMPER_PIN, KEY_PINS, KITS, LIFT_PIN, MODE_PIN, Robot, bench
from tests.firmware.fakes import frame
from tests.firmware.test_stop import BUSY, CROWD, EVENT, FAR, SHORT, SOUND, STOP_US, WATCH, is_off, stays_off

IMAGES = (FAR, SHORT, SOUND, WATCH, BUSY, CROWD, EVENT)

Action = Callable[[Robot], None]


def request(kind: int, body: bytes = b"") -> Action:
    return lambda robot: robot.ask(kind, body)


def load(image: bytes, share: int = 1) -> Action:
    return request(wire.LOAD, struct.pack("<HH", len(image) * share, 0) + image)


def run(link_ms: int, flags: int) -> Action:
    return request(wire.RUN, struct.pack("<HHBB", link_ms, 0, wire.EVENTS_ALL, flags))


def hold(pin: int, is_held: bool) -> Action:
    return lambda robot: robot.hold(pin, is_held)


def room(count: int) -> Action:
    def give(robot: Robot) -> None:
        robot.port.takes = count

    return give


def battery(millivolts: int) -> Action:
    def charge(robot: Robot) -> None:
        bench.lines[BATTERY_PIN].adc = millivolts * 65535 // 6600
        robot.tick(20)

    return charge


def noise(data: bytes) -> Action:
    return lambda robot: robot.send(data)


def wait(ticks: int) -> Action:
    return lambda robot: robot.tick(ticks)


def play(image: bytes) -> Action:
    return lambda robot: robot.play(image)


ACTIONS = st.one_of(
    st.sampled_from(IMAGES).map(play),
    st.sampled_from(IMAGES).map(load),
    st.sampled_from(IMAGES).map(lambda image: load(image, 2)),
    st.builds(run, st.sampled_from((0, 0, 200)), st.sampled_from((0, wire.FLAG_PAUSED))),
    st.sampled_from(IMAGES).map(lambda image: request(wire.DIRECT, struct.pack("<HHB", 0, 0, wire.EVENTS_ALL) + image)),
    st.sampled_from((wire.PAUSE, wire.RESUME, wire.STOP, wire.WHO, wire.PING, wire.HELLO)).map(request),
    st.integers(0, 8).map(lambda task: request(wire.STEP, bytes([task]))),
    st.integers(0, 8).map(lambda part: request(wire.CHECK, bytes([part]))),
    st.sampled_from((0, 1, 50)).map(lambda ms: request(wire.TELEMETRY, struct.pack("<H", ms))),
    st.integers(0, 255).map(lambda slot: request(wire.SAVE, bytes([slot & 7]))),
    st.builds(hold, st.sampled_from((*KEY_PINS, MODE_PIN, LIFT_PIN, BUMPER_PIN)), st.booleans()),
    st.sampled_from((0, 30, 1 << 20)).map(room),
    st.sampled_from((0, 4000, 4400, 5200)).map(battery),
    st.binary(max_size=100).map(lambda data: noise(data + b"\0")),
    st.integers(1, 60).map(wait),
)


@pytest.mark.parametrize("kit", KITS)
@settings(max_examples=300)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_stop_switches_everything_off_after_anything(kit: str, actions: list[Action]) -> None:
    robot = Robot(kit)
    for action in actions:
        action(robot)
        robot.port.to_robot.extend(b"\0")  # whatever noise came before, it is over
    while robot.port.to_robot:
        robot.tick()
    begun = bench.us
    robot.send(frame(wire.STOP, robot._sequence + 1 & 0xFF))
    while not is_off(robot):
        robot.tick()
        assert bench.us - begun <= STOP_US
    for pin in (*KEY_PINS, MODE_PIN):
        bench.drive(pin, None)
    assert stays_off(robot, 10)
    assert robot.app.vm.how != o.HOW_RUNNING

"""What a board's drivers do with memory while the robot idles and drives: nothing. For MicroPython alone, which can lock its heap."""

import gc

import micropython

from petitpas_robot import clock, wire
from petitpas_robot import opcodes as o
from petitpas_robot.app import App
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.board import DC, KITS, BoardBench, bench
from tests.firmware.fakes import core_run, frame

TICKS = 10000


class QuietMachine:
    """A state machine that takes a word out of its queue every other look."""

    def __init__(self, *arguments, **settings):
        self._waiting = 0
        self._looks = 0

    def active(self, value=None):
        pass

    def restart(self):
        pass

    def exec(self, word):
        if self._waiting:
            self._waiting -= 1

    def put(self, value):
        self._waiting += 1
        assert self._waiting <= 4

    def tx_fifo(self):
        self._looks += 1
        if self._looks & 3 == 0 and self._waiting:
            self._waiting -= 1
        return self._waiting


def robot(kit, image):
    """Return a desk and a robot on it that runs an image."""
    if kit != DC:
        from petitpas_robot.boards import coils

        coils.StateMachine = QuietMachine
    desk = BoardBench(kit)
    app = App(desk.hal, desk.kit, "robot", core_run())
    if image is not None:
        assert app.load(len(image), 0, image) == (o.FAULT_NONE, len(image))
        fault = app.run(0, 0, 0, 0)
        assert fault == o.FAULT_NONE or fault[0] == o.FAULT_NONE
    return desk, app


def follow(wheels):
    """Turn geared motors as far as they should have."""
    for wheel in wheels:
        wheel._motor._count += (wheel.lag >> 4) * wheel._way * wheel._sign


def check(kit, image, ticks=TICKS):
    desk, app = robot(kit, image)
    now_ms = desk.now_ms
    wheels = [desk.hal._wheels._left, desk.hal._wheels._right] if kit == DC else None
    is_driving = image is not None
    for _ in range(10):
        now_ms = clock.add(now_ms, 10)
        app.tick(now_ms)
        if wheels:
            follow(wheels)
    bench.is_quiet = True
    gc.collect()
    before = gc.mem_free()
    micropython.heap_lock()
    try:
        for _ in range(ticks):
            now_ms = clock.add(now_ms, 10)
            bench.us += 10000
            app.tick(now_ms)
            if wheels:
                follow(wheels)
    finally:
        micropython.heap_unlock()
    assert gc.mem_free() == before
    assert desk.hal.is_moving() == is_driving


def test_idle():
    for kit in KITS:
        check(kit, None)


def test_driving():
    image = go(mark(0), mark(1), (o.OP_FORWARD, 255))
    for kit in KITS:
        check(kit, image)


def test_driving_while_others_look_and_light():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b"), (o.HEAD_OBSTACLE, 0, "c"), (o.HEAD_KEY, 0, "c")]
    looks = ["b", (o.OP_LIGHT, 3), (o.OP_BEEP,), (o.OP_LIGHT, 4), (o.OP_UNLESS, o.SENSOR_LINE_LEFT, 500, "b"), (o.OP_JUMP, "b")]
    image = assemble(heads, ["a", (o.OP_FORWARD, 255), (o.OP_END,)] + looks + ["c", (o.OP_END,)])
    for kit in KITS:
        check(kit, image, 3000)


def test_a_frame_that_is_heard_and_answered():
    for kit in KITS:
        desk, app = robot(kit, None)
        desk.run_with(app.tick)
        desk.send(frame(wire.HELLO, 1, b"\1\2\3\4"))
        desk.tick(3)
        assert desk.received()

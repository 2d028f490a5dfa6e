"""
A robot on a Pico that stands in for one: its board's own files over recorded pins, PWM and PIO. Common dialect.

Importing this puts the stand-ins before everything else that is called machine or rp2.
"""

import json
import sys

_HERE = __file__.replace("\\", "/").rsplit("/", 1)[0]
sys.path.insert(0, _HERE + "/../standin")

from machine import bench  # noqa: E402

from petitpas_robot import clock, wire  # noqa: E402
from petitpas_robot.app import App  # noqa: E402
from petitpas_robot.boards.pico import PicoHal  # noqa: E402
from petitpas_robot.boards.usb import UsbCable  # noqa: E402
from petitpas_robot.kit import Kit  # noqa: E402
from tests.firmware.fakes import START_MS, core_run, frame  # noqa: E402
from tests.firmware.port import Port  # noqa: E402

STEPPER, DC = "pico-stepper", "pico-dc"
KITS = (STEPPER, DC)

MOTOR_PINS = tuple(range(8))
KEY_PINS = (8, 9, 10, 11, 12, 13, 14)
MODE_PIN, TRIGGER_PIN, ECHO_PIN, BUMPER_PIN, LIFT_PIN, BUZZER_PIN, LINE_PINS, BATTERY_PIN = 15, 16, 17, 18, 19, 22, (26, 27), 28


def kit_path(name):
    """Return the path of a kit's file."""
    return _HERE + "/../../firmware/kits/" + name + ".json"


def fields(name):
    """Return the decoded JSON of a kit."""
    with open(kit_path(name)) as file:
        return json.load(file)


class Shaft:
    """A geared motor and its encoder, as a DRV8833 drives it: dead band, inertia, a count at a time."""

    def __init__(self, pins, encoder, full_rate):
        self.is_stuck = False
        self.has_encoder = True
        self.gain = 1.0
        self.counts = 0
        self._pins = pins
        self._a, self._b = encoder
        self._full = full_rate
        self._rate = 0.0
        self._at = 0.0

    def go(self):
        """Turn for a millisecond."""
        duty = (bench.level(self._pins[0]) - bench.level(self._pins[1])) / 1000
        if bench.level(self._pins[0]) == bench.level(self._pins[1]) == 1000:
            duty = 0
        pull = 0.0 if abs(duty) < 0.1 else (abs(duty) - 0.1) / 0.9 * (1 if duty > 0 else -1)
        self._rate += (pull * self._full * self.gain - self._rate) / 30
        if self.is_stuck:
            self._rate = 0.0
        self._at += self._rate / 1000
        while self.counts != int(self._at):
            way = 1 if int(self._at) > self.counts else -1
            self.counts += way
            if self.has_encoder:
                for pin in (self._a, self._b) if way > 0 else (self._b, self._a):
                    bench.drive(pin, 1 - bench.level(pin))


class BoardHal(PicoHal):
    """The board's HAL with files in memory."""

    def __init__(self, kit, cable):
        self.files = {}
        PicoHal.__init__(self, kit, cable, ticks_us)

    def read_file(self, name, buf):
        if name not in self.files:
            return None
        data = self.files[name]
        buf[: len(data)] = data
        return len(data)

    def write_file(self, name, buf, count):
        self.files[name] = bytes(buf[:count])
        return True


def ticks_us():
    """Return the board's microseconds, as a Pico counts them; to ask takes some."""
    bench.advance(4)
    return bench.us & clock.MASK


class BoardBench:
    """
    A board of a kit; see `contract` for what a bench is.

    Args:
        name: of the kit.
        changes: of its fields.
    """

    def __init__(self, name=STEPPER, **changes):
        bench.reset()
        known = fields(name)
        known.update(changes)
        self.kit = Kit(known)
        self.port = Port()
        self.now_ms = START_MS
        bench.lines[BATTERY_PIN].adc = 5000 * 65535 // 6600
        for pin in LINE_PINS:
            bench.lines[pin].adc = 6000
        self.hal = BoardHal(self.kit, UsbCable(self.port.readable, self.port.writable, self.port, self.port))
        pins = self.kit.pins
        self.shafts = []
        if self.kit.wheels == "dc":
            for side in ("left", "right"):
                self.shafts.append(Shaft(pins[side], pins[side + "_encoder"], self.kit.full_rate))
        self._is_barred = False
        self._call = self.hal.tick
        self.tick()

    def run_with(self, tick):
        """Call this instead of the HAL's own tick, from now on."""
        self._call = tick

    def tick(self, count=1):
        """Let 10 ms go by and tick, some times."""
        for _ in range(count):
            end = bench.us + 10000
            for _ in range(10 if self.shafts else 0):
                bench.advance(1000)
                for shaft in self.shafts:
                    shaft.go()
            if bench.us < end:
                bench.advance(end - bench.us)
            self.now_ms = clock.add(self.now_ms, clock.TICK_MS)
            self._call(self.now_ms)

    def hold(self, pin, is_held=True):
        """Close a switch to ground, or open it, and wait until it is believed."""
        bench.drive(pin, 0 if is_held else None)
        self.tick(5)

    # --- What the contract asks for -----------------------------------------------------------------------------------

    def go_half(self):
        hal = self.hal
        made = 0
        for _ in range(60):
            self.tick()
            made = max(abs(hal.left_steps()), abs(hal.right_steps()))
        assert made

    def finish(self):
        if self._is_barred:
            self.go_half()
            if self.shafts:
                for shaft in self.shafts:
                    shaft.is_stuck = True
            else:
                self.hold(LIFT_PIN)
        for _ in range(3000):
            if not self.hal.is_moving():
                return
            self.tick()
        raise AssertionError("it never ends")

    def bar(self):
        self._is_barred = True

    def send(self, data):
        self.port.to_robot.extend(data)

    def received(self):
        return bytes(self.port.from_robot)

    def block_cable(self):
        self.port.takes = 0


class Robot(BoardBench):
    """A whole robot on a board, its host at the other end of the cable."""

    def __init__(self, kit=STEPPER):
        BoardBench.__init__(self, kit)
        self.app = App(self.hal, self.kit, "robot", core_run())
        self.run_with(self._turn)
        self._sequence = 0
        self.ask(wire.HELLO, b"\1\2\3\4")

    def _turn(self, now_ms):
        """Tick, then send what waits while the cable takes it, as `main` does it."""
        app = self.app
        app.tick(now_ms)
        waits = -1
        while app.session.tx_used not in (0, waits):
            waits = app.session.tx_used
            app.hear(now_ms)

    def ask(self, kind, body=b"", ticks=1):
        """Send a request, and tick."""
        self._sequence += 1
        self.send(frame(kind, self._sequence, body))
        self.tick(ticks)

    def play(self, image, link_ms=0):
        """Load a small image and run it."""
        size = len(image)
        self.ask(wire.LOAD, bytes([size & 255, size >> 8, 0, 0]) + image, 2)
        self.ask(wire.RUN, bytes([link_ms & 255, link_ms >> 8, 0, 0, 3, 0]), 2)

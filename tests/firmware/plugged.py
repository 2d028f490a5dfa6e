"""
The bench of a board that is plugged in: what the contract asks of its surroundings, in the board's own time. For MicroPython alone.

`tests/test_board_contract.py` types it into the board's prompt, behind `port` and `contract`, without the imports from these: a board has
no tests. The wheels turn in the air while the switch under the body is not released. The cable of this HAL is in memory: the board's own is
the prompt's.
"""

import time

import micropython
from machine import Pin

import main
from petitpas_robot.boards.pico import PicoHal
from petitpas_robot.boards.usb import UsbCable
from petitpas_robot.clock import TICK_MS
from tests.firmware.contract import CLAUSES, RATES
from tests.firmware.port import Port

micropython.kbd_intr(3)  # which `main` has switched off: a clause that hangs can be interrupted

BELIEVED = 10
"""Ticks after which a switch is believed."""

HALF = 60
"""Ticks after which a segment of the contract is under way, and its shortest one not yet over."""

LONGEST = 3000

APART = 40
"""Counts by which two geared motors may be out of step under way: 4 mm."""


class PluggedBench:
    """See `contract` for what a bench is; what bars the way is the switch under the body, whose pin the board itself puts to ground."""

    def __init__(self, hal, port, kit):
        self.hal = hal
        self.apart = APART if kit.wheels == "dc" else 0
        self._port = port
        self._lift = lift = kit.pins["lift"][0]
        self._is_barred = False
        self._due_ms = time.ticks_ms()
        self._ticks = 0
        port.__init__()
        Pin(lift, Pin.IN, Pin.PULL_UP)
        hal.move(0, 0, *RATES)
        self.tick(BELIEVED)

    def tick(self, count=1):
        """Let 10 ms go by and tick, some times; a dot now and then tells the host that it goes on."""
        for _ in range(count):
            self._due_ms = time.ticks_add(self._due_ms, TICK_MS)
            left_ms = time.ticks_diff(self._due_ms, time.ticks_ms())
            if left_ms > 0:
                time.sleep_ms(left_ms)
            else:
                self._due_ms = time.ticks_ms()
            self.hal.tick(time.ticks_ms())
            self._ticks += 1
            if self._ticks % 25 == 0:
                print(".", end="")

    def release(self):
        """Leave the board at rest."""
        self.hal.halt()
        self.hal.tone(0, 0)
        self.hal.light(0)
        Pin(self._lift, Pin.IN, Pin.PULL_UP)
        self.tick(BELIEVED)

    def go_half(self):
        self.tick(HALF)
        assert self.hal.left_steps() or self.hal.right_steps(), "no wheel turns"

    def finish(self):
        if self._is_barred:
            self.go_half()
            Pin(self._lift, Pin.OUT, value=0)
        for _ in range(LONGEST):
            if not self.hal.is_moving():
                return
            self.tick()
        raise AssertionError("it never ends")

    def bar(self):
        self._is_barred = True

    def send(self, data):
        self._port.to_robot.extend(data)

    def received(self):
        return bytes(self._port.from_robot)

    def block_cable(self):
        self._port.takes = 0


def make():
    """Return the HAL of this board's own kit, its cable and the kit: all that is made once, as at a start."""
    kit = main.read_kit()
    port = Port()
    return PicoHal(kit, UsbCable(port.readable, port.writable, port, port), time.ticks_us), port, kit


def hold_to(number):
    """Hold the board to a clause of the contract."""
    bench = PluggedBench(*made)
    try:
        CLAUSES[number](bench)
    finally:
        bench.release()


made = make()

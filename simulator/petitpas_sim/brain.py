"""
A robot's firmware in a MicroPython process, in lockstep with a simulator: run by `lockstep.Lockstep`, never imported on CPython.

    micropython brain.py KIT.json NAME CORE CABLE_IN CABLE_OUT

Standard input and output carry ticks and HAL calls; CABLE_IN and CABLE_OUT are the robot's cable. See `lockstep` for the messages.
"""

import gc
import json
import struct
import sys

from petitpas_robot.app import App
from petitpas_robot.hal import Hal
from petitpas_robot.kit import Kit

_in = sys.stdin.buffer
_out = sys.stdout.buffer


def _take(count):
    data = _in.read(count)
    while len(data) < count:
        more = _in.read(count - len(data))
        if not more:
            sys.exit()
        data += more
    return data


class RemoteHal(Hal):
    """Asks the simulator for everything."""

    def __init__(self, cable_in, cable_out):
        self._cable_in = cable_in
        self._cable_out = cable_out
        self.waiting = 0  # bytes on the cable at this tick

    def _ask(self, request):
        _out.write(request)
        value = struct.unpack("<i", _take(4))[0]
        return None if value == -0x40000000 else value

    def read(self, buf):
        count = min(len(buf), self.waiting)
        at = 0
        while at < count:
            at += self._cable_in.readinto(memoryview(buf)[at:count])
        self.waiting -= count
        return count

    def write(self, buf, count):
        self._cable_out.write(memoryview(buf)[:count])
        return self._ask(b"w" + struct.pack("<H", count))

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        _out.write(b"m" + struct.pack("<iiiii", left_steps, right_steps, start_rate, cruise_rate, ramp_ms))

    def is_moving(self):
        return self._ask(b"i") != 0

    def is_energised(self):
        return self._ask(b"e") != 0

    def left_steps(self):
        return self._ask(b"l")

    def right_steps(self):
        return self._ask(b"r")

    def why_short(self):
        return self._ask(b"y")

    def halt(self):
        _out.write(b"h")

    def sense(self, sensor):
        return self._ask(b"s" + struct.pack("<B", sensor))

    def keys(self):
        return self._ask(b"p")

    def show_count(self, count):
        _out.write(b"n" + struct.pack("<B", count))

    def show_step(self, number):
        _out.write(b"o" + struct.pack("<h", -1 if number is None else number))

    def show_pixels(self, colour, mask):
        _out.write(b"g" + struct.pack("<BI", colour, mask))

    def light(self, colour):
        _out.write(b"c" + struct.pack("<B", colour))

    def tone(self, hz, ms):
        _out.write(b"t" + struct.pack("<HH", hz, ms))

    def battery_mv(self):
        return self._ask(b"b")

    def read_file(self, name, buf):
        count = self._ask(b"f" + _file(name, len(buf)))
        at = 0
        while at < (count or 0):
            at += _in.readinto(memoryview(buf)[at:count])
        return count

    def write_file(self, name, buf, count):
        _out.write(b"k" + _file(name, count))
        return self._ask(memoryview(buf)[:count]) != 0

    def until(self, now_ms):
        return self._ask(b"u")


def _file(name, count):
    """Return how the simulator is told the name of a file and a number of bytes."""
    return bytes([len(name)]) + name.encode() + struct.pack("<H", count)


def main():
    """Serve ticks until the simulator hangs up."""
    kit_file, name, core, cable_in, cable_out = sys.argv[1:]
    with open(kit_file) as file:
        kit = Kit(json.load(file))
    run = None
    if core == "viper":
        from petitpas_robot.core_viper import run
    hal = RemoteHal(open(cable_in, "rb"), open(cable_out, "wb"))
    app = None
    while True:
        call, now_ms, hal.waiting = struct.unpack("<BIH", _take(7))
        try:
            if app is None:  # here, where the simulator answers what a robot asks as it wakes up
                app = App(hal, kit, name, run)
                gc.collect()
            if call:
                app.tick(now_ms)
            else:
                app.hear(now_ms)
            wait = app.until(now_ms)
        except Exception as error:  # whatever it is, the simulator must hear of it
            sys.print_exception(error, sys.stderr)
            _out.write(b"x")
            return
        _out.write(b"d" + struct.pack("<iI", -1 if wait is None else wait, gc.mem_free()))


main()

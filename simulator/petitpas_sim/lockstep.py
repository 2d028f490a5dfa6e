"""
A robot whose brain is a MicroPython process, in lockstep with a world in this one.

The world owns time. For each tick the simulator sends 1, the time and how many bytes wait on the cable (u8, u32, u16), and 0 in place of 1
to have it hear between two ticks; the process calls its firmware, asks for what it needs, and says that it is done.
Two pipes are the robot's cable, two more carry:

    process asks                                     simulator answers
    m left right start cruise ramp (i32 each)        -
    i  is it moving? · e  is a motor energised?      i32
    l, r  steps of a wheel                           i32
    h  halt                                          -
    s sensor u8 · p  the keys                        i32
    c colour u8 · t hz u16 ms u16 · n cards u8       -
    o step i16 (-1: none) · g colour u8 pixels u32   -
    y  why did the segment end short?                i32
    b  battery · u  until                            i32
    w count u16, after the bytes went on the cable   i32, how many were taken
    f name u8 and UTF-8, most u16: read a file       i32, how many bytes, and these
    k name u8 and UTF-8, count u16, bytes: keep      i32, is it done?
    d until i32 (-1: none), free heap u32            the tick is over
    x                                                it died; what it printed says of what

None travels as -2**30. All integers are little-endian.
"""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import petitpas_robot
from petitpas_robot.kit import Kit
from petitpas_sim.hal import WorldHal
from petitpas_sim.kits import kit_file

_NONE = -(1 << 30)
_HEAP = "242k"
"""Heap of the process. Source: what a Raspberry Pi Pico has free under MicroPython 1.28, 241,824 bytes."""


class BrainError(Exception):
    """The MicroPython process has died; the message is what it printed."""


class Lockstep:
    """
    Runs the firmware in a MicroPython process; made like `App`.

    Args:
        micropython: the interpreter, a unix port.
        core: "plain" or "viper".
    """

    def __init__(self, hal: WorldHal, kit: Kit, name: str, *, micropython: Path, core: str = "plain") -> None:
        if os.name != "posix":
            raise BrainError("lockstep with MicroPython needs a POSIX system")
        self._hal = hal
        self._wait: int | None = 0
        self.free_heap_bytes = 0
        cable_in, self._to_cable = os.pipe()
        self._from_cable, cable_out = os.pipe()
        firmware = Path(petitpas_robot.__file__).parent.parent
        self._process = subprocess.Popen(
            [
                *(str(micropython), "-X", f"heapsize={_HEAP}", str(Path(__file__).with_name("brain.py"))),
                *(str(kit_file(str(kit.name))), name, core, f"/dev/fd/{cable_in}", f"/dev/fd/{cable_out}"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(cable_in, cable_out),
            env={**os.environ, "MICROPYPATH": str(firmware)},
        )
        os.close(cable_in)
        os.close(cable_out)
        assert self._process.stdin and self._process.stdout
        self._to = self._process.stdin
        self._from = self._process.stdout

    def tick(self, now_ms: int) -> None:
        """Have the process do one tick, and answer what it asks; raise BrainError where it has died."""
        self._hal.tick(now_ms)  # the drivers are on this side
        self._call(1, now_ms)

    def hear(self, now_ms: int) -> None:
        """Have the process act on what has come through the cable; raise BrainError where it has died."""
        self._call(0, now_ms)

    def _call(self, kind: int, now_ms: int) -> None:
        buf = bytearray(4096)
        count = self._hal.read(buf)
        if count:
            os.write(self._to_cable, buf[:count])
        self._send(struct.pack("<BIH", kind, now_ms, count))
        while (call := self._take(1)) != b"d":
            self._answer(call)
        wait, self.free_heap_bytes = struct.unpack("<iI", self._take(8))
        self._wait = None if wait < 0 else wait

    def until(self, now_ms: int) -> int | None:
        """Return what the process said at its last tick."""
        return self._wait

    def close(self) -> None:
        """End the process."""
        for pipe in (self._to_cable, self._from_cable):
            os.close(pipe)
        with contextlib.suppress(OSError):  # it may have died
            self._to.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()
        if self._process.stderr:
            self._process.stderr.close()

    def _answer(self, call: bytes) -> None:
        hal = self._hal
        if call == b"m":
            hal.move(*struct.unpack("<iiiii", self._take(20)))
        elif call == b"h":
            hal.halt()
        elif call == b"c":
            hal.light(self._take(1)[0])
        elif call == b"n":
            hal.show_count(self._take(1)[0])
        elif call == b"o":
            (number,) = struct.unpack("<h", self._take(2))
            hal.show_step(None if number < 0 else number)
        elif call == b"g":
            hal.show_pixels(*struct.unpack("<BI", self._take(5)))
        elif call == b"t":
            hal.tone(*struct.unpack("<HH", self._take(4)))
        elif call == b"f":
            name, most = self._file()
            buf = bytearray(most)
            count = hal.read_file(name, buf)
            self._send(struct.pack("<i", _NONE if count is None else count) + buf[: count or 0])
        else:
            value = self._value(call)
            self._send(struct.pack("<i", _NONE if value is None else value))

    def _value(self, call: bytes) -> int | None:
        hal = self._hal
        if call == b"i":
            return int(hal.is_moving())
        if call == b"e":
            return int(hal.is_energised())
        if call == b"l":
            return hal.left_steps()
        if call == b"r":
            return hal.right_steps()
        if call == b"y":
            return hal.why_short()
        if call == b"p":
            return hal.keys()
        if call == b"s":
            return hal.sense(self._take(1)[0])
        if call == b"b":
            return hal.battery_mv()
        if call == b"u":
            return hal.until(0)
        if call == b"w":
            (count,) = struct.unpack("<H", self._take(2))
            data = b""
            while len(data) < count:
                data += os.read(self._from_cable, count - len(data))
            return hal.write(data, count)
        if call == b"k":
            name, count = self._file()
            return int(hal.write_file(name, self._take(count), count))
        raise self._died()

    def _file(self) -> tuple[str, int]:
        """Take the name of a file and a number of bytes."""
        name = self._take(self._take(1)[0]).decode()
        return name, struct.unpack("<H", self._take(2))[0]

    def _send(self, data: bytes) -> None:
        try:
            self._to.write(data)
            self._to.flush()
        except OSError:
            raise self._died() from None

    def _take(self, count: int) -> bytes:
        data = self._from.read(count)
        if len(data) < count:
            raise self._died()
        return data

    def _died(self) -> BrainError:
        self._process.kill()
        assert self._process.stderr
        said = self._process.stderr.read().decode(errors="replace").strip()
        return BrainError(said or f"MicroPython ended with status {self._process.wait()} on {sys.platform}")

"""The robot's own `main` under a real MicroPython, with `select` and a real port, on the board that stands in. Linux and macOS alone."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from tests.firmware.assembler import go, mark
from tests.firmware.fakes import frame

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 60

SCRIPT = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests" / "standin")!r})
import machine
def feed(self):
    machine.bench.fed_us.append(machine.bench.us)
    machine.bench.advance(10000)
machine.WDT.feed = feed
machine.bench.is_quiet = True
import main
main.KIT_FILE = {str(ROOT / "firmware" / "kits" / "pico-stepper.json")!r}
main.main()
"""


class Host:
    """The master's end of a pseudo-terminal."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._receiver = wire.Receiver()

    def say(self, kind: int, sequence: int, body: bytes = b"") -> None:
        os.write(self._end, frame(kind, sequence, body))

    def next(self) -> bytes:
        """Return the next payload."""
        while (count := self._receiver.next()) < 0:
            ready, _, _ = select.select([self._end], [], [], LIMIT_S)
            assert ready, "the robot says nothing"
            data = os.read(self._end, 4096)
            self._receiver.push(data, len(data))
        return bytes(self._receiver.buf[1 : 1 + count])

    def wait_for(self, kind: int) -> bytes:
        """Return the body of the next message of a kind."""
        while (payload := self.next())[0] != kind:
            pass
        return payload[2:]


@pytest.fixture
def host(micropython: Path, tmp_path: Path) -> Iterator[Host]:
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals")
    import pty
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    path = os.pathsep.join([str(ROOT), str(ROOT / "firmware")])
    command = [micropython, "-X", "heapsize=1m", "-c", SCRIPT]
    robot = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "MICROPYPATH": path}, stdin=theirs, stdout=theirs)
    try:
        yield Host(ours)
    finally:
        robot.kill()
        robot.wait()
        os.close(ours)
        os.close(theirs)


def test_a_program_runs_from_hello_to_finished(host: Host) -> None:
    host.say(wire.HELLO, 1, b"\1\2\3\4")
    hello = host.wait_for(wire.REPLY)
    assert hello[:2] == bytes([wire.HELLO, o.FAULT_NONE])
    assert b"pico-stepper" in hello
    image = go(mark(0), mark(1), (o.OP_FORWARD_MM, 4))
    host.say(wire.LOAD, 2, bytes([len(image), 0, 0, 0]) + image)
    assert host.wait_for(wire.REPLY)[:2] == bytes([wire.LOAD, o.FAULT_NONE])
    host.say(wire.RUN, 3, bytes([0, 0, 0, 0, wire.EVENTS_ALL, 0]))
    assert host.wait_for(wire.FINISHED)[5] == o.HOW_DONE


def test_every_byte_passes_both_ways(host: Host) -> None:
    host.say(wire.HELLO, 3, bytes([3, 4, 10, 13]))  # Ctrl-C, Ctrl-D and ends of lines are bytes like any other
    assert host.wait_for(wire.REPLY)[2:6] == bytes([3, 4, 10, 13])
    os.write(host._end, bytes(range(256)) * 4 + b"\0")
    host.say(wire.PING, 4)
    assert host.wait_for(wire.REPLY)[:2] == bytes([wire.PING, o.FAULT_NONE])

"""
Make the recordings in tests/recordings anew, after a change of the protocol: sessions with a simulated robot, always the same ones.

    python tools/recordings.py [DIR]
"""

import contextlib
import io
import sys
from collections.abc import Callable
from pathlib import Path

from petitpas.play import Player
from petitpas.program import from_compact
from petitpas.robots import OpenPort, Port
from petitpas.robots.recording import PLUGGED, TO_HOST, TO_ROBOT, Recorder, World, payloads
from petitpas.simulated import ROBOT, make_runner
from petitpas.words import Words
from petitpas_robot import wire
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

DIRECTORY = Path(__file__).resolve().parent.parent / "tests" / "recordings"
WORLD = World("4x4", "B1N", ("C4",), ROBOT)
PROGRAM = from_compact([["repeat", 2, ["forward", ["light", "blue"], "right"]], "beep", "forward"])
OUT_MS = 150
"""How long the cord is out between two attempts to plug it in."""

DAMAGED_WRITES = {2, 6}
DAMAGED_READS = {4, 9}
"""A LOAD and a PING; an event and a reply. FINISHED is damaged too."""


class Always(Port):
    """A port whose conversations always begin alike."""

    def nonce(self) -> bytes:
        """Return the same bytes each time."""
        return b"\1\2\3\4"


class Damaging:
    """A port that damages some of what passes, and notes what was sent and what came."""

    def __init__(self, port: OpenPort, recorder: Recorder, written: set[int], read: set[int]) -> None:
        self.url, self.now_ms, self.nonce, self.close = port.url, port.now_ms, port.nonce, port.close
        self._port = port
        self._recorder = recorder
        self._damaged = {TO_ROBOT: written, TO_HOST: read}
        self._counts = {TO_ROBOT: 0, TO_HOST: 0}

    def read(self) -> bytes:
        """Read, and damage the pieces whose numbers are given."""
        data = self._port.read()
        return self._note(TO_HOST, data) if data else data

    def write(self, data: bytes) -> None:
        """Damage, and write."""
        self._port.write(self._note(TO_ROBOT, data))

    def _note(self, way: str, data: bytes) -> bytes:
        self._counts[way] += 1
        is_damaged = self._counts[way] in self._damaged[way] or payloads([data])[-1][0] == wire.FINISHED
        heard = _damage(data) if is_damaged else data
        self._recorder.note(self.now_ms(), way, data, heard if is_damaged else None)
        return heard


def _damage(data: bytes) -> bytes:
    """Change a byte near the beginning and one near the end: the first and the last frame are lost."""
    spoilt = bytearray(data)
    for at in {4, len(data) - 4}:  # the same in a PING
        spoilt[at] = spoilt[at] ^ 0x55 or 1
    return bytes(spoilt)


class Screen(io.StringIO):
    """Where a player tells; something happens once a certain text is told."""

    def __init__(self, text: str, then: Callable[[], None]) -> None:
        super().__init__()
        self._text = text
        self._then = then

    def write(self, said: str) -> int:
        """Take a text."""
        if self._text and self._text in said:
            self._text = ""
            self._then()
        return super().write(said)


def record(out: io.StringIO, open_port: Callable[[Recorder], Callable[[str], OpenPort]], screen: Callable[[Runner], Screen]) -> None:
    """Play the program once, through a cable and before a screen, and record it."""
    runner = make_runner(WORLD.mat, WORLD.start, WORLD.rocks, [WORLD.robot])

    def pause(seconds: float) -> None:
        runner.run_to(runner.world.t_ms + OUT_MS)

    recorder = Recorder(out, WORLD, Always)
    player = Player(f"sim://{ROBOT}", PROGRAM, Words(), screen(runner), pause_s=pause, open_port=open_port(recorder))
    with open_to_hosts(Virtual(runner)), contextlib.suppress(KeyboardInterrupt):
        player.play()


def _plain(recorder: Recorder) -> Callable[[str], OpenPort]:
    return recorder.open


def _damaging(recorder: Recorder) -> Callable[[str], OpenPort]:
    def open_port(url: str) -> OpenPort:
        port = Always(url)
        recorder.note(port.now_ms(), PLUGGED)
        return Damaging(port, recorder, DAMAGED_WRITES, DAMAGED_READS)

    return open_port


def _nothing(runner: Runner) -> Screen:
    return Screen("", lambda: None)


def _cord_out(runner: Runner) -> Screen:
    return Screen("[b4]", runner.robots[ROBOT].cable.unplug)


def _ctrl_c(runner: Runner) -> Screen:
    def interrupt() -> None:
        raise KeyboardInterrupt

    return Screen("[b4]", interrupt)


SESSIONS = {
    "whole.txt": (_plain, _nothing),
    "damaged.txt": (_damaging, _nothing),
    "cord.txt": (_plain, _cord_out),
    "stopped.txt": (_plain, _ctrl_c),
}


def main(directory: Path = DIRECTORY) -> None:
    """Write every recording."""
    for name, (open_port, screen) in SESSIONS.items():
        out = io.StringIO()
        record(out, open_port, screen)
        (directory / name).write_text(out.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY)

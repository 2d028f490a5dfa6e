"""
The contract of a HAL on a board of its own: on real MicroPython behind a pseudo-terminal, and on the robot that is plugged in.

    python -m pytest tests/test_board_contract.py --port /dev/ttyACM0

The robot has Petit Pas (`petitpas install`). Hold it in the air by its body, or stand it on a box, so that the wheels turn freely while the
switch under the body stays as it is on the floor. It is asked for maintenance, held to each clause, and started again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from petitpas.robots import Robot
from petitpas.robots.board import Board
from petitpas.robots.firmware import FLAG, BoardFile, board_files
from petitpas.robots.installer import Installer
from petitpas_robot import wire
from tests.firmware import contract
from tests.test_installing import needs_pty, plugged

ROOT = Path(__file__).resolve().parent.parent
TYPED = ("port", "contract", "plugged")
KITS = ("pico-stepper", "pico-dc")
ATTEMPTS = 10
"""To reach the prompt of a board that has just been reset."""

STANDS_IN = f"""
import machine, sys
machine.bench.is_quiet = True
sys.path.append({str(ROOT)!r})
from tests.firmware.board import BATTERY_PIN, LINE_PINS, Shaft
machine.bench.lines[BATTERY_PIN].adc = 5000 * 65535 // 6600
for pin in LINE_PINS:
    machine.bench.lines[pin].adc = 6000
shafts = []
class Time:
    def ticks_ms():
        return machine.bench.us // 1000 & 0x3FFFFFFF
    def ticks_us():
        machine.bench.advance(4)
        return machine.bench.us & 0x3FFFFFFF
    def ticks_add(ms, more):
        return ms + more & 0x3FFFFFFF
    def ticks_diff(ms, other):
        return (ms - other + 0x20000000 & 0x3FFFFFFF) - 0x20000000
    def sleep_ms(ms):
        machine.bench.log.clear()
        for _ in range(ms):
            machine.bench.advance(1000)
            for shaft in shafts:
                shaft.go()
sys.modules["time"] = Time
import main
kit = main.read_kit()
if kit.wheels == "dc":
    for side in ("left", "right"):
        shafts.append(Shaft(kit.pins[side], kit.pins[side + "_encoder"], kit.full_rate))
"""
"""What a board's surroundings are where a test makes them: the time, the battery, the motors."""


class Prompt:
    """A board at its prompt, with the bench typed into it."""

    def __init__(self, board: Board, first: str = "") -> None:
        self._board = board
        self.run(first)
        self.run("".join(map(source, TYPED)))

    def run(self, text: str) -> None:
        """Run this on the board; fail with what it says where it does not go to its end."""
        from mpremote.transport import TransportExecError

        try:
            self._board._transport.exec(text)
        except TransportExecError as error:
            pytest.fail(error.error_output, pytrace=False)


def source(name: str) -> str:
    """Return a module of the firmware's tests without its imports from the others."""
    text = (ROOT / "tests" / "firmware" / f"{name}.py").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("from tests."))


def installer_of(url: str) -> Installer:
    """Return what reaches a board, with nothing to install."""
    return Installer(url, "", (BoardFile("main.py", b""),))


def prompted(url: str, first: str = "") -> Iterator[Prompt]:
    """Give the prompt of the robot behind a port, and make it that robot again."""
    installer = installer_of(url)
    installer.ask_for_maintenance()
    board = installer._again(partial(Board.open, url), ATTEMPTS)
    try:
        yield Prompt(board, first)
    finally:
        if FLAG in board.files():
            board.remove(FLAG)
        board.reset()
    with installer._again(partial(Robot.open, url), ATTEMPTS) as robot:
        assert robot.state().state == wire.STATE_IDLE


@pytest.fixture(
    scope="module", params=[*(pytest.param(kit, marks=needs_pty) for kit in KITS), pytest.param("plugged", marks=pytest.mark.board)]
)
def prompt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prompt]:
    if request.param == "plugged":
        yield from prompted(request.config.getoption("--port"))
        return
    folder = tmp_path_factory.mktemp("board")
    for file in board_files(request.param):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    with plugged(request.getfixturevalue("micropython"), folder) as url:
        installer_of(url)._again(partial(Robot.open, url), ATTEMPTS).close()  # it has just been switched on
        yield from prompted(url, STANDS_IN)


@pytest.mark.parametrize("number", range(len(contract.CLAUSES)), ids=[clause.__name__ for clause in contract.CLAUSES])
def test_the_contract(prompt: Prompt, number: int) -> None:
    prompt.run(f"hold_to({number})")


@pytest.mark.parametrize(("options", "kinds"), [([], {*KITS}), (["--port", "COM9"], {*KITS, "plugged"})], ids=["no board", "a board"])
def test_a_board_is_asked_for_by_its_port_alone(tmp_path: Path, options: list[str], kinds: set[str]) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "petitpas.pytest_plugin", "-o", f"cache_dir={tmp_path}", "--collect-only", "-q"]
    path = os.pathsep.join(str(ROOT / folder) for folder in ("firmware", "host", "simulator"))
    done = subprocess.run(
        [*command, "tests/test_board_contract.py", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # installed or not, ours is loaded once
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {line.partition("[")[2].partition("-clause")[0] for line in done.stdout.splitlines() if "-clause_" in line} == kinds
    assert ("were left out" in done.stdout) != bool(options)


def test_what_a_board_says_is_told(prompt: Prompt) -> None:
    with pytest.raises(pytest.fail.Exception, match="AssertionError: no wheel turns"):
        prompt.run("bench = PluggedBench(*made)\nbench.go_half()")

"""A Pico's files, budgets and maintenance: what needs a real folder, or a look into the interpreter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.app import App
from tests.firmware.assembler import assemble, mark
from tests.firmware.board import KITS, BoardBench, PicoHal, bench
from tests.firmware.fakes import frame
from tests.firmware.test_main import boot

CALLS = 150
"""What a tick may call, Python's and C's functions together."""

FIRMWARE = str(Path(__file__).resolve().parent.parent / "firmware")


def calls_of(function: Callable[[], object]) -> int:
    """Return how many functions the firmware calls meanwhile; what the stand-ins do inside counts for nothing."""
    count = 0

    def note(caller: FrameType, event: str, _: Any) -> None:
        nonlocal count
        if event == "call":
            outer = caller.f_back
            count += outer is not None and outer.f_code.co_filename.startswith(FIRMWARE)
        elif event == "c_call":
            count += caller.f_code.co_filename.startswith(FIRMWARE)

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kit", KITS)
def test_a_tick_calls_few_functions(kit: str) -> None:
    desk = BoardBench(kit)
    app = App(desk.hal, desk.kit, "robot")
    desk.run_with(app.tick)
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b"), (o.HEAD_OBSTACLE, 0, "c"), (o.HEAD_KEY, 0, "c")]
    code = ["a", mark(0), (o.OP_FORWARD, 9), (o.OP_END,), "b", mark(1), (o.OP_WAIT, 10), (o.OP_JUMP, "b"), "c", (o.OP_END,)]
    image = assemble(heads, code)
    desk.send(frame(wire.HELLO, 1, b"\1\2\3\4"))
    desk.tick(2)
    assert app.load(len(image), 0, image)[0] == o.FAULT_NONE
    app.run(0, 0, wire.EVENTS_ALL, 0)
    desk.tick(20)
    assert desk.hal.is_moving()
    ticks: list[int] = []
    desk.run_with(lambda now_ms: ticks.append(calls_of(lambda: app.tick(now_ms))))
    for number in range(100):
        answered = len(desk.received())
        desk.send(frame(wire.PING, 2 + number))  # a frame in, and one out
        desk.tick()
        while app.session.tx_used:  # between two ticks, as `main` does it
            app.hear(desk.now_ms)
        assert len(desk.received()) > answered
    print(f"{kit}: at most {max(ticks)} calls in a tick")
    assert desk.hal.is_moving()
    assert max(ticks) <= CALLS


def test_files_are_kept_in_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hal = BoardBench().hal
    buf = bytearray(b"carottes et navets")
    into = bytearray(30)
    assert PicoHal.read_file(hal, "slot0.0", into) is None
    assert PicoHal.write_file(hal, "slot0.0", buf, 8) is True
    assert PicoHal.read_file(hal, "slot0.0", into) == 8
    assert into[:9] == b"carottes\0"
    assert PicoHal.write_file(hal, "slot0.0", buf, 3) is True
    assert (tmp_path / "store" / "slot0.0").read_bytes() == b"car"
    assert PicoHal.read_file(hal, "slot0.0", bytearray(2)) == 2


@pytest.mark.parametrize("kit", KITS)
def test_maintenance_stops_sets_its_flag_and_resets(kit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import machine

    monkeypatch.chdir(tmp_path)
    desk = BoardBench(kit)
    desk.run_with(App(desk.hal, desk.kit, "robot").tick)
    desk.send(frame(wire.HELLO, 1, b"\1\2\3\4"))
    desk.tick(2)
    desk.hal.move(3000, 3000, 300, 600, 300)
    desk.send(frame(wire.MAINTENANCE, 2))
    sent = len(desk.received())
    begun = bench.us
    with pytest.raises(machine.Reset):
        desk.tick(200)
    assert 100_000 <= bench.us - begun <= 1_000_000
    assert len(desk.received()) > sent  # the reply has gone
    assert bench.levels(range(4)) == [0] * 4
    assert (tmp_path / "maintenance").exists()
    main = boot()
    assert main.is_maintenance()
    assert not main.is_maintenance()  # one start: the next gets the robot back

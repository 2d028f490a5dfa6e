"""The firmware's tests on a real MicroPython; `tests/firmware` itself runs on CPython too, beside the other suites."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.firmware.conftest import WITHOUT_A_CORE
from tests.firmware.fakes import CORES

ROOT = Path(__file__).resolve().parent.parent
HEAP = "242k"
"""A Pico's. Source: 241,824 bytes free under MicroPython 1.28."""

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


def run(micropython: Path, *arguments: str) -> str:
    """Run MicroPython in the root of the tree and return what it prints; fail with that where it fails."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "firmware")])
    done = subprocess.run(
        [micropython, "-X", f"heapsize={HEAP}", *arguments],
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
    return done.stdout


def test_every_module_is_found() -> None:
    names = {"test_app", "test_clock", "test_drive", "test_heap", "test_image", "test_session", "test_tasks", "test_vm", "test_wire"}
    assert names <= set(MODULES)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("module", MODULES)
def test_on_micropython(micropython: Path, module: str, core: str) -> None:
    if core != CORES[0] and module in WITHOUT_A_CORE:
        return
    said = run(micropython, "tests/firmware/run.py", core, module)
    print(said)
    assert f"{module} on the {core} core: " in said
    assert " 0 passed" not in said
    assert said.rstrip().endswith(" 0 failed")


@pytest.mark.parametrize("core", CORES)
def test_free_heap_after_boot(micropython: Path, core: str) -> None:
    free = int(run(micropython, "-c", f"CORE = {core!r}\n{BOOT}"))
    print(f"free heap after boot, {core} core: {free:,} bytes of {HEAP}")
    assert 170_000 <= free < 242_000


def test_a_failing_run_is_noticed(micropython: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="ImportError"):
        run(micropython, "tests/firmware/run.py", "plain", "test_of_nothing")

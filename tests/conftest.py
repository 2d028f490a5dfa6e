"""What every suite may ask for: a repeatable hypothesis, a real MicroPython, and a board that is plugged in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import settings
from pressed import mock_pins, wired

from get_micropython import find_micropython
from petitpas.tangible.pins import Pins

_APART = pytest.StashKey[int]()
"""How many tests were left out for want of a board."""

os.environ.setdefault("SDL_AUDIODRIVER", "dummy")  # no test makes a noise, or needs a sound card

IS_CI = os.environ.get("CI", "").lower() in ("1", "true")

# Without a deadline: a slow machine is no failure. In CI the examples are the same every time.
settings.register_profile("petitpas", deadline=None, derandomize=IS_CI, database=None if IS_CI else settings.default.database)
settings.load_profile("petitpas")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --port."""
    parser.addoption(
        "--port", default="", metavar="URL", help="hold the board at this port to the contract of a HAL: see tests/test_board_contract.py"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "board: needs a board that is plugged in, and --port")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a board where none was named; pytest counts it as deselected."""
    if config.getoption("--port"):
        return
    apart = [item for item in items if item.get_closest_marker("board")]
    items[:] = [item for item in items if item not in apart]
    config.hook.pytest_deselected(items=apart)
    config.stash[_APART] = len(apart)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, in one line."""
    if config.stash.get(_APART, 0):
        terminalreporter.write_line(f"{config.stash[_APART]} tests of a plugged board were left out: name its port, --port /dev/ttyACM0")


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    """Give this computer mock pins."""
    with mock_pins() as made:
        yield made


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    """Return where a panel of eight buttons is wired."""
    return wired(tmp_path)


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have pygame draw where nobody sees it."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield
    pygame.display.quit()


@pytest.fixture(scope="session")
def micropython() -> Path:
    """Return the path of a real MicroPython; without one skip, or fail where nothing may be missing (CI on Linux)."""
    path = find_micropython()
    if path is None:
        reason = "no MicroPython: run `python3 go.py test`, or name one in PETITPAS_MICROPYTHON"
        if IS_CI and sys.platform == "linux":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def apart() -> list[str]:
    """The command that runs another one without a network, with mounts of its own; skip where it may not, fail in CI on Linux."""
    command = ["unshare", "--map-root-user", "--net", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True).returncode:
        reason = "no network namespaces: unshare is missing or not permitted"
        if IS_CI and sys.platform == "linux":
            pytest.fail(reason)
        pytest.skip(reason)
    return command

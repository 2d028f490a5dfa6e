"""For pytest alone: runs each of these modules with every core. MicroPython has run.py instead."""

from collections.abc import Iterator

import pytest

from tests.firmware import fakes

WITHOUT_A_CORE = (
    "test_clock",
    "test_wire",
    "test_drive",
    "test_store",
    "test_stepper",
    "test_dc",
    "test_signals",
    "test_main",
    "test_stop",
    "test_checkup",
)


@pytest.fixture(autouse=True)
def core(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose a core for one test."""
    fakes.Choice.core = request.param
    yield request.param
    fakes.Choice.core = fakes.CORES[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a module with each core, once where it has nothing to do with them."""
    is_apart = metafunc.module.__name__.rpartition(".")[2] in WITHOUT_A_CORE
    metafunc.parametrize("core", fakes.CORES[:1] if is_apart else fakes.CORES, indirect=True)


collect_ignore = ["test_heap.py", "test_board_heap.py"]
"""What only MicroPython has."""

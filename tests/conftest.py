"""What every suite may ask for: a repeatable hypothesis, and a real MicroPython."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from get_micropython import find_micropython

IS_CI = os.environ.get("CI", "").lower() in ("1", "true")

# Without a deadline: a slow machine is no failure. In CI the examples are the same every time.
settings.register_profile("petitpas", deadline=None, derandomize=IS_CI, database=None if IS_CI else settings.default.database)
settings.load_profile("petitpas")


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

"""The kit files that come with the firmware."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import petitpas_robot
from petitpas_robot.kit import Kit

BOARD_KITS = ("pico-stepper", "pico-dc")
"""The kits of robots with a board, the default first; a test compares them with the kit files."""

_BESIDE = Path(petitpas_robot.__file__).parent


def _folder() -> Path:
    """Return where kit files are: inside the installed package, or beside it in a source tree."""
    inside = _BESIDE / "kits"
    return inside if inside.is_dir() else _BESIDE.parent / "kits"


def kit_names() -> list[str]:
    """Return the names of the kits, sorted."""
    return sorted(file.stem for file in _folder().glob("*.json"))


def kit_file(name: str) -> Path:
    """Return the file of a kit by name; raise ValueError where there is none."""
    if name not in kit_names():
        raise ValueError(f"there is no kit {name!r}; there are {', '.join(kit_names())}")
    return _folder() / f"{name}.json"


@cache
def load_kit(name: str) -> Kit:
    """
    Return a kit by name.

    Raises:
        ValueError: there is no such kit, or its file is wrong.
    """
    return Kit(json.loads(kit_file(name).read_text(encoding="utf-8")))

"""What is kept of a class as one file that people can read, and other tools too."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from petitpas.classroom.records import ClassState, Work
from petitpas.errors import FileError

FORMAT = 1
"""Version of the exported file."""


def export(state: ClassState, path: Path) -> None:
    """
    Write all that is kept of a class into a JSON file, whole or not at all. Any thread may, with the snapshot it has.

    Raises:
        FileError: it cannot be written there.
    """
    text = json.dumps(document(state), ensure_ascii=False, indent=2, default=_plain) + "\n"
    whole = path.with_name(path.name + ".part")
    try:
        whole.write_text(text, encoding="utf-8")
        os.replace(whole, path)
    except OSError as error:
        whole.unlink(missing_ok=True)
        raise FileError("file_unreadable", path=str(path)) from error


def document(state: ClassState) -> dict[str, Any]:
    """Return all that is kept of a class as values of JSON: work by group, lesson and variant, under the names that the wall uses."""
    groups: dict[str, Any] = {}
    for key, work in sorted(state.works.items()):
        groups.setdefault(key.fruit, {}).setdefault(key.lesson, {})[key.variant] = _work(work)
    return {
        "petitpas_class": FORMAT,
        "since": state.since,
        "settings": asdict(state.settings),
        "in_hand": {"level": state.hand.level, **state.hand.key._asdict()},
        "robot": state.robot._asdict(),
        "groups": groups,
        "inventions": [asdict(mat) for mat in state.inventions],
    }


def _work(work: Work) -> dict[str, Any]:
    tries = [{**{each.name: getattr(made, each.name) for each in fields(made)}, "was_predicted": made.was_predicted} for made in work.tries]
    note = work.observation._asdict() if work.observation else None
    return {"strip": work.strip, "prediction": work.prediction, "observation": note, "tries": tries}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    assert isinstance(value, date)
    return value.isoformat()

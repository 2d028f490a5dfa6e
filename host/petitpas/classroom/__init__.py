"""The state of one class: commands in, frozen snapshots out, and everything kept in one folder. No window and no port is needed."""

from __future__ import annotations

from petitpas.classroom.core import RETRY_MS, Classroom
from petitpas.classroom.export import export
from petitpas.classroom.places import data_folder
from petitpas.classroom.records import FRUITS, OBSERVATIONS, SETTINGS, ClassState, Hand, Invention, Key, Robot, Settings, Try, Work
from petitpas.classroom.store import Store

__all__ = [
    "FRUITS",
    "OBSERVATIONS",
    "RETRY_MS",
    "SETTINGS",
    "ClassState",
    "Classroom",
    "Hand",
    "Invention",
    "Key",
    "Robot",
    "Settings",
    "Store",
    "Try",
    "Work",
    "data_folder",
    "export",
]

"""A class as rows of its tables: what has changed between two states as statements, and the state in a database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from petitpas.classroom.records import (
    FRUITS,
    ROBOTS,
    SETTINGS,
    ClassState,
    Hand,
    Invention,
    Key,
    Observation,
    Robot,
    Settings,
    Strip,
    Try,
    Work,
    is_setting,
    strip_of,
)
from petitpas.program.blocks import LEVELS

Statement = tuple[str, tuple[Any, ...]]

_OF_KEY = "fruit = ? AND lesson = ? AND variant = ?"


def changes(before: ClassState, after: ClassState) -> Iterator[Statement]:
    """Give the statements that make a database that holds `before` hold `after`. Work that is the same object has not changed."""
    for name in SETTINGS:
        if (value := getattr(after.settings, name)) != getattr(before.settings, name):
            yield _insert("setting", "name value", name, value)
    if (before.since, before.hand, before.robot) != (after.since, after.hand, after.robot):
        yield _insert(
            "class",
            "id since level fruit lesson variant animal port",
            1,
            _text(after.since),
            after.hand.level,
            *after.hand.key,
            *after.robot,
        )
    for key in before.works.keys() - after.works.keys():
        yield f"DELETE FROM work WHERE {_OF_KEY}", key
        yield f"DELETE FROM try WHERE {_OF_KEY}", key
    for key, work in after.works.items():
        if work is not (old := before.works.get(key)):
            yield from _work_changes(key, old or Work(), work)
    kept = set(after.inventions)
    for mat in before.inventions:
        if mat not in kept:
            yield "DELETE FROM invention WHERE number = ?", (mat.number,)
    for mat in kept.difference(before.inventions):
        row = (mat.number, mat.fruit, mat.title, mat.size, mat.start, mat.goal, json.dumps(mat.rocks))
        yield _insert("invention", "number fruit title size start goal rocks", *row)


def _work_changes(key: Key, before: Work, after: Work) -> Iterator[Statement]:
    how, day = after.observation or ("", None)
    yield _insert(
        "work", "fruit lesson variant strip prediction observation observed_on", *key, _json(after.strip), after.prediction, how, _text(day)
    )
    old = {made.number: made for made in before.tries}
    for number in old.keys() - {made.number for made in after.tries}:
        yield f"DELETE FROM try WHERE {_OF_KEY} AND number = ?", (*key, number)
    for made in after.tries:
        if made is not old.get(made.number):
            yield _insert(
                "try",
                "fruit lesson variant number day program outcome is_reached arrived parted_at prediction",
                *(*key, made.number, _text(made.day), _json(made.program), made.outcome, made.is_reached),
                *(made.arrived, made.parted_at, made.prediction),
            )


def _insert(table: str, columns: str, *values: Any) -> Statement:
    names = columns.split()
    return f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values


def state_in(database: sqlite3.Connection) -> ClassState:
    """
    Return the class that a database of this version holds. What a newer Petit Pas knows and this one does not is left out.

    Raises:
        ValueError, TypeError, sqlite3.Error: there is something in it that no Petit Pas has written.
    """
    state = ClassState(settings=_settings(database), works=MappingProxyType(_works(database)), inventions=tuple(_inventions(database)))
    for since, level, fruit, lesson, variant, animal, port in database.execute(
        "SELECT since, level, fruit, lesson, variant, animal, port FROM class"
    ):
        hand = Hand(level if level in LEVELS else "", Key(fruit if fruit in FRUITS else "", lesson, variant))
        return replace(state, since=_date(since), hand=hand, robot=Robot(animal, port) if animal in ROBOTS else Robot())
    return state


def _settings(database: sqlite3.Connection) -> Settings:
    found: dict[str, Any] = {}
    for name, kept in database.execute("SELECT name, value FROM setting"):
        value = bool(kept) if name in SETTINGS and isinstance(SETTINGS[name].default, bool) else kept
        if is_setting(name, value):
            found[name] = value
    return Settings(**found)


def _works(database: sqlite3.Connection) -> dict[Key, Work]:
    tries: dict[Key, list[Try]] = {}
    for fruit, lesson, variant, number, day, program, outcome, is_reached, *rest in database.execute(
        "SELECT fruit, lesson, variant, number, day, program, outcome, is_reached, arrived, parted_at, prediction FROM try ORDER BY number"
    ):
        made = Try(number, date.fromisoformat(day), _strip(program), outcome, bool(is_reached), *rest)
        tries.setdefault(Key(fruit, lesson, variant), []).append(made)
    works = {}
    for *key, strip, prediction, how, day in database.execute(
        "SELECT fruit, lesson, variant, strip, prediction, observation, observed_on FROM work"
    ):
        note = Observation(how, date.fromisoformat(day)) if how else None
        works[Key(*key)] = Work(_strip(strip), prediction, note, tuple(tries.get(Key(*key), ())))
    return works


def _inventions(database: sqlite3.Connection) -> Iterator[Invention]:
    for number, fruit, title, size, start, goal, rocks in database.execute(
        "SELECT number, fruit, title, size, start, goal, rocks FROM invention ORDER BY number"
    ):
        yield Invention(number, fruit, title, size, start, goal, tuple(json.loads(rocks)))


def _json(strip: Strip) -> str:
    return json.dumps(strip, default=dict, separators=(",", ":"))


def _strip(text: str) -> Strip:
    try:
        return strip_of(json.loads(text))
    except ValueError:  # blocks of a newer Petit Pas
        return ()


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""
The tables of a class, and how those of an older version become them.

What has been in a release is never changed here: a change is one more row of MIGRATIONS. A new name in a vocabulary (a fruit, an outcome)
needs none, for the columns hold any short word; that it is one of ours is seen to when a command is made.
"""

from __future__ import annotations


def _word(column: str) -> str:
    return f"{column} TEXT NOT NULL CHECK (length({column}) <= 24 AND {column} NOT GLOB '*[^a-z_]*')"


def _text(column: str, most: int) -> str:
    return f"{column} TEXT NOT NULL CHECK (length({column}) <= {most})"


def _list(column: str) -> str:
    return f"{column} TEXT NOT NULL CHECK (json_valid({column}))"


def _day(column: str) -> str:
    return f"{column} TEXT CHECK ({column} IS date({column}))"


_KEY = ", ".join((_word("fruit"), _text("lesson", 64), _text("variant", 64)))

_VERSION_1 = (
    f"CREATE TABLE setting ({_word('name')} PRIMARY KEY, value CHECK (typeof(value) <> 'text' OR value NOT GLOB '*[^a-z]*')) WITHOUT ROWID",
    f"""CREATE TABLE class (id INTEGER PRIMARY KEY CHECK (id = 1), {_day("since")},
        level TEXT NOT NULL CHECK (length(level) <= 3), {_KEY}, {_word("animal")}, {_text("port", 200)})""",
    f"""CREATE TABLE work ({_KEY}, {_list("strip")}, {_text("prediction", 4)}, {_word("observation")}, {_day("observed_on")},
        PRIMARY KEY (fruit, lesson, variant)) WITHOUT ROWID""",
    f"""CREATE TABLE try ({_KEY}, number INTEGER NOT NULL, {_day("day")}, {_list("program")}, {_word("outcome")},
        is_reached INTEGER NOT NULL CHECK (is_reached IN (0, 1)), {_text("arrived", 4)},
        parted_at TEXT CHECK (length(parted_at) <= 4), {_text("prediction", 4)},
        PRIMARY KEY (fruit, lesson, variant, number)) WITHOUT ROWID""",
    f"""CREATE TABLE invention (number INTEGER PRIMARY KEY, {_word("fruit")}, {_word("title")}, {_text("size", 5)},
        {_text("start", 4)}, {_text("goal", 3)}, {_list("rocks")})""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_VERSION_1,)
"""Row n brings a database of version n to version n + 1; a new one is of version 0."""

"""
Many programs: a list of rows goes in, a verdict for each comes out, in order.

A row is what a line of a JSONL file holds: `lesson`, `variant`, `program` (a compact list or a JSON document), and where they are known the
program `previous` to it and the cell that was `predicted`. What is not right about a row is told in its answer; it never stops the others.

    answers(rows, asked)            in this process: what an engine that distributes work is to call, with any part of the rows
    check_many(rows, asked, jobs)   on several cores, each content once

Rows with the same content get the same answer. Compiled programs are kept by `build`, which knows them by content too.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from petitpas.errors import KitError, RowError
from petitpas.lessons.explain import Explanation, explain
from petitpas.lessons.ideas import Try
from petitpas.lessons.judge import Verdict, judge, verdict_on
from petitpas.lessons.lesson import VARIANTS, Lesson, Variant
from petitpas.lessons.load import lessons_folder, load_lesson
from petitpas.program import Program, from_compact, from_json, to_compact
from petitpas.program.tree import shown
from petitpas.words import LANGUAGE, Key, Words
from petitpas_robot import opcodes
from petitpas_sim.mat import HEADINGS, cell_name, parse_cell

Row = object
"""A decoded line: a mapping with the keys above, where it is right."""

Answer = dict[str, object]
"""What is said of a row, as JSON has it: a verdict, or `error` with its code and its sentence."""

EXACT = "exact"

_FIELDS = ("lesson", "variant", "program", "previous", "predicted")
_HOW = {value: name.removeprefix("HOW_").lower() for name, value in vars(opcodes).items() if name.startswith("HOW_")}

_CHUNK = 50
"""Rows that are handed to another process at a time."""

_SMALL = 200
"""So few different rows are judged sooner here than other processes would begin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every row besides its verdict: the kind explanation, verdicts on other kits, and the language of sentences."""

    explain: bool = False
    kits: tuple[str, ...] = ()
    lang: str = LANGUAGE


def answers(rows: Sequence[Row], asked: Asked = Asked()) -> list[Answer]:
    """Return the answer to each row, in order."""
    return [_answer(row, asked) for row in rows]


def check_many(rows: Sequence[Row], asked: Asked = Asked(), jobs: int = 1) -> Iterator[Answer]:
    """
    Give the answer to each row, in order, as soon as it is there.

    Args:
        jobs: processes that work at the same time; few rows are judged in this one.
    """
    contents = [_content(row) for row in rows]
    different = list(dict.fromkeys(contents))
    for row in rows:
        with contextlib.suppress(KitError):
            _lesson_of(row)  # once here, where processes that are forked find it
    waiting = zip(different, _answers_of(different, asked, jobs), strict=True)
    known: dict[str, Answer] = {}
    for content in contents:
        while content not in known:
            done, answer = next(waiting)
            known[done] = answer
        yield known[content]


def _content(row: Row) -> str:
    """Return what of a row its answer depends on."""
    try:
        return json.dumps({name: row[name] for name in _FIELDS if name in row} if isinstance(row, Mapping) else None)
    except RecursionError:  # hundreds of brackets
        return "null"


def _answers_of(contents: Sequence[str], asked: Asked, jobs: int) -> Iterator[Answer]:
    """Give the answers to contents that are all different."""
    if jobs == 1 or len(contents) < _SMALL:
        for content in contents:
            yield _answer(json.loads(content), asked)
        return
    chunks = [contents[at : at + _CHUNK] for at in range(0, len(contents), _CHUNK)]
    with multiprocessing.get_context(_start_method()).Pool(jobs, _begin, (asked,)) as pool:
        for chunk in pool.imap(_answer_chunk, chunks):
            yield from chunk


def _start_method() -> str:
    """Return how processes are started: a fork is the soonest, but only of a process that does one thing."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


_asked = Asked()
"""What is asked in this process, where it is one of several."""


def _begin(asked: Asked) -> None:
    """Begin a process: Ctrl-C is for the one that started it."""
    global _asked
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _asked = asked


def _answer_chunk(contents: Sequence[str]) -> list[Answer]:
    return answers([json.loads(content) for content in contents], _asked)


# --- One row --------------------------------------------------------------------------------------------------------------


def _answer(row: Row, asked: Asked) -> Answer:
    try:
        return _verdict(row, asked)
    except KitError as error:
        said: Answer = {"code": error.code, "say": error.say(asked.lang)}
        return {"error": {**said, "block_id": error.block_id} if error.block_id else said}
    except RecursionError:  # a program of hundreds of brackets
        return {"error": {"code": "row_json", "say": RowError("row_json").say(asked.lang)}}


def _verdict(row: Row, asked: Asked) -> Answer:
    if not isinstance(row, Mapping):
        raise RowError("row_json")
    variant = _variant(row)
    made = Try(_program(row, "program"), _program(row, "previous") if row.get("previous") is not None else None, _predicted(row))
    found = explain(variant, made) if asked.explain else Explanation(judge(variant, made.program))
    answer = _told(found.verdict)
    if asked.explain and not found.verdict.reached:
        answer["explanation"] = _explained(found, asked.lang)
    if asked.kits and all(robot.kit == EXACT for robot in variant.robots):
        answer["kits"] = {kit: _on_kit(variant, made.program, kit) for kit in asked.kits}
    return answer


def _told(verdict: Verdict) -> Answer:
    run = verdict.runs[0]
    return {
        "reached": verdict.reached,
        "how": _HOW[run.how],
        "cell": cell_name(run.cell),
        "heading": None if run.quarter is None else HEADINGS[run.quarter],
        "path": [cell_name(cell) for cell in run.path],
        "block_id": run.block_id,
        "blocks_used": verdict.blocks_used,
        "turns_used": verdict.turns_used,
        "past_limits": list(verdict.past_limits),
    }


def _explained(found: Explanation, lang: str) -> Answer:
    words = Words(lang)
    return {
        "idea": found.idea.name if found.idea else None,
        "say": words.text(f"{found.key}.say"),
        "try": words.text(f"{found.key}.try"),
        "parts_at": found.parts_at,
        "mends": [to_compact(mend.program) for mend in found.mends],
        "believed": [cell_name(cell) for cell in found.ghost.path] if found.ghost else None,
    }


def _on_kit(variant: Variant, program: Program, kit: str) -> Answer:
    from petitpas.lessons.check import play  # ports and cables, which nobody else here needs

    verdict = verdict_on(variant, play(variant, (program, *(robot.solution for robot in variant.robots[1:])), kit=kit))
    return {"reached": verdict.reached, "cell": cell_name(verdict.runs[0].cell)}


def _variant(row: Mapping[str, object]) -> Variant:
    lesson, name = _lesson_of(row), row.get("variant")
    if lesson is None:
        known = sorted(path.parent.name for path in lessons_folder().glob("*/lesson.toml"))
        raise RowError("row_choice", where="lesson", value=shown(row.get("lesson")), choices=", ".join(known))
    if name not in VARIANTS:
        raise RowError("row_choice", where="variant", value=shown(name), choices=", ".join(VARIANTS))
    return lesson.variant(str(name))


def _lesson_of(row: Row) -> Lesson | None:
    name = row.get("lesson") if isinstance(row, Mapping) else None
    return _lesson(name) if isinstance(name, str) else None


@lru_cache(maxsize=256)
def _lesson(name: str) -> Lesson | None:
    """Return a lesson that comes with Petit Pas, None where there is none of this name."""
    folder = lessons_folder() / name
    return load_lesson(folder) if re.fullmatch(r"[a-z0-9-]+", name) and (folder / "lesson.toml").is_file() else None


def _program(row: Mapping[str, object], key: str) -> Program:
    value = row.get(key)
    if isinstance(value, list):
        return from_compact(value)
    if isinstance(value, Mapping):
        return from_json(value)
    raise RowError("row_value", where=key, value=shown(value), expected=Key("row_values.program"))


def _predicted(row: Mapping[str, object]) -> tuple[int, int] | None:
    value = row.get("predicted")
    if value is None:
        return None
    try:
        return parse_cell(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise RowError("row_value", where="predicted", value=shown(value), expected=Key("lesson_values.cell")) from error

"""Lessons: how long the checker is imported, a program is explained, and five thousand are judged."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from statistics import median

from petitpas.lessons import Variant, all_lessons, judge
from petitpas.lessons.explain import explain
from petitpas.lessons.ideas import Try
from petitpas.lessons.many import check_many
from petitpas.program import from_compact, to_compact

PAIRS = 7
PROGRAMS = 5000
DIFFERENT = 2000
"""Of the programs with duplicates, as many are different: 60 % are not."""

JOBS = 2
EXPLAINED = 400
"""Programs of the five thousand that are explained, besides the hardest."""

Row = dict[str, object]
Line = tuple[str, str, str, str, bool | None]
"""The fields of a figure."""

HARDEST: tuple[Row, ...] = tuple(
    {"lesson": lesson, "variant": variant, "program": program}
    for lesson, variant, program in (
        ("ce2-6", "grand_pas", [["repeat", 2, ["left", "left"]], "left", "left", "until_obstacle", "right", "left", ["forward", 2]]),
        (
            "ce2-6",
            "grand_pas",
            [["forward", 3], "beep", ["repeat", 2, ["left", "forward"]], "left", ["forward", 2], "beep", "left", "beep"],
        ),
        (
            "ce2-6",
            "grand_pas",
            [["forward", 3], "beep", ["repeat", 4, ["right", "forward"]], "until_obstacle", "left", ["forward", 2], "beep"],
        ),
        ("ce2-6", "pas", [["repeat", 2, ["forward", "left"]], ["forward", 3], "beep", "left", "left", ["forward", 2], "beep", "left"]),
        ("ce2-6", "petit_pas", [["forward", 2], "left", ["repeat", 2, ["left", "right", "forward", "forward"]], "right"]),
        ("ce2-5", "pas", ["right", "left", "left", ["repeat", 4, ["right", ["repeat", 4, [["repeat", 3, ["left", "left", "right"]]]]]]]),
        ("ce2-5", "grand_pas", [["repeat", 2, [["forward", 3], "left", ["forward", 2], "left"]]]),
        ("ce2-4", "grand_pas", [["repeat", 2, []], "right", ["repeat", 2, [["repeat", 255, ["right", ["repeat", 3, ["right", "left"]]]]]]]),
        ("ce1-5", "pas", ["forward", "forward", "right"] * 5),
    )
)
"""The programs of at most 15 blocks that took longest of some ten thousand, drawn at random and near solutions."""


def programs(number: int) -> list[Row]:
    """Return different rows, always the same: half of them near a solution, half at random, 3 to 15 blocks each."""
    chance = random.Random(number)
    variants = [(lesson.id, variant) for lesson in all_lessons() for variant in lesson.variants]
    rows: dict[str, Row] = {}
    while len(rows) < number:
        lesson, variant = chance.choice(variants)
        cards = _near(variant, chance) if chance.random() < 0.5 else []
        while len(cards) < 3 or (len(cards) < 15 and chance.random() < 0.5 and len(cards) < len(to_compact(variant.solution))):
            cards.append(_card(variant, chance))
        row: Row = {"lesson": lesson, "variant": variant.name, "program": cards[:15]}
        rows[json.dumps(row)] = row
    return list(rows.values())


def _near(variant: Variant, chance: random.Random) -> list[object]:
    cards = list(to_compact(variant.solution))
    for _ in range(chance.randint(0, 3)):
        at = chance.randint(0, len(cards))
        cards[at : at + chance.choice((0, 1))] = [_card(variant, chance)]
    return cards


def _card(variant: Variant, chance: random.Random) -> object:
    choice = chance.choice([choice for choice in variant.blocks if choice.type != "repeat"])
    special: dict[str, object] = {"light": ["light", "blue"], "note": ["note", 60, 300]}
    return [choice.type, chance.randint(choice.least, choice.most)] if choice.most > 1 else special.get(choice.type, choice.type)


def figures() -> Iterator[Line]:
    """Give what is printed."""
    yield _import()
    rows = programs(PROGRAMS)
    yield from _explained(rows)
    few = rows[:DIFFERENT]
    doubled = [*few, *random.Random(1).choices(few, k=PROGRAMS - DIFFERENT)]
    random.Random(2).shuffle(doubled)
    yield from _many("all different", rows, 3.0)
    yield from _many("60 % duplicates", doubled, 1.0)


def _import() -> Line:
    """Return what the import takes where the modules were compiled before, as they are once they were installed."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}

        def milliseconds(code: str) -> float:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            return 1000 * (time.perf_counter() - began)

        milliseconds("import petitpas.lessons")
        pairs = [(milliseconds("import petitpas.lessons"), milliseconds("pass")) for _ in range(PAIRS)]
    whole, bare = (median(column) for column in zip(*pairs, strict=True))
    return "import of the checker, with the interpreter's start", f"{whole:.0f} ms", f"python: {bare:.0f} ms", "<= 100 ms", whole <= 100


def _explained(rows: list[Row]) -> Iterator[Line]:
    """Give what explaining takes, in time of the processor."""
    lessons = {lesson.id: lesson for lesson in all_lessons()}
    times, plain = [], []
    for row in (*HARDEST, *rows[:EXPLAINED]):
        variant, program = lessons[str(row["lesson"])].variant(str(row["variant"])), from_compact(row["program"])  # type: ignore[arg-type]
        began = time.process_time()
        explain(variant, Try(program))
        times.append(1000 * (time.process_time() - began))
        began = time.process_time()
        judge(variant, program, skip=False)
        plain.append(1000 * (time.process_time() - began))
    anchor = f"one ticked run: {median(plain):.1f} ms"
    yield "kind explanation, programs of at most 15 blocks, median", f"{median(times):.1f} ms", anchor, "", None
    yield "kind explanation, the worst known", f"{max(times):.0f} ms", anchor, "<= 150 ms", max(times) <= 150


def _many(name: str, rows: list[Row], most: float) -> Iterator[Line]:
    """Give what judging all rows takes, and how it compares with plain ticked runs of a part of them."""
    sample = rows[:: len(rows) // 100]
    lessons = {lesson.id: lesson for lesson in all_lessons()}
    pairs = []
    for _ in range(3):
        began = time.perf_counter()
        assert sum(1 for _ in check_many(rows, jobs=JOBS)) == len(rows)
        taken = time.perf_counter() - began
        began = time.perf_counter()
        for row in sample:
            variant = lessons[str(row["lesson"])].variant(str(row["variant"]))
            judge(variant, from_compact(row["program"]), skip=False)  # type: ignore[arg-type]
        pairs.append((taken, (time.perf_counter() - began) * len(rows) / len(sample)))
    taken, plain = (median(column) for column in zip(*pairs, strict=True))
    anchor = f"one ticked run after the other: {plain:.1f} s"
    yield f"check-many, {len(rows):,} programs, {name}, {JOBS} processes", f"{taken:.2f} s", anchor, f"<= {most} s", taken <= most

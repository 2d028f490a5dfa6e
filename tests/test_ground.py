"""What lies on the mat of a lesson: walls, lines, colours and lamps are read, simulated, drawn and printed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taught import Taught

from petitpas.errors import LessonError
from petitpas.lessons import VARIANTS, Lesson, read_lesson
from petitpas.lessons.fields import read_toml
from petitpas.lessons.ground import CELL_COLOURS
from petitpas.lessons.judge import judge
from petitpas.lessons.load import lessons_folder
from petitpas.lessons.review import review
from petitpas.printing import Job, lesson_pages, png
from petitpas.printing.mats import mat_data
from petitpas.program import from_compact
from petitpas.words import Words
from petitpas_robot import opcodes
from petitpas_sim.floor import light_permille, line_permille
from petitpas_sim.mat import CELL_MM, Mat, cell_name
from petitpas_sim.view.scene import Frame, MatLayout, ground_items

SCHEMA = jsonschema.Draft202012Validator(json.loads((lessons_folder() / "lesson.schema.json").read_text(encoding="utf-8")))
SIDE = 5
"""Of the mats; the robot goes from A1 to A3, where nothing is put in its way."""

BASE = {"kit": "exact", "mat": "5x5", "start": "A1N", "goal": {"type": "reach", "cells": ["A3"]}, "solution": ["forward", "forward"]}

cells = st.tuples(st.integers(1, SIDE - 1), st.integers(0, SIDE - 1)).map(cell_name)
walls = st.tuples(st.integers(1, SIDE - 2), st.integers(1, SIDE - 2), st.sampled_from("NESW")).map(
    lambda side: cell_name(side[:2]) + side[2]
)
grounds = st.fixed_dictionaries(
    {},
    optional={
        "walls": st.lists(walls, max_size=6),
        "lines": st.lists(st.lists(cells, min_size=2, max_size=4), max_size=3),
        "colours": st.dictionaries(cells, st.sampled_from(sorted(CELL_COLOURS)), max_size=6),
        "lamps": st.lists(cells, max_size=3),
    },
)


def written(ground: dict[str, object], base: dict[str, object] = BASE) -> str:
    """Return the text of a lesson whose variants all have this on their mats."""
    variant = "".join(f"{key} = {_toml(value)}\n" for key, value in {**base, **ground}.items())
    return 'format = 1\nlevels = ["CE2"]\ntitle = "T"\n' + "".join(f"[variants.{name}]\n{variant}" for name in VARIANTS)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def lesson_with(ground: dict[str, object], base: dict[str, object] = BASE) -> Lesson:
    return read_lesson(written(ground, base).encode(), Path("ground/lesson.toml"))


def sides(mat: Mat) -> set[frozenset[tuple[int, int]]]:
    """Return the walls as the two cells between which each is."""
    beyond = {"N": (0, 1), "E": (1, 0)}
    return {frozenset({(c, r), (c + beyond[side][0], r + beyond[side][1])}) for c, r, side in mat.walls}


@settings(max_examples=40, deadline=None)
@given(grounds)
def test_whatever_lies_on_a_mat_is_read_played_drawn_and_printed(ground: dict[str, object]) -> None:
    SCHEMA.validate(read_toml(written(ground).encode(), ""))
    variant = lesson_with(ground).variants[0]
    mat = variant.mat
    assert {cell_name(cell): colour for cell, colour in mat.colours} == {
        cell: CELL_COLOURS[name]
        for cell, name in dict(ground.get("colours", {})).items()  # type: ignore[call-overload]
    }
    assert {cell_name(cell) for cell in mat.lamps} == set(ground.get("lamps", []))  # type: ignore[call-overload]
    assert len(mat.lines) == len(ground.get("lines", []))  # type: ignore[arg-type]
    assert bool(mat.walls) is bool(ground.get("walls"))
    assert judge(variant).reached
    layout, bare = MatLayout.fit(mat, Frame(0, 0, 800, 800)), MatLayout.fit(Mat(SIDE, SIDE), Frame(0, 0, 800, 800))
    drawn = ground_items(layout, None, ())
    segments = sum(len(line.points) - 1 for line in mat.lines)
    assert len(drawn) == len(ground_items(bare, None, ())) + len(mat.walls) + segments + len(mat.lamps)
    data = mat_data(variant)
    assert [len(data[key]) for key in ("walls", "lines", "colours", "lamps")] == [  # type: ignore[arg-type]
        len(part) for part in (mat.walls, mat.lines, mat.colours, mat.lamps)
    ]


@pytest.mark.parametrize(
    ("written_as", "between"), [("B2N", {(1, 1), (1, 2)}), ("B2E", {(1, 1), (2, 1)}), ("B2S", {(1, 1), (1, 0)}), ("B2W", {(1, 1), (0, 1)})]
)
def test_a_wall_is_on_the_side_that_is_named(written_as: str, between: set[tuple[int, int]]) -> None:
    assert sides(lesson_with({"walls": [written_as]}).variants[0].mat) == {frozenset(between)}


def test_a_wall_stops_a_robot_and_its_senses_see_what_is_on_the_floor() -> None:
    stopped = judge(lesson_with({"walls": ["A1N"]}).variants[0])
    assert stopped.how == opcodes.HOW_BLOCKED and not stopped.path
    mat = lesson_with({"lines": [["C1", "C3"]], "lamps": ["E5"]}).variants[0].mat
    middle = [(cell + 0.5) * CELL_MM for cell in range(SIDE)]
    assert line_permille(mat, middle[2], middle[1]) < line_permille(mat, middle[3], middle[1])
    assert light_permille(mat, middle[4], middle[4]) > light_permille(mat, middle[0], middle[0])
    turns = ["if", {"sensor": "light", "is": "above", "value": 800}, ["forward", "forward"]]
    dark, lit = (lesson_with({"lamps": [lamp]}).variants[0] for lamp in ("E1", "A1"))
    assert [judge(variant, from_compact([turns])).reached for variant in (dark, lit)] == [False, True]


@pytest.mark.parametrize(
    ("ground", "where"),
    [
        ({"walls": ["A5N"]}, "walls[1]"),
        ({"walls": ["B2N", "A1W"]}, "walls[2]"),
        ({"walls": ["B2"]}, "walls[1]"),
        ({"walls": ["F1W"]}, "walls[1]"),
        ({"lines": [["A1"]]}, "lines[1]"),
        ({"lines": [["A1", "B1"], ["A1", "Z9"]]}, "lines[2][2]"),
        ({"lines": ["A1"]}, "lines[1]"),
        ({"colours": {"B2": "rouge"}}, "colours.B2"),
        ({"colours": {"Z9": "blue"}}, "colours.Z9"),
        ({"colours": ["B2"]}, "colours"),
        ({"lamps": ["B22"]}, "lamps[1]"),
        ({"lamps": 3}, "lamps"),
    ],
)
def test_what_cannot_lie_there_is_told_with_its_place_and_its_line(ground: dict[str, object], where: str, tmp_path: Path) -> None:
    with pytest.raises(LessonError) as caught:
        lesson_with(ground)
    assert caught.value.fields["where"] == f"variants.petit_pas.{where}"
    file = tmp_path / "lesson.toml"
    file.write_text(written(ground), encoding="utf-8")
    found = [finding for finding in review(file, date(2026, 11, 22)) if finding.where == f"variants.petit_pas.{where}"]
    assert found and file.read_text(encoding="utf-8").splitlines()[found[0].line - 1].startswith(where.split("[")[0].split(".")[0])


def test_a_mat_with_all_of_it_is_on_the_wall_and_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    whole = {"walls": ["B2N", "C2W"], "lines": [["B1", "B3", "D3"]], "colours": {"C1": "blue"}, "lamps": ["D2"]}
    plain, full = lesson_with({}), lesson_with(whole)
    shells = [Taught(lesson, lesson.variants[0]) for lesson in (plain, full)]
    for shell in shells:
        shell.press("forward", "forward", "go")
        shell.play()
        assert shell.lesson_page.activity.is_reached
    on_mat = [sum(len(layer) for layer in shell.layers()) for shell in shells]
    assert on_mat[1] == on_mat[0] + 2 + 2 + 1  # walls, parts of a line, a lamp; a colour takes the place of sand
    pytest.importorskip("typst")
    pages = [png(lesson_pages(Job(lesson, Words(), date(2026, 11, 22)), ("board",)), 30)[0] for lesson in (plain, full)]
    assert pages[0] != pages[1]

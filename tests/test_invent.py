"""Inventing: a pupil's mat is solved as brute force does, and nothing of the way is told unasked."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cells import mats

from petitpas.errors import LessonError
from petitpas.lessons.cells import Grid, course_of
from petitpas.lessons.invent import PROFILES, Invented, shortest, solve
from petitpas.lessons.lesson import count_blocks
from petitpas.program import Program, from_compact
from petitpas.words import LANGUAGES
from petitpas_robot import opcodes
from petitpas_sim.mat import Cell, Mat, Place

WALK = ("forward", "left", "right")
EVERY = [from_compact(list(cards)) for length in range(6) for cards in product(WALK, repeat=length)]


def turns_of(program: Program) -> int:
    return sum(block.type in ("left", "right") for block in program.walk())


def visits(mat: Mat, start: Place, cells: list[Cell], program: Program) -> bool:
    course = course_of(Grid(mat), start, program)
    left = iter(course.path)
    return course.how == opcodes.HOW_DONE and all(cell in left for cell in cells) and course.end.cell == cells[-1]


@settings(max_examples=60)
@given(mats(3), st.data())
def test_a_mat_is_solved_as_brute_force_does(there: tuple[Mat, Place], data: st.DataObject) -> None:
    mat, start = there
    free = [cell for cell in product(range(mat.columns), range(mat.rows)) if cell not in mat.rocks]
    cells = data.draw(st.lists(st.sampled_from(free), min_size=1, max_size=2))
    if cells == [start.cell]:
        return
    ways = [program for program in EVERY if visits(mat, start, cells, program)]
    within = [program for program in ways if turns_of(program) <= 1]
    found = solve(mat, start, cells, "GS")
    best = min(within or ways, key=lambda program: (count_blocks(program), turns_of(program)), default=None)
    if within:
        assert best is not None
        assert found == Invented(True, count_blocks(best), turns_of(best))
    else:
        assert not found.fits
        assert found.cards is None or best is None or (found.cards, found.turns) == (count_blocks(best), turns_of(best))
    program = shortest(mat, start, cells, "GS")
    assert (program is None) == (found.cards is None)
    assert program is None or visits(mat, start, cells, program)


@settings(max_examples=30)
@given(mats(5), st.sampled_from(list(PROFILES)))
def test_every_level_is_answered(there: tuple[Mat, Place], level: str) -> None:
    mat, start = there
    goal = (mat.columns - 1, mat.rows - 1)
    if goal in mat.rocks or goal == start.cell:
        return
    found = solve(mat, start, [goal], level)  # type: ignore[arg-type]
    bounds = PROFILES[level].bounds  # type: ignore[index]
    assert not found.fits or (found.cards is not None and found.cards <= bounds.most and found.turns <= (bounds.turns or found.turns))


def test_a_goal_behind_rocks_is_out_of_reach() -> None:
    assert solve(Mat.parse("3x3", ["B3", "C2", "B2"]), Place(0, 0), [(2, 2)], "CE2") == Invented(False)


def test_a_mat_may_be_too_far_for_its_level_only() -> None:
    far = Mat(5, 5), Place(0, 0), [(4, 4)]
    assert solve(*far, "GS") == Invented(False, 9, 1)
    assert solve(*far, "CP") == Invented(True, 9, 1)
    assert solve(*far, "CE1") == Invented(True, 3, 1)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("start", "cells", "code"),
    [
        ((0, 0), [], "invent_nothing"),
        ((0, 0), [(0, 0)], "invent_reached"),
        ((0, 0), [(1, 1)], "invent_rock"),
        ((1, 1), [(0, 0)], "invent_rock"),
        ((0, 0), [(3, 0)], "invent_outside"),
        ((0, 4), [(1, 0)], "invent_outside"),
    ],
)
def test_what_is_not_right_about_a_mat_is_told(start: Cell, cells: list[Cell], code: str, lang: str) -> None:
    with pytest.raises(LessonError) as told:
        solve(Mat.parse("3x3", ["B2"]), Place(*start), cells, "GS")
    assert told.value.code == code
    assert "…" not in told.value.say(lang)

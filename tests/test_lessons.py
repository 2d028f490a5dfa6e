"""Lessons: what the goals mean, and all lessons played by the firmware over a port."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.lessons import Goal, Lesson, RobotSetup, Run, Variant, all_lessons, is_met
from petitpas.lessons.check import check_variant
from petitpas.program import Program, from_compact, to_compact
from petitpas_robot import opcodes
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place, parse_cell
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

LESSONS = all_lessons()
VARIANTS = [variant for lesson in LESSONS for variant in lesson.variants]
CASES = [pytest.param(variant, id=f"{lesson.id}-{variant.name}") for lesson in LESSONS for variant in lesson.variants]


def lesson(identity: str) -> Lesson:
    return next(lesson for lesson in LESSONS if lesson.id == identity)


# --- Goals ---------------------------------------------------------------------------------------------------------------


def cells(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(map(parse_cell, text.split()))


def run(path: str = "", *, end: str = "", sounds: str = "", program: list[object] | None = None, how: int = opcodes.HOW_DONE) -> Run:
    """Return a run from A1, to the north."""
    start = Place.parse("A1N")
    place = Place.parse(end) if end else Place(*(cells(path) or (start.cell,))[-1])
    return Run(from_compact(program or []), start, cells(path), place.cell, place.quarter, cells(sounds), how)


def goal(kind: str, text: str = "") -> Goal:
    return Goal(kind, cells(text))  # type: ignore[arg-type]


DANCE = Goal("pattern", motif=from_compact(["forward", "beep", "beep"]))


@pytest.mark.parametrize(
    ("wanted", "done", "is_reached"),
    [
        (goal("reach", "C1"), run("B1 C1"), True),
        (goal("reach", "C1"), run("B1 C1 D1"), False),
        (goal("reach", "B1 C1"), run("A2 B2 C2 C1"), True),
        (goal("reach", "C1"), run("B1 C1", how=opcodes.HOW_BLOCKED), False),
        (goal("reach", "C1"), run("B1 C1", how=opcodes.HOW_RUNNING), False),
        (goal("order", "B1 D1"), run("B1 C1 D1"), True),
        (goal("order", "D1 B1"), run("B1 C1 D1"), False),
        (goal("order", "B1 D1"), run("B1 C1 D1 C1"), False),
        (goal("order", "B1 D1 B1"), run("B1 C1 D1 C1 B1"), True),
        (goal("order", "B1 D1 B1"), run("B1 C1 B1"), False),
        (goal("order", "B1 B1"), run("B1"), False),
        (goal("trace", "B1 C1"), run("B1 C1"), True),
        (goal("trace", "B1 C1"), run("B1 C1 B1 C1"), False),
        (goal("closed", "A2 A1"), run("A2 A1"), True),
        (goal("closed", "A2 A1"), run("A2 A1", end="A1S"), False),
        (goal("closed", "A2 A1"), run("B1 A1"), False),
        (goal("bip", "B1 C1"), run("B1 C1", sounds="B1 C1"), True),
        (goal("bip", "B1 C1"), run("B1 C1", sounds="C1 B1"), False),
        (goal("bip", "B1"), run("B1", sounds="B1 B1"), False),
        (DANCE, run(program=["forward", "beep", "beep"] * 2), True),
        (DANCE, run(program=[["repeat", 3, ["forward", ["repeat", 2, ["beep"]]]]]), True),
        (DANCE, run(program=["forward", "beep", "beep"]), False),
        (DANCE, run(program=["forward", "beep", "beep"] * 2 + ["forward"]), False),
        (DANCE, run(program=["beep", "beep", "forward"] * 2), False),
        (DANCE, run(program=[["when_go", ["forward", "beep", "beep"] * 2], ["when_obstacle", []]]), False),
        (DANCE, run(program=[["repeat", 255, [["repeat", 255, [["repeat", 255, ["forward", "beep", "beep"]]]]]]]), False),
        (DANCE, run(), False),
        (Goal("pattern", motif=from_compact([["forward", 2]])), run(program=["forward"] * 4), True),
        (Goal("predict", place=Place.parse("B1E")), run("B1", end="B1E"), True),
        (Goal("predict", place=Place.parse("B1E")), run("B1", end="B1N"), False),
        (Goal("predict", place=Place.parse("B1E")), run("C1", end="C1E"), False),
        (goal("choose", "A2 B2"), run("A2 B2"), True),
        (goal("choose", "A2 B2"), run("B1 B2"), False),
    ],
)
def test_a_goal_is_met_by_the_rules(wanted: Goal, done: Run, is_reached: bool) -> None:
    assert is_met(wanted, done) is is_reached


# --- Mirrors: the world, a goal and a program seen from behind the mat ---------------------------------------------------


def other_program(program: Program) -> Program:
    swap = {"left": "right", "right": "left", "go_left": "go_right", "go_right": "go_left"}

    def other(item: object) -> object:
        return [other(inner) for inner in item] if isinstance(item, list) else swap.get(item, item) if isinstance(item, str) else item

    return from_compact([other(item) for item in to_compact(program)])


def other_cells(path: tuple[tuple[int, int], ...], columns: int) -> tuple[tuple[int, int], ...]:
    return tuple((columns - 1 - column, row) for column, row in path)


def other_place(place: Place, columns: int) -> Place:
    return Place(columns - 1 - place.column, place.row, -place.quarter % 4)


def other_goal(wanted: Goal, columns: int) -> Goal:
    place = wanted.place and other_place(wanted.place, columns)
    return Goal(wanted.type, other_cells(wanted.cells, columns), place, wanted.motif and other_program(wanted.motif))


def other_run(done: Run, columns: int) -> Run:
    return replace(
        done,
        program=other_program(done.program),
        start=other_place(done.start, columns),
        path=other_cells(done.path, columns),
        cell=(columns - 1 - done.cell[0], done.cell[1]),
        quarter=None if done.quarter is None else -done.quarter % 4,
        sounds=other_cells(done.sounds, columns),
    )


def other_variant(variant: Variant) -> Variant:
    columns = variant.mat.columns
    mat = replace(variant.mat, rocks=frozenset(other_cells(tuple(variant.mat.rocks), columns)))

    def other(robot: RobotSetup) -> RobotSetup:
        start, wanted = other_place(robot.start, columns), other_goal(robot.goal, columns)
        return replace(robot, start=start, goal=wanted, solution=other_program(robot.solution))

    return replace(variant, mat=mat, robots=tuple(map(other, variant.robots)))


cards = st.sampled_from(["forward", "backward", "left", "right", "beep"])
loops = st.tuples(st.just("repeat"), st.integers(1, 3), st.lists(cards, max_size=3)).map(list)
pupils_programs = st.lists(cards | loops, max_size=7).map(from_compact)


@settings(max_examples=150)
@given(st.sampled_from([variant for variant in VARIANTS if variant.robots[0].kit == "exact"]), pupils_programs)
def test_a_mirrored_lesson_is_reached_by_the_mirrored_program(variant: Variant, program: Program) -> None:
    columns = variant.mat.columns
    here, there = check_variant(variant, program), check_variant(other_variant(variant), other_program(program))
    assert there.runs == tuple(other_run(done, columns) for done in here.runs)
    assert (there.reached, there.past_limits) == (here.reached, here.past_limits)
    assert is_met(other_goal(variant.goal, columns), other_run(here.runs[0], columns)) == is_met(variant.goal, here.runs[0])


# --- The thirty lessons, played ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", CASES)
def test_the_solution_reaches_the_goal_and_nothing_else_does(variant: Variant) -> None:
    verdict = check_variant(variant)
    assert verdict.reached
    assert verdict.how == opcodes.HOW_DONE
    assert verdict.past_limits == ()
    assert not check_variant(variant, from_compact([])).reached
    if variant.given is not None:
        assert not check_variant(variant, variant.given).reached
    for program in variant.distractors:
        assert check_variant(variant, program).path != verdict.path
    assert check_variant(other_variant(variant)).reached


@pytest.mark.parametrize("variant", CASES)
def test_real_micropython_does_the_same_in_lockstep(variant: Variant, micropython: Path) -> None:
    brains: list[Lockstep] = []

    def brain(*parts: object) -> Lockstep:
        brains.append(Lockstep(*parts, micropython=micropython))  # type: ignore[arg-type]
        return brains[-1]

    try:
        verdict = check_variant(variant, brain=brain)  # type: ignore[arg-type]
    finally:
        for one in brains:
            one.close()
    assert verdict.reached
    assert len(brains) == len(variant.robots)
    assert verdict == check_variant(variant)


@pytest.mark.parametrize("identity", ["gs6", "ce1-6", "ce2-6"])
def test_ticked_and_skipped_verdicts_are_the_same(identity: str) -> None:
    for variant in lesson(identity).variants:
        assert check_variant(variant, skip=False) == check_variant(variant)


def test_two_robots_end_on_neighbouring_cells() -> None:
    together = [variant for variant in VARIANTS if len(variant.robots) > 1]
    assert len(together) == 2
    for variant in together:
        (column, row), (other_column, other_row) = (done.cell for done in check_variant(variant).runs)
        assert abs(column - other_column) + abs(row - other_row) == 1


def test_past_a_limit_a_reached_goal_is_still_reached() -> None:
    variant = lesson("gs4").variant("petit_pas")
    verdict = check_variant(variant, from_compact(["right", "left", "right", ["repeat", 2, ["forward"]]]))
    assert verdict.reached
    assert (verdict.blocks_used, verdict.turns_used, verdict.past_limits) == (5, 3, ("cards", "turns"))


def test_a_blocked_program_tells_its_block() -> None:
    verdict = check_variant(lesson("pm1").variant("pas"), from_compact(["backward", "forward", "forward"]))
    assert (verdict.reached, verdict.how, verdict.block_id, verdict.path) == (False, opcodes.HOW_BLOCKED, "b1", ())


def test_an_endless_program_gets_a_verdict() -> None:
    variant = lesson("ce1-6").variant("pas")
    verdict = check_variant(variant, from_compact([["forever", [["light", "pink"]]]]), limit_ms=60_000)
    assert (verdict.reached, verdict.how) == (False, opcodes.HOW_RUNNING)
    assert verdict.runs[1].how == opcodes.HOW_DONE


def test_a_lesson_is_checked_while_other_worlds_are_open() -> None:
    runner = Runner(Mat(5, 5))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    with open_to_hosts(Virtual(runner)):
        assert check_variant(lesson("pm1").variants[0]).reached
    assert not runner.robots["lapin"].body.path


BOUNDS = {"GS": (3, 5, 5), "CP": (1, 10, 2), "CE1": (1, 15, 4)}
"""Cards at least and at most, turns at most. Source: programmes 2024–2026, for what an author asks of a class."""


def test_the_authors_bounds_hold_for_pas_and_grand_pas() -> None:
    for one in LESSONS:
        least, most, turns = BOUNDS.get(one.levels[0], (1, 12, 12))
        for variant in one.variants[1:]:
            verdict = check_variant(variant)
            assert least <= verdict.blocks_used <= most, one.id
            assert verdict.turns_used <= turns, one.id

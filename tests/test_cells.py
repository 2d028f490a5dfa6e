"""The cell model and the searches on it: held to the firmware, and to brute force on small mats."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from petitpas.lessons import Goal, RobotSetup, Variant, all_lessons, is_met, judge
from petitpas.lessons.cells import Grid, course_of, knows
from petitpas.lessons.check import check_variant
from petitpas.lessons.judge import Run
from petitpas.lessons.mends import MAX_EDITS, mends_of, plain
from petitpas.lessons.parting import parting_of
from petitpas.lessons.search import Choice, Machine, Search
from petitpas.program import Program, from_compact
from petitpas_robot import opcodes
from petitpas_sim.mat import Mat, Place

VARIANTS = [variant for lesson in all_lessons() for variant in lesson.variants]
CASES = [pytest.param(variant, id=f"{lesson.id}-{variant.name}") for lesson in all_lessons() for variant in lesson.variants]
WALK = ("forward", "left", "right")

# --- Random mats, goals and programs --------------------------------------------------------------------------------------


@st.composite
def mats(draw: st.DrawFn, side: int = 4) -> tuple[Mat, Place]:
    """Draw a mat with rocks and thin walls, and a free place on it."""
    columns, rows = draw(st.integers(1, side)), draw(st.integers(1, side))
    cells = st.tuples(st.integers(0, columns - 1), st.integers(0, rows - 1))
    start = draw(cells)
    rocks = draw(st.frozensets(cells, max_size=4)) - {start}
    walls = draw(st.frozensets(st.tuples(cells, st.sampled_from("NE")).map(lambda wall: (*wall[0], wall[1])), max_size=4))
    return Mat(columns, rows, rocks, walls), Place(*start, draw(st.integers(0, 3)))


moves = st.sampled_from(["forward", "backward", "left", "right", "beep", ["light", "pink"], ["note", 60, 300], "wait", "until_obstacle"])
numbered = st.tuples(st.sampled_from(["forward", "backward"]), st.integers(1, 5)).map(list)
glides = st.tuples(st.sampled_from(["go_up", "go_down", "go_left", "go_right"]), st.integers(1, 3)).map(list)


def rows_of(cards: st.SearchStrategy[object]) -> st.SearchStrategy[list[object]]:
    """Draw a row of cards, with loops in loops."""

    def loops(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        return st.tuples(st.just("repeat"), st.integers(1, 4), st.lists(inner, max_size=3)).map(list)

    return st.lists(cards | loops(cards | loops(cards)), max_size=7)


def variant_of(mat: Mat, start: Place, goal: Goal, *, kit: str = "exact", blocks: tuple[Choice, ...] = ()) -> Variant:
    return Variant("pas", mat, (RobotSetup("lapin", kit, start, goal, from_compact([])),), blocks=blocks)


ANYWHERE = Goal("reach", ((0, 0),))

# --- The model and the firmware -------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(mats(), rows_of(moves | numbered), rows_of(glides), st.booleans())
def test_the_cell_model_does_what_the_firmware_does(there: tuple[Mat, Place], rolling: list, gliding: list, is_rocket: bool) -> None:
    mat, start = there
    start = Place(start.column, start.row) if is_rocket else start
    program = from_compact(gliding if is_rocket else rolling)
    assume(knows(program))
    course = course_of(Grid(mat), start, program)
    run = judge(variant_of(mat, start, ANYWHERE, kit="rocket" if is_rocket else "exact"), program).runs[0]
    assert (course.path, course.sounds, course.how) == (run.path, run.sounds, run.how)
    assert course.block_id == (run.block_id if run.how == opcodes.HOW_BLOCKED else "")
    assert (course.end.cell, course.end.quarter) == (run.cell, start.quarter if is_rocket else run.quarter)


@pytest.mark.parametrize("variant", CASES)
def test_judging_and_playing_over_a_port_give_the_same_verdict(variant: Variant) -> None:
    for program in (*variant.solutions, *(wrong.program for wrong in variant.wrong), *variant.distractors):
        assert judge(variant, program) == check_variant(variant, program)


@settings(max_examples=60)
@given(st.sampled_from([variant for variant in VARIANTS if variant.robots[0].kit == "exact"]), rows_of(moves | numbered))
def test_any_program_is_judged_as_it_is_played(variant: Variant, cards: list[object]) -> None:
    program = from_compact(cards)
    assert judge(variant, program) == check_variant(variant, program) == judge(variant, program, skip=False)


def test_a_long_way_is_judged_to_its_end() -> None:
    cards: list[object] = ["until_obstacle", ["repeat", 15, [["backward", 4], ["forward", 4]]]]
    variant = variant_of(Mat(1, 5), Place(0, 0), ANYWHERE)
    verdict = judge(variant, from_compact(cards))
    assert (verdict.how, len(verdict.path)) == (opcodes.HOW_DONE, 4 + 15 * 8)
    assert verdict == judge(variant, from_compact(cards), skip=False) == check_variant(variant, from_compact(cards))


def test_a_program_that_never_ends_is_judged() -> None:
    variant = variant_of(Mat(3, 3), Place(0, 0), ANYWHERE)
    for body in (["beep"], [["light", "pink"]], ["left"], []):
        verdict = judge(variant, from_compact([["forever", body]]))
        assert (verdict.reached, verdict.how) == (False, opcodes.HOW_RUNNING)


# --- Searches and brute force ----------------------------------------------------------------------------------------------


@st.composite
def goals(draw: st.DrawFn, mat: Mat, start: Place) -> Goal:
    """Draw a goal; that of a path is one that some program makes."""
    kind = draw(st.sampled_from(["reach", "order", "trace", "closed", "bip", "pattern"]))
    if kind == "pattern":
        return Goal("pattern", motif=from_compact(draw(st.lists(st.sampled_from(["forward", "right"]), min_size=1, max_size=2))))
    walk = from_compact(draw(st.lists(st.sampled_from([*WALK, "forward"]), min_size=1, max_size=4)))
    path = course_of(Grid(mat), start, walk).path
    cells = draw(st.lists(st.tuples(st.integers(0, mat.columns - 1), st.integers(0, mat.rows - 1)), min_size=1, max_size=2))
    return Goal(kind, path if kind in ("trace", "closed") and path else tuple(cells))  # type: ignore[arg-type]


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Mat, Place, Goal]:
    mat, start = draw(mats(3))
    return mat, start, draw(goals(mat, start))


def meets(mat: Mat, start: Place, goal: Goal, program: Program) -> bool:
    """Say whether a program meets a goal, by the model's course and the rules of `goals`."""
    course = course_of(Grid(mat), start, program)
    return is_met(goal, Run(program, start, course.path, course.end.cell, course.end.quarter, course.sounds, course.how))


def programs_of(kinds: tuple[object, ...], most: int) -> list[list[object]]:
    """Return every row of at most `most` of these cards, the shortest first."""
    return [list(cards) for length in range(most + 1) for cards in product(kinds, repeat=length)]


@settings(max_examples=40)
@given(tasks())
def test_the_fewest_blocks_are_those_that_brute_force_finds(task: tuple[Mat, Place, Goal]) -> None:
    search = Search(Machine(*task), [Choice("forward", 1, 2), Choice("left"), Choice("beep")])
    kinds = ("forward", ["forward", 2], "left", "beep")
    reached = next((len(cards) for cards in programs_of(kinds, 4) if meets(*task, from_compact(cards))), None)
    fewest = search.fewest(search.machine.start)
    assert reached == fewest if fewest is not None and fewest <= 4 else reached is None


@settings(max_examples=60)
@given(tasks(), rows_of(st.sampled_from([*WALK, "beep"])))
def test_a_machine_runs_a_program_as_the_model_does(task: tuple[Mat, Place, Goal], cards: list[object]) -> None:
    machine = Machine(*task)
    program = from_compact(cards)
    assert machine.is_reached(machine.run(machine.start, program.scripts[0].body())) == meets(*task, program)


LOOP_KINDS: tuple[object, ...] = ("forward", "left")


def everything(most: int) -> list[list[object]]:
    """Return every program of at most `most` cards, with loops of two turns, whose bodies have no loop."""
    rows: list[list[list[object]]] = [[[]]]
    for length in range(1, most + 1):
        made = [[*row, card] for row in rows[length - 1] for card in LOOP_KINDS]
        for inside in range(1, length):
            bodies = [list(body) for body in product(LOOP_KINDS, repeat=inside)]
            made += [[*row, ["repeat", 2, body]] for row in rows[length - 1 - inside] for body in bodies]
        rows.append(made)
    return [row for group in rows for row in group]


EVERY = everything(4)


def begins(cards: list[object], so: list[object], is_open: bool) -> bool:
    """Say whether a program begins with some cards; the last, where it is an open loop, may have more in it."""
    if not is_open:
        return cards[: len(so)] == so
    *before, (_, times, body) = so  # type: ignore[misc]
    if len(cards) < len(so) or cards[: len(before)] != before:
        return False
    loop = cards[len(before)]
    return isinstance(loop, list) and loop[0] == "repeat" and loop[1] == times and loop[2][: len(body)] == body


def is_over(task: tuple[Mat, Place, Goal], cards: list[object]) -> bool:
    """Say whether a run of these cards ends before its end, or has left the trace: whatever comes behind them reaches nothing."""
    mat, start, goal = task
    course = course_of(Grid(mat), start, from_compact(cards))
    return course.how != opcodes.HOW_DONE or (goal.type == "trace" and course.path != goal.cells[: len(course.path)])


def brute_parting(task: tuple[Mat, Place, Goal], cards: list[object], most: int) -> str | None:
    """Return what `parting_of` promises: the first block after which no program of at most `most` blocks reaches the goal."""
    good = [other for other in everything(most) if meets(*task, from_compact(other))]
    number = 0
    for at, card in enumerate(cards):
        number += 1
        if isinstance(card, list):
            inside = card[2]
            for count in range(len(inside) + 1):
                so = [*cards[:at], ["repeat", card[1], inside[:count]]]
                if not any(begins(other, so, is_open=True) for other in good):
                    return f"b{number + count}"
            if is_over(task, cards[: at + 1]):
                return f"b{number}"
            number += len(inside)
        elif not any(begins(other, cards[: at + 1], is_open=False) for other in good):
            return f"b{number}"
    return None if meets(*task, from_compact(cards)) else ""


ROUND = ["forward", ["repeat", 2, ["forward", "left"]]]


@settings(max_examples=60)
@given(mats(3), st.sampled_from(EVERY), st.sampled_from(EVERY))
@example((Mat(3, 3), Place(2, 0)), ROUND, ["forward", ["repeat", 2, ["forward"]]])
@example((Mat(3, 3), Place(2, 0)), ROUND, ["forward", ["repeat", 2, ["forward"]], "left"])
def test_a_program_parts_where_brute_force_says(there: tuple[Mat, Place], model: list[object], cards: list[object]) -> None:
    path = course_of(Grid(there[0]), there[1], from_compact(model)).path
    task = (*there, Goal("trace", path) if path else Goal("reach", ((0, 0),)))
    search = Search(Machine(*task), [Choice("forward"), Choice("left"), Choice("repeat", 2, 2)])
    expected = brute_parting(task, cards, 4)
    assert parting_of(search, from_compact(cards), 4) == expected


# --- Mends ------------------------------------------------------------------------------------------------------------------


def edited(cards: list[object], kinds: tuple[object, ...]) -> list[list[object]]:
    """Return every row that one edit makes."""
    made = [[*cards[:at], *cards[at + 1 :]] for at in range(len(cards))]
    made += [[*cards[:at], kind, *cards[at:]] for at in range(len(cards) + 1) for kind in kinds]
    made += [[*cards[:at], kind, *cards[at + 1 :]] for at in range(len(cards)) for kind in kinds]
    for first in range(len(cards)):
        for second in range(first + 1, len(cards)):
            swapped = list(cards)
            swapped[first], swapped[second] = cards[second], cards[first]
            made.append(swapped)
    return made


@settings(max_examples=60)
@given(mats(3), st.lists(st.sampled_from(WALK), max_size=5), st.lists(st.sampled_from(WALK), max_size=5))
def test_mends_are_the_smallest_and_all_of_them(there: tuple[Mat, Place], model: list[object], cards: list[object]) -> None:
    course = course_of(Grid(there[0]), there[1], from_compact(model))
    task = (*there, Goal("reach", (course.end.cell,)))
    assume(not meets(*task, from_compact(cards)))
    search = Search(Machine(*task), map(Choice, WALK))
    mends = mends_of(search, from_compact(cards))
    once = {tuple(row) for row in edited(cards, WALK) if meets(*task, from_compact(row))}
    assert all(meets(*task, mend.program) for mend in mends)
    assert len({plain(mend.program.scripts[0].body()) for mend in mends}) == len(mends)
    if once:
        assert {tuple(block.type for block in mend.program.scripts[0].body()) for mend in mends} == once
        assert {len(mend.edits) for mend in mends} == {1}
    else:
        twice = any(meets(*task, from_compact(row)) for first in edited(cards, WALK) for row in edited(first, WALK))
        assert {len(mend.edits) for mend in mends} == ({MAX_EDITS} if twice else set())


def test_two_pairs_of_blocks_far_apart_are_swapped() -> None:
    task = (Mat(3, 3), Place(0, 0), Goal("trace", ((1, 0), (2, 0), (2, 1), (2, 2))))
    mends = mends_of(Search(Machine(*task), map(Choice, WALK)), from_compact(["forward", "forward", "right", "forward", "forward", "left"]))
    edits = [[(edit.kind, edit.block_id, edit.other_id) for edit in mend.edits] for mend in mends]
    assert [("swap", "b1", "b3"), ("swap", "b4", "b6")] in edits

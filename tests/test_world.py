"""The world: what stops a robot, mirrors and quarter turns, and what a view is given."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.program import Program, from_compact, read, to_dict
from petitpas_robot import opcodes as o
from petitpas_robot.kit import Kit
from petitpas_sim.body import Body
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.runner import NEVER, Runner
from petitpas_sim.trace import Trace
from petitpas_sim.world import World
from tests.simulated import run
from tests.soaking import examples
from tests.strategies import programs
from tests.worlds import SWAP, Gaps, mirrored_mat

RADIUS_MM = 65
LIMIT_MS = 120_000

EXACT = load_kit("exact")


def walk(mat: Mat, place: str, *items: object, kit: Kit = EXACT) -> tuple[Body, int]:
    """Run a compact program to its end and return the body and how it ended."""
    runner = Runner(mat)
    robot = runner.add("lapin", kit, Place.parse(place))
    run(runner, "lapin", from_compact(list(items)))
    runner.run_to(LIMIT_MS)
    return robot.body, robot.app.vm.how


def stands(body: Body) -> str:
    return str(body.place())


# --- Mats and places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "5", "0x5", "5x0", "27x1", "5x5x5", "axb", "-1x5"])
def test_a_mat_that_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        Mat.parse(text)


@pytest.mark.parametrize("text", ["", "A1", "1AN", "A0N", "AA1N", "A1X", "A27N", "a1N"])
def test_a_place_that_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        Place.parse(text)


def test_rocks_and_walls_are_on_the_mat() -> None:
    with pytest.raises(ValueError, match="F1"):
        Mat.parse("5x5", ["F1"])
    with pytest.raises(ValueError):
        Mat(5, 5, walls=frozenset({(5, 0, "N")}))
    with pytest.raises(ValueError):
        Mat(5, 5, walls=frozenset({(0, 0, "S")}))


@given(st.integers(0, 25), st.integers(0, 25), st.integers(0, 3))
def test_places_have_names(column: int, row: int, quarter: int) -> None:
    assert Place.parse(str(Place(column, row, quarter))) == Place(column, row, quarter)


def test_nobody_stands_on_a_rock_outside_or_on_another() -> None:
    world = World(Mat.parse("3x3", ["B2"]))
    world.add("lapin", EXACT, Place.parse("A1N"))
    for name, place in (("tortue", "B2N"), ("tortue", "D1N"), ("tortue", "A1S"), ("lapin", "C3N")):
        with pytest.raises(ValueError):
            world.add(name, EXACT, Place.parse(place))
    assert [body.name for body in world.bodies] == ["lapin"]


# --- What stops a robot -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter", range(4))
def test_cells_in_every_direction(quarter: int) -> None:
    body, how = walk(Mat(5, 5), f"C3{'NESW'[quarter]}", ["forward", 2])
    assert how == o.HOW_DONE
    assert body.place() == Place(2 + (0, 2, 0, -2)[quarter], 2 + (2, 0, -2, 0)[quarter], quarter)
    body, _ = walk(Mat(5, 5), f"C3{'NESW'[quarter]}", ["backward", 2])
    assert body.place() == Place(2 - (0, 2, 0, -2)[quarter], 2 - (2, 0, -2, 0)[quarter], quarter)


@pytest.mark.parametrize("size", ["5x1", "1x5", "1x1", "5x5"])
@pytest.mark.parametrize("quarter", range(4))
def test_the_edge_stops_before_it(size: str, quarter: int) -> None:
    mat = Mat.parse(size)
    column, row = mat.columns // 2, mat.rows // 2
    place = Place(column, row, quarter)
    body, how = walk(mat, str(place), ["forward", 9])
    assert how == o.HOW_BLOCKED
    last = ((column, mat.rows - 1), (mat.columns - 1, row), (column, 0), (0, row))[quarter]
    assert body.place() == Place(*last, quarter)


@pytest.mark.parametrize("place,rock", [("C1N", "C4"), ("A3E", "D3"), ("C5S", "C2"), ("E3W", "B3")])
def test_a_rock_stops_before_it_and_a_free_way_does_not(place: str, rock: str) -> None:
    body, how = walk(Mat.parse("5x5", [rock]), place, ["forward", 4])
    assert (stands(body), how) == ("C3" + place[-1], o.HOW_BLOCKED)
    body, how = walk(Mat.parse("5x5", [rock]), place, ["forward", 2])
    assert (stands(body), how) == ("C3" + place[-1], o.HOW_DONE)
    body, how = walk(Mat.parse("5x5", ["B2", "D2", "B4", "D4"]), place, ["forward", 4])
    assert how == o.HOW_DONE


@pytest.mark.parametrize("place,wall", [("C1N", (2, 2, "N")), ("A3E", (2, 2, "E")), ("C5S", (2, 1, "N")), ("E3W", (1, 2, "E"))])
def test_a_thin_wall_stops_before_it_on_both_sides(place: str, wall: tuple[int, int, str]) -> None:
    mat = Mat(5, 5, walls=frozenset({wall}))
    body, how = walk(mat, place, ["forward", 4])
    assert (stands(body), how) == ("C3" + place[-1], o.HOW_BLOCKED)
    body, how = walk(mat, "B1N", "forward", "right", ["forward", 3])
    assert how == o.HOW_DONE  # a wall elsewhere is none


def test_a_blocked_robot_has_still_entered_the_cells_before() -> None:
    body, _ = walk(Mat.parse("5x1", ["D1"]), "A1E", ["forward", 4], "left")
    assert body.path == [(1, 0), (2, 0)]
    assert stands(body) == "C1E"


def test_another_robot_stops_before_it() -> None:
    runner = Runner(Mat(5, 1))
    lapin, tortue = (runner.add(name, EXACT, Place.parse(place)) for name, place in (("lapin", "A1E"), ("tortue", "D1N")))
    run(runner, "lapin", from_compact([["forward", 4]]))
    runner.run_to(LIMIT_MS)
    assert (stands(lapin.body), stands(tortue.body)) == ("C1E", "D1N")


def test_a_robot_that_moves_keeps_its_way_until_it_has_arrived() -> None:
    runner = Runner(Mat(5, 3))
    lapin, tortue = (runner.add(name, EXACT, Place.parse(place)) for name, place in (("lapin", "A2E"), ("tortue", "C1N")))
    run(runner, "lapin", from_compact([["forward", 4]]))
    run(runner, "tortue", from_compact(["forward"]))
    runner.run_to(LIMIT_MS)
    assert (stands(lapin.body), stands(tortue.body)) == ("E2E", "C1N")
    run(runner, "tortue", from_compact([["forward", 2]]))
    runner.run_to(2 * LIMIT_MS)
    assert stands(tortue.body) == "C3N"


def test_until_an_obstacle_stops_in_the_middle_of_the_cell_before_it() -> None:
    for rocks, place, expected in (([], "A1E", "E1E"), (["D1"], "A1E", "C1E"), (["B1"], "A1E", "A1E"), ([], "C1W", "A1W")):
        body, how = walk(Mat.parse("5x1", rocks), place, "until_obstacle")
        assert (stands(body), how) == (expected, o.HOW_DONE)


def test_millimetres_touch_and_do_not_enter() -> None:
    body, how = walk(Mat.parse("5x1", ["D1"]), "A1E", ["forward_mm", 1000])
    assert how == o.HOW_BLOCKED
    assert body.mm[0] == pytest.approx(3 * CELL_MM - RADIUS_MM, abs=0.06)  # one step is 0.05 mm
    assert body.mm[0] <= 3 * CELL_MM - RADIUS_MM + 1e-9
    body, how = walk(Mat.parse("5x1", ["D1"]), "A1E", ["forward_mm", 310])
    assert (how, body.mm[0]) == (o.HOW_DONE, 75 + 310)


def test_a_corner_of_a_rock_stops_who_comes_near_in_millimetres() -> None:
    body, how = walk(Mat.parse("3x3", ["B2"]), "A1N", ["right_deg", 45], ["forward_mm", 300])
    assert how == o.HOW_BLOCKED
    x, y = body.mm
    assert math.dist((x, y), (CELL_MM, CELL_MM)) == pytest.approx(RADIUS_MM, abs=0.06)


def test_free_angles_there_and_back_then_cells_again() -> None:
    body, how = walk(
        Mat(5, 5), "C3N", ["right_deg", 37], ["left_deg", 100], ["right_deg", 63], ["forward_mm", 70], ["backward_mm", 70], ["forward", 2]
    )
    assert (how, stands(body)) == (o.HOW_DONE, "C5N")
    body, how = walk(Mat(5, 5), "C3N", ["forward_mm", 50], ["forward_mm", 50], ["forward_mm", 50], "right", "forward")
    assert (how, stands(body)) == (o.HOW_DONE, "D4E")


def test_cells_off_the_middle_are_cells_long_and_stop_where_they_touch() -> None:
    body, how = walk(Mat(5, 1), "A1E", ["forward_mm", 20], ["forward", 2])
    assert (how, body.mm[0]) == (o.HOW_DONE, 75 + 20 + 300)
    body, how = walk(Mat(5, 1), "A1E", ["forward_mm", 20], ["forward", 4])
    assert how == o.HOW_BLOCKED
    assert body.mm[0] == pytest.approx(750 - RADIUS_MM, abs=0.06)


def test_a_kit_without_a_front_moves_along_the_mat() -> None:
    items = [["go_up", 2], ["go_right", 3], "go_down", ["go_left", 2]]
    body, how = walk(Mat(5, 5), "A1N", *items, kit=load_kit("rocket"))
    assert (how, stands(body)) == (o.HOW_DONE, "B2N")
    assert body.path == [(0, 1), (0, 2), (1, 2), (2, 2), (3, 2), (3, 1), (2, 1), (1, 1)]
    for move in ("go_up", "go_down", "go_left", "go_right"):
        body, how = walk(Mat(1, 1), "A1N", move, kit=load_kit("rocket"))
        assert (how, stands(body)) == (o.HOW_BLOCKED, "A1N")


def test_a_world_refuses_a_motion_that_a_kit_cannot_make() -> None:
    world = World(Mat(3, 3))
    roller, glider = world.add("lapin", EXACT, Place(0, 0)), world.add("fusée", load_kit("rocket"), Place(2, 2))
    with pytest.raises(ValueError):
        world.move(roller, 100, 50, 300, 800, 300)
    with pytest.raises(ValueError):
        world.move(glider, 100, 50, 300, 800, 300)


# --- Exactly ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps_per_quarter", [50, 51, 1571, 19_999])
@pytest.mark.parametrize("turn", ["left", "right"])
def test_four_quarter_turns_give_back_the_heading(steps_per_quarter: int, turn: str) -> None:
    kit = load_kit("exact")
    other = Kit({**KIT_FIELDS, "steps_per_quarter": steps_per_quarter})
    assert kit.steps_per_quarter != 0
    for heading in "NESW":
        body, _ = walk(Mat(1, 1), f"A1{heading}", *[turn] * 4, kit=other)
        assert stands(body) == f"A1{heading}"
        assert body.heading % body.full_turn == "NESW".index(heading) * steps_per_quarter
        assert body.mm == (75, 75)


KIT_FIELDS = {
    "petitpas_kit": 1,
    "name": "exact",
    "can": ["roll"],
    **{name: getattr(EXACT, name) for name in ("steps_per_cell", "steps_per_quarter", "start_rate", "cruise_rate", "ramp_ms")},
    **{name: getattr(EXACT, name) for name in ("obstacle_mm", "line_permille", "light_permille", "beep_hz", "beep_ms", "body_mm")},
}


@given(st.lists(st.integers(1, 359), min_size=1, max_size=20))
def test_turns_by_degrees_that_make_a_whole_turn_give_back_the_heading(degrees: list[int]) -> None:
    rest = -sum(degrees) % 360
    body, _ = walk(Mat(1, 1), "A1N", *[["right_deg", deg] for deg in degrees], *([["right_deg", rest]] if rest else []))
    assert stands(body) == "A1N"


# --- Mirrors ------------------------------------------------------------------------------------------------------


@st.composite
def mats(draw: st.DrawFn, most: int = 6) -> tuple[Mat, Place]:
    """Draw a mat and a free place on it."""
    columns, rows = draw(st.integers(1, most)), draw(st.integers(1, most))
    cells = st.tuples(st.integers(0, columns - 1), st.integers(0, rows - 1))
    start = draw(cells)
    rocks = draw(st.frozensets(cells, max_size=4)) - {start}
    walls = draw(st.frozensets(st.tuples(st.integers(0, columns - 1), st.integers(0, rows - 1), st.sampled_from("NE")), max_size=3))
    return Mat(columns, rows, rocks, walls), Place(*start, draw(st.integers(0, 3)))


def mirrored_program(program: Program) -> Program:
    def swap(value: object) -> object:
        if isinstance(value, dict):
            return {key: SWAP.get(str(inner), inner) if key == "type" else swap(inner) for key, inner in value.items()}
        return [swap(inner) for inner in value] if isinstance(value, list) else value

    return read(swap(to_dict(program)))


def trace_of(mat: Mat, place: Place, program: Program, limit_ms: int = LIMIT_MS) -> Trace:
    trace = Trace()
    runner = Runner(mat, trace=trace)
    runner.add("lapin", EXACT, place)
    run(runner, "lapin", program)
    runner.run_to(limit_ms)
    return trace


@settings(max_examples=examples(60))
@given(mats(), programs(max_blocks=12, motions_only=True))
def test_a_mirrored_mat_gives_a_mirrored_trace(start: tuple[Mat, Place], program: Program) -> None:
    mat, place = start
    trace = trace_of(mat, place, program)
    other = trace_of(mirrored_mat(mat), Place(mat.columns - 1 - place.column, place.row, -place.quarter % 4), mirrored_program(program))
    width = mat.columns * CELL_MM * 100
    assert len(trace.records) == len(other.records)
    for (t_ms, name, kind, *values), (other_ms, other_name, other_kind, *others) in zip(trace.records, other.records, strict=True):
        assert (abs(t_ms - other_ms) <= 2, name, kind) == (True, other_name, other_kind)  # type: ignore[operator]
        if kind in ("put", "at", "bump"):
            x, y, heading = values
            expected = (width - x, y, -heading % 36000)  # type: ignore[operator]
            assert all(abs(one - two) <= 6 for one, two in zip(expected, others, strict=True)), (expected, others)  # type: ignore[operator]
        else:
            assert values == others


# --- Two robots, and everything that is in the way ------------------------------------------------------------------


@settings(max_examples=examples(60))
@given(mats(5), programs(max_blocks=14, motions_only=True), programs(max_blocks=14, motions_only=True), st.integers(0, 24))
def test_nobody_ever_enters_anything(start: tuple[Mat, Place], one: Program, two: Program, other: int) -> None:
    mat, place = start
    runner = Runner(mat)
    runner.add("lapin", EXACT, place)
    run(runner, "lapin", one)
    cell = (other % mat.columns, other // mat.columns % mat.rows)
    if cell != place.cell and cell not in mat.rocks:
        runner.add("tortue", EXACT, Place(*cell, 1))
        run(runner, "tortue", two)
    gaps = Gaps(mat)
    while runner.world.t_ms < 60_000 and runner.due_ms < NEVER:
        runner.run_to(runner.world.t_ms + 90)
        assert gaps.least(runner.world.bodies, runner.world.t_ms) > -1e-3


# --- What is seen -------------------------------------------------------------------------------------------------


def test_distance_is_to_the_nearest_thing_ahead() -> None:
    world = World(Mat.parse("5x5", ["C5"]))
    body = world.add("lapin", EXACT, Place.parse("C1N"))
    assert world.distance_mm(body) == 4 * 150 - 75
    world.add("tortue", EXACT, Place.parse("C3N"))
    assert world.distance_mm(body) == 300 - RADIUS_MM
    body.heading = body.full_turn // 4
    assert world.distance_mm(body) == 2 * 150 + 75
    world = World(Mat(5, 5, walls=frozenset({(2, 0, "E")})))
    assert world.distance_mm(world.add("lapin", EXACT, Place.parse("C1E"))) == 75


def test_a_snapshot_is_one_instant_and_frozen() -> None:
    runner = Runner(Mat(5, 1))
    runner.add("lapin", EXACT, Place.parse("A1E"))
    run(runner, "lapin", from_compact([["light", "blue"], ["forward", 2], ["note", 69, 200], "left"]))
    runner.run_to(500)
    robot = runner.world.snapshot().robots[0]
    assert (robot.name, robot.kit, robot.colour, robot.is_moving, robot.heading_deg) == ("lapin", "exact", o.COLOUR_BLUE, True, 90)
    assert 75 < robot.x_mm < 375
    assert robot.y_mm == 75
    while not runner.world.snapshot().robots[0].tone_hz:
        runner.run_to(runner.world.t_ms + 10)
        assert runner.world.t_ms < LIMIT_MS
    sounding = runner.world.snapshot()
    assert (sounding.robots[0].tone_hz, sounding.robots[0].x_mm, sounding.robots[0].is_moving) == (440, 375, False)
    runner.run_to(LIMIT_MS)
    end = runner.world.snapshot().robots[0]
    assert (end.tone_hz, end.heading_deg, end.is_moving) == (0, 0, False)
    assert sounding.robots[0].tone_hz == 440
    with pytest.raises(FrozenInstanceError):
        sounding.t_ms = 0  # type: ignore[misc]


@given(st.lists(st.integers(1, 359), max_size=6), st.integers(0, 5000))
def test_a_heading_is_from_0_to_under_360(degrees: list[int], t_ms: int) -> None:
    runner = Runner(Mat(1, 1))
    runner.add("lapin", EXACT, Place(0, 0))
    run(runner, "lapin", from_compact([["left_deg", deg] for deg in degrees]))
    runner.run_to(t_ms)
    assert 0 <= runner.world.snapshot().robots[0].heading_deg < 360


def test_sounds_are_noted_with_their_cell() -> None:
    body, _ = walk(Mat(3, 1), "A1E", "beep", "forward", ["note", 60, 50], "forward", "beep")
    assert body.sounds == [(0, 0), (1, 0), (2, 0)]


def test_put_takes_a_robot_up_in_the_middle_of_anything() -> None:
    runner = Runner(Mat(5, 1))
    lapin = runner.add("lapin", EXACT, Place.parse("A1E"))
    run(runner, "lapin", from_compact([["forward", 3]]))
    runner.run_to(3000)
    runner.put("lapin", Place.parse("E1N"))
    assert stands(lapin.body) == "E1N"
    assert lapin.body.path == []
    with pytest.raises(ValueError):
        runner.put("lapin", Place.parse("F1N"))

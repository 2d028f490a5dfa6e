"""Motion in closed form and the geometry of a mat, against what they stand for."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from petitpas_sim import geometry
from petitpas_sim.geometry import Segment
from petitpas_sim.motion import Trapezoid


@st.composite
def trapezoids(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Draw steps, start rate, cruise rate and ramp, in the range of kits."""
    cruise = draw(st.integers(1, 5000))
    return draw(st.integers(1, 60000)), draw(st.integers(1, cruise)), cruise, draw(st.integers(1, 5000))


EXACT = (3000, 300, 800, 300)
JERKY = (1, 5000, 5000, 1)


# --- Trapezoids -----------------------------------------------------------------------------------------------


@given(trapezoids(), st.lists(st.integers(-10, 200_000), min_size=2, max_size=20))
@example(JERKY, [0, 1, 2])
def test_a_trapezoid_never_goes_back_and_ends_exactly(shape: tuple[int, int, int, int], times: list[int]) -> None:
    motion = Trapezoid(*shape)
    made = [motion.at(ms) for ms in sorted(times)]
    assert all(0 <= earlier <= later <= shape[0] for earlier, later in pairwise(made))
    assert motion.at(0) == 0
    assert motion.at(motion.duration_ms) == shape[0]
    assert motion.at(motion.duration_ms + 1_000_000) == shape[0]
    assert motion.duration_ms > 0


@given(trapezoids().filter(lambda shape: shape[0] <= 300))
@example(JERKY)
def test_a_short_trapezoid_never_goes_back_in_any_millisecond(shape: tuple[int, int, int, int]) -> None:
    motion = Trapezoid(*shape)
    times = range(-1, min(motion.duration_ms, 3000) + 2)
    assert all(0 <= motion.at(ms) <= motion.at(ms + 1) <= shape[0] for ms in times)


@given(trapezoids(), st.floats(0, 1), st.integers(1, 500))
def test_a_trapezoid_is_never_faster_than_its_cruise(shape: tuple[int, int, int, int], part: float, span_ms: int) -> None:
    motion = Trapezoid(*shape)
    ms = int(motion.duration_ms * part)
    assert motion.at(ms + span_ms) - motion.at(ms) <= shape[2] * (span_ms + 2) / 1000 + 2


@given(trapezoids(), st.floats(0, 1))
def test_a_trapezoid_is_symmetric(shape: tuple[int, int, int, int], part: float) -> None:
    motion = Trapezoid(*shape)
    ms = int(motion.duration_ms * part)
    assert abs(motion.at(ms) + motion.at(motion.duration_ms - ms) - shape[0]) <= 2 * shape[2] / 1000 + 2


def ideal_ms(steps: int, start: int, cruise: int, ramp_ms: int) -> float:
    """Return how long a trapezoid lasts, with real numbers."""
    ramp_steps = (start + cruise) / 2 * ramp_ms / 1000
    if steps >= 2 * ramp_steps:
        return 2 * ramp_ms + (steps - 2 * ramp_steps) * 1000 / cruise
    if start == cruise:
        return steps * 1000 / cruise
    gain = (cruise - start) / ramp_ms / 1000  # steps/s more in each millisecond, a millisecond
    return 2 * (math.sqrt((start / 1000) ** 2 + gain * steps) - start / 1000) / gain


@given(trapezoids())
@example(EXACT)
def test_a_trapezoid_lasts_as_long_as_it_must_within_two_steps(shape: tuple[int, int, int, int]) -> None:
    steps, *rest = shape
    assert ideal_ms(max(0, steps - 2), *rest) - 4 <= Trapezoid(*shape).duration_ms <= ideal_ms(steps + 2, *rest) + 4


def test_one_cell_and_one_quarter_of_the_exact_kit() -> None:
    cell, quarter = Trapezoid(3000, 300, 800, 300), Trapezoid(1571, 300, 800, 300)
    assert cell.duration_ms == 2 * 300 + math.ceil((3000 - 2 * 165) * 1000 / 800)
    assert quarter.duration_ms == 2 * 300 + math.ceil((1571 - 2 * 165) * 1000 / 800)
    assert [cell.at(ms) for ms in (0, 150, 300, 400)] == [0, 63, 165, 245]


# --- Directions -----------------------------------------------------------------------------------------------


FULL_TURNS = st.integers(50, 20_000).map(lambda quarter: 4 * quarter)


@given(st.integers(-100, 100), FULL_TURNS)
def test_directions_at_quarter_turns_are_integers(quarter: int, full_turn: int) -> None:
    found = geometry.direction(quarter * full_turn // 4, full_turn)
    assert found == ((0, 1), (1, 0), (0, -1), (-1, 0))[quarter % 4]
    assert all(isinstance(part, int) for part in found)


@given(st.integers(-100_000, 100_000), FULL_TURNS)
def test_a_direction_is_right_to_the_last_digits(heading: int, full_turn: int) -> None:
    east, north = geometry.direction(heading, full_turn)
    angle = math.tau * (heading % full_turn) / full_turn
    assert abs(east - math.sin(angle)) < 2e-15
    assert abs(north - math.cos(angle)) < 2e-15
    assert abs(east * east + north * north - 1) < 1e-15


@given(st.integers(0, 100_000), FULL_TURNS)
def test_directions_have_the_symmetries_of_the_mat(heading: int, full_turn: int) -> None:
    assume(heading % full_turn * 8 % full_turn)
    east, north = geometry.direction(heading, full_turn)
    assert geometry.direction(-heading, full_turn) == (-east, north)
    assert geometry.direction(heading + full_turn // 4, full_turn) == (north, -east)
    assert geometry.direction(heading + full_turn // 2, full_turn) == (-east, -north)


# --- Rays, discs and walls, against walking in small steps ----------------------------------------------------

PLACES = st.floats(0, 900, allow_nan=False)
ANGLES = st.floats(0, math.tau)
WALLS = st.tuples(PLACES, PLACES, PLACES, PLACES).filter(lambda wall: math.dist(wall[:2], wall[2:]) > 5)
FAR = 1500.0


def from_wall(x: float, y: float, wall: Segment) -> float:
    """Return the distance from a point to a segment."""
    x1, y1, x2, y2 = wall
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
    along = max(0.0, min(1.0, along))
    return math.dist((x, y), (x1 + along * (x2 - x1), y1 + along * (y2 - y1)))


def side(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> float:
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)


@given(PLACES, PLACES, ANGLES, WALLS)
def test_ray_to_segment(x: float, y: float, angle: float, wall: Segment) -> None:
    east, north = math.sin(angle), math.cos(angle)
    end_x, end_y = x + FAR * east, y + FAR * north
    turns = [side(x, y, end_x, end_y, *wall[:2]), side(x, y, end_x, end_y, *wall[2:]), side(*wall, x, y), side(*wall, end_x, end_y)]
    assume(min(map(abs, turns)) > 1)  # what hits an end of a wall is either
    crosses = turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0
    found = geometry.ray_to_segment(x, y, east, north, wall)
    assert (found < FAR) == crosses
    if crosses:
        assert from_wall(x + found * east, y + found * north, wall) < 1e-6


@given(PLACES, PLACES, ANGLES, PLACES, PLACES, st.floats(10, 100))
def test_ray_to_disc(x: float, y: float, angle: float, centre_x: float, centre_y: float, radius: float) -> None:
    assume(math.dist((x, y), (centre_x, centre_y)) > radius + 0.01)
    east, north = math.sin(angle), math.cos(angle)
    found = geometry.ray_to_disc(x, y, east, north, centre_x, centre_y, radius)
    if found < math.inf:
        assert abs(math.dist((x + found * east, y + found * north), (centre_x, centre_y)) - radius) < 1e-3
    for walked in range(0, int(min(found, FAR)), 7):
        assert math.dist((x + walked * east, y + walked * north), (centre_x, centre_y)) > radius - 1e-3


@given(PLACES, PLACES, ANGLES, st.floats(10, 75), WALLS)
def test_disc_to_segment(x: float, y: float, angle: float, radius: float, wall: Segment) -> None:
    assume(from_wall(x, y, wall) > radius + 0.01)
    east, north = math.sin(angle), math.cos(angle)
    found = geometry.disc_to_segment(x, y, east, north, radius, wall)
    if found < math.inf:
        assert abs(from_wall(x + found * east, y + found * north, wall) - radius) < 1e-3
    for walked in range(0, int(min(found, FAR)), 3):
        assert from_wall(x + walked * east, y + walked * north, wall) > radius - 1e-3


@given(st.floats(10, 75), st.floats(0, 300), st.floats(-9, 9))
def test_a_disc_that_touches_can_leave_and_slide_but_not_enter(radius: float, along: float, tilt: float) -> None:
    wall = (0.0, 0.0, 300.0, 0.0)
    angle = math.radians(90 + tilt)  # along the wall, a little away from it or towards it
    east, north = math.sin(angle), math.cos(angle)
    found = geometry.disc_to_segment(along, radius, east, north, radius, wall)
    assert (found < 1e-6) == (tilt > 1e-6) or abs(tilt) <= 1e-6


@given(PLACES, PLACES, st.floats(0, 300), st.floats(0, 2 * math.pi), PLACES, PLACES, st.floats(1, 300), st.booleans())
def test_what_is_not_within_reach_is_not_met(
    x: float, y: float, most: float, angle: float, x1: float, y1: float, length: float, is_level: bool
) -> None:
    wall = (x1, y1, x1 + length, y1) if is_level else (x1, y1 + length, x1, y1)
    if not geometry.is_within(x, y, 65 + most, wall):
        assert geometry.disc_to_segment(x, y, math.sin(angle), math.cos(angle), 65, wall) >= most - 1e-6


@given(PLACES, PLACES, PLACES, PLACES)
@example(0.0, 450.0, 0.0, 0.0)
@example(75.0, 75.0, 75.0, 150.0)
@example(450.0, 0.0, 450.0, 0.0)
def test_cells_crossed(x1: float, y1: float, x2: float, y2: float) -> None:
    cells = geometry.cells_crossed(x1, y1, x2, y2, 150)
    parts = [0.0, *((part + 0.37) / 500 for part in range(500))]
    points = [*((x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in parts), (x2, y2)]
    walked = [(int(x // 150), int(y // 150)) for x, y in points]
    whole = [walked[0], *cells]
    way = iter(whole)
    assert all(cell in way for before, cell in pairwise(walked) if cell != before)
    assert whole[-1] == walked[-1]
    for before, after in pairwise(whole):
        assert max(abs(before[0] - after[0]), abs(before[1] - after[1])) == 1
    assert len(cells) <= abs(walked[0][0] - walked[-1][0]) + abs(walked[0][1] - walked[-1][1])


def test_a_way_in_two_parts_enters_what_the_whole_enters() -> None:
    whole = geometry.cells_crossed(75, 75, 75, 375, 150)
    for stop in (100, 149, 150, 151, 225, 299, 300, 301):
        parts = geometry.cells_crossed(75, 75, 75, stop, 150) + geometry.cells_crossed(75, stop, 75, 375, 150)
        assert parts == whole == [(0, 1), (0, 2)]
        back = geometry.cells_crossed(75, 375, 75, stop, 150) + geometry.cells_crossed(75, stop, 75, 75, 150)
        assert back == [(0, 1), (0, 0)]


def test_cells_crossed_on_a_straight_way() -> None:
    assert geometry.cells_crossed(1500, 1500, 1500, 10500, 3000) == [(0, 1), (0, 2), (0, 3)]
    assert geometry.cells_crossed(10500, 1500, 4500, 1500, 3000) == [(2, 0), (1, 0)]
    assert geometry.cells_crossed(1500, 1500, 1500, 2999, 3000) == []
    assert geometry.cells_crossed(1500, 1500, 1500, 1500, 3000) == []

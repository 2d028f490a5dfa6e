"""The floor: lines that robots follow, coloured cells, lamps."""

from __future__ import annotations

import pytest

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim import floor
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Line, Mat, Place
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Runner
from petitpas_sim.snapshot import Snapshot
from petitpas_sim.trace import Trace
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.picture import picture
from tests.simulated import run

BEND = Mat(5, 5, lines=(Line(((75, 75), (75, 300), (130, 430), (240, 505), (675, 525))),))
BOTH = (o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT)

ON_LEFT, ON_RIGHT = ({"sensor": sensor, "is": "below"} for sensor in ("line_left", "line_right"))
FOLLOW = [["forever", [["if", ON_LEFT, [["left_deg", 8]]], ["if", ON_RIGHT, [["right_deg", 8]]], ["forward_mm", 5]]]]


def on(mat: Mat, place: str, kit: str = "exact", *, skip: bool = True) -> Runner:
    runner = Runner(mat, skip=skip, trace=Trace())
    flaws = Flaws() if load_kit(kit).board else None
    runner.add("lapin", load_kit(kit), Place.parse(place), flaws=flaws).cable.plug()
    return runner


def read(runner: Runner, *sensors: int) -> list[int | None]:
    return [runner.robots["lapin"].hal.sense(sensor) for sensor in sensors]


@pytest.mark.parametrize("skip", [True, False])
def test_a_robot_follows_a_line_round_its_bend(skip: bool) -> None:
    runner = on(BEND, "A1N", skip=skip)
    run(runner, "lapin", from_compact(FOLLOW))
    runner.run_to(90_000)
    path = runner.robots["lapin"].body.path
    assert path[:5] == [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]


def test_the_exact_kit_sees_black_or_bright_and_nothing_between() -> None:
    runner = on(BEND, "A2N")
    assert read(runner, *BOTH) == [900, 900]  # the line is between them
    seen = set()
    run(runner, "lapin", from_compact([["right_deg", 90]]))
    while runner.world.t_ms < 3000:
        runner.run_to(runner.world.t_ms + 10)
        seen.update(read(runner, *BOTH))
    assert seen == {100, 900}
    assert read(runner, *BOTH) == [100, 100]


@pytest.mark.parametrize("kit", ["pico-stepper", "pico-dc"])
def test_a_real_sensor_sees_an_edge_as_a_slope(kit: str) -> None:
    runner = on(BEND, "A2N", kit)
    assert all((permille or 0) > 800 for permille in read(runner, *BOTH))
    run(runner, "lapin", from_compact([["right_deg", 90]]))
    seen = set()
    while runner.world.t_ms < 4000:
        runner.run_to(runner.world.t_ms + 10)
        seen.update(read(runner, *BOTH))
    assert any(300 < (permille or 0) < 700 for permille in seen)
    assert all(permille is not None and permille < 200 for permille in read(runner, *BOTH))


@pytest.mark.parametrize("aside,permille", [(0, 100), (7, 100), (10, 500), (8.5, 300), (13, 900), (60, 900)])
def test_an_edge_is_as_wide_as_what_a_real_sensor_sees_at_once(aside: float, permille: float) -> None:
    assert floor.blurred_permille(BEND, 75 - aside, 225) == pytest.approx(permille)


def test_colours_are_for_eyes() -> None:
    plain, coloured = Mat(2, 1), Mat(2, 1, colours=frozenset({((0, 0), o.COLOUR_BLUE)}))
    assert read(on(coloured, "A1N"), *BOTH) == read(on(plain, "A1N"), *BOTH)
    pictures = [picture(Snapshot(0, mat, ()), size=(300, 200)) for mat in (plain, coloured)]
    at = (75, 100)
    assert pictures[0].get_at(at) != pictures[1].get_at(at)


def test_lines_and_lamps_are_drawn() -> None:
    mat = Mat(3, 1, lines=(Line.through([(0, 0), (1, 0)]),), lamps=frozenset({(2, 0)}))
    drawn = picture(Snapshot(0, mat, ()), size=(600, 300))
    colours = {tuple(drawn.get_at((x, y)))[:3] for x in range(600) for y in range(300)}
    assert {rgb("ink"), rgb("glow"), rgb("sun")} <= colours


def test_a_lamp_is_brightest_beneath_it_and_dusk_is_under_the_threshold() -> None:
    mat = Mat(7, 1, lamps=frozenset({(6, 0)}))
    light = [read(on(mat, f"{column}1N"), o.SENSOR_LIGHT)[0] or 0 for column in "ABCDEFG"]
    assert light == sorted(light) and len(set(light)) == 7
    assert light[0] < load_kit("exact").light_permille < light[-1] == 1000
    assert read(on(Mat(7, 1), "A1N"), o.SENSOR_LIGHT) == [800]


@pytest.mark.parametrize("skip", [True, False])
def test_a_robot_waits_for_light_on_its_way(skip: bool) -> None:
    runner = on(Mat(7, 1, lamps=frozenset({(6, 0)})), "A1E", skip=skip)
    seek = [["wait_until", {"sensor": "light", "is": "above"}], ["light", "yellow"], "stop"]
    run(runner, "lapin", from_compact([["when_go", [["forward", 6]]], ["when_go", seek]]))
    runner.run_to(60_000)
    assert runner.trace is not None
    assert runner.robots["lapin"].body.colour == o.COLOUR_YELLOW
    assert runner.robots["lapin"].body.cell()[0] == 5


def test_a_mat_refuses_what_is_not_on_it() -> None:
    for wrong in (
        {"lamps": frozenset({(3, 0)})},
        {"colours": frozenset({((3, 0), 1)})},
        {"colours": frozenset({((0, 0), 8)})},
        {"colours": frozenset({((0, 0), 1), ((0, 0), 2)})},
        {"lines": (Line(((0, 0),)),)},
        {"lines": (Line.through([(0, 0), (3, 0)]),)},
    ):
        with pytest.raises(ValueError):
            Mat(3, 3, **wrong)  # type: ignore[arg-type]
    assert len({Mat(3, 3), Mat(3, 3, lines=(Line.through([(0, 0), (1, 0)]),))}) == 2

"""Real time that is slow, fast or paused, on a clock that the tests wind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from petitpas.program import from_compact
from petitpas_robot import opcodes as o
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import FAST, REAL, SLOW, RealTime
from petitpas_sim.runner import Runner
from tests.simulated import one_robot, run


class Wound:
    """A world in real time whose clock stands still unless it is wound."""

    def __init__(self, runner: Runner) -> None:
        self._now_s = 100.0
        self.pace = RealTime(runner, now_s=lambda: self._now_s)
        self.pace.start()

    def wind(self, seconds: float) -> int:
        """Let the wall's clock go on; return the world's milliseconds."""
        with self.pace.lock:
            self._now_s += seconds
            self.pace.catch_up()
            return self.pace.runner.world.t_ms


@pytest.fixture
def wound() -> Iterator[Wound]:
    wound = Wound(one_robot("5x1", "A1E"))
    yield wound
    wound.pace.stop()


@pytest.mark.parametrize("speed,world_ms", [(SLOW, 500), (REAL, 1000), (FAST, 2000), (0, 0)])
def test_time_passes_as_fast_as_it_is_told_to(wound: Wound, speed: float, world_ms: int) -> None:
    wound.pace.speed = speed
    assert wound.pace.speed == speed
    assert wound.wind(1) == world_ms


def test_a_new_speed_counts_from_now(wound: Wound) -> None:
    assert wound.wind(1) == 1000
    wound.pace.speed = SLOW
    assert wound.wind(1) == 1500
    wound.pace.speed = 0
    assert wound.wind(3600) == 1500
    wound.pace.speed = REAL
    assert wound.wind(1) == 2500


def test_a_paused_world_goes_on_by_steps_and_hears(wound: Wound) -> None:
    wound.pace.speed = 0
    robot = wound.pace.runner.robots["lapin"]
    run(wound.pace.runner, "lapin", from_compact([["forward", 2], ["light", "blue"]]))
    wound.pace.step(4000)
    assert wound.wind(10) == 4000
    with wound.pace.lock:
        wound.pace.runner.put("lapin", Place.parse("E1N"))
    assert robot.body.place() == Place.parse("E1N")
    wound.pace.step(4000)
    assert robot.body.colour == o.COLOUR_OFF
    wound.pace.speed = REAL
    assert wound.wind(1) == 9000


def test_a_world_that_begins_paused_begins_when_it_is_let_go() -> None:
    now_s = [5.0]
    pace = RealTime(Runner(Mat(1, 1)), speed=0, now_s=lambda: now_s[0])
    pace.start()
    now_s[0] = 60.0
    pace.speed = REAL
    with pace.lock:
        now_s[0] = 61.0
        pace.catch_up()
        assert pace.runner.world.t_ms == 1000
    pace.stop()

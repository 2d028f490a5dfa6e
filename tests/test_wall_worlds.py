"""The worlds behind the wall's pages: time passes in them as the teacher has set, and they end with their page."""

from collections.abc import Iterator
from functools import partial

import pytest

from petitpas.wall.worlds import OwnWorld
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import FAST, SLOW, RealTime


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr("petitpas.wall.worlds.RealTime", partial(RealTime, now_s=clock))
    yield clock


def passed(world: OwnWorld, clock: Clock, seconds: float) -> int:
    before = world.snapshot().t_ms
    clock.now_s += seconds
    return world.snapshot().t_ms - before


def test_what_the_teacher_sets_changes_how_time_passes_at_once(clock: Clock) -> None:
    speed = "real"
    world = OwnWorld(Mat(3, 3), Place(0, 0), "lapin", "exact", speed=lambda: speed)
    seen = {}
    for speed in ("real", "slow", "fast"):
        world.poll()
        seen[speed] = passed(world, clock, 1)
    world.close()
    assert seen == {
        "real": pytest.approx(1000, abs=10),
        "slow": pytest.approx(1000 * SLOW, abs=10),
        "fast": pytest.approx(1000 * FAST, abs=10),
    }


def test_a_name_is_free_again_once_its_world_is_closed() -> None:
    for _ in range(2):
        world = OwnWorld(Mat(3, 3), Place(0, 0), "lapin", "exact")
        with pytest.raises(ValueError, match="lapin"):
            OwnWorld(Mat(3, 3), Place(0, 0), "lapin", "exact")
        world.close()

"""A hand on the mat: robots are lifted, put down and turned by taps, in the world itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.wall.board import Status
from petitpas.wall.driver import SimDriver
from petitpas.wall.hand import Hand, OnMat, place_of
from petitpas.wall.level_layout import ceiling_px
from petitpas.wall.nominal import Nominal
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.replay import FRAME_MS, Opened, opened
from petitpas.wall.session import Setting
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.runner import Runner
from petitpas_sim.snapshot import RobotSnapshot
from petitpas_sim.view.scene import Art, Box, Frame, MatLayout, robot_items

pytestmark = pytest.mark.usefixtures("no_screen")


class Wall:
    """A page over a world in virtual time, which passes from tap to tap."""

    def __init__(self, on: Opened) -> None:
        self._on = on
        self._ms = 0
        self.wait(400)

    def wait(self, ms: int) -> None:
        for _ in range(ms // FRAME_MS):
            self._ms += FRAME_MS
            self._on.worlds.run_to(self._ms)
            self._on.shell.step(self._ms)

    def tap(self, *names: object) -> None:
        for name in names:
            name = OnMat(name) if isinstance(name, tuple) else name
            assert name in {spot.name for spot in self._on.shell.spots()}, name
            self._on.shell.tap(name)
            self.wait(200)

    @property
    def page(self) -> BoardPage | LessonPage:
        page = self._on.shell.page
        assert isinstance(page, BoardPage | LessonPage)
        return page

    @property
    def robot(self) -> RobotSnapshot:
        page = self.page
        snapshot = page.snapshot if isinstance(page, BoardPage) else page.robot.snapshot
        return snapshot.robots[0]

    def cells(self) -> set[tuple[int, int]]:
        return {spot.name.cell for spot in self._on.shell.spots() if isinstance(spot.name, OnMat)}


FREE = Setting(mat="4x4", rocks=("B2",))


def test_a_robot_is_lifted_put_down_turned_and_starts_from_there() -> None:
    with opened(FREE) as on:
        wall = Wall(on)
        assert wall.cells() == {(0, 0)}
        wall.tap((0, 0))
        assert wall.robot.is_lifted and wall.cells() == {(x, y) for x in range(4) for y in range(4)} - {(1, 1)}
        wall.tap((2, 3))
        assert not wall.robot.is_lifted and place_of(wall.robot) == Place(2, 3, 0)
        wall.tap((2, 3))
        assert place_of(wall.robot) == Place(2, 3, 1)
        wall.tap("forward", "go")
        wall.wait(6000)
        assert place_of(wall.robot) == Place(3, 3, 1)
        page = wall.page
        assert isinstance(page, BoardPage) and page.decor.start == Place(2, 3, 1)
        wall.tap((3, 3))
        assert wall.robot.is_lifted  # not turned: something else was done meanwhile
        wall.tap((0, 3), (2, 0))
        assert place_of(wall.robot) == Place(2, 0, 1)


def test_a_robot_that_is_lifted_in_a_run_ends_its_program() -> None:
    for setting in (FREE, Setting(lesson="gs4/pas")):
        with opened(setting) as on:
            wall = Wall(on)
            wall.tap("forward", "forward", "go")
            wall.wait(800)
            assert wall.page.board.is_running
            wall.tap(place_of(wall.robot).cell)
            assert wall.page.board.status is Status.STOPPED and wall.robot.is_lifted and not wall.robot.is_moving


def test_in_a_lesson_the_start_stays_and_from_here_is_where_it_was_put() -> None:
    with opened(Setting(lesson="cp3/pas")) as on:
        wall = Wall(on)
        page = wall.page
        assert isinstance(page, LessonPage)
        start = page.variant.robots[0].start
        free = next(
            Place(*cell, start.quarter)
            for cell in ((x, y) for x in range(5) for y in range(4))
            if cell != start.cell and cell not in page.variant.mat.rocks and page.variant.mat.is_open(cell, start.quarter)
        )
        wall.tap(start.cell, free.cell, "forward", "from_here")
        wall.wait(6000)
        assert place_of(wall.robot).cell != start.cell and abs(place_of(wall.robot).column - free.column) <= 1
        wall.tap("go")
        wall.wait(6000)
        assert abs(place_of(wall.robot).column - start.column) + abs(place_of(wall.robot).row - start.row) == 1


def test_what_a_hand_taps_is_the_teachers_and_no_pupil_command() -> None:
    with opened(Setting(lesson="gs4/pas")) as on:
        page = Wall(on).page
        assert isinstance(page, LessonPage)
        spots = [spot for spot in page.spots() if isinstance(spot.name, OnMat)]
        assert spots and all(spot.is_teachers for spot in spots)
        assert all(spot.frame.bottom <= ceiling_px(on.shell.room, page.activity.task.profile) for spot in spots)


def test_a_lifted_robot_is_bigger_and_throws_a_shadow() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 600, 600))
    down = RobotSnapshot("lapin", "exact", 225, 225, 0, 0, 0, False)
    up = RobotSnapshot("lapin", "exact", 225, 225, 0, 0, 0, False, True)
    (on_floor,) = robot_items(layout, [down])
    shadow, lifted = robot_items(layout, [up])
    assert isinstance(on_floor, Art) and isinstance(lifted, Art) and isinstance(shadow, Box)
    assert lifted.scale > on_floor.scale and shadow.frame.centre > (lifted.x, lifted.y)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=25))
def test_whatever_is_tapped_no_two_robots_share_a_cell_and_one_is_in_the_hand_at_most(taps: list[tuple[int, int]]) -> None:
    runner = Runner(Mat.parse("4x3", ["B2"]))
    for name, kit, place in (("lapin", "exact", Place(0, 0)), ("renard", "exact", Place(3, 2, 2)), ("ours", "rocket", Place(2, 1))):
        runner.add(name, load_kit(kit), place)
    driver = SimDriver(Virtual(runner), "lapin", Place(0, 0))
    hand = Hand()
    layout = MatLayout.fit(runner.world.mat, Frame(0, 0, 400, 300))
    for cell in taps:
        offered = {spot.name for spot in hand.spots(layout, driver.snapshot())}
        before = driver.snapshot()
        done = hand.tap(cell, before, driver)
        after = driver.snapshot()
        assert bool(done) <= (OnMat(cell) in offered) and (bool(done) or after.robots == before.robots)
        standing = [place_of(robot).cell for robot in after.robots if not robot.is_lifted]
        assert len(set(standing)) == len(standing) and not set(standing) & runner.world.mat.rocks
        assert sum(robot.is_lifted for robot in after.robots) <= 1


def test_on_the_floor_a_hand_moves_the_nominal_place() -> None:
    nominal = Nominal(Mat(4, 4), Place(0, 0), "lapin", "exact")
    nominal.lift("lapin")
    assert nominal.snapshot().robots[0].is_lifted
    nominal.put("lapin", Place(2, 1, 3), is_start=True)
    nominal.put("lapin", Place(3, 3))
    nominal.put_home()
    assert place_of(nominal.snapshot().robots[0]) == Place(2, 1, 3)

"""Robots on the floor, at the wall: chosen by their animal, played from the strip, lost in a run, begun together; and the mat turned."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import pygame
import pytest
from shown import items, press, said
from test_plugged import Lead

from petitpas.classroom.commands import ChooseLevel, ChooseRobot, OpenLesson
from petitpas.classroom.records import ClassState, Robot, Settings
from petitpas.errors import PortMissing
from petitpas.lessons import all_lessons
from petitpas.program.blocks import Level
from petitpas.robots import FoundPort
from petitpas.robots.doctor import Doctor, Finding
from petitpas.robots.fleet import Fleet
from petitpas.simulated import make_runner
from petitpas.wall.app import open_lesson
from petitpas.wall.asking import AtOnce
from petitpas.wall.board import Status
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk, UnkeptClass
from petitpas.wall.level_layout import ceiling_px
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.page import Open, Page
from petitpas.wall.pages.robot_choice import RobotChoicePage
from petitpas.wall.plugged import PluggedDriver
from petitpas.wall.replay import Worlds
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import NoVoice, Sounds
from petitpas.wall.strip import cards_of, kind_of
from petitpas.wall.together import COUNT, COUNT_MS
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.view.scene import Art, Box, Frame, MatLayout

LESSONS = {lesson.id: lesson for lesson in all_lessons()}
URL = "sim://renard"
SIZES = [(1024, 768), (1280, 800), (1920, 1080), (3840, 2160)]

pytestmark = pytest.mark.usefixtures("no_screen")


class Room(Shell):
    """A lesson at the wall, with a fox on the floor whose cable is in this computer; both pass time together, a frame at a time."""

    def __init__(self, lesson: str = "gs4", variant: str = "pas", level: Level = "GS", size: tuple[int, int] = (1280, 800)) -> None:
        self.floor = make_runner("9x9", "E5N", robots=["renard"], kit="pico-dc")
        self.is_plugged = True
        self.answer = Finding("well", {"port": URL, "robot": "renard", "kit": "pico-dc"})
        self.worlds = Worlds()
        doctor = Doctor(ports=lambda: [FoundPort(URL, "", True)] * self.is_plugged)
        self.fleet = Fleet(doctor)
        object.__setattr__(doctor, "examine", lambda url: [self.answer])
        self.school = UnkeptClass(ClassState(Settings(scale_px_per_m=2_000, is_calm=True)))
        self.voice = NoVoice()
        desk = Desk(self.worlds.open, open_lesson, self.school, Sounds(voice=self.voice), aside=AtOnce(), fleet=self.fleet)
        desk.open_plugged = lambda *what: PluggedDriver(*what, lead=Lead)
        self.school.do(ChooseLevel(level))
        self.school.do(OpenLesson(lesson, variant))
        super().__init__(Page(), desk)
        self.resize(size)
        self.frames(2)
        found = LESSONS[lesson]
        self.variant = found.variant(variant)
        self.go(Open(lambda: open_lesson(desk, found, self.variant)))
        self.frames(2)

    @property
    def lesson(self) -> LessonPage:
        assert isinstance(self.page, LessonPage)
        return self.page

    def frames(self, count: int) -> None:
        for _ in range(count):
            self.now_ms += 16
            self.worlds.run_to(self.now_ms)
            self.floor.run_to(self.floor.world.t_ms + 16)
            self.step(self.now_ms)

    def press(self, *names: Hashable) -> None:
        for name in names:
            assert name in {spot.name for spot in self.spots()}, name
            self.tap(name)
            self.frames(3)

    def until(self, is_so: Callable[[], bool], most: int = 4000) -> None:
        for _ in range(most):
            if is_so():
                return
            self.frames(1)
        raise AssertionError("it never is so")

    def unplug(self) -> None:
        self.is_plugged = False
        self.floor.robots["renard"].cable.unplug()
        self.fleet.look()
        self.frames(5)

    def plug(self) -> None:
        self.is_plugged = True
        self.fleet.look()
        self.frames(2)

    def take_fox(self) -> None:
        self.plug()
        self.press(Tool.MORE, Tool.ROBOT, "renard")

    def lay(self) -> None:
        self.press(*(kind_of(card) for card in cards_of(self.variant.solution)))


@contextmanager
def room(**more: object) -> Iterator[Room]:
    made = Room(**more)  # type: ignore[arg-type]
    with open_to_hosts(Virtual(made.floor)):
        yield made
    made.close()


# --- The whole way ---


def test_a_strip_goes_to_the_fox_and_to_its_goal_although_the_cable_goes() -> None:
    with room() as she:
        she.take_fox()
        assert she.school.snapshot.robot == Robot("renard", URL)
        assert "Pose le renard sur la maison, nez vers la fenêtre." in said(she)
        she.lay()
        she.press("go")
        lit = []
        for card in range(2):
            she.until(lambda card=card: she.lesson.board.lit == card)
            lit.append(card)
        assert she.floor.world.snapshot().robots[0].is_moving
        she.frames(30)
        she.unplug()
        assert she.lesson.board.is_running and "on continue à l’écran" in said(she)
        she.until(lambda: she.lesson.board.lit == len(cards_of(she.variant.solution)) - 1)
        she.until(lambda: not she.lesson.board.is_running)
        assert she.lesson.activity.is_reached
        (made,) = she.school.snapshot.work.tries
        assert made.is_reached and made.outcome == "done"
        assert she.school.snapshot.robot == Robot("renard", "")
        she.frames(600)
        she.plug()
        assert "C’est le renard" in said(she)
        she.frames(30)
        assert she.school.snapshot.robot.port == ""  # offered, never taken
        assert not she.floor.robots["renard"].cable.is_plugged


def test_without_a_robot_on_the_floor_all_animals_are_on_the_wall() -> None:
    with room() as she:
        she.press(Tool.MORE)
        assert Tool.TOGETHER not in {spot.name for spot in she.spots()}
        she.press(Tool.ROBOT, "tortue")
        assert she.school.snapshot.robot == Robot("tortue")
        assert she.lesson.robot.name == "tortue"
        she.lay()
        she.press("go")
        she.until(lambda: not she.lesson.board.is_running)
        assert she.lesson.activity.is_reached


@pytest.mark.parametrize("size", SIZES)
def test_animals_on_the_floor_have_a_cable(size: tuple[int, int]) -> None:
    with room(size=size) as she:
        she.press(Tool.MORE, Tool.ROBOT)
        assert isinstance(she.page, RobotChoicePage)
        plain = sum(isinstance(item, Art) for item in items(she))
        she.plug()
        assert she.page.ports == {"renard": URL} and sum(isinstance(item, Art) for item in items(she)) > plain
        spots = [spot for spot in she.spots() if isinstance(spot.name, str)]
        assert len(spots) == 13 and all(spot.is_teachers for spot in spots)
        assert not any(a.frame.overlaps(b.frame) for a in spots for b in spots if a is not b)
        assert all(spot.frame.left >= 0 and spot.frame.right <= size[0] and spot.frame.bottom <= size[1] for spot in spots)


@pytest.mark.parametrize("size", SIZES)
def test_the_corner_has_room_for_all_that_a_lesson_offers(size: tuple[int, int]) -> None:
    with room(size=size) as she:
        she.take_fox()
        she.lay()
        she.press(Tool.MORE)
        tools = {spot.name: spot.frame for spot in she.spots() if isinstance(spot.name, Tool) and spot.name is not Tool.OUTSIDE}
        assert {Tool.ROBOT, Tool.TOGETHER, Tool.TURNED} <= tools.keys()
        assert not any(a.overlaps(b) for one, a in tools.items() for other, b in tools.items() if one is not other)
        assert all(frame.left >= 0 and frame.right <= size[0] and frame.bottom <= size[1] for frame in tools.values())


def test_an_empty_board_is_told_and_where_it_is_prepared() -> None:
    with room() as she:
        she.answer = Finding("no_petitpas", {"port": URL})
        she.plug()
        assert "Cette carte est vide" in said(she) and "Mes robots" in said(she)
        she.press(Tool.MORE, Tool.ROBOT)
        assert she.page.ports == {} and "Cette carte est vide" in said(she)  # type: ignore[attr-defined]


def test_a_rocket_stays_on_the_wall_and_says_why() -> None:
    every = ((lesson, variant) for lesson in LESSONS.values() for variant in lesson.variants)
    lesson, variant = next((lesson, variant) for lesson, variant in every if variant.robots[0].kit == "rocket")
    with room(lesson=lesson.id, variant=variant.name, level=lesson.levels[0]) as she:
        she.take_fox()
        assert "le renard ne sait pas faire" in said(she).lower()
        assert not she.floor.robots["renard"].cable.is_plugged


def test_a_robot_of_yesterday_that_is_not_there_is_a_banner() -> None:
    class Missing(Lead):
        def opened(self) -> bool:
            raise PortMissing(port=self.url)

    with room() as she:
        she.desk.open_plugged = lambda *what: PluggedDriver(*what, lead=Missing)
        she.school.do(ChooseRobot("renard", URL))
        she.frames(5)
        assert "on continue à l’écran" in said(she) and she.school.snapshot.robot == Robot("renard")
        she.lay()
        she.press("go")
        she.until(lambda: not she.lesson.board.is_running)
        assert she.lesson.activity.is_reached


# --- GO together ---


def test_go_together_counts_and_the_wall_says_that_it_shows() -> None:
    with room() as she:
        she.take_fox()
        she.lay()
        she.press(Tool.MORE, Tool.TOGETHER)
        she.until(lambda: "Débranche le renard" in said(she))
        assert {spot.name for spot in she.spots() if isinstance(spot.name, str)} == {"back"}
        press(she, pygame.K_RETURN)
        assert not she.lesson.board.is_running  # not yet
        she.unplug()
        heard = []
        she.desk.sounds.play = heard.append  # type: ignore[method-assign]
        she.press(COUNT)
        for told in (1, 2, 3):
            assert "Prêts" in said(she) and heard == ["count"] * told
            assert sum(isinstance(item, Box) and item.fill == "sun" and item.shadow > 0 for item in items(she)) == 1
            she.frames(COUNT_MS // 16 + 1)
        assert "GO ensemble" in said(she) and heard == ["count"] * 3
        assert she.voice.last is not None and she.voice.last.names == ("wall.together.go",)
        (go,) = (spot for spot in she.spots() if spot.name == "go")
        assert go.frame.top >= ceiling_px(she.room, she.lesson.activity.task.profile)
        she.press("go")
        assert "listen" in {spot.name for spot in she.spots()}
        assert "Le mur montre" in said(she) and not she.floor.world.snapshot().robots[0].is_moving
        she.until(lambda: not she.lesson.board.is_running)
        assert she.lesson.activity.is_reached and "Le mur montre" not in said(she)


def test_the_program_is_in_the_robot_and_the_wall_takes_its_time() -> None:
    with room() as she:
        she.take_fox()
        she.lay()
        she.press(Tool.MORE, Tool.TOGETHER)
        she.until(lambda: "Débranche le renard" in said(she))
        she.unplug()
        she.press(COUNT)
        she.until(lambda: "GO ensemble" in said(she))
        app = she.floor.robots["renard"].app
        app.run(0, 0, 0, 0)  # its own key
        she.floor.wake("renard")
        she.press("go")
        began_ms, ends = she.now_ms, {}
        while len(ends) < 2:
            she.frames(1)
            if app.vm.how:
                ends.setdefault("floor", she.now_ms)
            if not she.lesson.board.is_running:
                ends.setdefault("wall", she.now_ms)
        assert ends["wall"] - began_ms == pytest.approx(ends["floor"] - began_ms, rel=0.1)  # real wheels are a little late


def test_stop_ends_a_go_together() -> None:
    with room() as she:
        she.take_fox()
        she.lay()
        she.press(Tool.MORE, Tool.TOGETHER, Tool.STOP)
        assert she.lesson.board.status is Status.READY and "go" in {spot.name for spot in she.spots()}


# --- The mat as the robot sees it ---


def test_the_mat_turns_until_the_robot_looks_up() -> None:
    with room() as she:
        she.press(Tool.MORE, Tool.TURNED)
        before = she.lesson.mat
        she.press("right", "forward", "go")
        she.until(lambda: not she.lesson.board.is_running)
        she.frames(3)
        turned = she.lesson.mat
        assert (before.turns, turned.turns) == (0, 3)
        robot = she.lesson.robot.robot
        assert robot is not None and turned.angle(robot.heading_deg) == pytest.approx(0)
        x, y = turned.point(robot.x_mm, robot.y_mm)
        assert turned.cell(Place.parse("B1N").cell).holds(x, y)
        assert turned.cell((0, 0)).top > turned.cell((1, 0)).top  # the east is up
        she.press(Tool.MORE, Tool.TURNED)
        assert she.lesson.mat == before


def test_the_mat_is_on_its_way_for_a_moment_and_calm_at_once() -> None:
    with room() as she:
        she.school.snapshot = ClassState(Settings(scale_px_per_m=2_000), hand=she.school.snapshot.hand)
        she.frames(2)
        she.press(Tool.MORE, Tool.TURNED, "right", "go")
        she.until(lambda: she.lesson.mat.turns % 1 != 0)
        assert she.wait_ms() <= 16
        she.until(lambda: she.lesson.mat.turns == 3, most=30)


@pytest.mark.parametrize("turns", range(4))
def test_every_cell_of_a_turned_mat_is_tapped_where_it_is_drawn(turns: int) -> None:
    layout = MatLayout.fit(Mat(5, 3), Frame(10, 20, 700, 500), turns)
    cells = {(column, row): layout.cell((column, row)) for column in range(5) for row in range(3)}
    assert not any(a.overlaps(b) for x, a in cells.items() for y, b in cells.items() if x != y)
    for (column, row), frame in cells.items():
        assert layout.card.left < frame.left and frame.right < layout.card.right
        assert layout.card.top < frame.top and frame.bottom < layout.card.bottom
        assert frame.holds(*layout.point((column + 0.5) * CELL_MM, (row + 0.5) * CELL_MM))


# --- A robot in another process ---


needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


@pytest.mark.parametrize("how", ["tcp", pytest.param("pty", marks=needs_pty)])
def test_a_robot_of_another_process_plays_a_strip_until_it_is_gone(how: str) -> None:
    command = [sys.executable, "-m", "petitpas.cli", "sim", "--serve", how, "--tcp-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split("\t")[1].strip()
        variant = LESSONS["gs4"].variant("pas")
        driver = PluggedDriver(url, variant.mat, variant.robots[0].start, "lapin")
        try:
            slowest_s, events, late_s = 0.0, [], time.monotonic() + 30
            driver.run([["light", "blue"], "beep", ["light", "green"]])
            while ("finished", "done") not in events:
                assert time.monotonic() < late_s, events
                began_s = time.thread_time()
                events += driver.poll()
                slowest_s = max(slowest_s, time.thread_time() - began_s)
            assert ("entered", 1) in events and slowest_s < 0.02
            driver.run([["wait", 60_000]])
            while ("entered", 0) not in driver.poll():
                assert time.monotonic() < late_s
            process.kill()
            while not any(event[0] == "trouble" for event in driver.poll()):
                assert time.monotonic() < late_s
        finally:
            driver.close()
            process.kill()

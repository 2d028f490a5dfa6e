"""A monkey at the wall: nothing that it does is too much, and what is too much would be found again."""

import gc
import sys
import weakref
from pathlib import Path

import pygame
import pytest
from shown import said

import monkey
from petitpas.classroom.store import FULL
from petitpas.wall import microphone, paper
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Go
from petitpas.wall.pages.workshop_page import WorkshopPage
from petitpas.wall.replay import Worlds, opened, replay
from petitpas.wall.session import Line, Session, Setting, read_session
from petitpas.words import Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.canvas import Canvas, Painter, font
from petitpas_sim.view.scene import Box, Frame
from screens import Visit, Watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how much memory a process has is read from /proc")

SECONDS = 15


@pytest.mark.once
def test_monkeys_play_and_nothing_falls(tmp_path: Path) -> None:
    file = tmp_path / "session.jsonl"
    seen = [monkey.run(seed, SECONDS / 60, tmp_path / str(seed), file) for seed in range(21, 25)]
    assert sum(each.events for each in seen) > 200
    assert len(set.union(*(each.pages for each in seen))) > 3
    assert not file.exists()


def test_what_is_around_the_wall_is_there_for_a_monkey_and_nothing_else_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_: object) -> None:
        raise AssertionError

    monkeypatch.setenv("PETITPAS_DATA", str(tmp_path / "class of this computer"))
    monkeypatch.setattr(paper.subprocess, "Popen", no_process)
    monkeypatch.setattr(microphone, "started", no_process)
    store = monkey.FillingStore(tmp_path / "class")
    with opened(Setting()) as on:
        monkey.furnish(on, store)
        visit = Visit(on.shell, on.worlds.run_to)
        for step in ("settings", ("voice", "record"), "record"):
            visit.take(step)
        assert Words().text("wall.voice.no_microphone").split()[0] in said(on.shell)
        for step in ("back", ("notebook", "export"), "back", "prepare", "GS", "print"):
            visit.take(step)
        assert "est ouvert" in said(on.shell) and (on.desk.folder / "pages" / "gs1.pdf").exists()
        store.trouble = FULL
        visit.take("print")
        assert "pages" in said(on.shell) and "est ouvert" not in said(on.shell)
        for step in ("back", "back", "robots"):
            visit.take(step)
        on.desk.fleet.look()
        for dialogue in ("who", ("install", monkey.EMPTY), ("flash", str(on.desk.folder / "RPI-RP2"))):
            visit.take(Watch(100))
            visit.take(dialogue)
            page = on.shell.page
            assert isinstance(page, WorkshopPage) and page.person.wait(60)
            visit.take("back")
    assert not on.desk.folder.exists() and not (tmp_path / "class of this computer").exists()


@pytest.mark.once
def test_the_same_seed_does_the_same(tmp_path: Path) -> None:
    first, second = (monkey.run(5, SECONDS / 60, tmp_path / name, tmp_path / f"{name}.jsonl") for name in ("one", "two"))
    assert (first.events, first.pages, first.runs) == (second.events, second.pages, second.runs)


def test_a_fall_is_kept_as_a_session_that_falls_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tap(page: LevelsPage, name: object) -> Go | None:
        raise ZeroDivisionError

    monkeypatch.setattr(LevelsPage, "tap", tap)
    file = tmp_path / "session.jsonl"
    with pytest.raises(ZeroDivisionError):
        monkey.run(seed=11, minutes=3, folder=tmp_path / "class", session=file)
    session = read_session(file.read_bytes(), file)
    assert session.setting.seed == 11
    with pytest.raises(ZeroDivisionError), opened(session.setting) as on:
        replay(session, on)


def test_what_was_drawn_on_a_big_screen_is_let_go_on_a_small_one() -> None:
    def painted(size: tuple[int, int]) -> float:
        surface = pygame.Surface(size, 0, 32)
        painter.paint(surface, (still, moving[0]), whole=True)
        painter.paint(surface, (still, moving[1]))
        painter.paint(surface, (still, moving[0]), whole=True)
        del surface
        return monkey.megabytes()

    still = (Box(Frame(0, 0, 300, 200), 0, "paper"),)
    moving = [(Box(Frame(left, 0, 9, 9), 0, "ink"),) for left in (0, 50)]
    painter = Painter(Canvas())
    small = painted((300, 200))
    assert painted((3840, 2160)) > small + 25
    assert painted((300, 200)) < small + 5


def test_windows_of_every_size_do_not_keep_every_size_of_text() -> None:
    for size in range(10, 200):
        font(size, False)
    assert font.cache_info().currsize <= 64


def test_a_robot_that_is_unplugged_in_a_run_is_told_and_comes_back() -> None:
    setting = Setting((640, 480), mat="4x4")
    keys = [(100, "KEYDOWN", {"key": key, "mod": 0}) for key in (pygame.K_UP, pygame.K_UP, pygame.K_RETURN)]
    events = [*keys, (400, "UNPLUG", {}), (2_000, "SIZE", {"size": [800, 600]}), (2_100, "PLUG", {}), (4_000, "END", {})]
    session = Session(setting, tuple(Line(*event) for event in events))
    troubles: dict[int, str | None] = {}
    with opened(setting) as on:
        replay(session, on, lambda ms: troubles.update({ms: on.shell.page.board.trouble}))
        assert not on.shell.page.board.is_running
    assert troubles[380] is None and troubles[2_000] == "wall.trouble" and troubles[4_000] is None


def test_worlds_of_pages_that_were_left_are_let_go() -> None:
    worlds = Worlds()
    world = worlds.open(Mat(4, 4), Place.parse("A1N"), "lapin", "exact")
    world.close()
    left = weakref.ref(world)
    del world
    worlds.run_to(20)
    gc.collect()
    assert left() is None

"""
A lesson at the wall with thirty robots, one frame after the other: our drawing, and the naive one beside it.

    python view.py WIDTH HEIGHT

prints, in milliseconds: our median frame and the one in a hundred that takes longest, then the naive median. The display is DISPLAY's.
A frame is all there is from one to the next: the world, the page, its layers, and pixels to the screen.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")  # as the wall has it

import pygame

from petitpas.classroom.records import ClassState, Settings
from petitpas.lessons.load import find_lesson
from petitpas.program import build, from_compact
from petitpas.wall.app import open_lesson
from petitpas.wall.asking import AtOnce
from petitpas.wall.desk import Desk, UnkeptClass
from petitpas.wall.driver import SimDriver
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.shell import Shell
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.canvas import Canvas
from petitpas_sim.view.scene import Art

FRAME_MS = 16
FRAMES = 600
ROBOTS = 30
COLUMNS, ROWS = 12, 6
SQUARE: list[object] = [["forever", ["forward", "right", "forward", "right", "forward", "right", "forward", "left", "left", "left"]]]

LESSON = ("ce1-1", "pas")
FIRST = "lapin 0"
HOME = Place(0, 0, 0)
FENCE = frozenset({(0, 1, "N"), (1, 1, "N"), (1, 0, "E"), (1, 1, "E")})
"""Around the cells on which the strip's robot goes its own square, so that nobody stops it."""

_YARD = {(0, 0), (0, 1), (1, 0), (1, 1)}


def thirty() -> Runner:
    """Return a world with some rocks, in which the strip's robot stands at home, and all others can begin to drive and turn for ever."""
    cells = [(column, row) for row in range(ROWS) for column in range(COLUMNS) if (column, row) not in _YARD]
    rocks = frozenset(cells[7::17])
    free = [cell for cell in cells if cell not in rocks]
    runner = Runner(Mat(COLUMNS, ROWS, rocks, FENCE))
    runner.add(FIRST, load_kit("exact"), HOME)
    image = build(from_compact(SQUARE)).data
    for number in range(1, ROBOTS):
        robot = runner.add(f"{ANIMALS[number % len(ANIMALS)]} {number}", load_kit("exact"), Place(*free[2 * number], number % 4))
        robot.app.load(len(image), 0, image)
    return runner


def go_on(runner: Runner, t_ms: int) -> None:
    """Bring a world to a time; whoever has no strip and was stopped by something turns and goes on."""
    runner.run_to(t_ms)
    for robot in runner.robots.values():
        if robot.app.vm.how and robot.name != FIRST:
            place = robot.body.place()
            if place is not None:
                runner.put(robot.name, Place(*place.cell, (place.quarter + 1) % 4))
            robot.app.run(0, 0, 0, 0)
            runner.wake(robot.name)


@contextmanager
def lesson(runner: Runner, size: tuple[int, int]) -> Iterator[Shell]:
    """Give a lesson on the mat of a world, whose strip is full and runs."""
    pace = Virtual(runner)
    found = find_lesson(LESSON[0])
    variant = found.variant(LESSON[1])
    alone = replace(variant, mat=runner.world.mat, robots=(replace(variant.robots[0], name=FIRST, kit="exact", start=HOME),))
    with open_to_hosts(pace):
        school = UnkeptClass(ClassState(Settings(is_calm=False)))
        desk = Desk(lambda *_: SimDriver(pace, FIRST, HOME), open_lesson, school, aside=AtOnce())
        page = LessonPage(desk, found, alone)
        shell = Shell(page, desk)
        shell.resize(size)
        for number in range(page.activity.task.most):
            shell.tap(("forward", "right")[number % 2])
        shell.tap("go")
        yield shell
        shell.close()


def ours(screen: pygame.Surface) -> list[float]:
    """Return the milliseconds of each frame of the wall."""
    runner = thirty()
    taken = []
    with lesson(runner, screen.get_size()) as shell:
        for t_ms in range(0, FRAMES * FRAME_MS, FRAME_MS):
            began = time.perf_counter()
            go_on(runner, t_ms)
            shell.step(t_ms)
            pygame.display.update(shell.paint(screen))
            taken.append(1000 * (time.perf_counter() - began))
        assert shell.page.board.is_running  # type: ignore[attr-defined]
    return taken


def naive(screen: pygame.Surface) -> list[float]:
    """Return the milliseconds of frames as one first writes them: the background, every robot rotated, the whole screen."""
    runner = thirty()
    with lesson(runner, screen.get_size()) as shell:
        background, layout = screen.copy(), shell.page.mat  # type: ignore[attr-defined]
        shell.step(0)
        shell.paint(background)
    sprite = pygame.Surface((layout.pitch, layout.pitch), pygame.SRCALPHA)
    Canvas().paint(sprite, [Art(robot_picture(ANIMALS[0], "exact"), layout.pitch // 2, layout.pitch // 2, layout.pitch / 120)])
    taken = []
    for t_ms in range(0, FRAMES // 10 * FRAME_MS, FRAME_MS):
        began = time.perf_counter()
        go_on(runner, t_ms)
        screen.blit(background, (0, 0))
        for robot in runner.world.snapshot().robots:
            turned = pygame.transform.rotozoom(sprite, -robot.heading_deg, 1)
            screen.blit(turned, turned.get_rect(center=layout.point(robot.x_mm, robot.y_mm)))
        pygame.display.flip()
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def frames_of(screen: pygame.Surface, drawing: Callable[[pygame.Surface], list[float]]) -> list[float]:
    """Return the milliseconds of frames once what is drawn for the first time was, the shortest first."""
    taken = drawing(screen)
    return sorted(taken[len(taken) // 10 :])


def main() -> None:
    """Print the three figures."""
    pygame.display.init()
    screen = pygame.display.set_mode((int(sys.argv[1]), int(sys.argv[2])))
    mine = frames_of(screen, ours)
    print(median(mine), mine[len(mine) * 99 // 100], median(frames_of(screen, naive)))


if __name__ == "__main__":
    main()

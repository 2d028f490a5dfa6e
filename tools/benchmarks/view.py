"""
Thirty robots on a screen, one frame after the other: our drawing, and the naive one beside it.

    python view.py WIDTH HEIGHT

prints, in milliseconds: our median frame and the one in a hundred that takes longest, then the naive median. The display is DISPLAY's.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median

os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")  # as the wall has it

import pygame

from petitpas.program import build, from_compact
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.snapshot import Snapshot
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Art, Box, Decor, Frame, Item, MatLayout, mat_items

FRAME_MS = 16
FRAMES = 600
COLUMNS, ROWS = 12, 6
SQUARE: list[object] = [["forever", ["forward", "right", "forward", "right", "forward", "right", "forward", "left", "left", "left"]]]


def thirty() -> Runner:
    """Return a world in which thirty robots drive and turn for ever, with some rocks."""
    cells = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    rocks = frozenset(cells[7::17])
    free = [cell for cell in cells if cell not in rocks]
    runner = Runner(Mat(COLUMNS, ROWS, rocks))
    image = build(from_compact(SQUARE)).data
    for number in range(30):
        robot = runner.add(f"{ANIMALS[number % len(ANIMALS)]} {number}", load_kit("exact"), Place(*free[2 * number], number % 4))
        robot.brain.load(len(image), 0, image)  # type: ignore[attr-defined]
    return runner


def on_their_way(runner: Runner) -> Callable[[], Snapshot]:
    """Return what brings the world a frame further; a robot that something has stopped turns and goes on."""

    def snapshot() -> Snapshot:
        runner.run_to(runner.world.t_ms + FRAME_MS)
        for robot in runner.robots.values():
            if robot.brain.vm.how:  # type: ignore[attr-defined]
                place = robot.body.place()
                if place is not None:
                    runner.put(robot.name, Place(*place.cell, (place.quarter + 1) % 4))
                robot.brain.run(0, 0, 0, 0)  # type: ignore[attr-defined]
                runner.wake(robot.name)
        return runner.world.snapshot()

    return snapshot


def ours(screen: pygame.Surface, snapshot: Callable[[], Snapshot]) -> list[float]:
    """Return the milliseconds of each frame that the view draws."""
    frame = Frame(0, 0, *screen.get_size())
    painter = Painter(Canvas())
    paper: tuple[Item, ...] = (Box(frame, 0, "paper"),)
    taken = []
    for _ in range(FRAMES):
        seen = snapshot()
        began = time.perf_counter()
        layers = (paper, *mat_items(MatLayout.fit(seen.mat, frame), seen, Decor()))
        pygame.display.update(painter.paint(screen, layers))
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def naive(screen: pygame.Surface, snapshot: Callable[[], Snapshot]) -> list[float]:
    """Return the milliseconds of frames as one first writes them: the background, every robot rotated, the whole screen."""
    frame = Frame(0, 0, *screen.get_size())
    seen = snapshot()
    layout = MatLayout.fit(seen.mat, frame)
    canvas = Canvas()
    background = pygame.Surface(screen.get_size()).convert()
    background.fill(rgb("paper"))
    for layer in mat_items(layout, Snapshot(0, seen.mat, ()), Decor()):
        canvas.paint(background, layer)
    sprite = pygame.Surface((layout.pitch, layout.pitch), pygame.SRCALPHA)
    canvas.paint(sprite, [Art(robot_picture(ANIMALS[0], "exact"), layout.pitch // 2, layout.pitch // 2, layout.pitch / 120)])
    taken = []
    for _ in range(FRAMES // 10):
        seen = snapshot()
        began = time.perf_counter()
        screen.blit(background, (0, 0))
        for robot in seen.robots:
            turned = pygame.transform.rotozoom(sprite, -robot.heading_deg, 1)
            screen.blit(turned, turned.get_rect(center=layout.point(robot.x_mm, robot.y_mm)))
        pygame.display.flip()
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def main() -> None:
    """Print the three figures."""
    pygame.display.init()
    screen = pygame.display.set_mode((int(sys.argv[1]), int(sys.argv[2])))
    mine = sorted(ours(screen, on_their_way(thirty()))[FRAMES // 10 :])
    print(median(mine), mine[len(mine) * 99 // 100], median(naive(screen, on_their_way(thirty()))))


if __name__ == "__main__":
    main()

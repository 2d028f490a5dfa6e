"""A film of a run: the robots of a lesson, or one on a mat, play their programs in virtual time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pygame

from petitpas.lessons.judge import stage
from petitpas.lessons.lesson import Variant
from petitpas.program import Program
from petitpas.wall.film import MOST_FRAMES, MOST_PX, Film, frame_ms_of
from petitpas.wall.lesson_mat import thing_items, things_on
from petitpas_robot import opcodes
from petitpas_sim.mat import Mat
from petitpas_sim.runner import Runner
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.scene import Box, Bump, Decor, Frame, Item, MatLayout, extended, mat_items

LIMIT_MS = 60_000
"""Of a run: a program that goes on for ever is shown for so long."""

_TRAIL_MS = 20
"""Between two looks at where the robot is, so that its path keeps its corners."""

_PITCH = 96
_MARGIN = 30


def film_run(variant: Variant, *programs: Program, most_frames: int = MOST_FRAMES) -> Film:
    """
    Film the robots of a variant on its mat.

    Args:
        programs: in the order of the variant's robots; those that are not given are the solutions.
        most_frames: 1 where only the end is wanted.
    Raises:
        KitError: see `judge`.
    """
    rest = (robot.solution for robot in variant.robots[len(programs) :])
    acts = (*programs, *rest)
    length_ms = _length_ms(variant, acts)
    frame_ms = frame_ms_of(length_ms, most_frames)
    size = _size_of(variant.mat)
    layout = MatLayout.fit(variant.mat, Frame(0, 0, *size).grown(-_MARGIN))
    paper: tuple[Item, ...] = (Box(Frame(0, 0, *size), 0, "paper"),)
    film, painter, surface = Film(size), Painter(Canvas()), pygame.Surface(size, 0, 32)
    play, things = _Play(variant, acts), things_on(variant)
    for ms in range(0, length_ms + frame_ms, frame_ms):
        play.run_to(ms)
        ground, *moving = mat_items(layout, play.runner.world.snapshot(), play.decor)
        layers = (paper, ground, thing_items(layout, things), *moving)
        film.take(surface, painter.paint(surface, layers), frame_ms)
    return film


def _size_of(mat: Mat) -> tuple[int, int]:
    """Return the size of a picture that a mat fills."""
    pitch = min(_PITCH, (MOST_PX - 2 * _MARGIN) // (max(mat.columns, mat.rows) + 1))
    return (mat.columns + 1) * pitch + 2 * _MARGIN, (mat.rows + 1) * pitch + 2 * _MARGIN


def _length_ms(variant: Variant, programs: Sequence[Program]) -> int:
    begun = stage(variant, programs)
    while not begun.is_over and begun.runner.advance(LIMIT_MS):
        pass
    return begun.runner.world.t_ms


class _Play:
    """A run with what is shown of it: the pupil's path, and what has stopped whom."""

    def __init__(self, variant: Variant, programs: Sequence[Program]) -> None:
        self._stage = stage(variant, programs)
        self._programs = {setup.name: program for setup, program in zip(variant.robots, programs, strict=True)}
        self.runner: Runner = self._stage.runner
        self.decor = Decor()

    def run_to(self, ms: int) -> None:
        """Let time pass."""
        trail = self.decor.trail
        for t_ms in (*range(self.runner.world.t_ms, ms, _TRAIL_MS), ms):
            self.runner.run_to(t_ms)
            robot = self.runner.world.snapshot().robots[0]
            trail = extended(trail, robot.x_mm, robot.y_mm)
        self.decor = replace(self.decor, trail=trail, bumps=tuple(self._bumps()))

    def _bumps(self) -> Iterator[Bump]:
        for app, body, image in zip(self._stage.apps, self._stage.bodies, self._stage.images, strict=True):
            if app.vm.how == opcodes.HOW_BLOCKED:
                kinds = {block.id: block.type for block in self._programs[body.name].walk()}
                yield Bump(body.name, kinds.get(image.block_at(app.vm.block) or "", "").startswith("backward"))

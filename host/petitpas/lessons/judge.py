"""
Judging programs, many and quickly: the robots of a variant in a virtual world, whose firmware is handed its image without a cable.

It is the firmware that a board runs, and its own commands LOAD and RUN are called; `check` goes through a port instead, and a test holds
both to the same verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from petitpas.errors import NotSupported, RobotFault
from petitpas.lessons.goals import Run, is_met
from petitpas.lessons.lesson import Limits, RobotSetup, Variant, count_blocks
from petitpas.program import Image, Program, build, needs
from petitpas.words import Key
from petitpas_robot.app import App
from petitpas_sim.body import Body
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Cell
from petitpas_sim.runner import Runner

LIMIT_MS = 600_000
"""Virtual time after which a run is stopped: the exact kit enters each of the 48 cells of an 8 × 6 mat three times in it."""

MAX_IDLE = 4_000
"""Ticks that matter, one after the other, in which no robot enters a cell: a program that does nothing for ever is not waited for."""

_TURNS = ("left", "right", "left_deg", "right_deg")


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What came of a variant that was played.

    `reached` holds when every robot met its goal; limits never count for it: those that were passed are named in `past_limits` ("cards",
    "turns"). `runs` are in the order of the variant's robots, the pupil's first; the other fields are about the pupil's program.
    """

    reached: bool
    runs: tuple[Run, ...]
    blocks_used: int
    turns_used: int
    past_limits: tuple[str, ...]

    @property
    def how(self) -> int:
        """How the pupil's run ended: a HOW_ number."""
        return self.runs[0].how

    @property
    def path(self) -> tuple[Cell, ...]:
        """The cells that the pupil's robot entered, in order."""
        return self.runs[0].path

    @property
    def block_id(self) -> str:
        """The block at which the pupil's run ended; "" at the end of the program."""
        return self.runs[0].block_id


def judge(variant: Variant, *programs: Program, skip: bool = True, limit_ms: int = LIMIT_MS) -> Verdict:
    """
    Let the robots of a variant run their programs at the same time in a new world, and judge what they did.

    Args:
        programs: in the order of the variant's robots; those that are not given are the solutions.
        skip: leave out the ticks that would change nothing.
        limit_ms: virtual time after which a program that has not ended is stopped.
    Raises:
        ProgramError: a program has a problem.
        NotSupported: a robot cannot do one of its blocks.
        RobotFault: a program is longer than a robot's memory.
    """
    rest = (robot.solution for robot in variant.robots[len(programs) :])
    return verdict_on(variant, _play(variant, (*programs, *rest), skip, limit_ms))


def verdict_on(variant: Variant, runs: tuple[Run, ...]) -> Verdict:
    """Return the verdict on what the robots of a variant did."""
    reached = all(is_met(robot.goal, run) for robot, run in zip(variant.robots, runs, strict=True))
    blocks = count_blocks(runs[0].program)
    turns = sum(block.type in _TURNS for block in runs[0].program.walk())
    return Verdict(reached, runs, blocks, turns, _past(variant.limits, blocks, turns))


def run_of(setup: RobotSetup, body: Body, program: Program, how: int, block_id: str) -> Run:
    """Return what a robot did, as its world recorded it."""
    place = body.place()
    return Run(
        program=program,
        start=setup.start,
        path=tuple(body.path),
        cell=body.cell(),
        quarter=place.quarter if place else None,
        sounds=tuple(body.sounds),
        how=how,
        block_id=block_id,
    )


def _past(limits: Limits, cards: int, turns: int) -> tuple[str, ...]:
    used = (("cards", cards, limits.cards), ("turns", turns, limits.turns))
    return tuple(name for name, number, limit in used if limit is not None and number > limit)


@dataclass(frozen=True, slots=True)
class Stage:
    """The robots of a variant in a world of their own, their programs begun and nothing moved yet; all in the order of the variant."""

    runner: Runner
    apps: tuple[App, ...]
    bodies: tuple[Body, ...]
    images: tuple[Image, ...]

    @property
    def is_over(self) -> bool:
        """Whether every program has ended."""
        return all(app.vm.how for app in self.apps)


def stage(variant: Variant, programs: Sequence[Program], skip: bool = True) -> Stage:
    """Begin the programs of a variant's robots, one for each; raises as `judge` does."""
    runner = Runner(variant.mat, skip=skip)
    robots = [runner.add(setup.name, load_kit(setup.kit), setup.start) for setup in variant.robots]
    apps = tuple(robot.app for robot in robots)
    images = tuple(_loaded(*parts) for parts in zip(apps, variant.robots, programs, strict=True))
    for app, setup in zip(apps, variant.robots, strict=True):
        app.run(0, 90 * setup.start.quarter, 0, 0)
        runner.wake(setup.name)
    return Stage(runner, apps, tuple(robot.body for robot in robots), images)


def _play(variant: Variant, programs: Sequence[Program], skip: bool, limit_ms: int) -> tuple[Run, ...]:
    begun = stage(variant, programs, skip)
    idle, entered = 0, [0]
    while not begun.is_over and (idle < MAX_IDLE or not skip) and begun.runner.advance(limit_ms):
        before, entered = entered, [len(body.path) for body in begun.bodies]
        idle = idle + 1 if entered == before else 0
    runs = []
    for setup, body, program, app, image in zip(variant.robots, begun.bodies, programs, begun.apps, begun.images, strict=True):
        block_id = image.block_at(app.vm.block) if app.vm.how else None
        runs.append(run_of(setup, body, program, app.vm.how, block_id or ""))
    return tuple(runs)


def _loaded(app: App, setup: RobotSetup, program: Program) -> Image:
    """Put a program in a robot's memory."""
    for block_id, bits in needs(program):
        if bits & ~app.can:
            kind = next(block.type for block in program.walk() if block.id == block_id)
            raise NotSupported(robot=Key(f"robots.{setup.name}"), block=Key(f"blocks.{kind}.name"), block_id=block_id)
    image = build(program)
    fault, _ = app.load(len(image.data), 0, image.data)
    if fault:
        raise RobotFault(fault)
    return image

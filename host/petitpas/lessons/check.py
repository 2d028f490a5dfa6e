"""
Playing a lesson over ports: its robots in a virtual world, programmed as real ones are, judged by the world's record.

Nothing here knows what a block does: it travels the whole path, from the program to the firmware that moves a body. `judge` gives the same
verdicts sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count

from petitpas.lessons.goals import Run
from petitpas.lessons.judge import LIMIT_MS, Verdict, run_of, verdict_on
from petitpas.lessons.lesson import RobotSetup, Variant
from petitpas.program import Image, Program
from petitpas.robots import Finished, Robot, Settings
from petitpas_robot import opcodes, wire
from petitpas_sim.body import Body
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import BrainFactory, Runner

TRIM = 10_000
"""A trim is in tenths of a permille."""

_worlds = count(1)  # ports have names of their own: other worlds of this process may be open


def check_variant(
    variant: Variant,
    *programs: Program,
    brain: BrainFactory | None = None,
    skip: bool = True,
    limit_ms: int = LIMIT_MS,
) -> Verdict:
    """
    Play a variant and judge it.

    Args:
        programs: in the order of the variant's robots; those that are not given are the solutions.
        brain, skip, limit_ms: as for `play`.
    Raises:
        as `play`.
    """
    rest = (robot.solution for robot in variant.robots[len(programs) :])
    return verdict_on(variant, play(variant, (*programs, *rest), brain=brain, skip=skip, limit_ms=limit_ms))


def play(
    variant: Variant,
    programs: Sequence[Program],
    *,
    brain: BrainFactory | None = None,
    skip: bool = True,
    limit_ms: int = LIMIT_MS,
    kit: str = "",
) -> tuple[Run, ...]:
    """
    Let the robots of a variant run their programs at the same time in a new world, and return what each did.

    Args:
        programs: one for each robot.
        brain: what runs the robots, as for `Runner.add`.
        skip: leave out the ticks that would change nothing.
        limit_ms: virtual time after which a program that has not ended is stopped.
        kit: of robots with a board that stand in for the lesson's, with the flaws of real ones, settled; "" for the lesson's own.
    Raises:
        ProgramError: a program has a problem.
        NotSupported: a robot cannot do one of its blocks.
    """
    runner = Runner(variant.mat, skip=skip)
    number = next(_worlds)
    bodies = []
    for seed, setup in enumerate(variant.robots):
        kind = load_kit(kit or setup.kit)
        flaws = draw_flaws(kind, seed) if kit else None
        bodies.append(runner.add(f"{setup.name}-{number}", kind, setup.start, brain, flaws).body)
    with open_to_hosts(Virtual(runner)), ExitStack() as cables:
        robots = [cables.enter_context(Robot.open(f"sim://{body.name}")) for body in bodies]
        for robot, body in zip(robots, bodies, strict=True):
            if body.flaws is not None:
                robot.set_settings(_settled(body.flaws))
        images = [robot.load(program) for robot, program in zip(robots, programs, strict=True)]
        for robot, setup in zip(robots, variant.robots, strict=True):
            robot.start(link_ms=0, heading_deg=90 * setup.start.quarter, events=wire.EVENTS_FINISHED)
        ends = _wait(runner, robots, limit_ms)
    return tuple(map(_run, variant.robots, bodies, programs, images, ends))


def _settled(flaws: Flaws) -> Settings:
    """Return the three settings that make up for the wheels and the axle of a robot, as a child brings them about by trying."""
    wheel = (flaws.left_wheel + flaws.right_wheel) / 2
    off = (flaws.right_wheel - flaws.left_wheel, 1 / wheel - 1, flaws.track / wheel - 1)
    return Settings(*(round(trim * TRIM) for trim in off))


def _wait(runner: Runner, robots: Sequence[Robot], limit_ms: int) -> list[Finished | None]:
    """Return how each run ended; those that have not by `limit_ms` are stopped."""
    until_ms = runner.world.t_ms + limit_ms
    ends = []
    for robot in robots:
        ends.append(robot.wait(limit_ms=max(1, until_ms - runner.world.t_ms)))
        if ends[-1] is None:
            robot.stop()
    return ends


def _run(setup: RobotSetup, body: Body, program: Program, image: Image, end: Finished | None) -> Run:
    how = end.how if end else opcodes.HOW_RUNNING
    return run_of(setup, body, program, how, (image.block_at(end.block) or "") if end else "")

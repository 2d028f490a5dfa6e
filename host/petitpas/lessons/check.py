"""
Checking a lesson by playing it: its robots in a virtual world, programmed over their ports as real ones are, judged by the world's record.

Nothing here knows what a block does: it travels the whole path, from the program to the firmware that moves a body.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from petitpas.lessons.goals import Run, is_met
from petitpas.lessons.load import Limits, RobotSetup, Variant
from petitpas.program import Image, Program
from petitpas.robots import Finished, Robot
from petitpas_robot import opcodes, wire
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Cell
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Brain, Runner
from petitpas_sim.world import Body

LIMIT_MS = 600_000
"""Virtual time after which a run is stopped: the exact kit enters each of the 48 cells of an 8 × 6 mat three times in it."""

_TURNS = ("left", "right", "left_deg", "right_deg")

_worlds = count(1)  # ports have names of their own: other worlds of this process may be open


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


def check_variant(
    variant: Variant,
    *programs: Program,
    brain: type[Brain] | None = None,
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
    runs = play(variant, (*programs, *rest), brain=brain, skip=skip, limit_ms=limit_ms)
    reached = all(is_met(robot.goal, run) for robot, run in zip(variant.robots, runs, strict=True))
    blocks = [block for block in runs[0].program.walk() if block.row.kind != "head"]
    turns = sum(block.type in _TURNS for block in blocks)
    return Verdict(reached, runs, len(blocks), turns, _past(variant.limits, len(blocks), turns))


def _past(limits: Limits, cards: int, turns: int) -> tuple[str, ...]:
    used = (("cards", cards, limits.cards), ("turns", turns, limits.turns))
    return tuple(name for name, number, limit in used if limit is not None and number > limit)


def play(
    variant: Variant,
    programs: Sequence[Program],
    *,
    brain: type[Brain] | None = None,
    skip: bool = True,
    limit_ms: int = LIMIT_MS,
) -> tuple[Run, ...]:
    """
    Let the robots of a variant run their programs at the same time in a new world, and return what each did.

    Args:
        programs: one for each robot.
        brain: what runs the robots, as for `Runner.add`.
        skip: leave out the ticks that would change nothing.
        limit_ms: virtual time after which a program that has not ended is stopped.
    Raises:
        ProgramError: a program has a problem.
        NotSupported: a robot cannot do one of its blocks.
    """
    runner = Runner(variant.mat, skip=skip)
    number = next(_worlds)
    bodies = []
    for setup in variant.robots:
        bodies.append(runner.add(f"{setup.name}-{number}", load_kit(setup.kit), setup.start, brain).body)
    with open_to_hosts(Virtual(runner)), ExitStack() as cables:
        robots = [cables.enter_context(Robot.open(f"sim://{body.name}")) for body in bodies]
        images = [robot.load(program) for robot, program in zip(robots, programs, strict=True)]
        for robot, setup in zip(robots, variant.robots, strict=True):
            robot.start(link_ms=0, heading_deg=90 * setup.start.quarter, events=wire.EVENTS_FINISHED)
        ends = _wait(runner, robots, limit_ms)
    return tuple(map(_run, variant.robots, bodies, programs, images, ends))


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
    place = body.place()
    return Run(
        program=program,
        start=setup.start,
        path=tuple(body.path),
        cell=body.cell(),
        quarter=place.quarter if place else None,
        sounds=tuple(body.sounds),
        how=end.how if end else opcodes.HOW_RUNNING,
        block_id=(image.block_at(end.block) or "") if end else "",
    )

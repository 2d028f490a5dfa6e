"""Simulated robots for tests: with a program put straight into them, or at the end of a `sim://` cable in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from petitpas.program import Program, build
from petitpas.robots import Robot
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.rolling import Flaws
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace

URL = "sim://lapin"


def run(runner: Runner, name: str, program: Program) -> None:
    """Put a program into a robot without a cable and start it."""
    app = runner.robots[name].brain
    data = build(program).data
    assert app.load(len(data), 0, data)[0] == o.FAULT_NONE  # type: ignore[attr-defined]
    assert app.run(0, 0, wire.EVENTS_ALL, 0) == o.FAULT_NONE  # type: ignore[attr-defined]
    runner.wake(name)


def one_robot(mat: str = "5x5", place: str = "A1N", kit: str = "exact", *, skip: bool = True) -> Runner:
    """Return a runner with one robot, lapin, and a trace."""
    runner = Runner(Mat.parse(mat), skip=skip, trace=Trace())
    runner.add("lapin", load_kit(kit), Place.parse(place))
    return runner


def with_flaws(flaws: Flaws, place: str = "E5N", mat: str = "9x9", *, kit_name: str = "pico-stepper", skip: bool = True) -> Runner:
    """Return a runner with one robot that has these flaws, lapin, and a trace."""
    runner = Runner(Mat.parse(mat), skip=skip, trace=Trace())
    runner.add("lapin", load_kit(kit_name), Place.parse(place), flaws=flaws)
    return runner


@contextmanager
def simulated(runner: Runner | None = None) -> Iterator[Runner]:
    """Put a runner's robots where ports find them, in virtual time; by default one robot, lapin."""
    runner = runner or one_robot()
    with open_to_hosts(Virtual(runner)):
        yield runner


@contextmanager
def hosted(runner: Runner) -> Iterator[list[Robot]]:
    """Give a host for each robot of a runner, in virtual time."""
    with open_to_hosts(Virtual(runner)):
        robots = [Robot.open(f"sim://{name}") for name in runner.robots]
        try:
            yield robots
        finally:
            for robot in robots:
                robot.close()

"""Simulated robots for the wall's pages: each has a world of its own, which passes in real time until the robot is let go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from petitpas.lessons import RobotSetup
from petitpas.wall.board import Event
from petitpas.wall.driver import SimDriver
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import FAST, REAL, SLOW, RealTime
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

SPEEDS = {"slow": SLOW, "real": REAL, "fast": FAST}


class OwnWorld(SimDriver):
    """
    Drives a robot of a world of its own; `close` ends both.

    Args:
        others: more robots, each with a solution of its own.
        speed: says, whenever it is asked, which of SPEEDS the teacher has set.
    """

    def __init__(
        self, mat: Mat, start: Place, name: str, kit: str, others: Sequence[RobotSetup] = (), *, speed: Callable[[], str] = lambda: "real"
    ) -> None:
        self._speed = speed
        self._ends = ExitStack()
        runner = Runner(mat)
        runner.add(name, load_kit(kit), start)
        for other in others:
            runner.add(other.name, load_kit(other.kit), other.start)
        pace = RealTime(runner, SPEEDS[speed()])
        self._own_pace = pace
        super().__init__(pace, name, start, others)
        self._ends.enter_context(open_to_hosts(pace))
        pace.start()
        self._ends.callback(pace.stop)

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call; from now on time passes as the teacher has set."""
        if self._own_pace.speed != SPEEDS[self._speed()]:
            self._own_pace.speed = SPEEDS[self._speed()]
        return super().poll()

    def close(self) -> None:
        """Let the robot go, and end its world."""
        super().close()
        self._ends.close()

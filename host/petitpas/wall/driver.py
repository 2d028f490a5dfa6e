"""The wall's simulated robot: a conversation over its port, and a place in a world that others share."""

from __future__ import annotations

from collections.abc import Sequence

from petitpas.lessons import RobotSetup
from petitpas.program import build, from_compact
from petitpas.robots import LINK_MS, Port
from petitpas.wall.board import Event
from petitpas.wall.conversation import Conversation
from petitpas_sim.mat import Place
from petitpas_sim.pace import FAST, Pace
from petitpas_sim.snapshot import Snapshot

_LINK_MS = round(LINK_MS * FAST)
"""In the world's time, which may pass as fast as that: a computer that is busy for a moment does not stop the robot."""

_TROUBLE = "wall.trouble"


class SimDriver:
    """
    Drives one robot of a world in real time.

    Args:
        pace: is running; its robots are open to hosts.
        name: of the robot, behind sim://NAME.
        start: where each run begins.
        others: more robots of the world; each plays its solution whenever a run begins at the start.
    """

    def __init__(self, pace: Pace, name: str, start: Place, others: Sequence[RobotSetup] = ()) -> None:
        self._pace = pace
        self._ground = _World(pace, name, start, others)
        self._talk = Conversation(lambda: Port(f"sim://{name}", poll=True), pace.now_ms, self._ground, link_ms=_LINK_MS, trouble=_TROUBLE)

    def close(self) -> None:
        """Let the port go, for good."""
        self._talk.close()

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Go back to the start place, or stay where the robot is, then run these cards."""
        self._talk.run(from_compact(list(cards)), is_from_here=is_from_here)

    def stop(self) -> None:
        """Stop at once."""
        self._talk.stop()

    def home(self) -> None:
        """Go back to the start place; no cards are being run."""
        self._talk.home()

    def lift(self, name: str) -> None:
        """Pick a robot of the world up."""
        with self._pace.lock:
            self._pace.runner.lift(name)

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        """Put a robot of the world down."""
        with self._pace.lock:
            self._pace.runner.put(name, place)
        if is_start:
            self._ground.start = place

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call."""
        return self._talk.talk()

    def snapshot(self) -> Snapshot:
        """Return the world as it is now."""
        with self._pace.lock:
            self._pace.catch_up()
            return self._pace.runner.world.snapshot()


class _World:
    """The ground of a simulated robot: where its world has it."""

    def __init__(self, pace: Pace, name: str, start: Place, others: Sequence[RobotSetup]) -> None:
        self._pace = pace
        self._name = name
        self.start = start
        self._others = others

    def begin(self, *, is_from_here: bool) -> int:
        """Put the robot on its start, where its run begins there, and let the others begin; return where it looks."""
        if not is_from_here:
            self.put_home()
            self._start_others()
        with self._pace.lock:
            robots = self._pace.runner.world.snapshot().robots
        robot = next((robot for robot in robots if robot.name == self._name), None)
        return 90 * self.start.quarter if robot is None else round(robot.heading_deg) % 360

    def put_home(self) -> None:
        """Put every robot on its start."""
        runner = self._pace.runner
        with self._pace.lock:
            for other in self._others:
                runner.robots[other.name].app.stop()
                runner.put(other.name, other.start)
            runner.put(self._name, self.start)

    def _start_others(self) -> None:
        """Let the other robots begin what they do, without a cable."""
        runner = self._pace.runner
        with self._pace.lock:
            for other in self._others:
                image, app = build(other.solution), runner.robots[other.name].app
                app.load(len(image.data), 0, image.data)
                app.run(0, 90 * other.start.quarter, 0, 0)
                runner.wake(other.name)

"""
The runner: ticks every robot's firmware in a world, and moves the world's time.

Theory of skipping
==================
The firmware is ticked at multiples of TICK_MS. After a tick each robot says for how long its ticks would change nothing (`App.until`,
which asks the tasks that wait, the segment that runs, and `foresight` where something is watched); the runner goes straight to the first
multiple at which one of them matters.
A robot with flaws has drivers besides, which need each tick while something of it moves.
What comes from outside (a byte on the cable, which is heard at once, a hand on a key) makes the robot's next tick matter; so does another
robot that changes its way, to those that watch. A tick that is skipped is one that would have done nothing: a skipped run and a ticked one
leave the same trace, byte for byte; a test holds them to it.

A runner belongs to one thread at a time: `pace.RealTime` brings its own and a lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from petitpas_robot import clock
from petitpas_robot.app import App
from petitpas_robot.kit import Kit
from petitpas_sim.body import Body
from petitpas_sim.cable import Cable
from petitpas_sim.hal import RobotEnd, WorldHal, device_ms
from petitpas_sim.mat import Mat, Place
from petitpas_sim.world import World

if TYPE_CHECKING:
    from petitpas_sim.rolling import Flaws
    from petitpas_sim.trace import Trace

TICK_MS: int = clock.TICK_MS

NEVER = 1 << 62
"""A time that no world reaches."""


class Brain(Protocol):
    """What runs a robot: the firmware in this process, or in another (`lockstep`)."""

    def tick(self, now_ms: int) -> None:
        """Do all there is to do at a time of the firmware."""

    def hear(self, now_ms: int) -> None:
        """Act on what has come through the cable, between two ticks."""

    def until(self, now_ms: int) -> int | None:
        """Return the milliseconds for which ticks would change nothing, None for ever."""


BrainFactory = Callable[[WorldHal, Kit, str], Brain]
"""Makes a brain like `App`: for a HAL, a kit and a robot's name."""


class SimRobot:
    """A robot in a runner: its body, its cable and its brain."""

    def __init__(self, body: Body, cable: Cable, brain: Brain, hal: WorldHal) -> None:
        self.name = body.name
        self.body = body
        self.cable = cable
        self.brain = brain
        self.hal = hal
        self.number = 0  # in the order of their ticks
        self.due_ms = NEVER  # when its next tick matters

    @property
    def app(self) -> App:
        """The firmware, where it runs in this process."""
        assert isinstance(self.brain, App)
        return self.brain


class _Overheard:
    """The robot's end of a cable, with a trace that listens to what the robot sends."""

    def __init__(self, name: str, cable: Cable, trace: Trace) -> None:
        self.read_into = cable.read_into
        self._name = name
        self._cable = cable
        self._trace = trace

    def write(self, buf: bytes | bytearray, count: int) -> int:
        """Send to the host; return how many bytes were taken."""
        taken = self._cable.write(buf, count)
        self._trace.overhear(self._name, bytes(memoryview(buf)[:taken]))
        return taken


class Runner:
    """
    A world and its robots.

    Args:
        mat: the floor.
        skip: leave out the ticks that would change nothing.
        trace: where to put what happens; None where nobody wants to know.
    """

    def __init__(self, mat: Mat, *, skip: bool = True, trace: Trace | None = None) -> None:
        self.trace = trace
        self.world = World(mat, trace, self.wake)
        self.robots: dict[str, SimRobot] = {}
        self.skip = skip
        self._done_ms = -TICK_MS  # all ticks up to here are done, or being done
        self._turn = NEVER  # number of the robot whose tick is being done

    def add(
        self,
        name: str,
        kit: Kit,
        place: Place,
        brain: BrainFactory | None = None,
        flaws: Flaws | None = None,
        files: dict[str, bytes] | None = None,
    ) -> SimRobot:
        """
        Put a robot on the mat.

        Args:
            brain: makes what runs it; the firmware in this process where None.
            flaws: what is wrong with it, for a kit with a board; None for a robot as drawn, with exact sensors.
            files: what it keeps without power, see `WorldHal`; None for a new robot.
        Raises:
            ValueError: it cannot stand there, the name is taken, or there are flaws and no board.
        """
        if flaws is not None:
            from petitpas_sim.hardware import with_board  # robots as drawn need no board: who judges lessons does not wait for it

            with_board(kit)
        body = self.world.add(name, kit, place, flaws)
        cable = Cable(lambda: self._hear(name))
        end = cable if self.trace is None else _Overheard(name, cable, self.trace)
        hal = self._hal(body, end, kit, flaws, files)
        robot = SimRobot(body, cable, (brain or App)(hal, kit, name), hal)
        robot.number = len(self.robots)
        self.robots[name] = robot
        self.wake(name)
        return robot

    def _hal(self, body: Body, end: RobotEnd, kit: Kit, flaws: Flaws | None, files: dict[str, bytes] | None) -> WorldHal:
        if flaws is None:
            return WorldHal(self.world, body, end, files)
        from petitpas_sim.motors import DcHal
        from petitpas_sim.steppers import StepperHal

        return (DcHal if kit.wheels == "dc" else StepperHal)(self.world, body, end, kit, flaws, files)

    def wake(self, name: str) -> None:
        """Make a robot's next tick matter: something came from outside. Where its turn is still to come, that is the tick being done."""
        robot = self.robots.get(name)
        if robot is not None:
            robot.due_ms = min(robot.due_ms, self._done_ms + TICK_MS * (robot.number <= self._turn))

    def _hear(self, name: str) -> None:
        """Let a robot act on what its host has just sent."""
        self.robots[name].brain.hear(device_ms(self.world.t_ms))
        self.wake(name)

    def put(self, name: str, place: Place) -> None:
        """Put a robot down, from the floor or from a hand; raise ValueError where it cannot stand there: then it stays where it was."""
        self.world.put(self.robots[name].body, place)
        self.wake(name)

    def lift(self, name: str) -> None:
        """Pick a robot up: until it is put down it is in nobody's way."""
        self.world.lift(self.robots[name].body)
        self.wake(name)

    def hold(self, name: str, is_held: bool = True) -> None:
        """Press a robot's bumper with a hand, or let go of it."""
        self.robots[name].body.is_held = is_held
        self.wake(name)

    def press(self, name: str, keys: int) -> None:
        """Hold these keys down, as bits in the order of KEY_, and no others."""
        self.robots[name].body.keys = keys
        self.wake(name)

    @property
    def due_ms(self) -> int:
        """When the next tick matters."""
        return min((robot.due_ms for robot in self.robots.values()), default=NEVER)

    def advance(self, limit_ms: int) -> bool:
        """Go to the next tick that matters and do it, or to `limit_ms` if that comes first; say whether there was a tick."""
        world = self.world
        due = self.due_ms
        if due > limit_ms:
            world.t_ms = max(world.t_ms, limit_ms)
            self._done_ms = world.t_ms // TICK_MS * TICK_MS
            return False
        world.t_ms = due
        self._done_ms = due
        now_ms = device_ms(due)
        for robot in self.robots.values():
            if robot.due_ms <= due:
                self._turn = robot.number
                robot.brain.tick(now_ms)
                robot.due_ms = self._next(robot, due, now_ms)
        self._turn = NEVER
        return True

    def _next(self, robot: SimRobot, due: int, now_ms: int) -> int:
        if not self.skip or robot.hal.is_busy():
            return due + TICK_MS
        wait = robot.brain.until(now_ms)
        if wait is None:
            return NEVER
        return due + max(TICK_MS, -(-wait // TICK_MS) * TICK_MS)

    def run_to(self, limit_ms: int) -> None:
        """Do every tick up to `limit_ms` and stop there."""
        while self.advance(limit_ms):
            pass

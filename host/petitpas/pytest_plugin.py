"""
A pytest plugin: write tests of block programs against the simulator, or against a robot on a cable.

    import pytest

    @pytest.mark.mat("4x4", start="A1N", rocks=["B2"])
    def test_corner(robot):
        run = robot.run(["forward", "forward", "right", "forward"])
        assert run.cell == "B3" and run.heading == "E"

Fixtures: `mat` (what the robot stands on), `port` (the URL of its port), `robot` (runs programs on it).
`pytest --petitpas-port URL` runs the same tests on a real robot; then only what the robot itself says can be asserted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from petitpas.program import Program, from_compact
from petitpas.robots import Event, Finished, Robot
from petitpas.simulated import ROBOT, make_runner
from petitpas_robot import opcodes
from petitpas_sim.mat import HEADINGS, Place, cell_name
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace

OUTCOMES = {
    opcodes.HOW_DONE: "done",
    opcodes.HOW_BLOCKED: "blocked",
    opcodes.HOW_STOPPED: "stopped",
    opcodes.HOW_FAULT: "fault",
    opcodes.HOW_LINK_LOST: "link_lost",
    opcodes.HOW_LIFTED: "lifted",
    opcodes.HOW_BATTERY: "battery",
}


@dataclass(frozen=True)
class Ground:
    """The mat of a test: `size` in columns x rows, the robot's `start`, cells with `rocks`."""

    size: str = "5x5"
    start: str = "A1N"
    rocks: Sequence[str] = ()


@dataclass(frozen=True)
class Result:
    """
    What became of a program.

    `outcome` is "done", "blocked", "stopped", "fault", "link_lost", "lifted", "battery", or "still running" at the limit.
    In the simulator alone (None on a robot at a cable, which does not know its place): `path` is the names of the cells entered, in order;
    `cell` and `heading` where the robot stands, "" where it is not in the middle of a cell, square to the mat; `sounds` the cells where it
    made a sound; `trace` every thing that happened, a line each.
    """

    outcome: str
    block_id: str
    events: tuple[Event, ...]
    path: tuple[str, ...] | None = None
    cell: str | None = None
    heading: str | None = None
    sounds: tuple[str, ...] | None = None
    trace: str | None = None


@dataclass
class TestRobot:
    """The robot of a test: puts itself at the start and runs programs."""

    __test__ = False  # pytest: this is no class of tests

    robot: Robot
    ground: Ground
    runner: Runner | None = None  # None: a robot on a real cable
    results: list[Result] = field(default_factory=list)

    def run(self, program: Program | Sequence[object], limit_s: float = 600) -> Result:
        """
        Run a program from the start and return what became of it; in the simulator this takes no time to speak of.

        Args:
            program: a program, or a compact list: ["forward", ["repeat", 4, ["right"]]].
            limit_s: the robot's time after which it is stopped.
        Raises:
            TypeError: it is neither.
            ProgramError, NotSupported: the program has a problem, or this robot cannot do it.
        """
        if isinstance(program, str | bytes | Mapping):
            raise TypeError("a program is a list of blocks, like ['forward', 'right'], or what petitpas.program.load(file) returns")
        if not isinstance(program, Program):
            program = from_compact(list(program))
        start = Place.parse(self.ground.start)
        first = 0
        if self.runner is not None and self.runner.trace is not None:
            self.runner.put(self.runner.world.bodies[0].name, start)
            first = len(self.runner.trace.records)
        events: list[Event] = []
        image = self.robot.load(program)
        self.robot.start(heading_deg=90 * start.quarter)
        finished = self.robot.wait(events.append, limit_ms=int(limit_s * 1000))
        if finished is None:
            self.robot.stop()
            self.robot.wait(events.append)
        block_id = (image.block_at(finished.block) or "") if finished else ""
        result = self._seen(finished, block_id, events, first)
        self.results.append(result)
        return result

    def _seen(self, finished: Finished | None, block_id: str, events: list[Event], first: int) -> Result:
        outcome = OUTCOMES[finished.how] if finished else "still running"
        if self.runner is None or self.runner.trace is None:
            return Result(outcome, block_id, tuple(events))
        body = self.runner.world.bodies[0]
        place = body.place()
        return Result(
            outcome,
            block_id,
            tuple(events),
            path=tuple(map(cell_name, body.path)),
            cell=cell_name(place.cell) if place else "",
            heading=HEADINGS[place.quarter] if place else "",
            sounds=tuple(map(cell_name, body.sounds)),
            trace=self.runner.trace.text(first),
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --petitpas-port."""
    group = parser.getgroup("petitpas", "Petit Pas")
    group.addoption("--petitpas-port", default="", metavar="URL", help="run tests of block programs on the robot at this port")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", 'mat(size="5x5", start="A1N", rocks=()): the mat of a test with the fixtures robot and port')


@pytest.fixture
def mat(request: pytest.FixtureRequest) -> Ground:
    """The mat of this test, from its marker."""
    marker = request.node.get_closest_marker("mat")
    return Ground(*marker.args, **marker.kwargs) if marker else Ground()


@pytest.fixture
def _runner(request: pytest.FixtureRequest, mat: Ground) -> Iterator[Runner | None]:
    if request.config.getoption("--petitpas-port"):
        yield None
        return
    runner = make_runner(mat.size, mat.start, mat.rocks, trace=Trace())
    with open_to_hosts(Virtual(runner)):
        yield runner


@pytest.fixture
def port(request: pytest.FixtureRequest, _runner: Runner | None) -> str:
    """The URL of the robot's port: simulated, in virtual time, unless --petitpas-port names another."""
    return str(request.config.getoption("--petitpas-port")) or f"sim://{ROBOT}"


@pytest.fixture
def robot(port: str, mat: Ground, _runner: Runner | None) -> Iterator[TestRobot]:
    """A robot on the mat, ready to run programs; it is stopped after the test."""
    with Robot.open(port) as opened:
        yield TestRobot(opened, mat, _runner)
        opened.stop()

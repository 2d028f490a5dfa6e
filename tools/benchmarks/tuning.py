"""Simulated robots with flaws, and a simulated child who makes their three settings: how far off they are before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians, sin

from petitpas.program import Program, from_compact
from petitpas.robots import Ended, Event, Robot
from petitpas.robots.tuning import TRIALS, Trial
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

Pose = tuple[float, float, float]
"""mm to the east and to the north, degrees clockwise from north."""

SEES = {"straight": 3.0, "length": 4.0, "turn": 2.0}
"""What a child takes for exact, by eye on a printed line: mm sideways and mm along over four cells, degrees over four quarter turns."""

CELLS = from_compact([["forward", 4]])
QUARTERS = from_compact([["repeat", 4, ["right"]]])
WALK = ("forward", "right", "forward", "left", "backward", "left", "left", "forward", "right", "backward", "right", "right", "forward")
"""A walk in which the wheels turn back again and again, so that gear play is felt."""

PLACE = Place.parse("E4N")


@dataclass
class Errors:
    """How far off robots are: for each, mm a cell and degrees a quarter turn."""

    cells: list[float] = field(default_factory=list)
    """Of four cells in a row: the distance from where it should be, by 4."""

    quarters: list[float] = field(default_factory=list)
    """Of four quarter turns in a row: the angle from where it should look, by 4."""

    walk_cells: list[float] = field(default_factory=list)
    """The worst of the cells of a walk, each from where and how it stood."""

    walk_quarters: list[float] = field(default_factory=list)
    """The worst of the quarter turns of a walk."""


class Child:
    """A child before a robot on a mat: plays it and looks where it goes."""

    def __init__(self, runner: Runner, robot: Robot) -> None:
        self._runner = runner
        self._robot = robot

    def watch(self, program: Program) -> list[Pose]:
        """Put the robot down, play a program and return where it stands at first and after each block."""
        self._runner.put("lapin", PLACE)
        poses = [self._pose()]

        def look(event: Event) -> None:
            if isinstance(event, Ended):
                poses.append(self._pose())

        self._robot.load(program)
        self._robot.start(link_ms=0)
        self._robot.wait(look)
        return poses

    def say(self, trial: Trial) -> str:
        """Look at a trial and say one of its three words."""
        first, *_, last = self.watch(trial.program())
        deviations = {
            "straight": last[0] - first[0],
            "length": last[1] - first[1] - 4 * CELL_MM,
            "turn": _angle(last[2] - first[2]),
        }
        deviation = deviations[trial.name]
        return trial.words[1 if abs(deviation) <= SEES[trial.name] else 0 if deviation < 0 else 2]

    def tune(self) -> int:
        """Make the three settings; return how many words that took."""
        words = 0
        for trial in TRIALS:
            before = self._robot.settings()
            said: list[str] = []
            while not trial.is_over(said):
                said.append(self.say(trial))
                self._robot.set_settings(trial.settings(before, said))
            words += len(said)
        return words

    def measure(self, errors: Errors) -> None:
        """Note how far off the robot is."""
        first, last = self.watch(CELLS)
        errors.cells.append(hypot(last[0] - first[0], last[1] - first[1] - 4 * CELL_MM) / 4)
        first, *_, last = self.watch(QUARTERS)
        errors.quarters.append(abs(_angle(last[2] - first[2])) / 4)
        cells, quarters = [], []
        for block, (start, end) in zip(WALK, pairwise(self.watch(from_compact(list(WALK)))), strict=True):
            if block in ("left", "right"):
                quarters.append(abs(_angle(end[2] - start[2] - (90 if block == "right" else -90))))
            else:
                way = CELL_MM if block == "forward" else -CELL_MM
                ahead = radians(start[2])
                cells.append(hypot(end[0] - start[0] - way * sin(ahead), end[1] - start[1] - way * cos(ahead)))
        errors.walk_cells.append(max(cells))
        errors.walk_quarters.append(max(quarters))

    def _pose(self) -> Pose:
        seen = self._runner.world.snapshot().robots[0]
        return seen.x_mm, seen.y_mm, seen.heading_deg


def tune_robots(kit_name: str, seeds: Sequence[int]) -> tuple[Errors, Errors, int]:
    """Have a child set these robots over their cables; return how far off they are before and after, and the most words that one took."""
    before, after, words = Errors(), Errors(), 0
    kit = load_kit(kit_name)
    for seed in seeds:
        runner = Runner(Mat(9, 9))
        runner.add("lapin", kit, PLACE, flaws=draw_flaws(kit, seed))
        with open_to_hosts(Virtual(runner)), Robot.open("sim://lapin") as robot:
            child = Child(runner, robot)
            child.measure(before)
            words = max(words, child.tune())
            child.measure(after)
    return before, after, words


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of the values do not exceed."""
    return sorted(values)[max(0, -(-percent * len(values) // 100) - 1)]


def table(before: Errors, after: Errors) -> str:
    """Return the errors before and after, side by side."""
    lines = [f"{'':<42}{'before: p50':>12}{'p95':>7}{'worst':>7}{'after: p50':>13}{'p95':>7}{'worst':>7}"]
    for name, unit in (
        ("cells", "mm a cell, four in a row"),
        ("quarters", "degrees a quarter turn, four in a row"),
        ("walk_cells", "mm a cell, the worst of a walk"),
        ("walk_quarters", "degrees a quarter turn, the worst of a walk"),
    ):
        figures = [percentile(getattr(errors, name), percent) for errors in (before, after) for percent in (50, 95, 100)]
        lines.append(f"{unit:<44}" + "".join(f"{value:>{width}.2f}" for value, width in zip(figures, (10, 7, 7, 13, 7, 7), strict=True)))
    return "\n".join(lines)


def _angle(degrees: float) -> float:
    """Return an angle between -180 and 180 degrees."""
    return (degrees + 180) % 360 - 180

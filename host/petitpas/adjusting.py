"""`petitpas settings`: droit, long, tour, from what a child sees of a robot's trials."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from petitpas.arguments import SIM_KIT
from petitpas.robots import Robot, Settings
from petitpas.robots.settling import Settling
from petitpas.robots.tuning import CELLS, TRIALS, Trial
from petitpas.simulated import opened
from petitpas.words import Words
from petitpas_robot import opcodes
from petitpas_sim.mat import CELL_MM, Place
from petitpas_sim.runner import Runner

_MAT, _START = "9x9", Place.parse("E3N")  # of a simulated robot: four cells ahead are free, and what it does wrong beyond


@contextmanager
def guided(url: str, words: Words, key: Callable[[], str | None], kit: str = SIM_KIT) -> Iterator[Guide]:
    """Open the robot behind a port, simulated or not, for its settings."""
    with opened(url, _MAT, str(_START), kit) as runner, Robot.open(url) as robot:
        yield Guide(robot, words, key, runner)


@dataclass
class Guide:
    """
    A robot's settings, and a person who makes them; to change them, a program that the robot plays is stopped.

    Args:
        key: asks the person for a line, None at the end of input.
        runner: of a simulated robot, which nobody else can put back on its line, or see.
    """

    robot: Robot
    words: Words
    key: Callable[[], str | None]
    runner: Runner | None = None
    out: TextIO = field(default_factory=lambda: sys.stdout)

    def show(self) -> None:
        """Tell the settings."""
        self._tell("now", self.robot.settings())

    def reset(self) -> None:
        """Put the three settings back to zero; the volume stays."""
        self.robot.stop()
        before = self.robot.settings()
        self.robot.set_settings(Settings(volume=before.volume))
        self._tell("before", before)
        self._tell("after", self.robot.settings())

    def settle(self) -> bool:
        """
        Make the three settings; say whether all three were made.

        At the end of input, on Ctrl-C and on an error the robot keeps what was settled; the setting that was being made is as before.
        Where the cable goes, it stays as in the last trial.
        """
        self.robot.stop()
        before = self.robot.settings()
        self._tell("before", before)
        steps = Settling(before)
        try:
            while (trial := steps.trial) and (word := self._word(trial, steps)):
                steps = steps.answered(word)
        finally:
            self.robot.stop()
            self.robot.set_settings(steps.kept)
            if steps.trial:
                self._say("cli.settings.stopped")
            self._tell("after", steps.kept)
        return steps.trial is None

    def _word(self, trial: Trial, steps: Settling) -> str | None:
        """Have the robot make a trial, again where it does not come to its end; return what the person says of it, None for no more."""
        while True:
            self._say("cli.settings.trial", number=steps.place + 1, count=len(TRIALS), name=self._text(trial, "name"))
            self._say("cli.settings.ready", place=self._text(trial, "place"))
            if self.key() is None:
                return None
            if self._plays(trial, steps.tried):
                return self._answer(trial)

    def _plays(self, trial: Trial, settings: Settings) -> bool:
        """Have the robot make a trial with these settings; say whether it came to its end."""
        if self.runner is not None:
            self.runner.put(next(iter(self.runner.robots)), _START)
        self.robot.set_settings(settings)
        finished = self.robot.play(trial.program())
        assert finished is not None
        if finished.how != opcodes.HOW_DONE:
            self._say("cli.settings.again", outcome=self.words.text(f"outcomes.{finished.how}"))
            return False
        if self.runner is not None:
            print(self._text(trial, "seen", off=f"{_deviation(trial, self.runner):+.1f}"), file=self.out)
        return True

    def _answer(self, trial: Trial) -> str | None:
        """Ask until one of the trial's three words is chosen; return it, None at the end of input."""
        first, second, third = (self._text(trial, word) for word in trial.words)
        self._say("cli.settings.ask", ask=self._text(trial, "ask"), first=first, second=second, third=third)
        while (line := self.key()) is not None:
            if line.strip() in ("1", "2", "3"):
                return trial.words[int(line) - 1]
            self._say("cli.settings.odd")
        return None

    def _tell(self, when: str, settings: Settings) -> None:
        robot = self.words.robot(self.robot.identity.name)
        trims = {trial.name: f"{getattr(settings, trial.name):+d}" for trial in TRIALS}
        self._say(f"cli.settings.{when}", robot=robot, **trims)

    def _text(self, trial: Trial, word: str, **fields: object) -> str:
        return self.words.text(f"settings.{trial.name}.{word}", **fields)

    def _say(self, key: str, **fields: object) -> None:
        print(self.words.sentence(key, **fields), file=self.out, flush=True)


def _deviation(trial: Trial, runner: Runner) -> float:
    """Return what a person would see of a simulated robot's trial: mm to the right, mm too far, or degrees too many."""
    robot = runner.world.snapshot().robots[0]
    column, row = _START.cell
    if trial.name == "straight":
        return robot.x_mm - (column + 0.5) * CELL_MM
    if trial.name == "length":
        return robot.y_mm - (row + 0.5 + CELLS) * CELL_MM
    return (robot.heading_deg + 180) % 360 - 180

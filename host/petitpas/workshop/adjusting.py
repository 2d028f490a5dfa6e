"""The three settings, droit, long, tour, from what a child sees of a robot's trials."""

from __future__ import annotations

from dataclasses import dataclass

from petitpas.robots import Finished, Robot, Settings
from petitpas.robots.settling import Settling
from petitpas.robots.tuning import CELLS, TRIALS, Trial
from petitpas.workshop.person import Person, Question
from petitpas_robot import opcodes
from petitpas_sim.mat import CELL_MM, Place
from petitpas_sim.runner import Runner

MAT, START = "9x9", Place.parse("E3N")
"""Of a simulated robot: four cells ahead are free, and what it does wrong beyond."""

_LOOK_MS = 100
"""How often a robot that plays is looked at, and the person too."""


@dataclass
class Guide:
    """
    A robot's settings, and a person who makes them; to change them, a program that the robot plays is stopped.

    Args:
        runner: of a simulated robot, which nobody else can put back on its line, or see.
    """

    robot: Robot
    person: Person
    runner: Runner | None = None

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

        Where the person goes, and on an error, the robot keeps what was settled; the setting that was being made is as before.
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
                self.person.tell("settings.stopped")
            self._tell("after", steps.kept)
        return steps.trial is None

    def _word(self, trial: Trial, steps: Settling) -> str:
        """Have the robot make a trial, again where it does not come to its end; return what the person says of it, "" for no more."""
        while True:
            self.person.tell("settings.trial", number=steps.place + 1, count=len(TRIALS), name=self._text(trial, "name"))
            if not self.person.ready(f"settings.{trial.name}.place"):
                return ""
            if self._plays(trial, steps.tried):
                return self.person.choose(Question(f"settings.{trial.name}.ask", trial.words, f"settings.{trial.name}"))
            if self.person.is_gone:
                return ""

    def _plays(self, trial: Trial, settings: Settings) -> bool:
        """Have the robot make a trial with these settings; say whether it came to its end."""
        if self.runner is not None:
            self.runner.put(next(iter(self.runner.robots)), START)
        self.robot.set_settings(settings)
        finished = self._played(trial)
        if finished is None:
            return False
        if finished.how != opcodes.HOW_DONE:
            self.person.tell("settings.again", outcome=self.person.words.text(f"outcomes.{finished.how}"))
            return False
        if self.runner is not None:
            self.person.tell(f"settings.{trial.name}.seen", off=f"{_deviation(trial, self.runner):+.1f}")
        return True

    def _played(self, trial: Trial) -> Finished | None:
        """Return how a trial ended, None where the person has stopped it."""
        self.robot.load(trial.program())
        self.robot.start()
        finished = None
        while finished is None:
            if self.person.is_gone:
                self.robot.stop()
                return None
            finished = self.robot.wait(limit_ms=_LOOK_MS)
        return finished

    def _tell(self, when: str, settings: Settings) -> None:
        robot = self.person.words.robot(self.robot.identity.name)
        trims = {trial.name: f"{getattr(settings, trial.name):+d}" for trial in TRIALS}
        self.person.tell(f"settings.{when}", robot=robot, **trims)

    def _text(self, trial: Trial, word: str) -> str:
        return self.person.words.text(f"settings.{trial.name}.{word}")


def _deviation(trial: Trial, runner: Runner) -> float:
    """Return what a person would see of a simulated robot's trial: mm to the right, mm too far, or degrees too many."""
    robot = runner.world.snapshot().robots[0]
    column, row = START.cell
    if trial.name == "straight":
        return robot.x_mm - (column + 0.5) * CELL_MM
    if trial.name == "length":
        return robot.y_mm - (row + 0.5 + CELLS) * CELL_MM
    return (robot.heading_deg + 180) % 360 - 180

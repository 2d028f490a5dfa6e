"""
A child makes the three settings, word by word: which trial is next, what the robot is to use, what it is to keep. Without a robot.

    straight --word--> straight … --exact, or the last word--> length … --> turn … --> done

Whoever stops in between loses nothing: what has been settled is kept, and the setting that was being made is again what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from petitpas.robots.messages import Settings
from petitpas.robots.tuning import TRIALS, Trial


@dataclass(frozen=True, slots=True)
class Settling:
    """
    How far the three settings are. A terminal, a wall and a test go on with `answered`.

    Args:
        kept: what the robot is to keep where nobody says another word; to begin with, its settings of before.
        place: of the present trial in TRIALS; their number once all is done.
        said: the words of the present trial, in their order.
    """

    kept: Settings
    place: int = 0
    said: tuple[str, ...] = ()

    @property
    def trial(self) -> Trial | None:
        """What the robot plays next and what is asked of it, None once all is done."""
        return TRIALS[self.place] if self.place < len(TRIALS) else None

    @property
    def tried(self) -> Settings:
        """What the robot is to use for the next trial."""
        return self.trial.settings(self.kept, self.said) if self.trial else self.kept

    def answered(self, word: str) -> Settling:
        """Return where we are after a word; raise ValueError for one that is not the trial's, or where nothing is asked any more."""
        trial = self.trial
        if trial is None or word not in trial.words:
            raise ValueError(f"{word!r} is not asked")
        said = (*self.said, word)
        if trial.is_over(said):
            return Settling(trial.settings(self.kept, said), self.place + 1)
        return replace(self, said=said)

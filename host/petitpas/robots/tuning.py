"""
The three settings that a child makes: droit, long, tour. From what a child taps to the robot's trims, without a robot.

Theory of operation
===================
The robot makes a *trial*: four cells along the printed line, or four quarter turns on it. The child says one of three words: too little,
exact, too much (of going right, of length, of turning). A trim lies in an interval; "too little" and "too much" each take away the part
that they rule out, and the next trial is made with the middle of what is left, until the child says exact, or after TRIES words, when the
middle is what is kept. Three halvings of what the parts of a robot allow end nearer than an eye sees on the line.

*Droit* is made first: a robot that drives in a curve comes less far, and not the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from petitpas.program import Program, from_compact
from petitpas.robots.messages import Settings

TRIES = 3
"""Words that a child says, at most, for one setting."""

CELLS = 4
"""Cells that a robot goes ahead in a trial."""


@dataclass(frozen=True, slots=True)
class Trial:
    """
    One setting.

    Args:
        name: of the trim in `Settings`.
        words: what the child may say: too little, exact, too much.
        most: the trim that makes up for the worst robot, in tenths of a permille.
        blocks: what the robot does, in the compact notation.
    """

    name: str
    words: tuple[str, str, str]
    most: int
    blocks: tuple[object, ...]

    def program(self) -> Program:
        """Return what the robot does before the child says a word."""
        return from_compact(list(self.blocks))

    def trim(self, said: Sequence[str], start: int = 0) -> int:
        """
        Return the trim to try next, or to keep, after what was said.

        Args:
            said: words, from the first try to the last.
            start: the trim of the first try.
        Raises:
            ValueError: something else was said, or something after the last word.
        """
        least, most = -self.most, self.most
        trim = max(least, min(start, most))
        for count, word in enumerate(said):
            if self.is_over(said[:count]):
                raise ValueError(f"{self.name}: {word!r} was said after the last word")
            answer = self.words.index(word)
            if answer == 1:
                continue
            if answer == 0:
                least = trim
            else:
                most = trim
            trim = (least + most) // 2
        return trim

    def is_over(self, said: Sequence[str]) -> bool:
        """Say whether nothing more is asked: it was exact, or that was the last try."""
        return self.words[1] in said or len(said) >= TRIES

    def settings(self, before: Settings, said: Sequence[str]) -> Settings:
        """Return `before`, the robot's settings at the first try, with the trim after what was said."""
        return replace(before, **{self.name: self.trim(said, getattr(before, self.name))})


TRIALS = (
    Trial("straight", ("left", "straight", "right"), 160, (("forward", CELLS),)),
    Trial("length", ("short", "exact", "long"), 80, (("forward", CELLS),)),
    Trial("turn", ("before", "exact", "after"), 180, (("repeat", 4, ["right"]),)),
)
"""
In the order in which they are made. The worst robots: wheels of 65 mm that differ by 1 mm, or are both 0.5 mm off, and an axle of 100 mm
that is 1 mm off. Source: what the plan of the body allows, as in the simulator's `rolling`.
"""

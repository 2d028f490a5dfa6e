"""
What the wall is like at each level: the one table of visible commands, target sizes, reach and run mode.

A new level, or another size of hand, is a change of this file alone. Commands are named as their tiles; "turn" is the one turn that the
adult guides, left or right as the lesson has it. All else is in the teacher's corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from petitpas.program.blocks import Level

EDITS = ("undo", "clear")
"""Commands that stand at the end of the strip, which they change, where there is room."""

BIG_SCREEN_MM = 1397
"""From this diagonal on (55 inches) targets are measured in centimetres, as far as the scale of the screen is known."""

GAP_MM = 20
GAP_PERCENT = 2
"""Between two targets: on a big screen, and of the height on any other."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    A level.

    `commands` are what is usual, and `most` are visible at a time in any lesson. `target_mm` is the least side of what a pupil taps on a
    big screen, `target_percent` of the height on any other; `reach_percent` is how high pupils tap, until the teacher has measured it.
    `strip` are the cards that fit the strip, `mat` columns and rows of the level's usual mat. `runs` says what comes first: a card moves at
    once, a first GO for a few cards, GO, or a prediction.
    """

    commands: tuple[str, ...]
    most: int
    target_percent: int
    target_mm: int
    reach_percent: int
    strip: int
    mat: tuple[int, int]
    runs: Literal["at_once", "first_go", "go", "predict", "compare"]
    fill: str


_GS = ("forward", "left", "right", "go", "clear", "step", "listen", "help")
_CP = ("forward", "backward", "left", "right", "go", "undo", "clear", "step", "listen", "help", "from_here")
_CE1 = (*_CP, "number", "insert")

PROFILES: dict[Level, Profile] = {
    "PS": Profile(("forward", "backward", "home", "listen"), 4, 11, 100, 28, 5, (5, 1), "at_once", "lilac"),
    "MS": Profile(("forward", "backward", "turn", "home", "go", "clear", "listen"), 7, 11, 100, 28, 6, (3, 3), "first_go", "wood"),
    "GS": Profile(_GS, 8, 9, 80, 40, 8, (4, 4), "go", "leaf"),
    "CP": Profile(_CP, 11, 7, 60, 50, 12, (5, 5), "go", "sky"),
    "CE1": Profile(_CE1, 13, 7, 60, 60, 16, (6, 6), "predict", "cream"),
    "CE2": Profile(_CE1, 15, 7, 60, 60, 18, (8, 6), "compare", "sand"),
}
"""By level; CE2 has two more blocks. Sources: the rules that come from children, and the levels' table, of the project's design."""

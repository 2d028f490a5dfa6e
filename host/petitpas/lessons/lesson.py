"""A lesson, as records: what is played, what is known of it, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from petitpas.lessons import ideas
from petitpas.lessons.goals import Goal
from petitpas.lessons.search import Choice
from petitpas.lessons.sheet import Activity, Sentence, Sheet
from petitpas.program import Program
from petitpas.program.blocks import Level
from petitpas_sim.mat import Cell, Mat, Place

VARIANTS = ("petit_pas", "pas", "grand_pas")
"""The variants that every lesson has, from the easiest."""

NAMES = ("lapin", "renard", "tortue", "chouette", "ours", "chat")
"""What the robots of a lesson are called, in their order."""

LANDMARKS = (
    "house", "flower", "tree", "school", "door", "window", "bench", "mailbox", "star", "moon", "planet", "pond", "carrot", "nest", "kennel",
    "basket", "ball", "flag", "bridge", "friend",
)  # fmt: skip
"""Pictures that may lie on a cell."""

IDEAS = (*ideas.IDEAS, "none")
"""What a known wrong program may show: an idea of `ideas`, or none of them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the challenge, each None where there is none: blocks in the program without its heads, and turns among them."""

    cards: int | None = None
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class RobotSetup:
    """One robot of a variant: where it starts, what it is to do, and a program that does it."""

    name: str
    kit: str
    start: Place
    goal: Goal
    solution: Program


@dataclass(frozen=True, slots=True)
class Wrong:
    """A program that is known not to reach the goal, the idea of IDEAS that it shows, and the program that was run before it, if any."""

    program: Program
    idea: str
    previous: Program | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """
    One way to do a lesson.

    The pupil programs the first of `robots`; the others, if any, play their solution with it. `given` is the program that is in the strip
    at first and does not reach the goal (None: the strip is empty), `distractors` the programs among which the solution is to be chosen.
    `blocks` is what the pupil may use, `others` are more programs that reach the goal, `landmarks` the pictures on cells, `challenge` what
    is said at first (None: not written yet); `is_enrichment` says that it is in no official programme.
    """

    name: str
    mat: Mat
    robots: tuple[RobotSetup, ...]
    limits: Limits = Limits()
    given: Program | None = None
    distractors: tuple[Program, ...] = ()
    blocks: tuple[Choice, ...] = ()
    others: tuple[Program, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    landmarks: Mapping[Cell, str] = field(default_factory=dict)
    challenge: Sentence | None = None
    activity: Activity = "programmer"
    is_enrichment: bool = False

    @property
    def solutions(self) -> tuple[Program, ...]:
        """All the programs of the lesson that reach the goal, the reference first."""
        return (self.solution, *self.others)

    @property
    def most_blocks(self) -> int:
        """Blocks of a program that a pupil may have meant: the challenge's limit or the longest solution, whichever is more."""
        return max(self.limits.cards or 0, *(count_blocks(program) for program in self.solutions))

    @property
    def goal(self) -> Goal:
        """The goal of the pupil's robot."""
        return self.robots[0].goal

    @property
    def solution(self) -> Program:
        """The reference program of the pupil's robot."""
        return self.robots[0].solution


@dataclass(frozen=True, slots=True)
class Lesson:
    """
    A lesson: `id` is the name of its folder, `variants` are in the order of VARIANTS; a challenge that pupils have invented has only one.

    `session` is its place in the level's séquence, from 1 (0: in none), `references` are codes of programmes.toml, `tested` the day on
    which it was last played. What was not written yet is None or empty.
    """

    id: str
    levels: tuple[Level, ...]
    title: str
    variants: tuple[Variant, ...]
    path: Path
    session: int = 0
    objective: str = ""
    activity: Activity = "programmer"
    references: tuple[str, ...] = ()
    tested: date | None = None
    duration_min: int | None = None
    sheet: Sheet = field(default_factory=Sheet)
    success: Sentence | None = None

    def variant(self, name: str) -> Variant:
        """Return the variant of a name in VARIANTS; raise KeyError for any other."""
        return {variant.name: variant for variant in self.variants}[name]


def count_blocks(program: Program) -> int:
    """Return the blocks of a program without its heads."""
    return sum(block.row.kind != "head" for block in program.walk())

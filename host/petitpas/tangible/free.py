"""Playing freely: what a level has where there is no lesson and no screen."""

from __future__ import annotations

from dataclasses import replace

from petitpas.lessons import Goal, RobotSetup, Variant
from petitpas.lessons.search import Choice
from petitpas.program import from_compact
from petitpas.program.blocks import Level
from petitpas.wall.board import CARDS
from petitpas.wall.profiles import PROFILES
from petitpas.wall.task import Task, task_of
from petitpas_sim.mat import Mat, Place

ROBOT = "lapin"

_FOR_EYES = ("number", "insert", "listen", "help", "predict")
"""Commands that are about a card that is pointed at, or about what is shown and said."""


def free_task(level: Level) -> Task:
    """Return an empty strip with the cards and commands of a level, on its usual mat; a level with one guided turn has both sides."""
    profile = PROFILES[level]
    known = (*profile.commands, *(("left", "right") if "turn" in profile.commands else ()))
    mat = Mat(*profile.mat)
    is_strip = mat.rows == 1
    start, ahead = Place(0, 0, 1 if is_strip else 0), (1, 0) if is_strip else (0, 1)
    robot = RobotSetup(ROBOT, "exact", start, Goal("reach", (ahead,)), from_compact(["forward"]))
    blocks = tuple(Choice(name) for name in CARDS if name in known)
    variant = Variant("pas", mat, (robot,), blocks=blocks, activity="faire" if profile.runs == "at_once" else "programmer")
    task = task_of(variant, level)
    return replace(task, commands=tuple(name for name in task.commands if name not in _FOR_EYES))

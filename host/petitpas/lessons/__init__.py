"""Lessons: project data that is loaded, and checked by letting simulated robots play it."""

from __future__ import annotations

from petitpas.lessons.check import Verdict, check_variant, play
from petitpas.lessons.goals import GOAL_TYPES, Goal, GoalType, Run, is_met
from petitpas.lessons.load import (
    FORMAT,
    VARIANTS,
    Lesson,
    Limits,
    RobotSetup,
    Variant,
    all_lessons,
    load_lesson,
    read_lesson,
)

__all__ = [
    "FORMAT",
    "GOAL_TYPES",
    "VARIANTS",
    "Goal",
    "GoalType",
    "Lesson",
    "Limits",
    "RobotSetup",
    "Run",
    "Variant",
    "Verdict",
    "all_lessons",
    "check_variant",
    "is_met",
    "load_lesson",
    "play",
    "read_lesson",
]

"""Lessons: project data that is loaded, and checked by letting simulated robots play it."""

from __future__ import annotations

from petitpas.lessons.goals import GOAL_TYPES, Goal, GoalType, Run, is_met
from petitpas.lessons.judge import Verdict, judge
from petitpas.lessons.lesson import VARIANTS, Lesson, Limits, RobotSetup, Variant
from petitpas.lessons.load import FORMAT, all_lessons, load_lesson, read_lesson

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
    "is_met",
    "judge",
    "load_lesson",
    "read_lesson",
]

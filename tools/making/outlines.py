"""Outlines of what is cut: closed rows of points in millimetres, x to the right, y up."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
Outline = tuple[Point, ...]


@dataclass(frozen=True)
class Hole:
    """An opening and what it is for."""

    name: str
    outline: Outline


@dataclass(frozen=True)
class Plate:
    """A flat part: its French name, its outline, its openings."""

    name: str
    outline: Outline
    holes: tuple[Hole, ...] = ()

    @property
    def size(self) -> Point:
        """Width and height."""
        xs, ys = zip(*self.outline, strict=True)
        return max(xs) - min(xs), max(ys) - min(ys)


def circle(x: float, y: float, diameter: float) -> Outline:
    """Return a circle."""
    turns = [math.tau * step / 72 for step in range(72)]
    return tuple((x + diameter / 2 * math.cos(turn), y + diameter / 2 * math.sin(turn)) for turn in turns)


def rectangle(x: float, y: float, width: float, height: float) -> Outline:
    """Return a rectangle around (x, y)."""
    half, up = width / 2, height / 2
    return ((x - half, y - up), (x + half, y - up), (x + half, y + up), (x - half, y + up))


def cut_circle(diameter: float, low: float, high: float) -> Outline:
    """Return a circle around (0, 0) without what lies below `low` and above `high`."""
    radius = diameter / 2
    points: list[Point] = []
    for step in range(360):
        turn = math.tau * step / 360
        y = min(max(radius * math.sin(turn), low), high)
        x = math.copysign(math.sqrt(radius**2 - y**2), math.cos(turn))
        if not points or math.dist(points[-1], (x, y)) > 1e-9:
            points.append((x, y))
    return tuple(points)


def mirrored(outline: Outline) -> Outline:
    """Return an outline with left and right exchanged."""
    return tuple((-x, y) for x, y in reversed(outline))

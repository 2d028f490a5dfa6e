"""
Drawings as data: filled and stroked outlines in units of their own, x to the right, y down, turned and scaled around (0, 0).

Curves become points when a shape is made, so that one drawing serves the screen, print and the web, and tests can measure it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from petitpas_sim.view.palette import mix

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """How an outline is painted: colours are names or #RRGGBB, "" paints nothing; `width` is the stroke's, round at joints and ends."""

    fill: str = ""
    edge: str = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline and its style; a shape that is not closed is only stroked."""

    points: tuple[Point, ...]
    style: Style
    is_closed: bool = True


class Drawing:
    """Shapes painted in their order. It is compared by identity: make each drawing once and keep it."""

    __slots__ = ("shapes",)

    def __init__(self, *shapes: Shape) -> None:
        self.shapes = shapes

    def bounds(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of all that is painted."""
        spans = [(x, y, shape.style.width / 2) for shape in self.shapes for x, y in shape.points]
        if not spans:
            return 0.0, 0.0, 0.0, 0.0
        return (
            min(x - half for x, _, half in spans),
            min(y - half for _, y, half in spans),
            max(x + half for x, _, half in spans),
            max(y + half for _, y, half in spans),
        )

    def centred(self) -> Drawing:
        """Return this drawing with the middle of its bounds at (0, 0)."""
        left, top, right, bottom = self.bounds()
        return self.moved(-(left + right) / 2, -(top + bottom) / 2)

    def moved(self, dx: float, dy: float) -> Drawing:
        """Return this drawing at another place."""
        return Drawing(*(replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points)) for shape in self.shapes))

    def scaled(self, scale: float) -> Drawing:
        """Return this drawing larger or smaller around (0, 0), its strokes too."""
        return Drawing(
            *(
                Shape(tuple(turned(shape.points, scale, 0)), replace(shape.style, width=shape.style.width * scale), shape.is_closed)
                for shape in self.shapes
            )
        )

    def faded(self, colour: str, share: float) -> Drawing:
        """Return this drawing with `share` (0 to 1) of `colour` in all its colours."""
        return Drawing(*(replace(shape, style=_faded(shape.style, colour, share)) for shape in self.shapes))


def _faded(style: Style, colour: str, share: float) -> Style:
    fill = mix(style.fill, colour, share) if style.fill else ""
    edge = mix(style.edge, colour, share) if style.edge else ""
    return Style(fill, edge, style.width)


def turned(points: Sequence[Point], scale: float, angle_deg: float) -> list[Point]:
    """Return points scaled, then turned clockwise on the screen, around (0, 0)."""
    cosine, sine = math.cos(math.radians(angle_deg)) * scale, math.sin(math.radians(angle_deg)) * scale
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]


def ellipse(centre: Point, radii: Point, style: Style, tilt_deg: float = 0.0) -> Shape:
    """Make an ellipse; `tilt_deg` turns it clockwise around its own centre."""
    steps = [math.tau * step / 48 for step in range(48)]
    rim = turned([(radii[0] * math.cos(step), radii[1] * math.sin(step)) for step in steps], 1.0, tilt_deg)
    return Shape(tuple((centre[0] + x, centre[1] + y) for x, y in rim), style)


def circle(x: float, y: float, radius: float, style: Style) -> Shape:
    """Make a circle around (x, y)."""
    return ellipse((x, y), (radius, radius), style)


def arc(centre: Point, radius: float, start_deg: float, end_deg: float, style: Style) -> Shape:
    """Make a stroked arc; angles are clockwise from the right."""
    steps = [math.radians(start_deg + (end_deg - start_deg) * step / 24) for step in range(25)]
    return Shape(tuple((centre[0] + radius * math.cos(step), centre[1] + radius * math.sin(step)) for step in steps), style, False)


def box(left: float, top: float, width: float, height: float, radius: float, style: Style) -> Shape:
    """Make a rectangle with round corners."""
    near, far = (left + radius, top + radius), (left + width - radius, top + height - radius)
    corners = ((far[0], near[1]), far, (near[0], far[1]), near)
    points = [
        (x + radius * math.cos(math.radians(turn)), y + radius * math.sin(math.radians(turn)))
        for corner, (x, y) in enumerate(corners)
        for turn in range(corner * 90 - 90, corner * 90 + 1, 10)
    ]
    return Shape(tuple(points), style)


def path(text: str, style: Style) -> Shape:
    """
    Make a shape from a path as SVG writes it, with the absolute commands M, L, Q and Z only.

    Raises:
        ValueError: another command, or a wrong number of numbers.
    """
    points: list[Point] = []
    is_closed = False
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", text):
        values = [float(number) for number in numbers.replace(",", " ").split()]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if command in "ML":
            points += pairs
        elif command == "Q" and len(pairs) == 2 and points:
            points += _quadratic(points[-1], *pairs)
        elif command == "Z" and not pairs:
            is_closed = True
        else:
            raise ValueError(f"cannot draw {command!r} in {text!r}")
    return Shape(tuple(points), style, is_closed)


def _quadratic(start: Point, control: Point, end: Point) -> Iterator[Point]:
    for step in range(1, 13):
        t = step / 12
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        yield a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1]


def dashed(shape: Shape, dash: float, gap: float) -> tuple[Shape, ...]:
    """Cut the outline of a closed shape into dashes, evened out so that a whole number of them goes round."""
    rim = [*shape.points, shape.points[0]]
    lengths = [math.dist(a, b) for a, b in pairwise(rim)]
    count = max(1, round(sum(lengths) / (dash + gap)))
    pitch = sum(lengths) / count
    share = dash / (dash + gap)
    return tuple(Shape(_between(rim, lengths, turn * pitch, (turn + share) * pitch), shape.style, False) for turn in range(count))


def _between(rim: list[Point], lengths: list[float], start: float, end: float) -> tuple[Point, ...]:
    points: list[Point] = []
    done = 0.0
    for (ax, ay), (bx, by), length in zip(rim, rim[1:], lengths, strict=False):
        low, high = max(start, done), min(end, done + length)
        if low < high:
            ends = [(low - done) / length, (high - done) / length]
            points += [(ax + (bx - ax) * t, ay + (by - ay) * t) for t in ends[len(points) > 0 :]]
        done += length
    return tuple(points)

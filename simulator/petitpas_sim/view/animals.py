"""The robots, seen from above with the nose up: one body for all; the animal is in ears, face and colour."""

from __future__ import annotations

from functools import cache

from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.palette import LIGHTS
from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, ellipse, path

_INK = Style("ink")


def _mirrored(shape: Shape) -> tuple[Shape, Shape]:
    return shape, Shape(tuple((-x, y) for x, y in shape.points), shape.style, shape.is_closed)


def _outlined(colour: str) -> Style:
    return Style(colour, "ink", 4)


def _eyes() -> tuple[Shape, ...]:
    return _mirrored(circle(-13, -16, 5, _INK))


def _rabbit() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    ears = _mirrored(ellipse((-18, 45), (11, 30), _outlined("fur"), 12))
    return ears, (*_eyes(), path("M-5 -26 L5 -26 L0 -20 Z", Style("blush")))


def _fox() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    tail = path("M-9 34 Q-20 56 -4 72 Q16 60 12 34 Z", _outlined("fox"))
    tip = path("M-13.5 60 Q-11 68 -4 72 Q7 66 11 56 Q0 52 -13.5 60 Z", _outlined("body"))
    ears = _mirrored(path("M-38 -12 L-44 -42 L-16 -35 Z", _outlined("fox")))
    cheeks = _mirrored(path("M-33 -22 Q-22 -34 -5 -37 Q-3 -14 -12 -3 Q-26 -4 -33 -22 Z", Style("fox")))
    return (tail, tip, *ears), (*cheeks, *_eyes(), circle(0, -27, 4.5, _INK))


def _turtle() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    hands = _mirrored(ellipse((-27, -33), (9, 14), _outlined("shell"), -38))
    feet = _mirrored(ellipse((-25, 36), (9, 13), _outlined("shell"), 34))
    tail = path("M-6 36 L0 56 L6 36 Z", _outlined("shell"))
    line = Style(edge="shell_line", width=3.5)
    scutes = path("M-11 10 L0 4 L11 10 L11 22 L0 29 L-11 22 Z", Style("shell", "shell_line", 3.5))
    rays = (path("M0 29 L0 37", line), *_mirrored(path("M-11 22 L-17 31", line)))
    head = ellipse((0, -18), (21, 15), Style("shell", "shell_line", 3.5))
    return (*hands, *feet, tail), (*rays, scutes, head, *_eyes(), arc((0, -24), 5, 200, 340, Style(edge="ink", width=2.5)))


def _owl() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    tufts = _mirrored(path("M-34 -20 L-34 -48 L-12 -37 Z", _outlined("feather")))
    tail = path("M-13 34 L-16 58 Q-8 64 -5 57 Q0 66 5 57 Q8 64 16 58 L13 34 Z", _outlined("feather"))
    eyes = (*_mirrored(circle(-13, -17, 11.5, Style("sun", "ink", 3))), *_mirrored(circle(-13, -17, 4.5, _INK)))
    spots = _mirrored(path("M-9 17 Q-4.5 24 0 17", Style(edge="feather", width=4)))
    more = path("M-4.5 26 Q0 33 4.5 26", Style(edge="feather", width=4))
    return (*tufts, tail), (*spots, more, *eyes, path("M-5 -29 L5 -29 L0 -20 Z", Style("blush", "ink", 2.5)))


def _bear() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    ears = (*_mirrored(circle(-30, -32, 12, _outlined("bear"))), *_mirrored(circle(-30, -32, 4.5, Style("blush"))))
    tail = circle(0, 44, 9, _outlined("bear"))
    return (*ears, tail), (ellipse((0, -24), (12, 8), Style("bear")), *_eyes(), ellipse((0, -27), (5, 3.5), _INK))


def _cat() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    ears = _mirrored(path("M-37 -14 L-38 -46 L-14 -36 Z", _outlined("cat")))
    tail = (path("M4 38 Q2 60 20 66", Style(edge="ink", width=15)), path("M4 38 Q2 60 20 66", Style(edge="cat", width=8)))
    thin = Style(edge="ink", width=2)
    whiskers = (*_mirrored(path("M-18 -24 L-31 -27", thin)), *_mirrored(path("M-18 -20 L-32 -18", thin)))
    stripes = (path("M-6 16 L6 16", Style(edge="cat", width=4)), path("M-8 25 L8 25", Style(edge="cat", width=4)))
    return (*ears, *tail), (*stripes, *whiskers, *_eyes(), path("M-4 -26 L4 -26 L0 -21 Z", Style("blush")))


_ANIMALS = {"lapin": _rabbit, "renard": _fox, "tortue": _turtle, "chouette": _owl, "ours": _bear, "chat": _cat}

ANIMALS = tuple(_ANIMALS)
"""Names of the animals that have a picture."""


def _body(behind: tuple[Shape, ...], face: tuple[Shape, ...]) -> tuple[Shape, ...]:
    wheels = _mirrored(box(-50, -24, 14, 44, 7, _INK))
    nose = path("M-12 -38 Q0 -42 12 -38 L0 -51 Z", Style("ink", "ink", 1.5))
    flanks = (circle(-22, 8, 9, Style("left")), path("M22 -2 L33 17 L11 17 Z", Style("right")))
    return (*behind, *wheels, nose, circle(0, 0, 40, _outlined("body")), *face, *flanks)


@cache
def robot_picture(name: str, kit: str, colour: int = 0, is_loud: bool = False) -> Drawing:
    """
    Return the picture of a robot; an animal without one of its own is drawn as the rabbit.

    `kit` "rocket" is round, without a front or flanks, whatever the name; `colour` is a COLOUR_ number; a loud robot has two arcs.
    """
    is_rocket = kit == "rocket"
    shapes = picture_of("rocket").shapes if is_rocket else _body(*_ANIMALS.get(name, _rabbit)())
    if colour and colour < len(LIGHTS):
        shapes += (circle(0, 0 if is_rocket else 13, 8, Style(LIGHTS[colour], "ink", 3)),)
    if is_loud:
        line = Style(edge="ink", width=4)
        shapes += (arc((0, 0), 60, 28, 50, line), arc((0, 0), 70, 30, 48, line))
    return Drawing(*shapes)

"""The robots, seen from above with the nose up: one body for all; the animal is in ears, face and colour."""

from __future__ import annotations

from functools import cache

from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.palette import LIGHTS
from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, ellipse, path, turned

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


def _mouse() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    ears = (*_mirrored(circle(-31, -33, 17, _outlined("mouse"))), *_mirrored(circle(-31, -33, 8, Style("blush"))))
    line = "M0 38 Q-6 58 10 63 Q24 66 30 54"
    tail = path(line, Style(edge="ink", width=9)), path(line, Style(edge="blush", width=4))
    thin = Style(edge="ink", width=2)
    whiskers = (*_mirrored(path("M-9 -26 L-24 -31", thin)), *_mirrored(path("M-9 -24 L-25 -23", thin)))
    return (*ears, *tail), (*whiskers, *_eyes(), circle(0, -26, 4.5, Style("blush", "ink", 2)))


def _frog() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    toes = "M-26 30 L-52 42 L-43 46 L-45 56 L-36 52 L-31 60 L-14 38 Z"
    feet = _mirrored(path(toes, _outlined("frog")))
    eyes = (*_mirrored(circle(-22, -34, 14, _outlined("frog"))), *_mirrored(circle(-22, -35, 8, Style("card"))))
    pupils = _mirrored(circle(-21, -37, 4.5, _INK))
    spots = (*_mirrored(circle(-8, 30, 4, Style("frog"))), circle(0, 21, 4, Style("frog")))
    return feet, (*eyes, *pupils, arc((0, -24), 17, 20, 160, Style(edge="ink", width=3)), *spots)


def _bee() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    wings = _mirrored(ellipse((-42, 30), (22, 12), Style("sky", "ink", 4), -32))
    sting = path("M-7 36 L0 56 L7 36 Z", _INK)
    line = Style(edge="ink", width=4)
    feelers = (*_mirrored(path("M-14 -36 Q-18 -50 -27 -54", line)), *_mirrored(circle(-28, -54, 5, _outlined("sun"))))
    back = path("M-33.5 20 Q-24 23 0 23 Q24 23 33.5 20 Q24 36 0 38 Q-24 36 -33.5 20 Z", Style("sun"))
    stripe = path("M-25 29.5 Q0 33 25 29.5", Style(edge="ink", width=5))
    smile = arc((0, -21), 6, 20, 160, Style(edge="ink", width=2.5))
    return (*wings, sting, *feelers), (back, stripe, *_mirrored(circle(-21, -10, 4, Style("petal"))), *_eyes(), smile)


def _hedgehog() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    tips = [turned([(61 if tip % 2 else 44, 0)], 1, 9 * tip)[0] for tip in range(21)]
    quills = Shape((*tips, (-30, -20), (30, -20)), _outlined("quill"))
    line = Style(edge="quill", width=4)
    marks = (*_mirrored(path("M-12 20 L-8 27 L-4 20", line)), path("M-4 28 L0 35 L4 28", line))
    ears = _mirrored(circle(-28, -31, 9, _outlined("quill")))
    snout = path("M-11 -20 Q-9 -32 0 -35 Q9 -32 11 -20 Q0 -12 -11 -20 Z", Style("wood"))
    return (quills, *ears), (*marks, snout, *_eyes(), circle(0, -29, 5, _INK))


def _duck() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    feet = _mirrored(path("M-12 36 L-34 54 L-22 55 L-16 62 L-6 40 Z", Style("bill", "ink", 4)))
    tail = path("M-12 36 Q-10 52 0 66 Q10 52 12 36 Z", _outlined("duck"))
    wings = _mirrored(path("M-6 22 Q-26 20 -31 22 Q-24 36 -6 35 Z", Style("duck", "ink", 2.5)))
    head = ellipse((0, -17), (25, 15), Style("duck"))
    bill = path("M-19 -29 Q-14 -37 0 -37 Q14 -37 19 -29 Q10 -19 0 -22 Q-10 -19 -19 -29 Z", Style("bill", "ink", 3))
    return (*feet, tail), (*wings, head, *_mirrored(circle(-12, -14, 5, _INK)), bill)


def _elephant() -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    ears = (
        *_mirrored(ellipse((-36, -30), (19, 25), _outlined("elephant"), -24)),
        *_mirrored(ellipse((-36, -30), (9, 14), Style("blush"), -24)),
    )
    line = "M0 38 Q2 52 -8 58"
    tail = path(line, Style(edge="ink", width=10)), path(line, Style(edge="elephant", width=4)), circle(-9, 60, 5, _INK)
    nose = "M0 -24 Q-3 -6 0 6 Q2 16 3 27"
    trunk = path(nose, Style(edge="ink", width=15)), path(nose, Style(edge="elephant", width=10))
    return (*ears, *tail), (*trunk, *_mirrored(circle(-16, -18, 5, _INK)))


_ANIMALS = {
    "lapin": _rabbit,
    "renard": _fox,
    "tortue": _turtle,
    "chouette": _owl,
    "ours": _bear,
    "chat": _cat,
    "souris": _mouse,
    "grenouille": _frog,
    "abeille": _bee,
    "herisson": _hedgehog,
    "canard": _duck,
    "elephant": _elephant,
}

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

"""Pictures that may lie on a cell or beside the mat, on boxes of about 100 units."""

from __future__ import annotations

import math
from collections.abc import Callable

from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, ellipse, path, turned

_INK = Style("ink")
_LINE = Style(edge="ink", width=5)
_THIN = Style(edge="ink", width=4)


def _outlined(colour: str, width: float = 5) -> Style:
    return Style(colour, "ink", width)


def _house() -> Drawing:
    return Drawing(
        path("M-27 -4 L-27 34 L27 34 L27 -4 L0 -32 Z", Style("wood")),
        path("M-27 0 L-27 34 L27 34 L27 0", Style(edge="ink", width=6)),
        path("M-38 4 L0 -34 L38 4", Style(edge="ink", width=7)),
        box(-9, 12, 18, 24, 1, _INK),
    )


def _flower() -> Drawing:
    petals = [turned([(0, -22)], 1, 60 * petal)[0] for petal in range(6)]
    outline = Style("petal", "ink", 3)
    return Drawing(*(circle(x, y, 14, outline) for x, y in petals), circle(0, 0, 13, Style("sun", "ink", 3)))


def _rock() -> Drawing:
    return Drawing(
        path("M-40 24 Q-44 -6 -16 -22 Q10 -38 32 -12 Q46 8 40 24 Z", Style("stone", "ink", 5)),
        path("M-16 -2 Q-4 -14 10 -10", Style(edge="stone_line", width=5)),
    )


def _tree() -> Drawing:
    crown = _outlined("shell")
    return Drawing(
        path("M-7 6 L-9 40 L9 40 L7 6 Z", _outlined("quill")),
        path("M-14 12 Q-38 14 -36 -8 Q-36 -24 -22 -26 Q-16 -42 2 -42 Q20 -42 24 -26 Q38 -22 36 -6 Q36 14 14 12 Z", crown),
        path("M-16 -12 Q-14 -22 -6 -24", Style(edge="shell_line", width=5)),
    )


def _school() -> Drawing:
    panes = (box(x, 2, 12, 12, 1, Style("sky", "ink", 3)) for x in (-36, -20, 8, 24))
    return Drawing(
        path("M0 -30 L0 -46", _THIN),
        path("M0 -46 L18 -41 L0 -35 Z", Style("sun", "ink", 3)),
        box(-44, -8, 88, 44, 2, _outlined("wood")),
        path("M-18 -8 L0 -30 L18 -8 Z", _outlined("petal")),
        *panes,
        path("M-9 36 L-9 20 Q0 10 9 20 L9 36 Z", _INK),
        circle(0, -15, 4.5, Style("card", "ink", 3)),
    )


def _door() -> Drawing:
    return Drawing(
        box(-25, -42, 50, 84, 2, _outlined("wood", 6)),
        box(-15, -32, 30, 26, 1, Style("cream", "ink", 3)),
        box(-15, 4, 30, 28, 1, Style("cream", "ink", 3)),
        circle(17, -1, 4, _INK),
    )


def _window() -> Drawing:
    return Drawing(
        box(-34, -36, 68, 66, 2, _outlined("sky", 6)),
        path("M0 -36 L0 30", _LINE),
        path("M-34 -3 L34 -3", _LINE),
        path("M-26 -16 L-16 -27", Style(edge="card", width=5)),
        box(-42, 30, 84, 9, 2, _outlined("wood")),
    )


def _bench() -> Drawing:
    plank = _outlined("wood")
    return Drawing(
        path("M-30 -14 L-30 32", Style(edge="ink", width=6)),
        path("M30 -14 L30 32", Style(edge="ink", width=6)),
        box(-42, -24, 84, 11, 3, plank),
        box(-42, -8, 84, 11, 3, plank),
        box(-45, 9, 90, 12, 3, plank),
    )


def _mailbox() -> Drawing:
    return Drawing(
        box(-5, 14, 10, 28, 1, _outlined("stone")),
        path("M-30 18 L-30 -18 Q-30 -38 0 -38 Q30 -38 30 -18 L30 18 Z", _outlined("sun")),
        path("M-18 -16 L18 -16", Style(edge="ink", width=7)),
        path("M-14 -2 L14 -2 L14 12 L-14 12 Z", Style("card", "ink", 3)),
        path("M-14 -2 L0 7 L14 -2", Style(edge="ink", width=3)),
    )


def _star() -> Drawing:
    tips = [turned([(0, -40 if tip % 2 == 0 else -18)], 1, 36 * tip)[0] for tip in range(10)]
    return Drawing(Shape(tuple(tips), _outlined("sun")))


def _moon() -> Drawing:
    craters = (circle(-20, -4, 4, Style("#B8A88A")), circle(-12, 18, 5, Style("#B8A88A")))
    return Drawing(path("M14 -38 Q-38 -38 -38 2 Q-36 40 6 40 Q26 38 36 22 Q-2 26 -6 -2 Q-6 -24 14 -38 Z", _outlined("cream")), *craters)


def _planet() -> Drawing:
    ring = ellipse((0, 0), (46, 13), Style(edge="ink", width=9), -20)
    front = Shape(tuple(point for point in ring.points[:25]), Style(edge="sun", width=4), False)
    whole = Shape(ring.points, Style(edge="sun", width=4))
    bands = (path("M-22 -14 Q0 -6 24 -20", Style(edge="plum", width=4)), path("M-22 14 Q4 20 22 12", Style(edge="plum", width=4)))
    before = Shape(front.points, Style(edge="ink", width=9), False)
    return Drawing(ring, whole, circle(0, 0, 28, _outlined("lilac")), *bands, before, front)


def _pond() -> Drawing:
    reed = Style(edge="shell_line", width=5)
    return Drawing(
        ellipse((0, 14), (44, 24), _outlined("sky")),
        path("M-24 12 Q-17 6 -10 12 Q-3 18 4 12", Style(edge="right", width=4)),
        path("M2 25 Q9 19 16 25 Q23 31 30 25", Style(edge="right", width=4)),
        path("M24 4 Q22 -16 26 -30", reed),
        path("M34 8 Q36 -8 34 -20", reed),
        ellipse((26, -34), (4.5, 10), Style("quill", "ink", 3)),
        ellipse((34, -22), (4, 8), Style("quill", "ink", 3)),
    )


def _carrot() -> Drawing:
    leaf = Style("shell", "ink", 4)
    leaves = tuple(ellipse(turned([(0, -20)], 1, turn)[0], (7, 17), leaf, turn) for turn in (-32, 32, 0))
    body = path("M-19 -8 Q-20 -20 0 -20 Q20 -20 19 -8 Q14 24 0 46 Q-14 24 -19 -8 Z", _outlined("bill"))
    marks = (path("M-13 4 L-3 6", _THIN), path("M12 12 L3 14", _THIN), path("M-7 21 L-1 22", _THIN))
    return Drawing(*(Shape(tuple((x, y - 12) for x, y in shape.points), shape.style) for shape in leaves), body, *marks)


def _nest() -> Drawing:
    eggs = (ellipse((x, -8), (11, 15), Style("sky", "ink", 4), tilt) for x, tilt in ((-17, -12), (17, 12), (0, 0)))
    bowl = path("M-42 0 L42 0 Q40 34 0 36 Q-40 34 -42 0 Z", _outlined("feather"))
    twigs = (path(twig, Style(edge="quill", width=4)) for twig in ("M-30 10 L-6 14", "M4 9 L30 12", "M-20 23 L2 25", "M8 21 L24 20"))
    return Drawing(*eggs, bowl, *twigs)


def _kennel() -> Drawing:
    return Drawing(
        path("M-32 -6 L-32 36 L32 36 L32 -6 L0 -34 Z", _outlined("feather")),
        path("M-42 2 L0 -36 L42 2", Style(edge="ink", width=12)),
        path("M-42 2 L0 -36 L42 2", Style(edge="petal", width=4)),
        path("M-15 36 L-15 14 Q-15 -2 0 -2 Q15 -2 15 14 L15 36 Z", _INK),
        ellipse((0, 28), (11, 4.5), Style("card")),
    )


def _basket() -> Drawing:
    weave = (path(line, Style(edge="quill", width=4)) for line in ("M-32 14 L32 14", "M-28 26 L28 26", "M-12 4 L-10 36", "M12 4 L10 36"))
    return Drawing(
        arc((0, 2), 31, 180, 360, Style(edge="ink", width=12)),
        arc((0, 2), 31, 180, 360, Style(edge="feather", width=4)),
        path("M-38 2 L38 2 L30 38 L-30 38 Z", _outlined("feather")),
        *weave,
        box(-42, -4, 84, 11, 4, _outlined("wood")),
    )


def _ball() -> Drawing:
    stripe = path("M-34 -16 Q0 4 34 -16 L38 0 Q0 22 -38 0 Z", Style("sun", "ink", 4))
    return Drawing(circle(0, 0, 38, Style("sky")), stripe, circle(0, 0, 38, Style(edge="ink", width=5)), circle(-14, -23, 5, Style("card")))


def _flag() -> Drawing:
    return Drawing(
        path("M-24 -42 L-24 42", Style(edge="ink", width=7)),
        path("M-24 -38 Q-4 -48 12 -38 Q24 -32 38 -38 L38 2 Q24 8 12 2 Q-4 -8 -24 2 Z", _outlined("plum")),
        circle(6, -18, 8, Style("card")),
        ellipse((-24, 42), (14, 3), _INK),
    )


def _bridge() -> Drawing:
    arch = [(22 * math.cos(math.radians(turn)), 24 - 22 * math.sin(math.radians(turn))) for turn in range(180, -1, -10)]
    outline = ((-44, -2), (0, -14), (44, -2), (44, 24), *reversed(arch), (-44, 24))
    rails = (path(f"M{x} {y} L{x} {y - 18}", _LINE) for x, y in ((-38, -4), (0, -14), (38, -4)))
    return Drawing(
        *rails,
        path("M-44 -21 Q0 -43 44 -21", Style(edge="ink", width=6)),
        Shape(outline, _outlined("stone")),
        path("M-40 34 Q-30 28 -20 34 Q-10 40 0 34 Q10 28 20 34 Q30 40 40 34", Style(edge="right", width=5)),
    )


def _friend() -> Drawing:
    eyes = (circle(-10, -16, 3.5, _INK), circle(10, -16, 3.5, _INK))
    return Drawing(
        path("M-34 42 Q-34 12 0 12 Q34 12 34 42 Z", _outlined("sun")),
        circle(0, -13, 24, _outlined("wood")),
        path("M-25 -15 Q-26 -41 0 -41 Q26 -41 25 -15 Q16 -28 2 -28 Q-14 -28 -25 -15 Z", _outlined("quill")),
        *eyes,
        arc((0, -10), 9, 25, 155, _THIN),
    )


def _rug() -> Drawing:
    fringe = (path(f"M{side * 36} {y} L{side * 45} {y}", _THIN) for side in (-1, 1) for y in (-18, -6, 6, 18))
    return Drawing(*fringe, box(-36, -24, 72, 48, 3, _outlined("petal")), box(-24, -13, 48, 26, 2, Style(edge="card", width=4)))


def _board() -> Drawing:
    return Drawing(
        box(-42, -32, 84, 54, 3, _outlined("shell_line", 6)),
        path("M-28 -12 Q-20 -22 -12 -12 Q-4 -2 4 -12", Style(edge="card", width=4)),
        path("M-28 8 L10 8", Style(edge="card", width=4)),
        box(-36, 24, 72, 7, 2, _outlined("wood", 4)),
    )


LANDMARKS: dict[str, Callable[[], Drawing]] = {
    "house": _house,
    "flower": _flower,
    "rock": _rock,
    "tree": _tree,
    "school": _school,
    "door": _door,
    "window": _window,
    "bench": _bench,
    "mailbox": _mailbox,
    "star": _star,
    "moon": _moon,
    "planet": _planet,
    "pond": _pond,
    "carrot": _carrot,
    "nest": _nest,
    "kennel": _kennel,
    "basket": _basket,
    "ball": _ball,
    "flag": _flag,
    "bridge": _bridge,
    "friend": _friend,
    "rug": _rug,
    "board": _board,
}
"""What draws each of them."""

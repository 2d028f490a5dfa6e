"""Signs that cards, tiles, keys and printed pages share, on boxes of about 100 units."""

from __future__ import annotations

from collections.abc import Callable

from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, dashed, ellipse, path, turned

_BOLD = Style(edge="ink", width=14)
_LINE = Style(edge="ink", width=7)


def _arrow(up: int) -> Drawing:
    return Drawing(path(f"M0 {38 * up} L0 {-36 * up}", _BOLD), path(f"M-28 {-8 * up} L0 {-38 * up} L28 {-8 * up}", _BOLD))


def _turn(side: int) -> Drawing:
    """Return a quarter circle around a small robot, its side in the side's colour and mark, with a line of ink around what is coloured."""
    colour = "right" if side > 0 else "left"
    sweep, tip = (-90 - 4 * side, -90 + 78 * side), f"M{side * 26} 9 L{side * 62} 9 L{side * 44} 30 Z"
    outline = Style(colour, "ink", 3.5)
    mark = path("M44 43 L56 64 L32 64 Z", outline) if side > 0 else circle(-44, 53.5, 10.5, outline)
    return Drawing(
        circle(0, 16, 15.5, Style("card", "ink", 5.5)),
        path("M0 16 L0 0", Style(edge="ink", width=5.5)),
        arc((0, 16), 44, *sweep, Style(edge="ink", width=19)),
        path(tip, Style(colour, "ink", 11)),
        arc((0, 16), 44, *sweep, Style(edge=colour, width=12)),
        path(tip, Style(colour, colour, 4)),
        mark,
    ).centred()


def _go(turn_deg: int) -> Drawing:
    """Return an arrow of the rocket: plum, in a ring, turned clockwise from up."""
    shapes = (path("M0 24 L0 -22", Style(edge="plum", width=12)), path("M-18 -6 L0 -24 L18 -6", Style(edge="plum", width=12)))
    arrow = (Shape(tuple(turned(shape.points, 1, turn_deg)), shape.style, False) for shape in shapes)
    return Drawing(circle(0, 0, 43, Style("lilac", "plum", 6)), *arrow)


def _until_obstacle() -> Drawing:
    return Drawing(
        box(-36, -48, 72, 18, 4, Style("stone", "ink", 6)),
        path("M0 44 L0 -12", _BOLD),
        path("M-24 12 L0 -14 L24 12", _BOLD),
    )


def _broom() -> Drawing:
    return Drawing(
        path("M32 -44 L4 2", Style(edge="ink", width=9)),
        path("M-14 -6 L19 14 L3 46 L-40 21 Z", Style("wood", "ink", 6)),
        path("M-25 20 L-13 27", Style(edge="ink", width=4)),
        path("M-10 10 L5 19", Style(edge="ink", width=4)),
    ).centred()


def _bell() -> Drawing:
    ring = Style(edge="ink", width=6)
    return Drawing(
        circle(0, 30, 9, Style("ink")),
        path("M-30 26 Q-22 16 -22 -4 Q-22 -30 0 -32 Q22 -30 22 -4 Q22 16 30 26 Z", Style("sun", "ink", 7)),
        path("M0 -32 L0 -40", _LINE),
        arc((0, 0), 44, -28, 14, ring),
        arc((0, 0), 44, 166, 208, ring),
    )


def _hourglass() -> Drawing:
    return Drawing(
        path("M-22 -34 L22 -34 Q22 -12 0 0 Q22 12 22 34 L-22 34 Q-22 12 0 0 Q-22 -12 -22 -34 Z", Style("card", "ink", 6)),
        path("M-13 -18 L13 -18 Q8 -10 0 -4 Q-8 -10 -13 -18 Z", Style("sun")),
        path("M-17 31 Q-12 16 0 12 Q12 16 17 31 Z", Style("sun")),
        path("M-30 -38 L30 -38", Style(edge="ink", width=9)),
        path("M-30 38 L30 38", Style(edge="ink", width=9)),
    )


def _loop() -> Drawing:
    return Drawing(arc((0, 2), 34, -30, 250, Style(edge="teal", width=12)), path("M-34 -34 L-8 -30 L-22 -8", Style(edge="teal", width=12)))


def _loop_end() -> Drawing:
    bold = Style(edge="teal", width=12)
    return Drawing(path("M30 -34 L30 16 L-30 16", bold), path("M-14 -4 L-34 16 L-14 36", bold))


def _bulb() -> Drawing:
    rays = (turned([(0, -44), (0, -52)], 1, turn) for turn in (-60, -30, 0, 30, 60))
    return Drawing(
        *(Shape(tuple((x, y + 4) for x, y in ray), Style(edge="ink", width=6), False) for ray in rays),
        path("M-12 24 Q-12 14 -20 6 Q-30 -8 -22 -20 Q-14 -32 0 -32 Q14 -32 22 -20 Q30 -8 20 6 Q12 14 12 24 Z", Style("sun", "ink", 6)),
        box(-11, 24, 22, 20, 5, Style("stone", "ink", 6)),
    )


def octagon(radius: float, style: Style) -> Shape:
    """Make a regular octagon that stands on a side; `radius` reaches its flat sides."""
    half = radius * 0.4142
    rim = ((-half, -radius), (half, -radius), (radius, -half), (radius, half), (half, radius), (-half, radius))
    return Shape((*rim, (-radius, half), (-radius, -half)), style)


def _bump() -> Drawing:
    strokes = ("M0 -60 L0 -72", "M-17 -56 L-24 -66", "M17 -56 L24 -66")
    halo, line = Style(edge="card", width=13), Style(edge="plum", width=7)
    return Drawing(*(path(stroke, halo) for stroke in strokes), *(path(stroke, line) for stroke in strokes))


def _plug() -> Drawing:
    return Drawing(
        path("M-13 -40 L-13 -20", _LINE),
        path("M13 -40 L13 -20", _LINE),
        path("M-26 -18 L26 -18 L26 0 Q26 20 0 22 Q-26 20 -26 0 Z", Style("sun", "ink", 6)),
        path("M0 24 Q0 42 16 42 Q30 42 34 34", _LINE),
    ).centred()


def _foot() -> Drawing:
    outline = Style("wood", "ink", 5)
    toes = (circle(x, y, radius, outline) for x, y, radius in ((-17, -31, 9), (1, -37, 8), (15, -32, 7), (25, -22, 6)))
    return Drawing(path("M-24 -12 Q-18 -24 2 -24 Q22 -20 22 -4 Q16 8 16 22 Q14 42 -4 42 Q-20 40 -18 20 Q-18 6 -24 -12 Z", outline), *toes)


def _person(x: float, foot: float, height: float) -> tuple[Shape, ...]:
    """Return somebody who stands at (x, foot)."""
    outline, head = Style("sun", "ink", 5), height * 0.19
    top, half = foot - height + 2 * head, height * 0.2
    body = path(f"M{x - half} {foot} Q{x - half} {top + 2} {x} {top + 2} Q{x + half} {top + 2} {x + half} {foot} Z", outline)
    return body, circle(x, top - head, head, Style("wood", "ink", 5))


def _question() -> Drawing:
    """Return the token of a prediction: a question in plum."""
    line = Style(edge="card", width=10)
    mark = path("M-14 -12 Q-14 -27 1 -27 Q16 -27 16 -13 Q16 -4 6 0 Q0 3 0 10", line)
    return Drawing(circle(0, 0, 44, Style("plum", "card", 5)), mark, circle(0, 25, 6.5, Style("card")))


def _rocket() -> Drawing:
    fins = [turned([(-9, -34), (0, -50), (9, -34)], 1, 45 + 90 * fin) for fin in range(4)]
    star = [turned([(0, -21 if tip % 2 == 0 else -9.5)], 1, 36 * tip)[0] for tip in range(10)]
    return Drawing(
        *(Shape(tuple(fin), Style("plum", "ink", 4)) for fin in fins),
        circle(0, 0, 40, Style("body", "ink", 4)),
        ellipse((0, 0), (30, 30), Style("lilac", "plum", 4)),
        Shape(tuple(star), Style("sun", "ink", 3)),
    )


SIGNS: dict[str, Callable[[], Drawing]] = {
    "forward": lambda: _arrow(1),
    "backward": lambda: _arrow(-1),
    "left": lambda: _turn(-1),
    "right": lambda: _turn(1),
    "go_up": lambda: _go(0),
    "go_right": lambda: _go(90),
    "go_down": lambda: _go(180),
    "go_left": lambda: _go(270),
    "until_obstacle": _until_obstacle,
    "beep": _bell,
    "light": _bulb,
    "wait": _hourglass,
    "repeat": _loop,
    "end": _loop_end,
    "clear": _broom,
    "pause": lambda: Drawing(path("M-15 -30 L-15 30", _BOLD), path("M15 -30 L15 30", _BOLD)),
    "go": lambda: Drawing(path("M-22 -33 L34 0 L-22 33 Z", Style("card", "card", 8))).moved(-2, 0),
    "square": lambda: Drawing(box(-30, -30, 60, 60, 9, Style("card"))),
    "octagon": lambda: Drawing(octagon(50, Style("brick")), octagon(45.5, Style(edge="card", width=2.4))),
    "disc": lambda: Drawing(circle(0, 0, 50, Style("teal"))),
    "bump": _bump,
    "plug": _plug,
    "tick": lambda: Drawing(path("M-26 2 L-8 22 L28 -20", Style(edge="teal", width=13))),
    "dot": lambda: Drawing(circle(0, 0, 50, Style("teal"))),
    "count": lambda: Drawing(circle(0, 0, 46, Style("card", "teal", 7))),
    "glow": lambda: Drawing(circle(0, 0, 50, Style("glow"))),
    "slot": lambda: Drawing(*dashed(box(-48, -48, 96, 96, 19, Style(edge="dash", width=3)), 9, 10)),
    "foot": _foot,
    "alone": lambda: Drawing(*_person(0, 36, 62)),
    "with_friend": lambda: Drawing(*_person(-17, 36, 62), *_person(17, 36, 62)),
    "with_adult": lambda: Drawing(*_person(14, 36, 84), *_person(-19, 36, 58)),
    "rocket": _rocket,
    "predict": _question,
    "nose": lambda: Drawing(path("M-27 -44 L0 -77 L27 -44 Z", Style("plum", "card", 4))),
    "dash": lambda: Drawing(path("M-11 0 L11 0", Style(edge="plum", width=9))),
}
"""What draws each of them."""

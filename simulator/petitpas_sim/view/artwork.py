"""Petit Pas's own pictures, on boxes of about 100 units: the things on a mat, and the signs that cards, tiles and keys share."""

from __future__ import annotations

from functools import cache

from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, dashed, ellipse, path, turned

_BOLD = Style(edge="ink", width=14)
_WHITE = Style(fill="card")


def _house() -> Drawing:
    return Drawing(
        path("M-27 -4 L-27 34 L27 34 L27 -4 L0 -32 Z", Style("wood")),
        path("M-27 0 L-27 34 L27 34 L27 0", Style(edge="ink", width=6)),
        path("M-38 4 L0 -34 L38 4", Style(edge="ink", width=7)),
        box(-9, 12, 18, 24, 1, Style("ink")),
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


def _arrow(up: int) -> Drawing:
    return Drawing(path(f"M0 {38 * up} L0 {-36 * up}", _BOLD), path(f"M-28 {-8 * up} L0 {-38 * up} L28 {-8 * up}", _BOLD))


def _turn(side: int) -> Drawing:
    colour = "right" if side > 0 else "left"
    bold = Style(edge=colour, width=13)
    mark = path("M40 36 L52 57 L28 57 Z", Style(colour)) if side > 0 else circle(-40, 47, 10.5, Style(colour))
    return Drawing(
        circle(0, 14, 15.5, Style("card", "ink", 5)),
        path("M0 14 L0 -2", Style(edge="ink", width=5)),
        arc((0, 14), 40, -90, -90 + side * 84, bold),
        path(f"M{side * 22} -3 L{side * 40} 18 L{side * 58} -3", bold),
        mark,
    ).centred()


def _broom() -> Drawing:
    return Drawing(
        path("M32 -44 L4 2", Style(edge="ink", width=9)),
        path("M-14 -6 L19 14 L3 46 L-40 21 Z", Style("wood", "ink", 6)),
        path("M-25 20 L-13 27", Style(edge="ink", width=4)),
        path("M-10 10 L5 19", Style(edge="ink", width=4)),
    ).centred()


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
    ink = Style(edge="ink", width=7)
    return Drawing(
        path("M-13 -40 L-13 -20", ink),
        path("M13 -40 L13 -20", ink),
        path("M-26 -18 L26 -18 L26 0 Q26 20 0 22 Q-26 20 -26 0 Z", Style("sun", "ink", 6)),
        path("M0 24 Q0 42 16 42 Q30 42 34 34", ink),
    ).centred()


def _rocket() -> Drawing:
    fins = [turned([(-9, -34), (0, -50), (9, -34)], 1, 45 + 90 * fin) for fin in range(4)]
    star = [turned([(0, -21 if tip % 2 == 0 else -9.5)], 1, 36 * tip)[0] for tip in range(10)]
    return Drawing(
        *(Shape(tuple(fin), Style("plum", "ink", 4)) for fin in fins),
        circle(0, 0, 40, Style("body", "ink", 4)),
        ellipse((0, 0), (30, 30), Style("lilac", "plum", 4)),
        Shape(tuple(star), Style("sun", "ink", 3)),
    )


_MAKERS = {
    "house": _house,
    "flower": _flower,
    "rock": _rock,
    "forward": lambda: _arrow(1),
    "backward": lambda: _arrow(-1),
    "left": lambda: _turn(-1),
    "right": lambda: _turn(1),
    "clear": _broom,
    "go": lambda: Drawing(path("M-22 -33 L34 0 L-22 33 Z", Style("card", "card", 8))).moved(-2, 0),
    "square": lambda: Drawing(box(-30, -30, 60, 60, 9, _WHITE)),
    "octagon": lambda: Drawing(octagon(50, Style("brick")), octagon(45.5, Style(edge="card", width=2.4))),
    "disc": lambda: Drawing(circle(0, 0, 50, Style("teal"))),
    "bump": _bump,
    "plug": _plug,
    "tick": lambda: Drawing(path("M-26 2 L-8 22 L28 -20", Style(edge="teal", width=13))),
    "dot": lambda: Drawing(circle(0, 0, 50, Style("teal"))),
    "number": lambda: Drawing(circle(0, 0, 46, Style("card", "teal", 7))),
    "glow": lambda: Drawing(circle(0, 0, 50, Style("glow"))),
    "slot": lambda: Drawing(*dashed(box(-48, -48, 96, 96, 19, Style(edge="dash", width=3)), 9, 10)),
    "rocket": _rocket,
}


@cache
def picture_of(name: str, faded_to: str = "") -> Drawing:
    """Return a picture by its name, faded towards a colour where one is given; raise KeyError for an unknown name."""
    return picture_of(name).faded(faded_to, 0.55) if faded_to else _MAKERS[name]()

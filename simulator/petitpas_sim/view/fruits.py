"""Fruits: what the groups of a class are called. No two have the same outline, so that none is told by its colour alone."""

from __future__ import annotations

from collections.abc import Callable

from petitpas_sim.view.shapes import Drawing, Shape, Style, circle, ellipse, path

_STALK = Style(edge="quill", width=7)


def _outlined(fill: str) -> Style:
    return Style(fill, "ink", 5)


def _leaf(x: float, y: float) -> Shape:
    return path(f"M{x} {y} Q{x + 6} {y - 18} {x + 26} {y - 16} Q{x + 22} {y + 2} {x} {y} Z", Style("shell", "ink", 4))


def _apple() -> Drawing:
    body = path(
        "M0 -18 Q-10 -28 -26 -22 Q-46 -12 -38 16 Q-30 44 -12 42 Q0 38 12 42 Q30 44 38 16 Q46 -12 26 -22 Q10 -28 0 -18 Z",
        _outlined("#D9705F"),
    )
    return Drawing(body, path("M0 -18 Q-2 -34 -8 -42", _STALK), _leaf(2, -28))


def _pear() -> Drawing:
    body = path(
        "M0 -34 Q-16 -34 -15 -14 Q-14 -4 -24 6 Q-36 22 -24 36 Q-12 46 0 44 Q12 46 24 36 Q36 22 24 6 Q14 -4 15 -14 Q16 -34 0 -34 Z",
        _outlined("#C9CF6A"),
    )
    return Drawing(body, path("M0 -34 L6 -46", _STALK))


def _cherries() -> Drawing:
    stalks = (path("M-20 12 Q-14 -20 10 -42", _STALK), path("M22 14 Q20 -16 10 -42", _STALK))
    return Drawing(*stalks, circle(-22, 24, 19, _outlined("#B5485A")), circle(24, 26, 19, _outlined("#B5485A")))


def _strawberry() -> Drawing:
    body = path("M0 44 Q-42 14 -32 -14 Q-20 -26 0 -20 Q20 -26 32 -14 Q42 14 0 44 Z", _outlined("#E07A70"))
    seeds = (ellipse((x, y), (2.6, 4), Style("cream")) for x, y in ((-16, -4), (0, 4), (16, -4), (-10, 16), (10, 16), (0, 28)))
    crown = path("M-26 -18 L-8 -24 L0 -40 L8 -24 L26 -18 L8 -12 L0 -18 L-8 -12 Z", Style("shell", "ink", 4))
    return Drawing(body, *seeds, crown)


def _banana() -> Drawing:
    body = path("M-34 -36 Q-40 20 4 34 Q26 40 42 30 L40 22 Q-4 18 -22 -40 Z", _outlined("#F2D36E"))
    return Drawing(body, path("M-34 -37 L-23 -41", Style(edge="ink", width=8))).centred()


def _orange() -> Drawing:
    slices = (
        path(f"M0 4 L{x} {y}", Style(edge="card", width=4)) for x, y in ((0, -24), (24, -10), (24, 18), (0, 32), (-24, 18), (-24, -10))
    )
    return Drawing(circle(0, 4, 40, _outlined("#EE9A3A")), circle(0, 4, 29, Style("#F7C27C")), *slices)


def _grapes() -> Drawing:
    rows = ((-30, -12), (-10, -12), (10, -12), (30, -12), (-20, 5), (0, 5), (20, 5), (-10, 22), (10, 22), (0, 38))
    berries = (circle(x, y, 11.5, Style("#9A7BB8", "ink", 4)) for x, y in rows)
    return Drawing(path("M0 -20 L0 -44", _STALK), _leaf(2, -24), *berries)


def _kiwi() -> Drawing:
    seeds = (
        ellipse((x, y), (2.4, 4.4), Style("ink"), tilt)
        for x, y, tilt in ((0, -17, 0), (17, -9, 60), (17, 9, 120), (0, 17, 0), (-17, 9, 60), (-17, -9, 120))
    )
    return Drawing(
        ellipse((0, 0), (44, 36), _outlined("#8A6A4F")),
        ellipse((0, 0), (36, 28), Style("#A9C66C")),
        ellipse((0, 0), (10, 8), Style("cream")),
        *seeds,
    )


FRUITS: dict[str, Callable[[], Drawing]] = {
    "pomme": _apple,
    "poire": _pear,
    "cerise": _cherries,
    "fraise": _strawberry,
    "banane": _banana,
    "orange": _orange,
    "raisin": _grapes,
    "kiwi": _kiwi,
}
"""What draws each of them."""

"""Pictures of what a teacher does with robots and paper: prepare a board, name, set, check up, print."""

from __future__ import annotations

from collections.abc import Callable

from petitpas_sim.view.shapes import Drawing, Shape, Style, arc, box, circle, path
from petitpas_sim.view.signs import SIGNS

_BOLD = Style(edge="ink", width=9)
_LINE = Style(edge="ink", width=6)
_PLUM = Style(edge="plum", width=9)


def _chip() -> tuple[Shape, ...]:
    """Return a board seen from above, its holes along both sides and its cable at the top."""
    holes = (circle(x, y, 2.6, Style("card")) for x in (-20, 20) for y in range(-20, 41, 12))
    return (
        box(-9, -40, 18, 14, 3, Style("stone", "ink", 5)),
        box(-27, -30, 54, 76, 6, Style("teal", "ink", 5)),
        *holes,
        box(-10, 0, 20, 20, 3, Style("ink")),
    )


def _install() -> Drawing:
    """Return a board into which something comes."""
    return Drawing(
        *(shape for shape in Drawing(*_chip()).moved(-14, 0).shapes), path("M34 -38 L34 14", _PLUM), path("M20 0 L34 16 L48 0", _PLUM)
    ).centred()


def _notes() -> Drawing:
    """Return a robot's song: « qui est le lapin ? »."""
    return Drawing(
        path("M-22 26 L-22 -32 L28 -40 L28 18", _BOLD),
        circle(-31, 26, 11, Style("ink")),
        circle(19, 18, 11, Style("ink")),
    ).centred()


def _trims() -> Drawing:
    """Return a straight line, and a way that leaves it."""
    return Drawing(
        path("M-14 42 L-14 -42", Style(edge="ink", width=6)),
        path("M-14 42 Q-12 0 18 -30", _PLUM),
        path("M2 -30 L20 -32 L20 -14", _PLUM),
    ).centred()


def _checkup() -> Drawing:
    """Return a list with its ticks."""
    rows = (
        shape
        for y in (-22, 2, 26)
        for shape in (path(f"M-22 {y} L-15 {y + 7} L-4 {y - 8}", Style(edge="teal", width=7)), path(f"M6 {y} L22 {y}", _LINE))
    )
    return Drawing(box(-34, -44, 68, 88, 8, Style("card", "ink", 6)), *rows)


def _printer() -> Drawing:
    return Drawing(
        box(-24, -42, 48, 34, 3, Style("card", "ink", 6)),
        box(-42, -16, 84, 42, 8, Style("strip", "ink", 6)),
        box(-24, 10, 48, 34, 3, Style("card", "ink", 6)),
        path("M-12 22 L12 22", _LINE),
        path("M-12 33 L4 33", _LINE),
        circle(30, -4, 4, Style("ink")),
    )


def _microphone() -> Drawing:
    return Drawing(
        box(-15, -44, 30, 54, 15, Style("sun", "ink", 6)),
        arc((0, -6), 28, 0, 180, _LINE),
        path("M0 22 L0 42", _LINE),
        path("M-18 42 L18 42", _LINE),
    )


def _drawer() -> Drawing:
    """Return a box in which things are kept."""
    return Drawing(
        path("M-42 -8 L-30 -36 L30 -36 L42 -8 Z", Style("wood", "ink", 6)),
        box(-42, -8, 84, 46, 6, Style("wood", "ink", 6)),
        box(-14, 4, 28, 12, 6, Style("card", "ink", 5)),
    )


def _bubble() -> Drawing:
    """Return words that are said."""
    return Drawing(
        path(
            "M-30 -36 L30 -36 Q44 -36 44 -22 L44 8 Q44 22 30 22 L-4 22 L-22 42 L-20 22 L-30 22 Q-44 22 -44 8 L-44 -22 Q-44 -36 -30 -36 Z",
            Style("card", "ink", 6),
        ),
        path("M-24 -14 L24 -14", _LINE),
        path("M-24 2 L8 2", _LINE),
    )


def _class_first() -> Drawing:
    """Return children, and the words that come after theirs."""
    children, words = SIGNS["with_friend"]().scaled(0.72).moved(-14, 10), _bubble().scaled(0.48).moved(26, -24)
    return Drawing(*children.shapes, *words.shapes)


def _no_words() -> Drawing:
    """Return words that are crossed out."""
    return Drawing(*_bubble().shapes, path("M-40 42 L40 -46", Style(edge="plum", width=9)))


def _buttons() -> Drawing:
    """Return a panel of push-buttons, the one for GO with its light."""
    keys = (circle(x, -12, 10, Style("sky", "ink", 6)) for x in (-24, 0, 24))
    return Drawing(box(-42, -32, 84, 64, 10, Style("wood", "ink", 6)), *keys, circle(0, 15, 10, Style("teal", "ink", 6)))


def _camera() -> Drawing:
    """Return what takes pictures of the wall."""
    return Drawing(
        box(-18, -36, 36, 18, 5, Style("strip", "ink", 6)),
        box(-43, -24, 86, 60, 10, Style("strip", "ink", 6)),
        circle(0, 6, 20, Style("card", "ink", 6)),
        circle(0, 6, 8, Style("sky", "ink", 4)),
        circle(31, -11, 4, Style("ink")),
    )


def _sliders() -> Drawing:
    """Return what can be set."""
    rows = ((-26, -14), (0, 16), (26, -4))
    return Drawing(*(path(f"M-40 {y} L40 {y}", _LINE) for y, _ in rows), *(circle(x, y, 10, Style("sun", "ink", 6)) for y, x in rows))


WORKBENCH: dict[str, Callable[[], Drawing]] = {
    "install": _install,
    "who": _notes,
    "trims": _trims,
    "checkup": _checkup,
    "printer": _printer,
    "microphone": _microphone,
    "drawer": _drawer,
    "bubble": _bubble,
    "buttons": _buttons,
    "camera": _camera,
    "sliders": _sliders,
    "voice_first": _bubble,
    "voice_delayed": _class_first,
    "voice_silent": _no_words,
}
"""What draws each of them."""

"""Pictures of what an adult taps (volume, reach, scale, speed, the way back), and of the choices on the first pages."""

from __future__ import annotations

from collections.abc import Callable

from petitpas_sim.view.landmarks import LANDMARKS
from petitpas_sim.view.shapes import Drawing, Style, arc, box, circle, ellipse, path
from petitpas_sim.view.signs import SIGNS

_BOLD = Style(edge="ink", width=11)
_LINE = Style(edge="ink", width=6)
_INK = Style("ink")


def _speaker(waves: int) -> Drawing:
    rings = (arc((2, 0), 20 + 16 * wave, -48, 48, Style(edge="ink", width=8)) for wave in range(waves))
    cross = () if waves else (path("M14 -21 L48 21", _BOLD), path("M48 -21 L14 21", _BOLD))
    return Drawing(path("M-42 -14 L-24 -14 L-4 -34 L-4 34 L-24 14 L-42 14 Z", Style("ink", "ink", 5)), *rings, *cross)


def _eye() -> Drawing:
    return Drawing(
        path("M-46 0 Q-22 -32 0 -32 Q22 -32 46 0 Q22 32 0 32 Q-22 32 -46 0 Z", Style("card", "ink", 7)),
        circle(0, 0, 15, _INK),
        circle(5, -5, 4.5, Style("card")),
    )


def _hand() -> Drawing:
    """Return a hand that reaches up to a line."""
    fingers = "M-20 10 L-20 -8 Q-15 -15 -10 -8 L-10 -26 Q-4 -34 1 -26 L1 -8 L1 -22 Q7 -29 12 -22 L12 -4 L12 -14 Q18 -20 22 -14 L22 18"
    palm = f"{fingers} Q20 42 0 44 Q-14 44 -24 32 L-36 14 Q-34 4 -24 8 Z"
    return Drawing(path("M-44 -42 L44 -42", Style(edge="plum", width=8)), path(palm, Style("wood", "ink", 6)))


def _paper_sheet() -> Drawing:
    """Return a sheet of paper with its measure beside it."""
    measure = Style(edge="plum", width=7)
    return Drawing(
        box(-34, -44, 62, 88, 3, Style("card", "ink", 6)),
        path("M44 -42 L44 42", measure),
        path("M36 -42 L52 -42", measure),
        path("M36 42 L52 42", measure),
    ).centred()


def _chevrons(count: int) -> Drawing:
    lefts = [24 * place - 12 * (count - 1) - 9 for place in range(count)]
    return Drawing(*(path(f"M{left} -24 L{left + 20} 0 L{left} 24", _BOLD) for left in lefts))


def _leaf() -> Drawing:
    """Return a leaf that lies still: nothing moves without need."""
    return Drawing(
        path("M-34 30 Q-40 -26 34 -34 Q36 34 -34 30 Z", Style("leaf", "ink", 6)),
        path("M-40 40 L12 -14", _LINE),
    )


def _cards_and_mat() -> Drawing:
    """Return a printed sheet, as `Préparer` makes them."""
    sheet = box(-36, -46, 72, 92, 7, Style("card", "ink", 4.5))
    forward, right = SIGNS["forward"]().scaled(0.34).moved(-16, -18), SIGNS["right"]().scaled(0.38).moved(16, -18)
    lines = (path(f"M-23 {y} L{end} {y}", Style(edge="ink", width=4.5)) for y, end in ((12, 23), (27, 12)))
    return Drawing(sheet, *forward.shapes, *right.shapes, *lines)


def _class() -> Drawing:
    """Return a mat with a flower on it."""
    tiles = [box(-45 + 31 * x, -45 + 31 * y, 28, 28, 4, Style("sand" if (x + y) % 2 else "cell")) for x in range(3) for y in range(3)]
    flower = LANDMARKS["flower"]().scaled(0.42).moved(29, -29)
    house = LANDMARKS["house"]().scaled(0.38).moved(-31, 31)
    trail = [(-31, y) for y in (12, 1, -10, -21)] + [(x, -31) for x in (-31, -20, -9, 2)]
    dots = (circle(x, y, 2.8, Style("teal")) for x, y in trail)
    return Drawing(box(-52, -52, 104, 104, 9, Style("card", "ink", 4.5)), *tiles, *dots, *house.shapes, *flower.shapes)


def _footprints(count: int) -> Drawing:
    """Return one, two or three feet, one ahead of the other."""
    shapes = []
    for step in range(count):
        side = 0 if count == 1 else -1 if step % 2 == 0 else 1
        shapes.append(ellipse((17 * side, 14 * (count - 1) - 28 * step), (12, 19), _INK, 8 * side))
    return Drawing(*shapes)


def _full() -> Drawing:
    """Return the corners of a screen that is filled."""
    corners = ("M-40 -12 L-40 -30 L-18 -30", "M18 -30 L40 -30 L40 -12", "M40 12 L40 30 L18 30", "M-18 30 L-40 30 L-40 12")
    return Drawing(*(path(corner, Style(edge="ink", width=9)) for corner in corners))


def _screens() -> Drawing:
    """Return two screens, and the way from one to the other."""
    screens = (box(left, -26, 38, 28, 4, Style("card", "ink", 6)) for left in (-46, 8))
    return Drawing(*screens, path("M-27 26 L24 26", Style(edge="plum", width=8)), path("M12 14 L26 26 L12 38", Style(edge="plum", width=8)))


def _bulb() -> Drawing:
    """Return a lamp that has an idea; the light of a robot has rays."""
    return Drawing(
        path("M-15 18 Q-15 8 -25 -2 Q-36 -16 -28 -32 Q-18 -46 0 -46 Q18 -46 28 -32 Q36 -16 25 -2 Q15 8 15 18 Z", Style("sun", "ink", 7)),
        path("M-15 30 L15 30", Style(edge="ink", width=7)),
        path("M-9 42 L9 42", Style(edge="ink", width=7)),
    )


def _undo() -> Drawing:
    return Drawing(arc((2, 8), 28, 200, 400, _BOLD), path("M-40 -20 L-26 2 L-2 -10", _BOLD))


def _from_here() -> Drawing:
    """Return a robot on the way, and an arrow that goes on from it."""
    ahead = (path("M20 0 L44 0", Style(edge="ink", width=9)), path("M32 -14 L46 0 L32 14", Style(edge="ink", width=9)))
    dots = (circle(x, 0, 4.5, Style("teal")) for x in (-46, -32))
    return Drawing(*dots, circle(-6, 0, 18, Style("card", "ink", 6)), path("M-6 0 L10 0", _LINE), *ahead)


def _number() -> Drawing:
    """Return the arrow of a move, with three dots for its number."""
    arrow = SIGNS["forward"]().scaled(0.8).moved(-20, 0)
    return Drawing(*arrow.shapes, *(circle(30, y, 8, _INK) for y in (-26, 0, 26)))


def _insert() -> Drawing:
    """Return a card that comes between two others."""
    cards = (box(x, 4, 30, 38, 5, Style("card", "ink", 5)) for x in (-46, 16))
    return Drawing(*cards, path("M0 -44 L0 18", Style(edge="plum", width=8)), path("M-13 5 L0 19 L13 5", Style(edge="plum", width=8)))


def _together() -> Drawing:
    """Return a robot on the floor below the wall, each with the same key in the sun."""
    wall = (box(-44, -44, 88, 42, 7, Style("card", "ink", 6)), circle(0, -23, 10, Style("sun", "ink", 5)))
    robot = (path("M-8 10 L0 0 L8 10 Z", _INK), circle(0, 27, 20, Style("card", "ink", 6)), circle(0, 27, 9, Style("sun", "ink", 5)))
    return Drawing(*wall, *robot)


def _turned() -> Drawing:
    """Return a mat that is turned until its robot looks up."""
    cells = (box(-20 + 20 * x, -14 + 20 * y, 18, 18, 3, Style("card", "ink", 4)) for x in range(2) for y in range(2))
    turn = (arc((0, 4), 40, -60, 60, Style(edge="plum", width=8)), path("M20 -42 L36 -30 L40 -50", Style(edge="plum", width=8)))
    return Drawing(*cells, *turn)


def _back() -> Drawing:
    return Drawing(path("M36 0 L-32 0", _BOLD), path("M-6 -27 L-34 0 L-6 27", _BOLD))


CONTROLS: dict[str, Callable[[], Drawing]] = {
    "speaker": lambda: _speaker(2),
    "speaker_low": lambda: _speaker(1),
    "mute": lambda: _speaker(0),
    "eye": _eye,
    "reach": _hand,
    "paper": _paper_sheet,
    "slow": lambda: _chevrons(1),
    "real": lambda: _chevrons(2),
    "fast": lambda: _chevrons(3),
    "calm": _leaf,
    "full": _full,
    "screen": _screens,
    "more": lambda: Drawing(circle(-26, 0, 7.5, _INK), circle(0, 0, 7.5, _INK), circle(26, 0, 7.5, _INK)),
    "plus": lambda: Drawing(path("M-28 0 L28 0", _BOLD), path("M0 -28 L0 28", _BOLD)),
    "minus": lambda: Drawing(path("M-28 0 L28 0", _BOLD)),
    "back": _back,
    "ghost": lambda: Drawing(circle(0, 0, 9, Style("plum"))),
    "home": LANDMARKS["house"],
    "listen": lambda: _speaker(2),
    "help": _bulb,
    "step": lambda: _footprints(2),
    "undo": _undo,
    "from_here": _from_here,
    "number": _number,
    "insert": _insert,
    "together": _together,
    "turned": _turned,
    "prepare": _cards_and_mat,
    "class": _class,
    "footprints_1": lambda: _footprints(1),
    "footprints_2": lambda: _footprints(2),
    "footprints_3": lambda: _footprints(3),
}
"""What draws each of them."""

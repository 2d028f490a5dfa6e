"""
What can be measured of a screen: sizes and gaps, contrasts in a bright room, and what is left of a difference without colours.

Contrast is WCAG's: (L1 + flare) / (L2 + flare). Its flare of 0.05 is that of a good screen, on which white is 21 times as bright as black;
a room in which white is C times as bright as black has 1 / (C − 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

import pygame

from petitpas_sim.view.artwork import PICTURES, picture_of
from petitpas_sim.view.canvas import Canvas, text_width
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label
from petitpas_sim.view.shapes import Drawing, Shape

RGB = tuple[int, int, int]

SCREEN = 0.05
"""The flare of a screen. Source: WCAG 2.2, contrast ratio."""

ROOM = 1 / (7 - 1)
"""
The flare of a washed-out projector, whose white is 7 times as bright as its black: the least with which one can follow.

Source: ANSI/INFOCOMM 3M-2011, passive viewing.
"""

TEXT, ICON = 4.5, 3.0
"""Least contrasts on a screen. Source: WCAG 2.2, 1.4.3 and 1.4.11."""

WASHED = 3.0
"""Least contrast of both in the room. Source: ISO 9241-3 and ANSI/HFES 100-1988, the least for usual sight, as WCAG 2.2 cites them."""

STATES = {SCREEN: 3.0, ROOM: 2.0}
"""
Between the same pixel in two states of one thing: on a screen, and what is left of it in the room where the darker one is as dark as plum.

Source of the first: WCAG 2.2, 2.4.13.
"""

GREY = ((0.2126, 0.7152, 0.0722),) * 3
VISIONS = {
    "without colours": GREY,
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""
Linear red, green and blue, as they are seen.

Source: Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision deficiency, 2009, severity 1.0.
"""

# --- Frames ---


def distance(a: Frame, b: Frame) -> int:
    """Return the greater of the gaps between two frames, across and down."""
    return max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom)


def side(frame: Frame) -> int:
    return min(frame.width, frame.height)


# --- Colours ---


@cache
def linear(colour: RGB) -> tuple[float, float, float]:
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in (byte / 255 for byte in colour))
    return red, green, blue


@cache
def luminance(colour: RGB, vision: str = "") -> float:
    """Return how bright a colour is, 0 to 1, to somebody of a vision."""
    seen = linear(colour)
    if vision:
        seen = tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, seen, strict=True)))) for row in VISIONS[vision])  # type: ignore[assignment]
    return sum(a * b for a, b in zip(GREY[0], seen, strict=True))


def contrast(a: RGB, b: RGB, flare: float = SCREEN, vision: str = "") -> float:
    bright, dark = sorted((luminance(a, vision), luminance(b, vision)), reverse=True)
    return (bright + flare) / (dark + flare)


# --- Words ---


def painted(items: Iterable[Item], size: tuple[int, int]) -> pygame.Surface:
    surface = pygame.Surface(size)
    _canvas().paint(surface, items)
    return surface


@cache
def _canvas() -> Canvas:
    return Canvas()


def words_on(items: Sequence[Item], size: tuple[int, int]) -> Iterator[tuple[Label, set[RGB]]]:
    """Give each line of text that nothing covers, with the colours that lie under it, from what is painted without words."""
    ground = painted((item for item in items if not isinstance(item, Label)), size)
    whole = Frame(0, 0, *size)
    for place, label in enumerate(items):
        if isinstance(label, Label) and not any(_covers(item, label) for item in items[place:]):
            points = [point for point in _under(label) if whole.holds(*point)]
            yield label, {tuple(ground.get_at(point)[:3]) for point in points}  # type: ignore[misc]


def _covers(item: Item, label: Label) -> bool:
    return isinstance(item, Box) and item.frame.holds(label.x, label.y)


def _under(label: Label) -> Iterator[tuple[int, int]]:
    width = text_width(label.text, label.size, label.is_bold)
    left = label.x - width // 2 if label.align == 0 else label.x
    for column in range(1, 10):
        for row in (-0.3, 0.0, 0.3):
            yield left + width * column // 10, round(label.y + row * label.size)


# --- Pictures ---

NAMES: dict[int, str] = {}


def name_of(drawing: Drawing) -> str:
    """Return the name of a picture, "" for what is none: a robot, a line, what is pale because it does nothing."""
    if not NAMES:
        NAMES.update({id(drawing): name for name in reversed(PICTURES) for drawing in (picture_of(name), picture_of(name, ""))})
    return NAMES.get(id(drawing), "")


def icons_on(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Give the name of each picture that is painted, and the colour of the box on which it stands."""
    grounds: list[tuple[Frame, str]] = []
    for item in items:
        if isinstance(item, Box):
            grounds.append((item.frame, item.fill))
        elif isinstance(item, Art):
            name = name_of(item.drawing)
            ground = next((fill for frame, fill in reversed(grounds) if frame.holds(item.x, item.y)), "")
            if name and ground:
                yield name, ground
            if name in ("", "disc", "octagon"):  # what is pale, and robots, are no ground for anything that is measured
                half = round(50 * item.scale)
                grounds.append((Frame(item.x - half, item.y - half, 2 * half, 2 * half), item.drawing.shapes[0].style.fill if name else ""))


@lru_cache(maxsize=1000)
def shown_share(name: str, ground: str, flare: float, least: float) -> float:
    """Return how much of a picture's extent is drawn by strokes and faces that stand out from its ground: 1 for all of it."""
    drawing, ground_rgb = picture_of(name), rgb(ground)
    seen = Drawing(*(shape for shape in drawing.shapes if any(contrast(c, ground_rgb, flare) >= least for c in _colours(shape))))
    left, top, right, bottom = drawing.bounds()
    own_left, own_top, own_right, own_bottom = seen.bounds()
    return min((own_right - own_left) / (right - left), (own_bottom - own_top) / (bottom - top))


def _colours(shape: Shape) -> list[RGB]:
    style = shape.style
    return [rgb(colour) for colour in (style.edge, style.fill if shape.is_closed else "") if colour]


# --- States ---


def is_told_apart(a: Sequence[Item], b: Sequence[Item], frame: Frame, line: float, flare: float = SCREEN) -> bool:
    """
    Say whether two states of what is in a frame differ for every vision, without colours too.

    They do where the pixels that are clearly brighter or darker are as many as a line of `line` pixels along its shorter side.
    """
    around = frame.grown(max(2, round(side(frame) * 0.2)))
    pairs = Counter(zip(_pixels(a, around), _pixels(b, around), strict=True))
    return all(_differing(pairs, vision, flare) >= line * side(frame) for vision in VISIONS)


def differing(a: Sequence[Item], b: Sequence[Item], frame: Frame) -> int:
    """Return how many pixels of a frame are clearly brighter or darker in one picture than in the other."""
    return _differing(Counter(zip(_pixels(a, frame), _pixels(b, frame), strict=True)), "without colours", SCREEN)


def _differing(pairs: Counter[tuple[RGB, RGB]], vision: str, flare: float) -> int:
    return sum(count for (old, new), count in pairs.items() if old != new and contrast(old, new, flare, vision) >= STATES[flare])


def _pixels(items: Sequence[Item], frame: Frame) -> list[RGB]:
    surface = painted(items, (max(1, frame.right), max(1, frame.bottom)))
    part = surface.subsurface(pygame.Rect(max(0, frame.left), max(0, frame.top), frame.width, frame.height).clip(surface.get_rect()))
    data = pygame.image.tobytes(part, "RGB")
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]

"""
Painting items with pygame, crisp at any size.

Drawings are painted at several times their size and scaled down once; the result is kept by drawing, scale and angle. Before the shapes
themselves, each is painted wider and wholly transparent, so that the scaling never mixes a border with black.
Boxes are made of nine pieces of a small one, so that a box as big as the screen costs no more than its corners.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple

import pygame

from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label
from petitpas_sim.view.shapes import Point, Shape, Style, box

Picture = tuple[pygame.Surface, int, int]
"""Pixels, and how far their corner is to the right of an item's place and below it."""

_BLEED = 2.0
_SHADOW = (91, 74, 42, 46)


@lru_cache(maxsize=64)
def font(size: int, is_bold: bool) -> pygame.font.Font:
    """Return Andika at a height in pixels, or pygame's own font where its file is missing."""
    pygame.font.init()
    name = "Andika-Bold.ttf" if is_bold else "Andika-Regular.ttf"
    try:
        with as_file(files("petitpas_sim.view") / "fonts" / name) as path:
            return pygame.font.Font(path, size)
    except OSError:
        return pygame.font.Font(None, size)


def text_width(text: str, size: int, is_bold: bool = False) -> int:
    """Return the width of a line of text in pixels."""
    return font(size, is_bold).size(text)[0]


class Canvas:
    """
    Paints items and keeps their pictures.

    Args:
        budget_bytes: pictures are forgotten, the longest unused first, when they take more than this.
    """

    def __init__(self, budget_bytes: int = 64 << 20) -> None:
        self._budget = budget_bytes
        self._bytes = 0
        self._kept: OrderedDict[object, Picture] = OrderedDict()

    def bounds(self, item: Item) -> pygame.Rect:
        """Return the pixels that an item may touch."""
        if isinstance(item, Box):
            grown = item.frame.grown(2 * item.shadow)
            return pygame.Rect(grown.left, grown.top, grown.width, grown.height)
        picture, left, top = self._picture(item)
        return picture.get_rect(topleft=(item.x + left, item.y + top))

    def paint(self, target: pygame.Surface, items: Iterable[Item]) -> None:
        """Paint items in their order."""
        for item in items:
            if isinstance(item, Box):
                self._paint_box(target, item)
            else:
                picture, left, top = self._picture(item)
                target.blit(picture, (item.x + left, item.y + top))

    def prepare(self, items: Iterable[Item]) -> None:
        """Make the pictures of items that may be painted soon."""
        for item in items:
            if not isinstance(item, Box):
                self._picture(item)
                continue
            radius = _radius(item)
            if item.shadow:
                self._shadow(radius, item.shadow)
            if radius or item.edge:
                self._box(item, radius)

    def _picture(self, item: Art | Label) -> Picture:
        if isinstance(item, Label):
            return self._once((item.text, item.size, item.colour, item.is_bold, item.align), lambda: _written(item))
        return self._once((item.drawing, item.scale, item.angle_deg), lambda: self._art(item))

    def _art(self, item: Art) -> Picture:
        quarters, rest = divmod(item.angle_deg % 360, 90)
        if quarters:
            return _quartered(self._picture(Art(item.drawing, 0, 0, item.scale, rest)), int(quarters))
        if rest:
            return _turned(self._picture(Art(item.drawing, 0, 0, 2 * item.scale)), rest)
        return _drawn(item)

    def _once(self, key: object, make: Callable[[], Picture]) -> Picture:
        """Return what is kept under a key, or make it and keep it."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = self._kept[key] = make()
        self._bytes += _size(made)
        while self._bytes > self._budget and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _size(dropped)
        return made

    def _paint_box(self, target: pygame.Surface, item: Box) -> None:
        frame = item.frame
        if frame.width <= 0 or frame.height <= 0:
            return
        radius = _radius(item)
        if item.shadow:
            reach = item.shadow
            lowered = Frame(frame.left - reach, frame.top - reach + max(1, reach // 3), frame.width + 2 * reach, frame.height + 2 * reach)
            _paint_nine(target, self._shadow(radius, reach), lowered, middle=None)
        if radius or item.edge:
            _paint_nine(target, self._box(item, radius), frame, middle=rgb(item.fill) if item.fill else None)
        elif item.fill:
            target.fill(rgb(item.fill), (frame.left, frame.top, frame.width, frame.height))

    def _box(self, item: Box, radius: int) -> pygame.Surface:
        return self._once(("box", radius, item.fill, item.edge, item.edge_width), lambda: (_cornered(item, radius), 0, 0))[0]

    def _shadow(self, radius: int, reach: int) -> pygame.Surface:
        return self._once(("shadow", radius, reach), lambda: (_shaded(radius, reach), 0, 0))[0]


class _Placed(NamedTuple):
    """The items of a layer, and the pixels that each may touch."""

    items: tuple[Item, ...]
    pixels: list[pygame.Rect]

    def by_item(self) -> dict[Item, pygame.Rect]:
        return dict(zip(self.items, self.pixels, strict=True))


class Painter:
    """
    Paints layers of items on one surface, and again only where they have changed.

    The lowest layers, as far as they stay, are kept painted on a surface of their own: from there they come back behind what moves.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._layers: tuple[tuple[Item, ...], ...] = ()
        self._placed: list[_Placed] = []
        self._ground: pygame.Surface | None = None
        self._grounded = 0  # layers that are on it

    def paint(self, surface: pygame.Surface, layers: Sequence[tuple[Item, ...]], whole: bool = False) -> list[pygame.Rect]:
        """Bring a surface up to date and return the rectangles that were painted; `whole` paints all of it."""
        old, before = self._layers, self._placed
        self._layers = tuple(layers)
        if whole or len(old) != len(self._layers):
            self._grounded = 0
            if self._ground is not None and self._ground.get_size() != surface.get_size():
                self._ground = None  # it may be as big as a screen that is gone
            self._placed = [self._place(layer) for layer in self._layers]
            changed = [surface.get_rect()]
        else:
            different = [number for number, (a, b) in enumerate(zip(old, self._layers, strict=True)) if a is not b and a != b]
            self._placed = [self._place(layer) if n in different else before[n] for n, layer in enumerate(self._layers)]
            both = [(before[n].by_item(), self._placed[n].by_item()) for n in different]
            areas = [(a | b)[item].clip(surface.get_rect()) for a, b in both for item in a.keys() ^ b.keys()]
            changed = _merged(areas)
            if different:
                self._lay_ground(surface, different[0])
        for area in changed:
            surface.set_clip(area)
            if self._ground is not None and self._grounded:
                surface.blit(self._ground, area, area)
            self._paint(surface, self._placed[self._grounded :], area)
        surface.set_clip(None)
        return changed

    def prepare(self, layers: Iterable[tuple[Item, ...]]) -> None:
        """Make the pictures of layers that may be painted soon."""
        for layer in layers:
            self._canvas.prepare(layer)

    def _place(self, layer: tuple[Item, ...]) -> _Placed:
        return _Placed(layer, [self._canvas.bounds(item) for item in layer])

    def _lay_ground(self, surface: pygame.Surface, still: int) -> None:
        """Have the ground hold no more than the lowest `still` layers; where it holds none, all of these."""
        if 0 < self._grounded <= still:
            return
        self._grounded = still
        if not still:
            return
        if self._ground is None or self._ground.get_size() != surface.get_size():
            self._ground = pygame.Surface(surface.get_size(), 0, surface)
        self._paint(self._ground, self._placed[:still], surface.get_rect())

    def _paint(self, target: pygame.Surface, layers: Iterable[_Placed], area: pygame.Rect) -> None:
        for layer in layers:
            self._canvas.paint(target, [layer.items[n] for n in area.collidelistall(layer.pixels)])


def _merged(areas: Iterable[pygame.Rect]) -> list[pygame.Rect]:
    """Return fewer rectangles that hold the same pixels: two become one where that is not more to paint."""
    apart: list[pygame.Rect] = []
    for area in areas:
        if not area.width or not area.height:
            continue
        grown = area
        while (index := _beside(grown, apart)) is not None:
            grown = grown.union(apart.pop(index))
        apart.append(grown)
    return apart


def _beside(grown: pygame.Rect, apart: Sequence[pygame.Rect]) -> int | None:
    """Return a rectangle with which another makes one that is not more to paint: it touches or overlaps it."""
    touching = grown.inflate(2, 2).collidelistall(apart)
    return next((n for n in touching if _area(grown.union(apart[n])) <= _area(grown) + _area(apart[n])), None)


def _area(pixels: pygame.Rect) -> int:
    return pixels.width * pixels.height


def _drawn(item: Art) -> Picture:
    drawing = item.drawing.scaled(item.scale)
    left, top, right, bottom = drawing.bounds()
    half_width, half_height = int(max(-left, right)) + 2, int(max(-top, bottom)) + 2
    return _cropped(_rendered(drawing.shapes, 2 * half_width, 2 * half_height), half_width, half_height)


def _turned(twice: Picture, angle_deg: float) -> Picture:
    """Turn a picture of twice the size: much quicker than to paint its shapes, and as crisp."""
    upright, left, top = twice
    half = max(-left, -top, upright.get_width() + left, upright.get_height() + top)
    around = pygame.Surface((2 * half, 2 * half), pygame.SRCALPHA)
    around.blit(upright, (half + left, half + top), special_flags=pygame.BLEND_RGBA_MAX)
    turned_picture = pygame.transform.rotozoom(around, -angle_deg, 0.5)
    return _cropped(turned_picture, turned_picture.get_width() // 2, turned_picture.get_height() // 2)


def _radius(item: Box) -> int:
    """Return the radius that fits a box."""
    return max(0, min(item.radius, (item.frame.width - 1) // 2, (item.frame.height - 1) // 2))


def _cornered(item: Box, radius: int) -> pygame.Surface:
    """Draw a box that is hardly more than its corners."""
    side = 2 * radius + 2 * item.edge_width + 3
    inset = item.edge_width / 2
    style = Style(item.fill, item.edge, item.edge_width)
    shape = box(inset - side / 2, inset - side / 2, side - item.edge_width, side - item.edge_width, max(0.0, radius - inset), style)
    return _rendered([shape], side, side)


def _shaded(radius: int, reach: int) -> pygame.Surface:
    """Draw the soft shadow of such a box."""
    side = 2 * radius + 4 * reach + 3
    inner = pygame.Surface((side, side), pygame.SRCALPHA)
    inner.fill((*_SHADOW[:3], 0))
    body = pygame.Rect(reach, reach, side - 2 * reach, side - 2 * reach)
    pygame.draw.rect(inner, _SHADOW, body, border_radius=radius)
    return pygame.transform.gaussian_blur(inner, max(1, reach // 2))


def _quartered(picture: Picture, quarters: int) -> Picture:
    """Turn a picture clockwise by whole quarters, pixel by pixel: quicker than anything else."""
    surface, left, top = picture
    for _ in range(quarters):
        left, top, surface = -(top + surface.get_height()), left, pygame.transform.rotate(surface, -90)
    surface.set_alpha(255, pygame.RLEACCEL)
    return surface, left, top


def _cropped(picture: pygame.Surface, x: int, y: int) -> Picture:
    """Return a picture with little around it, whose item's place is (x, y); what is wholly transparent is skipped when it is painted."""
    seen = picture.get_bounding_rect(1).inflate(4, 4).clip(picture.get_rect())
    cropped = picture.subsurface(seen).copy()
    cropped.set_alpha(255, pygame.RLEACCEL)
    return cropped, seen.left - x, seen.top - y


def _written(item: Label) -> Picture:
    text = font(item.size, item.is_bold).render(item.text, True, rgb(item.colour))
    return text, -(text.get_width() // 2) if item.align == 0 else 0, -round(font(item.size, item.is_bold).get_ascent() - 0.36 * item.size)


def _size(picture: Picture) -> int:
    return picture[0].get_width() * picture[0].get_height() * 4


def _rendered(shapes: Sequence[Shape], width: int, height: int) -> pygame.Surface:
    """Paint shapes around the middle of a new surface with soft borders."""
    side = max(width, height)
    times = 8 if side < 48 else 4 if side < 400 else 3 if side < 900 else 2
    big = pygame.Surface((width * times, height * times), pygame.SRCALPHA)
    for alpha, more in ((0, _BLEED), (255, 0.0)):
        for shape in shapes:
            points = [((x + width / 2) * times, (y + height / 2) * times) for x, y in shape.points]
            _paint_shape(big, shape, points, alpha, more * times, times)
    return pygame.transform.smoothscale(big, (width, height))


def _paint_shape(big: pygame.Surface, shape: Shape, points: list[Point], alpha: int, more: float, times: int) -> None:
    style = shape.style
    if style.fill and len(points) > 2:
        colour = (*rgb(style.fill), alpha)
        pygame.draw.polygon(big, colour, points)
        if more and not style.edge:
            _paint_stroke(big, colour, points, True, 2 * more)
    if style.edge:
        _paint_stroke(big, (*rgb(style.edge), alpha), points, shape.is_closed, style.width * times + 2 * more)


def _paint_stroke(big: pygame.Surface, colour: tuple[int, int, int, int], points: list[Point], is_closed: bool, width: float) -> None:
    half = width / 2
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1] if is_closed else points[1:], strict=False):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        if length:
            dx, dy = (by - ay) / length * half, (ax - bx) / length * half
            pygame.draw.polygon(big, colour, [(ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)])
    for point in points:
        pygame.draw.circle(big, colour, point, half)


def _paint_nine(target: pygame.Surface, small: pygame.Surface, frame: Frame, middle: tuple[int, int, int] | None) -> None:
    """Paint `small` stretched to a frame, its corners as they are; the middle is filled with a colour, or left."""
    last = small.get_width()
    for x, width, to_x, to_width in _thirds(last, frame.left, frame.width):
        for y, height, to_y, to_height in _thirds(last, frame.top, frame.height):
            if to_width <= 0 or to_height <= 0:
                continue
            if width == height == 1 and (x, y) == (last // 2, last // 2):
                if middle is not None:
                    target.fill(middle, (to_x, to_y, to_width, to_height))
                continue
            piece = small.subsurface((x, y, width, height))
            if (to_width, to_height) != (width, height):
                piece = pygame.transform.scale(piece, (to_width, to_height))
            target.blit(piece, (to_x, to_y))


def _thirds(last: int, start: int, length: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return, along one side, the pieces of a small box and of a frame: from, how long, to, how long there."""
    end = min(last // 2, length // 2)
    return (0, end, start, end), (last // 2, 1, start + end, length - 2 * end), (last - end, end, start + length - end, end)

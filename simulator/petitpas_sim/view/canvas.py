"""
Painting items with pygame, crisp at any size.

Drawings are painted at several times their size and scaled down once; the result is kept by drawing, scale and angle. Before the shapes
themselves, each is painted wider and wholly transparent, so that the scaling never mixes a border with black.
Boxes are made of nine pieces of a small one, so that a box as big as the screen costs no more than its corners.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files

import pygame

from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label
from petitpas_sim.view.shapes import Drawing, Point, Shape, Style, box, turned

_BLEED = 2.0
_SHADOW = (91, 74, 42, 46)


@cache
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
        self._kept: OrderedDict[object, pygame.Surface] = OrderedDict()

    def bounds(self, item: Item) -> pygame.Rect:
        """Return the pixels that an item may touch."""
        if isinstance(item, Box):
            grown = item.frame.grown(2 * item.shadow)
            return pygame.Rect(grown.left, grown.top, grown.width, grown.height)
        picture = self._picture(item)
        return picture.get_rect(topleft=self._corner(item, picture))

    def paint(self, target: pygame.Surface, items: Iterable[Item]) -> None:
        """Paint items in their order."""
        for item in items:
            if isinstance(item, Box):
                self._paint_box(target, item)
            else:
                picture = self._picture(item)
                target.blit(picture, self._corner(item, picture))

    def _corner(self, item: Art | Label, picture: pygame.Surface) -> tuple[int, int]:
        if isinstance(item, Art):
            return item.x - picture.get_width() // 2, item.y - picture.get_height() // 2
        left = item.x - picture.get_width() // 2 if item.align == 0 else item.x
        return left, item.y - round(font(item.size, item.is_bold).get_ascent() - 0.36 * item.size)

    def _picture(self, item: Art | Label) -> pygame.Surface:
        if isinstance(item, Art):
            key: object = (item.drawing, item.scale, item.angle_deg)
        else:
            key = (item.text, item.size, item.colour, item.is_bold)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        return self._keep(key, _drawn(item) if isinstance(item, Art) else _written(item))

    def _keep(self, key: object, picture: pygame.Surface) -> pygame.Surface:
        self._kept[key] = picture
        self._bytes += picture.get_width() * picture.get_height() * 4
        while self._bytes > self._budget and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.get_width() * dropped.get_height() * 4
        return picture

    def _paint_box(self, target: pygame.Surface, item: Box) -> None:
        frame = item.frame
        if frame.width <= 0 or frame.height <= 0:
            return
        radius = max(0, min(item.radius, (frame.width - 1) // 2, (frame.height - 1) // 2))
        if item.shadow:
            self._paint_shadow(target, frame, radius, item.shadow)
        if radius == 0 and not item.edge:
            target.fill(rgb(item.fill), (frame.left, frame.top, frame.width, frame.height))
            return
        key = ("box", radius, item.fill, item.edge, item.edge_width)
        small = self._kept.get(key)
        if small is None:
            side = 2 * radius + 2 * item.edge_width + 3
            inset = item.edge_width / 2
            style = Style(item.fill, item.edge, item.edge_width)
            shape = box(inset - side / 2, inset - side / 2, side - item.edge_width, side - item.edge_width, max(0.0, radius - inset), style)
            small = self._keep(key, _rendered([shape], side, side))
        _paint_nine(target, small, frame, middle=rgb(item.fill))

    def _paint_shadow(self, target: pygame.Surface, frame: Frame, radius: int, reach: int) -> None:
        key = ("shadow", radius, reach)
        small = self._kept.get(key)
        if small is None:
            side = 2 * radius + 4 * reach + 3
            inner = pygame.Surface((side, side), pygame.SRCALPHA)
            inner.fill((*_SHADOW[:3], 0))
            body = pygame.Rect(reach, reach, side - 2 * reach, side - 2 * reach)
            pygame.draw.rect(inner, _SHADOW, body, border_radius=radius)
            small = self._keep(key, pygame.transform.gaussian_blur(inner, max(1, reach // 2)))
        lowered = Frame(frame.left - reach, frame.top - reach + max(1, reach // 3), frame.width + 2 * reach, frame.height + 2 * reach)
        _paint_nine(target, small, lowered, middle=None)


class Painter:
    """Paints layers of items on one surface, and again only where they have changed."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._layers: tuple[tuple[Item, ...], ...] = ()

    def paint(self, surface: pygame.Surface, layers: Sequence[tuple[Item, ...]], whole: bool = False) -> list[pygame.Rect]:
        """Bring a surface up to date and return the rectangles that were painted; `whole` paints all of it."""
        old, self._layers = self._layers, tuple(layers)
        if whole or len(old) != len(self._layers):
            changed = [surface.get_rect()]
        else:
            pairs = [(set(a), set(b)) for a, b in zip(old, self._layers, strict=True) if a is not b and a != b]
            changed = _merged([self._canvas.bounds(item).clip(surface.get_rect()) for a, b in pairs for item in a ^ b])
        for area in changed:
            surface.set_clip(area)
            for layer in self._layers:
                self._canvas.paint(surface, [item for item in layer if self._canvas.bounds(item).colliderect(area)])
        surface.set_clip(None)
        return changed


def _merged(areas: Iterable[pygame.Rect]) -> list[pygame.Rect]:
    apart: list[pygame.Rect] = []
    for area in areas:
        if not area.width or not area.height:
            continue
        grown = area
        while (index := grown.collidelist(apart)) >= 0:
            grown = grown.union(apart.pop(index))
        apart.append(grown)
    return apart


def _drawn(item: Art) -> pygame.Surface:
    shapes = [
        Shape(tuple(turned(shape.points, item.scale, item.angle_deg)), _scaled(shape.style, item.scale), shape.is_closed)
        for shape in item.drawing.shapes
    ]
    left, top, right, bottom = Drawing(*shapes).bounds()
    half_width, half_height = int(max(-left, right)) + 2, int(max(-top, bottom)) + 2
    picture = _rendered(shapes, 2 * half_width, 2 * half_height)
    picture.set_alpha(255, pygame.RLEACCEL)
    return picture


def _written(item: Label) -> pygame.Surface:
    return font(item.size, item.is_bold).render(item.text, True, rgb(item.colour))


def _scaled(style: Style, scale: float) -> Style:
    return Style(style.fill, style.edge, style.width * scale)


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

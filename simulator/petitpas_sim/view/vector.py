"""Drawings as SVG, for print and the web: the same shapes that the window paints, without pygame."""

from __future__ import annotations

from dataclasses import replace

from petitpas_sim.view.palette import COLOURS
from petitpas_sim.view.shapes import Drawing, Shape, Style

_THIN = 2.5
"""The line around what had none, where a drawing is to be coloured in."""


def svg(drawing: Drawing) -> str:
    """Return a drawing as an SVG document, as big as its bounds."""
    left, top, right, bottom = drawing.bounds()
    box = " ".join(_number(value) for value in (left, top, right - left, bottom - top))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(map(_element, drawing.shapes))}</svg>'


def outlined(drawing: Drawing) -> Drawing:
    """Return a drawing to be coloured in: its lines in ink, all else white."""
    return Drawing(*(replace(shape, style=_outline(shape.style)) for shape in drawing.shapes))


def _outline(style: Style) -> Style:
    if style.fill in ("", "ink"):
        return Style(style.fill, "ink" if style.edge else "", style.width)
    return Style("card", "ink", style.width or _THIN)


def _element(shape: Shape) -> str:
    style = shape.style
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
    stroke = f' stroke="{_colour(style.edge)}" stroke-width="{_number(style.width)}"' if style.edge else ""
    name = "polygon" if shape.is_closed else "polyline"
    fill = _colour(style.fill) if style.fill and shape.is_closed else "none"
    return f'<{name} points="{points}" fill="{fill}"{stroke} stroke-linejoin="round" stroke-linecap="round"/>'


def _colour(name: str) -> str:
    return COLOURS.get(name, name)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""A sheet of paper as SVG: lengths in millimetres, x to the right, y down, printed at its own size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

Point = tuple[float, float]

INK = "#22303C"
PAPER = "#FFFFFF"
FONT = "Andika, Arial, Helvetica, sans-serif"


@dataclass(frozen=True)
class Pen:
    """How an outline is painted: colours as #RRGGBB, "none" paints nothing; `width` in mm."""

    edge: str = INK
    width: float = 0.3
    fill: str = "none"


class Sheet:
    """
    A drawing that grows element by element, painted in their order.

    Args:
        width_mm, height_mm: of the paper.
        title: what a reader without eyes is told.
    """

    def __init__(self, width_mm: float, height_mm: float, title: str) -> None:
        size = {"width": f"{_number(width_mm)}mm", "height": f"{_number(height_mm)}mm"}
        box = f"0 0 {_number(width_mm)} {_number(height_mm)}"
        self._root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "viewBox": box, "font-family": FONT})
        self._onto = self._root
        self._add("title").text = title
        self._add("rect", width=width_mm, height=height_mm, fill=PAPER)

    def group(self, name: str) -> None:
        """Begin a group with an id of the file; what follows belongs to it."""
        self._onto = ElementTree.SubElement(self._root, "g", {"id": name})

    def polygon(self, outlines: Sequence[Sequence[Point]], pen: Pen) -> None:
        """Paint closed outlines as one; those inside another are its holes."""
        rims = (" ".join(f"{_number(x)},{_number(y)}" for x, y in outline) for outline in outlines)
        self._paint("path", pen, d=" ".join(f"M{rim}Z" for rim in rims), fill_rule="evenodd")

    def polyline(self, points: Sequence[Point], pen: Pen, name: str = "") -> None:
        """Draw a line through points; `name` says in the file what it is."""
        named = {"data_name": name} if name else {}
        self._paint("polyline", pen, points=" ".join(f"{_number(x)},{_number(y)}" for x, y in points), **named)

    def box(self, left: float, top: float, width: float, height: float, pen: Pen, radius: float = 0) -> None:
        """Draw a rectangle."""
        self._paint("rect", pen, x=left, y=top, width=width, height=height, rx=radius)

    def circle(self, x: float, y: float, radius: float, pen: Pen) -> None:
        """Draw a circle."""
        self._paint("circle", pen, cx=x, cy=y, r=radius)

    def text(self, x: float, y: float, text: str, size: float = 3.2, align: int = -1, is_bold: bool = False, fill: str = INK) -> None:
        """Write a line; (x, y) is on its base line, at its left end, middle or right end for -1, 0 and 1."""
        anchor = ("start", "middle", "end")[align + 1]
        weight = {"font_weight": "bold"} if is_bold else {}
        self._add("text", x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **weight).text = text

    def xml(self) -> str:
        """Return the file's text."""
        ElementTree.indent(self._root, " ")
        return ElementTree.tostring(self._root, encoding="unicode") + "\n"

    def _paint(self, tag: str, pen: Pen, **values: float | str) -> None:
        ends = {"stroke_linejoin": "round", "stroke_linecap": "round"}
        self._add(tag, fill=pen.fill, stroke=pen.edge, stroke_width=pen.width, **ends, **values)

    def _add(self, tag: str, **values: float | str) -> ElementTree.Element:
        written = {name.replace("_", "-"): value if isinstance(value, str) else _number(value) for name, value in values.items()}
        return ElementTree.SubElement(self._onto, tag, written)


def _number(value: float) -> str:
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".")


def ruler(sheet: Sheet, left: float, y: float) -> None:
    """Draw the 100 mm by which a reader checks that the printer has not changed the size."""
    pen = Pen(width=0.25)
    sheet.polyline([(left, y), (left + 100, y)], pen, "ruler")
    for mark in range(0, 101, 5):
        sheet.polyline([(left + mark, y), (left + mark, y - (4 if mark % 50 == 0 else 3 if mark % 10 == 0 else 1.8))], pen)
    for mark in (0, 50, 100):
        sheet.text(left + mark, y + 4, str(mark), 3, 0)
    sheet.text(left + 105, y + 0.5, "mm : ce trait mesure 10 cm sur le papier", 3)

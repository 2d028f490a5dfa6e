"""
The assembly, step by step: solids pushed out of outlines, seen from above at an angle, pulled apart, with their names beside.

x to the right of the robot, y forward, z up, in millimetres as in `body`. Solids are painted in the order of their layers, and within a
layer from the far one to the near one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any

from making import body
from making.outlines import Outline, Plate, circle, rectangle
from making.svg import INK, Pen, Point, Sheet

Place = tuple[float, float, float]

WIDTH = 220.0
_HEAD, _FOOT = 16.0, 6.0  # of a sheet, whose height is that of its solids
_SCALE, _TURN_DEG, _TILT_DEG = 0.52, 35.0, 28.0
_ROW = 5.6  # between two names

_WOOD, _METAL, _BOARD, _DARK, _RUBBER = "#F7E3C5", "#D9DBDD", "#BFD9C4", "#8D9AA5", "#55616A"
_SIDES = {"xy": (0, 1, 2), "xz": (0, 2, 1), "yz": (1, 2, 0)}
"""Axes of an outline, and the axis along which it is pushed out, by the plane it lies in."""


@dataclass(frozen=True)
class Solid:
    """An outline with holes, pushed out from `start` to `end`; `pulled` is how far the drawing takes it away from its place."""

    name: str
    plane: str
    outlines: tuple[Outline, ...]
    start: float
    end: float
    fill: str
    layer: int = 1
    pulled: Place = (0, 0, 0)

    def at(self, point: Point, height: float) -> Place:
        """Return where a point of the outline is, at `height` of the push."""
        first, second, through = _SIDES[self.plane]
        place = [0.0, 0.0, 0.0]
        place[first], place[second], place[through] = point[0], point[1], height
        return place[0] + self.pulled[0], place[1] + self.pulled[1], place[2] + self.pulled[2]

    def middle(self) -> Place:
        """Return the middle of its room."""
        xs, ys = zip(*self.outlines[0], strict=True)
        return self.at(((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2), (self.start + self.end) / 2)


@dataclass(frozen=True)
class View:
    """From where one looks: from the front right, or from the rear right."""

    is_rear: bool

    def point(self, place: Place) -> Point:
        """Return where a place is on the sheet, around (0, 0)."""
        x, y, z = place
        side = 1 if self.is_rear else -1
        across = side * x * cos(radians(_TURN_DEG)) + y * sin(radians(_TURN_DEG))
        return across * _SCALE, (self._towards(place) * sin(radians(_TILT_DEG)) - z * cos(radians(_TILT_DEG))) * _SCALE

    def depth(self, place: Place) -> float:
        """Return how near a place is to the eye."""
        return self._towards(place) * cos(radians(_TILT_DEG)) + place[2] * sin(radians(_TILT_DEG))

    def near_end(self, solid: Solid) -> float:
        """Return the end of a push that one sees."""
        origin = (0.0, 0.0)
        return max(solid.start, solid.end, key=lambda height: self.depth(solid.at(origin, height)))

    def _towards(self, place: Place) -> float:
        return place[0] * sin(radians(_TURN_DEG)) + place[1] * cos(radians(_TURN_DEG)) * (-1 if self.is_rear else 1)


# --- Solids --------------------------------------------------------------------------------------------------------


def _plate(plate: Plate, plane: str, start: float, layer: int = 1, pulled: Place = (0, 0, 0), name: str = "") -> Solid:
    outlines = (plate.outline, *(hole.outline for hole in plate.holes))
    return Solid(name or plate.name.lower(), plane, outlines, start, start + body.SHEET_MM, _WOOD, layer, pulled)


def _box(box: body.Box, fill: str, layer: int = 1, pulled: Place = (0, 0, 0)) -> Solid:
    (x0, y0, z0), (x1, y1, z1) = box.least, box.most
    outline = rectangle((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)
    return Solid(box.name, "xy", (outline,), z0, z1, fill, layer, pulled)


def _boxes(kit: Any, fill: str, names: Iterable[str], layer: int = 1, pulled: Place = (0, 0, 0)) -> list[Solid]:
    wanted = tuple(names)
    return [_box(box, fill, layer, pulled) for box in body.boxes(kit) if box.name.startswith(wanted)]


def _flanks(kit: Any, apart: float = 0) -> list[Solid]:
    right = _plate(body.flank(kit), "yz", body.FLANK_X, 1, (apart, 0, 0), "flanc droit")
    left = _plate(body.flank(kit), "yz", -body.FLANK_X - body.SHEET_MM, 1, (-apart, 0, 0), "flanc gauche")
    return [right, left]


def _motor_and_wheel(kit: Any, side: int) -> list[Solid]:
    z, near = body.axle_z(kit), body.wheel_x(kit) - body.WHEEL_MM / 2
    found = []
    if kit.wheels == "stepper":
        can = circle(-body.OFFSET_MM, z, body.STEPPER_MM)
        found.append(_turned("moteur", can, body.FLANK_X - body.STEPPER_DEEP_MM, body.FLANK_X, _METAL, side, 8))
        found.append(_turned("", circle(0, z, body.STEPPER_SHAFT[0]), body.FLANK_X, body.FLANK_X + 10, _METAL, side, 8))
    else:
        end = body.FLANK_X + body.SHEET_MM
        gearbox = rectangle(0, z, body.N20_WIDE_MM, body.N20_HIGH_MM)
        found.append(_turned("moteur et codeur", gearbox, end - body.N20_LONG_MM, end, _METAL, side, 8))
        found.append(_turned("", circle(0, z, body.N20_SHAFT[0]), end, end + 10, _METAL, side, 8))
    hub = tuple((y, up + z) for y, up in body.hub(kit).outline)
    found.append(_turned("moyeu", hub, near - body.SHEET_MM, near, _WOOD, side, 62))
    found.append(_turned("roue et son pneu", circle(0, z, body.wheel_mm(kit)), near, near + body.WHEEL_MM, _RUBBER, side, 76))
    return found


def _turned(name: str, outline: Outline, start: float, end: float, fill: str, side: int, apart: float) -> Solid:
    """Return a solid on the axle of the right or left wheel; only the right one is named."""
    low, high = (start, end) if side > 0 else (-end, -start)
    return Solid(name if side > 0 else "", "yz", (outline,), low, high, fill, 1, (side * apart, 0, 0))


def _columns() -> list[Solid]:
    low = body.BASE_Z + body.SHEET_MM
    return [Solid("colonne", "xy", (circle(x, y, 6),), low, body.TOP_Z, _METAL) for x, y in body.COLUMNS]


def _base(kit: Any) -> Solid:
    return _plate(body.base(kit), "xy", body.BASE_Z, 0)


def _standing(*solids: Solid) -> list[Solid]:
    """Return what earlier steps have built, which needs no name any more."""
    return [replace(solid, name="") for solid in solids]


# --- Steps ---------------------------------------------------------------------------------------------------------


def step_base(kit: Any) -> str:
    """Return step 1: what is screwed and glued to the base."""
    solids = [_base(kit), *_boxes(kit, _BOARD, ("capteur de ligne",), 1, (0, 0, 30)), *_boxes(kit, _DARK, ("contact",), 1, (0, 0, 30))]
    solids += [
        Solid("patin", "xy", (circle(x, y, 7),), body.BASE_Z - body.SKID_MM, body.BASE_Z, _METAL, -1, (0, 0, -16)) for x, y in body.SKIDS
    ]
    solids.append(_plate(body.bumper(), "xz", body.BUMPER_Y, 2, (0, 16, 0)))
    return _drawn("Étape 1 : le plateau du bas", solids, View(False))


def step_motors(kit: Any) -> str:
    """Return step 2: flanks, motors and wheels."""
    solids = [*_standing(_base(kit)), *_flanks(kit, 38)]
    for side in (-1, 1):
        solids += _motor_and_wheel(kit, side)
    if kit.wheels == "dc":
        solids.append(_plate(body.cradle(), "xy", body.axle_z(kit) - body.N20_HIGH_MM / 2 - body.SHEET_MM, 1))
    return _drawn("Étape 2 : les flancs, les moteurs et les roues", solids, View(False))


def step_front(kit: Any) -> str:
    """Return step 3: the shelf with the drivers, the facade with its eyes."""
    solids = [*_standing(_base(kit), *_flanks(kit)), _plate(body.shelf(), "xy", body.SHELF_Z, 1, (0, 0, 52))]
    solids += _boxes(kit, _BOARD, ("carte",), 2, (0, 0, 66))
    eye = [circle(side * body.EYES_APART_MM / 2, body.EYES_Z, 16) for side in (-1, 1)]
    solids += _boxes(kit, _BOARD, ("capteur de distance",), 3, (0, 34, 0))
    solids += [Solid("", "xz", (outline,), body.FACADE_Y, body.FACADE_Y + 12, _METAL, 4, (0, 34, 0)) for outline in eye]
    solids.append(_plate(body.facade(), "xz", body.FACADE_Y, 5, (0, 78, 0)))
    return _drawn("Étape 3 : l’étagère et la façade", solids, View(False))


def step_pico(kit: Any) -> str:
    """Return step 4: the Pico behind, the columns."""
    shelf, facade = _plate(body.shelf(), "xy", body.SHELF_Z), _plate(body.facade(), "xz", body.FACADE_Y, 0)
    solids = _standing(_base(kit), *_flanks(kit), shelf, facade)
    solids += [replace(solid, layer=2 if solid.middle()[1] < 0 else 0) for solid in _columns()]
    solids += _boxes(kit, _BOARD, ("Pico",), 3, (0, -44, 0))
    top = solids[-1].end
    solids.append(Solid("prise USB", "xy", (rectangle(0, -47, 8, 4),), top, top + 2, _METAL, 4, (0, -44, 0)))
    return _drawn("Étape 4 : le Pico et les colonnes", solids, View(True))


def step_top(kit: Any) -> str:
    """Return step 5: the key plate from above, the battery and its trap from below."""
    up, low = 46, body.TOP_Z + body.SHEET_MM
    solids = _standing(_base(kit), *_flanks(kit), _plate(body.facade(), "xz", body.FACADE_Y), *_columns())
    solids.append(_plate(body.key_plate(kit), "xy", body.TOP_Z, 3, (0, 0, up)))
    for x, y in body.KEYS.values():
        solids.append(Solid("touche", "xy", (circle(x, y, 12),), low, low + body.KEY_ABOVE_MM, _DARK, 4, (0, 0, up + 16)))
    solids += _boxes(kit, _DARK, ("coupleur",), -1, (0, 0, -50))
    trap = _plate(body.trap(), "xy", body.BASE_Z - body.SHEET_MM, -2, (0, 0, -62))
    return _drawn("Étape 5 : la plaque des touches et les piles", [*solids, trap], View(False))


# --- Drawing -------------------------------------------------------------------------------------------------------


def _drawn(title: str, solids: list[Solid], view: View) -> str:
    spots = [view.point(solid.at(point, height)) for solid in solids for point in solid.outlines[0] for height in (solid.start, solid.end)]
    xs, ys = zip(*spots, strict=True)
    dx, dy = WIDTH / 2 - (min(xs) + max(xs)) / 2, _HEAD - min(ys)
    sheet = Sheet(WIDTH, round(max(ys) + dy + _FOOT), title)
    sheet.text(6, 9, title, 4.6, is_bold=True)
    for solid in sorted(solids, key=lambda solid: (solid.layer, view.depth(solid.middle()))):
        _paint(sheet, solid, view, (dx, dy))
    names: dict[str, Point] = {}
    for solid in sorted(solids, key=lambda solid: view.depth(solid.middle())):
        if solid.name:
            x, y = view.point(solid.middle())
            names[solid.name] = (x + dx, y + dy)
    _write_names(sheet, names)
    return sheet.xml()


def _paint(sheet: Sheet, solid: Solid, view: View, shift: Point) -> None:
    """Paint the sides that one sees, then the near end with its holes."""

    def seen(point: Point, height: float) -> Point:
        x, y = view.point(solid.at(point, height))
        return x + shift[0], y + shift[1]

    near = view.near_end(solid)
    far = solid.start + solid.end - near
    rims = [rim[:: 1 + len(rim) // 40] for rim in solid.outlines]
    face = [[seen(point, near) for point in rim] for rim in rims]
    shade = _shaded(solid.fill)
    pen = Pen(shade if len(rims[0]) > 20 else INK, 0.12, shade)
    for start, end in zip(rims[0], (*rims[0][1:], rims[0][0]), strict=True):
        side = [seen(start, far), seen(end, far), seen(end, near), seen(start, near)]
        if _turns(side) * _turns(face[0]) > 0:
            sheet.polygon([side], pen)
    sheet.polygon(face, Pen(INK, 0.2, solid.fill))


def _turns(outline: Sequence[Point]) -> float:
    """Return twice the area of an outline, negative where it goes round the other way."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True))


def _shaded(colour: str) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.78):02X}" for part in parts)


def _write_names(sheet: Sheet, names: dict[str, Point]) -> None:
    """Write names in two columns, each on a line to its solid, from the top down so that no two lines cross."""
    for side in (-1, 1):
        column = sorted(((y, x, name) for name, (x, y) in names.items() if (x >= WIDTH / 2) == (side > 0)))
        text_x = WIDTH / 2 + side * (WIDTH / 2 - 5)
        last = 14.0
        for y, x, name in column:
            text_y = max(last + _ROW, y)
            last = text_y
            start = text_x - side * (len(name) * 1.65 + 1)
            sheet.polyline([(start, text_y - 1), (x, y)], Pen(INK, 0.2))
            sheet.circle(x, y, 0.6, Pen(INK, 0.1, INK))
            sheet.text(text_x, text_y, name, 3.2, side)

"""The plates on A4, at their own size: what to cut in red, what to engrave, paint or glue on in the colours of the icons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from making import body
from making.outlines import Hole, Outline, Plate, Point, mirrored
from making.svg import Pen, Sheet, ruler
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.palette import COLOURS

WIDTH, HEIGHT = 210.0, 297.0
CUT = Pen("#FF0000", 0.2)
MARK = Pen("#2F6FC0", 0.2)
ICON_MM = 11.0

# Where the icon of a key is: beside the key, away from the pen hole.
_ICONS = {
    "forward": (0.0, 35.5),
    "backward": (0.0, -35.0),
    "left": (-45.0, 0.0),
    "right": (45.0, 0.0),
    "pause": (50.0, 26.0),
    "clear": (-28.0, -41.0),
    "go": (28.0, -41.0),
}


def base_sheet(kit: Any) -> str:
    """Return base and trap."""
    sheet = _sheet("Plateau du bas et trappe")
    _draw(sheet, body.base(kit), (105, 110))
    _mark_front(sheet, 105, 110)
    for y, text in ((74, "coupleur de piles"), (111, "stylo"), (122, "capteurs de ligne"), (147, "soulèvement"), (163, "patin")):
        _note(sheet, 105, y, text)
    for side in (-1, 1):
        _note(sheet, 105 + side * 37, 111, "roue")
    _draw(sheet, body.trap(), (105, 250))
    _note(sheet, 105, 223, "trappe")
    return sheet.xml()


def key_sheet(kit: Any) -> str:
    """Return the key plate with its icons: cut in wood, or printed and glued on it."""
    sheet = _sheet("Plaque des touches")
    centre = (105.0, 110.0)
    _draw(sheet, body.key_plate(kit), centre)
    _mark_front(sheet, *centre)
    _note(sheet, 105, 111, "stylo")
    sheet.group("icones")
    for name, (x, y) in _ICONS.items():
        draw_icon(sheet, name, centre[0] + x, centre[1] - y, ICON_MM)
    x, y = body.MODE
    for row, text in enumerate(("haut : programme", "bas : pas à pas")):
        sheet.text(centre[0] + x - 4, centre[1] - y + 9 + row * 3.6, text, 2.4, 0)
    sheet.text(centre[0], centre[1] - body.USB[1] + 9, "USB", 2.6, 0)
    sheet.text(centre[0], 196, "Les icônes sont celles des cartes : on les grave, ou on colle cette feuille sur le bois.", 3.4, 0)
    return sheet.xml()


def flank_sheet(kit: Any) -> str:
    """Return what stands, and what lies between the flanks."""
    sheet = _sheet(f"Flancs, façade et étagère du robot {kit.name}")
    left, right = body.flank(kit), body.flank(kit)
    right = Plate(right.name, mirrored(right.outline), tuple(Hole(hole.name, mirrored(hole.outline)) for hole in right.holes))
    for plate, middle, text in ((left, 54.0, "flanc gauche"), (right, 156.0, "flanc droit")):
        _draw(sheet, plate, (middle, 112))
        _note(sheet, middle, 108 - body.TOP_Z + 12, text)
    _draw(sheet, body.facade(), (54, 204))
    _note(sheet, 54, 159, "façade")
    _draw(sheet, body.shelf(), (156, 163))
    _note(sheet, 156, 140, "étagère des cartes")
    _draw(sheet, body.bumper(), (156, 182))
    _note(sheet, 156, 166, "pare-chocs")
    if kit.wheels == "dc":
        _draw(sheet, body.cradle(), (156, 196))
        _note(sheet, 156, 206.5, "berceau des moteurs")
    return sheet.xml()


def wheel_sheet(kit: Any) -> str:
    """Return both wheels: discs and hubs."""
    sheet = _sheet(f"Roues du robot {kit.name}")
    for column, side, hub_side in ((56.0, "gauche", "gauche"), (154.0, "droite", "droit")):
        for row, is_outer in ((68.0, False), (140.0, True)):
            plate = body.wheel_disc(kit, is_outer)
            _draw(sheet, plate, (column, row))
            _note(sheet, column, row - 14, f"roue {side}")
            _note(sheet, column, row + 14, plate.name.split(", ")[1])
        _draw(sheet, body.hub(kit), (column, 196))
        _note(sheet, column, 209, f"moyeu {hub_side}")
    width = body.wheel_mm(kit)
    text = f"Collés, puis cerclés d’une bande de chambre à air de {body.TYRE_MM:.0f} mm d’épaisseur : la roue finie mesure "
    sheet.text(105, 226, text + f"{width:.1f} mm.".replace(".", ",", 1), 3.4, 0)
    return sheet.xml()


def draw_icon(sheet: Sheet, name: str, x: float, y: float, size: float) -> None:
    """Draw a card's picture around (x, y), `size` mm high or wide; GO stands on its disc, as on the wall."""
    drawings = [picture_of("disc"), picture_of("go")] if name == "go" else [picture_of(name)]
    scales = (size / 100, size / 100 * 0.66) if name == "go" else (size / 90,)
    for drawing, scale in zip(drawings, scales, strict=True):
        for shape in drawing.shapes:
            points = [(x + px * scale, y + py * scale) for px, py in shape.points]
            edge = COLOURS.get(shape.style.edge, shape.style.edge) or "none"
            pen = Pen(edge, shape.style.width * scale, COLOURS.get(shape.style.fill, shape.style.fill) or "none")
            if shape.is_closed:
                sheet.polygon([points], pen)
            else:
                sheet.polyline(points, pen)


def _sheet(title: str) -> Sheet:
    sheet = Sheet(WIDTH, HEIGHT, title)
    sheet.text(15, 14, title, 5, is_bold=True)
    text = f"Imprimer à 100 %, sans ajuster. Rouge : couper (bois de {body.SHEET_MM:.0f} mm). Le reste : graver, ou rien."
    sheet.text(15, 21, text, 3.4)
    ruler(sheet, 15, 285)
    return sheet


def _draw(sheet: Sheet, plate: Plate, origin: Point) -> None:
    """Draw a plate with its (0, 0) at `origin` of the paper, its y upwards."""
    sheet.group(_identifier(plate.name))
    for outline in (plate.outline, *(hole.outline for hole in plate.holes)):
        sheet.polygon([_on_paper(outline, origin)], CUT)


def _on_paper(outline: Outline, origin: Point) -> Sequence[Point]:
    return [(origin[0] + x, origin[1] - y) for x, y in outline]


def _identifier(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def _mark_front(sheet: Sheet, x: float, y: float) -> None:
    """Mark the front and the axle."""
    sheet.group("reperes")
    sheet.text(x, y - body.FRONT_MM - 3, "avant ↑", 3.4, 0)
    for side in (-1, 1):
        sheet.polyline([(x + side * 57, y), (x + side * 62, y)], MARK)


def _note(sheet: Sheet, x: float, y: float, text: str) -> None:
    sheet.text(x, y, text, 3, 0, fill=MARK.edge)

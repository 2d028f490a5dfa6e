"""
The wiring of a kit as two drawings on A4: signals around the Pico, and connectors with what is under each lever.

Theory of routing
=================
Boxes stand on the side of their terminals, in the order of these, so that no two wires need change places. A wire leaves its terminal
level, goes up or down in a channel of its own, and enters its box level. Of neighbours that go up, the lower turns nearer to the boxes; of
neighbours that go down, the upper does: then no wire crosses another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from making.parts import Device, devices
from making.svg import INK, Pen, Point, Sheet
from making.wires import COLOURS, CONNECTORS, LEVERS, PICO_FEEDS, SUPPLY, Wire, connectors, grounds, terminal_name, wires

WIDTH, HEIGHT = 210.0, 297.0
_TOP, _PITCH = 52.0, 9.6  # of the terminals
_BOARD_HALF = 26.0
_BOX, _BOX_NEAR = 39.0, 58.0  # width of a box, and from the middle of the sheet to its near edge
_ROW, _HEAD = 4.6, 5.4
_BOXES = (26.0, 262.0)  # from, to
_CHANNEL = 1.6  # between two wires
_BLOCK = LEVERS * 6.0 + 5  # height of a connector and of the gap below it
_SMALL, _TEXT = 2.7, 3.1
_PALE = "#F6F1E6"


@dataclass(frozen=True)
class Placed:
    """A box on the sheet: its device, its wires from the top down, its side (-1 left, 1 right) and its upper edge."""

    device: Device
    wires: tuple[Wire, ...]
    side: int
    top: float

    @property
    def height(self) -> float:
        """What title, contacts and note take."""
        return _height(self.device, self.wires)

    def contact_y(self, row: int) -> float:
        """Return where a row is."""
        return self.top + _HEAD + (row + 0.5) * _ROW


def _height(device: Device, found: Sequence[Wire]) -> float:
    return _HEAD + _ROW * (len(found) + len(device.feeds) + bool(device.note)) + 0.6


def terminal_at(terminal: int) -> Point:
    """Return where a wire leaves the Pico's terminal, 1 to 40."""
    row = terminal - 1 if terminal <= 20 else 40 - terminal
    side = -1 if terminal <= 20 else 1
    return WIDTH / 2 + side * _BOARD_HALF, _TOP + row * _PITCH


def placed(kit: Any) -> list[Placed]:
    """Return the boxes of a kit; a device with wires on both sides has two."""
    found: list[Placed] = []
    for side in (-1, 1):
        there = [wire for wire in wires(kit) if (wire.terminal <= 20) == (side < 0)]
        there.sort(key=lambda wire: terminal_at(wire.terminal)[1])
        titles = list(dict.fromkeys(wire.device for wire in there))
        known = {device.title: device for device in devices(kit.name)}
        rows = [(known[title], tuple(wire for wire in there if wire.device == title)) for title in titles]
        low, high = _BOXES
        gap = (high - low - sum(_height(device, own) for device, own in rows)) / max(1, len(rows) - 1)
        top = low
        for device, own in rows:
            found.append(Placed(device, own, side, top))
            top += _height(device, own) + min(gap, 12)
    return found


def routes(kit: Any) -> dict[str, list[Point]]:
    """Return the line of each wire, by the name of its terminal."""
    lines: dict[str, list[Point]] = {}
    for side in (-1, 1):
        ends = [(wire, box.contact_y(row)) for box in placed(kit) if box.side == side for row, wire in enumerate(box.wires)]
        for (wire, y), lane in zip(ends, lanes([(terminal_at(wire.terminal)[1], y) for wire, y in ends]), strict=True):
            x, from_y = terminal_at(wire.terminal)
            turn = x + side * (10 + lane * _CHANNEL)
            lines[wire.name] = [(x, from_y), (turn, from_y), (turn, y), (WIDTH / 2 + side * _BOX_NEAR, y)]
    return lines


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return the channel of each wire, 0 nearest to the terminals; a row of neighbours with one direction begins anew at 0."""
    lanes = [0] * len(spans)
    at = 0
    while at < len(spans):
        goes_up = spans[at][1] < spans[at][0]
        end = at
        while end < len(spans) and (spans[end][1] < spans[end][0]) == goes_up:
            end += 1
        for place in range(at, end):
            lanes[place] = place - at if goes_up else end - 1 - place
        at = end
    return lanes


def signals(kit: Any) -> str:
    """Return the drawing of the signal wires as SVG."""
    sheet = Sheet(WIDTH, HEIGHT, f"Câblage du robot {kit.name} : les fils de signal")
    sheet.text(10, 12, f"Câblage de {kit.name} : du bornier aux pièces", 5.5, is_bold=True)
    sheet.text(
        10,
        18,
        "Chaque fil porte le numéro de sa borne, aux deux bouts. Un rond : le connecteur de cette lettre, ou la masse de ce numéro.",
        _TEXT,
    )
    _draw_pico(sheet, kit)
    sheet.group("fils")
    lines = routes(kit)
    for wire in wires(kit):
        if wire.is_connected:
            sheet.polyline(lines[wire.name], Pen(INK, 1.3))
            sheet.polyline(lines[wire.name], Pen(COLOURS[wire.colour], 0.8), wire.name)
    sheet.group("pieces")
    for box in placed(kit):
        _draw_box(sheet, box)
    _draw_numbers(sheet, kit, lines)
    _draw_letters(sheet)
    return sheet.xml()


def _draw_pico(sheet: Sheet, kit: Any) -> None:
    sheet.group("pico")
    middle, top, bottom = WIDTH / 2, _TOP - 10, _TOP + 19 * _PITCH + 8
    sheet.box(middle - _BOARD_HALF, top, 2 * _BOARD_HALF, bottom - top, Pen(fill="#E3EFE3", width=0.4), 2)
    sheet.box(middle - 8.5, top, 17, bottom - top - 4, Pen(fill="#CFE3D2"), 1)
    sheet.box(middle - 4, top - 2, 8, 6, Pen(fill="#D9DBDD"), 0.8)
    sheet.text(middle, top + 9, "USB", _SMALL, 0)
    sheet.text(middle, _TOP + 9 * _PITCH, "Pico H", 4.2, 0, True)
    sheet.text(middle, _TOP + 9 * _PITCH + 5, "et son bornier", 2.3, 0)
    signs = {SUPPLY: "S", **PICO_FEEDS, **{terminal: str(terminal) for terminal in grounds(kit)}}
    for terminal in range(1, 41):
        x, y = terminal_at(terminal)
        side = -1 if terminal <= 20 else 1
        sheet.circle(x - side * 2.2, y, 1.7, Pen(fill="#FFFFFF", width=0.25))
        sheet.text(x - side * 5, y + 1.1, terminal_name(terminal), _TEXT, side, terminal_name(terminal).startswith("GP"))
        if terminal in signs:
            sheet.polyline([(x, y), (x + side * 4, y)], Pen(width=0.8))
            _draw_tag(sheet, x + side * 6, y, signs[terminal])


def _draw_tag(sheet: Sheet, x: float, y: float, sign: str) -> None:
    """Draw the round sign of a connector or of a ground."""
    sheet.circle(x, y, 2, Pen(fill="#FFFFFF", width=0.4))
    sheet.text(x, y + 1, sign, 3 if len(sign) == 1 else 2.5, 0, True)


def _draw_box(sheet: Sheet, box: Placed) -> None:
    near = WIDTH / 2 + box.side * _BOX_NEAR
    far = near + box.side * _BOX
    left = min(near, far)
    sheet.box(left, box.top, _BOX, box.height, Pen(fill=_PALE, width=0.35), 1.2)
    sheet.text((near + far) / 2, box.top + 4, box.device.title, _TEXT, 0, True)
    for row, wire in enumerate(box.wires):
        sheet.text(near + box.side * 7, box.contact_y(row) + 1, wire.contact, _TEXT, -box.side)
    for row, (contact, place) in enumerate(box.device.feeds, len(box.wires)):
        y = box.contact_y(row)
        sheet.text(near + box.side * 7, y + 1, contact, _TEXT, -box.side)
        _draw_tag(sheet, near + box.side * 3, y, place)
    if box.device.note:
        y = box.contact_y(len(box.wires) + len(box.device.feeds)) + 0.8
        sheet.text((near + far) / 2, y, box.device.note, _SMALL, 0)


def _draw_numbers(sheet: Sheet, kit: Any, lines: dict[str, list[Point]]) -> None:
    """Write the number of each wire at both ends, on a white field."""
    sheet.group("numeros")
    for wire in wires(kit):
        (x, y), *_, (far, far_y) = lines[wire.name]
        side = 1 if far > x else -1
        marks = [(x + side * 4, y), (far + side * 3, far_y)] if wire.is_connected else [(far + side * 3, far_y)]
        for mark_x, mark_y in marks:
            sheet.box(mark_x - 2.5, mark_y - 1.7, 5, 3.4, Pen(fill="#FFFFFF", width=0.2), 0.8)
            sheet.text(mark_x, mark_y + 1, str(wire.terminal), _SMALL, 0)


def _draw_letters(sheet: Sheet) -> None:
    sheet.group("legende")
    x, y = 12.0, 276.0
    meanings = {letter: meaning for letter, (meaning, _) in CONNECTORS.items()}
    for letter, meaning in {**meanings, "S": "Diode Schottky, côté du trait", "3": "Masse : borne 3 du Pico (de même 8, 13…)"}.items():
        _draw_tag(sheet, x, y, letter)
        sheet.text(x + 4, y + 1.1, meaning, _TEXT)
        x += 62
        if x > 150:
            x, y = 12.0, y + 7
    sheet.text(10, 292, "Dessiné par tools/maker.py d’après le fichier du robot.", _SMALL)


# --- Connectors ----------------------------------------------------------------------------------------------------


def supply(kit: Any) -> str:
    """Return the drawing of batteries and connectors as SVG."""
    sheet = Sheet(WIDTH, HEIGHT, f"Câblage du robot {kit.name} : piles et connecteurs à leviers")
    sheet.text(10, 12, f"Câblage de {kit.name} : piles et connecteurs à leviers", 5.5, is_bold=True)
    sheet.text(10, 18, "Un fil sous chaque levier. « vers … » : un petit fil entre deux connecteurs de la même lettre.", _TEXT)
    _draw_chain(sheet)
    lefts, tops = (10.0, 110.0), [66.0, 66.0]
    for letter, blocks in connectors(kit).items():
        height = len(blocks) * _BLOCK + 9
        column = 0 if tops[0] + height <= 288 else 1
        _draw_connector(sheet, lefts[column], tops[column], letter, blocks)
        tops[column] += height
    _draw_grounds(sheet, lefts[1], tops[1] + 3, kit)
    return sheet.xml()


def _draw_chain(sheet: Sheet) -> None:
    """Draw the way of the current: batteries, switch, connector P, diode, VSYS."""
    sheet.group("alimentation")
    y, stations = 38.0, ("4 accus NiMH", "Interrupteur", "P", "Diode Schottky", "VSYS (borne 39)")
    lefts, widths = (10, 56, 98, 120, 166), (34, 30, 10, 34, 34)
    for at in range(4):
        start, end = lefts[at] + widths[at], lefts[at + 1]
        sheet.polyline([(start, y), (end, y)], Pen(INK, 1.5))
        sheet.polyline([(start, y), (end, y)], Pen(COLOURS["rouge"], 0.9))
    for station, left, width in zip(stations, lefts, widths, strict=True):
        if station == "P":
            _draw_tag(sheet, left + 5, y, "P")
            sheet.polyline([(left, y), (left + 3, y)], Pen(INK, 1.2))
            sheet.polyline([(left + 7, y), (left + width, y)], Pen(INK, 1.2))
            continue
        sheet.box(left, y - 6, width, 12, Pen(fill=_PALE, width=0.4), 1.2)
        sheet.text(left + width / 2, y + (-1 if "Diode" in station else 1.2), station, _TEXT, 0, True)
    sheet.box(124, y + 1.2, 26, 3.4, Pen(fill="#3A3A3A"), 0.6)
    sheet.box(144.5, y + 1.2, 2, 3.4, Pen(edge="none", width=0, fill="#FFFFFF"))
    sheet.text(145.5, y + 10, "trait vers VSYS", _SMALL, 0)
    sheet.text(10, y + 10, "+ fil rouge vers l’interrupteur, − fil noir vers M", _SMALL)
    sheet.text(
        10, y + 18, "Le courant des moteurs part de P, avant la diode ; celui du Pico, après. USB et piles ensemble : permis.", _TEXT
    )


def _draw_connector(sheet: Sheet, left: float, top: float, letter: str, blocks: Sequence[Sequence[str]]) -> None:
    meaning, colour = CONNECTORS[letter]
    sheet.group(f"connecteur-{letter}")
    sheet.text(left, top + 3, f"{letter} : {meaning} ({colour})", 3.8, is_bold=True)
    y = top + 6
    for at, block in enumerate(blocks, 1):
        sheet.box(left, y, 14, LEVERS * 6, Pen(fill="#F0F0F0", width=0.4), 1)
        sheet.text(left + 7, y + LEVERS * 3 + 1.2, f"{letter}{at}", 3.8, 0, True)
        for lever in range(LEVERS):
            row = y + 3 + lever * 6
            sheet.box(left + 10.5, row - 2, 5, 4, Pen(fill="#F08A24", width=0.3), 0.6)
            end = block[lever] if lever < len(block) else "libre"
            if end != "libre":
                sheet.polyline([(left + 15.5, row), (left + 22, row)], Pen(INK, 1.3))
                sheet.polyline([(left + 15.5, row), (left + 22, row)], Pen(COLOURS[colour], 0.8))
            sheet.text(left + 24, row + 1.1, end, _TEXT)
        y += _BLOCK


def _draw_grounds(sheet: Sheet, left: float, top: float, kit: Any) -> None:
    """Draw the ground terminals of the Pico, with the wires that go straight into them."""
    sheet.group("masses")
    sheet.text(left, top, "Masses du Pico (noir) : deux fils par borne", 3.8, is_bold=True)
    y = top + 8
    for terminal, ends in grounds(kit).items():
        _draw_tag(sheet, left + 4, y, str(terminal))
        for row, end in enumerate(ends):
            at = y + (row - (len(ends) - 1) / 2) * 5
            sheet.polyline([(left + 6, y), (left + 15, at), (left + 22, at)], Pen(INK, 0.9))
            sheet.text(left + 24, at + 1.1, end, _TEXT)
        y += 12

"""
Write what docs/panneau.md takes from the panel's pin file: the drawing of its wiring, and the table of its wires.

    python tools/panel.py             write
    python tools/panel.py --check     write nothing; exit 1 where something is not as it would be written

In the page the table stands between `<!-- broches -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from made import bring_up_to_date
from making.svg import INK, Pen, Point, Sheet
from making.wires import COLOURS
from making.wiring import lanes
from petitpas.tangible.pins import TERMINALS, Pins, read_pins
from petitpas.words import Words

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "panneau.md"
DRAWING = ROOT / "docs" / "panneau.svg"

GROUNDS = (6, 9, 14, 20, 25, 30, 34, 39)
"""Terminals of the header that are ground, and below those that feed. Source: Raspberry Pi documentation, "GPIO and the 40-pin header"."""

FEEDS = {1: "3V3", 17: "3V3", 2: "5V", 4: "5V", 27: "ID", 28: "ID"}

WIDTH, HEIGHT = 210.0, 214.0
_TOP, _PITCH = 36.0, 8.2  # of the terminals
_HALF, _DOT = 17.0, 5.0  # of the header: to its edge, and to a row of terminals
_BOX, _BOX_NEAR, _BOX_HEIGHT = 40.0, 55.0, 13.0  # width of a box, from the middle of the sheet to its near edge, height
_CHANNEL = 3.0
_TEXT = 3.1
_SIGNALS = tuple(COLOURS)[:7]
_PINS = {terminal: pin for pin, terminal in TERMINALS.items()}


@dataclass(frozen=True)
class Wire:
    """A wire from a terminal of the header to a button or to the resistor of a light."""

    terminal: int
    pin: int
    part: str
    contact: str
    colour: str

    @property
    def side(self) -> int:
        """-1 for the row of odd terminals, which is drawn on the left, 1 for the other."""
        return -1 if self.terminal % 2 else 1


def wires(pins: Pins) -> list[Wire]:
    """Return the wires of a panel in the order of their terminals, neighbours in different colours."""
    words = Words()
    found = [(TERMINALS[pin], pin, f"Touche « {words.text(f'wall.{name}')} »", "l’un de ses fils") for name, pin in pins.keys.items()]
    found += [(TERMINALS[pin], pin, f"Lumière de « {words.text(f'wall.{name}')} »", "sa résistance") for name, pin in pins.lights.items()]
    return [Wire(*row, _SIGNALS[at % len(_SIGNALS)]) for at, row in enumerate(sorted(found))]


def table(pins: Pins) -> str:
    """Return the wires as a Markdown table."""
    lines = ["| de la borne | broche | à |", "| --- | --- | --- |"]
    lines += [f"| {wire.terminal} | GPIO {wire.pin} | {wire.part}, {wire.contact} |" for wire in wires(pins)]
    lines.append(f"| {GROUNDS[-1]} | masse | connecteur M, avec l’autre fil de chaque touche et de chaque lumière |")
    return "\n".join(lines)


def terminal_at(terminal: int) -> Point:
    """Return where a wire leaves the header at a terminal, 1 to 40."""
    return WIDTH / 2 + (-_HALF if terminal % 2 else _HALF), _TOP + (terminal - 1) // 2 * _PITCH


def boxes(pins: Pins) -> list[tuple[Wire, float]]:
    """Return each wire with the upper edge of its box: in the order of the terminals, near them."""
    placed: list[tuple[Wire, float]] = []
    for side in (-1, 1):
        there = [wire for wire in wires(pins) if wire.side == side]
        low, high = _TOP - 6, _TOP + 19 * _PITCH + 6 - _BOX_HEIGHT
        tops = [low] * len(there)
        for at, wire in enumerate(there):
            wanted = terminal_at(wire.terminal)[1] - _BOX_HEIGHT / 2
            tops[at] = max(wanted, low if at == 0 else tops[at - 1] + _BOX_HEIGHT + 3)
        for at in reversed(range(len(there))):
            tops[at] = min(tops[at], high if at == len(there) - 1 else tops[at + 1] - _BOX_HEIGHT - 3)
        placed += zip(there, tops, strict=True)
    return placed


def routes(pins: Pins) -> dict[int, list[Point]]:
    """Return the line of each wire, by its terminal; see the theory of routing in `making.wiring`."""
    lines: dict[int, list[Point]] = {}
    for side in (-1, 1):
        ends = [(wire, top + 4.5) for wire, top in boxes(pins) if wire.side == side]
        for (wire, y), lane in zip(ends, lanes([(terminal_at(wire.terminal)[1], y) for wire, y in ends]), strict=True):
            x, from_y = terminal_at(wire.terminal)
            turn = x + side * (13 + lane * _CHANNEL)
            lines[wire.terminal] = [(x, from_y), (turn, from_y), (turn, y), (WIDTH / 2 + side * _BOX_NEAR, y)]
    return lines


def drawing(pins: Pins) -> str:
    """Return the wiring as SVG."""
    sheet = Sheet(WIDTH, HEIGHT, "Câblage du panneau de touches sur le connecteur du Raspberry Pi")
    sheet.text(10, 12, "Câblage du panneau de touches", 5.5, is_bold=True)
    sheet.text(10, 18, "Le connecteur du Raspberry Pi, prises USB en bas. Un rond M : le connecteur à leviers de la masse.", _TEXT)
    _draw_header(sheet, pins)
    sheet.group("fils")
    lines = routes(pins)
    for wire in wires(pins):
        sheet.polyline(lines[wire.terminal], Pen(INK, 1.3))
        sheet.polyline(lines[wire.terminal], Pen(COLOURS[wire.colour], 0.8), f"GPIO {wire.pin}")
    for wire in wires(pins):
        x, y = lines[wire.terminal][0]
        sheet.box(x + wire.side * 6.5 - 5.7, y - 2, 11.4, 4, Pen(fill="#FFFFFF", width=0.2), 0.8)
        sheet.text(x + wire.side * 6.5, y + 1, f"GPIO {wire.pin}", 2.5, 0)
    sheet.group("pieces")
    for wire, top in boxes(pins):
        _draw_box(sheet, wire, top)
    sheet.group("legende")
    _draw_tag(sheet, 13, HEIGHT - 9)
    sheet.text(17, HEIGHT - 8, f"Masse : connecteur à leviers, relié à la borne {GROUNDS[-1]}", _TEXT)
    sheet.text(WIDTH - 10, HEIGHT - 8, "Dessiné par tools/panel.py d’après le fichier des broches.", 2.7, 1)
    return sheet.xml()


def _draw_header(sheet: Sheet, pins: Pins) -> None:
    sheet.group("connecteur")
    middle = WIDTH / 2
    used = {wire.terminal for wire in wires(pins)}
    sheet.box(middle - _HALF, _TOP - 7, 2 * _HALF, 19 * _PITCH + 14, Pen(fill="#E3EFE3", width=0.4), 2)
    sheet.box(middle - 9.5, _TOP - 5, 19, 19 * _PITCH + 10, Pen(fill="#CFE3D2"), 1)
    for terminal in range(1, 41):
        x, y = terminal_at(terminal)
        side = -1 if terminal % 2 else 1
        is_used = terminal in used
        sheet.circle(middle + side * _DOT, y, 3.1, Pen(fill="#FFFFFF" if is_used else "#E9EDE9", width=0.5 if is_used else 0.2))
        sheet.text(middle + side * _DOT, y + 1, str(terminal), 2.9, 0, is_used)
        name = FEEDS.get(terminal) or ("GND" if terminal in GROUNDS else str(_PINS[terminal]))
        sheet.text(x - side * 3.6, y + 1, name, 2.5, 0, is_used)
    x, y = terminal_at(GROUNDS[-1])
    sheet.polyline([(x, y), (x - 5, y)], Pen(width=0.8))
    _draw_tag(sheet, x - 7, y)


def _draw_tag(sheet: Sheet, x: float, y: float) -> None:
    sheet.circle(x, y, 2.2, Pen(fill="#FFFFFF", width=0.4))
    sheet.text(x, y + 1.1, "M", 3, 0, True)


def _draw_box(sheet: Sheet, wire: Wire, top: float) -> None:
    near = WIDTH / 2 + wire.side * _BOX_NEAR
    left = min(near, near + wire.side * _BOX)
    is_light = wire.contact != "l’un de ses fils"
    sheet.box(left, top, _BOX, _BOX_HEIGHT, Pen(fill="#FFF3C4" if is_light else "#F6F1E6", width=0.35), 1.2)
    sheet.text(near + wire.side * 2.5, top + 5.5, wire.part, _TEXT, -wire.side, True)
    sheet.text(near + wire.side * 7, top + 10.6, "l’autre fil", 2.7, -wire.side)
    _draw_tag(sheet, near + wire.side * 3.6, top + 9.7)


def page(text: str, pins: Pins) -> str:
    """Return the page with its table written anew."""
    made = f"<!-- broches -->\n{table(pins)}\n<!-- end -->"
    return re.sub(r"<!-- broches -->\n.*?<!-- end -->", lambda _: made, text, flags=re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write, or check, what is made."""
    pins = read_pins()
    return bring_up_to_date("tools/panel.py", ROOT, {DRAWING: drawing(pins), PAGE: page(PAGE.read_text(encoding="utf-8"), pins)}, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

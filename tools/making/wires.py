"""The wires of a kit: from the pins of its file to the terminals of a Pico, and from shared connectors to parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from making.parts import devices

# The Pico's terminals from the socket down, on both sides. Source: Raspberry Pi Pico datasheet, section 2.1.
LEFT = (
    *("GP0", "GP1", "GND", "GP2", "GP3", "GP4", "GP5", "GND", "GP6", "GP7"),
    *("GP8", "GP9", "GND", "GP10", "GP11", "GP12", "GP13", "GND", "GP14", "GP15"),
)
RIGHT = (
    *("VBUS", "VSYS", "GND", "3V3_EN", "3V3", "VREF", "GP28", "AGND", "GP27", "GP26"),
    *("RUN", "GP22", "GND", "GP21", "GP20", "GP19", "GP18", "GND", "GP17", "GP16"),
)

COLOURS = {
    "jaune": "#F2D024",
    "vert": "#3E9B4F",
    "bleu": "#2F6FC0",
    "violet": "#8A55B5",
    "gris": "#9AA0A6",
    "blanc": "#FFFFFF",
    "brun": "#7A4A24",
    "orange": "#F08A24",
    "rouge": "#D42A2A",
    "noir": "#202020",
}
"""Colours of wires: the first seven for signals."""

_SIGNAL_COLOURS = tuple(COLOURS)[:7]

CONNECTORS = {
    "P": ("Plus des piles", "rouge"),
    "V": ("3,3 V du Pico", "orange"),
    "M": ("Masse", "noir"),
}
"""Connectors with levers: what each carries, and the colour of its wires."""

PICO_FEEDS = {36: "V", 38: "M"}
"""Terminals of the Pico that lead to a connector."""

SUPPLY = 39
"""VSYS, which the batteries feed through the Schottky diode."""

LEVERS = 5

RESERVED = "réservé"
"""The contact of a part that does not exist yet: its pin is kept free."""


@dataclass(frozen=True)
class Wire:
    """A wire between a terminal of the Pico, 1 to 40, and a contact of a part; it has the terminal's number."""

    terminal: int
    name: str
    colour: str
    device: str
    contact: str

    @property
    def is_connected(self) -> bool:
        """Whether there is a wire: a reserved pin has none."""
        return self.contact != RESERVED


def terminal_name(terminal: int) -> str:
    """Return what is printed beside a terminal."""
    return LEFT[terminal - 1] if terminal <= 20 else RIGHT[40 - terminal]


def terminal_of(pin: int) -> int:
    """Return the terminal of pin GP`pin`."""
    name = f"GP{pin}"
    return LEFT.index(name) + 1 if name in LEFT else 40 - RIGHT.index(name)


def wires(kit: Any) -> list[Wire]:
    """
    Return the signal wires of a kit by terminal, each of its pins once.

    Raises:
        ValueError: a pin of the kit is no signal of a device: `parts.toml` does not know this kind of kit.
    """
    found = []
    owners = {(group, place): (device, contact) for device in devices(kit.name) for group, place, contact in device.signals}
    for group, pins in kit.pins.items():
        for place, pin in enumerate(pins):
            if (group, place) not in owners:
                raise ValueError(f"{kit.name}: parts.toml has no device for pins.{group}")
            device, contact = owners[group, place]
            found.append((terminal_of(pin), device.title, contact))
    found.sort()
    return [
        Wire(terminal, terminal_name(terminal), _SIGNAL_COLOURS[at % len(_SIGNAL_COLOURS)], title, contact)
        for at, (terminal, title, contact) in enumerate(found)
    ]


def connectors(kit: Any) -> dict[str, list[list[str]]]:
    """Return what is under each lever, connector by connector; those of one letter are chained by a wire of their own."""
    ends: dict[str, list[str]] = {letter: [] for letter in CONNECTORS}
    for terminal, letter in PICO_FEEDS.items():
        ends[letter].append(f"Pico, {terminal_name(terminal)} (borne {terminal})")
    for device in devices(kit.name):
        for contact, place in device.feeds:
            if place in ends:
                ends[place].append(f"{device.title}, {contact}")
    return {letter: _chained(letter, found) for letter, found in ends.items()}


def grounds(kit: Any) -> dict[int, list[str]]:
    """Return what is screwed straight into each ground terminal of the Pico, two wires at most."""
    found: dict[int, list[str]] = {}
    for device in devices(kit.name):
        for contact, place in device.feeds:
            if place not in CONNECTORS:
                found.setdefault(int(place), []).append(f"{device.title}, {contact}")
    return dict(sorted(found.items()))


def _chained(letter: str, ends: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = []
    rest = list(ends)
    while rest:
        block = [f"vers {letter}{len(blocks)}"] if blocks else []
        room = LEVERS - len(block)
        is_last = len(rest) <= room
        block += rest[: room if is_last else room - 1]
        del rest[: room if is_last else room - 1]
        blocks.append(block if is_last else [*block, f"vers {letter}{len(blocks) + 2}"])
    return blocks


def wire_table(kit: Any) -> str:
    """Return the signal wires as a Markdown table."""
    lines = ["| borne du Pico | nom | couleur du fil | pièce | contact de la pièce |", "| --- | --- | --- | --- | --- |"]
    for wire in wires(kit):
        colour = wire.colour if wire.is_connected else "rien à brancher"
        lines.append(f"| {wire.terminal} | {wire.name} | {colour} | {wire.device} | {wire.contact} |")
    return "\n".join(lines)


def connector_table(kit: Any) -> str:
    """Return what is under each lever as a Markdown table."""
    lines = [
        "| connecteur | couleur des fils |" + "".join(f" levier {n} |" for n in range(1, LEVERS + 1)),
        "| --- |" + " --- |" * (LEVERS + 1),
    ]
    for letter, blocks in connectors(kit).items():
        for at, block in enumerate(blocks, 1):
            cells = [*block, *["libre"] * (LEVERS - len(block))]
            lines.append(f"| **{letter}{at}** {CONNECTORS[letter][0]} | {CONNECTORS[letter][1]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def ground_table(kit: Any) -> str:
    """Return what goes straight into the Pico's grounds as a Markdown table."""
    lines = ["| borne du Pico | nom | couleur des fils | fils |", "| --- | --- | --- | --- |"]
    lines += [f"| {terminal} | {terminal_name(terminal)} | noir | {' ; '.join(ends)} |" for terminal, ends in grounds(kit).items()]
    return "\n".join(lines)

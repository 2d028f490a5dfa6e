"""
The marker on each card, which a camera can read: ArUco's dictionary DICT_4X4_50, and the id of every card. THE table.

A laminated card is used for years: a card keeps its id, new ones go to the end. docs/imprimer.md shows the same table.
"""

from __future__ import annotations

DICTIONARY = "DICT_4X4_50"

NUMBERS = range(2, 10)
"""Numbers that have a card, to be laid after the card that they belong to; a card alone means 1."""

CARDS = (
    "when_go", "clear", "forward", "backward", "left", "right", "go_up", "go_down", "go_left", "go_right", "beep", "wait", "light",
    "repeat", "end", "until_obstacle", *(f"number_{number}" for number in NUMBERS), "when_key", "when_obstacle", "when_message", "define",
    "forward_mm", "backward_mm", "left_deg", "right_deg", "send", "note", "wait_until", "stop", "forever", "if", "call",
)  # fmt: skip
"""Every card, in the order of the ids: each block, EFFACER (`clear`), the end of what is repeated (`end`), and the numbers."""

MARKER_IDS = {name: number for number, name in enumerate(CARDS)}
"""The id of each card, 0 to 49."""

_SIDE = 4
_BITS = (
    0xB532, 0x0F9A, 0x332D, 0x9946, 0x549E, 0x79CD, 0x9E2E, 0xC4F2, 0xFEDA, 0xCF56,
    0xF991, 0x11A7, 0x0EB7, 0x2A0F, 0x24B1, 0x263E, 0x4665, 0x6600, 0x6C5E, 0x76AF,
    0x868B, 0xB02B, 0xCCD5, 0xDD82, 0xFE47, 0x9471, 0xACE4, 0xA554, 0x2123, 0x346F,
    0x4415, 0x57B2, 0x9ECF, 0xF0CB, 0x08AE, 0x0929, 0x1875, 0x04FF, 0x0DF6, 0x1C5A,
    0x1718, 0x2A28, 0x328C, 0x38B2, 0x24E8, 0x2EEB, 0x2D3F, 0x4B64, 0x502E, 0x5013,
)  # fmt: skip
"""The white squares of each marker, row by row, the first in the highest bit. Source: OpenCV, which a test compares them with."""


def marker_svg(number: int) -> str:
    """Return a marker as SVG: a black square of 6 × 6 units with white ones in it; it needs white paper around. 0 to 49."""
    places = (divmod(place, _SIDE) for place in range(_SIDE * _SIDE) if _BITS[number] >> (_SIDE * _SIDE - 1 - place) & 1)
    white = "".join(f"M{column + 1} {row + 1}h1v1h-1z" for row, column in places)
    side = _SIDE + 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="M0 0h{side}v{side}h-{side}z" fill="#000000"/><path d="{white}" fill="#FFFFFF"/></svg>'
    )

"""Colours and sizes of text: the one table that the wall, the pictures and the tests read."""

from __future__ import annotations

COLOURS = {
    "ink": "#22303C",
    "quiet": "#55616A",  # words that may be left unread
    "paper": "#FBF6EC",
    "cell": "#FAF5EA",
    "sand": "#F3EADB",
    "band": "#F1E7D6",
    "strip": "#E6D8BF",
    "card": "#FFFFFF",
    "cream": "#FFF7EA",
    "edge": "#D9CFBD",
    "dash": "#695D44",
    "sky": "#BFE1F2",
    "leaf": "#DCEBD3",
    "sun": "#F6C445",
    "glow": "#F3D795",  # sun at 45 % on the band
    "teal": "#006E62",
    "plum": "#7B4B94",
    "lilac": "#EADCF0",
    "brick": "#B5452C",
    "left": "#E69F00",
    "right": "#0072B2",
    "body": "#FFFDF8",
    "fur": "#EFE7DC",
    "wood": "#F7E3C5",
    "stone": "#B9B4AC",
    "stone_line": "#8D887F",
    "petal": "#E8A0BF",
    "blush": "#E7A6A1",
    "fox": "#DD8B5B",
    "shell": "#A9C08A",
    "shell_line": "#6F8A52",
    "feather": "#C9AE8C",
    "bear": "#C69C6D",
    "cat": "#AEB4BA",
    "mouse": "#B7A7B5",
    "frog": "#7DB261",
    "quill": "#8A6A4F",
    "duck": "#F2D36E",
    "bill": "#EE9A3A",
    "elephant": "#9DB1C4",
}
"""
Names of colours; drawings and items of a scene name them, or give a #RRGGBB of their own.

Ink, teal, plum, brick and dash stand out from every ground on which they are drawn, in a room where white is 7 times as bright as black.
Sun, left and right do not: what they say has a line of ink around it.
"""

PALE = 0.7
"""Of the ground, in the colours of what does nothing now."""

LIGHTS = ("", "#FFFFFF", "#FFE14D", "#F39A2B", "#F29AC0", "#9A6BC2", "#3E8FD0", "#5FB56A")
"""How the firmware's COLOUR_ numbers look, in their order; the first is off."""

TEXT_SIZES = {"title": 38, "name": 32, "sentence": 26, "state": 26, "tile": 23, "number": 26, "stop": 30}
"""Height of text in pixels on a screen of 1,080 lines; it scales with the height."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255, of a colour's name or of #RRGGBB; raise KeyError for an unknown name."""
    code = colour if colour.startswith("#") else COLOURS[colour]
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of `other` in it."""
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(rgb(colour), rgb(other), strict=True))


def contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21. Source: WCAG 2.1, relative luminance."""
    bright, dark = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in (byte / 255 for byte in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

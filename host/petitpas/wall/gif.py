"""
Moving pictures as GIF files. Source: CompuServe, Graphics Interchange Format, version 89a.

A film is a row of shots, each a rectangle in which something has changed. The colours of the whole film are counted and the most used kept,
each far enough from the others; any other colour becomes the nearest of them. Within a rectangle, what is as before is transparent, which
packs to almost nothing.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from petitpas_sim.view.scene import Frame

_COLOURS = 255
_AS_BEFORE = 255
"""The last number of the table: transparent."""

_APART = 100
"""Squared distance that the first colours keep from one another at least: ten steps of 256, what an eye just sees."""

_CLEAR, _END, _MOST_CODES = 256, 257, 4096


@dataclass(frozen=True, slots=True)
class Shot:
    """What is to be seen in a rectangle from now on, for `ms`; `pixels` are rows of four bytes a pixel: red, green, blue, anything."""

    frame: Frame
    pixels: bytes
    ms: int


def gif(width: int, height: int, shots: Sequence[Shot]) -> bytes:
    """Return a film that begins again when it ends; the first shot covers all of it. Times are kept to 10 ms."""
    table = _Nearest(_palette(shots))
    out = bytearray(b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0))
    out += b"".join(bytes(colour) for colour in table.palette).ljust(3 * 256, b"\0")
    out += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"  # for ever
    seen = bytearray([_AS_BEFORE]) * (width * height)
    for shot in shots:
        frame = shot.frame
        numbers = bytes(map(table.__getitem__, memoryview(shot.pixels).cast("I")))
        out += struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0x05, shot.ms // 10, _AS_BEFORE, 0)
        out += struct.pack("<BHHHHB", 0x2C, frame.left, frame.top, frame.width, frame.height, 0)
        out += _packed(_changes(seen, width, frame, numbers))
    return bytes(out + b"\x3b")


def _changes(seen: bytearray, width: int, frame: Frame, numbers: bytes) -> bytes:
    """Bring what is seen up to date, and return the numbers with what has not changed transparent."""
    changed = bytearray()
    for row in range(frame.height):
        at = (frame.top + row) * width + frame.left
        old, new = seen[at : at + frame.width], numbers[row * frame.width : (row + 1) * frame.width]
        if old == new:
            changed += bytes([_AS_BEFORE]) * frame.width
        else:
            changed += bytes([_AS_BEFORE if a == b else b for a, b in zip(old, new, strict=True)])
            seen[at : at + frame.width] = new
    return bytes(changed)


# --- Colours --------------------------------------------------------------------------------------------------------

Colour = tuple[int, int, int]


def _colour(pixel: int) -> Colour:
    red, green, blue, _ = struct.pack("=I", pixel)
    return red, green, blue


def _distance(a: Colour, b: Colour) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2


def _palette(shots: Sequence[Shot]) -> list[Colour]:
    """Return at most _COLOURS colours: the most used that are apart from one another, so that all are near one, then the most used."""
    counts: Counter[int] = Counter()
    for shot in shots:
        counts.update(memoryview(shot.pixels).cast("I"))
    used = list(dict.fromkeys(_colour(pixel) for pixel, _ in sorted(counts.items(), key=lambda item: (-item[1], _colour(item[0])))))
    if len(used) <= _COLOURS:
        return used
    apart = _APART
    while (kept := _most_used(used, apart)) is None:
        apart *= 2
    others = (colour for colour in used if colour not in kept)
    return [*kept, *(colour for colour, _ in zip(others, range(_COLOURS - len(kept)), strict=False))]


def _most_used(used: list[Colour], apart: int) -> dict[Colour, None] | None:
    """Return colours, each so far from those before it, that leave none of the others alone; None where there is no room for so many."""
    kept: dict[Colour, None] = {}
    for colour in used:
        if all(_distance(colour, other) >= apart for other in kept):
            if len(kept) == _COLOURS:
                return None
            kept[colour] = None
    return kept


class _Nearest(dict[int, int]):
    """From pixels to the numbers of their colours in a palette, found out once each."""

    def __init__(self, palette: list[Colour]) -> None:
        super().__init__()
        self.palette = palette

    def __missing__(self, pixel: int) -> int:
        wanted = _colour(pixel)
        self[pixel] = found = min(range(len(self.palette)), key=lambda number: _distance(wanted, self.palette[number]))
        return found


# --- Packing --------------------------------------------------------------------------------------------------------


def _packed(numbers: bytes) -> bytes:
    """Return a picture's data: the size of its first codes, its codes in blocks of at most 255 bytes, and an empty block."""
    codes = _codes(numbers)
    blocks = [codes[at : at + 255] for at in range(0, len(codes), 255)]
    return b"\x08" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def _codes(numbers: bytes) -> bytes:
    """Pack numbers of 8 bits by LZW: a code stands for a row of numbers that came before; codes have 9 to 12 bits, the lowest first."""
    out = bytearray()
    known: dict[int, int] = {}  # a row's code and one more number -> the longer row's code
    bits, size, following = _CLEAR, 9, _END + 1
    held, row = size, numbers[0]
    for number in numbers[1:]:
        longer = row << 8 | number
        code = known.get(longer)
        if code is not None:
            row = code
            continue
        bits |= row << held
        held += size
        if following == _MOST_CODES:
            bits |= _CLEAR << held
            held += size
            known.clear()
            size, following = 9, _END + 1
        else:
            known[longer] = following
            size += following >> size
            following += 1
        while held >= 8:
            out.append(bits & 0xFF)
            bits >>= 8
            held -= 8
        row = number
    last = min(12, size + (following >> size))
    bits |= row << held | _END << (held + size)
    return bytes(out) + bits.to_bytes((held + size + last + 7) // 8, "little")

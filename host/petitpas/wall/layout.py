"""
Where everything is around a mat, in pixels, for any size of window: `layout_for` for playing freely.

The unit is one hundredth of the height, less on narrow windows. Pupils tap in a band at the bottom, 34.8 units high: the strip in one
row or two, and a row of tiles. GO is the biggest thing and never moves. The mat has the rest.
The teacher's corner is above the band, at the top right; GO is STOP while a program runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from petitpas.wall.board import CARDS, MAX_CARDS, Command
from petitpas_sim.view.palette import TEXT_SIZES
from petitpas_sim.view.scene import Frame

SMALLEST = (320, 240)
"""Windows are laid out as at least this big; a smaller one shows a part."""

BAND = 34.8
_MARGIN = 2.4
_TILE_WIDTH = 15.0
_STRIP_PAD = 1.4
_ROW_GAP = 1.1
_SIDES = (26.0, 34.0)
_STRIPS = ((1, 6), (1, 8), (1, 9), (1, 10), (1, 12), (2, 10), (2, 11), (2, 12))
"""Rows and slots a row of the strip, from the shortest."""


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The frames of a window.

    `slots` has a frame for each card, and one more for the next card while there is room; `tiles` are the moves and the other commands by
    their names; `side` is the column at the right that shows the robot, `notice` where trouble is told. `go` has no size where the level
    has no GO; `is_strip_tapped` says that the cards in the strip are within reach, and `gap` what lies between two targets at least.
    """

    width: int
    height: int
    unit: float
    mat: Frame
    band: Frame
    strip: Frame
    slots: tuple[Frame, ...]
    tiles: tuple[tuple[str, Frame], ...]
    go: Frame
    side: Frame
    notice: Frame
    is_strip_tapped: bool = True
    gap: int = 0

    def px(self, units: float) -> int:
        """Return a length in pixels."""
        return max(1, round(units * self.unit))

    def text(self, role: str) -> int:
        """Return the size of text in pixels for a role of TEXT_SIZES."""
        return max(6, round(TEXT_SIZES[role] * self.unit * 100 / 1080))

    def targets(self, cards: int) -> Iterator[tuple[Command, Frame]]:
        """Return what can be tapped while the strip has this many cards: commands, and numbers for the cards."""
        yield from self.tiles
        if self.go.width:
            yield "go", self.go
        if self.is_strip_tapped:
            yield from enumerate(self.slots[:cards])

    def target_at(self, x: float, y: float, cards: int) -> Command | None:
        """Return what a pointer is on."""
        return next((target for target, frame in self.targets(cards) if frame.holds(x, y)), None)


@lru_cache(maxsize=64)
def layout_for(width: int, height: int, cards: int) -> Layout:
    """Return the layout of a window of this size whose strip has this many cards, 0 to MAX_CARDS."""
    width, height = max(SMALLEST[0], width), max(SMALLEST[1], height)
    unit = min(height, width * 0.77) / 100
    px = _Scale(unit).px
    band = Frame(0, height - px(BAND), width, px(BAND))
    go_size = min(px(26), round(width * 0.16))
    go = Frame(width - px(3.4) - go_size, band.top + (band.height - go_size) // 2, go_size, go_size)
    left = px(_MARGIN)
    room = go.left - px(3.6) - left
    rows, a_row, size, gap = _strip(room / unit, min(cards + 1, MAX_CARDS))
    strip_height, tile_height, top = (15.2, 14.5, 1.5) if rows == 1 else (20.4, 10.6, 0.8)
    strip = Frame(left, band.top + px(top), room, px(strip_height))
    side = px(min(_SIDES[1], max(_SIDES[0], 0.19 * width / unit)))
    mat = Frame(side, px(3.2), max(1, width - 2 * side), max(1, band.top - px(5.2)))
    half = max(1, min(width - go.centre[0], go.centre[0] - mat.right))
    return Layout(
        width,
        height,
        unit,
        mat,
        band,
        strip,
        tuple(_slots(strip, unit, (rows, a_row, size, gap), min(cards + 1, MAX_CARDS))),
        tuple(_tiles(left, height - px(1.8) - px(tile_height), px(tile_height), unit)),
        go,
        Frame(go.centre[0] - half, px(15.4), 2 * half, px(36)),
        Frame(left, px(12), side - 2 * left, px(40)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    unit: float

    def px(self, units: float) -> int:
        return max(1, round(units * self.unit))


def _strip(room: float, slots: int) -> tuple[int, int, float, float]:
    """Choose rows, slots a row, and the size and gap of cards, in units: the shortest strip whose cards are not below 9 units."""
    last = _STRIPS[-1]
    for rows, a_row in _STRIPS:
        if rows * a_row < slots:
            continue
        least, most, biggest = (1.6, 1.6, 12.4) if rows == 1 else (1.0, 2.8, 9.05)
        inner = room - 2 * _STRIP_PAD
        size = min(biggest, (inner - (a_row - 1) * least) / a_row)
        if size >= 9 or (rows == last[0] and a_row >= 11):
            return rows, a_row, size, min(most, (inner - a_row * size) / (a_row - 1))
    raise ValueError(f"a strip has at most {last[0] * last[1]} slots, not {slots}")


def _slots(strip: Frame, unit: float, plan: tuple[int, int, float, float], count: int) -> Iterator[Frame]:
    rows, a_row, size, gap = plan
    side, step, row_step = round(size * unit), (size + gap) * unit, (size + _ROW_GAP) * unit
    used = side + (rows - 1) * row_step
    top = strip.top + (strip.height - used) / 2
    left = strip.left + _STRIP_PAD * unit
    for slot in range(count):
        yield Frame(round(left + slot % a_row * step), round(top + slot // a_row * row_step), side, side)


def _tiles(left: int, top: int, height: int, unit: float) -> Iterator[tuple[str, Frame]]:
    width, step = round(_TILE_WIDTH * unit), (_TILE_WIDTH + 2) * unit
    for place, card in enumerate(CARDS):
        yield card, Frame(round(left + place * step), top, width, height)
    yield "clear", Frame(round(left + len(CARDS) * step + 3 * unit), top, width, height)

"""
Where everything is around a mat at a level: targets are as big as the level's hands need, and no higher than they reach.

Theory
======
From the bottom: a row of tiles, then the strip in one row or two, GO at the right over all of them; many tiles stand in two rows, below a
strip of one. Commands that edit stand at the end of the strip. Sizes begin at the least that the level's profile allows, and grow as far as
the ceiling, the width and good looks let them.
Where strip and tiles together would pass the ceiling (the youngest, at a small television; whoever reaches only the lowest part of a wall),
the strip is only looked at: it stands above the ceiling, its cards are no targets, and what edits it comes down to the tiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from petitpas.wall.layout import Layout
from petitpas.wall.pages.page import Room
from petitpas.wall.profiles import BIG_SCREEN_MM, EDITS, GAP_MM, GAP_PERCENT, Profile
from petitpas_sim.view.scene import Frame

MOST_PERCENT = 35
"""Share of the height that tiles, strip and buttons take at most."""

_EDGE = 1.8
_PAD = 1.2
_MARGIN = 2.4
_GLOW = 1.0
"""What is left beside GO for its ring."""

_TILE_TO_CARD = 1.15
_WORTH_A_ROW = 1.2
_ROWS = ((1, 1), (2, 1), (1, 2))
"""Of the strip and of tiles: three at most."""

_GO_SHARES = (1.0, 0.85, 0.7)
"""Of GO's size: it gives way where tiles would be too small beside it."""

_BIGGEST_TILE, _BIGGEST_CARD, _BIGGEST_GO = 14.5, 12.4, 26.0


def least_px(room: Room, profile: Profile) -> int:
    """Return the least side of what a pupil taps, in pixels."""
    return _measured(room, profile.target_mm, profile.target_percent)


def gap_px(room: Room) -> int:
    """Return the least distance between two things that pupils tap, in pixels."""
    return _measured(room, GAP_MM, GAP_PERCENT)


def _measured(room: Room, mm: int, percent: int) -> int:
    scale = room.px_per_mm
    if scale is not None and math.hypot(room.width, room.height) / scale >= BIG_SCREEN_MM:
        return math.ceil(mm * scale)
    return math.ceil(room.height * percent / 100)


def ceiling_px(room: Room, profile: Profile) -> int:
    """Return the first row that pupils reach: everything they tap is below it."""
    return room.height - room.height * (room.settings.reach_percent or profile.reach_percent) // 100


@dataclass(frozen=True, slots=True)
class _Plan:
    """Sizes in pixels: a tile's and a card's side, rows of the strip and cards a row, rows of tiles, and the gap."""

    tile: int
    card: int
    rows: int
    a_row: int
    tile_rows: int
    gap: int
    is_within: bool

    @property
    def tiles_height(self) -> int:
        """All rows of tiles, with the gaps between them."""
        return self.tile_rows * (self.tile + self.gap) - self.gap


@lru_cache(maxsize=64)
def level_layout(room: Room, profile: Profile, commands: tuple[str, ...], cards: int) -> Layout:
    """
    Return the layout for these commands, among them "go" where there is one, and a strip of so many cards.

    A window that is too small for all of it shows everything, smaller.
    """
    px, gap = room.px, gap_px(room)
    ceiling = ceiling_px(room, profile)
    top = max(ceiling, room.height - room.height * MOST_PERCENT // 100)
    tall = room.height - top - px(_EDGE) - px(_PAD)
    left, others = px(_MARGIN), tuple(name for name in commands if name != "go")
    for share in _GO_SHARES:
        go_size = round(share * min(px(_BIGGEST_GO), round(room.width * 0.16), tall)) if "go" in commands else 0
        right = room.width - px(_MARGIN) - (px(_GLOW) + go_size + max(gap, px(2.4)) if go_size else 0)
        plan = _plan(room, profile, others, (right - left, tall))
        if plan.tile >= least_px(room, profile):
            break
    edits = tuple(name for name in others if name in EDITS) if plan.is_within else ()
    tiles_top = room.height - px(_EDGE) - plan.tiles_height
    strip_height = plan.rows * plan.card + (plan.rows - 1) * plan.gap
    strip_top = (tiles_top if plan.is_within else min(tiles_top, top) - px(_PAD)) - plan.gap - strip_height
    pad = min(px(1.2), plan.gap // 2)
    strip_width = plan.a_row * (plan.card + plan.gap) - plan.gap + 2 * pad
    strip = Frame(left, strip_top - pad, strip_width, strip_height + 2 * pad)
    moves = [name for name in others if name not in edits]
    tiles = list(zip(moves, _tiles(left, tiles_top, plan, len(moves)), strict=True))
    step = plan.card + plan.gap
    for at, name in enumerate(edits):
        x, y = strip.right - pad + plan.gap + at // plan.rows * step, strip_top + at % plan.rows * step
        tiles.append((name, Frame(x, y, plan.card, plan.card)))
    band_top = strip.top - px(_PAD)
    middle = (max(top, band_top) + room.height) // 2
    go = Frame(
        room.width - px(_MARGIN) - px(_GLOW) - go_size, min(middle - go_size // 2, room.height - px(_EDGE) - go_size), go_size, go_size
    )
    return _layout(room, band_top, strip, _slots(strip, strip_top, pad, plan, min(cards + 1, profile.strip)), tiles, go, plan)


def _layout(
    room: Room, band_top: int, strip: Frame, slots: tuple[Frame, ...], tiles: Sequence[tuple[str, Frame]], go: Frame, plan: _Plan
) -> Layout:
    px = room.px
    side = px(min(34.0, max(26.0, 0.19 * room.width / room.unit)))
    mat = Frame(side, px(3.2), max(1, room.width - 2 * side), max(1, band_top - px(5.2)))
    column = room.width - side
    return Layout(
        room.width,
        room.height,
        room.unit,
        mat,
        Frame(0, band_top, room.width, room.height - band_top),
        strip,
        slots,
        tuple(tiles),
        go,
        Frame(column + px(1), px(15.4), side - px(_MARGIN) - px(1), px(36)),
        Frame(px(_MARGIN), px(22), side - 2 * px(_MARGIN), px(30)),
        plan.is_within,
        plan.gap,
    )


def _plan(room: Room, profile: Profile, commands: Sequence[str], space: tuple[int, int]) -> _Plan:
    """Choose sizes: with the strip within reach if that can be, in two rows where that makes its cards bigger."""
    plans = [plan for rows, tile_rows in _ROWS if (plan := _within(room, profile, commands, space, (rows, tile_rows))) is not None]
    if plans:
        return max(plans, key=lambda plan: min(plan.card, plan.tile) > _WORTH_A_ROW * min(plans[0].card, plans[0].tile))
    gap, (wide, tall), least = gap_px(room), space, least_px(room, profile)
    sides = [min(_side(wide, gap, math.ceil(len(commands) / rows)), _side(tall, gap, rows)) for rows in (1, 2)]
    tile_rows = 1 if sides[0] >= min(least, sides[1]) else 2
    tile = max(1, min(max(room.px(_BIGGEST_TILE), least), sides[tile_rows - 1]))
    card = max(1, min(tile, room.px(_BIGGEST_CARD), (wide - profile.strip * gap) // profile.strip))
    return _Plan(tile, card, 1, profile.strip, tile_rows, gap, False)


def _within(room: Room, profile: Profile, commands: Sequence[str], space: tuple[int, int], all_rows: tuple[int, int]) -> _Plan | None:
    """Return sizes for rows of strip and tiles within reach, tiles a little bigger than cards; None where they would be too small."""
    least, gap, (wide, tall), (rows, tile_rows) = least_px(room, profile), gap_px(room), space, all_rows
    edits = sum(name in EDITS for name in commands)
    a_row = math.ceil(profile.strip / rows)
    slots = a_row + math.ceil(edits / rows)
    free = tall - (rows + tile_rows - 1) * gap
    share = max(least, round(free / (rows + tile_rows * _TILE_TO_CARD)))
    card = min(max(room.px(_BIGGEST_CARD), least), share, (wide - slots * gap) // slots)
    side = _side(wide, gap, math.ceil((len(commands) - edits) / tile_rows))
    tile = min(max(room.px(_BIGGEST_TILE), least), (free - rows * card) // tile_rows, side)
    return _Plan(tile, card, rows, a_row, tile_rows, gap, True) if min(card, tile) >= least else None


def _side(wide: int, gap: int, count: int) -> int:
    return (wide - (count - 1) * gap) // max(1, count)


def _tiles(left: int, top: int, plan: _Plan, count: int) -> Iterator[Frame]:
    a_row, step = math.ceil(count / plan.tile_rows), plan.tile + plan.gap
    return (Frame(left + at % a_row * step, top + at // a_row * step, plan.tile, plan.tile) for at in range(count))


def _slots(strip: Frame, top: int, pad: int, plan: _Plan, count: int) -> tuple[Frame, ...]:
    step = plan.card + plan.gap
    return tuple(
        Frame(strip.left + pad + at % plan.a_row * step, top + at // plan.a_row * step, plan.card, plan.card) for at in range(count)
    )

"""Pieces that pages are put together from: tiles with a picture, choices, lines of text, a banner, the ring of the focus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from petitpas.wall.pages.page import Room, Spot
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.palette import mix
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

MARGIN = 2.4
"""Of a page, in units."""

_BETWEEN = re.compile(r"(?<=[.!?…]) ")
"""What is between two sentences."""

_PART = re.compile(r"[^/\\]*[/\\]+|[^/\\]+")
"""Of a path, whose lines end behind a separator."""

T = TypeVar("T")


def grid(names: Iterable[T], columns: int, first: Frame, gap: int) -> dict[T, Frame]:
    """Return where things are, in rows of so many: the first there, the others as big, a gap apart."""
    right, down = first.width + gap, first.height + gap
    return {
        name: Frame(first.left + at % columns * right, first.top + at // columns * down, first.width, first.height)
        for at, name in enumerate(names)
    }


def button_items(
    room: Room, frame: Frame, picture: str, *, fill: str = "card", is_pressed: bool = False, share: float = 1.0
) -> tuple[Item, ...]:
    """Return a small tile with a picture, smaller by a share."""
    box, down = tile(room, frame, fill, is_pressed)
    return box, Art(picture_of(picture), frame.centre[0], frame.centre[1] + down, min(frame.width, frame.height) * 0.0062 * share)


def tile(room: Room, frame: Frame, fill: str, is_pressed: bool = False, radius: float = 2.2) -> tuple[Box, int]:
    """Return a card with its shadow, lowered while it is pressed, and by how many pixels; what is chosen, in the sun, has a line of ink."""
    edge, wide = ("ink", room.px(0.4)) if fill == "sun" else ("edge", room.px(0.25))
    if not is_pressed:
        return Box(frame, room.px(radius), fill, edge, wide, room.px(0.8)), 0
    down = room.px(0.3)
    return Box(Frame(frame.left, frame.top + down, frame.width, frame.height), room.px(radius), mix(fill, "ink", 0.1), edge, wide), down


def halo(frame: Frame, px: Callable[[float], int], colour: str = "sun") -> Box:
    """Return what shows, below a card or a tile, that it is meant; what is sunny has a line of ink, or nobody sees it in a bright room."""
    edge = ("ink", px(0.35)) if colour == "sun" else ("", 0)
    return Box(frame.grown(px(0.75)), px(2.7), colour, *edge)


def fitting(text: str, size: int, width: int, *, is_bold: bool = False) -> int:
    """Return the greatest size of text, at most `size`, at which a line fits a width."""
    wide = text_width(text, size, is_bold)
    return size if wide <= width else max(6, size * width // wide)


def wrapped(text: str, size: int, width: int) -> list[str]:
    """Break a text into lines that fit a width, between its sentences where that makes no more of them."""
    lines = _filled(text, size, width)
    apart = [line for sentence in _BETWEEN.split(text) for line in _filled(sentence, size, width)] if len(lines) > 1 else lines
    return apart if len(apart) == len(lines) else lines


def _filled(text: str, size: int, width: int) -> list[str]:
    """Break a text into as few lines as fit a width; a word that does not is broken as a path is, else has a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        joint = " "
        for part in [word] if text_width(word, size) <= width else _PART.findall(word):
            if lines and text_width(lines[-1] + joint + part, size) <= width:
                lines[-1] += joint + part
            else:
                lines.append(part)
            joint = ""
    return lines


@lru_cache(maxsize=64)
def _evened(text: str, size: int, width: int) -> list[str]:
    """Break a text into as few lines as fit a width, and into the shortest of that number, so that no word is left alone."""
    lines = wrapped(text, size, width)
    for share in range(9, 0, -1):
        closer = wrapped(text, size, width * share // 10)
        if len(closer) > len(lines):
            break
        lines = closer
    return lines


def text_items(text: str, x: int, top: int, size: int, width: int, *, colour: str = "ink", align: int = 0) -> tuple[Label, ...]:
    """Return lines of text under one another from `top`: around a middle, as long as each other, or from a left edge."""
    step = round(size * 1.45)
    lines = wrapped(text, size, width) if align else _evened(text, size, width)
    return tuple(Label(line, x, top + step // 2 + step * row, size, colour, align=align) for row, line in enumerate(lines))


@lru_cache(maxsize=4)
def paper_items(room: Room) -> tuple[Item, ...]:
    """Return an empty page."""
    return (Box(room.frame, 0, "paper"),)


def banner_frame(room: Room, text: str, left: int | None = None) -> Frame:
    """Return where a banner is, at the top of the page and as high as its words: over the whole title, or from `left`, to the corner."""
    start = head_left(room) if left is None else left
    width = room.width - room.px(30) - start
    size = room.text("sentence")
    lines = wrapped(text, size, width - room.px(11))
    return Frame(start, room.px(1.6), width, max(room.px(8), round(size * 1.45) * len(lines) + room.px(3)))


def banner_items(room: Room, text: str, left: int | None = None) -> tuple[Item, ...]:
    """Return a banner that tells about trouble; "" for none. It never blocks anything."""
    if not text:
        return ()
    frame, size = banner_frame(room, text, left), room.text("sentence")
    step, width = round(size * 1.45), frame.width - room.px(11)
    top = frame.centre[1] - step * len(wrapped(text, size, width)) // 2
    return (
        Box(frame, room.px(2.2), "cream", "sun", room.px(0.5), room.px(0.8)),
        Art(picture_of("plug"), frame.left + room.px(5), frame.centre[1], room.unit * 0.06),
        *text_items(text, frame.left + room.px(9), top, size, width, align=-1),
    )


def ring_items(room: Room, spot: Spot | None) -> tuple[Item, ...]:
    """Return the ring around what the keyboard would tap."""
    if spot is None:
        return ()
    return (Box(spot.frame.grown(room.px(1)), room.px(3), "", "plum", room.px(0.6)),)


def back_spot(room: Room) -> Spot:
    """Return the way back, at the top left of every page but the first; it is the teacher's."""
    return Spot("back", Frame(room.px(MARGIN), room.px(MARGIN), room.px(7), room.px(7)), is_teachers=True)


def head_left(room: Room) -> int:
    """Return where the title begins."""
    return back_spot(room).frame.right + room.px(MARGIN)


def head_items(room: Room, title: str, pressed: frozenset[object], right: int | None = None) -> tuple[Item, ...]:
    """Return the way back and the page's title: beside it as far as `right`, or where it is too long for that, in lines below."""
    frame = back_spot(room).frame
    left, size = head_left(room), room.text("title")
    width = (room.width - room.px(28) if right is None else right - room.px(1)) - left
    back = button_items(room, frame, "back", is_pressed="back" in pressed)
    fits = fitting(title, size, width, is_bold=True)
    if fits > 0.7 * size:
        return (*back, Label(title, left, frame.centre[1], fits, is_bold=True, align=-1))
    wide = (left + width - frame.left) * 9 // 10  # lines are broken as if they were not bold
    below = text_items(title, frame.left, frame.bottom + room.px(0.8), room.text("name"), wide, align=-1)
    return (*back, *(replace(line, is_bold=True) for line in below))

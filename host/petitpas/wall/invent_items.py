"""How inventing looks: where its mat, things, answer and GO are, and the items of what is known of a challenge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from petitpas.program.blocks import Level
from petitpas.wall.inventing import MATS, THINGS, Answer, Inventing, Thing, line_of
from petitpas.wall.lesson_place import with_cells_in
from petitpas.wall.level_layout import ceiling_px, gap_px, least_px
from petitpas.wall.pages.page import Room
from petitpas.wall.pieces import text_items, wrapped
from petitpas.wall.profiles import PROFILES
from petitpas_sim.mat import Cell, Mat
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label, MatLayout

TOOLS = ("keep", "print")
"""What the teacher does with a challenge, above the ceiling."""

_BIGGEST, _BIGGEST_GO, _BIGGEST_TOOL = 14.5, 24.0, 12.0
_HEAD = 13.0
_EDGE, _MARGIN = 1.8, 2.4
_ROBOT_UNITS = 125
_MOST_CARDS = 15

_LOOKS = {
    "possible": ("leaf", "teal", "tick"),
    "far": ("cream", "sun", "footprints_3"),
    "winding": ("cream", "sun", "right"),
    "shut": ("lilac", "plum", "rock"),
    "shut_by": ("lilac", "plum", "rock"),
}
"""The card of an answer, its rim, and its picture."""


class News(NamedTuple):
    """What has become of a challenge: a picture, and the words."""

    picture: str
    text: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is: `answer` is above the ceiling, and so are `tools`; `things`, `go` and the mat's cells are below it."""

    things: dict[Thing, Frame]
    go: Frame
    mat: MatLayout
    answer: Frame
    tools: dict[str, Frame]


def size_of(room: Room, level: Level) -> tuple[int, int]:
    """Return columns and rows of a mat on which a level invents: as many as its hands have room for below the ceiling."""
    columns, rows = MATS[level]
    sizes = sorted(product(range(2, columns + 1), range(1, rows + 1)), key=lambda size: (size[0] * size[1], size[1]), reverse=True)
    least = least_px(room, PROFILES[level])
    return next((size for size in sizes if places(room, level, Mat(*size)).mat.cell((0, 0)).width >= least), sizes[-1])


def places(room: Room, level: Level, mat: Mat) -> Places:
    """Return where everything is in a room."""
    profile, gap = PROFILES[level], gap_px(room)
    top, least = ceiling_px(room, profile), least_px(room, profile)
    tall = max(1, room.height - top - room.px(_EDGE))
    rows = max(1, min(len(THINGS), (tall + gap) // (least + gap)))
    columns = -(-len(THINGS) // rows)
    rows = -(-len(THINGS) // columns)
    side = max(least, min(room.px(_BIGGEST), (tall - (rows - 1) * gap) // rows))
    left, first = room.px(_MARGIN), top + (tall - rows * side - (rows - 1) * gap) // 2
    step = side + gap
    things = {thing: Frame(left + at % columns * step, first + at // columns * step, side, side) for at, thing in enumerate(THINGS)}
    go_side = min(room.px(_BIGGEST_GO), round(room.width * 0.16), tall)
    go = Frame(room.width - room.px(_MARGIN) - room.px(1) - go_side, top + (tall - go_side) // 2, go_side, go_side)
    start = left + columns * step
    laid = with_cells_in(mat, Frame(start, top, max(1, go.left - gap - start), room.height - top), least, room.px(_EDGE))
    tools = _tools(room, laid.card.top)
    right = tools[TOOLS[0]].left - room.px(_MARGIN)
    return Places(things, go, laid, _answer(room, right, laid.card.top), tools)


def _tools(room: Room, bottom: int) -> dict[str, Frame]:
    top, gap = room.px(_HEAD), room.px(_MARGIN)
    side = max(room.px(6), min(room.px(_BIGGEST_TOOL), bottom - top - gap))
    right = room.width - room.px(_MARGIN)
    return {name: Frame(right - (len(TOOLS) - at) * (side + gap) + gap, top, side, side) for at, name in enumerate(TOOLS)}


def _answer(room: Room, right: int, bottom: int) -> Frame:
    left, top = room.px(_MARGIN), room.px(_HEAD)
    height = max(1, min(room.px(26), bottom - top - room.px(_MARGIN)))
    spare = bottom - top - room.px(_MARGIN) - height
    return Frame(left, top + max(0, spare) // 2, max(1, right - left), height)


# --- What is drawn -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def start_items(layout: MatLayout, inventing: Inventing, animal: str) -> tuple[Item, ...]:
    """Return the house with the robot on it, and the flower."""
    items: list[Item] = []
    if inventing.goal is not None:
        items.append(Art(picture_of("flower"), *layout.cell(inventing.goal).centre, layout.pitch / 150))
    if inventing.start is not None:
        x, y = layout.cell(inventing.start.cell).centre
        items.append(Art(picture_of("house"), x, y, layout.pitch / 150))
        items.append(Art(robot_picture(animal, "exact"), x, y, layout.pitch / _ROBOT_UNITS, 90 * inventing.start.quarter))
    return tuple(items)


def shut_items(layout: MatLayout, cells: Sequence[Cell]) -> tuple[Item, ...]:
    """Return the rocks that shut the way, each in a plum ring: the shape of the ring says it where colours do not."""
    items: list[Item] = []
    wide = max(2, round(layout.pitch * 0.06))
    for cell in cells:
        frame = layout.cell(cell)
        items.append(Box(frame.grown(wide // 2), round(layout.pitch * 0.14), "lilac", "plum", wide))
        items.append(Art(picture_of("rock"), *frame.centre, layout.pitch / 150))
    return tuple(items)


def answer_items(room: Room, frame: Frame, inventing: Inventing, found: Answer | None, news: News | None) -> tuple[Item, ...]:
    """Return what there is to know, a picture beside its words; `news` are said instead."""
    words, cards = room.words, 0
    line = line_of(inventing, found)
    fill, edge, picture = _LOOKS.get(line, ("cream", "edge", inventing.lacks or ""))
    text = words.text(f"wall.invent.{line}") if line else ""
    if found is not None and not inventing.lacks and (cards := found.invented.cards or 0):
        text += " " + words.text("wall.invent.needs_one" if cards == 1 else "wall.invent.needs", cards=cards)
        text += "" if found.invented.fits else " " + words.text("wall.invent.nearer")
    if news is not None:
        (picture, text), fill, edge, cards = news, "cream", "edge", 0
    if not text:
        return (Box(frame, room.px(2.8), fill, edge, room.px(0.25)),)
    return (
        Box(frame, room.px(2.8), fill, edge, room.px(0.4)),
        Art(picture_of(picture), frame.left + room.px(10), frame.centre[1], min(frame.height * 0.0075, room.unit * 0.14)),
        *_worded(room, frame, text, cards),
    )


def _worded(room: Room, frame: Frame, text: str, cards: int) -> Iterator[Item]:
    """Give the words, and below them as many cards as they speak of."""
    left, row = frame.left + room.px(20), room.px(7) if cards else 0
    width = frame.right - left - room.px(3)
    for size in (room.text("title"), room.text("name"), room.text("sentence")):  # where a file is takes some lines
        step, lines = round(size * 1.45), wrapped(text, size, width)
        if step * len(lines) + row <= frame.height:
            break
    top = frame.centre[1] - (step * len(lines) + row) // 2
    yield from text_items(text, left, top, size, width, align=-1)
    side, gap = room.px(5.4), room.px(1)
    shown = min(cards, _MOST_CARDS, width // (side + gap))
    for place in range(shown):
        card = Frame(left + place * (side + gap), top + step * len(lines) + room.px(1), side, side)
        yield Box(card, room.px(1.1), "sky", "ink", room.px(0.2))
    if shown < cards:
        yield Label("…", left + shown * (side + gap), top + step * len(lines) + room.px(3.7), size, align=-1)

"""From a lesson's mat to items: what lies on it, the sides of the room, the path that is shown, and what the class predicts or believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from petitpas.lessons.lesson import Variant
from petitpas.wall.pages.page import Room
from petitpas_sim.mat import Cell, Place
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label, MatLayout

SIDES = ("window", "door", "rug", "board")
"""What is at each side of every mat, clockwise from its top. Source: lessons/README.md."""

GHOST = 0.62
"""Of lilac, in the colours of a robot that was only believed."""

_SIDE, _BESIDE = 5.2, (7.0, 9.5)
"""Of the pictures of the room's sides, in units: how high above and below the mat, and how big beside it, at least and at most."""

_WORD = 8.6
"""Width of the longest of their words, in units."""

_DASHES = 3
_ASIDE = 0.13
"""Of a cell: how far the ghost's path is beside the middle, where the robot's own path is."""


def room_for_mat(frame: Frame, room: Room) -> Frame:
    """Return what is left of a frame for the mat itself, inside the sides of the room."""
    across, down = room.px(_SIDE + 4.4), room.px(_SIDE + 0.6)
    return Frame(frame.left + across, frame.top + down, max(1, frame.width - 2 * across), max(1, frame.height - 2 * down))


@lru_cache(maxsize=8)
def side_items(layout: MatLayout, room: Room, frame: Frame) -> tuple[Item, ...]:
    """
    Return the sides of the room around a mat: a picture each, and its word at the left and at the right.

    Args:
        frame: what is kept free for the mat; the pictures at the left and at the right are as big as it lets them be.
    """
    card, above, size = layout.card, room.px(_SIDE / 2 + 0.4), room.text("tile")
    (x, y), (beside, away) = card.centre, _beside(layout, room, frame)
    places = ((x, card.top - above), (card.right + away, y), (x, card.bottom + above), (card.left - away, y))
    turns = round(layout.turns)
    sides = [SIDES[(place - turns) % 4] for place in range(4)]
    items: list[Item] = []
    for at, (side, place) in enumerate(zip(sides, places, strict=True)):
        _, top, _, bottom = picture_of(side).bounds()
        items.append(Art(picture_of(side), *place, room.unit * (beside / 100 if at % 2 else _SIDE / (bottom - top))))
    for side, (left, top) in ((sides[place], places[place]) for place in (1, 3)):
        items.append(Label(room.words.text(f"print.sides.{side}"), left, top + room.px(beside / 2 + 0.4) + size // 2, size, "quiet"))
    return tuple(items)


def _beside(layout: MatLayout, room: Room, frame: Frame) -> tuple[float, int]:
    """Return how big the pictures at the left and at the right are, in units, and how far their middles are from the mat, in pixels."""
    free = min(layout.card.left - frame.left, frame.right - layout.card.right) / room.unit
    beside = min(_BESIDE[1], max(_BESIDE[0], free - 6))
    return beside, room.px(max(_SIDE + 0.8, beside / 2 + 2.4))


def left_of_sides(layout: MatLayout, room: Room, frame: Frame) -> int:
    """Return where the picture at the left of the mat begins, or its word where that is wider."""
    beside, away = _beside(layout, room, frame)
    return layout.card.left - away - room.px(max(beside, _WORD) / 2)


Things = tuple[tuple[Cell, str], ...]


def things_on(variant: Variant) -> Things:
    """Return what lies on the cells: the house at the start, a flower at the goal, or the lesson's own pictures there and elsewhere."""
    pictures = {variant.robots[0].start.cell: "house"}
    if variant.goal.type in ("reach", "order"):
        pictures[variant.goal.cells[-1]] = "flower"
    pictures |= dict(variant.landmarks)
    return tuple(pictures.items())


@lru_cache(maxsize=8)
def thing_items(layout: MatLayout, things: Things) -> tuple[Item, ...]:
    """Return the pictures on the cells."""
    return tuple(Art(picture_of(name), *layout.cell(cell).centre, layout.pitch / 150) for cell, name in things)


@lru_cache(maxsize=8)
def ribbon_items(layout: MatLayout, path: tuple[Cell, ...]) -> tuple[Item, ...]:
    """Return a path that is shown before anything is played: a ribbon from middle to middle."""
    half = max(2, round(layout.pitch * 0.16))
    items = []
    for a, b in pairwise(path):
        (ax, ay), (bx, by) = layout.cell(a).centre, layout.cell(b).centre
        left, top = min(ax, bx) - half, min(ay, by) - half
        items.append(Box(Frame(left, top, abs(ax - bx) + 2 * half, abs(ay - by) + 2 * half), half, "sky"))
    return tuple(dict.fromkeys(items))


def ring_items(layout: MatLayout, cells: Sequence[Cell]) -> tuple[Item, ...]:
    """Return what shows cells of a help: where the robot is in the sun, where it was to go in plum."""
    width = max(2, round(layout.pitch * 0.05))
    frames = [layout.cell(cell) for cell in cells]
    fills = ("glow", "lilac", "lilac")
    edges = ("sun", "plum", "plum")
    return tuple(Box(frame, round(layout.pitch * 0.1), fill, edge, width) for frame, fill, edge in zip(frames, fills, edges, strict=False))


@lru_cache(maxsize=8)
def ghost_items(layout: MatLayout, path: tuple[Cell, ...], end: Place, picture: tuple[str, str]) -> tuple[Item, ...]:
    """
    Return what was believed: a dashed path beside the robot's own, and at its end the robot, pale.

    Args:
        path: with the start.
        picture: name and kit of the robot.
    """
    pale = robot_picture(*picture).faded("lilac", GHOST)
    angle = 0 if picture[1] == "rocket" else layout.angle(90 * end.quarter)
    return (*_dashes(layout, path), Art(pale, *layout.cell(end.cell).centre, layout.pitch / 132, angle))


def _dashes(layout: MatLayout, path: tuple[Cell, ...]) -> Iterator[Item]:
    aside = round(layout.pitch * _ASIDE)
    for a, b in pairwise(path):
        (ax, ay), (bx, by) = layout.cell(a).centre, layout.cell(b).centre
        for dash in range(_DASHES):
            share = (dash + 0.5) / _DASHES
            x, y = round(ax + (bx - ax) * share), round(ay + (by - ay) * share)
            is_level = ay == by
            yield Art(
                picture_of("dash"), x if is_level else x + aside, y + aside if is_level else y, layout.pitch / 100, 0 if is_level else 90
            )


def token_items(layout: MatLayout, token: Place | None, has_nose: bool) -> tuple[Item, ...]:
    """Return the token of a prediction in the corner of its cell, with a nose where the heading is predicted too."""
    if token is None:
        return ()
    frame, scale = layout.cell(token.cell), layout.pitch / (230 if has_nose else 280)
    away = round(layout.pitch * (0.3 if has_nose else 0.2))
    x, y = frame.right - away, frame.top + away
    nose = (Art(picture_of("nose"), x, y, scale, layout.angle(90 * token.quarter)),) if has_nose else ()
    return (*nose, Art(picture_of("predict"), x, y, scale))


def slid(layout: MatLayout, dy: int) -> MatLayout:
    """Return a mat at another height."""
    card = layout.card
    return replace(layout, card=Frame(card.left, card.top + dy, card.width, card.height), bottom=layout.bottom + dy)

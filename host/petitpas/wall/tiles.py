"""From the board to items: how tiles, strip, GO, STOP, the robot's card and a notice look. Nothing is drawn here."""

from __future__ import annotations

import math
from functools import lru_cache

from petitpas.wall.board import CARDS, Board, Status
from petitpas.wall.layout import Layout
from petitpas.wall.pieces import fitting, halo, wrapped
from petitpas.words import Words
from petitpas_sim.snapshot import RobotSnapshot
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.palette import PALE, mix
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

PULSE_MS = 2400
PULSE_STEPS = 8
"""GO's ring has this many widths, 0 the narrowest."""

STATE_FILLS = {
    Status.READY: "card",
    Status.RUNNING: "sun",
    Status.DONE: "leaf",
    Status.OVER: "card",
    Status.BLOCKED: "lilac",
    Status.STOPPED: "card",
}


@lru_cache(maxsize=4)
def paper_items(width: int, height: int, band: Frame) -> tuple[Item, ...]:
    """Return what is below all else: paper and band."""
    return Box(Frame(0, 0, width, height), 0, "paper"), Box(band, 0, "band")


def _tile(layout: Layout, frame: Frame, fill: str, is_pressed: bool, is_pale: bool) -> Box:
    if is_pale:
        return Box(frame, layout.px(2.2), mix(fill, "band", PALE), mix("edge", "band", PALE), layout.px(0.25))
    if is_pressed:
        lowered = Frame(frame.left, frame.top + layout.px(0.3), frame.width, frame.height)
        return Box(lowered, layout.px(2.2), mix(fill, "ink", 0.1), "edge", layout.px(0.25))
    return Box(frame, layout.px(2.2), fill, "edge", layout.px(0.25), layout.px(0.8))


def tile_items(layout: Layout, board: Board, words: Words, pressed: frozenset[object]) -> tuple[Item, ...]:
    """Return the tiles; those that do nothing now are pale."""
    items: list[Item] = []
    for name, frame in layout.tiles:
        is_pale, is_pressed = not board.accepts(name), name in pressed
        items.append(_tile(layout, frame, "sky" if name in CARDS else "cream", is_pressed, is_pale))
        down = layout.px(0.3) if is_pressed and not is_pale else 0
        word = words.text(f"wall.{name}")
        size = fitting(word, layout.text("tile"), frame.width - layout.px(0.8))
        x, word_y = frame.centre[0], frame.bottom - round(size * 0.95) + down
        room = frame.height - round(size * 1.6)
        items.append(
            Art(
                picture_of(name, "band" if is_pale else ""),
                x,
                frame.top + round(room * 0.53) + down,
                min(room * 0.0086, frame.width * 0.0072),
            )
        )
        items.append(Label(word, x, word_y, size, "quiet" if is_pale else "ink"))
    return tuple(items)


def strip_items(layout: Layout, board: Board, pressed: frozenset[object], is_cue: bool, flight: float = 1.0) -> tuple[Item, ...]:
    """
    Return the strip: cards, the running one in the sun, the one that something stopped in plum, and the place for the next.

    `flight` is the share of the way, 0 to 1, that the last card has slid from its tile; `is_cue` shows a rim: the strip is full, or
    has nothing to run, and then the place for its first card is in the sun.
    """
    rim = ("plum", layout.px(0.5)) if is_cue else ("", 0)
    items: list[Item] = [Box(layout.strip, layout.px(2.8), "strip", *rim)]
    if is_cue and not board.cards:
        items.append(halo(layout.slots[0], layout.px))
        items.append(Box(layout.slots[0], layout.px(2.2), "strip"))
    for place, (card, slot) in enumerate(zip(board.cards, layout.slots, strict=False)):
        is_last = place == len(board.cards) - 1
        frame = between(dict(layout.tiles)[card], slot, flight) if is_last and flight < 1 else slot
        ring = "sun" if place == board.lit else "plum" if place == board.marked else ""
        if ring:
            items.append(halo(frame, layout.px, ring))
        items.append(_tile(layout, frame, "card", place in pressed, False))
        items.append(Art(picture_of(card), *frame.centre, frame.width * 0.0076))
    if len(board.cards) < len(layout.slots) and not board.is_running:
        frame = layout.slots[len(board.cards)]
        items.append(Art(picture_of("slot"), *frame.centre, frame.width / 100))
    return tuple(items)


def between(tile: Frame, slot: Frame, share: float) -> Frame:
    """Return where a card is on its way from its tile to its slot, slower and slower."""
    eased = 1 - (1 - share) ** 3
    (from_x, from_y), (to_x, to_y), half = tile.centre, slot.centre, slot.width // 2
    x, y = from_x + (to_x - from_x) * eased, from_y + (to_y - from_y) * eased
    return Frame(round(x) - half, round(y) - half, slot.width, slot.height)


def pulse_at(now_ms: int, is_calm: bool) -> int:
    """Return the width of GO's ring at a time: it breathes, unless what moves without need is left out."""
    if is_calm:
        return PULSE_STEPS // 2
    wave = 0.5 - 0.5 * math.cos(math.tau * (now_ms % PULSE_MS) / PULSE_MS)
    return round(wave * (PULSE_STEPS - 1))


def go_items(frame: Frame, board: Board, words: Words, is_pressed: bool, pulse: int) -> tuple[Item, ...]:
    """Return GO: pale without cards, with a ring of sunlight when it can be tapped, and an octagon that stops while a program runs."""
    if not frame.width:
        return ()
    (x, y), size = frame.centre, frame.width
    text_y, text_size = y + round(size * 0.31), max(6, round(size * 0.142))
    if board.is_running:
        scale = size / 100 * (0.88 if is_pressed else 0.91)
        stop = Label(words.text("wall.stop"), x, y + round(size * 0.27), text_size, "card", True)
        return Art(picture_of("octagon"), x, y, scale), Art(picture_of("square"), x, y - round(size * 0.08), scale * 0.58), stop
    if not board.cards:
        label = Label(words.text("wall.go"), x, text_y, text_size, "ink", True)
        return Art(picture_of("disc", "band"), x, y, size / 100), Art(picture_of("go"), x, y - round(size * 0.06), size * 0.0066), label
    ring = Art(picture_of("glow"), x, y, size / 100 * (1.09 + 0.07 * pulse / (PULSE_STEPS - 1)))
    scale = size / 100 * (0.97 if is_pressed else 1.0)
    label = Label(words.text("wall.go"), x, text_y, text_size, "card", True)
    return ring, Art(picture_of("disc"), x, y, scale), Art(picture_of("go"), x, y - round(size * 0.06), scale * 0.66), label


def side_items(layout: Layout, board: Board, robot: RobotSnapshot | None, words: Words) -> tuple[Item, ...]:
    """Return the robot's card: its picture, its name, and how it is."""
    if robot is None:
        return ()
    x, top = layout.side.centre[0], layout.side.top
    name = words.robot(robot.name)
    state, size = words.text(f"wall.{board.status.value}"), layout.text("state")
    is_done = board.status is Status.DONE
    tick = layout.px(4) if is_done else 0
    width = text_width(state, size) + layout.px(4) + tick
    pill = Frame(x - width // 2, top + layout.px(25.6), width, layout.px(4.8))
    items: list[Item] = [
        Art(robot_picture(robot.name, robot.kit), x, top + layout.px(8), layout.unit * 0.135),
        Label(name, x, top + layout.px(22), layout.text("name"), is_bold=True),
        Box(pill, pill.height // 2, STATE_FILLS[board.status], "edge", layout.px(0.2)),
        Label(state, x + tick // 2, pill.centre[1], size),
    ]
    if is_done:
        items.append(Art(picture_of("tick"), pill.left + layout.px(3.6), pill.centre[1], layout.unit * 0.042))
    return tuple(items)


def notice_items(layout: Layout, text: str) -> tuple[Item, ...]:
    """Return the card that tells about trouble, as high as its words; "" for none."""
    if not text:
        return ()
    frame, size = layout.notice, layout.text("sentence")
    lines = wrapped(text, size, frame.width - layout.px(3))
    step = round(size * 1.45)
    height = layout.px(9) + step * len(lines) + layout.px(1)
    card = Frame(frame.left, frame.top, frame.width, height)
    items: list[Item] = [Box(card, layout.px(2.2), "cream", "sun", layout.px(0.5), layout.px(0.8))]
    items.append(Art(picture_of("plug"), card.left + layout.px(5), card.top + layout.px(5), layout.unit * 0.07))
    top = card.top + layout.px(9) + step // 2
    return (*items, *(Label(line, card.left + layout.px(1.6), top + step * row, size, align=-1) for row, line in enumerate(lines)))

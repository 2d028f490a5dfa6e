"""Préparer: a lesson of a level, or all of them, as one file to print, opened by the system."""

from __future__ import annotations

from collections.abc import Hashable

from petitpas.printing import PARTS
from petitpas.program.blocks import Level
from petitpas.wall.desk import Desk
from petitpas.wall.pages.lessons_page import lessons_of, mat_items_of
from petitpas.wall.pages.page import IDLE_MS, STILL_MS, Back, Go, Layers, Page, Room, Spot
from petitpas.wall.paper import Press
from petitpas.wall.pieces import (
    back_spot,
    banner_items,
    button_items,
    fitting,
    grid,
    halo,
    head_items,
    paper_items,
    text_items,
    tile,
    wrapped,
)
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

USUAL = ("sheet", "cards", "mat")
"""The parts that are ticked at first."""

BOOKLET = "booklet"
"""In the place of a lesson: the whole level."""

_SIZES = ("a4", "a3")
_COLUMNS = 3
_TWO = 2


class PreparePage(Page):
    """A level's lessons on the left, what is to be printed of the chosen one on the right, and the printer."""

    def __init__(self, desk: Desk, level: Level) -> None:
        self._desk = desk
        self._level = level
        self._lessons, self._broken = lessons_of(level)
        last = desk.school.snapshot.hand.key.lesson
        self._chosen = next((lesson.id for lesson in self._lessons if lesson.id == last), self._lessons[0].id if self._lessons else "")
        self._parts = set(USUAL)
        self._size = _SIZES[0]
        self._press = Press(desk.printer, desk.aside)

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room
        self._mats = {lesson.id: mat_items_of(lesson.variant("pas"), self._picture(self._cards()[lesson.id])) for lesson in self._lessons}

    # --- Where things are ------------------------------------------------------------------------------------------------

    def _cards(self) -> dict[str, Frame]:
        """Return where the lessons are, and the booklet below them."""
        room = self._room
        left, top, gap, low = room.px(3), room.px(13), room.px(2), room.px(9)
        width = (self._side().left - room.px(3) - left - (_COLUMNS - 1) * gap) // _COLUMNS
        rows = -(-len(self._lessons) // _COLUMNS) or 1
        height = (room.height - top - room.px(3) - low - rows * gap) // rows
        cards = grid((lesson.id for lesson in self._lessons), _COLUMNS, Frame(left, top, width, height), gap)
        cards[BOOKLET] = Frame(left, room.height - room.px(3) - low, _COLUMNS * (width + gap) - gap, low)
        return cards

    def _picture(self, card: Frame) -> Frame:
        pad = self._room.px(1.4)
        return Frame(card.left + pad, card.top + self._room.px(6), card.width - 2 * pad, card.height - self._room.px(6) - pad)

    def _side(self) -> Frame:
        """Return the sheet on the right."""
        room = self._room
        width = min(room.px(48), room.width // 3)
        return Frame(room.width - room.px(3) - width, room.px(13), width, room.height - room.px(16))

    def _ticks(self) -> dict[str, Frame]:
        """Return where the parts are, in two columns, and the sizes of paper below them."""
        room, side = self._room, self._side()
        gap, pad = room.px(1.2), room.px(2)
        width, height = (side.width - 2 * pad - gap) // _TWO, room.px(6.6)
        return grid((*PARTS, *_SIZES), _TWO, Frame(side.left + pad, side.top + pad, width, height), gap)

    def _printer(self) -> Frame:
        room, side = self._room, self._side()
        size = room.px(14)
        return Frame(side.centre[0] - size // 2, side.bottom - room.px(2) - size, size, size)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, the lessons, what can be printed of them, and the printer."""
        spots = [back_spot(self._room)]
        spots += (Spot(("lesson", name), frame, True) for name, frame in self._cards().items())
        spots += (Spot(("tick", name), frame, True) for name, frame in self._ticks().items())
        if self._chosen:
            spots.append(Spot("print", self._printer(), True))
        return tuple(spots)

    # --- What is tapped --------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Choose a lesson, tick a part, or print."""
        if name == "back":
            return Back()
        if name == "print":
            self._print()
        elif isinstance(name, tuple):
            kind, what = name
            if kind == "lesson":
                self._chosen = what
            elif what in _SIZES:
                self._size = what
            else:
                self._parts ^= {what}
            self._press.forget()
        return None

    def _print(self) -> None:
        lesson = next((lesson for lesson in self._lessons if lesson.id == self._chosen), None)
        parts = tuple(part for part in PARTS if part in self._parts) or USUAL
        self._parts = set(parts)
        self._press.print(lesson or self._level, self._room.words.lang, parts, self._size)

    def step(self, now_ms: int) -> Go | None:
        """Open what has been written."""
        self._press.step()
        return None

    def wait_ms(self) -> int:
        """Look often while the pages are being made."""
        return IDLE_MS if self._press.is_at_work else STILL_MS

    def close(self) -> None:
        """Let go of pages that are not there yet."""
        self._press.close()

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the lessons, the sheet of ticks, the printer, and what became of the pages."""
        room, words = self._room, self._room.words
        items: list[Item] = []
        for name, card in self._cards().items():
            items += self._card(name, card, pressed)
        title = words.text("wall.prepare.title", level=self._level)
        trouble = self._press.said(words) if self._press.has_trouble else ""
        broken = words.text("wall.lessons.broken", lessons=", ".join(self._broken)) if self._broken else ""
        banner = banner_items(room, trouble or broken, room.px(36))
        return paper_items(room), head_items(room, title, pressed), tuple(items), self._sheet(pressed), banner

    def _card(self, name: str, card: Frame, pressed: frozenset[Hashable]) -> list[Item]:
        room, words = self._room, self._room.words
        items: list[Item] = [halo(card, room.px)] if name == self._chosen else []
        box, down = tile(room, card, "card", ("lesson", name) in pressed, radius=2.6)
        lesson = next((lesson for lesson in self._lessons if lesson.id == name), None)
        title = words.text("wall.prepare.booklet", level=self._level) if lesson is None else lesson.title
        y = card.centre[1] if lesson is None else card.top + room.px(3.4)
        size = fitting(title, room.text("sentence"), card.width - room.px(3), is_bold=True)
        return [*items, box, *(self._mats.get(name, ())), Label(title, card.centre[0], y + down, size, is_bold=True)]

    def _sheet(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, words, side = self._room, self._room.words, self._side()
        items: list[Item] = [Box(side, room.px(2.8), "cream", "edge", room.px(0.25), room.px(0.8))]
        for name, frame in self._ticks().items():
            is_on = name in self._parts or name == self._size
            box, down = tile(room, frame, "leaf" if is_on else "card", ("tick", name) in pressed, radius=1.6)
            text = words.text(f"wall.prepare.parts.{name}")
            left = frame.left + room.px(5.4)
            wide = room.px(2.6)
            hole = Frame(frame.left + room.px(3) - wide // 2, frame.centre[1] + down - wide // 2, wide, wide)
            items += (box, Box(hole, room.px(0.6), "card", "ink" if is_on else "dash", room.px(0.25)))
            if is_on:
                items.append(Art(picture_of("tick"), *hole.centre, room.unit * 0.034))
            size = fitting(text, room.text("tile"), frame.right - left - room.px(0.8))
            items.append(Label(text, left, frame.centre[1] + down, size, align=-1))
        if self._chosen:
            fill = "sun" if self._press.is_at_work else "leaf"
            items += button_items(room, self._printer(), "printer", fill=fill, is_pressed="print" in pressed)
        said = "" if self._press.has_trouble else self._press.said(words)
        text, size, width = said or words.text("wall.prepare.ready"), room.text("tile"), side.width - room.px(4)
        above, below = max(frame.bottom for frame in self._ticks().values()), self._printer().top
        top = (above + below - round(size * 1.45) * len(wrapped(text, size, width))) // 2
        return (*items, *text_items(text, side.centre[0], top, size, width))

"""The challenges that the class has invented, by picture: a new one first, then those that are kept, the newest first."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from petitpas.classroom.commands import ForgetInvention, OpenLesson
from petitpas.classroom.records import Invention
from petitpas.lessons import Lesson
from petitpas.program.blocks import Level
from petitpas.wall.desk import Desk
from petitpas.wall.invent_items import start_items
from petitpas.wall.inventing import VARIANT, kept_for, lesson_of_kept, of_kept, title_of
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.page import IDLE_MS, STILL_MS, Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.paper import Press
from petitpas.wall.pieces import back_spot, banner_items, button_items, fitting, grid, head_items, paper_items, text_items, tile
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label, MatLayout, ground_items

_GRIDS = ((4, 2), (6, 3), (10, 5))
"""Columns and rows of cards, from the biggest cards on: the last has room for all that a class keeps."""

NEW = "new"


class ChallengesPage(Page):
    """What a level can play of what was invented."""

    def __init__(self, desk: Desk, level: Level) -> None:
        self._press = Press(desk.printer, desk.aside)
        self._desk = desk
        self._level = level
        self._asked: int | None = None  # the number of a challenge to be erased, once its cross was tapped

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    @property
    def _kept(self) -> tuple[Invention, ...]:
        return kept_for(self._level, self._desk.school.snapshot)

    def _cards(self) -> dict[int, Frame]:
        """Return where the cards are, by the number of their challenge; 0 is the new one's."""
        room, numbers = self._room, (0, *(one.number for one in self._kept))
        columns, rows = next(grid for grid in _GRIDS if grid[0] * grid[1] >= len(numbers))
        left, top = room.px(3.4), room.px(13)
        gap = room.px(2.6 if rows == _GRIDS[0][1] else 1.4)
        width = (room.width - 2 * left - (columns - 1) * gap) // columns
        height = (room.height - top - room.px(2.4) - (rows - 1) * gap) // rows
        return grid(numbers, columns, Frame(left, top, width, height), gap)

    def _tool(self, card: Frame, at: int) -> Frame:
        """Return where a card's cross is (0), and below it its printer (1)."""
        side = max(self._room.px(5), card.height // 5)
        pad = self._room.px(0.8)
        return Frame(card.right - pad - side, card.top + pad + at * (side + pad), side, side)

    def _picture(self, card: Frame) -> Frame:
        """Return where a card's mat is: left of the cross, above the title."""
        pad = self._room.px(1.2)
        right = self._tool(card, 0).left - self._room.px(0.8)
        return Frame(card.left + pad, card.top + pad, right - card.left - pad, card.height - 2 * pad - self._room.px(4))

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, the new one, and for each kept one its mat, its cross and its printer."""
        cards = self._cards()
        spots = [back_spot(self._room), Spot(NEW, cards.pop(0), True)]
        for number, card in cards.items():
            tools = (Spot(("erase", number), self._tool(card, 0), True), Spot(("print", number), self._tool(card, 1), True))
            spots += (Spot(("play", number), self._picture(card), True), *tools)
        return tuple(spots)

    def tap(self, name: Hashable) -> Go | None:
        """Invent, play, print, or erase at the second tap on the same cross."""
        asked, self._asked = self._asked, None
        self._press.forget()
        if name == "back":
            return Back()
        if name == NEW:
            return Open(partial(InventPage, self._desk, self._level))
        if isinstance(name, tuple) and name[0] == "erase":
            if asked == name[1]:
                self._desk.school.do(ForgetInvention(name[1]))
            else:
                self._asked = name[1]
        elif isinstance(name, tuple) and (lesson := self._lesson(name[1])) is not None:
            if name[0] == "play":
                return self._play(lesson)
            self._press.print(lesson, self._room.words.lang)
        return None

    def _lesson(self, number: int) -> Lesson | None:
        invention = next((one for one in self._kept if one.number == number), None)
        return lesson_of_kept(invention, self._level, self._room.words) if invention else None

    def _play(self, lesson: Lesson) -> Go:
        self._desk.school.do(OpenLesson(lesson.id, VARIANT))
        return Open(partial(self._desk.open_lesson, self._desk, lesson, lesson.variant(VARIANT)))

    def step(self, now_ms: int) -> Go | None:
        """Open pages once they are there."""
        self._press.step()
        return None

    def close(self) -> None:
        """Let go of pages that are not made yet."""
        self._press.close()

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return IDLE_MS if self._press.is_at_work else STILL_MS

    # --- What is drawn -----------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return a card for each challenge."""
        room, cards, title = self._room, self._cards(), self._room.words.text("wall.invent.ours")
        items = self._new_items(cards[0], NEW in pressed)
        if not self._kept:
            left, size = cards[0].right + room.px(5), room.text("title")
            width = room.width - left - room.px(5)
            items += text_items(room.words.text("wall.invent.none"), left, cards[0].centre[1] - size, size, width, colour="quiet", align=-1)
        for invention in self._kept:
            items += self._card_items(invention, cards[invention.number], pressed)
        news = banner_items(room, self._press.said(room.words))
        return paper_items(room), head_items(room, title, pressed), tuple(items), news

    def _new_items(self, card: Frame, is_pressed: bool) -> list[Item]:
        room, word = self._room, self._room.words.text("wall.invent.new")
        box, down = tile(room, card, "leaf", is_pressed, radius=3.4)
        (x, y), size = card.centre, fitting(word, room.text("title"), card.width - room.px(3), is_bold=True)
        return [
            box,
            Art(picture_of("plus"), x, y - room.px(3) + down, min(card.width, card.height) * 0.0042),
            Label(word, x, card.bottom - round(size * 1.6) + down, size, is_bold=True),
        ]

    def _card_items(self, invention: Invention, card: Frame, pressed: frozenset[Hashable]) -> list[Item]:
        room, is_asked = self._room, self._asked == invention.number
        box, down = tile(room, card, "card", ("play", invention.number) in pressed, radius=2.2)
        title = title_of(invention, room.words)
        size = fitting(title, room.text("name"), card.width - room.px(2.4), is_bold=True)
        layout = MatLayout.fit(invention.mat, self._picture(card))
        cross, printer = self._tool(card, 0), self._tool(card, 1)
        ring = [Box(cross.grown(room.px(0.6)), room.px(2.4), "plum")] if is_asked else []
        return [
            box,
            *ground_items(layout, None, ()),
            *start_items(layout, of_kept(invention), self._desk.school.snapshot.robot.animal),
            Label(title, card.centre[0], card.bottom - room.px(2.6) + down, size, is_bold=True),
            *ring,
            *button_items(
                room,
                cross,
                "tick" if is_asked else "clear",
                fill="lilac" if is_asked else "cream",
                is_pressed=("erase", invention.number) in pressed,
            ),
            *button_items(room, printer, "prepare", fill="cream", is_pressed=("print", invention.number) in pressed),
        ]

"""
Inventing a challenge: a house, a flower and rocks on a mat within reach, and at once whether it can be solved, and in how many cards.

What is being made is an `Inventing`; GO plays it as any lesson is played, and the teacher keeps or prints it.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from petitpas.classroom.commands import OpenLesson, SetStrip
from petitpas.classroom.records import MAX_INVENTIONS
from petitpas.lessons import Lesson
from petitpas.program.blocks import Level
from petitpas.wall.asking import Asking
from petitpas.wall.board import Board
from petitpas.wall.desk import Desk
from petitpas.wall.invent_items import News, Places, answer_items, places, shut_items, size_of, start_items
from petitpas.wall.inventing import LESSON, THINGS, VARIANT, Answer, Inventing, answer, keeping, kept_as, lesson_of, line_of, title_of
from petitpas.wall.lesson_items import worded_items
from petitpas.wall.pages.page import IDLE_MS, Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.paper import Press
from petitpas.wall.pieces import back_spot, halo, head_items, paper_items
from petitpas.wall.tiles import go_items, pulse_at
from petitpas_sim.view.scene import Box, Frame, Item, ground_items

PAPER = "prepare"
"""The picture of what is printed."""


class InventPage(Page):
    """A mat on which a level invents."""

    def __init__(self, desk: Desk, level: Level) -> None:
        self._desk = desk
        self._level = level
        self._asking: Asking[Answer] = Asking(answer, desk.aside)
        self._press = Press(desk.printer, desk.aside)
        self._news: News | None = None
        self._line = ""
        self._played: Inventing | None = None
        self._made: Inventing | None = None
        self._now_ms = 0

    def fit(self, room: Room) -> None:
        """Take another size, language or setting; the mat stays as big as there was room for at first."""
        self._room = room
        if self._made is None:
            self._made = Inventing(*size_of(room, self._level))

    @property
    def inventing(self) -> Inventing:
        """The challenge so far."""
        assert self._made is not None
        return self._made

    @property
    def found(self) -> Answer | None:
        """What is known of the challenge, None while something is missing, or as long as it is not known."""
        return self._asking.found if self.inventing.lacks is None else None

    @property
    def can_play(self) -> bool:
        """Whether there is a way to the flower."""
        return self.found is not None and self.found.invented.cards is not None

    def _places(self) -> Places:
        return places(self._room, self._level, self.inventing.mat)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back and what the teacher does with a challenge; the things, the cells and GO."""
        at, mat = self._places(), self.inventing.mat
        teachers = (back_spot(self._room), *(Spot(name, frame, True) for name, frame in at.tools.items()))
        cells = ((column, row) for column in range(mat.columns) for row in range(mat.rows))
        return (
            *teachers,
            *(Spot(thing, frame) for thing, frame in at.things.items()),
            *(Spot(cell, at.mat.cell(cell)) for cell in cells),
            Spot("go", at.go),
        )

    # --- What is done ------------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Take a thing in hand, put it or take it off, play, keep or print."""
        if name == "back":
            return Back()
        if name == "go":
            return self._play()
        if name == "keep":
            self._keep()
        elif name == "print":
            self._print()
        elif name in THINGS or isinstance(name, tuple):
            self._tell(name)
        return None

    def _tell(self, command: Hashable) -> None:
        before, self._news = self.inventing, None
        self._press.forget()
        self._made = now = before.told(command)  # type: ignore[arg-type]
        if len(now.things) != len(before.things) or now.start != before.start:
            self._desk.sounds.play("take" if len(now.things) < len(before.things) else "put")
        if command in THINGS:
            self._desk.sounds.say(f"wall.invent.{command}", "tile")
        if now.lacks is None:
            self._asking.ask(now, self._level)

    def _play(self) -> Go | None:
        lesson = self._lesson()
        if lesson is None:
            return None
        self._desk.school.do(OpenLesson(LESSON, VARIANT))
        if self.inventing != self._played:
            self._desk.school.do(SetStrip(()))
            self._played = self.inventing
        return Open(partial(self._desk.open_lesson, self._desk, lesson, lesson.variant(VARIANT)))

    def _lesson(self) -> Lesson | None:
        return lesson_of(self.inventing, self._level, self._room.words.text("wall.invent.title")) if self.can_play else None

    def _keep(self) -> None:
        """Keep the challenge, once."""
        if not self.can_play:
            return
        school, words = self._desk.school, self._room.words
        if not school.snapshot.has_room:
            self._news = News("basket", words.text("wall.invent.no_room", most=MAX_INVENTIONS))
            return
        there = kept_as(self.inventing, school.snapshot)
        if there is None:
            school.do(keeping(self.inventing, school.snapshot))
            there = school.snapshot.inventions[-1]
        self._news = News("basket", words.text("wall.invent.kept", title=title_of(there, words)))

    def _print(self) -> None:
        lesson = self._lesson()
        if lesson is not None:
            self._news = None
            self._press.print(lesson, self._room.words.lang)

    def step(self, now_ms: int) -> Go | None:
        """Say what is known of the challenge once it is, and open the pages once they are there."""
        self._now_ms = now_ms
        line = line_of(self.inventing, self.found)
        if line and line != self._line:
            self._desk.sounds.say(f"wall.invent.{line}", "bubble")
            self._line = line
        self._press.step()
        return None

    def close(self) -> None:
        """Let go of what is not known yet."""
        self._asking.close()
        self._press.close()

    # --- What is drawn -----------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the mat in the band, the things beside it, and above them what is known."""
        room, at, inventing, found = self._room, self._places(), self.inventing, self.found
        band_top = min(at.mat.card.top - room.px(1), at.go.top)
        animal = self._desk.school.snapshot.robot.animal
        board = Board(("forward",) if self.can_play else ())
        return (
            (*paper_items(room), Box(Frame(0, band_top, room.width, room.height - band_top), 0, "band")),
            head_items(room, room.words.text("wall.invent.title"), pressed, at.tools["keep"].left),
            ground_items(at.mat, None, ()),
            shut_items(at.mat, found.shut if found else ()),
            start_items(at.mat, inventing, animal),
            self._things(at, pressed),
            go_items(at.go, board, room.words, "go" in pressed, pulse_at(self._now_ms, room.is_calm)),
            answer_items(room, at.answer, inventing, found, self._told()),
            self._tools(at, pressed),
        )

    def _told(self) -> News | None:
        """Return what has come of keeping, or of printing."""
        said = self._press.said(self._room.words)
        return self._news or (News(PAPER, said) if said else None)

    def _things(self, at: Places, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        """Return what can be put; what is in hand is in the sun."""
        room = self._room
        items: list[Item] = []
        for thing, frame in at.things.items():
            if thing == self.inventing.thing:
                items.append(halo(frame, room.px))
            items += worded_items(room, frame, thing, room.words.text(f"wall.invent.{thing}"), "card", thing in pressed)
        return tuple(items)

    def _tools(self, at: Places, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, pictures = self._room, {"keep": "basket", "print": PAPER}
        items: list[Item] = []
        for name, frame in at.tools.items():
            word = room.words.text(f"wall.invent.{name}")
            items += worded_items(room, frame, pictures[name], word, "leaf", name in pressed, not self.can_play)
        return tuple(items)

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return IDLE_MS

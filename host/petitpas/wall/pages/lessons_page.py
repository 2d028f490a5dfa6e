"""The lessons of a level, by picture: the six mats of its séquence with what lies on them, each with three footprints to choose a step."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from petitpas.classroom.commands import Observe, OpenLesson
from petitpas.classroom.records import OBSERVATIONS
from petitpas.errors import KitError
from petitpas.lessons import VARIANTS, Lesson, Variant, load_lesson
from petitpas.lessons.load import lessons_folder
from petitpas.lessons.programmes import Reference, all_references, all_sequences
from petitpas.program.blocks import Level
from petitpas.wall.desk import Desk
from petitpas.wall.pages.challenges_page import ChallengesPage
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pieces import back_spot, banner_items, button_items, fitting, grid, head_items, paper_items, tile, wrapped
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label, MatLayout, ground_items

_COLUMNS, _ROWS = 3, 2
INVENT = "invent"
_LEAST_TITLE, _TWO_LINES = 0.72, 0.82
"""Of its usual size: a title that would be smaller than the first in one line has two of the second."""

_BADGE = 4.4
"""Height of a badge with the gap above it, in units."""


def lessons_of(level: Level, folder: Path | None = None) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
    """Return the lessons of a level in their order, and the names of those that do not open, or of the file that names them."""
    found: list[Lesson] = []
    broken: list[str] = []
    try:
        sequences = all_sequences(folder)
    except KitError:
        return (), ("sequences.toml",)
    for name in (name for sequence in sequences if level in sequence.levels for name in sequence.lessons):
        try:
            found.append(load_lesson((folder or lessons_folder()) / name))
        except KitError:
            broken.append(name)
    return tuple(found), tuple(broken)


def _references(folder: Path | None) -> Mapping[str, Reference]:
    """Return what lessons refer to; without its file they are shown without badges of the programmes."""
    try:
        return all_references(folder)
    except KitError:
        return {}


class LessonsPage(Page):
    """
    A level's lessons.

    Args:
        folder: of the lessons; None: those that come with Petit Pas.
    """

    def __init__(self, desk: Desk, level: Level, folder: Path | None = None) -> None:
        self._desk = desk
        self._level = level
        lessons, self._broken = lessons_of(level, folder)
        self._shown = lessons[: _COLUMNS * _ROWS]
        self._references = _references(folder)

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room
        self._mats = {
            lesson.id: mat_items_of(lesson.variant("pas"), self._picture(lesson, self._cards()[lesson.id])) for lesson in self._shown
        }

    @property
    def _title(self) -> str:
        name = self._room.words.text(f"levels.{self._level}")
        return name if name == self._level else f"{self._level} · {name}"

    def _invent(self) -> Frame:
        """Return where inventing is: beside the title."""
        room, back = self._room, back_spot(self._room).frame
        width, most = room.px(21), room.width - room.px(30)
        left = back.right + room.px(5) + text_width(self._title, room.text("title"), True)
        return Frame(min(left, most - width), back.top, width, back.height)

    def _notes(self) -> dict[str, Frame]:
        """Return where the teacher notes how the last lesson was done, left of the corner; nowhere, where it is not one of these."""
        room, top = self._room, back_spot(self._room).frame
        if self._broken or self._desk.school.snapshot.hand.key.lesson not in {lesson.id for lesson in self._shown}:
            return {}
        side, gap = top.height, room.px(1.6)
        left = room.width - room.px(30) - len(OBSERVATIONS) * (side + gap)
        return {how: Frame(left + at * (side + gap), top.top, side, side) for at, how in enumerate(OBSERVATIONS)}

    def _cards(self) -> dict[str, Frame]:
        room = self._room
        gap, top = room.px(2.6), room.px(13)
        width = (room.width - 2 * room.px(3.4) - 2 * gap) // _COLUMNS
        height = (room.height - top - room.px(2.4) - gap) // 2
        left = room.px(3.4)
        return grid((lesson.id for lesson in self._shown), _COLUMNS, Frame(left, top, width, height), gap)

    def _below(self, lesson: Lesson) -> int:
        """Return the height that a lesson's badges take at the bottom of its card, its margin included."""
        return self._room.px(1.6 + _BADGE * len(self._badges(lesson)))

    def _feet(self, lesson: Lesson, card: Frame) -> dict[str, Frame]:
        """Return where the three footprints are: a column at the right of a card."""
        room, gap = self._room, self._room.px(1.2)
        top = card.top + room.px(7.6)
        side = min(room.px(9), (card.bottom - self._below(lesson) - top - 2 * gap) // 3)
        left = card.right - room.px(1.6) - side
        return {variant: Frame(left, top + at * (side + gap), side, side) for at, variant in enumerate(VARIANTS)}

    def _picture(self, lesson: Lesson, card: Frame) -> Frame:
        room, foot = self._room, self._feet(lesson, card)[VARIANTS[0]]
        left = card.left + room.px(1.6)
        return Frame(left, foot.top, foot.left - room.px(1.6) - left, card.bottom - self._below(lesson) - foot.top)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, inventing, notes, and for each lesson its mat and its three footprints."""
        spots = [back_spot(self._room), Spot(INVENT, self._invent(), True)]
        spots += (Spot(how, frame, True) for how, frame in self._notes().items())
        cards = self._cards()
        for lesson in self._shown:
            card = cards[lesson.id]
            spots.append(Spot((lesson.id, "pas", "mat"), self._picture(lesson, card), True))
            spots += (Spot((lesson.id, variant, "feet"), frame, True) for variant, frame in self._feet(lesson, card).items())
        return tuple(spots)

    def tap(self, name: Hashable) -> Go | None:
        """Open a variant of a lesson, or the challenges of the class."""
        if name == INVENT:
            return Open(partial(ChallengesPage, self._desk, self._level))
        if name in OBSERVATIONS:
            noted = self._desk.school.snapshot.work.observation
            self._desk.school.do(Observe("" if noted is not None and noted.how == name else str(name)))
            return None
        if not isinstance(name, tuple):
            return Back() if name == "back" else None
        lesson = next((lesson for lesson in self._shown if lesson.id == name[0]), None)
        if lesson is None:
            return None
        self._desk.school.do(OpenLesson(lesson.id, name[1]))
        return Open(partial(self._desk.open_lesson, self._desk, lesson, lesson.variant(name[1])))

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return a card for each lesson, and a banner where one does not open."""
        room, words = self._room, self._room.words
        broken = words.text("wall.lessons.broken", lessons=", ".join(self._broken)) if self._broken else ""
        left = self._invent().right + room.px(2.4)
        cards = self._cards()
        items: list[Item] = []
        for number, lesson in enumerate(self._shown, start=1):
            items += self._card(lesson, lesson.session or number, cards[lesson.id], pressed)
        head = (*head_items(room, self._title, pressed, self._invent().left), *self._invent_items(INVENT in pressed))
        return paper_items(room), (*head, *self._note_items(pressed)), tuple(items), banner_items(room, broken, left)

    def _note_items(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        """Return the three notes, the one that was taken in the sun, behind the fruit of the group that it is about."""
        room, state, frames = self._room, self._desk.school.snapshot, self._notes()
        noted, fruit = state.work.observation, state.hand.key.fruit
        items: list[Item] = []
        for how, frame in frames.items():
            fill = "sun" if noted is not None and noted.how == how else "card"
            items += button_items(room, frame, how, fill=fill, is_pressed=how in pressed)
        if frames and fruit:
            first = frames[OBSERVATIONS[0]]
            items.append(Art(picture_of(fruit), first.left - room.px(4.6), first.centre[1], room.unit * 0.058))
        return tuple(items)

    def _invent_items(self, is_pressed: bool) -> tuple[Item, ...]:
        room, frame, word = self._room, self._invent(), self._room.words.text("wall.invent.title")
        box, down = tile(room, frame, "leaf", is_pressed)
        y, left = frame.centre[1] + down, frame.left + room.px(8)
        size = fitting(word, room.text("name"), frame.right - left - room.px(1), is_bold=True)
        picture = Art(picture_of("flower"), frame.left + room.px(4.4), y, room.unit * 0.055)
        return box, picture, Label(word, left, y, size, is_bold=True, align=-1)

    def _card(self, lesson: Lesson, number: int, card: Frame, pressed: frozenset[Hashable]) -> list[Item]:
        room = self._room
        x, y = card.left + room.px(4.2), card.top + room.px(3.9)
        is_pressed = (lesson.id, "pas", "mat") in pressed
        items: list[Item] = [
            tile(room, card, "card", is_pressed, radius=3.4)[0],
            Label(str(number), x, y, room.px(3.2), "teal", is_bold=True),
            *self._title_items(lesson.title, x + room.px(2.6), y, card.right - x - room.px(5)),
            *self._mats[lesson.id],
        ]
        key = self._desk.school.snapshot.hand.key
        for at, (variant, frame) in enumerate(self._feet(lesson, card).items(), start=1):
            is_last = (key.lesson, key.variant) == (lesson.id, variant)
            is_down = (lesson.id, variant, "feet") in pressed
            items += button_items(room, frame, f"footprints_{at}", fill="sun" if is_last else "leaf", is_pressed=is_down, share=1.0)
        return items + self._badge_items(lesson, card)

    def _title_items(self, title: str, left: int, middle: int, width: int) -> list[Item]:
        """Return a lesson's title: one that is too long for a line in two, rather than small."""
        size = self._room.text("name")
        fits = fitting(title, size, width, is_bold=True)
        if fits > _LEAST_TITLE * size:
            return [Label(title, left, middle, fits, is_bold=True, align=-1)]
        size = round(_TWO_LINES * size)
        lines, step = wrapped(title, size, width * 9 // 10), round(size * 1.15)  # bold is wider
        top = middle - step * (len(lines) - 1) // 2
        return [Label(line, left, top + at * step, size, is_bold=True, align=-1) for at, line in enumerate(lines)]

    def _badges(self, lesson: Lesson) -> list[str]:
        """Return what a teacher must see at once: beyond the programmes, or not in force yet."""
        words, today = self._room.words, date.today()
        found = [words.text("levels.enrichment")] if any(variant.is_enrichment for variant in lesson.variants) else []
        begins = [self._references[code].begins for code in lesson.references if code in self._references]
        return [*found, words.text("print.from", year=min(begins).year)] if begins and min(begins) > today else found

    def _badge_items(self, lesson: Lesson, card: Frame) -> list[Item]:
        room = self._room
        items: list[Item] = []
        for at, text in enumerate(self._badges(lesson)):
            size = fitting(text, room.text("tile"), card.width - room.px(5))
            width, height = text_width(text, size) + room.px(2.4), room.px(_BADGE - 0.6)
            top = card.bottom - self._below(lesson) + room.px(0.6 + _BADGE * at)
            frame = Frame(card.centre[0] - width // 2, top, width, height)
            items += [Box(frame, height // 2, "cream", "plum", max(1, room.px(0.25))), Label(text, *frame.centre, size)]
        return items


def mat_items_of(variant: Variant, frame: Frame) -> tuple[Item, ...]:
    """Return a small picture of a variant's mat: cells, what lies on them, the goals where nothing does, and the robots."""
    layout = MatLayout.fit(variant.mat, frame)
    cells = variant.goal.cells or ((variant.goal.place.cell,) if variant.goal.place else ())
    bare = tuple(cell for cell in cells[-1:] if cell not in variant.landmarks)
    scale = layout.pitch / 150
    marks = (Art(picture_of(name), *layout.cell(cell).centre, scale) for cell, name in variant.landmarks.items())
    robots = (
        Art(robot_picture(robot.name, robot.kit), *layout.cell(robot.start.cell).centre, layout.pitch / 125, 90 * robot.start.quarter)
        for robot in variant.robots
    )
    return (*ground_items(layout, None, bare), *marks, *robots)

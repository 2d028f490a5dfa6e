"""
The first page: four pictures, the volume, and the way back to where the class was.

Everything on it is the teacher's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import NamedTuple

from petitpas.classroom.commands import SetSetting
from petitpas.classroom.records import Invention
from petitpas.errors import KitError
from petitpas.lessons import Lesson, load_lesson
from petitpas.lessons.load import lessons_folder
from petitpas.wall.corner import bar_items
from petitpas.wall.desk import Desk
from petitpas.wall.inventing import lesson_named
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pages.prepare_page import PreparePage
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.pages.settings_page import SettingsPage
from petitpas.wall.pages.zero import ZeroPage
from petitpas.wall.pieces import back_spot, button_items, fitting, paper_items, tile
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Art, Frame, Item, Label

VOLUMES = tuple(range(0, 101, 10))


class _Choice(NamedTuple):
    name: str
    fill: str


CHOICES = (_Choice("try", "leaf"), _Choice("class", "sky"), _Choice("prepare", "wood"), _Choice("robots", "lilac"))


class HomePage(Page):
    """Essayer, Ma classe, Préparer, Mes robots."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: tuple[str, str, Lesson | None] = ("", "", None)
        self._inventions: tuple[Invention, ...] = ()  # of which the last may be one

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    # --- Where things are ------------------------------------------------------------------------------------------------

    def _tiles(self) -> tuple[Frame, ...]:
        room = self._room
        gap = round(room.width * 0.021)
        width = (round(room.width * 0.885) - 3 * gap) // 4
        height = min(room.px(48.2), round(width * 1.5))
        left, top = (room.width - 4 * width - 3 * gap) // 2, room.px(28) + (room.px(48.2) - height) // 2
        return tuple(Frame(left + at * (width + gap), top, width, height) for at in range(4))

    def spots(self) -> tuple[Spot, ...]:
        """Return the four choices, what there is to resume, and the volume."""
        room, tiles = self._room, self._tiles()
        spots = [Spot(choice.name, frame, True) for choice, frame in zip(CHOICES, tiles, strict=True)]
        spots.append(Spot("settings", back_spot(room).frame, True))
        row, left = room.px(83), tiles[0].left
        spots.append(Spot("mute", Frame(left, row, room.px(7), room.px(7)), True))
        bar = self._bar()
        step = bar.width // (len(VOLUMES) - 1)
        for at, volume in enumerate(VOLUMES):
            spots.append(Spot(volume, Frame(bar.left + at * step - step // 2, row, step, room.px(7)), True))
        if self._resumed() is not None:
            start, end = bar.right + room.px(7), tiles[3].right
            spots.append(Spot("resume", Frame(start, row - room.px(1), end - start, room.px(9)), True))
        return tuple(spots)

    def _bar(self) -> Frame:
        room = self._room
        left = self._tiles()[0].left + room.px(11)
        return Frame(left, room.px(83) + room.px(2.6), room.px(26), room.px(1.8))

    # --- What is tapped --------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Open what is chosen, or set the volume."""
        pages: dict[Hashable, Callable[[Desk], Page]] = {
            "try": ZeroPage,
            "class": LevelsPage,
            "prepare": partial(LevelsPage, title="wall.start.prepare", then=PreparePage, is_class=False),
            "robots": RobotsPage,
            "settings": SettingsPage,
        }
        if name in pages:
            return Open(partial(pages[name], self._desk))
        if name == "mute":
            self._desk.school.do(SetSetting("is_muted", not self._room.settings.is_muted))
        elif isinstance(name, int):
            self._desk.school.do(SetSetting("volume_percent", name))
            self._desk.school.do(SetSetting("is_muted", False))
        elif name == "resume" and (lesson := self._resumed()) is not None:
            variant = lesson.variant(self._last[1])
            return Open(lambda: self._desk.open_lesson(self._desk, lesson, variant))
        return None

    def _resumed(self) -> Lesson | None:
        """Return the lesson that the class has in hand, None where there is none or it does not open any more."""
        state = self._desk.school.snapshot
        key = state.hand.key
        if not key.lesson:
            return None
        if self._last[:2] != (key.lesson, key.variant) or self._inventions is not state.inventions:
            self._inventions = state.inventions
            found = lesson_named(key.lesson, state, self._room.words) or _lesson_of(key.lesson, key.variant)
            self._last = key.lesson, key.variant, found
        return self._last[2]

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the title, the pictures, the volume and what there is to resume."""
        settings = button_items(self._room, back_spot(self._room).frame, "sliders", is_pressed="settings" in pressed)
        return paper_items(self._room), (*settings, *self._title()), self._choices(pressed), self._volume(pressed), self._foot(pressed)

    def _title(self) -> tuple[Item, ...]:
        room, words = self._room, self._room.words
        x = room.width // 2
        return (
            Label(words.text("wall.title"), x, room.px(15), room.px(8.2), is_bold=True),
            Label(words.text("wall.start.subtitle"), x, room.px(22), room.text("title"), "quiet"),
        )

    def _choices(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, words = self._room, self._room.words
        items: list[Item] = []
        for choice, frame in zip(CHOICES, self._tiles(), strict=True):
            box, down = tile(room, frame, choice.fill, choice.name in pressed, radius=4)
            x, width = frame.centre[0], frame.width - room.px(2.4)
            title, more = words.text(f"wall.start.{choice.name}"), words.text(f"wall.start.{choice.name}_more")
            y = frame.top + round(frame.height * 0.37) + down
            scale = min(frame.width, frame.height * 0.8)
            items += (
                box,
                *_picture(choice.name, x, y, scale),
                Label(title, x, frame.bottom - room.px(11.5) + down, fitting(title, room.px(4.8), width, is_bold=True), is_bold=True),
                Label(more, x, frame.bottom - room.px(5.8) + down, fitting(more, room.text("sentence"), width)),
            )
        return tuple(items)

    def _volume(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, settings = self._room, self._room.settings
        frame = next(spot.frame for spot in self.spots() if spot.name == "mute")
        picture = "mute" if settings.is_muted else "speaker" if settings.volume_percent > 50 else "speaker_low"
        volume = 0 if settings.is_muted else settings.volume_percent / 100
        return (
            *button_items(room, frame, picture, fill="sun" if settings.is_muted else "card", is_pressed="mute" in pressed),
            *bar_items(room, self._bar(), volume),
        )

    def _foot(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, words = self._room, self._room.words
        lesson, right = self._resumed(), self._tiles()[3].right
        private = words.text("wall.start.private")
        if lesson is None:
            size = room.text("sentence")
            return (Label(private, right - text_width(private, size), room.px(86.5), size, "quiet", align=-1),)
        frame = next(spot.frame for spot in self.spots() if spot.name == "resume")
        box, down = tile(room, frame, "leaf", "resume" in pressed)
        text = words.text("wall.start.resume", level=self._desk.school.snapshot.hand.level or lesson.levels[0], title=lesson.title)
        size = fitting(text, room.text("name"), frame.width - room.px(13), is_bold=True)
        return (
            box,
            Art(picture_of("class"), frame.left + room.px(6), frame.centre[1] + down, room.unit * 0.062),
            Label(text, frame.left + room.px(11), frame.centre[1] + down, size, is_bold=True, align=-1),
            Label(private, right - text_width(private, room.text("tile")), room.px(96), room.text("tile"), "quiet", align=-1),
        )


def _picture(name: str, x: int, y: int, size: float) -> tuple[Item, ...]:
    """Return the picture of a choice, in a square of `size` pixels."""
    if name == "try":
        return (Art(robot_picture("lapin", "exact"), x, y - round(size * 0.05), size * 0.0053),)
    if name == "robots":
        return (
            Art(robot_picture("renard", "exact"), x + round(size * 0.2), y + round(size * 0.06), size * 0.0035, 24),
            Art(robot_picture("lapin", "exact"), x - round(size * 0.2), y - round(size * 0.03), size * 0.0035, -16),
        )
    return (Art(picture_of(name), x, y, size * 0.0056),)


def _lesson_of(lesson: str, variant: str) -> Lesson | None:
    try:
        found = load_lesson(lessons_folder() / lesson)
        found.variant(variant)
    except (KitError, KeyError):
        return None
    return found

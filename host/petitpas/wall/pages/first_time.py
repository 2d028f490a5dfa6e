"""
The pages of the first time on a screen: its true scale, from a sheet of A4 held against it, and what the smallest pupil reaches.

Both can be left as they are, and changed later from the corner: nothing here is in the way of a lesson.
"""

from __future__ import annotations

from collections.abc import Hashable

from petitpas.classroom.commands import SetSetting
from petitpas.classroom.records import SETTINGS
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pieces import back_spot, button_items, head_items, paper_items, text_items
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item

A4_MM = (297, 210)
"""A sheet on its long side. Source: ISO 216."""

SUPPOSED_WIDTH_MM = 1_200
"""Of a screen that was not measured yet."""

REACHES = tuple(range(20, 84, 4))
"""Shares of the height, in percent, that a hand can have touched."""

_STEPS = {"smaller": 0.9, "bit_smaller": 0.99, "bit_bigger": 1.01, "bigger": 1.1}


class ScalePage(Page):
    """The sheet is drawn in true size as far as is known; the teacher makes it smaller or bigger until hers covers it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room
        self._px_per_mm = room.px_per_mm or room.width / SUPPOSED_WIDTH_MM

    @property
    def sheet(self) -> Frame:
        """Where the sheet is drawn."""
        width, height = (max(8, round(side * self._px_per_mm)) for side in A4_MM)
        return Frame((self._room.width - width) // 2, self._room.height - self._room.px(17) - height, width, height)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, smaller and bigger in two steps each, and done."""
        room, side = self._room, self._room.px(11)
        names = (*_STEPS, "done")
        left = (room.width - len(names) * side - (len(names) - 1) * room.px(3)) // 2
        top = room.height - room.px(2.4) - side
        row = (Spot(name, Frame(left + at * (side + room.px(3)), top, side, side), True) for at, name in enumerate(names))
        return (back_spot(room), *row)

    def tap(self, name: Hashable) -> Go | None:
        """Change the size of the sheet, or go on."""
        if name in _STEPS:
            self._set(self._px_per_mm * _STEPS[str(name)])
        if name == "done":
            self._set(self._px_per_mm)
            return Open(lambda: ReachPage(self._desk), replaces=True)
        return Back() if name == "back" else None

    def _set(self, px_per_mm: float) -> None:
        scales = SETTINGS["scale_px_per_m"].metadata["range"]
        self._desk.school.do(SetSetting("scale_px_per_m", min(scales[-1], max(scales[0], round(1000 * px_per_mm)))))

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the sheet, and the buttons before it."""
        room, words, sheet = self._room, self._room.words, self.sheet
        x = room.width // 2
        edge = max(2, room.px(0.4))
        line = text_items(words.text("wall.first.sheet"), x, room.px(13), room.text("name"), room.width - room.px(20))
        buttons: list[Item] = []
        for spot in self.spots()[1:]:
            picture = "tick" if spot.name == "done" else "minus" if "smaller" in str(spot.name) else "plus"
            fill = "leaf" if spot.name == "done" else "card"
            buttons += button_items(
                room, spot.frame, picture, fill=fill, is_pressed=spot.name in pressed, share=0.6 if "bit" in str(spot.name) else 1.0
            )
        size = room.text("name")
        paper: tuple[Item, ...] = (
            Box(sheet, edge, "card", "plum", edge),
            *text_items("A4", x, sheet.centre[1] - size, size, sheet.width, colour="quiet"),
        )
        return (
            paper_items(room),
            paper,
            (*head_items(room, words.text("wall.first.scale"), pressed), *line),
            tuple(buttons),
        )


class ReachPage(Page):
    """The smallest pupil touches as high as she can; what pupils tap will be below."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, done, and bands over the whole width, each named by its height in percent."""
        room = self._room
        side = room.px(9)
        done = Spot("done", Frame(room.px(2.4), room.height - room.px(2.4) - side, side, side), True)
        return (back_spot(room), done, *(Spot(reach, self._band(reach)) for reach in REACHES))

    def _band(self, reach: int) -> Frame:
        height = self._room.height
        top, bottom = (height - round(height * share / 100) for share in (reach + 2, reach - 2))
        left = 0 if reach > REACHES[0] + 4 else self._room.px(14)
        return Frame(left, top, self._room.width - left, bottom - top)

    def tap(self, name: Hashable) -> Go | None:
        """Take the height that was touched, or go on."""
        if isinstance(name, int):
            self._desk.school.do(SetSetting("reach_percent", name))
            return None
        return Back() if name in ("back", "done") else None

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the part of the wall that is reached, a line above it, and a hand."""
        room, words = self._room, self._room.words
        reach = room.settings.reach_percent
        line = text_items(words.text("wall.first.touch"), room.width // 2, room.px(13), room.text("name"), room.width - room.px(20))
        done = self.spots()[1].frame
        buttons = button_items(room, done, "tick", fill="leaf", is_pressed="done" in pressed)
        hand_y = room.height - room.height * (reach or 40) // 100
        hand = Art(picture_of("reach"), room.width // 2, hand_y + room.px(4.2), room.unit * 0.1)
        reached = Box(Frame(0, hand_y, room.width, room.height - hand_y), 0, "leaf")
        ceiling = Box(Frame(0, hand_y - room.px(0.3), room.width, room.px(0.6)), 0, "plum")
        area = (reached, ceiling) if reach else ()
        return paper_items(room), (*area, hand), (*head_items(room, words.text("wall.first.reach"), pressed), *line), buttons

"""The choice of a level: six pictures, each a robot on as many cells as the level plays on."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from petitpas.classroom.commands import ChooseLevel
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.desk import Desk
from petitpas.wall.pages.first_time import ScalePage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pieces import back_spot, fitting, head_items, paper_items, tile
from petitpas.wall.profiles import PROFILES
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label, MatLayout, ground_items

_COLUMNS = 3


class LevelsPage(Page):
    """PS, MS, GS, CP, CE1, CE2. On a screen that was not measured yet, that comes first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    def step(self, now_ms: int) -> Go | None:
        """Ask for the scale of this screen, once."""
        desk = self._desk
        if desk.has_asked_scale or desk.school.snapshot.settings.scale_px_per_m is not None:
            return None
        desk.has_asked_scale = True
        return Open(partial(ScalePage, self._desk))

    def _tiles(self) -> dict[Level, Frame]:
        room = self._room
        gap, top = room.px(3), room.px(16)
        height = (room.height - top - room.px(3.4) - gap) // 2
        width = min((room.width - 2 * room.px(5) - 2 * gap) // _COLUMNS, round(height * 1.25))
        left = (room.width - _COLUMNS * width - 2 * gap) // 2
        return {
            level: Frame(left + at % _COLUMNS * (width + gap), top + at // _COLUMNS * (height + gap), width, height)
            for at, level in enumerate(LEVELS)
        }

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back and the levels."""
        return (back_spot(self._room), *(Spot(level, frame, True) for level, frame in self._tiles().items()))

    def tap(self, name: Hashable) -> Go | None:
        """Take a level in hand, and open its lessons."""
        level = next((level for level in LEVELS if level == name), None)
        if level is None:
            return Back() if name == "back" else None
        self._desk.school.do(ChooseLevel(level))
        return Open(partial(LessonsPage, self._desk, level))

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the pictures of the levels; the one in hand is in the sun."""
        room, words, last = self._room, self._room.words, self._desk.school.snapshot.hand.level
        items: list[Item] = []
        for level, frame in self._tiles().items():
            if level == last:
                items.append(Box(frame.grown(room.px(0.9)), room.px(4.2), "sun"))
            box, down = tile(room, frame, PROFILES[level].fill, level in pressed, radius=3.4)
            name, x, width = words.text(f"levels.{level}"), frame.centre[0], frame.width - room.px(3)
            items += (box, *_mat_of(room, level, frame, down))
            items.append(Label(level, x, frame.bottom - room.px(9) + down, room.text("title"), is_bold=True))
            if name != level:
                items.append(Label(name, x, frame.bottom - room.px(4.2) + down, fitting(name, room.text("sentence"), width)))
        return paper_items(room), head_items(room, words.text("wall.levels.title"), pressed), tuple(items)


def _mat_of(room: Room, level: Level, tile_frame: Frame, down: int) -> tuple[Item, ...]:
    columns, rows = PROFILES[level].mat
    mat, pad = Mat(columns, rows), room.px(2.4)
    area = Frame(tile_frame.left + pad, tile_frame.top + pad + down, tile_frame.width - 2 * pad, tile_frame.height - room.px(12) - 2 * pad)
    layout = MatLayout.fit(mat, area)
    start, goal = Place(0, 0, 1 if rows == 1 else 0), (columns - 1, rows - 1)
    x, y = layout.cell(start.cell).centre
    robot = Art(robot_picture("lapin", "exact"), x, y, layout.pitch / 120, 90 * start.quarter)
    return (*ground_items(layout, None, (goal,)), robot)

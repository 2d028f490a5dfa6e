"""The choice of a level: six pictures, each a robot on as many cells as the level plays on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

from petitpas.classroom.commands import ChooseGroup, ChooseLevel
from petitpas.classroom.records import FRUITS
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.desk import Desk
from petitpas.wall.pages.first_time import ScalePage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.page import Back, Go, Layers, Open, Page, Room, Spot
from petitpas.wall.pieces import back_spot, button_items, fitting, grid, halo, head_items, paper_items, tile
from petitpas.wall.profiles import PROFILES
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.scene import Art, Frame, Item, Label, MatLayout, ground_items

_COLUMNS = 3
_GROUPS = 11
"""Height of the row of groups, in units."""

_GROUP = "group"


class LevelsPage(Page):
    """
    PS, MS, GS, CP, CE1, CE2.

    Args:
        title: key of the words.
        then: makes the page that a level leads to.
        is_class: the class comes to the wall: on a screen that was not measured yet, that comes first, and groups are chosen below.
    """

    def __init__(
        self, desk: Desk, title: str = "wall.levels.title", then: Callable[[Desk, Level], Page] = LessonsPage, *, is_class: bool = True
    ) -> None:
        self._desk = desk
        self._title = title
        self._then = then
        self._is_class = is_class

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    def step(self, now_ms: int) -> Go | None:
        """Ask for the scale of this screen, once."""
        desk = self._desk
        if not self._is_class or desk.has_asked_scale or desk.school.snapshot.settings.scale_px_per_m is not None:
            return None
        desk.has_asked_scale = True
        return Open(partial(ScalePage, self._desk))

    def _tiles(self) -> dict[Level, Frame]:
        room = self._room
        gap, top = room.px(3), room.px(16)
        height = (room.height - top - room.px(3.4 + (_GROUPS if self._is_class else 0)) - gap) // 2
        width = min((room.width - 2 * room.px(5) - 2 * gap) // _COLUMNS, round(height * 1.25))
        left = (room.width - _COLUMNS * width - 2 * gap) // 2
        return grid(LEVELS, _COLUMNS, Frame(left, top, width, height), gap)

    def _groups(self) -> dict[str, Frame]:
        """Return where the groups are, in a row at the bottom: the whole class, which is "", then fruits."""
        room, names = self._room, ("", *FRUITS) if self._is_class else ()
        side, gap = room.px(_GROUPS - 3), room.px(1.6)
        wide = room.px(26)
        left = (room.width - wide - len(FRUITS) * (side + gap)) // 2
        top = room.height - room.px(3) - side
        return {
            name: Frame(left + (wide + gap + (at - 1) * (side + gap) if at else 0), top, side if at else wide, side)
            for at, name in enumerate(names)
        }

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back, the levels and the groups."""
        levels = (Spot(level, frame, True) for level, frame in self._tiles().items())
        groups = (Spot((_GROUP, name), frame, True) for name, frame in self._groups().items())
        return (back_spot(self._room), *levels, *groups)

    def tap(self, name: Hashable) -> Go | None:
        """Let a group come to the wall, or take a level in hand and go on."""
        if isinstance(name, tuple):
            self._desk.school.do(ChooseGroup(name[1]))
            return None
        level = next((level for level in LEVELS if level == name), None)
        if level is None:
            return Back() if name == "back" else None
        self._desk.school.do(ChooseLevel(level))
        return Open(partial(self._then, self._desk, level))

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the pictures of the levels; the one in hand is in the sun."""
        room, words, last = self._room, self._room.words, self._desk.school.snapshot.hand.level
        items: list[Item] = []
        for level, frame in self._tiles().items():
            if level == last:
                items.append(halo(frame, room.px))
            box, down = tile(room, frame, PROFILES[level].fill, level in pressed, radius=3.4)
            name, x, width = words.text(f"levels.{level}"), frame.centre[0], frame.width - room.px(3)
            items += (box, *_mat_of(room, level, frame, down))
            items.append(Label(level, x, frame.bottom - room.px(9) + down, room.text("title"), is_bold=True))
            if name != level:
                items.append(Label(name, x, frame.bottom - room.px(4.2) + down, fitting(name, room.text("sentence"), width)))
        return paper_items(room), head_items(room, words.text(self._title), pressed), tuple(items), self._group_items(pressed)

    def _group_items(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        room, chosen = self._room, self._desk.school.snapshot.hand.key.fruit
        items: list[Item] = []
        for name, frame in self._groups().items():
            fill = "sun" if name == chosen else "card"
            if name:
                items += button_items(room, frame, name, fill=fill, is_pressed=(_GROUP, name) in pressed)
                continue
            box, down = tile(room, frame, fill, (_GROUP, name) in pressed)
            text = room.words.text("class.all")
            size = fitting(text, room.text("sentence"), frame.width - room.px(2))
            items += (box, Label(text, frame.centre[0], frame.centre[1] + down, size))
        return tuple(items)


def _mat_of(room: Room, level: Level, tile_frame: Frame, down: int) -> tuple[Item, ...]:
    columns, rows = PROFILES[level].mat
    mat, pad = Mat(columns, rows), room.px(2.4)
    area = Frame(tile_frame.left + pad, tile_frame.top + pad + down, tile_frame.width - 2 * pad, tile_frame.height - room.px(12) - 2 * pad)
    layout = MatLayout.fit(mat, area)
    start, goal = Place(0, 0, 1 if rows == 1 else 0), (columns - 1, rows - 1)
    x, y = layout.cell(start.cell).centre
    robot = Art(robot_picture("lapin", "exact"), x, y, layout.pitch / 120, 90 * start.quarter)
    return (*ground_items(layout, None, (goal,)), robot)

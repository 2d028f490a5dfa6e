"""
Where the mat of a lesson is: above the strip, below the ceiling while a place on it is pointed at, or on its way between the two.

Where its cells would be too small below the ceiling it stays above, and a place is pointed at by arrows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from petitpas.wall.layout import Layout
from petitpas.wall.lesson_mat import room_for_mat, slid
from petitpas.wall.level_layout import ceiling_px, gap_px, least_px
from petitpas.wall.pages.page import Room
from petitpas.wall.profiles import Profile
from petitpas.wall.task import Task
from petitpas_sim.mat import Cell, Mat, Place
from petitpas_sim.view.scene import Frame, MatLayout

SLIDE_MS = 280
"""How long the mat takes to come down for a prediction, and to go up again."""

_EDGE = 1.8
"""What is left below a mat that has come down, in units."""

_STILL = 0.01
"""Of a quarter turn: a robot that looks so nearly along the mat has ended its turn."""

_WAYS: tuple[tuple[str, Cell], ...] = (("go_left", (-1, 0)), ("go_down", (0, -1)), ("go_up", (0, 1)), ("go_right", (1, 0)))
"""Pictures of the arrows from left to right, and where they lead."""


def high_mat(mat: Mat, room: Room, layout: Layout, turns: int = 0) -> MatLayout:
    """Return the mat as the class looks at it."""
    return MatLayout.fit(mat, room_for_mat(layout.mat, room), turns)


def low_mat(mat: Mat, room: Room, layout: Layout, profile: Profile, turns: int = 0) -> MatLayout:
    """Return the mat with all its cells below the ceiling, between the way out of a prediction and GO; above, where they would be small."""
    top, gap = ceiling_px(room, profile), gap_px(room)
    left = done_frame(room, profile).right + gap
    least = least_px(room, profile)
    low = with_cells_in(mat, Frame(left, top, max(1, layout.go.left - gap - left), room.height - top), least, room.px(_EDGE), turns)
    return low if low.cell((0, 0)).width >= least else high_mat(mat, room, layout, turns)


class Arrow(NamedTuple):
    """A tile that moves the token of a prediction to a cell, or turns it where it is, and its picture."""

    cell: Cell
    frame: Frame
    picture: str


def arrows(task: Task, room: Room, layout: Layout, token: Place | None, turns: int = 0) -> tuple[Arrow, ...]:
    """Return the arrows that stand in for the cells of a mat that cannot come down, none where it can."""
    mat, profile = task.variant.mat, task.profile
    if low_mat(mat, room, layout, profile, turns) != high_mat(mat, room, layout, turns):
        return ()
    at = token or task.variant.robots[0].start
    ways = [(_next(mat, at.cell, _turned_back(step, turns)), picture) for picture, step in _WAYS]
    if token is not None and task.asks_heading:
        ways.append((at.cell, "right"))
    done, gap = done_frame(room, profile), gap_px(room)
    frames = [Frame(done.right + gap + place * (done.width + gap), done.top, done.width, done.width) for place in range(len(ways))]
    return tuple(Arrow(cell, frame, picture) for (cell, picture), frame in zip(ways, frames, strict=True) if cell is not None)


def _turned_back(step: Cell, turns: int) -> Cell:
    """Return where a step on the screen leads on a mat that is shown turned."""
    for _ in range(turns % 4):
        step = -step[1], step[0]
    return step


def _next(mat: Mat, cell: Cell, step: Cell) -> Cell | None:
    """Return the next cell in a direction on which a robot can be, None at the edge."""
    column, row = cell[0] + step[0], cell[1] + step[1]
    while (column, row) in mat.rocks:
        column, row = column + step[0], row + step[1]
    return (column, row) if mat.holds((column, row)) else None


def with_cells_in(mat: Mat, area: Frame, least: int, edge: int, turns: int = 0) -> MatLayout:
    """Return the biggest mat whose cells are all in an area, above its end by at most `edge` as long as they are not below `least`."""
    laid = (_with_cells_in(mat, replace(area, height=max(1, area.height - free)), turns) for free in (edge, edge // 2, edge // 4))
    return next((clear for clear in laid if clear.cell((0, 0)).width >= least), _with_cells_in(mat, area, turns))


def _with_cells_in(mat: Mat, area: Frame, turns: int) -> MatLayout:
    """Return the biggest mat whose cells are all in an area: its border may be above."""
    laid = MatLayout.fit(mat, area, turns)
    for _ in range(2):  # a bigger mat has a wider border, which lets it be a little bigger again
        border = laid.left - laid.card.left
        laid = MatLayout.fit(mat, Frame(area.left, area.top - border, area.width, area.height + border), turns)
    return laid


class RobotView:
    """The mat as the robot sees it: turned, once it stands still again, so that it looks up; `turns` is how far the mat is turned now."""

    def __init__(self) -> None:
        self.is_on = False
        self.turned = 0
        """Where the turning ends, in quarter turns clockwise."""
        self._from: float = 0
        self._began_ms = -SLIDE_MS
        self._now_ms = 0

    def step(self, now_ms: int, heading_deg: float | None, *, is_calm: bool) -> None:
        """Let time pass, and look where the robot looks; None: there is none."""
        self._now_ms = now_ms
        quarter = 0 if heading_deg is None or not self.is_on else heading_deg / 90
        turned = -round(quarter) % 4
        if turned == self.turned or abs(quarter - round(quarter)) > _STILL:
            return
        self._from = turned + (self.turns - turned + 2) % 4 - 2  # the shorter way round
        self._began_ms = now_ms - SLIDE_MS * is_calm
        self.turned = turned

    @property
    def is_turning(self) -> bool:
        """Whether the mat is on its way."""
        return self._now_ms - self._began_ms < SLIDE_MS

    @property
    def turns(self) -> float:
        """How far the mat is turned now: quick at first, then slower."""
        if not self.is_turning:
            return self.turned
        return self.turned + (self._from - self.turned) * (1 - (self._now_ms - self._began_ms) / SLIDE_MS) ** 3


def done_frame(room: Room, profile: Profile) -> Frame:
    """Return where a prediction is left again."""
    side = max(least_px(room, profile), room.px(9))
    return Frame(room.px(2.4), room.height - room.px(1.8) - side, side, side)


def between(high: MatLayout, low: MatLayout, share: float, *, is_down: bool) -> MatLayout:
    """Return the mat on its way down, or up, after a share of the time: quick at first, then slower."""
    away = high.card.centre[1] - low.card.centre[1]
    to, distance = (low, away) if is_down else (high, -away)
    return slid(to, round(distance * (1 - share) ** 3))


class MatPlace:
    """
    Where the mat is now, from one moment to the next.

    Args:
        task: whose mat it is, and how far up the hands of its level reach.
    """

    def __init__(self, task: Task) -> None:
        self.view = RobotView()
        self._task = task
        self._slid_ms = -SLIDE_MS
        self._now_ms = 0
        self._is_calm = False

    def slide(self) -> None:
        """Begin on the way down, or up."""
        self._slid_ms = self._now_ms

    def step(self, now_ms: int, heading_deg: float | None, *, is_calm: bool) -> None:
        """Let time pass, while a robot looks somewhere."""
        self._now_ms, self._is_calm = now_ms, is_calm
        self.view.step(now_ms, heading_deg, is_calm=is_calm)

    @property
    def _share(self) -> float:
        return 1.0 if self._is_calm else min(1.0, (self._now_ms - self._slid_ms) / SLIDE_MS)

    @property
    def is_sliding(self) -> bool:
        """Whether the mat is on its way down or up."""
        return self._share < 1

    @property
    def is_moving(self) -> bool:
        """Whether it is on any way."""
        return self.is_sliding or self.view.is_turning

    def high(self, room: Room, layout: Layout) -> MatLayout:
        """Return the mat above the strip."""
        high = high_mat(self._task.variant.mat, room, layout, self.view.turned)
        return replace(high, turns=self.view.turns) if self.view.is_turning else high

    def mat(self, room: Room, layout: Layout, *, is_down: bool) -> MatLayout:
        """Return the mat: above, below the ceiling while a place is pointed at, or on its way."""
        high = self.high(room, layout)
        if not is_down and not self.is_sliding:
            return high
        low = low_mat(self._task.variant.mat, room, layout, self._task.profile, self.view.turned)
        return between(high, low, self._share, is_down=is_down)

    def arrows(self, room: Room, layout: Layout, token: Place | None) -> tuple[Arrow, ...]:
        """Return what moves the token of a prediction where the cells themselves are out of reach."""
        return arrows(self._task, room, layout, token, self.view.turned)

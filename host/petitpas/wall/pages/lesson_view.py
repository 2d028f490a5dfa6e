"""How the page of a lesson looks: everything as layers of items, from one record of what there is at a moment."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from petitpas.lessons.lesson import VARIANTS, Lesson, Variant
from petitpas.wall.activity import Activity
from petitpas.wall.board import Board, Status
from petitpas.wall.layout import Layout
from petitpas.wall.lesson_items import (
    card_items,
    choice_items,
    next_frames,
    robot_items,
    said_items,
    strip_items,
    tile_items,
    today_items,
    worded_items,
)
from petitpas.wall.lesson_mat import ghost_items, left_of_sides, ribbon_items, ring_items, side_items, thing_items, things_on, token_items
from petitpas.wall.lesson_place import Arrow
from petitpas.wall.pages.page import Layers, Room
from petitpas.wall.pieces import back_spot, banner_items, button_items, halo, head_items
from petitpas.wall.strip import cards_of, places_of_blocks
from petitpas.wall.tiles import go_items, paper_items, pulse_at
from petitpas.words import Words
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Box, Bump, Frame, Item, Label, MatLayout, ground_items, number_items, trail_items
from petitpas_sim.view.scene import robot_items as mat_robot_items

_MOST_CRITERIA = 2
_HELPS = ("help", "lilac", "plum")
"""The picture of a bubble that helps, its colour and that of its rim."""

_LEAST_READ = 5
"""The least side of a card that is read from afar, in units."""

_NEXT_WORDS = {"again": "wall.again", "invent": "wall.invent.title"}


@dataclass(frozen=True)
class View:
    """
    What there is at a moment.

    `head_right` is where the title ends, `done` where a prediction is left, `arrows` what moves it where the mat stays above, `flying` are
    cards on their way to the strip, `nexts` the spots after a success, `proposed` one of them.
    """

    room: Room
    layout: Layout
    mat: MatLayout
    head_right: int
    activity: Activity
    snapshot: Snapshot
    robot: RobotSnapshot | None
    trail: tuple[tuple[float, float], ...]
    bumps: tuple[Bump, ...]
    pressed: frozenset[Hashable]
    now_ms: int
    is_cue: bool
    done: Frame
    arrows: tuple[Arrow, ...]
    flying: Mapping[int, Frame]
    nexts: Sequence[str]
    proposed: str

    @property
    def is_down(self) -> bool:
        """Whether the mat is where its cells are tapped."""
        return self.activity.is_predicting and not self.arrows


@dataclass(frozen=True)
class _Around:
    """What does not move with a robot: layers `below` its path, the `ghost`, the `token`, what is `tapped` but GO, and layers `above`."""

    below: Layers
    ghost: tuple[Item, ...]
    token: tuple[Item, ...]
    tapped: Layers
    above: Layers


class LessonView:
    """Draws one variant of a lesson."""

    def __init__(self, lesson: Lesson, variant: Variant) -> None:
        self._lesson = lesson
        self._variant = variant
        self._things = things_on(variant)
        self._still: View | None = None
        self._around = _Around((), (), (), (), ())
        self._coming: list[str] = []  # commands whose look was not yet foreseen

    def layers(self, view: View) -> Layers:
        """Return everything, from back to front; what lies still is made anew only where something of it has changed."""
        still = _still(view)
        if still != self._still:
            self._still, self._around = still, self._made_around(still)
            self._coming = [*still.activity.task.commands]
        around, mat = self._around, view.mat
        return (
            *around.below,
            trail_items(mat, view.trail),
            around.ghost,
            mat_robot_items(mat, view.snapshot.robots, view.bumps),
            (*number_items(mat, view.trail), *around.token),
            *around.tapped,
            self._go(view),
            *around.above,
        )

    def foreseen(self) -> Layers:
        """Return what a tap on one of the commands would bring, on another with each call; nothing once all have been foreseen."""
        while self._coming and self._still is not None:
            command = self._coming.pop()
            told, _ = self._still.activity.told(command)
            if told is not self._still.activity:
                view = replace(self._still, activity=told, pressed=frozenset((command,)))
                around = self._made_around(view)
                return (*around.tapped, self._go(view), *around.above)
        return ()

    def _made_around(self, view: View) -> _Around:
        room, layout, mat, activity = view.room, view.layout, view.mat, view.activity
        today, below = today_items(room, layout, self._lesson.sheet.criteria[:_MOST_CRITERIA], activity)
        robot = robot_items(room, layout, below, view.robot, activity.board.status)
        return _Around(
            below=(
                paper_items(layout.width, layout.height, self._band(view)),
                self._head(view),
                self._sides(view),
                ground_items(mat, None, ()),
                (*ribbon_items(mat, activity.task.path), *self._rings(view)),
                thing_items(mat, self._things),
            ),
            ghost=self._ghost(view),
            token=token_items(mat, activity.token, activity.task.asks_heading),
            tapped=(self._strip(view), self._tiles(view)),
            above=(
                self._said(view),
                () if view.is_down else (*today, *robot),  # a mat that has come down is alone
                self._banner(view),
            ),
        )

    def _go(self, view: View) -> tuple[Item, ...]:
        pulse = pulse_at(view.now_ms, view.room.is_calm)
        return go_items(view.layout.go, self._go_board(view.activity), view.room.words, "go" in view.pressed, pulse)

    def _band(self, view: View) -> Frame:
        """Return the band that pupils tap: higher while the mat is in it."""
        band = view.layout.band
        if not view.is_down:
            return band
        top = min(band.top, view.mat.card.top - view.room.px(1))
        return Frame(0, top, band.width, view.layout.height - top)

    def _head(self, view: View) -> tuple[Item, ...]:
        room, level = view.room, view.activity.task.level
        is_strip = self._variant.mat.rows == 1  # which lies so low that nothing is beside the title
        items = head_items(room, self._lesson.title, view.pressed, None if is_strip or view.is_down else view.head_right)
        title = next(item for item in reversed(items) if isinstance(item, Label))
        size, back = room.text("tile"), back_spot(room).frame
        is_below = title.y > back.bottom  # then the level stands beside the way back, where nothing is in its way
        left = back.right if is_below else title.x + text_width(title.text, title.size, title.is_bold)
        middle = back.centre[1] if is_below else title.y
        pill = Frame(left + room.px(2), middle - room.px(1.9), text_width(level, size, True) + room.px(2.6), room.px(3.8))
        return (*items, Box(pill, pill.height // 2, "ink"), Label(level, *pill.centre, size, "card", True))

    def _sides(self, view: View) -> tuple[Item, ...]:
        return () if view.is_down else side_items(view.mat, view.room, view.layout.mat)

    def _rings(self, view: View) -> tuple[Item, ...]:
        helped = view.activity.help
        if helped is None or helped.say not in ("explain.where", "wall.lesson.foreseen"):
            return ()
        return ring_items(view.mat, helped.cells)

    def _ghost(self, view: View) -> tuple[Item, ...]:
        """Return what was believed, while the help that is about it is shown."""
        activity, found = view.activity, view.activity.found
        is_shown = activity.help is not None and activity.helped == len(activity.helps)
        if not is_shown or found is None or found.ghost is None or activity.help is None or not activity.help.cells:
            return ()
        robot = self._variant.robots[0]
        path = (robot.start.cell, *found.ghost.path)
        return ghost_items(view.mat, path, found.ghost.end, (view.robot.name if view.robot else robot.name, robot.kit))

    # --- What is tapped ------------------------------------------------------------------------------------------------------

    def _tiles(self, view: View) -> tuple[Item, ...]:
        if view.activity.is_predicting:
            done = button_items(view.room, view.done, "tick", fill="leaf", is_pressed="predict" in view.pressed)
            arrows = (
                button_items(view.room, arrow.frame, arrow.picture, fill="lilac", is_pressed=arrow.cell in view.pressed)
                for arrow in view.arrows
            )
            return (*done, *chain.from_iterable(arrows))
        if view.activity.is_reached:
            return self._next(view)
        return tile_items(view.room, view.layout, view.activity, view.pressed)

    def _next(self, view: View) -> tuple[Item, ...]:
        """Return once more, and three footprints; the one that is proposed in the sun."""
        room = view.room
        items: list[Item] = []
        pictures = {"again": "repeat", "invent": "flower", "petit_pas": "footprints_1", "pas": "footprints_2", "grand_pas": "footprints_3"}
        for name, frame in next_frames(view.layout, view.nexts).items():
            if name == view.proposed:
                items.append(halo(frame, room.px))
            word = room.words.text(f"print.variants.{name}" if name in VARIANTS else _NEXT_WORDS[name])
            items += worded_items(room, frame, pictures[name], word, "cream" if name == "again" else "leaf", name in view.pressed)
        return tuple(items)

    def _strip(self, view: View) -> tuple[Item, ...]:
        room, layout, activity = view.room, view.layout, view.activity
        if view.is_down:
            return self._read(view)
        if view.arrows and layout.strip.bottom > view.done.top:
            return ()
        if activity.task.choices and activity.is_reached and not layout.is_strip_tapped:
            return ()  # the steps to the next challenge are there
        if activity.task.choices:
            return choice_items(room, layout, activity, view.pressed)
        return (*strip_items(room, layout, activity, self._marks(activity), view.flying, view.pressed, view.is_cue), *self._mend(view))

    def _read(self, view: View) -> tuple[Item, ...]:
        """Return the program above a mat that has come down, to be read and not tapped: a place is predicted from its cards."""
        room, layout, cards = view.room, view.layout, view.activity.cards
        top, bottom = back_spot(room).frame.bottom + room.px(2), self._band(view).top - room.px(2)
        middle, gap = view.mat.card.centre[0], room.px(1.2)
        width = 2 * min(middle, layout.width - middle) - room.px(4)
        side = min(layout.slots[0].width, bottom - top - 2 * gap, (width - gap) // max(1, len(cards)) - gap)
        if not cards or side < room.px(_LEAST_READ):
            return ()
        wide, tall = len(cards) * (side + gap) + gap, side + 2 * gap
        tray = Frame(middle - wide // 2, (top + bottom - tall) // 2, wide, tall)
        slots = tuple(Frame(tray.left + gap + place * (side + gap), tray.top + gap, side, side) for place in range(len(cards)))
        return strip_items(room, replace(layout, strip=tray, slots=slots), view.activity, (), {}, frozenset(), False)

    def _marks(self, activity: Activity) -> tuple[int, ...]:
        """Return the cards that the help is about, else the one at which something was in the way: never one beside the other."""
        if activity.shows_mend:
            return ()
        if activity.help is not None and activity.help.block_id and activity.task.activity != "prevoir":
            return self._places(activity, activity.help.block_id)
        return () if activity.board.marked is None else (activity.board.marked,)

    def _places(self, activity: Activity, block_id: str) -> tuple[int, ...]:
        """Return where a block lies in the strip: its number counts from the head, which is b0."""
        places = places_of_blocks(activity.cards)
        number = int(block_id[1:]) - 1 if block_id else len(places)
        return places[number : number + 1]

    def _mend(self, view: View) -> tuple[Item, ...]:
        """Return the cards that mend the program, small above those that they replace."""
        activity, found = view.activity, view.activity.found
        if not activity.shows_mend or found is None:
            return ()
        items: list[Item] = []
        mended = cards_of(found.mends[0].program, activity.task.numbers)
        for place, (card, slot) in enumerate(zip(mended, view.layout.slots, strict=False)):
            if activity.cards[place : place + 1] != (card,):
                side = round(slot.width * 0.62)
                frame = Frame(slot.right - side + view.room.px(0.6), slot.top - view.room.px(1.6), side, side)
                items.append(Box(frame.grown(view.room.px(0.5)), view.room.px(1.8), "plum"))
                items += card_items(view.room, frame, card)
        return tuple(items)

    def _go_board(self, activity: Activity) -> Board:
        """Return the board as GO looks at it: pale where there is nothing to run yet."""
        can = activity.board.is_running or activity.accepts("go")
        return activity.board if can else replace(activity.board, cards=())

    # --- What is said ---------------------------------------------------------------------------------------------------------

    def _said(self, view: View) -> tuple[Item, ...]:
        """Return the bubble: the child's sentence after a success, a help, or the challenge."""
        activity, words = view.activity, view.room.words
        if activity.is_predicting:
            return ()
        right = left_of_sides(view.mat, view.room, view.layout.mat)
        said, look = self._told(view, activity, words)
        return said_items(view.room, view.layout, right, said, look)

    def _told(self, view: View, activity: Activity, words: Words) -> tuple[list[str], tuple[str, str, str]]:
        """Return the sentences of the bubble, and its look."""
        if activity.is_reached:
            success = [self._lesson.success.text(words.lang)] if self._lesson.success else []
            return [self._reached(view), *success, words.text("wall.lesson.tell")], ("tick", "leaf", "teal")
        if activity.shows_mend and activity.found is not None:
            key = "wall.lesson.mend" if len(activity.found.mends[0].edits) == 1 else "wall.lesson.mends"
            return [words.text(key)], _HELPS
        helped = activity.help
        if helped is not None and activity.board.status is not Status.RUNNING:
            return [words.text(helped.say), *([words.text(helped.tries)] if helped.tries else [])], _HELPS
        challenge = [self._variant.challenge.text(words.lang)] if self._variant.challenge else []
        return challenge, ("speaker_low", "cream", "edge")

    def _reached(self, view: View) -> str:
        """Return what is said of a goal that was reached: a limit that was passed is the next thing to try."""
        found, words = view.activity.found, view.room.words
        past = found is not None and "cards" in found.verdict.past_limits
        return words.text("explain.past_limits", cards=self._variant.limits.cards) if past else words.text("explain.reached")

    def _banner(self, view: View) -> tuple[Item, ...]:
        trouble, words = view.activity.board.trouble or "", view.room.words
        if trouble:
            trouble = words.text(trouble if words.has(trouble) else "wall.trouble")
        return banner_items(view.room, trouble)


def _still(view: View) -> View:
    """Return a view without what changes at every moment of a run: where robots are and have been, and the time."""
    robot = view.robot and replace(view.robot, x_mm=0, y_mm=0, heading_deg=0, colour=0, tone_hz=0, is_moving=False)
    return replace(view, snapshot=Snapshot(0, view.snapshot.mat, ()), robot=robot, trail=(), bumps=(), now_ms=0)

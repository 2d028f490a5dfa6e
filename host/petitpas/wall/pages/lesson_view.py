"""How the page of a lesson looks: everything as layers of items, from one record of what there is at a moment."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from petitpas.lessons.lesson import Lesson, Variant
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
from petitpas.wall.lesson_mat import ghost_items, ribbon_items, ring_items, side_items, thing_items, things_on, token_items
from petitpas.wall.pages.page import Layers, Room
from petitpas.wall.pieces import banner_items, button_items, head_items
from petitpas.wall.strip import cards_of, places_of_blocks
from petitpas.wall.tiles import go_items, paper_items, pulse_at
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Box, Bump, Frame, Item, Label, MatLayout, ground_items, number_items, trail_items
from petitpas_sim.view.scene import robot_items as mat_robot_items

_MOST_CRITERIA = 2


@dataclass(frozen=True)
class View:
    """
    What there is at a moment.

    `head_right` is where the title ends, `done` where a prediction is left, `flying` are cards on their way to the strip, `nexts` the
    spots after a success, `proposed` one of them.
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
    flying: Mapping[int, Frame]
    nexts: Sequence[str]
    proposed: str


class LessonView:
    """Draws one variant of a lesson."""

    def __init__(self, lesson: Lesson, variant: Variant) -> None:
        self._lesson = lesson
        self._variant = variant
        self._things = things_on(variant)

    def layers(self, view: View) -> Layers:
        """Return everything, from back to front."""
        room, layout, mat, activity = view.room, view.layout, view.mat, view.activity
        today, below = today_items(room, layout, self._lesson.sheet.criteria[:_MOST_CRITERIA], activity.is_reached)
        is_down = activity.is_predicting
        status = activity.board.status
        return (
            paper_items(layout.width, layout.height, self._band(view)),
            self._head(view),
            self._sides(view),
            ground_items(mat, None, ()),
            (*ribbon_items(mat, activity.task.path), *self._rings(view)),
            thing_items(mat, self._things),
            trail_items(mat, view.trail),
            self._ghost(view),
            mat_robot_items(mat, view.snapshot.robots, view.bumps),
            (*number_items(mat, view.trail), *token_items(mat, activity.token, activity.task.asks_heading)),
            () if is_down else self._strip(view),
            self._tiles(view),
            go_items(layout, self._go_board(activity), room.words, "go" in view.pressed, pulse_at(view.now_ms, room.is_calm)),
            self._said(view),
            (*today, *robot_items(room, layout, below, view.robot, status)),
            self._banner(view),
        )

    def _band(self, view: View) -> Frame:
        """Return the band that pupils tap: higher while the mat is in it."""
        band = view.layout.band
        if not view.activity.is_predicting:
            return band
        top = min(band.top, view.mat.card.top - view.room.px(1))
        return Frame(0, top, band.width, view.layout.height - top)

    def _head(self, view: View) -> tuple[Item, ...]:
        room, level = view.room, view.activity.task.level
        items = head_items(room, self._lesson.title, view.pressed, view.head_right)
        title = next(item for item in reversed(items) if isinstance(item, Label))
        size = room.text("tile")
        left = title.x + text_width(title.text, title.size, title.is_bold) + room.px(2)
        pill = Frame(left, title.y - room.px(1.9), text_width(level, size, True) + room.px(2.6), room.px(3.8))
        return (*items, Box(pill, pill.height // 2, "ink"), Label(level, *pill.centre, size, "card", True))

    def _sides(self, view: View) -> tuple[Item, ...]:
        return () if view.activity.is_predicting else side_items(view.mat, view.room)

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
            return button_items(view.room, view.done, "tick", fill="leaf", is_pressed="predict" in view.pressed)
        if view.activity.is_reached:
            return self._next(view)
        return tile_items(view.room, view.layout, view.activity, view.pressed)

    def _next(self, view: View) -> tuple[Item, ...]:
        """Return once more, and three footprints; the one that is proposed in the sun."""
        room = view.room
        items: list[Item] = []
        pictures = {"again": "repeat", "petit_pas": "footprints_1", "pas": "footprints_2", "grand_pas": "footprints_3"}
        for name, frame in next_frames(view.layout, view.nexts).items():
            if name == view.proposed:
                items.append(Box(frame.grown(room.px(0.75)), room.px(2.9), "sun"))
            word = room.words.text("wall.again" if name == "again" else f"print.variants.{name}")
            items += worded_items(room, frame, pictures[name], word, "cream" if name == "again" else "leaf", name in view.pressed)
        return tuple(items)

    def _strip(self, view: View) -> tuple[Item, ...]:
        room, layout, activity = view.room, view.layout, view.activity
        if activity.task.choices:
            return choice_items(room, layout, activity, view.pressed)
        return (*strip_items(room, layout, activity, self._marks(activity), view.flying, view.pressed, view.is_cue), *self._mend(view))

    def _marks(self, activity: Activity) -> tuple[int, ...]:
        """Return the cards that the help is about."""
        if activity.help is None or not activity.help.block_id or activity.task.activity == "prevoir":
            return ()
        return self._places(activity, activity.help.block_id)

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
        if activity.is_reached:
            success = [self._lesson.success.text(words.lang)] if self._lesson.success else []
            return said_items(
                view.room, view.layout, [self._reached(view), *success, words.text("wall.lesson.tell")], "tick", "leaf", "teal"
            )
        if activity.shows_mend and activity.found is not None:
            key = "wall.lesson.mend" if len(activity.found.mends[0].edits) == 1 else "wall.lesson.mends"
            return said_items(view.room, view.layout, [words.text(key)], "help", "lilac", "plum")
        helped = activity.help
        if helped is not None and activity.board.status is not Status.RUNNING:
            said = [words.text(helped.say), *([words.text(helped.tries)] if helped.tries else [])]
            return said_items(view.room, view.layout, said, "help", "lilac", "plum")
        challenge = [self._variant.challenge.text(words.lang)] if self._variant.challenge else []
        return said_items(view.room, view.layout, challenge, "speaker_low", "cream", "edge")

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

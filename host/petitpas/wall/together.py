"""
GO together: a robot on the floor without its cable, and the wall, begun at the same moment by a child's two hands.

    load --loaded--> unplug --the cable goes--> place --a tap of the teacher--> 3 --> 2 --> 1 --> go --GO--> shows

From GO on the wall plays the robot's own timing in the simulator, and says that it shows: nobody hears the robot any more.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from petitpas.wall.board import Event
from petitpas.wall.layout import Layout
from petitpas.wall.lesson_mat import SIDES
from petitpas.wall.pages.page import Room, Spot
from petitpas.wall.pieces import text_items, wrapped
from petitpas.words import Key
from petitpas_sim.mat import Place
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

COUNT_MS = 1000
"""How long each of three, two and one stands: a breath."""

COUNT = "count"
"""The spot that begins to count."""

NUMBERS = (3, 2, 1)


class Stage(Enum):
    """How far it is; the value is the key of what is said, below wall.together."""

    LOAD = "load"
    UNPLUG = "unplug"
    PLACE = "place"
    COUNT = "count"
    GO = "go"
    SHOWS = "shows"


def place_fields(animal: str, start: Place) -> dict[str, Key]:
    """Return what a sentence names that says where a robot is put on the floor."""
    return {"robot": Key(f"robots.{animal}"), "side": Key(f"wall.plugged.sides.{SIDES[start.quarter]}")}


class Together:
    """
    One GO together.

    Args:
        animal: the robot on the floor.
        start: where it is put.
    """

    def __init__(self, animal: str, start: Place) -> None:
        self.stage = Stage.LOAD
        self.fields = place_fields(animal, start)
        """What its sentences name."""
        self._told: int | None = None
        self._said: Stage | None = None
        self._animal = animal
        self._now_ms = 0
        self._counted_ms = 0

    def hear(self, event: Event) -> bool:
        """Take what the robot reports; say whether that is all there is to do about it."""
        if event[0] == "loaded" and self.stage is Stage.LOAD:
            self.stage = Stage.UNPLUG
            return True
        if event[0] == "trouble" and self.stage is Stage.UNPLUG:  # the cable has gone, as it was asked to
            self.stage = Stage.PLACE
            return True
        return False

    def begin_count(self) -> None:
        """Begin with three, once the robot stands on the house."""
        if self.stage is Stage.PLACE:
            self.stage, self._counted_ms = Stage.COUNT, self._now_ms

    def step(self, now_ms: int) -> bool:
        """Let time pass; say whether another number is told."""
        self._now_ms = now_ms
        before, self._told = self._told, self._number()
        if self.stage is Stage.COUNT and self._told is None:
            self.stage = Stage.GO
        return self._told not in (None, before)

    def line(self) -> str:
        """Return, once, the key of what is to be said of a new stage; "" for nothing, and while numbers are told."""
        is_new, self._said = self.stage is not self._said, self.stage
        return f"wall.together.{self.stage.value}" if is_new and self.stage is not Stage.COUNT else ""

    def _number(self) -> int | None:
        """Return which of NUMBERS is told now, by its place; None where none is."""
        place = (self._now_ms - self._counted_ms) // COUNT_MS
        return place if self.stage is Stage.COUNT and place < len(NUMBERS) else None

    def show(self) -> None:
        """GO was tapped here, and on the robot."""
        self.stage = Stage.SHOWS

    def takes(self, command: object) -> bool:
        """Say whether a command means something now: before GO none does but STOP, then GO, and once the wall shows all do as ever."""
        return command == "stop" or self.stage is Stage.SHOWS or (command == "go" and self.stage is Stage.GO)

    # --- What is drawn -----------------------------------------------------------------------------------------------------

    def spots(self, room: Room, layout: Layout) -> tuple[Spot, ...]:
        """Return what the teacher taps to begin the count."""
        return (Spot(COUNT, self._card(room, layout), True),) if self.stage is Stage.PLACE else ()

    def _card(self, room: Room, layout: Layout) -> Frame:
        width, height = min(room.px(74), layout.mat.width + room.px(20)), room.px(34)
        (x, y) = layout.mat.centre
        return Frame(x - width // 2, max(room.px(13), y - height // 2), width, height)

    def items(self, room: Room, layout: Layout) -> tuple[Item, ...]:
        """Return the card with what is to be done, three, two and one; while the robot rolls, that the wall only shows."""
        said = room.words.text(f"wall.together.{self.stage.value}", **self.fields)
        if self.stage is Stage.SHOWS:
            return self._shows(room, layout, said)
        card, size = self._card(room, layout), room.text("title")
        inner = card.width - room.px(6)
        top = card.top + room.px(3)
        items: list[Item] = [*self._veil(room, layout), Box(card, room.px(3.4), "cream", "sun", room.px(0.5), room.px(1.2))]
        items += text_items(said, card.centre[0], top, size, inner)
        top += round(size * 1.45) * len(wrapped(said, size, inner))
        y = (top + card.bottom) // 2
        counts = self.stage in (Stage.PLACE, Stage.COUNT)
        return (*items, *(self._numbers(room, card, y) if counts else self._robot(room, card, y)))

    def _veil(self, room: Room, layout: Layout) -> tuple[Item, ...]:
        """Return what covers the band but for the strip, and GO once it can be tapped."""
        band, strip = layout.band, layout.strip
        right = layout.go.left - room.px(2.4) if self.takes("go") else band.right
        beside = Frame(strip.right + 1, band.top, right - strip.right - 1, band.height)
        return Box(Frame(0, strip.bottom + 1, right, band.bottom - strip.bottom - 1), 0, "band"), Box(beside, 0, "band")

    def _robot(self, room: Room, card: Frame, y: int) -> tuple[Item, ...]:
        """Return the robot and its cable; at GO, the robot and the wall."""
        x, away = card.centre[0], room.px(9)
        other = picture_of("together" if self.stage is Stage.GO else "plug")
        return (
            Art(robot_picture(self._animal, "exact"), x - away, y, room.unit * 0.12),
            Art(other, x + away, y, room.unit * 0.1),
        )

    def _numbers(self, room: Room, card: Frame, y: int) -> tuple[Item, ...]:
        items: list[Item] = []
        side, step, told = room.px(13), room.px(18), self._number()
        for place, number in enumerate(NUMBERS):
            x = card.centre[0] + (place - 1) * step
            frame = Frame(x - side // 2, y - side // 2, side, side)
            fill = "sun" if place == told or (self.stage is Stage.PLACE and place == 0) else "card"
            items.append(Box(frame, side // 2, fill, "edge", room.px(0.25), room.px(0.6) if fill == "sun" else 0))
            items.append(Label(str(number), *frame.centre, room.px(8), is_bold=True))
        return tuple(items)

    def _shows(self, room: Room, layout: Layout, said: str) -> tuple[Item, ...]:
        """Return a card in which the wall says that it shows."""
        place, size = layout.notice, room.text("sentence")
        frame = Frame(place.left, place.top - room.px(1.6), place.width, room.px(8.8))
        lines = text_items(said, frame.left + room.px(8), frame.top, size, frame.width - room.px(9), align=-1)
        down = (frame.height - round(size * 1.45) * len(lines)) // 2
        return (
            Box(frame, room.px(2.4), "lilac", "plum", room.px(0.4)),
            Art(picture_of("eye"), frame.left + room.px(4.4), frame.centre[1], room.unit * 0.045),
            *(replace(line, y=line.y + down) for line in lines),
        )

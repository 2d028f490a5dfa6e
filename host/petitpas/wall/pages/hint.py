"""A page that is still to come: a picture, a line, and the command that does it today."""

from __future__ import annotations

from collections.abc import Hashable

from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import Back, Go, Layers, Page, Room, Spot
from petitpas.wall.pieces import back_spot, head_items, paper_items, text_items
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Art, Box, Frame, Label


class HintPage(Page):
    """
    What the command line does.

    Args:
        name: "prepare" or "robots": of its words.
    """

    def __init__(self, name: str, desk: Desk) -> None:
        self._name = name

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back."""
        return (back_spot(self._room),)

    def tap(self, name: Hashable) -> Go | None:
        """Go back."""
        return Back() if name == "back" else None

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the picture, the line and the command."""
        room, words = self._room, self._room.words
        x = room.width // 2
        drawing = picture_of("prepare") if self._name == "prepare" else robot_picture("lapin", "exact")
        command, size = words.text(f"wall.{self._name}.command"), room.text("title")
        width = text_width(command, size, True) + room.px(8)
        frame = Frame(x - width // 2, room.px(72), width, room.px(9))
        line = text_items(words.text(f"wall.{self._name}.line"), x, room.px(62), room.text("name"), room.width - room.px(20))
        return (
            paper_items(room),
            head_items(room, words.text(f"wall.start.{self._name}"), pressed),
            (Art(drawing, x, room.px(36), room.unit * 0.26), *line),
            (Box(frame, room.px(2.2), "card", "edge", room.px(0.25)), Label(command, *frame.centre, size, is_bold=True)),
        )

"""The choice of the robot that plays, by its animal: those plugged in are on the floor, all others on the wall."""

from __future__ import annotations

from collections.abc import Hashable

from petitpas.classroom.commands import ChooseRobot
from petitpas.robots.animals import ANIMALS
from petitpas.robots.fleet import Plugged
from petitpas.wall.desk import Desk
from petitpas.wall.pages.page import IDLE_MS, Back, Go, Layers, Page, Room, Spot
from petitpas.wall.pieces import back_spot, fitting, grid, head_items, paper_items, text_items, tile
from petitpas.words import Key
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame, Item, Label

EMPTY = ("no_petitpas", "unfinished", "old_micropython")
"""Findings of a board that becomes a robot in *Mes robots*."""


def said_of(found: Plugged) -> tuple[str, dict[str, Key]]:
    """Return what is said of what has been plugged in, and where it is chosen or prepared: a key of the words, and its fields."""
    if found.animal:
        return "wall.plugged.here", {"robot": Key(f"robots.{found.animal}")}
    return ("wall.plugged.empty" if found.finding.code in EMPTY else "wall.plugged.other"), {}


class RobotChoicePage(Page):
    """Twelve animals; a tap on one puts it into the class's hand and goes back."""

    shows_fleet = True

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown = desk.fleet.robots

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    @property
    def ports(self) -> dict[str, str]:
        """The URL of each robot on the floor, by its animal; the one in hand is there as long as nobody says that it went."""
        chosen = self._desk.school.snapshot.robot
        plugged = {robot.animal: robot.url for robot in self._shown if robot.animal}
        return ({chosen.animal: chosen.port} if chosen.port else {}) | plugged

    def _tiles(self) -> dict[str, Frame]:
        room = self._room
        columns = 6 if room.width > 1.5 * room.height else 4
        rows = -(-len(ANIMALS) // columns)
        gap, top = room.px(2.4), room.px(15)
        height = (room.height - top - room.px(14) - (rows - 1) * gap) // rows
        width = min((room.width - 2 * room.px(5) - (columns - 1) * gap) // columns, round(height * 1.1))
        left = (room.width - columns * width - (columns - 1) * gap) // 2
        return grid((animal.name for animal in ANIMALS), columns, Frame(left, top, width, height), gap)

    def spots(self) -> tuple[Spot, ...]:
        """Return the way back and the animals; all are the teacher's."""
        return (back_spot(self._room), *(Spot(name, frame, True) for name, frame in self._tiles().items()))

    def tap(self, name: Hashable) -> Go | None:
        """Take a robot in hand."""
        if isinstance(name, str) and name in self._tiles():
            self._desk.school.do(ChooseRobot(name, self.ports.get(name, "")))
        return Back()

    def step(self, now_ms: int) -> Go | None:
        """Look at what is plugged in: an animal that has come to the floor, or left it, is another robot."""
        before, self._shown = self.ports, self._desk.fleet.robots
        self._moved |= {name for name in self._tiles() if before.get(name) != self.ports.get(name)}
        return None

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the animals: the one in hand in the sun, those on the floor with a plug."""
        room, words, ports = self._room, self._room.words, self.ports
        items: list[Item] = []
        for name, frame in self._tiles().items():
            if name == self._desk.school.snapshot.robot.animal:
                items.append(Box(frame.grown(room.px(0.9)), room.px(3.8), "sun", "ink", room.px(0.35)))
            items += self._animal(name, frame, name in pressed, is_plugged=name in ports)
        boards = [robot for robot in self._shown if not robot.animal]
        line = words.text(said_of(boards[0])[0] if boards else "wall.plugged.sign")
        size, top = room.text("sentence"), room.height - room.px(9)
        sign = Art(picture_of("plug"), room.px(8), top + room.px(2), room.unit * 0.05)
        foot: tuple[Item, ...] = (sign, *text_items(line, room.px(12), top, size, room.width - room.px(18), align=-1))
        return paper_items(room), head_items(room, words.text("wall.plugged.title"), pressed), tuple(items), foot

    def _animal(self, name: str, frame: Frame, is_pressed: bool, *, is_plugged: bool) -> tuple[Item, ...]:
        room, word = self._room, self._room.words.robot(name)
        box, down = tile(room, frame, "leaf" if is_plugged else "card", is_pressed, radius=3)
        x, tall = frame.centre[0], frame.height - room.px(8)
        robot = Art(robot_picture(name, "exact"), x, frame.top + tall // 2 + room.px(1.6) + down, min(tall, frame.width) / 150)
        size = fitting(word, room.text("name"), frame.width - room.px(2))
        label = Label(word, x, frame.bottom - room.px(4.2) + down, size)
        plug = Art(picture_of("plug"), frame.right - room.px(4), frame.top + room.px(4.4) + down, room.unit * 0.06)
        return (box, robot, label, plug) if is_plugged else (box, robot, label)

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return IDLE_MS

"""The page with a mat, a strip of cards and GO: commands go to the board and to the robot, and what the robot reports to the screen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar

from petitpas.wall.board import BOUNCE_MS, CARDS, Board, Command
from petitpas.wall.buttons import Offer, offer_of
from petitpas.wall.cues import line_between, sound_between
from petitpas.wall.desk import Desk, OpenDriver
from petitpas.wall.flight import FLIGHT_MS
from petitpas.wall.hand import Hand, OnMat, place_of
from petitpas.wall.layout import Layout, layout_for
from petitpas.wall.level_layout import level_layout
from petitpas.wall.pages.page import FRAME_MS, IDLE_MS, Back, Go, KeyName, Layers, Page, Room, Spot
from petitpas.wall.pieces import back_spot, head_items
from petitpas.wall.profiles import Profile
from petitpas.wall.tiles import go_items, notice_items, paper_items, pulse_at, side_items, strip_items, tile_items
from petitpas_sim.mat import Cell, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.scene import Bump, Decor, MatLayout, extended, mat_items

CUE_MS = 700


class BoardPage(Page):
    """
    A mat on which a robot runs a strip of cards.

    Args:
        driver: the robot; it is closed with the page.
        start: where the house is; None: where the robot is now.
        goals: cells to reach; without any, to have run is a success.
        profile: the level's; None: for playing freely.
        commands: the tiles of the level, with "go" and what edits the strip.
        title: of the page; "": Petit Pas.
    """

    keys: ClassVar[dict[KeyName, Hashable]] = {
        "up": "forward",
        "down": "backward",
        "left": "left",
        "right": "right",
        "enter": "go",
        "backspace": "undo",
        "delete": "clear",
    }

    def __init__(
        self,
        desk: Desk,
        driver: OpenDriver,
        *,
        start: Place | None = None,
        goals: Sequence[Cell] = (),
        profile: Profile | None = None,
        commands: tuple[str, ...] = (),
        title: str = "",
    ) -> None:
        self.board = Board() if profile is None else Board(most=profile.strip)
        self._profile = profile
        self._commands = commands
        self._title = title
        self._desk = desk
        self._driver = driver
        self._hand = Hand()
        self._tone_hz = 0
        self.snapshot = driver.snapshot()
        self._decor = Decor(start or _place(self.snapshot), tuple(goals))
        self._is_started = False
        self._now_ms = 0
        self._cue_until_ms = -1
        self._go_ms = -BOUNCE_MS
        self._flight_ms = -FLIGHT_MS

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    @property
    def layout(self) -> Layout:
        """Where everything is now."""
        if self._profile is not None:
            return level_layout(self._room, self._profile, self._commands, len(self.board.cards))
        return layout_for(self._room.width, self._room.height, len(self.board.cards))

    @property
    def decor(self) -> Decor:
        """What is shown on the mat besides the world."""
        return self._decor

    def spots(self) -> tuple[Spot, ...]:
        """Return what can be tapped: the way back, the tiles, GO, the cards by their number; in free play the robots."""
        targets = self.layout.targets(len(self.board.cards))
        on_mat = self._hand.spots(self._mat, self.snapshot) if self._profile is None else ()
        return (back_spot(self._room), *(Spot(command, frame) for command, frame in targets), *on_mat)

    @property
    def _mat(self) -> MatLayout:
        return MatLayout.fit(self.snapshot.mat, self.layout.mat)

    @property
    def offer(self) -> Offer:
        """What a panel's buttons are for."""
        return offer_of(self.board, self._commands or (*CARDS, "go", "undo", "clear"), self.board.accepts)

    def tap(self, name: Hashable) -> Go | None:
        """Go back, or do a command; a key for a card that is not shown here does nothing."""
        if name == "back":
            return Back()
        if isinstance(name, OnMat):
            self._touch(name.cell)
            return None
        self._hand.let_go(self.snapshot)
        if isinstance(name, str | int) and (name not in CARDS or name in dict(self.layout.tiles)):
            self.command(name)
        return None

    def _touch(self, cell: Cell) -> None:
        """Let a hand pick a robot up, put it down or turn it: the first one's house goes with it."""
        done = self._hand.tap(cell, self.snapshot, self._driver, is_start=self._hand.taken == self.snapshot.robots[0].name)
        if done:
            self._desk.sounds.play(done)
        if done == "put":
            self.snapshot = self._driver.snapshot()
            self._decor = replace(self._decor, start=_place(self.snapshot), trail=(), bumps=())

    def stop(self) -> bool:
        """Stop the robot."""
        was_running = self.board.is_running
        self.command("stop")
        return was_running

    def close(self) -> None:
        """Let the robot go."""
        self._driver.close()

    def command(self, command: Command) -> None:
        """Do what a tap or a key asks."""
        if command == "go" and self.board.is_running and self._now_ms - self._go_ms < BOUNCE_MS:
            return
        before = self.board
        self.board, order = before.told(command)
        if self.board.refused != before.refused:
            self._cue_until_ms = self._now_ms + CUE_MS
        if self.board.cards != before.cards:
            self._edited(before)
        if order == "run":
            self._go_ms = self._now_ms
            self._is_started = False
            self._decor = replace(self._decor, trail=(), bumps=())
            self._driver.run(self.board.cards)
        elif order == "stop":
            self._driver.stop()
        elif order == "home":
            self._decor = replace(self._decor, trail=(), bumps=())
            self._driver.home()
        self._sound(before)
        if command in ("go", "clear") and self.board != before and not before.is_running:
            self._desk.sounds.say(f"wall.{command}", "tile")

    def _sound(self, before: Board) -> None:
        """Let what has changed since a state of the board be heard."""
        if name := sound_between(before, self.board):
            self._desk.sounds.play(name)
        if line := line_between(before, self.board):
            self._desk.sounds.say(line)

    def _edited(self, before: Board) -> None:
        self._moved |= frozenset(range(len(before.cards)))
        if len(self.board.cards) > len(before.cards) and not self._room.is_calm:
            self._flight_ms = self._now_ms
        self._decor = replace(self._decor, trail=self._decor.trail if self.board.cards else (), bumps=())

    def step(self, now_ms: int) -> Go | None:
        """Take what the driver reports."""
        self._now_ms = now_ms
        events = self._driver.poll()
        self.snapshot = self._driver.snapshot()
        before, was_running = self.board, self.board.is_running
        for event in events:
            self._is_started |= event[0] == "entered" and self.board.is_running
            self.board = self.board.heard(event)
        if was_running and self._is_started and self.snapshot.robots:
            self._follow(self.snapshot.robots[0])
        if was_running and not self._is_home():
            self.board = self.board.elsewhere()
        self._sound(before)
        self._listen()
        return None

    def _listen(self) -> None:
        """Play what the robot's buzzer plays."""
        tone_hz = self.snapshot.robots[0].tone_hz if self.snapshot.robots else 0
        if tone_hz and tone_hz != self._tone_hz:
            self._desk.sounds.tone(tone_hz)
        self._tone_hz = tone_hz

    def _is_home(self) -> bool:
        """Say whether the robot stands on a goal, or there is none to reach."""
        place = _place(self.snapshot)
        return not self._decor.goals or (place is not None and place.cell in self._decor.goals)

    def _follow(self, robot: RobotSnapshot) -> None:
        """Lengthen the path to where the robot is; mark what has stopped it."""
        trail = extended(self._decor.trail, robot.x_mm, robot.y_mm)
        bumps = self._decor.bumps
        if self.board.marked is not None:
            bumps = (Bump(robot.name, self.board.cards[self.board.marked] == "backward"),)
        if trail is not self._decor.trail or bumps != self._decor.bumps:
            self._decor = replace(self._decor, trail=trail, bumps=bumps)

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the mat, the strip, the tiles, GO and the robot's card."""
        layout, board, words = self.layout, self.board, self._room.words
        mat = self._mat
        robots = self.snapshot.robots
        trouble = board.trouble or ""
        if trouble:
            trouble = words.text(trouble if words.has(trouble) else "wall.trouble")
        return (
            paper_items(layout.width, layout.height, layout.band),
            head_items(self._room, self._title or words.text("wall.title"), pressed, mat.card.left),
            *mat_items(mat, self.snapshot, self._decor),
            tile_items(layout, board, words, pressed),
            strip_items(layout, board, pressed, self._now_ms < self._cue_until_ms, self._flight()),
            go_items(layout.go, board, words, "go" in pressed, pulse_at(self._now_ms, self._room.is_calm)),
            side_items(layout, board, robots[0] if robots else None, words),
            notice_items(layout, trouble),
        )

    def _flight(self) -> float:
        return min(1.0, (self._now_ms - self._flight_ms) / FLIGHT_MS)

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return FRAME_MS if self.board.is_running or self._flight() < 1 else IDLE_MS


def _place(snapshot: Snapshot) -> Place | None:
    return place_of(snapshot.robots[0]) if snapshot.robots else None

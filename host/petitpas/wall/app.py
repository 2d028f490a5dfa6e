"""
The window: pygame's events to commands, the driver's events to the board, the board to the screen.

While nothing changes nothing is drawn: the loop sleeps in the system until an event comes, looks at the driver 20 times a second, and
paints only GO's slow pulse. While a program runs it draws up to 60 frames a second, and only what has changed.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pygame

from petitpas.wall.board import Board, Command, Driver
from petitpas.wall.layout import Layout, layout_for
from petitpas.wall.taps import MOUSE, Taps
from petitpas.wall.tiles import PULSE_STEPS, go_items, notice_items, paper_items, side_items, stop_items, strip_items, tile_items
from petitpas.words import Words
from petitpas_sim.mat import CELL_MM, Cell, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.scene import Bump, Decor, Item, MatLayout, extended, mat_items

WindowError = pygame.error
"""What is raised where no window can be had."""

SIZE = (1280, 800)
FRAME_MS = 16
IDLE_MS = 50
PULSE_MS = 2400
CUE_MS = 700
FLIGHT_MS = 240
BOUNCE_MS = 500
"""A second tap on GO within this time after the first is a child's trembling finger, not STOP. STOP itself never waits."""

MADE_OF_A_MOUSE = -1
"""The touch device of touches that SDL makes up from a mouse."""

KEYS: dict[int, Command] = {
    pygame.K_UP: "forward",
    pygame.K_DOWN: "backward",
    pygame.K_LEFT: "left",
    pygame.K_RIGHT: "right",
    pygame.K_RETURN: "go",
    pygame.K_KP_ENTER: "go",
    pygame.K_BACKSPACE: "undo",
    pygame.K_DELETE: "clear",
    pygame.K_ESCAPE: "stop",
}


class Wall:
    """
    The first window without its window: it can be driven and painted on any surface.

    Args:
        driver: the robot.
        words: of the language to show.
        start: where the house is; None: where the robot is now.
        is_calm: nothing moves but the robot (reduced motion).
    """

    def __init__(
        self, driver: Driver, words: Words, *, start: Place | None = None, goals: Sequence[Cell] = (), is_calm: bool = False
    ) -> None:
        self.board = Board()
        self.size = SIZE
        self._driver = driver
        self._words = words
        self._is_calm = is_calm
        self._taps: Taps[Command] = Taps()
        self._painter = Painter(Canvas())
        self._snapshot = driver.snapshot()
        self._decor = Decor(start or _place(self._snapshot), tuple(goals))
        self._is_started = False
        self._now_ms = 0
        self._cue_until_ms = -1
        self._go_ms = -BOUNCE_MS
        self._flight_ms = -FLIGHT_MS
        self._is_new = True

    @property
    def layout(self) -> Layout:
        """Where everything is now."""
        return layout_for(*self.size, len(self.board.cards))

    @property
    def decor(self) -> Decor:
        """What is shown on the mat besides the world."""
        return self._decor

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size of window; what is held down is let go."""
        self.size = size
        self._taps.forget()
        self._is_new = True

    def command(self, command: Command) -> None:
        """Do what a tap or a key asks."""
        if command == "go" and self.board.is_running and self._now_ms - self._go_ms < BOUNCE_MS:
            return
        before = self.board
        self.board, order = before.told(command)
        if self.board.refused != before.refused:
            self._cue_until_ms = self._now_ms + CUE_MS
        if self.board.cards != before.cards:
            self._edited(is_longer=len(self.board.cards) > len(before.cards))
        if order == "run":
            self._go_ms = self._now_ms
            self._is_started = False
            self._decor = replace(self._decor, trail=(), bumps=())
            self._driver.run(self.board.cards)
        elif order == "stop":
            self._driver.stop()

    def _edited(self, is_longer: bool) -> None:
        self._taps.forget(lambda target: isinstance(target, int))
        if is_longer and not self._is_calm:
            self._flight_ms = self._now_ms
        self._decor = replace(self._decor, trail=self._decor.trail if self.board.cards else (), bumps=())

    def handle(self, event: pygame.event.Event) -> None:
        """Take one of pygame's events; those that are not for the wall do nothing."""
        if event.type == pygame.KEYDOWN:
            if event.key in KEYS:
                self.command(KEYS[event.key])
        elif event.type in (pygame.FINGERDOWN, pygame.FINGERUP) and event.touch_id != MADE_OF_A_MOUSE:
            at = event.x * self.size[0], event.y * self.size[1]
            self._pointer((event.touch_id, event.finger_id), at, event.type == pygame.FINGERDOWN)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            if event.button == 1 and not getattr(event, "touch", False):
                self._pointer(MOUSE, event.pos, event.type == pygame.MOUSEBUTTONDOWN)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._taps.forget()
        elif event.type == pygame.WINDOWEXPOSED:
            self._is_new = True

    def _pointer(self, pointer: object, at: tuple[float, float], is_down: bool) -> None:
        target = self.layout.target_at(*at, len(self.board.cards))
        if is_down:
            self._taps.press(pointer, target, at, self._now_ms)
        elif (tapped := self._taps.release(pointer, target, at, self._now_ms)) is not None:
            self.command(tapped)

    def step(self, now_ms: int) -> None:
        """Take what the driver reports; `now_ms` counts up from any start."""
        self._now_ms = now_ms
        events = self._driver.poll()
        self._snapshot = self._driver.snapshot()
        was_running = self.board.is_running
        for event in events:
            self._is_started |= event[0] == "entered" and self.board.is_running
            self.board = self.board.heard(event)
        if was_running and self._is_started and self._snapshot.robots:
            self._follow(self._snapshot.robots[0])
        if was_running and not self._is_home():
            self.board = self.board.elsewhere()

    def _is_home(self) -> bool:
        """Say whether the robot stands on a goal, or there is none to reach."""
        place = _place(self._snapshot)
        return not self._decor.goals or (place is not None and place.cell in self._decor.goals)

    def _follow(self, robot: RobotSnapshot) -> None:
        """Lengthen the path to where the robot is; mark what has stopped it."""
        trail = extended(self._decor.trail, robot.x_mm, robot.y_mm)
        bumps = self._decor.bumps
        if self.board.marked is not None:
            bumps = (Bump(robot.name, self.board.cards[self.board.marked] == "backward"),)
        if trail is not self._decor.trail or bumps != self._decor.bumps:
            self._decor = replace(self._decor, trail=trail, bumps=bumps)

    def layers(self) -> tuple[tuple[Item, ...], ...]:
        """Return all that is on the screen, from back to front."""
        layout, board, pressed = self.layout, self.board, frozenset[object](self._taps.pressed())
        robots = self._snapshot.robots
        trouble = board.trouble or ""
        if trouble:
            trouble = self._words.text(trouble if self._words.has(trouble) else "wall.trouble")
        return (
            paper_items(layout_for(*self.size, 0), self._words.text("wall.title")),
            *mat_items(MatLayout.fit(self._snapshot.mat, layout.mat), self._snapshot, self._decor),
            tile_items(layout, board, self._words, pressed),
            strip_items(layout, board, pressed, self._now_ms < self._cue_until_ms, self._flight()),
            go_items(layout, board, self._words, "go" in pressed, self._pulse()),
            stop_items(layout, self._words, "stop" in pressed),
            side_items(layout, board, robots[0] if robots else None, self._words),
            notice_items(layout, trouble),
        )

    def _flight(self) -> float:
        return min(1.0, (self._now_ms - self._flight_ms) / FLIGHT_MS)

    def _pulse(self) -> int:
        if self._is_calm:
            return PULSE_STEPS // 2
        wave = 0.5 - 0.5 * math.cos(math.tau * (self._now_ms % PULSE_MS) / PULSE_MS)
        return round(wave * (PULSE_STEPS - 1))

    def paint(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Bring a surface up to date; return the rectangles that were painted."""
        whole, self._is_new = self._is_new, False
        return self._painter.paint(surface, self.layers(), whole)

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return FRAME_MS if self.board.is_running or self._flight() < 1 else IDLE_MS


def _place(snapshot: Snapshot) -> Place | None:
    if not snapshot.robots:
        return None
    robot = snapshot.robots[0]
    return Place(int(robot.x_mm // CELL_MM), int(robot.y_mm // CELL_MM), round(robot.heading_deg / 90) % 4)


def now_ms() -> int:
    """Return milliseconds from any start. pygame's own count stands still at 0 until all of pygame is started, sound included."""
    return time.monotonic_ns() // 1_000_000


def run_window(
    driver: Driver,
    words: Words,
    *,
    size: tuple[int, int] | None = None,
    fullscreen: bool = False,
    max_frames: int | None = None,
    start: Place | None = None,
    goals: Sequence[Cell] = (),
    reduced_motion: bool | None = None,
    clock: Callable[[], int] = now_ms,
) -> None:
    """
    Show the first window until it is closed, or for `max_frames` frames; the robot is stopped when it ends in a run, whatever the reason.

    Args:
        size: of the window; None: SIZE, or the screen's where that is smaller.
        reduced_motion: None: as the environment says, PETITPAS_REDUCED_MOTION set to anything but 0.

    Raises:
        pygame.error: there is no display.
    """
    if reduced_motion is None:
        reduced_motion = os.environ.get("PETITPAS_REDUCED_MOTION", "0") not in ("", "0")
    pygame.display.init()
    if pygame.display.get_driver() in ("offscreen", "dummy") and not os.environ.get("SDL_VIDEODRIVER"):
        pygame.display.quit()  # SDL found no screen and draws where nobody sees it
        raise WindowError("SDL")
    if pygame.display.get_driver() == "x11":
        # Else SDL sends the whole window through a texture for each small change: 25 frames a second at 4K instead of 300.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    try:
        wall = Wall(driver, words, start=start, goals=goals, is_calm=reduced_motion)
        pygame.display.set_caption(words.text("wall.title"))
        _set_mode(size or _fitting(SIZE), fullscreen)
        try:
            _loop(wall, size or _fitting(SIZE), fullscreen, max_frames, clock)
        finally:
            if wall.board.is_running:
                driver.stop()
    finally:
        pygame.display.quit()


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    screens = pygame.display.get_desktop_sizes()
    return (min(size[0], screens[0][0]), min(size[1], screens[0][1])) if screens else size


def _set_mode(size: tuple[int, int], is_full: bool) -> None:
    pygame.display.set_mode((0, 0) if is_full else size, pygame.FULLSCREEN if is_full else pygame.RESIZABLE)


def _loop(wall: Wall, size: tuple[int, int], is_full: bool, max_frames: int | None, clock: Callable[[], int]) -> None:
    pygame.event.set_blocked([pygame.MOUSEMOTION, pygame.FINGERMOTION])
    frames = 0
    while max_frames is None or frames < max_frames:
        frames += 1
        surface = pygame.display.get_surface()
        if surface is None:
            return
        if surface.get_size() != wall.size:
            wall.resize(surface.get_size())
        start_ms = clock()
        wall.step(start_ms)
        pygame.display.update(wall.paint(surface))
        first = pygame.event.wait(max(1, wall.wait_ms() - (clock() - start_ms)))
        for event in [first, *pygame.event.get()]:
            if event.type == pygame.QUIT:
                return
            if event.type == pygame.KEYDOWN and event.key == pygame.K_F11:
                is_full = not is_full
                _set_mode(size, is_full)
                wall.resize(wall.size)
            else:
                wall.handle(event)

"""
The window: pygame's loop around a shell.

While nothing changes nothing is drawn: the loop sleeps between looks for events, lets the page step 20 times a second, and paints only
GO's slow pulse. While a program runs it draws up to 60 frames a second, and only what has changed.

F11, or its picture in the corner, changes between a window and the full screen, F10 goes to the next screen.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pygame

from petitpas.wall.corner import Tool
from petitpas.wall.session import Recorder
from petitpas.wall.shell import SIZE, Shell

WindowError = pygame.error
"""What is raised where no window can be had."""


LOOK_S = 0.01
"""Between two looks for events. pygame's own wait looks every millisecond, which takes more of the processor than a page at rest."""

_WISHES = {pygame.K_F11: Tool.FULL, pygame.K_F10: Tool.SCREEN}


def now_ms() -> int:
    """
    Return milliseconds from any start.

    pygame's own count stands still at 0 until all of pygame is started, sound included; Python's monotonic one goes on in steps of a frame
    on Windows, before Python 3.13.
    """
    return time.perf_counter_ns() // 1_000_000


@dataclass(frozen=True)
class View:
    """Where the wall is shown: the size of its window, whether it fills the screen, and which screen, from 0."""

    size: tuple[int, int] | None = None
    is_full: bool = False
    screen: int = 0


def run_window(
    shell: Shell,
    title: str,
    view: View | None = None,
    *,
    recorder: Recorder | None = None,
    max_frames: int | None = None,
    clock: Callable[[], int] = now_ms,
    moved: Callable[[View], None] = lambda view: None,
) -> None:
    """
    Show the wall until its window is closed, or for `max_frames` frames; the robots are stopped when it ends, whatever the reason.

    Args:
        view: where; a window without a size has SIZE, more on a screen of many pixels, and none is bigger than its screen.
        moved: is told where the wall is shown, each time that a person changes it.
        recorder: is told of all that the wall takes.

    Raises:
        WindowError: there is no display.
    """
    # Else Windows enlarges what is drawn where the screen has a scale, and shows no more than a corner of it on a full one.
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
    pygame.display.init()
    if pygame.display.get_driver() in ("offscreen", "dummy") and not os.environ.get("SDL_VIDEODRIVER"):
        pygame.display.quit()  # SDL found no screen and draws where nobody sees it
        raise WindowError("SDL")
    if pygame.display.get_driver() == "x11":
        # Else SDL sends the whole window through a texture for each small change: 25 frames a second at 4K instead of 300.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    try:
        pygame.display.set_caption(title)
        _loop(shell, _shown(view or View()), recorder, max_frames, clock, moved)
    finally:
        shell.close()
        pygame.display.quit()


def _shown(view: View) -> View:
    """Open the window, or change it; a screen that is not there is the first."""
    screens = pygame.display.get_desktop_sizes() or [SIZE]
    screen = view.screen if 0 <= view.screen < len(screens) else 0
    wide, high = view.size or _usual(screens[screen])
    size = min(wide, screens[screen][0]), min(high, screens[screen][1])
    pygame.display.set_mode((0, 0) if view.is_full else size, pygame.FULLSCREEN if view.is_full else pygame.RESIZABLE, display=screen)
    return View(view.size, view.is_full, screen)


def _usual(screen: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a window on a screen: SIZE, or so much more that it takes two thirds of the screen."""
    times = max(1.0, min(of / (1.5 * size) for of, size in zip(screen, SIZE, strict=True)))
    return round(SIZE[0] * times), round(SIZE[1] * times)


def _loop(
    shell: Shell, view: View, recorder: Recorder | None, max_frames: int | None, clock: Callable[[], int], moved: Callable[[View], None]
) -> None:
    pygame.event.set_blocked([pygame.MOUSEMOTION, pygame.FINGERMOTION])
    frames = 0
    while max_frames is None or frames < max_frames:
        frames += 1
        surface = pygame.display.get_surface()
        if surface is None:
            return
        start_ms = clock()
        if surface.get_size() != shell.size:
            shell.resize(surface.get_size())
        if recorder is not None:
            recorder.stepped(shell.size, start_ms)
        shell.step(start_ms)
        pygame.display.update(shell.paint(surface))
        shell.foresee()
        for event in _events(shell.wait_ms() - (clock() - start_ms)):
            if event.type == pygame.QUIT:
                return
            if event.type == pygame.KEYDOWN and event.key in _WISHES:
                view = _changed(view, _WISHES[event.key])
                moved(view)
                shell.resize(shell.size)
            else:
                if recorder is not None:
                    recorder.took(event, start_ms)
                shell.handle(event)
        if (wish := shell.wished()) is not None:
            view = _changed(view, wish)
            moved(view)
            shell.resize(shell.size)


def _events(wait_ms: int) -> list[pygame.event.Event]:
    """Return what has come, at once where something has, else when something comes or the time is over."""
    until_s = time.perf_counter() + max(1, wait_ms) / 1000
    while not (events := pygame.event.get()) and (left_s := until_s - time.perf_counter()) > 0:
        time.sleep(min(left_s, LOOK_S))
    return events


def _changed(view: View, wish: Tool) -> View:
    """Fill the screen or no more, or go to the next screen."""
    if wish is Tool.FULL:
        return _shown(replace(view, is_full=not view.is_full))
    return _shown(replace(view, screen=(view.screen + 1) % max(1, len(pygame.display.get_desktop_sizes()))))

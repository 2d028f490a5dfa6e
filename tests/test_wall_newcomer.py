"""A newcomer alone at a real screen: from launch to a mended program, with a real pointer, by what the pixels say."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from shown import desk_of, shell_of
from test_wall_screen import PATIENCE_S, SIZE, Screen, screen  # noqa: F401

from petitpas.wall.desk import Desk
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.zero import LESSON, ZeroPage
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Frame, MatLayout


@pytest.fixture
def window(screen: Screen, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:  # noqa: F811
    """Open Petit Pas as a teacher does for the first time."""
    more = {"DISPLAY": screen.name, "SDL_VIDEODRIVER": "x11", "SDL_VIDEO_WINDOW_POS": "0,0", "SDL_AUDIODRIVER": "dummy"}
    environment = os.environ | more | {"PETITPAS_DATA": str(tmp_path / "class"), "PETITPAS_REDUCED_MOTION": "1"}
    with subprocess.Popen([sys.executable, "-m", "petitpas.cli"], env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


def until(screen: Screen, at: tuple[int, int], colour: str) -> None:  # noqa: F811
    """Look at a pixel until it has a colour, as far as the eye can tell: soft edges are near."""
    late = time.monotonic() + PATIENCE_S
    while math.dist(screen.pixel(at), rgb(colour)) > 8:
        assert time.monotonic() < late, f"{at} is {screen.pixel(at)}, not {colour}"


def places(page: HomePage | ZeroPage, desk: Desk) -> dict[object, Frame]:
    return {spot.name: spot.frame for spot in shell_of(page, desk, SIZE).spots()}


@pytest.mark.usefixtures("window")
def test_lesson_zero_is_lived_from_launch_to_a_mended_program(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    desk = desk_of()
    page = ZeroPage(desk)
    home, zero = places(HomePage(desk), desk), places(page, desk)
    mat = MatLayout.fit(LESSON.mat, page.layout.mat)
    page.command("forward")
    page.command("forward")
    first, second = page.layout.slots[:2]
    ends = dict(page._ends())
    page.close()
    pygame.display.quit()

    until(screen, inside(home["try"]), "leaf")
    screen.click(home["try"].centre)
    until(screen, inside(zero["forward"]), "sky")
    for slot in (first, second):
        screen.click(zero["forward"].centre)
        until(screen, inside(slot), "card")
    screen.click(zero["go"].centre)
    until(screen, mat.point(225, 75), "teal")
    until(screen, above(second), "ink")
    screen.click(zero["go"].centre)
    until(screen, (second.left - 3, second.centre[1]), "plum")
    screen.click(second.centre)
    until(screen, inside(second), "strip")
    screen.click(zero["forward"].centre)
    until(screen, inside(second), "card")
    screen.click(zero["go"].centre)
    until(screen, inside(ends["class"]), "sky")


def inside(frame: Frame) -> tuple[int, int]:
    """Return a pixel of a tile beside its picture."""
    return frame.left + frame.width // 10, frame.centre[1] - frame.height // 5


def above(slot: Frame) -> tuple[int, int]:
    """Return a pixel that is ink on a card that says to go back, and is not on one that says to go ahead: beside the middle, low."""
    return slot.centre[0] - slot.width // 8, slot.centre[1] + slot.height // 6

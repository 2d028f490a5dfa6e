"""
Draw the pictures of README and the guides: docs/pictures/wall.png and docs/pictures/mat.png.

    python tools/pictures.py [DIR]

They are drawn by the same code as the window, without a display, so that they cannot grow old unseen.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pygame

from petitpas.wall.app import Wall
from petitpas.wall.board import Event
from petitpas.words import Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view import Decor, save_picture

DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = (1600, 900)
MAT = Mat.parse("5x4", ["B4", "E2"])
GOALS = ((3, 3),)
CARDS = ("forward", "forward", "right", "forward", "forward", "left", "forward")
PATH = ((75, 75, 0), (75, 375, 0), (75, 375, 90), (225, 375, 90), (300, 375, 90))
SEEN: tuple[Event, ...] = (("entered", 0), ("entered", 1), ("entered", 2), ("entered", 3), ("entered", 4))


class Posed:
    """A driver that stands where it is put and reports what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.pose: tuple[float, float, float] = PATH[0]

    def run(self, cards: Sequence[str]) -> None:
        """Do nothing: the pose is set from outside."""

    def stop(self) -> None:
        """Do nothing."""

    def poll(self) -> Sequence[Event]:
        """Return the next event there is."""
        return [self.events.pop(0)] if self.events else []

    def snapshot(self) -> Snapshot:
        """Return the mat with the rabbit in its pose."""
        return Snapshot(0, MAT, (RobotSnapshot("lapin", "exact", *self.pose, 0, 0, True),))


def wall_picture() -> pygame.Surface:
    """Draw the first window in the middle of a run."""
    driver = Posed()
    wall = Wall(driver, Words("fr"), goals=GOALS, is_calm=True)
    wall.resize(SIZE)
    for command in (*CARDS, "go"):
        wall.command(command)
    driver.events = list(SEEN)
    for now_ms, pose in enumerate(PATH):
        driver.pose = pose
        wall.step(now_ms)
    surface = pygame.Surface(SIZE)
    wall.paint(surface)
    return surface


def main() -> None:
    """Write both pictures."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    pygame.image.save(wall_picture(), str(directory / "wall.png"))
    trail = ((75.0, 75.0), (75.0, 375.0), (375.0, 375.0), (375.0, 525.0))
    robot = RobotSnapshot("lapin", "exact", 375, 525, 0, 0, 0, False)
    save_picture(directory / "mat.png", Snapshot(0, MAT, (robot,)), Decor(Place(0, 0), GOALS, trail), (1000, 820))


if __name__ == "__main__":
    main()

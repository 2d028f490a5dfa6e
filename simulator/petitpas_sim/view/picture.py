"""The picture of a world, without a window or a display: a pygame surface, or a file."""

from __future__ import annotations

from pathlib import Path

import pygame

from petitpas_sim.snapshot import Snapshot
from petitpas_sim.view.canvas import Canvas
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Decor, Frame, MatLayout, mat_items

_NOTHING = Decor()


def picture(snapshot: Snapshot, decor: Decor = _NOTHING, size: tuple[int, int] = (900, 900)) -> pygame.Surface:
    """Draw a world on paper, `size` wide and high in pixels; the mat is as big as fits."""
    surface = pygame.Surface((max(1, size[0]), max(1, size[1])))
    margin = min(surface.get_size()) // 30
    area = Frame(0, 0, *surface.get_size()).grown(-margin)
    canvas = Canvas()
    surface.fill(rgb("paper"))
    for layer in mat_items(MatLayout.fit(snapshot.mat, area), snapshot, decor):
        canvas.paint(surface, layer)
    return surface


def save_picture(file: Path, snapshot: Snapshot, decor: Decor = _NOTHING, size: tuple[int, int] = (900, 900)) -> None:
    """Draw a world into a PNG file; raise OSError where it cannot be written."""
    try:
        pygame.image.save(picture(snapshot, decor, size), str(file))
    except pygame.error as error:
        raise OSError(f"{file}: {error}") from error

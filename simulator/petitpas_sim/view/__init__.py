"""
The picture of a world: a snapshot becomes items (`scene`), items become pixels (`canvas`).

It needs neither a window nor a display: a picture is a pygame surface, or a file.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # what the commands print belongs to them

import pygame

from petitpas_sim.snapshot import Snapshot
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Bump, Decor, Frame, MatLayout, extended, mat_items

__all__ = ["Bump", "Canvas", "Decor", "Frame", "MatLayout", "Painter", "extended", "mat_items", "picture", "save_picture"]

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

"""
What a surface showed, as a picture or a film, in virtual time: the same frames give the same file, byte for byte.

A film is a GIF of at most MOST_FRAMES frames, no wider and no higher than MOST_PX: what is longer has fewer frames a second, what is
bigger is drawn smaller.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import pygame

from petitpas.wall.gif import Shot, gif
from petitpas_sim.view.scene import Frame

FRAME_MS = 80
MOST_FRAMES = 250
MOST_PX = 1000

END_MS = 2_000
"""How long the end is shown before a film begins again."""


class Film:
    """
    What a surface showed, from frame to frame.

    Args:
        size: of the surface, in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        share = min(1.0, MOST_PX / max(size))
        self.size = max(1, round(size[0] * share)), max(1, round(size[1] * share))
        self._surface = pygame.Surface(size, 0, 32)
        self._shots: list[Shot] = []

    def take(self, surface: pygame.Surface, changed: Sequence[pygame.Rect], ms: int) -> None:
        """Take a frame that is shown for `ms`; `changed` is where the surface may have changed since the last one."""
        if not self._shots:
            changed = [surface.get_rect()]
        if not changed:
            self._shots[-1] = replace(self._shots[-1], ms=self._shots[-1].ms + ms)
            return
        area = changed[0].unionall(list(changed[1:]))
        self._surface = surface
        if surface.get_size() != self.size:
            area = self._scaled(area, surface.get_size())
            surface = pygame.transform.smoothscale(surface, self.size)
        area = area.clip(surface.get_rect())
        pixels = pygame.image.tobytes(surface.subsurface(area), "RGBX")
        self._shots.append(Shot(Frame(area.left, area.top, area.width, area.height), pixels, ms))

    def _scaled(self, area: pygame.Rect, size: tuple[int, int]) -> pygame.Rect:
        across, down = self.size[0] / size[0], self.size[1] / size[1]
        scaled = pygame.Rect(int(area.left * across), int(area.top * down), math.ceil(area.width * across), math.ceil(area.height * down))
        return scaled.inflate(4, 4)

    def gif(self) -> bytes:
        """Return the film, its end shown for END_MS."""
        last = replace(self._shots[-1], ms=max(END_MS, self._shots[-1].ms))
        return gif(*self.size, [*self._shots[:-1], last])

    def png(self) -> bytes:
        """Return the picture that was last shown, in its own size."""
        out = io.BytesIO()
        pygame.image.save(self._surface, out, "end.png")
        return out.getvalue()


def frame_ms_of(length_ms: int, most_frames: int) -> int:
    """Return the milliseconds of a frame, where something so long has at most so many; FRAME_MS or more."""
    return max(FRAME_MS, math.ceil(length_ms / most_frames / 10) * 10)

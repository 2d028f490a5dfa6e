"""Pictures of what the wall shows: PNG files in the class's folder, written beside the frames."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pygame

from petitpas.wall.asking import Asking

TAKEN = "images"
"""The folder of the pictures, in that of the class."""

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

News = tuple[str, dict[str, object]]
"""A key of the words, and its fields."""


class Camera:
    """
    Keeps pictures under the date and the time.

    Args:
        folder: of the class.
        now: tells the time.
        aside: where files are written; None: in a thread of its own.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], aside: Executor | None = None) -> None:
        self._folder = folder / TAKEN
        self._now = now
        self._asking: Asking[News] = Asking(_kept, aside)
        self._is_at_work = False

    def take(self, picture: pygame.Surface) -> None:
        """Begin to keep a picture."""
        self._is_at_work = True
        self._asking.ask(picture, self._folder / f"petit-pas-{self._now():%Y-%m-%d-%H-%M-%S}.png")

    def news(self) -> News | None:
        """Return, once, what has come of the last picture."""
        if not (self._is_at_work and self._asking.is_ready):
            return None
        self._is_at_work = False
        return self._asking.found

    def close(self) -> None:
        """Let go of what is not begun yet."""
        self._asking.close()


def _kept(picture: pygame.Surface, file: Path) -> News:
    """Write a picture, whole or not at all; say where it is, or what to do."""
    data = io.BytesIO()
    pygame.image.save(picture, data, file.name)
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data.getvalue())
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return f"wall.picture.{'full' if error.errno in _FULL else 'unkept'}", {"folder": file.parent}
    return "wall.picture.kept", {"file": file.name, "folder": file.parent}

"""What has been pressed, from whatever thread, and what stays down."""

from __future__ import annotations

from collections.abc import Collection
from queue import Empty, SimpleQueue

END = "end"
"""No command: a person has finished; what runs is let run to its end."""

STUCK_MS = 60_000
"""A button that is down for so long has something lying on it, or a wire that touches."""


class Presses:
    """The presses of a panel: put by the threads that hear the buttons, taken by the loop that acts on them."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[str] = SimpleQueue()
        self._since_ms: dict[str, int] = {}
        self._told: set[str] = set()

    def put(self, command: str) -> None:
        """Take a button that went down; called from any thread."""
        self._queue.put(command)

    def take(self) -> tuple[str, ...]:
        """Return what went down since the last call, in its order."""
        taken = []
        try:
            while True:
                taken.append(self._queue.get_nowait())
        except Empty:
            return tuple(taken)

    def stuck(self, down: Collection[str], now_ms: int) -> tuple[str, ...]:
        """Return what has been down for STUCK_MS, once until it is up again; `down` is what is down now."""
        self._since_ms = {command: self._since_ms.get(command, now_ms) for command in down}
        self._told &= set(down)
        fresh = {command: since_ms for command, since_ms in self._since_ms.items() if command not in self._told}
        found = tuple(command for command, since_ms in fresh.items() if now_ms - since_ms >= STUCK_MS)
        self._told.update(found)
        return found

"""
From fingers and mice to taps: a tap counts on release, inside the target on which it began.

Every finger is followed on its own, for two children may tap at once. Systems that report a touch as a touch and again as a mouse would
make two taps of one: a mouse that follows a finger closely, in time and place, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MOUSE = "mouse"
ECHO_MS = 700
ECHO_PX = 60

LOST_MS = 10_000
"""Who still holds after this, when another goes down, has gone up and nobody told."""

Target = TypeVar("Target", bound=Hashable)


class Taps(Generic[Target]):
    """The pointers that are down, each with the target on which it went down."""

    def __init__(self) -> None:
        self._down: dict[Hashable, tuple[Target, int]] = {}  # on what, and since when
        self._fingers: dict[Hashable, tuple[int, float, float]] = {}  # when and where each went down or up last, if lately

    def press(self, pointer: Hashable, target: Target | None, at: tuple[float, float], now_ms: int) -> None:
        """Note that a pointer (MOUSE, or a finger) goes down on a target, or on none."""
        self._down.pop(pointer, None)
        if pointer == MOUSE and self._is_echo(at, now_ms):
            return
        self._note(pointer, at, now_ms)
        self._down = {other: held for other, held in self._down.items() if now_ms - held[1] < LOST_MS}
        if target is not None:
            self._down[pointer] = target, now_ms

    def release(self, pointer: Hashable, target: Target | None, at: tuple[float, float], now_ms: int) -> Target | None:
        """Note that a pointer goes up over a target, or over none, and return the target that has been tapped."""
        began, _ = self._down.pop(pointer, (None, 0))
        self._note(pointer, at, now_ms)
        return began if began == target else None

    def forget(self, is_gone: Callable[[Target], bool] = lambda _: True) -> None:
        """Let go of pointers without a tap: their targets have changed under them."""
        self._down = {pointer: held for pointer, held in self._down.items() if not is_gone(held[0])}

    def pressed(self) -> frozenset[Target]:
        """Return the targets that are held down."""
        return frozenset(target for target, _ in self._down.values())

    def _note(self, pointer: Hashable, at: tuple[float, float], now_ms: int) -> None:
        if pointer != MOUSE:
            self._fingers = {**self._lately(now_ms), pointer: (now_ms, *at)}

    def _is_echo(self, at: tuple[float, float], now_ms: int) -> bool:
        """Say whether a finger went down or up just now where a mouse goes down; one whose release never came is soon forgotten."""
        return any(abs(at[0] - x) < ECHO_PX and abs(at[1] - y) < ECHO_PX for _, x, y in self._lately(now_ms).values())

    def _lately(self, now_ms: int) -> dict[Hashable, tuple[int, float, float]]:
        return {finger: seen for finger, seen in self._fingers.items() if now_ms - seen[0] < ECHO_MS}

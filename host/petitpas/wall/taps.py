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

Target = TypeVar("Target", bound=Hashable)


class Taps(Generic[Target]):
    """The pointers that are down, each with the target on which it went down."""

    def __init__(self) -> None:
        self._down: dict[Hashable, Target] = {}
        self._last_finger: tuple[int, float, float] | None = None

    def press(self, pointer: Hashable, target: Target | None, at: tuple[float, float], now_ms: int) -> None:
        """Note that a pointer (MOUSE, or a finger) goes down on a target, or on none."""
        self._down.pop(pointer, None)
        if target is not None and not self._is_echo(pointer, at, now_ms):
            self._down[pointer] = target

    def release(self, pointer: Hashable, target: Target | None, at: tuple[float, float], now_ms: int) -> Target | None:
        """Note that a pointer goes up over a target, or over none, and return the target that has been tapped."""
        began = self._down.pop(pointer, None)
        if pointer != MOUSE:
            self._last_finger = now_ms, *at
        return began if began == target else None

    def forget(self, is_gone: Callable[[Target], bool] = lambda _: True) -> None:
        """Let go of pointers without a tap: their targets have changed under them."""
        self._down = {pointer: target for pointer, target in self._down.items() if not is_gone(target)}

    def pressed(self) -> frozenset[Target]:
        """Return the targets that are held down."""
        return frozenset(self._down.values())

    def _is_echo(self, pointer: Hashable, at: tuple[float, float], now_ms: int) -> bool:
        if pointer != MOUSE:
            return False
        if any(held != MOUSE for held in self._down):
            return True
        if self._last_finger is None:
            return False
        then_ms, x, y = self._last_finger
        return now_ms - then_ms < ECHO_MS and abs(at[0] - x) < ECHO_PX and abs(at[1] - y) < ECHO_PX

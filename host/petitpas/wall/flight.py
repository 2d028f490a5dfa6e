"""A card on its way from its tile into the strip."""

from __future__ import annotations

from collections.abc import Sequence

from petitpas.wall.tiles import between
from petitpas_sim.view.scene import Frame

FLIGHT_MS = 240


class Flight:
    """The last card that came into the strip: where it is meanwhile."""

    def __init__(self) -> None:
        self._place, self._tile, self._began_ms = 0, Frame(0, 0, 0, 0), -FLIGHT_MS

    def begin(self, before: Sequence[str], after: Sequence[str], tile: Frame, now_ms: int) -> None:
        """Let the card fly that is new between two states of the strip."""
        self._place = next((place for place, card in enumerate(before) if after[place] != card), len(before))
        self._tile, self._began_ms = tile, now_ms

    def shown(self, slots: Sequence[Frame], now_ms: int) -> dict[int, Frame]:
        """Return where the card is, by its place in the strip; nothing once it lies there."""
        share = (now_ms - self._began_ms) / FLIGHT_MS
        return {self._place: between(self._tile, slots[self._place], share)} if share < 1 and self._place < len(slots) else {}

"""The focus: which spot a keyboard would tap."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Literal

from petitpas.wall.pages.page import Spot

_SIDEWAYS = 2.5
"""How much farther a spot beside the way counts than one on it."""

_DIRECTIONS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


class Focus:
    """On one spot, by its name, or on none."""

    def __init__(self) -> None:
        self._name: Hashable | None = None

    @property
    def is_on(self) -> bool:
        """Whether it is on a spot, be it there or gone."""
        return self._name is not None

    def clear(self) -> None:
        """Be on none: a finger or a key of the page's own has been used."""
        self._name = None

    def spot(self, spots: Sequence[Spot]) -> Spot | None:
        """Return the spot that it is on, None where that is gone."""
        return next((spot for spot in spots if self.is_on and spot.name == self._name), None)

    def next(self, spots: Sequence[Spot], is_back: bool = False) -> None:
        """Go to the next spot in the order in which they are given."""
        here = self.spot(spots)
        if here is None:
            self._name = spots[-1 if is_back else 0].name if spots else None
        else:
            self._name = spots[(spots.index(here) + (-1 if is_back else 1)) % len(spots)].name

    def move(self, spots: Sequence[Spot], direction: Literal["up", "down", "left", "right"]) -> None:
        """Go to the nearest spot in a direction; from none, to the first."""
        here = self.spot(spots)
        if here is None:
            self.next(spots)
            return
        dx, dy = _DIRECTIONS[direction]
        (x, y), best = here.frame.centre, float("inf")
        for spot in spots:
            along = (spot.frame.centre[0] - x) * dx + (spot.frame.centre[1] - y) * dy
            across = abs((spot.frame.centre[0] - x) * dy) + abs((spot.frame.centre[1] - y) * dx)
            if along > 0 and along + _SIDEWAYS * across < best:
                best, self._name = along + _SIDEWAYS * across, spot.name


def in_reading_order(spots: Iterable[Spot]) -> list[Spot]:
    """Return spots as they are read: from the top, and in a row from the left."""
    return sorted(spots, key=lambda spot: (spot.frame.centre[1], spot.frame.left))

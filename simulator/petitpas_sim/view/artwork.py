"""Petit Pas's own pictures, by their names: one source for the wall, for print and for the web."""

from __future__ import annotations

from functools import cache

from petitpas_sim.view.controls import CONTROLS
from petitpas_sim.view.fruits import FRUITS
from petitpas_sim.view.landmarks import LANDMARKS
from petitpas_sim.view.palette import PALE
from petitpas_sim.view.shapes import Drawing
from petitpas_sim.view.signs import SIGNS
from petitpas_sim.view.workbench import WORKBENCH

_MAKERS = LANDMARKS | SIGNS | CONTROLS | FRUITS | WORKBENCH

PICTURES = tuple(_MAKERS)
"""Names of all the pictures."""


@cache
def picture_of(name: str, faded_to: str = "") -> Drawing:
    """Return a picture by its name, faded towards a colour where one is given; raise KeyError for an unknown name."""
    return picture_of(name).faded(faded_to, PALE) if faded_to else _MAKERS[name]()

"""A simulated class for the command line: a mat with robots on it, in virtual or in real time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from petitpas.errors import KitError
from petitpas_robot import wire
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace

ROBOT = "lapin"
"""The robot that is there when nobody says which."""


def make_runner(
    mat: str = "5x5", start: str = "A1N", rocks: Sequence[str] = (), robots: Iterable[str] = (ROBOT,), trace: Trace | None = None
) -> Runner:
    """
    Return a runner with robots of the exact kit (`fusee` is the rocket), the first on `start`, the others beside it.

    Raises:
        KitError: the mat, a rock or the start is not what it should be; code `mat_invalid`. Names are too long, or one is there twice;
            code `robots_invalid`.
    """
    names = list(robots)
    if not names or len(set(names)) < len(names) or not all(0 < len(name.encode()) <= wire.NAME_BYTES for name in names):
        raise KitError("robots_invalid", names=", ".join(names))
    try:
        runner = Runner(Mat.parse(mat, rocks), trace=trace)
        place = Place.parse(start)
        for name in names:
            runner.add(name, load_kit("rocket" if name == "fusee" else "exact"), place)
            place = _next_free(runner, place)
    except ValueError as error:
        raise KitError("mat_invalid", mat=mat, start=start, rocks=", ".join(rocks) or "-") from error
    return runner


def _next_free(runner: Runner, place: Place) -> Place:
    """Return a place for one more robot: the last free cell, far from the first robot; `place` itself where there is none."""
    mat = runner.world.mat
    taken = {body.cell() for body in runner.world.bodies} | mat.rocks
    for n in reversed(range(mat.columns * mat.rows)):
        cell = (n % mat.columns, n // mat.columns)
        if cell not in taken:
            return Place(*cell, place.quarter)
    return place

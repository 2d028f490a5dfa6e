"""A simulated class for the command line: a mat with robots on it, in virtual or in real time."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from petitpas.arguments import SIM_KIT
from petitpas.errors import KitError
from petitpas_robot import wire
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import kit_names, load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace

ROBOT = "lapin"
"""The robot that is there when nobody says which."""

SIM = "sim://"


def make_runner(
    mat: str = "5x5",
    start: str = "A1N",
    rocks: Sequence[str] = (),
    robots: Iterable[str] = (ROBOT,),
    trace: Trace | None = None,
    kit: str = SIM_KIT,
) -> Runner:
    """
    Return a runner with robots of one kit (but `fusee` is the rocket), the first on `start`, the others beside it.

    A robot of a kit with a board has flaws, as real ones have, which go with its name.

    Raises:
        KitError: the mat, a rock or the start is not what it should be; code `mat_invalid`. Names are too long, or one is there twice;
            code `robots_invalid`. There is no such kit; code `kit_unknown`.
    """
    names = list(robots)
    if kit not in kit_names():
        raise KitError("kit_unknown", kit=kit, choices=", ".join(kit_names()))
    if not names or len(set(names)) < len(names) or not all(0 < len(name.encode()) <= wire.NAME_BYTES for name in names):
        raise KitError("robots_invalid", names=", ".join(names))
    try:
        runner = Runner(Mat.parse(mat, rocks), trace=trace)
        place = Place.parse(start)
        for name in names:
            kind = load_kit("rocket" if name == "fusee" else kit)
            flaws = draw_flaws(kind, crc32(name.encode())) if kind.board else None
            runner.add(name, kind, place, flaws=flaws)
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


@contextmanager
def opened(url: str, mat: str = "5x5", start: str = "A1N", kit: str = SIM_KIT) -> Iterator[Runner | None]:
    """Put the robot of `sim://NAME` where ports find it, in virtual time; with any other URL there is nothing to be done."""
    if not url.startswith(SIM):
        yield None
        return
    runner = make_runner(mat, start, robots=[url.removeprefix(SIM)], kit=kit)
    with open_to_hosts(Virtual(runner)):
        yield runner

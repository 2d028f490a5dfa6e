"""`petitpas capture`: a run or a recorded session as a picture or a film."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from petitpas.errors import FileError
from petitpas.files import write
from petitpas.words import Words

if TYPE_CHECKING:
    from petitpas.lessons import Variant
    from petitpas.program import Program
    from petitpas.wall.film import Film

FILM, PICTURE = ".gif", ".png"


def capture(options: argparse.Namespace, data: bytes, words: Words) -> None:
    """
    Draw what a file holds, and say where.

    Raises:
        KitError: the file holds no program and no session, the mat or the lesson is not right, or nothing can be written there.
    """
    from petitpas.wall.session import is_session

    ending = options.out.suffix.lower()
    if ending not in (FILM, PICTURE):
        raise FileError("capture_ending", path=options.out)
    frames = {} if ending == FILM else {"most_frames": 1}
    film = _session(options.file, data, frames) if is_session(data) else _run(options, data, frames)
    write(options.out, film.gif() if ending == FILM else film.png())
    print(words.text("cli.capture.done", path=options.out))


def _session(file: Path, data: bytes, frames: dict[str, int]) -> Film:
    from petitpas.wall.replay import film_session
    from petitpas.wall.session import read_session

    return film_session(read_session(data, file), **frames)


def _run(options: argparse.Namespace, data: bytes, frames: dict[str, int]) -> Film:
    from petitpas.program import from_json
    from petitpas.wall.capture import film_run

    program = from_json(data)
    variant = _lesson(options) if options.lesson else _mat(options, program)
    return film_run(variant, program, **frames)


def _lesson(options: argparse.Namespace) -> Variant:
    from petitpas.lessons.load import find_lesson

    return find_lesson(options.lesson).variant(options.variant)


def _mat(options: argparse.Namespace, program: Program) -> Variant:
    """Return a mat on which nothing is to be reached, as a variant."""
    from petitpas.arguments import SIM_KIT
    from petitpas.lessons import Variant
    from petitpas.lessons.goals import Goal
    from petitpas.lessons.lesson import RobotSetup
    from petitpas.simulated import ROBOT, make_runner
    from petitpas_sim.mat import Place

    mat = make_runner(options.mat, options.start, options.rocks).world.mat
    return Variant("pas", mat, (RobotSetup(ROBOT, SIM_KIT, Place.parse(options.start), Goal("trace"), program),))

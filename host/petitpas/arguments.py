"""What each command takes: a function of its parser and the words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from petitpas.words import LANGUAGES, Words
from petitpas_sim.kits import BOARD_KITS
from petitpas_sim.mat import parse_cell

T = TypeVar("T")

SIM_KIT = "exact"
"""The kind of robot that is simulated when nobody says which."""

LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2")
"""The school levels; a test compares them with those of programs."""

VARIANTS = ("petit_pas", "pas", "grand_pas")
"""The variants of lessons; a test compares them with the lessons' own."""

PAPERS = ("a4", "a3")
"""Papers to print on; a test compares them with the printing's own."""


PLACE = ("is_full", "screen")
"""The settings of a class that say where the wall is shown."""

SCREENS = 16


def window(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take where the wall is shown; people count screens from 1."""
    parser.add_argument("--full-screen", action="store_true", default=None, dest="is_full", help=words.text("cli.full_screen"))
    number = _as(_screen, words.text("cli.display_number", most=SCREENS))
    parser.add_argument("--display", type=number, metavar="N", dest="screen", help=words.text("cli.display"))


def _screen(text: str) -> int:
    number = int(text)
    if not 1 <= number <= SCREENS:
        raise ValueError(text)
    return number - 1


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def nothing(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take nothing."""


def file(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take a program."""
    parser.add_argument("file", type=Path, metavar="FILE", help=words.text("cli.file"))


def files(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take programs."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words.text("cli.files"))


def check_many(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take a file of many programs, and what is asked of them."""
    parser.add_argument("file", type=Path, metavar="FILE", help=words.text("cli.check-many.file"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=words.text("cli.check-many.out"))
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help=words.text("cli.check-many.jobs"))
    parser.add_argument("--explain", action="store_true", help=words.text("cli.check-many.explain"))
    parser.add_argument("--kits", action="store_true", help=words.text("cli.check-many.kits", kits=", ".join(BOARD_KITS)))


def lesson(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take what to do with lessons, and with which."""
    actions = parser.add_subparsers(
        dest="action", required=True, title=words.text("cli.lesson.commands"), metavar=words.text("cli.command")
    )
    for name, take in LESSON_COMMANDS.items():
        said = words.text(f"cli.lesson.{name}.help")
        child = actions.add_parser(name, help=said, description=said)
        child.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=words.text("cli.lang"))
        take(child, words)


def _lesson_check(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words.text("cli.lesson.check.files"))
    parser.add_argument("--kits", action="store_true", help=words.text("cli.lesson.check.kits", kits=", ".join(BOARD_KITS)))
    _today(parser, words)


def _lesson_list(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--level", choices=LEVELS, default="", help=words.text("cli.lesson.list.level"))
    _today(parser, words)


def _lesson_run(parser: argparse.ArgumentParser, words: Words) -> None:
    _lesson_one(parser, words)
    parser.add_argument("--program", metavar="PROGRAM", help=words.text("cli.lesson.program"))
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.lesson.run.port"))


def _lesson_explain(parser: argparse.ArgumentParser, words: Words) -> None:
    _lesson_one(parser, words)
    parser.add_argument("program", metavar="PROGRAM", help=words.text("cli.lesson.program"))
    parser.add_argument("--previous", metavar="PROGRAM", help=words.text("cli.lesson.explain.previous"))
    cell = _as(parse_cell, words.text("lesson_values.cell"))
    parser.add_argument("--predicted", metavar="C3", type=cell, help=words.text("cli.lesson.explain.predicted"))


def _lesson_one(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("lesson", metavar="ID", help=words.text("cli.lesson.one"))
    parser.add_argument("--variant", choices=VARIANTS, default="pas", help=words.text("cli.lesson.variant"))


def _lesson_new(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("folder", type=Path, metavar="ID", help=words.text("cli.lesson.new.folder"))


def _lesson_catalogue(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help=words.text("cli.lesson.catalogue.folder"))
    _today(parser, words)


def _today(parser: argparse.ArgumentParser, words: Words) -> None:
    day = _as(date.fromisoformat, words.text("lesson_values.date"))
    parser.add_argument("--today", type=day, default=date.today(), metavar="2027-09-01", help=words.text("cli.lesson.today"))


def _as(parse: Callable[[str], T], expected: str) -> Callable[[str], T]:
    """Return what reads a value of the command line: what `parse` makes of it; where that is nothing, what is expected is said."""

    def read(text: str) -> T:
        try:
            return parse(text)
        except ValueError:
            raise argparse.ArgumentTypeError(expected) from None

    return read


LESSON_COMMANDS = {
    "check": _lesson_check,
    "list": _lesson_list,
    "run": _lesson_run,
    "new": _lesson_new,
    "explain": _lesson_explain,
    "catalogue": _lesson_catalogue,
}


def pages(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take a lesson or a level, and what is to be printed of it."""
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("lesson", nargs="?", default="", metavar="LESSON", help=words.text("cli.print.lesson"))
    one.add_argument("--booklet", default="", metavar="GS", help=words.text("cli.print.booklet"))
    parser.add_argument("--what", default="", metavar="sheet,cards", help=words.text("cli.print.what"))
    parser.add_argument("--variant", choices=VARIANTS, default="", help=words.text("cli.print.variant"))
    parser.add_argument("--paper", choices=PAPERS, default=PAPERS[0], help=words.text("cli.print.paper"))
    parser.add_argument("-o", "--out", type=Path, metavar="FILE.pdf", help=words.text("cli.print.out"))
    _today(parser, words)


def port(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take where the robot is."""
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.port"))


def _mat(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--mat", default="5x5", metavar="5x5", help=words.text("cli.mat"))
    parser.add_argument("--start", default="A1N", metavar="A1N", help=words.text("cli.start"))
    parser.add_argument("--rocks", type=_names, default="", metavar="B2,C3", help=words.text("cli.rocks"))


def capture(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take what is to be drawn, and where."""
    parser.add_argument("file", type=Path, metavar="FILE", help=words.text("cli.capture.file"))
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.gif", help=words.text("cli.capture.out"))
    parser.add_argument("--lesson", default="", metavar="LESSON", help=words.text("cli.capture.lesson"))
    parser.add_argument("--variant", choices=VARIANTS, default="pas", help=words.text("cli.lesson.variant"))
    _mat(parser, words)


def run(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take a program, a robot and how it is played."""
    file(parser, words)
    port(parser, words)
    parser.add_argument("--step", action="store_true", help=words.text("cli.step"))
    parser.add_argument("--trace", type=Path, metavar="FILE", help=words.text("cli.trace"))
    parser.add_argument("--record", type=Path, metavar="FILE", help=words.text("cli.record"))
    _mat(parser, words)


def panel(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take the panel's pins, and what it is for."""
    parser.set_defaults(command="panneau")  # under whichever of its names it was called
    parser.add_argument("--pins", type=Path, metavar="FILE.toml", help=words.text("cli.panneau.pins"))
    parser.add_argument("--no-screen", "--sans-ecran", action="store_true", dest="is_screenless", help=words.text("cli.panneau.no_screen"))
    parser.add_argument("--level", choices=LEVELS, default="GS", help=words.text("cli.panneau.level"))
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.panneau.port"))


def sim(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take the robots to be served."""
    parser.add_argument("--serve", choices=("tcp", "pty"), default="tcp", help=words.text("cli.serve"))
    parser.add_argument("--robots", type=_names, default="lapin", metavar="lapin,renard", help=words.text("cli.robots"))
    parser.add_argument("--tcp-port", type=int, default=5331, metavar="5331", help=words.text("cli.tcp_port"))
    _sim_kit(parser, words)
    _mat(parser, words)


def name(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take the animal that a robot is to be."""
    parser.add_argument("animal", nargs="?", default="", metavar="ANIMAL", help=words.text("cli.name.animal"))
    port(parser, words)


def settings(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take what to do with a robot's settings."""
    port(parser, words)
    _sim_kit(parser, words)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--show", action="store_true", help=words.text("cli.settings.show"))
    instead.add_argument("--reset", action="store_true", help=words.text("cli.settings.reset"))


def _sim_kit(parser: argparse.ArgumentParser, words: Words) -> None:
    kits = ", ".join((SIM_KIT, *BOARD_KITS))
    parser.add_argument("--kit", default=SIM_KIT, metavar="KIT", help=words.text("cli.sim_kit", kits=kits))


def board(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take where the board is."""
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.install.board"))


def _kit(parser: argparse.ArgumentParser, words: Words) -> None:
    kits = ", ".join(BOARD_KITS)
    parser.add_argument("--kit", default=BOARD_KITS[0], metavar="KIT", help=words.text("cli.install.kit", kits=kits))


def install(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take a board and its kit."""
    board(parser, words)
    _kit(parser, words)


def image(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take the files of which one is made."""
    parser.add_argument("--micropython", type=Path, required=True, metavar="FILE.uf2", help=words.text("cli.image.micropython"))
    _kit(parser, words)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.uf2", help=words.text("cli.image.out"))

"""`petitpas` without arguments: the window, or where there is no display, a program played headless, its path and a picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from petitpas.play import Player
from petitpas.program import from_compact
from petitpas.simulated import ROBOT, make_runner
from petitpas.words import Words
from petitpas_robot import opcodes
from petitpas_sim.chart import draw_mat
from petitpas_sim.mat import CELL_MM, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts

if TYPE_CHECKING:
    from petitpas.wall.buttons import Buttons

MAT = "5x5"
START = "A1N"
GOAL = (2, 2)
ROCKS = ("A4", "D2")
PROGRAM = ["forward", "forward", "right", "forward", "forward", "beep"]
"""Up, up, a quarter turn, and over: it ends on the goal."""

PICTURE = "petit-pas.png"


def open_window(
    words: Words,
    record: TextIO | None = None,
    settings: Mapping[str, int] | None = None,
    *,
    buttons: Buttons | None = None,
    headless: Callable[[Words], int] | None = None,
) -> int:
    """
    Open the wall, or do without where no window can be had; return an exit status.

    Args:
        record: gets the session; the class is then one on its first day, of which nothing is kept, so that a replay begins as it did.
        settings: of the class, that were given with the command, by name.
        buttons: of a panel.
        headless: is done without a window; None: a program is played.
    """
    headless = headless or play_headless
    reason = _why_no_display(words)
    if reason:
        print(reason)
        return headless(words)
    from petitpas.classroom import Classroom, Store, data_folder
    from petitpas.classroom.commands import SetSetting
    from petitpas.wall.app import run_app
    from petitpas.wall.desk import UnkeptClass
    from petitpas.wall.window import WindowError

    school = Classroom(Store(data_folder())) if record is None else UnkeptClass()
    try:
        for name, value in (settings or {}).items():
            school.do(SetSetting(name, value))
        run_app(school, record=record, buttons=buttons, open_panel=_panel)
    except WindowError as error:
        print(words.text("cli.window.none", detail=error))
        return headless(words)
    finally:
        if isinstance(school, Classroom):
            school.close()
    return 0


def _panel() -> Buttons:
    """Open the panel of this computer, on the pins of the class's file; raise KitError where it cannot be had."""
    from petitpas.classroom import data_folder
    from petitpas.tangible.panel import Panel
    from petitpas.tangible.pins import file_of, read_pins

    return Panel(read_pins(file_of(data_folder())))


def _why_no_display(words: Words) -> str:
    """Return a sentence where there is surely no display, else nothing: then opening the window tells."""
    has_none = sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    if has_none and not os.environ.get("SDL_VIDEODRIVER"):
        return words.text("cli.window.none", detail="DISPLAY")
    return ""


def play_headless(words: Words, folder: Path | None = None) -> int:
    """Play PROGRAM over the port of a simulated robot, print its path on the mat and save a picture; return an exit status."""
    from petitpas_sim.view.picture import save_picture
    from petitpas_sim.view.scene import Decor

    runner = make_runner(MAT, START, ROCKS)
    start = Place.parse(START)
    with open_to_hosts(Virtual(runner)):
        finished = Player(f"sim://{ROBOT}", from_compact(PROGRAM), words).play()
    print(words.text(f"outcomes.{finished.how}"))
    body = runner.world.bodies[0]
    print(draw_mat(runner.world.mat, start, body.path, body.place()), end="")
    trail = tuple(((column + 0.5) * CELL_MM, (row + 0.5) * CELL_MM) for column, row in [start.cell, *body.path])
    file = (folder or Path.cwd()) / PICTURE
    try:
        save_picture(file, runner.world.snapshot(), Decor(start=start, goals=(GOAL,), trail=trail))
        print(words.text("cli.window.picture", file=file))
    except OSError as error:
        print(words.text("cli.window.no_picture", detail=error))
    return 0 if finished.how == opcodes.HOW_DONE else 1

"""`petitpas panneau`: a panel of push-buttons before the wall, or without a screen; where there are no pins, the keyboard."""

from __future__ import annotations

import argparse
from pathlib import Path

from petitpas import demo
from petitpas.classroom.places import data_folder
from petitpas.errors import PanelMissing
from petitpas.program.blocks import Level
from petitpas.robots import Robot
from petitpas.simulated import SIM
from petitpas.tangible.floor import FloorDriver
from petitpas.tangible.free import ROBOT, free_task
from petitpas.tangible.keyboard import Keyboard
from petitpas.tangible.loop import Drive, Loop
from petitpas.tangible.panel import Panel
from petitpas.tangible.pins import file_of, read_pins
from petitpas.wall.task import Task
from petitpas.wall.worlds import OwnWorld
from petitpas.words import Words


def program(options: argparse.Namespace, url: str, words: Words) -> int:
    """
    Let children program with the buttons until the window is closed, the input ends or Ctrl-C; return an exit status.

    Args:
        url: of the robot where there is no wall; "": a simulated one.
    Raises:
        FileError: the pin file is not right.
        PanelError: a pin cannot be had.
    """
    panel = _panel(options.pins or file_of(data_folder()), words)

    def without_screen(words: Words) -> int:
        _play(panel, options.level, url, words)
        return 0

    try:
        if options.is_screenless or options.port:
            return without_screen(words)
        return demo.open_window(words, buttons=panel, headless=without_screen)
    finally:
        if panel is not None:
            panel.close()


def _panel(file: Path, words: Words) -> Panel | None:
    """Return the panel on the pins of this computer; where it has none, say so."""
    pins = read_pins(file)
    try:
        return Panel(pins)
    except PanelMissing as error:
        print(error.say(words.lang))
        return None


def _play(panel: Panel | None, level: Level, url: str, words: Words) -> None:
    """Let a strip be laid without a screen, by the keyboard where there is no panel."""
    task = free_task(level)
    driver = _driver(task, url or f"{SIM}{ROBOT}", words)
    print(words.text("panel.ready", level=level))
    if panel is None:
        print(words.text("panel.keyboard"))
    Loop(panel or Keyboard(), driver, task, words).run()


def _driver(task: Task, url: str, words: Words) -> Drive:
    """Return the robot, once it has answered."""
    if url.startswith(SIM):
        robot = task.variant.robots[0]
        return OwnWorld(task.variant.mat, robot.start, url.removeprefix(SIM), robot.kit)
    with Robot.open(url) as met:
        print(words.sentence("cli.run.met", robot=words.robot(met.identity.name), kit=met.identity.kit))
    return FloorDriver(url)

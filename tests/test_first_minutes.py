"""A teacher alone lives her first ten minutes at a real screen, by taps and what pixels say, from launch to *Reprendre*: no terminal."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from newcomer import Doing, Newcomer, around, below, inside, live, newcomer, until
from taught import Walker
from test_wall_newcomer import lesson_zero
from test_wall_screen import said

from petitpas.robots.doctor import Finding
from petitpas.robots.fleet import Plugged
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk
from screens import Watch

SIZE = (1024, 768)

FIRST_GO_S = 60
"""Of her own time, from launch to the first GO."""

CARDS = ("forward", "forward", "right", "forward", "forward")


class Minutes:
    """Her computer: what it opens, and the robot that she plugs in once she is asked to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.began_s = time.monotonic()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"socket://127.0.0.1:{self.port}"
        self._robot: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """A system that opens a file by writing down its name, and a socket that is listed as a port."""
        tools = self.folder / "bin"
        tools.mkdir(exist_ok=True)
        opener = tools / "xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$1" >> "{self.folder}/opened"\n')
        opener.chmod(0o755)
        return {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PETITPAS_PORTS": self.url}

    def opened(self) -> list[str]:
        """Return the files that the system was asked to open."""
        file = self.folder / "opened"
        return file.read_text().split() if file.is_file() else []

    def plug(self) -> None:
        """Plug a robot in: another process that is one."""
        command = [sys.executable, "-m", "petitpas.cli", "sim", "--robots", "lapin", "--tcp-port", str(self.port)]
        self._robot = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        said(self._robot)

    def close(self) -> None:
        if self._robot is not None:
            self._robot.terminate()
            self._robot.communicate()


def plugged_in(desk: Desk, url: str) -> None:
    """Let the rehearsal know what her computer sees."""
    desk.fleet.drives = ()
    desk.fleet.robots = (Plugged(url, Finding("well", {"port": url, "robot": "lapin", "kit": "exact"}), "lapin"),) if url else ()


def tries(she: Newcomer, minutes: Minutes) -> Doing:
    """*Essayer*: the wrong card, the kind sentence, the ghost; she mends it."""
    yield from lesson_zero(she)
    assert time.monotonic() - minutes.began_s < FIRST_GO_S  # it is the third GO already
    she.tap("back")


def prepares(she: Newcomer, minutes: Minutes) -> Doing:
    """*Préparer*: GS, *Trois à cinq cartes*, one PDF that the system opens."""
    yield from she.sees(inside(she.frame("prepare")), "wood")
    she.tap("prepare")
    yield from she.sees(below(she.frame("GS")), "leaf")
    she.tap("GS")
    lesson = she.frame(("lesson", "gs4"))
    yield from she.sees(below(she.frame(("tick", "mat"))), "leaf")
    she.tap(("lesson", "gs4"))
    yield from she.finds(around(lesson), "sun")
    she.presses("print")
    yield from until(lambda: bool(minutes.opened()), lambda: "no pages are opened")
    (file,) = minutes.opened()
    assert Path(file).name == "gs4.pdf" and Path(file).read_bytes().startswith(b"%PDF")
    she.tap("back", "back")


def meets_the_robot(she: Newcomer, minutes: Minutes) -> Doing:
    """She plugs a robot in: « C'est le lapin », and what can be done for it."""
    yield from she.sees(inside(she.frame("robots")), "lilac")
    she.tap("robots")
    minutes.plug()
    plugged_in(she.desk, minutes.url)
    she.rehearse(Watch(500))
    checkup = she.frame(("checkup", minutes.url))
    yield from she.sees(inside(checkup), "sky")
    she.tap("back")


def plays_with_it(she: Newcomer, minutes: Minutes) -> Doing:
    """The same program on the robot: chosen by its animal, it does what the cards say."""
    yield from she.sees(inside(she.frame("class")), "sky")
    she.tap("class")
    yield from she.sees(inside(she.frame("done")), "leaf")
    she.tap("done")
    yield from she.sees(inside(she.frame("done")), "leaf")
    she.tap("done")
    yield from she.sees(below(she.frame("GS")), "leaf")
    she.tap("GS")
    yield from she.sees(inside(she.frame(("gs4", "pas", "feet"))), "leaf")
    she.tap(("gs4", "pas", "mat"))
    yield from she.reads("cream", "edge")
    she.tap(Tool.MORE)
    yield from she.sees(inside(she.frame(Tool.ROBOT)), "card")
    she.tap(Tool.ROBOT)
    yield from she.sees(inside(she.frame("lapin")), "leaf")
    she.tap("lapin")
    for place, card in enumerate(CARDS):
        yield from she.sees(inside(she.frame("listen")), "cream")
        she.tap(card)
        yield from she.sees(inside(she.slots[place]), "card")
    she.goes("go")
    yield from she.reads("leaf", "teal")


def first_minutes(she: Newcomer, minutes: Minutes) -> Doing:
    yield from tries(she, minutes)
    yield from prepares(she, minutes)
    yield from meets_the_robot(she, minutes)
    yield from plays_with_it(she, minutes)


def resumes(she: Newcomer) -> Doing:
    """On another day *Reprendre* is there, and leads to the strip as it was."""
    resume = she.frame("resume")
    yield from she.sees((resume.right - resume.width // 20, resume.centre[1]), "leaf")
    she.tap("resume")
    for place in range(len(CARDS)):
        yield from she.sees(inside(she.slots[place]), "card")


@contextmanager
def computer(folder: Path) -> Iterator[Minutes]:
    minutes = Minutes(folder)
    try:
        yield minutes
    finally:
        minutes.close()


@pytest.mark.once
def test_the_first_ten_minutes_of_a_teacher_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with computer(tmp_path) as minutes:
        with newcomer(tmp_path, SIZE, environment=minutes.environment) as (she, window):
            she.desk.open_plugged = lambda url, mat, start, name, others: Walker(mat, start, name, "exact", others)  # type: ignore[assignment, return-value]
            plugged_in(she.desk, "")
            if (unseen := live({"first": (first_minutes(she, minutes), window)})["first"]) is not None:
                raise unseen
            kept = she.desk.school.snapshot
        with newcomer(tmp_path, SIZE) as (she, window):
            she.desk.school.snapshot = kept  # type: ignore[misc]
            she.rehearse(Watch(100))
            if (unseen := live({"again": (resumes(she), window)})["again"]) is not None:
                raise unseen

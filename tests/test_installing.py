"""The command install, and a whole installation under real MicroPython."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from petitpas import cli, robots
from petitpas.robots import Identity, Robot
from petitpas.robots.firmware import board_files, manifest
from petitpas.robots.installer import STEPS, Installed, Installer
from petitpas.terminal import Terminal
from petitpas.words import Words
from petitpas_robot import wire
from tests.fake_board import KIT

ROOT = Path(__file__).resolve().parent.parent

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

# --- The command --------------------------------------------------------------------------------------------------


def test_install_without_a_board_says_what_to_do(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "find_ports", list)
    assert cli.main(["install"]) == cli.ROBOT_TROUBLE
    assert Words("fr").text("doctor.nothing.do") in capsys.readouterr().out


def test_the_bar_is_a_line_a_step_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Terminal(Words("en"), lambda: None).progress
    for step in STEPS:
        for done in range(3):
            bar(step, done, 2)
    assert capsys.readouterr().out.splitlines() == [Words("en").text(f"installing.{step}") for step in STEPS]


class Screen:
    """A terminal's."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_the_bar_fills_on_a_terminal() -> None:
    screen = Screen()
    bar = Terminal(Words("fr"), lambda: None, screen).progress  # type: ignore[arg-type]
    for step, total in (("copy", 100), ("restart", 1)):
        for done in range(0, total + 1, max(1, total // 4)):
            bar(step, done, total)
    frames = screen.text.split("\r")
    assert [frame.count("#") for frame in frames if frame.startswith("4/6")] == [0, 7, 15, 22, 30]
    assert screen.text.endswith("]\n") and screen.text.count("\n") == 1


# --- Real MicroPython ---------------------------------------------------------------------------------------------


@contextmanager
def plugged(micropython: Path, folder: Path) -> Iterator[str]:
    """A board of MicroPython's unix port at the end of a pseudo-terminal: the port's URL."""
    import pty
    import tty

    board_end, our_end = pty.openpty()
    tty.setraw(our_end)
    board = subprocess.Popen(
        [micropython, ROOT / "tests" / "board_repl.py", folder, ROOT / "tests" / "standin"], stdin=board_end, stdout=board_end
    )
    try:
        yield os.ttyname(our_end)
    finally:
        board.kill()
        board.wait()
        os.close(board_end)
        os.close(our_end)


@pytest.mark.once
@needs_pty
def test_installing_on_real_micropython(micropython: Path, tmp_path: Path) -> None:
    files = board_files(KIT)
    (tmp_path / "program.txt").write_text("a pupil's")
    with plugged(micropython, tmp_path) as url:

        def install() -> Installed:
            return Installer(url, KIT, files).install()

        first = install()  # on a board with nothing but MicroPython
        assert first.copied == tuple(file.path for file in files)
        assert isinstance(first.identity, Identity) and first.identity.kit == KIT
        again = install()  # Petit Pas runs: it is asked for maintenance
        assert (again.copied, again.removed) == ((), ()) and again.kept == first.copied
        (tmp_path / "petitpas_robot" / "app.mpy").write_bytes(b"M\x06")  # as after a cord was pulled
        (tmp_path / "petitpas_robot" / "app.py").write_text("raise SystemExit")
        mended = install()
        assert (mended.copied, mended.removed) == (("petitpas_robot/app.mpy",), ("petitpas_robot/app.py",))
        with Robot.open(url) as robot:
            assert robot.state().state == wire.STATE_IDLE
    there = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {**{file.path: file.data for file in (*files, manifest(KIT, files))}, "program.txt": b"a pupil's"}

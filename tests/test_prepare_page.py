"""Préparer: what is ticked is printed, and opened by the system; what cannot be is said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shown import Desks, FakePrinter, later, said, shell_of, tap

from petitpas.errors import FileError
from petitpas.lessons.load import find_lesson
from petitpas.printing import PARTS
from petitpas.program.blocks import Level
from petitpas.wall.asking import AtOnce
from petitpas.wall.pages.prepare_page import BOOKLET, USUAL, PreparePage
from petitpas.wall.paper import Printer, show
from petitpas.wall.shell import Shell
from petitpas.words import Words


def preparing(printer: Printer, level: Level = "GS") -> Shell:
    desk = Desks().made()
    desk.printer, desk.aside = printer, AtOnce()
    return shell_of(PreparePage(desk, level), desk)


def test_a_lesson_is_printed_and_opened_in_two_taps() -> None:
    printer = FakePrinter(Path("/class/pages/gs4.pdf"))
    shell = preparing(printer)
    tap(shell, ("lesson", "gs4"), "print")
    lesson, *rest = printer.asked[0]
    assert lesson.id == "gs4" and rest == ["fr", USUAL, "a4"]  # type: ignore[attr-defined]
    assert printer.shown == [printer.answer]
    assert "gs4.pdf" in said(shell)
    tap(shell, "print")
    assert len(printer.asked) == 1 and len(printer.shown) == 2  # the same pages are opened again, not made again


def test_what_is_ticked_is_what_is_printed() -> None:
    printer = FakePrinter(Path("/class/pages/gs1.pdf"))
    shell = preparing(printer)
    tap(shell, ("tick", "mat"), ("tick", "strip"), ("tick", "a3"), "print")
    assert printer.asked[0][2:] == (("sheet", "cards", "strip"), "a3")
    for part in USUAL:
        if part != "mat":
            tap(shell, ("tick", part))
    tap(shell, ("tick", "strip"), "print")
    assert printer.asked[1][2:] == (USUAL, "a3")  # nothing at all is ticked: what is usual


def test_a_whole_level_is_one_booklet() -> None:
    printer = FakePrinter(Path("/class/pages/GS.pdf"))
    shell = preparing(printer)
    tap(shell, ("lesson", BOOKLET), "print")
    assert printer.asked[0][0] == "GS"


def test_what_cannot_be_printed_is_said_and_can_be_tried_again() -> None:
    printer = FakePrinter(FileError("pages_unwritten", path="/class/pages/gs1.pdf"))
    shell = preparing(printer)
    tap(shell, "print")
    assert "Vérifier que le disque" in said(shell) and not printer.shown
    printer.answer = Path("/class/pages/gs1.pdf")
    tap(shell, "print")
    assert printer.shown == [printer.answer]


def test_pages_that_nothing_opens_are_there_and_where_is_said() -> None:
    printer = FakePrinter(Path("/class/pages/gs1.pdf"))
    shell = preparing(printer)
    tap(shell, "print")
    assert "est ouvert" in said(shell) and "Sans imprimante ici" in said(shell)
    printer.is_refused = True  # the system takes a moment to find out
    later(shell)
    assert "rien ne l’ouvre" in said(shell) and "/class/pages" in said(shell) and "est ouvert" not in said(shell)
    printer.is_refused = False  # by now there is something
    tap(shell, "print")
    assert len(printer.shown) == 2 and "est ouvert" in said(shell)


@pytest.mark.skipif(sys.platform != "linux", reason="another system opens files in its own way")
@pytest.mark.parametrize("opener", ["exit 3", "exec sleep 60", ""])
def test_what_the_system_opens_with_is_believed(opener: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin" if opener else str(tmp_path))
    if opener:
        (tmp_path / "xdg-open").write_text(f"#!/bin/sh\n{opener}\n")
        (tmp_path / "xdg-open").chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []

    class Started(subprocess.Popen[bytes]):
        def __init__(self, *what: Any, **how: Any) -> None:
            super().__init__(*what, **how)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Started)
    is_refused = show(tmp_path / "gs4.pdf")
    for process in started:
        if "sleep" in opener:
            assert not is_refused()  # it is being read
            process.kill()
        process.wait(10)
    assert is_refused() == ("sleep" not in opener)


def test_every_part_can_be_ticked_and_has_words() -> None:
    shell = preparing(FakePrinter(Path("x.pdf")))
    names = [spot.name[1] for spot in shell.spots() if isinstance(spot.name, tuple) and spot.name[0] == "tick"]
    assert names == [*PARTS, "a4", "a3"]
    assert all(Words().text(f"wall.prepare.parts.{name}") in said(shell) for name in names)


def test_real_pages_are_written_into_the_class_folder(tmp_path: Path) -> None:
    shown: list[Path] = []

    def show(file: Path) -> Callable[[], bool]:
        shown.append(file)
        return bool

    tap(preparing(Printer(tmp_path, show=show), "PS"), "print")
    (file,) = shown
    assert file.parent.parent == tmp_path and file.read_bytes().startswith(b"%PDF")
    assert "PS" in find_lesson(file.stem).levels

"""
Pages of a lesson on paper: the PDF is made beside the frames, kept in the class's folder, and opened by the system.

A process of its own makes it: Typst keeps what it has set, some hundred megabytes of it, and the wall stays open all day.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from petitpas.classroom.places import data_folder
from petitpas.errors import FileError, KitError
from petitpas.lessons import Lesson
from petitpas.lessons.load import find_lesson
from petitpas.lessons.programmes import sequence_of
from petitpas.printing import Job, booklet_pages, lesson_pages, pdf
from petitpas.printing.cards import Data
from petitpas.program.blocks import Level
from petitpas.wall.asking import Asking
from petitpas.words import Words

Made = Path | KitError
"""A file of pages, or what is the matter where there is none: no Typst, or a folder that takes no file."""

PARTS = ("cards", "board", "paper")
"""What is printed of a challenge: cards, a mat for figurines, the pupils' sheet. On the floor it is laid on the mat that the class has."""

_FOLDER = "pages"

_MOST_SHOWN = 5
"""So many viewers may show the same pages."""


def made_aside(pages: list[Data], title: str, lang: str) -> bytes:
    """Return the PDF of pages that another process has made; raise KitError without Typst, BrokenProcessPool where it has ended early."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(pdf, pages, title, lang).result()


def show(file: Path) -> Callable[[], bool]:
    """Have the system open a file; what is returned says whether nothing opens it, as soon as that is known."""
    try:
        if sys.platform == "win32":
            os.startfile(file)
            return lambda: False
        command = "open" if sys.platform == "darwin" else "xdg-open"
        # Another application may be in Python too, and finds its own modules.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        process = subprocess.Popen(
            (command, str(file)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=ours
        )
    except OSError:
        return lambda: True
    return lambda: (process.poll() or 0) > 0  # it may be the viewer itself, which stays for as long as somebody reads


class Printer:
    """
    How pages come out of this computer.

    Args:
        folder: of the class, for the pages; None: the usual one.
        typeset: makes a PDF of pages, with a title, in a language.
        show: has a file opened by the system.
    """

    def __init__(
        self,
        folder: Path | None = None,
        typeset: Callable[[list[Data], str, str], bytes] = made_aside,
        show: Callable[[Path], Callable[[], bool]] = show,
    ) -> None:
        self._folder = folder or data_folder()
        self._typeset = typeset
        self._show = show

    def show(self, file: Path) -> Callable[[], bool]:
        """Have a file opened; what is returned says whether nothing opens it, as soon as that is known."""
        return self._show(file)

    def lesson(self, lesson: Lesson, lang: str, parts: tuple[str, ...], paper: str) -> Made:
        """Write parts of a lesson."""
        variants = tuple(variant.name for variant in lesson.variants)
        job = Job(lesson, Words(lang), date.today(), paper, variants)
        return self._written(lesson.id, lesson.title, lambda: lesson_pages(job, parts), lang)

    def booklet(self, level: Level, lang: str, parts: tuple[str, ...], paper: str) -> Made:
        """Write parts of all lessons of a level in one file."""

        def pages() -> list[Data]:
            sequence = sequence_of(level)
            assert sequence is not None
            jobs = [Job(find_lesson(name), Words(lang), date.today(), paper) for name in sequence.lessons]
            return booklet_pages(sequence, jobs, parts, lambda job: None)

        return self._written(level, level, pages, lang)

    def _written(self, name: str, title: str, pages: Callable[[], list[Data]], lang: str) -> Made:
        file = self._folder / _FOLDER / f"{name}.pdf"
        try:
            data = self._typeset(pages(), title, lang)
            file.parent.mkdir(parents=True, exist_ok=True)
            file = _kept(data, file)
        except KitError as error:
            return error
        except (OSError, BrokenProcessPool):
            return FileError("pages_unwritten", path=file)
        return file


def _kept(data: bytes, file: Path) -> Path:
    """Write a file and return it; where a viewer still shows the last one, which Windows then protects, one beside it. Raise OSError."""
    others = (file.with_stem(f"{file.stem}-{number}") for number in range(2, _MOST_SHOWN))
    for free in (file, *others):
        with suppress(PermissionError):
            free.write_bytes(data)
            return free
    raise PermissionError(file)


class Press:
    """
    Prints beside the frames: pages are made, then opened by the system; what was made last is only opened again.

    Args:
        aside: where they are made; None: a thread of its own.
    """

    def __init__(self, printer: Printer, aside: Executor | None = None) -> None:
        self._printer = printer
        self._asking = Asking(self._make, aside)
        self._asked: tuple[object, ...] = ()
        self._made: Made | None = None
        self._is_refused: Callable[[], bool] = lambda: False
        self.is_at_work = False

    def _make(self, what: Lesson | Level, lang: str, parts: tuple[str, ...], paper: str) -> Made:
        if isinstance(what, Lesson):
            return self._printer.lesson(what, lang, parts, paper)
        return self._printer.booklet(what, lang, parts, paper)

    def print(self, what: Lesson | Level, lang: str, parts: tuple[str, ...] = PARTS, paper: str = "a4") -> None:
        """Begin to print parts of a lesson, or of all lessons of a level; what is being made comes first."""
        if self.is_at_work:
            return
        asked = (what, lang, parts, paper)
        if asked == self._asked and isinstance(self._made, Path) and not self.has_trouble:
            self._is_refused = self._printer.show(self._made)
            return
        self._asked, self._made, self.is_at_work = asked, None, True
        self._asking.forget()  # there may be room on the disk this time
        self._asking.ask(*asked)

    def step(self) -> None:
        """Have pages opened once they are there."""
        if self.is_at_work and self._asking.is_ready:
            self.is_at_work, self._made = False, self._asking.found
            if isinstance(self._made, Path):
                self._is_refused = self._printer.show(self._made)

    def forget(self) -> None:
        """Say no more of what was printed."""
        if not self.is_at_work:
            self._made = None

    @property
    def has_trouble(self) -> bool:
        """Whether there are no pages, or nothing that opens them."""
        return isinstance(self._made, KitError) or (self._made is not None and self._is_refused())

    def said(self, words: Words) -> str:
        """Return what there is to say, "" for nothing."""
        if self.is_at_work:
            return words.text("wall.paper.making")
        if self._made is None:
            return ""
        if isinstance(self._made, KitError):
            return self._made.say(words.lang)
        return words.text(f"wall.paper.{'unopened' if self.has_trouble else 'made'}", file=self._made.name, folder=self._made.parent)

    def close(self) -> None:
        """Let go of what is not made yet."""
        self._asking.close()

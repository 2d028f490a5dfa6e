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
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from petitpas.classroom.places import data_folder
from petitpas.errors import FileError, KitError
from petitpas.lessons import Lesson
from petitpas.lessons.load import find_lesson
from petitpas.lessons.programmes import all_sequences
from petitpas.printing import Job, booklet_pages, lesson_pages, pdf
from petitpas.printing.cards import Data
from petitpas.program.blocks import Level
from petitpas.wall.asking import Asking
from petitpas.words import Words

PARTS = ("cards", "board", "paper")
"""What is printed of a challenge: cards, a mat for figurines, the pupils' sheet. On the floor it is laid on the mat that the class has."""

_FOLDER = "pages"


def printed(lesson: Lesson, lang: str, parts: tuple[str, ...] = PARTS, paper: str = "a4") -> Path | KitError:
    """Write parts of a lesson; return the file, or what is the matter where there is none: no Typst, or a folder that takes no file."""
    variants = tuple(variant.name for variant in lesson.variants)
    job = Job(lesson, Words(lang), date.today(), paper, variants)
    return _written(lesson.id, lesson.title, lambda: lesson_pages(job, parts), lang)


def booklet(level: Level, lang: str, parts: tuple[str, ...], paper: str = "a4") -> Path | KitError:
    """Write parts of all lessons of a level in one file; return it, or what is the matter."""

    def pages() -> list[Data]:
        sequence = next(sequence for sequence in all_sequences() if level in sequence.levels)
        jobs = [Job(find_lesson(name), Words(lang), date.today(), paper) for name in sequence.lessons]
        return booklet_pages(sequence, jobs, parts, lambda job: None)

    return _written(level, level, pages, lang)


def _written(name: str, title: str, pages: Callable[[], list[Data]], lang: str) -> Path | KitError:
    try:
        file = data_folder() / _FOLDER / f"{name}.pdf"
        try:
            data = made_aside(pages(), title, lang)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except (OSError, BrokenProcessPool) as error:
            raise FileError("pages_unwritten", path=file) from error
    except KitError as error:
        return error
    return file


def made_aside(pages: list[Data], title: str, lang: str) -> bytes:
    """Return the PDF of pages that another process has made; raise KitError without Typst, BrokenProcessPool where it has ended early."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(pdf, pages, title, lang).result()


def show(file: Path) -> None:
    """Have the system open a file; where nothing opens it, it stays in its folder, whose name is on the screen."""
    try:
        if sys.platform == "win32":
            os.startfile(file)
        else:
            command = "open" if sys.platform == "darwin" else "xdg-open"
            subprocess.Popen((command, str(file)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError:
        pass


class Press:
    """
    Prints a lesson beside the frames: its pages are made, then opened by the system.

    Args:
        aside: where they are made; None: a thread of its own.
        printed: makes them.
        show: opens them.
    """

    def __init__(
        self,
        aside: Executor | None = None,
        printed: Callable[[Lesson, str], Path | KitError] = printed,
        show: Callable[[Path], None] = show,
    ) -> None:
        self._asking = Asking(printed, aside)
        self._show = show
        self.is_at_work = False

    def print(self, lesson: Lesson, words: Words) -> str:
        """Begin to print a lesson; return what is said meanwhile."""
        self._asking.ask(lesson, words.lang)
        self.is_at_work = True
        return words.text("wall.invent.printing")

    def ended(self, words: Words) -> str:
        """Return, once, what has come of it, "" for nothing yet; what was made is opened then."""
        if not (self.is_at_work and self._asking.is_ready):
            return ""
        self.is_at_work, made = False, self._asking.found
        self._asking.forget()  # there may be room on the disk next time
        if isinstance(made, KitError):
            return made.say(words.lang)
        assert made is not None
        self._show(made)
        return words.text("wall.invent.printed", file=made)

    def close(self) -> None:
        """Let go of what is not made yet."""
        self._asking.close()

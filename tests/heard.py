"""What is heard, for tests: a speaker, a voice and a sound card that write it down, and samples that are made or measured."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_driver import FakeDriver
from shown import desk_of, shell_of

from petitpas.lessons import load_lesson
from petitpas.lessons.load import lessons_folder
from petitpas.voice.reader import Spoken
from petitpas.voice.recordings import Recordings
from petitpas.voice.teller import Teller
from petitpas.voice.waves import RATE_HZ, SILENT, moments
from petitpas.wall.app import open_lesson
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import Sounds
from petitpas.wall.synth import Score

PATIENCE_S = 30


def until(is_so: Callable[[], bool]) -> None:
    """Wait for another process, with patience."""
    deadline_s, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while not is_so():
        assert time.monotonic() < deadline_s
        pause.wait(0.01)


def tone(ms: int, level: float = 0.5) -> array[int]:
    """Return a square wave of 441 Hz."""
    return array("h", [int((-1) ** (place // 25) * level * 32767) for place in range(RATE_HZ * ms // 1000)])


def spoken_ms(samples: array[int]) -> int:
    """Return how long a voice is heard, pauses between words included."""
    heard = [place for place, level in enumerate(moments(samples)) if level > SILENT]
    return 20 * (heard[-1] - heard[0] + 1) if heard else 0


class FakeSpeaker:
    """Remembers what it is asked for."""

    def __init__(self) -> None:
        self.is_missing = False
        self.played: list[tuple[Score, float]] = []
        self.said: list[tuple[tuple[Path, ...], float]] = []
        self.calls: list[str] = []

    def wake(self) -> None:
        self.calls.append("wake")

    def play(self, score: Score, gain: float, *, yields: bool = False) -> None:
        self.played.append((score, gain))

    def say(self, files: Sequence[Path], gain: float) -> None:
        self.said.append((tuple(files), gain))

    def quiet(self) -> None:
        self.calls.append("quiet")

    def close(self) -> None:
        self.calls.append("close")


class FakeReader:
    """The system's voice: it has made what is in `files`, and makes the rest when `speak` is called."""

    is_missing = False

    def __init__(self) -> None:
        self.files: dict[Spoken, Path] = {}
        self.asked: list[tuple[tuple[Spoken, ...], Callable[[], None]]] = []
        self.ahead: list[Spoken] = []

    def file_of(self, spoken: Spoken) -> Path | None:
        return self.files.get(spoken)

    def ask(self, sentences: Sequence[Spoken], then: Callable[[], None]) -> None:
        self.asked.append((tuple(sentences), then))

    def prepare(self, sentences: Sequence[Spoken]) -> None:
        self.ahead = list(sentences)

    def close(self) -> None:
        pass

    def speak(self) -> None:
        for sentences, then in self.asked:
            self.files |= {spoken: Path(spoken.text) for spoken in sentences}
            then()
        self.asked.clear()


class SpokenAt(Sounds):
    """Sounds with a voice that is there at once; `heard` are the sentences that reached the speaker."""

    def __init__(self, folder: Path) -> None:
        self.speaker, self.reader = FakeSpeaker(), FakeReader()
        super().__init__(100, speaker=self.speaker, voice=Teller(Recordings(folder), self.reader))

    def heard(self) -> list[str]:
        self.reader.speak()
        said, self.speaker.said = self.speaker.said, []
        return [file.name for files, _ in said for file in files]


def at_lesson(sounds: Sounds, lesson: str, variant: str = "pas") -> tuple[Shell, LessonPage]:
    """Open a variant of a lesson with a robot that is none."""
    opened = load_lesson(lessons_folder() / lesson)
    desk = desk_of(sounds=sounds, scale_px_per_m=2_000)
    desk.open_driver = lambda mat, start, name, kit, others=(): FakeDriver(mat, start, name)
    page = open_lesson(desk, opened, opened.variant(variant))
    assert isinstance(page, LessonPage)
    return shell_of(page, desk), page


class DiskCard:
    """SDL's disk driver: a card that writes down all that it would play, faster than real time."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = folder / "heard.raw"
        for name, value in (("SDL_AUDIODRIVER", "disk"), ("SDL_DISKAUDIOFILE", str(self.file)), ("SDL_DISKAUDIODELAY", "2")):
            monkeypatch.setenv(name, value)

    def samples(self) -> array[int]:
        """Return all that it has written down so far."""
        raw = self.file.read_bytes() if self.file.exists() else b""
        return array("h", raw[: len(raw) // 2 * 2])

    def peaks(self, seconds: int) -> list[int]:
        """Return the loudest sample of each of the first seconds."""
        count = seconds * RATE_HZ
        until(lambda: self.file.exists() and self.file.stat().st_size >= 2 * count)
        values = array("h", self.file.read_bytes()[: 2 * count])
        return [max(map(abs, values[second * RATE_HZ :][:RATE_HZ])) for second in range(seconds)]

"""The sound card: it may be slow, missing, or pulled out, and what reaches it is what the volume says."""

import os
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from petitpas.wall.player import LATE_S
from petitpas.wall.sounds import SOUNDS, Sounds, gain
from petitpas.wall.speaker import RETRY_S, ProcessSpeaker
from petitpas.wall.synth import RATE_HZ, Note, samples

PATIENCE_S = 30
NOTES = SOUNDS["go"].score

SLOW = """
import sys
for line in sys.stdin:
    with open(sys.argv[1], "a") as log: log.write("!")
    open(sys.argv[2]).read()
    print(flush=True)
"""
"""A player that writes down each order, and answers once somebody writes into a pipe."""

LOSES = "import sys; line = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"
"""A player whose card goes at the second sound."""


def until(is_so: Callable[[], bool]) -> None:
    """Wait for another process, with patience."""
    deadline_s, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while not is_so():
        assert time.monotonic() < deadline_s
        pause.wait(0.01)


@pytest.fixture
def opened() -> Iterator[list[ProcessSpeaker]]:
    """A list of speakers that are closed in the end."""
    speakers: list[ProcessSpeaker] = []
    yield speakers
    for speaker in speakers:
        speaker.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe with a name")
def test_a_card_that_takes_long_keeps_nothing_waiting_and_what_is_late_is_left_out(tmp_path: Path, opened: list[ProcessSpeaker]) -> None:
    os.mkfifo(tmp_path / "pipe")
    log, now_s = tmp_path / "log", [100.0]
    speaker = ProcessSpeaker((sys.executable, "-c", SLOW, str(log), str(tmp_path / "pipe")), lambda: now_s[0])
    opened.append(speaker)
    speaker.play(NOTES, 1)
    until(lambda: log.exists() and log.read_text() == "!")  # it is being opened, and we are here
    for _ in range(50):
        speaker.play(NOTES, 1)
    now_s[0] += LATE_S + 0.1
    (tmp_path / "pipe").write_text("open")
    until(lambda: speaker._order is None)
    speaker.play(NOTES, 1)
    until(lambda: log.read_text() == "!!")
    assert not speaker.is_missing


def test_no_card_is_silence_and_one_notice(monkeypatch: pytest.MonkeyPatch, opened: list[ProcessSpeaker]) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "there is no such driver")
    now_s = [100.0]
    speaker = ProcessSpeaker(now_s=lambda: now_s[0])
    opened.append(speaker)
    sounds = Sounds(speaker=speaker)
    sounds.quiet()
    sounds.play("go")
    until(lambda: speaker.is_missing and speaker._process is None)
    assert [sounds.notice(), sounds.notice()] == ["wall.no_sound", None]
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sounds.play("go")
    until(lambda: speaker._order is None)
    assert speaker._process is None  # not again so soon
    now_s[0] += RETRY_S
    sounds.play("go")
    until(lambda: not speaker.is_missing)


def test_a_card_that_goes_is_silence_and_another_is_looked_for(opened: list[ProcessSpeaker]) -> None:
    now_s = [100.0]
    speaker = ProcessSpeaker((sys.executable, "-c", LOSES), lambda: now_s[0])
    opened.append(speaker)
    speaker.play(NOTES, 1)
    until(lambda: speaker._process is not None and speaker._order is None)
    speaker.play(NOTES, 1)
    until(lambda: speaker.is_missing and speaker._process is None)
    now_s[0] += RETRY_S
    speaker.play(NOTES, 1)
    until(lambda: not speaker.is_missing)


def test_a_computer_that_starts_no_process_is_silent(opened: list[ProcessSpeaker]) -> None:
    speaker = ProcessSpeaker(("there-is-no-such-command",))
    opened.append(speaker)
    speaker.play(NOTES, 1)
    until(lambda: speaker.is_missing)


def test_nothing_is_started_by_silence_or_after_the_end() -> None:
    speaker = ProcessSpeaker()
    speaker.quiet()
    speaker.close()
    speaker.play(NOTES, 1)
    assert speaker._thread is None


class DiskCard:
    """SDL's disk driver: a card that writes down all that it would play, faster than real time."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = folder / "heard.raw"
        for name, value in (("SDL_AUDIODRIVER", "disk"), ("SDL_DISKAUDIOFILE", str(self.file)), ("SDL_DISKAUDIODELAY", "2")):
            monkeypatch.setenv(name, value)

    def peaks(self, seconds: int) -> list[int]:
        """Return the loudest sample of each of the first seconds."""
        count = seconds * RATE_HZ
        until(lambda: self.file.exists() and self.file.stat().st_size >= 2 * count)
        values = array("h", self.file.read_bytes()[: 2 * count])
        return [max(map(abs, values[second * RATE_HZ :][:RATE_HZ])) for second in range(seconds)]


@pytest.mark.parametrize("volume", [100, 50, 10])
def test_what_reaches_the_card_is_as_loud_as_the_volume_says(
    volume: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[ProcessSpeaker]
) -> None:
    card, speaker = DiskCard(tmp_path, monkeypatch), ProcessSpeaker()
    opened.append(speaker)
    Sounds(volume, speaker=speaker).play("go")
    until(lambda: card.file.exists() and any(card.file.read_bytes()))
    seconds = card.file.stat().st_size // (2 * RATE_HZ) + 3
    peaks = card.peaks(seconds)
    assert max(peaks) == pytest.approx(max(samples(NOTES)) * gain(volume), abs=32767 / 128) and peaks[-1] == 0


def test_what_is_muted_in_mid_song_is_exactly_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[ProcessSpeaker]) -> None:
    card, speaker = DiskCard(tmp_path, monkeypatch), ProcessSpeaker()
    opened.append(speaker)
    speaker.play((Note(0, 60, 30_000),), 1)
    until(lambda: card.file.exists() and any(card.peaks(max(1, card.file.stat().st_size // (2 * RATE_HZ)))[-1:]))
    sounds = Sounds(100, speaker=speaker)
    sounds.is_mute = True
    sounds.play("success")
    until(lambda: speaker._order is None)
    heard_s = card.file.stat().st_size // (2 * RATE_HZ)
    assert card.peaks(heard_s + 8)[-2:] == [0, 0]

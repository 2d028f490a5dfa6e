"""The sound card: it may be slow, missing, or pulled out, and what reaches it is what the volume says."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from heard import DiskCard, until
from shown import desk_of

from petitpas.wall.pages.home import HomePage
from petitpas.wall.player import LATE_S
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import SOUNDS, Sounds, gain
from petitpas.wall.speaker import RETRY_S, ProcessSpeaker
from petitpas.wall.synth import RATE_HZ, Note, samples

NOTES = SOUNDS["go"].score

SLOW = """
import sys
for line in sys.stdin:
    with open(sys.argv[1], "a") as log: log.write("!")
    open(sys.argv[2]).read()
    print(flush=True)
"""
"""A player that writes down each order, and answers once somebody writes into a pipe."""

LISTENS = """
import sys
for line in sys.stdin:
    with open(sys.argv[1], "a") as log: log.write(line)
    print(flush=True)
"""
"""A player that writes down each order."""

LOSES = "import sys; line = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"
"""A player whose card goes at the second sound."""


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
    until(lambda: speaker.is_missing and not speaker._player.is_there)
    assert [sounds.notice(), sounds.notice()] == ["wall.no_sound", None]
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sounds.play("go")
    until(lambda: speaker._order is None)
    assert not speaker._player.is_there  # not again so soon
    now_s[0] += RETRY_S
    sounds.play("go")
    until(lambda: not speaker.is_missing)


def test_a_card_that_goes_is_silence_and_another_is_looked_for(opened: list[ProcessSpeaker]) -> None:
    now_s = [100.0]
    speaker = ProcessSpeaker((sys.executable, "-c", LOSES), lambda: now_s[0])
    opened.append(speaker)
    speaker.play(NOTES, 1)
    until(lambda: speaker._player.is_there and speaker._order is None)
    speaker.play(NOTES, 1)
    until(lambda: speaker.is_missing and not speaker._player.is_there)
    now_s[0] += RETRY_S
    speaker.play(NOTES, 1)
    until(lambda: not speaker.is_missing)


def test_a_computer_that_starts_no_process_is_silent(opened: list[ProcessSpeaker]) -> None:
    speaker = ProcessSpeaker(("there-is-no-such-command",))
    opened.append(speaker)
    speaker.play(NOTES, 1)
    until(lambda: speaker.is_missing)


def test_the_process_is_there_before_the_first_sound(tmp_path: Path, opened: list[ProcessSpeaker]) -> None:
    log = tmp_path / "log"
    speaker = ProcessSpeaker((sys.executable, "-c", LISTENS, str(log)))
    opened.append(speaker)
    desk = desk_of(sounds=Sounds(speaker=speaker))
    shell = Shell(HomePage(desk), desk)
    shell.step(0)
    assert speaker._thread is None  # the first frame comes first
    shell.paint(pygame.Surface(shell.size))
    for ms in (16, 32):
        shell.step(ms)
    until(lambda: log.exists() and log.read_text() == "{}\n")


def test_nothing_is_started_by_silence_or_after_the_end() -> None:
    speaker = ProcessSpeaker()
    speaker.quiet()
    speaker.close()
    speaker.play(NOTES, 1)
    assert speaker._thread is None


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

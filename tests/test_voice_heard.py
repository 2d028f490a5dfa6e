"""A whole lesson is spoken to its last word, without a network, and what reaches the sound card is what it should be."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from heard import DiskCard, FakeReader, SpokenAt, at_lesson, spoken_ms, tone, until

from petitpas.voice.reader import Reader, Spoken
from petitpas.voice.recordings import Recordings
from petitpas.voice.synthesis import MADE, UNKEPT, VOICELESS, Espeak, make
from petitpas.voice.teller import Teller
from petitpas.voice.waves import RATE_HZ, SILENT, SPOKEN, levelled, loudness, read, write
from petitpas.wall.sounds import Sounds
from petitpas.wall.speaker import ProcessSpeaker

ESPEAK = shutil.which("espeak-ng")
needs_espeak = pytest.mark.skipif(not ESPEAK and os.environ.get("CI") != "true", reason="needs espeak-ng (sudo apt install espeak-ng)")

LEAST_MS_A_LETTER = 6_000
"""At one word a minute: what the shortest sentence that children know by heart takes, « Tu y es ! »."""


# --- A whole lesson, by espeak-ng ---


@pytest.mark.once
@needs_espeak
@pytest.mark.parametrize("name", ["gs2", "ce1-4"])
def test_a_whole_lesson_is_spoken_to_its_last_word(name: str, tmp_path: Path) -> None:
    assert ESPEAK, "CI installs espeak-ng"
    sounds = SpokenAt(tmp_path)
    for variant in ("petit_pas", "pas", "grand_pas"):
        at_lesson(sounds, name, variant)
    wanted = list(dict.fromkeys(sounds.reader.ahead))
    reader = Reader(tmp_path / "read")
    try:
        done = threading.Event()
        reader.ask(wanted, done.set)
        assert done.wait(120)
        assert not reader.is_missing
        for spoken in wanted:
            file = reader.file_of(spoken)
            assert file is not None, f"not spoken: {spoken.text}"
            heard = read(file)
            assert spoken_ms(heard) > 0.97 * espeak_ms(spoken, tmp_path / "whole.wav"), f"cut short: {spoken.text}"
            assert spoken_ms(heard) * spoken.wpm > LEAST_MS_A_LETTER * len(spoken.text), f"cut short: {spoken.text}"
            assert loudness(heard[-RATE_HZ // 10 :]) < SILENT, f"ends abruptly: {spoken.text}"
            assert loudness(heard) == pytest.approx(SPOKEN, rel=0.05)
    finally:
        reader.close()


def espeak_ms(spoken: Spoken, file: Path) -> int:
    """Return how long espeak-ng is heard when it is asked directly."""
    with file.open("wb") as out:
        subprocess.run(["espeak-ng", "-v", spoken.lang, "-s", str(spoken.wpm), "--stdout", spoken.text], check=True, stdout=out)
    raw = array("h", file.read_bytes()[44:])  # what goes into a pipe does not know its length
    return spoken_ms(levelled(raw))


@needs_espeak
def test_a_language_that_the_system_does_not_speak_is_silence(tmp_path: Path) -> None:
    assert make(Espeak(), "avance", "there is no such language", 120, tmp_path / "a.wav") == VOICELESS
    assert make(Espeak(), "avance", "fr", 120, tmp_path / "a.wav") == MADE
    (tmp_path / "file").touch()
    assert make(Espeak(), "avance", "fr", 120, tmp_path / "file" / "a.wav") == UNKEPT


# --- What reaches the sound card ---


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DiskCard, ProcessSpeaker]]:
    disk, speaker = DiskCard(tmp_path, monkeypatch), ProcessSpeaker()
    yield disk, speaker
    speaker.close()


def test_a_line_lets_its_sound_end_and_the_next_sound_cuts_it(tmp_path: Path, card: tuple[DiskCard, ProcessSpeaker]) -> None:
    disk, speaker = card
    write(tmp_path / "long.wav", tone(19_000, 0.5))
    sounds = Sounds(100, speaker=speaker)
    sounds.play("card.forward")
    speaker.say([tmp_path / "long.wav"], 1)
    until(lambda: any(abs(value) == 16383 for value in disk.samples()))  # its sound is over, it is being said
    heard = disk.samples()
    begun = next(place for place, value in enumerate(heard) if abs(value) == 16383)
    assert any(heard[:begun])
    sounds.play("stop")
    until(lambda: speaker._order is None)
    cut = len(disk.samples())
    until(lambda: len(disk.samples()) > cut + 8 * RATE_HZ)
    assert not any(disk.samples()[cut + 4 * RATE_HZ :]), "a line that was cut goes on"


def test_mute_is_silent_in_the_middle_of_a_line_and_for_the_next(tmp_path: Path, card: tuple[DiskCard, ProcessSpeaker]) -> None:
    disk, speaker = card
    write(tmp_path / "blocks.forward.ms.wav", tone(19_000, 0.5))
    sounds = Sounds(100, speaker=speaker, voice=Teller(Recordings(tmp_path), FakeReader()))
    sounds.say("wall.forward")
    until(lambda: any(disk.samples()))
    sounds.is_mute = True
    sounds.say("wall.forward")
    until(lambda: speaker._order is None and speaker._line is None)
    quiet_from = len(disk.samples()) + RATE_HZ
    until(lambda: len(disk.samples()) > quiet_from + 4 * RATE_HZ)
    assert not any(disk.samples()[quiet_from:])


def test_a_file_that_is_no_sound_is_left_out(tmp_path: Path, card: tuple[DiskCard, ProcessSpeaker]) -> None:
    disk, speaker = card
    (tmp_path / "text.wav").write_text("not a sound")
    write(tmp_path / "good.wav", tone(200))
    speaker.say([tmp_path / "text.wav", tmp_path / "gone.wav", tmp_path / "good.wav"], 1)
    until(lambda: any(disk.samples()))
    assert not speaker.is_missing

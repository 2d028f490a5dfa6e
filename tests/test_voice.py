"""The voice: whose it is, what it says, and when."""

from __future__ import annotations

import os
import sys
import threading
import types
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heard import FakeSpeaker, SpokenAt, at_lesson, spoken_ms, tone, until
from hypothesis import given
from hypothesis import strategies as st
from shown import click, later, said

from petitpas.lessons.manner import MAX_SENTENCES, MAX_WORDS_YOUNG, length_of
from petitpas.lessons.sheet import Sentence
from petitpas.program.blocks import LEVELS, Level
from petitpas.voice import reader as reading
from petitpas.voice.lines import file_name, line_of, text_of
from petitpas.voice.reader import Reader, Spoken
from petitpas.voice.recordings import Recordings, lines_to_record
from petitpas.voice.synthesis import MADE, UNKEPT, VOICELESS, Sapi, make
from petitpas.voice.teller import Teller
from petitpas.voice.waves import RATE_HZ, SILENT, SPOKEN, levelled, loudness, read, trimmed, write
from petitpas.wall.corner import Tool
from petitpas.wall.pages.page import Open, Page
from petitpas.wall.sounds import CLASS_FIRST_MS, Sounds
from petitpas.wall.strip import cards_of
from petitpas.words import LANGUAGES, Words

SPEAKS = """
import json, sys
for line in sys.stdin:
    order = json.loads(line)
    open(sys.argv[1], "a").write(order["text"] + "\\n")
    open(order["file"], "w").write("spoken")
    print("made", flush=True)
"""
"""A voice that writes down what it reads."""


@pytest.fixture
def sounds(tmp_path: Path) -> SpokenAt:
    return SpokenAt(tmp_path)


@pytest.fixture
def read_by(tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    """Makes readers that are closed in the end; they keep their files in tmp_path / "read"."""
    readers: list[Reader] = []
    (tmp_path / "read").mkdir()

    def made(source: str = SPEAKS, now_s: Callable[[], float] = lambda: 100.0) -> Reader:
        readers.append(Reader(tmp_path / "read", (sys.executable, "-c", source, str(tmp_path / "log")), now_s))
        return readers[-1]

    yield made
    for reader in readers:
        reader.close()


# --- What is said ---


@pytest.mark.parametrize(
    ("name", "level", "fields", "said"),
    [
        ("wall.forward", "PS", {}, "avance"),
        ("wall.left", "MS", {}, "tourne à gauche"),
        ("wall.left", "CP", {}, "pivote d’un quart de tour à gauche"),
        ("wall.forward", "CE1", {"cells": 1}, "avance d’une case"),
        ("wall.forward", "CE1", {"cells": 3}, "avance de 3 cases"),
        ("wall.forward", "GS", {"cells": 3}, "avance"),
        ("wall.repeat", "CE2", {"times": 4}, "répète 4 fois"),
        ("wall.repeat", "CE2", {}, "répète"),
        ("wall.stop", "CP", {}, "stop !"),
        ("wall.clear", "GS", {}, "j’efface tout"),
        ("wall.done", "GS", {}, "ça y est !"),
        ("explain.past_limits", "GS", {"cards": 5}, "Tu y es ! Et avec 5 cartes ?"),
        ("lessons.x.success", "GS", {}, "J’y suis."),
        ("there.is.no.such.line", "GS", {}, ""),
    ],
)
def test_a_line_is_said_in_the_words_of_its_level(name: str, level: Level, fields: dict[str, object], said: str) -> None:
    assert text_of(line_of(name, level, **fields), "fr", {"lessons.x.success": Sentence("J’y suis.")}, **fields) == said


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_at_every_level_is_short_and_has_its_words(level: Level, lang: str) -> None:
    lines = lines_to_record(level)
    assert 35 <= len(lines) <= 45
    for line in {*lines, *(f"voice.{key.removeprefix('voice.')}" for key in Words(lang).keys("voice"))}:
        said = text_of(line, lang, {})
        sentences, longest = length_of(said)
        assert said and "…" not in said and sentences <= MAX_SENTENCES and longest <= MAX_WORDS_YOUNG, said


def test_a_recording_is_named_by_its_line_and_its_number() -> None:
    assert file_name("wall.done") == "wall.done"
    assert file_name("blocks.forward.many", cells=3) == "blocks.forward.many-3"
    assert file_name("blocks.forward.ms", cells=3) == "blocks.forward.ms"
    assert file_name("lessons.gs1.pas.challenge") == "lessons.gs1.pas.challenge"


# --- Whose voice ---


def test_the_teachers_recording_comes_before_the_systems_voice(tmp_path: Path, sounds: SpokenAt) -> None:
    sounds.say("wall.forward")
    assert sounds.heard() == ["avance"]
    (tmp_path / "blocks.forward.ms.ogg").touch()
    sounds.say("wall.forward")
    assert sounds.heard() == ["blocks.forward.ms.ogg"]
    taken = tmp_path / "taken.part"
    taken.touch()
    Recordings(tmp_path).keep("blocks.forward.ms", taken)
    sounds.say("wall.forward", then=("wall.done",))
    assert sounds.heard() == ["blocks.forward.ms.wav", "ça y est !"]
    assert not taken.exists() and not (tmp_path / "blocks.forward.ms.ogg").exists()


def test_a_voice_that_comes_after_another_sound_is_not_heard(sounds: SpokenAt) -> None:
    sounds.say("wall.done")
    sounds.play("card.left")
    assert sounds.heard() == []
    sounds.say("wall.done")
    sounds.play("roll")  # what a robot sounds like while it moves cuts nobody short
    assert sounds.heard() == ["ça y est !"]


def test_without_a_voice_there_is_one_notice_and_then_silence(tmp_path: Path, read_by: Callable[..., Reader]) -> None:
    now_s = [100.0]
    reader = read_by("raise SystemExit(1)", lambda: now_s[0])
    sounds = Sounds(speaker=FakeSpeaker(), voice=Teller(Recordings(tmp_path), reader))
    assert sounds.notice() is None
    for _ in range(2):
        asked = threading.Event()
        reader.ask([Spoken("avance", "fr", 120)], asked.set)
        assert asked.wait(30)
        now_s[0] += reading.RETRY_S
    key = "wall.no_voice_windows" if sys.platform == "win32" else "wall.no_voice"
    assert [sounds.notice(), sounds.notice()] == [key, None]
    assert all(Words(lang).has(key) for lang in LANGUAGES)


def test_what_a_lesson_says_is_made_ahead_and_what_is_said_now_comes_first(tmp_path: Path, read_by: Callable[..., Reader]) -> None:
    reader, done = read_by(), threading.Event()
    with reader._wake:
        reader.prepare([Spoken(text, "fr", 120) for text in ("un", "deux")])
        reader.ask([Spoken("avance", "fr", 120)], done.set)
    assert done.wait(30)
    until(lambda: reader.file_of(Spoken("deux", "fr", 120)) is not None)
    assert (tmp_path / "log").read_text().split() == ["avance", "un", "deux"]
    assert reader.file_of(Spoken("avance", "fr", 140)) is None


def test_files_that_were_said_longest_ago_make_room(
    tmp_path: Path, read_by: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_FILES", 2)
    reader = read_by()
    old, older, new = (Spoken(text, "fr", 120) for text in ("un", "deux", "trois"))
    for at_s, spoken in ((200, old), (100, older)):
        file = reader._file(spoken)
        file.touch()
        os.utime(file, (at_s, at_s))
    reader.prepare([new])
    until(lambda: reader.file_of(older) is None)
    assert reader.file_of(old) and reader.file_of(new)


class FakeSapi:
    """Windows' voices: French of Canada and English, and English of America added; what is spoken is written at once."""

    listed = ("C0C", "809")
    is_old = False

    def __init__(self) -> None:
        self.COMError = ValueError
        self.client = self
        self.did: list[object] = []

    def CreateObject(self, name: str) -> FakeSapi:  # noqa: N802
        return self

    def GetVoices(self, asked: str) -> types.SimpleNamespace:  # noqa: N802
        code = asked.removeprefix("Language=")
        return types.SimpleNamespace(Count=int(code in self.listed), Item=lambda place: code)

    def SetId(self, where: str, makes: bool) -> None:  # noqa: N802
        assert where.endswith(r"\Speech_OneCore\Voices") and not makes
        if self.is_old:
            raise ValueError("no such key")

    def EnumerateTokens(self, asked: str) -> types.SimpleNamespace:  # noqa: N802
        return types.SimpleNamespace(Count=int(asked == "Language=409"), Item=lambda place: "added")

    def Open(self, file: str, mode: int) -> None:  # noqa: N802
        self.file = Path(file)
        self.did.append(("open", mode))

    def Speak(self, text: str, flags: int) -> None:  # noqa: N802
        self.did.append((text, self.Voice, self.Rate, flags))
        if text == "trop":
            raise ValueError("no room")
        write(self.file, tone(500))

    def Close(self) -> None:  # noqa: N802
        self.did.append("close")


def test_windows_speaks_through_its_own_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSapi()
    monkeypatch.setitem(sys.modules, "comtypes", fake)
    monkeypatch.setitem(sys.modules, "comtypes.client", fake)
    voice = Sapi()
    assert make(voice, "avance", "fr", 120, tmp_path / "a.wav") == MADE
    assert fake.did == [("open", 3), ("avance", "C0C", -3, 0), "close"] and spoken_ms(read(tmp_path / "a.wav")) >= 500
    assert make(voice, "avanza", "es", 120, tmp_path / "b.wav") == VOICELESS
    assert make(voice, "trop", "en", 157, tmp_path / "c.wav") == UNKEPT
    assert [file.name for file in tmp_path.iterdir() if file.name != "c.wav.raw"] == ["a.wav"]
    assert fake.Voice == "809"
    fake.listed = ()
    assert make(voice, "go", "en", 157, tmp_path / "d.wav") == MADE and fake.Voice == "added"
    assert make(voice, "avance", "fr", 157, tmp_path / "e.wav") == VOICELESS
    fake.is_old = True
    assert make(voice, "go", "en", 157, tmp_path / "f.wav") == VOICELESS


# --- When ---


def test_at_once_is_at_once_and_off_is_off(sounds: SpokenAt) -> None:
    sounds.say("wall.done")
    assert sounds.heard() == ["ça y est !"]
    sounds.mode = "silent"
    sounds.say("wall.done", is_asked=True)
    sounds.step(60_000)
    assert sounds.heard() == []


def test_the_class_speaks_first(sounds: SpokenAt) -> None:
    sounds.mode = "delayed"
    sounds.step(10_000)
    sounds.say("explain.card", "bubble")
    sounds.step(9_999 + CLASS_FIRST_MS["bubble"])
    assert sounds.heard() == []
    sounds.step(10_000 + CLASS_FIRST_MS["bubble"])
    assert sounds.heard() == ["Regarde cette carte. Que fait le robot ?"]
    sounds.step(60_000)
    assert sounds.heard() == []


@pytest.mark.parametrize("cut", [lambda s: s.play("card.left"), lambda s: s.quiet(), lambda s: setattr(s, "is_mute", True)])
def test_what_waits_for_the_class_is_forgotten_when_something_else_is_heard(sounds: SpokenAt, cut: Callable[[Sounds], None]) -> None:
    sounds.mode = "delayed"
    sounds.say("explain.card", "bubble")
    cut(sounds)
    sounds.step(60_000)
    assert sounds.heard() == []


def test_a_tap_on_listen_is_answered_at_once_though_the_class_speaks_first(sounds: SpokenAt) -> None:
    sounds.mode = "delayed"
    sounds.say("explain.card", "bubble", is_asked=True)
    assert sounds.heard() == ["Regarde cette carte. Que fait le robot ?"]


def test_the_corner_says_when_the_voice_speaks(sounds: SpokenAt) -> None:
    shell, _ = at_lesson(sounds, "gs4")
    assert sounds.heard()
    click(shell, Tool.MORE)
    click(shell, Tool.VOICE_DELAYED)
    assert (sounds.mode, shell.room.settings.voice) == ("delayed", "delayed")
    assert Words("fr").text("wall.corner.voices.delayed") in said(shell)
    click(shell, Tool.MORE)
    click(shell, "forward")
    assert sounds.heard() == []
    later(shell, CLASS_FIRST_MS["strip"])
    assert sounds.heard() == ["avance"]
    click(shell, Tool.MORE)
    click(shell, Tool.VOICE_SILENT)
    click(shell, Tool.MORE)
    click(shell, "listen")
    later(shell, 60_000)
    assert sounds.heard() == []


def test_a_page_that_is_left_is_not_heard_any_more(sounds: SpokenAt) -> None:
    shell, _ = at_lesson(sounds, "gs4")
    shell.go(Open(lambda: Page()))
    assert sounds.heard() == [] and "quiet" in sounds.speaker.calls


# --- In a lesson ---


def test_a_lesson_says_its_challenge_its_cards_its_tiles_and_its_success(sounds: SpokenAt) -> None:
    shell, page = at_lesson(sounds, "gs4")
    lesson = page.lesson
    assert page.variant.challenge.fr in [spoken.text for spoken in sounds.reader.ahead]
    assert sounds.heard() == [page.variant.challenge.fr]
    click(shell, "forward")
    click(shell, "clear")  # cuts the name of the card, which is still being made
    assert sounds.heard() == ["j’efface tout"]
    click(shell, "listen")
    assert sounds.heard() == [page.variant.challenge.fr]
    for card in cards_of(page.variant.solution, {}):
        click(shell, card)
        assert sounds.heard() == [Words("fr").text(f"blocks.{card}.ms")]
    click(shell, "go")
    assert sounds.heard() == ["c’est parti !"]
    while page.board.is_running:
        later(shell)
    words = Words("fr")
    assert sounds.heard() == [words.text("explain.reached"), lesson.success.fr, words.text("wall.lesson.tell")]


# --- Samples ---


def test_a_wave_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.wav", tone(300))
    assert read(tmp_path / "new" / "a.wav") == tone(300)
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "a.wav"]
    (tmp_path / "b.wav").write_bytes(b"RIFF")
    with pytest.raises(ValueError):
        read(tmp_path / "b.wav")


@given(st.lists(st.integers(-32_768, 32_767), max_size=2_000))
def test_levelling_and_trimming_stay_within_what_was_there(values: list[int]) -> None:
    samples = array("h", values)
    assert max(map(abs, levelled(samples)), default=0) <= 0.95 * 32_767
    kept = trimmed(samples)
    assert kept.tobytes() in samples.tobytes() and (len(kept) > 0 or not values)


def test_a_sentence_is_as_loud_as_any_other_and_silence_stays_silent() -> None:
    for level in (0.05, 0.9):
        assert loudness(levelled(tone(300, level))) == pytest.approx(SPOKEN, rel=0.02)
    hiss = tone(300, SILENT / 2)
    assert levelled(hiss) == hiss and loudness(array("h")) == 0


def test_the_silence_around_a_sentence_goes_and_the_sentence_stays() -> None:
    silence = array("h", bytes(2 * RATE_HZ))
    kept = trimmed(silence + tone(400) + silence)
    assert 400 <= spoken_ms(kept) <= 420 and 400 < 1000 * len(kept) // RATE_HZ < 700
    assert trimmed(silence) == silence

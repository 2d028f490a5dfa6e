"""The teacher records her voice: what a microphone hears, what is kept, and what is said where there is none."""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygame
import pytest
from heard import FakeReader, FakeSpeaker, SpokenAt, spoken_ms, tone, until
from shown import click, desk_of, later, press, said, shell_of

from petitpas.classroom.commands import ChooseLevel
from petitpas.voice.recordings import RECORDED, Recordings, lines_to_record
from petitpas.voice.teller import Teller
from petitpas.voice.waves import RATE_HZ, SPOKEN, loudness, read, write
from petitpas.wall.listening import LONGEST_S, TROUBLES, kept
from petitpas.wall.microphone import ProcessMicrophone
from petitpas.wall.pages.settings_page import SettingsPage
from petitpas.wall.pages.voice_page import LOOK_MS, Stage, VoicePage
from petitpas.wall.shell import Shell
from petitpas.wall.sounds import NoVoice, Sounds
from petitpas.words import LANGUAGES, Words

LINES = lines_to_record("GS")
FIRST, SECOND = LINES[:2]


class FakeMicrophone:
    """A microphone that tells what a test lets it tell; what was spoken lies in the file at once."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.tells: list[dict[str, Any]] = []

    def prepare(self) -> None:
        self.calls.append("prepare")

    def record(self, file: Path) -> None:
        self.calls.append("record")
        write(file, tone(500))

    def enough(self) -> None:
        self.calls.append("enough")

    def told(self) -> list[dict[str, Any]]:
        told, self.tells = self.tells, []
        return told

    def close(self) -> None:
        self.calls.append("close")


class Opened:
    """The page over a folder of recordings and a microphone."""

    def __init__(self, folder: Path, lang: str = "fr", sounds: Sounds | None = None, size: tuple[int, int] = (1280, 800)) -> None:
        self.microphone = FakeMicrophone()
        self.sounds = sounds or SpokenAt(folder)
        desk = desk_of(lang, sounds=self.sounds)
        desk.folder, desk.open_microphone = folder.parent, lambda: self.microphone
        self.page = VoicePage(desk)
        self.shell: Shell = shell_of(self.page, desk, size)

    def tell(self, **what: object) -> None:
        self.microphone.tells.append(what)
        later(self.shell)

    def names(self) -> list[object]:
        return [spot.name for spot in self.page.spots()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the recordings, in that of the class."""
    (tmp_path / RECORDED).mkdir()
    return tmp_path / RECORDED


@pytest.fixture
def opened(folder: Path) -> Opened:
    return Opened(folder)


# --- The page ---


def test_a_tap_records_a_tap_ends_and_a_tap_keeps(opened: Opened, folder: Path) -> None:
    page, shell = opened.page, opened.shell
    assert (page.chosen, page.state_of(FIRST)) == (FIRST, "system")
    click(shell, "record")
    assert page.stage is Stage.OPENING
    before = shell.layers()
    opened.tell(level=0.2)
    assert page.stage is Stage.LISTENING and shell.layers() != before and "À vous" in said(shell)
    quiet = shell.layers()
    opened.tell(level=0.02)
    assert shell.layers() != quiet  # the bar
    click(shell, "record")
    opened.tell(taken=500)
    assert page.stage is Stage.TAKEN
    assert [file.name for files, _ in opened.sounds.speaker.said for file in files] == ["take.new"]  # it is heard at once
    assert opened.page.state_of(FIRST) == "system"
    click(shell, "keep")
    assert [file.name for file in folder.iterdir()] == [f"{FIRST}.wav"]
    assert (page.chosen, page.stage, page.state_of(FIRST)) == (SECOND, Stage.CHOSEN, "recorded")
    assert opened.microphone.calls == ["prepare", "record", "enough", "prepare"] and "1 sur 40" in said(shell)


def test_again_records_once_more_and_leaving_keeps_nothing(opened: Opened, folder: Path) -> None:
    for _ in range(2):
        click(opened.shell, "record")
        opened.tell(level=0.2)
        opened.tell(taken=500)
    assert opened.microphone.calls == ["prepare", "record", "prepare", "record", "prepare"]
    opened.shell.close()
    assert opened.microphone.calls[-1] == "close" and list(folder.iterdir()) == []


def test_the_whole_list_is_recorded_by_keyboard_in_three_taps_a_line(opened: Opened, folder: Path) -> None:
    press(opened.shell, pygame.K_DOWN)
    for _ in LINES:
        press(opened.shell, pygame.K_RETURN)
        opened.tell(level=0.2)
        press(opened.shell, pygame.K_RETURN)
        opened.tell(taken=500)
        press(opened.shell, pygame.K_RETURN)
    assert Recordings(folder).lines() == set(LINES)
    assert {opened.page.state_of(line) for line in LINES} == {"recorded"}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_goes_otherwise_is_said_and_nothing_is_kept(trouble: str, lang: str, folder: Path) -> None:
    opened = Opened(folder, lang)
    click(opened.shell, "record")
    opened.tell(trouble=trouble)
    assert opened.page.stage is Stage.CHOSEN and FIRST not in Recordings(folder).lines()
    shown = said(opened.shell)
    assert all(word in shown for word in Words(lang).text(f"wall.voice.{trouble}").split())
    assert str(folder) in shown and f"{FIRST}.wav" in shown
    click(opened.shell, "record")
    assert opened.page.trouble == ""


def test_a_folder_that_turns_against_us_keeps_the_take_for_another_try(folder: Path) -> None:
    opened = Opened(folder)
    click(opened.shell, "record")
    opened.tell(level=0.2)
    opened.tell(taken=500)
    (folder / f"{FIRST}.wav").mkdir()
    click(opened.shell, "keep")
    assert opened.page.trouble == "unkept" and opened.page.stage is Stage.TAKEN
    (folder / f"{FIRST}.wav").rmdir()
    click(opened.shell, "keep")
    assert Recordings(folder).lines() == {FIRST}


def test_files_that_are_dropped_are_found_at_once(opened: Opened, folder: Path) -> None:
    (folder / f"{SECOND}.OGG").touch()
    (folder / "notes.txt").touch()
    later(opened.shell, LOOK_MS)
    assert opened.page.state_of(SECOND) == "recorded" and opened.page.state_of(FIRST) == "system"
    click(opened.shell, SECOND)
    click(opened.shell, "listen")
    assert opened.sounds.heard() == [f"{SECOND}.OGG"]


def test_a_line_is_heard_in_the_voice_that_it_has(opened: Opened, folder: Path) -> None:
    click(opened.shell, "listen")
    assert opened.sounds.heard() == ["avance"]
    (folder / f"{FIRST}.ogg").touch()
    click(opened.shell, "listen")
    assert opened.sounds.heard() == [f"{FIRST}.ogg"]


def test_without_any_voice_a_line_says_so(folder: Path) -> None:
    assert Opened(folder, sounds=Sounds(voice=NoVoice())).page.state_of(FIRST) == "missing"
    reader = FakeReader()
    reader.is_missing = True
    sounds = Sounds(speaker=FakeSpeaker(), voice=Teller(Recordings(folder), reader))
    assert Opened(folder, sounds=sounds).page.state_of(FIRST) == "missing"


def test_another_line_or_stop_ends_what_is_being_recorded(opened: Opened) -> None:
    for name in (SECOND, None):
        click(opened.shell, "record")
        opened.tell(level=0.2)
        if name:
            click(opened.shell, name)
        else:
            assert opened.page.stop() and not opened.page.stop()
        opened.tell(taken=500)  # of what was given up
        assert opened.page.stage is Stage.CHOSEN
    assert opened.microphone.calls == ["prepare", *["record", "close", "prepare"] * 2]


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800), (1920, 1080)])
def test_every_line_is_reached_and_nothing_overlaps(size: tuple[int, int], folder: Path) -> None:
    opened = Opened(folder, size=size)
    seen = set(opened.names())
    while "below" in opened.names():
        click(opened.shell, "below")
        seen |= set(opened.names())
        frames = [spot.frame for spot in opened.page.spots()]
        assert all(
            a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top
            for place, a in enumerate(frames)
            for b in frames[:place]
        )
        assert all(frame.bottom <= size[1] and frame.right <= size[0] for frame in frames)
    assert set(LINES) <= seen
    click(opened.shell, "above")


def test_the_page_is_opened_from_the_settings_over_the_folder_of_the_class(opened: Opened, folder: Path) -> None:
    shell = shell_of(SettingsPage(opened.shell.desk), opened.shell.desk)
    click(shell, ("voice", "record"))
    assert isinstance(shell.page, VoicePage) and str(folder) in said(shell)
    shell.close()


def test_the_lines_are_those_of_the_level_in_hand(folder: Path) -> None:
    desk = Opened(folder).shell.desk
    desk.school.do(ChooseLevel("CE1"))
    assert VoicePage(desk).chosen == "blocks.forward.cp"


# --- The microphone ---


class Heard:
    """SDL's disk driver: a microphone that hears a file, faster than real time."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = folder / "heard.raw"
        settings = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILEIN": str(self._file), "SDL_DISKAUDIODELAY": "1"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    def will_be(self, *parts: array[int]) -> None:
        self._file.write_bytes(b"".join(part.tobytes() for part in parts))


@pytest.fixture
def microphone() -> Iterator[ProcessMicrophone]:
    made = ProcessMicrophone()
    yield made
    made.close()


def outcome(microphone: ProcessMicrophone, until_level: float | None = None) -> tuple[list[float], dict[str, Any]]:
    """Return the levels that are told and how a recording ends; say that it is enough once it is so loud."""
    levels: list[float] = []
    ends: list[dict[str, Any]] = []

    def is_over() -> bool:
        for told in microphone.told():
            if "level" in told:
                levels.append(told["level"])
                if until_level is not None and told["level"] >= until_level:
                    microphone.enough()
            else:
                ends.append(told)
        return bool(ends)

    until(is_over)
    return levels, ends[0]


SILENCE = array("h", bytes(2 * RATE_HZ))


def test_what_is_spoken_is_kept_without_the_silence_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone
) -> None:
    Heard(tmp_path, monkeypatch).will_be(SILENCE, tone(1_500, 0.1), SILENCE)
    for name in ("a", "b"):
        microphone.prepare()
        microphone.record(tmp_path / name)
        levels, end = outcome(microphone)
        assert levels[0] == 0 and max(levels) == pytest.approx(0.1, rel=0.1)
        samples = read(tmp_path / name)
        assert 1_480 <= spoken_ms(samples) <= 1_520 and end["taken"] < 2_000
        assert loudness(samples) == pytest.approx(SPOKEN, rel=0.05)


def test_a_tap_ends_a_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone) -> None:
    Heard(tmp_path, monkeypatch).will_be(*[tone(1_000)] * 9)
    microphone.record(tmp_path / "a")
    _, end = outcome(microphone, until_level=0.4)
    assert end["taken"] == 1000 * len(read(tmp_path / "a")) // RATE_HZ


def test_what_is_too_long_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone) -> None:
    Heard(tmp_path, monkeypatch).will_be(*[tone(1_000)] * 30)
    microphone.record(tmp_path / "a")
    assert outcome(microphone)[1] == {"taken": 1000 * LONGEST_S}


def test_silence_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone) -> None:
    Heard(tmp_path, monkeypatch).will_be(SILENCE)
    microphone.record(tmp_path / "a")
    assert outcome(microphone)[1] == {"trouble": "nothing"} and not (tmp_path / "a").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_and_a_folder_that_cannot_be_written_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.part").symlink_to("/dev/full")
    kept(tone(1_000), tmp_path / "a")
    (tmp_path / "file").touch()
    kept(tone(1_000), tmp_path / "file" / "a")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"trouble": "full"}, {"trouble": "unkept"}]


def test_a_computer_without_a_microphone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "there is no such driver")
    microphone.record(tmp_path / "a")
    assert outcome(microphone)[1] == {"trouble": "no_microphone"}
    nothing = ProcessMicrophone(("there-is-no-such-command",))
    nothing.record(tmp_path / "a")
    assert nothing.told() == [{"trouble": "no_microphone"}]
    nothing.close()


def test_a_process_that_falls_is_no_microphone_and_the_next_recording_starts_another(tmp_path: Path) -> None:
    falls = ProcessMicrophone((sys.executable, "-c", "input(); print('{\"level\": 0.0}', flush=True)"))
    for _ in range(2):
        falls.record(tmp_path / "a")
        assert outcome(falls) == ([0.0], {"trouble": "no_microphone"})
    falls.close()


def test_a_recording_that_is_given_up_is_not_heard_of_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, microphone: ProcessMicrophone
) -> None:
    Heard(tmp_path, monkeypatch).will_be(*[tone(1_000)] * 9)
    microphone.record(tmp_path / "a")
    until(lambda: bool(microphone.told()))
    microphone.close()
    assert microphone.told() == [] and not (tmp_path / "a").exists()
    microphone.record(tmp_path / "b")
    assert "taken" in outcome(microphone)[1]

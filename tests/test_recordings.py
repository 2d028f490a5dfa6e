"""Recorded sessions: every file of tests/recordings is played to the firmware, and to the host, and both must do what they did then."""

from __future__ import annotations

import errno
import io
import random
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from petitpas import cli, play
from petitpas.errors import FileError, PortMissing
from petitpas.play import Player
from petitpas.program import Program, from_compact
from petitpas.program.decompiler import decompile
from petitpas.robots import Event, Finished, recording
from petitpas.robots.messages import read_event
from petitpas.robots.recording import PLUGGED, TO_HOST, TO_ROBOT, UNPLUGGED, Recorder, Recording, payloads, read_recording
from petitpas.robots.replay import Replay
from petitpas.simulated import make_runner
from petitpas.words import Words
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_sim.pace import RealTime
from petitpas_sim.ports import open_to_hosts
from recordings import SESSIONS
from recordings import main as make_recordings
from tables import FIRMWARE, read_tables
from tests.simulated import URL, one_robot, simulated

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "recordings"
FILES = sorted(FOLDER.glob("*.txt"))


def name_of(path: Path) -> str:
    return path.name


def requests(told: Recording) -> list[bytes]:
    """Return the payloads that the host wrote, repeats included."""
    return payloads(line.sent for line in told.lines if line.way == TO_ROBOT)


def is_stepped(path: Path) -> bool:
    """Say whether a person went from block to block, whose hands are not in the recording."""
    return any(said[0] == wire.STEP for said in requests(read_recording(path)))


# --- The robot's side ------------------------------------------------------------------------------------------------


def said_by_the_robot(told: Recording) -> list[tuple[int, bytes]]:
    """Play a recording to a robot in the simulator; return what it sends, and when."""
    assert told.world is not None
    runner = make_runner(told.world.mat, told.world.start, told.world.rocks, [told.world.robot])
    cable = runner.robots[told.world.robot].cable
    said: list[tuple[int, bytes]] = []

    def listen() -> None:
        if cable.waiting_for_host():
            said.append((runner.world.t_ms, cable.receive(1 << 20)))

    for line in told.lines:
        while runner.world.t_ms < line.ms:
            runner.advance(line.ms)
            listen()
        if line.way == PLUGGED:
            cable.plug()
        elif line.way == UNPLUGGED:
            cable.unplug()
        elif line.way == TO_ROBOT:
            assert cable.send(line.heard) == len(line.heard)
            listen()
    return said


@pytest.mark.parametrize("path", [path for path in FILES if read_recording(path).world], ids=name_of)
def test_the_robot_says_the_same_at_the_same_time(path: Path) -> None:
    told = read_recording(path)
    said = said_by_the_robot(told)
    recorded = [(line.ms, line.sent) for line in told.lines if line.way == TO_HOST]
    assert [(ms, data.hex()) for ms, data in joined(said)] == [(ms, data.hex()) for ms, data in joined(recorded)]


def joined(said: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Return what was said with the pieces of one millisecond together: a host may read them in one go or in several."""
    whole: dict[int, bytes] = {}
    for ms, data in said:
        whole[ms] = whole.get(ms, b"") + data
    return list(whole.items())


# --- The host's side -------------------------------------------------------------------------------------------------


def program_of(told: Recording) -> Program:
    """Return the program that was loaded."""
    pieces = {}
    for said in requests(told):
        if said[0] == wire.LOAD:
            _, offset = struct.unpack_from("<HH", said, 2)
            pieces[offset] = said[6:]
    return decompile(b"".join(pieces[offset] for offset in sorted(pieces)))


def events_of(told: Recording) -> list[Event]:
    """Return the events that the host heard once its program was running."""
    heard = payloads(line.heard for line in told.lines if line.way == TO_HOST)
    begins = next(
        (at for at, said in enumerate(heard) if said[0] == wire.REPLY and said[2:4] == bytes([wire.RUN, o.FAULT_NONE])), len(heard)
    )
    return [event for said in heard[begins:] if (event := read_event(said[0], said[2:])) is not None]


@pytest.mark.parametrize("path", [path for path in FILES if not is_stepped(path)], ids=name_of)
def test_the_host_understands_the_same(path: Path) -> None:
    told = read_recording(path)
    player = Player("replay://", program_of(told), Words(), io.StringIO(), pause_s=lambda seconds: None, open_port=Replay(told).open)
    expected = events_of(told)
    if requests(told)[-1][0] == wire.STOP:
        with pytest.raises(KeyboardInterrupt):
            player.play()
        assert player._events == expected[: len(player._events)] != []
        return
    finished = player.play()
    made_up = [] if isinstance(expected[-1], Finished) else [finished]  # its event was lost, and the robot was asked
    assert player._events == expected + made_up
    assert player._events[-1] == finished


@pytest.mark.parametrize("seed", range(20))
def test_a_slow_computer_understands_the_same(seed: int) -> None:
    told = read_recording(FOLDER / "whole.txt")
    chance = random.Random(seed)
    late_ms = 0
    lines = []
    for line in told.lines:
        late_ms += chance.choice((0, 0, 1, 7, 40)) + 3000 * (chance.randrange(50) == 0)  # and it slept now and then
        lines.append(replace(line, ms=line.ms + late_ms))
    player = Player(URL, program_of(told), Words(), io.StringIO(), open_port=Replay(replace(told, lines=tuple(lines))).open)
    player.play()
    assert player._events == events_of(told)


def test_a_session_in_real_time_replays(tmp_path: Path) -> None:
    program = from_compact([["light", "blue"], ["wait", 50], "beep"])
    pace = RealTime(one_robot())
    pace.start()
    path = tmp_path / "session.txt"
    with open_to_hosts(pace), path.open("w", encoding="utf-8") as out:
        lived = Player(URL, program, Words(), io.StringIO(), open_port=Recorder(out).open)
        finished = lived.play()
    pace.stop()
    again = Player("replay://", program, Words(), io.StringIO(), open_port=Replay(read_recording(path)).open)
    assert again.play() == finished
    assert again._events == lived._events


def test_the_folder_shows_what_can_happen_to_a_cable() -> None:
    told = {path.name: read_recording(path) for path in FILES}
    assert set(SESSIONS) <= set(told)
    assert isinstance(events_of(told["whole.txt"])[-1], Finished)
    assert len([line for line in told["damaged.txt"].lines if line.sent != line.heard]) == 5
    assert not any(isinstance(event, Finished) for event in events_of(told["damaged.txt"]))  # it was lost, and asked for
    assert [line.way for line in told["cord.txt"].lines].count(UNPLUGGED) == 1
    assert [line.way for line in told["cord.txt"].lines].count(PLUGGED) == 2


def test_the_recordings_are_those_that_the_tool_makes(tmp_path: Path) -> None:
    make_recordings(tmp_path)
    for name in SESSIONS:
        made, kept = ((folder / name).read_text(encoding="utf-8") for folder in (tmp_path, FOLDER))
        assert made == kept, "make them anew: python tools/recordings.py"


# --- Recording -------------------------------------------------------------------------------------------------------


def test_a_command_records_and_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program, file = str(ROOT / "docs" / "examples" / "carre.json"), tmp_path / "session.txt"
    assert cli.main(["run", program, "--record", str(file), "--mat", "4x4", "--start", "B1N", "--rocks", "A4"]) == cli.OK
    told = read_recording(file)
    assert told.world == ("4x4", "B1N", ("A4",), "lapin")
    assert "; REPLY HELLO\n" in file.read_text(encoding="utf-8")
    lived = [line for line in capsys.readouterr().out.splitlines() if "▶" in line]
    assert cli.main(["run", program, "--port", f"replay://{file}"]) == cli.OK
    assert [line for line in capsys.readouterr().out.splitlines() if "▶" in line] == lived != []
    assert joined(said_by_the_robot(told)) == joined([(line.ms, line.sent) for line in told.lines if line.way == TO_HOST])


def test_another_program_is_not_what_was_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        cli.main(["run", str(ROOT / "docs" / "examples" / "carre.json"), "--port", f"replay://{FOLDER / 'whole.txt'}"]) == cli.WRONG_INPUT
    )
    assert "LOAD" in capsys.readouterr().err


def test_a_recording_ends_where_it_grows_too_long_and_the_run_goes_on() -> None:
    out = io.StringIO()
    with simulated():
        recorder = Recorder(out, most_bytes=1000)
        finished = Player(URL, from_compact(["forward"]), Words(), io.StringIO(), open_port=recorder.open).play()
    assert finished.how == o.HOW_DONE
    assert not recorder.is_whole
    assert 800 < len(out.getvalue()) <= 1000 and out.getvalue().endswith("\n")


def test_a_full_disk_ends_a_recording_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            if len(self.getvalue()) > 500:
                raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(play, "open_new", lambda file: Full())
    file = tmp_path / "session.txt"
    assert cli.main(["run", str(ROOT / "docs" / "examples" / "carre.json"), "--record", str(file)]) == cli.OK
    assert Words().sentence("cli.run.record_cut", path=file) in capsys.readouterr().err


def test_each_line_is_in_the_file_at_once() -> None:
    class Watched(io.StringIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed = len(self.getvalue())

    out = Watched()
    runner = one_robot()
    with simulated(runner):
        port = Recorder(out).open(URL)
        port.write(bytes(3))
        assert out.flushed == len(out.getvalue()) == len("petitpas-recording 1\n0 +\n0 > 000000 ; …\n")
        runner.run_to(70)
        port.write(b"\1\0")
        port.close()
    assert out.getvalue().splitlines()[-1] == "70 > 0100 ; …"


def test_messages_are_named_as_in_the_protocol() -> None:
    tables = read_tables((FIRMWARE / "wire.py").read_text(encoding="utf-8"))
    messages = {row.number: row.name for title in ("Requests", "From the robot") for row in tables[title]}
    assert recording._NAMES.items() >= messages.items() and len(messages) > 20


# --- What is no recording, or not all of it -----------------------------------------------------------------------------


HEAD = "petitpas-recording 1\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_format"),
        ("petitpas-recording 1", "file_format"),  # cut in its first line
        ("petitpas-recording\n", "file_format"),
        ("\0\xff\n", "file_format"),
        ("petitpas-recording 2\n0 * 00\n", "file_version"),
        (HEAD + "0 > 00\n", "recording_line"),  # nothing is plugged in
        (HEAD + "0 +\n0 > 0\n", "recording_line"),
        (HEAD + "0 +\n0 > 0g\n", "recording_line"),
        (HEAD + "0 +\n0 >\n", "recording_line"),
        (HEAD + "0 +\n0 = 00\n", "recording_line"),
        (HEAD + "0 +\n5 > 00\n4 < 00\n", "recording_line"),
        (HEAD + "0 +\n1 -\n2 < 00\n", "recording_line"),
        (HEAD + "0 +\nworld 5x5 A1N - lapin\n", "recording_line"),
    ],
)
def test_what_is_no_recording_is_said(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "session.txt"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(FileError) as caught:
        read_recording(path)
    assert caught.value.code == code
    for lang in ("fr", "en"):
        assert "session.txt" in caught.value.say(lang)
    if code == "recording_line":
        assert caught.value.fields["line"] == len(text.splitlines())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_recording(tmp_path / "none.txt")
    assert caught.value.code == "file_missing"
    with pytest.raises(FileError) as caught:
        read_recording(tmp_path)
    assert caught.value.code == "file_unreadable"


def test_comments_and_a_cut_line_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "session.txt"
    path.write_text(HEAD + "# in class, on Monday\n\n0 +\n3 > 0102 ; PING\n9 < 01/ ; …\n12 > 04", encoding="utf-8")
    assert read_recording(path).lines == (
        recording.Line(0, PLUGGED),
        recording.Line(3, TO_ROBOT, b"\1\2", b"\1\2"),
        recording.Line(9, TO_HOST, b"\1", b""),
    )


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_recording_cut_anywhere_ends_with_a_sentence(path: Path, tmp_path: Path) -> None:
    program = program_of(read_recording(path))
    text = path.read_bytes()
    cut = tmp_path / "cut.txt"
    for count in range(0, len(text), 97):
        cut.write_bytes(text[:count])
        with pytest.raises((FileError, PortMissing, KeyboardInterrupt)) as caught:
            told = read_recording(cut)
            Player("replay://", program, Words(), io.StringIO(), pause_s=lambda seconds: None, open_port=Replay(told).open).play()
        if isinstance(caught.value, FileError):
            assert caught.value.code in ("file_format", "recording_ends")


def test_a_host_that_has_become_silent_is_noticed() -> None:
    told = read_recording(FOLDER / "whole.txt")
    port = Replay(told).open("replay://")
    with pytest.raises(FileError) as caught:
        for _ in range(1000):
            port.read()
    assert (caught.value.code, caught.value.fields["then"]) == ("recording_differs", "HELLO")
    assert port.now_ms() < 10_000

"""The file of a class: kills, cuts of the power, other versions, other applications, damage, and disks that take nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kills
from petitpas.classroom import RETRY_MS, Classroom, ClassState, Store, schema, store
from petitpas.classroom import commands as c
from petitpas.classroom.store import UNKEPT, Unkept
from petitpas.words import Words
from tests.soaking import examples

DAY = date(2026, 11, 22)
FILE = "classe.sqlite"
WORK = (c.ChooseGroup("pomme"), c.OpenLesson("gs1", "pas"), c.SetStrip(["forward", "left"]), c.RunBegan(), c.RunEnded("done", True, "B3N"))


def opened(folder: Path) -> Classroom:
    return Classroom(Store(folder, lambda: DAY), lambda: DAY)


def worked(folder: Path, *commands: c.Command) -> ClassState:
    """Make a class, do some work in it, close it and return it."""
    room = opened(folder)
    for command in commands or WORK:
        room.do(command)
    room.close()
    assert room.acknowledged == room.done
    return room.snapshot


def kept(folder: Path) -> ClassState:
    room = opened(folder)
    room.close()
    return room.snapshot


def trouble(room: Classroom) -> str:
    """Return the last word of the trouble's key, and see that there is a sentence for it."""
    assert not room.snapshot.trouble or Words().has(room.snapshot.trouble)
    return room.snapshot.trouble.rpartition(".")[2]


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def still_works(room: Classroom) -> None:
    """See that the lesson goes on: what is done is in the snapshot, and only what is kept is acknowledged."""
    acknowledged = room.acknowledged
    room.do(c.SetStrip(["right", "right"]))
    assert room.snapshot.work.strip == ("right", "right")
    assert room.acknowledged == acknowledged


# --- Kills and cuts of the power --------------------------------------------------------------------------------------


def test_every_acknowledged_edit_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    times, edits = kills.kill(tmp_path / "class", times=100, seconds=8)
    assert times >= 5
    assert edits > times


def test_the_kills_are_felt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "open", lambda self: ClassState())  # as if nothing had been kept
    with pytest.raises(AssertionError, match="kill"):
        kills.kill(tmp_path / "class", times=100, seconds=30)


def test_a_log_that_the_power_has_cut_anywhere_holds_the_class_of_an_earlier_moment(tmp_path: Path) -> None:
    room = opened(tmp_path / "class")
    moments = [room.snapshot]
    for number in range(40):
        room.do(kills.edit(number))
        moments.append(room.snapshot)
    whole = files(tmp_path / "class")
    room.close()

    @settings(max_examples=examples(60))
    @given(st.integers(0, len(whole[f"{FILE}-wal"])), st.binary(max_size=64))
    def check(cut: int, rest: bytes) -> None:
        shutil.rmtree(tmp_path / "cut", ignore_errors=True)
        (tmp_path / "cut").mkdir()
        (tmp_path / "cut" / FILE).write_bytes(whole[FILE])
        (tmp_path / "cut" / f"{FILE}-wal").write_bytes(whole[f"{FILE}-wal"][:cut] + rest)
        state = kept(tmp_path / "cut")
        assert state.trouble == ""
        assert state in moments

    check()


# --- Other versions ---------------------------------------------------------------------------------------------------

TWO = (*schema.MIGRATIONS, ("CREATE TABLE diary (day TEXT)", "INSERT INTO diary SELECT since FROM class"))


def test_an_older_file_is_migrated_with_all_that_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = worked(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", TWO)
    room = opened(tmp_path)
    room.close()
    assert (room.snapshot, room.snapshot.trouble) == (state, "")
    with sqlite3.connect(tmp_path / FILE) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("SELECT day FROM diary").fetchall() == [(DAY.isoformat(),)]
    database.close()


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", TWO)
        worked(tmp_path)
    before = files(tmp_path)
    room = opened(tmp_path)
    assert trouble(room) == "newer"
    still_works(room)
    room.step(0)
    room.step(RETRY_MS)
    room.do(c.Erase())
    room.close()
    assert files(tmp_path) == before


def test_a_newer_file_that_was_killed_as_soon_as_it_was_made_is_known_by_its_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", TWO)
        room = opened(tmp_path / "class")
        shutil.copytree(tmp_path / "class", tmp_path / "killed")
        room.close()
    assert trouble(opened(tmp_path / "killed")) == "newer"


def test_a_migration_that_does_not_end_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = worked(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(schema, "MIGRATIONS", (*TWO[:1], ("DROP TABLE work", "SELECT no_such_column FROM class")))
        assert trouble(opened(tmp_path)) == "unkept"
    assert kept(tmp_path) == state


def test_what_a_newer_one_of_the_same_version_knows_is_left_out(tmp_path: Path) -> None:
    worked(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("INSERT INTO setting VALUES ('brightness', 3)")
        database.execute("INSERT OR REPLACE INTO setting VALUES ('volume_percent', 900)")
        database.execute("UPDATE class SET level = 'CM1', fruit = 'mangue', animal = 'girafe'")
        database.execute("""UPDATE work SET strip = '["jump"]'""")
    database.close()
    state = kept(tmp_path)
    assert state.trouble == ""
    assert (state.settings, state.hand.level, state.hand.key.fruit, state.robot) == (ClassState().settings, "", "", ClassState().robot)
    (work,) = state.works.values()
    assert (work.strip, len(work.tries)) == ((), 1)


# --- Two applications -------------------------------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from petitpas.classroom import Classroom, Store, commands
room = Classroom(Store(Path(sys.argv[1])))
room.do(commands.SetStrip(["left"]))
print(room.snapshot.trouble, flush=True)
sys.stdin.readline()
room.close()
print("closed", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another application, which has the class with one card in it until it is sent a line."""
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "\n"
        yield process
        process.kill()


def let_go(other: subprocess.Popen[str]) -> None:
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdin.write("\n")
    other.stdin.flush()
    assert other.stdout.readline() == "closed\n"


def test_a_second_application_goes_on_with_the_class_once_the_first_is_closed(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    room = opened(tmp_path)
    assert trouble(room) == "busy"
    room.step(0)
    room.step(RETRY_MS)
    assert trouble(room) == "busy"
    let_go(other)
    room.step(2 * RETRY_MS)
    assert trouble(room) == "busy"
    room.step(3 * RETRY_MS)
    assert (trouble(room), room.snapshot.work.strip) == ("", ("left",))
    room.do(c.SetStrip(["right"]))
    assert room.acknowledged == room.done
    room.close()


def test_a_second_application_that_has_done_something_leaves_the_work_of_the_first(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    room = opened(tmp_path)
    still_works(room)
    let_go(other)
    room.step(0)
    room.step(RETRY_MS)
    assert trouble(room) == "busy"
    still_works(room)
    room.close()
    assert kept(tmp_path).work.strip == ("left",)


# --- Damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 9000])
def test_a_file_that_is_none_is_set_aside_under_its_date(tmp_path: Path, content: bytes) -> None:
    for number in (1, 2):
        (tmp_path / FILE).write_bytes(content[:-number])
        room = opened(tmp_path)
        assert trouble(room) == ("newer" if b"\xff" in content else "damaged")
        room.do(c.SetStrip(["left"]))
        room.close()
        if b"\xff" not in content:
            assert room.acknowledged == 1
            assert files(tmp_path)[f"classe-2026-11-22-illisible-{number}.sqlite"] == content[:-number]
            assert kept(tmp_path).work.strip == ("left",)


def test_a_database_of_something_else_is_set_aside(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE addresses (name TEXT)")
    database.close()
    room = opened(tmp_path)
    room.close()
    assert trouble(room) == "damaged"
    assert (tmp_path / "classe-2026-11-22-illisible-1.sqlite").exists()


def test_no_damage_keeps_a_class_from_beginning(tmp_path: Path) -> None:
    worked(tmp_path / "class", *(kills.edit(number) for number in range(60)))
    whole = (tmp_path / "class" / FILE).read_bytes()

    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(100, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, len(whole)))
    def check(strokes: list[tuple[int, int]], length: int) -> None:
        damaged = bytearray(whole)
        for at, octet in strokes:
            damaged[at] = octet
        shutil.rmtree(tmp_path / "torn", ignore_errors=True)
        (tmp_path / "torn").mkdir()
        (tmp_path / "torn" / FILE).write_bytes(damaged[: length if length > len(whole) // 2 else len(whole)])
        room = opened(tmp_path / "torn")
        assert trouble(room) in ("", "damaged")
        room.do(c.SetStrip(["left"]))
        room.close()
        assert room.acknowledged == room.done

    check()


# --- Disks that take nothing ------------------------------------------------------------------------------------------


def test_a_disk_that_is_full_in_mid_lesson(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    room = opened(tmp_path)
    for command in WORK:
        room.do(command)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # no file grows
    try:
        still_works(room)
        assert trouble(room) == "unkept"
        for now_ms in (0, RETRY_MS):
            room.step(now_ms)
        still_works(room)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for now_ms in (2 * RETRY_MS, 3 * RETRY_MS):
        room.step(now_ms)
    assert (trouble(room), room.acknowledged) == ("", room.done)
    room.close()
    assert kept(tmp_path) == room.snapshot


def test_a_full_disk_has_its_own_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = worked(tmp_path)
    connect = sqlite3.connect

    def small(*arguments, **options):  # type: ignore[no-untyped-def]
        database = connect(*arguments, **options)
        database.execute("PRAGMA max_page_count=1")  # no page more than there are
        return database

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", small)
        room = opened(tmp_path)
        assert room.snapshot == state
        while room.acknowledged == room.done < 200:
            room.do(c.Invent("garden", "26x26", "A1N", "C3", tuple(f"{column}9" for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
            room.do(c.SetStrip([["forward", room.done]] * 120))
            room.do(c.RunBegan())
            room.do(c.RunEnded("done", True))
        assert trouble(room) == "full"
        still_works(room)
    room.step(0)
    room.step(RETRY_MS)
    assert (trouble(room), room.acknowledged) == ("", room.done)
    room.close()
    assert kept(tmp_path) == room.snapshot


def test_a_disk_that_says_no_to_what_it_has_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = opened(tmp_path)
    keep = Store.keep

    def keep_and_complain(self: Store, before: ClassState, after: ClassState, is_lasting: bool = False) -> None:
        keep(self, before, after, is_lasting)
        raise Unkept(UNKEPT)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep", keep_and_complain)
        still_works(room)
    room.do(c.SetStrip(["left"]))
    room.step(0)
    room.step(RETRY_MS)
    assert (trouble(room), room.acknowledged) == ("", 2)
    room.close()
    assert kept(tmp_path).work.strip == ("left",)


def test_a_folder_that_cannot_be_made_and_then_can(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file")
    room = opened(tmp_path / "in-the-way" / "class")
    assert trouble(room) == "unkept"
    still_works(room)
    (tmp_path / "in-the-way").unlink()
    room.step(0)
    assert trouble(room) == "unkept"
    room.step(RETRY_MS)
    assert (trouble(room), room.acknowledged) == ("", 1)
    room.close()
    assert kept(tmp_path / "in-the-way" / "class").work.strip == ("right", "right")


def test_a_class_that_cannot_be_written_is_read_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = worked(tmp_path / "class")
    before, connect = files(tmp_path / "class"), sqlite3.connect

    def reading(file, **options):  # type: ignore[no-untyped-def]
        mode = "ro" if file.parent == tmp_path / "class" else "rwc"
        return connect(f"{file.as_uri()}?mode={mode}", uri=True, **options)

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", reading)
        room = opened(tmp_path / "class")
        assert room.snapshot == state
        still_works(room)
        assert trouble(room) == "unkept"
        assert files(tmp_path / "class")[FILE] == before[FILE]
    room.step(0)
    room.step(RETRY_MS)
    assert (trouble(room), room.acknowledged) == ("", 1)
    room.close()


def test_on_windows_a_class_on_a_stick_is_not_for_one_account_of_one_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    mkdir = Path.mkdir
    monkeypatch.setattr(store, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(Path, "mkdir", lambda path, mode=0o777, **more: (modes.append(mode), mkdir(path, mode, **more)))
    school = Classroom(Store(tmp_path / "class"))
    school.close()
    assert modes and 0o700 not in modes  # of which Python makes such a folder

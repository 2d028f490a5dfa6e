"""The class: what each command changes, what is refused, forgotten and copied, and where it is kept."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from petitpas.classroom import FRUITS, SETTINGS, Classroom, ClassState, Key, Robot, Settings, Store, data_folder, export
from petitpas.classroom import commands as c
from petitpas.classroom.records import MAX_INVENTIONS, MAX_TRIES, TITLES, is_setting
from petitpas.classroom.store import FILE
from petitpas.errors import FileError
from petitpas.program import from_compact
from petitpas.words import LANGUAGES, Words

DAY = date(2026, 11, 22)
GARDEN = c.Invent("garden", "5x4", "A1N", "C3", ("B2",))


@pytest.fixture
def room(tmp_path: Path):  # type: ignore[no-untyped-def]
    room = Classroom(Store(tmp_path / "class"), lambda: DAY)
    yield room
    room.close()


def reopened(room: Classroom, tmp_path: Path) -> ClassState:
    room.close()
    again = Store(tmp_path / "class")
    state = again.open()
    again.close()
    return state


def do(room: Classroom, *commands: c.Command) -> ClassState:
    for command in commands:
        room.do(command)
    return room.snapshot


# --- A lesson ---------------------------------------------------------------------------------------------------------


def test_a_lesson_from_the_group_to_the_note(room: Classroom, tmp_path: Path) -> None:
    do(room, c.ChooseLevel("GS"), c.ChooseGroup("pomme"), c.OpenLesson("gs1", "pas"), c.ChooseRobot("renard", "/dev/ttyACM0"))
    do(room, c.SetStrip(["forward", "left"]), c.Predict("B3"), c.RunBegan(), c.RunEnded("blocked", False, "B3N", "b2"))
    do(room, c.SetStrip(["forward", ["repeat", 3, ["left"]]]), c.RunBegan(), c.RunEnded("done", True, "C3E"), c.Observe("with_friend"))
    state = reopened(room, tmp_path)
    assert state == room.snapshot
    assert (state.hand.level, state.hand.key, state.robot) == ("GS", Key("pomme", "gs1", "pas"), Robot("renard", "/dev/ttyACM0"))
    first, second = state.work.tries
    assert (first.number, first.program, first.outcome, first.is_reached) == (1, ("forward", "left"), "blocked", False)
    assert (first.arrived, first.parted_at, first.prediction, first.was_predicted) == ("B3N", "b2", "B3", True)
    assert (second.number, second.is_reached, second.was_predicted, second.day) == (2, True, None, DAY)
    assert state.work.previous == second
    assert state.work.observation == ("with_friend", DAY)
    assert from_compact(state.work.strip) == from_compact(["forward", ["repeat", 3, ["left"]]])


def test_what_there_is_to_resume(room: Classroom, tmp_path: Path) -> None:
    assert not room.snapshot.can_resume
    assert not do(room, c.ChooseLevel("PS"), c.SetSetting("volume_percent", 10)).can_resume
    assert do(room, c.SetStrip(["forward"])).can_resume  # playing freely
    assert do(room, c.SetStrip([]), c.OpenLesson("pm1", "pas")).can_resume
    assert reopened(room, tmp_path).can_resume


def test_each_group_has_its_own_work(room: Classroom) -> None:
    do(room, c.OpenLesson("gs1", "pas"), c.ChooseGroup("pomme"), c.SetStrip(["left"]), c.ChooseGroup("kiwi"), c.SetStrip(["right"]))
    assert do(room, c.ChooseGroup("pomme")).work.strip == ("left",)
    assert do(room, c.OpenLesson("gs1", "grand_pas")).work.strip == ()
    assert room.snapshot.works[Key("kiwi", "gs1", "pas")].strip == ("right",)


def test_a_run_belongs_to_the_strip_and_the_group_that_began_it(room: Classroom) -> None:
    do(room, c.OpenLesson("gs1", "pas"), c.ChooseGroup("pomme"), c.SetStrip(["left"]), c.RunBegan())
    state = do(room, c.SetStrip(["right"]), c.Predict("A1"), c.ChooseGroup("kiwi"), c.RunEnded("stopped", False))
    (made,) = state.works[Key("pomme", "gs1", "pas")].tries
    assert (made.program, made.prediction) == (("left",), "")
    assert state.running is None
    assert not state.work.tries


def test_an_end_without_a_beginning_changes_nothing(room: Classroom) -> None:
    before = do(room, c.SetStrip(["left"]))
    assert do(room, c.RunEnded("done", True)) == before


def test_a_run_that_the_end_of_the_application_cut_is_no_try(room: Classroom, tmp_path: Path) -> None:
    do(room, c.SetStrip(["left"]), c.Predict("A1"), c.RunBegan())
    state = reopened(room, tmp_path)
    assert (state.running, state.work.tries, state.work.strip, state.work.prediction) == (None, (), ("left",), "A1")


@pytest.mark.parametrize(
    ("said", "arrived", "right"),
    [("C1", "C1N", True), ("C1N", "C1N", True), ("C1E", "C1N", False), ("C1", "C12N", False), ("C1", "", None), ("", "C1N", None)],
)
def test_a_prediction_is_of_a_cell_or_of_a_place(room: Classroom, said: str, arrived: str, right: bool | None) -> None:
    state = do(room, c.Predict(said), c.RunBegan(), c.RunEnded("done", False, arrived))
    assert state.work.previous is not None
    assert state.work.previous.was_predicted is right


def test_the_last_tries_are_kept(room: Classroom, tmp_path: Path) -> None:
    for _ in range(MAX_TRIES + 3):
        do(room, c.RunBegan(), c.RunEnded("done", True))
    state = reopened(room, tmp_path)
    assert state == room.snapshot
    assert [made.number for made in state.work.tries] == list(range(4, MAX_TRIES + 4))


def test_invented_mats_have_room_and_numbers_of_their_own(room: Classroom, tmp_path: Path) -> None:
    do(room, *[GARDEN] * (MAX_INVENTIONS + 1))
    assert not room.snapshot.has_room
    assert [mat.number for mat in room.snapshot.inventions] == list(range(1, MAX_INVENTIONS + 1))
    do(room, c.ForgetInvention(3), c.ForgetInvention(3), c.ChooseGroup("raisin"), c.Invent("river", "2x1", "A1E", "B1"))
    state = reopened(room, tmp_path)
    assert state == room.snapshot
    assert state.inventions[-1] == dataclasses.replace(state.inventions[-1], number=MAX_INVENTIONS + 1, fruit="raisin", title="river")
    assert state.inventions[0].mat.rocks == {(1, 1)}


# --- Commands that cannot be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: c.SetStrip("forward"),
        lambda: c.SetStrip(["avance"]),
        lambda: c.SetStrip(["forward", ["forward", 1.5]]),
        lambda: c.SetStrip(["forward"] * 256),
        lambda: c.SetStrip([["if", {"sensor": "Léa"}]]),
        lambda: c.Predict("Z99Q"),
        lambda: c.RunEnded("running", False),
        lambda: c.RunEnded("done", False, "ici"),
        lambda: c.RunEnded("done", False, "", "Léa"),
        lambda: c.OpenLesson("gs1", ""),
        lambda: c.OpenLesson("les Martin", "pas"),
        lambda: c.ChooseGroup("Léa"),
        lambda: c.ForgetGroup("Léa"),
        lambda: c.ChooseLevel("CM1"),
        lambda: c.ChooseRobot("Léa"),
        lambda: c.ChooseRobot("lapin", "à Léa Martin"),
        lambda: c.Observe("très bien"),
        lambda: c.Invent("chez Léa", "5x4", "A1N", "C3"),
        lambda: c.Invent("garden", "5x4", "A1N", "A1"),
        lambda: c.Invent("garden", "5x4", "A1N", "Z9"),
        lambda: c.Invent("garden", "5x4", "A1N", "C3", ("C3",)),
        lambda: c.Invent("garden", "5x4", "A1N", "C3", ("B2", "B2")),
        lambda: c.SetSetting("prenom", "lea"),
    ],
)
def test_a_command_that_cannot_be_is_refused_where_it_is_made(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError):
        make()


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("volume_percent", (0, 100), (-1, 101, 1.5, True, None, "40")),
        ("is_muted", (True, False), (0, 1, None)),
        ("reach_percent", (None, 10, 100), (9, 101, "")),
        ("scale_px_per_m", (None, 300, 20_000), (299, 20_001)),
        ("speed", ("slow", "real", "fast"), ("paused", None, 1)),
        ("is_calm", (True, False), (2,)),
        ("lang", LANGUAGES, ("pt", None)),
        ("voice", ("first", "delayed", "silent"), ("loud",)),
        ("offers_next", (True, False), ("",)),
        ("is_full", (True, False), (1,)),
        ("has_panel", (True, False), (1,)),
        ("screen", (0, 15), (-1, 16, None)),
    ],
)
def test_a_setting_has_its_range(room: Classroom, tmp_path: Path, name: str, good: tuple[object, ...], bad: tuple[object, ...]) -> None:
    assert not any(is_setting(name, value) for value in bad)
    assert is_setting(name, getattr(Settings(), name))
    for value in good:
        assert getattr(do(room, c.SetSetting(name, value)).settings, name) == value  # type: ignore[arg-type]
    assert repr(reopened(room, tmp_path).settings) == repr(room.snapshot.settings)  # True is True, not 1


def test_every_setting_is_in_the_test_above() -> None:
    marks = test_a_setting_has_its_range.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert [row[0] for row in marks] == list(SETTINGS)


def test_who_posts_a_list_may_go_on_with_it(room: Classroom) -> None:
    cards: list[object] = ["left", ["if", {"sensor": "distance"}, ["beep"]]]
    room.post(c.SetStrip(cards))
    cards.append("right")
    room.step(0)
    assert room.snapshot.work.strip == ("left", ("if", {"sensor": "distance"}, ("beep",)))
    with pytest.raises(TypeError):
        room.snapshot.work.strip[1][1]["sensor"] = "Léa"  # type: ignore[index]


# --- Threads ----------------------------------------------------------------------------------------------------------


def test_any_thread_may_post_and_each_listener_hears_each_snapshot_in_order(room: Classroom) -> None:
    heard: list[ClassState] = []
    room.listen(heard.append)
    threads = [
        threading.Thread(target=lambda fruit=fruit: [room.post(c.ForgetGroup(fruit) if n % 50 == 49 else GARDEN) for n in range(50)])
        for fruit in FRUITS
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        room.step(0)
    room.step(0)
    assert room.done == room.acknowledged == len(heard) == 50 * len(FRUITS)
    assert heard[-1] is room.snapshot


def test_what_is_posted_by_a_listener_waits_for_the_next_step(room: Classroom) -> None:
    room.listen(lambda state: room.post(c.SetSetting("volume_percent", room.done)))
    room.do(c.SetStrip([]))
    for done in (2, 3):
        room.step(0)
        assert room.done == done


# --- Forgetting and copying ------------------------------------------------------------------------------------------


def test_a_group_is_forgotten_and_nothing_of_it_stays_in_the_folder(room: Classroom, tmp_path: Path) -> None:
    do(room, c.ChooseGroup("kiwi"), c.OpenLesson("une-lecon-bien-a-eux", "pas"), c.SetStrip(["left"]), GARDEN, c.RunBegan())
    do(room, c.ChooseGroup("pomme"), c.OpenLesson("gs1", "pas"), c.SetStrip(["right"]), GARDEN)
    assert any(b"une-lecon-bien-a-eux" in file.read_bytes() for file in (tmp_path / "class").iterdir())
    state = do(room, c.ForgetGroup("kiwi"), c.RunEnded("done", True))
    assert list(state.works) == [Key("pomme", "gs1", "pas")]
    assert [mat.fruit for mat in state.inventions] == ["pomme"]
    assert not any(b"une-lecon-bien-a-eux" in file.read_bytes() for file in (tmp_path / "class").iterdir())


def test_the_end_of_the_year_erases_everything(room: Classroom, tmp_path: Path) -> None:
    damaged = tmp_path / "class" / "classe-2025-10-01-illisible-1.sqlite"
    damaged.write_bytes(b"an older year")
    do(room, c.SetSetting("lang", "en"), c.ChooseGroup("kiwi"), c.OpenLesson("une-lecon", "pas"), c.SetStrip(["left"]), GARDEN, c.Erase())
    assert room.snapshot == ClassState(since=DAY)
    assert not damaged.exists()
    assert not any(b"une-lecon" in file.read_bytes() for file in (tmp_path / "class").iterdir())
    assert reopened(room, tmp_path) == ClassState(since=DAY)


@pytest.mark.parametrize(
    ("since", "today", "is_old"),
    [
        (date(2025, 9, 1), date(2026, 8, 31), False),
        (date(2025, 9, 1), date(2026, 9, 1), True),
        (date(2026, 9, 1), date(2026, 9, 1), False),
        (date(2026, 1, 8), date(2027, 1, 8), True),
        (date(2026, 9, 2), date(2027, 1, 8), False),
        (None, date(2027, 1, 8), False),
    ],
)
def test_last_year_is_before_the_first_of_september(since: date | None, today: date, is_old: bool) -> None:
    assert ClassState(since=since).is_of_last_year(today) is is_old
    assert not c.KeepOneMoreYear().after(ClassState(since=since), today).is_of_last_year(today)


def test_everything_is_copied_into_one_readable_file(room: Classroom, tmp_path: Path) -> None:
    do(room, c.ChooseGroup("pomme"), c.OpenLesson("gs1", "pas"), c.SetStrip([["if", {"sensor": "distance"}, ["beep"]]]), GARDEN)
    do(room, c.Predict("B1"), c.RunBegan(), c.RunEnded("done", True, "B1E"), c.Observe("alone"))
    export(room.snapshot, tmp_path / "classe.json")
    copied = json.loads((tmp_path / "classe.json").read_text(encoding="utf-8"))
    work = copied["groups"]["pomme"]["gs1"]["pas"]
    assert work["strip"] == [["if", {"sensor": "distance"}, ["beep"]]]
    assert work["observation"] == {"how": "alone", "day": "2026-11-22"}
    assert (work["tries"][0]["outcome"], work["tries"][0]["was_predicted"]) == ("done", True)
    assert copied["inventions"][0]["title"] == "garden"
    assert set(copied) == {"petitpas_class", "since", "settings", "in_hand", "robot", "groups", "inventions"}
    assert [file.name for file in tmp_path.glob("*.part")] == []


def test_a_copy_that_cannot_be_written_is_told(room: Classroom, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        export(room.snapshot, tmp_path / "no-such-folder" / "classe.json")


# --- Words and folders -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_has_its_words(lang: str) -> None:
    keys = {"titles": TITLES, "troubles": ("busy", "damaged", "full", "newer", "unkept")}
    for group, names in keys.items():
        assert Words(lang).keys(f"class.{group}") == [f"class.{group}.{name}" for name in names]


def test_the_folder_is_the_one_that_is_named_or_beside_a_portable_copy_or_the_users(tmp_path: Path) -> None:
    package = tmp_path / "stick" / "app" / "petitpas" / "classroom" / "places.py"
    package.parent.mkdir(parents=True)
    home = Path("~").expanduser()
    assert data_folder({"PETITPAS_DATA": "/here"}, "linux", package) == Path("/here")
    assert data_folder({}, "linux", package) == home / ".local" / "share" / "petitpas"
    assert data_folder({"XDG_DATA_HOME": "/data"}, "linux", package) == Path("/data/petitpas")
    assert data_folder({}, "darwin", package) == home / "Library" / "Application Support" / "Petit Pas"
    assert data_folder({"LOCALAPPDATA": "/local"}, "win32", package) == Path("/local/Petit Pas")
    (tmp_path / "stick" / "petitpas-portable").touch()
    assert data_folder({"XDG_DATA_HOME": "/data"}, "linux", package) == (tmp_path / "stick").resolve() / "petitpas-data"
    assert data_folder({"PETITPAS_DATA": "/here"}, "linux", package) == Path("/here")


def test_the_class_needs_no_window_and_no_lesson() -> None:
    code = "import sys, petitpas.classroom; print([n for n in ('pygame', 'petitpas.lessons', 'petitpas_sim.world') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- No place for a name ----------------------------------------------------------------------------------------------

COLUMNS = {
    "setting.name": "word", "class.since": "day", "class.level": "short", "class.fruit": "word", "class.lesson": "lesson",
    "class.variant": "lesson", "class.animal": "word", "class.port": "port", "work.fruit": "word", "work.lesson": "lesson",
    "work.variant": "lesson", "work.strip": "program", "work.prediction": "short", "work.observation": "word", "work.observed_on": "day",
    "try.fruit": "word", "try.lesson": "lesson", "try.variant": "lesson", "try.day": "day", "try.program": "program", "try.outcome": "word",
    "try.arrived": "short", "try.parted_at": "short", "try.prediction": "short", "invention.fruit": "word", "invention.title": "word",
    "invention.size": "short", "invention.start": "short", "invention.goal": "short", "invention.rocks": "program",
}  # fmt: skip
"""
Every column of text and what is in it: a word of ours, a day, at most five letters, a lesson's folder, a port, or a program's names.
There is none that a person fills; whoever adds one decides it here.
"""


def test_no_column_takes_free_text(room: Classroom, tmp_path: Path) -> None:
    do(room, c.ChooseGroup("pomme"), c.SetStrip(["left"]), c.RunBegan(), c.RunEnded("done", True))
    room.close()
    database = sqlite3.connect(tmp_path / "class" / FILE)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = {
        f"{table}.{row[1]}" for table in tables for row in database.execute(f"PRAGMA table_info({table})") if row[2] not in ("INTEGER", "")
    }
    assert columns == set(COLUMNS)
    database.execute("INSERT INTO invention VALUES (1, 'kiwi', 'garden', '5x4', 'A1N', 'C3', '[]')")
    database.execute("INSERT INTO setting VALUES ('lang', 'en')")
    for column, kind in COLUMNS.items():
        table, name = column.split(".")
        if kind not in ("lesson", "port"):  # these are checked where the command is made
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(f"UPDATE {table} SET {name} = 'Léa Martin'")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("UPDATE setting SET value = 'Léa Martin'")
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its user's folders to that user")
def test_the_folder_is_for_this_account_alone(room: Classroom, tmp_path: Path) -> None:
    assert (tmp_path / "class").stat().st_mode & 0o077 == 0

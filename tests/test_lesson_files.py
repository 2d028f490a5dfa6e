"""Lesson files: what a good one holds, and what a bad one is told."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.errors import FileError, LessonError
from petitpas.lessons import GOAL_TYPES, VARIANTS, all_lessons, check_variant, load_lesson, read_lesson
from petitpas.lessons.load import lessons_folder
from petitpas_sim.mat import Mat
from tests.strategies import damaged
from tests.test_words import NEVER

FOLDER = lessons_folder()
LESSONS = all_lessons()
OURS = FOLDER / "pm1" / "lesson.toml"
EXAMPLE = (FOLDER / "README.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
"""The file that README shows: with limits, rocks, a program to mend and two robots."""

CHOICE = EXAMPLE.replace('"reach", cells = ["C1"] }', '"choose", cells = ["B1", "C1"] }\ndistractors = [["left"], ["forward"]]')


def test_all_thirty_lessons_are_there_in_the_order_of_the_levels() -> None:
    parts = [("pm", 6), ("gs", 6), ("cp", 6), ("ce1-", 6), ("ce2-", 6)]
    assert [lesson.id for lesson in LESSONS] == [f"{name}{n}" for name, count in parts for n in range(1, count + 1)]
    assert all(tuple(variant.name for variant in lesson.variants) == VARIANTS for lesson in LESSONS)
    assert {goal.type for lesson in LESSONS for goal in (variant.goal for variant in lesson.variants)} == set(GOAL_TYPES)


def test_words_that_never_appear_are_in_no_file() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert len(files) > len(LESSONS)
    assert [str(path) for path in files if NEVER.search(path.read_text(encoding="utf-8"))] == []


def test_every_file_is_written_in_one_way() -> None:
    for one in LESSONS:
        text = one.path.read_text(encoding="utf-8")
        assert re.fullmatch(r'format = 1\nlevels = \[.+\]\ntitle = ".+"\n\n\[variants\.petit_pas\]\n[^\r\t]+\n', text), one.id


def test_the_file_in_the_readme_is_a_lesson_whose_solutions_reach() -> None:
    shown = read_lesson(EXAMPLE.encode(), OURS)
    assert (shown.id, shown.levels, shown.title) == ("pm1", ("GS",), "Trois à cinq cartes")
    first, second, third = shown.variants
    assert (first.limits.cards, first.limits.turns, second.limits.cards) == (3, 1, None)
    assert second.mat == Mat.parse("4x4", ["B2"])
    assert [robot.name for robot in third.robots] == ["lapin", "renard"]
    assert [check_variant(variant).reached for variant in shown.variants] == [True] * 3
    assert second.given is not None
    assert not check_variant(second, second.given).reached
    assert shown.variant("grand_pas") is third
    assert read_lesson(b"\xef\xbb\xbf" + EXAMPLE.encode(), OURS) == shown  # as some editors save it
    assert len(read_lesson(CHOICE.encode(), OURS).variants[0].distractors) == 2


def test_a_lesson_is_loaded_from_its_file_or_its_folder(tmp_path: Path) -> None:
    assert load_lesson(OURS) == LESSONS[0] == load_lesson(OURS.parent)
    for path in (tmp_path / "none.toml", tmp_path / "lesson.toml" / "x"):
        with pytest.raises(FileError) as caught:
            load_lesson(path)
        assert caught.value.path == str(path)
    with pytest.raises(FileError):
        all_lessons(tmp_path)
    for name in ("b10", "b9"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lesson.toml").write_text(EXAMPLE, encoding="utf-8")
    assert [lesson.id for lesson in all_lessons(tmp_path)] == ["b9", "b10"]


PETIT = "variants.petit_pas"
BAD = [
    ("format = 1", "format = 2", "lesson_version", "format"),
    ("format = 1", "format = 0", "lesson_value", "format"),
    ("format = 1", "format = true", "lesson_value", "format"),
    ("format = 1", "", "lesson_missing", "format"),
    ("format = 1", "format = = 1", "lesson_toml", 1),
    ('["C1"] }', '["C1" }', "lesson_toml", 9),
    ("title =", "titre =", "lesson_unknown", "titre"),
    ('"Trois à cinq cartes"', '"  "', "lesson_value", "title"),
    ('"Trois à cinq cartes"', '"Trois\\ncartes"', "lesson_value", "title"),
    ('levels = ["GS"]', 'levels = ["GS", "CM1"]', "lesson_choice", "levels[2]"),
    ('levels = ["GS"]', "levels = []", "lesson_value", "levels"),
    ('levels = ["GS"]', 'levels = "GS"', "lesson_value", "levels"),
    ("[variants.petit_pas]", "[variants.petit]", "lesson_unknown", "variants.petit"),
    ("[variants.petit_pas]", "[variants.pas.x]", "lesson_missing", PETIT),
    ('kit = "exact"', 'kit = "lapin"', "lesson_choice", f"{PETIT}.kit"),
    ('kit = "exact"', 'kit = "rocket"', "lesson_kit", f"{PETIT}.solution"),
    ('kit = "exact"', "", "lesson_missing", f"{PETIT}.kit"),
    ('mat = "4x4"', 'mat = "4"', "lesson_value", f"{PETIT}.mat"),
    ('mat = "4x4"', 'mat = "27x4"', "lesson_value", f"{PETIT}.mat"),
    ('mat = "4x4"', "mat = 4", "lesson_value", f"{PETIT}.mat"),
    ('mat = "4x4"', 'mat = "2x2"', "lesson_outside", f"{PETIT}.goal.cells[1]"),
    ('mat = "4x4"', 'mat = "4x4"\nrocks = ["D4", "E1"]', "lesson_outside", f"{PETIT}.rocks[2]"),
    ('mat = "4x4"', 'mat = "4x4"\nrocks = ["A1"]', "lesson_rock", f"{PETIT}.start"),
    ('mat = "4x4"', 'mat = "4x4"\nrocks = "A1"', "lesson_value", f"{PETIT}.rocks"),
    ('mat = "4x4"', 'mat = "4x4"\nrock = []', "lesson_unknown", f"{PETIT}.rock"),
    ('mat = "4x4"', 'mat = "4x4"\ndistractors = [["left"]]', "lesson_unknown", f"{PETIT}.distractors"),
    ('start = "A1N"', 'start = "A1"', "lesson_value", f"{PETIT}.start"),
    ('start = "A1N"', 'start = "A1O"', "lesson_value", f"{PETIT}.start"),
    ('start = "A1N"', 'start = "C1N"', "lesson_reached", f"{PETIT}.goal.cells"),
    ('"reach", cells = ["C1"]', '"reach", cells = []', "lesson_value", f"{PETIT}.goal.cells"),
    ('"reach", cells = ["C1"]', '"reach", cells = ["c1"]', "lesson_value", f"{PETIT}.goal.cells[1]"),
    ('"reach", cells = ["C1"]', '"reach", cells = [3]', "lesson_value", f"{PETIT}.goal.cells[1]"),
    ('"reach", cells = ["C1"]', '"trace", cells = ["B1", "D1"]', "lesson_path", f"{PETIT}.goal.cells[2]"),
    ('"reach", cells = ["C1"]', '"win", cells = ["C1"]', "lesson_choice", f"{PETIT}.goal.type"),
    ('"reach", cells = ["C1"]', '"choose", cells = ["B1"]', "lesson_missing", f"{PETIT}.distractors"),
    ('"reach", cells = ["C1"]', '"predict", cells = ["C1"]', "lesson_unknown", f"{PETIT}.goal.cells"),
    ('"reach", cells = ["C1"]', '"predict", place = "C1"', "lesson_value", f"{PETIT}.goal.place"),
    ('"reach", cells = ["C1"]', '"pattern", motif = []', "lesson_value", f"{PETIT}.goal.motif"),
    ("{ cards = 3, turns = 1 }", "{ card = 3 }", "lesson_unknown", f"{PETIT}.limits.card"),
    ("{ cards = 3, turns = 1 }", "{ cards = 0 }", "lesson_value", f"{PETIT}.limits.cards"),
    ("{ cards = 3, turns = 1 }", "{ cards = 3.0 }", "lesson_value", f"{PETIT}.limits.cards"),
    ("{ cards = 3, turns = 1 }", "3", "lesson_value", f"{PETIT}.limits"),
    ('["right", "forward", "forward"]', '["right", "fly"]', "lesson_program", f"{PETIT}.solution"),
    ('["right", "forward", "forward"]', '["right", ["forward", 0]]', "lesson_program", f"{PETIT}.solution"),
    ('["right", "forward", "forward"]', "[1979-05-27]", "lesson_program", f"{PETIT}.solution"),
    ('["right", "forward", "forward"]', "[]", "lesson_value", f"{PETIT}.solution"),
    ('["right", "forward", "forward"]', '"right"', "lesson_value", f"{PETIT}.solution"),
    ('given = ["forward"', 'given = ["go_up"', "lesson_kit", "variants.pas.given"),
    ('start = "D4S"', 'start = "A1S"', "lesson_taken", "variants.grand_pas.robots[1].start"),
    ('start = "D4S"', 'start = "D4S"\nmat = "5x5"', "lesson_unknown", "variants.grand_pas.robots[1].mat"),
    ("[[variants.grand_pas.robots]]", "[variants.grand_pas.robots]", "lesson_value", "variants.grand_pas.robots"),
    ("[[variants.grand_pas.robots]]", "[[variants.grand_pas.robots]]\n" * 6, "lesson_value", "variants.grand_pas.robots"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), BAD)
def test_a_bad_file_is_told_where_and_what_to_do(old: str, new: str, code: str, where: str | int) -> None:
    assert old in EXAMPLE
    with pytest.raises(LessonError) as caught:
        read_lesson(EXAMPLE.replace(old, new, 1).encode(), Path("ma leçon") / "lesson.toml")
    error = caught.value
    assert (error.code, error.fields["line" if code == "lesson_toml" else "where"]) == (code, where)
    for lang in ("fr", "en"):
        said = error.say(lang)
        assert str(Path("ma leçon") / "lesson.toml") in said
        assert not re.search(r"(?<![\[{])…", said)  # no field is missing
        assert code == "lesson_version" or str(where) in said
    assert error.say("fr") != error.say("en")


def test_the_problem_of_a_program_is_told_in_the_same_language() -> None:
    text = EXAMPLE.replace('["right", "forward", "forward"]', '["right", "fly"]')
    with pytest.raises(LessonError) as caught:
        read_lesson(text.encode(), OURS)
    assert "genre inconnu : « fly »" in caught.value.say("fr")
    assert 'unknown kind: "fly"' in caught.value.say("en")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "lesson_missing"),
        (b"\xff\xfe\x00", "lesson_text"),
        (b"format = 1\r\ntitle = 'x", "lesson_toml"),
        (b"format = " + b"9" * 5000, "lesson_toml"),
        (b"format = " + b"[" * 5000, "lesson_toml"),
        (b"format = 99999999999999999999999", "lesson_version"),
    ],
)
def test_what_is_no_lesson_at_all_is_told(data: bytes, code: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(data, OURS)
    assert caught.value.code == code
    assert str(OURS) in str(caught.value)


def toml(value: object) -> str:
    """Return any JSON value as TOML, null as a date."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(name))} = {toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return "1979-05-27" if value is None else json.dumps(value) if isinstance(value, str | bool) else repr(value)


def read_or_refuse(data: bytes) -> None:
    try:
        read_lesson(data, OURS)
    except LessonError as error:
        assert str(error) and error.say("en")


@settings(max_examples=300)
@given(st.data())
def test_any_values_give_a_lesson_or_a_lesson_error(data: st.DataObject) -> None:
    document = data.draw(damaged(tomllib.loads(data.draw(st.sampled_from([EXAMPLE, CHOICE])))))
    if isinstance(document, dict):
        read_or_refuse("\n".join(f"{json.dumps(str(name))} = {toml(value)}" for name, value in document.items()).encode("utf-8", "replace"))


@given(st.binary(max_size=8), st.integers(0, len(EXAMPLE)), st.integers(0, 20))
def test_any_bytes_give_a_lesson_or_a_lesson_error(noise: bytes, at: int, gone: int) -> None:
    read_or_refuse(noise)
    text = EXAMPLE.encode()
    read_or_refuse(text[:at] + noise + text[at + gone :])

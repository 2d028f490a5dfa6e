"""Lesson files: what a good one holds, and what a bad one is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson_schema import lesson_schema
from petitpas.errors import FileError, LessonError
from petitpas.lessons import GOAL_TYPES, VARIANTS, Lesson, all_lessons, ideas, load_lesson, read_lesson
from petitpas.lessons.check import check_variant
from petitpas.lessons.ground import KEYS as GROUND
from petitpas.lessons.lesson import LANDMARKS
from petitpas.lessons.load import lesson_in, lessons_folder
from petitpas.lessons.manner import MAX_WORDS, MAX_WORDS_YOUNG
from petitpas.lessons.proof import BOUNDS
from petitpas.lessons.review import review
from petitpas.lessons.sheet import ACTIVITIES, HEADINGS
from petitpas_sim.mat import Mat
from tests.strategies import damaged
from tests.test_words import NEVER

FOLDER = lessons_folder()
LESSONS = all_lessons()
OURS = FOLDER / "pm1" / "lesson.toml"
SCHEMA = (FOLDER / "lesson.schema.json").read_text(encoding="utf-8")
EXAMPLE = (FOLDER / "README.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
"""The file that README shows: with limits, rocks, a program to mend and two robots."""

CHOICE = EXAMPLE.replace('"reach", cells = ["C1"] }', '"choose", cells = ["B1", "C1"] }\ndistractors = [["left"], ["forward"]]')


def test_all_thirty_lessons_are_there_in_the_order_of_the_levels() -> None:
    parts = [("pm", 6), ("gs", 6), ("cp", 6), ("ce1-", 6), ("ce2-", 6)]
    wanted = [f"{name}{n}" for name, count in parts for n in range(1, count + 1)]
    assert [lesson.id for lesson in LESSONS if lesson.id in wanted] == wanted
    assert all(tuple(variant.name for variant in lesson.variants) == VARIANTS for lesson in LESSONS)
    assert {goal.type for lesson in LESSONS for goal in (variant.goal for variant in lesson.variants)} == set(GOAL_TYPES)


def test_words_that_never_appear_are_in_no_file() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert len(files) > len(LESSONS)
    assert [str(path) for path in files if NEVER.search(path.read_text(encoding="utf-8"))] == []


def test_every_file_is_written_in_one_way() -> None:
    for one in LESSONS:
        text = one.path.read_text(encoding="utf-8")
        assert re.fullmatch(r'format = 1\nlevels = \[.+\]\nsession = \d\ntitle = ".+"\n[^\r\t]+\n', text), one.id


def test_the_file_in_the_readme_is_a_whole_lesson(tmp_path: Path) -> None:
    file = tmp_path / "gs7" / "lesson.toml"
    file.parent.mkdir()
    file.write_text(EXAMPLE, encoding="utf-8")
    assert [finding.say() for finding in review(file, date(2026, 11, 22))] == []


def test_the_readme_tells_all_that_may_be_written() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    assert rows == ["activity", *ACTIVITIES, *GROUND[2:], "type", *GOAL_TYPES, "idea", *ideas.IDEAS]
    assert ", ".join(f"`{name}`" for name in LANDMARKS) in page
    named = set(re.findall(r"[a-z_]+(?= =)|(?<=`)[a-z_]+|(?<=^\[)[a-z_]+|(?<=\.)robots", page, flags=re.MULTILINE))
    assert {*json.loads(SCHEMA)["properties"], *json.loads(SCHEMA)["$defs"]["variant"]["properties"], *HEADINGS} <= named
    gs, cp, ce1, ce2 = (BOUNDS[level] for level in ("GS", "CP", "CE1", "CE2"))
    assert f"en GS {gs.least} à {gs.most} cartes dont un virage, en CP {cp.most} et deux virages" in page
    assert (gs.turns, cp.turns, ce1.turns) == (1, 2, 4)
    assert f"en CE1 {ce1.most} et quatre virages, en CE2 {ce2.most} blocs, au plus" in page
    assert (MAX_WORDS_YOUNG, MAX_WORDS) == (8, 12) and "deux phrases au plus, de huit mots au plus" in page
    assert "douze mots à partir du CP, huit jusqu’en GS" in page


def test_the_file_in_the_readme_is_a_lesson_whose_solutions_reach() -> None:
    shown = read_lesson(EXAMPLE.encode(), OURS)
    assert (shown.id, shown.levels, shown.title, shown.session) == ("pm1", ("GS",), "Trois à cinq cartes", 4)
    assert (shown.tested, shown.duration_min, shown.references) == (date(2026, 11, 22), 30, ("C1-OBJ-a",))
    assert [variant.activity for variant in shown.variants] == ["ordonner", "reparer", "programmer"]
    assert shown.variants[2].wrong[1].previous is not None
    assert shown.variants[1].landmarks == {(0, 0): "house", (2, 2): "school"}
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


def line(part: str) -> int:
    """Return the line of the example on which something stands first."""
    return EXAMPLE[: EXAMPLE.index(part)].count("\n") + 1


PETIT = "variants.petit_pas"
BAD = [
    ("format = 1", "format = 2", "lesson_version", "format"),
    ("format = 1", "format = 0", "lesson_value", "format"),
    ("format = 1", "format = true", "lesson_value", "format"),
    ("format = 1", "", "lesson_missing", "format"),
    ("format = 1", "format = = 1", "lesson_toml", 1),
    ('["C1"] }', '["C1" }', "lesson_toml", line('["C1"] }')),
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
    ("session = 4", "session = 100", "lesson_value", "session"),
    ("tested = 2026-11-22", 'tested = "2026-11-22"', "lesson_value", "tested"),
    ("tested = 2026-11-22", "tested = 2026-11-22T10:00:00", "lesson_value", "tested"),
    ('activity = "programmer"', 'activity = "jouer"', "lesson_choice", "activity"),
    ('references = ["C1-OBJ-a"]', "references = []", "lesson_value", "references"),
    ('references = ["C1-OBJ-a"]', "references = [1]", "lesson_value", "references[1]"),
    ('blocks = ["forward", "left"', 'blocks = ["when_go", "left"', "lesson_choice", "blocks[1]"),
    ('blocks = ["forward", "left"', 'blocks = [["forward", 3], "left"', "lesson_value", "blocks[1]"),
    ('blocks = ["forward", "left"', 'blocks = [["forward", 0, 3], "left"', "lesson_value", "blocks[1]"),
    ('group = "Groupe', 'groupe = "Groupe', "lesson_unknown", "sheet.groupe"),
    ('vocabulary = ["la carte"', 'vocabulary = ["la\\tcarte"', "lesson_value", "sheet.vocabulary[1]"),
    ('fr = "Mes', 'de = "Mes', "lesson_unknown", "success.de"),
    ("A1 = ", "a1 = ", "lesson_value", f"{PETIT}.landmarks.a1"),
    ("A1 = ", "E1 = ", "lesson_outside", f"{PETIT}.landmarks.E1"),
    ('A1 = "house"', 'A1 = "castle"', "lesson_choice", f"{PETIT}.landmarks.A1"),
    ('idea = "order"', 'idea = "tidy"', "lesson_choice", f"{PETIT}.wrong[1].idea"),
    (', idea = "order"', "", "lesson_missing", f"{PETIT}.wrong[1].idea"),
    ('["forward", "right", "forward"]', "[]", "lesson_value", f"{PETIT}.wrong[1].program"),
    ("solutions = [[", "solutions = [", "lesson_toml", line("solutions = [[")),
    ("solutions = [[", "solutions = [[], [", "lesson_value", "variants.pas.solutions[1]"),
    ('mat = "4x4"', 'mat = "4x4"\nenrichment = 1', "lesson_choice", f"{PETIT}.enrichment"),
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


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('"Trois à cinq cartes"', '"J’ai trois cartes', "finir chaque texte"),
        ('"Trois à cinq cartes"', "“Trois cartes”", "guillemets droits"),
        ("duration_min =", "durée =", "sans accent"),
        ("2026-11-22", "22/11/2026", "année, mois, jour"),
        ("2026-11-22", "2026-13-22", "année, mois, jour"),
        ("session = 4", "format = 4", "n’en garder qu’un"),
        ('["C1"] }', '["C1" }', "crochets"),
    ],
)
def test_what_is_typed_by_mistake_is_told_with_its_line(old: str, new: str, hint: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(EXAMPLE.replace(old, new, 1).encode(), OURS)
    assert caught.value.fields["line"] == line(old)
    assert hint in caught.value.say("fr")
    assert caught.value.say("en") != caught.value.say("fr")


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


def test_a_lesson_is_reviewed_without_ports_pages_or_pictures() -> None:
    heavy = ("serial", "mpremote", "html", "pygame", "typst", "multiprocessing", "argparse")
    code = f"import sys, petitpas.lessons, petitpas.lessons.review; print(sorted(set(sys.modules) & set({heavy})))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


# --- The schema ---------------------------------------------------------------------------------------------------------

ACROSS = ("lesson_outside", "lesson_rock", "lesson_taken", "lesson_path", "lesson_reached", "lesson_kit")
"""What one value says of another, which a schema does not see."""


def jsonable(text: str) -> object:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


Draft = jsonschema.Draft202012Validator
TOML_TYPES = Draft.TYPE_CHECKER.redefine("integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool))
"""JSON does not tell 3.0 from 3, TOML does."""

VALIDATOR = jsonschema.validators.extend(Draft, type_checker=TOML_TYPES)(json.loads(SCHEMA), format_checker=Draft.FORMAT_CHECKER)


def test_the_schema_is_one_and_is_made_from_the_code() -> None:
    Draft.check_schema(json.loads(SCHEMA))
    assert lesson_schema() == SCHEMA


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_the_schema_takes_every_lesson(lesson: Lesson) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(jsonable(lesson.path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("text", [EXAMPLE, CHOICE, (FOLDER / "template.toml").read_text(encoding="utf-8")])
def test_the_schema_takes_what_is_shown(text: str) -> None:
    assert VALIDATOR.is_valid(jsonable(text))


@pytest.mark.parametrize(("old", "new", "code", "where"), [case for case in BAD if case[2] != "lesson_toml"])
def test_the_schema_refuses_what_the_loader_refuses(old: str, new: str, code: str, where: str | int) -> None:
    text = EXAMPLE.replace(old, new, 1)
    is_text = where == "tested" and '"' in new  # a date is a text in JSON
    assert VALIDATOR.is_valid(jsonable(text)) is (code in ACROSS or is_text)


@settings(max_examples=200)
@given(st.data())
def test_the_schema_and_the_loader_agree_on_damaged_files(data: st.DataObject) -> None:
    whole = tomllib.loads(data.draw(st.sampled_from([EXAMPLE, CHOICE])))
    document = data.draw(damaged({key: value for key, value in whole.items() if key != "tested"}))
    if not isinstance(document, dict):
        return
    try:
        lesson_in(document, OURS)
    except LessonError as error:
        assert error.code in (*ACROSS, "lesson_program") or not VALIDATOR.is_valid(document)
    else:
        assert VALIDATOR.is_valid(document)


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

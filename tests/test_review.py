"""Lessons under review: the shipped ones have nothing to say, and every damage is told with its line, all at once."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.lessons import VARIANTS, all_lessons
from petitpas.lessons.fields import Table
from petitpas.lessons.lines import line_of, lines_of
from petitpas.lessons.load import lessons_folder
from petitpas.lessons.programmes import all_references, all_sequences, lessons_of
from petitpas.lessons.review import Finding, review
from petitpas.lessons.salvage import MOST, salvage
from tests.strategies import damaged

FOLDER = lessons_folder()
TODAY = date(2026, 11, 22)
GOOD = (FOLDER / "gs4" / "lesson.toml").read_text(encoding="utf-8")
CHALLENGE = next(line for line in GOOD.splitlines(keepends=True) if "Attention au rocher." in line)
LESSONS = sorted(path.parent.name for path in FOLDER.glob("*/lesson.toml"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "gs4"
    folder.mkdir()
    return folder / "lesson.toml"


def findings(file: Path, text: str) -> tuple[Finding, ...]:
    file.write_text(text, encoding="utf-8")
    return review(file.parent, TODAY)


def changed(*changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def in_pas(old: str, new: str) -> tuple[str, str]:
    """Return the change of something in the variant pas."""
    _, pas = GOOD.split("[variants.pas]\n")
    assert old in pas
    return "[variants.pas]\n" + pas, "[variants.pas]\n" + pas.replace(old, new, 1)


# --- The lessons that are shipped ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_nothing_to_mend_and_nothing_to_complete(name: str) -> None:
    assert [finding.say() for finding in review(FOLDER / name, TODAY)] == []


@pytest.mark.parametrize("name", ["gs4", "cp6", "ce1-6"])
def test_solutions_end_where_they_should_on_the_kits_that_are_built(name: str) -> None:
    assert [finding.say() for finding in review(FOLDER / name, TODAY, ("pico-stepper", "pico-dc"))] == []


def test_every_sequence_has_its_lessons_in_their_order() -> None:
    lessons = {lesson.id: lesson for lesson in all_lessons()}
    for sequence in all_sequences():
        assert [lessons[name].session for name in sequence.lessons] == list(range(1, len(sequence.lessons) + 1))
        assert all(lessons[name].levels == sequence.levels for name in sequence.lessons)
        assert 5 <= len(sequence.lessons) <= 6 and sequence.before and sequence.after
        assert [lesson.id for lesson in lessons_of(sequence, lessons.values())][:6] == list(sequence.lessons)
    shown = [lesson.id for sequence in all_sequences() for lesson in lessons_of(sequence, lessons.values())]
    assert sorted(shown) == LESSONS


def test_every_reference_is_quoted_by_a_lesson() -> None:
    assert {code for lesson in all_lessons() for code in lesson.references} == set(all_references())


# --- What is to be mended -----------------------------------------------------------------------------------------

NOT_RIGHT = [
    (("format = 1", "format = 2"), "lesson_version", "format"),
    (('title = "Trois', 'titre = "Trois'), "lesson_unknown", "titre"),
    (in_pas('"C3"]', '"E5"]'), "lesson_outside", "variants.pas.goal.cells[1]"),
    (in_pas('rocks = ["B2"]', 'rocks = ["B3", "C2", "D3", "C4"]'), "lesson_unreachable", "variants.pas.goal"),
    (in_pas('solution = ["forward", ', "solution = ["), "lesson_solution", "variants.pas.solution"),
    (in_pas('"right", "forward", "forward"]\nw', '"right", ["forward", 2]]\nw'), "lesson_not_allowed", "variants.pas.solution"),
    (in_pas("cards = 5", "cards = 4"), "lesson_limit", "variants.pas.limits"),
    (in_pas('"forward", "forward", "right", "right"]', '"forward", "forward", "right", "forward", "forward"]'), "lesson_already", ""),
    (in_pas('"turn_moves"', '"turn_sidesteps"'), "lesson_idea", "variants.pas.wrong[1].idea"),
    (in_pas("solution", 'given = ["forward", "forward", "right", "forward", "forward"]\nsolution'), "lesson_already", "variants.pas.given"),
    (in_pas('type = "reach", cells = ["C3"]', 'type = "order", cells = ["A2", "C3"]\n'), "lesson_toml", ""),
    (('references = ["C1-OBJ-a"]', 'references = ["C1-OBJ-a", "C9"]'), "lesson_reference", "references[2]"),
    (('blocks = ["forward", "left", "right"]', 'blocks = ["forward", "left", "right", "repeat"]'), "lesson_above", "variants.pas"),
    (("Jouer chaque carte", "Ce n’est pas raté. Jouer chaque carte"), "lesson_word", "sheet.remediation"),
    (("Va à l’école. Attention au rocher.", "Va à l’école. Attention. Le rocher est là."), "lesson_sentences", "variants.pas.challenge.fr"),
    (("Attention au rocher.", "Attention au gros rocher gris qui est là devant toi."), "lesson_long", "variants.pas.challenge.fr"),
    (("Je pose mes cartes avant de lancer.", "Je pose toutes mes cartes une par une avant de lancer."), "lesson_long", "sheet.criteria[1]"),
]


@pytest.mark.parametrize(("change", "code", "where"), NOT_RIGHT, ids=[f"{code}-{where}" for _, code, where in NOT_RIGHT])
def test_what_is_to_be_mended_is_told_with_its_line(change: tuple[str, str], code: str, where: str, file: Path) -> None:
    text = changed(change)
    told = [finding for finding in findings(file, text) if finding.code == code]
    assert told and told[0].is_to_mend
    finding = told[0]
    assert finding.path == file
    assert finding.line == 1 + next(
        n for n, (old, new) in enumerate(zip(GOOD.splitlines(), [*text.splitlines(), ""], strict=False)) if old != new
    ) or code in ("lesson_unreachable", "lesson_limit", "lesson_above", "lesson_long", "lesson_toml")
    if where and code != "lesson_limit":
        assert finding.where == where
    for lang in ("fr", "en"):
        assert "…" not in finding.say(lang).replace("[…]", "").replace("{…}", "")


def test_a_program_that_does_not_end_is_told(file: Path) -> None:
    endless = 'blocks = ["forward", "right", "forever"]\nenrichment = true\nsolution = ["forward", ["forever", ["right"]]]\nwrong = [\n'
    head, pas = GOOD.split("[variants.pas]\n")
    _, rest = pas.split("solution = ", 1)
    text = head + "[variants.pas]\n" + pas.split("solution = ")[0] + endless + rest.split("wrong = [\n", 1)[1]
    assert "lesson_endless" in [finding.code for finding in findings(file, text)]


def test_a_goal_that_nothing_has_to_reach_is_told(file: Path) -> None:
    around = in_pas('goal = { type = "reach", cells = ["C3"] }', 'goal = { type = "bip", cells = ["A1"] }')
    codes = {finding.code for finding in findings(file, changed(around))}
    assert {"lesson_unreachable"} <= codes  # no card of the lesson makes a sound
    easy = 'goal = { type = "order", cells = ["A1"] }'
    assert {finding.code for finding in findings(file, changed(in_pas('goal = { type = "reach", cells = ["C3"] }', easy)))} & {
        "lesson_solution",
        "lesson_unreachable",
    }


def test_the_bounds_of_a_level_hold_for_pas_and_grand_pas(file: Path) -> None:
    six = '["forward", "right", "forward", "left", "forward", "right", "forward"]'
    head, pas = GOOD.split("[variants.pas]\n")
    text = head + "[variants.pas]\n" + pas.replace('["forward", "forward", "right", "forward", "forward"]', six, 1)
    text = text.replace('rocks = ["B2"]\nstart = "A1N"', 'rocks = ["D4"]\nstart = "A1N"').replace(
        "{ cards = 5, turns = 1 }", "{ cards = 9 }", 2
    )
    told = findings(file, text)
    assert {finding.code for finding in told if finding.where == "variants.pas.solution"} == {"lesson_cards", "lesson_turns"}


def test_a_reference_is_in_force_on_a_day(tmp_path: Path) -> None:
    programmes = (FOLDER / "programmes.toml").read_text(encoding="utf-8")
    head, rest = programmes.split("[C1-OBJ-a]\n")
    (tmp_path / "programmes.toml").write_text(f"{head}[C1-OBJ-a]\nuntil = 2027-08-31\n{rest}", encoding="utf-8")
    (tmp_path / "gs4").mkdir()
    (tmp_path / "gs4" / "lesson.toml").write_text(GOOD, encoding="utf-8")
    assert review(tmp_path / "gs4", date(2027, 8, 31)) == ()
    (finding,) = review(tmp_path / "gs4", date(2027, 9, 1))
    assert (finding.code, finding.where) == ("lesson_reference_ended", "references[1]")
    assert "2027-08-31" in finding.say()


def test_everything_is_told_at_once_in_the_order_of_the_lines(file: Path) -> None:
    text = changed(
        ('levels = ["GS"]', 'levels = ["GS", "CM1", "CM2"]'),
        ("session = 4", "session = 0"),
        ('objective = "Choisir', 'objectif = "Choisir'),
        ("vocabulary = [", "vocabulary = [3, "),
        ('kit = "exact"', 'kit = "lapin"'),
        ('start = "D4S"', 'start = "Z4S"'),
        ('program = ["forward", "forward", "right", "forward"], idea = "turn_moves"', 'program = ["fly"], idea = "turn_moves"'),
        ('idea = "turn_sidesteps" },\n    { program = ["forward", "forward", "forward", "forward"]', 'idea = "x" },\n    { program = [3]'),
        ("Attention au rocher.", "Attention au rocher raté."),
    )
    told = [finding for finding in findings(file, text) if finding.is_to_mend]
    assert [(finding.code, finding.where) for finding in told] == [
        ("lesson_choice", "levels[2]"),
        ("lesson_choice", "levels[3]"),
        ("lesson_value", "session"),
        ("lesson_unknown", "objectif"),
        ("lesson_value", "sheet.vocabulary[1]"),
        ("lesson_choice", "variants.petit_pas.kit"),
        ("lesson_word", "variants.pas.challenge.fr"),
        ("lesson_program", "variants.pas.wrong[1].program"),
        ("lesson_choice", "variants.pas.wrong[3].idea"),
        ("lesson_program", "variants.pas.wrong[4].program"),
        ("lesson_outside", "variants.grand_pas.start"),
    ]
    lines = text.splitlines()
    assert "objectif" in lines[told[3].line - 1] and "[3, " in lines[told[4].line - 1]
    assert '"fly"' in lines[told[7].line - 1] and '"x"' in lines[told[8].line - 1] and "[3]" in lines[told[9].line - 1]


# --- What is to be completed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("session = 4\n", ""), "session"),
        (('references = ["C1-OBJ-a"]\n', ""), "references"),
        (('en = "My cards are in order. I predicted it."\n', ""), "success.en"),
        ((', en = "Go to school. Mind the rock."', ""), "variants.pas.challenge.en"),
        (
            ('challenge = { fr = "Va à l’école. Attention au rocher.", en = "Go to school. Mind the rock." }\n', ""),
            "variants.pas.challenge",
        ),
        ((', C3 = "school"', ""), "variants.pas.landmarks.C3"),
        ((', "Je change une carte et je rejoue."', ""), "sheet.criteria[2]"),
        (("to_floor = ", "trace = "), ""),
    ],
)
def test_a_lesson_that_is_not_whole_can_be_played(change: tuple[str, str], where: str, file: Path) -> None:
    told = findings(file, changed(change))
    assert [(finding.is_to_mend, finding.where) for finding in told] == ([(False, where)] if where else [(True, "")])
    assert all(finding.say("fr") != finding.say("en") for finding in told)


def test_the_template_plays_and_says_what_is_missing() -> None:
    told = review(FOLDER / "template.toml", TODAY)
    assert {finding.is_to_mend for finding in told} == {False}
    assert {"objective", "sheet.group", "success", "variants.petit_pas.wrong"} <= {finding.where for finding in told}


def test_a_variant_of_predictions_needs_no_wrong_program(file: Path) -> None:
    text = (FOLDER / "cp1" / "lesson.toml").read_text(encoding="utf-8")
    assert "wrong" not in text and findings(file, text) == ()


# --- Lines and salvage --------------------------------------------------------------------------------------------

TRICKY = '''# a comment with [x] and a = 1
"a b" = 'it''s' # = ]
s = """
[not] = "a table"
"""
x.y = 1
list = [ # one
  1, [2,
  3], "]", { k = "}", m = [ 4 ] } ]
[t]
"q\\"" = 1979-05-27 07:32:00
[[t.rows]]
v = 1
[[t.rows]]
v = 2
[t.rows.deep]
w = 3
'''.replace("'it''s'", "'its'")


def test_lines_of_values_are_found_in_any_toml() -> None:
    tomllib.loads(TRICKY)
    lines = lines_of(TRICKY)
    wanted = {"a b": 2, "s": 3, "x.y": 6, "list": 7, "list[1]": 8, "list[2][2]": 9, "list[3]": 9, "list[4].m[1]": 9, "t": 10, "t.rows": 12}
    assert {name: lines[name] for name in wanted} == wanted
    assert (lines["t.rows[1].v"], lines["t.rows[2].v"], lines["t.rows[2].deep.w"]) == (13, 15, 17)
    assert line_of(lines, "t.rows[2].none[3].x") == 14
    assert line_of(lines, "nowhere") == line_of(lines, "odd[x]") == 1
    assert lines_of(TRICKY.replace("\n", "\r\n")) == lines


def places(value: object, where: str = "") -> list[str]:
    if isinstance(value, dict):
        return [where, *(place for key, inner in value.items() for place in places(inner, f"{where}.{key}" if where else key))]
    if isinstance(value, list):
        return [where, *(place for n, inner in enumerate(value, start=1) for place in places(inner, f"{where}[{n}]"))]
    return [where]


@pytest.mark.parametrize("name", LESSONS)
def test_every_value_of_a_lesson_has_its_line(name: str) -> None:
    text = (FOLDER / name / "lesson.toml").read_text(encoding="utf-8")
    lines = lines_of(text)
    assert set(places(tomllib.loads(text))) - {"", "variants"} <= set(lines)
    for where, line in lines.items():
        key = where.rpartition(".")[2].partition("[")[0]
        assert where.endswith("]") or key in text.splitlines()[line - 1], where


@settings(max_examples=200)
@given(st.data())
def test_any_values_are_salvaged_or_given_up(data: st.DataObject) -> None:
    document = data.draw(damaged(json.loads(json.dumps(tomllib.loads(GOOD), default=str))))
    if not isinstance(document, dict):
        return
    found = salvage(document, Path("gs4") / "lesson.toml")
    assert len(found.errors) <= MOST
    assert found.lesson is None or {variant.name for variant in found.lesson.variants} == set(VARIANTS)
    places = [str(error.fields["where"]) for error in found.errors]
    assert len(set(places)) == len(places)
    assert all(isinstance(error.say(), str) for error in found.errors)


def test_a_table_names_what_it_does_not_know() -> None:
    assert str(Table({}, "x.toml").error("lesson_unknown", "a", choices="b").fields["where"]) == "a"

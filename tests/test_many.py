"""Many programs at once: the core, its processes, and the command that writes files."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import damaged, json_values

from petitpas.cli import main
from petitpas.lessons import all_lessons, judge, many
from petitpas.lessons.many import Asked, answers, check_many
from petitpas.program import to_compact, to_dict
from petitpas.words import LANGUAGES
from petitpas_sim.mat import cell_name

LESSONS = all_lessons()
ROWS = [
    {"lesson": lesson.id, "variant": variant.name, "program": to_compact(program)}
    for lesson in LESSONS
    for variant in lesson.variants
    for program in (*variant.solutions, *(wrong.program for wrong in variant.wrong))
]
GOOD = {"lesson": "gs4", "variant": "pas", "program": ["forward"]}


# --- The core -------------------------------------------------------------------------------------------------------------


def test_each_answer_is_the_verdict_of_its_row() -> None:
    known = {(lesson.id, variant.name): variant for lesson in LESSONS for variant in lesson.variants}
    for row, answer in zip(ROWS[::7], answers(ROWS[::7]), strict=True):
        variant = known[str(row["lesson"]), str(row["variant"])]
        verdict = judge(variant, many.from_compact(row["program"]))
        assert answer["reached"] == verdict.reached
        assert answer["path"] == [cell_name(cell) for cell in verdict.path]
        assert (answer["block_id"], answer["blocks_used"], answer["turns_used"]) == (
            verdict.block_id,
            verdict.blocks_used,
            verdict.turns_used,
        )
        assert json.loads(json.dumps(answer)) == answer


def test_a_program_is_a_compact_list_or_a_document() -> None:
    variant = LESSONS[0].variants[0]
    as_document = {"lesson": LESSONS[0].id, "variant": variant.name, "program": to_dict(variant.solution)}
    assert answers([as_document]) == answers([{**as_document, "program": to_compact(variant.solution)}])


def test_rows_with_the_same_content_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(many, "judge", lambda variant, program: asked.append(program) or judge(variant, program))
    done = list(check_many([{**GOOD, "id": number} for number in range(50)]))
    assert len(asked) == 1
    assert done == [done[0]] * 50


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_give_the_same_answers_in_the_same_order(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[object] = [*ROWS[:60], 3, None, *ROWS[:30]]
    expected = answers(rows)
    monkeypatch.setattr(many, "_start_method", lambda: method)
    monkeypatch.setattr(many, "_SMALL", 10)
    assert list(check_many(rows, jobs=2)) == expected


WRONG: list[tuple[object, str]] = [
    (None, "row_json"),
    ([], "row_json"),
    ("gs4", "row_json"),
    ({}, "row_choice"),
    ({**GOOD, "lesson": "gs9"}, "row_choice"),
    ({**GOOD, "lesson": "../gs4"}, "row_choice"),
    ({**GOOD, "lesson": 4}, "row_choice"),
    ({**GOOD, "variant": "immense"}, "row_choice"),
    ({**GOOD, "variant": []}, "row_choice"),
    ({**GOOD, "program": "forward"}, "row_value"),
    ({"lesson": "gs4", "variant": "pas"}, "row_value"),
    ({**GOOD, "previous": 3}, "row_value"),
    ({**GOOD, "predicted": "Z99"}, "row_value"),
    ({**GOOD, "predicted": [0, 0]}, "row_value"),
    ({**GOOD, "program": ["go_up"]}, "not_supported"),
    ({**GOOD, "program": [["repeat", 300, ["forward"]]]}, "number"),
    ({**GOOD, "program": ["fly"]}, "block_type"),
]


@pytest.mark.parametrize(("row", "code"), WRONG)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_right_about_a_row_is_told_and_stops_no_other(row: object, code: str, lang: str) -> None:
    first, wrong, last = answers([GOOD, row, GOOD], Asked(explain=True, lang=lang))
    assert first == last
    assert "reached" in first
    assert isinstance(wrong["error"], dict)
    if code not in ("number", "block_type"):
        assert wrong["error"]["code"] == code
    assert wrong["error"]["say"]


@settings(max_examples=80)
@given(damaged(GOOD) | json_values)
def test_any_row_has_an_answer(row: object) -> None:
    (answer,) = answers([row], Asked(explain=True))
    assert ("error" in answer) != ("reached" in answer)
    assert list(check_many([row], Asked(explain=True))) == [answer]


def test_the_explanation_and_other_kits_are_told_where_they_are_asked_for() -> None:
    known = next(variant for lesson in LESSONS for variant in lesson.variants if lesson.id == "gs4" and variant.name == "pas")
    row = {**GOOD, "program": to_compact(known.wrong[0].program)}
    plain, full = answers([row])[0], answers([row], Asked(True, ("pico-stepper",)))[0]
    assert plain.items() <= full.items()
    assert full["explanation"]["idea"] == known.wrong[0].idea  # type: ignore[index]
    assert full["explanation"]["say"].endswith((".", "?"))  # type: ignore[index]
    assert full["kits"] == {"pico-stepper": {"reached": plain["reached"], "cell": plain["cell"]}}


def test_a_robot_without_a_front_has_no_other_kit() -> None:
    lesson, variant = next((lesson, variant) for lesson in LESSONS for variant in lesson.variants if variant.robots[0].kit == "rocket")
    row = {"lesson": lesson.id, "variant": variant.name, "program": to_compact(variant.solution)}
    assert "kits" not in answers([row], Asked(kits=("pico-dc",)))[0]


def test_the_checker_is_imported_without_what_it_does_not_need() -> None:
    code = "import sys, petitpas.lessons; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment).stdout.split()
    foreign = {
        "serial",
        "pygame",
        "mpremote",
        "typst",
        "multiprocessing",
        "importlib.resources",
        "petitpas.robots",
        "petitpas_sim.hardware",
    }
    assert not foreign & set(loaded)


# --- The command ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of rows: good ones, blank lines and lines that are none."""
    lines = [json.dumps({**row, "id": f"é{number}"}, ensure_ascii=False) for number, row in enumerate(ROWS[:20])]
    lines[3:3] = ["", "{", '{"lesson": "gs4"}', "[" * 5000, '{"id": "\\ud800", "lesson": "\\ud800"}', "9" * 5000]
    found = tmp_path / "programs.jsonl"
    found.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode() + b"\n\xff\xfe\n")
    return found


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_there_is_an_answer_for_each_line_in_order(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["check-many", str(file), "--out", str(out)]) == 1
    told = lines_of(out)
    assert [line["line"] for line in told] == [1, 2, 3, *range(5, 28)]
    assert [line["line"] for line in told if "error" in line] == [5, 6, 7, 8, 9, 27]
    assert [line["id"] for line in told if "reached" in line] == [f"é{number}" for number in range(20)]
    assert "6 à corriger" in capsys.readouterr().err
    assert main(["check-many", str(file)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == out.read_text(encoding="utf-8").splitlines()[0]


def test_a_file_without_anything_to_mend_is_a_success(tmp_path: Path) -> None:
    file = tmp_path / "programs.jsonl"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert main(["check-many", str(file), "--jobs", "1"]) == 0


@settings(max_examples=25)
@given(cut=st.integers(0, 6000))
def test_what_was_written_is_kept_and_a_cut_line_is_repaired(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cut")
    file, out = folder / "programs.jsonl", folder / "out.jsonl"
    file.write_text("".join(json.dumps({**row, "id": "é\u2028"}) + "\n" for row in ROWS[:20]), encoding="utf-8")
    assert main(["check-many", str(file), "--out", str(out)]) == 0
    whole = out.read_bytes()
    out.write_bytes(whole[:cut])
    assert main(["check-many", str(file), "--out", str(out)]) == 0
    assert out.read_bytes() == whole


def test_only_what_is_missing_is_done(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.jsonl"
    main(["check-many", str(file), "--out", str(out)])
    whole = out.read_bytes()
    monkeypatch.setattr(many, "judge", lambda *_: pytest.fail("it was judged already"))
    main(["check-many", str(file), "--out", str(out)])
    assert out.read_bytes() == whole


def test_a_line_that_has_changed_is_done_again_with_those_behind_it(tmp_path: Path) -> None:
    file, out = tmp_path / "programs.jsonl", tmp_path / "out.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS[:6]), encoding="utf-8")
    main(["check-many", str(file), "--out", str(out)])
    changed = [*ROWS[:3], GOOD, *ROWS[4:6]]
    file.write_text("".join(json.dumps(row) + "\n" for row in changed), encoding="utf-8")
    main(["check-many", str(file), "--out", str(out)])
    assert [line["lesson"] for line in lines_of(out)] == [row["lesson"] for row in changed]
    main(["check-many", str(file), "--out", str(out), "--explain"])
    assert any("explanation" in line for line in lines_of(out))


@pytest.mark.parametrize("content", ["mes notes\n", "{}", "{\n", '{"petitpas": 1}\n'])
def test_a_file_of_somebody_else_is_not_written_over(content: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("notes.txt")
    out.write_text(content, encoding="utf-8")
    assert main(["check-many", str(file), "--out", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == content
    assert "notes.txt" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nowhere.jsonl"], ["{file}", "--out", "{folder}"], ["{folder}"]])
def test_files_that_cannot_be_used_are_told(arguments: list[str], file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = [text.format(file=file, folder=file.parent) for text in arguments]
    assert main(["check-many", *named]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C goes to every process in it")
def test_ctrl_c_leaves_a_file_to_go_on_from(tmp_path: Path) -> None:
    file, out = tmp_path / "programs.jsonl", tmp_path / "out.jsonl"
    rows = [{**row, "program": [*row["program"], ["forward", number]]} for number in range(1, 100) for row in ROWS[::3]]  # type: ignore[misc]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "petitpas.cli", "check-many", str(file), "--out", str(out), "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, start_new_session=True) as running:
        pause = threading.Event()
        while not (out.exists() and out.stat().st_size) and running.poll() is None:
            pause.wait(0.01)  # and leave the processor to those that are waited for
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said == b""
    begun = lines_of_whole(out)
    assert 0 < len(begun) < len(rows)
    assert [line["line"] for line in begun] == list(range(1, len(begun) + 1))


def lines_of_whole(path: Path) -> list[dict[str, object]]:
    """Return the lines that have an end."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]

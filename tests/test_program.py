"""The tree of blocks: its two notations, and everything that can be wrong with it."""

import json
import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given, settings

from petitpas.errors import FileError, KitError, ProgramError, RobotFault
from petitpas.program import (
    Program,
    build,
    check,
    from_compact,
    from_json,
    load,
    needs,
    save,
    to_compact,
    to_dict,
    to_json,
    tree,
    wording,
)
from petitpas.program.blocks import BLOCKS, LEVELS, SENSORS
from petitpas.program.listing import MNEMONICS
from petitpas.program.validate import MAX_BLOCKS, MAX_LOOPS
from petitpas_robot import opcodes as o
from petitpas_robot.image import MAX_IMAGE_BYTES, MAX_TASKS
from tests.strategies import programs, typical_program

DOCS = Path(__file__).resolve().parent.parent / "docs"


# --- The catalogue --------------------------------------------------------------------------------------------


def test_catalogue_uses_every_instruction() -> None:
    used = {opcode for row in BLOCKS.values() for opcode in row.opcodes} | {o.OP_MARK, o.OP_END}
    assert used == set(MNEMONICS)


def test_catalogue_has_defaults_in_range() -> None:
    for row in BLOCKS.values():
        assert row.level in LEVELS
        for parameter in row.parameters:
            if parameter.choices:
                assert parameter.default in [name for name, _ in parameter.choices]
            elif parameter.unit != "test":
                assert parameter.minimum <= parameter.default <= parameter.maximum


def test_loops_conditions_and_events_are_badged_as_enrichment() -> None:
    badged = {row.type for row in BLOCKS.values() if row.is_enrichment}
    assert badged == {
        *("when_key", "when_obstacle", "when_message", "define", "until_obstacle", "send", "wait_until", "stop"),
        *("repeat", "forever", "if", "call"),
    }


# --- Notations ------------------------------------------------------------------------------------------------


@given(programs())
def test_json_round_trip(program: Program) -> None:
    assert from_json(to_json(program)) == program
    assert from_json(to_dict(program)) == program
    assert from_json(to_json(program).encode()) == program


@given(programs())
def test_compact_round_trip(program: Program) -> None:
    items = json.loads(json.dumps(to_compact(program)))
    assert from_compact(items, program.title) == program


def test_compact_gives_defaults_and_ids_in_pre_order() -> None:
    program = from_compact(["forward", ["repeat", 4, ["left", ["forward", 3]]], ["if", {"sensor": "bump", "is": "above"}, ["beep"]]])
    assert [(block.id, block.type) for block in program.walk()] == [
        ("b0", "when_go"),
        ("b1", "forward"),
        ("b2", "repeat"),
        ("b3", "left"),
        ("b4", "forward"),
        ("b5", "if"),
        ("b6", "beep"),
    ]
    blocks = {block.id: block for block in program.walk()}
    assert blocks["b1"].number("cells") == 1
    assert blocks["b4"].number("cells") == 3
    assert blocks["b5"].test == tree.Test("bump", "above", None)
    assert to_compact(program)[0] == "forward"


def test_compact_scripts() -> None:
    program = from_compact([["when_go", [["call", 2]]], ["define", 2, ["beep"]], ["when_key", "left", ["stop"]]])
    assert [script.type for script in program.scripts] == ["when_go", "define", "when_key"]
    assert program.scripts[2].choice("key") == "left"
    assert to_compact(program) == [["when_go", [["call", 2]]], ["define", 2, ["beep"]], ["when_key", "left", ["stop"]]]


def test_the_empty_list_is_a_program() -> None:
    assert [block.type for block in from_compact([]).walk()] == ["when_go"]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ("forward", "program_shape"),
        ([3], "block_shape"),
        ([[]], "block_shape"),
        ([["forward", 1, 2]], "parameter_unknown"),
        ([["repeat", ["beep"]]], "parameter_missing"),
        ([["left", ["beep"]]], "parameter_unknown"),
        (["when_go", "beep"], "head_inside"),
    ],
)
def test_compact_refuses(items: list[object], code: str) -> None:
    with pytest.raises(ProgramError) as error:
        from_compact(items)
    assert error.value.code == code


def test_compact_refuses_what_is_deep() -> None:
    items: list[object] = []
    for _ in range(10_000):
        items = [["if", {"sensor": "bump"}, items]]
    with pytest.raises(ProgramError) as error:
        from_compact(items)
    assert error.value.code == "too_nested"


def test_the_example_of_the_page_is_a_program() -> None:
    page = (DOCS / "program-format.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    program = from_json(example)
    assert {block.type for block in program.walk()} >= {"when_go", "repeat", "if", "define", "call", "when_obstacle"}
    compact = json.loads(page.split("```json\n")[2].split("```")[0])
    assert build(from_compact(compact)).data == build(program).data


def test_the_page_names_every_block_parameter_and_sensor() -> None:
    page = (DOCS / "program-format.md").read_text(encoding="utf-8")
    names = {*BLOCKS, *SENSORS, *(parameter.name for row in BLOCKS.values() for parameter in row.parameters)}
    assert f"at most {MAX_BLOCKS} blocks, {MAX_TASKS} heads besides own blocks, {MAX_LOOPS} loops" in page.replace("At", "at")
    assert f"at most {MAX_IMAGE_BYTES} bytes" in page
    assert [name for name in sorted(names) if f"`{name}`" not in page and not name.startswith("key_")] == []


def test_an_older_version_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"petitpas": 1, "name": "Carré", "scripts": [{"id": "h", "type": "when_go"}]}
    monkeypatch.setattr(tree, "VERSION", 2)
    monkeypatch.setattr(tree, "_MIGRATIONS", {1: lambda old: {"petitpas": 2, "title": old["name"], "scripts": old["scripts"]}})
    assert from_json(old).title == "Carré"


def test_a_program_cannot_be_changed() -> None:
    program = typical_program()
    with pytest.raises(FrozenInstanceError):
        program.scripts[0].id = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(program)) == program


# --- Files ----------------------------------------------------------------------------------------------------


def test_a_saved_program_is_loaded(tmp_path: Path) -> None:
    program = from_compact(["forward", ["light", "blue"]], "Été")
    save(program, tmp_path / "été.json")
    assert load(str(tmp_path / "été.json")) == program
    assert [path.name for path in tmp_path.iterdir()] == ["été.json"]
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "été.json").read_bytes())
    assert load(tmp_path / "bom.json") == program


def test_files_that_are_no_programs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(100))
    (tmp_path / "long").write_bytes(b" " * 5_000_000)
    for name, code in (("none.json", "file_missing"), ("", "file_unreadable"), ("a\0b", "file_unreadable"), ("long", "file_format")):
        with pytest.raises(FileError) as error:
            load(tmp_path / name)
        assert error.value.code == code
        assert error.value.path in str(error.value)
    with pytest.raises(ProgramError) as raised:
        load(tmp_path / "picture.png")
    assert raised.value.code == "program_json"
    with pytest.raises(FileError):
        save(from_compact([]), tmp_path / "none" / "a.json")


# --- What a program asks of a robot, and how it is called -----------------------------------------------------


def test_needs_name_the_blocks() -> None:
    program = from_compact(["forward", "wait", "beep", ["if", {"sensor": "key_go", "is": "above"}, ["go_up"]], "until_obstacle"])
    assert needs(program) == [
        ("b1", o.CAN_ROLL),
        ("b3", o.CAN_SOUND),
        ("b4", o.CAN_KEYS),
        ("b5", o.CAN_GLIDE),
        ("b6", o.CAN_ROLL | o.CAN_DISTANCE),
    ]


def test_wording_grows_with_the_child() -> None:
    program = from_compact(["forward", ["forward", 3], "right", ["light", "blue"]])
    _, one, three, right, light = program.walk()
    assert [wording(one, level) for level in ("PS", "GS", "CP")] == ["avance", "avance", "avance d’une case"]
    assert [wording(three, level) for level in ("PS", "CE1")] == ["avance", "avance de 3 cases"]
    assert [wording(right, level) for level in ("PS", "MS", "CP")] == ["tourne", "tourne à droite", "pivote d’un quart de tour à droite"]
    assert wording(light, "CE2", "en") == "light up in blue"


@given(programs())
@settings(max_examples=30)
def test_every_block_has_a_wording_at_every_level(program: Program) -> None:
    for block in program.walk():
        for level in LEVELS:
            assert "…" not in wording(block, level) + wording(block, level, "en")


# --- Errors ---------------------------------------------------------------------------------------------------


def test_errors_travel_between_processes() -> None:
    with pytest.raises(ProgramError) as raised:
        from_compact(["fly"])
    for error in (raised.value, RobotFault(o.FAULT_STACK, "b3"), KitError("file_missing", path="x")):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), copy.block_id, copy.fields) == (type(error), str(error), error.block_id, error.fields)


def test_a_fault_is_said_in_its_own_words() -> None:
    assert str(RobotFault(o.FAULT_BUSY)) == "Le robot joue déjà un programme. Appuyer d’abord sur STOP."
    assert RobotFault(o.FAULT_STACK, "b3").block_id == "b3"
    assert "77" in RobotFault(77).say("en")


def test_check_returns_the_program() -> None:
    program = typical_program()
    assert check(program) is program

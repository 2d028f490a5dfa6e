"""All that can be wrong with a program: each problem has its block, and its sentence in both languages."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas.errors import ProgramError
from petitpas.program import Block, Program, build, from_compact, from_json, read, to_dict, tree, validate
from petitpas.program.blocks import BLOCKS
from petitpas.program.spelling import meant_by
from petitpas.words import LANGUAGES, Words
from tests.strategies import damaged, json_values, programs


def document(*blocks: object, **fields: object) -> dict[str, object]:
    """Return a document with one GO script."""
    return {"petitpas": 1, "title": "", "scripts": [{"id": "h", "type": "when_go", "do": list(blocks)}], **fields}


def loops(depth: int, kind: str = "forever") -> dict[str, object]:
    inner = [loops(depth - 1, kind)] if depth > 1 else []
    times = {"times": 2} if kind == "repeat" else {}
    return {"id": f"l{depth}", "type": kind, **times, "do": inner}


FORWARD = {"id": "f", "type": "forward"}
IF = {"id": "i", "type": "if", "then": [], "else": []}
CASES: list[tuple[str, str, object]] = [
    ("program_empty", "", ""),
    ("program_empty", "", b" \n"),
    ("program_json", "", "{"),
    ("program_json", "", b"\xff\xfe\x00"),
    ("program_json", "", b'{"petitpas": 1, "title": "\xe9"}'),
    ("program_json", "", "9" * 5000),
    ("program_json", "", "[" * 10_000 + "]" * 10_000),
    ("program_shape", "", "[]"),
    ("program_shape", "", "NaN"),
    ("program_shape", "", {}),
    ("program_shape", "", {"petitpas": True, "scripts": []}),
    ("program_shape", "", {"petitpas": 0, "scripts": []}),
    ("program_shape", "", {"petitpas": 1}),
    ("program_shape", "", {"petitpas": 1, "scripts": "beep"}),
    ("program_key", "", document(colour="blue")),
    ("program_title", "", document(title=3)),
    ("program_title", "", document(title="two\nlines")),
    ("program_title", "", document(title="x" * 201)),
    ("program_title", "", document(title="\ud800")),
    ("program_version", "", document(petitpas=2)),
    ("program_version", "", document(petitpas=10**400)),
    ("block_shape", "h", document("forward")),
    ("block_shape", "", {"petitpas": 1, "scripts": [None]}),
    ("block_unknown", "f", document({"id": "f", "type": "fly"})),
    ("block_meant", "f", document({"id": "f", "type": "avance"})),
    ("block_meant", "f", document({"id": "f", "type": "turn_left"})),
    ("block_unknown", "f", document({"id": "f"})),
    ("block_unknown", "f", document({"id": "f", "type": ["forward"]})),
    ("block_unknown", "f", document({"id": "f", "type": "\ud800"})),
    ("id_missing", "", document({"type": "left"})),
    ("id_missing", "", document({"id": 7, "type": "left"})),
    ("id_missing", "", document({"id": "", "type": "left"})),
    ("id_missing", "", document({"id": "x" * 65, "type": "left"})),
    ("id_twice", "h", document({"id": "h", "type": "left"})),
    ("parameter_unknown", "f", document({**FORWARD, "speed": 3})),
    ("parameter_unknown", "f", document({**FORWARD, "do": []})),
    ("parameter_unknown", "f", document({**FORWARD, "do": 3})),
    ("parameter_missing", "i", document(IF)),
    ("parameter_missing", "k", document(scripts=[{"id": "k", "type": "when_key", "do": []}])),
    ("parameter_number", "f", document({**FORWARD, "cells": 0})),
    ("parameter_number", "f", document({**FORWARD, "cells": 100})),
    ("parameter_number", "f", document({**FORWARD, "cells": True})),
    ("parameter_number", "f", document({**FORWARD, "cells": 1.0})),
    ("parameter_number", "f", document({**FORWARD, "cells": float("nan")})),
    ("parameter_number", "f", document({**FORWARD, "cells": "3"})),
    ("parameter_number", "f", document({**FORWARD, "cells": None})),
    ("parameter_number", "f", document({**FORWARD, "cells": 10**5000})),
    ("parameter_number", "i", document({**IF, "test": {"sensor": "light", "value": 1001}})),
    ("parameter_number", "i", document({**IF, "test": {"sensor": "distance", "value": -1}})),
    ("parameter_choice", "i", document({**IF, "test": {"sensor": "distance", "is": "near"}})),
    ("parameter_choice", "c", document({"id": "c", "type": "light", "colour": "red"})),
    ("parameter_choice", "c", document({"id": "c", "type": "light", "colour": 3})),
    ("parameter_test", "i", document({**IF, "test": "distance"})),
    ("parameter_test", "i", document({**IF, "test": {"is": "below"}})),
    ("parameter_test", "i", document({**IF, "test": {"sensor": "light", "value": True}})),
    ("parameter_test", "i", document({**IF, "test": {"sensor": "light", "above": 3}})),
    ("sensor_unknown", "i", document({**IF, "test": {"sensor": "nose"}})),
    ("body_bad", "h", {"petitpas": 1, "scripts": [{"id": "h", "type": "when_go", "do": 3}]}),
    ("body_bad", "i", document({**IF, "test": {"sensor": "bump"}, "else": None})),
    ("too_deep", "l1", document(loops(5))),
    ("too_deep", "l1", document(loops(5, "repeat"))),
    (
        "too_long",
        "b1000",
        to_dict(read({"petitpas": 1, "scripts": document(*[{"id": f"b{n}", "type": "left"} for n in range(1, 1001)])["scripts"]})),
    ),
    ("too_many_heads", "h8", document(scripts=[{"id": f"h{n}", "type": "when_go"} for n in range(9)])),
    ("head_inside", "g", document({"id": "g", "type": "when_go", "do": []})),
    ("head_missing", "f", document(scripts=[FORWARD])),
    ("no_head", "", document(scripts=[])),
    ("no_head", "", document(scripts=[{"id": "d", "type": "define", "own": 1, "do": []}])),
    ("own_unknown", "c", document({"id": "c", "type": "call", "own": 1})),
    ("own_twice", "d2", document(scripts=[{"id": f"d{n}", "type": "define", "own": 1} for n in (1, 2)] + [{"id": "h", "type": "when_go"}])),
]


@pytest.mark.parametrize(("code", "block_id", "source"), CASES)
def test_every_problem_is_said(code: str, block_id: str, source: str) -> None:
    with pytest.raises(ProgramError) as raised:
        from_json(source)
    error = raised.value
    assert (error.code, error.block_id) == (code, block_id)
    assert [problem.code for problem in error.problems] == [code]
    for lang in LANGUAGES:
        said = error.say(lang)
        assert "{" not in said.replace("{…}", "")
        assert error.problems[0].say(lang) == said
        said.encode()
        assert len(said) < 400


def test_the_cases_are_all_the_problems_there_are() -> None:
    codes = {key.split(".")[1] for key in Words().keys("errors")}
    elsewhere = {"too_nested", "own_recursive", "image_too_long", "image_foreign"}
    of_programs = {
        code for code in codes if code.startswith(("program_", "block_", "id_", "parameter_", "own_", "head_", "too_", "image_"))
    }
    assert {code for code, _, _ in CASES} | elsewhere == of_programs | {"sensor_unknown", "body_bad", "no_head"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("avance", "forward"), ("Avancer", "forward"), ("recule", "backward"), ("gauche", "left"), ("tourne-à-droite", "right")),
        *(("répète", "repeat"), ("repeat ", "repeat"), ("forwrad", "forward"), ("Beep", "beep"), ("turn_right", "right")),
    ],
)
def test_a_word_for_a_card_is_answered_with_what_to_write(written: str, meant: str) -> None:
    (problem,) = validate(read(document({"id": "f", "type": written})))
    assert problem.code == "block_meant" and problem.say().endswith(f": {meant}.")
    assert Words().text(f"blocks.{meant}.name") in problem.say()


@pytest.mark.parametrize("name", BLOCKS)
def test_the_name_of_a_block_means_that_block(name: str) -> None:
    assert meant_by(name) == name


def test_all_problems_are_told_at_once() -> None:
    source = document(
        {"id": "a", "type": "fly"}, {"id": "b", "type": "forward", "cells": 0, "speed": 1}, {"id": "c", "type": "call", "own": 3}
    )
    problems = validate(read(source))
    assert [(problem.block_id, problem.number, problem.code) for problem in problems] == [
        ("a", 1, "block_unknown"),
        ("b", 2, "parameter_number"),
        ("b", 2, "parameter_unknown"),
        ("c", 3, "own_unknown"),
    ]
    assert problems[1].say() == (
        "Dans le bloc n° 2, « avancer », le nombre de cases ne peut pas être : 0. Choisir un nombre entier de 1 à 99."
    )
    assert problems[1].say("en") == 'In block no. 2, "forward", the number of cells cannot be: 0. Choose a whole number from 1 to 99.'


def test_own_blocks_that_call_themselves_are_refused() -> None:
    scripts = [
        {"id": "h", "type": "when_go", "do": [{"id": "c0", "type": "call", "own": 1}]},
        {"id": "d1", "type": "define", "own": 1, "do": [{"id": "c1", "type": "call", "own": 2}]},
        {"id": "d2", "type": "define", "own": 2, "do": [{"id": "c2", "type": "call", "own": 3}, {"id": "c3", "type": "call", "own": 2}]},
        {"id": "d3", "type": "define", "own": 3, "do": [{"id": "c4", "type": "call", "own": 1}]},
    ]
    found = [(problem.block_id, problem.code) for problem in validate(read(document(scripts=scripts)))]
    assert found == [(name, "own_recursive") for name in ("c1", "c2", "c3", "c4")]
    scripts[3]["do"] = []
    scripts[2]["do"] = scripts[2]["do"][:1]
    assert validate(read(document(scripts=scripts))) == []


def test_limits_are_exact() -> None:
    assert validate(read(document(loops(4)))) == []
    assert validate(read(document(loops(4, "repeat")))) == []
    heads = [{"id": f"h{n}", "type": "when_go", "do": []} for n in range(8)]
    own = {"id": "d", "type": "define", "own": 4, "do": []}
    assert validate(read(document(scripts=[*heads, own]))) == []
    assert len(list(from_compact(["left"] * 999).walk())) == 1000
    assert len(build(from_compact(["left"] * 999)).blocks) == 1000


def test_bodies_within_bodies_have_a_limit() -> None:
    def ifs(depth: int) -> dict[str, object]:
        return {**IF, "id": f"i{depth}", "test": {"sensor": "bump"}, "then": [ifs(depth - 1)] if depth else []}

    assert validate(read(document(ifs(30)))) == []
    with pytest.raises(ProgramError) as error:
        read(document(ifs(31)))
    assert (error.value.code, error.value.block_id) == ("too_nested", "i0")


def test_a_tree_built_by_hand_is_checked_too() -> None:
    twice = Block("a", "when_go", (), (("do", ()), ("do", ())))
    assert [problem.code for problem in validate(Program((twice,), "x\nimport os"))] == ["body_bad", "program_title"]
    mixed = Block("i", "if", (("test", tree.Test("bump")),), (("else", ()), ("then", ())))
    assert [problem.code for problem in validate(Program((Block("h", "when_go", (), (("do", (mixed,)),)),)))] == ["body_bad"] * 2


@given(json_values)
def test_any_json_value_is_a_program_or_a_program_error(value: object) -> None:
    for source in (json.dumps(value), value if isinstance(value, dict) else {"petitpas": 1, "scripts": value}):
        with pytest.raises(ProgramError) as error:
            from_json(source)
        assert all(error.value.say(lang).encode() for lang in LANGUAGES)


@given(st.data(), programs(max_blocks=12))
def test_a_damaged_program_is_a_program_or_a_program_error(data: st.DataObject, program: Program) -> None:
    source = data.draw(damaged(to_dict(program)))
    try:
        read_back = from_json(json.dumps(source))
    except ProgramError as error:
        assert all(problem.say(lang).encode() for problem in error.problems for lang in LANGUAGES)
    else:
        build(read_back)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_bytes_are_refused_with_a_sentence(source: bytes | str) -> None:
    with pytest.raises(ProgramError):
        from_json(source)


def test_a_program_that_holds_itself_is_refused() -> None:
    head: dict[str, object] = {"id": "h", "type": "when_go"}
    head["do"] = [head]
    with pytest.raises(ProgramError) as error:
        from_json({"petitpas": 1, "scripts": [head]})
    assert error.value.code == "too_nested"

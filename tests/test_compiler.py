"""From the tree to the image: what a program means is what its image does, and every address knows its block."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas.errors import LinkError
from petitpas.program import Image, Program, Test, build, disassemble, from_compact
from petitpas.program.blocks import SENSORS
from petitpas.program.listing import MNEMONICS, OPERANDS
from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from tests import machine, reference
from tests.strategies import programs, typical_program

GOLDEN = Path(__file__).parent / "golden"
MOST = 400  # events of a program that are compared


def is_trusted(image: Image) -> bool:
    return layout.check(bytearray(image.data), len(image.data)) == o.FAULT_NONE


class Answers:
    """Answers looks at sensors from a list of yes and no, round and round, and keeps what was asked."""

    def __init__(self, answers: list[bool]) -> None:
        self._answers = [*answers, True, False]
        self.asked: list[tuple[int, int]] = []

    def of_test(self, test: Test) -> bool:
        above = o.TEST_ABOVE if test.side == "above" else 0
        return self.of_wire(SENSORS[test.sensor].number + above, o.THRESHOLD_KIT if test.value is None else test.value)

    def of_wire(self, test: int, threshold: int) -> bool:
        self.asked.append((test, threshold))
        return self._answers[(len(self.asked) - 1) % len(self._answers)]


def on_the_wire(event: tuple[object, ...]) -> tuple[object, ...]:
    """Return what the image does for an event of the reference."""
    kind, *values = event
    if kind == "block":
        return event
    if kind == "light":
        names = ["off", "white", "yellow", "orange", "pink", "purple", "blue", "green"]
        values = [names.index(str(values[0]))]
    if kind == "send":
        values = [int(str(values[0])) - 1]
    return (str(kind).upper(), *values)


@given(programs(max_blocks=40))
def test_every_image_is_trusted(program: Program) -> None:
    assert is_trusted(build(program))


@given(programs(max_blocks=40, terminating=True) | programs(max_blocks=25), st.lists(st.booleans(), max_size=8))
def test_an_image_does_what_its_program_means(program: Program, answers: list[bool]) -> None:
    image = build(program)
    scripts = [script for script in program.scripts if script.type != "define"]
    assert len(machine.heads(image)) == len(scripts)
    for script, (kind, _, address) in zip(scripts, machine.heads(image), strict=True):
        assert kind == script.row.head
        meant, done = Answers(answers), Answers(answers)
        expected = list(map(on_the_wire, islice(reference.meaning(program, script, meant.of_test), MOST)))
        assert list(islice(machine.run(image, address, done.of_wire), MOST)) == expected
        if len(expected) < MOST:
            assert done.asked == meant.asked


@given(programs())
def test_every_address_knows_its_block(program: Program) -> None:
    image = build(program)
    blocks = list(program.walk())
    assert image.blocks == tuple(block.id for block in blocks)
    at, marks = layout.HEADER_BYTES + layout.HEAD_BYTES * image.data[6], []
    while at < len(image.data) - layout.CRC_BYTES:
        name, _, after = machine.decode(image.data, at)
        number = image.number_at(at)
        assert number is not None
        assert image.block_at(at) == blocks[number].id
        if name == "MARK":
            marks.append(number)
        else:
            row = blocks[number].row
            assert name == "END" or name in {MNEMONICS[opcode] for opcode in row.opcodes}
        at = after
    assert marks == list(range(len(blocks)))
    assert image.block_at(0) is None
    assert image.block_at(layout.HEADER_BYTES) is None
    assert image.block_at(len(image.data) - layout.CRC_BYTES) is None


def test_head_arguments_are_the_wires() -> None:
    image = build(from_compact([["when_message", 8, []], ["when_key", "go", []], ["when_obstacle", []], ["when_go", [["send", 8]]]]))
    assert [head[:2] for head in machine.heads(image)] == [
        (o.HEAD_MESSAGE, 7),
        (o.HEAD_KEY, o.KEY_GO),
        (o.HEAD_OBSTACLE, 0),
        (o.HEAD_GO, 0),
    ]
    assert ("SEND", 7) in machine.run(image, machine.heads(image)[3][2], lambda test, threshold: False)


def test_an_endless_empty_loop_is_a_block_each_turn() -> None:
    image = build(from_compact([["forever", []]]))
    events = machine.run(image, machine.heads(image)[0][2], lambda test, threshold: False)
    assert list(islice(events, 4)) == [("block", "b0"), ("block", "b1"), ("block", "b1"), ("block", "b1")]


def test_the_deepest_program_fills_the_stack_and_no_more() -> None:
    def nest(inner: list[object]) -> list[object]:
        for _ in range(4):
            inner = [["repeat", 1, inner]]
        return inner

    owns = [["define", own, nest([["call", own + 1]] if own < 4 else ["beep"])] for own in (1, 2, 3, 4)]
    image = build(from_compact([["when_go", nest([["call", 1]])], *owns]))
    deepest = 4 * 5 + 4
    assert deepest == machine.STACK_WORDS
    assert ("BEEP",) in list(machine.run(image, machine.heads(image)[0][2], lambda test, threshold: False))


def test_a_typical_program_has_at_most_six_bytes_a_block() -> None:
    program = typical_program()
    image = build(program)
    assert len(image.blocks) == 40
    assert 2 <= len(image.data) / len(image.blocks) <= 4


def test_an_image_too_long_names_the_first_block_that_does_not_fit() -> None:
    chain: list[object] = []
    for _ in range(31):  # conditions, each in the other's `else`: 10 bytes a block, 7 the innermost
        chain = [["if", {"sensor": "bump"}, [], chain]]
    room = layout.MAX_IMAGE_BYTES - layout.HEADER_BYTES - layout.HEAD_BYTES - layout.CRC_BYTES - 1
    assert len(build(from_compact(chain * (room // 307))).data) <= layout.MAX_IMAGE_BYTES
    with pytest.raises(LinkError) as error:
        build(from_compact(chain * 32))
    last = next(number for number in range(1, 1000) if number * 10 - number // 31 * 3 > room)
    assert error.value.block_id == f"b{last}"
    assert str(layout.MAX_IMAGE_BYTES) in error.value.say("en")


def test_the_same_program_is_built_once() -> None:
    program = ["forward", ["repeat", 3, ["beep"]]]
    assert build(from_compact(program)) is build(from_compact(program))
    assert build(from_compact(program)).data != build(from_compact([*program, "left"])).data


def test_an_image_does_not_depend_on_hash_seeds() -> None:
    code = "from tests.strategies import typical_program as p; from petitpas.program import build; print(build(p()).data.hex())"
    seen = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
        for env in ({**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))} for seed in ("1", "2"))
    }
    assert seen == {build(typical_program()).data.hex() + "\n"}


# --- The listing ----------------------------------------------------------------------------------------------


def test_operands_are_those_of_the_firmwares_table() -> None:
    source = Path(o.__file__).read_text(encoding="utf-8")
    rows = re.findall(r"^OP_(\w+) = const\((\w+)\)  # ([^:]*):", source, re.MULTILINE)
    sizes = {"u8": 1, "u16": 2}
    table = {
        int(number, 0): tuple((name, sizes[size]) for name, size in (operand.split() for operand in operands.split(",") if operand.strip()))
        for _, number, operands in rows
        if int(number, 0) < len(layout.LENGTHS)
    }
    assert table == OPERANDS
    assert {number: 1 + sum(size for _, size in operands) for number, operands in OPERANDS.items()} == {
        number: length for number, length in enumerate(layout.LENGTHS) if length
    }


@given(st.binary(max_size=80))
def test_any_bytes_have_a_listing(data: bytes) -> None:
    assert disassemble(data).endswith("\n")


@given(programs(max_blocks=15), st.data())
def test_a_damaged_image_has_a_listing(program: Program, data: st.DataObject) -> None:
    damaged = bytearray(build(program).data)
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert disassemble(bytes(damaged)).endswith("crc32\n")


@given(programs())
def test_a_listing_shows_every_byte_of_heads_and_code_once(program: Program) -> None:
    image = build(program)
    rows = re.findall(r"^  ([0-9a-f]{4})  ((?:[0-9a-f]{2} ?)+)", str(image), re.MULTILINE)
    assert b"".join(bytes.fromhex(data) for _, data in rows) == image.data[layout.HEADER_BYTES :]
    assert "?" not in str(image)


SENSED = {"sensor": "distance", "value": 200}
GOLDEN_PROGRAMS: dict[str, tuple[list[object], Callable[[Image], bool]]] = {
    "empty": ([], lambda image: len(image.data) == 18),
    "moves": (
        [
            *("forward", ["backward", 2], "left", "right", ["forward_mm", 300], ["backward_mm", 9999]),
            *(["left_deg", 45], ["right_deg", 3600], "until_obstacle"),
        ],
        lambda image: len(image.data) == 18 + 9 + 2 * 2 + 2 + 4 * 3 + 1,
    ),
    "rocket": (["go_up", ["go_down", 2], ["go_left", 3], ["go_right", 99]], lambda image: len(image.data) == 18 + 4 * 3),
    "sounds": (
        [
            ["light", "green"],
            ["send", 8],
            "beep",
            "note",
            ["note", 21, 60000],
            ["wait", 1],
            ["wait_until", {"sensor": "key_go", "is": "above"}],
            "stop",
        ],
        lambda image: image.data[-6] == o.OP_STOP and image.data[-5] == o.OP_END,
    ),
    "loops": (
        [["repeat", 2, [["repeat", 255, ["forward"]], ["repeat", 3, []]]], ["forever", ["beep"]], ["forever", []]],
        lambda image: image.data.count(o.OP_LOOP) >= 3,
    ),
    "choices": (
        [["if", SENSED, ["left"], ["right"]], ["if", {"sensor": "line_left", "is": "above"}, ["beep"]], ["if", SENSED, [], ["stop"]]],
        lambda image: image.block_at(image.data.rindex(bytes([o.OP_STOP, o.OP_END]))) == "b7",
    ),
    "scripts": (
        [
            *(["when_go", [["call", 2], ["call", 1]]], ["define", 1, ["beep"]], ["define", 2, [["call", 1], "left"]]),
            *(["when_obstacle", ["backward"]], ["when_key", "pause", [["send", 1]]], ["when_message", 1, ["stop"]]),
        ],
        lambda image: [kind for kind, _, _ in machine.heads(image)] == [o.HEAD_GO, o.HEAD_OBSTACLE, o.HEAD_KEY, o.HEAD_MESSAGE],
    ),
}
"""By name, a program in compact notation and what must be true of its image."""


@pytest.mark.parametrize("name", GOLDEN_PROGRAMS)
def test_golden_listing(name: str) -> None:
    items, holds = GOLDEN_PROGRAMS[name]
    image = build(from_compact(items))
    assert is_trusted(image)
    assert holds(image)
    path = GOLDEN / f"{name}.listing"
    if os.environ.get("PETITPAS_GOLDEN") == "1":
        path.write_text(str(image), encoding="utf-8", newline="\n")
    assert str(image) == path.read_text(encoding="utf-8")


def test_golden_listings_cover_every_instruction() -> None:
    text = "".join((GOLDEN / f"{name}.listing").read_text(encoding="utf-8") for name in GOLDEN_PROGRAMS)
    assert [name for name in MNEMONICS.values() if not re.search(rf"\b{name}\b", text)] == []
    assert {path.stem for path in GOLDEN.glob("*.listing")} == set(GOLDEN_PROGRAMS)

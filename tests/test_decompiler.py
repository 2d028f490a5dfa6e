"""Reading a program back: the blocks that an image was made from, and nothing but an error for anything else."""

from __future__ import annotations

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas.errors import ProgramError
from petitpas.program import Program, build, decompile, from_compact, to_compact
from petitpas_robot import keyed
from petitpas_robot import opcodes as o
from tests.strategies import programs


def renamed(program: Program) -> str:
    """Return a program with its own blocks numbered in the order in which they stand, as text."""
    owns = [script.number("own") for script in program.scripts if script.type == "define"]

    def walk(value: object) -> object:
        if isinstance(value, list):
            if len(value) > 1 and value[0] in ("call", "define"):
                return [value[0], owns.index(value[1]) + 1, *map(walk, value[2:])]
            return [walk(item) for item in value]
        return value

    return repr(walk(to_compact(program)))


@given(programs())
def test_a_program_comes_back_as_it_was(program: Program) -> None:
    back = decompile(build(program).data)
    assert renamed(back) == renamed(program)
    assert build(back).data == build(program).data


@given(programs(gliding=True))
def test_a_rockets_program_comes_back_as_it_was(program: Program) -> None:
    assert build(decompile(build(program).data)).data == build(program).data


@given(programs(max_blocks=12), st.data())
def test_a_changed_image_is_other_blocks_or_an_error(program: Program, data: st.DataObject) -> None:
    damaged = bytearray(build(program).data[:-4])
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    image = bytes(damaged) + binascii.crc32(damaged).to_bytes(4, "little")
    try:
        back = decompile(image)
    except ProgramError as error:
        assert error.say()
    else:
        assert len(build(back).blocks) == int.from_bytes(image[4:6], "little")


def test_a_cut_image_is_an_error_with_a_sentence() -> None:
    data = build(from_compact(["forward"])).data
    for end in range(len(data)):
        with pytest.raises(ProgramError, match="blocs"):
            decompile(data[:end])


def test_what_the_robots_keys_write_comes_back_as_blocks() -> None:
    image = bytearray(200)
    keys = bytes((o.KEY_FORWARD, o.KEY_RIGHT, o.KEY_BACKWARD, o.KEY_PAUSE, o.KEY_LEFT))
    length = keyed.write_image(image, keys, len(keys), keyed.REST_MS)
    assert to_compact(decompile(bytes(image[:length]))) == ["forward", "right", "backward", "wait", "left"]

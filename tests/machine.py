"""A virtual machine of forty lines for tests: runs one task of an image and tells what it does, with nothing of the firmware in it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from petitpas.program import Image
from petitpas.program.listing import MNEMONICS, OPERANDS

STACK_WORDS = 24
"""The robot's stack."""

Senses = Callable[[int, int], bool]


def decode(data: bytes, at: int) -> tuple[str, tuple[int, ...], int]:
    """Return the mnemonic and operands of the instruction at an address, and the address behind it."""
    layout = "<" + "".join("BH"[size - 1] for _, size in OPERANDS[data[at]])
    return MNEMONICS[data[at]], struct.unpack_from(layout, data, at + 1), at + 1 + struct.calcsize(layout)


def heads(image: Image) -> list[tuple[int, int, int]]:
    """Return kind, argument and address of each task."""
    return [struct.unpack_from("<BBH", image.data, 8 + 4 * number) for number in range(image.data[6])]


def run(image: Image, address: int, senses: Senses) -> Iterator[tuple[object, ...]]:
    """Give ("block", id) at each MARK and mnemonic and operands of what is done, until the task ends; `senses` gets test and threshold."""
    stack: list[int] = []
    silent = 0  # instructions since the last event: a loop without a block would never end
    while True:
        silent += 1
        assert silent < 1000
        name, operands, after = decode(image.data, address)
        if name == "MARK":
            silent = 0
            yield "block", image.block_at(address)
        elif name == "REPEAT":
            stack.append(operands[0])
        elif name == "LOOP":
            stack[-1] -= 1
            after = operands[0] if stack[-1] else after
            if not stack[-1]:
                stack.pop()
        elif name == "CALL":
            stack.append(after)
            after = operands[0]
        elif name == "RETURN":
            after = stack.pop()
        elif name == "JUMP":
            after = operands[0]
        elif name == "UNLESS":
            after = after if senses(operands[0], operands[1]) else operands[2]
        elif name == "WAIT_UNTIL":
            while not senses(operands[0], operands[1]):
                pass
        elif name == "END":
            assert not stack
            return
        else:
            yield name, *operands
            if name == "STOP":
                return
        assert len(stack) <= STACK_WORDS
        address = after

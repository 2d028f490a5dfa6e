"""
The listing of a program: its instructions with labels in place of addresses, as the compiler makes it and the linker takes it; and as text.

The text is made from the linked bytes alone, with the block ids beside them where they are known: what it shows is what a robot runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from petitpas_robot import opcodes as o
from petitpas_robot.image import CRC_BYTES, HEAD_BYTES, HEADER_BYTES

from .blocks import COLOURS, KEYS, SENSORS

U8, U16 = 1, 2

OPERANDS: dict[int, tuple[tuple[str, int], ...]] = {
    o.OP_END: (),
    o.OP_MARK: (),
    o.OP_JUMP: (("address", U16),),
    o.OP_REPEAT: (("turns", U8),),
    o.OP_LOOP: (("address", U16),),
    o.OP_CALL: (("address", U16),),
    o.OP_RETURN: (),
    o.OP_UNLESS: (("test", U8), ("threshold", U16), ("address", U16)),
    o.OP_LIGHT: (("colour", U8),),
    o.OP_SEND: (("message", U8),),
    o.OP_WAIT: (("ms", U16),),
    o.OP_WAIT_UNTIL: (("test", U8), ("threshold", U16)),
    o.OP_BEEP: (),
    o.OP_NOTE: (("pitch", U8), ("ms", U16)),
    o.OP_STOP: (),
    o.OP_FORWARD: (("cells", U8),),
    o.OP_BACKWARD: (("cells", U8),),
    o.OP_LEFT: (),
    o.OP_RIGHT: (),
    o.OP_FORWARD_MM: (("mm", U16),),
    o.OP_BACKWARD_MM: (("mm", U16),),
    o.OP_LEFT_DEG: (("deg", U16),),
    o.OP_RIGHT_DEG: (("deg", U16),),
    o.OP_UNTIL_OBSTACLE: (),
    o.OP_GO_UP: (("cells", U8),),
    o.OP_GO_DOWN: (("cells", U8),),
    o.OP_GO_LEFT: (("cells", U8),),
    o.OP_GO_RIGHT: (("cells", U8),),
}
"""Name and size in bytes of each operand, by opcode; a test compares them with the comments of the firmware's table."""

MNEMONICS = {number: name[3:] for name, number in vars(o).items() if name.startswith("OP_") and number in OPERANDS}

_COLOURS = {number: name for name, number in COLOURS}
_KEYS = {number: name for name, number in KEYS}
_HEADS: dict[int, str] = {number: name[5:] for name, number in vars(o).items() if name.startswith("HEAD_")}


@dataclass(frozen=True, slots=True)
class Label:
    """A place in the code; an operand of that name is its address."""

    name: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the block with number `block`; an operand that is a text names a label."""

    block: int
    opcode: int
    operands: tuple[int | str, ...] = ()

    @property
    def length(self) -> int:
        """Its size in bytes."""
        return 1 + sum(size for _, size in OPERANDS[self.opcode])


Item = Label | Instruction


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the image's heads: a HEAD_ number, its argument, and the label at which the task begins."""

    kind: int
    argument: int
    label: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A compiled program: heads, instructions and labels in order, and the block ids by number."""

    heads: tuple[Head, ...]
    items: tuple[Item, ...]
    blocks: tuple[str, ...]


def disassemble(data: bytes, blocks: Sequence[str] = ()) -> str:
    """
    Return the text of an image, one instruction a line: address, bytes, instruction, and from `blocks` the id where a block begins.

    Any bytes have a text: what is no instruction is shown as "?".
    """
    if len(data) < HEADER_BYTES + CRC_BYTES:
        return f"not an image: {len(data)} B\n"
    first = min(HEADER_BYTES + HEAD_BYTES * data[6], len(data) - CRC_BYTES)
    lines = list(_decode(data, first, len(data) - CRC_BYTES))
    labels = _labels(data, first, lines)
    text = [f"version {data[1]}, {len(data)} B, {_u(data, 4, 2)} blocks, {data[6]} tasks"]
    for at in range(HEADER_BYTES, first - HEAD_BYTES + 1, HEAD_BYTES):
        kind = _HEADS.get(data[at], "?")
        text.append(_row(at, data[at : at + HEAD_BYTES], f"{kind} {_argument(kind, data[at + 1])}-> {_name(labels, _u(data, at + 2, 2))}"))
    ids = iter(blocks)
    for at, opcode, operands in lines:
        if at in labels:
            text.append(f"{labels[at]}:")
        end = at + 1 + sum(size for _, size in OPERANDS.get(opcode, ()))
        text.append(_row(at, data[at:end], _said(opcode, operands, labels), next(ids, "") if opcode == o.OP_MARK else ""))
    text.append(_row(len(data) - CRC_BYTES, data[-CRC_BYTES:], "crc32"))
    return "\n".join(text) + "\n"


Decoded = tuple[int, int, tuple[int, ...]]


def _decode(data: bytes, at: int, end: int) -> Iterator[Decoded]:
    """Give address, opcode and operands; a byte that is no instruction, or one that is cut, goes alone with no operands."""
    while at < end:
        opcode = data[at]
        layout = OPERANDS.get(opcode)
        if layout is None or at + 1 + sum(size for _, size in layout) > end:
            yield at, -1, ()
            at += 1
            continue
        start, operands = at, []
        at += 1
        for _, size in layout:
            operands.append(_u(data, at, size))
            at += size
        yield start, opcode, tuple(operands)


def _labels(data: bytes, first: int, lines: list[Decoded]) -> dict[int, str]:
    """Name the addresses that heads and instructions go to: task1…, own blocks sub1…, others L1…, each in order of address"""
    starts = {at for at, _, _ in lines}
    labels: dict[int, str] = {}
    for number, at in enumerate(range(HEADER_BYTES, first - HEAD_BYTES + 1, HEAD_BYTES), start=1):
        labels.setdefault(_u(data, at + 2, 2), f"task{number}")
    for opcode, name in ((o.OP_CALL, "sub"), (-1, "L")):
        numbers = count(1)
        targets = {_target(*line[1:]) for line in lines if opcode in (line[1], -1)}
        for address in sorted(target for target in targets if target is not None and target not in labels):
            labels[address] = f"{name}{next(numbers)}"
    return {address: name for address, name in labels.items() if address in starts}


def _target(opcode: int, operands: tuple[int, ...]) -> int | None:
    layout = OPERANDS.get(opcode, ())
    return operands[-1] if layout and layout[-1][0] == "address" else None


def _said(opcode: int, operands: tuple[int, ...], labels: dict[int, str]) -> str:
    if opcode < 0:
        return "?"
    words = [MNEMONICS[opcode]]
    for (name, _), value in zip(OPERANDS[opcode], operands, strict=True):
        if name == "address":
            words.append("-> " + _name(labels, value))
        elif name == "test":
            words.append(_sensor(value & ~o.TEST_ABOVE) + (" >" if value & o.TEST_ABOVE else " <"))
        elif name == "threshold":
            words.append("kit" if value == o.THRESHOLD_KIT else str(value))
        elif name == "colour":
            words.append(_COLOURS.get(value, str(value)))
        else:
            words.append(f"{name} {value}")
    return " ".join(words)


def _sensor(number: int) -> str:
    return next((name for name, sensor in SENSORS.items() if sensor.number == number), f"sensor {number}")


def _argument(kind: str, argument: int) -> str:
    if kind == "KEY":
        return _KEYS.get(argument, str(argument)) + " "
    return f"{argument} " if kind == "MESSAGE" or argument else ""


def _name(labels: dict[int, str], address: int) -> str:
    return labels.get(address, f"{address:04x}")


def _row(at: int, data: bytes, said: str, block: str = "") -> str:
    return f"  {at:04x}  {data.hex(' '):<17}  {said:<32}{block}".rstrip()


def _u(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")

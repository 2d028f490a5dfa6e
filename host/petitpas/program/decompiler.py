"""
From an image back to blocks: what a robot has in its memory, as a program that can be shown and changed.

It reads what the compiler writes (and what a robot's keys write, which is the same), block by block from mark to mark. Ids are new, and own
blocks are numbered in the order in which they stand: an image knows them by address only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from petitpas_robot import opcodes as o
from petitpas_robot.image import CRC_BYTES, HEAD_BYTES, HEADER_BYTES, check

from ..errors import ProgramError
from .blocks import BLOCKS, SENSORS, Parameter, Row
from .listing import OPERANDS
from .tree import Program, read
from .validate import check as check_program

_SIMPLE: dict[int, Row] = {
    row.opcodes[0]: row for row in BLOCKS.values() if len(row.opcodes) == 1 and row.kind in ("motion", "at_once", "lasting")
}
_HEADS: dict[int, Row] = {row.head: row for row in BLOCKS.values() if row.head is not None}
_SENSORS = {sensor.number: sensor.name for sensor in SENSORS.values()}

Json = dict[str, object]


def decompile(data: bytes) -> Program:
    """
    Return the program of an image.

    Raises:
        ProgramError: a robot would refuse the image, or it is none that blocks make; code `image_foreign`.
    """
    if check(data, len(data)):
        raise ProgramError("image_foreign")
    try:
        document = {"petitpas": 1, "scripts": list(_Reader(data).scripts())}
    except (IndexError, KeyError, RecursionError) as error:
        raise ProgramError("image_foreign") from error
    return check_program(read(document))


class _Reader:
    """Walks an image from its first instruction to its last."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = HEADER_BYTES + HEAD_BYTES * data[6]
        self._end = len(data) - CRC_BYTES
        self._heads = {head[2]: head[:2] for head in struct.iter_unpack("<BBH", data[HEADER_BYTES : self._at])}
        self._owns: dict[int, int] = {}
        self._blocks = 0

    def scripts(self) -> Iterator[Json]:
        """Give the scripts in order; own blocks are numbered before the first is read."""
        starts = self._starts()
        self._owns = {at: number for number, at in enumerate((at for at in starts if at not in self._heads), start=1)}
        for at in starts:
            self._at = at + 1  # behind the mark
            block = self._new("define", own=self._owns[at]) if at in self._owns else self._head(*self._heads[at])
            block["do"] = self._body()
            yield block

    def _starts(self) -> list[int]:
        """Return where scripts begin: at the first instruction, and behind each END or RETURN."""
        at, starts, is_start = self._at, [], True
        while at < self._end:
            if is_start:
                starts.append(at)
            is_start = self._data[at] in (o.OP_END, o.OP_RETURN)
            at += self._length(at)
        return starts

    def _length(self, at: int) -> int:
        return 1 + sum(size for _, size in OPERANDS[self._data[at]])

    def _new(self, kind: str, **values: object) -> Json:
        block: Json = {"id": f"b{self._blocks}", "type": kind, **values}
        self._blocks += 1
        return block

    def _head(self, kind: int, argument: int) -> Json:
        row = _HEADS[kind]
        return self._new(row.type, **{parameter.name: _value(parameter, argument) for parameter in row.parameters})

    def _take(self) -> list[int]:
        """Return the operands of the instruction here, and stand behind it."""
        at, values = self._at + 1, []
        for _, size in OPERANDS[self._data[self._at]]:
            values.append(int.from_bytes(self._data[at : at + size], "little"))
            at += size
        self._at = at
        return values

    def _body(self, stop: int = -1) -> list[Json]:
        """Read blocks for as long as there is a mark, up to the address `stop`."""
        blocks = []
        while self._at != stop and self._data[self._at] == o.OP_MARK:
            self._at += 1
            blocks.append(self._block(self._at - 1))
        return blocks

    def _block(self, mark: int) -> Json:
        opcode = self._data[self._at]
        if opcode == o.OP_MARK or opcode == o.OP_JUMP:
            block = self._new("forever")
            block["do"] = self._body()
            self._expect(o.OP_JUMP, mark + 1 if block["do"] else mark)  # an empty one goes around its own mark
        elif opcode == o.OP_REPEAT:
            (times,) = self._take()
            first = self._at
            block = self._new("repeat", times=times)
            block["do"] = self._body()
            self._expect(o.OP_LOOP, first)
        elif opcode == o.OP_UNLESS:
            block = self._if()
        elif opcode == o.OP_CALL:
            block = self._new("call", own=self._owns[self._take()[0]])
        else:
            row = _SIMPLE[opcode]
            block = self._new(row.type)
            operands = iter(self._take())
            for parameter in row.parameters:
                value = _test(next(operands), next(operands)) if parameter.unit == "test" else _value(parameter, next(operands))
                block[parameter.name] = value
            if self._data[self._at] == o.OP_WAIT:  # no mark before it: the rest that a robot's keys put behind each card
                self._take()
        return block

    def _if(self) -> Json:
        test, threshold, orelse = self._take()
        block = self._new("if", test=_test(test, threshold))
        block["then"] = self._body(orelse)
        block["else"] = []
        if self._at != orelse:
            (end,) = self._expect(o.OP_JUMP)
            block["else"] = self._body(end)
            orelse = end
        if self._at != orelse:
            raise KeyError(orelse)
        return block

    def _expect(self, opcode: int, address: int | None = None) -> list[int]:
        """Take an instruction that must stand here, going to `address`."""
        if self._data[self._at] != opcode:
            raise KeyError(opcode)
        operands = self._take()
        if address is not None and operands != [address]:
            raise KeyError(address)
        return operands


def _value(parameter: Parameter, operand: int) -> object:
    if parameter.unit == "choice":
        return {number: name for name, number in parameter.choices}[operand]
    return operand - parameter.wire_offset


def _test(test: int, threshold: int) -> Json:
    said: Json = {"sensor": _SENSORS[test & ~o.TEST_ABOVE], "is": "above" if test & o.TEST_ABOVE else "below"}
    return said if threshold == o.THRESHOLD_KIT else {**said, "value": threshold}

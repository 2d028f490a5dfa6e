"""From the listing to the image: labels become addresses, and every address remembers its block."""

from __future__ import annotations

import binascii
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from petitpas_robot.image import CRC_BYTES, HEAD_BYTES, HEADER_BYTES, MAGIC, MAX_IMAGE_BYTES, VERSION

from ..errors import LinkError, Problem
from .listing import OPERANDS, Instruction, Label, Listing, disassemble


@dataclass(frozen=True, slots=True)
class Image:
    """
    A linked program: the bytes that a robot runs, and the way back to the blocks.

    `blocks` are the JSON ids by number; `origins` the addresses at which another block's instructions begin, each with that block's number.
    """

    data: bytes
    blocks: tuple[str, ...]
    origins: tuple[tuple[int, int], ...]

    def number_at(self, address: int) -> int | None:
        """Return the number of the block to which the instruction at `address` belongs; None outside the code."""
        place = bisect_right(self.origins, (address, len(self.blocks)))
        if not place or address >= len(self.data) - CRC_BYTES:
            return None
        return self.origins[place - 1][1]

    def block_at(self, address: int) -> str | None:
        """Return the id of the block to which the instruction at `address` belongs; None outside the code."""
        number = self.number_at(address)
        return None if number is None else self.blocks[number]

    def __str__(self) -> str:
        """Return the listing as text."""
        return disassemble(self.data, self.blocks)


def link(listing: Listing) -> Image:
    """
    Return the image of a listing.

    Raises:
        LinkError: it would be longer than MAX_IMAGE_BYTES; the block is the first that does not fit.
    """
    start = HEADER_BYTES + HEAD_BYTES * len(listing.heads)
    labels = _addresses(listing, start)
    heads = b"".join(struct.pack("<BBH", head.kind, head.argument, labels[head.label]) for head in listing.heads)
    code = b"".join(_encode(item, labels) for item in listing.items if isinstance(item, Instruction))
    length = start + len(code) + CRC_BYTES
    data = struct.pack("<BBHHBB", MAGIC, VERSION, length, len(listing.blocks), len(listing.heads), 0) + heads + code
    return Image(data + struct.pack("<I", binascii.crc32(data)), listing.blocks, tuple(_origins(listing, start)))


def _addresses(listing: Listing, at: int) -> dict[str, int]:
    """Lay out the instructions from address `at` and return the labels' addresses."""
    labels: dict[str, int] = {}
    for item in listing.items:
        if isinstance(item, Label):
            labels[item.name] = at
            continue
        at += item.length
        if at > MAX_IMAGE_BYTES - CRC_BYTES:
            raise LinkError.of([Problem(listing.blocks[item.block], "image_too_long", item.block, {"maximum": MAX_IMAGE_BYTES})])
    return labels


def _encode(instruction: Instruction, labels: dict[str, int]) -> bytes:
    data = bytes([instruction.opcode])
    for (_, size), operand in zip(OPERANDS[instruction.opcode], instruction.operands, strict=True):
        data += (labels[operand] if isinstance(operand, str) else operand).to_bytes(size, "little")
    return data


def _origins(listing: Listing, at: int) -> Iterator[tuple[int, int]]:
    block = -1
    for item in listing.items:
        if isinstance(item, Label):
            continue
        if item.block != block:
            block = item.block
            yield at, block
        at += item.length

"""A small assembler: images for the firmware's tests, without the host's compiler. Common dialect."""

import binascii
import struct

from petitpas_robot import image as layout
from petitpas_robot import opcodes as o

_U16 = {
    o.OP_MARK: (),
    o.OP_JUMP: (2,),
    o.OP_LOOP: (2,),
    o.OP_CALL: (2,),
    o.OP_UNLESS: (1, 2, 2),
    o.OP_WAIT: (2,),
    o.OP_WAIT_UNTIL: (1, 2),
    o.OP_NOTE: (1, 2),
    o.OP_FORWARD_MM: (2,),
    o.OP_BACKWARD_MM: (2,),
    o.OP_LEFT_DEG: (2,),
    o.OP_RIGHT_DEG: (2,),
}


def assemble(heads, items):
    """
    Return an image.

    Args:
        heads: (kind, argument, label) each.
        items: a label (text), or an instruction: (opcode, operands…), an operand that is an address being a label.
    """
    start = layout.HEADER_BYTES + layout.HEAD_BYTES * len(heads)
    labels = {}
    blocks = 0
    at = start
    for item in items:
        if isinstance(item, str):
            labels[item] = at
        else:
            at += 1 + sum(_U16.get(item[0], (1,) * (len(item) - 1)))
            if item[0] == o.OP_MARK:
                assert item[1] == blocks, "marks stand in order"
                blocks += 1
    data = struct.pack("<BBHHBB", layout.MAGIC, layout.VERSION, at + 4, blocks, len(heads), 0)
    for kind, argument, label in heads:
        data += struct.pack("<BBH", kind, argument, labels[label])
    for item in items:
        if not isinstance(item, str):
            data += bytes([item[0]])
            for place, size in enumerate(_U16.get(item[0], (1,) * (len(item) - 1))):
                operand = item[1 + place]
                value = labels[operand] if isinstance(operand, str) else operand
                data += struct.pack("<H" if size == 2 else "<B", value)
    return sealed(data)


def sealed(data):
    """Return an image's bytes with their checksum behind them."""
    return data + struct.pack("<I", binascii.crc32(data))


def go(*items):
    """Return the image of one GO task, whose last instruction is END."""
    whole = list(items)
    whole.insert(0, "go")
    whole.append((o.OP_END,))
    return assemble([(o.HEAD_GO, 0, "go")], whole)


def mark(block):
    """Return the MARK of block number `block`, in the order of the items."""
    return (o.OP_MARK, block)


def block_at(image, address):
    """Return the number of the block whose MARK is at an address, None for address 0."""
    at = layout.HEADER_BYTES + layout.HEAD_BYTES * image[6]
    block = 0
    while at < address:
        block += image[at] == o.OP_MARK
        at += layout.LENGTHS[image[at]]
    if not address:
        return None
    assert at == address and image[at] == o.OP_MARK
    return block

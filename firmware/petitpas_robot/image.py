"""
Layout of a program image, and the check that lets the virtual machine trust one.

All integers are little-endian. Addresses count from the first byte of the image.

    0    u8    MAGIC
    1    u8    VERSION
    2    u16   length of the whole image, checksum included
    4    u16   number of blocks: there are as many MARKs, in the order of the program
    6    u8    number of heads, 1 to MAX_TASKS
    7    u8    reserved, 0
    8    heads, 4 bytes each: kind u8, argument u8, address u16
    ..   code
    -4   u32   crc32 of all that precedes it

Theory of the check: one pass walks the code and notes where instructions begin; a second sees that every address is such a place and
every operand is in its range. The last instruction must be one that never goes on to the next (END, JUMP, RETURN), so that no path leaves
the code. What only shows when it runs (the depth of the stack) is left to the virtual machine.
"""

import binascii

from . import opcodes as o
from .shim import const
from .wire import CRC_RESIDUE

MAGIC = const(0x50)
VERSION = const(1)
HEADER_BYTES = const(8)
HEAD_BYTES = const(4)
CRC_BYTES = const(4)
MAX_TASKS = const(8)
MAX_IMAGE_BYTES = const(6144)
MESSAGES = const(8)  # message numbers are below this

# Length in bytes of each instruction, operand included, by opcode; 0 is no instruction. Variables are reserved, so they are not here.
LENGTHS = bytearray(0x40)
for _opcode, _length in (
    (o.OP_END, 1),
    (o.OP_MARK, 1),
    (o.OP_JUMP, 3),
    (o.OP_REPEAT, 2),
    (o.OP_LOOP, 3),
    (o.OP_CALL, 3),
    (o.OP_RETURN, 1),
    (o.OP_UNLESS, 6),
    (o.OP_LIGHT, 2),
    (o.OP_SEND, 2),
    (o.OP_WAIT, 3),
    (o.OP_WAIT_UNTIL, 4),
    (o.OP_BEEP, 1),
    (o.OP_NOTE, 4),
    (o.OP_STOP, 1),
    (o.OP_FORWARD, 2),
    (o.OP_BACKWARD, 2),
    (o.OP_LEFT, 1),
    (o.OP_RIGHT, 1),
    (o.OP_FORWARD_MM, 3),
    (o.OP_BACKWARD_MM, 3),
    (o.OP_LEFT_DEG, 3),
    (o.OP_RIGHT_DEG, 3),
    (o.OP_UNTIL_OBSTACLE, 1),
    (o.OP_GO_UP, 2),
    (o.OP_GO_DOWN, 2),
    (o.OP_GO_LEFT, 2),
    (o.OP_GO_RIGHT, 2),
):
    LENGTHS[_opcode] = _length

# CAN_ bits by SENSOR_ number, keys apart.
_SENSES = (o.CAN_DISTANCE, o.CAN_LINE, o.CAN_LINE, o.CAN_SEE_LIGHT, o.CAN_BUMP, o.CAN_LIFT)

_starts = bytearray(MAX_IMAGE_BYTES // 8)  # one bit a byte of image: an instruction begins here


def check(image, length):
    """
    Say whether the first `length` bytes of `image` are a program that the virtual machine can trust.

    Args:
        image: bytes-like, at least `length` B. Nothing in it is changed.
        length: 0 to MAX_IMAGE_BYTES.
    Returns:
        FAULT_NONE, FAULT_IMAGE_DAMAGED, FAULT_IMAGE_VERSION or FAULT_IMAGE_INVALID; any bytes give one of these, never an exception.
    """
    if length < HEADER_BYTES + HEAD_BYTES + 1 + CRC_BYTES or length > MAX_IMAGE_BYTES:
        return o.FAULT_IMAGE_DAMAGED
    view = memoryview(image)[:length]
    if view[0] != MAGIC:
        return o.FAULT_IMAGE_DAMAGED
    if binascii.crc32(view) != CRC_RESIDUE:
        return o.FAULT_IMAGE_DAMAGED
    if view[1] != VERSION:
        return o.FAULT_IMAGE_VERSION
    if _u16(view, 2) != length:
        return o.FAULT_IMAGE_DAMAGED
    heads = view[6]
    first = HEADER_BYTES + HEAD_BYTES * heads
    end = length - CRC_BYTES
    if not 1 <= heads <= MAX_TASKS or view[7] or first >= end:
        return o.FAULT_IMAGE_INVALID
    if not _find_starts(view, first, end):
        return o.FAULT_IMAGE_INVALID
    for at in range(HEADER_BYTES, first, HEAD_BYTES):
        if not _is_head(view[at], view[at + 1]) or not _is_start(_u16(view, at + 2)):
            return o.FAULT_IMAGE_INVALID
    at = first
    marks = 0
    while at < end:
        if not _operands_hold(view, at):
            return o.FAULT_IMAGE_INVALID
        marks += view[at] == o.OP_MARK
        at += LENGTHS[view[at]]
    return o.FAULT_NONE if marks == _u16(view, 4) else o.FAULT_IMAGE_INVALID


def check_can(image, can):
    """
    Say whether a kit can do all that an image asks.

    Args:
        image: has passed `check`.
        can: the kit's CAN_ bits.
    Returns:
        FAULT_NONE or FAULT_UNSUPPORTED.
    """
    at = HEADER_BYTES
    first = at + HEAD_BYTES * image[6]
    while at < first:
        if needs_of_head(image[at]) & ~can:
            return o.FAULT_UNSUPPORTED
        at += HEAD_BYTES
    end = _u16(image, 2) - CRC_BYTES
    while at < end:
        opcode = image[at]
        if needs(opcode, image[at + 1]) & ~can:
            return o.FAULT_UNSUPPORTED
        at += LENGTHS[opcode]
    return o.FAULT_NONE


def needs_of_head(kind):
    """Return the CAN_ bits that a head needs."""
    if kind == o.HEAD_KEY:
        return o.CAN_KEYS
    return o.CAN_DISTANCE if kind == o.HEAD_OBSTACLE else 0


def needs(opcode, operand):
    """Return the CAN_ bits that an instruction needs; `operand` is its first byte, whatever it is where it has none."""
    if opcode < o.OP_FORWARD:
        if opcode == o.OP_UNLESS or opcode == o.OP_WAIT_UNTIL:
            return _SENSES[operand & 0x07] if operand & 0x78 == 0 else o.CAN_KEYS
        if opcode == o.OP_LIGHT:
            return o.CAN_LIGHT
        return o.CAN_SOUND if opcode == o.OP_BEEP or opcode == o.OP_NOTE else 0
    if opcode == o.OP_UNTIL_OBSTACLE:
        return o.CAN_ROLL | o.CAN_DISTANCE
    return o.CAN_GLIDE if opcode >= o.OP_GO_UP else o.CAN_ROLL


def _u16(view, at):
    return view[at] | view[at + 1] << 8


def _is_start(address):
    return address < MAX_IMAGE_BYTES and _starts[address >> 3] >> (address & 7) & 1


def _find_starts(view, at, end):
    """Note where instructions begin in `_starts`; false where one is unknown or cut, or the last could fall off the end."""
    for i in range(len(_starts)):
        _starts[i] = 0
    opcode = o.OP_MARK
    while at < end:
        opcode = view[at]
        length = LENGTHS[opcode] if opcode < len(LENGTHS) else 0
        if not length:
            return False
        _starts[at >> 3] |= 1 << (at & 7)
        at += length
    return at == end and (opcode == o.OP_END or opcode == o.OP_JUMP or opcode == o.OP_RETURN)


def _is_head(kind, argument):
    if kind == o.HEAD_KEY:
        return argument <= o.KEY_GO
    if kind == o.HEAD_MESSAGE:
        return argument < MESSAGES
    return (kind == o.HEAD_GO or kind == o.HEAD_OBSTACLE) and argument == 0


def _is_test(test):
    sensor = test & ~o.TEST_ABOVE
    return sensor <= o.SENSOR_LIFT or o.SENSOR_KEY <= sensor <= o.SENSOR_KEY + o.KEY_GO


def _operands_hold(view, at):
    opcode = view[at]
    if opcode == o.OP_JUMP or opcode == o.OP_LOOP or opcode == o.OP_CALL:
        return _is_start(_u16(view, at + 1))
    if opcode == o.OP_UNLESS:
        return _is_test(view[at + 1]) and _is_start(_u16(view, at + 4))
    if opcode == o.OP_WAIT_UNTIL:
        return _is_test(view[at + 1])
    if opcode == o.OP_LIGHT:
        return view[at + 1] <= o.COLOUR_GREEN
    if opcode == o.OP_SEND:
        return view[at + 1] < MESSAGES
    if opcode == o.OP_NOTE:
        return view[at + 1] < 128
    if opcode == o.OP_REPEAT or o.OP_FORWARD <= opcode <= o.OP_BACKWARD or o.OP_GO_UP <= opcode <= o.OP_GO_RIGHT:
        return view[at + 1] > 0
    return True

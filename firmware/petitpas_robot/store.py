"""
What a robot keeps without power: programs in slots, its settings, its identity.

Theory of operation
===================
A record is kept twice, in the files NAME.0 and NAME.1. Each copy is

    0    u8    MAGIC
    1    u8    version of the payload
    2    u16   sequence: one more, modulo 65536, than the copy before
    4    u16   length of the payload
    6    payload
    -4   u32   crc32 of all that precedes it

and counts only where it is whole: magic, length of the file, checksum. What is read is the newest good copy; a write goes to the other one.
So wherever power fails, the newest good copy is not the one that was being written. Nothing about the files is remembered from one write to
the next: which copy is the newest good one is looked up each time, so that a copy that flash has lost is the next to be written.

Writing waits: `save_…` only notes what is to be kept, `tick` writes one record at a time when it is told that the robot is at rest, and a
record that already says so is left alone, which spares flash.

A payload only ever grows at its end, and its version with it: an older, shorter one is read, what it lacks being as in a new robot; a newer
one is not read.
"""

import binascii
import struct

from . import opcodes as o
from . import wire
from .image import MAX_IMAGE_BYTES
from .shim import const

MAGIC = const(0xA7)
HEADER_BYTES = const(6)
CRC_BYTES = const(4)

_SETTINGS = const(0)  # numbers of records, and of their bits in `waiting` and `failed`
_IDENTITY = const(1)
_PROGRAMS = const(2)  # the first slot

_PROGRAM_VERSION = const(1)  # of the record: an image has its own
_SETTINGS_VERSION = const(1)
_IDENTITY_VERSION = const(1)

_SETTINGS_FORM = "<hhhB"  # straight, length, turn, volume
_SETTINGS_BYTES = const(7)
_IDENTITY_BYTES = const(4)  # colour, shape, song, length of the name; then the name

NAMES = ("settings", "identity", "slot0", "slot1", "slot2", "slot3", "slot4")
"""The records, by number."""


def are_settings(straight, length, turn, volume):
    """Say whether settings are in their range: trims -TRIM_MOST to TRIM_MOST, volume 0 to 100."""
    most = wire.TRIM_MOST
    return -most <= straight <= most and -most <= length <= most and -most <= turn <= most and 0 <= volume <= 100


def is_identity(name, colour, shape):
    """Say whether an identity can be kept: a name of 1 to NAME_BYTES of UTF-8, a colour that can be seen, a SHAPE_."""
    if not 0 < len(name) <= wire.NAME_BYTES or not 0 < colour <= o.COLOUR_GREEN or not 0 <= shape <= o.SHAPE_MOON:
        return False
    try:
        bytes(name).decode()
    except UnicodeError:
        return False
    return True


class Store:
    """
    A robot's records.

    `waiting` has the bits of the records that are to be written, 0 for nothing; `failed` of those whose last write was not done.

    Args:
        hal: a `hal.Hal`; settings and identity are read at once.
    """

    def __init__(self, hal):
        self.waiting = 0
        self.failed = 0
        self._hal = hal
        self._buf = bytearray(HEADER_BYTES + MAX_IMAGE_BYTES + CRC_BYTES + 1)  # a file that is too long shall show
        self._newest = 0  # the newest good copy that was last looked up, 0 or 1, and its sequence
        self._sequence = 0
        self._images = [None] * wire.SLOTS  # what waits
        self._counts = [0] * wire.SLOTS
        self._settings = bytearray(_SETTINGS_BYTES)
        self._identity = bytearray(_IDENTITY_BYTES + wire.NAME_BYTES)
        self._identity_bytes = 0  # 0: none was assigned
        self._read_settings()
        self._read_identity()

    # --- Records ------------------------------------------------------------------------------------------------------

    def room(self):
        """Return the place of a payload in the buffer through which everything is read and written: MAX_IMAGE_BYTES B."""
        return memoryview(self._buf)[HEADER_BYTES : HEADER_BYTES + MAX_IMAGE_BYTES]

    def settings(self):
        """Return (straight, length, turn, volume): trims in tenths of a permille, volume in percent; a new robot's are 0, 0, 0, 100."""
        return struct.unpack(_SETTINGS_FORM, self._settings)

    def save_settings(self, straight, length, turn, volume):
        """Have settings kept; they pass `are_settings`."""
        struct.pack_into(_SETTINGS_FORM, self._settings, 0, straight, length, turn, volume)
        self.waiting |= 1 << _SETTINGS

    def identity(self):
        """Return (name as UTF-8, COLOUR_, SHAPE_, number of the song), None where none was assigned."""
        if not self._identity_bytes:
            return None
        identity = self._identity
        return bytes(memoryview(identity)[_IDENTITY_BYTES : self._identity_bytes]), identity[0], identity[1], identity[2]

    def save_identity(self, name, colour, shape, song):
        """Have an identity kept; it passes `is_identity`, and `song` is 0 to 255."""
        end = _IDENTITY_BYTES + len(name)
        struct.pack_into("<BBBB", self._identity, 0, colour, shape, song, len(name))
        self._identity[_IDENTITY_BYTES:end] = name
        self._identity_bytes = end
        self.waiting |= 1 << _IDENTITY

    def read_program(self, slot, into):
        """
        Read the image that is kept in a slot.

        Args:
            slot: 0 to SLOTS - 1.
            into: bytearray of MAX_IMAGE_BYTES, changed only where there is one.
        Returns:
            Its length; 0 where there is none. That it is the image that was saved is certain; whether it is good is for `image.check`.
        """
        count = self._find(_PROGRAMS + slot, _PROGRAM_VERSION)
        if count <= 0:
            return 0
        into[:count] = memoryview(self._buf)[HEADER_BYTES : HEADER_BYTES + count]
        return count

    def save_program(self, slot, image, count):
        """Have the first `count` bytes of `image` kept in a slot; they must stay as they are until that is written, or saved anew."""
        self._images[slot] = image
        self._counts[slot] = count
        self.waiting |= 1 << _PROGRAMS + slot

    def has_failed(self, slot):
        """Say whether the last write of a slot was not done."""
        return bool(self.failed >> _PROGRAMS + slot & 1)

    # --- Writing ------------------------------------------------------------------------------------------------------

    def tick(self, is_idle):
        """Write one record, if one waits and the robot is idle: no program runs, no motor is energised."""
        if is_idle and self.waiting:
            self._write_one()

    def _write_one(self):
        record = 0
        while not self.waiting >> record & 1:
            record += 1
        bit = 1 << record
        self.waiting &= ~bit
        self.failed &= ~bit
        try:
            is_done = self._write_record(record)
        except OSError:  # no space, or a flash that is worn out: what was kept before is still there
            is_done = False
        if not is_done:
            self.failed |= bit

    def _write_record(self, record):
        if record == _SETTINGS:
            return self._write(record, _SETTINGS_VERSION, self._settings, _SETTINGS_BYTES)
        if record == _IDENTITY:
            return self._write(record, _IDENTITY_VERSION, self._identity, self._identity_bytes)
        slot = record - _PROGRAMS
        image = self._images[slot]
        self._images[slot] = None
        return self._write(record, _PROGRAM_VERSION, image, self._counts[slot])

    def _write(self, record, version, payload, count):
        buf = self._buf
        end = HEADER_BYTES + count
        payload = memoryview(payload)[:count]
        if self._find(record, 255) == count and buf[1] == version and memoryview(buf)[HEADER_BYTES:end] == payload:
            return True
        struct.pack_into("<BBHH", buf, 0, MAGIC, version, (self._sequence + 1) & 0xFFFF, count)
        buf[HEADER_BYTES:end] = payload
        struct.pack_into("<I", buf, end, binascii.crc32(memoryview(buf)[:end]))
        return self._hal.write_file(NAMES[record] + (".0" if self._newest else ".1"), buf, end + CRC_BYTES)

    # --- Reading ------------------------------------------------------------------------------------------------------

    def _read_settings(self):
        count = self._find(_SETTINGS, _SETTINGS_VERSION)
        struct.pack_into(_SETTINGS_FORM, self._settings, 0, 0, 0, 0, 100)
        if count > 0:
            count = min(count, _SETTINGS_BYTES)
            self._settings[:count] = memoryview(self._buf)[HEADER_BYTES : HEADER_BYTES + count]
            if not are_settings(*self.settings()):
                struct.pack_into(_SETTINGS_FORM, self._settings, 0, 0, 0, 0, 100)

    def _read_identity(self):
        count = self._find(_IDENTITY, _IDENTITY_VERSION)
        if count < _IDENTITY_BYTES:
            return
        buf = self._buf
        end = _IDENTITY_BYTES + buf[HEADER_BYTES + 3]
        name = memoryview(buf)[HEADER_BYTES + _IDENTITY_BYTES : HEADER_BYTES + end]
        if end <= count and is_identity(name, buf[HEADER_BYTES], buf[HEADER_BYTES + 1]):
            self._identity[:end] = memoryview(buf)[HEADER_BYTES : HEADER_BYTES + end]
            self._identity_bytes = end

    def _find(self, record, version):
        """
        Read the newest good copy into the buffer, and note which it is.

        Returns:
            The length of its payload; -1 where no copy is good, or the newest one's version is above `version`.
        """
        first = NAMES[record] + ".0"
        buf = self._buf
        count = self._read(first)
        sequence = buf[2] | buf[3] << 8
        other = self._read(NAMES[record] + ".1")
        ahead = ((buf[2] | buf[3] << 8) - sequence) & 0xFFFF
        if other >= 0 and (count < 0 or 0 < ahead < 0x8000):
            count = other
            self._newest = 1
        elif count >= 0:
            count = self._read(first)
            self._newest = 0
        else:
            self._newest = 1
        self._sequence = buf[2] | buf[3] << 8
        return count if buf[1] <= version else -1

    def _read(self, name):
        """Read a copy into the buffer; return the length of its payload, -1 where it is not good."""
        buf = self._buf
        count = self._hal.read_file(name, buf)
        if count is None or count < HEADER_BYTES + CRC_BYTES or buf[0] != MAGIC:
            return -1
        if count != HEADER_BYTES + (buf[4] | buf[5] << 8) + CRC_BYTES or binascii.crc32(memoryview(buf)[:count]) != wire.CRC_RESIDUE:
            return -1
        return count - HEADER_BYTES - CRC_BYTES

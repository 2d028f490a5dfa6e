"""Flash that loses power, and the kinds of records that a robot keeps there, for the tests of its store. Common dialect."""

import binascii
import struct

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.image import MAX_IMAGE_BYTES
from petitpas_robot.store import MAGIC, Store
from tests.firmware.fakes import FakeHal


class PowerCut(Exception):
    pass


def truncated(new, old, cut):
    return new[:cut]


def over_garbage(new, old, cut):
    return new[:cut] + b"\xa7\x01" * (len(new) // 2) + b"\x5a" * 40


def over_erased(new, old, cut):
    return new[:cut] + b"\xff" * (len(new) - cut)


def over_old(new, old, cut):
    return new[:cut] + old[cut:]


WAYS = (truncated, over_garbage, over_erased, over_old)


class Flash(FakeHal):
    """Files that can be cut: `cut` bytes of the next write are made, the rest is as `way` says; None for a write that is whole."""

    def __init__(self, files=None):
        super().__init__()
        self.files = {} if files is None else files
        self.cut = None
        self.way = truncated
        self.whole = b""  # what the last write wanted
        self.written = []

    def write_file(self, name, buf, count):
        self.written.append(name)
        self.whole = bytes(memoryview(buf)[:count])
        if self.cut is None:
            self.files[name] = self.whole
            return True
        self.files[name] = self.way(self.whole, self.files.get(name, b""), self.cut)
        raise PowerCut()


class Settings:
    """One kind of record: how it is saved and read, and values to tell apart, of different lengths where that can be."""

    name = "settings"
    none = (0, 0, 0, 100)
    values = ((1, -2, 3, 50), (-1000, 1000, 0, 0), (256, 257, -258, 100))

    def save(self, store, value):
        store.save_settings(*value)

    def read(self, store):
        return store.settings()


class Identity:
    name = "identity"
    none = None
    values = ((b"lapin", o.COLOUR_PINK, o.SHAPE_STAR, 3), ("hérisson".encode(), 1, 0, 255), (b"a" * 24, o.COLOUR_GREEN, o.SHAPE_MOON, 0))

    def save(self, store, value):
        store.save_identity(*value)

    def read(self, store):
        return store.identity()


class Slot:
    none = b""
    values = (bytes(range(40)), bytes(range(200, 230)), bytes(range(100, 155)))

    def __init__(self, slot):
        self.slot = slot
        self.name = "slot" + str(slot)

    def save(self, store, value):
        store.save_program(self.slot, bytearray(value), len(value))

    def read(self, store):
        into = bytearray(MAX_IMAGE_BYTES)
        return bytes(into[: store.read_program(self.slot, into)])


KINDS = (Settings(), Identity(), Slot(0), Slot(wire.SLOTS - 1))


def keep(hal, kind, value):
    """Save a value with a store that has just woken up, and write it."""
    store = Store(hal)
    kind.save(store, value)
    store.tick(True)
    assert not store.waiting


def kept(hal, kind):
    """Return what a store reads that has just woken up."""
    return kind.read(Store(hal))


def is_cut(hal, kind, value):
    """Save a value and say whether the power was cut."""
    try:
        keep(hal, kind, value)
    except PowerCut:
        return True
    return False


def record(version, sequence, payload):
    """Return a good copy."""
    data = struct.pack("<BBHH", MAGIC, version, sequence, len(payload)) + payload
    return data + struct.pack("<I", binascii.crc32(data) & 0xFFFFFFFF)

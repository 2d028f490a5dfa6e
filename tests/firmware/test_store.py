"""What a robot keeps: two copies, power that fails at any byte, flipped bits, versions. Common dialect."""

import binascii
import struct

from petitpas_robot import wire
from petitpas_robot.image import MAX_IMAGE_BYTES
from petitpas_robot.store import MAGIC, NAMES, Store, are_settings, is_identity
from tests.firmware.records import KINDS, WAYS, Flash, Settings, Slot, is_cut, keep, kept, over_old, record

# --- Keeping ------------------------------------------------------------------------------------------------------


def test_a_new_robot_keeps_nothing():
    for kind in KINDS:
        assert kept(Flash(), kind) == kind.none


def test_what_is_saved_is_read_again():
    for kind in KINDS:
        hal = Flash()
        for value in kind.values * 3:
            keep(hal, kind, value)
            assert kept(hal, kind) == value
        assert sorted(hal.files) == [kind.name + ".0", kind.name + ".1"]


def test_records_do_not_disturb_each_other():
    hal = Flash()
    for turn in range(3):
        for kind in KINDS:
            keep(hal, kind, kind.values[turn])
    for kind in KINDS:
        assert kept(hal, kind) == kind.values[2]


def test_there_are_at_least_four_slots_to_save_in():
    assert wire.SLOTS >= 5
    assert NAMES == ("settings", "identity", "slot0", "slot1", "slot2", "slot3", "slot4")
    hal = Flash()
    for slot in range(wire.SLOTS):
        keep(hal, Slot(slot), bytes([slot]) * 30)
    for slot in range(wire.SLOTS):
        assert kept(hal, Slot(slot)) == bytes([slot]) * 30


def test_the_longest_program():
    hal = Flash()
    image = bytes([number * 7 & 0xFF for number in range(MAX_IMAGE_BYTES)])
    keep(hal, Slot(1), image)
    keep(hal, Slot(1), bytes(reversed(image)))
    assert kept(hal, Slot(1)) == bytes(reversed(image))


def test_copies_take_turns():
    hal = Flash()
    for number in range(6):
        keep(hal, KINDS[0], (number + 1, 0, 0, 0))
    assert hal.written == ["settings.0", "settings.1"] * 3


def test_what_is_kept_already_is_not_written_again():
    for kind in KINDS:
        hal = Flash()
        for _ in range(5):
            keep(hal, kind, kind.values[0])
        assert len(hal.written) == 1
        keep(hal, kind, kind.values[1])
        keep(hal, kind, kind.values[0])
        assert len(hal.written) == 3


def test_the_sequence_wraps():
    hal = Flash({"settings.0": record(1, 0xFFFE, struct.pack("<hhhB", 9, 0, 0, 0))})
    for number in range(5):
        keep(hal, KINDS[0], (number, 0, 0, 0))
        assert kept(hal, KINDS[0]) == (number, 0, 0, 0)
    assert sorted([int.from_bytes(data[2:4], "little") for data in hal.files.values()]) == [2, 3]


# --- Waiting ------------------------------------------------------------------------------------------------------


def test_nothing_is_written_while_the_robot_is_busy():
    hal = Flash()
    store = Store(hal)
    for kind in KINDS:
        kind.save(store, kind.values[0])
    for _ in range(10):
        store.tick(False)
    assert hal.files == {}
    assert store.waiting


def test_one_record_a_tick():
    hal = Flash()
    store = Store(hal)
    for kind in KINDS:
        kind.save(store, kind.values[0])
    for count in range(1, len(KINDS) + 1):
        assert store.waiting
        store.tick(True)
        assert len(hal.written) == count
    assert not store.waiting
    store.tick(True)
    assert len(hal.written) == len(KINDS)


def test_what_waits_is_said_at_once():
    for kind in KINDS[:2]:
        store = Store(Flash())
        kind.save(store, kind.values[1])
        assert kind.read(store) == kind.values[1]


def test_the_last_that_was_saved_is_kept():
    for kind in KINDS:
        hal = Flash()
        store = Store(hal)
        for value in kind.values:
            kind.save(store, value)
        store.tick(True)
        assert kept(hal, kind) == kind.values[-1]
        assert len(hal.written) == 1


# --- Power that fails ---------------------------------------------------------------------------------------------


def check_cut(hal, kind, old, new, way, cut):
    """Cut a write of `new` over `old`; the files are as before when this returns."""
    files = hal.files.copy()
    hal.way, hal.cut = way, cut
    assert is_cut(hal, kind, new)
    hal.cut = None
    is_whole = hal.files[hal.written[-1]] == hal.whole
    assert kept(hal, kind) == (new if is_whole else old), (kind.name, way, cut)
    keep(hal, kind, new)
    assert kept(hal, kind) == new
    hal.files = files
    hal.written = []
    return is_whole


def size(kind, value):
    """Return how many bytes a copy has."""
    hal = Flash()
    keep(hal, kind, value)
    return len(hal.whole)


def test_power_cut_at_every_byte_of_the_first_write():
    for kind in KINDS:
        for way in WAYS:
            for cut in range(size(kind, kind.values[0])):
                assert not check_cut(Flash(), kind, kind.none, kind.values[0], way, cut)


def test_power_cut_at_every_byte_of_later_writes():
    for kind in KINDS:
        for before in (1, 2, 3):
            hal = Flash()
            for value in (kind.values * 2)[:before]:
                keep(hal, kind, value)
            old, new = (kind.values * 2)[before - 1 : before + 1]
            for way in WAYS:
                done = 0
                for cut in range(size(kind, new) + 1):
                    done += check_cut(hal, kind, old, new, way, cut)
                assert done <= 1 or way is over_old  # there the bytes that are missing may be right by chance


def test_power_cut_again_and_again():
    for kind in KINDS:
        hal = Flash()
        keep(hal, kind, kind.values[0])
        for cut in range(12):
            hal.way, hal.cut = WAYS[cut % 4], cut
            assert is_cut(hal, kind, kind.values[1])
            assert kept(hal, kind) == kind.values[0]
        hal.cut = None
        keep(hal, kind, kind.values[1])
        assert kept(hal, kind) == kind.values[1]


# --- Damage -------------------------------------------------------------------------------------------------------


def test_a_flipped_bit_anywhere_is_noticed():
    for kind in KINDS:
        hal = Flash()
        keep(hal, kind, kind.values[0])
        keep(hal, kind, kind.values[1])
        for name, other in ((kind.name + ".0", kind.values[1]), (kind.name + ".1", kind.values[0])):
            good = hal.files[name]
            for bit in range(8 * len(good)):
                bad = bytearray(good)
                bad[bit >> 3] ^= 1 << (bit & 7)
                hal.files[name] = bytes(bad)
                assert kept(hal, kind) == other, (name, bit)
            hal.files[name] = good


def test_where_both_copies_are_damaged_nothing_is_read_and_the_next_save_works():
    for kind in KINDS:
        hal = Flash()
        keep(hal, kind, kind.values[0])
        keep(hal, kind, kind.values[1])
        for name in hal.files:
            hal.files[name] = hal.files[name][:-1] + bytes([hal.files[name][-1] ^ 1])
        assert kept(hal, kind) == kind.none
        keep(hal, kind, kind.values[2])
        assert kept(hal, kind) == kind.values[2]


def test_a_damaged_copy_is_the_next_to_be_written():
    hal = Flash()
    for value in Settings.values:
        keep(hal, KINDS[0], value)  # the last one in .0
    hal.files["settings.0"] = b""
    keep(hal, KINDS[0], (7, 7, 7, 7))
    assert hal.written[-1] == "settings.0"
    assert kept(hal, KINDS[0]) == (7, 7, 7, 7)


def test_any_bytes_are_no_record():
    for data in (b"", b"\0" * 20, b"\xff" * 20, bytes([MAGIC]) * 300, b"\0" * 9000, bytes([MAGIC, 1, 0, 0, 0, 0])):
        for kind in KINDS:
            assert kept(Flash({kind.name + ".0": data, kind.name + ".1": data}), kind) == kind.none


def test_a_copy_says_how_long_it_is():
    data = struct.pack("<BBHH", MAGIC, 1, 0, 6) + bytes(7)
    data += struct.pack("<I", binascii.crc32(data) & 0xFFFFFFFF)
    assert kept(Flash({"settings.0": data}), KINDS[0]) == KINDS[0].none


def test_a_program_that_is_not_there_leaves_the_buffer_alone():
    into = bytearray(b"x" * MAX_IMAGE_BYTES)
    assert Store(Flash()).read_program(3, into) == 0
    assert into == b"x" * MAX_IMAGE_BYTES


# --- A flash that does not write ------------------------------------------------------------------------------------


class FullFlash(Flash):
    def write_file(self, name, buf, count):
        self.written.append(name)
        raise OSError(28)


class NoFlash(Flash):
    def write_file(self, name, buf, count):
        self.written.append(name)
        return False


def test_a_write_that_is_not_done_is_known_and_not_repeated():
    for flash in (FullFlash, NoFlash):
        files = {}
        keep(Flash(files), Slot(1), b"old program")
        hal = flash(files)
        store = Store(hal)
        store.save_program(1, bytearray(b"new"), 3)
        for _ in range(5):
            store.tick(True)
        assert len(hal.written) == 1
        assert store.has_failed(1)
        assert not store.has_failed(0)
        assert kept(hal, Slot(1)) == b"old program"


def test_a_write_that_is_done_later_is_no_failure_any_more():
    hal = NoFlash()
    store = Store(hal)
    store.save_program(2, bytearray(b"new"), 3)
    store.tick(True)
    hal.write_file = lambda name, buf, count: True
    store.save_program(2, bytearray(b"new"), 3)
    store.tick(True)
    assert not store.has_failed(2)


# --- Versions and ranges --------------------------------------------------------------------------------------------


def test_an_older_shorter_payload_is_read_and_the_rest_is_as_in_a_new_robot():
    hal = Flash({"settings.1": record(0, 5, struct.pack("<hh", 12, -34))})
    assert kept(hal, KINDS[0]) == (12, -34, 0, 100)


def test_a_newer_version_is_not_read_but_followed():
    for kind, version in ((KINDS[0], 2), (KINDS[1], 2), (KINDS[2], 2), (KINDS[0], 255)):
        hal = Flash()
        keep(hal, kind, kind.values[0])
        hal.files[kind.name + ".1"] = record(version, 2, b"what a newer robot keeps")
        assert kept(hal, kind) == kind.none
        keep(hal, kind, kind.values[1])
        assert hal.written[-1] == kind.name + ".0"
        assert kept(hal, kind) == kind.values[1]


def test_a_good_record_with_values_that_no_robot_saves_is_not_used():
    assert kept(Flash({"settings.0": record(1, 0, struct.pack("<hhhB", 1001, 0, 0, 0))}), KINDS[0]) == KINDS[0].none
    for payload in (b"\1\0\0\5lapi", b"\0\0\0\5lapin", b"\1\0\0\0", b"\1\0", b"\1\x63\0\5lapin", b"\1\0\0\2\xff\xff"):
        assert kept(Flash({"identity.0": record(1, 0, payload)}), KINDS[1]) is None, payload


def test_ranges():
    assert are_settings(1000, -1000, 0, 100) and are_settings(0, 0, 0, 0)
    for bad in ((1001, 0, 0, 0), (0, -1001, 0, 0), (0, 0, 1001, 0), (0, 0, 0, 101)):
        assert not are_settings(*bad), bad
    assert is_identity("é".encode() * 12, 1, 0)
    for bad in ((b"", 1, 0), (b"a" * 25, 1, 0), (b"\xff", 1, 0), (b"a", 0, 0), (b"a", 8, 0), (b"a", 1, 7)):
        assert not is_identity(*bad), bad

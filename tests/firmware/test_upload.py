"""Programs on their way into a robot: pieces of any size, what is missing, damaged, too long or cannot be done. Common dialect."""

import struct

from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from tests.firmware.assembler import go, mark
from tests.firmware.fakes import Desk, glider, kit

CELL = 1500
WALK = go(mark(0), mark(1), (o.OP_FORWARD, 2), mark(2), (o.OP_LIGHT, 3))
LONG = go(*[(o.OP_LIGHT, number % 8) for number in range(400)])
WAITING = go(mark(0), mark(1), (o.OP_WAIT, 60000))


def piece(image, at, end, total=None):
    return struct.pack("<HH", len(image) if total is None else total, at) + image[at:end]


def test_load_in_pieces_of_any_size():
    for size in (1, 7, 100, wire.PIECE_BYTES):
        desk = Desk()
        assert desk.load(LONG, size) == o.FAULT_NONE
        assert bytes(desk.app.memory.read(0, 9999)) == LONG


def test_load_says_how_much_has_come():
    desk = Desk()
    assert desk.ask(wire.LOAD, piece(LONG, 0, 100)) == (o.FAULT_NONE, struct.pack("<H", 100))
    assert desk.ask(wire.LOAD, piece(LONG, 100, 180)) == (o.FAULT_NONE, struct.pack("<H", 180))


def test_a_piece_that_is_missing_is_said():
    desk = Desk()
    desk.ask(wire.LOAD, piece(LONG, 0, 100))
    assert desk.ask(wire.LOAD, piece(LONG, 200, 300)) == (o.FAULT_OFFSET, struct.pack("<H", 100))
    assert desk.ask(wire.LOAD, piece(LONG, 100, 200)) == (o.FAULT_NONE, struct.pack("<H", 200))
    assert desk.ask(wire.LOAD, piece(LONG, 50, 100)) == (o.FAULT_OFFSET, struct.pack("<H", 200))
    assert desk.load(LONG) == o.FAULT_NONE


def test_an_image_longer_than_the_memory_is_refused_at_once():
    desk = Desk()
    desk.load(WALK)
    total = layout.MAX_IMAGE_BYTES + 1
    assert desk.ask(wire.LOAD, struct.pack("<HH", total, 0) + bytes(100))[0] == o.FAULT_TOO_LONG
    assert desk.ask(wire.LOAD, struct.pack("<HH", 65535, 65535) + bytes(100))[0] == o.FAULT_TOO_LONG
    assert desk.ask(wire.LOAD, struct.pack("<HH", 50, 0) + bytes(51))[0] == o.FAULT_TOO_LONG
    assert bytes(desk.app.memory.read(0, 9999)) == WALK


def test_a_bad_image_leaves_the_old_program():
    for bad, fault in (
        (LONG[:-1] + bytes([LONG[-1] ^ 1]), o.FAULT_IMAGE_DAMAGED),
        (LONG[:300], o.FAULT_IMAGE_DAMAGED),
        (go((o.OP_GO_UP, 1)), o.FAULT_UNSUPPORTED),
    ):
        desk = Desk()
        desk.load(WALK)
        assert desk.load(bad) == fault
        assert bytes(desk.app.memory.read(0, 9999)) == WALK
        assert desk.run() == o.FAULT_NONE
        assert desk.hal.moves == [(2 * CELL, 2 * CELL)]


def test_an_upload_that_stops_in_the_middle_leaves_the_old_program():
    desk = Desk()
    desk.load(WALK)
    desk.ask(wire.LOAD, piece(LONG, 0, 200))
    assert desk.run() == o.FAULT_NONE
    assert desk.hal.moves == [(2 * CELL, 2 * CELL)]


def test_an_upload_can_begin_again():
    desk = Desk()
    desk.ask(wire.LOAD, piece(WALK, 0, 10))
    assert desk.load(LONG) == o.FAULT_NONE
    assert bytes(desk.app.memory.read(0, 9999)) == LONG


def test_no_upload_and_no_second_run_while_a_program_runs():
    desk = Desk()
    desk.play(WAITING)
    assert desk.load(WALK) == o.FAULT_BUSY
    assert desk.run() == o.FAULT_BUSY
    assert desk.direct(WALK) == o.FAULT_BUSY
    assert bytes(desk.app.memory.read(0, 9999)) == WAITING
    assert desk.ask(wire.STOP)[0] == o.FAULT_NONE
    assert desk.load(WALK) == o.FAULT_NONE


def test_run_without_a_program():
    assert Desk().run() == o.FAULT_NO_PROGRAM


def test_direct_leaves_the_program_alone():
    desk = Desk()
    desk.load(WALK)
    assert desk.direct(go(mark(0), (o.OP_LIGHT, 5)), heading_deg=90) == o.FAULT_NONE
    desk.tick()
    assert desk.hal.lights[-1] == 5
    assert desk.events[-1][:3] == ("finished", 1, o.HOW_DONE)
    assert desk.app.drive.heading_deg == 90
    assert bytes(desk.app.memory.read(0, 9999)) == WALK
    desk.image = WALK
    assert desk.run() == o.FAULT_NONE
    assert desk.hal.moves == [(2 * CELL, 2 * CELL)]


def test_a_bad_direct_image_is_refused():
    desk = Desk()
    bad = WALK[:-1] + bytes([WALK[-1] ^ 1])
    assert desk.direct(bad) == o.FAULT_IMAGE_DAMAGED
    assert desk.app.vm.how == o.HOW_DONE


def test_the_kit_decides_what_is_supported():
    assert Desk(glider()).load(go((o.OP_GO_UP, 1))) == o.FAULT_NONE
    assert Desk(glider()).load(go((o.OP_FORWARD, 1))) == o.FAULT_UNSUPPORTED
    assert Desk(kit(can=["roll"])).load(go((o.OP_LIGHT, 1))) == o.FAULT_UNSUPPORTED

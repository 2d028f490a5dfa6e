"""A whole robot and what it keeps: programs, identity, settings, and the song that says who it is. Common dialect."""

import struct

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.song import GAP_MS, NOTE_MS, SONGS
from tests.firmware.assembler import go, mark
from tests.firmware.fakes import Desk, glider, kit

CELL = 1500
WALK = go(mark(0), mark(1), (o.OP_FORWARD, 2))
SHINE = go(mark(0), mark(1), (o.OP_LIGHT, 3))
WAITING = go(mark(0), mark(1), (o.OP_WAIT, 60000))
FOX = bytes([o.COLOUR_ORANGE, o.SHAPE_STAR, 3, 6]) + b"renard"


def reboot(desk, a_kit=None):
    """Return a robot that wakes up with what another one kept."""
    return Desk(a_kit, files=desk.hal.files)


def memory(desk):
    """Return the program in memory, as the host reads it."""
    return desk.ask(wire.READ, struct.pack("<HB", 0, 240))[1][2:]


def ask(desk, kind, *values):
    """Ask with bytes and return the fault."""
    return desk.ask(kind, bytes(values))[0]


# --- Programs -----------------------------------------------------------------------------------------------------


def test_a_program_is_there_again_after_power_has_gone():
    desk = Desk()
    desk.load(WALK)
    desk.tick(2)
    desk = reboot(desk)
    assert memory(desk) == WALK
    assert desk.run() == o.FAULT_NONE
    assert desk.hal.moves == [(2 * CELL, 2 * CELL)]


def test_hello_tells_the_checksum_of_what_was_kept():
    desk = Desk()
    desk.load(WALK)
    desk.tick()
    desk = reboot(desk)
    assert WALK[-4:] in desk.ask(wire.HELLO, b"abcd")[1]


def test_a_program_is_kept_when_the_robot_rests_and_not_before():
    desk = Desk()
    desk.hal.holding = True
    desk.load(WALK)
    desk.tick(50)
    assert desk.hal.files == {}
    assert desk.run() == o.FAULT_NONE
    desk.hal.holding = False
    desk.tick(50)
    assert desk.hal.files == {}
    desk.hal.arrive()
    desk.hal.holding = True  # the coils are still on
    desk.tick(30)
    assert desk.hal.files == {}
    assert desk.app.until(desk.now_ms) == 0
    desk.hal.holding = False
    desk.tick()
    assert list(desk.hal.files) == ["slot0.0"]
    assert desk.app.until(desk.now_ms) is None
    assert memory(reboot(desk)) == WALK


def test_only_a_good_program_is_kept():
    desk = Desk()
    desk.load(WALK)
    desk.tick()
    assert desk.load(SHINE[:-1] + bytes([SHINE[-1] ^ 1])) == o.FAULT_IMAGE_DAMAGED
    desk.tick(5)
    assert memory(reboot(desk)) == WALK


def test_a_program_that_this_kit_cannot_do_is_not_taken_up():
    desk = Desk()
    desk.load(WALK)
    desk.tick()
    desk = reboot(desk, glider())
    assert desk.run() == o.FAULT_NO_PROGRAM
    assert desk.ask(wire.FETCH, b"\0")[0] == o.FAULT_UNSUPPORTED


def test_slots():
    desk = Desk()
    images = [go(mark(0), (o.OP_LIGHT, number)) for number in range(1, wire.SLOTS)]
    for slot in range(1, wire.SLOTS):
        assert desk.load(images[slot - 1]) == o.FAULT_NONE
        assert ask(desk, wire.SAVE, slot) == o.FAULT_NONE
    desk.load(WALK)
    desk.tick()
    for _ in range(2):
        for slot in range(1, wire.SLOTS):
            assert ask(desk, wire.FETCH, slot) == o.FAULT_NONE
            assert memory(desk) == images[slot - 1]
            desk.tick(2)
            assert memory(reboot(desk)) == images[slot - 1]  # what was fetched is what is there again
        desk = reboot(desk)


def test_save_is_kept_when_it_is_answered():
    desk = Desk()
    desk.load(WALK)
    assert ask(desk, wire.SAVE, 2) == o.FAULT_NONE
    desk = reboot(desk)
    assert ask(desk, wire.FETCH, 2) == o.FAULT_NONE
    assert memory(desk) == WALK


def test_save_switches_the_motors_off_first():
    desk = Desk()
    desk.load(WALK)
    halts = desk.hal.halts
    desk.ask(wire.SAVE, b"\1")
    assert desk.hal.halts == halts + 1
    desk.hal.holding = True  # motors that cannot be switched off
    desk.load(SHINE)
    assert ask(desk, wire.SAVE, 1) == o.FAULT_BUSY
    desk.hal.holding = False
    desk.tick()
    assert ask(desk, wire.FETCH, 1) == o.FAULT_NONE
    assert memory(desk) == WALK


def test_save_and_fetch_of_what_is_not_there():
    desk = Desk()
    assert ask(desk, wire.SAVE, 1) == o.FAULT_NO_PROGRAM
    assert ask(desk, wire.FETCH, 1) == o.FAULT_NO_PROGRAM
    assert ask(desk, wire.FETCH, 0) == o.FAULT_NO_PROGRAM
    desk.load(WALK)
    for slot in (wire.SLOTS, 255):
        assert ask(desk, wire.SAVE, slot) == o.FAULT_SLOT
        assert ask(desk, wire.FETCH, slot) == o.FAULT_SLOT
    assert ask(desk, wire.FETCH, 1) == o.FAULT_NO_PROGRAM
    assert ask(desk, wire.FETCH, 0) == o.FAULT_NONE
    assert memory(desk) == WALK


def test_nothing_is_saved_fetched_or_changed_while_a_program_runs():
    desk = Desk()
    desk.play(WAITING)
    files = desk.hal.files.copy()
    for request in (b"\1", b"\0"):
        assert desk.ask(wire.SAVE, request)[0] == o.FAULT_BUSY
        assert desk.ask(wire.FETCH, request)[0] == o.FAULT_BUSY
    assert ask(desk, wire.WHO) == o.FAULT_BUSY
    assert desk.ask(wire.IDENTITY, FOX) == (o.FAULT_BUSY, bytes([o.COLOUR_WHITE, 0, 0, 5]) + b"lapin")
    assert desk.ask(wire.SETTINGS, bytes(7))[0] == o.FAULT_BUSY
    assert desk.ask(wire.SETTINGS)[0] == o.FAULT_NONE
    desk.tick(10)
    assert desk.hal.files == files
    assert desk.app.vm.how == o.HOW_RUNNING


def test_fetch_begins_an_upload_anew():
    desk = Desk()
    desk.load(WALK)
    desk.ask(wire.SAVE, b"\1")
    desk.ask(wire.LOAD, struct.pack("<HH", len(SHINE), 0) + SHINE[:10])
    assert ask(desk, wire.FETCH, 1) == o.FAULT_NONE
    assert desk.ask(wire.LOAD, struct.pack("<HH", len(SHINE), 10) + SHINE[10:]) == (o.FAULT_OFFSET, b"\0\0")
    assert memory(desk) == WALK


def test_a_store_that_writes_nothing_is_said():
    desk = Desk()
    desk.hal.write_file = lambda name, buf, count: False
    desk.load(WALK)
    assert ask(desk, wire.SAVE, 1) == o.FAULT_STORE
    assert memory(desk) == WALK
    assert desk.run() == o.FAULT_NONE


# --- Identity ------------------------------------------------------------------------------------------------------


def test_an_identity_is_assigned_and_stays():
    desk = Desk()
    assert desk.ask(wire.IDENTITY) == (o.FAULT_NONE, bytes([o.COLOUR_WHITE, o.SHAPE_CIRCLE, 0, 5]) + b"lapin")
    assert desk.ask(wire.IDENTITY, FOX) == (o.FAULT_NONE, FOX)
    assert b"\6renard" in desk.ask(wire.HELLO, b"abcd")[1]
    desk.tick()
    desk = reboot(desk)
    assert desk.ask(wire.IDENTITY) == (o.FAULT_NONE, FOX)
    hello = desk.ask(wire.HELLO, b"abcd")[1]
    assert b"\6renard" in hello and b"lapin" not in hello


def test_an_identity_that_cannot_be():
    desk = Desk()
    desk.ask(wire.IDENTITY, FOX)
    for bad, fault in (
        (b"\1\0\0\6lapin", o.FAULT_MESSAGE),
        (b"\1\0\0\4lapin", o.FAULT_MESSAGE),
        (b"\1\0\0\0", o.FAULT_VALUE),
        (b"\1", o.FAULT_MESSAGE),
        (b"\1\0\0\x19" + b"a" * 25, o.FAULT_VALUE),
        (b"\0\0\0\5lapin", o.FAULT_VALUE),
        (b"\1\7\0\5lapin", o.FAULT_VALUE),
        (b"\1\0\0\2\xc3\x28", o.FAULT_VALUE),
    ):
        assert desk.ask(wire.IDENTITY, bad) == (fault, FOX), bad
    desk.tick(3)
    assert reboot(desk).ask(wire.IDENTITY)[1] == FOX


# --- Settings -------------------------------------------------------------------------------------------------------


def test_settings_hold_at_once_and_after_power_has_gone():
    desk = Desk()
    desk.load(WALK)
    assert desk.ask(wire.SETTINGS) == (o.FAULT_NONE, struct.pack("<hhhB", 0, 0, 0, 100))
    body = struct.pack("<hhhB", 100, -200, 300, 40)
    assert desk.ask(wire.SETTINGS, body) == (o.FAULT_NONE, body)
    moved = [(2 * 1477, 2 * 1463)]  # 1500 less 2 %, and half a percent of that more and less, in whole steps a cell
    desk.run()
    assert desk.hal.moves == moved
    desk.ask(wire.STOP)
    desk.tick(3)
    desk = reboot(desk)
    assert desk.ask(wire.SETTINGS)[1] == body
    desk.run()
    assert desk.hal.moves == moved


def test_settings_out_of_range():
    desk = Desk()
    good = struct.pack("<hhhB", 1000, -1000, 0, 0)
    assert desk.ask(wire.SETTINGS, good) == (o.FAULT_NONE, good)
    for bad in (struct.pack("<hhhB", 1001, 0, 0, 0), struct.pack("<hhhB", 0, 0, -32768, 0), struct.pack("<hhhB", 0, 0, 0, 101)):
        assert desk.ask(wire.SETTINGS, bad) == (o.FAULT_VALUE, good)
    for bad in (good[:6], good + b"\0"):
        assert desk.ask(wire.SETTINGS, bad) == (o.FAULT_MESSAGE, good)


def test_volume_reaches_the_buzzer_at_once_and_again_after_the_power_has_gone():
    desk = Desk()
    desk.ask(wire.SETTINGS, struct.pack("<hhhB", 0, 0, 0, 35))
    assert desk.hal.volumes[-1] == 35
    desk.tick(3)
    desk = reboot(desk)
    assert desk.hal.volumes[-1] == 35


def test_without_volume_no_sound_and_the_same_time():
    desk = Desk()
    desk.ask(wire.SETTINGS, bytes(7))
    desk.play(go(mark(0), (o.OP_BEEP,), (o.OP_NOTE, 69, 200), (o.OP_LIGHT, 1)))
    desk.tick(48)
    assert desk.hal.lights == [o.COLOUR_OFF]
    desk.tick(4)
    assert desk.hal.lights == [o.COLOUR_OFF, 1]
    assert [hz for hz, _ in desk.hal.tones if hz] == []


# --- Who is it? -----------------------------------------------------------------------------------------------------


def test_who_blinks_and_sings():
    desk = Desk()
    desk.ask(wire.IDENTITY, FOX)
    desk.tick(2)
    assert desk.ask(wire.WHO) == (o.FAULT_NONE, b"")
    notes = len(SONGS[3])
    desk.tick((NOTE_MS + GAP_MS) * notes // 10 + 2)
    assert desk.hal.lights == [o.COLOUR_ORANGE, o.COLOUR_OFF] * notes + [o.COLOUR_OFF]
    assert len([hz for hz, _ in desk.hal.tones if hz]) == notes
    assert desk.hal.tones[:3] == [(523, NOTE_MS), (587, NOTE_MS), (659, NOTE_MS)]
    assert desk.app.until(desk.now_ms) is None


def test_a_song_is_heard_in_time_when_ticks_are_left_out():
    desk = Desk()
    desk.ask(wire.WHO)
    ticks = 0
    while desk.app.song.is_playing:
        wait = desk.app.until(desk.now_ms)
        assert 0 < wait <= NOTE_MS
        desk.tick((wait + 9) // 10)
        ticks += 1
        assert ticks < 50
    assert ticks == 2 * len(SONGS[0])


def test_after_the_song_the_lights_are_as_they_were():
    desk = Desk()
    desk.play(SHINE)
    desk.tick(5)
    for _ in range(2):
        desk.ask(wire.WHO)
        desk.tick(30)
    desk.tick(300)
    assert desk.hal.lights[-1] == 3


def test_every_song_is_short_and_of_its_own():
    assert len(set(SONGS)) == len(SONGS) == 12
    for song in SONGS:
        assert len(song) * (NOTE_MS + GAP_MS) <= 2000
        assert all(60 <= pitch <= 96 for pitch in song)
    assert NOTE_MS < 500


def test_a_run_and_stop_end_the_song():
    for request in ("run", "stop"):
        desk = Desk()
        desk.load(WALK)
        desk.ask(wire.WHO)
        desk.tick(5)
        if request == "run":
            desk.run()
        else:
            desk.ask(wire.STOP)
        assert not desk.app.song.is_playing
        assert desk.hal.lights[-1] == o.COLOUR_OFF
        assert desk.hal.tones[-1] == (0, 0)
        seen = len(desk.hal.tones), len(desk.hal.lights)
        desk.tick(100)
        assert (len(desk.hal.tones), len(desk.hal.lights)) == seen


def test_nothing_is_written_while_it_sings():
    desk = Desk()
    desk.ask(wire.WHO)
    desk.load(WALK)
    desk.tick(50)
    assert desk.app.song.is_playing
    assert desk.hal.files == {}
    desk.tick(200)
    assert list(desk.hal.files) == ["slot0.0"]


def test_a_kit_without_lights_or_sound_says_what_it_can():
    desk = Desk(kit(can=["roll"]))
    assert ask(desk, wire.WHO) == o.FAULT_NONE
    desk.tick(300)
    assert desk.hal.lights == [] and desk.hal.tones == []
    assert not desk.app.song.is_playing

"""The robot's side of the conversation: numbers, HELLO, the bounded way out, any bytes. Common dialect."""

import struct

from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from petitpas_robot import session, wire
from tests.firmware.assembler import go, mark
from tests.firmware.fakes import Desk, frame

LIGHT = go(mark(0), (o.OP_LIGHT, 3))
LONG = go(mark(0), mark(1), (o.OP_FORWARD, 9))
REQUESTS = (
    wire.LOAD,
    wire.RUN,
    wire.DIRECT,
    wire.PAUSE,
    wire.RESUME,
    wire.STEP,
    wire.STOP,
    wire.PING,
    wire.READ,
    wire.TELEMETRY,
    wire.MAINTENANCE,
)


# --- HELLO --------------------------------------------------------------------------------------------------------


def identity(body):
    """Return the fields of HELLO's reply: the fixed ones, then kit, name and state."""
    fixed = struct.unpack_from("<IBBBBHBHI", body)
    at = 17
    kit_end = at + 1 + body[at]
    name_end = kit_end + 1 + body[kit_end]
    return fixed, body[at + 1 : kit_end], body[kit_end + 1 : name_end], struct.unpack("<IBBBBHH", body[name_end:])


def test_hello_says_who_and_what():
    desk = Desk(hello=False)
    fault, body = desk.ask(wire.HELLO, b"\x78\x56\x34\x12")
    fixed, kit, name, state = identity(body)
    assert fault == o.FAULT_NONE
    assert fixed == (
        0x12345678,
        wire.PROTOCOL_MAJOR,
        wire.PROTOCOL_MINOR,
        layout.VERSION,
        8,
        layout.MAX_IMAGE_BYTES,
        wire.PIECE_BYTES,
        desk.app.can,
        0,
    )
    assert (bytes(kit), bytes(name)) == (b"roller", b"lapin")
    assert state == (desk.now_ms, wire.STATE_IDLE, 0, o.HOW_DONE, o.FAULT_NONE, wire.NO_BLOCK, 0)


def test_hello_tells_the_program_in_memory_by_its_checksum():
    desk = Desk()
    desk.load(LIGHT)
    fixed, _, _, _ = identity(desk.ask(wire.HELLO, b"abcd")[1])
    assert fixed[-1] == int.from_bytes(LIGHT[-4:], "little")


def test_before_hello_everything_is_refused_and_nothing_done():
    for kind in REQUESTS:
        desk = Desk(hello=False)
        assert desk.ask(kind, b"\0\0\0\0\0\0") == (o.FAULT_HELLO_FIRST, b"")
        assert desk.ask(kind)[0] == o.FAULT_HELLO_FIRST
        assert desk.hal.moves == desk.hal.lights == []
    desk.ask(wire.HELLO, b"abcd")
    assert desk.ask(wire.PING)[0] == o.FAULT_NONE


def test_a_hello_that_is_repeated_gets_the_same_reply():
    desk = Desk(hello=False)
    hello = frame(wire.HELLO, 1, b"abcd")
    for _ in range(3):
        desk.say(hello)
        desk.tick()
    assert len(desk.replies) == 3
    assert desk.replies[0] == desk.replies[1] == desk.replies[2]


def test_a_new_hello_begins_the_numbers_anew():
    desk = Desk()
    for _ in range(100):
        desk.ask(wire.PING)
    desk.sequence = 50  # a host that was restarted counts from anywhere
    assert desk.ask(wire.HELLO, b"wxyz")[0] == o.FAULT_NONE
    assert desk.ask(wire.PING)[0] == o.FAULT_NONE


def test_a_hello_with_an_earlier_number_but_another_nonce_is_a_new_host():
    desk = Desk()
    desk.say(frame(wire.HELLO, desk.sequence, b"abcd"))
    desk.tick()
    assert desk.replies[-1][3][:4] == b"abcd"


def test_hello_of_a_wrong_length_is_not_heard():
    desk = Desk(hello=False)
    for nonce in (b"", b"abc", b"abcde"):
        assert desk.ask(wire.HELLO, nonce) is None
    assert desk.ask(wire.PING)[0] == o.FAULT_HELLO_FIRST


def test_hello_does_not_disturb_a_run():
    desk = Desk()
    desk.play(LONG)
    _, _, _, state = identity(desk.ask(wire.HELLO, b"wxyz")[1])
    assert state[1:4] == (wire.STATE_RUNNING, 1, o.HOW_RUNNING)
    assert desk.hal.moving


# --- Numbers ------------------------------------------------------------------------------------------------------


def test_a_number_that_comes_again_does_nothing_twice():
    desk = Desk()
    desk.load(LIGHT)
    run = frame(wire.RUN, 100, struct.pack("<HHBB", 0, 0, wire.EVENTS_ALL, 0))
    desk.replies = []
    for _ in range(4):
        desk.say(run)
        desk.tick()
    assert desk.hal.lights == [o.COLOUR_OFF, 3]
    assert [event[0] for event in desk.events].count("finished") == 1
    assert desk.replies == [(100, wire.RUN, o.FAULT_NONE, b"\x01")] * 4


def test_a_number_that_comes_again_gets_the_same_reply_though_the_answer_would_differ():
    desk = Desk()
    ping = frame(wire.PING, 100)
    desk.replies = []
    desk.say(ping)
    desk.tick()
    desk.tick(50)
    desk.say(ping + ping)
    desk.tick()
    assert len(desk.replies) == 3
    assert desk.replies[0] == desk.replies[1] == desk.replies[2]


def test_the_last_of_many_repeats_of_a_load_is_one_load():
    desk = Desk()
    first, second = LONG[:10], LONG[10:]
    pieces = [
        frame(wire.LOAD, 10, struct.pack("<HH", len(LONG), 0) + first),
        frame(wire.LOAD, 11, struct.pack("<HH", len(LONG), 10) + second),
    ]
    for piece in (pieces[0], pieces[0], pieces[1], pieces[1], pieces[0]):
        desk.say(piece)
        desk.tick()
    faults = [(sequence, fault) for sequence, request, fault, _ in desk.replies if request == wire.LOAD]
    assert faults == [(10, 0), (10, 0), (11, 0), (11, 0)]  # the last is an echo from before
    desk.sequence = 11
    assert desk.run() == o.FAULT_NONE


def test_old_numbers_are_dropped_and_new_ones_heard_from_any_number():
    for last in (0, 1, 127, 128, 200, 255):
        desk = Desk(hello=False)
        desk.sequence = (last - 1) & 0xFF
        desk.ask(wire.HELLO, b"abcd")
        for behind in (1, 2, 64, 127, 128):
            desk.sequence = (last - behind - 1) & 0xFF
            assert desk.ask(wire.PING) is None, (last, behind)
        for ahead in (1, 2, 127):
            desk.sequence = (last + ahead - 1) & 0xFF
            assert desk.ask(wire.PING)[0] == o.FAULT_NONE, (last, ahead)
            last = desk.sequence


def test_more_than_256_requests():
    desk = Desk()
    for _ in range(600):
        assert desk.ask(wire.PING)[0] == o.FAULT_NONE


# --- Bodies -------------------------------------------------------------------------------------------------------


def test_bodies_of_a_wrong_length_are_a_fault():
    right = {wire.RUN: 6, wire.STEP: 1, wire.TELEMETRY: 2, wire.STOP: 0, wire.PAUSE: 0, wire.RESUME: 0, wire.PING: 0, wire.READ: 3}
    right[wire.MAINTENANCE] = 0
    for kind in right:
        for length in range(12):
            if length != right[kind]:
                assert Desk().ask(kind, bytes(length)) == (o.FAULT_MESSAGE, b""), (kind, length)
    for length in range(5):
        assert Desk().ask(wire.LOAD, bytes(length)) == (o.FAULT_MESSAGE, b"")
    for length in range(6):
        assert Desk().ask(wire.DIRECT, bytes(length)) == (o.FAULT_MESSAGE, b"")


def test_unknown_requests_are_a_fault():
    for kind in (0, 0x20, 0x3F, wire.REPLY, wire.ENTERED, 0x80, 0xFF):
        assert Desk().ask(kind) == (o.FAULT_MESSAGE, b"")


def test_a_request_may_have_the_longest_body():
    assert Desk().ask(wire.STOP, bytes(wire.MAX_PAYLOAD - 2))[0] == o.FAULT_MESSAGE


def test_read_gives_the_program_back():
    desk = Desk()
    assert desk.ask(wire.READ, struct.pack("<HB", 0, 240)) == (o.FAULT_NONE, b"\0\0")
    image = go(*[(o.OP_LIGHT, number % 8) for number in range(300)])
    desk.load(image)
    data = b""
    while len(data) < len(image):
        fault, body = desk.ask(wire.READ, struct.pack("<HB", len(data), 255))
        assert fault == o.FAULT_NONE
        assert struct.unpack_from("<H", body)[0] == len(image)
        assert 0 < len(body) - 2 <= wire.PIECE_BYTES
        data += body[2:]
    assert data == image
    assert desk.ask(wire.READ, struct.pack("<HB", 5, 3))[1][2:] == image[5:8]
    assert desk.ask(wire.READ, struct.pack("<HB", 65535, 240))[1][2:] == b""


# --- The way out ----------------------------------------------------------------------------------------------------

CHATTY = go("a", mark(0), (o.OP_LIGHT, 1), mark(1), (o.OP_WAIT, 10), (o.OP_JUMP, "a"))


def test_a_port_that_is_never_read_costs_no_memory_and_no_stop():
    desk = Desk()
    desk.play(CHATTY)
    desk.ask(wire.TELEMETRY, b"\x0a\0")
    desk.hal.takes = 0
    most = 0
    for sequence in range(400):
        desk.say(frame(wire.PING, (desk.sequence + 1 + sequence) & 0xFF))
        desk.tick()
        most = max(most, desk.app.session.tx_used)
    assert len(desk.app.session.tx) == session.TX_BYTES
    assert 512 < most <= session.TX_BYTES
    desk.sequence = (desk.sequence + 400) & 0xFF
    desk.say(frame(wire.STOP, (desk.sequence + 1) & 0xFF))
    desk.tick()
    assert desk.app.vm.how == o.HOW_STOPPED
    desk.sequence = (desk.sequence + 1) & 0xFF
    desk.replies, desk.events = [], []
    desk.hal.takes = 1 << 20
    desk.tick(3)
    assert ("finished", 1, o.HOW_STOPPED, 0, 1, 0) in desk.events  # told when there was room
    assert desk.ask(wire.PING)[0] == o.FAULT_NONE


def test_events_leave_room_for_the_longest_reply():
    desk = Desk()
    desk.play(CHATTY)
    desk.hal.takes = 0
    desk.tick(500)
    desk.sequence += 1
    desk.say(frame(wire.READ, desk.sequence, struct.pack("<HB", 0, 240)))
    desk.tick()
    desk.hal.takes = 1 << 20
    desk.replies = []
    desk.tick()
    assert [(sequence, request, fault) for sequence, request, fault, _ in desk.replies] == [(desk.sequence, wire.READ, o.FAULT_NONE)]


def test_telemetry_is_dropped_first():
    desk = Desk()
    desk.play(CHATTY)
    desk.ask(wire.TELEMETRY, b"\x0a\0")
    desk.events = []
    desk.hal.takes = 0
    desk.tick(500)
    desk.hal.takes = 1 << 20
    desk.tick()
    names = [event[0] for event in desk.events]
    assert names.count("entered") > names.count("report") > 0


def test_a_slow_port_gets_every_byte_in_order():
    for takes in (1, 2, 7):
        desk = Desk()
        desk.load(CHATTY)
        desk.hal.takes = takes
        desk.sequence += 1
        desk.say(frame(wire.READ, desk.sequence, struct.pack("<HB", 0, 240)))
        desk.sequence += 1
        desk.say(frame(wire.PING, desk.sequence))
        desk.replies = []
        desk.tick(300)
        assert [request for _, request, _, _ in desk.replies] == [wire.READ, wire.PING]
        assert desk.replies[0][3][2:] == CHATTY
        assert desk.app.session.tx_used == 0


def test_events_coalesce_to_the_last_of_a_tick():
    desk = Desk()
    loop = go(mark(0), "a", mark(1), (o.OP_LIGHT, 1), mark(2), (o.OP_LIGHT, 2), mark(3), (o.OP_WAIT, 0), (o.OP_JUMP, "a"))
    desk.play(loop)
    desk.events, desk.times = [], []
    desk.tick(20)
    assert 20 <= len(desk.events) <= 40
    for name in ("entered", "ended"):
        times = [time for event, time in zip(desk.events, desk.times) if event[0] == name]
        assert len(times) == len(set(times)), name


# --- Any bytes ------------------------------------------------------------------------------------------------------


def noise(seed):
    """Return a generator of numbers from 0 to 255, always the same."""
    while True:
        seed = (seed * 5741 + 12347) & 0x3FFFFF
        yield seed >> 9 & 0xFF


def test_any_bytes_never_raise_and_the_next_request_is_heard():
    desk = Desk()
    source = noise(1)
    for _ in range(150):
        desk.say(bytes([next(source) if next(source) > 30 else 0 for _ in range(40)]))
        desk.tick()
    desk.say(b"\0")
    desk.tick()
    assert desk.ask(wire.PING)[0] == o.FAULT_NONE


def test_any_request_with_a_good_checksum_never_raises():
    source = noise(7)
    desk = Desk()
    answered = 0
    for turn in range(400):
        kind = next(source) % 14
        body = bytes([next(source) for _ in range(next(source) % 20)])
        if kind == wire.HELLO:
            continue
        got = desk.ask(kind, body)
        assert got is not None
        answered += got[0] != o.FAULT_MESSAGE
        if turn % 40 == 0:
            desk.play(CHATTY) if desk.app.vm.how else desk.ask(wire.STOP)
    assert answered > 20
    assert desk.ask(wire.PING)[0] == o.FAULT_NONE

"""Frames: vectors, every way to cut a stream, and what is no frame. Common dialect."""

from petitpas_robot import wire
from tests.firmware.fakes import frame, unhex, vectors


def received(receiver, data):
    """Return the payloads that a receiver finds in some bytes."""
    receiver.push(data, len(data))
    found = []
    count = receiver.next()
    while count >= 0:
        found.append(bytes(receiver.buf[1 : 1 + count]))
        count = receiver.next()
    return found


def test_good_vectors_in_both_directions():
    for vector in vectors("frames.json")["good"]:
        payload = unhex(vector["payload"])
        expected = unhex(vector["frame"])
        buf = bytearray(wire.MAX_FRAME)
        buf[1 : 1 + len(payload)] = payload
        count = wire.encode(buf, len(payload))
        assert bytes(buf[:count]) == expected, vector["says"]
        assert len(expected) == len(payload) + 6
        assert received(wire.Receiver(), expected) == [payload], vector["says"]


def test_bad_vectors_are_dropped_and_the_next_frame_is_heard():
    ping = frame(wire.PING, 7)
    for vector in vectors("frames.json")["bad"]:
        receiver = wire.Receiver()
        assert received(receiver, unhex(vector["bytes"])) == [], vector["says"]
        assert receiver.dropped == 1, vector["says"]
        assert received(receiver, ping) == [bytes([wire.PING, 7])], vector["says"]
        assert receiver.dropped == 1, vector["says"]


def test_every_split_gives_the_same():
    good = vectors("frames.json")["good"]
    payloads = [unhex(vector["payload"]) for vector in good[:8]]
    stream = b"".join([unhex(vector["frame"]) for vector in good[:8]])
    for at in range(len(stream) + 1):
        receiver = wire.Receiver()
        assert received(receiver, stream[:at]) + received(receiver, stream[at:]) == payloads
    receiver = wire.Receiver()
    found = []
    for at in range(len(stream)):
        found += received(receiver, stream[at : at + 1])
    assert found == payloads
    assert receiver.dropped == 0


def test_the_longest_frame_in_any_two_parts():
    vector = next(vector for vector in vectors("frames.json")["good"] if len(vector["payload"]) == 2 * wire.MAX_PAYLOAD)
    stream = unhex(vector["frame"])
    assert len(stream) == wire.MAX_FRAME
    for at in range(0, len(stream) + 1, 5):
        receiver = wire.Receiver()
        assert received(receiver, stream[:at]) + received(receiver, stream[at:]) == [unhex(vector["payload"])]


def test_a_good_frame_after_any_garbage():
    ping = frame(wire.PING, 7)
    for length in (0, 1, 2, 6, 7, 100, 250, 254, 255, 256, 257, 511, 512, 700):
        for byte in (0, 1, 2, 7, 0x7F, 0xFE, 0xFF):
            garbage = bytes([byte] * length)
            receiver = wire.Receiver()
            assert received(receiver, garbage + b"\0" + ping) == [bytes([wire.PING, 7])], (length, byte)


def test_no_single_wrong_byte_passes():
    good = frame(wire.STEP, 200, b"\3")
    for at in range(len(good) - 1):
        for change in (1, 2, 0x10, 0x80, 0xFF):
            wrong = bytearray(good)
            wrong[at] ^= change
            for payload in received(wire.Receiver(), bytes(wrong)):
                raise AssertionError((at, change, payload))


def test_any_bytes_are_messages_or_dropped():
    seed = 12345
    receiver = wire.Receiver()
    found = 0
    for _ in range(60):
        piece = bytearray(61)
        for i in range(61):
            seed = (seed * 1103515 + 12345) & 0xFFFFFF
            byte = seed >> 12 & 0xFF
            piece[i] = byte if byte > 20 else 0
        found += len(received(receiver, bytes(piece)))
    assert found == 0
    assert receiver.dropped > 100
    assert received(receiver, b"\0" + frame(wire.PING, 9)) == [bytes([wire.PING, 9])]


def test_a_zero_in_a_frame_is_no_frame():
    for at in range(9):
        buf = bytearray(frame(wire.STEP, 3, b"\7"))[:-1]
        assert len(buf) == 8
        if at < len(buf):
            buf[at] = 0
            assert wire.decode(buf, len(buf)) == -1, at
        else:
            assert wire.decode(buf, len(buf)) == 3


def test_the_source_stays_the_callers():
    source = bytearray(frame(wire.PING, 1) + frame(wire.STOP, 2))
    before = bytes(source)
    assert len(received(wire.Receiver(), source)) == 2
    assert bytes(source) == before

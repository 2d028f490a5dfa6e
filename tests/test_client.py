"""The host's side of the conversation, without a port: any bytes, any cut, any loss."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas.robots.client import ATTEMPTS, RETRY_MS, Answer, Client, Lost, frame
from petitpas.robots.messages import Ended, Entered, Event, Finished, Held, Report, read_event, read_identity, read_state
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.app import App
from tests.firmware.assembler import go, mark
from tests.firmware.fakes import START_MS, FakeHal, kit
from tests.soaking import examples

Said = list[Event | Answer | Lost]


def said_in(client: Client, *pieces: bytes) -> Said:
    return [said for piece in pieces for said in client.receive(piece)]


def events(count: int) -> bytes:
    """Return the frames of some events."""
    shapes = [
        frame(wire.ENTERED, 1, b"\x0a\0\0\0\1\x20\0"),
        frame(wire.ENDED, 2, b"\x14\0\0\0\1\x20\0\1"),
        frame(wire.HELD, 3, b"\x1e\0\0\0\1\x20\0"),
        frame(wire.FINISHED, 4, b"\x28\0\0\0\7\5\x0b\x20\0\x21\0"),
        frame(wire.REPORT, 5, b"\x32\0\0\0" + bytes(14)),
    ]
    return b"".join(shapes[number % 5] for number in range(count))


def test_events_are_records() -> None:
    assert said_in(Client(), events(5)) == [
        Entered(10, 1, 32),
        Ended(20, 1, 32, o.HOW_DONE),
        Held(30, 1, 32),
        Finished(40, 7, o.HOW_FAULT, o.FAULT_STACK, 32, 33),
        Report(50, 0, 0, 0, 0, 0, 0, 0, 0),
    ]


@given(st.integers(0, 255), st.binary(max_size=40))
def test_any_body_is_an_event_or_none(kind: int, body: bytes) -> None:
    event = read_event(kind, body)
    assert event is None or 0x41 <= kind <= 0x45
    read_state(body)
    read_identity(body)


# --- Any bytes ------------------------------------------------------------------------------------------------


@settings(max_examples=examples(200))
@given(st.lists(st.binary(max_size=300), max_size=5))
def test_any_bytes_never_raise_and_the_next_frame_is_heard(pieces: list[bytes]) -> None:
    client = Client()
    client.ask(wire.PING)
    client.to_send(0)
    said_in(client, *pieces)
    assert said_in(client, b"\0", events(1)) == [Entered(10, 1, 32)]
    assert not client.is_idle


@given(st.lists(st.sampled_from([events(1), events(5), b"\0", b"garbage\0", bytes([7]) * 300, frame(wire.REPLY, 1, b"\x09\0")])), st.data())
def test_splitting_a_stream_anywhere_changes_nothing(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[start:end] for start, end in pairwise([0, *cuts, len(stream)])]
    assert b"".join(pieces) == stream
    clients = Client(), Client()
    for client in clients:
        client.ask(wire.PING)
        client.to_send(0)
    assert said_in(clients[0], stream) == said_in(clients[1], *pieces)
    assert clients[0].dropped == clients[1].dropped


# --- Requests -------------------------------------------------------------------------------------------------------


def reply(data: bytes, fault: int = 0, body: bytes = b"") -> bytes:
    """Return a robot's reply to the request in a frame."""
    receiver = wire.Receiver()
    receiver.push(data, len(data))
    assert receiver.next() >= 2
    return frame(wire.REPLY, receiver.buf[2], bytes([receiver.buf[1], fault]) + body)


def test_a_request_is_answered_once() -> None:
    client = Client()
    ticket = client.ask(wire.PING)
    sent = client.to_send(1000)
    assert client.to_send(1000 + RETRY_MS - 1) == b""
    assert said_in(client, reply(sent, 3, b"xyz") * 2) == [Answer(ticket, wire.PING, 3, b"xyz")]
    assert client.is_idle
    assert client.due_ms is None
    assert client.to_send(10_000) == b""


def test_a_request_is_repeated_byte_for_byte_then_given_up() -> None:
    client = Client()
    ticket = client.ask(wire.RUN, b"\0\0\0\0\3\0")
    now_ms, frames = 0, []
    while not (said := client.receive(b"")):
        data = client.to_send(now_ms)
        if data:
            frames.append((now_ms, data))
        now_ms += 10
    assert said == [Lost(ticket, wire.RUN)]
    assert [at for at, _ in frames] == [RETRY_MS * number for number in range(ATTEMPTS)]
    assert len({data for _, data in frames}) == 1
    assert client.repeats == ATTEMPTS - 1
    assert client.is_idle


def test_requests_keep_their_order_one_at_a_time() -> None:
    client = Client()
    tickets = [client.ask(wire.STEP, bytes([number])) for number in range(5)]
    said: Said = []
    for _ in tickets:
        data = client.to_send(0)
        assert client.to_send(0) == b""
        said += client.receive(reply(data))
    assert [answer.ticket for answer in said if isinstance(answer, Answer)] == tickets


def test_a_reply_to_another_request_is_none() -> None:
    client = Client()
    client.ask(wire.PING)
    data = client.to_send(0)
    sequence = data[2]
    for other in (
        frame(wire.REPLY, (sequence + 1) & 0xFF, bytes([wire.PING, 0])),
        frame(wire.REPLY, sequence, bytes([wire.STOP, 0])),
        frame(wire.REPLY, sequence, bytes([wire.PING])),
        frame(wire.REPLY, sequence),
    ):
        assert client.receive(other) == []
    assert not client.is_idle


def test_a_reply_before_the_request_was_sent_is_none() -> None:
    client = Client()
    client.ask(wire.PING)
    assert client.receive(frame(wire.REPLY, 1, bytes([wire.PING, 0]))) == []
    assert client.to_send(0)


def test_an_urgent_request_waits_for_nobody() -> None:
    for waiting in (0, 1, 2, 127, 128, 200, 300):
        client, robot = Client(), FakeRobot()
        robot.exchange(client, client.ask(wire.HELLO, b"abcd"))
        tickets = [client.ask(wire.PING) for _ in range(waiting)]
        client.to_send(0)
        stop = client.ask(wire.STOP, urgent=True)
        said = robot.exchange(client, stop)
        assert said == [*(Lost(ticket, wire.PING) for ticket in tickets), Answer(stop, wire.STOP, 0, b"")]
        assert client.repeats == 0, waiting


# --- A cable that loses ---------------------------------------------------------------------------------------------


class FakeRobot:
    """The firmware on a fake board, which a client talks to without a port."""

    def __init__(self) -> None:
        self.hal = FakeHal()
        self.app = App(self.hal, kit(), "lapin")
        self.now_ms = 0

    def take(self, data: bytes) -> bytes:
        """Give the robot bytes, and return what it says."""
        self.hal.to_robot.extend(data)
        self.app.tick((START_MS + self.now_ms) & 0x3FFFFFFF)
        said = bytes(self.hal.from_robot)
        self.hal.from_robot = bytearray()
        return said

    def exchange(self, client: Client, ticket: int) -> Said:
        """Carry bytes both ways until a request has ended."""
        said: Said = []
        while not any(isinstance(one, Answer | Lost) and one.ticket == ticket for one in said):
            said += client.receive(self.take(client.to_send(self.now_ms)))
            self.now_ms += 10
        return said


FATES = st.sampled_from(["well", "well", "well", "lost", "twice", "damaged", "cut", "late"])


def suffer(data: bytes, fate: str, late: list[bytes]) -> bytes:
    """Return what arrives of some bytes."""
    if not data:
        return data
    before = late.pop() if late else b""
    if fate == "late":
        late.append(data)
        return before
    arrived = {"lost": b"", "twice": data * 2, "damaged": bytes([data[0] ^ 0x10]) + data[1:], "cut": data[: len(data) // 2]}
    return before + arrived.get(fate, data)


@settings(max_examples=examples(60))
@given(st.lists(st.sampled_from([wire.RUN, wire.PING, wire.STEP, wire.STOP, wire.PAUSE]), min_size=1, max_size=12), st.data())
def test_every_request_ends_once_whatever_happens_to_frames(kinds: list[int], data: st.DataObject) -> None:
    client, robot = Client(), FakeRobot()
    robot.exchange(client, client.ask(wire.HELLO, b"abcd"))
    image = go(mark(0), (o.OP_LIGHT, 1))
    robot.exchange(client, client.ask(wire.LOAD, len(image).to_bytes(2, "little") + b"\0\0" + image))
    bodies = {wire.RUN: b"\0\0\0\0\0\0", wire.STEP: b"\0"}
    tickets = [client.ask(kind, bodies.get(kind, b"")) for kind in kinds]
    outcomes: list[Answer | Lost] = []
    there: list[bytes] = []
    back: list[bytes] = []
    while not client.is_idle:
        sent = suffer(client.to_send(robot.now_ms), data.draw(FATES), there)
        heard = suffer(robot.take(sent), data.draw(FATES), back)
        outcomes += [said for said in client.receive(heard) if isinstance(said, Answer | Lost)]
        robot.now_ms += 50
    outcomes += [said for said in client.receive(b"") if isinstance(said, Answer | Lost)]
    assert [said.ticket for said in outcomes] == tickets
    runs = robot.app.state()[2]
    answered = sum(isinstance(said, Answer) and said.kind == wire.RUN and not said.fault for said in outcomes)
    assert answered <= runs <= kinds.count(wire.RUN)


def test_a_dead_cable_ends_every_request_as_lost() -> None:
    client = Client()
    tickets = [client.ask(wire.PING) for _ in range(3)]
    lost: Said = []
    for now_ms in range(0, 3 * ATTEMPTS * RETRY_MS + 100, 10):
        client.to_send(now_ms)
        lost += client.receive(b"")
    assert lost == [Lost(ticket, wire.PING) for ticket in tickets]
    assert client.is_idle

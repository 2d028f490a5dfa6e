"""A robot at the end of a cable: the conversation as calls that wait. What does not wait is in `client`."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable
from types import TracebackType

from petitpas.errors import PortTimeout, ProtocolError, RobotFault, VersionError
from petitpas.program import Image, Program, build
from petitpas.robots.capabilities import check_can
from petitpas.robots.client import ATTEMPTS, RETRY_MS, Answer, Client, Lost
from petitpas.robots.messages import Event, Finished, Identity, State, read_identity, read_state
from petitpas.robots.ports import Port
from petitpas_robot import image as image_layout
from petitpas_robot import opcodes, wire

KEEP_ALIVE_MS = 300
"""How often a run with link_ms is told that the host lives."""

LINK_MS = 1000
"""How long a robot on a cable goes on without hearing from its host."""

LEAST_PIECE = 16
"""Bytes of an image in one LOAD, on the worst of cables."""

_PATIENCE_MS = RETRY_MS * (ATTEMPTS + 1)


class Robot:
    """
    A robot on an open port.

    Every call raises PortUnplugged when the cable goes, PortTimeout when nobody answers, RobotFault when the robot refuses.

    Args:
        port: stays this robot's own: `close` closes it.
    """

    def __init__(self, port: Port) -> None:
        self.port = port
        self.identity = _NOBODY
        self._client = Client()
        self._events: list[Event] = []
        self._heard_ms = 0
        self._is_running = False  # a run was started and its end has not been seen

    @classmethod
    def open(cls, url: str) -> Robot:
        """
        Open a port and meet the robot behind it.

        Raises:
            PortMissing, PortBusy, PortDenied, PortTimeout, ProtocolError, VersionError.
        """
        robot = cls(Port(url))
        try:
            robot.hello()
        except BaseException:
            robot.close()
            raise
        return robot

    def close(self) -> None:
        """Close the port; a program that runs with link_ms will stop by itself."""
        self.port.close()

    # --- Meeting -----------------------------------------------------------------------------------------------------

    def hello(self) -> Identity:
        """Begin a conversation: the robot forgets the numbers of an earlier one; return who it is."""
        nonce = secrets.token_bytes(4)
        self._client = Client()
        answer = self._ask(wire.HELLO, nonce)
        identity = read_identity(answer.body)
        if identity is None or identity.nonce != int.from_bytes(nonce, "little"):
            raise ProtocolError(port=self.port.url)
        if identity.major != wire.PROTOCOL_MAJOR or identity.image_version != image_layout.VERSION:
            is_old = (identity.major, identity.image_version) < (wire.PROTOCOL_MAJOR, image_layout.VERSION)
            ours, theirs = f"{wire.PROTOCOL_MAJOR}.{image_layout.VERSION}", f"{identity.major}.{identity.image_version}"
            raise VersionError("version_robot_old" if is_old else "version_host_old", robot=theirs, host=ours)
        self.identity = identity
        self._is_running = identity.state.state != wire.STATE_IDLE
        return identity

    def state(self) -> State:
        """Ask what the robot does."""
        answer = self._check(self._ask(wire.PING))
        state = read_state(answer.body)
        if state is None:
            raise ProtocolError(port=self.port.url)
        return state

    # --- Programs ----------------------------------------------------------------------------------------------------

    def load(self, program: Program | Image, progress: Callable[[int, int], None] | None = None) -> Image:
        """
        Put a program into the robot's memory; its own check has passed when this returns.

        Args:
            progress: called with the bytes that have arrived and their number.
        Returns:
            The image, whose blocks are the numbers in events.
        Raises:
            ProgramError: the program has a problem.
            NotSupported: this kind of robot cannot do one of its blocks; nothing has been sent.
        """
        if isinstance(program, Program):
            check_can(program, self.identity)
            program = build(program)
        data = program.data
        if len(data) > self.identity.image_bytes:
            raise RobotFault(opcodes.FAULT_TOO_LONG)
        piece = self.identity.piece_bytes
        at = 0
        while at < len(data):
            ask = self._client.ask(wire.LOAD, struct.pack("<HH", len(data), at) + data[at : at + piece])
            answer = self._answer(ask, patience_ms=_PATIENCE_MS if piece <= LEAST_PIECE else 2 * RETRY_MS)
            if answer is None:  # a bad cable lets short frames through more often
                if piece <= LEAST_PIECE:
                    raise PortTimeout(port=self.port.url)
                piece = max(LEAST_PIECE, piece // 2)
                self._client.ask(wire.PING, urgent=True)
                continue
            (received,) = struct.unpack_from("<H", answer.body) if len(answer.body) >= 2 else (0,)
            if answer.fault == opcodes.FAULT_OFFSET:
                at = received
                continue
            self._check(answer)
            at = received
            if progress is not None:
                progress(at, len(data))
        return program

    def start(self, *, link_ms: int = LINK_MS, heading_deg: int = 0, events: int = wire.EVENTS_ALL, paused: bool = False) -> None:
        """
        Run the program in memory.

        Args:
            link_ms: the robot stops when it has not heard from us for so long; 0 lets it go on without a cable.
            heading_deg: its heading on the mat, clockwise from north, 0 to 359.
            events: EVENTS_ bits.
            paused: begin held, for running step by step.
        """
        self._events.clear()
        flags = wire.FLAG_PAUSED if paused else 0
        self._check(self._ask(wire.RUN, struct.pack("<HHBB", link_ms, heading_deg, events, flags)))
        self._is_running = True

    def wait(self, on_event: Callable[[Event], None] | None = None, limit_ms: int | None = None) -> Finished | None:
        """
        Wait until the program that runs has ended.

        Args:
            on_event: called with each event as it comes.
            limit_ms: give up after this; the program goes on.
        Returns:
            How it ended; None at the limit. An event that was lost on the way is made up for by asking.
        """
        began_ms = now_ms = self.port.now_ms()
        while limit_ms is None or now_ms - began_ms < limit_ms:
            for event in self.poll():
                if on_event is not None:
                    on_event(event)
                if isinstance(event, Finished):
                    return event
            now_ms = self.port.now_ms()
        return None

    def poll(self) -> list[Event]:
        """Return the events that have come; waits a short while where none has, and keeps the link alive meanwhile."""
        if not self._events:
            if self.port.now_ms() - self._heard_ms >= KEEP_ALIVE_MS:
                self._look()
            else:
                self._exchange()
        events, self._events = self._events, []
        if any(isinstance(event, Finished) for event in events):
            self._is_running = False
        return events

    def _look(self) -> None:
        """Ask what the robot does; where its run has ended and that event was lost, make up for it."""
        state = self.state()
        if self._is_running and state.state == wire.STATE_IDLE and not any(isinstance(event, Finished) for event in self._events):
            self._events.append(Finished(state.time_ms, state.run, state.how, state.fault, state.block, state.address))

    def play(
        self,
        program: Program | Image,
        on_event: Callable[[Event], None] | None = None,
        *,
        link_ms: int = LINK_MS,
        heading_deg: int = 0,
        limit_ms: int | None = None,
    ) -> Finished | None:
        """Load a program, run it and wait for its end; see `load`, `start` and `wait`."""
        self.load(program)
        self.start(link_ms=link_ms, heading_deg=heading_deg)
        return self.wait(on_event, limit_ms)

    def direct(self, program: Program, *, link_ms: int = LINK_MS) -> None:
        """Run a small program at once; the one in memory stays. Raises RobotFault where it is too long for one frame."""
        check_can(program, self.identity)
        data = build(program).data
        if len(data) > wire.MAX_PAYLOAD - 7:
            raise RobotFault(opcodes.FAULT_TOO_LONG)
        self._events.clear()
        self._check(self._ask(wire.DIRECT, struct.pack("<HHB", link_ms, 0, wire.EVENTS_ALL) + data))
        self._is_running = True

    def read_program(self) -> bytes:
        """Return the image in the robot's memory, b"" where there is none."""
        data = b""
        while True:
            answer = self._check(self._ask(wire.READ, struct.pack("<HB", len(data), self.identity.piece_bytes)))
            (total,) = struct.unpack_from("<H", answer.body)
            data += answer.body[2:]
            if len(data) >= total or len(answer.body) <= 2:
                return data

    # --- While it runs -------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop everything now; this request waits for no other."""
        ticket = self._client.ask(wire.STOP, urgent=True)
        answer = self._answer(ticket, _PATIENCE_MS)
        if answer is None:
            raise PortTimeout(port=self.port.url)

    def pause(self) -> None:
        """Hold every task at the end of its block."""
        self._check(self._ask(wire.PAUSE))

    def resume(self) -> None:
        """Go on after a pause."""
        self._check(self._ask(wire.RESUME))

    def step(self, task: int = 0) -> None:
        """Let one task through its next block; a Held event tells when that is over."""
        self._check(self._ask(wire.STEP, bytes([task])))

    def telemetry(self, period_ms: int) -> None:
        """Have a Report sent every `period_ms`; 0 ends it."""
        self._check(self._ask(wire.TELEMETRY, struct.pack("<H", period_ms)))

    # --- The cable -----------------------------------------------------------------------------------------------------

    def _ask(self, kind: int, body: bytes = b"") -> Answer:
        answer = self._answer(self._client.ask(kind, body), _PATIENCE_MS)
        if answer is None:
            raise PortTimeout(port=self.port.url)
        return answer

    def _answer(self, ticket: int, patience_ms: int) -> Answer | None:
        """Exchange bytes until a request is answered; None where it was given up or patience ends."""
        until_ms = self.port.now_ms() + patience_ms
        while self.port.now_ms() < until_ms:
            for said in self._exchange():
                if said.ticket == ticket:
                    return said if isinstance(said, Answer) else None
        return None

    def _exchange(self) -> list[Answer | Lost]:
        """Write what is to be written, read what has come; keep the events and return the rest."""
        data = self._client.to_send(self.port.now_ms())
        if data:
            self.port.write(data)
        rest: list[Answer | Lost] = []
        for said in self._client.receive(self.port.read()):
            if isinstance(said, Answer | Lost):
                rest.append(said)
                if isinstance(said, Answer):
                    self._heard_ms = self.port.now_ms()
            else:
                self._events.append(said)
        return rest

    def _check(self, answer: Answer) -> Answer:
        if answer.fault:
            raise RobotFault(answer.fault)
        return answer

    def __enter__(self) -> Robot:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


_NOBODY = Identity(0, 0, 0, 0, 0, 0, 0, 0, 0, "", "", State(0, 0, 0, 0, 0, 0, 0))

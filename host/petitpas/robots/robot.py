"""A robot at the end of a cable: the conversation as calls that wait. What does not wait is in `client`."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from petitpas.errors import PortBusy, PortTimeout, PortUnplugged, ProtocolError, RobotFault, VersionError
from petitpas.program import Image, Program, build
from petitpas.robots.capabilities import check_can
from petitpas.robots.client import ATTEMPTS, RETRY_MS, Answer, Client, Lost
from petitpas.robots.messages import (
    Assigned,
    Checked,
    Event,
    Finished,
    Identity,
    Settings,
    State,
    read_assigned,
    read_checked,
    read_identity,
    read_piece,
    read_run,
    read_settings,
    read_state,
    write_assigned,
    write_settings,
)
from petitpas.robots.ports import OpenPort, Port
from petitpas_robot import image as image_layout
from petitpas_robot import opcodes, wire

LOOK_MS = 2000
"""How often a run without link_ms is asked how it is, in case the event of its end was lost."""

LINK_MS = 450
"""How long a robot on a cable goes on without hearing from its host: with a tick and a brake its wheels stand within half a second."""

LEAST_PIECE = 16
"""Bytes of an image in one LOAD, on the worst of cables."""

_Said = TypeVar("_Said")
_PATIENCE_MS = RETRY_MS * (ATTEMPTS + 1)


class Robot:
    """
    A robot on an open port.

    Every call raises PortUnplugged when the cable goes, PortTimeout when nobody answers, RobotFault when the robot refuses.

    Args:
        port: stays this robot's own: `close` closes it.
        open_port: opens the port again by its URL.
    """

    def __init__(self, port: OpenPort, open_port: Callable[[str], OpenPort] = Port) -> None:
        self.port = port
        self._open_port = open_port
        self.identity = _NOBODY
        self._client = Client()
        self._events: list[Event] = []
        self._heard_ms = 0
        self._look_ms = LOOK_MS
        self._run: int | None = None  # number of the run whose end has not been seen
        self._is_deaf = False  # a request was lost: the robot must hear HELLO before the next

    @classmethod
    def open(cls, url: str, open_port: Callable[[str], OpenPort] = Port) -> Robot:
        """
        Open a port and meet the robot behind it.

        Raises: PortMissing, PortBusy, PortDenied, PortTimeout, ProtocolError, VersionError.
        """
        robot = cls(open_port(url), open_port)
        try:
            robot.hello()
        except PortUnplugged as error:  # hung up on at once: somebody else is there
            robot.close()
            raise PortBusy(port=url) from error
        except BaseException:
            robot.close()
            raise
        return robot

    def close(self) -> None:
        """Close the port; a program that runs with link_ms will stop by itself."""
        self.port.close()

    def reopen(self) -> None:
        """
        Open the port again after it was unplugged and meet the robot; a run that was waited for still is.

        Raises: as `open`, and RobotFault FAULT_HELLO_FIRST where the robot has restarted, so that its run is gone.
        """
        self.port.close()
        self.port = self._open_port(self.port.url)
        state = self.hello().state
        if self._run is not None and state.run != self._run:
            self._run = None
            raise RobotFault(opcodes.FAULT_HELLO_FIRST)

    def is_run_after(self, run: int) -> bool:
        """Say whether the robot has begun a run since number `run`, as its last HELLO says; that one is waited for from now on."""
        state = self.identity.state
        if state.run == run:
            return False
        self._run = state.run
        return True

    # --- Meeting -----------------------------------------------------------------------------------------------------

    def hello(self) -> Identity:
        """Begin a conversation: the robot forgets the numbers of an earlier one; return who it is."""
        nonce = self.port.nonce()
        self._client = Client()
        self._is_deaf = False
        answer = self._ask(wire.HELLO, nonce)
        identity = read_identity(answer.body)
        if identity is None or identity.nonce != int.from_bytes(nonce, "little"):
            raise ProtocolError(port=self.port.url)
        if identity.major != wire.PROTOCOL_MAJOR or identity.image_version != image_layout.VERSION:
            is_old = (identity.major, identity.image_version) < (wire.PROTOCOL_MAJOR, image_layout.VERSION)
            ours, theirs = f"{wire.PROTOCOL_MAJOR}.{image_layout.VERSION}", f"{identity.major}.{identity.image_version}"
            raise VersionError("version_robot_old" if is_old else "version_host_old", robot=theirs, host=ours)
        self.identity = identity
        return identity

    def state(self) -> State:
        """Ask what the robot does."""
        return self._read(read_state, self._ask(wire.PING))

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
            is_last = at + piece >= len(data)  # the robot then checks the whole image before it answers
            answer = self._answer(ask, patience_ms=_PATIENCE_MS if is_last or piece <= LEAST_PIECE else 2 * RETRY_MS)
            if answer is None:  # a bad cable lets short frames through more often
                if piece <= LEAST_PIECE:
                    raise PortTimeout(port=self.port.url)
                piece = max(LEAST_PIECE, piece // 2)
                self._client.ask(wire.PING, urgent=True)
                continue
            if answer.fault != opcodes.FAULT_OFFSET:
                self._check(answer)
            at = struct.unpack_from("<H", answer.body)[0] if len(answer.body) >= 2 else len(data) + 1
            if at > len(data):
                raise ProtocolError(port=self.port.url)
            if progress is not None and not answer.fault:
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
        self._look_ms = link_ms // 4 or LOOK_MS
        flags = wire.FLAG_PAUSED if paused else 0
        self._began(self._ask(wire.RUN, struct.pack("<HHBB", link_ms, heading_deg, events, flags)))

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
            if self.port.now_ms() - self._heard_ms >= self._look_ms:
                self._look()
            else:
                self._exchange()
        events, self._events = self._events, []
        if any(isinstance(event, Finished) for event in events):
            self._run = None
        return events

    def _look(self) -> None:
        """Ask what the robot does; where its run has ended and that event was lost, make up for it."""
        state = self.state()
        if self._run is None or any(isinstance(event, Finished) for event in self._events):
            return
        if state.run != self._run:  # it has restarted, or somebody else has run a program
            self._run = None
            raise RobotFault(opcodes.FAULT_HELLO_FIRST)
        if state.state == wire.STATE_IDLE:
            self._events.append(Finished(state.time_ms, state.run, state.how, state.fault, state.block, state.address))

    def _began(self, answer: Answer) -> None:
        """Note which run an answer speaks of."""
        self._run = self._read(read_run, answer)

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

    def direct(self, program: Program, *, link_ms: int = LINK_MS, heading_deg: int = 0) -> None:
        """Run a small program at once; the one in memory stays. Raises RobotFault where it is too long for one frame."""
        check_can(program, self.identity)
        data = build(program).data
        if len(data) > wire.MAX_PAYLOAD - 7:
            raise RobotFault(opcodes.FAULT_TOO_LONG)
        self._look_ms = link_ms // 4 or LOOK_MS
        self._began(self._ask(wire.DIRECT, struct.pack("<HHB", link_ms, heading_deg, wire.EVENTS_ALL) + data))

    def read_program(self) -> bytes:
        """Return the image in the robot's memory, b"" where there is none."""
        data = b""
        while True:
            total, piece = self._read(read_piece, self._ask(wire.READ, struct.pack("<HB", len(data), self.identity.piece_bytes)))
            data += piece
            if len(data) >= total or not piece:
                return data

    def save(self, slot: int) -> None:
        """Have the program in memory kept in a slot, 1 to SLOTS - 1; slot 0 keeps what is in memory by itself."""
        self._slot(wire.SAVE, slot)

    def fetch(self, slot: int) -> None:
        """Make the program of a slot the one in memory; RobotFault says FAULT_NO_PROGRAM where the slot is empty."""
        self._slot(wire.FETCH, slot)

    def _slot(self, kind: int, slot: int) -> None:
        if not 0 <= slot <= 0xFF:
            raise RobotFault(opcodes.FAULT_SLOT)
        self._check(self._ask(kind, bytes([slot])))

    # --- Who it is -----------------------------------------------------------------------------------------------------

    def assigned(self) -> Assigned:
        """Ask for the robot's name, colour, shape and song."""
        return self._read(read_assigned, self._ask(wire.IDENTITY))

    def set_identity(self, name: str, colour: int, shape: int, song: int) -> None:
        """Give the robot a name, of which it keeps NAME_BYTES of UTF-8, a COLOUR_, a SHAPE_ and the number of a song."""
        try:
            body = write_assigned(Assigned(name, colour, shape, song))
        except ValueError:
            raise RobotFault(opcodes.FAULT_VALUE) from None
        kept = self._read(read_assigned, self._ask(wire.IDENTITY, body))
        self.identity = replace(self.identity, name=kept.name)

    def who(self) -> None:
        """Have the robot blink its colour and sing its song."""
        self._check(self._ask(wire.WHO))

    def settings(self) -> Settings:
        """Ask for the robot's trims and volume."""
        return self._read(read_settings, self._ask(wire.SETTINGS))

    def set_settings(self, settings: Settings) -> None:
        """Have the robot use these trims and this volume from now on, and keep them."""
        try:
            body = write_settings(settings)
        except struct.error:
            raise RobotFault(opcodes.FAULT_VALUE) from None
        self._check(self._ask(wire.SETTINGS, body))

    def check(self, part: int | None = None) -> Checked:
        """Have the robot begin a CHECK_ part, which ends by itself, or at `stop`; without one, only ask how the last part goes."""
        return self._read(read_checked, self._ask(wire.CHECK, b"" if part is None else bytes([part])))

    # --- While it runs -------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop everything now; this request waits for no other."""
        if self._answer(self._client.ask(wire.STOP, urgent=True), _PATIENCE_MS) is None:
            raise PortTimeout(port=self.port.url)

    def maintenance(self) -> None:
        """Have the robot start anew without its application: the port goes away, and comes back with MicroPython's own prompt."""
        self._check(self._ask(wire.MAINTENANCE))

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
        if self._is_deaf and kind != wire.HELLO:
            self.hello()
        answer = self._answer(self._client.ask(kind, body), _PATIENCE_MS)
        if answer is None:
            self._is_deaf = True
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
        if data := self._client.to_send(self.port.now_ms()):
            self.port.write(data)
        rest: list[Answer | Lost] = []
        for said in self._client.receive(self.port.read()):
            if isinstance(said, Answer | Lost):
                rest.append(said)
                if isinstance(said, Answer):
                    self._heard_ms = self.port.now_ms()
                    if said.kind in (wire.RUN, wire.DIRECT):  # what came before it is of an earlier run
                        self._events.clear()
            else:
                self._events.append(said)
        return rest

    def _check(self, answer: Answer) -> Answer:
        if answer.fault:
            raise RobotFault(answer.fault)
        return answer

    def _read(self, read: Callable[[bytes], _Said | None], answer: Answer) -> _Said:
        said = read(self._check(answer).body)
        if said is None:
            raise ProtocolError(port=self.port.url)
        return said

    def __enter__(self) -> Robot:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


_NOBODY = Identity(0, 0, 0, 0, 0, 0, 0, 0, 0, "", "", State(0, 0, 0, 0, 0, 0, 0))

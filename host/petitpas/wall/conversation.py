"""
The wall's conversation with one robot, without ever waiting: what a simulated robot and one at the end of a cable have in common.

Theory of operation
===================
`talk` is called once a frame: it writes what the client has to say, hears what came, and takes the conversation one answer further.

    hello -> idle -> stop -> (the ground is made ready) load -> run -> running -> idle
      ^-------------------- the cable goes, or nobody answers --------------------'

Whatever goes wrong becomes one `trouble` and, once the robot answers again, one `recovered`; meanwhile the port is opened again and again.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from petitpas.errors import KitError, PortBusy, PortDenied, PortError, RobotFault
from petitpas.program import Image, Program, build
from petitpas.robots import Ended, Entered, Finished, Identity, OpenPort
from petitpas.robots.capabilities import check_can
from petitpas.robots.client import Answer, Client, Lost
from petitpas.robots.messages import Event as RobotEvent
from petitpas.robots.messages import read_identity, read_state
from petitpas.wall.board import Event, How
from petitpas_robot import image as image_layout
from petitpas_robot import opcodes, wire

HOWS: dict[int, How] = {
    opcodes.HOW_DONE: "done",
    opcodes.HOW_BLOCKED: "blocked",
    opcodes.HOW_INTERRUPTED: "interrupted",
    opcodes.HOW_STOPPED: "stopped",
    opcodes.HOW_FAULT: "fault",
    opcodes.HOW_LINK_LOST: "link_lost",
    opcodes.HOW_LIFTED: "lifted",
    opcodes.HOW_BATTERY: "battery",
}
"""How a run or a block ended, as the wall calls it."""

_REOPEN_MS = 500
_PING_MS = 100

_TROUBLES: dict[type[PortError], str] = {PortBusy: "wall.busy", PortDenied: "wall.denied"}
"""What is said of a port that cannot be had, though something is plugged in there."""


class Ground(Protocol):
    """Where the robot is: what is done there while it stands still between two requests."""

    def begin(self, *, is_from_here: bool) -> int:
        """Make ready for a run, from the start or from where the robot is; return where the robot looks, in degrees."""

    def put_home(self) -> None:
        """Put the robot on its start."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A program to be put into the robot once it stands still; `is_run` where it is to be run at once."""

    program: Program
    is_from_here: bool = False
    is_run: bool = True


class Conversation:
    """
    Speaks with one robot.

    Args:
        open_port: opens its port and never waits: None while that takes time; raises PortError.
        now_ms: the time that time-outs count.
        ground: where the robot is.
        link_ms: for how long a running robot goes on without hearing from here.
        trouble: a key of the words: what is said once the robot cannot be reached.
        reopens: try again then; a robot on the floor is never taken back by force.
    """

    def __init__(
        self,
        open_port: Callable[[], OpenPort | None],
        now_ms: Callable[[], int],
        ground: Ground,
        *,
        link_ms: int,
        trouble: str,
        reopens: bool = True,
    ) -> None:
        self.identity: Identity | None = None
        self.is_running = False
        self._open_port = open_port
        self._now_ms = now_ms
        self._ground = ground
        self._link_ms = link_ms
        self._trouble = trouble
        self._reopens = reopens
        self._client = Client()
        self._port: OpenPort | None = None
        self._tickets: dict[int, str] = {}  # what to do with the answer
        self._events: list[Event] = []
        self._wish: _Wish | None = None  # to be done once STOP has been answered
        self._origins: Image | None = None  # of the run: from events to cards
        self._is_starting = False  # GO was given, the robot has not yet said that it runs
        self._is_met = False  # who is there has been answered since the port was opened
        self._is_troubled = False
        self._reopen_ms = 0
        self._ping_ms = 0

    @property
    def is_given_up(self) -> bool:
        """Whether the robot could not be reached, and is not tried again."""
        return self._is_troubled and not self._reopens

    def close(self) -> None:
        """Let the port go, for good."""
        if self._port is not None:
            self._port.close()
            self._port = None

    # --- What is asked -----------------------------------------------------------------------------------------------------

    def run(self, program: Program, *, is_from_here: bool) -> None:
        """Stop, put a program into the robot, and run it."""
        self._events.clear()
        self.is_running = False
        self._is_starting = True
        self._ready(_Wish(program, is_from_here))

    def load(self, program: Program) -> None:
        """Stop, and put a program into the robot, which is then told as `loaded`."""
        self._ready(_Wish(program, is_run=False))

    def _ready(self, wish: _Wish) -> None:
        self._wish = wish
        self._ask("load", wire.STOP, urgent=True)

    def stop(self) -> None:
        """Stop at once."""
        self._wish = None
        self._is_starting = False
        self._ask("", wire.STOP, urgent=True)
        self._talk()

    def home(self) -> None:
        """Stop, then have the robot put on its start."""
        self._ask("home", wire.STOP, urgent=True)
        self._talk()

    def talk(self) -> list[Event]:
        """Take the conversation further; return what has happened since the last call."""
        self._talk()
        events, self._events = self._events, []
        return events

    # --- The cable ---------------------------------------------------------------------------------------------------------

    def _talk(self) -> None:
        now_ms = self._now_ms()
        try:
            if self._port is None and not self._open(now_ms):
                return
            self._exchange(now_ms)
        except PortError as error:
            self._fail(now_ms, _TROUBLES.get(type(error), ""))

    def _open(self, now_ms: int) -> bool:
        """Begin the conversation where the port is open; say whether it is."""
        if now_ms < self._reopen_ms or self.is_given_up:
            return False
        self._port = self._open_port()
        if self._port is None:
            return False
        self._client = Client()
        self._tickets.clear()
        self._ping_ms = now_ms + _PING_MS
        self._is_met = False
        self._hello()
        return True

    def _hello(self) -> None:
        assert self._port is not None
        self._ask("hello", wire.HELLO, self._port.nonce())

    def _exchange(self, now_ms: int) -> None:
        assert self._port is not None
        if now_ms >= self._ping_ms and self._client.is_idle:
            self._ping_ms = now_ms + _PING_MS
            self._ask("ping", wire.PING)
        self._port.write(self._client.to_send(now_ms))
        for said in self._client.receive(self._port.read()):
            if isinstance(said, Answer):
                self._answered(self._tickets.pop(said.ticket, ""), said)
                if self._port is None:  # the answer was trouble
                    return
            elif isinstance(said, Lost):
                if self._tickets.pop(said.ticket, ""):
                    self._fail(now_ms)
                    return
            else:
                self._heard(said)
        self._port.write(self._client.to_send(now_ms))

    def _ask(self, then: str, kind: int, body: bytes = b"", *, urgent: bool = False) -> None:
        if urgent:
            self._tickets.clear()
        self._tickets[self._client.ask(kind, body, urgent=urgent)] = then
        if urgent and self._port is not None and not self._is_met:
            self._hello()  # what is urgent has taken its place

    # --- What is answered ----------------------------------------------------------------------------------------------------

    def _answered(self, then: str, answer: Answer) -> None:
        if then == "hello":
            self._met(read_identity(answer.body))
        elif answer.fault == opcodes.FAULT_HELLO_FIRST and self._is_met:
            self._fail(self._now_ms())
        elif then == "home":
            self._ground.put_home()
        elif not self._is_met:
            pass  # it has stopped; all else waits until it is known who is there
        elif then == "load" and self._wish:
            wish, self._wish = self._wish, None
            self._send(wish)
        elif then in ("piece", "last") and answer.fault:
            self._tickets.clear()
            self._client = Client()
            self._fail(self._now_ms())
        elif then == "last":
            self._events.append(("loaded",))
        elif then == "run":
            self._is_starting = False
            self.is_running = not answer.fault
            if answer.fault:
                self._events.append(("finished", "fault"))
        elif then == "ping" and self.is_running:
            state = read_state(answer.body)
            if state is not None and state.state == wire.STATE_IDLE:  # its own event was lost
                self._finish(state.how)

    def _met(self, identity: Identity | None) -> None:
        """Note who answers; one that speaks otherwise than we do is as good as not there."""
        if identity is None or (identity.major, identity.image_version) != (wire.PROTOCOL_MAJOR, image_layout.VERSION):
            self._fail(self._now_ms())
            return
        self.identity, self._is_met = identity, True
        if self._wish:
            self._ask("load", wire.STOP)
        if self._is_troubled:
            self._is_troubled = False
            self._events.append(("recovered",))

    def _send(self, wish: _Wish) -> None:
        """Put a program into the robot in pieces, and have it run; nothing is sent of one that it cannot do."""
        assert self.identity is not None
        try:
            check_can(wish.program, self.identity)
            self._origins = build(wish.program)
            if len(self._origins.data) > self.identity.image_bytes:
                raise RobotFault(opcodes.FAULT_TOO_LONG)
        except KitError as error:
            self._is_starting = False
            self._events += [("refused", error), ("finished", "stopped")]
            return
        heading_deg = self._ground.begin(is_from_here=wish.is_from_here) if wish.is_run else 0
        data = self._origins.data
        for at in range(0, len(data), wire.PIECE_BYTES):
            is_last = not wish.is_run and at + wire.PIECE_BYTES >= len(data)
            piece = struct.pack("<HH", len(data), at) + data[at : at + wire.PIECE_BYTES]
            self._ask("last" if is_last else "piece", wire.LOAD, piece)
        if wish.is_run:
            self._ask("run", wire.RUN, struct.pack("<HHBB", self._link_ms, heading_deg, wire.EVENTS_ALL, 0))

    def _heard(self, event: RobotEvent) -> None:
        if not self.is_running:
            return
        if isinstance(event, Entered) and (card := self._card(event.block)) >= 0:
            self._events.append(("entered", card))
        elif isinstance(event, Ended) and (card := self._card(event.block)) >= 0:
            self._events.append(("ended", card, HOWS.get(event.how, "done")))
        elif isinstance(event, Finished):
            self._finish(event.how)

    def _card(self, address: int) -> int:
        """Return the card of the block at an address of the run's image, -1 for none: the head is block 0, cards follow in order."""
        number = self._origins.number_at(address) if self._origins is not None else None
        return -1 if number is None else number - 1

    def _finish(self, how: int) -> None:
        self.is_running = self._is_starting = False
        self._events.append(("finished", HOWS.get(how, "done")))

    def _fail(self, now_ms: int, trouble: str = "") -> None:
        """Say once that there is trouble, end what ran, and try again in a while."""
        self.close()
        self._reopen_ms = now_ms + _REOPEN_MS
        if not self._is_troubled:
            self._is_troubled = True
            self._events.append(("trouble", trouble or self._trouble))
        if self.is_running or (self._is_starting and self._wish is None):
            self._finish(opcodes.HOW_LINK_LOST)

"""
The wall's robot: a simulated one, over its port, without ever waiting.

Theory of operation
===================
`poll` is called once a frame: it writes what the client has to say, hears what came, and takes the conversation one answer further.

    hello -> idle -> stop -> (back to the start place) load -> run -> running -> idle
      ^------------------- the cable goes, or nobody answers -------------------'

Whatever goes wrong becomes one `trouble` and, once the robot answers again, one `recovered`; meanwhile the port is opened again and again.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Sequence

from petitpas.errors import PortError
from petitpas.lessons import RobotSetup
from petitpas.program import Image, build, from_compact
from petitpas.robots import LINK_MS, Ended, Entered, Finished, Port
from petitpas.robots.client import Answer, Client, Lost
from petitpas.robots.messages import Event as RobotEvent
from petitpas.robots.messages import read_identity, read_state
from petitpas.wall.board import Event, How
from petitpas_robot import opcodes, wire
from petitpas_sim.mat import Place
from petitpas_sim.pace import FAST, Pace
from petitpas_sim.snapshot import Snapshot

_HOWS: dict[int, How] = {
    opcodes.HOW_DONE: "done",
    opcodes.HOW_BLOCKED: "blocked",
    opcodes.HOW_INTERRUPTED: "interrupted",
    opcodes.HOW_STOPPED: "stopped",
    opcodes.HOW_FAULT: "fault",
    opcodes.HOW_LINK_LOST: "link_lost",
    opcodes.HOW_LIFTED: "lifted",
    opcodes.HOW_BATTERY: "battery",
}

_LINK_MS = round(LINK_MS * FAST)
"""In the world's time, which may pass as fast as that: a computer that is busy for a moment does not stop the robot."""

_REOPEN_MS = 500
_PING_MS = 100
_TROUBLE = "wall.trouble"


class SimDriver:
    """
    Drives one robot of a world in real time.

    Args:
        pace: is running; its robots are open to hosts.
        name: of the robot, behind sim://NAME.
        start: where each run begins.
        others: more robots of the world; each plays its solution whenever a run begins at the start.
    """

    def __init__(self, pace: Pace, name: str, start: Place, others: Sequence[RobotSetup] = ()) -> None:
        self._pace = pace
        self._name = name
        self._start = start
        self._others = others
        self._client = Client()
        self._port: Port | None = None
        self._tickets: dict[int, str] = {}  # what to do with the answer
        self._events: list[Event] = []
        self._image: Image | None = None  # to be run once STOP has been answered
        self._origins: Image | None = None  # of the run: from events to cards
        self._is_from_here = False
        self._is_starting = False  # GO was given, the robot has not yet said that it runs
        self._is_running = False
        self._is_troubled = False
        self._reopen_ms = 0
        self._ping_ms = 0
        self._nonce = b""

    def close(self) -> None:
        """Let the port go, for good."""
        self._hang_up()

    def _hang_up(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None

    # --- What the wall asks (`board.Driver`) ---------------------------------------------------------------------

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Go back to the start place, or stay where the robot is, then run these cards."""
        self._is_from_here = is_from_here
        self._image = self._origins = build(from_compact(list(cards)))
        self._events.clear()
        self._is_running = False
        self._is_starting = True
        self._ask("load", wire.STOP, urgent=True)

    def stop(self) -> None:
        """Stop at once."""
        self._image = None
        self._is_starting = False
        self._ask("", wire.STOP, urgent=True)
        self._talk()

    def home(self) -> None:
        """Go back to the start place; no cards are being run."""
        self._ask("home", wire.STOP, urgent=True)
        self._talk()

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call."""
        self._talk()
        events, self._events = self._events, []
        return events

    def snapshot(self) -> Snapshot:
        """Return the world as it is now."""
        with self._pace.lock:
            self._pace.catch_up()
            return self._pace.runner.world.snapshot()

    # --- The conversation ------------------------------------------------------------------------------------------

    def _talk(self) -> None:
        now_ms = self._pace.now_ms()
        try:
            if self._port is None:
                if now_ms < self._reopen_ms:
                    return
                self._open(now_ms)
            self._exchange(now_ms)
        except PortError:
            self._fail(now_ms)

    def _open(self, now_ms: int) -> None:
        self._port = Port(f"sim://{self._name}", poll=True)
        self._client = Client()
        self._tickets.clear()
        self._ping_ms = now_ms + _PING_MS
        self._nonce = secrets.token_bytes(4)
        self._ask("hello", wire.HELLO, self._nonce)
        if self._image:
            self._ask("load", wire.STOP)

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

    def _answered(self, then: str, answer: Answer) -> None:
        if then == "hello":
            identity = read_identity(answer.body)
            if identity is not None and self._is_troubled:
                self._is_troubled = False
                self._events.append(("recovered",))
        elif answer.fault == opcodes.FAULT_HELLO_FIRST:
            self._fail(self._pace.now_ms())
        elif then == "home":
            self._put_home()
        elif then == "load" and self._image:
            if not self._is_from_here:
                self._put_home()
                self._start_others()
            image, self._image = self._image.data, None
            for at in range(0, len(image), wire.PIECE_BYTES):
                self._ask("piece", wire.LOAD, struct.pack("<HH", len(image), at) + image[at : at + wire.PIECE_BYTES])
            self._ask("run", wire.RUN, struct.pack("<HHBB", _LINK_MS, self._heading_deg(), wire.EVENTS_ALL, 0))
        elif then == "piece" and answer.fault:
            self._tickets.clear()
            self._client = Client()
            self._fail(self._pace.now_ms())
        elif then == "run":
            self._is_starting = False
            self._is_running = not answer.fault
            if answer.fault:
                self._events.append(("finished", "fault"))
        elif then == "ping" and self._is_running:
            state = read_state(answer.body)
            if state is not None and state.state == wire.STATE_IDLE:  # its own event was lost
                self._finish(state.how)

    def _heading_deg(self) -> int:
        """Return where the robot looks when its run begins, as RUN says it."""
        robot = next((robot for robot in self.snapshot().robots if robot.name == self._name), None)
        return 90 * self._start.quarter if robot is None else round(robot.heading_deg) % 360

    def _put_home(self) -> None:
        runner = self._pace.runner
        with self._pace.lock:
            for other in self._others:
                runner.robots[other.name].brain.stop()  # type: ignore[attr-defined]
                runner.put(other.name, other.start)
            runner.put(self._name, self._start)

    def _start_others(self) -> None:
        """Let the other robots begin what they do, without a cable."""
        runner = self._pace.runner
        with self._pace.lock:
            for other in self._others:
                image, brain = build(other.solution), runner.robots[other.name].brain
                brain.load(len(image.data), 0, image.data)  # type: ignore[attr-defined]
                brain.run(0, 90 * other.start.quarter, 0, 0)  # type: ignore[attr-defined]
                runner.wake(other.name)

    def _heard(self, event: RobotEvent) -> None:
        if not self._is_running:
            return
        if isinstance(event, Entered) and (card := self._card(event.block)) >= 0:
            self._events.append(("entered", card))
        elif isinstance(event, Ended) and (card := self._card(event.block)) >= 0:
            self._events.append(("ended", card, _HOWS.get(event.how, "done")))
        elif isinstance(event, Finished):
            self._finish(event.how)

    def _card(self, address: int) -> int:
        """Return the card of the block at an address of the run's image, -1 for none: the head is block 0, cards follow in order."""
        number = self._origins.number_at(address) if self._origins is not None else None
        return -1 if number is None else number - 1

    def _finish(self, how: int) -> None:
        self._is_running = self._is_starting = False
        self._events.append(("finished", _HOWS.get(how, "done")))

    def _fail(self, now_ms: int) -> None:
        """Say once that there is trouble, end what ran, and try again in a while."""
        self._hang_up()
        self._reopen_ms = now_ms + _REOPEN_MS
        if not self._is_troubled:
            self._is_troubled = True
            self._events.append(("trouble", _TROUBLE))
        if self._is_running or (self._is_starting and self._image is None):
            self._finish(opcodes.HOW_LINK_LOST)

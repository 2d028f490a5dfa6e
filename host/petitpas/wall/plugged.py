"""The wall's robot on the floor: a conversation over its cable, and a nominal place, on which the program goes on should the cable go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from petitpas.lessons import RobotSetup
from petitpas.program import from_compact
from petitpas.robots import LINK_MS, OpenPort
from petitpas.wall.board import Event
from petitpas.wall.conversation import Conversation
from petitpas.wall.nominal import Nominal
from petitpas.wall.threaded import ThreadedPort
from petitpas_sim.mat import Mat, Place
from petitpas_sim.snapshot import Snapshot

UNPLUGGED = "wall.unplugged"


class Lead(OpenPort, Protocol):
    """A port that opens by itself."""

    def opened(self) -> bool:
        """Say whether it is open by now; raise PortError where it cannot be."""


class PluggedDriver:
    """
    Drives a robot at the end of a cable.

    Args:
        url: of its port.
        start: where each run begins.
        name: of the robot, an animal.
        others: more robots on the wall's mat, simulated.
        lead: begins to open a port; time-outs and the nominal place count its time.
    """

    def __init__(
        self,
        url: str,
        mat: Mat,
        start: Place,
        name: str,
        others: Sequence[RobotSetup] = (),
        *,
        lead: Callable[[str], Lead] = ThreadedPort,
    ) -> None:
        self._lead: Lead | None = lead(url)
        self._now_ms = self._lead.now_ms
        self._nominal = Nominal(mat, start, name, "exact", others)
        self._talk = Conversation(self._open, self._now_ms, self._nominal, link_ms=LINK_MS, trouble=UNPLUGGED, reopens=False)
        self._is_playing = False
        self._events: list[Event] = []

    def _open(self) -> OpenPort | None:
        lead = self._lead
        if lead is None or not lead.opened():
            return None
        self._lead = None
        return lead

    def close(self) -> None:
        """Let the port go, for good."""
        if self._lead is not None:
            self._lead.close()
        self._talk.close()

    # --- What the wall asks (`board.Driver`) ---------------------------------------------------------------------------------

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Run these cards, on the wall from the start place or from where the robot nominally is."""
        program = from_compact(list(cards))
        self._nominal.lay(program, is_from_here=is_from_here)
        self._is_playing = True
        self._events.clear()
        if self._talk.is_given_up:
            self._events.append(("recovered",))  # that it is unplugged was said, and this run needs no cable
            self._nominal.go_on()
        else:
            self._talk.run(program, is_from_here=is_from_here)

    def load(self, cards: Sequence[object]) -> None:
        """Put these cards into the robot, for its own key to start: it is then told as `loaded`."""
        self._talk.load(from_compact(list(cards)))

    def stop(self) -> None:
        """Stop at once."""
        self._is_playing = False
        self._nominal.stop()
        self._talk.stop()

    def home(self) -> None:
        """Show the robot at its start place; on the floor, hands put it there."""
        self._is_playing = False
        self._nominal.put_home()
        self._talk.stop()

    def lift(self, name: str) -> None:
        """Show a robot in a hand; on the floor a hand lifts it."""
        self._nominal.lift(name)

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        """Show a robot at a place; on the floor a hand puts it there."""
        self._nominal.put(name, place, is_start=is_start)

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call."""
        for event in self._talk.talk():
            self._take(event)
        identity = self._talk.identity
        if identity is not None and not self._is_playing:
            self._nominal.be(identity.kit)
        self._events += self._nominal.poll(self._now_ms())
        events, self._events = self._events, []
        self._is_playing &= all(event[0] != "finished" for event in events)
        return events

    def _take(self, event: Event) -> None:
        """Take what the robot reports; once its cable has gone, the program goes on without it."""
        if event == ("finished", "link_lost") and self._talk.is_given_up:
            return
        if event[0] == "trouble" and self._is_playing:
            self._nominal.go_on()
        else:
            self._nominal.hear(event)
        self._events.append(event)

    def snapshot(self) -> Snapshot:
        """Return the mat, with the robot where it nominally is."""
        return self._nominal.snapshot()

"""A robot on the floor, for who has no screen: a conversation over its cable that is taken up again whenever the cable comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from petitpas.program import from_compact
from petitpas.robots import LINK_MS, OpenPort, Port
from petitpas.wall.board import Event
from petitpas.wall.conversation import Conversation

_TROUBLE = "wall.trouble"


class FloorDriver:
    """
    Drives a robot at the end of a cable; on the floor, hands put it back on its start.

    Args:
        url: of its port.
        open_port: opens it; never waits in a read.
        now_ms: what time-outs count.
    """

    def __init__(
        self,
        url: str,
        open_port: Callable[[str], OpenPort] = lambda url: Port(url, poll=True),
        now_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    ) -> None:
        self._talk = Conversation(lambda: open_port(url), now_ms, self, link_ms=LINK_MS, trouble=_TROUBLE)

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Run these cards, from where the robot is."""
        self._talk.run(from_compact(list(cards)), is_from_here=is_from_here)

    def stop(self) -> None:
        """Stop at once."""
        self._talk.stop()

    def home(self) -> None:
        """Stop; hands do the rest."""
        self._talk.stop()

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call."""
        return self._talk.talk()

    def close(self) -> None:
        """Let the port go."""
        self._talk.close()

    # --- The ground (`conversation.Ground`) ----------------------------------------------------------------------------------

    def begin(self, *, is_from_here: bool) -> int:
        """Do nothing: the robot is where it was put; it looks north for all that is known."""
        return 0

    def put_home(self) -> None:
        """Do nothing: nothing but hands can."""

"""
Which robots are plugged into this computer, as an application that never waits sees them.

A thread lists the ports, and asks each that has come who is there, once. A port that a conversation holds is left alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from petitpas.errors import KitError
from petitpas.robots.animals import ANIMALS, propose
from petitpas.robots.doctor import Doctor, Finding

_LOOK_S = 1.5

_GONE = ("gone", "busy", "nothing")
"""What is no answer yet: such a port is asked again."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """A port at which something was found; `animal` is the robot that answers there, "" where none does."""

    url: str
    finding: Finding
    animal: str = ""


class Fleet:
    """
    The robots that are plugged in: `robots` is replaced as a whole, so that any thread may read it. `drives` are those of boards that wait
    for a file, None before the first look.

    Args:
        doctor: looks at ports.
        urls: ports that no list has: a pseudo-terminal, a socket.
    """

    def __init__(self, doctor: Doctor | None = None, urls: Sequence[str] = ()) -> None:
        self.robots: tuple[Plugged, ...] = ()
        self.drives: tuple[str, ...] | None = None
        self._doctor = doctor or Doctor()
        self._urls = tuple(urls)
        self._held: frozenset[str] = frozenset()
        self._news: list[Plugged] = []
        self._before: dict[str, Plugged] = {}  # what was at the ports that are asked again
        self._lock = threading.Lock()  # never kept while a port is asked
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, every now and then, until `close`."""
        self._thread = threading.Thread(target=self._look_on, name="fleet", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a port that is being asked is let go by itself."""
        self._ends.set()

    def _look_on(self) -> None:
        while not self._ends.is_set():
            self.look()
            self._ends.wait(_LOOK_S)

    # --- What an application asks ------------------------------------------------------------------------------------------

    def news(self) -> Plugged | None:
        """Return, once, what has been found since."""
        return self._news.pop(0) if self._news else None

    def hold(self, url: str) -> None:
        """Leave a port alone: a conversation has it."""
        with self._lock:
            self._held |= {url}

    def release(self, url: str, *, is_lost: bool = False) -> None:
        """Look at a port again; one that was lost is news once it answers again."""
        with self._lock:
            self._held -= {url}
            if is_lost:
                self.robots = tuple(robot for robot in self.robots if robot.url != url)

    def ask_again(self, url: str) -> None:
        """Look at a port again, and ask anew who is there: it is news only where that has changed."""
        with self._lock:
            self._held -= {url}
            self._before |= {robot.url: robot for robot in self.robots if robot.url == url}
            self.robots = tuple(robot for robot in self.robots if robot.url != url)

    # --- Looking -----------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """List the ports, and ask those that have come who is there."""
        there = {port.url for port in self._doctor.ports() if port.is_robot} | {url for url in self._urls if _may_be_there(url)}
        with self._lock:
            known = {robot.url: robot for robot in self.robots if robot.url in there | self._held}
            self.robots = tuple(known.values())
            asked = sorted(there - known.keys() - self._held)
        for url in asked:
            finding = self._examined(url)
            if self._ends.is_set() or finding.code in _GONE:
                continue
            with self._lock:
                animal = self._animal(str(finding.fields["robot"])) if finding.is_well else ""
                found = Plugged(url, finding, animal)
                self.robots = (*self.robots, found)
                if self._before.pop(url, None) != found:
                    self._news.append(found)
        self.drives = tuple(self._doctor.drives())

    def _examined(self, url: str) -> Finding:
        try:
            return self._doctor.examine(url)[0]
        except KitError:  # what asks boards without Petit Pas is not installed
            return Finding("silent", {"port": url})

    def _animal(self, name: str) -> str:
        """Return the animal that a robot is: its own, or where it has none yet, or one that is there already, the next that is free."""
        taken = {robot.animal for robot in self.robots}
        if name in {animal.name for animal in ANIMALS} - taken:
            return name
        free = propose(taken)
        return free.name if free is not None else ""


def _may_be_there(url: str) -> bool:
    return "://" in url or os.path.exists(url)

"""A driver of the wall over a simulated robot: what its tests do a frame at a time."""

from __future__ import annotations

from collections.abc import Sequence

from petitpas.wall.board import Driver, Event
from petitpas_sim.runner import Runner

FRAME_MS = 16


class Driven:
    """A driver, and the runner of its robot."""

    def __init__(self, runner: Runner, driver: Driver) -> None:
        self.runner = runner
        self.driver = driver

    def frames(self, count: int) -> list[Event]:
        """Let so many frames pass and return what was reported."""
        events: list[Event] = []
        for _ in range(count):
            self.runner.run_to(self.runner.world.t_ms + FRAME_MS)
            events += self.driver.poll()
        return events

    def until(self, kind: str, most: int = 4000) -> list[Event]:
        """Let frames pass until something of a kind is reported."""
        events: list[Event] = []
        for _ in range(most):
            events += self.frames(1)
            if any(event[0] == kind for event in events):
                return events
        raise AssertionError(f"no {kind} in {most} frames: {events}")

    def play(self, cards: Sequence[object]) -> list[Event]:
        self.driver.run(cards)
        return self.until("finished")

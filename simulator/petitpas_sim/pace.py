"""
How a runner's time passes: `Virtual`, only while somebody waits for it, or `RealTime`, by itself in a thread.

Both stand between a runner and the host's ends of its cables: every touch of a world goes through one of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from petitpas_sim.cable import Cable
from petitpas_sim.runner import NEVER, Runner

_SLICE_TICKS = 500
"""A runner that has fallen behind catches up in slices of so many ticks, and lets go of the lock between them."""

_MOST_BEHIND_S = 2.0
"""A world that is further behind than this (the computer slept) goes on from there, and does not run to make up for it."""

SLOW, REAL, FAST = 0.5, 1.0, 2.0
"""Speeds for a class: slow enough to follow with a finger, as on the floor, and as fast as a host's heartbeat surely keeps up with."""

_YIELD_S = 0.0005
_LOOK_S = 0.5
"""How often the thread looks at the clock while nothing happens, so that only a computer that slept is ever far behind."""


class Pace(Protocol):
    """What a port needs of time."""

    runner: Runner
    lock: threading.Condition

    def now_ms(self) -> int:
        """Return the time that time-outs count: the world's, or the wall's."""

    def wait(self, is_ready: Callable[[], bool], until_ms: int | None) -> None:
        """Let time pass, with the lock held, until `is_ready` says so or the time has come."""

    def catch_up(self) -> None:
        """Bring the world to the present, with the lock held, before somebody looks at it or touches it."""


class Virtual:
    """Time that passes only while a port waits, as fast as it can; one thread."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.lock = threading.Condition()

    def now_ms(self) -> int:
        """Return the world's time."""
        return self.runner.world.t_ms

    def wait(self, is_ready: Callable[[], bool], until_ms: int | None) -> None:
        """
        Advance the world.

        Without a time to wait for, a world in which nothing will ever happen again would be waited for in vain: then it returns at once.
        """
        limit = NEVER if until_ms is None else until_ms
        while not is_ready():
            if until_ms is None and self.runner.due_ms >= NEVER:
                return
            if not self.runner.advance(limit):
                return

    def catch_up(self) -> None:
        """Do nothing: the present is where the world is."""


class RealTime:
    """
    Time that passes by itself, in a thread of its own, from `start` to `stop`.

    A host's heartbeat counts the wall's time, and a robot that listens for it the world's: far beyond FAST, it takes a live cable for a
    dead one.

    Args:
        speed: how many times faster than the wall's clock; 0 is paused.
        now_s: the wall's clock, in seconds.
    """

    def __init__(self, runner: Runner, speed: float = 1.0, now_s: Callable[[], float] = time.monotonic) -> None:
        self.runner = runner
        self.lock = threading.Condition()
        self._speed = speed
        self._now_s = now_s
        self._began_s = 0.0
        self._thread: threading.Thread | None = None

    @property
    def speed(self) -> float:
        """How many times faster than the wall's clock time passes; 0 while it is paused."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        with self.lock:
            self.catch_up()
            self._speed = speed
            self._begin()
            self.lock.notify_all()

    def step(self, ms: int) -> None:
        """Let so many milliseconds of the world's time pass at once, while it is paused."""
        with self.lock:
            self.runner.run_to(self.runner.world.t_ms + ms)
            self._begin()
            self.lock.notify_all()

    def _begin(self) -> None:
        """Count the world's time from where the world is now."""
        if self._speed:
            self._began_s = self._now_s() - self.runner.world.t_ms / 1000 / self._speed

    def start(self) -> None:
        """Let time begin."""
        self._begin()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop time and wait for the thread to end."""
        thread = self._thread
        with self.lock:
            self._thread = None
            self.lock.notify_all()
        if thread is not None:
            thread.join()

    def now_ms(self) -> int:
        """Return the wall's time."""
        return int(self._now_s() * 1000)

    def wait(self, is_ready: Callable[[], bool], until_ms: int | None) -> None:
        """Wait for the thread, or the time."""
        while not is_ready() and self._thread is not None:
            left_s = None if until_ms is None else until_ms / 1000 - self._now_s()
            if left_s is not None and left_s <= 0:
                return
            self.lock.wait(left_s)

    def catch_up(self) -> None:
        """Bring the world to the present, once time has begun; where it is far behind, only a slice nearer."""
        if self._thread is not None:
            self._advance(self._world_ms())

    def _advance(self, world_ms: int) -> bool:
        """Do a slice of the ticks up to a time; say whether that was all."""
        return not all(self.runner.advance(world_ms) for _ in range(_SLICE_TICKS))

    def _world_ms(self) -> int:
        """Return where the world should be; what a computer that slept has missed is left out."""
        if not self._speed:
            return self.runner.world.t_ms
        now_s = self._now_s()
        world_ms = int((now_s - self._began_s) * 1000 * self._speed)
        behind_ms = world_ms - self.runner.world.t_ms - int(_MOST_BEHIND_S * 1000 * self._speed)
        if behind_ms > 0:
            self._began_s += behind_ms / 1000 / self._speed
            world_ms -= behind_ms
        return world_ms

    def _run(self) -> None:
        while self._thread is not None:
            with self.lock:
                world_ms = self._world_ms()
                is_there = self._advance(world_ms)
                self.lock.notify_all()
                if is_there and self._thread is not None:
                    left_ms = self.runner.due_ms - world_ms
                    self.lock.wait(min(_LOOK_S, left_ms / 1000 / self._speed) if self._speed else None)
            if not is_there:
                time.sleep(_YIELD_S)  # far behind: whoever waits for the lock comes first


class Socket:
    """The host's end of one robot's cable, in some pace: what a serial port, a socket or a pty is made from."""

    def __init__(self, pace: Pace, cable: Cable) -> None:
        self._pace = pace
        self._cable = cable
        with pace.lock:
            cable.plug()

    def close(self) -> None:
        """Pull the plug."""
        with self._pace.lock:
            self._cable.unplug()
            self._pace.lock.notify_all()

    def read(self, most: int, timeout_ms: int | None) -> bytes:
        """Return what has come, at least a byte unless the time runs out, at most `most`; None waits for ever."""
        pace, cable = self._pace, self._cable
        with pace.lock:
            until_ms = None if timeout_ms is None else pace.now_ms() + timeout_ms
            pace.wait(lambda: cable.waiting_for_host() > 0 or not cable.is_plugged, until_ms)
            return cable.receive(most)

    def write(self, data: bytes) -> int:
        """Send; return how many bytes were taken."""
        with self._pace.lock:
            self._pace.catch_up()
            count = self._cable.send(data)
            self._pace.lock.notify_all()
            return count

    def waiting(self) -> int:
        """Return how many bytes could be read at once."""
        return self._cable.waiting_for_host()

    def forget_input(self) -> None:
        """Drop what has come and was not read."""
        with self._pace.lock:
            self._cable.forget_input()

    def now_ms(self) -> int:
        """Return the time that time-outs count."""
        return self._pace.now_ms()

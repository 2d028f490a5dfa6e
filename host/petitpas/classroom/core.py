"""
The class: commands in, frozen states out, and every edit kept before it is acknowledged.

Theory of operation
===================
One thread has the class: it alone calls `do` and `step`. Any other thread (a page, a robot's port) posts commands, which the next `step`
does in their order, and reads `snapshot`, which never changes once it is there.

What cannot be kept is done all the same, in memory, with a trouble in the snapshot; `acknowledged` then stays behind `done`. Every RETRY_MS
the file is tried again:

    it holds what we gave it, or nothing ------> what was done meanwhile is kept
    it holds something else, we did nothing ---> we go on from what it holds
    it holds something else, we did ours ------> it stays as it is: of two applications, one would undo the other's work
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from queue import SimpleQueue

from petitpas.classroom.commands import Command
from petitpas.classroom.records import ClassState
from petitpas.classroom.store import BUSY, DAMAGED, NEWER, Store, Unkept

RETRY_MS = 5000
"""Time between two tries to keep what could not be kept."""

Listener = Callable[[ClassState], None]


class Classroom:
    """
    A class.

    Args:
        store: where it is kept; it is opened here, and closed by `close`.
        today: what day it is.

    Attributes:
        snapshot: the class as it is now. Any thread may read it.
        done: commands that were done.
        acknowledged: how many of them, from the first, are kept: no end of this process can undo them.
    """

    def __init__(self, store: Store, today: Callable[[], date] = date.today) -> None:
        self._store = store
        self._today = today
        self._posted: SimpleQueue[Command] = SimpleQueue()
        self._listeners: list[Listener] = []
        self._retry_ms: int | None = None
        self._is_final = False  # the trouble: nothing but another start ends it
        self._has_remains = False  # in the file, of what was erased
        self.done = self.acknowledged = 0
        self.snapshot = self._kept = self._given = self._opened()

    def post(self, command: Command) -> None:
        """Leave a command for the next `step`; any thread may."""
        self._posted.put(command)

    def listen(self, listener: Listener) -> None:
        """Have a listener called with each new snapshot, in the thread that has the class."""
        self._listeners.append(listener)

    def do(self, command: Command) -> None:
        """Do a command now, and keep what it changes."""
        today = self._today()
        state = command.after(self.snapshot, today)
        if state.since is None:
            state = replace(state, since=today)
        self.done += 1
        self._has_remains = self._has_remains or command.is_erasing
        trouble = self._keep(state, command.is_lasting)
        self._publish(replace(state, trouble=trouble))

    def step(self, now_ms: int) -> None:
        """Do what was posted; try again to keep what was not. Time is any count of milliseconds that does not go back."""
        for _ in range(self._posted.qsize()):  # what is posted meanwhile is for the next step
            self.do(self._posted.get())
        if self._store.is_open or self._is_final:
            return
        if self._retry_ms is None:
            self._retry_ms = now_ms + RETRY_MS
        elif now_ms >= self._retry_ms:
            self._retry_ms = None
            self._retry()

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def _publish(self, state: ClassState) -> None:
        self.snapshot = state
        for listener in self._listeners:
            listener(state)

    def _opened(self) -> ClassState:
        try:
            state = self._store.open()
        except Unkept as unkept:
            self._is_final = unkept.trouble == NEWER
            state = ClassState() if unkept.trouble in (NEWER, BUSY) else self._store.peek()
            return replace(state, trouble=unkept.trouble)
        return replace(state, trouble=DAMAGED if self._store.has_set_aside else "")

    def _keep(self, state: ClassState, is_lasting: bool) -> str:
        """Keep a state if that is possible, and return the trouble that there is then."""
        if not self._store.is_open:
            return self.snapshot.trouble
        self._given = state
        try:
            self._store.keep(self._kept, state, is_lasting)
            self._kept = state
            self.acknowledged = self.done
            if self._has_remains:
                self._store.scrub()
                self._has_remains = False
        except Unkept as unkept:
            self._store.close()
            return unkept.trouble
        return DAMAGED if self._store.has_set_aside else ""

    def _retry(self) -> None:
        ours = self.snapshot
        try:
            found = self._store.open()
        except Unkept as unkept:
            self._is_final = unkept.trouble == NEWER
            if unkept.trouble != ours.trouble:
                self._publish(replace(ours, trouble=unkept.trouble))
            return
        ours_there = (self._kept, self._given, ClassState())  # what was given last may be there, though the disk said no
        if found in ours_there:
            self._kept = ours_there[ours_there.index(found)]  # not its equal: what is the same object need not be kept again
            self._publish(replace(ours, trouble=self._keep(ours, is_lasting=True)))
        elif ours == self._kept:
            self._kept = found
            self._publish(replace(found, running=ours.running))
        else:
            self._store.close()
            self._is_final = True
            self._publish(replace(ours, trouble=BUSY))

"""
A panel without a screen: a strip that hands lay with buttons, and the robot that runs it.

The strip is the wall's own (`Activity`): the same commands do the same, card for card. Nobody judges it, for there is no lesson; what there
is to see is one line of text, for the adult.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

from petitpas.tangible.presses import END
from petitpas.wall.activity import Activity, Order, Run
from petitpas.wall.board import BOUNCE_MS, Event
from petitpas.wall.buttons import Buttons, Offer, offer_of
from petitpas.wall.strip import kind_of
from petitpas.wall.task import Task
from petitpas.words import Words

STEP_S = 0.02
"""Between two looks at the buttons: soon enough for a finger, and for a light that breathes."""

_INSTEAD = {"clear": "home"}
"""Where a level has no such command, its button is for another that begins anew."""


class Drive(Protocol):
    """What is asked of a robot: a wall's driver without its picture."""

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Run these cards, from the start or from where the robot is."""

    def stop(self) -> None:
        """Stop at once."""

    def home(self) -> None:
        """Go back to the start."""

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call."""

    def close(self) -> None:
        """Let the robot go."""


class Loop:
    """
    Buttons, a strip and a robot.

    Args:
        task: the commands and cards that there are.
        out: where the line of text goes.
    """

    def __init__(self, buttons: Buttons, driver: Drive, task: Task, words: Words, out: TextIO | None = None) -> None:
        self.activity = Activity.begun(task)
        self.is_over = False
        self._buttons = buttons
        self._driver = driver
        self._words = words
        self._out = out or sys.stdout
        self._now_ms = 0
        self._go_ms = -BOUNCE_MS
        self._is_ending = False
        self._line = ""

    @property
    def offer(self) -> Offer:
        """What the buttons are for now."""
        return offer_of(self.activity.board, self.activity.task.commands, self.activity.accepts)

    def run(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        """Go on until the person ends it; whatever ends it, the robot stops, and the lights go out."""
        try:
            while not self.is_over:
                self.step(int(clock() * 1000))
                sleep(STEP_S)
        finally:
            self.close()

    def close(self) -> None:
        """Stop the robot, put the lights out, and let both go."""
        self._buttons.close()
        self._driver.stop()
        self._driver.close()
        self.say("panel.over")

    def step(self, now_ms: int) -> None:
        """Do what the buttons ask, hear what the robot reports, and bring lights and line up to date."""
        self._now_ms = now_ms
        for command in self._buttons.presses():
            if command == END:
                self._is_ending = True
            else:
                self._press(command)
                self._show()
        for event in self._driver.poll():
            self.activity, order = self.activity.heard(event)
            self._order(order)
            self._show()
        for command in self._buttons.stuck(now_ms):
            self.say("panel.stuck", key=self._words.text(f"wall.{command}"))
        self._buttons.show(self.offer, now_ms)
        self.is_over = self._is_ending and not self.activity.board.is_running

    def _press(self, pressed: str) -> None:
        offer = self.offer
        command = pressed if pressed in offer.commands else _INSTEAD.get(pressed, pressed)
        if not offer.is_useful(command):
            self._buttons.refuse(self._now_ms)
            return
        if command == "go" and offer.lamp == "running" and self._now_ms - self._go_ms < BOUNCE_MS:
            return
        self.activity, order = self.activity.told(command)
        self._order(order)

    def _order(self, order: Order | None) -> None:
        if isinstance(order, Run):
            self._go_ms = self._now_ms
            self._driver.run(order.blocks, is_from_here=order.is_from_here)
        elif order == "stop":
            self._driver.stop()
        elif order == "home":
            self._driver.home()

    # --- What is told ------------------------------------------------------------------------------------------------------

    def say(self, key: str, /, **fields: object) -> None:
        """Tell a sentence, on a line of its own."""
        print(("\n" if self._out.isatty() and self._line else "") + self._words.sentence(key, **fields), file=self._out, flush=True)
        self._line = ""

    def _show(self) -> None:
        """Show the strip where it has changed: on the same line of a terminal, elsewhere on a line for each."""
        line = self.text()
        if line == self._line:
            return
        self._line = line
        if not self._out.isatty():
            print(line, file=self._out, flush=True)
            return
        room = shutil.get_terminal_size().columns - 1
        fitting = line if len(line) <= room else "…" + line[1 - room :]
        print(f"\r\x1b[K{fitting}", end="", file=self._out, flush=True)

    def text(self) -> str:
        """Return the strip as a line: the card that runs in brackets, the one at which something was in the way with a mark."""
        board, words = self.activity.board, self._words
        cards = [words.text(f"wall.{kind_of(card)}") for card in board.cards]
        if board.marked is not None:
            cards[board.marked] += " (!)"
        if board.lit is not None:
            cards[board.lit] = f"[{cards[board.lit]}]"
        strip = " · ".join(cards) or words.text("panel.empty")
        return f"{strip}  –  {words.text(board.trouble or f'wall.{board.status.value}')}"

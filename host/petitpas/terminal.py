"""A person in front of a terminal: reads lines, types lines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from petitpas.errors import KitError
from petitpas.robots.installer import STEPS
from petitpas.words import Words
from petitpas.workshop.person import Question

_WIDTH = 30
"""Of a bar, in characters."""


def read_line() -> str | None:
    """Return a line of the standard input, None at its end."""
    return sys.stdin.readline() or None


@dataclass
class Terminal:
    """
    Asks by numbers, and tells an installation's progress by a bar; where `out` is no terminal, by a line for each step.

    Args:
        key: reads a line, None at the end of input.
    """

    words: Words
    key: Callable[[], str | None]
    out: TextIO = field(default_factory=lambda: sys.stdout)
    is_gone: bool = False
    """Never: Ctrl-C is an exception."""
    _step: str = ""

    def tell(self, key: str, /, **fields: object) -> None:
        """Print a sentence."""
        print(self.words.sentence(key, **fields), file=self.out, flush=True)

    def ready(self, key: str, /, **fields: object) -> bool:
        """Wait for Enter."""
        print(self.words.sentence(key, **fields), self.words.text("terminal.ready"), file=self.out, flush=True)
        return self.key() is not None

    def choose(self, question: Question) -> str:
        """Ask until a number is typed, or the beginning of an answer, or Enter where that has a meaning."""
        texts = {name: self.words.text(f"{question.words}.{name}") for name in question.choices}
        self.tell(question.key, **question.fields)
        for number, (name, text) in enumerate(texts.items(), 1):
            usual = self.words.text("terminal.usual") if name == question.usual else ""
            print(f"  {number} : {text}{usual}", file=self.out, flush=True)
        while (line := self.key()) is not None:
            said = line.strip().casefold()
            numbered = {str(number): name for number, name in enumerate(question.choices, 1)}
            begun = [name for name, text in texts.items() if said and text.casefold().startswith(said)]
            answer = numbered.get(said) or (question.usual if not said else begun[0] if len(begun) == 1 else "")
            if answer:
                return answer
            self.tell("terminal.odd")
        return ""

    def trouble(self, error: KitError) -> None:
        """Print it on the error stream."""
        print(error.say(self.words.lang), file=sys.stderr)

    def progress(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` of a step is done; see `installer.Progress`."""
        name = self.words.text(f"installing.{step}")
        if self.out.isatty():
            full = _WIDTH * done // total if total else _WIDTH
            end = "\n" if step == STEPS[-1] and done == total else ""
            self.out.write(f"\r{STEPS.index(step) + 1}/{len(STEPS)} {name:<34}[{'#' * full:<{_WIDTH}}]{end}")
            self.out.flush()
        elif step != self._step:
            print(name, file=self.out)
        self._step = step

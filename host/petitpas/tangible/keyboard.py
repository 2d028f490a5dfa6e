"""
The panel of those who have no pins: the keyboard of a terminal, on any system, with the standard library.

The keys mean what they mean on the wall: arrows lay cards, Enter is GO, Backspace takes back, Delete clears. A thread waits for them and
puts them into the queue of presses, as gpiozero's threads do. The end of the input (Ctrl-D, the end of a pipe) is the end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TextIO

from petitpas.tangible.presses import END, Presses
from petitpas.wall.buttons import Offer

POSIX = {
    **{"\x1b[A": "forward", "\x1b[B": "backward", "\x1b[D": "left", "\x1b[C": "right", "\x1b[3~": "clear", "\x1b[H": "home"},
    **{"\x1bOA": "forward", "\x1bOB": "backward", "\x1bOD": "left", "\x1bOC": "right", "\x1bOH": "home"},
    **{"\n": "go", "\r": "go", "\x7f": "undo", "\b": "undo", " ": "step", "\x04": END},
}
"""What a terminal sends for a key, and its command; the arrows of a terminal in application mode come second."""

WINDOWS = {
    **{"\xe0H": "forward", "\xe0P": "backward", "\xe0K": "left", "\xe0M": "right", "\xe0S": "clear", "\xe0G": "home"},
    **{"\x00H": "forward", "\x00P": "backward", "\x00K": "left", "\x00M": "right", "\x00S": "clear", "\x00G": "home"},
    **{"\r": "go", "\b": "undo", " ": "step", "\x04": END, "\x1a": END},
}
"""The same for Windows' own console; source: Microsoft's documentation of `_getwch`, the codes of its extended keys."""


def commands_in(letters: Iterable[str], table: dict[str, str]) -> Iterator[str]:
    """Give the commands of the keys whose letters come one after another; what is no key of `table` is passed over."""
    begun = ""
    for letter in letters:
        begun += letter
        if not any(key.startswith(begun) for key in table):
            begun = letter
        if begun in table:
            yield table[begun]
            begun = ""


class Keyboard:
    """
    The keys of the terminal, until `close`; it has no lights, and what is held down repeats as the system lets it.

    Args:
        source: where letters come from; None: the terminal that there is.
    """

    def __init__(self, source: TextIO | None = None) -> None:
        self._presses = Presses()
        self._opened = ExitStack()
        letters, table = _terminal(self._opened) if source is None and sys.stdin.isatty() else (_letters(source or sys.stdin), POSIX)
        self._thread = threading.Thread(target=self._listen, args=(letters, table), name="keyboard", daemon=True)
        self._thread.start()

    def _listen(self, letters: Iterable[str], table: dict[str, str]) -> None:
        for command in commands_in(letters, table):
            if command == END:
                break
            self._presses.put(command)
        self._presses.put(END)

    def presses(self) -> Sequence[str]:
        """Return the commands whose keys were pressed since the last call, in their order."""
        return self._presses.take()

    def stuck(self, now_ms: int) -> Sequence[str]:
        """Return nothing: a terminal does not say which keys are down."""
        return ()

    def refuse(self, now_ms: int) -> None:
        """Do nothing: there is no light."""

    def show(self, offer: Offer, now_ms: int) -> None:
        """Do nothing: there is no light."""

    def close(self) -> None:
        """Let the terminal be as it was."""
        self._opened.close()


def _letters(source: TextIO) -> Iterator[str]:
    while letter := source.read(1):
        yield letter


def _terminal(opened: ExitStack) -> tuple[Iterable[str], dict[str, str]]:
    """Return the letters of the terminal as they are typed, and what its keys send; it is itself again when `opened` closes."""
    if sys.platform == "win32":
        import msvcrt

        return iter(msvcrt.getwch, "\x03"), WINDOWS
    import termios
    import tty

    was = termios.tcgetattr(sys.stdin)
    opened.callback(termios.tcsetattr, sys.stdin, termios.TCSADRAIN, was)
    tty.setcbreak(sys.stdin)
    return _letters(sys.stdin), POSIX

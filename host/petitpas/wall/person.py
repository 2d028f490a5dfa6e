"""
Who makes a robot ready at the wall: a dialogue of the workshop waits here, in a thread of its own, for what is tapped on its page.

    dialogue: tell, ready, choose --> shown: sentences, choices, a bar --> the page draws them
    dialogue: goes on <-------------- answer, or leave <----------------- the page was tapped, or left
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition, Thread

from petitpas.errors import FileError, KitError, PortUnplugged
from petitpas.robots.installer import STEPS
from petitpas.words import Words
from petitpas.workshop.person import Person, Question

Dialogue = Callable[[Person], object]

READY = "ready"
"""The only choice where something is to be prepared."""


class _Gone(Exception):
    """The person left while something was being installed: the next installation repairs what this one has begun."""


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What a page shows of a dialogue: the sentences since the last answer, the choices by their name, with their words, and how far an
    installation is (None: there is none): its step, and the share of all that is done.
    """

    said: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    bar: tuple[str, float] | None = None
    has_trouble: bool = False
    is_over: bool = False


class WallPerson:
    """
    Somebody in front of the wall; `words` are those of the moment.

    The dialogue calls what a `Person` has; the page looks at `shown`, and calls `answer` and `leave`.
    """

    def __init__(self, words: Callable[[], Words]) -> None:
        self.shown = Shown()
        self.is_gone = False
        self._words = words
        self._turn = Condition()
        self._answer = ""
        self._is_answered = False

    # --- The dialogue's thread -------------------------------------------------------------------------------------------

    def begin(self, dialogue: Dialogue) -> None:
        """Have a dialogue, in a thread of its own; what goes amiss in it is said, and ends it."""
        Thread(target=self._have, args=(dialogue,), name="workshop", daemon=True).start()

    def _have(self, dialogue: Dialogue) -> None:
        try:
            dialogue(self)
        except KitError as error:
            was_installing = self.shown.bar is not None
            self.trouble(error)
            if was_installing and isinstance(error, PortUnplugged):
                self.tell("wall.workshop.cut")
        except OSError as error:  # of this computer: a full disk under what is compiled, a file that is protected
            self.trouble(FileError("file_unreadable", path=error.filename or ""))
        except _Gone:
            self.tell("wall.workshop.left")
        finally:
            with self._turn:
                self.shown = replace(self.shown, choices=(), bar=None, is_over=True)
                self._turn.notify_all()

    @property
    def words(self) -> Words:
        """The words of the wall's language."""
        return self._words()

    def tell(self, key: str, /, **fields: object) -> None:
        """Show a sentence under the others."""
        with self._turn:
            self.shown = replace(self.shown, said=(*self.shown.said, self.words.sentence(key, **fields)))

    def trouble(self, error: KitError) -> None:
        """Show what is the matter and what to do."""
        with self._turn:
            self.shown = replace(self.shown, said=(*self.shown.said, error.say(self.words.lang)), has_trouble=True)

    def ready(self, key: str, /, **fields: object) -> bool:
        """Wait until the tick is tapped."""
        return bool(self.choose(Question(key, (READY,), "wall.workshop", fields=fields)))

    def choose(self, question: Question) -> str:
        """Wait until a choice is tapped; return "" where the page is left."""
        texts = tuple((name, self.words.text(f"{question.words}.{name}")) for name in question.choices)
        with self._turn:
            self.tell(question.key, **question.fields)
            self.shown = replace(self.shown, choices=texts)
            self._is_answered = False
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._is_answered or self.is_gone)
            self.shown = Shown()
            return "" if self.is_gone else self._answer

    def progress(self, step: str, done: int, total: int) -> None:
        """Show how far it is, over all steps; where nobody is there any more, no further."""
        if self.is_gone:
            raise _Gone
        share = (STEPS.index(step) + (done / total if total else 1.0)) / len(STEPS)
        with self._turn:
            self.shown = replace(self.shown, bar=(self.words.sentence(f"installing.{step}"), share))

    # --- The page's thread -----------------------------------------------------------------------------------------------

    def answer(self, name: str) -> None:
        """Give an answer; one that is not asked for does nothing."""
        with self._turn:
            if name in dict(self.shown.choices) and not self._is_answered:
                self._answer, self._is_answered = name, True
                self._turn.notify_all()

    def wait(self, limit_s: float) -> bool:
        """Wait until something is asked, or all is over; say whether it came to that."""
        with self._turn:
            return self._turn.wait_for(self._has_turn, limit_s)

    def _has_turn(self) -> bool:
        """Say whether it is the person's turn, or nobody's any more."""
        return self.shown.is_over or (bool(self.shown.choices) and not (self._is_answered or self.is_gone))

    def leave(self) -> bool:
        """Want no more: the dialogue stops its robot and ends; say whether it had not."""
        with self._turn:
            was_here, self.is_gone = not (self.is_gone or self.shown.is_over), True
            self._turn.notify_all()
        return was_here

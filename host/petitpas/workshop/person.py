"""Who makes, checks or sets a robot with us: the one thing that a terminal and the wall have to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from petitpas.errors import KitError
from petitpas.words import Words


@dataclass(frozen=True, slots=True)
class Question:
    """
    Something to be answered.

    Args:
        key: of its sentence in the words, with the values of `fields`.
        choices: names of the answers, whose words are at `<words>.<name>`.
        usual: the answer that Enter alone gives; "" for none.
    """

    key: str
    choices: tuple[str, ...]
    words: str
    usual: str = ""
    fields: dict[str, object] = field(default_factory=dict)


class Person(Protocol):
    """Somebody who is told things and asked things, and who may go at any moment: then nothing more is answered."""

    @property
    def words(self) -> Words:
        """The words of the person's language."""

    @property
    def is_gone(self) -> bool:
        """Whether the person has stopped it all, also while a robot plays."""

    def tell(self, key: str, /, **fields: object) -> None:
        """Say a sentence of the words."""

    def ready(self, key: str, /, **fields: object) -> bool:
        """Say what is to be prepared, and wait until it is; False where the person wants no more."""

    def choose(self, question: Question) -> str:
        """Return the name of the choice that was made, "" where the person wants no more."""

    def progress(self, step: str, done: int, total: int) -> None:
        """Show how far an installation is; see `installer.Progress`."""

    def trouble(self, error: KitError) -> None:
        """Say what is the matter and what to do; what can go on goes on."""

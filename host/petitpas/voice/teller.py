"""
Whose voice says a line: the teacher's recording where there is one, else the system's voice, else nobody's: its twin is on the screen.

Nothing here waits: what has to be made first is played when it is there, by the caller, who knows whether it is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from petitpas.lessons.sheet import Sentence
from petitpas.program.blocks import Level
from petitpas.voice.lines import WORDS_PER_MINUTE, file_name, line_of, text_of
from petitpas.voice.reader import Spoken
from petitpas.voice.recordings import Recordings

Play = Callable[[Sequence[Path]], None]
"""Plays files one after another; may be called from another thread."""


@dataclass(frozen=True)
class Said:
    """What is to be said: the names of lines one after another, in a language, in the words of a level; `fields` are of the first."""

    names: tuple[str, ...]
    lang: str = "fr"
    level: Level = "GS"
    fields: Mapping[str, object] = field(default_factory=dict)


class SystemReader(Protocol):
    """What a teller asks of the system's voice; `Reader` is one."""

    is_missing: bool

    def file_of(self, spoken: Spoken) -> Path | None:
        """Return the file of a sentence, None where it has not been made."""

    def ask(self, sentences: Sequence[Spoken], then: Callable[[], None]) -> None:
        """Make sentences now, and call back."""

    def prepare(self, sentences: Iterable[Spoken]) -> None:
        """Make sentences when nothing is to be said."""

    def close(self) -> None:
        """End."""


class Teller:
    """Says lines in the voice that there is."""

    def __init__(self, recordings: Recordings, reader: SystemReader) -> None:
        self._recordings = recordings
        self._reader = reader
        self._own: Mapping[str, Sentence] = {}

    @property
    def is_missing(self) -> bool:
        """Whether the system has no voice for the last sentence that nobody has recorded."""
        return self._reader.is_missing

    def rehearse(self, said: Said, own: Mapping[str, Sentence]) -> None:
        """Get ready to say what a page may say: each name by itself, and `own` sentences, until other ones come."""
        self._own = own
        self._reader.prepare([part for part in self._parts(said) if isinstance(part, Spoken)])

    def say(self, said: Said, play: Play) -> None:
        """Say lines one after another; those for which there is no voice are left out."""
        parts = self._parts(said)
        unmade = [part for part in parts if isinstance(part, Spoken) and self._reader.file_of(part) is None]
        if unmade:
            self._reader.ask(unmade, lambda: self._tell(parts, play))
        else:
            self._tell(parts, play)

    def close(self) -> None:
        """Let the system's voice go."""
        self._reader.close()

    def _parts(self, said: Said) -> list[Path | Spoken]:
        """Return each line as a recording, or as what is to be read; a name without words is left out."""
        parts: list[Path | Spoken] = []
        for place, name in enumerate(said.names):
            fields = said.fields if place == 0 else {}
            line = line_of(name, said.level, **fields)
            recorded = self._recordings.find(file_name(line, **fields))
            text = text_of(line, said.lang, self._own, **fields)
            if recorded is not None:
                parts.append(recorded)
            elif text:
                parts.append(Spoken(text, said.lang, WORDS_PER_MINUTE[said.level]))
        return parts

    def _tell(self, parts: Sequence[Path | Spoken], play: Play) -> None:
        files = [part if isinstance(part, Path) else self._reader.file_of(part) for part in parts]
        if there := [file for file in files if file is not None]:
            play(there)

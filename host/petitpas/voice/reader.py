"""
Sentences as files, made by the system's voice: now for what is to be said, and ahead for what a lesson may say.

Theory of operation
===================
A voice may take long to start, and may hang; so it lives in a process of its own, `synthesis`. `ask` puts down what is to be said now, in
place of what was to be said before; `prepare` what may be said later. A thread hands them over one at a time, the first kind first, and
calls back once what was asked for is there. The files are kept in a folder of bounded size: those that were said longest ago go first.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from petitpas.voice.process import Partner
from petitpas.voice.synthesis import VOICELESS

READ = "voix-lue"
"""The name of the folder of such files in the class's folder; it may be deleted at any time."""

MAX_FILES = 400
"""Sentences that are kept; at a calm rate one takes some 150 kB."""

RETRY_S = 60.0
"""After the process has ended, no other is started before this: somebody may have installed a voice."""

PATIENCE_S = 10.0
"""A sentence that takes longer is given up, and the process with it."""

_COMMAND = (sys.executable, "-m", "petitpas.voice.synthesis")
_MADE_LIKE_THIS = 1
"""Part of the names of files: to be raised when they are made in another way."""


class Spoken(NamedTuple):
    """What is to be read aloud: at so many words a minute."""

    text: str
    lang: str
    wpm: int


class Reader:
    """
    The system's voice, as far as there is one.

    Args:
        folder: where files are kept.
        command: starts the process.
        now_s: a clock.
    """

    def __init__(self, folder: Path, command: Sequence[str] = _COMMAND, now_s: Callable[[], float] = time.monotonic) -> None:
        self.is_missing = False
        """Whether the last sentence could not be read for want of a voice."""
        self._folder = folder
        self._wake = threading.Condition()
        self._asked: tuple[tuple[Spoken, ...], Callable[[], None]] | None = None
        self._ahead: deque[Spoken] = deque()
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._voice = Partner(command, RETRY_S, now_s)

    def file_of(self, sentence: Spoken) -> Path | None:
        """Return the file of a sentence, None where it has not been made."""
        file = self._file(sentence)
        return file if file.exists() else None

    def ask(self, sentences: Sequence[Spoken], then: Callable[[], None]) -> None:
        """Make sentences instead of those that were asked for before; `then` is called in another thread, however it went."""
        with self._wake:
            self._asked = tuple(sentences), then
            self._start()

    def prepare(self, sentences: Iterable[Spoken]) -> None:
        """Make sentences when nothing is to be said, instead of those that were prepared before."""
        with self._wake:
            self._ahead = deque(sentences)
            if self._ahead:
                self._start()

    def close(self) -> None:
        """End, without waiting for a voice that does not answer."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        self._voice.close()
        if self._thread is not None:
            self._thread.join(1.0)

    def _file(self, sentence: Spoken) -> Path:
        named = f"{_MADE_LIKE_THIS} {sentence.lang} {sentence.wpm} {sentence.text}"
        return self._folder / f"{hashlib.blake2b(named.encode(), digest_size=10).hexdigest()}.wav"

    def _start(self) -> None:
        self._wake.notify()
        if self._thread is None and not self._is_closed:
            self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._asked is not None or self._ahead or self._is_closed)
                if self._is_closed:
                    break
                asked, self._asked = self._asked, None
                sentences, then = asked or ((self._ahead.popleft(),), None)
            for sentence in sentences:
                self._make(sentence)
            if then is not None:
                then()
            self._tidy()
        self._voice.end()

    def _make(self, sentence: Spoken) -> None:
        """Have a file made, unless it is there; it counts as said now."""
        file = self._file(sentence)
        with suppress(OSError):
            os.utime(file)
            return
        answer = ""
        if self._voice.start():
            patience = threading.Timer(PATIENCE_S, self._voice.kill)
            patience.start()
            answer = self._voice.ask(json.dumps({**sentence._asdict(), "file": str(file)})).strip()
            patience.cancel()
        self.is_missing = answer in ("", VOICELESS)

    def _tidy(self) -> None:
        """Let the files go that were said longest ago, where there are too many."""
        with suppress(OSError):
            files = sorted(self._folder.glob("*.wav"), key=lambda file: file.stat().st_mtime)
            for file in files[: max(0, len(files) - MAX_FILES)]:
                file.unlink()

"""
The process behind `reader`: the system's voice makes files of sentences. Run by `python -m petitpas.voice.synthesis`.

Each line on standard input is an order, a JSON object; each is answered by a line once it is done: "made", "unkept" where the file could
not be written, "voiceless" where this computer has no voice of the language. Without any voice the process ends.

    {"text": "avance", "lang": "fr", "wpm": 120, "file": "…/avance.wav"}

The voice is Windows' own (SAPI) or espeak-ng, as a program of its own: asked through its library it gave back, now and then, half a
sentence; see decision 28.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from petitpas.voice.waves import levelled, read, trimmed, write
from petitpas.words import Words

MADE, UNKEPT, VOICELESS = "made", "unkept", "voiceless"

_VOICES = "windows_voices"
"""In the words of a language: the identifiers of Windows' voices for it, the nearest first. Source: Microsoft, [MS-LCID]."""

_ADDED_VOICES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech_OneCore\Voices"
"""Source: pyttsx3's issue 397: SAPI speaks with them, and does not list them by itself."""

_SAPI_WPM, _SAPI_STEP = 157, 1.11
"""Words a minute at SAPI's rate 0, and the factor of one step. Source: measured by the authors of pyttsx3."""

_CREATE_FOR_WRITE = 3
_PATIENCE_S = 8
_GIVES_WAY = 5
"""How much the process gives way to the wall, where a system knows that."""

_PROGRAMS = ("espeak-ng", "espeak")


class SystemVoice(Protocol):
    """A voice of the system."""

    def speak(self, text: str, lang: str, wpm: int, file: Path) -> bool:
        """Write a sentence into a WAV file; say whether there is a voice of the language. Raise OSError where it cannot be written."""


class Espeak:
    """espeak-ng as a program; raise FileNotFoundError where it is not installed."""

    def __init__(self) -> None:
        found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if found is None:
            raise FileNotFoundError(_PROGRAMS[0])
        self._program = found

    def speak(self, text: str, lang: str, wpm: int, file: Path) -> bool:
        """Write a sentence into a WAV file."""
        command = [self._program, "-v", lang, "-s", str(wpm), "-w", str(file), "--", text]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)
        except subprocess.SubprocessError:
            return False
        return True


class Sapi:
    """Windows' voices; raise ImportError or OSError where there are none."""

    def __init__(self) -> None:
        import comtypes.client

        self._com = comtypes
        try:
            self._voice: Any = comtypes.client.CreateObject("SAPI.SpVoice")
        except comtypes.COMError as error:
            raise OSError(str(error)) from error

    def speak(self, text: str, lang: str, wpm: int, file: Path) -> bool:
        """Write a sentence into a WAV file, in the format that a file has if nothing is said: one channel at 22 kHz."""
        try:
            voice = self._voice_of(lang)
            if voice is None:
                return False
            stream = self._com.client.CreateObject("SAPI.SpFileStream")
            stream.Open(str(file), _CREATE_FOR_WRITE)
            self._voice.Voice = voice
            self._voice.Rate = round(math.log(wpm / _SAPI_WPM, _SAPI_STEP))
            self._voice.AudioOutputStream = stream
            self._voice.Speak(text, 0)  # returns once all is written
            stream.Close()
        except self._com.COMError as error:
            raise OSError(str(error)) from error
        return True

    def _voice_of(self, lang: str) -> Any:
        """Return a voice of a language, None where there is none: of those that SAPI lists, else of those that Windows' settings add."""
        return self._first(self._voice.GetVoices, lang) or self._first(self._added, lang)

    @staticmethod
    def _first(find: Callable[[str], Any], lang: str) -> Any:
        found = (find(f"Language={code}") for code in _codes(lang))
        return next((voices.Item(0) for voices in found if voices.Count), None)

    def _added(self, asked: str) -> Any:
        category = self._com.client.CreateObject("SAPI.SpObjectTokenCategory")
        try:
            category.SetId(_ADDED_VOICES, False)
        except self._com.COMError:  # this Windows has no such place
            return SimpleNamespace(Count=0)
        return category.EnumerateTokens(asked)


def _codes(lang: str) -> list[str]:
    """Return the identifiers of the voices of a language, none where its words name none: another language's would not be understood."""
    words = Words(lang)
    own = words.keys() if words.lang == lang else []
    return words.text(_VOICES).split() if _VOICES in own else []


def make(voice: SystemVoice, text: str, lang: str, wpm: int, file: Path) -> str:
    """Have a sentence written into a file, as loud as all are and without the silence around it; say how it went."""
    raw = file.with_name(file.name + ".raw")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not voice.speak(text, lang, wpm, raw):
            return VOICELESS
        write(file, levelled(trimmed(read(raw))))
    except (OSError, ValueError):
        return UNKEPT
    finally:
        with suppress(OSError):
            raw.unlink(missing_ok=True)
    return MADE


def main() -> int:
    """Obey until there are no more orders; return 1 where there is no voice."""
    try:
        voice: SystemVoice = Sapi() if sys.platform == "win32" else Espeak()
    except (ImportError, OSError):
        return 1
    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
    for line in sys.stdin:
        order = json.loads(line)
        print(make(voice, order["text"], order["lang"], order["wpm"], Path(order["file"])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

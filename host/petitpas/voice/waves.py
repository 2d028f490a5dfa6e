"""
Spoken sentences as samples: in and out of WAV, how loud they are, and what is left without the silence around them.

Samples are signed 16-bit numbers of one channel, RATE_HZ a second; loudness is a share of full scale, 0 to 1.
"""

from __future__ import annotations

import math
import os
import wave
from array import array
from contextlib import suppress
from pathlib import Path

RATE_HZ = 22_050
"""Of the system's voices; the card of the wall is opened at it too."""

SPOKEN = 0.2
"""The loudest moment of a sentence, −14 dB: a little above the sounds of the wall, so that each word is understood."""

SILENT = 0.01
"""−40 dB: whoever speaks into a microphone is above, a quiet room is below."""

_PEAK = 0.95
_WINDOW = RATE_HZ // 50
_BEFORE, _AFTER = RATE_HZ // 20, RATE_HZ // 5
"""What stays of the silence around a sentence: a voice begins and ends softly."""

_FULL = 32_767


def moments(samples: array[int]) -> list[float]:
    """Return the loudness of each fiftieth of a second."""
    windows = (samples[start : start + _WINDOW] for start in range(0, len(samples), _WINDOW))
    return [math.sqrt(sum(value * value for value in window) / _WINDOW) / _FULL for window in windows]


def loudness(samples: array[int]) -> float:
    """Return the loudness of the loudest moment, 0 for no samples."""
    return max(moments(samples), default=0.0)


def trimmed(samples: array[int]) -> array[int]:
    """Return what is spoken, without the silence before and after; all of it where nothing is."""
    spoken = [place for place, level in enumerate(moments(samples)) if level > SILENT]
    if not spoken:
        return samples
    return samples[max(0, spoken[0] * _WINDOW - _BEFORE) : (spoken[-1] + 1) * _WINDOW + _AFTER]


def levelled(samples: array[int]) -> array[int]:
    """Return samples as loud as every sentence is; silence stays silence."""
    level = loudness(samples)
    if level <= SILENT:
        return samples
    factor = min(SPOKEN / level, _PEAK * _FULL / max(map(abs, samples)))
    return array("h", [int(value * factor) for value in samples])


def read(path: Path) -> array[int]:
    """
    Return the samples of a WAV file; one that was cut short gives what is there.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no WAV of one channel at RATE_HZ.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE_HZ):
                raise ValueError(f"{path} is not of one channel at {RATE_HZ} Hz")
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} is no WAV") from error
    return array("h", raw[: len(raw) // 2 * 2])


def write(path: Path, samples: array[int]) -> None:
    """Write a WAV file, whole or not at all; raise OSError where it cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples.tobytes())
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise

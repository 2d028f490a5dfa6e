"""
From a score to samples: small bars that are struck and ring out. Nothing here plays anything.

A note is two damped sine waves, the second two octaves up, fainter and shorter, as on a marimba. It rises from zero and ends at zero,
so that nothing clicks. Scores are brought to one level, so that no sound of the wall is louder than another.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

RATE_HZ = 22_050

PEAK = 0.5
"""Of full scale: no sample is beyond it."""

RMS = 0.126
"""Of full scale, −18 dB: the loudest tenth of a second of any score is not beyond it. Source: EBU R 68, alignment level."""

WINDOW_MS = 100
_RISE_MS = 4
_FALL_MS = 12
_A4_HZ, _A4 = 440.0, 69
_FULL = 32767
_SILENT = 1e-3
"""What is left of a note at its end: −60 dB."""

_HIGHEST_HZ = 5_000
"""Partials above this are left out: they only make a sound sharp."""

_PARTIALS = ((1, 1.0, 1.0), (4, 0.22, 0.35))
"""Of a bar: times the frequency, share of the level, share of the length. Source: marimba bars are tuned to their double octave."""


@dataclass(frozen=True, slots=True)
class Note:
    """One stroke: `pitch` is MIDI's (69 is 440 Hz, a half tone is 1), `ms` from stroke to silence, `level` beside the other notes."""

    at_ms: int
    pitch: float
    ms: int
    level: float = 1.0


Score = tuple[Note, ...]


def pitch_of(hz: float) -> float:
    """Return the pitch of a frequency above 0."""
    return _A4 + 12 * math.log2(hz / _A4_HZ)


def length_ms(score: Score) -> int:
    """Return how long a score lasts."""
    return max(note.at_ms + note.ms for note in score)


@lru_cache(maxsize=64)
def samples(score: Score) -> array[int]:
    """Return a score as signed 16-bit samples of one channel, RATE_HZ a second; at least one note of at least 20 ms."""
    mixed = array("d", bytes(8 * _count(length_ms(score))))
    for note in score:
        hz = _A4_HZ * 2 ** ((note.pitch - _A4) / 12)
        for times, level, share in _PARTIALS:
            if times == 1 or times * hz <= _HIGHEST_HZ:
                _add(mixed, _count(note.at_ms), _struck(times * hz, int(note.ms * share), note.level * level))
    scale = _FULL * min(PEAK / max(map(abs, mixed)), RMS / loudest_rms(mixed))
    return array("h", [int(value * scale) for value in mixed])


def loudest_rms(values: Sequence[float]) -> float:
    """Return the root mean square of the loudest WINDOW_MS, in the unit of the values; what is shorter is taken as that long."""
    window = _count(WINDOW_MS)
    power = [value * value for value in values]
    starts = range(0, max(1, len(power) - window // 2), window // 2)
    return math.sqrt(max(sum(power[start : start + window]) for start in starts) / window)


def _count(ms: int) -> int:
    return RATE_HZ * ms // 1000


def _struck(hz: float, ms: int, level: float) -> array[float]:
    """Return a damped sine wave: each value follows from the two before it."""
    count = _count(ms)
    decay = _SILENT ** (1 / count)
    turn = math.tau * hz / RATE_HZ
    once, twice = 2 * decay * math.cos(turn), -decay * decay
    values = array("d", bytes(8 * count))
    before, now = 0.0, level * decay * math.sin(turn)
    for place in range(count):
        values[place] = before
        before, now = now, once * now + twice * before
    _ramp(values, _count(_RISE_MS), range(count))
    _ramp(values, _count(_FALL_MS), range(count - 1, -1, -1))
    return values


def _ramp(values: array[float], length: int, places: range) -> None:
    """Take the first `length` places from nothing to themselves, along half a wave."""
    for step, place in enumerate(places[:length]):
        values[place] *= 0.5 - 0.5 * math.cos(math.pi * step / length)


def _add(mixed: array[float], start: int, values: array[float]) -> None:
    for place, value in enumerate(values[: len(mixed) - start], start):
        mixed[place] += value

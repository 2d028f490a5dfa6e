"""
The process behind `microphone`: it waits, records once, and ends. Run by `python -m petitpas.wall.listening`.

The first line on standard input is an order, any other one says that it is enough; each on standard output tells something, all as JSON.

    {"record": "…/voix/take.new"}    the order: record into a file
    {}                                that is enough

    {"level": 0.2}                    told: how loud it is, ten times a second; the first one says that it listens
    {"taken": 1300}                   it is in the file, so many milliseconds
    {"trouble": "nothing"}            no file was made: of TROUBLES

The microphone is never closed, it goes with the process: to close it, pygame waits for its callback, which waits for Python, which waits
for pygame.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import sys
import threading
from array import array
from pathlib import Path

import pygame
from pygame._sdl2 import audio, sdl2

from petitpas.voice.waves import RATE_HZ, SILENT, levelled, loudness, trimmed, write

TROUBLES = ("no_microphone", "nothing", "full", "unkept")
"""There is no microphone, nothing was heard, the disk is full, or the folder cannot be written."""

LONGEST_S = 10
"""What is longer is cut: a line takes three seconds."""

_CHUNK = 512
_TELL_EACH = RATE_HZ // 10

Heard = queue.SimpleQueue["bytes | None"]
"""Samples as they come, and None for enough."""


def opened(heard: Heard) -> audio.AudioDevice:
    """Open the microphone; raise pygame.error or IndexError where there is none."""
    sdl2.init_subsystem(sdl2.INIT_AUDIO)
    device = audio.AudioDevice(
        devicename=audio.get_audio_device_names(True)[0],
        iscapture=True,
        frequency=RATE_HZ,
        audioformat=audio.AUDIO_S16,
        numchannels=1,
        chunksize=_CHUNK,
        allowed_changes=0,
        callback=lambda _device, samples: heard.put(bytes(samples)),
    )
    device.pause(0)
    return device


def listened(heard: Heard) -> array[int]:
    """Return what is heard until it is enough, or for LONGEST_S; tell how loud it is."""
    samples, told = array("h"), 0
    tell(level=0.0)
    while len(samples) < LONGEST_S * RATE_HZ and (chunk := heard.get()) is not None:
        samples.frombytes(chunk)
        if len(samples) - told >= _TELL_EACH:
            tell(level=round(loudness(samples[told:]), 3))
            told = len(samples)
    return samples[: LONGEST_S * RATE_HZ]


def kept(samples: array[int], file: Path) -> None:
    """Write what was heard into a file, where there is something, and tell how it went."""
    if loudness(samples) <= SILENT:
        tell(trouble="nothing")
        return
    spoken = levelled(trimmed(samples))
    try:
        write(file, spoken)
    except OSError as error:
        tell(trouble="full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "unkept")
    else:
        tell(taken=1000 * len(spoken) // RATE_HZ)


def tell(**what: object) -> None:
    """Print what is told."""
    print(json.dumps(what), flush=True)


def _await(heard: Heard) -> None:
    sys.stdin.readline()
    heard.put(None)


def main() -> None:
    """Wait for an order, record, and end the process."""
    heard: Heard = queue.SimpleQueue()
    if line := sys.stdin.readline():
        threading.Thread(target=_await, args=(heard,), daemon=True).start()
        try:
            device = opened(heard)
        except (pygame.error, IndexError):
            tell(trouble="no_microphone")
        else:
            kept(listened(heard), Path(json.loads(line)["record"]))
            assert device is not None  # to let go of it would close it
    os._exit(0)


if __name__ == "__main__":
    main()

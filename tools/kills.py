"""
Kill a process that keeps a class, at random moments, and see that every edit it had acknowledged is there.

    python tools/kills.py FOLDER FIRST    the process: does edit FIRST and those after it, and prints the number of each once it is kept
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from petitpas.classroom import FRUITS, Classroom, ClassState, Store
from petitpas.classroom.commands import (
    ChooseGroup,
    Command,
    Erase,
    ForgetGroup,
    ForgetInvention,
    Invent,
    Observe,
    OpenLesson,
    RunBegan,
    RunEnded,
    SetSetting,
    SetStrip,
)

DAY = date(2026, 11, 22)


def edit(number: int) -> Command:
    """Return the edit of a number, always the same: cards and tries mostly, now and then one that forgets."""
    chance = random.Random(number)
    strip = SetStrip(["left"] * chance.randrange(12) + [["forward", number % 100_000]])
    others = (
        lambda: RunBegan(),
        lambda: RunEnded("done", chance.random() < 0.5, "C3E"),
        lambda: ChooseGroup(chance.choice(FRUITS)),
        lambda: OpenLesson(f"gs{chance.randrange(1, 7)}", "pas"),
        lambda: SetSetting("volume_percent", chance.randrange(101)),
        lambda: Observe("alone"),
        lambda: Invent("garden", "5x4", "A1N", "C3", ("B2",)),
        lambda: ForgetInvention(chance.randrange(48)),
        lambda: Erase() if chance.random() < 0.1 else ForgetGroup(chance.choice(FRUITS)),
    )
    weights = (6, 6, 2, 2, 2, 1, 1, 1, 1)
    return strip if chance.random() < 0.5 else chance.choices(others, weights)[0]()


def kill(folder: Path, times: int, seconds: float, seed: int = 1) -> tuple[int, int]:
    """
    Kill a process `times` times, or as often as `seconds` allow; return how often it was, and how many edits were acknowledged.

    Raises:
        AssertionError: after a kill, the file holds another class than the one after the last acknowledged edit, or after the one after it,
            which may have been kept without a word.
    """
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    known, number, kills = ClassState(), 0, 0
    while kills < times and time.monotonic() < until:
        last = _life(folder, number, chance)
        kills += 1
        for each in range(number, last + 1):
            known = _after(known, each)
        found = _found(folder)
        if found != known:
            last, known = last + 1, _after(known, last + 1)
        assert found == known, f"kill {kills}: after edit {last}"
        known, number = replace(found, trouble=""), last + 1
    return kills, number


def _life(folder: Path, first: int, chance: random.Random) -> int:
    """Start a process, kill it at some moment, and return the last edit that it acknowledged; `first` - 1 where there was none."""
    command = [sys.executable, __file__, str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(chance.randrange(25))]
        moment = time.perf_counter() + chance.uniform(0, 0.004)
        while time.perf_counter() < moment:  # in the middle of anything
            pass
        process.kill()
        heard += process.stdout.readlines()
    return max((int(line) for line in heard if line.endswith(b"\n")), default=first - 1)


def _found(folder: Path) -> ClassState:
    store = Store(folder, lambda: DAY)
    try:
        found = store.open()
        assert not store.has_set_aside
        return found
    finally:
        store.close()


def _after(state: ClassState, number: int) -> ClassState:
    after = edit(number).after(state, DAY)
    return after if after.since else replace(after, since=DAY)


def main(folder: str, first: str) -> None:
    """Do one edit after the other, until we are killed."""
    os.write(1, f"{int(first) - 1}\n".encode())
    room = Classroom(Store(Path(folder), lambda: DAY), lambda: DAY)
    for number in count(int(first)):
        room.do(edit(number))
        if room.acknowledged == room.done:
            os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])

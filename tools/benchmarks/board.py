"""The board's budgets: files, heap and imports of the whole firmware on i386 MicroPython, a stand-in in place of pins."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import programs
from benchmarks.figure import PAIRS, Figure
from petitpas.program import build
from petitpas.robots.firmware import board_files, compile_mpy
from petitpas_sim.kits import kit_file

HERE = Path(__file__).resolve().parent
STANDIN = HERE.parent.parent / "tests" / "standin"

PICO_FREE = 241_824
"""Bytes. Source: MicroPython 1.28 on a Pico, after gc.collect()."""

KITS = ("pico-stepper", "pico-dc")


def memory(interpreter: str) -> Iterator[Figure]:
    """Sizes of the files, heap after boot and with a long program, heap lost over many programs, time of the imports."""
    sizes = {file.path: len(file.data) for file in board_files(KITS[0]) if file.path.endswith(".mpy")}
    total, longest = sum(sizes.values()), max(sizes, key=sizes.__getitem__)
    yield Figure("firmware as .mpy", f"{total:,} B", "all modules, those of both kits", "<= 60,000 B", total <= 60_000)
    yield Figure("  its longest file", f"{sizes[longest]:,} B", longest, "<= 8,000 B", sizes[longest] <= 8_000)
    for kit in KITS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in board_files(kit, compile_module=partial(compile_mpy, march="x86")):
                place = folder / file.path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.data)
            yield from _boot(interpreter, kit, folder)
            if kit == KITS[-1]:
                yield _many(interpreter, folder)


def _boot(interpreter: str, kit: str, folder: Path) -> Iterator[Figure]:
    image = folder / "500.bin"
    image.write_bytes(build(programs.long(500)).data)
    command = [interpreter, "-X", "heapsize=400k", str(HERE / "board_boot.py"), str(STANDIN), str(image)]
    runs = [subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split() for _ in range(PAIRS)]
    used, with_500 = int(runs[0][0]), int(runs[0][1])
    took_ms = median(int(run[2]) for run in runs) / 1000
    said = f"{used:,} B of a Pico's {PICO_FREE:,} B used"
    yield Figure(f"{kit}: heap free after boot", f"{PICO_FREE - used:,} B", said, ">= 150,000 B", PICO_FREE - used >= 150_000)
    said = f"{with_500 - used:,} B more"
    free = PICO_FREE - with_500
    yield Figure(f"{kit}: heap free with a program of 500 blocks", f"{free:,} B", said, ">= 145,000 B", free >= 145_000)
    yield Figure(f"{kit}: imports of the .mpy files, to a robot", f"{took_ms:.1f} ms", "on this computer; a board's boot is unmeasured")


def _many(interpreter: str, folder: Path) -> Figure:
    """Load and run a program again and again, on a robot whose motions are done at once."""
    image = folder / "40.bin"
    image.write_bytes(build(programs.forty()).data)
    command = [interpreter, "-X", "heapsize=242k", str(HERE / "memory.py"), str(kit_file("exact")), str(image), "1000"]
    environment = {**os.environ, "MICROPYPATH": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    first, last = map(int, done.stdout.split())
    return Figure(
        "heap lost between program 1 and program 1,000", f"{first - last:,} B", "a program of 40 blocks", "0 B", first - last <= 0
    )

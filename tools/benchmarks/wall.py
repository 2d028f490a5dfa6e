"""The wall on a virtual display, with a real pointer: what its process takes, and when the pixels answer."""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from shutil import which
from statistics import median

from benchmarks.figure import Figure
from petitpas.classroom import Classroom, Settings, Store
from petitpas.classroom.commands import SetSetting
from petitpas.wall.corner import Tool
from petitpas.wall.replay import opened
from petitpas.wall.session import Setting
from petitpas.wall.shell import SIZE as USUAL_SIZE
from petitpas_sim.view.palette import rgb

SIZE = (1920, 1080)
LESSON = ("class", "GS", ("gs4", "pas", "mat"))
"""What is tapped from home to a lesson."""

PATIENCE_S = 60.0
LAUNCHES = 5
TAPS = 41
IDLE_S = 10.0
SETTLE_S = 2.0
SCALE = 800
"""Pixels a metre: a screen that was measured, so that no page asks for it."""

WALL = (sys.executable, "-m", "petitpas.cli")
BARE = (sys.executable, str(Path(__file__).with_name("bare_window.py")), *map(str, SIZE))

ORANGE = (255, 165, 0)
"""The bare window's first colour."""

Spot = tuple[int, int]


class Screen:
    """A virtual display: its pixels, and its pointer."""

    def __init__(self, name: str, pixels: mmap.mmap, pointer: subprocess.Popen[bytes]) -> None:
        self.name = name
        self._pixels = pixels
        self._pointer = pointer
        head = struct.unpack(">25I", pixels[:100])  # Source: XWDFile.h
        self._first, self._line_bytes = head[0] + 12 * head[19], head[12]

    def around(self, at: Spot) -> bytes:
        """Return the pixels of some lines around a place."""
        left = max(0, at[0] - 20)
        starts = (self._first + (at[1] + dy) * self._line_bytes + 4 * left for dy in range(-20, 20, 4))
        return b"".join(self._pixels[start : start + 160] for start in starts)

    def pixel(self, at: Spot) -> tuple[int, int, int]:
        """Return the red, green and blue of a place."""
        start = self._first + at[1] * self._line_bytes + 4 * at[0]
        blue, green, red = self._pixels[start : start + 3]
        return red, green, blue

    def do(self, *commands: str) -> None:
        """Have the pointer do what xdotool calls so."""
        assert self._pointer.stdin is not None
        self._pointer.stdin.write("".join(f"{command}\n" for command in commands).encode())
        self._pointer.stdin.flush()

    def point(self, at: Spot) -> None:
        """Move the pointer."""
        self.do(f"mousemove {at[0]} {at[1]}")

    def tap(self, at: Spot) -> None:
        """Tap, and let a moment pass: a hand does not tap twice in less."""
        self.point(at)
        self.do("mousedown 1", "mouseup 1")

    def answered_ms(self, at: Spot, action: Callable[[], None]) -> float:
        """Return how long the pixels around a place take to change after an action."""
        before, began = self.around(at), time.perf_counter()
        action()
        return 1000 * (self.changed_s(at, before) - began)

    def changed_s(self, at: Spot, before: bytes) -> float:
        """Wait until the pixels around a place are others, and return when that was."""
        late = time.perf_counter() + PATIENCE_S
        while self.around(at) == before:
            if time.perf_counter() > late:
                raise TimeoutError(f"nothing changes around {at}")
            time.sleep(0.0005)
        return time.perf_counter()


@contextmanager
def _screen() -> Iterator[Screen]:
    if which("Xvfb") is None or which("xdotool") is None:
        raise SystemExit("Xvfb or xdotool is missing: apt-get install xvfb xdotool")
    with tempfile.TemporaryDirectory() as folder:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-fbdir", folder, "-nolisten", "tcp"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            name = f":{server.stdout.readline().strip()}"
            hand = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, env={**os.environ, "DISPLAY": name})
            try:
                with Path(folder, "Xvfb_screen0").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pixels:
                    yield Screen(name, pixels, hand)
            finally:
                hand.kill()
                hand.wait()
                server.terminate()


@contextmanager
def _window(screen: Screen, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """
    Open a window that fills the screen, with a class whose screen was measured and who is calm: no answer is on its way.

    The voice speaks, and a panel of push-buttons, on gpiozero's mock pins, is looked at.
    """
    with tempfile.TemporaryDirectory() as folder:
        school = Classroom(Store(Path(folder)))
        school.do(SetSetting("scale_px_per_m", SCALE))
        school.do(SetSetting("is_calm", True))
        school.do(SetSetting("has_panel", True))
        school.close()
        more = {"DISPLAY": screen.name, "SDL_VIDEODRIVER": "x11", "SDL_VIDEO_WINDOW_POS": "0,0", "SDL_AUDIODRIVER": "dummy"}
        more |= {"GPIOZERO_PIN_FACTORY": "mock", "PETITPAS_DATA": folder, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
        environment = {**os.environ, **more}
        with subprocess.Popen(command, env=environment) as process:
            try:
                yield process
            finally:
                process.terminate()


# --- Where to tap --------------------------------------------------------------------------------------------------------


def _way(size: tuple[int, int], *names: object) -> list[Spot]:
    """Return the middles of spots, each on the page to which the one before leads."""
    places = []
    with opened(Setting(size, settings=Settings(scale_px_per_m=SCALE, is_calm=True))) as on:
        on.shell.step(0)
        for name in names:
            places.append(next(spot.frame.centre for spot in on.shell.spots() if spot.name == name))
            on.shell.tap(name)
            on.shell.step(0)
    return places


def _beside_picture() -> Spot:
    """Return a place in the first tile of home that has nothing but the tile's colour."""
    with opened(Setting(USUAL_SIZE)) as on:
        frame = next(spot.frame for spot in on.shell.spots() if spot.name == "try")
        return frame.left + frame.width // 10, frame.centre[1] - frame.height // 5


def _go(screen: Screen, way: Sequence[Spot]) -> None:
    for at in way:
        screen.answered_ms(at, lambda at=at: screen.tap(at))  # type: ignore[misc]
        time.sleep(SETTLE_S / 4)


# --- What is measured ----------------------------------------------------------------------------------------------------


def _launch_s(screen: Screen, command: Sequence[str], at: Spot, colour: tuple[int, int, int]) -> float:
    """Return how long it takes from the process's start to the answer to a first tap, given once a place has its colour."""
    screen.point(at)
    began = time.perf_counter()
    with _window(screen, command) as process:
        while screen.pixel(at) != colour and time.perf_counter() < began + PATIENCE_S:
            time.sleep(0.0005)
        shown = screen.around(at)
        screen.tap(at)
        taken = screen.changed_s(at, shown) - began
        process.terminate()
        process.wait()
    return taken


def _taps_ms(screen: Screen, *places: Spot) -> list[float]:
    """Return how long it takes, for each of TAPS on places in turn, until something under the finger changes; the shortest first."""
    taken = []
    for at in islice(cycle(places), TAPS):
        screen.point(at)
        time.sleep(0.3)
        taken.append(screen.answered_ms(at, lambda: screen.do("mousedown 1")))
        time.sleep(0.1)
        screen.do("mouseup 1")
    return sorted(taken)


def _cards_ms(screen: Screen, tile: Spot, clear: Spot, slot: Spot) -> list[float]:
    """Return how long it takes, a card laid and cleared in turn, from the finger's release until the strip changes; the shortest first."""
    taken = []
    for at in islice(cycle((tile, clear)), TAPS):
        screen.point(at)
        screen.do("mousedown 1")
        time.sleep(0.3)
        taken.append(screen.answered_ms(slot, lambda: screen.do("mouseup 1")))
    return sorted(taken)


def _family(process: int) -> Iterator[int]:
    """Give a process and those that it has started; Linux tells them."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from _family(int(child))


def _cpu_percent(process: int) -> float:
    """Return the share of a core that a process and its own take over IDLE_S."""

    def ticks() -> int:
        stats = (Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for each in _family(process))
        return sum(int(stat[11]) + int(stat[12]) for stat in stats)

    time.sleep(SETTLE_S)
    before = ticks()
    time.sleep(IDLE_S)
    return 100 * (ticks() - before) / os.sysconf("SC_CLK_TCK") / IDLE_S


def _megabytes(process: int) -> float:
    """Return the memory that a process and its own have in the machine's."""
    pages = sum(int(Path(f"/proc/{each}/statm").read_text(encoding="ascii").split()[1]) for each in _family(process))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def figures() -> Iterator[Figure]:
    """Give what is printed."""
    middle = SIZE[0] // 2, SIZE[1] // 2
    with _screen() as screen:
        first = _beside_picture()
        pairs = [(_launch_s(screen, WALL, first, rgb("leaf")), _launch_s(screen, BARE, middle, ORANGE)) for _ in range(LAUNCHES)]
        mine, bare = (median(column) for column in zip(*pairs, strict=True))
        yield Figure("wall: from launch to the first tap's answer", f"{mine:.2f} s", f"bare window: {bare:.2f} s", "<= 3 s", mine <= 3)
        with _window(screen, BARE) as process:
            screen.changed_s(middle, screen.around(middle))
            bare_ms = median(_taps_ms(screen, middle))
            bare_cpu, bare_mb = _cpu_percent(process.pid), _megabytes(process.pid)
        with _window(screen, WALL) as process:
            yield from _lived(screen, process.pid, bare_ms, bare_cpu, bare_mb)


def _lived(screen: Screen, process: int, bare_ms: float, bare_cpu: float, bare_mb: float) -> Iterator[Figure]:
    """Give what the wall takes at home and in a lesson, filling the screen."""
    first = _beside_picture()
    screen.changed_s(first, screen.around(first))
    time.sleep(SETTLE_S)
    _go(screen, _way(USUAL_SIZE, Tool.MORE, Tool.FULL))
    time.sleep(SETTLE_S)
    _go(screen, _way(SIZE, Tool.MORE))  # it closes what it has opened
    loop = f"a loop of 60 frames: {bare_cpu:.1f} %"
    idle = _cpu_percent(process)
    yield Figure("wall: idle at home, of a core", f"{idle:.1f} %", loop, "<= 5 %", idle <= 5)
    *way, tile, slot = _way(SIZE, *LESSON, "forward", 0)
    clear = _way(SIZE, *LESSON, "forward", "clear")[-1]
    _go(screen, way)
    said = f"bare window: {bare_ms:.0f} ms"
    cards, taps = _cards_ms(screen, tile, clear, slot), _taps_ms(screen, tile, clear)
    for what, taken in (("a touch to its tile, pressed", taps), ("a release to its card, or the cleared strip", cards)):
        figure = f"{median(taken):.0f} ms, {taken[-1]:.0f} ms"
        yield Figure(f"wall: from {what}; the worst of {TAPS}", figure, said, "<= 50 ms", taken[-1] <= 50)
    idle = _cpu_percent(process)
    yield Figure("wall: idle in a lesson, of a core", f"{idle:.1f} %", loop, "<= 5 %", idle <= 5)
    size = _megabytes(process)
    name = f"wall: memory after that at {SIZE[0]}x{SIZE[1]}, all processes"
    yield Figure(name, f"{size:.0f} MB", f"bare window: {bare_mb:.0f} MB", "<= 300 MB", size <= 300)

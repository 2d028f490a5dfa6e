"""How fast worlds are, the whole firmware in the loop, beside a plain Python world that does the same moves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from benchmarks import programs
from benchmarks.anchor_world import AnchorWorld
from benchmarks.figure import PAIRS, Figure
from petitpas.program import build
from petitpas_robot import wire
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import NEVER, TICK_MS, Runner


def _anchor_ticks_per_s(ticks: int) -> float:
    turn = 1.5707963267948966
    world = AnchorWorld([("drive", 150.0), ("turn", turn)] * 4 + [("turn", -turn), ("turn", turn)])
    start = time.process_time()
    for _ in range(ticks):
        world.tick()
    return ticks / (time.process_time() - start)


_TURN_MS = 28_672
"""World time of one turn of the reference program; a program that watches for events never ends by itself."""


def _run_motion(turns: int, *, skip: bool, watching: bool = False) -> tuple[float, float, float]:
    """Return motion blocks a second, ticks a second, ticks a block."""
    runner = Runner(Mat.parse("5x5", ["A5", "E5", "E1"] if watching else ()), skip=skip)
    robot = runner.add("lapin", load_kit("exact"), Place.parse("B2N"))
    robot.cable.plug()
    image = build(programs.motion(turns, watching=watching)).data
    assert robot.app.load(len(image), 0, image) == (0, len(image))
    robot.app.run(0, 0, wire.EVENTS_ALL, 0)
    runner.wake("lapin")
    start = time.process_time()
    limit_ms = runner.world.t_ms + turns * _TURN_MS
    while not robot.app.vm.how and runner.world.t_ms < limit_ms:
        runner.advance(NEVER)
        robot.cable.receive(4096)
    seconds = time.process_time() - start
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


def _crowd(count: int, seconds: float, *, kit_name: str = "exact", watching: bool = False) -> float:
    """
    Return how many times faster than real time a world of `count` robots is, by the time of the processor.

    Each drives its square, some along the edge of the mat, out of step with their neighbours; every event is sent.
    """
    kit = load_kit(kit_name)
    runner = Runner(Mat(26, 26))
    image = build(programs.motion(255, watching=watching)).data
    for number in range(count):
        flaws = draw_flaws(kit, number) if kit.board else None
        robot = runner.add(f"r{number}", kit, Place(1 + number % 6 * 4, 1 + number // 6 * 4, number % 4), flaws=flaws)
        robot.cable.plug()
        robot.app.load(len(image), 0, image)
        robot.app.run(0, 0, wire.EVENTS_ALL, 0)
        runner.wake(robot.name)
    start = time.process_time()
    for second in range(1, int(seconds) + 1):
        runner.run_to(second * 1000)
        for robot in runner.robots.values():
            robot.cable.receive(4096)
    return seconds / (time.process_time() - start)


def worlds() -> Iterator[Figure]:
    """Many robots: their ticks against those of the anchor's one robot, and how fast a class that senses is."""
    for count, seconds, least in ((10, 200, 8), (30, 60, 3)):
        rows = [(_crowd(count, seconds) * 1000 / TICK_MS, _anchor_ticks_per_s(10_000)) for _ in range(PAIRS)]
        ratio = median(ticks / anchor for ticks, anchor in rows)
        ticks, anchor = (median(column) for column in zip(*rows, strict=True))
        said = f"plain world, one robot: {anchor:,.0f} ticks/s"
        yield Figure(f"world of {count} robots, skipped: {ticks:,.0f} ticks/s", f"{ratio:.1f} x", said, f">= {least} x", ratio >= least)
    real = median(_crowd(12, 40, watching=True) for _ in range(PAIRS))
    watch = "each watches for an obstacle at every tick"
    yield Figure("world of 12 robots, moving and sensing", f"{real:.0f} x real time", watch, ">= 100 x", real >= 100)
    for kit_name in ("pico-stepper", "pico-dc"):
        real = median(_crowd(12, 4, kit_name=kit_name, watching=True) for _ in range(3))
        yield Figure(f"  the same, {kit_name} with flaws and drivers", f"{real:.1f} x real time", watch, "", None)

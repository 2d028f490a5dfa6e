"""
Random worlds, each by its number: up to thirty robots of every kit on a mat, their programs, and hands that lift them and put them down.

What could enter what is measured here with geometry of its own: it must not agree with the simulator's by sharing it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from petitpas.program import from_compact
from petitpas_sim.body import Body
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.runner import TICK_MS, Runner
from petitpas_sim.trace import Trace
from tests.simulated import run

SIZES = (1, 2, 3, 5, 8, 12, 20, 30)
"""Numbers of robots."""

LENGTH_MS = 9000

KITS = ("exact", "exact", "exact", "rocket")
MOTORS = ("pico-stepper", "pico-dc")
TOUCH_MM = 0.01
"""What rounding and the arc of one tick may leave of a gap where two things touch."""

MOST_MOTORS = 3
"""Robots with flaws in one world: they are ticked, and slow."""

_NEAR = {"sensor": "distance", "value": 220}
_ROLLS: tuple[object, ...] = (
    *("forward", "forward", "backward", "left", "right", "until_obstacle", ["forward", 3], ["wait", 300], "beep"),
    *(["forward_mm", 40], ["forward_mm", 90], ["backward_mm", 70], ["left_deg", 30], ["right_deg", 45], ["left_deg", 135]),
    *(["if", _NEAR, ["left"], ["forward"]], ["wait_until", _NEAR], ["if", {"sensor": "bump"}, ["backward"], ["right"]]),
)
_BY_CELLS = tuple(item for item in _ROLLS if not (isinstance(item, list) and str(item[0]).endswith(("_mm", "_deg"))))
_GLIDES: tuple[object, ...] = ("go_up", "go_down", "go_left", "go_right", ["go_up", 2], ["go_left", 3], ["wait", 200])

SWAP = {
    **{"left": "right", "right": "left", "left_deg": "right_deg", "right_deg": "left_deg", "go_left": "go_right", "go_right": "go_left"},
    **{"line_left": "line_right", "line_right": "line_left"},
}
"""Each block, or sensor, whose mirror image is another."""


@dataclass(frozen=True)
class Hand:
    """What a hand does to a robot at a time: it is lifted, or put down at a place."""

    t_ms: int
    name: str
    place: Place | None


@dataclass(frozen=True)
class Scene:
    """A world before it begins: its robots as (name, kit, place, compact program)."""

    mat: Mat
    robots: tuple[tuple[str, str, Place, tuple[object, ...]], ...]
    hands: tuple[Hand, ...]


def scene(number: int, kits: Sequence[str] = (*KITS, *MOTORS), *, by_cells: bool = False) -> Scene:
    """Return random world `number` with robots of these kits, who go whole cells and quarter turns alone where that is asked."""
    chance = random.Random(number)
    count = chance.choice(SIZES)
    columns, rows = chance.randint(1, 9), chance.randint(1, 9)
    while columns * rows < count + 1:
        columns, rows = columns + 1, rows + 1
    cells = [(column, row) for column in range(columns) for row in range(rows)]
    chance.shuffle(cells)
    starts, rest = cells[:count], cells[count:]
    rocks = frozenset(rest[: chance.randint(0, len(rest) // 3)])
    walls = frozenset((*chance.choice(cells), chance.choice("NE")) for _ in range(chance.randint(0, 6)))
    robots: list[tuple[str, str, Place, tuple[object, ...]]] = []
    for index, cell in enumerate(starts):
        kit = chance.choice(kits)
        if kit in MOTORS and sum(robot[1] in MOTORS for robot in robots) >= MOST_MOTORS:
            kit = "exact"
        robots.append((f"r{index}", kit, Place(*cell, chance.randrange(4)), _program(chance, kit, by_cells)))
    hands = [
        Hand(chance.randrange(LENGTH_MS), f"r{chance.randrange(count)}", Place(*chance.choice(cells), chance.randrange(4)))
        for _ in range(chance.randint(0, 4))
    ]
    lifts = [replace(hand, t_ms=hand.t_ms - chance.randrange(900), place=None) for hand in hands if chance.random() < 0.5]
    return Scene(Mat(columns, rows, rocks, walls), tuple(robots), tuple(sorted((*hands, *lifts), key=lambda hand: hand.t_ms)))


def _program(chance: random.Random, kit: str, by_cells: bool) -> tuple[object, ...]:
    if kit == "rocket":
        return tuple(chance.choices(_GLIDES, k=chance.randint(1, 9)))
    walk = chance.choices(_BY_CELLS if by_cells else _ROLLS, k=chance.randint(1, 9))
    if chance.random() < 0.3:
        return (["when_go", walk], ["when_obstacle", ["backward", chance.choice(("left", "right"))]])
    return tuple(walk)


def began(scene: Scene, *, skip: bool = True, trace: Trace | None = None) -> Runner:
    """Return a runner in which every robot of a scene has just started its program."""
    runner = Runner(scene.mat, skip=skip, trace=trace)
    for index, (name, kit_name, place, program) in enumerate(scene.robots):
        kit = load_kit(kit_name)
        runner.add(name, kit, place, flaws=draw_flaws(kit, index) if kit.board else None).cable.plug()
        run(runner, name, from_compact(list(program)))
    return runner


def instants(scene: Scene, runner: Runner, step_ms: int = TICK_MS) -> Iterator[int]:
    """Run a scene to its end, hands and all, and give each of its instants, every `step_ms`."""
    hands = list(scene.hands)
    for t_ms in range(0, LENGTH_MS, step_ms):
        while hands and hands[0].t_ms < t_ms:
            _act(runner, hands.pop(0))
        runner.run_to(t_ms)
        for robot in runner.robots.values():
            robot.cable.receive(4096)
        yield t_ms


def _act(runner: Runner, hand: Hand) -> None:
    if hand.place is None:
        runner.lift(hand.name)
        return
    try:
        runner.put(hand.name, hand.place)
    except ValueError:  # a rock, or somebody stands there
        return


class Gaps:
    """How much is left between the bodies of a mat and everything that they could enter; asked again, it looks at those that have moved."""

    def __init__(self, mat: Mat) -> None:
        self._mat = mat
        side = CELL_MM
        self._boxes = [(column * side, row * side, (column + 1) * side, (row + 1) * side) for column, row in mat.rocks]
        for column, row, where in mat.walls:
            right, top = (column + 1) * side, (row + 1) * side
            self._boxes.append((right - side, top, right, top) if where == "N" else (right, top - side, right, top))
        self._seen: dict[str, tuple[float, float]] = {}

    def least(self, bodies: Sequence[Body], t_ms: int) -> float:
        """Return the least gap in mm of a body that has moved since the last look; inf where none has."""
        least = math.inf
        places = {}
        for body in bodies:
            if not body.is_away:
                x, y, _ = body.pose_at(t_ms)
                places[body.name] = (x * CELL_MM / body.cell_steps, y * CELL_MM / body.cell_steps, body.radius_mm)
        for name, (x, y, radius) in places.items():
            if self._seen.get(name) == (x, y):
                continue
            self._seen[name] = (x, y)
            edges = min(x, y, self._mat.columns * CELL_MM - x, self._mat.rows * CELL_MM - y)
            things = (math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])) for box in self._boxes)
            others = (math.hypot(x - place[0], y - place[1]) - place[2] for other, place in places.items() if other != name)
            least = min(least, min((edges, *things, *others)) - radius)
        return least


def mirrored_mat(mat: Mat) -> Mat:
    """Return a mat with east and west exchanged."""
    last = mat.columns - 1
    walls = {(last - column - (side == "E"), row, side) for column, row, side in mat.walls if side == "N" or column < last}
    return replace(mat, rocks=frozenset((last - column, row) for column, row in mat.rocks), walls=frozenset(walls))


def mirrored(story: Scene) -> Scene:
    """Return a scene with east and west, and left and right, exchanged."""
    robots = tuple((name, kit, _mirrored(story.mat, place), tuple(map(_swapped, program))) for name, kit, place, program in story.robots)
    hands = tuple(replace(hand, place=hand.place and _mirrored(story.mat, hand.place)) for hand in story.hands)
    return Scene(mirrored_mat(story.mat), robots, hands)


def _mirrored(mat: Mat, place: Place) -> Place:
    return Place(mat.columns - 1 - place.column, place.row, -place.quarter % 4)


def _swapped(item: object) -> object:
    if isinstance(item, list):
        return [_swapped(inner) for inner in item]
    return SWAP.get(item, item) if isinstance(item, str) else item


def least_gap(number: int) -> float:
    """Return the least gap in mm that there is at any tick of world `number`."""
    story = scene(number)
    runner = began(story)
    gaps = Gaps(story.mat)
    return min(gaps.least(runner.world.bodies, t_ms) for t_ms in instants(story, runner))


def trace_of(story: Scene, *, skip: bool = True) -> str:
    """Return the trace of a scene."""
    runner = began(story, skip=skip, trace=Trace())
    for _ in instants(story, runner, 250):
        pass
    assert runner.trace is not None
    return runner.trace.text()

"""
The cell model: what a program does on a mat, a cell and a quarter turn at a time, with no robot and no time.

It is what a search asks, thousands of times for one explanation; the firmware has the last word on all that is shown. A test holds the two
to the same paths, for every program that the model knows.

A block *means* a row of steps. What a child believes that a block does is another meaning of the same block: to see what she expected, her
program is run with hers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from petitpas.program import Block, Program
from petitpas_robot import opcodes
from petitpas_sim.mat import Cell, Mat, Place

# Steps. The first four go towards a side of the robot, clockwise from its nose; the next four turn, or sound, or go on until something is
# in the way; the last four go towards a side of the mat, clockwise from its top.
AHEAD, TO_RIGHT, BACK, TO_LEFT = range(4)
TURN_RIGHT, TURN_LEFT, SOUND, UNTIL_OBSTACLE = range(4, 8)
UP, EAST, DOWN, WEST = range(8, 12)
NOTHING = 12

Steps = tuple[int, ...]
Meaning = Mapping[str, Steps]
"""What one unit of a block is, by its type: of "forward" 3 it is done three times."""

MEANING: Meaning = {
    "forward": (AHEAD,),
    "backward": (BACK,),
    "left": (TURN_LEFT,),
    "right": (TURN_RIGHT,),
    "until_obstacle": (UNTIL_OBSTACLE,),
    "go_up": (UP,),
    "go_right": (EAST,),
    "go_down": (DOWN,),
    "go_left": (WEST,),
    "beep": (SOUND,),
    "note": (SOUND,),
    "light": (NOTHING,),
    "wait": (NOTHING,),
}
"""What the blocks that the model knows really do."""

MAX_STEPS = 4000
"""A program that does more has not ended, as far as the model can tell: on the largest mat this is six times every cell."""


def knows(program: Program) -> bool:
    """Say whether the model can run a program: one script that GO starts, of moves, sounds, lights, waits and `repeat`."""
    if [script.type for script in program.scripts] != ["when_go"]:
        return False
    head = program.scripts[0]
    return all(block.type in MEANING or block.type == "repeat" for block in head.walk() if block is not head)


def units(block: Block) -> int:
    """Return how many times a block does what it means: its number of cells, else 1."""
    return block.number("cells") if block.get("cells") is not None else 1


def unrolled(blocks: Sequence[Block], meaning: Meaning = MEANING) -> Iterator[tuple[Block, int]]:
    """Give every step of a row of blocks with the block that it belongs to, loops unrolled."""
    for block in blocks:
        if block.type == "repeat":
            if any(inner.type != "repeat" for inner in block.walk()):
                for _ in range(block.number("times")):
                    yield from unrolled(block.body(), meaning)
        else:
            for _ in range(units(block)):
                for step in meaning[block.type]:
                    yield block, step


class Grid:
    """A mat as the model walks it: a pose is (column, row, quarter turns clockwise from north)."""

    def __init__(self, mat: Mat) -> None:
        self._mat = mat
        self._next: dict[tuple[Cell, int], Cell | None] = {}

    def beside(self, cell: Cell, quarter: int) -> Cell | None:
        """Return the next cell towards a side of the mat, None where something is in the way."""
        key = cell, quarter
        if key not in self._next:
            column, row = cell
            target = (column + (0, 1, 0, -1)[quarter], row + (1, 0, -1, 0)[quarter])
            self._next[key] = target if self._mat.is_open(cell, quarter) else None
        return self._next[key]


@dataclass(frozen=True, slots=True)
class Course:
    """
    What a program does: the cells entered and those sounded on, in order, where it ends, and how.

    `how` is HOW_DONE, HOW_BLOCKED, or HOW_RUNNING after MAX_STEPS; `block_id` is the block at which a blocked course ends, else "".
    """

    path: tuple[Cell, ...]
    sounds: tuple[Cell, ...]
    end: Place
    how: int
    block_id: str = ""


def course_of(grid: Grid, start: Place, program: Program, meaning: Meaning = MEANING) -> Course:
    """Return what a program that the model knows does from `start`."""
    path: list[Cell] = []
    sounds: list[Cell] = []
    cell, quarter = start.cell, start.quarter
    how, block_id = opcodes.HOW_DONE, ""
    for number, (block, step) in enumerate(unrolled(program.scripts[0].body(), meaning)):
        if number >= MAX_STEPS:
            how = opcodes.HOW_RUNNING
            break
        if step in (TURN_RIGHT, TURN_LEFT):
            quarter = (quarter + (1 if step == TURN_RIGHT else 3)) % 4
        elif step == SOUND:
            sounds.append(cell)
        elif step == NOTHING:
            continue
        elif step == UNTIL_OBSTACLE:
            while (following := grid.beside(cell, quarter)) is not None:
                cell = following
                path.append(cell)
        else:
            following = grid.beside(cell, (quarter + step) % 4 if step < TURN_RIGHT else step - UP)
            if following is None:
                how, block_id = opcodes.HOW_BLOCKED, block.id
                break
            cell = following
            path.append(cell)
    return Course(tuple(path), tuple(sounds), Place(*cell, quarter), how, block_id)

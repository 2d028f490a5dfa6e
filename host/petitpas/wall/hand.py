"""
A hand on the mat: robots are picked up, put down and turned by taps, as they are on the floor.

    a robot                 it is lifted: its program ends, as its own switch has it
    a free cell, then       it is put there, looking as before; another free cell: there instead
    the same robot again    it is turned by a quarter, until anything else is tapped

The mat hangs above the ceiling, so that its cells are the teacher's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from petitpas.wall.board import Driver
from petitpas.wall.pages.page import Spot
from petitpas_sim.mat import CELL_MM, Cell, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.scene import MatLayout


@dataclass(frozen=True, slots=True)
class OnMat:
    """The name of a spot: a cell of the mat that a hand can do something on."""

    cell: Cell


class Hand:
    """`taken` is the robot that was lifted last, until something else is done ("": none)."""

    def __init__(self) -> None:
        self.taken = ""

    def spots(self, layout: MatLayout, snapshot: Snapshot) -> Iterator[Spot]:
        """Give the cells on which a robot stands, and while one is taken the free ones."""
        stood = {place_of(robot).cell for robot in snapshot.robots if not robot.is_lifted}
        cells = ((column, row) for column in range(snapshot.mat.columns) for row in range(snapshot.mat.rows))
        for cell in cells:
            if cell in stood or (self.taken and cell not in snapshot.mat.rocks):
                yield Spot(OnMat(cell), layout.cell(cell), True)

    def tap(self, cell: Cell, snapshot: Snapshot, driver: Driver, *, is_start: bool = False) -> Literal["take", "put", ""]:
        """
        Do what a tap on a cell means; return the name of its sound, "" where nothing is done.

        Args:
            is_start: the driver's robot starts from now on where it is put.
        """
        there = next((robot for robot in snapshot.robots if not robot.is_lifted and place_of(robot).cell == cell), None)
        if there is not None and there.name != self.taken:
            if any(robot.is_lifted for robot in snapshot.robots):
                return ""  # the hand is full
            self.taken = there.name
            driver.lift(there.name)
            return "take"
        taken = next((robot for robot in snapshot.robots if robot.name == self.taken), None)
        if taken is None:
            return ""
        turned = there is not None and taken.kit != "rocket"
        try:
            driver.put(taken.name, Place(*cell, (place_of(taken).quarter + turned) % 4), is_start=is_start)
        except ValueError:  # a rock, or a robot that is on its way there
            return ""
        return "put"

    def let_go(self, snapshot: Snapshot) -> None:
        """Turn no robot any more; one that is in the air stays in the hand."""
        if not any(robot.is_lifted for robot in snapshot.robots):
            self.taken = ""


def place_of(robot: RobotSnapshot) -> Place:
    """Return where a robot is seen, as a cell and a heading."""
    return Place(int(robot.x_mm // CELL_MM), int(robot.y_mm // CELL_MM), round(robot.heading_deg / 90) % 4)

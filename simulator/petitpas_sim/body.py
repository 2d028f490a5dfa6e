"""One robot's body in a world: where it is, which way it goes, what it shows."""

from __future__ import annotations

from math import floor

from petitpas_robot import opcodes
from petitpas_robot.kit import Kit
from petitpas_sim.mat import CELL_MM, Cell, Place
from petitpas_sim.motion import Trapezoid
from petitpas_sim.rolling import Flaws


class Body:
    """One robot's body: its pose, its segment and what it shows. The world and its runner alone change it."""

    def __init__(self, name: str, kit: Kit, flaws: Flaws | None = None) -> None:
        self.name = name
        self.kit = kit
        self.flaws = flaws  # None: the exact kit
        self.kit_name = str(kit.name)
        self.cell_steps: int = kit.steps_per_cell
        self.full_turn: int = 4 * kit.steps_per_quarter
        self.glides = bool(kit.can & opcodes.CAN_GLIDE)
        self.radius_mm = kit.body_mm / 2
        self.x: float = 0  # steps east of the corner of A1, where the segment began
        self.y: float = 0
        self.heading: float = 0  # steps of turn clockwise from north, where the segment began; whole on the exact kit
        self.left = 0  # steps that the segment will make
        self.right = 0
        self.made_left = 0  # steps made by the last segment
        self.made_right = 0
        self.east: float = 0  # direction of the segment's straight line
        self.north: float = 0
        self.profile: Trapezoid | None = None  # None: at rest, or driven by motors of its own
        self.is_rolling = False  # driven by motors of its own
        self.is_barred = False  # its segment will end before something ahead of it
        self.is_bumped = False  # it has run into something ahead of it
        self.is_held = False  # a hand holds its bumper
        self.is_away = False  # a hand has taken it off the floor
        self.began_ms = 0
        self.ends_ms = 0
        self.colour: int = opcodes.COLOUR_OFF
        self.tone_hz = 0
        self.tone_ends_ms = 0
        self.lifted = False
        self.keys = 0  # bits, in the order of KEY_
        self.keeps_cards = True  # the switch: keys make a program, or play at once
        self.cards_shown = 0  # by the row of lights
        self.step_shown: int | None = None  # the card that runs, from 0
        self.path: list[Cell] = []  # cells entered since it was put down
        self.sounds: list[Cell] = []  # where it made a sound since it was put down

    def put(self, place: Place) -> None:
        """Stand at rest in the middle of a cell."""
        self.x, self.y = ((2 * n + 1) * self.cell_steps // 2 for n in place.cell)
        self.heading = place.quarter * self.full_turn // 4
        self.left = self.right = self.made_left = self.made_right = 0
        self.profile = None
        self.is_barred = self.is_bumped = self.is_away = self.lifted = False
        self.path, self.sounds = [], []

    @property
    def mm(self) -> tuple[float, float]:
        """Where the segment began, in mm."""
        return self.x * CELL_MM / self.cell_steps, self.y * CELL_MM / self.cell_steps

    def steps_at(self, t_ms: int) -> int:
        """Return the steps made of the segment by its faster wheel."""
        return self.profile.at(t_ms - self.began_ms) if self.profile else 0

    def pose_at(self, t_ms: int) -> tuple[float, float, float]:
        """Return x, y (steps) and heading (steps of turn) at a time."""
        steps = self.steps_at(t_ms)
        if not steps:
            return self.x, self.y, self.heading
        if self.east == 0 == self.north:
            return self.x, self.y, self.heading + (steps if self.left > 0 else -steps)
        return self.x + steps * self.east, self.y + steps * self.north, self.heading

    def cell(self) -> Cell:
        """Return the cell in which it stands, or stood when its segment began."""
        return floor(self.x / self.cell_steps), floor(self.y / self.cell_steps)

    def place(self) -> Place | None:
        """Return where it stands if that is the middle of a cell, square to the mat; else None."""
        side = self.cell_steps
        if self.flaws or 4 * self.heading % self.full_turn or (2 * self.x - side) % (2 * side) or (2 * self.y - side) % (2 * side):
            return None
        return Place(int(self.x // side), int(self.y // side), int(4 * self.heading // self.full_turn % 4))

"""
The world: a mat, the bodies on it, and what stops them.

A body moves along one segment at a time, in closed form: its place is a function of the world's time, never a sum of small steps.
Places are kept in the kit's own motor steps and headings in steps of turn, so that on the exact kit cells and quarter turns are integers.

What is in the way is found when a segment begins. A body that stands on the middle of a cell, square to the mat, then makes only the whole
cells that are free; any other stops where it touches. Two bodies never share a cell: one that moves keeps all cells of its segment until
it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, inf, tau

from petitpas_robot import opcodes
from petitpas_robot.kit import Kit
from petitpas_sim import geometry
from petitpas_sim.mat import CELL_MM, Cell, Mat, Place
from petitpas_sim.motion import Trapezoid, part_of, trapezoid
from petitpas_sim.rolling import Arc, Flaws, roll
from petitpas_sim.snapshot import RobotSnapshot, Snapshot

Record = Callable[..., None]
"""Called with (t_ms, robot name, kind, integers…) for each thing that happens; see `trace`."""


class Body:
    """One robot's body: its pose, its segment and what it shows. The world alone changes it."""

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
        self.arc: Arc | None = None  # of the segment, with flaws
        self.last_left = 0  # sign of the last steps of each wheel: gear play shows when it changes
        self.last_right = 0
        self.profile: Trapezoid | None = None  # None: at rest, or driven by motors of its own
        self.is_rolling = False  # driven by motors of its own
        self.began_ms = 0
        self.ends_ms = 0
        self.colour: int = opcodes.COLOUR_OFF
        self.tone_hz = 0
        self.tone_ends_ms = 0
        self.lifted = False
        self.keys = 0  # bits, in the order of KEY_
        self.keeps_cards = True  # the switch: keys make a program, or play at once
        self.cards_shown = 0  # by the row of lights
        self.path: list[Cell] = []  # cells entered since it was put down
        self.sounds: list[Cell] = []  # where it made a sound since it was put down

    def put(self, place: Place) -> None:
        """Stand at rest in the middle of a cell."""
        self.x, self.y = ((2 * n + 1) * self.cell_steps // 2 for n in place.cell)
        self.heading = place.quarter * self.full_turn // 4
        self.left = self.right = self.made_left = self.made_right = 0
        self.profile = self.arc = None
        self.last_left = self.last_right = 0
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
        if self.arc is not None and self.profile is not None:
            x, y, radians = self.arc.at(steps / self.profile.steps)
            return x, y, radians * self.full_turn / tau
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


class World:
    """
    A mat with robots on it, at a time of its own.

    Args:
        mat: the floor.
        record: told of everything that happens; None where nobody wants to know.
    """

    def __init__(self, mat: Mat, record: Record | None = None) -> None:
        self.mat = mat
        self.t_ms = 0
        self.bodies: list[Body] = []
        self._record = record
        self._walls = _walls(mat)

    def add(self, name: str, kit: Kit, place: Place, flaws: Flaws | None = None) -> Body:
        """
        Put a new robot down.

        Args:
            flaws: what is wrong with it; None for the exact kit.

        Raises:
            ValueError: the cell is off the mat, a rock or taken, or the name is.
        """
        if any(body.name == name for body in self.bodies):
            raise ValueError(f"there is already a robot called {name}")
        body = Body(name, kit, flaws)
        self.bodies.append(body)
        try:
            self.put(body, place)
        except ValueError:
            self.bodies.remove(body)
            raise
        return body

    def put(self, body: Body, place: Place) -> None:
        """Pick a robot up and put it down somewhere; raise ValueError where it cannot stand there."""
        cell = place.cell
        if not self.mat.holds(cell) or cell in self.mat.rocks:
            raise ValueError(f"a robot cannot stand on {place}: off the mat, or a rock")
        if any(cell in _cells_of(other) for other in self.bodies if other is not body):
            raise ValueError(f"another robot stands on {place}")
        body.put(place)
        self._tell(self.t_ms, body, "put", *self._pose(body))

    # --- Segments --------------------------------------------------------------------------------------------------

    def move(self, body: Body, left: int, right: int, start_rate: int, cruise_rate: int, ramp_ms: int) -> None:
        """
        Begin a segment; what is in the way shortens it now.

        Raises:
            ValueError: neither a straight line nor a turn in place, nor, for a kit without a front, along one side of the mat.
        """
        self.halt(body)
        body.made_left = body.made_right = 0
        if body.glides:
            if left and right:
                raise ValueError("a kit without a front moves along one side of the mat at a time")
            body.east, body.north = (left > 0) - (left < 0), (right > 0) - (right < 0)
        elif left == right:
            sign = -1 if left < 0 else 1
            east, north = geometry.direction(round(body.heading), body.full_turn)
            body.east, body.north = sign * east, sign * north
        elif left == -right or (body.flaws and left * right < 0):
            body.east = body.north = 0
        elif body.flaws:
            sign = -1 if left + right < 0 else 1
            east, north = geometry.direction(round(body.heading), body.full_turn)
            body.east, body.north = sign * east, sign * north
        else:
            raise ValueError("the exact kit rolls straight or turns in place")
        steps = max(abs(left), abs(right))
        free = self._free_steps(body, steps) if body.east or body.north else steps
        if free < steps:
            left, right = part_of(left, free, steps), part_of(right, free, steps)
            self._tell(self.t_ms, body, "bump", *self._pose(body))
        body.left, body.right = left, right
        if free:
            if body.flaws:
                body.arc = _arc(body, body.flaws)
            body.profile = trapezoid(free, start_rate, cruise_rate, ramp_ms)
            body.began_ms = self.t_ms
            body.ends_ms = self.t_ms + body.profile.duration_ms

    def halt(self, body: Body) -> None:
        """Stop a body where it is."""
        self.settle(body, self.t_ms)
        if body.profile is None:
            return
        steps = body.steps_at(self.t_ms)
        total = body.profile.steps
        body.left, body.right = part_of(body.left, steps, total), part_of(body.right, steps, total)
        self._arrive(body, self.t_ms, steps)

    def settle(self, body: Body, t_ms: int) -> None:
        """End the segment of a body that has arrived by `t_ms`."""
        if body.profile is not None and t_ms >= body.ends_ms:
            self._arrive(body, body.ends_ms, body.profile.steps)

    def _arrive(self, body: Body, t_ms: int, steps: int) -> None:
        x, y = body.x, body.y
        body.x, body.y, body.heading = body.pose_at(t_ms)
        body.heading %= body.full_turn
        body.profile = body.arc = None
        body.made_left, body.made_right = body.left, body.right
        if steps and (body.east or body.north):
            body.path += geometry.cells_crossed(x, y, body.x, body.y, body.cell_steps)
        self._tell(t_ms, body, "at", *self._pose(body))

    def roll(self, body: Body, left: float, right: float) -> bool:
        """Move a body with flaws by steps of its wheels, now; return False where something is in the way: then it stays."""
        assert body.flaws is not None
        arc = roll(body.kit, body.flaws, body.x, body.y, body.heading * tau / body.full_turn, left, right)
        if arc.length:
            east, north = geometry.direction(round(body.heading), body.full_turn)
            body.east, body.north = (east, north) if arc.length > 0 else (-east, -north)
            mm = abs(arc.length) * CELL_MM / body.cell_steps
            if self._free_mm(body, *body.mm, mm) < mm:
                return False
        x, y = body.x, body.y
        body.x, body.y, radians = arc.at(1)
        body.heading = radians * body.full_turn / tau % body.full_turn
        body.path += geometry.cells_crossed(x, y, body.x, body.y, body.cell_steps)
        return True

    def rest(self, body: Body) -> None:
        """Note that the motors of a body have come to rest."""
        body.is_rolling = False
        self._tell(self.t_ms, body, "at", *self._pose(body))

    # --- What is in the way ------------------------------------------------------------------------------------------

    def _free_steps(self, body: Body, steps: int) -> int:
        """Return how many of `steps` along the body's direction are free."""
        side = body.cell_steps
        place = body.place()
        if place is not None and steps % side == 0 and body.east in (-1, 0, 1) and body.north in (-1, 0, 1):
            return side * self._free_cells(body, place, steps // side)
        x, y = body.mm
        free_mm = self._free_mm(body, x, y, steps * CELL_MM / side)
        return min(steps, floor(free_mm * side / CELL_MM + 1e-6))

    def _free_cells(self, body: Body, place: Place, cells: int) -> int:
        east, north = int(body.east), int(body.north)
        quarter = 2 - east if east else 1 - north
        taken = {cell for other in self.bodies if other is not body for cell in _cells_of(other)}
        cell = place.cell
        for n in range(cells):
            ahead = (cell[0] + east, cell[1] + north)
            if not self.mat.is_open(cell, quarter) or ahead in taken:
                return n
            cell = ahead
        return cells

    def _free_mm(self, body: Body, x: float, y: float, most_mm: float) -> float:
        """Return how far the body can move until it touches something, at most `most_mm`."""
        east, north, radius = body.east, body.north, body.radius_mm
        free = most_mm
        for wall in self._walls:
            free = min(free, geometry.disc_to_segment(x, y, east, north, radius, wall))
        for other in self.bodies:
            if other is not body:
                for column, row in _cells_of(other):
                    for edge in _square(column, row):
                        free = min(free, geometry.disc_to_segment(x, y, east, north, radius, edge))
        return free

    def distance_mm(self, body: Body, t_ms: int | None = None, aside_deg: float = 0) -> int | None:
        """
        Return the distance from the middle of a body, along its heading, to the nearest thing; None past 4 m.

        Args:
            t_ms: when, None for now; before a body's segment began it stood where it began.
            aside_deg: clockwise from the heading.
        """
        t_ms = self.t_ms if t_ms is None else t_ms
        x, y, heading = body.pose_at(t_ms)
        heading += aside_deg * body.full_turn / 360
        x, y = x * CELL_MM / body.cell_steps, y * CELL_MM / body.cell_steps
        east, north = geometry.direction(round(heading), body.full_turn)
        nearest = inf
        for wall in self._walls:
            nearest = min(nearest, geometry.ray_to_segment(x, y, east, north, wall))
        for other in self.bodies:
            if other is not body:
                other_x, other_y, _ = other.pose_at(t_ms)
                scale = CELL_MM / other.cell_steps
                nearest = min(nearest, geometry.ray_to_disc(x, y, east, north, other_x * scale, other_y * scale, other.radius_mm))
        return None if nearest > 4000 else floor(nearest + 1e-6)

    # --- What is shown -------------------------------------------------------------------------------------------------

    def light(self, body: Body, colour: int) -> None:
        """Show a colour."""
        if colour != body.colour:
            body.colour = colour
            self._tell(self.t_ms, body, "light", colour)

    def tone(self, body: Body, hz: int, ms: int) -> None:
        """Make a sound; 0 Hz is silence."""
        if hz:
            body.sounds.append(self.cell_at(body))
            self._tell(self.t_ms, body, "tone", hz, ms)
        body.tone_hz = hz
        body.tone_ends_ms = self.t_ms + ms

    def cell_at(self, body: Body) -> Cell:
        """Return the cell where the middle of a body is now."""
        x, y, _ = body.pose_at(self.t_ms)
        return floor(x / body.cell_steps), floor(y / body.cell_steps)

    def snapshot(self) -> Snapshot:
        """Return the world as a view draws it, now."""
        return Snapshot(self.t_ms, self.mat, tuple(self._snapshot_of(body) for body in self.bodies))

    def _snapshot_of(self, body: Body) -> RobotSnapshot:
        x, y, heading = body.pose_at(self.t_ms)
        scale = CELL_MM / body.cell_steps
        return RobotSnapshot(
            name=body.name,
            kit=body.kit_name,
            x_mm=x * scale,
            y_mm=y * scale,
            heading_deg=heading % body.full_turn * 360 / body.full_turn,
            colour=body.colour,
            tone_hz=body.tone_hz if self.t_ms < body.tone_ends_ms else 0,
            is_moving=body.is_rolling or (body.profile is not None and self.t_ms < body.ends_ms),
        )

    def _pose(self, body: Body) -> tuple[int, int, int]:
        """Return x and y in hundredths of a mm and the heading in hundredths of a degree: what a trace says of a body at rest."""
        side = body.cell_steps
        return (
            _nearest(body.x * 100 * CELL_MM, side),
            _nearest(body.y * 100 * CELL_MM, side),
            _nearest(body.heading % body.full_turn * 36000, body.full_turn),
        )

    def _tell(self, t_ms: int, body: Body, kind: str, *values: int) -> None:
        if self._record is not None:
            self._record(t_ms, body.name, kind, *values)


def _arc(body: Body, flaws: Flaws) -> Arc:
    """Return the arc of a body's segment; what its gears lose where a wheel turns back is not rolled."""
    rolled = []
    for steps, last, play in ((body.left, body.last_left, flaws.left_play), (body.right, body.last_right, flaws.right_play)):
        sign = (steps > 0) - (steps < 0)
        rolled.append(steps - sign * play if last and sign == -last else steps)
    body.last_left = (body.left > 0) - (body.left < 0) or body.last_left
    body.last_right = (body.right > 0) - (body.right < 0) or body.last_right
    return roll(body.kit, flaws, body.x, body.y, body.heading * tau / body.full_turn, rolled[0], rolled[1])


def _nearest(amount: float, unit: int) -> int:
    return floor((2 * amount + unit) / (2 * unit))


def _cells_of(body: Body) -> set[Cell]:
    """Return the cells that a body keeps for itself: where it touches now and all along its segment."""
    side, reach = body.cell_steps, body.radius_mm * body.cell_steps / CELL_MM
    steps = body.profile.steps if body.profile else 0
    end_x, end_y = body.x + steps * body.east, body.y + steps * body.north
    columns = range(floor((min(body.x, end_x) - reach) / side), ceil((max(body.x, end_x) + reach) / side))
    rows = range(floor((min(body.y, end_y) - reach) / side), ceil((max(body.y, end_y) + reach) / side))
    return {(column, row) for column in columns for row in rows}


def _square(column: int, row: int) -> list[geometry.Segment]:
    left, bottom = column * CELL_MM, row * CELL_MM
    right, top = left + CELL_MM, bottom + CELL_MM
    return [(left, bottom, right, bottom), (right, bottom, right, top), (right, top, left, top), (left, top, left, bottom)]


def _walls(mat: Mat) -> list[geometry.Segment]:
    """Return everything on a mat that a body can touch, in mm: its edges, the sides of its rocks, its thin walls; in a fixed order."""
    width, height = mat.columns * CELL_MM, mat.rows * CELL_MM
    walls: list[geometry.Segment] = [(0, 0, width, 0), (width, 0, width, height), (width, height, 0, height), (0, height, 0, 0)]
    for column, row in sorted(mat.rocks):
        walls += _square(column, row)
    for column, row, side in sorted(mat.walls):
        right, top = (column + 1) * CELL_MM, (row + 1) * CELL_MM
        walls.append((right - CELL_MM, top, right, top) if side == "N" else (right, top - CELL_MM, right, top))
    return walls

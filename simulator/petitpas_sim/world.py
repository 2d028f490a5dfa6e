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
from math import floor, tau

from petitpas_robot.kit import Kit
from petitpas_sim import geometry
from petitpas_sim.body import Body
from petitpas_sim.mat import CELL_MM, Cell, Mat, Place
from petitpas_sim.motion import part_of, trapezoid
from petitpas_sim.rolling import Flaws, roll
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.space import Space

BUMPER_MM = 2.0
"""How far back a body must go until its bumper opens again. Source: an assumption, not measured."""

Record = Callable[..., None]
"""Called with (t_ms, robot name, kind, integers…) for each thing that happens; see `trace`."""


class World:
    """
    A mat with robots on it, at a time of its own.

    Args:
        mat: the floor.
        record: told of everything that happens; None where nobody wants to know.
        wake: makes the next tick of the robot of a name matter.
    """

    def __init__(self, mat: Mat, record: Record | None = None, wake: Callable[[str], None] = lambda name: None) -> None:
        self.mat = mat
        self.t_ms = 0
        self.space = Space(mat)
        self.bodies = self.space.bodies
        self._record = record
        self._wake = wake
        self._lookers: dict[Body, None] = {}  # in their order

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
        """Put a robot down, from the floor or from a hand; raise ValueError where it cannot stand there: then it stays where it was."""
        cell = place.cell
        if not self.mat.holds(cell) or cell in self.mat.rocks:
            raise ValueError(f"a robot cannot stand on {place}: off the mat, or a rock")
        if self.space.is_taken(cell, body):
            raise ValueError(f"another robot stands on {place}")
        body.put(place)
        self.space.keep(body)
        self._stir(body)
        self._tell(self.t_ms, body, "put", *self._pose(body))

    def lift(self, body: Body) -> None:
        """Pick a robot up: until it is put down it is in nobody's way, and not seen."""
        body.lifted = body.is_away = True  # its HAL halts it at its next tick, and knows why
        self.space.leave(body)
        self._stir(body)
        self._tell(self.t_ms, body, "lift")

    def look_out(self, body: Body) -> None:
        """Wake a body's robot once, when another body begins, ends or leaves its way: it has foreseen what it senses of the others."""
        self._lookers[body] = None

    def _stir(self, body: Body) -> None:
        """Note that a body has changed its way."""
        lookers = [looker for looker in self._lookers if looker is not body]
        for looker in lookers:
            del self._lookers[looker]
            self._wake(looker.name)

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
        elif left == -right:
            body.east = body.north = 0
        else:
            raise ValueError("the exact kit rolls straight or turns in place")
        steps = max(abs(left), abs(right))
        free = self.space.free_steps(body, steps) if body.east or body.north else steps
        body.is_barred = free < steps and left == right > 0
        body.is_bumped = body.is_barred and not free
        if free < steps:
            left, right = part_of(left, free, steps), part_of(right, free, steps)
            self._tell(self.t_ms, body, "bump", *self._pose(body))
        body.left, body.right = left, right
        if free:
            body.profile = trapezoid(free, start_rate, cruise_rate, ramp_ms)
            body.began_ms = self.t_ms
            body.ends_ms = self.t_ms + body.profile.duration_ms
            if body.east or body.north:  # who turns in place keeps what he keeps
                self.space.keep(body)
            self._stir(body)

    def halt(self, body: Body) -> None:
        """Stop a body where it is."""
        self.settle(body, self.t_ms)
        if body.profile is None:
            return
        steps = body.steps_at(self.t_ms)
        total = body.profile.steps
        body.left, body.right = part_of(body.left, steps, total), part_of(body.right, steps, total)
        body.is_barred = False
        self._arrive(body, self.t_ms, steps)
        self._stir(body)

    def settle(self, body: Body, t_ms: int) -> None:
        """End the segment of a body that has arrived by `t_ms`."""
        if body.profile is not None and t_ms >= body.ends_ms:
            self._arrive(body, body.ends_ms, body.profile.steps)

    def _arrive(self, body: Body, t_ms: int, steps: int) -> None:
        x, y = body.x, body.y
        body.x, body.y, body.heading = body.pose_at(t_ms)
        body.heading %= body.full_turn
        body.profile = None
        body.is_bumped = body.is_barred
        body.made_left, body.made_right = body.left, body.right
        if body.east or body.north:
            self.space.keep(body)
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
            if self.space.free_mm(body, mm) < mm:
                if arc.length > 0 and not body.is_bumped:
                    body.is_bumped = True
                    self._tell(self.t_ms, body, "bump", *self._pose(body))
                return False
        x, y = body.x, body.y
        body.x, body.y, radians = arc.end()
        body.heading = radians * body.full_turn / tau % body.full_turn
        body.path += geometry.cells_crossed(x, y, body.x, body.y, body.cell_steps)
        self.space.keep(body)
        self._stir(body)
        body.is_bumped = body.is_bumped and self.is_pressed(body)
        return True

    def is_pressed(self, body: Body) -> bool:
        """Say whether the bumper is pressed: by a hand, or by what it has run into, until one of the two has gone."""
        if body.is_held or not body.is_bumped or body.profile is not None:
            return body.is_held
        body.east, body.north = geometry.direction(round(body.heading), body.full_turn)
        if body.place() is not None:  # on the middle of a cell it has been stopped by what is in the next one
            return not self.space.free_steps(body, body.cell_steps)
        return self.space.free_mm(body, BUMPER_MM) < BUMPER_MM

    def rest(self, body: Body) -> None:
        """Note that the motors of a body have come to rest."""
        body.is_rolling = False
        self._tell(self.t_ms, body, "at", *self._pose(body))

    # --- What is sensed ----------------------------------------------------------------------------------------------

    def distance_mm(self, body: Body, t_ms: int | None = None, aside_deg: float = 0) -> int | None:
        """Return the distance to the nearest thing ahead, now where no time is given; see `Space.distance_mm`."""
        return self.space.distance_mm(body, self.t_ms if t_ms is None else t_ms, aside_deg)

    def beside(self, body: Body, aside_mm: float) -> tuple[float, float]:
        """Return where a point of a body's axle is now, in mm; `aside_mm` is to the right of its middle."""
        x, y, heading = body.pose_at(self.t_ms)
        east, north = geometry.direction(round(heading), body.full_turn)
        scale = CELL_MM / body.cell_steps
        return x * scale + aside_mm * north, y * scale - aside_mm * east

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
            is_lifted=body.lifted,
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


def _nearest(amount: float, unit: int) -> int:
    return floor((2 * amount + unit) / (2 * unit))

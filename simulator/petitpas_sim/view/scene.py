"""
From a snapshot to a list of items: where everything on a mat is drawn, in pixels, without drawing it.

An item is a frozen record; a scene is a tuple of items in the order in which they are painted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from math import cos, pi, sin

from petitpas_sim.mat import CELL_MM, Cell, Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.palette import LIGHTS, TEXT_SIZES, mix
from petitpas_sim.view.shapes import Drawing, Shape, Style, box, circle

TRAIL_STEP_MM = 25
"""Between two dots of a path; it divides a cell, so that dots of a way there and back fall together."""

MIDDLE_MM = 30
"""A path has come to a cell when it is this near to its middle."""

TURN_STEP_DEG = 2
"""Robots are drawn at multiples of this angle, so that their pictures can be kept."""

_ROBOT_UNITS = 120.0
"""A cell's pitch in units of a robot's picture: the body is two thirds of a cell."""

_THING_UNITS = 150.0
_PAD = 0.17
_PALE = 0.4
_LIFTED = 1.18  # a robot in a hand is nearer to the eye
_LAMP = Drawing(circle(0, 0, 68, Style("glow")), circle(0, 0, 20, Style("sun", "ink", 3)))
_MAX_PITCH = 0.3


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of whole pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.top + self.height

    @property
    def centre(self) -> tuple[int, int]:
        """Its middle."""
        return self.left + self.width // 2, self.top + self.height // 2

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def overlaps(self, other: Frame) -> bool:
        """Say whether the two share a pixel."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def grown(self, by: int) -> Frame:
        """Return it with `by` pixels more on every side."""
        return Frame(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners, "" its fill where it is an edge alone; `shadow` is the reach of a soft shadow, 0 for none."""

    frame: Frame
    radius: int
    fill: str
    edge: str = ""
    edge_width: int = 0
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class Art:
    """A drawing with its (0, 0) at a pixel; `scale` is pixels a unit, the angle is clockwise."""

    drawing: Drawing
    x: int
    y: int
    scale: float
    angle_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text around a middle (`align` 0) or from a left edge (−1), `y` at half the height of its capitals; `size` in pixels."""

    text: str
    x: int
    y: int
    size: int
    colour: str = "ink"
    is_bold: bool = False
    align: int = 0


Item = Box | Art | Label


@dataclass(frozen=True, slots=True)
class Bump:
    """A mark at a robot that something has stopped: before its nose, or behind it."""

    robot: str
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class Decor:
    """
    What a view shows besides the world itself.

    `trail` is the path travelled: corner points (x_mm, y_mm), in their order.
    """

    start: Place | None = None
    goals: tuple[Cell, ...] = ()
    trail: tuple[tuple[float, float], ...] = field(default=())
    bumps: tuple[Bump, ...] = ()


@dataclass(frozen=True, slots=True)
class MatLayout:
    """
    Where a mat is drawn: `card` is the white board around it, (left, bottom) the cells' lower left corner, `pitch` pixels a cell.

    `turns` are quarter turns clockwise by which the mat is shown turned around its middle, between two of them while it is on its way;
    what lies on it stays upright.
    """

    mat: Mat
    card: Frame
    left: int
    bottom: int
    pitch: int
    turns: float = 0

    @classmethod
    def fit(cls, mat: Mat, area: Frame, turns: int = 0) -> MatLayout:
        """Return the biggest layout in an area, in its middle; cells stay below 0.3 of the area's height or width."""
        across, up = (mat.rows, mat.columns) if turns % 2 else (mat.columns, mat.rows)
        room = min(area.width / (across + 2 * _PAD), area.height / (up + 2 * _PAD), _MAX_PITCH * max(area.width, area.height))
        pitch = max(2, int(room))
        pad = round(pitch * _PAD)
        width, height = across * pitch + 2 * pad, up * pitch + 2 * pad
        card = Frame(area.left + (area.width - width) // 2, area.top + (area.height - height) // 2, width, height)
        return cls(mat, card, card.left + pad, card.bottom - pad, pitch, turns)

    def point(self, x_mm: float, y_mm: float) -> tuple[int, int]:
        """Return the pixel of a place on the mat."""
        x, y = self._at(x_mm / CELL_MM, y_mm / CELL_MM)
        return round(x), round(y)

    def _at(self, column: float, row: float) -> tuple[float, float]:
        """Return the pixels of a place that is given in cells."""
        if not self.turns:
            return self.left + column * self.pitch, self.bottom - row * self.pitch
        middle_x, middle_y = self.card.left + self.card.width / 2, self.card.top + self.card.height / 2
        east, north = (column - self.mat.columns / 2) * self.pitch, (row - self.mat.rows / 2) * self.pitch
        cos, sin = _turn(self.turns)
        return middle_x + east * cos + north * sin, middle_y + east * sin - north * cos

    def cell(self, cell: Cell) -> Frame:
        """Return where a cell is drawn."""
        gap, square = max(1, round(self.pitch * 0.02)), self.square(cell)
        return Frame(square.left + gap, square.top + gap, self.pitch - 2 * gap, self.pitch - 2 * gap)

    def square(self, cell: Cell) -> Frame:
        """Return the whole square of a cell, up to its neighbours."""
        x, y = self._at(cell[0] + 0.5, cell[1] + 0.5)
        return Frame(round(x - self.pitch / 2), round(y - self.pitch / 2), self.pitch, self.pitch)

    def angle(self, heading_deg: float) -> float:
        """Return the angle, clockwise from up, at which a heading on the mat is drawn."""
        return (heading_deg + 90 * self.turns) % 360

    def text(self, role: str) -> int:
        """Return the size of text that fits the cells, for a role of TEXT_SIZES."""
        return max(6, round(TEXT_SIZES[role] * self.pitch / 142))


def _turn(turns: float) -> tuple[float, float]:
    """Return the cosine and the sine of an angle in quarter turns, exact at whole ones."""
    if turns == int(turns):
        return ((1, 0), (0, 1), (-1, 0), (0, -1))[int(turns) % 4]
    return cos(turns * pi / 2), sin(turns * pi / 2)


@lru_cache(maxsize=8)
def ground_items(layout: MatLayout, start: Place | None, goals: tuple[Cell, ...]) -> tuple[Item, ...]:
    """Return what does not move: card, cells, lamps, lines, walls, rocks, the house at the start, flowers at the goals."""
    pitch, mat = layout.pitch, layout.mat
    scale = pitch / _THING_UNITS
    items: list[Item] = [Box(layout.card, round(pitch * 0.21), "card", shadow=max(1, round(pitch * 0.08)))]
    cells = [(column, row) for row in range(mat.rows) for column in range(mat.columns)]
    colours = {cell: mix(LIGHTS[colour], "card", _PALE) for cell, colour in mat.colours}
    items += [_cell(layout, cell, colours.get(cell, "cell" if sum(cell) % 2 else "sand")) for cell in cells]
    items += [Art(_LAMP, *layout.cell(cell).centre, scale) for cell in sorted(mat.lamps)]
    items += _lines(layout)
    items += _walls(layout)
    things = [(cell, "rock") for cell in sorted(mat.rocks)] + [(cell, "flower") for cell in goals]
    if start is not None:
        things.insert(0, (start.cell, "house"))
    return (*items, *(Art(picture_of(name), *layout.cell(cell).centre, scale) for cell, name in things))


def _cell(layout: MatLayout, cell: Cell, fill: str) -> Item:
    """Return a cell of a mat: a box, but while the mat turns a picture that turns with it."""
    frame = layout.cell(cell)
    if layout.turns == round(layout.turns):
        return Box(frame, round(layout.pitch * 0.1), fill)
    angle = round(layout.angle(0) / TURN_STEP_DEG) * TURN_STEP_DEG
    return Art(_square(fill), *frame.centre, frame.width / 100, angle)


@cache
def _square(fill: str) -> Drawing:
    return Drawing(box(-50, -50, 100, 100, 10, Style(fill)))


def _walls(layout: MatLayout) -> Iterator[Item]:
    thick = max(2, round(layout.pitch * 0.07))
    for column, row, side in sorted(layout.mat.walls):
        square, shown = layout.square((column, row)), ("NE".index(side) + round(layout.turns)) % 4
        left = square.left + (layout.pitch if shown == 1 else 0) - thick // 2
        top = square.top + (layout.pitch if shown == 2 else 0) - thick // 2
        long = layout.pitch + thick
        yield Box(Frame(left, top, thick, long) if shown % 2 else Frame(left, top, long, thick), thick // 2, "ink")


def _lines(layout: MatLayout) -> Iterator[Item]:
    """Return the black lines, a straight part at a time: long and thin pictures are small ones."""
    for line in layout.mat.lines:
        for (ax, ay), (bx, by) in pairwise(line.points):
            ends = ((ax - bx) / 2, (by - ay) / 2), ((bx - ax) / 2, (ay - by) / 2)
            drawing = Drawing(Shape(ends, Style(edge="ink", width=line.width_mm), is_closed=False))
            yield Art(drawing, *layout.point((ax + bx) / 2, (ay + by) / 2), layout.pitch / CELL_MM, 90 * layout.turns)


@lru_cache(maxsize=8)
def trail_items(layout: MatLayout, trail: tuple[tuple[float, float], ...]) -> tuple[Item, ...]:
    """Return the path travelled, as dots."""
    radius = layout.pitch * 0.031
    dots = dict.fromkeys(layout.point(*dot) for a, b in pairwise(trail) for dot in _dots(a, b))
    return tuple(Art(picture_of("dot"), x, y, radius / 50) for x, y in dots)


@lru_cache(maxsize=8)
def number_items(layout: MatLayout, trail: tuple[tuple[float, float], ...]) -> tuple[Item, ...]:
    """Return the numbers 1, 2, 3 … in the corner of each cell that a path has come to; of more than three in a cell, the last."""
    items: list[Item] = []
    numbers: dict[Cell, list[int]] = {}
    for number, cell in enumerate(crossed(trail)[1:], start=1):
        numbers.setdefault(cell, []).append(number)
    for cell, in_cell in numbers.items():
        for place, number in enumerate(in_cell[-3:]):
            items += _number(layout, cell, place, number)
    return tuple(items)


def _number(layout: MatLayout, cell: Cell, place: int, number: int) -> tuple[Item, Item]:
    pitch = layout.pitch
    frame = layout.cell(cell)
    x, y = frame.left + round(pitch * (0.125 + 0.29 * place)), frame.top + round(pitch * 0.125)
    return Art(picture_of("count"), x, y, pitch * 0.00265), Label(str(number), x, y, layout.text("number"), "teal", True)


def _dots(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    (ax, ay), (bx, by) = start, end
    length = max(abs(bx - ax), abs(by - ay))
    if abs(bx - ax) < 1 or abs(by - ay) < 1:  # along the mat: on its own grid of dots
        low, high = (min(ax, bx), max(ax, bx)) if abs(bx - ax) >= 1 else (min(ay, by), max(ay, by))
        for step in range(-int(-low // TRAIL_STEP_MM), int(high // TRAIL_STEP_MM) + 1):
            along = step * TRAIL_STEP_MM
            yield (along, ay) if abs(bx - ax) >= 1 else (ax, along)
        return
    for step in range(int(length // TRAIL_STEP_MM) + 1):
        share = step * TRAIL_STEP_MM / length
        yield ax + (bx - ax) * share, ay + (by - ay) * share


def crossed(trail: Sequence[tuple[float, float]]) -> list[Cell]:
    """Return the cells to whose middle a path comes, in their order, the first included; a cell comes again when it is entered again."""
    cells: list[Cell] = []
    for (ax, ay), (bx, by) in pairwise(trail):
        steps = max(1, round(max(abs(bx - ax), abs(by - ay)) / 10))
        for step in range(steps + 1):
            x, y = ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps
            cell = int(x // CELL_MM), int(y // CELL_MM)
            is_near = max(abs(x % CELL_MM - CELL_MM / 2), abs(y % CELL_MM - CELL_MM / 2)) <= MIDDLE_MM
            if is_near and cells[-1:] != [cell]:
                cells.append(cell)
    return cells


def extended(trail: tuple[tuple[float, float], ...], x_mm: float, y_mm: float) -> tuple[tuple[float, float], ...]:
    """Return a path with one more point; points within a straight line are dropped, so that a path stays short."""
    point = (round(x_mm, 1), round(y_mm, 1))
    if trail and trail[-1] == point:
        return trail
    if len(trail) >= 2:
        (ax, ay), (bx, by) = trail[-2:]
        cross = (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)
        onward = (bx - ax) * (point[0] - bx) + (by - ay) * (point[1] - by)
        if abs(cross) < 1e-6 * (1 + abs(onward)) + 0.5 and onward > 0:
            return (*trail[:-1], point)
    return (*trail, point)


@cache
def _animal(name: str) -> str:
    """Return the animal that a robot is: "lapin 2" is one more rabbit, with the same picture."""
    return next((animal for animal in ANIMALS if name.startswith(animal)), name)


def robot_items(layout: MatLayout, robots: Sequence[RobotSnapshot], bumps: Sequence[Bump] = ()) -> tuple[Item, ...]:
    """Return the robots in their order, each with the mark of what has stopped it."""
    items: list[Item] = []
    scale = layout.pitch / _ROBOT_UNITS
    for robot in robots:
        x, y = layout.point(robot.x_mm, robot.y_mm)
        size = scale * _LIFTED if robot.is_lifted else scale
        angle = round(layout.angle(robot.heading_deg) / TURN_STEP_DEG) * TURN_STEP_DEG % 360
        is_round = robot.kit == "rocket"
        drawing = robot_picture(_animal(robot.name), robot.kit, robot.colour, robot.tone_hz > 0)
        if robot.is_lifted:
            items.append(_shadow(layout, x, y))
        items.append(Art(drawing, x, y, size, 0 if is_round else angle))
        for bump in bumps:
            if bump.robot == robot.name:
                items.append(Art(picture_of("bump"), x, y, scale, (angle + 180) % 360 if bump.is_behind else angle))
    return tuple(items)


def _shadow(layout: MatLayout, x: int, y: int) -> Box:
    """Return what a robot in a hand throws on the floor: a disc beside it."""
    radius, away = round(layout.pitch * 0.4), round(layout.pitch * 0.18)
    return Box(Frame(x + away - radius, y + away - radius, 2 * radius, 2 * radius), radius, "stone")


def mat_items(layout: MatLayout, snapshot: Snapshot, decor: Decor) -> tuple[tuple[Item, ...], ...]:
    """Return a whole mat in layers: ground, path, robots, numbers; layers that have not changed are the same objects as before."""
    return (
        ground_items(layout, decor.start, decor.goals),
        trail_items(layout, decor.trail),
        robot_items(layout, snapshot.robots, decor.bumps),
        number_items(layout, decor.trail),
    )

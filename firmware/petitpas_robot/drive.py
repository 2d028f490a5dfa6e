"""
Motion: from what a block means (cells, quarter turns, millimetres, degrees) to segments of wheel steps.

A kit states whole steps a cell and a quarter turn, so that cells and quarters never drift. For free distances and angles the remainder of
the division is carried to the next one. A segment that ends short of its target was blocked, or was not safe: its block ends so.

Trims mend what wheels and floor make of the kit's figures, in tenths of a permille. `length` makes every distance longer and `turn` every
angle wider; `straight` gives the left wheel more steps and the right one as many less, so that they differ by so much, for a robot that
drifts to its left. They change the steps of a cell and of a quarter turn, once, to whole steps again; all the rest follows from these.
"""

from . import opcodes as o
from .shim import const

TRIM_UNIT = const(10000)  # trims are tenths of a permille
CELL_MM = const(150)
QUARTER_DEG = const(90)


class Drive:
    """
    The wheels, for one motion block at a time.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`.
    """

    def __init__(self, hal, kit):
        self.heading_deg = 0  # nominal, clockwise from the north of the mat; RUN says where it begins
        self._hal = hal
        self._kit = kit
        self._left = 0  # target of the segment, in steps
        self._right = 0
        self._turn_deg = 0  # what the segment adds to the heading once it is complete
        self._by_cells = False  # until an obstacle: a cell at a time
        self._mm_rest = 0
        self._bend_rest = 0
        self._deg_rest = 0
        self.trim(0, 0, 0)

    def trim(self, straight, length, turn):
        """Use these trims from the next motion on, each -TRIM_MOST to TRIM_MOST; 0 leaves the kit's figures as they are."""
        cell = self._kit.steps_per_cell
        quarter = self._kit.steps_per_quarter
        self._cell = cell + _nearest(cell * length, TRIM_UNIT)
        self._quarter = quarter + _nearest(quarter * turn, TRIM_UNIT)
        self._bend = _nearest(self._cell * straight, 2 * TRIM_UNIT)  # steps a cell: more for the left wheel, less for the right

    def reset(self, heading_deg):
        """Forget what is carried from earlier motions and begin at a nominal heading, 0 to 359."""
        self.heading_deg = heading_deg
        self._mm_rest = 0
        self._bend_rest = 0
        self._deg_rest = 0

    def start(self, op, amount):
        """Begin the motion of an instruction; `amount` is its operand: cells, mm or degrees, ignored where it has none."""
        per_cell = self._cell
        per_quarter = self._quarter
        self._by_cells = False
        if op == o.OP_FORWARD:
            self._straight(amount * per_cell, amount * self._bend)
        elif op == o.OP_BACKWARD:
            self._straight(-amount * per_cell, -amount * self._bend)
        elif op == o.OP_LEFT:
            self._turn(-per_quarter, -QUARTER_DEG)
        elif op == o.OP_RIGHT:
            self._turn(per_quarter, QUARTER_DEG)
        elif op == o.OP_FORWARD_MM or op == o.OP_BACKWARD_MM:
            mm = amount if op == o.OP_FORWARD_MM else -amount
            parts = mm * per_cell + self._mm_rest
            steps = _whole(parts, CELL_MM)
            self._mm_rest = parts - steps * CELL_MM
            parts = mm * self._bend + self._bend_rest
            bend = _whole(parts, CELL_MM)
            self._bend_rest = parts - bend * CELL_MM
            self._straight(steps, bend)
        elif op == o.OP_LEFT_DEG or op == o.OP_RIGHT_DEG:
            deg = amount if op == o.OP_RIGHT_DEG else -amount
            parts = deg * per_quarter + self._deg_rest
            steps = _whole(parts, QUARTER_DEG)
            self._deg_rest = parts - steps * QUARTER_DEG
            self._turn(steps, deg)
        elif op == o.OP_GO_UP:
            self._segment(0, amount * per_cell)
        elif op == o.OP_GO_DOWN:
            self._segment(0, -amount * per_cell)
        elif op == o.OP_GO_LEFT:
            self._segment(-amount * per_cell, 0)
        elif op == o.OP_GO_RIGHT:
            self._segment(amount * per_cell, 0)
        else:  # until an obstacle
            self._by_cells = True
            self._next_cell()

    def poll(self):
        """Return HOW_RUNNING while the motion goes on, then once HOW_DONE, or why it ended short: see `Hal.why_short`."""
        if self._hal.is_moving():
            return o.HOW_RUNNING
        if self._hal.left_steps() != self._left or self._hal.right_steps() != self._right:
            how = self._hal.why_short()
            return o.HOW_DONE if self._by_cells and how == o.HOW_BLOCKED else how
        if self._turn_deg:
            self.heading_deg = (self.heading_deg + self._turn_deg) % 360
            self._turn_deg = 0
        if self._by_cells and self._next_cell():
            return o.HOW_RUNNING
        return o.HOW_DONE

    def halt(self):
        """Stop the wheels now. At rest nothing is asked: where motors hold for a while, they go on holding."""
        self._turn_deg = 0
        if self._hal.is_moving():
            self._hal.halt()

    def until(self, now_ms):
        """Return the milliseconds until `poll` can say something new, None for never."""
        return self._hal.until(now_ms)

    def _straight(self, steps, bend):
        self._segment(steps + bend, steps - bend)

    def _turn(self, steps, deg):
        self._segment(steps, -steps)
        self._turn_deg = deg

    def _next_cell(self):
        """Begin one more cell towards an obstacle, unless one is seen; say whether there is one more."""
        ahead_mm = self._hal.sense(o.SENSOR_DISTANCE)
        if ahead_mm is not None and ahead_mm < self._kit.obstacle_mm:
            self._segment(0, 0)
            return False
        self._straight(self._cell, self._bend)
        return True

    def _segment(self, left, right):
        self._left = left
        self._right = right
        self._turn_deg = 0
        kit = self._kit
        self._hal.move(left, right, kit.start_rate, kit.cruise_rate, kit.ramp_ms)


def _whole(parts, unit):
    """Return the whole units in `parts`, rounded towards 0: left and right, forward and backward are each other's mirror images."""
    return parts // unit if parts >= 0 else -(-parts // unit)


def _nearest(parts, unit):
    """Return the units in `parts`, rounded to the nearest, halves away from 0."""
    return _whole(2 * parts + (unit if parts >= 0 else -unit), 2 * unit)

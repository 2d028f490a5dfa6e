"""
The block catalogue: every block that exists, as data.

The wall's tiles, Blockly's blocks, the paper cards, the validator, the compiler, the Python view and the documentation are made from
these rows. A new block is one row here, its sentences in the words, and its icon; one of kind "control" also needs its function in the
compiler and in the Python view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from petitpas_robot import opcodes as o

Level = Literal["PS", "MS", "GS", "CP", "CE1", "CE2"]
LEVELS: tuple[Level, ...] = ("PS", "MS", "GS", "CP", "CE1", "CE2")

Kind = Literal["head", "motion", "at_once", "lasting", "control"]
"""What the block does to its task: starts it, takes the wheels, goes on in the same tick, makes it wait, or decides what comes next."""

Unit = Literal["cells", "mm", "deg", "ms", "midi", "times", "number", "choice", "test"]

BODIES = ("do", "then", "else")
"""Keys of a block that hold lists of blocks."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One value of a block.

    A number lies between `minimum` and `maximum`; a choice is one of `choices`, each a name and its number on the wire; a test looks at a
    sensor. `default` is what a new block in an editor has; a file may leave out the parameter only where `is_optional`, and then it has the
    default. On the wire a number is `value + wire_offset`.
    """

    name: str
    unit: Unit
    minimum: int = 0
    maximum: int = 0
    choices: tuple[tuple[str, int], ...] = ()
    default: int | str | None = None
    is_optional: bool = False
    wire_offset: int = 0
    level: Level = "PS"

    @property
    def key(self) -> str:
        """Key of its name in the words."""
        return f"parameters.{self.name}"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One block of the catalogue.

    `level` is the first school level that sees it; `is_enrichment` says that it is in no official programme of these levels.
    `opcodes` are the instructions it compiles to (a head: none), `head` its HEAD_ number, `needs` the CAN_ bits that a kit must have.
    """

    type: str
    kind: Kind
    level: Level
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[str, ...] = ()
    opcodes: tuple[int, ...] = ()
    needs: int = 0
    head: int | None = None
    is_enrichment: bool = False

    @property
    def icon(self) -> str:
        """Name of its icon."""
        return self.type

    @property
    def key(self) -> str:
        """Key of its words: `name`, `say`, and wordings by level."""
        return f"blocks.{self.type}"

    @property
    def is_loop(self) -> bool:
        """Say whether its body is played again."""
        return self.type in ("repeat", "forever")

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of that name, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True, slots=True)
class Sensor:
    """Something a test can look at: its number on the wire, unit, greatest value, and the CAN_ bit that a kit must have."""

    name: str
    number: int
    unit: Literal["mm", "permille"]
    maximum: int
    needs: int

    @property
    def is_switch(self) -> bool:
        """Say whether it is on or off, 1000 or 0."""
        return bool(self.number >= o.SENSOR_BUMP)

    @property
    def usual_side(self) -> str:
        """Return what a test means that does not say: near, dark, but bright and pressed."""
        return "above" if self.number >= o.SENSOR_LIGHT else "below"

    @property
    def key(self) -> str:
        """Key of its name in the words."""
        return f"sensors.{self.name}"


KEYS = (
    ("forward", o.KEY_FORWARD),
    ("backward", o.KEY_BACKWARD),
    ("left", o.KEY_LEFT),
    ("right", o.KEY_RIGHT),
    ("pause", o.KEY_PAUSE),
    ("clear", o.KEY_CLEAR),
    ("go", o.KEY_GO),
)

COLOURS = (
    ("off", o.COLOUR_OFF),
    ("white", o.COLOUR_WHITE),
    ("yellow", o.COLOUR_YELLOW),
    ("orange", o.COLOUR_ORANGE),
    ("pink", o.COLOUR_PINK),
    ("purple", o.COLOUR_PURPLE),
    ("blue", o.COLOUR_BLUE),
    ("green", o.COLOUR_GREEN),
)

MAX_DISTANCE_MM = 4000
"""Source: the range of an HC-SR04 ultrasonic sensor, 4 m, the farthest of those that school robots carry."""

SENSORS: dict[str, Sensor] = {
    sensor.name: sensor
    for sensor in (
        Sensor("distance", o.SENSOR_DISTANCE, "mm", MAX_DISTANCE_MM, o.CAN_DISTANCE),
        Sensor("line_left", o.SENSOR_LINE_LEFT, "permille", 1000, o.CAN_LINE),
        Sensor("line_right", o.SENSOR_LINE_RIGHT, "permille", 1000, o.CAN_LINE),
        Sensor("light", o.SENSOR_LIGHT, "permille", 1000, o.CAN_SEE_LIGHT),
        Sensor("bump", o.SENSOR_BUMP, "permille", 1000, o.CAN_BUMP),
        Sensor("lift", o.SENSOR_LIFT, "permille", 1000, o.CAN_LIFT),
        *(Sensor(f"key_{name}", o.SENSOR_KEY + number, "permille", 1000, o.CAN_KEYS) for name, number in KEYS),
    )
}

OWN_BLOCKS = 4
MESSAGES = 8

_CELLS = Parameter("cells", "cells", 1, 99, default=1, is_optional=True, level="CE1")
_MM = Parameter("mm", "mm", 1, 9999, default=100, level="CE2")
_DEG = Parameter("deg", "deg", 1, 3600, default=45, level="CE2")
_WAIT_MS = Parameter("ms", "ms", 1, 60_000, default=1000, is_optional=True, level="CE2")
_NOTE_MS = Parameter("ms", "ms", 1, 60_000, default=500, is_optional=True, level="CE2")
_PITCH = Parameter("pitch", "midi", 21, 108, default=69, is_optional=True, level="CE2")  # Source: the 88 keys of a piano
_COLOUR = Parameter("colour", "choice", choices=COLOURS, default="yellow", level="CE1")
_KEY = Parameter("key", "choice", choices=KEYS, default="go", level="CE2")
_TIMES = Parameter("times", "times", 1, 255, default=2, level="CE2")
_TEST = Parameter("test", "test", level="CE2")
_OWN = Parameter("own", "number", 1, OWN_BLOCKS, default=1, level="CE2")
_MESSAGE = Parameter("message", "number", 1, MESSAGES, default=1, wire_offset=-1, level="CE2")

_OBSTACLE = o.CAN_ROLL | o.CAN_DISTANCE

_ROWS = (
    Row("when_go", "head", "PS", (), ("do",), head=o.HEAD_GO),
    Row("when_key", "head", "CE2", (_KEY,), ("do",), head=o.HEAD_KEY, needs=o.CAN_KEYS, is_enrichment=True),
    Row("when_obstacle", "head", "CE2", (), ("do",), head=o.HEAD_OBSTACLE, needs=o.CAN_DISTANCE, is_enrichment=True),
    Row("when_message", "head", "CE2", (_MESSAGE,), ("do",), head=o.HEAD_MESSAGE, is_enrichment=True),
    Row("define", "head", "CE2", (_OWN,), ("do",), (o.OP_RETURN,), is_enrichment=True),
    Row("forward", "motion", "PS", (_CELLS,), (), (o.OP_FORWARD,), o.CAN_ROLL),
    Row("backward", "motion", "PS", (_CELLS,), (), (o.OP_BACKWARD,), o.CAN_ROLL),
    Row("left", "motion", "MS", (), (), (o.OP_LEFT,), o.CAN_ROLL),
    Row("right", "motion", "MS", (), (), (o.OP_RIGHT,), o.CAN_ROLL),
    Row("forward_mm", "motion", "CE2", (_MM,), (), (o.OP_FORWARD_MM,), o.CAN_ROLL),
    Row("backward_mm", "motion", "CE2", (_MM,), (), (o.OP_BACKWARD_MM,), o.CAN_ROLL),
    Row("left_deg", "motion", "CE2", (_DEG,), (), (o.OP_LEFT_DEG,), o.CAN_ROLL),
    Row("right_deg", "motion", "CE2", (_DEG,), (), (o.OP_RIGHT_DEG,), o.CAN_ROLL),
    Row("until_obstacle", "motion", "CE2", (), (), (o.OP_UNTIL_OBSTACLE,), _OBSTACLE, is_enrichment=True),
    Row("go_up", "motion", "GS", (_CELLS,), (), (o.OP_GO_UP,), o.CAN_GLIDE),
    Row("go_down", "motion", "GS", (_CELLS,), (), (o.OP_GO_DOWN,), o.CAN_GLIDE),
    Row("go_left", "motion", "GS", (_CELLS,), (), (o.OP_GO_LEFT,), o.CAN_GLIDE),
    Row("go_right", "motion", "GS", (_CELLS,), (), (o.OP_GO_RIGHT,), o.CAN_GLIDE),
    Row("light", "at_once", "CE1", (_COLOUR,), (), (o.OP_LIGHT,), o.CAN_LIGHT),
    Row("send", "at_once", "CE2", (_MESSAGE,), (), (o.OP_SEND,), is_enrichment=True),
    Row("beep", "lasting", "MS", (), (), (o.OP_BEEP,), o.CAN_SOUND),
    Row("note", "lasting", "CE2", (_PITCH, _NOTE_MS), (), (o.OP_NOTE,), o.CAN_SOUND),
    Row("wait", "lasting", "GS", (_WAIT_MS,), (), (o.OP_WAIT,)),
    Row("wait_until", "lasting", "CE2", (_TEST,), (), (o.OP_WAIT_UNTIL,), is_enrichment=True),
    Row("stop", "lasting", "CE2", (), (), (o.OP_STOP,), is_enrichment=True),
    Row("repeat", "control", "CE2", (_TIMES,), ("do",), (o.OP_REPEAT, o.OP_LOOP), is_enrichment=True),
    Row("forever", "control", "CE2", (), ("do",), (o.OP_JUMP,), is_enrichment=True),
    Row("if", "control", "CE2", (_TEST,), ("then", "else"), (o.OP_UNLESS, o.OP_JUMP), is_enrichment=True),
    Row("call", "control", "CE2", (_OWN,), (), (o.OP_CALL,), is_enrichment=True),
)

BLOCKS: dict[str, Row] = {row.type: row for row in _ROWS}
"""The catalogue by type, in the order in which an editor shows it."""

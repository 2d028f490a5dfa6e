"""
Contrôle technique: from what a person saw and what the robot says of a part to what is the matter, without a robot.

A finding is a code whose sentences are in the words, at `checkup.findings.<code>`: `what` is so, and what to `do`; "" is nothing to do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from petitpas.robots.messages import Checked, Report
from petitpas_robot import opcodes as o
from petitpas_robot import wire

WHEEL_SEEN = ("one", "four", "two", "some", "backward", "hums", "nothing", "other")
LIGHTS_SEEN = ("well", "nothing", "first", "gaps", "colours")
BUZZER_SEEN = ("well", "nothing", "clicks")
"""What a person may have seen or heard, the good one first; keys of the words, under `checkup.seen`."""

FULLEST_MV = 5800
"""No four NiMH cells give more. Source: 1.45 V a cell, just charged; four new alkaline cells give 6.4 V."""

NEAR_MM = 200
DARK = 400
"""Permille of light under a line sensor: less is a black band."""

KEYS = tuple(sorted((number, name[4:].lower()) for name, number in vars(o).items() if name.startswith("KEY_")))
"""Number and key of the words of each key of a robot."""


class Row(NamedTuple):
    """
    A row of the table of wheels: which finding belongs to what was seen.

    `kinds` are the motors that it is about, `said` the fault or else the outcome that the robot tells.
    """

    kinds: Collection[str]
    said: Collection[tuple[str, int]]
    seen: Collection[str]
    code: str


_ALL = ("stepper", "dc")
_STEPPER, _DC = ("stepper",), ("dc",)
_TURNED = ("one", "four", "two", "some")
_DONE = (("how", o.HOW_DONE),)
_NO_COUNTS, _BACKWARD, _OTHER = (("fault", fault) for fault in (o.FAULT_NO_COUNTS, o.FAULT_BACKWARD, o.FAULT_OTHER_WHEEL))

WHEELS = (
    # The robot says why it would not turn.
    Row(_ALL, (("how", o.HOW_LIFTED),), WHEEL_SEEN, "lifted"),
    Row(_ALL, (("how", o.HOW_BATTERY),), WHEEL_SEEN, "battery_empty"),
    Row(_ALL, (("how", o.HOW_STOPPED),), WHEEL_SEEN, "stopped"),
    # The other wheel turned: left and right are exchanged, motors, encoders or both.
    Row(_DC, (_OTHER,), ("other",), "motors_exchanged"),
    Row(_DC, (_OTHER,), WHEEL_SEEN, "encoders_exchanged"),
    Row(_DC, _DONE, ("other",), "sides_exchanged"),
    Row(_ALL, (*_DONE, _NO_COUNTS, _BACKWARD), ("other",), "motors_exchanged"),
    # An encoder that counts nothing, or backward.
    Row(_DC, (_NO_COUNTS,), (*_TURNED, "backward"), "encoder_silent"),
    Row(_DC, (_NO_COUNTS,), ("hums",), "wheel_held"),
    Row(_DC, (_NO_COUNTS,), ("nothing",), "motor_unplugged"),
    Row(_DC, (_BACKWARD,), ("backward",), "motor_backward"),
    Row(_DC, (_BACKWARD,), WHEEL_SEEN, "encoder_backward"),
    Row(_ALL, (("how", o.HOW_BLOCKED),), WHEEL_SEEN, "wheel_held"),
    # All is well for the robot: the person decides.
    Row(_ALL, _DONE, ("one",), ""),
    Row(_STEPPER, _DONE, ("four",), "motor_1_16"),
    Row(_STEPPER, _DONE, ("two",), "motor_1_32"),
    Row(_STEPPER, _DONE, ("some", "hums"), "motor_12v"),
    Row(_STEPPER, _DONE, ("backward",), "motor_mirrored"),
    Row(_STEPPER, _DONE, ("nothing",), "motor_unplugged"),
    Row(_DC, _DONE, ("four", "two", "some"), "encoder_other"),
    Row(_DC, _DONE, ("backward",), "both_backward"),
    Row(_DC, _DONE, ("hums", "nothing"), "wheel_loose"),
)
"""The first row that fits is the one that counts."""


def judge_wheel(kind: str, seen: str, checked: Checked) -> str:
    """
    Return the finding on one wheel.

    Args:
        kind: of the motors, "stepper" or "dc".
        seen: one of WHEEL_SEEN.
        checked: how the part ended.
    """
    said = ("fault", checked.fault) if checked.fault else ("how", checked.how)
    for row in WHEELS:
        if kind in row.kinds and said in row.said and seen in row.seen:
            return row.code
    return "unknown"


def judge_seen(part: str, seen: str) -> str:
    """Return the finding on the lights or the buzzer, from what was seen or heard."""
    return "" if seen == "well" else f"{part}_{seen}"


def keys_on(can: int) -> tuple[str, ...]:
    """Return the keys of a robot that can do so much."""
    return tuple(name for _, name in KEYS) if can & o.CAN_KEYS else ()


def keys_of(report: Report) -> Iterator[str]:
    """Give the keys that are down."""
    return (name for number, name in KEYS if report.keys >> number & 1)


def judge_keys(seen: Collection[str]) -> str:
    """Return the finding on the keys, of which these were seen to go down."""
    missing = [name for _, name in KEYS if name not in seen]
    if not missing:
        return ""
    return "keys_none" if len(missing) == len(KEYS) else "keys_some"


def sensors_of(can: int) -> tuple[str, ...]:
    """Return what a robot that can do so much senses, as a person can show it: keys of the words, under `checkup.senses`."""
    known = {"bumper": o.CAN_BUMP, "lift": o.CAN_LIFT, "distance": o.CAN_DISTANCE, "line_left": o.CAN_LINE, "line_right": o.CAN_LINE}
    return tuple(name for name, bit in known.items() if can & bit)


def sensed(report: Report) -> Iterator[str]:
    """Give what a report shows: each of these must be seen once."""
    if report.flags & wire.REPORT_BUMP:
        yield "bumper"
    if report.flags & wire.REPORT_LIFT:
        yield "lift"
    if report.distance_mm < NEAR_MM:
        yield "distance"
    if report.line_left < DARK:
        yield "line_left"
    if report.line_right < DARK:
        yield "line_right"


def judge_battery(report: Report) -> str:
    """Return the finding on the battery."""
    if report.battery_mv == wire.NO_READING:
        return "battery_none"
    if report.battery_mv > FULLEST_MV:
        return "battery_high"
    return "battery_low" if report.flags & wire.REPORT_BATTERY_LOW else ""

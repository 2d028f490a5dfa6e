"""The programs that the figures are about, in compact notation; what they are is part of what the figures mean."""

from __future__ import annotations

from petitpas.program import Program, from_compact

MOTION_BLOCKS = 10
"""Motion blocks in one turn of `motion`."""


def motion(turns: int, *, watching: bool = False) -> Program:
    """
    Return the reference program of the simulator: a square of one cell a side and a look to both sides, `turns` times (1 to 255).

    Args:
        watching: beside it, a task waits for an obstacle, which is looked for at every tick.
    """
    square: list[object] = ["forward", "right"] * 4
    walk: list[object] = ["when_go", [["repeat", turns, [*square, "left", "right"]]]]
    return from_compact([walk, ["when_obstacle", ["beep"]]] if watching else [walk])


def thinking() -> Program:
    """Return the reference program of the virtual machine: two tasks that loop, show colours and ask a sensor, and never wait."""
    near = {"sensor": "distance", "value": 200}
    turn: list[object] = [["light", "blue"], ["if", near, [["light", "white"]], [["light", "green"]]]]
    script: list[object] = ["when_go", [["repeat", 25, [["repeat", 20, turn]]]]]
    return from_compact([script, script])


def forty() -> Program:
    """Return the 40 blocks (with the head) whose upload is timed: a walk as pupils of CE1 write it."""
    walk: list[object] = ["forward", ["forward", 2], "right", "left", "beep"]
    return from_compact((walk * 8)[:39])


def worst() -> Program:
    """Return the worst program for STOP: eight tasks that never wait, one of them on the wheels."""
    busy: list[object] = ["when_go", [["forever", [["light", "blue"], ["light", "off"]]]]]
    return from_compact([*([busy] * 7), ["when_go", [["forever", [["forward", 1]]]]]])


def long(blocks: int) -> Program:
    """Return a program of `blocks` blocks, the head included."""
    walk: list[object] = ["forward", "right", "forward", "left"]
    return from_compact((walk * blocks)[: blocks - 1])

"""Random programs, valid by construction, and random JSON: what the property tests of every suite draw from."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from petitpas.program import Program, from_compact, read, renumber
from petitpas.program.blocks import BLOCKS, LEVELS, SENSORS, Parameter, Row
from petitpas.program.validate import MAX_LOOPS

ROLLING = ("forward", "backward", "left", "right", "forward_mm", "backward_mm", "left_deg", "right_deg")
CELLS_AND_QUARTERS = ("forward", "backward", "left", "right")
GLIDING = ("go_up", "go_down", "go_left", "go_right")
MAX_TERMINATING = {"cells": 3, "mm": 400, "deg": 360, "ms": 500, "times": 2}
"""Greatest values in a program that is to end soon."""


@dataclass
class _Draft:
    """What is left to draw, and what may be drawn."""

    left: int
    types: tuple[str, ...]
    is_terminating: bool
    owns: tuple[int, ...] = ()
    has_loops: bool = True


@st.composite
def programs(
    draw: st.DrawFn,
    max_blocks: int = 30,
    motions_only: bool = False,
    terminating: bool = False,
    single_task: bool = False,
    sensors: bool = True,
    gliding: bool = False,
) -> Program:
    """
    Draw a valid program.

    Args:
        max_blocks: heads included.
        motions_only: one GO script of moves and `repeat`; without `gliding` cells, quarter turns, mm and degrees.
        terminating: it ends whatever the robot meets, after at most 16 turns of any block and with short waits.
        single_task: GO alone starts it; own blocks may be there.
        sensors: blocks that look at a sensor may be there.
        gliding: moves are those of a kit without a front, else of a kit that rolls.
    """
    moves = GLIDING if gliding else ROLLING
    types = tuple(_types(moves, motions_only, terminating, sensors))
    draft = _Draft(max_blocks, types, terminating)
    most_owns = 0 if motions_only else min(2, max_blocks - 1)
    owns = draw(st.lists(st.integers(1, 4), max_size=most_owns, unique=True).map(tuple))
    draft.left -= 1 + len(owns)  # the heads that are always there
    scripts = []
    for place, own in enumerate(owns):
        draft.owns = () if terminating else owns[:place]
        draft.has_loops = not terminating
        scripts.append(_script(draw, draft, {"type": "define", "own": own}))
    draft.owns, draft.has_loops = owns, True
    scripts.append(_script(draw, draft, {"type": "when_go"}))
    others = [
        row for row in BLOCKS.values() if row.kind == "head" and row.type not in ("define", *(("when_message",) if terminating else ()))
    ]
    if not (single_task or motions_only):
        for row in draw(st.lists(st.sampled_from(others), max_size=3)):
            if (sensors or not row.needs) and draft.left > 0:
                draft.left -= 1
                scripts.append(_script(draw, draft, {"type": row.type, **_values(draw, row, draft)}))
    order = draw(st.permutations(scripts))
    return renumber(read({"petitpas": 1, "title": draw(st.sampled_from(["", "Carré", "L’été « 1 »"])), "scripts": order}))


def typical_program() -> Program:
    """Return a program of 40 blocks as a class of CE2 writes them: the measure of an image's size."""
    side: list[object] = [["forward", 3], "beep", "right", ["light", "blue"], "forward", "left", "forward", "right"]
    way = [["repeat", 3, side], ["forward", 2], "left", ["forward", 4], "left", "wait", *side, "backward", "until_obstacle"]
    scripts: list[object] = [["when_go", [*way, ["if", {"sensor": "distance"}, ["left", "forward"], ["right", "forward"]], ["call", 1]]]]
    scripts += [["define", 1, ["left", "left", ["forward", 2], "beep"]], ["when_obstacle", [["light", "pink"], "backward", "left"]]]
    return from_compact(scripts)


def _types(moves: tuple[str, ...], motions_only: bool, terminating: bool, sensors: bool) -> list[str]:
    if motions_only:
        return [*moves, "repeat"]
    found = []
    for row in BLOCKS.values():
        looks = row.type == "until_obstacle" or any(parameter.unit == "test" for parameter in row.parameters)
        is_foreign = row.kind == "motion" and row.type not in (*moves, "until_obstacle")
        if row.kind == "head" or is_foreign or (looks and not sensors) or (terminating and row.type in ("forever", "wait_until")):
            continue
        if row.type == "until_obstacle" and moves == GLIDING:
            continue
        found.append(row.type)
    return found


def _script(draw: st.DrawFn, draft: _Draft, head: dict[str, object]) -> dict[str, object]:
    return {"id": "x", **head, "do": _body(draw, draft, 0, 1)}


def _body(draw: st.DrawFn, draft: _Draft, loops: int, depth: int) -> list[dict[str, object]]:
    body = []
    while draft.left > 0 and draw(st.integers(0, 4)):
        body.append(_block(draw, draft, loops, depth))
    return body


def _block(draw: st.DrawFn, draft: _Draft, loops: int, depth: int) -> dict[str, object]:
    draft.left -= 1
    rows = [BLOCKS[name] for name in draft.types]
    loop_fits = draft.has_loops and loops < MAX_LOOPS
    rows = [row for row in rows if (loop_fits or not row.is_loop) and (draft.owns or row.type != "call") and (depth < 8 or not row.bodies)]
    row = draw(st.sampled_from(rows))
    block: dict[str, object] = {"id": "x", "type": row.type, **_values(draw, row, draft)}
    for name in row.bodies:
        block[name] = _body(draw, draft, loops + row.is_loop, depth + 1)
    return block


def _values(draw: st.DrawFn, row: Row, draft: _Draft) -> dict[str, object]:
    return {parameter.name: draw(_value(parameter, draft)) for parameter in row.parameters}


def _value(parameter: Parameter, draft: _Draft) -> st.SearchStrategy[object]:
    if parameter.name == "own" and draft.owns:
        return st.sampled_from(draft.owns)
    if parameter.unit == "test":
        return tests()
    if parameter.unit == "choice":
        return st.sampled_from([name for name, _ in parameter.choices])
    maximum = MAX_TERMINATING.get(parameter.name, parameter.maximum) if draft.is_terminating else parameter.maximum
    return st.integers(parameter.minimum, maximum)


@st.composite
def tests(draw: st.DrawFn) -> dict[str, object]:
    """Draw the JSON of a look at a sensor."""
    sensor = draw(st.sampled_from(list(SENSORS.values())))
    test: dict[str, object] = {"sensor": sensor.name, "is": draw(st.sampled_from(["below", "above"]))}
    threshold = draw(st.none() | st.integers(0, sensor.maximum))
    return test if threshold is None else {**test, "value": threshold}


words_of_programs = st.sampled_from(
    ["petitpas", "title", "scripts", "id", "type", "do", "then", "else", "test", "sensor", "is", "value", *BLOCKS, *SENSORS, *LEVELS]
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | words_of_programs,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words_of_programs | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value, with NaN and lone surrogates, in which a program's own words are common."""


@st.composite
def damaged(draw: st.DrawFn, document: object) -> object:
    """Draw a document like the given one but for one value somewhere in it, which is anything."""
    if isinstance(document, dict) and document and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(list(document)))
        return {**document, name: draw(damaged(document[name]))}
    if isinstance(document, list) and document and draw(st.integers(0, 9)):
        place = draw(st.integers(0, len(document) - 1))
        return [*document[:place], draw(damaged(document[place])), *document[place + 1 :]]
    return draw(json_values)

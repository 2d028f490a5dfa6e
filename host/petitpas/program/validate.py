"""All that can be wrong with a program, told at once: for each problem its block, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from petitpas_robot.image import MAX_TASKS

from ..errors import Problem, ProgramError
from ..words import Key
from .blocks import BLOCKS, SENSORS, Parameter, Row
from .spelling import meant_by
from .tree import MAX_ID, MAX_TITLE, Block, Odd, Program, Test, Value, is_line, shown

MAX_BLOCKS = 1000
MAX_LOOPS = 4
"""Loops within loops. The robot's stack holds four of them in the script and in each of its own blocks."""

__all__ = ["MAX_BLOCKS", "MAX_LOOPS", "Problem", "check", "validate"]


def check(program: Program) -> Program:
    """Return the program as it is; raise the ProgramError of all its problems where there is one."""
    problems = validate(program)
    if problems:
        raise ProgramError.of(problems)
    return program


def validate(program: Program) -> list[Problem]:
    """Return all that is wrong, block after block, then what concerns the whole program; empty when it can be built."""
    blocks = list(program.walk())
    number_of = {id(block): number for number, block in enumerate(blocks)}
    heads = {id(script) for script in program.scripts if _is_head(script)}
    cards = list(accumulate(id(block) not in heads for block in blocks))
    found: list[Problem] = []
    for number, (block, loops, is_top) in enumerate(_places(program)):
        for code, fields in (*_shape(block, loops, is_top), *_parameters(block)):
            found.append(_problem(block, number, cards[number], code, fields))
    for place, code, fields in (*_ids(blocks), *_own_blocks(program), *_limits(program, blocks)):
        number = number_of[id(place)] if place else -1
        found.append(_problem(place, number, cards[number] if place else 0, code, fields))
    return found


def _is_head(block: Block) -> bool:
    return block.type in BLOCKS and BLOCKS[block.type].kind == "head"


Fields = dict[str, object]


def _problem(block: Block | None, number: int, card: int, code: str, fields: Fields) -> Problem:
    """Return a problem; `card` is the block's place as a person counts it: from 1, heads left out, a head with the card before it."""
    if block is None:
        return Problem("", code, number, fields)
    name = Key(f"blocks.{block.type}.name") if block.type in BLOCKS else shown(block.type)
    return Problem(block.id, code, number, {"block": name, "place": card, **fields})


def _places(program: Program) -> Iterator[tuple[Block, int, bool]]:
    """Give every block in pre-order with the number of loops around it, and whether it is a script's first."""

    def inside(block: Block, loops: int, is_top: bool) -> Iterator[tuple[Block, int, bool]]:
        yield block, loops, is_top
        row = BLOCKS.get(block.type)
        for _, blocks in block.bodies:
            for inner in blocks:
                yield from inside(inner, loops + (row is not None and row.is_loop), False)

    for script in program.scripts:
        yield from inside(script, 0, True)


def _shape(block: Block, loops: int, is_top: bool) -> Iterator[tuple[str, Fields]]:
    row = BLOCKS.get(block.type)
    if row is None:
        meant = meant_by(block.type) if isinstance(block.type, str) else None
        if meant is None:
            yield "block_unknown", {"type": shown(block.type or "?")}
        else:
            yield "block_meant", {"type": shown(block.type), "meant": meant, "card": Key(f"blocks.{meant}.name")}
        return
    if is_top and row.kind != "head":
        yield "head_missing", {}
    elif not is_top and row.kind == "head":
        yield "head_inside", {}
    if row.is_loop and loops >= MAX_LOOPS:
        yield "too_deep", {"maximum": MAX_LOOPS}
    names = tuple(name for name, _ in block.bodies)
    yield from (("parameter_unknown", _name(name)) for name in names if name not in row.bodies)
    known = tuple(name for name in names if name in row.bodies)
    if known != row.bodies:
        bad = [name for name in row.bodies if known.count(name) != 1] or row.bodies  # a tree made by hand may have them in another order
        yield from (("body_bad", _name(name)) for name in bad)


def _parameters(block: Block) -> Iterator[tuple[str, Fields]]:
    row = BLOCKS.get(block.type)
    if row is None:
        return
    for name, value in block.parameters:
        parameter = row.parameter(name)
        if parameter:
            yield from _value(parameter, value)
        elif name not in row.bodies:
            yield "parameter_unknown", _name(name)
    yield from (("parameter_missing", _named(parameter)) for parameter in _missing(row, block))


def _missing(row: Row, block: Block) -> list[Parameter]:
    return [parameter for parameter in row.parameters if block.get(parameter.name) is None]


def _name(name: str) -> Fields:
    return {"name": shown(name)}


def _named(parameter: Parameter) -> Fields:
    return {"parameter": Key(parameter.key), "name": parameter.name}


def _value(parameter: Parameter, value: Value) -> Iterator[tuple[str, Fields]]:
    named = {**_named(parameter), "value": value.text if isinstance(value, Odd) else shown(value)}
    if parameter.unit == "test":
        yield from _test(value, named)
    elif parameter.unit == "choice":
        names = [name for name, _ in parameter.choices]
        if value not in names:
            yield "parameter_choice", {**named, "choices": ", ".join(names)}
    elif not isinstance(value, int) or not parameter.minimum <= value <= parameter.maximum:
        yield "parameter_number", {**named, "minimum": parameter.minimum, "maximum": parameter.maximum}


def _test(test: Value, named: Fields) -> Iterator[tuple[str, Fields]]:
    if not isinstance(test, Test):
        yield "parameter_test", named
        return
    sensor = SENSORS.get(test.sensor)
    if sensor is None:
        yield "sensor_unknown", {**named, "value": test.sensor, "choices": ", ".join(SENSORS)}
    if test.side not in ("below", "above"):
        yield "parameter_choice", {**named, "value": test.side, "choices": "below, above"}
    if sensor and test.value is not None and not 0 <= test.value <= sensor.maximum:
        fields = {"value": shown(test.value), "minimum": 0, "maximum": sensor.maximum}
        yield "parameter_number", {**named, "parameter": Key(sensor.key), **fields}


Found = Iterator[tuple[Block | None, str, Fields]]


def _ids(blocks: list[Block]) -> Found:
    seen: set[str] = set()
    for block in blocks:
        if not block.id or not is_line(block.id, MAX_ID):
            yield block, "id_missing", {}
        elif block.id in seen:
            yield block, "id_twice", {"id": block.id}
        seen.add(block.id)


def _own_blocks(program: Program) -> Found:
    """Find calls of own blocks that are not there, own blocks that are there twice, and those that call themselves."""
    calls: dict[int, set[int]] = {}
    defines = [(script, own) for script in program.scripts if script.type == "define" and isinstance(own := script.get("own"), int)]
    for script, own in defines:
        if own in calls:
            yield script, "own_twice", {"own": own}
        calls.setdefault(own, set()).update(target for _, target in _calls(script))
    for script in program.scripts:
        own_here = script.get("own") if script.type == "define" else None
        for block, target in _calls(script):
            if target not in calls:
                yield block, "own_unknown", {"own": target}
            elif isinstance(own_here, int) and own_here in _reached(target, calls):
                yield block, "own_recursive", {"own": own_here}


def _calls(script: Block) -> list[tuple[Block, int]]:
    return [(block, own) for block in script.walk() if block.type == "call" and isinstance(own := block.get("own"), int)]


def _reached(start: int, calls: dict[int, set[int]]) -> set[int]:
    """Return the own blocks that run when `start` is called, itself included."""
    reached, new = set[int](), {start}
    while new:
        reached |= new
        new = {target for own in new for target in calls.get(own, ())} - reached
    return reached


def _limits(program: Program, blocks: list[Block]) -> Found:
    tasks = [script for script in program.scripts if script.type != "define"]
    if not tasks:
        yield None, "no_head", {}
    if len(tasks) > MAX_TASKS:
        yield tasks[MAX_TASKS], "too_many_heads", {"maximum": MAX_TASKS, "count": len(tasks)}
    if not is_line(program.title, MAX_TITLE):
        yield None, "program_title", {}
    if len(blocks) > MAX_BLOCKS:
        yield blocks[MAX_BLOCKS], "too_long", {"maximum": MAX_BLOCKS, "count": len(blocks)}

"""
The compact notation of lesson files, tests and fixtures: a program as a short list.

    ["forward", ["forward", 3], ["repeat", 4, ["left", "forward"]], ["if", {"sensor": "distance"}, ["beep"], ["stop"]]]

A block is its type, or a list of its type, its parameters and its bodies, in the order of the catalogue; what a file may leave out may be
left out here.
A list is one script that GO starts; where each item is a list that begins with a head, the list is the scripts themselves.
The blocks get the ids b0, b1, … in pre-order, heads included.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Problem, ProgramError
from .blocks import BLOCKS, SENSORS
from .tree import MAX_LEVELS, VERSION, Block, Odd, Program, Test, Value, read, renumber, shown
from .validate import check


def from_compact(items: Sequence[object], title: str = "") -> Program:
    """
    Return the program of a compact list, checked.

    Raises:
        ProgramError: it is not one, or the program has a problem.
    """
    if not isinstance(items, list | tuple):
        raise ProgramError.of([Problem("", "program_shape")])
    scripts = items if items and all(map(_is_head, items)) else [["when_go", items]]
    document = {"petitpas": VERSION, "title": title, "scripts": [_document(script, 0) for script in scripts]}
    return check(renumber(read(document)))


def to_compact(program: Program) -> list[object]:
    """Return the compact list of a valid program; its ids are not in it."""
    scripts = program.scripts
    if len(scripts) == 1 and scripts[0].type == "when_go":
        return [_compact(block) for block in scripts[0].body()]
    return [_script(script) for script in scripts]


def _is_head(item: object) -> bool:
    name = item[0] if isinstance(item, list | tuple) and item else None
    return isinstance(name, str) and name in BLOCKS and BLOCKS[name].kind == "head"


def _document(item: object, level: int) -> object:
    """Return the JSON block of a compact one; what has no place gets a name that the validator will not know."""
    if level > MAX_LEVELS:
        raise ProgramError.of([Problem("", "too_nested", fields={"maximum": MAX_LEVELS})])
    kind, *arguments = item if isinstance(item, list | tuple) and item else [item]
    if not isinstance(kind, str):
        raise ProgramError.of([Problem("", "block_shape", fields={"value": shown(item)})])
    row = BLOCKS.get(kind)
    parameters = [parameter.name for parameter in row.parameters] if row else []
    bodies = list(row.bodies) if row else []
    document: dict[str, object] = {"id": "b", "type": kind}
    for place, argument in enumerate(arguments, start=1):
        is_body = isinstance(argument, list | tuple)
        names = bodies if is_body else parameters
        name = names.pop(0) if names else str(place)
        document[name] = [_document(inner, level + 1) for inner in argument] if isinstance(argument, list | tuple) else argument
    return document


def _compact(block: Block) -> object:
    whole = _script(block)
    return whole[0] if len(whole) == 1 else whole


def _script(block: Block) -> list[object]:
    bodies = [[_compact(inner) for inner in blocks] for _, blocks in block.bodies]
    if block.type == "if" and not bodies[-1]:
        bodies.pop()
    values = [_argument(value) for _, value in block.parameters]
    if block.row.parameters and all(p.is_optional and block.get(p.name) == p.default for p in block.row.parameters):
        values = []
    return [block.type, *values, *bodies]


def _argument(value: Value) -> object:
    if isinstance(value, Test):
        test: dict[str, object] = {"sensor": value.sensor}
        row = SENSORS.get(value.sensor)
        if row is None or value.side != row.usual_side:
            test["is"] = value.side
        if value.value is not None:
            test["value"] = value.value
        return test
    return value.text if isinstance(value, Odd) else value

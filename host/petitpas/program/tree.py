"""
A program as a tree of blocks, and its JSON (docs/program-format.md).

Reading is lenient about contents, so that an editor's half-built program can be held and all that is wrong with it told at once
(`validate.problems`); only what has not the shape of a tree is refused here.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from ..errors import Problem, ProgramError
from .blocks import BLOCKS, BODIES, SENSORS, Row

VERSION = 1
"""Version of the JSON format: an older one is migrated on reading, a newer one refused."""

MAX_LEVELS = 32
"""Bodies within bodies, of any kind, that a program may have."""

MAX_TITLE = 200
MAX_ID = 64
"""Letters."""

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # control characters, half characters, ends of lines

_MIGRATIONS: Mapping[int, Callable[[dict[str, object]], dict[str, object]]] = {}
"""By version, the step that makes a document of the next one."""


@dataclass(frozen=True, slots=True)
class Test:
    """
    A look at a sensor: it holds when the reading is strictly below (or above) `value`, in mm or permille.

    `value` None is the kit's own threshold.
    """

    __test__ = False  # not a test of pytest's

    sensor: str
    side: str = "below"
    value: int | None = None

    @property
    def is_above(self) -> bool:
        """Say whether it holds above the threshold."""
        return self.side == "above"


@dataclass(frozen=True, slots=True)
class Odd:
    """A value that no parameter can have, kept as text so that the problem can show it."""

    text: str


Value = int | str | Test | Odd


@dataclass(frozen=True, slots=True)
class Block:
    """One block: parameters and bodies are pairs of a name and its value, in the order of the catalogue."""

    id: str
    type: str
    parameters: tuple[tuple[str, Value], ...] = ()
    bodies: tuple[tuple[str, tuple[Block, ...]], ...] = ()

    @property
    def row(self) -> Row:
        """Its row in the catalogue; KeyError when the type is unknown."""
        return BLOCKS[self.type]

    def get(self, name: str) -> Value | None:
        """Return a parameter, or None where it is missing."""
        return next((value for key, value in self.parameters if key == name), None)

    def number(self, name: str) -> int:
        """Return a whole-number parameter of a valid block."""
        value = self.get(name)
        assert isinstance(value, int), f"{self.type} has no number {name}"
        return value

    def choice(self, name: str) -> str:
        """Return a choice of a valid block."""
        value = self.get(name)
        assert isinstance(value, str), f"{self.type} has no choice {name}"
        return value

    @property
    def test(self) -> Test:
        """The look at a sensor of a valid block that has one."""
        value = self.get("test")
        assert isinstance(value, Test), f"{self.type} has no test"
        return value

    def body(self, name: str = "do") -> tuple[Block, ...]:
        """Return the blocks of a body; empty where it has none."""
        return next((blocks for key, blocks in self.bodies if key == name), ())

    def walk(self) -> Iterator[Block]:
        """Give this block, then those within, in pre-order."""
        yield self
        for _, blocks in self.bodies:
            for block in blocks:
                yield from block.walk()


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its scripts are head blocks, in the order of the file."""

    scripts: tuple[Block, ...] = ()
    title: str = ""

    def walk(self) -> Iterator[Block]:
        """Give every block in pre-order; a block's place in this order, from 0, is its number in the image."""
        for script in self.scripts:
            yield from script.walk()


def read(source: str | bytes | Mapping[str, object]) -> Program:
    """
    Return the tree of a JSON document, text or decoded; its contents are not checked.

    Raises:
        ProgramError: it is no JSON, not a program, of a newer version, or nested deeper than MAX_LEVELS.
    """
    document = _decode(source) if isinstance(source, str | bytes | bytearray) else source
    if not isinstance(document, Mapping):
        raise ProgramError.of([Problem("", "program_shape")])
    document = _migrate(dict(document))
    for name in document:
        if name not in ("petitpas", "title", "scripts"):
            raise ProgramError.of([Problem("", "program_key", fields={"name": shown(name)})])
    title, scripts = document.get("title", ""), document.get("scripts")
    if not isinstance(title, str):
        raise ProgramError.of([Problem("", "program_title")])
    if not isinstance(scripts, list | tuple):
        raise ProgramError.of([Problem("", "program_shape")])
    return Program(tuple(_block(script, "", 0) for script in scripts), title)


def to_dict(program: Program) -> dict[str, object]:
    """Return the JSON document of a valid program, decoded."""
    return {"petitpas": VERSION, "title": program.title, "scripts": [_plain(script) for script in program.scripts]}


def to_json(program: Program) -> str:
    """Return the JSON text of a valid program, indented."""
    return json.dumps(to_dict(program), ensure_ascii=False, indent=2) + "\n"


def renumber(program: Program) -> Program:
    """Return the same program with ids b0, b1, … in pre-order."""
    count = iter(range(1 << 30))

    def renamed(block: Block) -> Block:
        name = f"b{next(count)}"
        return replace(block, id=name, bodies=tuple((key, tuple(map(renamed, blocks))) for key, blocks in block.bodies))

    return replace(program, scripts=tuple(map(renamed, program.scripts)))


def shown(value: object, length: int = 40) -> str:
    """Return any value as a short text that can be printed anywhere."""
    if isinstance(value, str):
        text = value[: length + 1]
        if not (text.isascii() and text.isprintable()):  # nearly every text is
            text = "".join("�" if unicodedata.category(letter) in _UNPRINTABLE else letter for letter in text)
    elif isinstance(value, dict | list | tuple):
        text = "{…}" if isinstance(value, dict) else "[…]"
    elif isinstance(value, bool) or value is None:
        text = json.dumps(value)
    elif isinstance(value, int) and abs(value) >= 10**18:
        text = "10¹⁸…" if value > 0 else "-10¹⁸…"
    else:
        text = ascii(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def is_line(value: object, length: int) -> TypeGuard[str]:
    """Say whether a value is a text of one line, at most `length` letters, that can be printed anywhere."""
    return isinstance(value, str) and shown(value, length) == value


def _decode(text: str | bytes | bytearray) -> object:
    if not text.strip():
        raise ProgramError.of([Problem("", "program_empty")])
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ProgramError.of([Problem("", "program_json", fields={"line": error.lineno})]) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, a number of thousands of digits, thousands of brackets
        raise ProgramError.of([Problem("", "program_json", fields={"line": 1})]) from error


def _migrate(document: dict[str, object]) -> dict[str, object]:
    version = document.get("petitpas")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProgramError.of([Problem("", "program_shape")])
    if version > VERSION:
        raise ProgramError.of([Problem("", "program_version", fields={"version": shown(version), "known": VERSION})])
    while version < VERSION:
        document = _MIGRATIONS[version](document)
        version += 1
    return document


def _block(raw: object, parent: str, level: int) -> Block:
    if not isinstance(raw, Mapping):
        raise ProgramError.of([Problem(parent, "block_shape", fields={"value": shown(raw)})])
    block_id, kind = raw.get("id", ""), raw.get("type", "")
    block_id = block_id if is_line(block_id, MAX_ID) else ""
    if level >= MAX_LEVELS:
        raise ProgramError.of([Problem(block_id or parent, "too_nested", fields={"maximum": MAX_LEVELS})])
    row = BLOCKS.get(kind) if isinstance(kind, str) else None
    known = (*(parameter.name for parameter in row.parameters), *row.bodies) if row else ()
    fields = {str(name): value for name, value in raw.items() if name not in ("id", "type")}
    parameters: list[tuple[str, Value]] = []
    bodies: list[tuple[str, tuple[Block, ...]]] = []
    for name in (*known, *(name for name in fields if name not in known)):
        value = fields.get(name, _absent(row, name))
        if name in BODIES and isinstance(value, list | tuple):
            bodies.append((name, tuple(_block(item, block_id or parent, level + 1) for item in value)))
        elif name in fields or value is not None:
            parameters.append((shown(name), _value(name, value)))
    return Block(block_id, kind if row else shown(kind), tuple(parameters), tuple(bodies))


def _absent(row: Row | None, name: str) -> object:
    """Return what holds where a document leaves out a parameter or body; None where it may not."""
    if row is None or name in row.bodies:
        return ()
    parameter = row.parameter(name)
    return parameter.default if parameter and parameter.is_optional else None


def _value(name: str, value: object) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if is_line(value, 40):
        return value
    if name == "test" and isinstance(value, Mapping) and set(value) <= {"sensor", "is", "value"}:
        sensor, threshold = value.get("sensor"), value.get("value")
        row = SENSORS.get(sensor) if isinstance(sensor, str) else None
        side = value.get("is", row.usual_side if row else "below")
        if isinstance(sensor, str) and isinstance(side, str) and (threshold is None or type(threshold) is int):
            return Test(shown(sensor), shown(side), threshold)
    return Odd(shown(value))


def _plain(block: Block) -> dict[str, object]:
    plain: dict[str, object] = {"id": block.id, "type": block.type}
    for name, value in block.parameters:
        plain[name] = _plain_test(value) if isinstance(value, Test) else value.text if isinstance(value, Odd) else value
    for name, blocks in block.bodies:
        plain[name] = [_plain(inner) for inner in blocks]
    return plain


def _plain_test(test: Test) -> dict[str, object]:
    plain: dict[str, object] = {"sensor": test.sensor, "is": test.side}
    return plain if test.value is None else {**plain, "value": test.value}

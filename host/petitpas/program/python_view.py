"""
A program as clean Python, to show and to read: French function names, or English ones.

A program that GO alone starts is plain statements, after its own blocks as functions. Where several scripts wait for something, each is
a function, and the last line hands those that wait to `demarre`. The functions of a robot (`avance`, `obstacle`…) are taken as given;
names and syntax are those that both CPython and MicroPython run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..words import LANGUAGE, Key, Words
from .tree import Block, Program, Test
from .validate import check

INDENT = "    "

POLL_MS = 10
"""How often a `wait_until` looks, in ms. Source: the robot's control tick."""


def python_view(program: Program, lang: str = LANGUAGE) -> str:
    """Return the Python text of a program; raise ProgramError where it has a problem."""
    check(program)
    view = _View(lang)
    tasks = [script for script in program.scripts if script.type != "define"]
    parts = [view.function(script, view.head(script)) for script in program.scripts if script.type == "define"]
    if len(tasks) == 1 and tasks[0].type == "when_go":
        parts.append(list(view.body(tasks[0].body(), "")))
    else:
        names = _apart([view.head(script) for script in tasks])
        parts += [view.function(script, name) for script, name in zip(tasks, names, strict=True)]
        parts.append([f"{view.name('functions.start')}({', '.join(names)})"])
    text = "\n\n\n".join("\n".join(part) for part in parts if part)
    return (f"# {program.title}\n\n" if program.title else "") + text + "\n"


class _View:
    """Writes the lines of blocks in one language."""

    def __init__(self, lang: str) -> None:
        self._words = Words(lang)

    def name(self, key: str, /, **fields: object) -> str:
        """Return a name of the Python view."""
        return self._words.text(f"python.{key}", **fields)

    def head(self, script: Block) -> str:
        """Return the name of a script's function."""
        return self.name(f"heads.{script.type}", **self._values(script))

    def function(self, script: Block, name: str) -> list[str]:
        """Return the lines of a script as a function."""
        return [f"def {name}():", *self.inner(script.body(), "")]

    def inner(self, blocks: tuple[Block, ...], indent: str) -> Iterator[str]:
        """Give the lines of a body one step to the right; an empty one is `pass`."""
        yield from self.body(blocks, indent + INDENT) if blocks else [f"{indent}{INDENT}pass"]

    def body(self, blocks: tuple[Block, ...], indent: str) -> Iterator[str]:
        """Give the lines of blocks that follow one another."""
        for block in blocks:
            yield from self._block(block, indent)

    def _block(self, block: Block, indent: str) -> Iterator[str]:
        if block.type == "repeat":
            yield f"{indent}for _ in range({block.number('times')}):"
            yield from self.inner(block.body(), indent)
        elif block.type == "forever":
            yield f"{indent}while True:"
            yield from self.inner(block.body(), indent)
        elif block.type == "wait_until":
            yield f"{indent}while {self._not(block.test)}:"
            yield f"{indent}{INDENT}{self.name('functions.wait')}({POLL_MS})"
        elif block.type == "if":
            yield f"{indent}if {self._test(block.test)}:"
            yield from self.inner(block.body("then"), indent)
            if block.body("else"):
                yield f"{indent}else:"
                yield from self.inner(block.body("else"), indent)
        else:
            yield indent + self._call(block)

    def _call(self, block: Block) -> str:
        values = self._values(block)
        name = self.name(f"functions.{block.type}", **values)
        if block.type == "call":
            return f"{name}()"
        arguments = [f'"{self._words.text(value)}"' if isinstance(value, Key) else str(value) for value in values.values()]
        return f"{name}({', '.join(arguments)})"

    def _values(self, block: Block) -> dict[str, object]:
        tables = {"key": "keys", "colour": "colours"}
        return {name: Key(f"python.{tables[name]}.{value}") if name in tables else value for name, value in block.parameters}

    def _test(self, test: Test) -> str:
        if test.value is None:
            return self._sensor(test, test.side)
        return f"{self._sensor(test, 'value')} {'>' if test.is_above else '<'} {test.value}"

    def _not(self, test: Test) -> str:
        if test.value is None:
            return f"not {self._sensor(test, test.side)}"
        return f"{self._sensor(test, 'value')} {'<=' if test.is_above else '>='} {test.value}"

    def _sensor(self, test: Test, what: str) -> str:
        if test.sensor.startswith("key_"):
            return self.name(f"sensors.key.{what}", key=Key(f"python.keys.{test.sensor[4:]}")) + "()"
        return self.name(f"sensors.{test.sensor}.{what}") + "()"


def _apart(names: list[str]) -> list[str]:
    """Return the names with a number behind those that came before: quand_go, quand_go_2."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name] += 1
        apart.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return apart

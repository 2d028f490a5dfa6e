"""
The pin file of a panel: which button and which light is on which pin of a Raspberry Pi, and for how long a button may bounce.

A file is checked once, when it is read; what is wrong is told with its place in the file. Pins have the numbers of the processor (BCM), as
they have for gpiozero: 17 is "GPIO 17", which is terminal 11 of the header.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from petitpas.errors import FileError
from petitpas.program.tree import shown
from petitpas.wall.board import CARDS
from petitpas.wall.profiles import PROFILES

VERSION = 1

FILE = "panneau.toml"
"""The class's own pin file, in its folder."""

DEFAULT = Path(__file__).with_name("panel.toml")
"""The file that is read where none is named."""

TERMINALS = {
    **{2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21},
    **{25: 22, 11: 23, 8: 24, 7: 26, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40},
}
"""
Each pin and its terminal on the header of 40; pins 0 and 1 belong to boards that are plugged on top.

Source: Raspberry Pi documentation, "GPIO and the 40-pin header".
"""

COMMANDS = tuple(dict.fromkeys(name for profile in PROFILES.values() for name in profile.commands if name != "turn"))
"""What a button may be for: whatever any level has; a turn has its side."""

_BOUNCE_MS = range(1, 501)


@dataclass(frozen=True, slots=True)
class Pins:
    """A panel: the pin of each button and of each light, by command."""

    path: str
    bounce_ms: int
    keys: Mapping[str, int]
    lights: Mapping[str, int]


def file_of(folder: Path) -> Path:
    """Return the pin file of a class: the one in its folder, else the usual one."""
    own = folder / FILE
    return own if own.is_file() else DEFAULT


def read_pins(path: Path = DEFAULT) -> Pins:
    """
    Return what is in a pin file.

    Raises:
        FileError: it cannot be read, or is not what it should be; fields `path` and `where`.
    """
    reader = _Reader(str(path))
    table = reader.parsed(path)
    if table.get("petitpas_panel") != VERSION:
        raise reader.error("panel_version", "petitpas_panel", version=VERSION)
    reader.known(table, "", ("petitpas_panel", "bounce_ms", "keys", "lights"))
    bounce_ms = table.get("bounce_ms", 30)
    if not isinstance(bounce_ms, int) or isinstance(bounce_ms, bool) or bounce_ms not in _BOUNCE_MS:
        raise reader.error("panel_bounce", "bounce_ms", value=shown(bounce_ms), least=_BOUNCE_MS[0], most=_BOUNCE_MS[-1])
    keys = reader.pins(table, "keys", COMMANDS)
    lights = reader.pins(table, "lights", tuple(keys))
    if "go" not in keys:
        raise reader.error("panel_missing", "keys.go")
    if not set(keys) & set(CARDS):
        raise reader.error("panel_no_card", "keys", choices=", ".join(CARDS))
    return Pins(str(path), bounce_ms, keys, lights)


class _Reader:
    """One file; remembers which pins have been given away."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._taken: dict[int, str] = {}

    def error(self, code: str, where: str, **fields: object) -> FileError:
        """Return the error about a place of the file."""
        return FileError(code, path=self._path, where=where, **fields)

    def parsed(self, path: Path) -> dict[str, object]:
        """Return the tables of the file."""
        try:
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors put a mark at the beginning
        except FileNotFoundError as error:
            raise FileError(path=path) from error
        except OSError as error:
            raise FileError("file_unreadable", path=path) from error
        except (ValueError, RecursionError) as error:
            raise self.error("panel_toml", "", detail=str(error)) from error

    def known(self, table: Mapping[str, object], where: str, names: tuple[str, ...]) -> None:
        """Refuse any other name in a table."""
        for name in table:
            if name not in names:
                raise self.error("panel_unknown", f"{where}{shown(name)}", choices=", ".join(names))

    def pins(self, table: Mapping[str, object], name: str, commands: tuple[str, ...]) -> dict[str, int]:
        """Return the pins of a table, none of which has been given away before."""
        rows = table.get(name, {})
        if not isinstance(rows, dict):
            raise self.error("panel_table", name, value=shown(rows))
        self.known(rows, f"{name}.", commands)
        for command, pin in rows.items():
            where = f"{name}.{command}"
            if not isinstance(pin, int) or isinstance(pin, bool) or pin not in TERMINALS:
                raise self.error("panel_pin", where, value=shown(pin), least=min(TERMINALS), most=max(TERMINALS))
            if pin in self._taken:
                raise self.error("panel_twice", where, other=self._taken[pin], pin=pin, terminal=TERMINALS[pin])
            self._taken[pin] = where
        return rows

"""MicroPython and Petit Pas onto a board that waits as a USB drive: a new one, or one whose BOOTSEL key was held."""

from __future__ import annotations

from pathlib import Path

from petitpas.errors import FileError
from petitpas.robots import flash, uf2
from petitpas.robots.firmware import board_files
from petitpas.workshop.person import Person

BASES = {uf2.RP2040: "RPI_PICO", uf2.RP2350: "RPI_PICO2"}
"""What MicroPython's download pages call the boards with each chip."""

_PIECE = 64 * 1024


def drop(drive: Path, kit: str, folder: Path, person: Person) -> bool:
    """
    Make the one file for a board, from MicroPython's own in a folder, and drop it on the board's drive; say whether it is there.

    Args:
        drive: where the board's drive is.
        folder: where MicroPython's .uf2 files are kept; which one fits the board's chip is read in them.
    Raises:
        FileError: MicroPython's file is not one, or the drive has gone.
        KitError: see `board_files`.
    """
    family = uf2.RP2350 if _is_2350(drive) else uf2.RP2040
    firmware = next((found for file in sorted(folder.glob("*.uf2")) if (found := uf2.read(file.read_bytes(), file)).family == family), None)
    if firmware is None:
        person.tell("flashing.missing", board=BASES[family], folder=folder)
        return False
    person.tell("flashing.begins", version=firmware.version or "?", kit=kit)
    data = flash.make_image(firmware, kit, board_files(kit))
    _write(drive / f"petitpas-{kit}.uf2", data, person)
    person.tell("flashing.done")
    return True


def _is_2350(drive: Path) -> bool:
    try:
        return "RP2350" in (drive / "INFO_UF2.TXT").read_text()
    except OSError:
        return drive.name == "RP2350"


def _write(file: Path, data: bytes, person: Person) -> None:
    """Write a file piece by piece. The drive goes as soon as the board has got the last one: what is refused after that is no trouble."""
    written = 0
    try:
        with file.open("wb", buffering=0) as out:
            while written < len(data):
                person.progress("copy", written, len(data))
                out.write(data[written : written + _PIECE])
                written += len(data[written : written + _PIECE])
    except OSError as error:
        if written < len(data):
            raise FileError("drive_gone", path=file.parent) from error

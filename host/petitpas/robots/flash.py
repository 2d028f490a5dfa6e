"""
A board's file system as the bytes of its flash, and the one file that brings MicroPython and all of Petit Pas to a new board.

The file system is littlefs 2, made with MicroPython's own settings: sectors of 4096 bytes, `readsize` 32, `progsize` 256 (its `_boot.py`),
a cache of 1024, which also bounds the small files that lie inside their folder.
Source: extmod/vfs_lfsx.c, extmod/vfs_lfs.c and ports/rp2/modules/_boot.py of MicroPython; littlefs 2.8 and after, format 2.1.

Of the hundreds of sectors only those are written that are read or written on the way to the last file. That includes erased ones: on a
board that was used before, an old half of a folder could otherwise be taken for the newer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from petitpas.robots import uf2
from petitpas.robots.firmware import BoardFile, manifest, need

_SETTINGS = {
    "block_size": uf2.SECTOR_BYTES,
    "read_size": 32,
    "prog_size": 256,
    "cache_size": 1024,
    "lookahead_size": 32,
    "block_cycles": 100,
}


class Flash:
    """
    A flash in memory, erased; littlefs-python calls its methods. `touched` are the sectors that were read, written or erased.

    Args:
        size: bytes, a multiple of a sector.
    """

    def __init__(self, size: int) -> None:
        self.data = bytearray(b"\xff" * size)
        self.touched: set[int] = set()

    def read(self, config: Any, block: int, offset: int, size: int) -> bytearray:
        """Return bytes of a sector."""
        self.touched.add(block)
        at = block * uf2.SECTOR_BYTES + offset
        return self.data[at : at + size]

    def prog(self, config: Any, block: int, offset: int, data: bytes) -> int:
        """Write bytes into an erased part of a sector."""
        self.touched.add(block)
        at = block * uf2.SECTOR_BYTES + offset
        self.data[at : at + len(data)] = data
        return 0

    def erase(self, config: Any, block: int) -> int:
        """Erase a sector."""
        self.touched.add(block)
        at = block * uf2.SECTOR_BYTES
        self.data[at : at + uf2.SECTOR_BYTES] = b"\xff" * uf2.SECTOR_BYTES
        return 0

    def sync(self, config: Any) -> int:
        """Do nothing: nothing waits."""
        return 0


def mount(flash: Flash, *, form: bool = False):  # type: ignore[no-untyped-def]
    """
    Return the littlefs of a flash, by choice made anew.

    Raises:
        KitError: littlefs-python, of the extra `robot`, is not installed.
    """
    need("littlefs")
    from littlefs import LittleFS

    settings: dict[str, Any] = {"context": flash, "block_count": len(flash.data) // uf2.SECTOR_BYTES, **_SETTINGS}
    system = LittleFS(mount=False, **settings)
    if form:
        system.format()
    system.mount()
    return system


def make_file_system(files: Iterable[BoardFile], size: int) -> Flash:
    """Return a flash with these files; raise KitError as `mount` does."""
    files = list(files)
    flash = Flash(size)
    system = mount(flash, form=True)
    for file in files:
        folder = file.path.rpartition("/")[0]
        if folder:
            system.makedirs(folder, exist_ok=True)
        with system.open(file.path, "wb") as out:
            out.write(file.data)
    system.unmount()
    system = mount(flash)
    for file in files:  # touches what a board will
        with system.open(file.path, "rb") as back:
            assert back.read() == file.data
    return flash


def make_image(firmware: uf2.Firmware, kit: str, files: tuple[BoardFile, ...]) -> bytes:
    """Return one UF2 file: MicroPython, and a file system with a kit's files and their manifest. It empties the board it is dropped on."""
    place = firmware.place
    flash = make_file_system((*files, manifest(kit, files)), place.size)
    pages = {}
    for sector in flash.touched:
        for offset in range(sector * uf2.SECTOR_BYTES, (sector + 1) * uf2.SECTOR_BYTES, uf2.PAGE_BYTES):
            pages[place.address + offset] = bytes(flash.data[offset : offset + uf2.PAGE_BYTES])
    return uf2.write(firmware, pages)


def image_name(base: Path, kit: str) -> Path:
    """Return where the image goes when nobody says: beside MicroPython's file."""
    return base.with_name(f"petitpas-{kit}.uf2")

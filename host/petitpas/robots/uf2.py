"""
UF2 files for the RP2040 and the RP2350: MicroPython's own is read, its pages and those of a file system are written as one.

Theory
======
A UF2 file is a row of blocks of 512 bytes; each says to which flash address its 256 bytes belong, its number and how many there are.
The RP2040's boot ROM erases a sector of 4096 bytes before the first of 16 *block numbers*, not of 16 addresses: unless every sector that is
touched is there with all its pages, and in order, it erases what it has just written. So whole sectors are written; where MicroPython's
file leaves the rest of its last sector out, zeros stand.
Source: virtual_disk.c of the RP2040's boot ROM, `_write_uf2_page`; picotool's elf2uf2 fills sectors for the same reason.

A file for the RP2350 begins with one block of the family "absolute", at the end of the flash: it works around erratum E10 of its boot ROM.
It has its own count of blocks and stays as it is.

MicroPython tells about itself in *binary info*: a table of pointers behind two markers near the start. From there come the board, the
version and the place of the file system, which is not the same on a Pico and a Pico W. A file without binary info is taken for a board
without radio. Source: pico/binary_info/structure.h of the Pico SDK; rp2_flash.c and boards/*/mpconfigboard.cmake of MicroPython.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from petitpas.errors import FileError

BLOCK_BYTES, PAGE_BYTES, SECTOR_BYTES = 512, 256, 4096
FLASH = 0x1000_0000
FLASH_BYTES_MOST = 16 << 20

RP2040, RP2350, ABSOLUTE = 0xE48B_FF56, 0xE48B_FF59, 0xE48B_FF57

_BLOCK = struct.Struct("<8I476sI")
_MAGICS = (0x0A32_4655, 0x9E5D_5157, 0x0AB1_6F30)
_HAS_FAMILY, _NOT_FLASH = 0x2000, 0x0001

_BOARDS = ("pico", "pico_w", "pico2", "pico2_w")
_OLDEST = (1, 24)

_INFO_START, _INFO_END = 0x7188_EBF2, 0xE71A_A390
_INFO_WITHIN = 4096
_TYPE_STRING, _TYPE_BLOCK_DEVICE = 6, 7
_ID_VERSION, _ID_BOARD = 0x11A9_BC3A, 0xB63C_FFBB


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file system is: address and size in bytes, both multiples of SECTOR_BYTES."""

    address: int
    size: int


_PLACES = {
    RP2040: Place(FLASH + (2048 - 1408) * 1024, 1408 * 1024),
    RP2350: Place(FLASH + 1024 * 1024, 3072 * 1024),
}
"""Source: MICROPY_HW_FLASH_STORAGE_BYTES of RPI_PICO (2 MB of flash) and RPI_PICO2 (4 MB): the end of the flash."""


@dataclass(frozen=True)
class Firmware:
    """MicroPython for a board: its family, its pages by address, blocks to be kept as they are, and the place of the file system."""

    family: int
    pages: Mapping[int, bytes]
    first: bytes
    place: Place
    board: str = ""
    version: str = ""


def read(data: bytes, path: Path | str) -> Firmware:
    """
    Read MicroPython's UF2 file.

    Raises:
        FileError: it is no UF2 file, is cut or damaged, is for another kind of board, is not MicroPython or is too old a one.
    """
    first, family, pages = b"", 0, {}
    for block in _blocks(data, path):
        if block[_FAMILY] == ABSOLUTE:
            first += _BLOCK.pack(*block)
            continue
        family = block[_FAMILY]
        pages[block[_ADDRESS]] = block[_DATA][:PAGE_BYTES]
    if not pages:
        raise FileError("uf2_damaged", path=path)
    if family not in _PLACES:
        raise FileError("uf2_board", path=path, board=f"0x{family:08x}")
    return _known(Firmware(family, pages, first, _PLACES[family]), path)


def write(firmware: Firmware, more: Mapping[int, bytes]) -> bytes:
    """
    Return one UF2 file with MicroPython's pages and more of them.

    Args:
        more: pages by address, multiples of PAGE_BYTES; none is MicroPython's.
    """
    pages = {**firmware.pages, **more}
    sectors = sorted({address // SECTOR_BYTES for address in pages})
    addresses = [sector * SECTOR_BYTES + offset for sector in sectors for offset in range(0, SECTOR_BYTES, PAGE_BYTES)]
    blocks = [firmware.first]
    for number, address in enumerate(addresses):
        page = pages.get(address, bytes(PAGE_BYTES))
        head = (*_MAGICS[:2], _HAS_FAMILY, address, PAGE_BYTES, number, len(addresses), firmware.family)
        blocks.append(_BLOCK.pack(*head, page, _MAGICS[2]))
    return b"".join(blocks)


# --- Blocks -------------------------------------------------------------------------------------------------------

_FLAGS, _ADDRESS, _SIZE, _NUMBER, _COUNT, _FAMILY, _DATA = range(2, 9)


def _blocks(data: bytes, path: Path | str) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Give the blocks for the flash, after a look at each."""
    if not data or data[:8] != struct.pack("<2I", *_MAGICS[:2]):
        raise FileError("uf2_not", path=path)
    if len(data) % BLOCK_BYTES:
        raise FileError("uf2_damaged", path=path)
    numbers: dict[int, list[int]] = {}
    counts: dict[int, int] = {}
    places = set()
    for block in _BLOCK.iter_unpack(data):
        family, address = block[_FAMILY], block[_ADDRESS]
        if (*block[:2], block[-1]) != _MAGICS or block[_SIZE] != PAGE_BYTES or address % PAGE_BYTES or (family, address) in places:
            raise FileError("uf2_damaged", path=path)
        if block[_FLAGS] & _NOT_FLASH or not block[_FLAGS] & _HAS_FAMILY or not FLASH <= address < FLASH + FLASH_BYTES_MOST:
            raise FileError("uf2_board", path=path, board="?")
        places.add((family, address))
        numbers.setdefault(family, []).append(block[_NUMBER])
        if counts.setdefault(family, block[_COUNT]) != block[_COUNT]:
            raise FileError("uf2_damaged", path=path)
        yield block
    main = [family for family in numbers if family != ABSOLUTE]
    if len(main) > 1:
        raise FileError("uf2_board", path=path, board=" + ".join(f"0x{family:08x}" for family in main))
    if any(numbers[family] != list(range(counts[family])) for family in main):
        raise FileError("uf2_damaged", path=path)


# --- What MicroPython tells about itself ------------------------------------------------------------------------------


def _known(firmware: Firmware, path: Path | str) -> Firmware:
    """Return the firmware with what its binary info tells; raise FileError where that is nothing for Petit Pas."""
    strings, devices = _info(firmware.pages)
    if strings or devices:
        if "MicroPython" not in devices:
            raise FileError("uf2_not_micropython", path=path)
        board, version = strings.get(_ID_BOARD, ""), strings.get(_ID_VERSION, "")
        if board not in _BOARDS:
            raise FileError("uf2_board", path=path, board=board or "?")
        numbers = re.match(r"v?(\d+)\.(\d+)", version)
        if numbers and (int(numbers[1]), int(numbers[2])) < _OLDEST:
            raise FileError("uf2_old", path=path, version=version, oldest=".".join(map(str, _OLDEST)))
        firmware = Firmware(firmware.family, firmware.pages, firmware.first, devices["MicroPython"], board, version)
    place = firmware.place
    end = max(firmware.pages) + PAGE_BYTES
    if end > place.address or place.address % SECTOR_BYTES or place.size % SECTOR_BYTES or place.size < 4 * SECTOR_BYTES:
        raise FileError("uf2_no_room", path=path)
    return firmware


def _info(pages: Mapping[int, bytes]) -> tuple[dict[int, str], dict[str, Place]]:
    """Return the strings of the binary info by identifier, and the block devices by name; empty where there is none."""
    strings: dict[int, str] = {}
    devices: dict[str, Place] = {}
    for pointer in _pointers(pages):
        entry = _bytes(pages, pointer, 20)
        if len(entry) == 20:
            kind, _, first, second, third = struct.unpack_from("<HHIII", entry)
            if kind == _TYPE_STRING:
                strings[first] = _string(pages, second)
            elif kind == _TYPE_BLOCK_DEVICE:
                devices[_string(pages, first)] = Place(second, third)
    return strings, devices


def _pointers(pages: Mapping[int, bytes]) -> Iterator[int]:
    """Give the addresses of the entries of the binary info."""
    for address in range(FLASH, FLASH + _INFO_WITHIN, 4):
        head = _bytes(pages, address, 20)
        if len(head) == 20:
            start_mark, start, end, _, end_mark = struct.unpack("<5I", head)
            if (start_mark, end_mark) == (_INFO_START, _INFO_END) and 0 <= end - start <= SECTOR_BYTES:
                table = _bytes(pages, start, end - start)
                yield from (pointer for (pointer,) in struct.iter_unpack("<I", table[: len(table) // 4 * 4]))
                return


def _bytes(pages: Mapping[int, bytes], address: int, count: int) -> bytes:
    """Return bytes of the flash; fewer where the file has no more."""
    found = b""
    while count > 0:
        page = pages.get(address // PAGE_BYTES * PAGE_BYTES)
        if page is None:
            break
        piece = page[address % PAGE_BYTES :][:count]
        found += piece
        address += len(piece)
        count -= len(piece)
    return found


def _string(pages: Mapping[int, bytes], address: int) -> str:
    return _bytes(pages, address, PAGE_BYTES).split(b"\0")[0].decode(errors="replace")

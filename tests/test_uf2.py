"""One .uf2 for a new board: made from a synthetic MicroPython, parsed back, and mounted by littlefs-python and by real MicroPython."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas import cli
from petitpas.errors import FileError, KitError
from petitpas.robots import firmware as board_firmware
from petitpas.robots import flash, uf2
from petitpas.robots.firmware import BoardFile, manifest
from tests.fake_board import FILES, KIT

FLASH = 0x10000000
LONG = BoardFile("petitpas_robot/long.mpy", bytes(range(256)) * 40)
ALL = (LONG, *FILES)
CONTENT = {file.path: file.data for file in (*ALL, manifest(KIT, ALL))}


def block(
    address: int, number: int, count: int, family: int = uf2.RP2040, data: bytes = b"", *, flags: int = 0x2000, size: int = 256
) -> bytes:
    """Return a UF2 block, written here a second time."""
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, flags, address, size, number, count, family)
    return head + data.ljust(476, b"\0") + struct.pack("<I", 0x0AB16F30)


def base(pages: int = 37, family: int = uf2.RP2040, content: dict[int, bytes] | None = None) -> bytes:
    """Return a MicroPython of so many pages, the last sector of it not full; `content` replaces pages."""
    found = {FLASH + 256 * number: bytes([number % 251]) * 256 for number in range(pages)} | (content or {})
    blocks = [block(address, number, len(found), family, data) for number, (address, data) in enumerate(sorted(found.items()))]
    return b"".join(blocks)


def blocks_of(data: bytes) -> list[tuple[int, int, int, int, bytes]]:
    """Return address, number, count, family and 256 bytes of each block, after looking at the rest."""
    found = []
    for at in range(0, len(data), 512):
        start, start2, flags, address, size, number, count, family = struct.unpack_from("<8I", data, at)
        (end,) = struct.unpack_from("<I", data, at + 508)
        assert (start, start2, end, flags, size) == (0x0A324655, 0x9E5D5157, 0x0AB16F30, 0x2000, 256)
        assert data[at + 288 : at + 508] == bytes(220)
        found.append((address, number, count, family, data[at + 32 : at + 288]))
    return found


def mounted(blocks: list[tuple[int, int, int, int, bytes]], address: int, size: int, was: bytes = b"\xa5") -> flash.Flash:
    """Return a used flash, full of `was`, after the boot ROM has written these blocks to it; only its file system's part."""
    board = flash.Flash(size)
    board.data[:] = (was * (size // len(was) + 1))[:size]
    for page_address, _, _, _, data in blocks:
        if page_address >= address:
            board.data[page_address - address : page_address - address + 256] = data
    return board


def content_of(board: flash.Flash) -> dict[str, bytes]:
    """Return the files of a flash by path."""
    system = flash.mount(board)
    found = {}
    for folder, _, names in system.walk("/"):
        for name in names:
            path = f"{folder}/{name}".lstrip("/")
            with system.open(path, "rb") as file:
                found[path] = file.read()
    return found


# --- One file -----------------------------------------------------------------------------------------------------

PLACES = {uf2.RP2040: (FLASH + 640 * 1024, 1408 * 1024), uf2.RP2350: (FLASH + 1024 * 1024, 3072 * 1024)}
"""Source: RPI_PICO's and RPI_PICO2's mpconfigboard in MicroPython 1.24 to 1.29."""


@pytest.mark.parametrize("family", [uf2.RP2040, uf2.RP2350])
def test_the_image_parses_back(family: int) -> None:
    original = base(family=family)
    image = flash.make_image(uf2.read(original, "base.uf2"), KIT, ALL)
    blocks = blocks_of(image)
    address, size = PLACES[family]
    assert [(number, count) for _, number, count, _, _ in blocks] == [(number, len(blocks)) for number in range(len(blocks))]
    assert {kind for _, _, _, kind, _ in blocks} == {family}
    addresses = [page for page, *_ in blocks]
    assert addresses == sorted(set(addresses))
    assert all(page % 256 == 0 for page in addresses) and addresses[-1] < address + size
    after = {page: data for page, _, _, _, data in blocks}
    for page, _, _, _, data in blocks_of(original):
        assert after[page] == data
    assert not [page for page in addresses if FLASH + 48 * 256 <= page < address]  # nothing between MicroPython and the file system
    assert content_of(mounted(blocks, address, size)) == CONTENT


@pytest.mark.parametrize("family", [uf2.RP2040, uf2.RP2350])
def test_every_sector_is_whole_and_begins_at_a_number_that_the_boot_rom_erases_at(family: int) -> None:
    blocks = blocks_of(flash.make_image(uf2.read(base(family=family), "base.uf2"), KIT, ALL))
    assert len(blocks) % 16 == 0
    for address, number, *_ in blocks:
        assert address // 256 % 16 == number % 16
    written: dict[int, bytes] = {}
    erased = set()
    for address, number, _, _, data in blocks:  # as the RP2040's boot ROM does
        if number // 16 not in erased:
            erased.add(number // 16)
            sector = address // 4096 * 4096
            written = {page: kept for page, kept in written.items() if not sector <= page < sector + 4096}
        written[address] = data
    assert len(written) == len(blocks)


def test_the_image_is_the_same_every_time_and_small() -> None:
    images = {flash.make_image(uf2.read(base(), "base.uf2"), KIT, ALL) for _ in range(2)}
    assert len(images) == 1
    assert len(images.pop()) < 400_000


def test_what_was_on_the_flash_is_no_matter() -> None:
    old = mounted([], FLASH, 1408 * 1024, b"\xff")
    system = flash.mount(old, form=True)
    system.makedirs("petitpas_robot")
    for number in range(60):
        with system.open(f"petitpas_robot/{number}.mpy", "wb") as file:
            file.write(b"an older one" * 100)
    system.unmount()
    blocks = blocks_of(flash.make_image(uf2.read(base(), "base.uf2"), KIT, ALL))
    for was in (b"\0", b"\xff", b"\x5a\xa5", bytes(old.data)):
        assert content_of(mounted(blocks, *PLACES[uf2.RP2040], was)) == CONTENT


def test_the_block_of_erratum_e10_stays_as_it_is() -> None:
    first = block(0x10FFFF00, 0, 2, uf2.ABSOLUTE, b"\xef" * 256)
    image = flash.make_image(uf2.read(first + base(family=uf2.RP2350), "base.uf2"), KIT, ALL)
    assert image.startswith(first)
    rest = blocks_of(image)[1:]
    assert [(number, count, family) for _, number, count, family, _ in rest] == [(n, len(rest), uf2.RP2350) for n in range(len(rest))]


# --- What MicroPython tells about itself ------------------------------------------------------------------------------


def informed(board: str, version: str, device: str = "MicroPython", place: tuple[int, int] = (FLASH + 0x12C000, 0xD4000)) -> bytes:
    """Return a MicroPython with binary info, as the Pico SDK lays it."""
    content = bytearray(4096)
    strings = {"board": 0x300, "version": 0x340, "device": 0x380}
    for (name, at), text in zip(strings.items(), (board, version, device), strict=True):
        assert name
        content[at : at + len(text)] = text.encode()
    struct.pack_into("<HHII", content, 0x200, 6, 0x5052, 0xB63CFFBB, FLASH + strings["board"])
    struct.pack_into("<HHII", content, 0x220, 6, 0x5052, 0x11A9BC3A, FLASH + strings["version"])
    struct.pack_into("<HHIIIIH", content, 0x240, 7, 0x504D, FLASH + strings["device"], *place, 0, 3)
    struct.pack_into("<4I", content, 0x280, FLASH + 0x200, FLASH + 0x220, FLASH + 0x240, 0x20000000)  # the last is not in the file
    struct.pack_into("<5I", content, 0x1D4, 0x7188EBF2, FLASH + 0x280, FLASH + 0x290, 0, 0xE71AA390)
    pages = {FLASH + at: bytes(content[at : at + 256]) for at in range(0, 4096, 256)}
    return base(pages=40, content=pages)


def test_a_pico_w_keeps_its_files_elsewhere() -> None:
    firmware = uf2.read(informed("pico_w", "v1.28.0"), "base.uf2")
    assert (firmware.board, firmware.version, firmware.place) == ("pico_w", "v1.28.0", uf2.Place(FLASH + 0x12C000, 0xD4000))
    blocks = blocks_of(flash.make_image(firmware, KIT, ALL))
    assert content_of(mounted(blocks, FLASH + 0x12C000, 0xD4000)) == CONTENT


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "uf2_not"),
        (b"PK\3\4" + bytes(508), "uf2_not"),
        (base()[:-1], "uf2_damaged"),
        (base()[:-512], "uf2_damaged"),
        (base()[512:], "uf2_damaged"),
        (base()[:512] + base(), "uf2_damaged"),
        (base()[:1024] + bytes(4) + base()[1028:], "uf2_damaged"),
        (base()[:1532] + bytes(4) + base()[1536:], "uf2_damaged"),
        (block(FLASH, 0, 2) + block(FLASH, 1, 2), "uf2_damaged"),
        (block(FLASH, 0, 2) + block(FLASH + 256, 1, 3), "uf2_damaged"),
        (block(FLASH + 1, 0, 1), "uf2_damaged"),
        (block(FLASH, 0, 1, size=476), "uf2_damaged"),
        (block(0x10FFFF00, 0, 2, uf2.ABSOLUTE), "uf2_damaged"),
        (block(0x20000000, 0, 1), "uf2_board"),
        (block(FLASH, 0, 1, flags=0), "uf2_board"),
        (base(family=0xE48BFF5A), "uf2_board"),  # the RP2350's RISC-V cores
        (base(family=0xBFDD4EEE), "uf2_board"),  # ESP32-S2
        (block(FLASH, 0, 1) + block(FLASH + 256, 0, 1, uf2.RP2350), "uf2_board"),
        (informed("adafruit_feather_rp2040", "v1.28.0"), "uf2_board"),
        (informed("pico", "v1.28.0", device="CircuitPython"), "uf2_not_micropython"),
        (informed("pico", "v1.22.2"), "uf2_old"),
        (informed("pico", "v1.28.0", place=(FLASH + 4096, 1 << 20)), "uf2_no_room"),
        (informed("pico", "v1.28.0", place=(FLASH + 0x100001, 1 << 20)), "uf2_no_room"),
        (base(pages=2560 + 1), "uf2_no_room"),
    ],
)
def test_a_file_that_is_not_micropythons_for_a_pico(data: bytes, code: str) -> None:
    with pytest.raises(FileError) as caught:
        uf2.read(data, "base.uf2")
    assert caught.value.code == code
    assert "…" not in caught.value.say("fr") + caught.value.say("en")


def test_a_preview_of_micropython_is_one() -> None:
    assert uf2.read(informed("pico2", "v1.29.0-preview.12.gabcdef"), "base.uf2").board == "pico2"
    assert uf2.read(informed("pico", "").replace(b"\0v", b"\0\0"), "base.uf2").version == ""


@given(st.binary(max_size=600), st.integers(0, 36 * 512))
def test_a_damaged_file_is_a_file_error_or_read(noise: bytes, at: int) -> None:
    data = bytearray(base())
    data[at : at + len(noise)] = noise
    try:
        assert uf2.read(bytes(data), "base.uf2").pages
    except FileError as error:
        assert error.code.startswith("uf2_")


# --- Real MicroPython ---------------------------------------------------------------------------------------------

MOUNT = """
import os, sys, vfs
class Board:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
    def readblocks(self, block, buf, offset=0):
        at = block * 4096 + offset
        buf[:] = self.data[at : at + len(buf)]
    def writeblocks(self, block, buf, offset=None):
        if offset is None:
            self.ioctl(6, block)
            offset = 0
        at = block * 4096 + offset
        self.data[at : at + len(buf)] = buf
    def ioctl(self, kind, arg):
        if kind == 4:
            return len(self.data) // 4096
        if kind == 5:
            return 4096
        if kind == 6:
            self.data[arg * 4096 : arg * 4096 + 4096] = b"\\xff" * 4096
        return 0
vfs.mount(vfs.VfsLfs2(Board(sys.argv[1]), progsize=256), "/board")
os.chdir("/board")
def show(folder):
    for name, kind, _, size in sorted(os.ilistdir(folder)):
        path = folder + "/" + name
        if kind == 0x4000:
            show(path)
        else:
            with open(path, "rb") as file:
                print(path[7:], sum(file.read()), size)
show("/board")
with open("/board/name.txt", "w") as file:
    file.write("lapin")
os.rename("/board/name.txt", "/board/main.py")
with open("/board/main.py") as file:
    print(file.read())
"""


def test_real_micropython_mounts_it_as_its_boards_do(micropython: Path, tmp_path: Path) -> None:
    blocks = blocks_of(flash.make_image(uf2.read(base(), "base.uf2"), KIT, ALL))
    (tmp_path / "flash").write_bytes(mounted(blocks, *PLACES[uf2.RP2040]).data)
    (tmp_path / "mount.py").write_text(MOUNT)
    command = [micropython, "-X", "heapsize=8m", tmp_path / "mount.py", tmp_path / "flash"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    *lines, last = done.stdout.splitlines()
    assert sorted(lines) == sorted(f"{path} {sum(data)} {len(data)}" for path, data in CONTENT.items())
    assert last == "lapin"


# --- The command --------------------------------------------------------------------------------------------------


def test_image_writes_the_file_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petitpas.installing.board_files", lambda kit: ALL)
    source = tmp_path / "RPI_PICO.uf2"
    source.write_bytes(informed("pico", "v1.28.0"))
    assert cli.main(["image", "--micropython", str(source)]) == cli.OK
    out = tmp_path / "petitpas-pico-stepper.uf2"
    said = capsys.readouterr().out
    assert str(out) in said and "BOOTSEL" in said and "v1.28.0" in said
    assert content_of(mounted(blocks_of(out.read_bytes()), FLASH + 0x12C000, 0xD4000)) == CONTENT
    assert cli.main(["image", "--micropython", str(source), "--kit", "pico-dc", "-o", str(tmp_path / "no" / "x.uf2")]) == cli.WRONG_INPUT
    source.write_bytes(base(family=0xBFDD4EEE))
    assert cli.main(["image", "--micropython", str(source)]) == cli.WRONG_INPUT
    assert "0xbfdd4eee" in capsys.readouterr().err


def test_without_littlefs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_firmware.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(KitError, match="pip install"):
        flash.make_file_system(FILES, 1 << 20)

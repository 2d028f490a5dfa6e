"""
A board with MicroPython at the end of a cable: its files, through mpremote's transport. The only file that imports `mpremote`.

mpremote's errors end here, as `Port`'s end there: a cable that went is PortUnplugged, a board that says no more is PortTimeout, what the
board itself refuses is BoardError.
Paths are relative: MicroPython starts in the root of its file system.
"""

from __future__ import annotations

import contextlib
import errno
import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from petitpas.errors import BoardError, PortTimeout, PortUnplugged
from petitpas.robots.firmware import need
from petitpas.robots.ports import Port

_PIECE = 1024
"""Bytes of a file in one piece; a board keeps its source text, up to four times as long, in memory."""

_SILENCE_S = 5
"""How long a board may say nothing in mid-word, and a cable take nothing."""

_GONE = (None, errno.EIO, errno.ENXIO, errno.ENODEV, errno.EBADF, errno.EPIPE)

_DIGEST = """
def _digest(path):
    import binascii, hashlib
    digest, piece = hashlib.sha256(), bytearray(256)
    with open(path, "rb") as file:
        while True:
            count = file.readinto(piece)
            if not count:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(memoryview(piece)[:count])
"""
"""Typed once; mpremote's own way takes three questions for each file."""

_FACTS = "(__import__('sys').implementation[0],__import__('sys').implementation[1][:3],__import__('sys').platform,{machine},{mpy})"
_MACHINE = "getattr(__import__('sys').implementation,'_machine','')"
_MPY = "getattr(__import__('sys').implementation,'_mpy',0)"


class Transport(Protocol):
    """What is used of mpremote's SerialTransport."""

    def enter_raw_repl(self, soft_reset: bool = True, timeout_overall: float = 10) -> None: ...
    def exit_raw_repl(self) -> None: ...
    def exec(self, command: str) -> bytes: ...
    def exec_raw_no_follow(self, command: str) -> None: ...
    def eval(self, expression: str) -> Any: ...
    def fs_listdir(self, src: str) -> list[Any]: ...
    def fs_readfile(self, src: str) -> bytes: ...
    def fs_writefile(
        self, dest: str, data: bytes, chunk_size: int = 256, progress_callback: Callable[[int, int], None] | None = None
    ) -> None: ...
    def fs_mkdir(self, path: str) -> None: ...
    def fs_rmfile(self, path: str) -> None: ...
    def fs_rmdir(self, path: str) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What a board says of itself: `mpy` holds the version of .mpy files that it loads in bits 0-7, their sub-version in bits 8-9."""

    name: str
    version: tuple[int, int, int]
    platform: str
    machine: str
    mpy: int


class Board:
    """
    A board that waits in MicroPython's raw prompt.

    Args:
        url: of its port, for what is said.
        transport: stays this board's own: `close` closes it.
    """

    def __init__(self, url: str, transport: Transport) -> None:
        self.url = url
        self._transport = transport
        self._has_digest = False

    @classmethod
    def open(cls, url: str, *, soft_reset: bool = True) -> Board:
        """
        Open a port and enter the raw prompt of the board behind it.

        Args:
            soft_reset: start MicroPython anew, without main.py; otherwise only interrupt what runs.
        Raises:
            KitError: mpremote is not installed.
            PortMissing, PortBusy, PortDenied, PortUnplugged.
            BoardError: it does not answer as MicroPython does; code `board_silent`.
        """
        need("mpremote")
        Port(url).close()  # tells why a port cannot be opened; mpremote does not
        from mpremote.transport import TransportError
        from mpremote.transport_serial import SerialTransport

        board = None
        try:
            with _quiet():
                transport = SerialTransport(url)
                transport.serial.timeout = transport.serial.write_timeout = _SILENCE_S
                board = cls(url, transport)
                transport.enter_raw_repl(soft_reset=soft_reset, timeout_overall=_SILENCE_S)
        except TransportError as error:
            if board:
                board.close()
            raise BoardError(port=url) from error
        except OSError as error:
            if board:
                board.close()
            raise PortUnplugged(port=url) from error
        return board

    def close(self, *, leave: bool = False) -> None:
        """Close the port, by choice out of the raw prompt; never fails."""
        with contextlib.suppress(Exception):
            if leave:
                self._transport.exit_raw_repl()
        with contextlib.suppress(Exception):
            self._transport.close()

    # --- What it is -------------------------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """Return what the board says of itself."""
        with self._told():
            name, version, platform, machine, mpy = self._transport.eval(_FACTS.format(machine=_MACHINE, mpy=_MPY))
        return Facts(name, tuple(version), platform, machine, mpy)

    def reset(self) -> None:
        """Start the board anew: the port goes away. Never fails."""
        with contextlib.suppress(Exception):
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")
        self.close()

    # --- Its files --------------------------------------------------------------------------------------------------

    def files(self, folder: str = "") -> dict[str, bool]:
        """Return the paths of what is in a folder, and whether each is a folder; empty where there is no such folder."""
        with self._told():
            try:
                found = self._transport.fs_listdir(folder)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
                return {}
        return {(f"{folder}/" if folder else "") + entry.name: bool(entry.st_mode & 0x4000) for entry in found}

    def digest(self, path: str) -> str:
        """Return the sha256 of a file, computed on the board, in hexadecimal."""
        with self._told():
            if not self._has_digest:
                self._transport.exec(_DIGEST)
                self._has_digest = True
            return str(self._transport.eval(f"_digest({path!r})"))

    def read(self, path: str) -> bytes:
        """Return a small file's bytes."""
        with self._told():
            return bytes(self._transport.fs_readfile(path))

    def write(self, path: str, data: bytes, progress: Callable[[int, int], None] | None = None) -> None:
        """Write a file; `progress` gets the bytes that are there and their number."""
        with self._told():
            self._transport.fs_writefile(path, data, chunk_size=_PIECE, progress_callback=progress)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in place of what has it."""
        with self._told():
            self._transport.exec(f"import os\nos.rename({old!r},{new!r})")

    def remove(self, path: str, *, is_folder: bool = False) -> None:
        """Remove a file, or an empty folder."""
        with self._told():
            (self._transport.fs_rmdir if is_folder else self._transport.fs_rmfile)(path)

    def make_folder(self, path: str) -> None:
        """Make a folder."""
        with self._told():
            self._transport.fs_mkdir(path)

    @contextmanager
    def _told(self) -> Iterator[None]:
        from mpremote.transport import TransportError, TransportExecError

        try:
            with _quiet():
                yield
        except TransportExecError as error:
            lines = str(error.error_output).strip().splitlines() or [""]
            raise BoardError("board_refuses", port=self.url, detail=lines[-1]) from error
        except OSError as error:  # what the board says of its files, and what this computer says of a cable that went
            if error.errno in _GONE:
                raise PortUnplugged(port=self.url) from error
            if error.errno == errno.ENOSPC:
                raise BoardError("board_full", port=self.url) from error
            raise BoardError("board_refuses", port=self.url, detail=errno.errorcode.get(error.errno or 0, str(error))) from error
        except (TransportError, struct.error, SyntaxError, ValueError) as error:  # the last three: mpremote on an answer that was cut
            raise PortTimeout(port=self.url) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Let mpremote print nothing."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield

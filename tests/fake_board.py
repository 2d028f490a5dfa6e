"""A board for tests of the installer: files in a dictionary, behind the few calls of mpremote's transport that are used."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from mpremote.transport import TransportError, TransportExecError

from petitpas.robots.firmware import BoardFile, manifest

KIT = "pico-stepper"
HEAD = b"M\x06\x00\x1f"
"""How a compiled module begins."""

FILES = (
    BoardFile("petitpas_robot/__init__.mpy", HEAD),
    BoardFile("petitpas_robot/app.mpy", HEAD + b"the new app" * 99),
    BoardFile("petitpas_robot/core_viper.mpy", b"M\x06\x13\x1f" + b"machine code"),
    BoardFile("petitpas_robot/boards/pico.mpy", HEAD + b"the new pins"),
    BoardFile("kit.json", b'{"name":"pico-stepper"}'),
    BoardFile("main.py", b"import petitpas_robot.app  # new\n"),
)
WANTED = {file.path: file.data for file in (*FILES, manifest(KIT, FILES))}

_OLD = (
    BoardFile("petitpas_robot/__init__.mpy", HEAD),
    BoardFile("petitpas_robot/app.mpy", HEAD + b"the old app"),
    BoardFile("petitpas_robot/legs.mpy", HEAD + b"it once had legs"),
    BoardFile("kit.json", b"{}"),
    BoardFile("wings.txt", b"ours, once"),
    BoardFile("main.py", b"import petitpas_robot.app  # old\n"),
)
OLD = {file.path: file.data for file in (*_OLD, manifest(KIT, _OLD))}
OWN = {"slots/1a": b"a pupil's program", "name.txt": b"lapin"}
"""What the robot keeps for itself."""

PICO = ("micropython", (1, 28, 0), "rp2", "Raspberry Pi Pico with RP2040", 6 | 3 << 8 | 4 << 10)

BEFORE, AFTER, WITHIN = "before", "after", "within"
"""Where in a call the cord is pulled: before anything is done, after all was done, in the middle of a file."""


class Entry(NamedTuple):
    name: str
    st_mode: int


class Flash:
    """What stays on a board: the bytes of files by path, and folders."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.folders = {path.rpartition("/")[0] for path in self.files} - {""}
        self.resets = 0
        self.written: list[str] = []

    def entries(self, folder: str) -> list[Entry]:
        inside = [(path, 0x8000) for path in self.files] + [(path, 0x4000) for path in self.folders]
        return [Entry(path.rpartition("/")[2], mode) for path, mode in sorted(inside) if path.rpartition("/")[0] == folder]


class FakeTransport:
    """
    The transport of a board whose files are a `Flash`.

    Args:
        cut_at: number of the call, from 1, in which the cord is pulled; 0 for never.
        where: BEFORE, AFTER or WITHIN that call.
        damage: what happens to the bytes of a file on the way.
    """

    def __init__(
        self,
        flash: Flash,
        cut_at: int = 0,
        where: str = BEFORE,
        facts: tuple[Any, ...] = PICO,
        damage: Callable[[str, bytes], bytes] = lambda path, data: data,
    ) -> None:
        self.flash = flash
        self.calls = 0
        self.is_closed = False
        self.knows_digest = False
        self._cut_at = cut_at
        self._where = where
        self._facts = facts
        self._damage = damage

    def _call(self, do: Callable[[], Any], half: Callable[[], Any] = lambda: None) -> Any:
        self.calls += 1
        if self._cut_at and self.calls > self._cut_at:
            raise OSError(errno.EIO, "Input/output error")
        if self.calls != self._cut_at:
            return do()
        {BEFORE: lambda: None, AFTER: do, WITHIN: half}[self._where]()
        raise OSError(errno.EIO, "Input/output error")

    def enter_raw_repl(self, soft_reset: bool = True, timeout_overall: float = 10) -> None:
        self._call(lambda: None)

    def exit_raw_repl(self) -> None:
        self._call(lambda: None)

    def eval(self, expression: str) -> Any:
        if "implementation" in expression:
            return self._call(lambda: self._facts)
        match = re.fullmatch(r"_digest\('(.+)'\)", expression)
        assert match and self.knows_digest, expression
        return self._call(lambda: hashlib.sha256(self.flash.files[match[1]]).hexdigest())

    def exec(self, command: str) -> bytes:
        if "def _digest(path):" in command:
            self.knows_digest = True
            return b""
        match = re.fullmatch(r"import os\nos\.rename\('(.+)','(.+)'\)", command)
        assert match, command
        old, new = match.groups()

        def rename() -> None:
            if old not in self.flash.files:
                raise TransportExecError("", "Traceback\nOSError: [Errno 2] ENOENT")
            self.flash.files[new] = self.flash.files.pop(old)

        self._call(rename)
        return b""

    def exec_raw_no_follow(self, command: str) -> None:
        assert command == "import machine\nmachine.reset()"

        def reset() -> None:
            self.flash.resets += 1

        self._call(reset)

    def fs_listdir(self, src: str) -> list[Entry]:
        def entries() -> list[Entry]:
            if src and src not in self.flash.folders:
                raise OSError(errno.ENOENT, src)
            return self.flash.entries(src)

        return self._call(entries)  # type: ignore[no-any-return]

    def fs_readfile(self, src: str) -> bytes:
        return self._call(lambda: self.flash.files[src])  # type: ignore[no-any-return]

    def fs_writefile(
        self, dest: str, data: bytes, chunk_size: int = 256, progress_callback: Callable[[int, int], None] | None = None
    ) -> None:
        def put(count: int) -> None:
            folder = dest.rpartition("/")[0]
            if folder and folder not in self.flash.folders:
                raise OSError(errno.ENOENT, dest)
            self.flash.files[dest] = self._damage(dest, data)[:count]
            self.flash.written.append(dest)

        self._call(lambda: put(len(data)), lambda: put(len(data) // 2))
        if progress_callback:
            progress_callback(len(data), len(data))

    def fs_mkdir(self, path: str) -> None:
        self._call(lambda: self.flash.folders.add(path))

    def fs_rmfile(self, path: str) -> None:
        self._call(lambda: self.flash.files.pop(path))

    def fs_rmdir(self, path: str) -> None:
        assert not self.flash.entries(path)
        self._call(lambda: self.flash.folders.remove(path))

    def close(self) -> None:
        self.is_closed = True


class FullTransport(FakeTransport):
    """A board whose flash is full."""

    def fs_writefile(self, dest: str, *arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, dest)


class MuteTransport(FakeTransport):
    """A board that says no more."""

    def eval(self, expression: str) -> Any:
        if "_digest" not in expression:
            return super().eval(expression)
        raise TransportError("timeout waiting for first EOF reception")


class SilentPort:
    """A port behind which nobody speaks the robot's protocol; reading it takes time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._ms = 0

    def now_ms(self) -> int:
        return self._ms

    def nonce(self) -> bytes:
        return bytes(4)

    def read(self) -> bytes:
        self._ms += 200
        return b">>> \r\n"

    def write(self, data: bytes) -> None:
        assert data

    def close(self) -> None:
        self.url = ""

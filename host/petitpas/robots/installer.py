"""
Putting Petit Pas on a board, so that wherever it is interrupted the next run repairs.

Theory of operation
===================
The files are compiled before anything is touched. A robot that runs Petit Pas is asked for maintenance (its watchdog would reset it, and it
does not hear Ctrl-C); then the board's own checksums of what it really holds say what is to be copied.

While anything is to be changed `main.py` stands aside under its temporary name: a board that loses its cord in the middle starts with
MicroPython's prompt, not with half a program, and the next run finds it waiting.
Each file is written under a temporary name, its checksum is computed on the board, and only then does it take its place, in one step.
A temporary file that is whole is not written again. `main.py` takes its place last, then comes the manifest; a flag that still asks for
maintenance goes.
What lies in the package's folder and is no longer ours goes, for a forgotten `app.py` would be taken in place of `app.mpy`; the robot's
own files (programs, settings, identity) are elsewhere and stay.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from petitpas.errors import BoardError, KitError, PortError, PortTimeout, PortUnplugged, ProtocolError, RobotFault, VersionError
from petitpas.robots.board import Board, Facts
from petitpas.robots.firmware import FLAG, MAIN, MANIFEST, PACKAGE, BoardFile, manifest, read_manifest
from petitpas.robots.messages import Identity
from petitpas.robots.ports import Port
from petitpas.robots.robot import Robot

OLDEST = (1, 24, 0)
"""The oldest MicroPython."""

PLATFORMS = ("rp2",)

TEMPORARY = ".new"
"""Behind the name of a file that has not yet taken its place."""

STEPS = ("maintenance", "connect", "compare", "copy", "verify", "restart")

_RESET_S = 1.2
"""After which a robot that was asked for maintenance has reset itself; see `Hal.maintain`."""

_AGAIN_S = 0.5
_AWAY = 24
"""Attempts to open a port that went away: twelve seconds."""

_MUTE, _SLEEPY = 2, 12
"""Attempts to be answered by MicroPython's prompt, and by a robot that starts."""

_ARM = range(4, 9)
"""Machine code that the RP2040 and the RP2350's ARM cores run, in .mpy files. Source: MP_NATIVE_ARCH_ARMV6M to _ARMV7EMDP."""

Progress = Callable[[str, int, int], None]
"""Called with one of STEPS, how much of it is done, and how much there is: bytes for `copy`, files for `compare` and `verify`, else 1."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation did: who the robot is, and the paths that were copied, kept and removed."""

    identity: Identity
    copied: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is to be done to a board.

    `bring` are the files to bring to their place; of these, `whole` are the paths whose temporary file is whole. `keep` are there already.
    `remove` are paths, and whether each is a folder, what is inside a folder before it; `folders` are to be made.
    """

    bring: tuple[BoardFile, ...]
    keep: tuple[BoardFile, ...]
    remove: tuple[tuple[str, bool], ...]
    folders: tuple[str, ...]
    whole: frozenset[str]
    has_main: bool
    has_flag: bool
    is_manifest_right: bool


class Installer:
    """
    Puts a kit's files on the board behind a port.

    Args:
        url: of the port.
        kit: its name.
        files: what `board_files` gives for it, `main.py` last.
        progress: see `Progress`.
        open_board: how the board's prompt is reached.
        open_port: how its port is reached.
        pause_s: waits between two attempts.
    """

    def __init__(
        self,
        url: str,
        kit: str,
        files: tuple[BoardFile, ...],
        progress: Progress | None = None,
        *,
        open_board: Callable[[str], Board] = Board.open,
        open_port: Callable[[str], Port] = Port,
        pause_s: Callable[[float], None] = time.sleep,
    ) -> None:
        assert files[-1].path == MAIN
        self.url = url
        self.files = files
        self.manifest = manifest(kit, files)
        self._progress = progress or (lambda step, done, total: None)
        self._open_board = open_board
        self._open_port = open_port
        self._pause_s = pause_s

    def install(self) -> Installed:
        """
        Do it all, and return what was done.

        Raises:
            PortError: the cable; PortMissing, PortBusy and PortDenied before anything is done.
            BoardError: the board is not one for Petit Pas, refuses, or does not start afterwards.
        """
        self.ask_for_maintenance()
        self._progress("connect", 0, 1)
        board = self._again(self._reach, _MUTE)
        self._progress("connect", 1, 1)
        try:
            self._check(board)
            plan = self.compare(board)
            self.apply(board, plan)
            self._progress("restart", 0, 1)
            board.reset()
        finally:
            board.close()
        try:
            identity = self._again(self._meet, _SLEEPY)
        except (PortError, ProtocolError) as error:
            raise BoardError("board_does_not_start", port=self.url) from error
        self._progress("restart", 1, 1)
        copied, kept = (tuple(file.path for file in files) for files in (plan.bring, plan.keep))
        return Installed(identity, copied, kept, tuple(path for path, _ in plan.remove))

    # --- Reaching the board -------------------------------------------------------------------------------------------

    def ask_for_maintenance(self) -> None:
        """Have a robot that runs Petit Pas, of whatever version, start anew for maintenance; a board that does not answer is left alone."""
        self._progress("maintenance", 0, 1)
        self._ask()
        self._progress("maintenance", 1, 1)

    def _reach(self) -> Board:
        """Return the board at its prompt. A robot that was only just starting has not heard that it is asked for: it is asked again."""
        try:
            return self._open_board(self.url)
        except BoardError:
            self._ask()
            raise

    def _ask(self) -> None:
        with Robot(self._open_port(self.url)) as robot:
            try:
                with contextlib.suppress(VersionError):  # it is here to be replaced
                    robot.hello()
                robot.maintenance()
                self._pause_s(_RESET_S)
            except RobotFault as error:
                raise BoardError("board_refuses_maintenance", port=self.url) from error
            except (PortTimeout, PortUnplugged, ProtocolError):  # no Petit Pas, or half of one; or it was quick to start anew
                pass

    def _check(self, board: Board) -> None:
        """Raise BoardError where the board is not one for these files, after sending it back to what it did."""
        try:
            check(board.facts(), self.files, self.url)
        except BoardError:
            with contextlib.suppress(KitError):
                if FLAG in board.files():
                    board.remove(FLAG)
            board.reset()
            raise

    def _meet(self) -> Identity:
        with Robot(self._open_port(self.url)) as robot:
            return robot.hello()

    def _again(self, attempt: Callable[[], _T], mute: int) -> _T:
        """Return what comes of an attempt; it may fail _AWAY times for want of a port, and `mute` times for want of an answer."""
        away = _AWAY
        while True:
            try:
                return attempt()
            except (PortTimeout, ProtocolError, BoardError):
                mute -= 1
                if not mute:
                    raise
            except PortError:
                away -= 1
                if not away:
                    raise
            self._pause_s(_AGAIN_S)

    # --- Comparing ----------------------------------------------------------------------------------------------------

    def compare(self, board: Board) -> Plan:
        """Return what is to be done: what the board really holds decides, its manifest only tells what was ours."""
        there = board.files()
        there.update(_walk(board, PACKAGE) if there.get(PACKAGE) else {})
        bring, keep, whole = [], [], set()
        for number, file in enumerate(self.files):
            self._progress("compare", number, len(self.files))
            if file.path in there and board.digest(file.path) == file.digest:
                keep.append(file)
                continue
            bring.append(file)
            if file.path + TEMPORARY in there and board.digest(file.path + TEMPORARY) == file.digest:
                whole.add(file.path)
        self._progress("compare", len(self.files), len(self.files))
        has_manifest = MANIFEST in there
        before = read_manifest(board.read(MANIFEST))[1] if has_manifest else {}
        folders = {folder for file in self.files for folder in _folders(file.path)}
        return Plan(
            bring=tuple(bring),
            keep=tuple(keep),
            remove=self._foreign(there, before, folders, bring),
            folders=tuple(sorted(folders - set(there))),
            whole=frozenset(whole),
            has_main=MAIN in there,
            has_flag=FLAG in there,
            is_manifest_right=has_manifest and board.digest(MANIFEST) == self.manifest.digest,
        )

    def _foreign(
        self, there: dict[str, bool], before: dict[str, str], folders: set[str], bring: list[BoardFile]
    ) -> tuple[tuple[str, bool], ...]:
        """Return what is there and no longer ours: all else in the package's folder, what the last manifest names, temporary files."""
        wanted = {file.path for file in self.files} | {MANIFEST} | folders
        needed = wanted | {file.path + TEMPORARY for file in bring}
        ours = {path for path in there if path.startswith(PACKAGE + "/") or path in before or path.removesuffix(TEMPORARY) in wanted}
        return tuple((path, there[path]) for path in sorted(ours - needed, key=lambda path: (-path.count("/"), path)))

    # --- Copying ------------------------------------------------------------------------------------------------------

    def apply(self, board: Board, plan: Plan) -> None:
        """Make the board what it should be."""
        main = self.files[-1]
        if plan.bring or plan.remove:
            is_right = main in plan.keep
            if is_right:
                board.rename(main.path, main.path + TEMPORARY)
            elif plan.has_main:
                board.remove(main.path)
            for folder in plan.folders:
                board.make_folder(folder)
            self._copy(board, plan)
            for path, is_folder in plan.remove:
                board.remove(path, is_folder=is_folder)
            self._verify(board)
            if is_right or main.path in plan.whole:
                board.rename(main.path + TEMPORARY, main.path)
            else:
                self._put(board, main, 0, 0)
        if plan.bring or plan.remove or not plan.is_manifest_right:
            self._put(board, self.manifest, 0, 0)
        if plan.has_flag:
            board.remove(FLAG)

    def _copy(self, board: Board, plan: Plan) -> None:
        """Bring every file but `main.py` to its place."""
        files = [file for file in plan.bring if file.path != MAIN]
        total = sum(len(file.data) for file in files)
        done = 0
        for file in files:
            self._progress("copy", done, total)
            if file.path in plan.whole:
                board.rename(file.path + TEMPORARY, file.path)
            else:
                self._put(board, file, done, total)
            done += len(file.data)
        self._progress("copy", total, total)

    def _put(self, board: Board, file: BoardFile, done: int, total: int) -> None:
        """Write a file aside, have the board compute its checksum, and let it take its place."""

        def progress(written: int, _: int) -> None:
            if total:
                self._progress("copy", done + written, total)

        board.write(file.path + TEMPORARY, file.data, progress)
        if board.digest(file.path + TEMPORARY) != file.digest:
            raise BoardError("board_copy_damaged", port=self.url, path=file.path)
        board.rename(file.path + TEMPORARY, file.path)

    def _verify(self, board: Board) -> None:
        """Have the board compute the checksum of every file but `main.py` once more, where it lies."""
        files = self.files[:-1]
        for number, file in enumerate(files):
            self._progress("verify", number, len(files))
            if board.digest(file.path) != file.digest:
                raise BoardError("board_copy_damaged", port=self.url, path=file.path)
        self._progress("verify", len(files), len(files))


def oldest() -> str:
    """Return the oldest MicroPython, as it is said."""
    return ".".join(str(number) for number in OLDEST[:2])


def check(facts: Facts, files: tuple[BoardFile, ...], url: str) -> None:
    """Raise BoardError where a board is not one that runs these files: another kind, a MicroPython that is too old or too new."""
    version = ".".join(str(number) for number in facts.version)
    said = {"port": url, "machine": facts.machine or facts.platform, "version": version, "oldest": oldest()}
    if facts.name != "micropython" or facts.platform not in PLATFORMS or (facts.mpy >> 10 & 0xF) not in _ARM:
        raise BoardError("board_foreign", **said)
    if facts.version < OLDEST:
        raise BoardError("board_old", **said)
    for file in files:
        if file.path.endswith(".mpy"):
            is_native = file.data[2] >> 2 != 0
            if file.data[1] != facts.mpy & 0xFF or (is_native and file.data[2] & 3 != facts.mpy >> 8 & 3):
                raise BoardError("board_new", **said)


def _walk(board: Board, folder: str) -> dict[str, bool]:
    found = board.files(folder)
    for path in [path for path, is_folder in found.items() if is_folder]:
        found.update(_walk(board, path))
    return found


def _folders(path: str) -> list[str]:
    """Return the folders that a path is in, from the outermost."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]

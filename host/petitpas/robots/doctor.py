"""
What is the matter with the robot at the end of this computer's cable, as findings that a teacher can act on.

A finding's sentences are in the words, at `doctor.<code>`: `what` is so, and what to `do`.

    nothing         nothing is plugged in, or the cable only charges
    not_a_board     only other things are plugged in
    bootsel         a board that waits for a .uf2 file, as a USB drive
    denied          this account may not open the port
    modem_manager   ModemManager holds the port
    busy            another application holds the port
    gone            it went away while we looked
    silent          it answers in no way
    foreign         MicroPython, or a kin of it, on another kind of board
    old_micropython MicroPython is too old
    no_petitpas     MicroPython, and no Petit Pas
    unfinished      an installation did not come to its end
    not_started     Petit Pas is installed and does not run
    old_petitpas    a robot with an older Petit Pas
    new_petitpas    a robot with a newer Petit Pas
    well            all is well
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from petitpas.errors import BoardError, KitError, PortBusy, PortDenied, PortError, PortTimeout, ProtocolError, VersionError
from petitpas.robots.board import Board, Facts
from petitpas.robots.firmware import MANIFEST, PACKAGE, read_manifest
from petitpas.robots.installer import check, oldest
from petitpas.robots.messages import Identity
from petitpas.robots.ports import FoundPort, find_ports
from petitpas.robots.robot import Robot
from petitpas.words import Words

CODES = (
    *("nothing", "not_a_board", "bootsel", "denied", "modem_manager", "busy", "gone", "silent", "foreign", "old_micropython"),
    *("no_petitpas", "unfinished", "not_started", "old_petitpas", "new_petitpas", "well"),
)

DRIVES = ("RPI-RP2", "RP2350")
"""Names of the drive that a board in BOOTSEL mode shows."""

_ACCESS_GROUP = "dialout"

_LETTERS = tuple(f"{letter}:\\" for letter in "DEFGHIJKLMNOPQRSTUVWXYZ")
_REMOVABLE, _NO_BOXES = 2, 1
"""Of Windows. Source: Microsoft, GetDriveTypeW: DRIVE_REMOVABLE; SetThreadErrorMode: SEM_FAILCRITICALERRORS."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is so: a code of CODES and what its sentences name."""

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return self.code == "well"

    def named(self, words: Words) -> dict[str, object]:
        """Return what its sentences name, a robot that is well by its animal."""
        return {name: words.robot(str(value)) if name == "robot" and self.is_well else value for name, value in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What MicroPython's prompt tells: the board, the paths that are there, the version in its manifest, the files that differ from it."""

    facts: Facts
    paths: frozenset[str]
    version: str = ""
    differing: tuple[str, ...] = ()


def meet(url: str) -> Identity:
    """Return who the robot behind a port is."""
    with Robot.open(url) as robot:
        return robot.identity


def look(url: str) -> Prompt:
    """Return what the prompt of the board behind a port tells; what runs there is interrupted."""
    board = Board.open(url, soft_reset=False)
    try:
        facts = board.facts()
        there = board.files()
        paths = frozenset(there) | (frozenset(board.files(PACKAGE)) if there.get(PACKAGE) else frozenset())
        version, files = read_manifest(board.read(MANIFEST)) if MANIFEST in there else ("", {})
        for folder in sorted({path.rpartition("/")[0] for path in files} - {"", PACKAGE}):
            paths |= frozenset(board.files(folder))
        differing = tuple(path for path, digest in sorted(files.items()) if path not in paths or board.digest(path) != digest)
        return Prompt(facts, paths, version, differing)
    finally:
        board.close(leave=True)


@dataclass(frozen=True)
class Doctor:
    """
    Looks at this computer's ports.

    Args:
        ports, drives: what is plugged in: serial ports, and drives of boards in BOOTSEL mode.
        meet: speaks with a robot.
        look: speaks with MicroPython's prompt.
        has_modem_manager: whether ModemManager runs.
        holder: the name of the application that holds a port, "" where that cannot be told.
        group: whose members may open a port.
    """

    ports: Callable[[], list[FoundPort]] = find_ports
    drives: Callable[[], list[str]] = lambda: find_drives()
    meet: Callable[[str], Identity] = meet
    look: Callable[[str], Prompt] = look
    has_modem_manager: Callable[[], bool] = lambda: "ModemManager" in running()
    holder: Callable[[str], str] = lambda url: find_holder(url)
    group: Callable[[str], str] = lambda url: find_group(url)

    def examine(self, url: str = "") -> list[Finding]:
        """
        Return what is so, at least one finding: one for each drive and each port that may be a robot's.

        Args:
            url: look at this port alone.
        """
        findings = [] if url else [Finding("bootsel", {"drive": drive}) for drive in self.drives()]
        ports = self.ports()
        urls = [url] if url else [port.url for port in ports if port.is_robot]
        findings += [self._port(one) for one in urls]
        if not findings:
            others = ", ".join(port.url for port in ports)
            findings.append(Finding("not_a_board", {"ports": others}) if others else Finding("nothing"))
        return findings

    def _port(self, url: str) -> Finding:
        try:
            identity = self.meet(url)
            return Finding("well", {"port": url, "robot": identity.name, "kit": identity.kit})
        except PortDenied:
            return Finding("denied", {"port": url, "group": self.group(url) or _ACCESS_GROUP})
        except PortBusy:
            holder = self.holder(url)
            if not holder and self.has_modem_manager():
                return Finding("modem_manager", {"port": url})
            return Finding("busy", {"port": url, "holder": holder or "?"})
        except VersionError as error:
            return Finding("old_petitpas" if error.code == "version_robot_old" else "new_petitpas", {"port": url, **error.fields})
        except (PortTimeout, ProtocolError):
            return self._prompt(url)
        except PortError:
            return Finding("gone", {"port": url})

    def _prompt(self, url: str) -> Finding:
        """Say what is the matter with a board that does not answer as a robot."""
        said: dict[str, object] = {"port": url}
        try:
            prompt = self.look(url)
        except (BoardError, PortTimeout):
            return Finding("silent", said)
        except PortError:
            return Finding("gone", said)
        said |= {"machine": prompt.facts.machine, "version": ".".join(map(str, prompt.facts.version)), "oldest": oldest()}
        try:
            check(prompt.facts, (), url)
        except KitError as error:
            return Finding("old_micropython" if error.code == "board_old" else "foreign", said)
        if prompt.version and not prompt.differing:
            return Finding("not_started", {**said, "petitpas": prompt.version})
        if prompt.version or any(path.startswith(PACKAGE) for path in prompt.paths):
            return Finding("unfinished", said)
        return Finding("no_petitpas", said)


# --- This computer ------------------------------------------------------------------------------------------------


def find_drives(roots: Iterable[Path] | None = None) -> list[str]:
    """
    Return the drives of boards in BOOTSEL mode.

    Args:
        roots: folders in which drives appear; by default those of this system.
    """
    found = []
    for root in _roots() if roots is None else roots:
        with contextlib.suppress(OSError):
            found += [str(root / name) for name in DRIVES if (root / name).exists()]
            if (root / "INFO_UF2.TXT").exists() and any(name in (root / "INFO_UF2.TXT").read_text() for name in DRIVES):
                found.append(str(root))
    by_label = [path for path in found if path.startswith("/dev/")]
    mounted = [path for path in found if path not in by_label]
    return mounted or by_label


def _roots() -> list[Path]:
    if sys.platform == "win32":
        # To look into any other drive may wait for a network, or wake a disc; and a card reader without a card would open a box.
        kernel = ctypes.windll.kernel32
        kernel.SetThreadErrorMode(_NO_BOXES, None)
        return [Path(letter) for letter in _LETTERS if kernel.GetDriveTypeW(letter) == _REMOVABLE]
    parents = (Path("/media"), Path("/run/media"))
    people: list[Path] = []
    for parent in parents:
        with contextlib.suppress(OSError):  # it is not there, or not for this account
            people += parent.iterdir()
    return [Path("/Volumes"), *parents, *people, Path("/dev/disk/by-label")]


def running(proc: Path = Path("/proc")) -> set[str]:
    """Return the names of what runs on this computer; none where that is not told in /proc."""
    names = set()
    for file in proc.glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            names.add(file.read_text().strip())
    return names


def find_holder(url: str, proc: Path = Path("/proc")) -> str:
    """Return the name of an application that has a device open; "" where that cannot be told."""
    real = os.path.realpath(url)
    for link in proc.glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(link) == real and link.parent.parent.name != str(os.getpid()):
                return (link.parent.parent / "comm").read_text().strip()
    return ""


def find_group(url: str) -> str:
    """Return the group that a device belongs to; "" where there is none."""
    if sys.platform == "win32":
        return ""
    import grp

    with contextlib.suppress(OSError, KeyError):
        return grp.getgrgid(os.stat(url).st_gid).gr_name
    return ""

"""The commands that make a board a robot: `petitpas install`, `petitpas image`, and `petitpas doctor`, which says what is the matter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

from petitpas import robots
from petitpas.cli import read_bytes
from petitpas.errors import FileError
from petitpas.robots.doctor import Doctor, Finding
from petitpas.robots.firmware import board_files
from petitpas.robots.installer import STEPS, Installer
from petitpas.words import Words

_WIDTH = 30


class Bar:
    """
    An installation's progress: a bar on a terminal, else a line for each step.

    Args:
        words: for the names of the steps.
        out: where.
    """

    def __init__(self, words: Words, out: TextIO | None = None) -> None:
        self._words = words
        self._out = out or sys.stdout
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` of a step is done; see `installer.Progress`."""
        name = self._words.text(f"cli.install.{step}")
        if self._out.isatty():
            full = _WIDTH * done // total if total else _WIDTH
            end = "\n" if step == STEPS[-1] and done == total else ""
            self._out.write(f"\r{STEPS.index(step) + 1}/{len(STEPS)} {name:<34}[{'#' * full:<{_WIDTH}}]{end}")
            self._out.flush()
        elif step != self._step:
            print(name, file=self._out)
        self._step = step


def install(url: str, kit: str, words: Words) -> bool:
    """
    Install Petit Pas on the board behind a port, by default the first board that is plugged in, and tell it.

    Returns:
        False where no board is plugged in, which is told too.
    Raises:
        KitError: see `Installer.install` and `board_files`.
    """
    url = url or next((port.url for port in robots.find_ports() if port.is_robot), "")
    if not url:
        doctor(words)
        return False
    files = board_files(kit)
    print(words.text("cli.install.begins", port=url, kit=kit, files=len(files), octets=sum(len(file.data) for file in files)))
    done = Installer(url, kit, files, Bar(words)).install()
    if not done.copied and not done.removed:
        print(words.text("cli.install.same"))
    said = {"copied": len(done.copied), "kept": len(done.kept), "removed": len(done.removed)}
    print(words.sentence("cli.install.done", robot=words.robot(done.identity.name), kit=done.identity.kit, **said))
    return True


def image(base: Path, kit: str, out: Path | None, words: Words) -> None:
    """
    Write one .uf2 with MicroPython and a kit's files, and tell where.

    Raises:
        FileError: MicroPython's file is not one, or one of the files cannot be read or written.
        KitError: see `board_files`.
    """
    from petitpas.robots import flash, uf2

    firmware = uf2.read(read_bytes(base), base)
    data = flash.make_image(firmware, kit, board_files(kit))
    out = out or flash.image_name(base, kit)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise FileError("file_unreadable", path=out) from error
    print(words.text("cli.image.done", file=out, kit=kit, version=firmware.version or "?", board=firmware.board or "?"))


def doctor(words: Words, url: str = "", physician: Doctor | None = None) -> bool:
    """Tell what is the matter, a finding after another, and return whether all is well."""
    physician = physician or Doctor(ports=lambda: robots.find_ports())
    findings = physician.examine(url)
    for finding in findings:
        print(say(finding, words))
    return all(finding.is_well for finding in findings)


def say(finding: Finding, words: Words) -> str:
    """Return what is so and what to do."""
    fields = {name: words.robot(str(value)) if name == "robot" and finding.is_well else value for name, value in finding.fields.items()}
    return words.sentence(f"doctor.{finding.code}.what", **fields) + " " + words.sentence(f"doctor.{finding.code}.do", **fields)

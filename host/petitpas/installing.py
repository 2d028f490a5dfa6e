"""The commands that make a board a robot: `petitpas install`, `petitpas image`, and `petitpas doctor`, which says what is the matter."""

from __future__ import annotations

from pathlib import Path

from petitpas import robots
from petitpas.files import read_bytes, write
from petitpas.robots.doctor import Doctor, Finding
from petitpas.robots.firmware import board_files
from petitpas.terminal import Terminal
from petitpas.words import Words
from petitpas.workshop import installing


def install(url: str, kit: str, words: Words) -> bool:
    """
    Install Petit Pas on the board behind a port, by default the first board that is plugged in, and tell it.

    Returns:
        False where no board is plugged in, which is told too.
    Raises:
        KitError: see `installing.install`.
    """
    url = url or next((port.url for port in robots.find_ports() if port.is_robot), "")
    if not url:
        doctor(words)
        return False
    installing.install(url, kit, Terminal(words, lambda: None))
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
    write(out, data)
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
    fields = finding.named(words)
    return words.sentence(f"doctor.{finding.code}.what", **fields) + " " + words.sentence(f"doctor.{finding.code}.do", **fields)

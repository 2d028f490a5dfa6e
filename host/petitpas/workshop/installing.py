"""Putting Petit Pas on the board behind a port, told to a person step by step."""

from __future__ import annotations

from petitpas.robots.firmware import board_files
from petitpas.robots.installer import Installed, Installer
from petitpas.workshop.person import Person


def install(url: str, kit: str, person: Person) -> Installed:
    """
    Install Petit Pas, or bring it up to date, and tell it.

    Raises:
        KitError: see `Installer.install` and `board_files`.
    """
    files = board_files(kit)
    person.tell("installing.begins", port=url, kit=kit, files=len(files), octets=sum(len(file.data) for file in files))
    done = Installer(url, kit, files, person.progress).install()
    if not done.copied and not done.removed:
        person.tell("installing.same")
    said = {"copied": len(done.copied), "kept": len(done.kept), "removed": len(done.removed)}
    person.tell("installing.done", robot=person.words.robot(done.identity.name), kit=done.identity.kit, **said)
    return done

"""
Make a folder, on a stick or elsewhere, from which Petit Pas is installed and runs on school computers without a network.

    python3 go.py pack DIR [--windows-python FILE] [--only NAME,…]

DIR gets the starters, one for each system, and `pack`: for each kind of computer its wheels, the script that unpacks them there
(tools/starters/start.py), SHA256SUMS, and, where FILE is a Python for Windows to embed, that Python, so that nothing is installed on a PC.
NAME is the beginning of a kind of computer: linux, win-amd64, linux-aarch64-3.11…

Theory: `pack` is made aside, as `pack.new`, and takes its place by a rename when everything is in it; so an interrupted pack leaves the one
of before, and is made again. What a class keeps in the folder (petitpas-data) and what is unpacked there (installed) are not touched.
The marker that makes the class's data stay in the folder also tells that the folder is ours: no other one is written into.
"""

import argparse
import errno
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

import petitpas_robot
from leaflet import DOCS, LEAFLETS, leaflet
from petitpas.classroom.places import PORTABLE

ROOT = Path(__file__).resolve().parent.parent
STARTERS = ROOT / "tools" / "starters"
DEVELOPERS = ("pack", "test")
"""Extras that are left out. All others go in, for nothing that a window can be asked for may be missing where there is no network."""

INNER = ("start.py", "60-petit-pas.rules")
"""What goes into `pack` itself: what the starters start, and the rule that lets a person use a robot's port."""

FOR_WINDOWS, FOR_LINUX = ("Petit Pas.cmd", "LISEZ-MOI.txt"), ("Petit Pas.desktop", "petit-pas.sh")
PYTHON_FOLDER = "python"

VERSION = Version(petitpas_robot.VERSION)
WINDOWS = "win-amd64"
AMD64 = 0x8664
"""The machine of an executable for 64-bit PCs. Source: Microsoft, "PE Format", section "Machine Types"."""


class Refused(Exception):
    """The pack cannot be made: what is the matter, and what to do."""

    def __init__(self, french: str, english: str) -> None:
        super().__init__(f"{french} / {english}")


@dataclass(frozen=True, slots=True)
class Computer:
    """
    A kind of computer: its system and processor as `sysconfig.get_platform()` names them, and its Python.

    `has` are packages that its system brings, and that no index has a wheel of.
    """

    platform: str
    python: str
    has: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What `start.py` calls it."""
        return f"{self.platform}-{self.python}"

    @property
    def tags(self) -> tuple[str, ...]:
        """The platforms of wheels that run there. Source: PEP 600; Debian 12 has glibc 2.36, and newer systems a newer one."""
        system, _, machine = self.platform.partition("-")
        if system == "win":
            return (f"win_{machine}",)
        return (*(f"manylinux_2_{minor}_{machine}" for minor in range(36, 16, -1)), f"manylinux2014_{machine}", f"manylinux1_{machine}")

    @property
    def markers(self) -> dict[str, str]:
        """What a dependency may be asked for: PEP 508 markers."""
        python = {"python_version": self.python, "python_full_version": f"{self.python}.0", "implementation_name": "cpython"}
        system, _, machine = self.platform.partition("-")
        if system == "win":
            return python | {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": machine.upper()}
        return python | {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": machine}


COMPUTERS = (
    *(Computer(WINDOWS, python) for python in ("3.11", "3.12", "3.13")),
    *(Computer("linux-x86_64", python) for python in ("3.11", "3.12", "3.13")),  # Debian 12, Ubuntu 24.04, Debian 13
    Computer("linux-aarch64", "3.11"),  # Raspberry Pi OS, bookworm
    Computer("linux-aarch64", "3.13", frozenset({"lgpio"})),  # Raspberry Pi OS, trixie, whose python3-lgpio moves its pins
)


def say(french: str, english: str) -> None:
    """Print one line of progress."""
    print(f"{french} / {english}", flush=True)


# --- What is asked for ----------------------------------------------------------------------------------------


def chosen(only: str, windows_python: str) -> list[Computer]:
    """
    Return the computers to make a pack for; raise Refused where a name fits none.

    Args:
        only: beginnings of their names, with commas; empty for all.
        windows_python: "3.13" where a Python for Windows is given, which needs no wheels of another; else empty.
    """
    names = [name.strip() for name in only.split(",") if name.strip()]
    for name in names:
        if not any(computer.name.startswith(name) for computer in COMPUTERS):
            kinds = ", ".join(computer.name for computer in COMPUTERS)
            raise Refused(f"Ordinateur inconnu : {name}. Choisissez parmi : {kinds}.", f"Unknown computer: {name}. Choose from: {kinds}.")
    return [
        computer
        for computer in COMPUTERS
        if any(computer.name.startswith(name) for name in names or [""])
        and (not windows_python or computer.platform != WINDOWS or computer.python == windows_python)
    ]


def check_folder(folder: Path) -> None:
    """Raise Refused where a folder is not ours, or has a newer pack; OSError where it cannot be written."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} est un fichier : choisissez un dossier.", f"{folder} is a file: choose a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PORTABLE).exists():
        raise Refused(
            f"{folder} contient autre chose que Petit Pas : choisissez un dossier nouveau, par exemple {folder / 'Petit Pas'}.",
            f"{folder} holds something else than Petit Pas: choose a new folder, for example {folder / 'Petit Pas'}.",
        )
    there = version_there(folder)
    if there and there > VERSION:
        raise Refused(
            f"{folder} contient Petit Pas {there}, plus récent que {VERSION} : gardez-le, ou choisissez un autre dossier.",
            f"{folder} holds Petit Pas {there}, newer than {VERSION}: keep it, or choose another folder.",
        )
    # Not a temporary file: on Windows, where none may be made, Python before 3.14 tries for one without end.
    probe = next(place for place in (folder, *folder.parents) if place.is_dir()) / f".petitpas-{os.getpid()}"
    probe.touch()
    probe.unlink()


def version_there(folder: Path) -> Version | None:
    """Return the version of the pack in a folder, None where there is none that can be read: then it is made anew."""
    try:
        return Version(json.loads((folder / "pack" / "pack.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


# --- The Python for Windows -----------------------------------------------------------------------------------


def windows_version(archive: Path) -> str:
    """Return "3.N" of the archive of a Python to embed on 64-bit Windows; raise Refused where it is anything else."""
    known = [computer.python for computer in COMPUTERS if computer.platform == WINDOWS]
    other = Refused(
        f"{archive} n'est pas un Python à emporter : prenez « Windows embeddable package (64-bit) », {' ou '.join(known)}, sur python.org.",
        f'{archive} is no Python to embed: take the "Windows embeddable package (64-bit)", {" or ".join(known)}, of python.org.',
    )
    try:
        with zipfile.ZipFile(archive) as python:
            (path_file,) = (name for name in python.namelist() if re.fullmatch(r"python3\d+\._pth", name))
            program = python.read("python.exe")
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise other from error
    header = int.from_bytes(program[0x3C:0x40], "little")
    version = f"3.{path_file[len('python3') : -len('._pth')]}"
    if program[header : header + 6] != b"PE\0\0" + struct.pack("<H", AMD64) or version not in known:
        raise other
    return version


def add_python(archive: Path, version: str, folder: Path) -> None:
    """Unpack the Python for Windows and lead it to the packages that `start.py` unpacks."""
    say(f"Python {version} pour Windows…", f"Python {version} for Windows…")
    with zipfile.ZipFile(archive) as python:
        python.extractall(folder)
    name = f"python{version.replace('.', '')}"
    # A Python with this file looks at nothing else: no variable, no registry, no folder of the user.
    lines = (f"{name}.zip", ".", f"..\\..\\installed\\{WINDOWS}-{version}")
    (folder / f"{name}._pth").write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")


# --- Wheels ---------------------------------------------------------------------------------------------------


def run(command: list[str]) -> None:
    """Run a command quietly; raise Refused with the end of what it said where it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        said = "\n".join(f"    {line}" for line in ([line for line in lines if "ERROR" in line] or lines)[-3:])
        raise Refused(
            f"{said}\nVérifiez qu'Internet répond et qu'il reste 1 Go sur cet ordinateur, puis recommencez.",
            "Check that the Internet answers and that 1 GB is free on this computer, then start again.",
        )


def own_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout, with fonts and lessons in it."""
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)])
    (wheel,) = folder.glob("petitpas-*.whl")
    return wheel


def requirements(wheel: Path, computer: Computer, extras: Iterable[str] | None = None) -> Iterator[Requirement]:
    """Give what a wheel asks for on a computer, with these of its extras; None is all but the developers'."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = message_from_bytes(archive.read(name))
    if extras is None:
        extras = set(metadata.get_all("Provides-Extra") or ()) - set(DEVELOPERS)
    for requirement in map(Requirement, metadata.get_all("Requires-Dist") or ()):
        marker = requirement.marker
        is_asked = marker is None or any(marker.evaluate({**computer.markers, "extra": extra}) for extra in ("", *extras))
        if is_asked and requirement.name not in computer.has:
            yield requirement


def gather(computer: Computer, own: Path, folder: Path) -> list[Path]:
    """
    Return the wheels of a computer: this project's own, and all that is needed, brought into `folder`.

    pip alone would ask the markers of the computer it runs on, so what a wheel needs is asked here, and pip brings one round after another.
    """
    found = {canonicalize_name("petitpas"): own}
    wanted = list(requirements(own, computer))
    while new := {canonicalize_name(requirement.name): requirement for requirement in wanted if named(requirement) not in found}:
        download(computer, [f"{requirement.name}{requirement.specifier}" for requirement in new.values()], folder)
        brought = {parse_wheel_filename(wheel.name)[0]: wheel for wheel in folder.glob("*.whl")}
        found |= {name: brought[name] for name in new}
        wanted += (requirement for name, asked in new.items() for requirement in requirements(found[name], computer, asked.extras))
    for requirement in wanted:
        version = parse_wheel_filename(found[named(requirement)].name)[1]
        if version not in requirement.specifier:
            raise Refused(
                f"{computer.name} : {requirement} est demandé, et Internet donne {version}. Dites-le à qui s'occupe de Petit Pas.",
                f"{computer.name}: {requirement} is needed, and the Internet gives {version}. Tell whoever looks after Petit Pas.",
            )
    return sorted(found.values(), key=lambda wheel: wheel.name)


def named(requirement: Requirement) -> NormalizedName:
    """Return the name of what is required, as wheels have it."""
    return canonicalize_name(requirement.name)


def download(computer: Computer, packages: list[str], folder: Path) -> None:
    """Have pip bring the wheels of packages for a computer, without what they need."""
    place = [f"--platform={tag}" for tag in computer.tags]
    kind = ["--implementation=cp", f"--python-version={computer.python}", "--only-binary=:all:", "--no-deps"]
    quietly = ["-q", "--disable-pip-version-check", "--no-input"]
    run([sys.executable, "-m", "pip", "download", *quietly, *place, *kind, "-d", str(folder), *packages])


# --- The folder -----------------------------------------------------------------------------------------------


def fill(pack: Path, wheels: dict[str, list[Path]], version: str = str(VERSION)) -> None:
    """Copy into `pack` all that is in it but the Python for Windows, and its sums, which tell a damaged copy."""
    (pack / "wheels").mkdir()
    for wheel in {wheel.name: wheel for kind in wheels.values() for wheel in kind}.values():
        shutil.copyfile(wheel, pack / "wheels" / wheel.name)
    for name in INNER:
        shutil.copyfile(STARTERS / name, pack / name)
    stamp = {"version": version, "targets": {name: [wheel.name for wheel in kind] for name, kind in wheels.items()}}
    (pack / "pack.json").write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(pack).as_posix()}\n" for path in files)
    (pack / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="")


def add_starters(folder: Path) -> None:
    """Put what is double-clicked, and the pages to read, beside the pack."""
    for name in (*FOR_WINDOWS, *FOR_LINUX):
        text = (STARTERS / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8", newline="\r\n" if name in FOR_WINDOWS else "\n")
    for name in FOR_LINUX:
        with suppress(OSError):  # a stick in FAT knows no permissions
            (folder / name).chmod(0o755)
    for page, name in LEAFLETS.items():
        (folder / name).write_text(leaflet(DOCS / page), encoding="utf-8")


def check_room(folder: Path, need: int) -> None:
    """Raise Refused where `need` bytes do not fit into a folder."""
    free = shutil.disk_usage(folder).free
    if free < need:
        raise Refused(
            f"Il n'y a pas assez de place dans {folder} : il faut {need / 1e6:.0f} Mo, il reste {free / 1e6:.0f} Mo.",
            f"There is not enough room in {folder}: {need / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free.",
        )


def bring(computers: list[Computer], folder: Path) -> dict[str, list[Path]]:
    """Return the wheels of each computer by its name, brought into a folder, and tell how it goes on."""
    say(f"Petit Pas {VERSION} : leçons, polices, programmes…", "lessons, fonts, programs…")
    own = own_wheel(folder)
    wheels = {}
    for at, computer in enumerate(computers, 1):
        print(f"{at}/{len(computers)} {computer.name}…", flush=True)
        place = folder / computer.name
        place.mkdir()
        wheels[computer.name] = gather(computer, own, place)
    return wheels


def make(folder: Path, computers: list[Computer], archive: Path | None, windows_python: str) -> None:
    """Make the pack in a folder that `check_folder` has passed, with the Python of an archive where there is one."""
    new, old = folder / "pack.new", folder / "pack.old"
    with tempfile.TemporaryDirectory() as kept:
        wheels = bring(computers, Path(kept))
        folder.mkdir(parents=True, exist_ok=True)
        for left in (new, old):  # by a pack that was killed
            shutil.rmtree(left, ignore_errors=True)
        check_room(folder, sum({wheel.name: wheel.stat().st_size for kind in wheels.values() for wheel in kind}.values()))
        (folder / PORTABLE).touch()
        new.mkdir()
        try:
            if archive:
                add_python(archive, windows_python, new / PYTHON_FOLDER)
            fill(new, wheels)
            add_starters(folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    if (folder / "pack").exists():
        (folder / "pack").rename(old)
    new.rename(folder / "pack")
    shutil.rmtree(old, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, make the pack and tell its size; return the exit status."""
    parser = argparse.ArgumentParser(prog="go.py pack", description=__doc__.strip().splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--windows-python", metavar="FILE", type=Path)
    parser.add_argument("--only", metavar="NAME,…", default="")
    options = parser.parse_args(arguments)
    folder = options.folder.absolute()
    try:
        check_folder(folder)
        windows_python = windows_version(options.windows_python) if options.windows_python else ""
        computers = chosen(options.only, windows_python)
        make(folder, computers, options.windows_python, windows_python)
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        print(unwritten(folder, error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    size = sum(path.stat().st_size for path in (folder / "pack").rglob("*") if path.is_file())
    if not windows_python and any(computer.platform == WINDOWS for computer in computers):
        say(
            "Sans --windows-python, un PC sous Windows doit avoir son Python.",
            "Without --windows-python, a Windows PC needs its own Python.",
        )
    say(f"C'est prêt : {folder}, {size / 1e6:.0f} Mo", f"Ready: {folder}, {size / 1e6:.0f} MB")
    return 0


def unwritten(folder: Path, error: OSError) -> Refused:
    """Return the refusal for a folder into which something could not be written."""
    if error.errno == errno.ENOSPC:
        return Refused(
            f"Il n'y a plus de place dans {folder} : libérez 1 Go, puis recommencez.", f"{folder} is full: free 1 GB, then start again."
        )
    return Refused(
        f"{folder} ne peut pas être écrit ({error.strerror}) : choisissez un autre dossier, ou ôtez la protection de la clé.",
        f"{folder} cannot be written ({error.strerror}): choose another folder, or unlock the stick.",
    )


if __name__ == "__main__":
    sys.exit(main())

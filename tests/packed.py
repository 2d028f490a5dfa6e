"""Wheels and packs that are made up, a computer that is cut off, and how a pack is started."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pack
from petitpas.classroom.places import PORTABLE

KIND = "{}-{}.{}".format(sysconfig.get_platform(), *sys.version_info[:2])
"""The kind of this computer."""

SPEAKING = "import sys\nprint('petitpas', *sys.argv[1:])\nsys.exit(len(sys.argv) - 1)\n"
"""A `petitpas.cli` that says its arguments and ends with their number."""


def wheel(folder: Path, name: str, files: dict[str, str], needs: tuple[str, ...] = (), version: str = "1.0") -> Path:
    """Write a wheel; a file whose content begins with #! may be run."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs)]
    extras = sorted({need.split("extra == ")[1].strip("'\"") for need in needs if "extra ==" in need})
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in {**files, f"{name}-{version}.dist-info/METADATA": "\n".join(lines) + "\n"}.items():
            entry = zipfile.ZipInfo(place)
            entry.external_attr = (0o100755 if text.startswith("#!") else 0o100644) << 16
            archive.writestr(entry, text)
    return path


def wheels(folder: Path, version: str = "1.0", says: str = SPEAKING) -> list[Path]:
    """Write a `petitpas` that speaks, and a package with all that is odd in wheels."""
    odd = {
        "odd-1.0.data/purelib/odd/__init__.py": "NAME = 'odd'\n",
        "odd-1.0.data/purelib/odd/tool": "#!/bin/sh\necho ran\n",
        "odd-1.0.data/scripts/odd": "#!/bin/sh\n",
    }
    return [wheel(folder, "petitpas", {"petitpas/__init__.py": "", "petitpas/cli.py": says}, version=version), wheel(folder, "odd", odd)]


def made_up(folder: Path, version: str = "1.0", says: str = SPEAKING, kind: str = KIND) -> Path:
    """Make, or bring up to date, a pack of made-up wheels in a folder, and return the folder."""
    kept = folder.parent / f"kept-{folder.name}"
    kept.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "pack", ignore_errors=True)
    (folder / "pack").mkdir(parents=True)
    pack.fill(folder / "pack", {kind: wheels(kept, version, says)}, version)
    pack.add_starters(folder)
    (folder / PORTABLE).touch()
    return folder


def start(folder: Path, *arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start a pack as its starters do."""
    command = [sys.executable, "-I", "-X", "utf8", str(folder / "pack" / "start.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environ}, cwd=cwd)


def files(folder: Path) -> set[str]:
    """Return the files below a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

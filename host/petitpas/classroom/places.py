"""Where the class is kept: one folder on the class computer, or beside a portable copy."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

PORTABLE = "petitpas-portable"
"""A file of this name, of any content, makes the folder that holds it a portable copy: a USB stick that goes from computer to computer."""

_BESIDE = "petitpas-data"


def data_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform, package: Path = Path(__file__)) -> Path:
    """
    Return the folder of the class, which may not be there yet; the first of these that is said.

    1. `PETITPAS_DATA` in the environment.
    2. `petitpas-data` beside the file `petitpas-portable`, in a folder above the package.
    3. The user's data folder of the system. On Windows it is the local one: a roaming profile would be copied at each log-on.

    Args:
        environ: the environment.
        platform: as `sys.platform`.
        package: a path inside the installed package.
    """
    if named := environ.get("PETITPAS_DATA"):
        return Path(named)
    for folder in package.resolve().parents:
        if (folder / PORTABLE).exists():
            return folder / _BESIDE
    return _user_folder(environ, platform)


def _user_folder(environ: Mapping[str, str], platform: str) -> Path:
    home = Path(os.path.expanduser("~"))  # unlike Path.home(), this does not raise for an account without one
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Petit Pas"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Petit Pas"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "petitpas"

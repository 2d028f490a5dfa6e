"""Files that a tool makes: written where they are stale, or only looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def bring_up_to_date(tool: str, root: Path, files: Mapping[Path, str], arguments: Sequence[str]) -> int:
    """Write each file that is not what its tool makes; with --check only name it, from `root`. Return the exit status."""
    stale = [file for file, text in files.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for file in stale:
            print(f"{file.relative_to(root)} is not what {tool} makes: run it")
        return 1 if stale else 0
    for file in stale:
        file.write_text(files[file], encoding="utf-8", newline="\n")
        print(f"{file.relative_to(root)} written")
    return 0

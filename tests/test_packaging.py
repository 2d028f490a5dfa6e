"""The wheel: what it holds, and how much a classroom computer has to install."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAX_CORE_BYTES = 60_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel of this checkout, built with the hatchling that is installed: no network."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def sources(folder: str, pattern: str) -> set[str]:
    """Return the files of a source folder that match `pattern`, relative to it."""
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(pattern) if path.is_file()}


@pytest.mark.parametrize(
    ("folder", "pattern", "place"),
    [
        ("firmware/petitpas_robot", "*.py", "petitpas_robot"),
        ("firmware/kits", "*.json", "petitpas_robot/kits"),
        ("firmware", "main.py", "petitpas_robot/root"),
        ("host/petitpas", "*.py", "petitpas"),
        ("host/petitpas/words", "*.toml", "petitpas/words"),
        ("host/petitpas/printing", "**/*.typ", "petitpas/printing"),
        ("simulator/petitpas_sim", "*.py", "petitpas_sim"),
        ("lessons", "*.*", "petitpas/lessons_data"),
    ],
)
def test_the_wheel_holds(wheel: zipfile.ZipFile, folder: str, pattern: str, place: str) -> None:
    expected = {f"{place}/{name}" for name in sources(folder, pattern)}
    assert expected, f"{folder} has no {pattern}"
    assert expected <= set(wheel.namelist())


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    roots = {name.split("/")[0] for name in wheel.namelist()}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"petitpas", "petitpas_robot", "petitpas_sim"}
    assert not [name for name in wheel.namelist() if name.endswith((".pyc", ".mpy"))]


def test_the_wheel_declares_the_command_and_the_pytest_plugin(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    text = wheel.read(name).decode()
    assert "petitpas = petitpas.cli:main" in text
    assert "[pytest11]\npetitpas = petitpas.pytest_plugin" in text


def needs(name: str) -> set[str]:
    """Return the distribution `name` and all it needs without extras."""
    found = {name}
    for requirement in metadata.requires(name) or ():
        if "extra ==" not in requirement:
            match = re.match(r"[\w.-]+", requirement)
            assert match
            found |= needs(match.group())
    return found


def test_a_classroom_computer_installs_less_than_60_mb(wheel: zipfile.ZipFile, capsys: pytest.CaptureFixture[str]) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    required = re.findall(r"^Requires-Dist: ([\w.-]+)[^;\n]*$", wheel.read(name).decode(), flags=re.MULTILINE)
    sizes = {"petitpas": sum(entry.file_size for entry in wheel.infolist())}
    for distribution in set().union(*(needs(name) for name in required)):
        files = [Path(str(file.locate())) for file in metadata.files(distribution) or ()]
        sizes[distribution] = sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())
    with capsys.disabled():
        print(f"\ncore install: {sum(sizes.values()) / 1e6:.1f} MB", {name: round(size / 1e6, 2) for name, size in sizes.items()})
    assert set(sizes) >= {"petitpas", "pygame-ce", "pyserial"}
    assert 1_000_000 < sum(sizes.values()) <= MAX_CORE_BYTES

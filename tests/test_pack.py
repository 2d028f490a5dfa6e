"""`go.py pack`: the folder it makes, what it refuses, and the real one on a computer without a network."""

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

import pack
from petitpas.classroom.places import PORTABLE
from tests.conftest import IS_CI
from tests.packed import KIND, SPEAKING, files, made_up, wheel

ROOT = Path(__file__).resolve().parent.parent


# --- The Python for Windows ----------------------------------------------------------------------------


def windows_python(path: Path, version: str = "313", machine: int = pack.AMD64, left_out: str = "") -> Path:
    """Write an archive like those of python.org: what we look at, and nothing that runs."""
    header = b"MZ".ljust(0x3C, b"\0") + (0x80).to_bytes(4, "little")
    program = header.ljust(0x80, b"\0") + b"PE\0\0" + machine.to_bytes(2, "little")
    content = {
        "python.exe": program,
        f"python{version}.dll": b"",
        f"python{version}.zip": b"",
        f"python{version}._pth": f"python{version}.zip\r\n.\r\n\r\n#import site\r\n".encode(),
        "_sqlite3.pyd": b"",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if name != left_out:
                archive.writestr(name, data)
    return path


def test_a_python_for_windows_is_unpacked_and_led_to_the_packages(tmp_path: Path) -> None:
    archive = windows_python(tmp_path / "python-3.13.1-embed-amd64.zip")
    assert pack.windows_version(archive) == "3.13"
    pack.add_python(archive, "3.13", tmp_path / "pack" / "python")
    python = tmp_path / "pack" / "python"
    assert files(python) == {"python.exe", "python313.dll", "python313.zip", "python313._pth", "_sqlite3.pyd"}
    lines = (python / "python313._pth").read_bytes().decode("ascii").split("\r\n")
    assert lines == ["python313.zip", ".", "..\\..\\installed\\win-amd64-3.13", ""]
    led = (python / Path(*lines[2].split("\\"))).resolve()
    assert led == tmp_path / "installed" / "win-amd64-3.13"


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path,
        lambda path: path.write_bytes(b"no archive") and path,
        lambda path: windows_python(path, "39"),
        lambda path: windows_python(path, machine=0xAA64),
        lambda path: windows_python(path, left_out="python.exe"),
        lambda path: windows_python(path, left_out="python313._pth"),
    ],
    ids=["absent", "no archive", "too old", "for ARM", "no program", "not to embed"],
)
def test_another_archive_is_refused_with_what_to_take(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(pack.Refused, match=r"embeddable package \(64-bit\)"):
        pack.windows_version(make(tmp_path / "python.zip"))


# --- Wheels --------------------------------------------------------------------------------------------

NEEDS = (
    "everywhere>=1.0",
    "windows-only; sys_platform == 'win32'",
    "apple-only; sys_platform == 'darwin'",
    "printing; extra == 'print'",
    "testing; extra == 'test'",
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    """A package index: what each of its packages needs. It stands in for pip and the network."""
    packages: dict[str, tuple[str, ...]] = {"everywhere": ("deep",), "deep": (), "windows-only": ("older; python_version < '3.12'",)}
    packages |= {"older": (), "apple-only": (), "printing": (), "testing": ()}

    def download(computer: pack.Computer, names: list[str], folder: Path) -> None:
        for name in names:
            plain = name.split(">")[0].split("<")[0]
            wheel(folder, plain.replace("-", "_"), {f"{plain.replace('-', '_')}.py": ""}, packages[plain])

    def own_wheel(folder: Path) -> Path:
        return wheel(folder, "petitpas", {"petitpas/__init__.py": "", "petitpas/cli.py": SPEAKING}, NEEDS)

    monkeypatch.setattr(pack, "download", download)
    monkeypatch.setattr(pack, "own_wheel", own_wheel)
    return packages


@pytest.mark.parametrize(
    ("computer", "expected"),
    [
        (pack.Computer("linux-aarch64", "3.11"), {"deep", "everywhere", "petitpas", "printing"}),
        (pack.Computer("win-amd64", "3.13"), {"deep", "everywhere", "petitpas", "printing", "windows_only"}),
        (pack.Computer("win-amd64", "3.11"), {"deep", "everywhere", "older", "petitpas", "printing", "windows_only"}),
    ],
    ids=lambda each: each.name if isinstance(each, pack.Computer) else "",
)
def test_each_computer_gets_what_it_needs(
    tmp_path: Path, index: dict[str, tuple[str, ...]], computer: pack.Computer, expected: set[str]
) -> None:
    found = pack.gather(computer, pack.own_wheel(tmp_path), tmp_path)
    assert {path.name.split("-")[0] for path in found} == expected


def test_wheels_that_do_not_fit_each_other_are_told(tmp_path: Path, index: dict[str, tuple[str, ...]]) -> None:
    index["printing"] = ("everywhere<1.0",)
    with pytest.raises(pack.Refused, match=r"everywhere<1\.0 est demandé, et Internet donne 1\.0"):
        pack.gather(pack.COMPUTERS[0], pack.own_wheel(tmp_path), tmp_path)


def test_without_internet_a_sentence_says_what_to_do() -> None:
    with pytest.raises(pack.Refused, match=r"(?s)no such name.*Internet répond.*the Internet answers"):
        pack.run([sys.executable, "-c", "raise SystemExit('ERROR: no such name')"])


def test_the_technicians_page_names_each_python_for_windows() -> None:
    pythons = [computer.python for computer in pack.COMPUTERS if computer.platform == pack.WINDOWS]
    assert f"{', '.join(pythons[:-1])} ou {pythons[-1]}" in (pack.DOCS / "technicien.md").read_text(encoding="utf-8")


def test_the_computers_are_chosen_by_the_beginning_of_their_names() -> None:
    assert {computer.platform for computer in pack.chosen("", "")} == {"win-amd64", "linux-x86_64", "linux-aarch64"}
    assert [computer.name for computer in pack.chosen("linux-aarch64, win", "3.12")] == [
        "win-amd64-3.12",
        "linux-aarch64-3.11",
        "linux-aarch64-3.13",
    ]
    with pytest.raises(pack.Refused, match=r"Ordinateur inconnu : amiga.*linux-aarch64-3\.11"):
        pack.chosen("linux,amiga", "")


# --- The folder ----------------------------------------------------------------------------------------


def made(folder: Path, *arguments: str) -> int:
    return pack.main([str(folder), "--only", KIND if any(each.name == KIND for each in pack.COMPUTERS) else "linux-x86_64", *arguments])


@pytest.mark.usefixtures("index")
def test_a_pack_is_whole_and_its_sums_are_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "Petit Pas"
    archive = windows_python(tmp_path / "python.zip")
    assert pack.main([str(folder), "--windows-python", str(archive)]) == 0
    assert " Mo" in capsys.readouterr().out.splitlines()[-1]
    assert {path.name for path in folder.iterdir()} == {
        *("LISEZ-MOI.txt", "Premier jour.html", "Technicien.html", "Petit Pas.cmd", "Petit Pas.desktop", "petit-pas.sh", "pack", PORTABLE)
    }
    lines = (folder / "pack" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert set(sums) == files(folder / "pack") - {"SHA256SUMS"}
    assert all(hashlib.sha256((folder / "pack" / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    targets = json.loads((folder / "pack" / "pack.json").read_text(encoding="utf-8"))["targets"]
    assert [name for name in targets if name.startswith("win")] == ["win-amd64-3.13"], "the others have no Python there"
    assert {wheel for target in targets.values() for wheel in target} == {Path(name).name for name in sums if name.startswith("wheels/")}
    if os.name == "posix":
        assert os.access(folder / "petit-pas.sh", os.X_OK) and os.access(folder / "Petit Pas.desktop", os.X_OK)


@pytest.mark.usefixtures("index")
def test_a_pack_made_again_keeps_what_the_class_has(tmp_path: Path) -> None:
    folder = tmp_path / "Petit Pas"
    assert made(folder) == 0
    kept = folder / "petitpas-data" / "classe.sqlite"
    kept.parent.mkdir()
    kept.write_bytes(b"a class")
    (folder / "pack" / "wheels" / "stale.whl").touch()
    assert made(folder) == 0
    assert kept.read_bytes() == b"a class" and not (folder / "pack" / "wheels" / "stale.whl").exists()


@pytest.mark.usefixtures("index")
def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mai.jpg").touch()
    assert made(tmp_path / "photos") == 1
    assert "contient autre chose" in capsys.readouterr().err
    assert made(tmp_path / "photos" / "mai.jpg") == 1
    assert "est un fichier" in capsys.readouterr().err
    assert files(tmp_path / "photos") == {"mai.jpg"}


@pytest.mark.usefixtures("index")
def test_an_old_pack_does_not_go_over_a_newer_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made_up(tmp_path / "Petit Pas", "99.0")
    before = files(folder)
    assert made(folder) == 1
    assert "contient Petit Pas 99.0, plus récent que" in capsys.readouterr().err
    assert files(folder) == before


def test_a_protected_stick_is_told_before_anything_is_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def protected(file: Path) -> None:
        assert file.parent == tmp_path
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "touch", protected)
    monkeypatch.setattr(pack, "own_wheel", lambda folder: pytest.fail("too late"))
    assert made(tmp_path / "new" / "Petit Pas") == 1
    assert "ôtez la protection de la clé" in capsys.readouterr().err


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "libérez 1 Go"),
        (OSError(errno.EROFS, "Read-only file system"), "ôtez la protection de la clé"),
        (PermissionError(errno.EACCES, "Permission denied"), "choisissez un autre dossier"),
        (KeyboardInterrupt(), ""),
    ],
    ids=["full", "read-only", "not permitted", "interrupted"],
)
def test_what_ends_in_the_middle_leaves_the_pack_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reason: BaseException, sentence: str
) -> None:
    folder = made_up(tmp_path / "Petit Pas", "0.0.1")
    before = files(folder)

    def copyfile(source: Path, target: Path) -> None:
        raise reason

    with monkeypatch.context() as broken:
        broken.setattr(pack.shutil, "copyfile", copyfile)
        assert made(folder) == (130 if isinstance(reason, KeyboardInterrupt) else 1)
    assert sentence in capsys.readouterr().err
    assert files(folder) == before
    assert made(folder) == 0


@pytest.mark.usefixtures("index")
def test_what_a_killed_pack_left_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "Petit Pas"
    for left in ("pack.new", "pack.old"):
        (folder / left / "wheels").mkdir(parents=True)
    (folder / PORTABLE).touch()
    assert made(folder) == 0
    assert not (folder / "pack.new").exists() and not (folder / "pack.old").exists()


@pytest.mark.usefixtures("index")
def test_a_stick_that_is_too_small_is_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(pack.shutil, "disk_usage", lambda folder: usage(100, 90, 10))
    assert made(tmp_path / "Petit Pas") == 1
    assert "il faut 0 Mo, il reste 0 Mo" in capsys.readouterr().err
    assert not (tmp_path / "Petit Pas" / "pack").exists()


def test_a_guide_is_one_file_whose_links_lead_somewhere(tmp_path: Path) -> None:
    pack.add_starters(tmp_path)
    for name in pack.LEAFLETS.values():
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert set(re.findall(r'href="(?!https://)([^"]*)', text.replace("%20", " "))) <= set(pack.LEAFLETS.values())
        assert all(source.startswith("data:image/png;base64,") for source in re.findall(r'src="([^"]{0,30})', text))
    assert text.count("<h1>") == 1 and "sha256sum -c" in text


@pytest.mark.usefixtures("index")
def test_a_stick_in_fat_knows_no_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chmod(path: Path, mode: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", chmod)
    assert made(tmp_path / "Petit Pas") == 0


# --- The real one -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    """
    A pack of this checkout for this computer, of the wheels of the index.

    They are kept in pytest's cache, so that the network is asked once; without it, skip, or fail in CI.
    """
    if KIND not in [computer.name for computer in pack.COMPUTERS]:
        pytest.skip(f"no pack is made for {KIND}")
    folder = tmp_path_factory.mktemp("school") / "Petit Pas"
    command = [sys.executable, str(ROOT / "tools" / "pack.py"), str(folder), "--only", KIND]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("firmware", "host", "simulator"))}
    kept = request.config.cache.mkdir("wheels")
    for source in ({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(kept)}, {}):
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={**environ, **source})
        if not done.returncode:
            break
    else:
        if IS_CI or "Internet" not in done.stderr:
            pytest.fail(done.stderr)
        pytest.skip("no network: pip brings the wheels")
    shutil.copytree(folder / "pack" / "wheels", kept, dirs_exist_ok=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_school_computer_without_a_network_installs_and_plays(real: Path, tmp_path: Path, apart: list[str]) -> None:
    home, desk = tmp_path / "home", tmp_path / "desk"
    home.mkdir()
    desk.mkdir()
    # Nothing of this computer's own: no variable, no folder, no display, no network.
    environ = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8", "SDL_AUDIODRIVER": "dummy"}

    def run(*arguments: str) -> str:
        command = [*apart, str(real / "petit-pas.sh"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environ, cwd=desk, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Tu y es !" in run("lesson", "run", "gs4")
    assert "Prêt : gs4.pdf" in run("print", "gs4", "--what", "sheet")
    assert (desk / "gs4.pdf").read_bytes().startswith(b"%PDF")
    assert "petit-pas.png" in run()
    assert files(desk) == {"gs4.pdf"}, "what was asked for, where it was asked for"
    assert files(home) == set()
    assert "petit-pas.png" in files(real)

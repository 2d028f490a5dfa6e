"""What opens a pack on a school computer: the first start and the next ones, and where something is amiss."""

import ast
import errno
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

import pack
from petitpas.classroom.places import data_folder
from tests.packed import KIND, files, made_up, start

IS_POSIX = os.name == "posix"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack in a folder whose name has all that a shell may stumble over."""
    return made_up(tmp_path / "Clé d'été $(x) 100%" / "Petit Pas")


# --- On the school computer: start.py -----------------------------------------------------------------------------


def test_the_first_start_unpacks_and_the_next_ones_only_start(folder: Path) -> None:
    first = start(folder, "lesson", "été")
    assert (first.returncode, first.stdout) == (2, "petitpas lesson été\n"), first.stderr
    assert "une seule fois" in first.stderr and "2/2" in first.stderr
    second = start(folder)
    assert (second.returncode, second.stdout, second.stderr) == (0, "petitpas\n", "")


def test_a_folder_that_is_moved_starts_as_before(folder: Path, tmp_path: Path) -> None:
    start(folder)
    moved = folder.rename(tmp_path / "ailleurs")
    assert start(moved).stderr == ""
    assert data_folder({}, package=moved / "installed" / KIND / "petitpas" / "cli.py") == moved / "petitpas-data"


def test_all_kinds_of_wheels_are_unpacked(folder: Path) -> None:
    start(folder)
    packages = folder / "installed" / KIND
    assert {"odd/__init__.py", "odd/tool", "petitpas/cli.py", "petitpas.stamp"} <= files(packages)
    assert not [name for name in files(packages) if "scripts" in name]
    if IS_POSIX:
        assert subprocess.run([packages / "odd" / "tool"], capture_output=True, text=True).stdout == "ran\n"


def test_packages_see_each_other_and_not_those_of_the_computer(tmp_path: Path) -> None:
    says = "import odd, sys\nprint(__file__, sys.flags.no_user_site, sys.flags.utf8_mode)\n"
    folder = made_up(tmp_path / "Petit Pas", says=says)
    other = tmp_path / "other"
    (other / "petitpas").mkdir(parents=True)
    (other / "petitpas" / "cli.py").write_text("print('another one')\n", encoding="utf-8")
    (other / "zipfile.py").write_text("print('another one')\n", encoding="utf-8")
    done = start(folder, "check", cwd=other, PYTHONPATH=str(other))
    assert done.stdout == f"{folder / 'installed' / KIND / 'petitpas' / 'cli.py'} 1 1\n", done.stderr


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_wheel_is_named_and_mended_by_another_copy(folder: Path, damage: str) -> None:
    name = "odd-1.0-py3-none-any.whl"
    path = folder / "pack" / "wheels" / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-5] if damage == "cut" else whole[:-30] + b"?" + whole[-29:])
    if damage == "gone":
        path.unlink()
    done = start(folder)
    assert done.returncode == 2 and name in done.stderr and "Copiez de nouveau tout le dossier" in done.stderr
    assert not (folder / "installed" / KIND).exists()
    path.write_bytes(whole)
    assert start(folder).stdout == "petitpas\n"


@pytest.mark.parametrize("text", ["", "{}", '{"version": "1.0", "targets": 3}'])
def test_a_pack_without_its_list_is_a_sentence(folder: Path, text: str) -> None:
    (folder / "pack" / "pack.json").write_text(text, encoding="utf-8")
    done = start(folder)
    assert done.returncode == 2 and "pack.json" in done.stderr and "Traceback" not in done.stderr


def test_another_computer_is_told_which_ones_it_is_for(tmp_path: Path) -> None:
    done = start(made_up(tmp_path / "Petit Pas", kind="plan9-mips-3.11"))
    assert done.returncode == 2 and f"({KIND})" in done.stderr and "plan9-mips-3.11" in done.stderr


def test_a_newer_pack_takes_the_place_and_an_older_one_is_refused(folder: Path) -> None:
    start(folder)
    made_up(folder, "1.10", "print('newer')\n")
    assert start(folder).stdout == "newer\n"
    before = files(folder / "installed")
    made_up(folder, "1.9")
    done = start(folder)
    assert done.returncode == 2 and "1.10, plus récent que 1.9" in done.stderr
    assert files(folder / "installed") == before


def test_the_same_version_made_anew_is_unpacked_anew(folder: Path) -> None:
    start(folder)
    made_up(folder, says="print('mended')\n")
    assert start(folder).stdout == "mended\n"


def test_a_start_that_was_interrupted_leaves_nothing(folder: Path) -> None:
    half = folder / "installed" / f".{KIND}-interrupted" / "made"
    half.mkdir(parents=True)
    (half / "petitpas.stamp").touch()
    assert start(folder).stdout == "petitpas\n"
    assert [path.name for path in (folder / "installed").iterdir()] == [KIND]


def loaded(folder: Path | None = None) -> types.ModuleType:
    """Return start.py as a module, that of a pack where one is given."""
    spec = importlib.util.spec_from_file_location("start", pack.STARTERS / "start.py" if folder is None else folder / "pack" / "start.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_antivirus_that_holds_what_was_written_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = loaded()
    source, target, waits = tmp_path / "made", tmp_path / "there", []
    source.mkdir()
    rename = Path.rename

    def held(path: Path, place: Path) -> Path:
        if len(waits) < 3:
            raise PermissionError(errno.EACCES, "Access is denied")
        return rename(path, place)

    monkeypatch.setattr(start.time, "sleep", waits.append)
    monkeypatch.setattr(Path, "rename", held)
    start.move(source, target)
    assert target.is_dir() and len(waits) == 3


def test_no_folder_is_for_one_account_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes, mkdir = [], os.mkdir

    def noted(path: str, mode: int = 0o777, **more: int) -> None:
        modes.append(mode)
        mkdir(path, mode, **more)

    monkeypatch.setattr(os, "mkdir", noted)
    assert loaded(folder).ready() == folder / "installed" / KIND
    assert modes and 0o700 not in modes, "on Windows no other teacher, and no other computer, could open the folder"


def test_a_folder_that_lies_too_deep_for_windows_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = loaded(folder)
    installation = start.Installation(KIND)
    installation.refuse_deep()
    monkeypatch.setattr(start, "INSTALLED", Path("C:/Users/lea", *["un dossier dans un dossier"] * 9))
    with pytest.raises(start.Refused, match=r"\(\d+ lettres de trop\) : copiez « Petit Pas » sur le Bureau"):
        installation.refuse_deep()


# --- Without a console: a Python that is called as Windows' is ----------------------------------------------------


@pytest.fixture
def console(tmp_path: Path) -> Path:
    """A Python, with the one without a console beside it; on Windows it is the real one."""
    if not IS_POSIX:
        return Path(sys.executable)
    folder = tmp_path / "python"
    folder.mkdir()
    for name in ("python", "pythonw.exe"):
        (folder / name).symlink_to(os.path.realpath(sys.executable))
    return folder / "python"


def test_a_double_click_leaves_no_console_and_arguments_keep_it(tmp_path: Path, console: Path) -> None:
    says = "import sys\nfrom pathlib import Path\nPath('opened').write_text(Path(sys.executable).name)\nprint('said')\n"
    folder = made_up(tmp_path / "Élève Léa" / "Petit Pas", says=says)
    command = [str(console), "-I", "-X", "utf8", str(folder / "pack" / "start.py")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "") and "Petit Pas s'ouvre…" in done.stderr
    assert (folder / "opened").read_text() == "pythonw.exe"
    done = subprocess.run([*command, "lesson"], capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "said\n")
    assert (tmp_path / "opened").read_text() == console.name


@pytest.mark.skipif(not IS_POSIX, reason="it would be Windows' own")
def test_where_a_python_without_a_console_may_not_run_the_other_one_opens(tmp_path: Path, console: Path) -> None:
    console.with_name("pythonw.exe").unlink()
    console.with_name("pythonw.exe").write_text("", encoding="utf-8")  # not to be run
    command = [str(console), "-I", "-X", "utf8", str(made_up(tmp_path / "Petit Pas") / "pack" / "start.py")]
    assert subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout == "petitpas\n"


@pytest.mark.parametrize(
    ("says", "status", "shown"),
    [
        ("print('hors d’été')\nraise SystemExit(3)\n", 3, ("ouvrez-le de nouveau", "hors d’été")),
        ("1 / 0\n", 1, ("ouvrez-le de nouveau", "ZeroDivisionError")),
        ("", 0, ()),
    ],
)
def test_without_a_console_a_box_says_how_it_ended(
    tmp_path: Path, console: Path, monkeypatch: pytest.MonkeyPatch, says: str, status: int, shown: tuple[str, ...]
) -> None:
    start, boxes = loaded(made_up(tmp_path / "Petit Pas", says=says)), []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(console.with_name("pythonw.exe")))
    monkeypatch.setattr(start, "show", boxes.append)
    assert start.main([]) == status
    assert len(boxes) == bool(shown) and all(text in boxes[0] for text in shown)


def test_without_a_console_a_box_says_why_it_does_not_open(folder: Path, console: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pack" / "pack.json").unlink()
    start, boxes = loaded(folder), []
    monkeypatch.setattr(sys, "executable", str(console.with_name("pythonw.exe")))
    monkeypatch.setattr(start, "show", boxes.append)
    assert start.main([]) == 2
    assert "Copiez de nouveau tout le dossier" in boxes[0]


def test_start_parses_on_python_3_6() -> None:
    tree = ast.parse((pack.STARTERS / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)]


# --- A computer cut off, a stick that is protected, full, or lets no program run ----------------------------------


@pytest.mark.parametrize(
    ("mount", "sentence"),
    [
        ("mount -t tmpfs -o size=5m none {at} && cp -r {pack}/. {at} && mount -o remount,ro {at}", "copiez le dossier sur l'ordinateur"),
        ("mount -t tmpfs -o size=40k none {at} && cp -r {pack}/pack {at}", "libérez 1 Mo"),
        ("mount -t tmpfs -o size=5m,noexec none {at} && cp -r {pack}/. {at}", "copiez le dossier ailleurs"),
    ],
    ids=["read-only", "full", "noexec"],
)
def test_where_it_cannot_be_unpacked_a_sentence_says_what_to_do(tmp_path: Path, apart: list[str], mount: str, sentence: str) -> None:
    folder = made_up(tmp_path / "pack")
    at = tmp_path / "at"
    at.mkdir()
    script = f"{mount.format(at=at, pack=folder)} && exec {sys.executable} -I -X utf8 {at}/pack/start.py"
    done = subprocess.run([*apart, "sh", "-c", script], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2 and sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_a_protected_stick_that_was_opened_once_opens_again(tmp_path: Path, apart: list[str]) -> None:
    folder = made_up(tmp_path / "pack")
    start(folder)
    at = tmp_path / "at"
    at.mkdir()
    mount = f"mount -t tmpfs none {at} && cp -r {folder}/. {at} && mount -o remount,ro {at}"
    command = [*apart, "sh", "-c", f"{mount} && exec {sys.executable} -I -X utf8 {at}/pack/start.py"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("petitpas\n", "")


# --- The starters -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not IS_POSIX, reason="a shell script")
def test_the_shell_starter_opens_the_pack_from_anywhere(folder: Path, tmp_path: Path) -> None:
    command = [folder / "petit-pas.sh", "a b", "c"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert (done.returncode, done.stdout) == (2, "petitpas a b c\n"), done.stderr


@pytest.mark.skipif(not IS_POSIX, reason="a shell script")
def test_the_shell_starter_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("dirname", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    command = [str(tools / "sh"), str(folder / "petit-pas.sh")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PATH": str(tools)}, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "Il manque Python" in done.stderr
    shutil.rmtree(folder / "pack")
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PATH": str(tools)}, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "copiez-le de nouveau en entier" in done.stderr


def exec_of(file: Path) -> str:
    """Return a desktop file's command line, unescaped as the Desktop Entry Specification has it for any value."""
    (line,) = (line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("Exec="))
    return line.removeprefix("Exec=").replace("\\\\", "\\")


@pytest.mark.skipif(sys.platform != "linux", reason="desktop files are Linux's")
@pytest.mark.parametrize("manager", ["GLib", "Xfce", "PCManFM", "from its folder"])
def test_the_desktop_file_finds_its_folder(folder: Path, tmp_path: Path, manager: str) -> None:
    file = folder / "Petit Pas.desktop"
    place = {
        "GLib": shlex.quote(str(file)),
        "Xfce": shlex.quote(file.as_uri()),
        "PCManFM": " ".join(shlex.quote(piece) for piece in str(folder).split(" ")),
        "from its folder": "",
    }[manager]
    (folder / "petit-pas.sh").write_text("echo opened\n", encoding="utf-8")
    command = exec_of(file).replace("%k", place)  # its quotes are those of a shell
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=folder if not place else tmp_path)
    assert done.stdout == "opened\n", done.stderr


def test_what_windows_reads_has_its_line_ends(folder: Path) -> None:
    starter = (folder / "Petit Pas.cmd").read_bytes()
    assert starter.count(b"\r\n") == starter.count(b"\n") > 10
    assert starter.decode("ascii"), "a console reads a starter in a code page of its own"
    for part in (b'=%~dp0pack\\python\\python.exe"', b'"%~dp0pack\\start.py" %*', b"pause"):
        assert part in starter
    page = (folder / "LISEZ-MOI.txt").read_bytes()
    assert page.startswith(b"PETIT PAS\r\n") and page.count(b"\r\n") == page.count(b"\n")

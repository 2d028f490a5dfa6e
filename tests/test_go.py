"""go.py and tools/get_micropython.py without a network: every command they would run is given to a list."""

import ast
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import get_micropython
import go

ROOT = Path(__file__).resolve().parent.parent


class Machine:
    """Stands in for `go.quiet`: notes each command and does what venv and pip would leave behind."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.said: dict[str, tuple[int, str]] = {}  # what a command that contains the word does instead

    def __call__(self, command: list[str], folder: Path | None = None) -> tuple[int, str]:
        self.commands.append(command)
        for word, answer in self.said.items():
            if word in command:
                return answer
        if "venv" in command:
            scripts = Path(command[-1]) / ("Scripts" if os.name == "nt" else "bin")
            scripts.mkdir(parents=True, exist_ok=True)
            (scripts / self.python).touch()
        elif "pip" in command:
            (Path(command[0]).parent / self.python.replace("python", "petitpas")).touch()
        return 0, ""

    python = "python.exe" if os.name == "nt" else "python"

    @property
    def steps(self) -> list[str]:
        """The commands by their name, in order; forgets them."""
        names = [word for command in self.commands for word in command if word in ("venv", "pip")]
        self.commands.clear()
        return names


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the two files that the stamp looks at."""
    root = tmp_path / "Petit Pas"
    (root / "firmware" / "petitpas_robot").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (root / "firmware" / "petitpas_robot" / "__init__.py").write_text('VERSION = "0.1.0"\n', encoding="utf-8")
    return root


def environment(root: Path, machine: Machine, version: str = "3.11") -> go.Environment:
    return go.Environment(root / ".venv", root=root, version=version, run=machine)


@pytest.mark.parametrize("site_packages", ["lib/python3.11/site-packages", "Lib/site-packages"])
def test_a_checkout_in_a_folder_with_accents_is_found_in_any_encoding(checkout: Path, machine: Machine, site_packages: str) -> None:
    root = checkout.rename(checkout.with_name("Élève Léa Í"))
    made = environment(root, machine)
    installed = made.folder / site_packages
    installed.mkdir(parents=True)
    (installed / "_petitpas.pth").write_text(f"{root}\n{root / 'firmware'}\n", encoding="utf-8")
    made.make()
    asks = f"import site, sys; site.addsitedir(sys.argv[1]); print({str(root / 'firmware')!a} in sys.path)"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "1"}  # as go.py has it, where the system's encoding is another
    done = subprocess.run([sys.executable, "-c", asks, str(installed)], capture_output=True, text=True, env=plain)
    assert done.stdout == "True\n", done.stderr


# --- An old Python --------------------------------------------------------------------------------------------


def test_the_file_parses_on_python_3_6() -> None:
    tree = ast.parse((ROOT / "go.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    # What the grammar of a newer Python does not refuse: assignment in an expression, and `annotations` from __future__ (3.7).
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10)])
def test_an_old_python_is_refused_in_both_languages(version: tuple[int, int]) -> None:
    sentence = go.refusal(version)
    assert "demande Python 3.11" in sentence and "needs Python 3.11" in sentence
    assert f"{version[0]}.{version[1]})" in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_a_recent_python_is_welcome(version: tuple[int, int]) -> None:
    assert go.refusal(version) == ""


# --- The stamp ------------------------------------------------------------------------------------------------


def test_a_second_start_runs_nothing(checkout: Path, machine: Machine) -> None:
    assert not environment(checkout, machine).holds()
    environment(checkout, machine).make()
    assert machine.steps == ["venv", "pip"]
    assert environment(checkout, machine).holds()
    assert machine.commands == []


def test_the_tests_need_more_than_the_command(checkout: Path, machine: Machine) -> None:
    environment(checkout, machine).make()
    assert not environment(checkout, machine).holds("test")
    machine.commands.clear()
    environment(checkout, machine).make("test")
    assert machine.commands[-1][-1] == ".[test]"
    assert machine.steps == ["pip"], "the environment itself was sound"
    assert environment(checkout, machine).holds("test") and environment(checkout, machine).holds()


def test_one_extra_does_not_take_the_place_of_another(checkout: Path, machine: Machine) -> None:
    environment(checkout, machine).make("robot")
    environment(checkout, machine).make("print")
    assert all(environment(checkout, machine).holds(extra) for extra in ("", "robot", "print"))


def test_a_changed_project_is_installed_again_in_the_same_environment(checkout: Path, machine: Machine) -> None:
    environment(checkout, machine).make("test")
    machine.commands.clear()
    (checkout / "pyproject.toml").write_text("[project]\nname = 'other'\n", encoding="utf-8")
    assert not environment(checkout, machine).holds()
    environment(checkout, machine).make()
    assert machine.steps == ["pip"]
    assert environment(checkout, machine).holds() and not environment(checkout, machine).holds("test")


def test_another_python_or_a_moved_folder_makes_it_new(checkout: Path, machine: Machine) -> None:
    environment(checkout, machine).make()
    machine.commands.clear()
    newer = environment(checkout, machine, version="3.13")
    assert not newer.holds()
    newer.make()
    assert machine.steps == ["venv", "pip"]
    moved = checkout.rename(checkout.with_name("moved"))
    assert not environment(moved, machine, version="3.13").holds()
    environment(moved, machine, version="3.13").make()
    assert machine.steps == ["venv", "pip"]


def test_an_interrupted_installation_is_made_again(checkout: Path, machine: Machine) -> None:
    environment(checkout, machine).make()
    (checkout / "pyproject.toml").write_text("[project]\nname = 'other'\n", encoding="utf-8")

    def interrupted(command: list[str], folder: Path) -> tuple[int, str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go.Environment(checkout / ".venv", root=checkout, version="3.11", run=interrupted).make()
    machine.commands.clear()
    assert not environment(checkout, machine).holds()
    environment(checkout, machine).make()
    assert machine.steps == ["venv", "pip"], "what pip left is not to be trusted"


@pytest.mark.parametrize("name", ["python", "command"])
def test_an_environment_that_lost_its_python_or_its_command_is_mended(checkout: Path, machine: Machine, name: str) -> None:
    made = environment(checkout, machine)
    made.make()
    getattr(made, name).unlink()
    assert not made.holds()
    made.make()
    assert made.holds()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"python 3.11\n"])
def test_a_damaged_stamp_is_no_stamp(checkout: Path, machine: Machine, content: bytes) -> None:
    environment(checkout, machine).make()
    (checkout / ".venv" / "petitpas-core.stamp").write_bytes(content)
    assert not environment(checkout, machine).holds()


def test_without_internet_a_sentence_says_what_to_do(checkout: Path, machine: Machine) -> None:
    machine.said["pip"] = (1, "ERROR: No matching distribution found for hatchling")
    with pytest.raises(SystemExit, match=r"(?s)hatchling.*Internet répond.*the Internet answers"):
        environment(checkout, machine).make()
    assert not environment(checkout, machine).holds()


def test_without_venv_a_sentence_names_the_package(checkout: Path, machine: Machine) -> None:
    machine.said["venv"] = (1, "The virtual environment was not created successfully because ensurepip is not available.")
    with pytest.raises(SystemExit, match="python3-venv"):
        environment(checkout, machine).make()


def test_each_checkout_that_cannot_be_written_has_its_own_folder(tmp_path: Path) -> None:
    assert go.user_folder(tmp_path / "a") != go.user_folder(tmp_path / "b")
    assert not go.is_writable(tmp_path / "absent")
    assert go.is_writable(tmp_path) and not list(tmp_path.iterdir())


# --- Handing over ---------------------------------------------------------------------------------------------


class Ready:
    """An environment that is there, whose command is this Python."""

    command = python = Path(sys.executable)


@pytest.mark.parametrize(("arguments", "expected"), [([], []), (["run", "été.json", "--port", "sim://lapin"],) * 2, (["tests"], ["tests"])])
def test_arguments_go_to_the_command(monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: list[str]) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(go, "ready", lambda extra="": Ready)
    monkeypatch.setattr(go, "hand_over", lambda command: handed.append(command) or 7)
    assert go.main(arguments) == 7
    assert handed == [[sys.executable, *expected]]


@pytest.mark.parametrize(("tool", "extra"), [("soak", "test"), ("pack", "pack")])
def test_a_tool_runs_with_what_it_needs(monkeypatch: pytest.MonkeyPatch, tool: str, extra: str) -> None:
    asked: list[str] = []
    handed: list[list[str]] = []
    monkeypatch.setattr(go, "ready", lambda extra="": asked.append(extra) or Ready)
    monkeypatch.setattr(go, "hand_over", lambda command: handed.append(command) or 0)
    assert go.main([tool, "--frames", "10"]) == 0
    assert asked == [extra]
    assert handed == [[sys.executable, str(ROOT / "tools" / f"{tool}.py"), "--frames", "10"]]


@pytest.mark.parametrize("arguments", [[], ["print", "gs4"], ["install"], ["run", "carre.json"]])
def test_the_first_start_brings_all_that_a_teacher_taps_later(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(go, "ready", lambda extra="": asked.append(extra) or Ready)
    monkeypatch.setattr(go, "hand_over", lambda command: 0)
    assert go.main(arguments) == 0
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert [set(extra.split(",")) for extra in asked] == [extras.keys() - {"pack", "test"}]


@pytest.mark.parametrize("status", [0, 3])
def test_the_exit_status_is_the_commands(status: int) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import go; go.hand_over([sys.executable, '-c', 'raise SystemExit({status})'])"
    )
    program += "; raise SystemExit(99)" if os.name != "nt" else ""
    if os.name == "nt":
        program = program.replace("go.hand_over(", "raise SystemExit(go.hand_over(") + ")"
    assert subprocess.run([sys.executable, "-c", program]).returncode == status
    assert go.call([sys.executable, "-c", f"raise SystemExit({status})"]) == status


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c_lets_the_command_end_in_its_own_way() -> None:
    # The command interrupts go.py, as a terminal would, and only then ends.
    command = [sys.executable, "-c", "import os, signal; os.kill(os.getppid(), signal.SIGINT); raise SystemExit(5)"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background, it is ignored
    try:
        with pytest.raises(KeyboardInterrupt) as interrupt:
            go.call(command)
        assert interrupt.value.args == (5,)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_command_that_a_signal_ended_has_the_shells_status() -> None:
    killed = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]
    assert go.call(killed) == 128 + signal.SIGTERM


@pytest.mark.parametrize(("interrupt", "status"), [(KeyboardInterrupt(), 130), (KeyboardInterrupt(2), 2)])
def test_ctrl_c_shows_no_traceback(monkeypatch: pytest.MonkeyPatch, interrupt: KeyboardInterrupt, status: int) -> None:
    def ready(extra: str = "") -> go.Environment:
        raise interrupt

    monkeypatch.setattr(go, "ready", ready)
    assert go.main([]) == status


# --- The test command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("is_strict", "failed"), [(False, []), (True, ["Xvfb"])])
def test_a_missing_tool_is_a_line_here_and_a_failure_in_ci(capfd: pytest.CaptureFixture[str], is_strict: bool, failed: list[str]) -> None:
    report = go.Report(is_strict)
    report.missing("Xvfb", "installez le paquet xvfb", "install the package xvfb")
    assert "-- Xvfb : installez le paquet xvfb" in capfd.readouterr().err
    assert report.failed == failed


def test_a_failed_check_does_not_hide_the_next_one(capfd: pytest.CaptureFixture[str]) -> None:
    report = go.Report(False)
    good, bad = ([sys.executable, "-c", f"print('ran'); raise SystemExit({status})"] for status in (0, 2))
    report.run("first", bad, good)
    report.run("second", good)
    assert capfd.readouterr().out.count("ran") == 3
    assert report.failed == ["first"]


def test_the_newest_released_cpython_is_found() -> None:
    here = sys.version_info[1]
    machines = {
        "older": (0, f"{here - 1}|cpython|final|/older\n"),
        "newer": (0, f"{here + 1}|cpython|final|/newer\n"),
        "newest": (0, f"{here + 2}|cpython|final|/newest\n"),
        "coming": (0, f"{here + 3}|cpython|beta|/coming\n"),
        "pypy": (0, f"{here + 3}|pypy|final|/pypy\n"),
        "shim": (127, "pyenv: python3.14: command not found\n"),
        "odd": (0, "hello\n"),
    }
    assert go.newest_python(machines, lambda command: machines[command[0]]) == ("/newest", f"3.{here + 2}")
    assert go.newest_python(["older", "shim", "odd"], lambda command: machines[command[0]]) == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="apt-get is Linux's")
def test_a_package_is_installed_only_where_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str]) -> tuple[int, str]:
        asked.append(command)
        return (1, "") if command[-1] == "true" else (0, "")

    monkeypatch.setattr(go.shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(go.os, "geteuid", lambda: 1000)
    assert not go.apt_install("xvfb", run)
    assert asked == [["sudo", "-n", "true"]], "a password is never asked for"
    monkeypatch.setattr(go.os, "geteuid", lambda: 0)
    assert go.apt_install("xvfb", run)
    assert asked[-1][-1] == "xvfb"
    monkeypatch.setattr(go.shutil, "which", lambda tool: None)
    assert not go.apt_install("xvfb", run)


# --- MicroPython ----------------------------------------------------------------------------------------------

DEB822 = """# A comment
Types: deb
URIs: http://deb.debian.org/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm
# a comment inside
 bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/mirror.gpg
"""
CLASSIC = """# deb http://commented.example/debian bookworm main
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb-src http://source.example/debian trixie main
deb [arch=amd64 signed-by=/etc/apt/keyrings/d.asc] http://classic.example/debian trixie main non-free-firmware  # ours
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("sources.list.d/debian.sources", DEB822, ("http://mirror.example/debian", "/usr/share/keyrings/mirror.gpg")),
        ("sources.list", CLASSIC, ("http://classic.example/debian", "/etc/apt/keyrings/d.asc")),
        ("sources.list.d/other.list", CLASSIC, ("http://classic.example/debian", "/etc/apt/keyrings/d.asc")),
    ],
)
def test_the_mirror_of_this_machine_is_used(tmp_path: Path, name: str, text: str, expected: tuple[str, str]) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert get_micropython.mirror(tmp_path) == expected


def test_without_debian_sources_debians_own_mirror_is_used(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text("deb http://archive.ubuntu.com/ubuntu noble main universe\n", encoding="utf-8")
    assert get_micropython.mirror(tmp_path)[0] == get_micropython.MIRROR


def test_the_named_micropython_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "micropython"
    monkeypatch.setenv("PETITPAS_MICROPYTHON", str(named))
    assert get_micropython.find_micropython() is None
    named.touch()
    assert get_micropython.find_micropython() == named


def test_micropython_is_not_fetched_twice(micropython: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arch = next(arch for arch, triplet in get_micropython.TRIPLETS.items() if triplet in micropython.read_text(encoding="utf-8"))
    monkeypatch.setattr(get_micropython, "unpack", lambda folder, arch: pytest.fail("it was there already"))
    assert get_micropython.get(micropython.parent, arch) == micropython


def test_a_system_without_apt_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_micropython.shutil, "which", lambda tool: None)
    with pytest.raises(get_micropython.Unavailable, match="apt-get and dpkg not found"):
        get_micropython.get(tmp_path / "micropython", "i386")

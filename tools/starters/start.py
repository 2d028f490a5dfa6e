"""
Open Petit Pas from the folder that `go.py pack` has made; the first time on a computer, unpack there what that computer needs.

    python3 -I pack/start.py [ARGS]    ARGS go to the command `petitpas`

Nothing is installed on the computer, and nothing is written outside the folder; neither a network nor pip is needed.
A wheel is an archive: it is checked against SHA256SUMS and unpacked into `installed`, where the packages of each kind of computer have a
folder of their own, with a stamp. A folder is made aside and takes its place with its stamp in it, so that a half-made one is never used;
with no link and no absolute path in it, unlike a virtual environment, it may be moved or copied, to a stick too.

On Windows no console stays open behind the window: what a double click has started hands over to a `pythonw.exe`, where there is one, which
waits for the end of Petit Pas and shows in a box what went amiss. What is opened with ARGS stays in its console.

This file must parse on Python 3.6, so that an old Python gets a sentence and not a SyntaxError.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from contextlib import suppress
from pathlib import Path

PACK = Path(__file__).resolve().parent
INSTALLED = PACK.parent / "installed"
STAMP = "petitpas.stamp"
WITHOUT_CONSOLE = "pythonw.exe"
OPENING_S = 5
SHOWN_LINES = 12
WARNING_IN_FRONT = 0x10030
"""The kind of a box. Source: Microsoft, "MessageBoxW": MB_ICONWARNING and MB_SETFOREGROUND."""

LONGEST_PATH = 259
"""Of a file on Windows, where nobody has allowed longer ones. Source: Microsoft, "Maximum Path Length Limitation"."""

PATIENCE, WAIT_S = 20, 0.25
"""How often, and how long, an antivirus is waited for. Source: pip waits a second in such steps; here there is more to read."""


class Refused(Exception):
    """Petit Pas cannot be opened from here: what is the matter, and what to do."""

    def __init__(self, french: str, english: str) -> None:
        super().__init__(f"{french} / {english}")


def say(french: str, english: str) -> None:
    """Print one line for whoever waits."""
    print(f"{french} / {english}", file=sys.stderr, flush=True)


def computer() -> str:
    """Return the kind of this computer, as a pack names it: system, processor and Python."""
    kind = "{}-{}.{}".format(sysconfig.get_platform(), *sys.version_info[:2])
    return kind if sys.maxsize > 2**32 else f"{kind} (32 bits)"  # which bears the name of a kernel of 64 bits


def numbers(version: str) -> "list[int]":
    """Return the numbers of a version, to compare it with another."""
    return [int(number) for number in re.findall(r"\d+", version)]


class Installation:
    """The packages of one kind of computer, unpacked in the folder."""

    def __init__(self, kind: str) -> None:
        try:
            pack = json.loads((PACK / "pack.json").read_text(encoding="utf-8"))
            lines = (PACK / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
            self._version, targets = str(pack["version"]), dict(pack["targets"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise incomplete("pack.json, SHA256SUMS") from error
        if kind not in targets:
            kinds = ", ".join(targets)
            raise Refused(
                f"Ce dossier ne convient pas à cet ordinateur ({kind}), mais à : {kinds}. Faites-en un autre avec « go.py pack ».",
                f'This folder does not suit this computer ({kind}), but: {kinds}. Make another one with "go.py pack".',
            )
        self._sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines if "  " in line)}
        self._wheels = ["wheels/" + name for name in targets[kind]]
        self._kind = kind
        self.folder = INSTALLED / kind
        sums = "\n".join(self._sums.get(wheel, "") for wheel in self._wheels)
        self._stamp = f"{self._version}\n{hashlib.sha256(sums.encode()).hexdigest()}\n"

    def refuse_older(self) -> None:
        """Raise Refused where the folder has already served with a newer Petit Pas: an old pack was copied over it."""
        for stamp in INSTALLED.glob("*/" + STAMP):
            newer = (read(stamp).splitlines() or [""])[0]
            if numbers(newer) > numbers(self._version):
                raise Refused(
                    f"Ce dossier a déjà servi avec Petit Pas {newer}, plus récent que {self._version} : copiez ici celui de Petit Pas "
                    f"{newer}, ou mettez celui-ci ailleurs.",
                    f"This folder has already served with Petit Pas {newer}, newer than {self._version}: copy the one of Petit Pas {newer} "
                    "here, or put this one elsewhere.",
                )

    def is_there(self) -> bool:
        """Return whether these very packages are unpacked."""
        return read(self.folder / STAMP) == self._stamp

    def make(self) -> None:
        """Check the wheels and unpack them."""
        say("Installation de Petit Pas dans ce dossier (une seule fois)…", "Installing Petit Pas in this folder (once)…")
        for wheel in self._wheels:
            self._check(wheel)
        if os.name == "nt":
            self.refuse_deep()
        INSTALLED.mkdir(exist_ok=True)
        if shutil.disk_usage(str(INSTALLED)).free < self.size():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        # Not a temporary directory: on Windows those, and what is made in them, are for one account alone, wherever they go.
        aside = INSTALLED / f".{self._kind}-{os.getpid()}"
        aside.mkdir(exist_ok=True)
        try:
            self._unpack(aside / "made")
            if self.is_there():  # it was started twice, and the other one was faster
                return
            if self.folder.exists():
                move(self.folder, aside / "old")
            move(aside / "made", self.folder)
        finally:
            shutil.rmtree(str(aside), ignore_errors=True)
        for left in INSTALLED.glob(f".{self._kind}-*"):  # by a start that was interrupted
            shutil.rmtree(str(left), ignore_errors=True)

    def _unpack(self, made: Path) -> None:
        for at, wheel in enumerate(self._wheels, 1):
            print(f"  {at}/{len(self._wheels)} {wheel.split('/')[1].split('-')[0]}", file=sys.stderr, flush=True)
            unpack(PACK / wheel, made)
        (made / STAMP).write_text(self._stamp, encoding="utf-8")

    def refuse_deep(self) -> None:
        """Raise Refused where this folder lies so deep that Windows would not take the paths of what is unpacked."""
        made = INSTALLED / f".{self._kind}-{os.getpid()}" / "made"
        over = max(len(str(made / entry.filename)) for entry in self._entries()) - LONGEST_PATH
        if over > 0:
            raise Refused(
                f"Windows ne veut pas d'un dossier rangé si loin ({over} lettres de trop) : copiez « Petit Pas » sur le Bureau ou dans "
                "C:, puis recommencez.",
                f'Windows takes no folder that lies so deep ({over} letters too many): copy "Petit Pas" to the Desktop or to C:, then '
                "start again.",
            )

    def size(self) -> int:
        """Return how many bytes the packages take."""
        return sum(entry.file_size for entry in self._entries())

    def _entries(self) -> "list[zipfile.ZipInfo]":
        entries = []
        for wheel in self._wheels:
            with zipfile.ZipFile(str(PACK / wheel)) as archive:
                entries += archive.infolist()
        return entries

    def _check(self, wheel: str) -> None:
        digest = hashlib.sha256()
        try:
            with (PACK / wheel).open("rb") as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    digest.update(part)
        except OSError as error:
            raise incomplete("pack/" + wheel) from error
        if digest.hexdigest() != self._sums.get(wheel):
            raise incomplete("pack/" + wheel)


def read(stamp: Path) -> str:
    """Return what a stamp says, nothing where it cannot be read."""
    try:
        return stamp.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def incomplete(name: str) -> Refused:
    """Return the refusal for a file that is missing or damaged."""
    return Refused(
        f"Fichier abîmé ou absent : {name}. Copiez de nouveau tout le dossier, puis recommencez.",
        f"Damaged or missing file: {name}. Copy the whole folder again, then start again.",
    )


def move(source: Path, target: Path) -> None:
    """Rename a folder; on Windows, an antivirus that reads what was just written holds it for a while."""
    for _ in range(PATIENCE):
        with suppress(PermissionError):
            source.rename(target)
            return
        time.sleep(WAIT_S)
    source.rename(target)


def unpack(wheel: Path, folder: Path) -> None:
    """Unpack the modules of a wheel; what is meant for other places of a system is left out."""
    with zipfile.ZipFile(str(wheel)) as archive:
        for entry in archive.infolist():
            parts = entry.filename.split("/")
            if parts[0].endswith(".data"):
                if parts[1] not in ("purelib", "platlib"):
                    continue
                entry.filename = "/".join(parts[2:])
            path = archive.extract(entry, str(folder))
            if entry.external_attr >> 16 & 0o111 and not entry.filename.endswith("/"):
                with suppress(OSError):  # a stick in FAT knows no permissions
                    os.chmod(path, 0o755)


def unwritten(error: OSError, size: int) -> Refused:
    """Return the refusal for a folder into which `size` bytes could not be written."""
    if error.errno == errno.ENOSPC:
        need = size // 1_000_000 + 1
        return Refused(
            f"Il n'y a pas assez de place ici : libérez {need} Mo, ou copiez le dossier sur l'ordinateur, puis recommencez.",
            f"There is not enough room here: free {need} MB, or copy the folder to the computer, then start again.",
        )
    return Refused(
        f"Ce dossier ne peut pas être écrit ({error.strerror}) : fermez Petit Pas, copiez le dossier sur l'ordinateur (Bureau ou "
        "Documents), puis recommencez.",
        f"This folder cannot be written ({error.strerror}): close Petit Pas, copy the folder to the computer (Desktop or Documents), "
        "then start again.",
    )


def ready() -> Path:
    """Return the folder of the packages, made if needed; raise Refused."""
    if sys.version_info < (3, 11):
        here = "{}.{}".format(*sys.version_info[:2])
        raise Refused(
            f"Petit Pas demande Python 3.11 ou plus récent (ici {here}).", f"Petit Pas needs Python 3.11 or newer (this is {here})."
        )
    installation = Installation(computer())
    installation.refuse_older()
    if sys.platform == "linux" and os.statvfs(str(PACK)).f_flag & os.ST_NOEXEC:
        raise Refused(
            "L'ordinateur ne laisse lancer aucun programme ici (noexec) : copiez le dossier ailleurs, puis recommencez.",
            "The computer lets no program run here (noexec): copy the folder elsewhere, then start again.",
        )
    try:
        if not installation.is_there():
            installation.make()
    except OSError as error:
        if not installation.is_there():
            raise unwritten(error, installation.size()) from error
    return installation.folder


def show(text: str) -> None:
    """Show a text to whoever has no console, until it is read."""
    import ctypes

    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, text, "Petit Pas", WARNING_IN_FRONT)


def watch(command: "list[str]", environment: "dict[str, str]") -> int:
    """Run Petit Pas where nobody sees what it prints, and return its status; where it does not end well, show the end of that."""
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    done = subprocess.run(command, env=environment, stdin=nothing, stdout=pipe, stderr=subprocess.STDOUT)
    if done.returncode:
        end = "\n".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-SHOWN_LINES:])
        show(
            "Petit Pas s'est fermé : ouvrez-le de nouveau. Ce que fait la classe est gardé.\n"
            f"Petit Pas has closed: open it again. What the class does is kept.\n\n{end}"
        )
    return done.returncode


def hand_over(aside: Path) -> bool:
    """
    Go on in a Python without a console; return whether this computer lets it run.

    This one stays until the window may be there, for something must tell that it is coming.
    """
    say("Petit Pas s'ouvre…", "Petit Pas is opening…")
    command = [str(aside), "-I", "-X", "utf8", str(Path(__file__).resolve())]
    try:
        opened = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    with suppress(subprocess.TimeoutExpired):
        opened.wait(OPENING_S)
    return True


def main(arguments: "list[str]") -> int:
    """Start `petitpas` with the packages of this folder and return its exit status."""
    aside = Path(sys.executable).with_name(WITHOUT_CONSOLE)
    is_aside = Path(sys.executable).name.lower() == WITHOUT_CONSOLE
    try:
        folder = ready()
    except Refused as reason:
        if is_aside:
            show(str(reason))
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if not (arguments or is_aside) and aside.is_file() and hand_over(aside):
        return 0
    if not arguments:
        os.chdir(str(PACK.parent))  # what the window writes without being asked where stays in the folder
    # The packages of the computer do not mix with these. A Python with a ._pth file, as on Windows, has the same in that file.
    environment = dict(os.environ, PYTHONPATH=str(folder), PYTHONNOUSERSITE="1", PYTHONSAFEPATH="1", PYTHONUTF8="1")
    command = [sys.executable, "-X", "utf8", "-m", "petitpas.cli", *arguments]
    if is_aside:
        return watch(command, environment)
    if os.name == "nt":
        return subprocess.call(command, env=environment)
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
Bring Debian's own MicroPython (unix port, from trixie) into a private folder; nothing is installed in the system.

    python tools/get_micropython.py DIR [--arch i386|amd64|arm64|armhf]

On a PC, i386 is the choice: 32-bit words and 31-bit small integers as on the boards, so a module takes the same bytes of heap.

Theory: apt-get reads a list of ours that names trixie on the machine's own Debian mirror, keeps its state in the folder, checks
signatures with Debian's keyring and downloads the few packages; dpkg unpacks them beside the system; a wrapper starts MicroPython through
the loader of the same packages, so that it runs on an older Debian too.
All is done in a folder aside which takes its place only once MicroPython has answered: no half-made one ever stands behind a good name.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = "trixie"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("micropython", "libc6", "libffi8", "libmbedcrypto16", "libmbedtls21", "libmbedx509-7")
KEYRINGS = tuple(Path("/usr/share/keyrings") / name for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp"))
ARCHITECTURES = {"x86_64": "i386", "i686": "i386", "aarch64": "arm64", "armv7l": "armhf"}
TRIPLETS = {"i386": "i386-linux-gnu", "amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu", "armhf": "arm-linux-gnueabihf"}
DEBIAN_SUITES = ("bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable")
WRAPPER = """#!/bin/sh
here=${{0%/*}}
lib=$here/root/usr/lib/{triplet}
exec "$lib/{loader}" --library-path "$lib" "$here/root/usr/bin/micropython" "$@"
"""


class Unavailable(Exception):
    """MicroPython cannot be brought here; the message says why and what to do."""


def find_micropython() -> Path | None:
    """Return the MicroPython to test with: $PETITPAS_MICROPYTHON, else the one in `.tools` of this checkout, else None."""
    named = os.environ.get("PETITPAS_MICROPYTHON")
    path = Path(named) if named else ROOT / ".tools" / "micropython" / "micropython"
    return path if path.is_file() else None


def stanzas(folder: Path) -> Iterator[dict[str, str]]:
    """Yield every source of the apt folder `folder` as deb822 fields with lower-case names, from both formats of apt."""
    for path in sorted(folder.glob("sources.list.d/*.sources")):
        fields: dict[str, str] = {}
        last = ""
        for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
            if not line.strip():
                if fields:
                    yield fields
                fields = {}
            elif line[0] in " \t":
                fields[last] = f"{fields.get(last, '')} {line.strip()}"
            elif not line.startswith("#") and ":" in line:
                last, value = line.split(":", 1)
                last = last.strip().lower()
                fields[last] = value.strip()
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]:
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            kind, _, rest = line.split("#", 1)[0].strip().partition(" ")
            options = ""
            if rest.lstrip().startswith("["):
                options, _, rest = rest.lstrip()[1:].partition("]")
            words = rest.split()
            if kind == "deb" and len(words) >= 2:
                signed = [option.split("=", 1)[1] for option in options.split() if option.startswith("signed-by=")]
                fields = {"types": kind, "uris": words[0], "suites": words[1], "components": " ".join(words[2:])}
                yield {**fields, "signed-by": signed[0]} if signed else fields


def mirror(folder: Path = Path("/etc/apt")) -> tuple[str, str]:
    """
    Return the Debian mirror this machine uses and its keyring.

    Without one (a Debian-like system): Debian's own mirror, and Debian's keyring, which then must be there.
    """
    keyring = next((str(path) for path in KEYRINGS if path.is_file()), "")
    for fields in stanzas(folder):
        suites = fields.get("suites", "").split()
        is_main = "deb" in fields.get("types", "").split() and "main" in fields.get("components", "").split()
        is_reached = fields.get("enabled", "yes").lower() != "no" and not fields.get("uris", "").startswith("cdrom:")
        if is_main and is_reached and any(suite in DEBIAN_SUITES for suite in suites):
            signed = fields.get("signed-by", "")
            return fields["uris"].split()[0], signed if signed.startswith("/") else keyring
    return MIRROR, keyring


def apt_options(folder: Path, arch: str) -> list[str]:
    """Return the options that keep apt-get within `folder`."""
    settings = {
        "Dir::Etc::sourcelist": folder / "petitpas.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State": folder / "state",
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": folder / "cache",
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    return ["-qq", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]


def call(command: list[str], folder: Path) -> None:
    """Run `command` in `folder`; raise Unavailable with the end of what it said when it fails."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        raise Unavailable(f"{command[0]} failed:\n" + "\n".join(done.stdout.splitlines()[-5:]))


def unpack(folder: Path, arch: str) -> None:
    """Download the packages, unpack them under `folder`/root and write the wrapper."""
    uri, keyring = mirror()
    if not keyring:
        raise Unavailable("Debian's keyring is missing: install the package debian-archive-keyring.")
    apt = folder / "apt"
    for name in ("state", "lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    (apt / "petitpas.list").write_text(f"deb [signed-by={keyring}] {uri} {RELEASE} main\n", encoding="utf-8")
    call(["apt-get", *apt_options(apt, arch), "update"], apt)
    call(["apt-get", *apt_options(apt, arch), "download", *PACKAGES], apt)
    for package in sorted(apt.glob("*.deb")):
        call(["dpkg", "-x", str(package), str(folder / "root")], apt)
    shutil.rmtree(apt)
    library = folder / "root" / "usr" / "lib" / TRIPLETS[arch]
    loader = next((path.name for path in sorted(library.glob("ld-linux*.so.*"))), "")
    if not loader:
        raise Unavailable(f"the loader of {arch} is not in the package libc6.")
    wrapper = folder / "micropython"
    wrapper.write_text(WRAPPER.format(triplet=TRIPLETS[arch], loader=loader), encoding="utf-8")
    wrapper.chmod(0o755)


def answers(wrapper: Path, arch: str) -> bool:
    """Return whether `wrapper` is for `arch` and its MicroPython runs."""
    if not wrapper.is_file() or TRIPLETS[arch] not in wrapper.read_text(encoding="utf-8"):
        return False
    try:
        done = subprocess.run([wrapper, "-c", "print(6 * 7)"], capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == "42"


def get(folder: Path, arch: str) -> Path:
    """Return the wrapper of a MicroPython in `folder` that runs, after bringing it there if needed; raise Unavailable."""
    wrapper = folder / "micropython"
    if answers(wrapper, arch):
        return wrapper
    missing = [tool for tool in ("apt-get", "dpkg") if not shutil.which(tool)]
    if missing:
        raise Unavailable(f"{' and '.join(missing)} not found: this needs Debian or a system made from it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as aside:
        made = Path(aside) / "made"
        made.mkdir()
        unpack(made, arch)
        if not answers(made / "micropython", arch):
            raise Unavailable(f"MicroPython for {arch} was unpacked but does not run on this {platform.machine()} machine.")
        if folder.exists():
            folder.rename(Path(aside) / "old")
        made.rename(folder)
    return wrapper


def main() -> int:
    """Read the command line, bring MicroPython, print where it is."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--arch", choices=sorted(TRIPLETS), default=ARCHITECTURES.get(platform.machine(), "amd64"))
    arguments = parser.parse_args()
    try:
        print(get(arguments.folder.absolute(), arguments.arch))
    except Unavailable as reason:
        print(f"get_micropython: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

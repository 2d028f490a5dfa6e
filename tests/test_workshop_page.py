"""Mes robots at the wall: what is plugged in, and the workshop's dialogues by taps alone, on simulated robots."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygame
import pytest
from shown import press, said, tap

from petitpas.errors import PortUnplugged
from petitpas.robots import Port, Robot, Settings, uf2
from petitpas.robots.board import Board
from petitpas.robots.doctor import Finding
from petitpas.robots.fleet import Fleet
from petitpas.robots.installer import Installer, Progress
from petitpas.robots.ports import FoundPort
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk
from petitpas.wall.pages.robots_page import SHOWN, RobotsPage
from petitpas.wall.pages.workshop_page import WorkshopPage
from petitpas.wall.person import READY, Shown
from petitpas.wall.shell import Shell
from petitpas.words import Words
from petitpas.workshop import installing
from petitpas.workshop.flashing import BASES
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from tests.fake_board import FILES, KIT, OLD, OWN, WANTED, WITHIN, FakeTransport, Flash, SilentPort
from tests.simulated import URL, simulated
from tests.test_uf2 import base, blocks_of

LIMIT_S = 60.0
"""No dialogue of these tests computes for so long; only one that hangs does."""


def runner_of(*names: str, kit: str = "exact") -> Runner:
    runner = Runner(Mat(9, 9))
    for number, name in enumerate(names):
        flaws = draw_flaws(load_kit(kit), 1) if load_kit(kit).board else None
        runner.add(name, load_kit(kit), Place(4 + number, 2), flaws=flaws)
    return runner


def put_back(runner: Runner) -> None:
    """Do what the page asks: put the robot where its line begins."""
    runner.put("lapin", Place(4, 2))


class Ports:
    """What is plugged in, as a doctor finds it: a finding at each port; a drive is a board that waits for a file."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = list(findings)

    def ports(self) -> list[FoundPort]:
        return [FoundPort(str(finding.fields["port"]), "", True) for finding in self.findings if "port" in finding.fields]

    def drives(self) -> list[str]:
        return [str(finding.fields["drive"]) for finding in self.findings if "drive" in finding.fields]

    def examine(self, url: str = "") -> list[Finding]:
        return [finding for finding in self.findings if finding.fields.get("port") == url]


def well(name: str) -> Finding:
    return Finding("well", {"port": f"sim://{name}", "robot": name, "kit": "pico-stepper"})


@contextmanager
def wall(*findings: Finding, ports: Ports | None = None) -> Iterator[Shell]:
    """The page of the robots, on which these findings are shown."""
    fleet = Fleet(ports or Ports(*findings))  # type: ignore[arg-type]
    fleet.look()
    desk = Desk(open_driver=None, open_lesson=None, fleet=fleet)  # type: ignore[arg-type]
    shell = Shell(RobotsPage(desk), desk, is_calm=True)
    shell.resize((1280, 800))
    try:
        shell.step(0)
        yield shell
    finally:
        shell.close()


def asked(shell: Shell) -> Shown:
    """Wait for the next question of the dialogue, or its end; return what is shown."""
    page = shell.page
    assert isinstance(page, WorkshopPage)
    assert page.person.wait(LIMIT_S)
    shell.step(0)
    return page.person.shown


def test_no_robot_says_what_to_do_and_offers_nothing() -> None:
    with wall() as shell:
        assert "Allumer le robot" in said(shell)
        assert [spot.name for spot in shell.page.spots()] == ["back"]


def test_a_robot_that_is_plugged_in_appears_by_itself_and_goes_again() -> None:
    ports = Ports()
    with wall(ports=ports) as shell:
        fleet = shell.desk.fleet
        for findings, names in (([well("lapin")], {"name", "settings", "checkup", "install"}), ([], set()), ([well("chat")], {"name"})):
            ports.findings = findings
            fleet.look()
            shell.step(100)
            offered = {spot.name[0] for spot in shell.page.spots() if isinstance(spot.name, tuple)}
            assert names <= offered and bool(names) == bool(offered)
        assert "C’est le chat." in said(shell)
        assert Tool.BANNER not in {spot.name for spot in shell.spots()}  # it would lie over the title, and say the same


def test_more_robots_than_fit_are_shown_as_far_as_they_fit() -> None:
    with wall(*(well(name) for name in ("lapin", "chat", "ours", "renard", "canard", "tortue"))) as shell:
        assert len({spot.name[1] for spot in shell.page.spots() if isinstance(spot.name, tuple)}) == SHOWN


def test_before_the_first_look_nothing_is_said_to_be_missing() -> None:
    desk = Desk(open_driver=None, open_lesson=None)  # type: ignore[arg-type]
    shell = Shell(RobotsPage(desk), desk)
    shell.step(0)
    assert Words().text("wall.robots.looking") in said(shell)
    shell.close()


def test_a_robot_gets_its_animal_among_those_that_are_free_and_sings() -> None:
    with simulated(runner_of("lapin", "chat")) as runner, wall(well("lapin"), well("chat")) as shell:
        tap(shell, ("name", "sim://lapin"))
        choices = [name for name, _ in asked(shell).choices]
        assert "chat" not in choices and "renard" in choices
        before = runner.world.t_ms
        tap(shell, "renard")
        shown = asked(shell)
        assert shown.is_over and shown.said[0].startswith("C’est le renard")
        assert runner.world.t_ms - before >= 1000
        with Robot.open("sim://lapin") as robot:
            assert robot.identity.name == "renard"
        tap(shell, READY)
        assert isinstance(shell.page, RobotsPage)


def test_the_three_settings_are_made_by_taps() -> None:
    with simulated(runner_of("lapin", kit="pico-stepper")) as runner, wall(well("lapin")) as shell:
        tap(shell, ("settings", URL))
        for word in ("left", "straight", "exact", "exact"):
            assert [name for name, _ in asked(shell).choices] == [READY]
            put_back(runner)
            tap(shell, READY)
            assert len(asked(shell).choices) == 3
            tap(shell, word)
        shown = asked(shell)
        assert shown.is_over and "maintenant : droit +80" in shown.said[-1]
        with Robot.open(URL) as robot:
            assert robot.settings() == Settings(straight=80)


def test_a_checkup_says_what_to_mend() -> None:
    with simulated(runner_of("lapin", kit="pico-stepper")), wall(well("lapin")) as shell:
        tap(shell, ("checkup", URL))
        for answer in ("four", "one", "well", "clicks"):
            assert [name for name, _ in asked(shell).choices] == [READY]
            tap(shell, READY)
            asked(shell)
            tap(shell, answer)
        asked(shell)
        shell.page.person.leave()  # type: ignore[attr-defined]
        shown = asked(shell)
        assert shown.is_over and any("1/16" in sentence for sentence in shown.said)


@pytest.mark.parametrize("way", ["back", "escape", "stop"])
def test_who_leaves_stops_the_robot_and_keeps_what_was_settled(way: str) -> None:
    with simulated(runner_of("lapin", kit="pico-stepper")) as runner, wall(well("lapin")) as shell:
        tap(shell, ("settings", URL))
        for word in (READY, "right", READY, "straight", READY):
            asked(shell)
            put_back(runner)
            tap(shell, word)
        page = shell.page
        assert isinstance(page, WorkshopPage)
        assert page.stop() if way == "stop" else True
        if way == "back":
            tap(shell, "back")
            assert isinstance(shell.page, RobotsPage)
        elif way == "escape":
            press(shell, pygame.K_ESCAPE)
        assert page.person.wait(LIMIT_S) and page.person.shown.is_over
        assert not runner.robots["lapin"].hal.is_moving()
        with Robot.open(URL) as robot:
            assert robot.settings() == Settings(straight=-80)


def test_a_cable_that_goes_in_a_dialogue_is_said_and_nothing_hangs() -> None:
    with simulated(runner_of("lapin", kit="pico-stepper")) as runner, wall(well("lapin")) as shell:
        tap(shell, ("settings", URL))
        asked(shell)
        runner.robots["lapin"].cable.unplug()
        tap(shell, READY)
        shown = asked(shell)
        assert shown.is_over and shown.has_trouble
        assert shown.said[-1] == PortUnplugged(port=URL).say("fr")
        tap(shell, READY)
        assert isinstance(shell.page, RobotsPage)


def test_a_board_that_is_unplugged_while_it_is_prepared_says_what_to_do_and_the_next_time_repairs(monkeypatch: pytest.MonkeyPatch) -> None:
    flash, cuts = Flash({**OLD, **OWN}), [2, 12, 20]
    finding = Finding("unfinished", {"port": URL, "kit": KIT})

    def on_a_board(url: str, kit: str, files: object, progress: Progress) -> Installer:
        """A robot that answers once all is in its place; before, there is only MicroPython's prompt."""

        def open_board(url: str) -> Board:
            transport = FakeTransport(flash, cut_at=cuts[0] if cuts else 0, where=WITHIN)
            transport.enter_raw_repl()
            return Board(url, transport)

        def open_port(url: str) -> Port:
            return Port(url) if flash.resets else SilentPort(url)  # type: ignore[return-value]

        return Installer(url, kit, FILES, progress, open_board=open_board, open_port=open_port, pause_s=lambda seconds: None)

    monkeypatch.setattr(installing, "board_files", lambda kit: FILES)
    monkeypatch.setattr(installing, "Installer", on_a_board)
    with simulated(runner_of("lapin")), wall(finding) as shell:
        while cuts:
            tap(shell, ("install", URL))
            shown = asked(shell)
            assert shown.is_over and shown.has_trouble and shown.bar is None
            assert shown.said[-2:] == (PortUnplugged(port=URL).say("fr"), Words().sentence("wall.workshop.cut"))
            tap(shell, READY)
            assert isinstance(shell.page, RobotsPage)
            del cuts[0]
            shell.desk.fleet.look()  # the cable is back
            shell.step(0)
        tap(shell, ("install", URL))
        shown = asked(shell)
        assert shown.is_over and not shown.has_trouble
        assert flash.files == {**WANTED, **OWN}


def test_a_disk_that_refuses_while_a_board_is_prepared_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(kit: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/module.mpy")

    monkeypatch.setattr(installing, "board_files", refused)
    with wall(Finding("unfinished", {"port": URL, "kit": KIT})) as shell:
        tap(shell, ("install", URL))
        shown = asked(shell)
        assert shown.is_over and shown.has_trouble and "/tmp/module.mpy" in shown.said[-1]


def test_all_robots_sing_one_after_another() -> None:
    with simulated(runner_of("lapin", "chat")), wall(well("lapin"), well("chat")) as shell:
        tap(shell, "who")
        shown = asked(shell)
        assert shown.is_over and [said.split("sur ")[-1] for said in shown.said] == ["sim://chat.", "sim://lapin."]


def test_a_board_is_asked_for_its_motors_before_it_is_prepared() -> None:
    finding = Finding("no_petitpas", {"port": "sim://nobody", "machine": "Pico", "version": "1.25.0", "oldest": "1.24"})
    with wall(finding) as shell:
        assert "petitpas install" not in said(shell)
        tap(shell, ("install", "sim://nobody"))
        assert [name for name, _ in asked(shell).choices] == ["pico-stepper", "pico-dc"]
        tap(shell, "pico-dc")
        shown = asked(shell)
        assert shown.is_over and shown.has_trouble and "sim://nobody" in shown.said[-1]


def test_fingers_on_an_answer_that_has_gone_are_let_go() -> None:
    with simulated(runner_of("lapin", kit="pico-stepper")), wall(well("lapin")) as shell:
        tap(shell, ("settings", URL))
        asked(shell)
        shell.step(0)
        tap(shell, READY)
        asked(shell)
        assert READY not in [spot.name for spot in shell.spots()]


@pytest.mark.parametrize("family", [uf2.RP2040, uf2.RP2350])
def test_a_board_that_waits_as_a_drive_gets_the_one_file_for_its_chip(family: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETITPAS_DATA", str(tmp_path))
    drive = tmp_path / "RPI-RP2"
    drive.mkdir()
    (drive / "INFO_UF2.TXT").write_text("Board-ID: RP2350\n" if family == uf2.RP2350 else "Board-ID: RPI-RP2\n")
    with wall(Finding("bootsel", {"drive": str(drive)})) as shell:
        tap(shell, ("flash", str(drive)))
        asked(shell)
        tap(shell, "pico-stepper")
        shown = asked(shell)
        assert BASES[family] in shown.said[-1] and str(tmp_path / "micropython") in shown.said[-1]
        tap(shell, READY)
        (tmp_path / "micropython").mkdir()
        for number, chip in enumerate((uf2.RP2040, uf2.RP2350)):
            (tmp_path / "micropython" / f"{number}.uf2").write_bytes(base(family=chip))
        tap(shell, ("flash", str(drive)))
        asked(shell)
        tap(shell, "pico-stepper")
        shown = asked(shell)
        assert shown.is_over and not shown.has_trouble
        blocks = blocks_of((drive / "petitpas-pico-stepper.uf2").read_bytes())
        assert {block[3] for block in blocks} == {family}


def test_a_drive_that_goes_away_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETITPAS_DATA", str(tmp_path))
    (tmp_path / "micropython").mkdir()
    (tmp_path / "micropython" / "pico.uf2").write_bytes(base())
    gone = tmp_path / "RPI-RP2"
    with wall(Finding("bootsel", {"drive": str(gone)})) as shell:
        tap(shell, ("flash", str(gone)))
        asked(shell)
        tap(shell, "pico-dc")
        shown = asked(shell)
        assert shown.is_over and shown.has_trouble
        assert str(gone) in shown.said[-1] and "Tenir la touche BOOTSEL" in shown.said[-1]

"""Contrôle technique from the host: the table of findings, the robot's own word, and the command with a person who types."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain, product, repeat

import pytest

from petitpas import cli
from petitpas.errors import RobotFault
from petitpas.making import inspected
from petitpas.robots import Checked, Report, Robot
from petitpas.robots.checkup import (
    BUZZER_SEEN,
    FULLEST_MV,
    KEYS,
    LIGHTS_SEEN,
    WHEEL_SEEN,
    judge_battery,
    judge_keys,
    judge_seen,
    judge_wheel,
    keys_of,
    sensed,
    sensors_of,
)
from petitpas.terminal import Terminal
from petitpas.words import Words
from petitpas.workshop.inspecting import AGAIN, PARTS, Hand, Inspection
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.motors import DcHal
from petitpas_sim.runner import Runner
from tests.simulated import URL, simulated

FRENCH = Words("fr")
HOWS = [number for name, number in vars(o).items() if name.startswith("HOW_") and number != o.HOW_RUNNING]
FAULTS = (o.FAULT_NONE, o.FAULT_NO_COUNTS, o.FAULT_BACKWARD, o.FAULT_OTHER_WHEEL)


def ended(how: int = o.HOW_DONE, fault: int = o.FAULT_NONE) -> Checked:
    return Checked(wire.CHECK_LEFT, how, fault, 0, 0)


def report(**changes: int) -> Report:
    fields = {"time_ms": 0, "heading_deg": 0, "battery_mv": 5000, "distance_mm": wire.NO_READING, "line_left": 900, "line_right": 900}
    return Report(**{**fields, "light": 0, "keys": 0, "flags": 0, **changes})


# --- The table ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seen", "checked", "code"),
    [
        ("stepper", "one", ended(), ""),
        ("stepper", "four", ended(), "motor_1_16"),
        ("stepper", "two", ended(), "motor_1_32"),
        ("stepper", "hums", ended(), "motor_12v"),
        ("stepper", "some", ended(), "motor_12v"),
        ("stepper", "nothing", ended(), "motor_unplugged"),
        ("stepper", "backward", ended(), "motor_mirrored"),
        ("stepper", "other", ended(), "motors_exchanged"),
        ("dc", "one", ended(), ""),
        ("dc", "other", ended(), "sides_exchanged"),
        ("dc", "backward", ended(), "both_backward"),
        ("dc", "nothing", ended(), "wheel_loose"),
        ("dc", "two", ended(), "encoder_other"),
        ("dc", "some", ended(o.HOW_BLOCKED, o.FAULT_NO_COUNTS), "encoder_silent"),
        ("dc", "nothing", ended(o.HOW_BLOCKED, o.FAULT_NO_COUNTS), "motor_unplugged"),
        ("dc", "hums", ended(o.HOW_BLOCKED, o.FAULT_NO_COUNTS), "wheel_held"),
        ("dc", "some", ended(o.HOW_BLOCKED, o.FAULT_BACKWARD), "encoder_backward"),
        ("dc", "backward", ended(o.HOW_BLOCKED, o.FAULT_BACKWARD), "motor_backward"),
        ("dc", "other", ended(o.HOW_BLOCKED, o.FAULT_OTHER_WHEEL), "motors_exchanged"),
        ("dc", "some", ended(o.HOW_BLOCKED, o.FAULT_OTHER_WHEEL), "encoders_exchanged"),
        ("dc", "some", ended(o.HOW_BLOCKED), "wheel_held"),
        ("stepper", "nothing", ended(o.HOW_LIFTED), "lifted"),
        ("dc", "one", ended(o.HOW_BATTERY), "battery_empty"),
    ],
)
def test_what_is_the_matter_with_a_wheel(kind: str, seen: str, checked: Checked, code: str) -> None:
    assert judge_wheel(kind, seen, checked) == code


def test_everything_that_can_be_seen_and_said_has_its_sentences() -> None:
    codes = {judge_wheel(kind, seen, ended(how, fault)) for kind, seen, how, fault in product(("stepper", "dc"), WHEEL_SEEN, HOWS, FAULTS)}
    codes |= {judge_seen("lights", seen) for seen in LIGHTS_SEEN} | {judge_seen("buzzer", seen) for seen in BUZZER_SEEN}
    codes |= {"keys_none", "keys_some", "sensors_some", "battery_none", "battery_high", "battery_low"}
    said = {key.split(".")[2] for key in FRENCH.keys("checkup.findings")}
    assert codes - {""} == said
    assert all(FRENCH.has(f"checkup.findings.{code}.{half}") for code in said for half in ("what", "do"))
    seen = {*WHEEL_SEEN, *LIGHTS_SEEN, *BUZZER_SEEN}
    assert {key.split(".")[2] for key in FRENCH.keys("checkup.seen")} == seen | {AGAIN}


def test_only_a_turn_that_robot_and_person_agree_on_is_well() -> None:
    for kind, seen, how, fault in product(("stepper", "dc"), WHEEL_SEEN, HOWS, FAULTS):
        is_well = (seen, how, fault) == ("one", o.HOW_DONE, o.FAULT_NONE)
        assert (judge_wheel(kind, seen, ended(how, fault)) == "") == is_well


def test_keys_sensors_and_battery() -> None:
    names = [name for _, name in KEYS]
    assert list(keys_of(report(keys=0b1000001))) == ["forward", "go"]
    assert [judge_keys(seen) for seen in (names, [], names[1:])] == ["", "keys_none", "keys_some"]
    assert sensors_of(o.CAN_ROLL) == ()
    assert sensors_of(o.CAN_LIFT | o.CAN_LINE) == ("lift", "line_left", "line_right")
    assert list(sensed(report())) == []
    shown = report(distance_mm=100, line_left=100, line_right=100, flags=wire.REPORT_BUMP | wire.REPORT_LIFT)
    assert tuple(sensed(shown)) == sensors_of(0xFFFF)
    levels = {wire.NO_READING: "battery_none", FULLEST_MV + 1: "battery_high", FULLEST_MV: "", 4700: ""}
    assert {mv: judge_battery(report(battery_mv=mv)) for mv in levels} == levels
    assert judge_battery(report(battery_mv=4500, flags=wire.REPORT_BATTERY_LOW)) == "battery_low"


# --- The robot --------------------------------------------------------------------------------------------------


def flawed(kit: str) -> Runner:
    runner = Runner(Mat(5, 5))
    runner.add("lapin", load_kit(kit), Place.parse("C3N"), flaws=draw_flaws(load_kit(kit), 1))
    return runner


def played(robot: Robot, part: int) -> Checked:
    checked = robot.check(part)
    while checked.how == o.HOW_RUNNING:
        robot.wait(limit_ms=100)
        checked = robot.check()
    return checked


@pytest.mark.parametrize(("kit", "turn"), [("pico-stepper", 4076), ("pico-dc", 1400)])
def test_one_wheel_of_a_simulated_robot_turns_once(kit: str, turn: int) -> None:
    with simulated(flawed(kit)), Robot.open(URL) as robot:
        left, right = (played(robot, part) for part in (wire.CHECK_LEFT, wire.CHECK_RIGHT))
        assert left.how == right.how == o.HOW_DONE
        assert (left.right, right.left) == (0, 0)
        assert abs(left.left - turn) <= 1
        assert abs(right.right - turn) <= 1


def test_a_simulated_motor_that_is_unplugged_is_told_by_the_robot() -> None:
    runner = flawed("pico-dc")
    hal = runner.robots["lapin"].hal
    assert isinstance(hal, DcHal)
    hal.motors[1].full_rate = 0.0
    with simulated(runner), Robot.open(URL) as robot:
        checked = played(robot, wire.CHECK_RIGHT)
        assert (checked.how, checked.fault) == (o.HOW_BLOCKED, o.FAULT_NO_COUNTS)
        assert played(robot, wire.CHECK_LEFT).how == o.HOW_DONE


def test_stop_ends_a_part_at_once_and_a_robot_without_motors_says_so() -> None:
    runner = flawed("pico-stepper")
    with simulated(runner), Robot.open(URL) as robot:
        robot.check(wire.CHECK_WHEELS)
        robot.wait(limit_ms=1000)
        assert runner.robots["lapin"].hal.is_moving()
        robot.stop()
        assert not runner.robots["lapin"].hal.is_energised()
        assert robot.check().how == o.HOW_STOPPED
    with simulated(), Robot.open(URL) as robot, pytest.raises(RobotFault) as caught:
        robot.check(wire.CHECK_LEFT)
    assert caught.value.fault == o.FAULT_UNSUPPORTED


# --- The command --------------------------------------------------------------------------------------------------


def inspect(*lines: str, rest: str | None = "") -> tuple[bool, list[str]]:
    """Check a simulated robot up with a person who types these lines, then always `rest`; return whether all is well, and what was told."""
    typed: Iterator[str | None] = chain(lines, repeat(rest))
    with inspected(URL, FRENCH, lambda: next(typed)) as inspection:
        inspection.person = Terminal(FRENCH, lambda: next(typed), out := io.StringIO())
        return inspection.examine(), out.getvalue().splitlines()


def test_enter_all_along_is_a_robot_that_is_well() -> None:
    is_well, told = inspect()
    assert is_well
    assert [line for line in told[-len(PARTS) :] if not line.endswith("c’est bon.")] == []


def test_what_was_seen_is_in_the_report() -> None:
    is_well, told = inspect("", "2", "", "5", "", "3", "", "2")
    assert not is_well
    assert [line.split(" : ")[1] for line in told[-7:-3]] == [
        "ce moteur a un réducteur 1/16",
        "les fils de ce moteur sont dans l’autre ordre. Brancher IN1 à IN4 dans l’ordre du plan, ou changer le signe de cette roue"
        " dans le fichier du kit.",
        "les dernières lumières ne reçoivent rien. Vérifier la soudure ou le fil après la dernière qui s’allume, ou changer la barre.",
        "le buzzer est muet. Vérifier ses deux fils.",
    ]


def test_a_part_is_done_again_and_odd_answers_are_asked_again() -> None:
    odd = ["bof", "0", "10", "-1", "²", "1" * 5000, "\x00"]
    is_well, told = inspect("", "encore", "", *odd, "1")
    assert is_well
    assert sum("Repère un point" in line for line in told) == 3
    assert sum("Taper un des numéros" in line for line in told) == len(odd)


@pytest.mark.parametrize("count", range(13))
def test_the_end_of_input_stops_anywhere(count: int) -> None:
    is_well, told = inspect(*[""] * count, rest=None)
    assert is_well == (count >= 10)
    assert ("On s’arrête là" in "\n".join(told)) == (count < 10)


def test_keys_that_are_not_seen_are_named() -> None:
    with inspected(URL, FRENCH, lambda: "") as inspection:
        assert inspection.hand is not None
        inspection.hand.show = lambda thing: Hand.show(inspection.hand, thing if thing == "forward" else "")  # type: ignore[method-assign, arg-type]
        inspection.person = Terminal(FRENCH, lambda: "", out := io.StringIO())
        assert not inspection.examine()
    lines = out.getvalue().splitlines()
    assert lines[-3].startswith("Touches : le robot n’a pas vu : reculer, gauche, droite, pause, effacer, GO.")
    assert lines[-2].startswith("Capteurs : le robot n’a pas vu : le pare-chocs appuyé, le robot soulevé, une main")


def test_the_keys_of_the_checkup_neither_make_nor_run_a_program() -> None:
    runner = flawed("pico-stepper")
    with simulated(runner), Robot.open(URL) as robot:
        assert Inspection(robot, Terminal(FRENCH, lambda: "", io.StringIO()), Hand(runner)).examine()
        assert robot.state().run == 0
        assert robot.read_program() == b""


def test_what_a_robot_has_not_is_left_out() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        out = io.StringIO()
        Inspection(robot, Terminal(FRENCH, lambda: "", out), Hand(runner)).examine()
        told = out.getvalue().splitlines()
        assert "Roue gauche : rien à essayer sur ce robot." in told
        assert "Roue gauche : c’est bon." in told


@pytest.mark.parametrize(("typed", "status"), [("\n" * 100, cli.OK), ("\n7\n" + "\n" * 100, cli.ENDED_EARLY), ("", cli.ENDED_EARLY)])
def test_the_command_and_its_status(typed: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert cli.main(["checkup", "--port", URL, "--lang", "en"]) == status
    assert "Check-up:" in capsys.readouterr().out


def test_no_robot_and_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petitpas.robots.find_ports", list)
    assert cli.main(["checkup"]) == cli.ROBOT_TROUBLE
    assert cli.main(["checkup", "--port", "COM99"]) == cli.ROBOT_TROUBLE

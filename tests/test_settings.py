"""The three settings word by word: what is tried, what is kept when a person stops, robots that a child has set, and the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.tuning import CELLS, PLACE, QUARTERS, SEES, Child, percentile
from petitpas import cli
from petitpas.errors import KitError, PortUnplugged
from petitpas.making import guided
from petitpas.program import from_compact
from petitpas.robots import Robot, Settings
from petitpas.robots.settling import Settling
from petitpas.robots.tuning import TRIALS, TRIES
from petitpas.simulated import make_runner
from petitpas.terminal import Terminal
from petitpas.words import Words
from petitpas.workshop.adjusting import Guide
from petitpas_robot import opcodes, wire
from petitpas_sim.hardware import draw_flaws
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.runner import Runner
from tests.simulated import URL, simulated

NAMES = [trial.name for trial in TRIALS]
OLD = Settings(straight=10, length=20, turn=30, volume=40)
settings = st.builds(Settings, *[st.integers(-wire.TRIM_MOST, wire.TRIM_MOST)] * 3, st.integers(0, 100))

# --- The state machine ----------------------------------------------------------------------------------------


def after(steps: Settling, *places: int) -> Settling:
    """Return where we are when these words have been said: 0 for the first of a trial's three, 1 for exact, 2 for the last."""
    for place in places:
        assert steps.trial is not None
        steps = steps.answered(steps.trial.words[place])
    return steps


def test_exact_goes_on_to_the_next_setting_and_changes_nothing() -> None:
    steps = Settling(OLD)
    seen = []
    while steps.trial:
        assert steps.tried == OLD
        seen.append(steps.trial.name)
        steps = after(steps, 1)
    assert seen == ["straight", "length", "turn"]
    assert steps.kept == steps.tried == OLD


def test_a_word_changes_what_is_tried_but_not_what_is_kept() -> None:
    steps = after(Settling(OLD), 0)
    assert steps.kept == OLD
    assert steps.tried == Settings(straight=(10 + TRIALS[0].most) // 2, length=20, turn=30, volume=40)


def test_what_is_settled_is_kept_and_what_is_not_is_as_before() -> None:
    steps = after(Settling(OLD), 0, 1, 2, 0)
    assert steps.trial is TRIALS[1]
    assert steps.kept == Settings(straight=85, length=20, turn=30, volume=40)
    assert steps.tried.length != OLD.length


def test_three_words_are_enough_for_each() -> None:
    assert [after(Settling(OLD), *[0] * count).place for count in range(3 * TRIES + 1)] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize(("steps", "word"), [(Settling(OLD), "short"), (Settling(OLD), ""), (Settling(OLD, place=3), "exact")])
def test_a_word_that_is_not_asked_is_refused(steps: Settling, word: str) -> None:
    with pytest.raises(ValueError):
        steps.answered(word)


@given(settings, st.lists(st.integers(0, 2), max_size=3 * TRIES))
def test_whenever_a_person_stops_only_settled_settings_have_changed(before: Settings, words: list[int]) -> None:
    steps = Settling(before)
    for word in words:
        if steps.trial is None:
            break
        steps = after(steps, word)
        assert steps.kept.volume == before.volume
        for name in NAMES[steps.place :]:
            assert getattr(steps.kept, name) == getattr(before, name)
        assert all(abs(getattr(steps.tried, name)) <= wire.TRIM_MOST for name in NAMES)


# --- Robots ---------------------------------------------------------------------------------------------------


def settle_by_child(robot: Robot, child: Child) -> int:
    """Go through the three settings with what a child sees; return how many words that took."""
    steps, words = Settling(robot.settings()), 0
    while steps.trial:
        robot.set_settings(steps.tried)
        steps, words = steps.answered(child.say(steps.trial)), words + 1
    robot.set_settings(steps.kept)
    return words


@pytest.mark.parametrize("kit_name", ["pico-stepper", "pico-dc"])
def test_robots_are_near_their_cells_once_a_child_has_set_them(kit_name: str) -> None:
    kit, cells, quarters = load_kit(kit_name), [], []
    for seed in range(20):
        runner = Runner(Mat(9, 9))
        runner.add("lapin", kit, PLACE, flaws=draw_flaws(kit, seed))
        with simulated(runner), Robot.open(URL) as robot:
            child = Child(runner, robot)
            assert settle_by_child(robot, child) <= 3 * TRIES
            (east, north, _), (x, y, _) = child.watch(CELLS)
            cells.append(hypot(x - east, y - north - 4 * CELL_MM) / 4)
            (_, _, before), *_, (_, _, now) = child.watch(QUARTERS)
            quarters.append(abs((now - before + 180) % 360 - 180) / 4)
    assert percentile(cells, 95) <= 3
    assert percentile(quarters, 95) <= 2


# --- The command ----------------------------------------------------------------------------------------------


def typed(*lines: str | None) -> Callable[[], str | None]:
    """Return a person who types these lines, then no more."""
    waiting = iter(lines)
    return lambda: next(waiting, None)


class Seeing:
    """A person who presses Enter and answers by the number that the command tells of a simulated robot."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.said = ""

    def __call__(self) -> str:
        told = self._capsys.readouterr().out
        self.said += told
        trial = next((trial for trial in TRIALS if Words().text(f"settings.{trial.name}.ask") in told), None)
        if trial is None:
            return "\n"
        off = float(next(word for line in told.splitlines() if "simulé" in line for word in line.split() if word[0] in "+-"))
        return "2" if abs(off) <= SEES[trial.name] else "1" if off < 0 else "3"


def test_the_command_guides_a_person_until_the_robot_goes_straight(capsys: pytest.CaptureFixture[str]) -> None:
    person = Seeing(capsys)
    with guided("sim://souris", Words(), "pico-stepper", person) as guide:
        assert guide.settle()
        assert guide.robot.settings() != Settings()
        guide.show()
    assert "La souris : droit" in person.said + capsys.readouterr().out


def exact_robot() -> Runner:
    runner = Runner(Mat(9, 9))
    runner.add("lapin", load_kit("exact"), Place.parse("E3N"))
    return runner


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ((), OLD),
        (("\n",), OLD),
        (("\n", "3\n", "\n"), OLD),
        (("\n", "1\n", "\n", "2\n", "\n", "1\n"), Settings(straight=85, length=20, turn=30, volume=40)),
    ],
)
def test_who_stops_keeps_what_was_settled(lines: Sequence[str], kept: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with simulated(exact_robot()) as runner, Robot.open(URL) as robot:
        robot.set_settings(OLD)
        assert not Guide(robot, Terminal(Words(), typed(*lines)), runner).settle()
        assert robot.settings() == kept
    assert Words().text("settings.stopped") in capsys.readouterr().out


def test_ctrl_c_and_a_cable_that_goes_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> str:
        raise KeyboardInterrupt

    with simulated(exact_robot()) as runner, Robot.open(URL) as robot:
        robot.set_settings(OLD)
        said = [lambda: "\n", lambda: "1", lambda: "\n", interrupt]
        with pytest.raises(KeyboardInterrupt):
            Guide(robot, Terminal(Words(), lambda: said.pop(0)()), runner).settle()
        assert robot.settings() == OLD
        assert Words().text("settings.stopped") in capsys.readouterr().out
        with pytest.raises(PortUnplugged):
            Guide(robot, Terminal(Words(), lambda: str(runner.robots["lapin"].cable.unplug())), runner).settle()


def test_another_answer_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    with simulated(exact_robot()) as runner, Robot.open(URL) as robot:
        Guide(robot, Terminal(Words("en"), typed("\n", "sideways", "", "4", " 2 \n")), runner).settle()
    told = capsys.readouterr().out
    assert told.count(Words("en").text("terminal.odd")) == 3 and "2/3" in told


def test_a_trial_that_meets_something_is_made_again(capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner(Mat.parse("9x9", ["E5"]))
    runner.add("lapin", load_kit("pico-stepper"), Place.parse("E3N"))
    with simulated(runner), Robot.open(URL) as robot:
        assert not Guide(robot, Terminal(Words(), typed("\n", "\n")), runner).settle()
    told = capsys.readouterr().out
    assert told.count("barre le chemin") == 2 and told.count("1/3") == 3


def test_reset_puts_the_trims_to_zero_and_shows_what_they_were(capsys: pytest.CaptureFixture[str]) -> None:
    with simulated(exact_robot()), Robot.open(URL) as robot:
        robot.set_settings(OLD)
        Guide(robot, Terminal(Words(), typed())).reset()
        assert robot.settings() == Settings(volume=40)
    assert cli.main(["settings", "--port", "sim://ours", "--kit", "pico-dc", "--reset"]) == cli.OK
    assert "Le lapin, avant : droit +10, long +20, tour +30" in capsys.readouterr().out


def test_a_program_that_runs_is_stopped_first() -> None:
    with simulated(exact_robot()) as runner, Robot.open(URL) as robot:
        for change in (Guide.reset, Guide.settle):
            robot.load(from_compact([["forever", ["left"]]]))
            robot.start()
            change(Guide(robot, Terminal(Words(), typed()), runner))
            assert robot.state().how == opcodes.HOW_STOPPED


def test_a_robot_without_flaws_keeps_to_its_line_whatever_was_settled() -> None:
    with simulated(exact_robot()) as runner, Robot.open(URL) as robot:
        robot.set_settings(Settings(straight=160))
        finished = robot.play(from_compact([["forward", 2], "left", "backward"]))
        assert finished is not None and finished.how == opcodes.HOW_DONE
        assert str(runner.robots["lapin"].body.place()) == "F5W"


def test_simulated_robots_of_a_kit_have_flaws_of_their_own() -> None:
    runner = make_runner(robots=["lapin", "renard"], kit="pico-dc")
    lapin, renard = (body.flaws for body in runner.world.bodies)
    assert lapin is not None and lapin != renard
    assert make_runner(robots=["lapin"], kit="pico-dc").world.bodies[0].flaws == lapin
    with pytest.raises(KitError) as caught:
        make_runner(kit="pico")
    assert caught.value.code == "kit_unknown"


def test_no_robot_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("petitpas.robots.find_ports", list)
    assert cli.main(["settings"]) == cli.ROBOT_TROUBLE
    assert "--port" in capsys.readouterr().out

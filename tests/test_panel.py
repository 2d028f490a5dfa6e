"""The panel of push-buttons on gpiozero's mock pins: a child programs with it, with and without the wall. Time moves a look at a time."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from gpiozero import LED, Device
from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin
from pressed import Hand, wired

from petitpas.errors import PanelError, PanelMissing
from petitpas.program.blocks import Level
from petitpas.simulated import make_runner
from petitpas.tangible.floor import FloorDriver
from petitpas.tangible.free import free_task
from petitpas.tangible.lights import ANSWER_MS, BLINK_MS, PULSE_MS
from petitpas.tangible.loop import Drive, Loop
from petitpas.tangible.panel import Panel
from petitpas.tangible.pins import Pins
from petitpas.tangible.presses import STUCK_MS
from petitpas.wall.board import BOUNCE_MS, Status
from petitpas.wall.buttons import Offer
from petitpas.wall.driver import SimDriver
from petitpas.words import Words
from petitpas_sim.mat import Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner

LOOK_MS = 20
BOUNCE_S = 0.03


class Table:
    """A panel without a screen, and a simulated robot in virtual time."""

    def __init__(self, factory: MockFactory, pins: Pins, runner: Runner, level: Level = "GS", driver: Drive | None = None) -> None:
        self.hand = Hand(factory, pins)
        self.out = io.StringIO()
        self.runner = runner
        driver = driver or SimDriver(Virtual(runner), "lapin", Place(0, 0))
        self.loop = Loop(Panel(pins), driver, free_task(level), Words("fr"), self.out)
        self.now_ms = 0
        self.is_closed = False
        self.look()

    def look(self, ms: int = LOOK_MS) -> None:
        """Let time pass, a look at a time."""
        for _ in range(ms // LOOK_MS):
            self.now_ms += LOOK_MS
            self.runner.run_to(self.runner.world.t_ms + LOOK_MS)
            self.loop.step(self.now_ms)

    def wait(self, ms: int) -> None:
        """Let time pass between two looks."""
        self.now_ms += ms - LOOK_MS
        self.look()

    def press(self, *commands: str) -> None:
        for command in commands:
            self.hand.press(command)
            self.look()

    def lights(self, ms: int) -> set[float]:
        """Return all that GO's light shows for a while."""
        seen = set()
        for _ in range(ms // LOOK_MS):
            self.look()
            seen.add(self.hand.light("go"))
        return seen

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.loop.close()

    def ended(self) -> Status:
        """Let the run go on to its end."""
        for _ in range(2000):
            if not self.loop.activity.board.is_running:
                return self.loop.activity.board.status
            self.look()
        raise AssertionError("the run does not end")

    @property
    def cards(self) -> tuple[str, ...]:
        return self.loop.activity.cards

    @property
    def place(self) -> str:
        return str(self.runner.robots["lapin"].body.place())

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
def table(factory: MockFactory, pins: Pins) -> Iterator[Table]:
    runner = make_runner("4x4", "A1N", ["A4"])
    with open_to_hosts(Virtual(runner)):
        laid = Table(factory, pins, runner)
        yield laid
        laid.close()


# --- A child -------------------------------------------------------------------------------------------------------


def test_a_child_programs_runs_stops_clears_and_runs_again(table: Table) -> None:
    assert table.lights(PULSE_MS) == {0}  # nothing to run
    assert table.hand.light("clear") == 0

    table.press("forward", "forward", "right")
    assert table.cards == ("forward", "forward", "right")
    breath = table.lights(PULSE_MS)
    assert min(breath) > 0 and max(breath) > 0.95 and len(breath) > 20
    assert table.hand.light("clear") == 1

    table.press("go")
    assert table.lights(BOUNCE_MS) == {1}
    assert table.hand.light("clear") == 0  # nothing but STOP while it runs

    table.press("go")
    assert table.loop.activity.board.status is Status.STOPPED
    assert min(table.lights(PULSE_MS)) < 0.2  # it breathes again: the cards are still there
    stopped = table.place
    assert table.cards == ("forward", "forward", "right") and stopped != "A3E"

    table.press("clear")
    table.look(2 * ANSWER_MS)
    assert table.cards == () and table.place == "A1N"
    assert table.lights(PULSE_MS) == {0}

    table.press("right", "forward", "go")
    assert table.ended() is Status.DONE
    table.look()
    assert table.place == "B1E"
    assert min(table.lights(PULSE_MS)) < 0.2


def test_the_strip_is_a_line_of_text_in_which_the_card_that_runs_is_marked(table: Table) -> None:
    table.press("forward", "right", "go")
    table.ended()
    assert table.lines == [
        "avance  –  à toi !",
        "avance · à droite  –  à toi !",
        "avance · à droite  –  en route",
        "[avance] · à droite  –  en route",
        "avance · [à droite]  –  en route",
        "avance · à droite  –  ça y est !",
    ]


def test_a_card_at_which_something_is_in_the_way_is_marked(table: Table) -> None:
    table.press("forward", "forward", "forward", "go")
    assert table.ended() is Status.BLOCKED
    assert table.lines[-1] == "avance · avance · avance (!)  –  ça bloque ici"
    assert table.place == "A3N"


def test_step_plays_a_card_at_each_press(table: Table) -> None:
    table.press("forward", "right", "step")
    table.ended()
    assert table.place == "A2N"
    table.press("step")
    table.ended()
    assert table.place == "A2E"


def test_the_second_tap_of_a_trembling_finger_on_go_is_no_stop(table: Table) -> None:
    table.press("forward", "go", "go")
    assert table.loop.activity.board.is_running
    table.look(BOUNCE_MS)
    table.press("go")
    assert not table.loop.activity.board.is_running


# --- Buttons -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("button", ["backward", "undo"])
def test_a_button_that_the_level_does_not_have_answers_with_a_short_blink(table: Table, button: str) -> None:
    table.press(button)
    assert (table.cards, table.hand.light("go")) == ((), 1)
    table.look(ANSWER_MS)
    assert table.hand.light("go") == 0


def test_go_on_an_empty_strip_and_a_card_too_many_are_answered_the_same_way(table: Table) -> None:
    table.press("go")
    assert table.hand.light("go") == 1 and not table.loop.activity.board.is_running
    most = table.loop.activity.task.most
    table.press(*["forward"] * most)
    table.look(ANSWER_MS)
    assert table.hand.light("clear") == 1
    table.press("forward")
    assert len(table.cards) == most and table.hand.light("clear") == 0


def test_two_buttons_at_once_both_count_in_their_order(table: Table) -> None:
    for command in ("right", "forward"):
        table.hand.hold(command)
    for command in ("right", "forward"):
        table.hand.let_go(command)
    table.look()
    assert table.cards == ("right", "forward")


def test_a_button_that_stays_down_is_one_press_and_is_named_once_a_minute_later(table: Table) -> None:
    table.hand.hold("left")
    table.look()
    table.wait(STUCK_MS - LOOK_MS)
    assert table.cards == ("left",) and table.lines == ["à gauche  –  à toi !"]
    table.wait(LOOK_MS)
    table.wait(STUCK_MS)
    named = "La touche « à gauche » est enfoncée depuis une minute. Voir ce qui appuie dessus, ou si ses fils se touchent."
    assert table.lines[1:] == [named] and table.cards == ("left",)
    table.hand.let_go("left")
    table.hand.press("left")
    table.look()
    assert table.cards == ("left", "left")


def test_buttons_are_pulled_up_and_do_not_bounce_for_as_long_as_the_file_says(table: Table, factory: MockFactory, pins: Pins) -> None:
    for pin in pins.keys.values():
        assert (factory.pin(pin).pull, factory.pin(pin).bounce) == ("up", BOUNCE_S)


# --- The cable, and the end ----------------------------------------------------------------------------------------


def test_while_the_robot_cannot_be_reached_gos_light_blinks_and_it_is_told(table: Table) -> None:
    table.press("forward", "go")
    table.runner.robots["lapin"].cable.unplug()
    table.look()
    assert table.lines[-1] == "avance  –  Le robot n’est plus branché. Rebranche-le, et on continue."
    assert table.loop.activity.board.status is Status.STOPPED
    assert table.lights(BLINK_MS // 2) == {0, 1}
    table.look(1000)
    assert min(table.lights(2 * PULSE_MS)) > 0  # it is there again, and the light breathes
    assert table.cards == ("forward",) and "à l’arrêt" in table.lines[-1]


@pytest.mark.parametrize("level", ["PS", "MS", "GS", "CP", "CE1", "CE2"])
def test_each_level_makes_a_robot_move_and_begins_anew(factory: MockFactory, pins: Pins, level: Level) -> None:
    runner = make_runner("4x4", "A1N")
    with open_to_hosts(Virtual(runner)):
        table = Table(factory, pins, runner, level)
        table.press("forward", "go")  # in PS the card moves it at once, and GO, which is STOP by now, waits for a trembling finger
        assert table.hand.light("go") == 1
        table.ended()
        table.look()
        assert table.place == "A2N"
        table.press("clear")
        table.look()
        assert (table.place, table.cards) == ("A1N", ())
        table.close()


def test_ctrl_c_stops_the_robot_and_puts_the_lights_out(table: Table, factory: MockFactory, pins: Pins) -> None:
    table.press("forward", "forward", "go")
    table.look(500)

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    table.is_closed = True
    with pytest.raises(KeyboardInterrupt):
        table.loop.run(lambda: table.now_ms / 1000, interrupted)
    assert (table.hand.light("go"), table.hand.light("clear")) == (0, 0)
    before = table.runner.robots["lapin"].body.place()
    table.runner.run_to(table.runner.world.t_ms + 3000)
    assert table.place != "A3N" and table.runner.robots["lapin"].body.place() == before
    assert table.lines[-1] == "Le robot est à l’arrêt, les lumières sont éteintes."
    Panel(pins).close()  # the pins are free again


def test_a_plugged_robot_runs_the_strip_from_where_it_stands_and_stays_there(factory: MockFactory, pins: Pins) -> None:
    runner = make_runner("4x4", "B2E")
    with open_to_hosts(Virtual(runner)):
        table = Table(factory, pins, runner, driver=FloorDriver("sim://lapin", now_ms=lambda: runner.world.t_ms))
        table.press("forward", "left", "go")
        assert table.ended() is Status.DONE and table.place == "C2N"
        table.press("clear")
        table.look()
        assert (table.cards, table.place) == ((), "C2N")
        table.close()


# --- Pins that cannot be had ---------------------------------------------------------------------------------------


def test_a_pin_that_is_in_use_is_named_with_its_terminal_and_what_was_claimed_is_free_again(factory: MockFactory, pins: Pins) -> None:
    other = LED(pins.keys["go"])
    with pytest.raises(PanelError) as told:
        Panel(pins)
    assert "GPIO 13 (borne 33) de « keys.go » sert déjà à un autre programme" in str(told.value)
    assert "Fermer l’autre programme" in str(told.value)
    other.close()
    Panel(pins).close()


def test_a_pin_that_another_program_holds_is_told_the_same_way(factory: MockFactory, pins: Pins, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusal(Exception):
        """What lgpio raises, which gpiozero lets through."""

    class Held(MockPWMPin):  # type: ignore[misc]
        def __init__(self, *_: object) -> None:
            raise Refusal("'GPIO busy'")

    monkeypatch.setitem(sys.modules, "lgpio", SimpleNamespace(error=Refusal))
    factory.pin_class = Held
    with pytest.raises(PanelError, match="sert déjà à un autre programme"):
        Panel(pins)


def test_pins_that_cannot_dim_have_lights_that_are_on_or_off(factory: MockFactory, pins: Pins) -> None:
    factory.pin_class = MockPin
    panel, hand = Panel(pins), Hand(factory, pins)
    panel.show(Offer("ready"), PULSE_MS // 2)
    assert hand.light("go") == 1
    panel.close()


def test_a_computer_without_pins_and_one_without_gpiozero_say_so(pins: Pins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-such")
    with pytest.raises(PanelMissing, match="Le clavier fait la même chose"):
        Panel(pins)
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(PanelMissing, match="pip install gpiozero lgpio"):
        Panel(pins)


def test_what_lgpio_leaves_in_the_current_folder_is_not_left_in_the_class_s_own(
    tmp_path: Path, factory: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = wired(tmp_path)
    here = tmp_path / "stick"
    here.mkdir()
    monkeypatch.chdir(here)
    made: list[Path] = []

    def ensured() -> None:
        if not made:  # when it is imported
            made.append(Path(".lgd-nfy0").absolute())
            made[0].touch()

    monkeypatch.setattr(Device, "ensure_pin_factory", ensured)
    Panel(pins).close()
    assert made and Path.cwd() == here and list(here.iterdir()) == []

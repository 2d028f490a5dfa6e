"""A program on a robot, told line by line, while a cable comes and goes and a person presses Enter."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest

from petitpas.errors import RobotFault
from petitpas.play import Player
from petitpas.program import from_compact
from petitpas.words import Words
from petitpas_robot import opcodes as o
from petitpas_robot.app import App
from petitpas_sim.kits import load_kit
from petitpas_sim.runner import Runner
from tests.simulated import URL, simulated

WALK = from_compact(["forward", "right", "forward"])


class Told(io.StringIO):
    """What is told, and what happens when a line with a certain text is."""

    def __init__(self, text: str = "", then: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._text = text
        self._then: Callable[[], None] | None = then

    def write(self, said: str) -> int:
        count = super().write(said)
        if self._then is not None and self._text and self._text in said:
            then, self._then = self._then, None
            then()
        return count


def unplugged(runner: Runner) -> Callable[[], None]:
    return runner.robots["lapin"].cable.unplug


def waits(runner: Runner, ms: int) -> Callable[[float], None]:
    """Return a pause in which the world goes on for `ms`."""

    def pause(seconds: float) -> None:
        runner.run_to(runner.world.t_ms + ms)

    return pause


def test_a_cable_that_is_out_for_a_moment_changes_nothing() -> None:
    with simulated() as runner:
        told = Told("[b2]", unplugged(runner))
        finished = Player(URL, WALK, Words(), out=told, pause_s=waits(runner, 200)).play()
        assert finished.how == o.HOW_DONE
        assert "Rebranche" in told.getvalue()
        assert len(runner.robots["lapin"].body.path) == 2


def test_a_cable_that_is_out_for_longer_than_the_link_ends_the_run() -> None:
    with simulated() as runner:
        told = Told("[b2]", unplugged(runner))
        finished = Player(URL, WALK, Words(), out=told, pause_s=waits(runner, 3000)).play()
        assert finished.how == o.HOW_LINK_LOST
        assert not runner.world.snapshot().robots[0].is_moving


def test_a_robot_that_was_switched_off_meanwhile_is_told() -> None:
    with simulated() as runner:
        robot = runner.robots["lapin"]

        def pause(seconds: float) -> None:
            robot.brain = App(robot.hal, load_kit("exact"), "lapin")

        player = Player(URL, WALK, Words(), out=Told("[b2]", unplugged(runner)), pause_s=pause)
        with pytest.raises(RobotFault) as caught:
            player.play()
        assert caught.value.fault == o.FAULT_HELLO_FIRST


def test_a_program_whose_start_was_not_heard_is_not_started_twice() -> None:
    with simulated() as runner:
        cable = runner.robots["lapin"].cable
        receive = cable.receive
        deaf_until = [-1]

        def start_deafness() -> None:
            deaf_until[0] = runner.world.t_ms + 2600

        def half_deaf(most: int) -> bytes:
            data = receive(most)
            return b"" if runner.world.t_ms < deaf_until[0] else data

        cable.receive = half_deaf  # type: ignore[method-assign]
        told = Told("Programme chargé", start_deafness)
        finished = Player(URL, WALK, Words(), out=told, pause_s=waits(runner, 100)).play()
        assert finished.run == 1
        assert len(runner.robots["lapin"].body.path) == 2


def test_ctrl_c_after_a_cable_came_back_stops_the_robot() -> None:
    with simulated() as runner:

        def interrupt() -> None:
            raise KeyboardInterrupt

        class Twice(Told):
            def write(self, said: str) -> int:
                count = super().write(said)
                if "[b3]" in said:
                    interrupt()
                return count

        with pytest.raises(KeyboardInterrupt):
            Player(URL, WALK, Words(), out=Twice("[b2]", unplugged(runner)), pause_s=waits(runner, 200)).play()
        assert not runner.world.snapshot().robots[0].is_moving
        assert runner.robots["lapin"].app.vm.how == o.HOW_STOPPED


def lines(count: int) -> Callable[[], str | None]:
    """Return a person who presses Enter so often, then leaves."""
    typed: Iterator[str] = iter(["\n"] * count)
    return lambda: next(typed, None)


def test_steps_go_through_every_task() -> None:
    program = from_compact([["when_go", ["forward", "beep"]], ["when_go", [["light", "blue"], ["wait", 10], ["light", "pink"]]]])
    with simulated() as runner:
        finished = Player(URL, program, Words(), out=Told(), key=lines(30)).play(step=True)
        assert finished.how == o.HOW_DONE
        assert len(runner.robots["lapin"].body.path) == 1
        assert runner.robots["lapin"].body.colour == o.COLOUR_PINK


def test_the_end_of_input_stops_a_program_in_steps() -> None:
    with simulated() as runner:
        finished = Player(URL, WALK, Words(), out=Told(), key=lines(1)).play(step=True)
        assert finished.how == o.HOW_STOPPED
        assert len(runner.robots["lapin"].body.path) == 1

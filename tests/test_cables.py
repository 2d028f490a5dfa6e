"""Cables in virtual time: missing, busy, cut after any byte, noisy; hosts and robots that start again."""

from __future__ import annotations

import random

import pytest

from petitpas.errors import PortBusy, PortError, PortMissing, PortTimeout, PortUnplugged, ProtocolError, RobotFault
from petitpas.program import build, from_compact
from petitpas.robots import Event, Finished, Port, Robot
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.app import App
from petitpas_sim.kits import load_kit
from tests.simulated import URL, one_robot, simulated
from tests.strategies import typical_program

LAMP = from_compact([["light", "blue"]])
WALK = from_compact([["forward", 2], "right", "forward"])
WAIT = from_compact([["wait", 2000], ["light", "green"]])

# --- Ports ------------------------------------------------------------------------------------------------------------


def test_a_port_that_is_not_there() -> None:
    with simulated():
        for url in ("sim://renard", "sim://", "/dev/petitpas-nowhere", "socket://127.0.0.1:1", "nothing://at/all"):
            with pytest.raises(PortMissing) as caught:
                Robot.open(url)
            assert caught.value.port == url
            assert url in caught.value.say("fr")


def test_a_port_that_another_holds() -> None:
    with simulated(), Robot.open(URL) as robot:
        with pytest.raises(PortBusy):
            Robot.open(URL)
        assert robot.state().state == wire.STATE_IDLE
    with simulated():
        Robot.open(URL).close()
        Robot.open(URL).close()


def test_names_are_free_again_when_a_world_closes() -> None:
    with simulated(), pytest.raises(ValueError), simulated():
        pass
    with pytest.raises(PortMissing):
        Robot.open(URL)


def test_a_cable_that_is_pulled_out() -> None:
    for command in (Robot.state, Robot.stop, Robot.poll, Robot.wait, lambda robot: robot.load(WALK)):
        with simulated() as runner, Robot.open(URL) as robot:
            robot.load(WAIT)
            robot.start()
            runner.robots["lapin"].cable.unplug()
            with pytest.raises(PortUnplugged) as caught:
                command(robot)  # type: ignore[operator]
            assert caught.value.port == URL
            robot.close()
            with Robot.open(URL) as again:
                assert again.identity.state.state == wire.STATE_RUNNING
                again.stop()


# --- Cables that lose ---------------------------------------------------------------------------------------------


class CutPort(Port):
    """A cable that is pulled out when `left` more bytes have gone to the robot."""

    left = 1 << 30

    def write(self, data: bytes) -> None:
        super().write(data[: self.left])
        self.left -= len(data)
        if self.left < 0:
            self.close()
            raise PortUnplugged(port=self.url)


def test_unplugged_after_any_byte_of_an_upload() -> None:
    old, new = from_compact([["light", "pink"]] * 3), from_compact([["light", "blue"]] * 100)
    runner = one_robot()
    with simulated(runner):
        with Robot.open(URL) as robot:
            kept = robot.load(old)
        total = len(build(new).data) + 2 * 12 + 6  # two LOADs: 12 bytes around each piece
        refused = 0
        for count in range(total):
            port = CutPort(URL)
            robot = Robot(port)
            robot.hello()
            port.left = count
            try:
                robot.load(new)
            except PortUnplugged:
                refused += 1
            robot.close()
            with Robot.open(URL) as again:
                crc = again.identity.program_crc
                assert crc in (int.from_bytes(image.data[-4:], "little") for image in (kept, build(new)))
                if count % 40 == 0:
                    assert again.load(old).data == again.read_program()
                    again.start()
                    finished = again.wait()
                    assert finished is not None
                    assert finished.how == o.HOW_DONE
                    assert runner.robots["lapin"].body.colour == o.COLOUR_PINK
                elif crc != int.from_bytes(kept.data[-4:], "little"):
                    again.load(old)
        assert total - 20 < refused < total


class NoisyPort(Port):
    """A cable that changes one byte in `odds`, both ways, the same ones every time."""

    odds = 0

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(url)
        self.changed = 0
        self._random = random.Random(seed)

    def read(self) -> bytes:
        return self._spoil(super().read())

    def write(self, data: bytes) -> None:
        super().write(self._spoil(data))

    def _spoil(self, data: bytes) -> bytes:
        if not self.odds:
            return data
        spoilt = bytearray(data)
        for at in range(len(spoilt)):
            if self._random.randrange(self.odds) == 0:
                spoilt[at] = self._random.randrange(256)
                self.changed += 1
        return bytes(spoilt)


def test_two_hundred_requests_through_a_noisy_cable() -> None:
    port = None
    runner = one_robot("1x1")
    with simulated(runner):
        port = NoisyPort(URL, 2)
        with Robot(port) as robot:
            robot.hello()
            port.odds = 100
            robot.load(WAIT)
            robot.start(link_ms=0)
            last_ms = -1
            answered = 0
            for number in range(200):
                try:
                    state = robot.state()
                except PortTimeout:  # eight times in a row
                    continue
                answered += 1
                assert state.run == 1
                assert number == 0 or (state.time_ms - last_ms) & 0x3FFFFFFF < 10_000
                last_ms = state.time_ms
            assert answered >= 199
            assert port.changed > 50
            assert runner.robots["lapin"].body.colour == o.COLOUR_GREEN


@pytest.mark.parametrize("seed", range(8))
def test_an_upload_through_a_noisy_cable_is_the_program_or_a_time_out(seed: int) -> None:
    runner = one_robot()
    with simulated(runner):
        port = NoisyPort(URL, seed)
        with Robot(port) as robot:
            robot.hello()
            port.odds = 100
            image = robot.load(typical_program())
            port.odds = 0
            assert robot.read_program() == image.data


class DeafPort(Port):
    """A cable on which events of one kind are lost."""

    lost = -1

    def read(self) -> bytes:
        frames = super().read().split(b"\0")
        return b"\0".join(piece for piece in frames if len(piece) < 2 or self._kind(piece) != self.lost)

    def _kind(self, piece: bytes) -> int:
        receiver = wire.Receiver()
        receiver.push(piece + b"\0", len(piece) + 1)
        return int(receiver.buf[1]) if receiver.next() >= 2 else -1


def test_an_end_that_was_lost_on_the_way_is_made_up_for() -> None:
    with simulated():
        port = DeafPort(URL)
        with Robot(port) as robot:
            robot.hello()
            port.lost = wire.FINISHED
            told: list[Event] = []
            robot.load(from_compact([["light", "blue"], ["wait", 500]]))
            robot.start()
            finished = robot.wait(told.append, limit_ms=10_000)
            assert isinstance(finished, Finished)
            assert (finished.how, finished.run) == (o.HOW_DONE, 1)
            assert told.count(finished) == 1


# --- Starting again -------------------------------------------------------------------------------------------------


def test_a_host_that_starts_again_in_the_middle_of_a_run() -> None:
    with simulated() as runner:
        first = Robot.open(URL)
        first.load(WAIT)
        first.start(link_ms=0)
        first.close()  # the computer has crashed
        runner.run_to(runner.world.t_ms + 500)
        with Robot.open(URL) as second:
            state = second.identity.state
            assert (state.state, state.run, state.how) == (wire.STATE_RUNNING, 1, o.HOW_RUNNING)
            finished = second.wait(limit_ms=10_000)
            assert finished is not None
            assert (finished.run, finished.how) == (1, o.HOW_DONE)
            second.play(LAMP)
            assert runner.robots["lapin"].body.colour == o.COLOUR_BLUE


def test_a_robot_that_starts_again_is_noticed() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        robot.load(WAIT)
        robot.start()
        simulated_robot = runner.robots["lapin"]
        simulated_robot.brain = App(simulated_robot.hal, load_kit("exact"), "lapin")
        for command in (robot.state, robot.start, robot.wait):
            with pytest.raises(RobotFault) as caught:
                command()
            assert caught.value.fault == o.FAULT_HELLO_FIRST
        assert robot.hello().program_crc == 0
        finished = robot.play(LAMP)
        assert finished is not None
        assert finished.how == o.HOW_DONE


def test_every_error_says_what_to_do_in_both_languages() -> None:
    for error in (PortMissing, PortBusy, PortTimeout, PortUnplugged, ProtocolError):
        caught: PortError | ProtocolError = error(port=URL)
        for lang in ("fr", "en"):
            assert URL in caught.say(lang) or len(caught.say(lang)) > 20
        assert caught.say("fr") != caught.say("en")

"""Robots over `sim://` in virtual time: whole conversations, refusals, cables that are cut or noisy, hosts and robots that start again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from petitpas.errors import (
    NotSupported,
    PortBusy,
    PortError,
    PortMissing,
    PortTimeout,
    PortUnplugged,
    ProtocolError,
    RobotFault,
    VersionError,
)
from petitpas.program import build, from_compact
from petitpas.robots import Ended, Entered, Event, Finished, Held, Port, Report, Robot
from petitpas.robots.client import frame
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.app import App
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from tests.simulated import hosted, one_robot
from tests.strategies import typical_program

LAMP = from_compact([["light", "blue"]])
WALK = from_compact([["forward", 2], "right", "forward"])
WAIT = from_compact([["wait", 2000], ["light", "green"]])
URL = "sim://lapin"


@contextmanager
def simulated(runner: Runner | None = None) -> Iterator[Runner]:
    """Put a runner's robots where ports find them."""
    runner = runner or one_robot()
    with open_to_hosts(Virtual(runner)):
        yield runner


def colour(runner: Runner) -> int:
    return runner.robots["lapin"].body.colour


# --- Whole conversations --------------------------------------------------------------------------------------


def test_a_robot_says_who_it_is() -> None:
    with simulated(), Robot.open(URL) as robot:
        identity = robot.identity
        assert (identity.name, identity.kit, identity.program_crc) == ("lapin", "exact", 0)
        assert identity.can & (o.CAN_ROLL | o.CAN_GLIDE) == o.CAN_ROLL
        assert identity.state.state == wire.STATE_IDLE


def test_a_program_is_played_and_told() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        told: list[Event] = []
        image = robot.load(WALK)
        robot.start()
        finished = robot.wait(told.append)
        assert finished == told[-1]
        assert (finished.how, finished.run, finished.block) == (o.HOW_DONE, 1, wire.NO_BLOCK)
        assert [image.block_at(event.block) for event in told if isinstance(event, Entered)] == ["b1", "b2", "b3"]
        assert [(image.block_at(event.block), event.how) for event in told if isinstance(event, Ended)] == [
            *(("b1", o.HOW_DONE), ("b2", o.HOW_DONE), ("b3", o.HOW_DONE)),
        ]
        assert str(runner.robots["lapin"].body.place()) == "B3E"


def test_a_blocked_program_names_its_block() -> None:
    with simulated(one_robot("1x2")), Robot.open(URL) as robot:
        finished = robot.play(from_compact(["forward", "forward", ["light", "blue"]]))
        assert finished is not None
        assert finished.how == o.HOW_BLOCKED
        assert build(from_compact(["forward", "forward", ["light", "blue"]])).block_at(finished.block) == "b2"


def test_an_upload_tells_how_far_it_is_and_can_be_read_back() -> None:
    program = from_compact([["light", "blue"]] * 200)
    with simulated(), Robot.open(URL) as robot:
        steps: list[tuple[int, int]] = []
        image = robot.load(program, lambda done, total: steps.append((done, total)))
        assert [done for done, _ in steps] == sorted({done for done, _ in steps})
        assert steps[-1] == (len(image.data), len(image.data))
        assert len(steps) > 1
        assert robot.read_program() == image.data
        assert robot.hello().program_crc == int.from_bytes(image.data[-4:], "little")


def test_a_direct_command_leaves_the_program() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        image = robot.load(WALK)
        robot.direct(LAMP)
        finished = robot.wait()
        assert finished is not None
        assert finished.how == o.HOW_DONE
        assert colour(runner) == o.COLOUR_BLUE
        assert robot.read_program() == image.data


def test_a_direct_command_that_is_too_long_is_not_sent() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        with pytest.raises(RobotFault) as caught:
            robot.direct(from_compact([["light", "blue"]] * 100))
        assert caught.value.fault == o.FAULT_TOO_LONG
        assert robot.state().run == 0
        assert colour(runner) == o.COLOUR_OFF


def test_what_a_robot_refuses_is_said() -> None:
    with simulated(), Robot.open(URL) as robot:
        for refused, fault in ((robot.start, o.FAULT_NO_PROGRAM), (robot.step, o.FAULT_TASK)):
            with pytest.raises(RobotFault) as caught:
                refused()
            assert caught.value.fault == fault
            assert caught.value.say("fr") != caught.value.say("en")
        robot.load(WAIT)
        robot.start()
        for again in (robot.start, lambda: robot.load(WALK), lambda: robot.direct(LAMP)):
            with pytest.raises(RobotFault) as caught:
                again()
            assert caught.value.fault == o.FAULT_BUSY


def test_stop_stops_at_once() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        robot.load(from_compact([["forever", [["light", "blue"], ["light", "pink"]]]]))
        robot.start()
        before = runner.world.t_ms
        robot.stop()
        assert runner.world.t_ms - before <= 20
        assert robot.state().how == o.HOW_STOPPED
        robot.load(WALK)
        robot.start()
        assert robot.wait(limit_ms=1000) is None
        assert runner.world.snapshot().robots[0].is_moving
        before = runner.world.t_ms
        robot.stop()
        assert not runner.world.snapshot().robots[0].is_moving
        assert runner.world.t_ms - before <= 20


def test_pause_step_and_resume() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        image = robot.load(from_compact(["forward", ["light", "blue"], ["wait", 300], ["light", "pink"]]))
        robot.start(paused=True)
        assert robot.state().state == wire.STATE_PAUSED
        held: list[str | None] = []
        for count in range(1, 5):
            robot.step()
            while len(held) < count:
                held += [image.block_at(event.block) for event in robot.poll() if isinstance(event, Held)]
                assert runner.world.t_ms < 60_000
        assert held == ["b1", "b2", "b3", "b4"]
        assert colour(runner) == o.COLOUR_BLUE
        robot.resume()
        finished = robot.wait()
        assert finished is not None
        assert finished.how == o.HOW_DONE
        assert colour(runner) == o.COLOUR_PINK


def test_telemetry_until_it_is_ended() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        robot.telemetry(100)
        reports: list[Event] = []
        while runner.world.t_ms < 2000:
            reports += robot.poll()
        assert all(isinstance(event, Report) for event in reports)
        assert 18 <= len(reports) <= 21
        robot.telemetry(0)
        robot.poll()
        until_ms = runner.world.t_ms + 1000
        reports = []
        while runner.world.t_ms < until_ms:
            reports += robot.poll()
        assert reports == []


def test_a_limit_ends_the_waiting_not_the_program() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        robot.load(WAIT)
        robot.start()
        began = runner.world.t_ms
        assert robot.wait(limit_ms=500) is None
        assert 500 <= runner.world.t_ms - began <= 1000
        finished = robot.wait()
        assert finished is not None
        assert finished.how == o.HOW_DONE
        assert colour(runner) == o.COLOUR_GREEN


def test_waiting_keeps_the_link() -> None:
    with simulated(), Robot.open(URL) as robot:
        finished = robot.play(from_compact([["wait", 10_000]]), link_ms=1000)
        assert finished is not None
        assert finished.how == o.HOW_DONE


def test_a_host_that_is_silent_loses_the_robot_to_safety() -> None:
    with simulated() as runner, Robot.open(URL) as robot:
        robot.load(from_compact([["forward", 4]]))
        robot.start(link_ms=1000)
        runner.run_to(runner.world.t_ms + 900)
        assert runner.world.snapshot().robots[0].is_moving
        runner.run_to(runner.world.t_ms + 200)
        assert not runner.world.snapshot().robots[0].is_moving
        finished = robot.wait()
        assert finished is not None
        assert finished.how == o.HOW_LINK_LOST


def test_two_robots_do_not_mix() -> None:
    runner = one_robot()
    runner.add("tortue", load_kit("exact"), Place.parse("E1N"))
    with hosted(runner) as (lapin, tortue):
        lapin.load(WALK)
        tortue.load(LAMP)
        lapin.start()
        tortue.start()
        ends = [robot.wait() for robot in (tortue, lapin)]
    assert all(finished is not None and finished.how == o.HOW_DONE for finished in ends)
    assert [robot.body.colour for robot in runner.robots.values()] == [o.COLOUR_OFF, o.COLOUR_BLUE]


# --- What a robot cannot do -----------------------------------------------------------------------------------------


def test_a_block_that_a_kit_cannot_do_is_named_and_nothing_is_sent() -> None:
    runner = one_robot(kit="rocket")
    with simulated(runner), Robot.open(URL) as robot:
        sent: list[bytes] = []
        send = runner.robots["lapin"].cable.send
        runner.robots["lapin"].cable.send = lambda data: (sent.append(data), send(data))[1]  # type: ignore[method-assign]
        for command in (robot.load, robot.direct, robot.play):
            with pytest.raises(NotSupported) as caught:
                command(from_compact([["light", "blue"], ["repeat", 2, ["forward"]]]))
            assert caught.value.block_id == "b3"
        assert sent == []
        french, english = caught.value.say("fr"), caught.value.say("en")
        assert "errors." not in french + english
        assert french != english
        robot.play(from_compact(["go_up"]))
        assert str(runner.robots["lapin"].body.place()) == "A2N"


@pytest.mark.parametrize("version,code", [(0, "version_robot_old"), (99, "version_host_old")])
def test_another_version_is_refused_with_who_is_older(monkeypatch: pytest.MonkeyPatch, version: int, code: str) -> None:
    monkeypatch.setattr(App, "image_version", version)
    with simulated() as runner:
        with pytest.raises(VersionError) as caught:
            Robot.open(URL)
        assert caught.value.code == code
        assert str(version) in caught.value.say("fr")
        assert not runner.robots["lapin"].cable.is_plugged


class Stranger:
    """Something on a cable that is no robot of ours; says the same to everything."""

    said = b""

    def __init__(self, hal: object, kit: object, name: str) -> None:
        self.hal = hal

    def tick(self, now_ms: int) -> None:
        self.hear(now_ms)

    def hear(self, now_ms: int) -> None:
        if self.hal.read(bytearray(300)) and self.said:  # type: ignore[attr-defined]
            self.hal.write(self.said, len(self.said))  # type: ignore[attr-defined]

    def until(self, now_ms: int) -> int | None:
        return None


@pytest.mark.parametrize(
    "said,error",
    [
        (b"", PortTimeout),
        (b"\r\nMicroPython v1.25.0\r\n>>> ", PortTimeout),
        (frame(wire.REPLY, 1, bytes([wire.HELLO, 0])), ProtocolError),
        (frame(wire.REPLY, 1, bytes([wire.HELLO, 0]) + bytes(40)), ProtocolError),
        (frame(wire.REPLY, 1, bytes([wire.PING, 0])), PortTimeout),
    ],
)
def test_who_is_no_robot_is_not_taken_for_one(said: bytes, error: type[Exception]) -> None:
    runner = Runner(Mat(1, 1))
    runner.add("lapin", load_kit("exact"), Place(0, 0), brain=type("Other", (Stranger,), {"said": said}))
    with simulated(runner):
        for _ in range(2):  # the port is free again
            with pytest.raises(error):
                Robot.open(URL)
        assert runner.world.t_ms < 10_000


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
                    assert colour(runner) == o.COLOUR_PINK
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
            assert colour(runner) == o.COLOUR_GREEN


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
            assert colour(runner) == o.COLOUR_BLUE


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

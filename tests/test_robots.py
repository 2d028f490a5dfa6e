"""Robots over `sim://` in virtual time: whole conversations, and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from petitpas.errors import (
    NotSupported,
    PortTimeout,
    ProtocolError,
    RobotFault,
    VersionError,
)
from petitpas.program import build, from_compact
from petitpas.robots import Ended, Entered, Event, Held, Report, Robot
from petitpas.robots.client import RETRY_MS, frame
from petitpas.robots.ports import Port
from petitpas.robots.recording import payloads
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.app import App
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from tests.simulated import URL, hosted, one_robot, simulated

LAMP = from_compact([["light", "blue"]])
WALK = from_compact([["forward", 2], "right", "forward"])
WAIT = from_compact([["wait", 2000], ["light", "green"]])


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


def test_the_dialogue_of_the_protocol_page() -> None:
    """With PETITPAS_GOLDEN=1 the robot's bytes are written anew; then `python tools/tables.py`."""
    file = Path(__file__).parent / "vectors" / "dialogue.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    steps = document["steps"]
    runner = one_robot()
    cable = runner.robots["lapin"].cable
    cable.plug()
    runner.run_to(0)
    for step in steps:
        said = bytes.fromhex(step["bytes"])
        if step["from"] == "host":
            assert cable.send(said) == len(said)
            continue
        while cable.waiting_for_host() < len(said):
            assert runner.advance(60_000), step["says"]
        heard = cable.receive(len(said))
        if os.environ.get("PETITPAS_GOLDEN") == "1":
            step["bytes"] = heard.hex()
            file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        assert heard == bytes.fromhex(step["bytes"]), step["says"]
    assert cable.waiting_for_host() == 0
    assert {step["from"] for step in steps} == {"host", "robot"}


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


class CurtPort(Port):
    """A port behind which replies lose their bodies, once it is curt."""

    is_curt = False

    def read(self) -> bytes:
        data = super().read()
        if not self.is_curt:
            return data
        return b"".join(frame(payload[0], payload[1], payload[2:4]) for payload in payloads([data]))


@pytest.mark.parametrize(
    "ask",
    [
        Robot.state,
        Robot.start,
        Robot.read_program,
        Robot.assigned,
        Robot.settings,
        Robot.check,
        lambda robot: robot.direct(LAMP),
        lambda robot: robot.load(LAMP),
    ],
)
def test_a_reply_without_its_body_is_no_reply_of_ours(ask: Callable[[Robot], object]) -> None:
    runner = Runner(Mat(3, 3))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    with simulated(runner), Robot.open(URL, CurtPort) as robot:
        robot.load(LAMP)
        robot.port.is_curt = True  # type: ignore[attr-defined]
        with pytest.raises(ProtocolError):
            ask(robot)


class LatePort(Port):
    """A port behind which a robot thinks for `late_ms` before it answers."""

    late_ms = 0
    _held = b""
    _due_ms = 0

    def read(self) -> bytes:
        data = super().read()
        if data and not self._held:
            self._due_ms = self.now_ms() + self.late_ms
        self._held += data
        if self.now_ms() < self._due_ms:
            return b""
        data, self._held = self._held, b""
        return data


def test_a_robot_that_checks_a_long_image_for_long_is_waited_for() -> None:
    runner = Runner(Mat(3, 3))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    with simulated(runner), Robot.open(URL, LatePort) as robot:
        robot.port.late_ms = 3 * RETRY_MS  # type: ignore[attr-defined]
        said: list[tuple[int, int]] = []
        image = robot.load(LAMP, lambda *done: said.append(done))
        assert said == [(len(image.data), len(image.data))]  # in one go, not in ever smaller pieces

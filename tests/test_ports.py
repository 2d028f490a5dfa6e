"""Robots for other processes, over TCP and a pty, in real time: real sockets and terminals, short programs, no sleeping."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator

import pytest

from petitpas.errors import PortBusy, PortMissing, PortTimeout, PortUnplugged
from petitpas.program import build, from_compact
from petitpas.robots import Entered, Event, Port, Robot, find_ports
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Pace, RealTime
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.ports.serve import Line, serve_pty, serve_tcp
from petitpas_sim.runner import Runner

LIMIT_MS = 60_000
"""Only so that a test that hangs ends: no test waits for it."""

SHORT = from_compact([["light", "blue"], ["wait", 50], ["light", "green"]])
ENDLESS = from_compact([["forever", ["forward", "right"]]])

needs_pty = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")

Serve = Callable[[Pace, str], Line]


@pytest.fixture
def pace() -> Iterator[RealTime]:
    """Give a robot, lapin, in real time."""
    runner = Runner(Mat(5, 5))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    pace = RealTime(runner)
    pace.start()
    yield pace
    pace.stop()


@pytest.fixture(params=[serve_tcp, pytest.param(serve_pty, marks=needs_pty)])
def line(request: pytest.FixtureRequest, pace: RealTime) -> Iterator[Line]:
    """Give the robot's line to other processes."""
    serve: Serve = request.param
    line = serve(pace, "lapin")
    yield line
    line.close()


def test_a_program_over_a_real_line(line: Line, pace: RealTime) -> None:
    with Robot.open(line.url) as robot:
        assert robot.identity.name == "lapin"
        told: list[Event] = []
        image = robot.load(SHORT)
        robot.start()
        finished = robot.wait(told.append, limit_ms=LIMIT_MS)
        assert finished is not None
        assert finished.how == o.HOW_DONE
        assert [image.block_at(event.block) for event in told if isinstance(event, Entered)][-1] == "b3"
        assert pace.runner.robots["lapin"].body.colour == o.COLOUR_GREEN
        robot.direct(from_compact([["light", "pink"]]))
        assert robot.wait(limit_ms=LIMIT_MS) is not None
        assert pace.runner.robots["lapin"].body.colour == o.COLOUR_PINK


def test_a_long_upload_over_a_real_line(line: Line) -> None:
    program = from_compact([["light", "blue"]] * 499)
    with Robot.open(line.url) as robot:
        assert robot.load(program).data == robot.read_program() == build(program).data


def test_stop_over_a_real_line(line: Line, pace: RealTime) -> None:
    with Robot.open(line.url) as robot:
        robot.load(ENDLESS)
        robot.start(link_ms=0)  # however long this computer takes
        while not any(isinstance(event, Entered) for event in robot.poll()):
            pass
        assert robot.state().state == wire.STATE_RUNNING
        robot.stop()
        with pace.lock:
            assert not pace.runner.world.snapshot().robots[0].is_moving
        assert robot.state().how == o.HOW_STOPPED


def test_hosts_come_and_go(line: Line) -> None:
    first = Robot.open(line.url)
    first.load(ENDLESS)
    first.start(link_ms=0)
    first.close()
    for _ in range(2):
        with Robot.open(line.url) as robot:
            assert robot.identity.state.state == wire.STATE_RUNNING
    with Robot.open(line.url) as robot:
        robot.stop()
        finished = robot.play(SHORT, limit_ms=LIMIT_MS)
        assert finished is not None
        assert finished.how == o.HOW_DONE


def test_a_line_that_is_hung_up_in_the_middle_of_a_run(line: Line) -> None:
    with Robot.open(line.url) as robot:
        robot.load(ENDLESS)
        robot.start()
        line.close()
        with pytest.raises((PortUnplugged, PortTimeout)) as caught:
            robot.wait(limit_ms=LIMIT_MS)
        assert caught.value.port == line.url
    with pytest.raises((PortMissing, PortTimeout)):
        Robot.open(line.url)


@needs_pty
def test_a_terminal_that_another_host_holds(pace: RealTime) -> None:
    line = serve_pty(pace, "lapin")
    try:
        with Robot.open(line.url) as robot:
            with pytest.raises(PortBusy):
                Robot.open(line.url)
            assert robot.state().state == wire.STATE_IDLE
    finally:
        line.close()


def test_a_port_number_that_is_taken(pace: RealTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError):
        serve_tcp(pace, "lapin", other.getsockname()[1])


def test_a_socket_on_which_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"socket://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(PortMissing):
        Robot.open(url)


def test_a_simulated_robot_in_real_time_in_this_process(pace: RealTime) -> None:
    with open_to_hosts(pace), Robot.open("sim://lapin") as robot:
        finished = robot.play(SHORT, limit_ms=LIMIT_MS)
        assert finished is not None
        assert finished.how == o.HOW_DONE
        with pytest.raises(PortBusy):
            Robot.open("sim://lapin")


def test_a_cable_pulled_out_in_real_time(pace: RealTime) -> None:
    with open_to_hosts(pace), Robot.open("sim://lapin") as robot:
        with pace.lock:
            pace.runner.robots["lapin"].cable.unplug()
            pace.lock.notify_all()
        with pytest.raises(PortUnplugged):
            robot.state()


def test_a_polled_port_never_waits(pace: RealTime) -> None:
    with open_to_hosts(pace), Port("sim://lapin", poll=True) as port:
        before = port.now_ms()
        for _ in range(100):
            assert port.read() == b""
        assert port.now_ms() - before < 50 * 100


def test_real_time_follows_the_clock_it_is_given() -> None:
    now = [100.0]
    runner = Runner(Mat(1, 1))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    pace = RealTime(runner, speed=2.0, now_s=lambda: now[0])
    pace.start()
    with pace.lock:
        now[0] += 1.5
        pace.catch_up()
        assert runner.world.t_ms == 3000
    pace.stop()
    assert runner.world.t_ms == 3000


def test_ports_of_this_computer_are_listed() -> None:
    found = find_ports()
    assert found == sorted(found, key=lambda port: (not port.is_robot, port.url))


def test_who_comes_second_over_tcp_is_told_that_the_robot_is_busy(pace: RealTime) -> None:
    line = serve_tcp(pace, "lapin")
    try:
        with Robot.open(line.url) as first:
            with pytest.raises(PortBusy):
                Robot.open(line.url)
            assert first.state().run == 0
        with Robot.open(line.url) as third:
            assert third.identity.name == "lapin"
    finally:
        line.close()

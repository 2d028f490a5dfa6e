"""A robot at the end of a cable, as the wall drives it: where it nominally is, what it cannot do, and a cord that is pulled at any byte."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from driven import Driven

from petitpas.errors import NotSupported, PortBusy, PortUnplugged
from petitpas.robots import Port
from petitpas.simulated import make_runner
from petitpas.wall.plugged import PluggedDriver
from petitpas.wall.threaded import ThreadedPort
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from tests.soaking import examples

PATIENCE_S = 20
START = Place.parse("A1N")
WALK: list[object] = ["forward", "right", ["repeat", 2, ["forward"]]]


class Lead(Port):
    """A cable in virtual time that opens at the third look, and is cut when `left` more bytes have gone, or come."""

    left = 1 << 30

    def __init__(self, url: str) -> None:
        super().__init__(url, poll=True)
        self._looks = 0

    def opened(self) -> bool:
        self._looks += 1
        return self._looks >= 3

    def read(self) -> bytes:
        return self._cut(super().read())

    def write(self, data: bytes) -> None:
        super().write(self._cut(data))

    def _cut(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            self.close()
            raise PortUnplugged(port=self.url)
        return data


class Floor(Driven):
    """A robot on the floor, and the wall's driver of it."""

    driver: PluggedDriver

    def __init__(self, runner: Runner, mat: Mat, start: Place = START, lead: type[Lead] = Lead) -> None:
        self.leads: list[Lead] = []
        self._kind = lead
        super().__init__(runner, PluggedDriver("sim://lapin", mat, start, "lapin", lead=self._lead))

    def _lead(self, url: str) -> Lead:
        self.leads.append(self._kind(url))
        return self.leads[-1]

    @property
    def shown(self) -> str:
        """Where the wall shows the robot, in the middle of a cell."""
        robot = self.driver.snapshot().robots[0]
        assert robot.x_mm % CELL_MM == robot.y_mm % CELL_MM == CELL_MM / 2
        return str(Place(int(robot.x_mm // CELL_MM), int(robot.y_mm // CELL_MM), round(robot.heading_deg / 90) % 4))


@pytest.fixture
def floor() -> Iterator[Floor]:
    """Give a real kind of robot, with flaws, on a floor without rocks."""
    yield from floors(kit="pico-dc")


def floors(**more: str) -> Iterator[Floor]:
    runner = make_runner("9x9", "E5N", **more)
    with open_to_hosts(Virtual(runner)):
        floor = Floor(runner, Mat.parse("5x5"))
        yield floor
        floor.driver.close()


def test_cards_light_as_the_robot_plays_them_and_the_wall_shows_its_nominal_place(floor: Floor) -> None:
    events = floor.play(WALK)
    assert [event[1] for event in events if event[0] == "entered" and event[1] != 2] == [0, 1, 3, 3]
    assert events[-1] == ("finished", "done")
    floor.frames(100)
    assert floor.shown == "C2E"
    body = floor.runner.robots["lapin"].body
    assert body.place() is None  # it has drifted, and nobody says so


def test_the_wall_is_never_a_card_ahead_of_the_robot(floor: Floor) -> None:
    floor.driver.run(["forward", "forward"])
    seen = 0
    for _ in range(2000):
        events = floor.frames(1)
        seen += sum(event[0] == "entered" for event in events)
        assert floor.driver.snapshot().robots[0].y_mm <= (0.5 + seen) * CELL_MM
        if ("finished", "done") in events:
            break
    assert seen == 2


class SlowLead(Lead):
    """A cable of a robot that starts: what it says is there only from a time on."""

    from_ms = 0

    def read(self) -> bytes:
        return b"" if self.now_ms() < self.from_ms else super().read()


@pytest.mark.parametrize("frame", range(12))
@pytest.mark.parametrize("first", ["go", "stop", "home"])
def test_whatever_is_tapped_before_a_robot_has_said_who_it_is_its_program_is_played(first: str, frame: int) -> None:
    runner = make_runner("9x9", "E5N")
    with open_to_hosts(Virtual(runner)):
        floor = Floor(runner, Mat.parse("5x5"), lead=SlowLead)
        floor.leads[0].from_ms = floor.leads[0].now_ms() + 100  # type: ignore[attr-defined]
        floor.frames(frame)
        if first != "go":
            getattr(floor.driver, first)()
            floor.frames(1)
        assert floor.play(["forward", "right"])[-1] == ("finished", "done")
        floor.driver.close()


def test_each_run_begins_at_the_start_or_from_here(floor: Floor) -> None:
    for _ in range(2):
        floor.play(["forward"])
        floor.frames(60)
        assert floor.shown == "A2N"
    floor.driver.run(["right", "forward"], is_from_here=True)
    floor.until("finished")
    floor.frames(60)
    assert floor.shown == "B2E"
    floor.driver.home()
    assert floor.shown == "A1N"


def test_what_stands_in_the_way_on_the_floor_stops_the_wall_there(floor: Floor) -> None:
    floor.frames(20)  # it has said what kind of robot it is
    floor.driver.run([["forward", 3]])
    floor.until("entered")
    floor.frames(130)
    floor.runner.hold("lapin")
    assert floor.until("finished")[-1] == ("finished", "blocked")
    assert floor.shown == "A2N"  # the last cell that it has come to
    floor.runner.hold("lapin", False)
    assert floor.play(["right"])[-1] == ("finished", "done")


def test_a_robot_in_a_hand_ends_its_run(floor: Floor) -> None:
    floor.driver.run([["forward", 4]])
    floor.until("entered")
    floor.frames(60)
    floor.runner.lift("lapin")
    assert floor.until("finished")[-1] == ("finished", "lifted")


def test_stop_reaches_the_robot_within_a_frame(floor: Floor) -> None:
    floor.driver.run([["forward", 4]])
    floor.until("entered")
    floor.frames(30)
    floor.driver.stop()
    floor.frames(25)
    assert not any(robot.is_moving for robot in (*floor.runner.world.snapshot().robots, *floor.driver.snapshot().robots))


def test_what_it_cannot_do_is_refused_before_anything_is_sent(floor: Floor) -> None:
    events = floor.play(["go_up"])
    (refused,) = (event for event in events if event[0] == "refused")
    assert isinstance(refused[1], NotSupported) and "le lapin" in str(refused[1]).lower()
    assert events[-1] == ("finished", "stopped")
    assert floor.runner.robots["lapin"].app.memory.count == 0


def test_a_program_is_loaded_for_the_robots_own_key(floor: Floor) -> None:
    floor.driver.load(WALK)
    assert floor.until("loaded") == [("loaded",)]
    assert floor.runner.robots["lapin"].app.memory.count > 0


# --- The cord is pulled ---


def test_a_program_goes_on_in_the_simulator_from_where_the_robot_was(floor: Floor) -> None:
    floor.driver.run(WALK)
    before = floor.until("ended")
    floor.frames(10)
    floor.runner.robots["lapin"].cable.unplug()
    events = before + floor.until("finished")
    assert ("trouble", "wall.unplugged") in events
    assert [event[1] for event in events if event[0] == "entered" and event[1] != 2] == [0, 1, 3, 3]
    assert events[-1] == ("finished", "done")
    assert floor.shown == "C2E"
    assert floor.frames(200) == []  # nobody takes the robot back
    again = floor.play(["right"])
    assert again[0] == ("recovered",) and again[-1] == ("finished", "done")
    assert floor.shown == "A1E"


def test_a_cord_that_is_pulled_at_any_byte_never_raises_and_loses_nothing() -> None:
    runner = make_runner("9x9", "E5N", kit="exact")
    cut = 0
    with open_to_hosts(Virtual(runner)):
        for left in range(0, 520, max(1, 7 // examples(1))):
            floor = Floor(runner, Mat.parse("5x5"))
            floor.leads[0].left = left
            assert floor.play(["forward", "right"])[-1] == ("finished", "done"), left
            cut += floor.leads[0].left < 0
            floor.frames(100)
            assert floor.shown == "A2E", left
            floor.driver.close()
            runner.robots["lapin"].app.stop()
            runner.put("lapin", Place.parse("E5N"))
    assert cut > 50


def test_a_port_that_is_not_there_is_a_banner_and_a_run_in_the_simulator() -> None:
    class Missing(Lead):
        def opened(self) -> bool:
            raise PortUnplugged(port=self.url)

    runner = make_runner("5x5", "A1N")
    with open_to_hosts(Virtual(runner)):
        floor = Floor(runner, Mat.parse("5x5"))
        floor.driver.close()
        floor.driver = PluggedDriver("sim://lapin", Mat.parse("5x5"), START, "lapin", lead=Missing)
        assert floor.frames(5) == [("trouble", "wall.unplugged")]
        assert floor.play(["forward"])[-1] == ("finished", "done")
        floor.driver.close()


# --- What waits, waits elsewhere ---


class SlowPort:
    """A port that opens when it is let, hears what it is told, and is pulled out at the end of that."""

    url = "slow://"

    def __init__(self) -> None:
        self.is_let, self.is_closed = threading.Event(), threading.Event()
        self.said = [b"abc", b"def"]
        self.heard: SimpleQueue[bytes] = SimpleQueue()

    def open(self, url: str) -> SlowPort:
        self.is_let.wait()
        return self

    def read(self) -> bytes:
        if not self.said:
            raise PortUnplugged(port=self.url)
        return self.said.pop(0)

    def write(self, data: bytes) -> None:
        self.heard.put(data)

    def close(self) -> None:
        self.is_closed.set()


def test_a_port_that_takes_its_time_keeps_nobody_waiting() -> None:
    port = SlowPort()
    reader = ThreadedPort(port.url, port.open)  # type: ignore[arg-type]
    assert not reader.opened() and reader.read() == b""
    reader.write(b"hello")
    port.is_let.set()
    assert port.is_closed.wait(PATIENCE_S)  # all was read, and the cable gone
    assert port.heard.get(timeout=PATIENCE_S) == b"hello"
    assert reader.read() == b"abcdef"
    for call in (reader.read, reader.opened, lambda: reader.write(b"more")):
        with pytest.raises(PortUnplugged):
            call()
    reader.close()


def test_a_port_that_cannot_be_opened_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def busy(url: str) -> Port:
        asked.set()
        raise PortBusy(port=url)

    monkeypatch.setattr("petitpas.wall.threaded._BUSY_S", 0)
    reader = ThreadedPort("busy://", busy)
    assert asked.wait(PATIENCE_S)
    late_s = time.monotonic() + PATIENCE_S
    with pytest.raises(PortBusy):
        while time.monotonic() < late_s:
            assert not reader.opened()

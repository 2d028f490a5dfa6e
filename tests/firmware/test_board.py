"""A robot on a Pico that stands in for one: contract, safety, cable. Common dialect."""

from petitpas_robot import clock, wire
from petitpas_robot import opcodes as o
from petitpas_robot.app import App
from tests.firmware import contract
from tests.firmware.assembler import go, mark
from tests.firmware.board import BATTERY_PIN, KITS, LIFT_PIN, MOTOR_PINS, STEPPER, BoardBench, bench
from tests.firmware.fakes import START_MS, core_run, frame

RATES = (300, 800, 300)


def test_the_contract_on_both_kits():
    for kit in KITS:
        for clause in contract.CLAUSES:
            try:
                clause(BoardBench(kit))
            except AssertionError:
                print(kit, clause)
                raise


# --- Safety ---------------------------------------------------------------------------------------------------------


def test_nothing_turns_while_lifted():
    for kit in KITS:
        desk = BoardBench(kit)
        desk.hal.move(3000, 3000, 300, 686, 300)
        desk.tick(50)
        bench.drive(LIFT_PIN, 0)
        desk.tick(5)
        assert desk.hal.sense(o.SENSOR_LIFT) == 1000
        assert not desk.hal.is_moving()
        assert bench.levels(MOTOR_PINS[:4]) == [0] * 4
        desk.hal.move(3000, 3000, 300, 686, 300)
        assert not desk.hal.is_moving()
        assert contract.steps(desk.hal) == (0, 0)
        desk.hold(LIFT_PIN, False)
        desk.hal.move(30, 30, 300, 686, 300)
        desk.finish()
        assert contract.steps(desk.hal) == (30, 30)


def test_an_empty_battery_stops_the_wheels_and_a_dip_does_not():
    for kit in KITS:
        desk = BoardBench(kit)
        desk.tick(20)
        desk.hal.move(9000, 9000, 300, 686, 300)
        bench.lines[BATTERY_PIN].adc = 3900 * 65535 // 6600
        desk.tick(20)
        bench.lines[BATTERY_PIN].adc = 5000 * 65535 // 6600
        desk.tick(100)
        assert desk.hal.is_moving()
        bench.lines[BATTERY_PIN].adc = 4100 * 65535 // 6600
        desk.tick(400)
        assert not desk.hal.is_moving()
        assert desk.hal.left_steps() < 9000
        bench.lines[BATTERY_PIN].adc = 4500 * 65535 // 6600  # it recovers without load: still empty
        desk.tick(300)
        desk.hal.move(100, 100, 300, 686, 300)
        assert not desk.hal.is_moving()


def test_a_robot_on_the_cable_alone_drives():
    desk = BoardBench()
    bench.lines[BATTERY_PIN].adc = 0
    desk.tick(300)
    assert desk.hal.battery_mv() is None
    desk.hal.move(100, 100, *RATES)
    desk.finish()
    assert contract.steps(desk.hal) == (100, 100)


class Robot(BoardBench):
    """A whole robot on a board, its host at the other end of the cable."""

    def __init__(self, kit=STEPPER):
        BoardBench.__init__(self, kit)
        self.app = App(self.hal, self.kit, "robot", core_run())
        self.run_with(self.app.tick)
        self._sequence = 0
        self.ask(wire.HELLO, b"\1\2\3\4")

    def ask(self, kind, body=b"", ticks=1):
        """Send a request, and tick."""
        self._sequence += 1
        self.send(frame(kind, self._sequence, body))
        self.tick(ticks)

    def play(self, image, link_ms=0):
        """Load a small image and run it."""
        size = len(image)
        self.ask(wire.LOAD, bytes([size & 255, size >> 8, 0, 0]) + image, 2)
        self.ask(wire.RUN, bytes([link_ms & 255, link_ms >> 8, 0, 0, 3, 0]), 2)


LONG = go(mark(0), mark(1), (o.OP_FORWARD, 9))


def test_stop_is_felt_within_two_ticks():
    for kit in KITS:
        for ticks in (0, 1, 20, 33, 70):
            robot = Robot(kit)
            robot.play(LONG)
            robot.tick(ticks)
            assert robot.hal.is_moving()
            begun = bench.us
            robot.ask(wire.STOP)
            assert bench.us - begun <= 20000
            assert not robot.hal.is_moving()
            assert bench.levels(MOTOR_PINS[:4]) == [0] * 4
            assert not robot.hal.is_energised()


def test_a_lost_link_stops_the_wheels():
    for kit in KITS:
        robot = Robot(kit)
        robot.play(LONG, 400)
        begun = bench.us
        while robot.hal.is_moving():
            robot.tick()
        assert bench.us - begun <= 500000
        assert bench.levels(MOTOR_PINS[:4]) == [0] * 4
        assert robot.app.vm.how == o.HOW_LINK_LOST


def test_a_lift_ends_the_program_at_its_block():
    robot = Robot()
    robot.play(LONG)
    robot.tick(50)
    robot.hold(LIFT_PIN)
    robot.tick(2)
    assert robot.app.vm.how == o.HOW_BLOCKED
    assert bench.levels(MOTOR_PINS) == [0] * 8


# --- The cable ------------------------------------------------------------------------------------------------------


def test_a_flooded_port_does_not_keep_the_robot_from_driving():
    robot = Robot()
    robot.play(LONG)
    robot.port.to_robot.extend(b"\x55" * 40000)
    before = len(robot.port.to_robot)
    robot.tick()
    for _ in range(50):
        robot.app.hear(robot.now_ms)
    assert before - len(robot.port.to_robot) <= 192
    robot.tick(20)
    assert robot.hal.is_moving()


def test_a_host_that_never_reads_costs_nothing():
    robot = Robot()
    robot.port.takes = 0
    robot.ask(wire.TELEMETRY, b"\x0a\0")
    robot.play(LONG)
    robot.tick(100)
    assert robot.hal.is_moving()
    robot.ask(wire.STOP)
    assert not robot.hal.is_moving()


def test_a_robot_waits_for_its_coils_before_it_writes():
    robot = Robot()
    robot.play(go(mark(0), mark(1), (o.OP_FORWARD_MM, 5)))
    robot.hal.files.clear()
    while not robot.app.vm.how:
        robot.tick()
        assert not robot.hal.files
    while robot.hal.is_energised():
        robot.tick()
        assert not robot.hal.files or not robot.hal.is_energised()
    assert clock.diff(robot.now_ms, START_MS) > 300

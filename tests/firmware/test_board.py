"""A robot on a Pico that stands in for one: contract, safety, cable. Common dialect."""

from petitpas_robot import clock, wire
from petitpas_robot import opcodes as o
from petitpas_robot.hal import Hal
from petitpas_robot.keyed import MAX_CARDS
from tests.firmware import contract
from tests.firmware.assembler import go, mark
from tests.firmware.board import (
    BATTERY_PIN,
    BUMPER_PIN,
    DC,
    KEY_PINS,
    KITS,
    LIFT_PIN,
    MODE_PIN,
    MOTOR_PINS,
    BoardBench,
    PicoHal,
    Robot,
    bench,
)
from tests.firmware.fakes import START_MS

RATES = (300, 800, 300)
FORWARD_PIN, CLEAR_PIN, GO_PIN = KEY_PINS[0], KEY_PINS[5], KEY_PINS[6]


def test_the_contract_on_both_kits():
    for kit in KITS:
        for clause in contract.CLAUSES:
            try:
                clause(BoardBench(kit))
            except AssertionError:
                print(kit, clause)
                raise


def test_a_board_has_every_method_of_a_hal():
    names = [name for name in dir(Hal) if name[0] != "_" and name not in ("until", "steady")]
    assert [name for name in names if not hasattr(PicoHal, name)] == []


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


def test_a_pressed_bumper_ends_what_goes_forward():
    for kit in KITS:
        desk = BoardBench(kit)
        desk.hal.move(3000, 3000, 300, 686, 300)
        desk.tick(50)
        desk.hold(BUMPER_PIN)
        assert not desk.hal.is_moving()
        assert 0 < desk.hal.left_steps() < 3000
        assert desk.hal.why_short() == o.HOW_BLOCKED
        desk.hal.move(3000, 2900, 300, 686, 300)
        assert not desk.hal.is_moving()
        for left, right in ((-300, -300), (200, -200)):  # back and round it may
            desk.hal.move(left, right, 300, 686, 300)
            desk.finish()
            assert contract.steps(desk.hal) == (left, right)


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
    assert robot.app.vm.how == o.HOW_LIFTED
    assert bench.levels(MOTOR_PINS) == [0] * 8
    robot.ask(wire.RUN, bytes([0, 0, 0, 0, 3, 0]), 3)
    assert robot.app.vm.how == o.HOW_LIFTED  # nothing begins either
    robot.hold(LIFT_PIN, False)
    robot.ask(wire.RUN, bytes([0, 0, 0, 0, 3, 0]), 3)
    assert robot.hal.is_moving()


def test_an_empty_battery_ends_the_program_at_its_block():
    for kit in KITS:
        robot = Robot(kit)
        robot.play(LONG)
        bench.lines[BATTERY_PIN].adc = 4100 * 65535 // 6600
        robot.tick(400)
        assert robot.app.vm.how == o.HOW_BATTERY
        assert bench.levels(MOTOR_PINS[:4]) == [0] * 4


def test_what_does_not_move_goes_on_while_lifted():
    robot = Robot()
    robot.hold(LIFT_PIN)
    robot.play(go(mark(0), mark(1), (o.OP_LIGHT, o.COLOUR_BLUE), mark(2), (o.OP_BEEP,), mark(3), (o.OP_LIGHT, o.COLOUR_GREEN)))
    robot.tick(100)
    assert robot.app.vm.how == o.HOW_DONE
    assert robot.app.robot.colour == o.COLOUR_GREEN


def test_a_motor_that_stalls_ends_the_program_as_blocked():
    robot = Robot(DC)
    robot.play(LONG)
    robot.tick(100)
    robot.shafts[0].is_stuck = True
    robot.tick(120)
    assert robot.app.vm.how == o.HOW_BLOCKED
    assert bench.levels(MOTOR_PINS[:4]) == [0] * 4


# --- Keys -----------------------------------------------------------------------------------------------------------


def test_a_robot_whose_keys_were_mashed_for_a_minute_is_as_always():
    robot = Robot(DC)
    chance = 1
    for _ in range(1200):  # every 50 ms: longer than a bounce, as quick as hands are
        chance = (chance * 1103515245 + 12345) & 0x7FFFFFFF
        number = (chance >> 16) & 7
        bench.drive(KEY_PINS[number] if number < 7 else MODE_PIN, None if (chance >> 24) & 1 else 0)
        robot.tick(5)
        assert robot.app.keyed.count <= MAX_CARDS
    assert robot.app.runs  # the switch was at direct too, and GO among the keys
    for pin in KEY_PINS:
        bench.drive(pin, None)
    robot.hold(MODE_PIN)

    def press(pin):
        robot.hold(pin)
        robot.hold(pin, False)

    if not robot.app.vm.how:
        press(GO_PIN)
    assert robot.app.vm.how
    press(CLEAR_PIN)
    press(FORWARD_PIN)
    assert robot.app.keyed.count == 1
    press(GO_PIN)
    robot.tick(20)
    assert robot.hal.is_moving()
    press(GO_PIN)
    assert not robot.hal.is_moving()
    assert robot.app.vm.how == o.HOW_STOPPED


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

"""STOP, from the cable and from the key GO, in every state that can be made; and a link that is lost. On a board's pins. Common dialect."""

import struct

from petitpas_robot import opcodes as o
from petitpas_robot import wire
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.board import BUZZER_PIN, KEY_PINS, KITS, LIFT_PIN, MODE_PIN, MOTOR_PINS, Robot, bench
from tests.firmware.fakes import frame

STOP_US = 20000
"""In which everything is off, from the last byte of STOP on. Source: the promise in PROTOCOL.md."""

END = (o.OP_END,)
FAR = go(mark(0), mark(1), (o.OP_FORWARD, 9), mark(2), (o.OP_LEFT,), mark(3), (o.OP_FORWARD, 9))
SHORT = go(mark(0), "a", mark(1), (o.OP_FORWARD, 1), mark(2), (o.OP_WAIT, 300), (o.OP_JUMP, "a"))
SOUND = go(mark(0), "a", mark(1), (o.OP_NOTE, 69, 60000), (o.OP_JUMP, "a"))
WATCH = go(mark(0), mark(1), (o.OP_WAIT_UNTIL, o.SENSOR_BUMP + o.TEST_ABOVE, 500))
BUSY = assemble([(o.HEAD_GO, 0, "a")] * 8, ["a", mark(0), "b", (o.OP_LIGHT, 1), (o.OP_LIGHT, 2), (o.OP_JUMP, "b")])
CROWD = assemble([(o.HEAD_GO, 0, "a")] * 8, ["a", mark(0), "b", (o.OP_FORWARD, 1), (o.OP_JUMP, "b")])
EVENT = assemble(
    [(o.HEAD_GO, 0, "a"), (o.HEAD_KEY, o.KEY_PAUSE, "b")],
    ["a", mark(0), (o.OP_FORWARD, 9), (o.OP_JUMP, "a"), "b", mark(1), (o.OP_BACKWARD, 9), END],
)
LINK_MS = 450


def rolls(robot, image=FAR, ticks=0):
    robot.play(image)
    robot.tick(ticks)
    assert robot.hal.is_moving()


def ramp_up(robot):
    rolls(robot, FAR, 5)


def cruise(robot):
    rolls(robot, FAR, 100)


def ramp_down(robot):
    robot.play(SHORT)
    while robot.hal.left_steps() < robot.kit.steps_per_cell * 9 // 10:
        robot.tick()
    assert robot.hal.is_moving()


def between_blocks(robot):
    robot.play(SHORT)
    while robot.hal.is_moving():
        robot.tick()
    robot.tick(3)
    assert not robot.app.vm.how


def idle(robot):
    robot.tick(5)


def paused_in_mid_block(robot):
    rolls(robot, FAR, 50)
    robot.ask(wire.PAUSE)
    assert robot.hal.is_moving()


def paused_between_blocks(robot):
    between_blocks(robot)
    robot.ask(wire.PAUSE, b"", 40)
    assert robot.app.state()[1] == wire.STATE_PAUSED


def stepping(robot):
    robot.play(FAR)
    robot.ask(wire.STOP)
    robot.ask(wire.RUN, struct.pack("<HHBB", 0, 0, wire.EVENTS_ALL, wire.FLAG_PAUSED), 2)
    for _ in range(2):
        robot.ask(wire.STEP, b"\0", 20)
    assert robot.app.state()[1] == wire.STATE_STEPPING
    assert robot.hal.is_moving()


def upload(robot):
    robot.ask(wire.LOAD, struct.pack("<HH", 2000, 0) + bytes(100))


def song(robot):
    robot.ask(wire.WHO, b"", 10)
    assert robot.app.song.is_playing


def check_of(part):
    def check(robot):
        robot.ask(wire.CHECK, bytes([part]), 60)
        assert not robot.app.checkup.how

    return check


def waiting_for_time(robot):
    robot.play(go(mark(0), mark(1), (o.OP_WAIT, 60000)))


def waiting_for_a_sensor(robot):
    robot.play(WATCH)


def sounding(robot):
    robot.play(SOUND)
    assert bench.level(BUZZER_PIN)


def direct(robot):
    robot.ask(wire.DIRECT, struct.pack("<HHB", 0, 0, wire.EVENTS_ALL) + FAR, 30)
    assert robot.hal.is_moving()


def telemetry(robot):
    robot.ask(wire.TELEMETRY, b"\1\0")
    rolls(robot, FAR, 50)


def replies_wait(robot):
    robot.ask(wire.TELEMETRY, b"\1\0")
    rolls(robot, SHORT, 30)
    robot.port.takes = 0
    for _ in range(60):
        robot.ask(wire.READ, struct.pack("<HB", 0, 200))
    assert robot.app.session.tx_used > 900


def host_never_reads(robot):
    robot.port.takes = 0
    robot.ask(wire.TELEMETRY, b"\1\0")
    rolls(robot, CROWD, 200)


def half_a_frame_before(robot):
    rolls(robot, FAR, 30)
    robot.send(frame(wire.PING, 90)[:5] + b"\0")
    robot.tick()


def event_task(robot):
    rolls(robot, EVENT, 30)
    robot.hold(KEY_PINS[o.KEY_PAUSE])
    robot.hold(KEY_PINS[o.KEY_PAUSE], False)
    robot.tick(10)
    assert robot.hal.left_steps() < 0


def eight_that_never_wait(robot):
    robot.play(BUSY)
    robot.tick(10)


def eight_that_want_the_wheels(robot):
    rolls(robot, CROWD, 100)


def a_whole_hand_on_the_keys(robot):
    rolls(robot, FAR, 30)
    for pin in KEY_PINS[: o.KEY_GO]:
        bench.drive(pin, 0)
    robot.tick(10)
    assert robot.hal.is_moving()


def lifted(robot):
    rolls(robot, FAR, 30)
    robot.hold(LIFT_PIN)


def keyed_cards(robot):
    robot.hold(MODE_PIN)
    for key in (o.KEY_FORWARD, o.KEY_RIGHT, o.KEY_FORWARD, o.KEY_GO):
        robot.hold(KEY_PINS[key])
        robot.hold(KEY_PINS[key], False)
    assert robot.hal.is_moving()


def keyed_card_at_once(robot):
    robot.hold(KEY_PINS[o.KEY_FORWARD])
    robot.hold(KEY_PINS[o.KEY_FORWARD], False)
    assert robot.hal.is_moving()


def a_card_that_beeps(robot):
    robot.hold(MODE_PIN)
    robot.hold(KEY_PINS[o.KEY_LEFT])
    assert bench.level(BUZZER_PIN)


def settings_wait_to_be_kept(robot):
    rolls(robot, FAR, 30)
    robot.app.store.save_settings(1, 2, 3, 4)


MOVING = [ramp_up, cruise, ramp_down, between_blocks, paused_in_mid_block, paused_between_blocks, stepping]
MOVING.extend([waiting_for_time, waiting_for_a_sensor, sounding, direct, telemetry, replies_wait, host_never_reads, half_a_frame_before])
MOVING.extend([event_task, eight_that_never_wait, eight_that_want_the_wheels, keyed_cards, keyed_card_at_once, settings_wait_to_be_kept])
"""States in which a program runs."""

STATES = MOVING + [idle, upload, song, a_card_that_beeps, a_whole_hand_on_the_keys, lifted]
STATES.extend([check_of(part) for part in range(wire.CHECK_LEFT, wire.CHECK_KEYS + 1)])


def is_off(robot):
    """Say whether no motor has current, nothing sounds and nothing will go on."""
    quiet = not sum(bench.levels(MOTOR_PINS[:4])) and not bench.level(BUZZER_PIN)
    return quiet and not robot.hal.is_moving() and not robot.hal.is_energised() and bool(robot.app.vm.how)


def stays_off(robot, ticks=50):
    """Say whether nothing begins again."""
    for _ in range(ticks):
        robot.tick()
        if not is_off(robot):
            return False
    return True


def test_stop_switches_everything_off_in_every_state():
    for kit in KITS:
        for state in STATES:
            robot = Robot(kit)
            state(robot)
            begun = bench.us
            robot.ask(wire.STOP, b"", 0)
            while not is_off(robot):
                robot.tick()
                assert bench.us - begun <= STOP_US, (kit, state)
            assert stays_off(robot), (kit, state)


def test_stop_is_felt_between_two_ticks():
    for kit in KITS:
        for state in MOVING:
            robot = Robot(kit)
            state(robot)
            robot.ask(wire.STOP, b"", 0)
            robot.app.hear(robot.now_ms)
            assert is_off(robot), (kit, state)


def test_go_stops_whatever_runs():
    for kit in KITS:
        for state in MOVING:
            robot = Robot(kit)
            state(robot)
            begun = bench.us
            bench.drive(KEY_PINS[o.KEY_GO], 0)
            while not is_off(robot):
                robot.tick()
                assert bench.us - begun <= 40000 + STOP_US, (kit, state)  # two looks at a key that may bounce come first
            assert stays_off(robot), (kit, state)


def test_go_among_other_keys_stops_too():
    robot = Robot()
    cruise(robot)
    for pin in KEY_PINS:
        bench.drive(pin, 0)
    robot.tick(6)
    assert is_off(robot)
    for pin in KEY_PINS:
        bench.drive(pin, None)
    assert stays_off(robot)


def test_a_host_that_has_not_said_hello_can_stop_a_robot():
    robot = Robot()
    keyed_cards(robot)
    robot.app.session._last_used = 0  # as after a restart
    robot.ask(wire.STOP)
    assert is_off(robot)


def test_a_lost_link_switches_everything_off_within_half_a_second():
    images = (FAR, SHORT, SOUND, WATCH, BUSY, CROWD, EVENT)
    for kit in KITS:
        for image in images:
            for ticks in (0, 33):
                robot = Robot(kit)
                robot.play(image, LINK_MS)
                for _ in range(ticks):
                    robot.ask(wire.PING)
                begun = bench.us
                while not is_off(robot):
                    robot.tick()
                    assert bench.us - begun <= 500000
                assert robot.app.vm.how == o.HOW_LINK_LOST
                assert stays_off(robot)

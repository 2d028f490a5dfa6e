"""Contrôle technique: each part from the host and from the keys, what encoders tell of wires, and its end at STOP. Common dialect."""

import struct

from petitpas_robot import checkup, wire
from petitpas_robot import opcodes as o
from tests.firmware.assembler import go, mark
from tests.firmware.board import (
    BATTERY_PIN,
    BUMPER_PIN,
    BUZZER_PIN,
    DC,
    KEY_PINS,
    KITS,
    LIFT_PIN,
    LINE_PINS,
    MODE_PIN,
    MOTOR_PINS,
    STEPPER,
    Robot,
    bench,
)
from tests.firmware.fakes import Desk

TURNS = {STEPPER: 4076, DC: 1400}
"""Steps of a wheel's turn. Source: 64 x 25792/405 half-steps; the DC kit's counts_per_turn, within a count."""

WHEELS = (wire.CHECK_LEFT, wire.CHECK_RIGHT, wire.CHECK_WHEELS)


def ask(robot, body=b""):
    """Say CHECK; return the fault of the reply, and part, how, fault, left and right of its body."""
    before = len(robot.received())
    robot.ask(wire.CHECK, body, 8)
    receiver = wire.Receiver()
    data = robot.received()[before:]
    receiver.push(data, len(data))
    while True:
        count = receiver.next()
        assert count >= 0, "no reply"
        if receiver.buf[1] == wire.REPLY and receiver.buf[3] == wire.CHECK:
            return receiver.buf[4], struct.unpack("<BBBii", bytes(receiver.buf[5 : 1 + count]))


def finish(robot, most_ticks=3000):
    """Tick until the part is over and return part, how, fault, left, right."""
    for _ in range(most_ticks):
        if robot.app.checkup.how:
            return ask(robot)[1]
        robot.tick()
    raise AssertionError("it never ends")


def check(robot, part):
    """Do a part from its request to its end."""
    fault, state = ask(robot, bytes([part]))
    assert fault == o.FAULT_NONE
    assert state == (part, o.HOW_RUNNING, o.FAULT_NONE, 0, 0)
    return finish(robot)


def are_off(robot):
    """Say whether nothing is driven, sounds or shines."""
    return not sum(bench.levels(MOTOR_PINS[:4])) and not robot.hal.is_energised() and not bench.level(BUZZER_PIN)


def press(robot, key):
    robot.hold(KEY_PINS[key])
    robot.hold(KEY_PINS[key], False)


# --- Wheels ---------------------------------------------------------------------------------------------------------


def test_a_wheel_makes_one_turn_and_the_other_none():
    for kit in KITS:
        turn = TURNS[kit]
        for part, left, right in zip(WHEELS, (turn, 0, turn), (0, turn, turn)):
            robot = Robot(kit)
            _, how, fault, made_left, made_right = check(robot, part)
            assert (how, fault) == (o.HOW_DONE, o.FAULT_NONE)
            assert abs(made_left - left) <= 1
            assert abs(made_right - right) <= 1
            for shaft, made, way in zip(robot.shafts, (left, right), (1, -1)):
                assert abs(shaft.counts - way * made) <= 14


def test_a_whole_turn_lasts_a_few_seconds():
    for kit in KITS:
        robot = Robot(kit)
        ask(robot, bytes([wire.CHECK_LEFT]))
        robot.tick(checkup.LEAD_MS // 10 - 12)
        assert not robot.hal.is_moving()  # a hand may still be there
        robot.tick(14)
        assert robot.hal.is_moving()
        begun = bench.us
        finish(robot)
        assert 1500000 < bench.us - begun < 6500000


def test_encoders_tell_what_is_wrong_with_a_wheel():
    for trouble, fault in (("no encoder", o.FAULT_NO_COUNTS), ("no motor", o.FAULT_NO_COUNTS), ("backward", o.FAULT_BACKWARD)):
        for part in WHEELS:
            robot = Robot(DC)
            shaft = robot.shafts[0 if part == wire.CHECK_LEFT else 1]
            if trouble == "no encoder":
                shaft.has_encoder = False
            else:
                shaft.gain = 0.0 if trouble == "no motor" else -1.0
            _, how, said, _, _ = check(robot, part)
            assert (how, said) == (o.HOW_BLOCKED, fault), (trouble, part)
            assert are_off(robot)
            orange = len([at for at in range(0, 24, 3) if any(bench.frames[-1][at : at + 3])])
            assert orange == checkup.CHECK_FAULTS.index(fault) + 1


def test_a_wheel_whose_encoder_is_the_others_is_told():
    for part in WHEELS[:2]:
        robot = Robot(DC)
        left, right = robot.shafts
        left._a, left._b, right._a, right._b = right._a, right._b, left._a, left._b
        _, how, fault, _, _ = check(robot, part)
        assert (how, fault) == (o.HOW_BLOCKED, o.FAULT_OTHER_WHEEL)
        assert are_off(robot)


def test_a_wheel_that_is_held_has_no_fault_of_its_wires():
    robot = Robot(DC)
    ask(robot, bytes([wire.CHECK_LEFT]))
    robot.tick(120)
    robot.shafts[0].is_stuck = True
    _, how, fault, left, _ = finish(robot)
    assert (how, fault) == (o.HOW_BLOCKED, o.FAULT_NONE)
    assert 100 < left < TURNS[DC]


def test_a_pressed_bumper_is_no_fault_of_wires():
    robot = Robot(DC)
    robot.hold(BUMPER_PIN)
    assert check(robot, wire.CHECK_WHEELS)[1:3] == (o.HOW_BLOCKED, o.FAULT_NONE)


def test_nothing_turns_in_the_air_or_on_an_empty_battery():
    for kit in KITS:
        robot = Robot(kit)
        robot.hold(LIFT_PIN)
        assert check(robot, wire.CHECK_WHEELS)[1] == o.HOW_LIFTED
        robot.hold(LIFT_PIN, False)
        bench.lines[BATTERY_PIN].adc = 4100 * 65535 // 6600
        robot.tick(400)
        assert check(robot, wire.CHECK_WHEELS)[1] == o.HOW_BATTERY


# --- Lights and sounds ------------------------------------------------------------------------------------------------


def test_each_pixel_is_seen_alone_then_every_colour():
    robot = Robot()
    since = len(bench.frames)
    assert check(robot, wire.CHECK_LIGHTS)[1] == o.HOW_DONE
    frames = bench.frames[since:]
    alone = [[at for at in range(8) if any(frame[3 * at : 3 * at + 3])] for frame in frames[:8]]
    assert alone == [[at] for at in range(8)]
    rows = frames[8:15]
    assert len(set(rows)) == 7
    assert all([frame == frame[:3] * 8 and any(frame) for frame in rows])
    assert frames[15:] == [bytes(24)]


def test_the_scale_is_heard_at_full_volume_whatever_is_set():
    for percent in (100, 30, 0):
        robot = Robot()
        robot.ask(wire.SETTINGS, struct.pack("<hhhB", 0, 0, 0, percent))
        ask(robot, bytes([wire.CHECK_BUZZER]))
        notes = []
        for _ in range(400):
            if bench.level(BUZZER_PIN):
                assert bench.level(BUZZER_PIN) >= robot.kit.buzzer_permille - 1
                notes.append(bench.slices[3].hz)
            robot.tick()
        assert sorted(set(notes)) == [523, 587, 659, 698, 783, 880, 987, 1046]
        assert robot.app.checkup.how == o.HOW_DONE
        robot.app.robot.note(69, 100)
        assert abs(bench.level(BUZZER_PIN) - robot.kit.buzzer_permille * percent // 100) <= 1


def lit(robot):
    """Return the pixels that shine, after what the sensors see has been believed."""
    robot.tick(30)
    return [at for at in range(8) if any(bench.frames[-1][3 * at : 3 * at + 3])]


def test_pixels_show_the_battery_then_what_the_sensors_see():
    for millivolts, count in ((5500, 8), (4830, 4), (4520, 2), (4150, 0)):
        robot = Robot()
        bench.lines[BATTERY_PIN].adc = millivolts * 65535 // 6600
        robot.tick(400)
        ask(robot, bytes([wire.CHECK_SENSORS]))
        robot.tick(20)
        seen = lit(robot)
        assert seen[:count] == list(range(count))
        assert seen[count:] in ([], [7])  # the last is orange while the battery is low
        if count:
            green, red, _ = bench.frames[-1][:3]
            assert (red > green) == (millivolts < robot.kit.warn_mv)
    robot = Robot()
    ask(robot, bytes([wire.CHECK_SENSORS]))
    robot.tick((checkup.LEAD_MS + checkup.BATTERY_MS) // 10 + 2)
    assert lit(robot) == []
    for pixel, pin in ((0, BUMPER_PIN), (1, LIFT_PIN), (5, MODE_PIN)):
        robot.hold(pin)
        assert lit(robot) == [pixel]
        robot.hold(pin, False)
    for pixel, pin in zip((3, 4), LINE_PINS):
        bench.lines[pin].adc = 60000
        assert lit(robot) == [pixel]
        bench.lines[pin].adc = 6000
    robot.tick(checkup.SENSORS_MS // 10)
    assert robot.app.checkup.how == o.HOW_DONE
    assert lit(robot) == []


def test_keys_light_their_pixels_sound_their_notes_and_do_nothing_else():
    robot = Robot()
    robot.hold(MODE_PIN)
    press(robot, o.KEY_LEFT)
    ask(robot, bytes([wire.CHECK_KEYS]))
    robot.tick(40)
    for key in range(o.KEY_GO + 1):
        robot.hold(KEY_PINS[key])
        assert bench.level(BUZZER_PIN)
        assert lit(robot) == [key]
        robot.hold(KEY_PINS[key], False)
    assert robot.app.keyed.count == 1
    assert robot.app.vm.how
    robot.hold(KEY_PINS[o.KEY_GO])
    robot.ask(wire.STOP)
    robot.hold(KEY_PINS[o.KEY_GO], False)  # what was held in the check counts for nothing after it
    assert robot.app.runs == 0
    press(robot, o.KEY_GO)
    assert robot.app.runs == 1


# --- What else is asked ---------------------------------------------------------------------------------------------


def test_stop_ends_every_part_at_once():
    for kit in KITS:
        for part in range(wire.CHECK_LEFT, wire.CHECK_KEYS + 1):
            robot = Robot(kit)
            ask(robot, bytes([part]))
            robot.tick(60)
            begun = bench.us
            robot.ask(wire.STOP)
            robot.tick()
            assert bench.us - begun <= 20000
            assert are_off(robot)
            assert bench.frames[-1] == bytes(24)
            assert ask(robot)[1][:2] == (part, o.HOW_STOPPED)


def test_a_run_takes_the_place_of_a_check():
    robot = Robot()
    ask(robot, bytes([wire.CHECK_LEFT]))
    robot.tick(60)
    robot.play(go(mark(0), mark(1), (o.OP_FORWARD, 3)))
    robot.tick(60)
    assert robot.app.checkup.how == o.HOW_STOPPED
    assert robot.hal.left_steps() == robot.hal.right_steps() > 0
    assert ask(robot, bytes([wire.CHECK_LEFT]))[0] == o.FAULT_BUSY
    assert robot.hal.is_moving()


def test_one_part_takes_the_place_of_another():
    robot = Robot()
    ask(robot, bytes([wire.CHECK_LEFT]))
    robot.tick(60)
    assert ask(robot, bytes([wire.CHECK_BUZZER]))[0] == o.FAULT_NONE
    assert are_off(robot)
    robot.tick(30)
    assert bench.level(BUZZER_PIN)
    robot.ask(wire.CHECK, bytes([wire.CHECK_LIGHTS]))
    assert are_off(robot)
    assert finish(robot)[:2] == (wire.CHECK_LIGHTS, o.HOW_DONE)


def test_what_is_no_part_is_refused_and_changes_nothing():
    robot = Robot()
    check(robot, wire.CHECK_LIGHTS)
    for body, fault in ((b"\0", o.FAULT_VALUE), (b"\10", o.FAULT_VALUE), (b"\xff", o.FAULT_VALUE), (b"\1\1", o.FAULT_MESSAGE)):
        said, state = ask(robot, body)
        assert said == fault
        assert state[:2] == (wire.CHECK_LIGHTS, o.HOW_DONE)
    assert are_off(robot)


def test_a_robot_of_a_world_has_no_wheel_to_turn_alone():
    desk = Desk()
    for part in WHEELS:
        assert desk.ask(wire.CHECK, bytes([part]))[0] == o.FAULT_UNSUPPORTED
    assert desk.ask(wire.CHECK, bytes([wire.CHECK_LIGHTS]))[0] == o.FAULT_NONE
    assert desk.hal.moves == []


def test_a_check_is_done_in_time_when_ticks_are_left_out():
    desk = Desk()
    desk.ask(wire.CHECK, bytes([wire.CHECK_BUZZER]))
    ticks = 0
    while not desk.app.checkup.how:
        wait = desk.app.until(desk.now_ms)
        assert wait > 0
        desk.now_ms += wait - 10
        desk.tick()
        ticks += 1
    assert ticks <= len(checkup.SCALE) + 2
    assert desk.app.until(desk.now_ms) is None


# --- From the keys ----------------------------------------------------------------------------------------------------


def test_each_key_gives_its_note_lights_its_pixel_and_does_its_part():
    parts = (wire.CHECK_WHEELS, wire.CHECK_BUZZER, wire.CHECK_LEFT, wire.CHECK_RIGHT, wire.CHECK_LIGHTS, wire.CHECK_SENSORS)
    robot = Robot()
    checkup.CheckupKeys(robot.app, robot.hal)
    for key, part in enumerate(parts):
        robot.hold(KEY_PINS[key])
        assert bench.level(BUZZER_PIN)
        assert [at for at in range(8) if any(bench.frames[-1][3 * at : 3 * at + 3])] == [key]
        robot.hold(KEY_PINS[key], False)
        assert finish(robot)[:2] == (part, o.HOW_DONE)
        robot.tick(5)


def test_a_key_in_mid_part_begins_its_own():
    robot = Robot()
    checkup.CheckupKeys(robot.app, robot.hal)
    press(robot, o.KEY_FORWARD)
    robot.tick(60)
    assert robot.hal.is_moving()
    press(robot, o.KEY_PAUSE)
    assert are_off(robot) or bench.level(BUZZER_PIN)
    assert not robot.hal.is_moving()
    assert finish(robot)[:2] == (wire.CHECK_LIGHTS, o.HOW_DONE)


def test_go_ends_the_checkup_and_the_robot_is_as_always():
    robot = Robot()
    checkup.CheckupKeys(robot.app, robot.hal)
    press(robot, o.KEY_FORWARD)
    robot.tick(60)
    press(robot, o.KEY_GO)
    assert are_off(robot)
    robot.hold(MODE_PIN)
    press(robot, o.KEY_FORWARD)
    assert robot.app.keyed.count == 1
    press(robot, o.KEY_GO)
    assert robot.app.vm.how == o.HOW_RUNNING


def test_go_stops_a_program_of_the_host_during_the_checkup_too():
    robot = Robot()
    checkup.CheckupKeys(robot.app, robot.hal)
    robot.play(go(mark(0), mark(1), (o.OP_FORWARD, 9)))
    robot.tick(20)
    assert robot.hal.is_moving()
    press(robot, o.KEY_GO)
    assert are_off(robot)
    assert robot.app.vm.how == o.HOW_STOPPED

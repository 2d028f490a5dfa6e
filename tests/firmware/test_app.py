"""The whole robot on a fake board: runs, events, the link, telemetry. Common dialect."""

import struct

from petitpas_robot import clock, wire
from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import Desk, frame, kit

CELL = 1500
WALK = go(mark(0), mark(1), (o.OP_FORWARD, 2), mark(2), (o.OP_LIGHT, 3))
LONG = go(*[(o.OP_LIGHT, number % 8) for number in range(400)])
WAITING = go(mark(0), mark(1), (o.OP_WAIT, 60000))


# --- Runs and their events ----------------------------------------------------------------------------------------


def test_events_tell_a_whole_run_in_order():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_FORWARD, 1), mark(2), (o.OP_WAIT, 20), mark(3), (o.OP_LIGHT, 1)))
    desk.tick(5)
    desk.hal.arrive()
    desk.tick(5)
    assert desk.events == [
        ("entered", 0, 1),
        ("ended", 0, 1, o.HOW_DONE),
        ("entered", 0, 2),
        ("ended", 0, 2, o.HOW_DONE),
        ("entered", 0, 3),
        ("finished", 1, o.HOW_DONE, 0, None, 0),
    ]


def test_a_block_that_begins_again_has_ended_first():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_REPEAT, 3), "a", mark(2), (o.OP_FORWARD, 1), (o.OP_LOOP, "a")))
    for _ in range(3):
        desk.hal.arrive()
        desk.tick()
    assert desk.events == [
        ("entered", 0, 2),
        ("ended", 0, 2, o.HOW_DONE),
        ("entered", 0, 2),
        ("ended", 0, 2, o.HOW_DONE),
        ("entered", 0, 2),
        ("ended", 0, 2, o.HOW_DONE),
        ("finished", 1, o.HOW_DONE, 0, None, 0),
    ]


def test_a_block_that_ends_at_once_has_begun_first():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_WAIT, 0)))
    assert desk.events[:2] == [("entered", 0, 1), ("ended", 0, 1, o.HOW_DONE)]


def test_stop_tells_what_it_stopped():
    desk = Desk()
    desk.play(WALK)
    desk.ask(wire.STOP)
    assert desk.events == [("entered", 0, 1), ("ended", 0, 1, o.HOW_STOPPED), ("finished", 1, o.HOW_STOPPED, 0, 1, 0)]
    assert not desk.hal.moving
    assert desk.hal.tones[-1] == (0, 0)


def test_a_blocked_run_names_its_block():
    desk = Desk()
    desk.play(WALK)
    desk.hal.arrive(400)
    desk.tick()
    assert desk.events[1:] == [("ended", 0, 1, o.HOW_BLOCKED), ("finished", 1, o.HOW_BLOCKED, 0, 1, 0)]
    _, state, run, how, fault, block, _ = desk.state()
    assert (state, run, how, fault) == (wire.STATE_IDLE, 1, o.HOW_BLOCKED, o.FAULT_NONE)
    first = WALK.find(bytes([o.OP_MARK]), layout.HEADER_BYTES + layout.HEAD_BYTES)
    assert block == WALK.find(bytes([o.OP_MARK]), first + 1)


def test_what_is_said_of_a_run_stays_true_after_other_uploads():
    desk = Desk()
    desk.play(WALK)
    desk.hal.arrive(400)
    desk.tick()
    before = desk.state()[2:]
    for _ in range(3):
        desk.load(LONG)
        assert desk.state()[2:] == before


def test_a_run_that_was_not_safe_says_why_and_names_its_block():
    for why in (o.HOW_LIFTED, o.HOW_BATTERY):
        desk = Desk()
        desk.play(WALK)
        desk.hal.why = why
        desk.hal.arrive(400)
        desk.tick()
        assert desk.events[1:] == [("ended", 0, 1, why), ("finished", 1, why, 0, 1, 0)]
        assert desk.state()[3] == why


def test_a_fault_names_instruction_and_block():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_RETURN,)))
    address = layout.HEADER_BYTES + layout.HEAD_BYTES + 2
    assert desk.events[-1] == ("finished", 1, o.HOW_FAULT, o.FAULT_STACK, 1, address)
    assert desk.state()[3:5] == (o.HOW_FAULT, o.FAULT_STACK)


def test_runs_are_counted():
    desk = Desk()
    desk.load(go())
    for number in range(1, 260):
        desk.events, desk.times, desk.hal.tones, desk.hal.lights = [], [], [], []
        desk.run()
        assert desk.events == [("finished", number & 0xFF, o.HOW_DONE, 0, None, 0)]


def test_the_events_mask():
    for mask, names in ((0, []), (wire.EVENTS_BLOCKS, ["entered", "entered"]), (wire.EVENTS_FINISHED, ["finished"])):
        desk = Desk()
        desk.play(go(mark(0), (o.OP_WAIT, 0), mark(1), (o.OP_LIGHT, 1)), events=mask)
        desk.tick(3)
        assert [event[0] for event in desk.events if event[0] != "ended"] == names[-1:], mask
        assert desk.state()[1] == wire.STATE_IDLE


def test_a_run_begins_dark_and_quiet():
    desk = Desk()
    desk.play(WAITING)
    assert desk.hal.lights == [o.COLOUR_OFF]
    assert desk.hal.tones == [(0, 0)]


def test_two_tasks_tell_their_own_blocks():
    desk = Desk()
    desk.play(
        assemble(
            [(o.HEAD_GO, 0, "a"), (o.HEAD_KEY, o.KEY_LEFT, "b")],
            ["a", mark(0), mark(1), (o.OP_FORWARD, 1), (o.OP_END,), "b", mark(2), mark(3), (o.OP_LEFT,), (o.OP_END,)],
        )
    )
    desk.hal.press(o.KEY_LEFT)
    desk.tick(2)
    assert desk.events == [("entered", 0, 1), ("ended", 0, 1, o.HOW_INTERRUPTED), ("entered", 1, 3)]


def test_pause_step_and_resume_over_the_cable():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_FORWARD, 1), mark(2), (o.OP_LIGHT, 1)), flags=wire.FLAG_PAUSED)
    assert desk.state()[1] == wire.STATE_PAUSED
    assert desk.events == []
    assert desk.ask(wire.STEP, b"\0")[0] == o.FAULT_NONE
    assert desk.events == [("entered", 0, 0), ("held", 0, 1)]
    desk.ask(wire.STEP, b"\0")
    desk.hal.arrive()
    desk.tick()
    assert desk.events[2:] == [("entered", 0, 1), ("ended", 0, 1, o.HOW_DONE), ("held", 0, 2)]
    assert desk.ask(wire.STEP, b"\1")[0] == o.FAULT_TASK
    assert desk.ask(wire.RESUME)[0] == o.FAULT_NONE
    assert desk.events[5:] == [("entered", 0, 2), ("finished", 1, o.HOW_DONE, 0, None, 0)]
    assert desk.ask(wire.PAUSE)[0] == o.FAULT_NONE
    assert desk.state()[1] == wire.STATE_IDLE


# --- Between ticks ------------------------------------------------------------------------------------------------


def test_a_request_is_answered_between_two_ticks():
    desk = Desk()
    desk.play(WALK)
    desk.say(frame(wire.STOP, desk.sequence + 1))
    desk.app.hear(clock.add(desk.now_ms, 3))
    assert not desk.hal.moving
    desk.hear()
    assert desk.replies[-1][:3] == (desk.sequence + 1, wire.STOP, o.FAULT_NONE)
    desk.tick()
    assert desk.events[-1][:3] == ("finished", 1, o.HOW_STOPPED)


def test_hearing_nothing_is_nothing():
    desk = Desk()
    desk.app.hear(clock.add(desk.now_ms, 3))
    assert not desk.hal.from_robot


# --- The link -----------------------------------------------------------------------------------------------------


def test_a_run_that_wants_to_be_heard_stops_when_it_is_not():
    desk = Desk()
    desk.play(WALK, link_ms=500)
    desk.tick(50)
    assert desk.hal.moving
    desk.tick()
    assert not desk.hal.moving
    assert desk.events[-1] == ("finished", 1, o.HOW_LINK_LOST, 0, 1, 0)


def test_a_link_of_any_length_is_judged_at_the_first_tick_after_it():
    for link_ms, ticks in ((1, 1), (9, 1), (10, 2), (505, 51)):
        desk = Desk()
        desk.play(WALK, link_ms=link_ms)
        desk.tick(ticks - 1)
        assert desk.hal.moving, link_ms
        desk.tick()
        assert not desk.hal.moving, link_ms


def test_any_good_frame_keeps_the_link():
    desk = Desk()
    desk.play(WALK, link_ms=100)
    for _ in range(20):
        desk.tick(9)
        desk.ask(wire.PING)
    assert desk.hal.moving
    echo = frame(wire.PING, desk.sequence)
    for _ in range(20):
        desk.tick(9)
        desk.say(echo)
    assert desk.hal.moving


def test_noise_does_not_keep_the_link():
    desk = Desk()
    desk.play(WALK, link_ms=100)
    for _ in range(11):
        desk.say(b"\1\2\3\4\5\6\7\0")
        desk.tick()
    assert desk.app.vm.how == o.HOW_LINK_LOST


def test_a_run_without_a_cable_goes_on():
    desk = Desk()
    desk.play(WALK)
    desk.tick(10000)
    assert desk.hal.moving


def test_a_silence_before_the_run_does_not_count():
    desk = Desk()
    desk.load(WALK)
    desk.tick(1000)
    assert desk.run(link_ms=50) == o.FAULT_NONE
    assert desk.hal.moving


# --- Maintenance --------------------------------------------------------------------------------------------------


def test_maintenance_stops_everything_first():
    desk = Desk()
    desk.play(WALK)
    asked = []
    desk.hal.maintain = lambda: asked.append((desk.app.vm.how, desk.hal.is_moving())) or True
    assert desk.ask(wire.MAINTENANCE) == (o.FAULT_NONE, b"")
    assert asked == [(o.HOW_STOPPED, False)]


def test_a_robot_without_files_refuses_maintenance():
    assert Desk().ask(wire.MAINTENANCE) == (o.FAULT_UNSUPPORTED, b"")


# --- Telemetry ----------------------------------------------------------------------------------------------------


def test_telemetry_comes_in_its_period_until_it_is_ended():
    desk = Desk()
    assert desk.events == []
    desk.ask(wire.TELEMETRY, struct.pack("<H", 100))
    desk.tick(100)
    times = desk.times
    assert len(times) == 11
    assert [clock.diff(times[i + 1], times[i]) for i in range(10)] == [100] * 10
    desk.ask(wire.TELEMETRY, b"\0\0")
    desk.events = []
    desk.tick(100)
    assert desk.events == []


def test_telemetry_comes_at_most_once_a_tick():
    desk = Desk()
    desk.ask(wire.TELEMETRY, b"\1\0")
    desk.events = []
    desk.tick(20)
    assert len(desk.events) == 20


def test_telemetry_reads_everything():
    desk = Desk()
    senses = desk.hal.senses
    senses[o.SENSOR_DISTANCE] = 345
    senses[o.SENSOR_LINE_LEFT] = 12
    senses[o.SENSOR_LINE_RIGHT] = 34
    senses[o.SENSOR_LIGHT] = 567
    senses[o.SENSOR_BUMP] = 1000
    senses[o.SENSOR_LIFT] = 1000
    desk.hal.press(o.KEY_LEFT)
    desk.hal.press(o.KEY_GO)
    desk.ask(wire.TELEMETRY, b"\x64\0")
    keys = 1 << o.KEY_LEFT | 1 << o.KEY_GO
    assert desk.events == [("report", 0, 5000, 345, 12, 34, 567, keys, wire.REPORT_BUMP | wire.REPORT_LIFT)]
    desk.events = []
    senses.clear()
    desk.play(go(mark(0), (o.OP_RIGHT,), (o.OP_FORWARD, 9)), heading_deg=270)
    desk.hal.arrive()
    desk.tick(12)
    reports = [event for event in desk.events if event[0] == "report"]
    assert reports[-1] == ("report", 0, 5000, wire.NO_READING, 0, 0, 0, 0, wire.REPORT_MOVING)


def test_a_low_battery_is_reported():
    for millivolts, warn_mv, flag in ((4600, 4600, 0), (4599, 4600, wire.REPORT_BATTERY_LOW), (None, 4600, 0), (3000, 0, 0)):
        a_kit = kit()
        a_kit.warn_mv = warn_mv
        desk = Desk(a_kit)
        desk.hal.millivolts = millivolts
        desk.ask(wire.TELEMETRY, b"\x64\0")
        assert desk.events[0][2] == (wire.NO_READING if millivolts is None else millivolts)
        assert desk.events[0][-1] == flag


# --- What a runner that skips may leave out -----------------------------------------------------------------------


def test_until_says_when_something_happens():
    desk = Desk()
    assert desk.app.until(desk.now_ms) is None
    desk.play(go(mark(0), mark(1), (o.OP_WAIT, 500)))
    assert desk.app.until(desk.now_ms) == 500
    desk.tick(20)
    assert desk.app.until(desk.now_ms) == 300
    desk.ask(wire.TELEMETRY, struct.pack("<H", 70))
    assert desk.app.until(desk.now_ms) == 70
    desk.ask(wire.TELEMETRY, b"\0\0")
    desk.ask(wire.STOP)
    assert desk.app.until(desk.now_ms) is None
    desk.play(go(mark(0), mark(1), (o.OP_WAIT, 5000)), link_ms=200)
    assert desk.app.until(desk.now_ms) == 201


def test_until_never_waits_while_something_is_to_be_sent():
    desk = Desk()
    desk.hal.takes = 0
    desk.ask(wire.PING)
    assert desk.app.until(desk.now_ms) == 0
    desk.hal.takes = 1000
    desk.tick()
    assert desk.app.until(desk.now_ms) is None


def test_until_never_waits_while_something_must_be_watched():
    for image in (
        go("a", mark(0), (o.OP_LIGHT, 1), (o.OP_JUMP, "a")),
        go(mark(0), (o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE, 10)),
        assemble([(o.HEAD_KEY, 0, "a")], ["a", mark(0), (o.OP_END,)]),
        assemble([(o.HEAD_OBSTACLE, 0, "a")], ["a", mark(0), (o.OP_END,)]),
    ):
        desk = Desk()
        desk.play(image)
        assert desk.app.until(desk.now_ms) == 0

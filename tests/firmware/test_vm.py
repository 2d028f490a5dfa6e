"""The virtual machine: every instruction, faults, the stack, time, STOP. Common dialect."""

from petitpas_robot import clock, core
from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import Machine, glider

CELL, QUARTER = 1500, 700
END = (o.OP_END,)


def run(image, a_kit=None, ticks=1):
    machine = Machine(a_kit)
    machine.start(image)
    machine.tick(ticks - 1)
    return machine


def lights_of(*items):
    """Return the lights of a GO task that needs no time."""
    machine = run(go(*items))
    assert machine.vm.how == o.HOW_DONE
    return machine.hal.lights


# --- Control ------------------------------------------------------------------------------------------------------


def test_an_empty_program_is_done_at_once():
    machine = run(go())
    assert machine.vm.how == o.HOW_DONE
    assert machine.vm.fault == o.FAULT_NONE
    assert machine.hal.moves == []


def test_jump():
    assert lights_of((o.OP_JUMP, "b"), "a", (o.OP_LIGHT, 1), (o.OP_JUMP, "c"), "b", (o.OP_LIGHT, 2), (o.OP_JUMP, "a"), "c") == [2, 1]


def test_repeat_turns_and_nests():
    assert lights_of((o.OP_REPEAT, 3), "a", mark(0), (o.OP_LIGHT, 4), (o.OP_LOOP, "a")) == [4, 4, 4]
    assert lights_of((o.OP_REPEAT, 1), "a", (o.OP_LIGHT, 4), (o.OP_LOOP, "a")) == [4]
    inner = [(o.OP_REPEAT, 3), "b", (o.OP_LIGHT, 2), (o.OP_LOOP, "b")]
    nested = lights_of((o.OP_REPEAT, 2), "a", (o.OP_LIGHT, 1), *inner, (o.OP_LIGHT, 3), (o.OP_LOOP, "a"), (o.OP_LIGHT, 0))
    assert nested == [1, 2, 2, 2, 3, 1, 2, 2, 2, 3, 0]


def test_repeat_255_times():
    machine = run(go((o.OP_REPEAT, 255), "a", (o.OP_LIGHT, 1), (o.OP_LOOP, "a")), ticks=20)
    assert machine.vm.how == o.HOW_DONE
    assert len(machine.hal.lights) == 255


def test_call_and_return():
    own = ["own", mark(0), (o.OP_LIGHT, 5), (o.OP_CALL, "inner"), (o.OP_RETURN,)]
    inner = ["inner", (o.OP_LIGHT, 6), (o.OP_RETURN,)]
    called = lights_of((o.OP_CALL, "own"), (o.OP_LIGHT, 2), (o.OP_CALL, "own"), (o.OP_JUMP, "end"), *own, *inner, "end")
    assert called == [5, 6, 2, 5, 6]


LOOKS = [
    (0, 500, 499, True),
    (0, 500, 500, False),
    (0, 500, 501, False),
    (o.TEST_ABOVE, 500, 501, True),
    (o.TEST_ABOVE, 500, 500, False),
    (o.TEST_ABOVE, 500, 499, False),
    (0, 500, None, False),  # nothing in range is beyond any threshold
    (o.TEST_ABOVE, 500, None, True),
    (0, 0, 0, False),
    (o.TEST_ABOVE, 0, 0, False),
]


def test_unless_looks_at_each_sensor():
    for sensor in (o.SENSOR_DISTANCE, o.SENSOR_LINE_LEFT, o.SENSOR_LINE_RIGHT, o.SENSOR_LIGHT, o.SENSOR_BUMP, o.SENSOR_LIFT):
        for above, threshold, value, holds in LOOKS:
            machine = Machine()
            machine.hal.senses[sensor] = value
            machine.start(go((o.OP_UNLESS, sensor | above, threshold, "else"), (o.OP_LIGHT, 1), (o.OP_STOP,), "else", (o.OP_LIGHT, 2)))
            assert machine.hal.lights == [1 if holds else 2], (sensor, above, threshold, value)


THRESHOLDS = [
    (o.SENSOR_DISTANCE, 150),
    (o.SENSOR_LINE_LEFT, 400),
    (o.SENSOR_LINE_RIGHT, 400),
    (o.SENSOR_LIGHT, 600),
    (o.SENSOR_BUMP, 500),
    (o.SENSOR_LIFT, 500),
    (o.SENSOR_KEY, 500),
    (o.SENSOR_KEY + o.KEY_GO, 500),
]


def test_thresholds_of_the_kit():
    for sensor, threshold in THRESHOLDS:
        for value, colour in ((threshold - 1, 1), (threshold, 2)):
            machine = Machine()
            machine.hal.senses[sensor] = value
            machine.start(go((o.OP_UNLESS, sensor, o.THRESHOLD_KIT, "else"), (o.OP_LIGHT, 1), (o.OP_STOP,), "else", (o.OP_LIGHT, 2)))
            assert machine.hal.lights == [colour], (sensor, value)


def test_mark_notes_the_block():
    machine = run(go(mark(0), mark(1), (o.OP_WAIT, 100), mark(2), (o.OP_WAIT, 100)))
    regs = machine.vm.tasks[0].regs
    assert machine.block(regs[core.BLOCK]) == 1
    assert regs[core.ENTERED] == 1
    machine.tick(10)
    assert machine.block(regs[core.BLOCK]) == 2


# --- At once, and lasting -------------------------------------------------------------------------------------------


def test_light():
    assert lights_of((o.OP_LIGHT, o.COLOUR_GREEN), (o.OP_LIGHT, o.COLOUR_OFF)) == [7, 0]


def test_wait_takes_its_time():
    for ms, ticks in ((1, 1), (10, 1), (11, 2), (500, 50), (65535, 6554)):
        machine = run(go((o.OP_WAIT, ms), (o.OP_LIGHT, 1)))
        machine.tick(ticks - 1)
        assert machine.hal.lights == [], ms
        machine.tick()
        assert machine.hal.lights == [1], ms
        assert machine.vm.how == o.HOW_DONE


def test_wait_of_nothing_goes_on_in_the_same_tick():
    assert lights_of((o.OP_WAIT, 0), (o.OP_LIGHT, 1)) == [1]


def test_wait_across_the_wrap():
    machine = Machine()
    machine.now_ms = clock.MASK - 15
    machine.start(go((o.OP_WAIT, 40), (o.OP_LIGHT, 1)))
    assert machine.now_ms == clock.MASK - 5
    machine.tick(3)
    assert machine.now_ms == 24
    assert machine.hal.lights == []
    machine.tick()
    assert machine.hal.lights == [1]


def test_wait_until():
    machine = run(go((o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE, 200), (o.OP_LIGHT, 1)), ticks=5)
    assert machine.hal.lights == []
    machine.hal.senses[o.SENSOR_DISTANCE] = 200
    machine.tick(3)
    assert machine.hal.lights == []
    machine.hal.senses[o.SENSOR_DISTANCE] = 199
    machine.tick()
    assert machine.hal.lights == [1]


def test_wait_until_what_holds_already_goes_on_in_the_same_tick():
    assert lights_of((o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE | o.TEST_ABOVE, 200), (o.OP_LIGHT, 1)) == [1]


def test_beep_lasts():
    machine = run(go((o.OP_BEEP,), (o.OP_LIGHT, 1)))
    assert machine.hal.tones == [(1760, 300)]
    machine.tick(29)
    assert machine.hal.lights == []
    machine.tick()
    assert machine.hal.lights == [1]


def test_note_is_in_tune():
    for pitch, hz in ((69, 440), (60, 261), (81, 880), (57, 220), (21, 27), (108, 4186), (0, 8), (127, 12543)):
        machine = run(go((o.OP_NOTE, pitch, 120)))
        assert machine.hal.tones == [(hz, 120)], pitch
        machine.tick(11)
        assert machine.vm.how == o.HOW_RUNNING
        machine.tick()
        assert machine.vm.how == o.HOW_DONE


def test_stop_ends_every_task():
    image = assemble(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        ["a", mark(0), (o.OP_FORWARD, 9), END, "b", mark(1), (o.OP_WAIT, 20), mark(2), (o.OP_STOP,), (o.OP_LIGHT, 1), END],
    )
    machine = run(image, ticks=2)
    assert machine.hal.moving
    machine.tick()
    assert not machine.hal.moving
    assert machine.vm.how == o.HOW_DONE
    assert machine.block(machine.vm.block) == 2
    assert machine.hal.lights == []
    assert machine.hal.tones[-1] == (0, 0)
    assert machine.vm.tasks[0].ended == o.HOW_STOPPED


# --- Motion ---------------------------------------------------------------------------------------------------------


def test_each_motion_makes_its_segment_and_lasts():
    for instruction, segment in (
        ((o.OP_FORWARD, 2), (2 * CELL, 2 * CELL)),
        ((o.OP_BACKWARD, 1), (-CELL, -CELL)),
        ((o.OP_LEFT,), (-QUARTER, QUARTER)),
        ((o.OP_RIGHT,), (QUARTER, -QUARTER)),
        ((o.OP_FORWARD_MM, 300), (2 * CELL, 2 * CELL)),
        ((o.OP_BACKWARD_MM, 600), (-4 * CELL, -4 * CELL)),
        ((o.OP_LEFT_DEG, 45), (-QUARTER // 2, QUARTER // 2)),
        ((o.OP_RIGHT_DEG, 360), (4 * QUARTER, -4 * QUARTER)),
    ):
        machine = run(go(instruction, (o.OP_LIGHT, 1)), ticks=30)
        assert machine.hal.moves == [segment]
        assert machine.hal.lights == []
        machine.arrive()
        assert machine.hal.lights == [1]
        assert machine.vm.tasks[0].ended == o.HOW_DONE


def test_each_motion_without_a_front():
    for instruction, segment in (
        ((o.OP_GO_UP, 1), (0, CELL)),
        ((o.OP_GO_DOWN, 2), (0, -2 * CELL)),
        ((o.OP_GO_LEFT, 1), (-CELL, 0)),
        ((o.OP_GO_RIGHT, 3), (3 * CELL, 0)),
    ):
        machine = run(go(instruction), glider(), ticks=3)
        assert machine.hal.moves == [segment]
        machine.arrive()
        assert machine.vm.how == o.HOW_DONE


def test_until_an_obstacle_then_goes_on():
    machine = run(go((o.OP_UNTIL_OBSTACLE,), (o.OP_LIGHT, 1)))
    machine.arrive()
    machine.hal.senses[o.SENSOR_DISTANCE] = 75
    machine.arrive()
    assert machine.hal.lights == [1]
    assert [move for move in machine.hal.moves if move != (0, 0)] == [(CELL, CELL)] * 2


def test_a_blocked_motion_ends_the_program_at_its_block():
    machine = run(go(mark(0), mark(1), (o.OP_FORWARD, 3), mark(2), (o.OP_LIGHT, 1)))
    machine.arrive(333)
    assert machine.vm.how == o.HOW_BLOCKED
    assert machine.vm.fault == o.FAULT_NONE
    assert machine.block(machine.vm.block) == 1
    assert machine.vm.tasks[0].ended == o.HOW_BLOCKED
    assert machine.hal.lights == []


# --- Faults ---------------------------------------------------------------------------------------------------------


def fault_of(*items):
    """Return how, fault and address of a program whose code begins with these items."""
    machine = run(go(*items), ticks=10)
    vm = machine.vm
    assert not machine.hal.moving
    return vm.how, vm.fault, vm.address


START = layout.HEADER_BYTES + layout.HEAD_BYTES


def test_loop_that_never_began():
    assert fault_of((o.OP_LIGHT, 1), "a", (o.OP_LOOP, "a")) == (o.HOW_FAULT, o.FAULT_STACK, START + 2)
    assert fault_of(mark(0), "a", (o.OP_LOOP, "a")) == (o.HOW_FAULT, o.FAULT_STACK, START + 1)


def test_return_without_a_call():
    assert fault_of((o.OP_RETURN,)) == (o.HOW_FAULT, o.FAULT_STACK, START)
    assert fault_of((o.OP_REPEAT, 200), (o.OP_RETURN,)) == (o.HOW_FAULT, o.FAULT_STACK, START + 2)


def test_loop_inside_a_call_does_not_turn_the_address():
    how, fault, _ = fault_of((o.OP_CALL, "own"), "own", (o.OP_LOOP, "own"))
    assert (how, fault) == (o.HOW_FAULT, o.FAULT_STACK)


def test_endless_recursion():
    assert fault_of("own", (o.OP_CALL, "own")) == (o.HOW_FAULT, o.FAULT_STACK, START)


def test_the_stack_holds_24_loops_and_no_more():
    deep = [(o.OP_REPEAT, 1)] * 24
    ends = []
    for depth in range(24):
        ends += [f"x{depth}", (o.OP_LOOP, f"x{depth}")]
    assert fault_of(*deep, *ends)[0] == o.HOW_DONE
    assert fault_of(*deep, (o.OP_REPEAT, 1)) == (o.HOW_FAULT, o.FAULT_STACK, START + 48)
    assert fault_of(*deep, "a", (o.OP_CALL, "a")) == (o.HOW_FAULT, o.FAULT_STACK, START + 48)


def test_a_fault_stops_the_wheels_and_names_its_block():
    image = assemble(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        ["a", mark(0), (o.OP_FORWARD, 9), END, "b", mark(1), (o.OP_WAIT, 20), mark(2), (o.OP_RETURN,), END],
    )
    machine = run(image)
    assert machine.hal.moving
    machine.tick(2)
    assert not machine.hal.moving
    assert machine.vm.how == o.HOW_FAULT
    assert machine.block(machine.vm.block) == 2


def test_a_new_run_forgets_the_fault():
    machine = run(go((o.OP_RETURN,)))
    assert machine.vm.fault == o.FAULT_STACK
    machine.start(go((o.OP_LIGHT, 1)))
    assert (machine.vm.how, machine.vm.fault, machine.vm.address, machine.vm.block) == (o.HOW_DONE, 0, 0, 0)


# --- STOP everywhere ------------------------------------------------------------------------------------------------

WAYS_TO_LAST = [
    (o.OP_WAIT, 1000),
    (o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE, 10),
    (o.OP_BEEP,),
    (o.OP_NOTE, 60, 1000),
    (o.OP_FORWARD, 5),
    (o.OP_LEFT,),
    (o.OP_FORWARD_MM, 100),
    (o.OP_UNTIL_OBSTACLE,),
]


def test_stop_in_the_middle_of_anything():
    for instruction in WAYS_TO_LAST:
        for paused in (False, True):
            machine = run(go(mark(0), mark(1), instruction, mark(2), (o.OP_LIGHT, 1)), ticks=3)
            if paused:
                machine.vm.pause()
            machine.vm.stop()
            assert not machine.hal.moving
            assert machine.hal.tones[-1] == (0, 0)
            assert machine.vm.how == o.HOW_STOPPED
            assert machine.vm.tasks[0].ended == o.HOW_STOPPED
            assert machine.block(machine.vm.block) == 1
            machine.tick(200)
            assert machine.hal.lights == []
            assert machine.vm.until(machine.now_ms) is None


def test_stop_where_nothing_runs_is_nothing():
    machine = run(go())
    machine.vm.stop()
    assert machine.vm.how == o.HOW_DONE

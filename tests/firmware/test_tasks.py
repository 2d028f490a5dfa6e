"""Several tasks: their shares of a tick, who has the wheels, what starts by itself. Common dialect."""

from petitpas_robot import opcodes as o
from petitpas_robot.vm import BUDGET
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import Machine

CELL, QUARTER = 1500, 700
END = (o.OP_END,)
FORWARD_1 = (CELL, CELL)
FORWARD_2 = (2 * CELL, 2 * CELL)
FORWARD_3 = (3 * CELL, 3 * CELL)
LEFT = (-QUARTER, QUARTER)


def started(heads, items):
    machine = Machine()
    machine.start(assemble(heads, items))
    return machine


def on_key(key, *items):
    """Return the image of a GO task that moves for ever, and a task for a key."""
    program = ["go", mark(0), "a", mark(1), (o.OP_FORWARD, 1), (o.OP_JUMP, "a"), "key", mark(2)]
    program += items
    program.append(END)
    return assemble([(o.HEAD_GO, 0, "go"), (o.HEAD_KEY, key, "key")], program)


def press(machine, key, ticks=1):
    machine.hal.press(key)
    machine.tick(ticks)
    machine.hal.press(key, False)


# --- The wheels -----------------------------------------------------------------------------------------------------


def test_one_task_at_a_time_has_the_wheels_in_order_of_arrival():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b"), (o.HEAD_GO, 0, "c")],
        ["a", (o.OP_WAIT, 30), (o.OP_FORWARD, 1), END, "b", (o.OP_FORWARD, 2), END, "c", (o.OP_WAIT, 10), (o.OP_FORWARD, 3), END],
    )
    machine.tick(10)
    assert machine.hal.moves == [FORWARD_2]
    machine.arrive()
    machine.tick(10)
    assert machine.hal.moves == [FORWARD_2, FORWARD_3]
    machine.arrive()
    assert machine.hal.moves == [FORWARD_2, FORWARD_3, FORWARD_1]
    machine.arrive()
    assert machine.vm.how == o.HOW_DONE


def test_who_has_moved_waits_behind_the_others():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        ["a", (o.OP_FORWARD, 1), (o.OP_JUMP, "a"), "b", (o.OP_FORWARD, 2), (o.OP_JUMP, "b")],
    )
    for _ in range(5):
        machine.arrive()
    assert machine.hal.moves == [FORWARD_1, FORWARD_2] * 3


def test_nobody_overtakes_the_queue_when_a_key_task_ends():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_KEY, 0, "key"), (o.HEAD_GO, 0, "b")],
        ["a", (o.OP_FORWARD, 1), (o.OP_FORWARD, 2), END, "key", (o.OP_WAIT, 50), END, "b", (o.OP_WAIT, 100), (o.OP_FORWARD, 3), END],
    )
    machine.tick(4)
    press(machine, 0)  # at 50 ms: the key's task and the other's wait end in the same tick
    machine.tick(6)
    assert machine.hal.moves == [FORWARD_1, FORWARD_2]
    machine.arrive()
    assert machine.hal.moves == [FORWARD_1, FORWARD_2, FORWARD_3]


def test_a_task_without_motion_goes_on_meanwhile():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        ["a", (o.OP_FORWARD, 1), END, "b", (o.OP_LIGHT, 1), (o.OP_WAIT, 20), (o.OP_LIGHT, 2), END],
    )
    machine.tick(2)
    assert machine.hal.lights == [1, 2]
    assert machine.hal.moving


# --- Keys and obstacles ---------------------------------------------------------------------------------------------


def test_a_key_takes_the_wheels_and_gives_them_back():
    machine = Machine()
    machine.start(on_key(o.KEY_LEFT, (o.OP_LEFT,), (o.OP_WAIT, 50), (o.OP_LEFT,)))
    go_task, key_task = machine.vm.tasks
    assert machine.hal.moves == [FORWARD_1]
    press(machine, o.KEY_LEFT)
    assert machine.hal.halts == 1
    assert go_task.ended == o.HOW_INTERRUPTED
    assert machine.block(go_task.ended_block) == 1
    assert machine.hal.moves == [FORWARD_1, LEFT]
    machine.arrive()
    machine.tick(3)  # it waits and keeps the wheels meanwhile
    assert machine.hal.moves == [FORWARD_1, LEFT]
    assert not machine.hal.moving
    machine.tick(2)
    assert machine.hal.moves == [FORWARD_1, LEFT, LEFT]
    machine.arrive()
    machine.tick()
    assert not machine.vm.is_active(key_task)
    assert machine.hal.moves == [FORWARD_1, LEFT, LEFT, FORWARD_1]
    assert machine.vm.how == o.HOW_RUNNING


def test_a_key_that_is_held_counts_once():
    machine = Machine()
    machine.start(on_key(o.KEY_GO, (o.OP_LIGHT, 3)))
    machine.hal.press(o.KEY_GO)
    machine.tick(20)
    assert machine.hal.lights == [3]
    machine.hal.press(o.KEY_GO, False)
    machine.tick()
    machine.hal.press(o.KEY_GO)
    machine.tick()
    assert machine.hal.lights == [3, 3]


def test_a_key_that_is_down_at_the_start_does_not_count():
    machine = Machine()
    machine.hal.press(o.KEY_GO)
    machine.start(on_key(o.KEY_GO, (o.OP_LIGHT, 3)))
    machine.tick(5)
    assert machine.hal.lights == []
    machine.hal.press(o.KEY_GO, False)
    machine.tick()
    press(machine, o.KEY_GO)
    assert machine.hal.lights == [3]


def test_another_key_is_nothing():
    machine = Machine()
    machine.start(on_key(o.KEY_GO, (o.OP_LIGHT, 3)))
    for key in range(o.KEY_GO):
        press(machine, key)
        machine.tick()
    assert machine.hal.lights == []
    assert machine.hal.halts == 0


def test_a_key_task_that_runs_is_not_started_again():
    machine = Machine()
    machine.start(on_key(o.KEY_PAUSE, (o.OP_LIGHT, 1), (o.OP_WAIT, 200), (o.OP_LIGHT, 2)))
    press(machine, o.KEY_PAUSE)
    machine.tick(5)
    press(machine, o.KEY_PAUSE)
    machine.tick(5)
    assert machine.hal.lights == [1]
    machine.tick(20)
    assert machine.hal.lights == [1, 2]


def near(machine, mm=100):
    machine.hal.senses[o.SENSOR_DISTANCE] = mm
    machine.tick()
    machine.hal.senses[o.SENSOR_DISTANCE] = None


def test_an_obstacle_takes_the_wheels_on_an_edge():
    machine = Machine()
    machine.hal.senses[o.SENSOR_DISTANCE] = 100  # near already: no edge
    machine.start(
        assemble(
            [(o.HEAD_OBSTACLE, 0, "near"), (o.HEAD_GO, 0, "go")],
            ["near", mark(0), mark(1), (o.OP_BACKWARD, 1), END, "go", mark(2), "a", mark(3), (o.OP_FORWARD, 3), (o.OP_JUMP, "a")],
        )
    )
    machine.tick(5)
    assert machine.hal.moves == [FORWARD_3]
    machine.hal.senses[o.SENSOR_DISTANCE] = 150  # not nearer than the kit's threshold
    machine.tick()
    near(machine, 149)
    assert machine.hal.moves == [FORWARD_3, (-CELL, -CELL)]
    assert machine.vm.tasks[1].ended == o.HOW_INTERRUPTED
    machine.arrive()
    machine.tick()
    assert machine.hal.moves[2:] == [FORWARD_3]


def test_event_tasks_do_not_interrupt_each_other():
    items = ["go", (o.OP_FORWARD, 1), (o.OP_JUMP, "go"), "a", (o.OP_FORWARD, 2), END, "b", (o.OP_FORWARD, 3), END, "c", (o.OP_LEFT,), END]
    heads = [(o.HEAD_GO, 0, "go"), (o.HEAD_KEY, 0, "a"), (o.HEAD_KEY, 1, "b"), (o.HEAD_KEY, 2, "c")]
    machine = started(heads, items)
    press(machine, 0)
    press(machine, 2)
    press(machine, 1)
    machine.tick(3)
    assert machine.hal.moves == [FORWARD_1, FORWARD_2]
    assert machine.hal.halts == 1
    for _ in range(3):
        machine.arrive()
        machine.tick()
    assert machine.hal.moves == [FORWARD_1, FORWARD_2, LEFT, FORWARD_3, FORWARD_1]


def test_a_program_with_a_key_waits_for_it_for_ever():
    machine = started([(o.HEAD_KEY, 0, "a")], ["a", (o.OP_LIGHT, 1), END])
    machine.tick(1000)
    assert machine.vm.how == o.HOW_RUNNING
    press(machine, 0)
    machine.tick()
    assert machine.hal.lights == [1]
    assert machine.vm.how == o.HOW_RUNNING


# --- Messages -------------------------------------------------------------------------------------------------------


def test_a_message_starts_every_task_that_waits_for_it():
    machine = started(
        [(o.HEAD_MESSAGE, 3, "a"), (o.HEAD_GO, 0, "go"), (o.HEAD_MESSAGE, 3, "b"), (o.HEAD_MESSAGE, 4, "c")],
        ["a", (o.OP_LIGHT, 1), END, "go", (o.OP_SEND, 3), (o.OP_SEND, 5), END, "b", (o.OP_LIGHT, 2), END, "c", (o.OP_LIGHT, 3), END],
    )
    machine.tick(2)
    assert sorted(machine.hal.lights) == [1, 2]
    assert machine.vm.how == o.HOW_DONE


def test_a_message_does_not_restart_a_task():
    machine = started(
        [(o.HEAD_GO, 0, "go"), (o.HEAD_MESSAGE, 0, "a")],
        [
            "go",
            (o.OP_REPEAT, 3),
            "x",
            (o.OP_SEND, 0),
            (o.OP_WAIT, 30),
            (o.OP_LOOP, "x"),
            END,
            "a",
            (o.OP_LIGHT, 1),
            (o.OP_WAIT, 50),
            (o.OP_LIGHT, 2),
            END,
        ],
    )
    machine.tick(30)
    assert machine.hal.lights == [1, 2, 1, 2]
    assert machine.vm.how == o.HOW_DONE


def test_a_task_can_send_itself_its_message_only_for_the_next_time():
    machine = started(
        [(o.HEAD_GO, 0, "go"), (o.HEAD_MESSAGE, 0, "a")], ["go", (o.OP_SEND, 0), END, "a", (o.OP_LIGHT, 1), (o.OP_SEND, 0), END]
    )
    machine.tick(5)
    assert machine.hal.lights == [1]
    assert machine.vm.how == o.HOW_DONE


def test_a_message_task_waits_for_the_wheels_like_any_other():
    machine = started(
        [(o.HEAD_GO, 0, "go"), (o.HEAD_MESSAGE, 0, "a")], ["go", (o.OP_SEND, 0), (o.OP_FORWARD, 1), END, "a", (o.OP_FORWARD, 2), END]
    )
    machine.tick()
    assert machine.hal.moves == [FORWARD_1]
    assert machine.hal.halts == 0
    machine.arrive()
    assert machine.hal.moves == [FORWARD_1, FORWARD_2]


# --- Shares of a tick -----------------------------------------------------------------------------------------------


def run(image, ticks=1):
    machine = Machine()
    machine.start(image)
    machine.tick(ticks - 1)
    return machine


def test_an_endless_loop_gives_the_tick_back():
    machine = run(go("a", mark(0), (o.OP_LIGHT, 1), (o.OP_JUMP, "a")))
    first = len(machine.hal.lights)
    assert first == BUDGET // 2  # a MARK and the instruction behind it count as one
    machine.tick(10)
    assert len(machine.hal.lights) == 11 * first
    machine.vm.stop()
    assert machine.vm.how == o.HOW_STOPPED


def test_an_endless_loop_of_lasting_blocks_that_last_nothing_gives_the_tick_back():
    machine = run(go("a", mark(0), (o.OP_WAIT, 0), mark(1), (o.OP_SEND, 7), (o.OP_JUMP, "a")))
    machine.tick(3)
    assert machine.vm.how == o.HOW_RUNNING


def test_an_empty_endless_loop_gives_the_tick_back():
    machine = run(go("a", (o.OP_JUMP, "a")), ticks=100)
    assert machine.vm.how == o.HOW_RUNNING


def test_eight_tasks_share_the_tick_fairly():
    heads = [(o.HEAD_GO, 0, f"t{number}") for number in range(8)]
    items = []
    for number in range(8):
        items += [f"t{number}", f"l{number}", (o.OP_LIGHT, number), (o.OP_JUMP, f"l{number}")]
    machine = run(assemble(heads, items), ticks=10)
    counts = [machine.hal.lights.count(number) for number in range(8)]
    assert counts == [10 * BUDGET // 8 // 2] * 8


def test_a_busy_task_does_not_delay_another():
    image = assemble(
        [(o.HEAD_GO, 0, "busy"), (o.HEAD_GO, 0, "calm")],
        ["busy", (o.OP_JUMP, "busy"), "calm", (o.OP_WAIT, 50), (o.OP_LIGHT, 3), END],
    )
    machine = run(image, ticks=5)
    assert machine.hal.lights == []
    machine.tick()
    assert machine.hal.lights == [3]


def test_the_program_ends_with_its_last_task():
    image = assemble([(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")], ["a", (o.OP_WAIT, 100), END, "b", (o.OP_WAIT, 50), END])
    machine = run(image, ticks=10)
    assert machine.vm.how == o.HOW_RUNNING
    machine.tick()
    assert machine.vm.how == o.HOW_DONE
    assert machine.vm.block == 0

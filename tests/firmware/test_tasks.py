"""Several tasks: who has the wheels, what starts by itself, pause and step. Common dialect."""

from petitpas_robot import opcodes as o
from tests.firmware.fakes import Machine, assemble, go, mark

CELL, QUARTER = 1500, 700
END = (o.OP_END,)
FORWARD_1 = (CELL, CELL)
FORWARD_2 = (2 * CELL, 2 * CELL)
FORWARD_3 = (3 * CELL, 3 * CELL)
LEFT = (-QUARTER, QUARTER)


def started(heads, items, paused=False):
    machine = Machine()
    machine.start(assemble(heads, items), paused)
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


# --- Pause and step -------------------------------------------------------------------------------------------------

WALK = go(mark(0), mark(1), (o.OP_FORWARD, 1), mark(2), (o.OP_LIGHT, 2), mark(3), (o.OP_WAIT, 20), mark(4), (o.OP_FORWARD, 2))


def test_pause_takes_effect_at_the_end_of_the_block():
    machine = Machine()
    machine.start(WALK)
    machine.vm.pause()
    machine.tick(5)
    assert machine.hal.moving
    machine.arrive()
    machine.tick(50)
    assert machine.vm.tasks[0].ended == o.HOW_DONE
    assert machine.hal.lights == []
    machine.vm.resume()
    machine.tick()
    assert machine.hal.lights == [2]
    machine.tick(2)
    assert machine.hal.moves == [FORWARD_1, FORWARD_2]


def test_pause_holds_an_endless_loop():
    machine = Machine()
    machine.start(go("a", mark(0), (o.OP_LIGHT, 1), (o.OP_JUMP, "a")))
    machine.vm.pause()
    count = len(machine.hal.lights)
    machine.tick(10)
    assert len(machine.hal.lights) <= count + 1
    machine.vm.resume()
    machine.tick()
    assert len(machine.hal.lights) > count + 10


def test_pause_holds_every_task():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        ["a", mark(0), (o.OP_WAIT, 20), mark(1), (o.OP_LIGHT, 1), END, "b", mark(2), (o.OP_WAIT, 40), mark(3), (o.OP_LIGHT, 2), END],
    )
    machine.vm.pause()
    machine.tick(20)
    assert machine.hal.lights == []
    machine.vm.resume()
    machine.tick()
    assert sorted(machine.hal.lights) == [1, 2]


def test_a_key_is_not_seen_while_paused():
    machine = Machine()
    machine.start(on_key(o.KEY_GO, (o.OP_LIGHT, 3)))
    machine.vm.pause()
    press(machine, o.KEY_GO, 3)
    machine.vm.resume()
    machine.tick(5)
    assert machine.hal.lights == []


def held_block(machine):
    """Return the number of the block before which the last step ended, and forget it."""
    task = machine.vm.held
    machine.vm.held = None
    return machine.block(task.regs[0])


def test_step_by_step():
    machine = Machine()
    machine.start(WALK, paused=True)
    machine.tick(3)
    assert machine.vm.held is None
    assert machine.vm.step(0) == o.FAULT_NONE  # through the head
    machine.tick()
    assert held_block(machine) == 1
    assert machine.hal.moves == []
    machine.vm.step(0)
    machine.tick(5)
    assert machine.hal.moves == [FORWARD_1]
    assert machine.vm.held is None
    machine.arrive()
    assert held_block(machine) == 2
    assert machine.hal.lights == []
    machine.vm.step(0)
    machine.tick(20)
    assert machine.hal.lights == [2]
    assert held_block(machine) == 3
    machine.vm.step(0)
    machine.tick(2)
    assert machine.vm.held is None
    machine.tick()
    assert held_block(machine) == 4
    machine.vm.resume()
    machine.tick()
    assert machine.hal.moves == [FORWARD_1, FORWARD_2]


def test_a_step_in_a_running_program_pauses_the_others():
    machine = started(
        [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")],
        [
            "a",
            mark(0),
            (o.OP_LIGHT, 1),
            (o.OP_WAIT, 10),
            (o.OP_JUMP, "a"),
            "b",
            mark(1),
            (o.OP_LIGHT, 2),
            (o.OP_WAIT, 10),
            (o.OP_JUMP, "b"),
        ],
    )
    assert machine.vm.step(1) == o.FAULT_NONE
    machine.tick(10)
    first = machine.hal.lights.count(1)
    assert machine.vm.held is machine.vm.tasks[1]
    for _ in range(4):
        machine.vm.step(1)
        machine.tick(5)
    assert machine.hal.lights.count(1) == first
    assert machine.hal.lights.count(2) >= 5


def test_a_step_through_a_whole_own_block_stops_at_each_of_its_blocks():
    machine = Machine()
    machine.start(
        go(mark(0), mark(1), (o.OP_CALL, "own"), (o.OP_JUMP, "end"), "own", mark(2), (o.OP_LIGHT, 1), (o.OP_RETURN,), "end", mark(3)), True
    )
    blocks = []
    for _ in range(3):
        machine.vm.step(0)
        machine.tick()
        blocks.append(held_block(machine))
    assert blocks == [1, 2, 3]


def test_a_step_of_a_task_that_is_not_there():
    machine = Machine()
    machine.start(on_key(0, (o.OP_LIGHT, 1)), True)
    assert machine.vm.step(1) == o.FAULT_TASK  # its key was not pressed
    for number in (2, 7, 8, 255):
        assert machine.vm.step(number) == o.FAULT_TASK
    machine.vm.stop()
    assert machine.vm.step(0) == o.FAULT_TASK


def test_the_last_step_ends_the_program():
    machine = Machine()
    machine.start(go(mark(0), mark(1), (o.OP_LIGHT, 1)), True)
    machine.vm.step(0)
    machine.tick()
    machine.vm.step(0)
    machine.tick()
    assert machine.hal.lights == [1]
    assert machine.vm.how == o.HOW_DONE


def test_a_paused_robot_stands_still_for_ever():
    machine = Machine()
    machine.start(WALK, paused=True)
    assert machine.vm.until(machine.now_ms) is None
    machine.tick(100)
    assert machine.hal.moves == []
    assert machine.vm.how == o.HOW_RUNNING

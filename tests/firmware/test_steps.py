"""Pause and step: each task held at the end of its block, one let through its next. Common dialect."""

from petitpas_robot import opcodes as o
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import Machine

CELL = 1500
END = (o.OP_END,)
FORWARD_1 = (CELL, CELL)
FORWARD_2 = (2 * CELL, 2 * CELL)


def started(heads, items, paused=False):
    machine = Machine()
    machine.start(assemble(heads, items), paused)
    return machine


def with_key(*items):
    """Return the image of a GO task that moves for ever, and a task for the key GO."""
    program = ["go", mark(0), "a", mark(1), (o.OP_FORWARD, 1), (o.OP_JUMP, "a"), "key", mark(2)]
    program += items
    program.append(END)
    return assemble([(o.HEAD_GO, 0, "go"), (o.HEAD_KEY, o.KEY_GO, "key")], program)


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
    machine.start(with_key((o.OP_LIGHT, 3)))
    machine.vm.pause()
    machine.hal.press(o.KEY_GO)
    machine.tick(3)
    machine.hal.press(o.KEY_GO, False)
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
    machine.start(with_key((o.OP_LIGHT, 1)), True)
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

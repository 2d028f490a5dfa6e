"""Which card runs, as the pixels show it: in order, in loops, around again, in time. Common dialect."""

from petitpas_robot import opcodes as o
from petitpas_robot.keyed import MAX_CARDS
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import Desk

END = (o.OP_END,)


def press(desk, *keys):
    """Press and let go keys, one after the other."""
    for key in keys:
        desk.hal.press(key)
        desk.tick()
        desk.hal.press(key, False)
        desk.tick()


def keyed(*keys):
    """Return a desk whose robot plays these cards, GO pressed, no host about."""
    desk = Desk(hello=False)
    desk.hal.senses[o.SENSOR_MODE] = 1000
    press(desk, *keys)
    press(desk, o.KEY_GO)
    return desk


def watch(desk, most_ticks):
    """Let the robot run, its wheels arriving at once, until it has ended."""
    for _ in range(most_ticks):
        if desk.app.vm.how:
            desk.tick(2)
            return desk.hal.steps
        if desk.hal.moving:
            desk.hal.arrive()
        desk.tick()
    raise AssertionError("it never ends")


def loaded(image):
    """Return a desk whose robot plays an image, loaded by a host and begun with GO."""
    desk = Desk()
    assert desk.load(image) == o.FAULT_NONE
    press(desk, o.KEY_GO)
    return desk


def test_each_card_is_shown_while_it_runs_then_the_cards_in_memory():
    desk = keyed(o.KEY_FORWARD, o.KEY_PAUSE, o.KEY_LEFT)
    assert desk.hal.steps == [0]
    assert watch(desk, 400) == [0, 1, 2, None]
    assert desk.hal.counts == [1, 2, 3, 3]


def test_the_longest_program_shows_every_card_in_the_tick_in_which_it_begins():
    desk = keyed(*[o.KEY_PAUSE, o.KEY_RIGHT] * (MAX_CARDS // 2))
    late = 0
    while not desk.app.vm.how:
        if desk.hal.moving:
            desk.hal.arrive()
        desk.tick()
        late += desk.app.progress.is_behind
    assert desk.hal.steps == list(range(MAX_CARDS)) + [None]
    assert late == 0


def test_a_loop_goes_back_to_its_cards():
    image = go(mark(0), mark(1), (o.OP_REPEAT, 3), "a", mark(2), (o.OP_FORWARD, 1), mark(3), (o.OP_LEFT,), (o.OP_LOOP, "a"))
    assert watch(loaded(image), 400) == [1, 2, 1, 2, 1, 2, None]


def test_a_loop_that_goes_back_far_is_shown_a_few_ticks_later():
    desk = far_loop()
    desk.tick(600)
    steps = desk.hal.steps
    assert steps[:5] == [0, 199, 0, 199, 0]
    desk.app.stop()
    assert desk.hal.steps[-1] is None
    desk = far_loop()
    for _ in range(200):  # and when ticks are left out
        desk.now_ms += max(desk.app.until(desk.now_ms) - 10, 0)
        desk.tick()
    assert desk.hal.steps[:5] == [0, 199, 0, 199, 0]


def far_loop():
    """Return a desk whose robot waits a second in its first block and in its last, for ever."""
    long = [(mark(number), (o.OP_LIGHT, number & 7)) for number in range(2, 200)]
    items = ["a", mark(1), (o.OP_WAIT, 1000)]
    for pair in long:
        items.extend(pair)
    return loaded(go(mark(0), *items, mark(200), (o.OP_WAIT, 1000), (o.OP_JUMP, "a")))


def test_blocks_of_several_starts_count_from_the_first():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")]
    code = ["a", mark(0), mark(1), (o.OP_WAIT, 50), mark(2), (o.OP_WAIT, 50), END, "b", mark(3), mark(4), (o.OP_WAIT, 500), END]
    assert watch(loaded(assemble(heads, code)), 200) == [0, 1, None]


def test_stop_shows_no_step_any_more():
    desk = keyed(o.KEY_FORWARD, o.KEY_FORWARD)
    press(desk, o.KEY_GO)
    assert desk.hal.steps == [0, None]
    assert desk.hal.counts[-1] == 2


def test_a_run_of_the_host_shows_no_steps():
    desk = Desk()
    desk.play(go(mark(0), mark(1), (o.OP_FORWARD, 1)))
    desk.tick(5)
    assert desk.hal.steps == []


def test_steps_are_shown_in_time_when_ticks_are_left_out():
    desk = keyed(o.KEY_PAUSE, o.KEY_PAUSE, o.KEY_PAUSE)
    ticks = 0
    while not desk.app.vm.how:
        wait = desk.app.until(desk.now_ms)
        desk.now_ms += max(wait - 10, 0)
        desk.tick()
        ticks += 1
    assert desk.hal.steps == [0, 1, 2, None]
    assert ticks < 12

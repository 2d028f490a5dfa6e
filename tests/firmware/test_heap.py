"""What the robot does with memory while it idles and drives: nothing. For MicroPython alone, which can lock its heap."""

import gc

import micropython

from petitpas_robot import clock, wire
from petitpas_robot import opcodes as o
from petitpas_robot.app import App
from tests.firmware.assembler import assemble, go, mark
from tests.firmware.fakes import START_MS, Desk, FakeHal, core_run, kit

TICKS = 10000


class QuietHal(FakeHal):
    """A board that keeps no lists, and whose wheels never arrive."""

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        self.moving = True

    def light(self, colour):
        pass

    def tone(self, hz, ms):
        pass

    def set_volume(self, percent):
        pass

    def show_step(self, number):
        pass


def robot(image, link_ms=0, flags=0):
    """Return a robot that runs an image and has told all there was to tell, and its board."""
    hal = QuietHal()
    app = App(hal, kit(), "lapin", core_run())
    if image is not None:
        assert app.load(len(image), 0, image) == (o.FAULT_NONE, len(image))
        assert app.run(link_ms, 0, 0, flags) == o.FAULT_NONE
    for tick in range(5):
        app.tick(clock.add(START_MS, 10 * tick))
    assert not app.session.tx_used
    return app, hal


def tick_locked(app):
    """Tick for a hundred seconds across the wrap of time, with the heap locked: whatever allocates raises MemoryError."""
    now_ms = clock.add(START_MS, 50)
    tick = app.tick
    gc.collect()
    before = gc.mem_free()
    micropython.heap_lock()
    try:
        for _ in range(TICKS):
            tick(now_ms)
            now_ms = clock.add(now_ms, 10)
    finally:
        micropython.heap_unlock()
    assert gc.mem_free() == before
    for _ in range(100):  # and without the lock nothing is left behind, not even garbage
        tick(now_ms)
        now_ms = clock.add(now_ms, 10)
    assert gc.mem_free() == before, before - gc.mem_free()


def check_running(image, flags=0, link_ms=0):
    app, _ = robot(image, link_ms, flags)
    assert app.vm.how == o.HOW_RUNNING
    tick_locked(app)
    assert app.vm.how == o.HOW_RUNNING


def test_the_lock_is_felt():
    felt = False
    micropython.heap_lock()
    try:
        bytearray(100)
    except MemoryError:
        felt = True
    micropython.heap_unlock()
    assert felt


def test_idle():
    tick_locked(robot(None)[0])


def test_idle_after_a_run():
    tick_locked(robot(go(mark(0), (o.OP_LIGHT, 1)))[0])


def test_idle_while_something_waits_to_be_kept():
    app, hal = robot(None)
    hal.holding = True
    app.store.save_settings(1, 2, 3, 4)
    tick_locked(app)
    assert app.store.waiting


def test_a_song():
    app, _ = robot(None)
    now_ms = clock.add(START_MS, 50)
    app.tick(now_ms)
    assert app.who() == o.FAULT_NONE
    gc.collect()
    micropython.heap_lock()
    try:
        for _ in range(100):
            now_ms = clock.add(now_ms, 10)
            app.tick(now_ms)
            app.until(now_ms)
        is_playing = app.song.is_playing
        for _ in range(100):
            now_ms = clock.add(now_ms, 10)
            app.tick(now_ms)
    finally:
        micropython.heap_unlock()
    assert is_playing
    assert not app.song.is_playing


def test_each_part_of_the_checkup():
    app, _ = robot(None)
    now_ms = clock.add(START_MS, 50)
    app.check(wire.CHECK_LIGHTS)  # loads it
    app.checkup._turn = 100  # as for a kit with a board
    for part in range(wire.CHECK_LEFT, wire.CHECK_KEYS + 1):
        app.tick(now_ms)
        assert app.check(part) == o.FAULT_NONE
        gc.collect()
        micropython.heap_lock()
        try:
            for _ in range(2500):
                now_ms = clock.add(now_ms, 10)
                app.tick(now_ms)
                app.until(now_ms)
        finally:
            micropython.heap_unlock()
        assert (app.checkup.how == o.HOW_RUNNING) == (part <= wire.CHECK_WHEELS or part == wire.CHECK_KEYS)  # the wheels never arrive
        app.stop()


def test_a_program_whose_steps_are_shown():
    app, _ = robot(go("a", mark(0), mark(1), (o.OP_LIGHT, 1), mark(2), (o.OP_WAIT, 30), mark(3), (o.OP_LIGHT, 2), (o.OP_JUMP, "a")))
    app.progress.begin(app.memory.program, 3)
    tick_locked(app)
    assert app.progress.is_on


def test_driving_with_trims():
    app, hal = robot(None)
    app.drive.trim(-1000, 1000, 1000)
    image = go("a", mark(0), (o.OP_FORWARD, 255), (o.OP_FORWARD_MM, 65535), (o.OP_LEFT,), (o.OP_RIGHT_DEG, 3600), (o.OP_JUMP, "a"))
    assert app.load(len(image), 0, image)[0] == o.FAULT_NONE
    assert app.run(0, 0, 0, 0) == o.FAULT_NONE
    hal.left_steps = lambda: app.drive._left
    hal.right_steps = lambda: app.drive._right
    now_ms = clock.add(START_MS, 50)
    gc.collect()
    micropython.heap_lock()
    try:
        for _ in range(TICKS // 10):
            now_ms = clock.add(now_ms, 10)
            app.tick(now_ms)
            hal.moving = not hal.moving
    finally:
        micropython.heap_unlock()
    assert app.vm.how == o.HOW_RUNNING


def test_driving():
    check_running(go(mark(0), mark(1), (o.OP_FORWARD, 9)))
    check_running(go(mark(0), mark(1), (o.OP_UNTIL_OBSTACLE,)), link_ms=0)


def test_paused():
    check_running(go(mark(0), mark(1), (o.OP_FORWARD, 9)), flags=wire.FLAG_PAUSED)


def test_driving_while_another_task_waits():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")]
    check_running(assemble(heads, ["a", (o.OP_FORWARD, 9), (o.OP_END,), "b", (o.OP_WAIT, 100), (o.OP_WAIT, 60000), (o.OP_JUMP, "b")]))


def test_driving_while_another_task_watches():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "b")]
    check_running(assemble(heads, ["a", (o.OP_FORWARD, 9), (o.OP_END,), "b", (o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE, 200), (o.OP_END,)]))


def test_driving_with_an_eye_on_obstacles_and_keys():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_OBSTACLE, 0, "b"), (o.HEAD_KEY, o.KEY_GO, "b")]
    check_running(assemble(heads, ["a", (o.OP_FORWARD, 9), (o.OP_END,), "b", (o.OP_LEFT,), (o.OP_END,)]))


def test_driving_while_two_tasks_queue_for_the_wheels():
    heads = [(o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "a"), (o.HEAD_GO, 0, "a")]
    check_running(assemble(heads, ["a", (o.OP_FORWARD, 9), (o.OP_JUMP, "a")]))


def test_an_endless_loop_of_lights_looks_and_own_blocks():
    loop = [
        (o.OP_LIGHT, 1),
        (o.OP_UNLESS, o.SENSOR_DISTANCE, 100, "x"),
        "x",
        (o.OP_CALL, "own"),
        (o.OP_WAIT, 0),
        (o.OP_SEND, 1),
        (o.OP_JUMP, "a"),
    ]
    own = ["own", mark(1), (o.OP_REPEAT, 3), "r", (o.OP_LIGHT, 2), (o.OP_LOOP, "r"), (o.OP_RETURN,)]
    check_running(go(mark(0), "a", *loop, *own))


def test_eight_tasks_in_motion_and_thought():
    heads = [(o.HEAD_GO, 0, "a")] * 4 + [(o.HEAD_GO, 0, "b")] * 4
    check_running(
        assemble(
            heads, ["a", mark(0), (o.OP_BEEP,), (o.OP_FORWARD, 1), (o.OP_JUMP, "a"), "b", mark(1), (o.OP_NOTE, 60, 30), (o.OP_JUMP, "b")]
        )
    )


def test_motions_that_end_and_begin():
    app, hal = robot(go("a", mark(0), (o.OP_FORWARD, 1), (o.OP_LEFT,), (o.OP_FORWARD_MM, 70), (o.OP_RIGHT_DEG, 30), (o.OP_JUMP, "a")))
    now_ms = clock.add(START_MS, 50)
    hal.left_steps = lambda: app.drive._left
    hal.right_steps = lambda: app.drive._right
    gc.collect()
    micropython.heap_lock()
    try:
        for _ in range(TICKS):
            now_ms = clock.add(now_ms, 10)
            app.tick(now_ms)
            hal.moving = not hal.moving
    finally:
        micropython.heap_unlock()
    assert app.vm.how == o.HOW_RUNNING


def test_a_thousand_programs_leave_nothing_behind():
    desk = Desk()
    images = [go(*[(o.OP_LIGHT, number % 8) for number in range(count)]) for count in (3, 40, 200)]
    images.append(go(mark(0), (o.OP_RETURN,)))

    def play(times):
        for number in range(times):
            desk.events, desk.times, desk.replies, desk.hal.lights, desk.hal.tones = [], [], [], [], []
            desk.play(images[number % 4])
            desk.tick(7)
            assert desk.app.vm.how != o.HOW_RUNNING
        desk.events, desk.times, desk.replies, desk.hal.lights, desk.hal.tones = [], [], [], [], []
        gc.collect()
        return gc.mem_free()

    before = play(20)
    after = play(1000)
    print("free after 20 programs", before, "after 1,020", after)
    assert after >= before - 64

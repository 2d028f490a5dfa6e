"""What happens when the power comes, and what whatever ends the robot leaves behind. Common dialect."""

import sys

from petitpas_robot import clock, wire
from petitpas_robot import opcodes as o
from petitpas_robot.boards import usb
from petitpas_robot.boards.usb import UsbCable
from petitpas_robot.checkup import CheckupKeys
from petitpas_robot.kit import Kit
from tests.firmware.assembler import go, mark
from tests.firmware.board import KITS, MOTOR_PINS, Port, bench, fields, kit_path
from tests.firmware.fakes import frame

BOOM_US = 3000000


class Boom(Exception):
    """What ends the loop in a test."""


class Time:
    """Stands in for the module `time`: to ask takes a while."""

    @staticmethod
    def ticks_us():
        bench.advance(20)
        return bench.us & clock.MASK

    @staticmethod
    def ticks_ms():
        bench.advance(300)
        return (bench.us // 1000 - 2000) & clock.MASK  # the count wraps after two seconds


class Micropython:
    """Stands in for the module `micropython`."""

    characters = []

    @classmethod
    def kbd_intr(cls, character):
        cls.characters.append(character)


class Cable(UsbCable):
    """A cable that waits in the stand-in's time, and breaks at some."""

    def wait(self, ms):
        if bench.us > BOOM_US:
            raise Boom()
        if UsbCable.wait(self, ms):
            return True
        bench.advance(1000 * ms)
        return False


def boot():
    """Do what the board does first; return the module."""
    sys.modules.pop("main", None)
    kept = sys.modules.get("micropython")
    sys.modules["micropython"] = Micropython
    Micropython.characters = []
    try:
        return __import__("main")
    finally:
        if kept is None:
            del sys.modules["micropython"]
        else:
            sys.modules["micropython"] = kept


def run(kit_file, port, end, made=None):
    """Run a board until an exception of the type `end` ends it; put its application in the list `made`."""
    module = boot()
    module.KIT_FILE = kit_file
    if made is not None:
        make = module.make

        def keep():
            robot = make()
            made.append(robot[0])
            return robot

        module.make = keep
    kept = sys.modules.get("time")
    opened = usb.open_cable
    usb.open_cable = lambda: Cable(port.readable, port.writable, port, port)
    sys.modules["time"] = Time
    try:
        module.main()
    except end:
        return
    finally:
        usb.open_cable = opened
        if kept is None:
            del sys.modules["time"]
        else:
            sys.modules["time"] = kept
    raise AssertionError("it came to an end")


def test_the_motors_pins_go_low_before_anything_else():
    for function in (4, 6):  # left to PWM or PIO by what ran before
        bench.reset()
        for pin in MOTOR_PINS:
            bench.lines[pin].function = function
            bench.lines[pin].pio = 1
            bench.slices[pin >> 1].duty[pin & 1] = 65535
            bench.slices[pin >> 1].is_enabled = True
        assert min(bench.levels(MOTOR_PINS)) > 0
        boot()
        assert bench.levels(MOTOR_PINS) == [0] * 8
        assert [(what, who, value) for _, what, who, value in bench.log] == [("mode", pin, (1, None, 0)) for pin in MOTOR_PINS]


def test_two_keys_held_are_for_maintenance():
    for held, expected in (((13, 14), True), ((13,), False), ((14,), False), ((), False), ((8, 14), False)):
        bench.reset()
        module = boot()
        for pin in held:
            bench.drive(pin, 0)
        assert module.is_maintenance() is expected


def test_a_board_in_maintenance_starts_nothing():
    bench.reset()
    module = boot()
    assert Micropython.characters == [-1]  # whatever a host sends while the board starts cannot interrupt it
    for pin in (13, 14):
        bench.drive(pin, 0)
    module.main()
    assert Micropython.characters == [-1, 3]
    assert bench.levels(MOTOR_PINS) == [0] * 8
    assert not [what for _, what, _, _ in bench.log if what in ("coils", "pwm", "feed")]


def test_two_other_keys_held_are_for_the_checkup():
    for held, is_checkup in (((8, 9), True), ((8,), False), ((9,), False), ((), False), ((9, 10), False)):
        bench.reset()
        for pin in held:
            bench.drive(pin, 0)
        made = []
        run(kit_path(KITS[0]), Port(), Boom, made)
        assert isinstance(made[0].keyed, CheckupKeys) is is_checkup


PROGRAM = go(mark(0), mark(1), (o.OP_FORWARD, 9))
DIRECT = frame(wire.HELLO, 1, b"\1\2\3\4") + frame(wire.DIRECT, 2, bytes([0, 0, 0, 0, 3]) + PROGRAM)


def test_whatever_ends_the_robot_its_motors_are_off_and_its_prompt_answers():
    for kit in KITS:
        bench.reset()
        bench.lines[28].adc = 5000 * 65535 // 6600
        bench.drive(6, 0)
        port = Port()
        port.to_robot.extend(DIRECT)
        run(kit_path(kit), port, Boom)
        assert len(port.from_robot) > 20
        moved = [value for _, what, _, value in bench.log if what in ("coils", "pwm") and value]
        assert moved
        assert bench.levels(MOTOR_PINS) == [0] * 8
        assert Micropython.characters == [-1, 3]


def test_ticks_come_every_ten_milliseconds_and_feed_the_watchdog():
    bench.reset()
    run(kit_path(KITS[0]), Port(), Boom)
    assert bench.watchdog_ms == 2000
    fed = bench.fed_us[1:]
    gaps = [later - earlier for earlier, later in zip(fed, fed[1:])]
    assert len(fed) > 250
    assert max(gaps) <= 12000
    assert abs((fed[-1] - fed[0]) // len(gaps) - 10000) < 100


def test_a_request_is_answered_before_the_next_tick():
    bench.reset()
    port = Port()
    port.to_robot.extend(frame(wire.HELLO, 1, b"\1\2\3\4"))
    run(kit_path(KITS[0]), port, Boom)
    assert port.from_robot


def test_a_robot_that_hangs_is_reset():
    import machine

    bench.reset()
    machine.WDT(timeout=2000)
    bench.advance(1999000)
    try:
        bench.advance(2000)
    except machine.Reset:
        return
    raise AssertionError("no watchdog")


def test_a_board_keeps_every_figure_of_its_kit():
    for name in KITS:
        module = boot()
        module.KIT_FILE = kit_path(name)
        kept, kit = module.read_kit(), Kit(fields(name))
        assert kit.__dict__
        for figure, value in kit.__dict__.items():
            assert getattr(kept, figure) == value, figure


def test_a_kit_file_that_is_wrong_leaves_the_motors_off():
    bench.reset()
    run("no such file", Port(), OSError)
    assert bench.levels(MOTOR_PINS) == [0] * 8
    assert bench.watchdog_ms == 0  # nothing resets a board that is being mended
    assert Micropython.characters == [-1, 3]

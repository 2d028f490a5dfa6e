"""The check that lets the virtual machine trust an image, and what that trust is worth. Common dialect."""

import struct
import sys

from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from tests.firmware.assembler import assemble, go, mark, sealed
from tests.firmware.fakes import Choice, Desk, Machine, kit, unhex, vectors

GOOD = [unhex(vector["image"]) for vector in vectors("images.json")["good"]]


def checked(image):
    return layout.check(bytearray(image), len(image))


def test_good_vectors():
    for vector in vectors("images.json")["good"]:
        assert checked(unhex(vector["image"])) == o.FAULT_NONE, vector["says"]


def test_bad_vectors_are_refused_with_their_fault():
    for vector in vectors("images.json")["bad"]:
        assert checked(unhex(vector["image"])) == vector["fault"], vector["says"]


def test_the_longest_image_and_one_byte_more():
    most = layout.MAX_IMAGE_BYTES - layout.HEADER_BYTES - layout.HEAD_BYTES - layout.CRC_BYTES - 1
    for more, fault in ((0, o.FAULT_NONE), (1, o.FAULT_IMAGE_DAMAGED)):
        length = layout.MAX_IMAGE_BYTES + more
        head = struct.pack("<BBHHBB", layout.MAGIC, layout.VERSION, length, 0, 1, 0) + b"\x00\x00\x0c\x00"
        image = sealed(head + bytes([o.OP_LEFT]) * (most + more) + bytes([o.OP_END]))
        assert len(image) == length
        assert checked(image) == fault


def test_every_truncation_is_refused():
    for image in GOOD:
        for length in range(len(image)):
            assert checked(image[:length]) != o.FAULT_NONE
            behind = bytearray(image)  # the rest of the old image is still in the buffer
            assert layout.check(behind, length) != o.FAULT_NONE


def test_every_single_wrong_byte_is_refused():
    for image in GOOD:
        for at in range(len(image)):
            for change in (1, 0x80, 0xFF):
                wrong = bytearray(image)
                wrong[at] ^= change
                assert checked(wrong) == o.FAULT_IMAGE_DAMAGED


def test_the_table_of_lengths_is_that_of_the_opcodes():
    known = [value for name, value in vars_of(o) if name.startswith("OP_") and value < 0x40]
    assert sorted(known) == [opcode for opcode in range(0x40) if layout.LENGTHS[opcode]]


def vars_of(module):
    return [(name, getattr(module, name)) for name in dir(module)]


# --- What a good image can do ------------------------------------------------------------------------------------


class Fence(bytearray):
    """An image's memory in which no look leaves the instructions."""

    def __getitem__(self, at):
        if isinstance(at, int):
            assert 0 <= at < self.end, at
        return bytearray.__getitem__(self, at)


def fenced(image):
    """Return an image in a fenced memory; MicroPython's bytearray has no descendants."""
    if sys.implementation.name != "cpython":
        return bytearray(image)
    fence = Fence(image)
    fence.end = len(image) - layout.CRC_BYTES
    return fence


def run_for_a_while(image):
    """Run an image that has passed its check, with wheels that arrive, keys that go down and a thing that comes near."""
    machine = Machine()
    machine.vm.start(fenced(image))
    for tick in range(40):
        machine.tick()
        machine.hal.senses[o.SENSOR_DISTANCE] = 50 if tick % 8 > 4 else None
        machine.hal.press(tick % 7, tick % 3 == 0)
        if machine.hal.moving and tick % 2:
            machine.hal.arrive()
        for task in machine.vm.tasks:
            assert task.regs[2] < len(image)
            assert 3 <= task.regs[1] <= 27 or not task.regs[0]
    machine.vm.stop()
    return machine


def test_no_changed_byte_makes_an_image_leave_its_memory():
    passed = 0
    for image in GOOD:
        for at in range(len(image) - layout.CRC_BYTES):
            for value in (0, 1, 2, 4, 5, 6, 7, 0x21, 0x24, 0x38, image[at] ^ 1, image[at] ^ 0x80, 0xFF):
                changed = sealed(image[:at] + bytes([value]) + image[at + 1 : -layout.CRC_BYTES])
                if checked(changed) == o.FAULT_NONE:
                    passed += 1
                    assert_cores_agree(changed)
    assert passed > 300  # a third of all changes are good programs too


def assert_cores_agree(image):
    """Run an image with this core and with the plain one: the same happens."""
    here = run_for_a_while(image)
    core, Choice.core = Choice.core, "plain"
    there = here if core == "plain" else run_for_a_while(image)
    Choice.core = core
    assert (here.vm.how, here.vm.fault, here.vm.address, here.vm.block) == (
        there.vm.how,
        there.vm.fault,
        there.vm.address,
        there.vm.block,
    )
    assert here.hal.moves == there.hal.moves
    assert here.hal.lights == there.hal.lights
    assert here.hal.tones == there.hal.tones


def test_a_good_image_ends_or_faults_by_itself_in_known_ways():
    outcomes = set()
    for image in GOOD:
        vm = run_for_a_while(image).vm
        outcomes.add(vm.how)
        assert vm.fault == o.FAULT_NONE
    assert outcomes <= {o.HOW_DONE, o.HOW_STOPPED}
    assert o.HOW_DONE in outcomes


# --- What a kit can do -------------------------------------------------------------------------------------------

NEEDS = [
    (o.CAN_LIGHT, (o.OP_LIGHT, 1)),
    (o.CAN_SOUND, (o.OP_BEEP,)),
    (o.CAN_SOUND, (o.OP_NOTE, 60, 10)),
    (o.CAN_ROLL, (o.OP_FORWARD, 1)),
    (o.CAN_ROLL, (o.OP_RIGHT,)),
    (o.CAN_ROLL, (o.OP_LEFT_DEG, 10)),
    (o.CAN_ROLL | o.CAN_DISTANCE, (o.OP_UNTIL_OBSTACLE,)),
    (o.CAN_GLIDE, (o.OP_GO_UP, 1)),
    (o.CAN_GLIDE, (o.OP_GO_RIGHT, 1)),
    (o.CAN_DISTANCE, (o.OP_WAIT_UNTIL, o.SENSOR_DISTANCE, 100)),
    (o.CAN_LINE, (o.OP_WAIT_UNTIL, o.SENSOR_LINE_LEFT, 100)),
    (o.CAN_LINE, (o.OP_WAIT_UNTIL, o.SENSOR_LINE_RIGHT | o.TEST_ABOVE, 100)),
    (o.CAN_SEE_LIGHT, (o.OP_WAIT_UNTIL, o.SENSOR_LIGHT, 100)),
    (o.CAN_BUMP, (o.OP_WAIT_UNTIL, o.SENSOR_BUMP | o.TEST_ABOVE, 100)),
    (o.CAN_LIFT, (o.OP_UNLESS, o.SENSOR_LIFT | o.TEST_ABOVE, 100, "go")),
    (o.CAN_KEYS, (o.OP_UNLESS, o.SENSOR_KEY, 100, "go")),
    (o.CAN_KEYS, (o.OP_WAIT_UNTIL, (o.SENSOR_KEY + o.KEY_GO) | o.TEST_ABOVE, 100)),
]


def test_each_instruction_needs_its_capability_and_no_other():
    for bits, instruction in NEEDS:
        image = go(instruction)
        assert layout.check(image, len(image)) == o.FAULT_NONE
        assert layout.check_can(image, bits) == o.FAULT_NONE, instruction
        for place in range(10):
            bit = 1 << place
            expected = o.FAULT_UNSUPPORTED if bits & bit else o.FAULT_NONE
            assert layout.check_can(image, 0x3FF & ~bit) == expected, instruction


def test_heads_need_keys_and_distance():
    for kind, argument, bit in ((o.HEAD_KEY, 3, o.CAN_KEYS), (o.HEAD_OBSTACLE, 0, o.CAN_DISTANCE)):
        image = assemble([(kind, argument, "a")], ["a", mark(0), (o.OP_END,)])
        assert layout.check_can(image, bit) == o.FAULT_NONE
        assert layout.check_can(image, 0xFFFF & ~bit) == o.FAULT_UNSUPPORTED
    for kind in (o.HEAD_GO, o.HEAD_MESSAGE):
        image = assemble([(kind, 0, "a")], ["a", (o.OP_END,)])
        assert layout.check_can(image, 0) == o.FAULT_NONE


def test_waiting_and_control_need_nothing():
    image = go(mark(0), (o.OP_REPEAT, 2), "a", (o.OP_WAIT, 10), (o.OP_LOOP, "a"), (o.OP_SEND, 1), (o.OP_STOP,))
    assert layout.check_can(image, 0) == o.FAULT_NONE


def test_a_robot_refuses_what_its_kit_cannot_do():
    desk = Desk(kit(can=["roll", "light"]))
    assert desk.load(go((o.OP_BEEP,))) == o.FAULT_UNSUPPORTED
    assert desk.run() == o.FAULT_NO_PROGRAM
    assert desk.load(go((o.OP_LIGHT, 1))) == o.FAULT_NONE

"""
What the firmware's tests stand on: a fake board, a virtual machine on it, and a whole robot with its host. Common dialect.

Time and wheels move only when a test says so.
"""

import json
import struct

from petitpas_robot import clock, wire
from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from petitpas_robot.app import App
from petitpas_robot.drive import Drive
from petitpas_robot.hal import Hal
from petitpas_robot.kit import Kit
from petitpas_robot.robot import Robot
from petitpas_robot.vm import Vm
from tests.firmware.assembler import block_at

START_MS = clock.MASK - 4999
"""Every test begins five seconds before the count of milliseconds wraps."""

CORES = ["plain", "viper"]

ROLLER = {
    "petitpas_kit": 1,
    "name": "roller",
    "can": ["roll", "light", "sound", "distance", "line", "see_light", "bump", "lift", "keys"],
    "steps_per_cell": 1500,
    "steps_per_quarter": 700,
    "start_rate": 300,
    "cruise_rate": 800,
    "ramp_ms": 300,
    "obstacle_mm": 150,
    "line_permille": 400,
    "light_permille": 600,
    "beep_hz": 1760,
    "beep_ms": 300,
    "body_mm": 130,
}


class Choice:
    """Which core the tests run; the runner or the fixture sets it."""

    core = "plain"


def core_run():
    """Return the `run` of the chosen core."""
    if Choice.core == "viper":
        from petitpas_robot.core_viper import run
    else:
        from petitpas_robot.core import run
    return run


def kit(**changes):
    """Return a kit that rolls, but for `changes`."""
    fields = ROLLER.copy()
    fields.update(changes)
    return Kit(fields)


def glider():
    """Return a kit without a front."""
    return kit(name="glider", can=["glide", "light", "sound"])


def vectors(name):
    """Return the decoded JSON of a file in tests/vectors."""
    here = __file__.replace("\\", "/").rsplit("/", 1)[0]
    with open(here + "/../vectors/" + name) as file:
        return json.load(file)


def unhex(text):
    """Return the bytes of a text in hexadecimal."""
    return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


# --- A board ------------------------------------------------------------------------------------------------------


def _share(steps, part):
    """Return `part` permille of signed steps, towards 0."""
    return steps * part // 1000 if steps >= 0 else -(-steps * part // 1000)


class FakeHal(Hal):
    """
    A board whose wheels arrive when a test says so.

    `moves`, `lights` and `tones` are what was asked; `senses` what each sensor reads: by default 0, and nothing in range.
    `to_robot` and `from_robot` are the cable, which takes `takes` bytes at a time. `files` is what is kept.
    """

    def __init__(self):
        self.to_robot = bytearray()
        self.from_robot = bytearray()
        self.takes = 1 << 20
        self.moves = []
        self.halts = 0
        self.lights = []
        self.tones = []
        self.senses = {}
        self.down = 0  # keys that are down, as bits
        self.counts = []  # what the row of lights was asked to show
        self.steps = []  # cards that were shown as running
        self.volumes = []
        self.why = o.HOW_BLOCKED  # why a segment ends short
        self.millivolts = 5000
        self.moving = False
        self.holding = False  # current flows at rest
        self.files = {}
        self._left = 0  # of the segment
        self._right = 0
        self._made_left = 0
        self._made_right = 0

    def read(self, buf):
        count = min(len(buf), len(self.to_robot))
        if count:
            buf[:count] = self.to_robot[:count]
            self.to_robot = self.to_robot[count:]
        return count

    def write(self, buf, count):
        count = min(count, self.takes)
        self.from_robot.extend(bytes(buf[:count]))
        return count

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        self.moves.append((left_steps, right_steps))
        self._left = left_steps
        self._right = right_steps
        self._made_left = self._made_right = 0
        self.moving = bool(left_steps or right_steps)

    def is_moving(self):
        return self.moving

    def left_steps(self):
        return self._made_left

    def right_steps(self):
        return self._made_right

    def why_short(self):
        return self.why

    def halt(self):
        self.moving = False
        self.halts += 1

    def sense(self, sensor):
        return self.senses.get(sensor, None if sensor == o.SENSOR_DISTANCE else 0)

    def keys(self):
        return self.down

    def show_count(self, count):
        self.counts.append(count)

    def show_step(self, number):
        self.steps.append(number)

    def set_volume(self, percent):
        self.volumes.append(percent)

    def light(self, colour):
        self.lights.append(colour)

    def tone(self, hz, ms):
        self.tones.append((hz, ms))

    def battery_mv(self):
        return self.millivolts

    def is_energised(self):
        return self.moving or self.holding

    def read_file(self, name, buf):
        data = self.files.get(name)
        if data is None:
            return None
        count = min(len(buf), len(data))
        buf[:count] = data[:count]
        return count

    def write_file(self, name, buf, count):
        self.files[name] = bytes(memoryview(buf)[:count])
        return True

    def until(self, now_ms):
        return None if self.moving else 0

    def arrive(self, part=1000):
        """End the segment, after `part` permille of it."""
        assert self.moving
        self.turn(part)
        self.moving = False

    def turn(self, part):
        """Turn the wheels until `part` permille of the segment are made."""
        self._made_left = _share(self._left, part)
        self._made_right = _share(self._right, part)

    def press(self, key, is_down=True):
        """Hold a key down, or let it go."""
        self.senses[o.SENSOR_KEY + key] = 1000 if is_down else 0
        self.down = self.down | 1 << key if is_down else self.down & ~(1 << key)


# --- A machine: the virtual machine on a fake board ---------------------------------------------------------------------


class Machine:
    """A virtual machine, its fake board and its time."""

    def __init__(self, a_kit=None):
        a_kit = a_kit or kit()
        self.hal = FakeHal()
        self.drive = Drive(self.hal, a_kit)
        self.vm = Vm(Robot(self.hal, a_kit), self.drive, core_run())
        self.now_ms = START_MS
        self.image = b""

    def start(self, image, paused=False):
        """Check an image, run it and do the first tick."""
        assert layout.check(image, len(image)) == o.FAULT_NONE
        self.image = image
        self.vm.start(bytearray(image), paused)
        self.tick()

    def block(self, address):
        """Return the number of the block whose MARK is at an address, None for address 0."""
        return block_at(self.image, address)

    def tick(self, count=1):
        """Do some ticks; time goes on before each."""
        for _ in range(count):
            self.now_ms = clock.add(self.now_ms, clock.TICK_MS)
            self.vm.tick(self.now_ms)

    def arrive(self, part=1000):
        """End the segment and do a tick."""
        self.hal.arrive(part)
        self.tick()


# --- A desk: a whole robot and its host ------------------------------------------------------------------------------------


def frame(kind, sequence, body=b""):
    """Return the frame of a payload."""
    buf = bytearray(wire.MAX_FRAME)
    buf[1] = kind
    buf[2] = sequence
    buf[3 : 3 + len(body)] = body
    return bytes(buf[: wire.encode(buf, 2 + len(body))])


_EVENTS = {
    wire.ENTERED: ("entered", "<IBH"),
    wire.ENDED: ("ended", "<IBHB"),
    wire.HELD: ("held", "<IBH"),
    wire.FINISHED: ("finished", "<IBBBHH"),
    wire.REPORT: ("report", "<IHHHHHHBB"),
}


class Desk:
    """
    A whole robot on a fake board, and a host that writes and reads its cable.

    `events` are (name, values…) without the time and with the numbers of blocks, in order; `times` their times;
    `replies` (sequence, request, fault, body).
    """

    def __init__(self, a_kit=None, hello=True, files=None):
        self.hal = FakeHal()
        if files is not None:
            self.hal.files = files
        self.app = App(self.hal, a_kit or kit(), "lapin", core_run())
        self.now_ms = START_MS
        self.sequence = 0
        self.events = []
        self.times = []
        self.replies = []
        self.image = b""  # the last that was loaded: tells the numbers of blocks
        self._receiver = wire.Receiver()
        if hello:
            self.ask(wire.HELLO, b"\1\2\3\4")

    def tick(self, count=1):
        """Do some ticks, time going on before each, and read what the robot says."""
        for _ in range(count):
            self.now_ms = clock.add(self.now_ms, clock.TICK_MS)
            self.app.tick(self.now_ms)
            if self.hal.from_robot:
                self.hear()

    def hear(self):
        """Read what the robot has said."""
        data = bytes(self.hal.from_robot)
        self.hal.from_robot = bytearray()
        receiver = self._receiver
        receiver.push(data, len(data))
        count = receiver.next()
        while count >= 0:
            body = bytes(receiver.buf[3 : 1 + count])
            kind = receiver.buf[1]
            if kind == wire.REPLY:
                self.replies.append((receiver.buf[2], body[0], body[1], body[2:]))
            else:
                name, form = _EVENTS[kind]
                self.times.append(struct.unpack("<I", body[:4])[0])
                event = [name]
                event.extend(struct.unpack(form, body)[1:])
                place = {"finished": 4, "report": 0}.get(name, 2)
                if place and self.image:
                    event[place] = block_at(self.image, event[place])
                self.events.append(tuple(event))
            count = receiver.next()

    def say(self, data):
        """Put bytes on the cable."""
        self.hal.to_robot.extend(data)

    def ask(self, kind, body=b""):
        """Send a request, do a tick, and return the fault and body of its reply, None where there is none."""
        self.sequence = (self.sequence + 1) & 0xFF
        self.replies = []
        self.say(frame(kind, self.sequence, body))
        self.tick()
        for sequence, request, fault, reply in self.replies:
            if sequence == self.sequence and request == kind:
                return fault, reply
        return None

    def load(self, image, piece=wire.PIECE_BYTES):
        """Load an image in pieces and return the last fault."""
        fault = o.FAULT_NONE
        for at in range(0, len(image), piece):
            fault, _ = self.ask(wire.LOAD, struct.pack("<HH", len(image), at) + image[at : at + piece])
            if fault:
                return fault
        self.image = image
        return fault

    def run(self, link_ms=0, heading_deg=0, events=wire.EVENTS_ALL, flags=0):
        """Ask for a run and return the fault."""
        return self.ask(wire.RUN, struct.pack("<HHBB", link_ms, heading_deg, events, flags))[0]

    def direct(self, image, link_ms=0, heading_deg=0, events=wire.EVENTS_ALL):
        """Run an image at once and return the fault."""
        self.image = image
        return self.ask(wire.DIRECT, struct.pack("<HHB", link_ms, heading_deg, events) + image)[0]

    def play(self, image, **how):
        """Load and run an image."""
        assert self.load(image) == o.FAULT_NONE
        assert self.run(**how) == o.FAULT_NONE

    def state(self):
        """Return what PING says: time, state, run, how, fault, block's address, address."""
        fault, body = self.ask(wire.PING)
        assert fault == o.FAULT_NONE
        return struct.unpack("<IBBBBHH", body)

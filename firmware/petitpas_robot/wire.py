"""
Frames and messages: what travels on the cable. No I/O here, and no clock.

Theory of framing
=================
A frame is COBS(payload + crc32(payload)) + 0x00. COBS (Cheshire and Baker, 1999) removes every zero from the bytes, so that a zero is
always, and only, the end of a frame: whatever has been lost or added before, the next frame is whole again after the next zero.

A payload is at most 250 bytes. With its checksum that is 254, the longest run that one COBS code byte can carry, so both directions work
in place: encoding turns every zero into the distance to the next one, decoding follows these distances and puts the zeros back.

The receiver computes the crc32 of payload *and* checksum. For a good frame that is always CRC_RESIDUE, a small integer on every board:
a check allocates nothing. A frame that fails in any way is dropped, without a word; requests are repeated by the host until answered.

Theory of the conversation
==========================
A payload is `kind u8, sequence u8, body`. The host asks, the robot replies, once for each sequence number: a number that comes again gets
the same reply again and nothing is done twice. A number "older" than the last (1 to 127 behind, modulo 256) is dropped: it is an echo.
HELLO opens a conversation: it carries the host's nonce, which its reply gives back, and makes the robot forget the numbers of an earlier
host.
A robot that has just started answers anything else with FAULT_HELLO_FIRST, and stops where that was STOP.
Events are sent by the robot when they happen, with a counter of their own; one that is lost is lost, and PING tells the state at any time.

The comment on a message's row is read by `tools/tables.py`: fields, then what it does. Types: u8, u16, u32, i16, little-endian, in order;
`block` is the address of its MARK, 0 for none; `bytes` is the rest of the body; `text` is a length u8 and that many bytes of UTF-8.
"""

import binascii
import struct

from .shim import const

PROTOCOL_MAJOR = const(1)  # another major: refused on both sides
PROTOCOL_MINOR = const(0)  # a higher minor only adds

# crc32 of any bytes followed by their own crc32, little-endian: a small integer on every board, so that a check allocates nothing.
CRC_RESIDUE = const(0x2144DF1C)

MAX_PAYLOAD = const(250)
MAX_FRAME = const(256)  # code byte, 250 of payload, 4 of checksum, 0x00
PIECE_BYTES = const(240)  # of an image in one LOAD
SLOTS = const(5)  # for programs: slot 0 keeps the program in memory, the others what SAVE puts there
NAME_BYTES = const(24)  # of a robot's name, in UTF-8
TRIM_MOST = const(1000)  # tenths of a permille either way

# --- Requests: host to robot ----------------------------------------------------------------------------------
HELLO = const(0x01)  # nonce u32: Who are you, what can you do, what are you doing?
LOAD = const(0x02)  # total u16, offset u16, bytes: A piece of a program image of `total` bytes; the last one has it checked and kept.
RUN = const(0x03)  # link_ms u16, heading_deg u16, events u8, flags u8: Run the program in memory.
DIRECT = const(0x04)  # link_ms u16, heading_deg u16, events u8, bytes: Run this small image at once; the program in memory stays.
PAUSE = const(0x05)  # : Hold every task at the end of its block.
RESUME = const(0x06)  # : Go on after a pause.
STEP = const(0x07)  # task u8: One block of one task, the others held.
STOP = const(0x08)  # : Everything stops now.
PING = const(0x09)  # : How are you? Also what keeps a run with link_ms alive.
READ = const(0x0A)  # offset u16, count u8: Give back up to `count` bytes of the program in memory.
TELEMETRY = const(0x0B)  # period_ms u16: Send REPORT every `period_ms`; 0 ends it.
MAINTENANCE = const(0x0C)  # : Stop, then start anew with neither watchdog nor app, so that files can be changed.
SAVE = const(0x0D)  # slot u8: Keep the program in memory in this slot too, without power; replied to once it is kept.
FETCH = const(0x0E)  # slot u8: Make this slot's program the program in memory.
IDENTITY = const(0x0F)  # colour u8, shape u8, song u8, name text: Be this robot, and keep it; with an empty body, only say who you are.
SETTINGS = const(0x10)  # straight i16, length i16, turn i16, volume u8: Use these settings, and keep them; with an empty body, only say them.  # fmt: skip
WHO = const(0x11)  # : Blink and sing your song: which of us is this?
CHECK = const(0x12)  # part u8: Do this part of the check-up; with an empty body, only say how the last one goes.

# --- From the robot -------------------------------------------------------------------------------------------
REPLY = const(0x40)  # request u8, fault u8, bytes: The answer; what follows depends on the request.
ENTERED = const(0x41)  # time_ms u32, task u8, block u16: A block begins.
ENDED = const(0x42)  # time_ms u32, task u8, block u16, how u8: A block that lasts has ended.
HELD = const(0x43)  # time_ms u32, task u8, block u16: A step is over; the task waits before `block`.
FINISHED = const(0x44)  # time_ms u32, run u8, how u8, fault u8, block u16, address u16: The program has ended, at `block`.
REPORT = const(0x45)  # time_ms u32, heading_deg u16, battery_mv u16, distance_mm u16, line_left u16, line_right u16, light u16, keys u8, flags u8: Telemetry.  # fmt: skip

# Bodies of the replies that have one, in the same notation; a board has no use for them. HELLO's ends with what PING's is.
# REPLY_HELLO: nonce u32, major u8, minor u8, image_version u8, tasks u8, image_bytes u16, piece_bytes u8, can u16, program_crc u32, kit text, name text, state of PING
# REPLY_LOAD: received u16
# REPLY_RUN: run u8
# REPLY_DIRECT: run u8
# REPLY_PING: time_ms u32, state u8, run u8, how u8, fault u8, block u16, address u16
# REPLY_READ: total u16, bytes
# REPLY_IDENTITY: colour u8, shape u8, song u8, name text
# REPLY_SETTINGS: straight i16, length i16, turn i16, volume u8
# REPLY_CHECK: part u8, how u8, fault u8, left i32, right i32

# --- What RUN asks for: events bits and flags -----------------------------------------------------------------
EVENTS_BLOCKS = const(0x01)  # : ENTERED, ENDED and HELD.
EVENTS_FINISHED = const(0x02)  # : FINISHED.
EVENTS_ALL = const(0x03)  # : Both.
FLAG_PAUSED = const(0x01)  # : Begin held, for running step by step.

# --- Parts of the check-up ------------------------------------------------------------------------------------
CHECK_LEFT = const(1)  # : The left wheel makes a turn, forward.
CHECK_RIGHT = const(2)  # : The right wheel makes a turn, forward.
CHECK_WHEELS = const(3)  # : Both wheels make a turn, forward.
CHECK_LIGHTS = const(4)  # : Each pixel in turn, then every colour.
CHECK_BUZZER = const(5)  # : A scale, at full volume.
CHECK_SENSORS = const(6)  # : The pixels show the battery, then what the sensors see, for a while.
CHECK_KEYS = const(7)  # : Each key lights its pixel and sounds its note, and does nothing else, for a while.

# --- State, in the reply to PING ------------------------------------------------------------------------------
STATE_IDLE = const(0)  # : No program runs.
STATE_RUNNING = const(1)  # : A program runs.
STATE_PAUSED = const(2)  # : A program is held.
STATE_STEPPING = const(3)  # : A program is held but for one task, which does one block.

# --- Flags of REPORT ------------------------------------------------------------------------------------------
REPORT_MOVING = const(0x01)  # : The wheels turn.
REPORT_BUMP = const(0x02)  # : The bumper is pressed.
REPORT_LIFT = const(0x04)  # : The robot is off the ground.
REPORT_BATTERY_LOW = const(0x08)  # : The battery is low: it lasts for a little while.

# --- In place of a value --------------------------------------------------------------------------------------
NO_BLOCK = const(0)  # : In place of the address of a block's MARK: none.
NO_READING = const(0xFFFF)  # : In REPORT: nothing to read.

_ZERO = b"\0"


def encode(buf, count, at=0):
    """
    Turn the payload at buf[at + 1 : at + 1 + count] into a frame at buf[at:], in place.

    Args:
        buf: bytearray, with at least count + 6 B from `at` on.
        count: 0 to MAX_PAYLOAD.
    Returns:
        The length of the frame, its final zero included: count + 6.
    """
    end = at + 1 + count
    struct.pack_into("<I", buf, end, binascii.crc32(memoryview(buf)[at + 1 : end]))
    end += 4
    code = at
    zero = buf.find(_ZERO, at + 1, end)
    while zero >= 0:
        buf[code] = zero - code
        code = zero
        zero = buf.find(_ZERO, code + 1, end)
    buf[code] = end - code
    buf[end] = 0
    return count + 6


def decode(buf, count):
    """
    Turn the frame at buf[:count], without its final zero, back into its payload at buf[1:], in place.

    Args:
        buf: bytearray; any bytes are allowed.
        count: 0 to MAX_FRAME - 1.
    Returns:
        The length of the payload, or -1 where it is no good frame.
    """
    if count < 7:  # code, kind, sequence, checksum
        return -1
    at = 0
    while at < count:
        code = buf[at]
        if code == 0:
            return -1
        buf[at] = 0
        at += code
    if at != count or binascii.crc32(memoryview(buf)[1:count]) != CRC_RESIDUE:
        return -1
    return count - 5


class Receiver:
    """
    Cuts a stream of bytes into payloads; one for each end of the cable.

    `push` bytes, then call `next` until it returns -1. The payload is at `buf[1 : 1 + count]` until the next call.
    `dropped` counts the frames that were not good, for those who wonder about a cable.
    """

    def __init__(self):
        self.buf = bytearray(MAX_FRAME)
        self.dropped = 0
        self._used = 0
        self._overlong = False
        self._source = b""
        self._at = 0
        self._count = 0

    def push(self, source, count):
        """Take the first `count` bytes of `source`, which stay the caller's and unchanged until `next` has returned -1."""
        self._source = source
        self._at = 0
        self._count = count

    def next(self):
        """Return the length of the next good payload, 2 to MAX_PAYLOAD, or -1 where the bytes are used up."""
        while self._at < self._count:
            zero = self._source.find(_ZERO, self._at, self._count)
            end = self._count if zero < 0 else zero
            self._keep(end - self._at)
            self._at = end
            if zero < 0:
                break
            self._at += 1
            used = self._used
            self._used = 0
            if self._overlong:
                self._overlong = False
                self.dropped += 1
            elif used:
                count = decode(self.buf, used)
                if count >= 0:
                    return count
                self.dropped += 1
        return -1

    def _keep(self, count):
        if self._used + count >= MAX_FRAME:
            self._overlong = True
        if count and not self._overlong:
            self.buf[self._used : self._used + count] = memoryview(self._source)[self._at : self._at + count]
            self._used += count

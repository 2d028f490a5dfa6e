"""
The robot's side of the conversation: bytes in, replies and commands out. No I/O, no clock.

`commands` is who does what is asked (`app.App`): each of its methods returns a FAULT_ number, 0 where it was done.
Bytes to send wait in `tx`, which is bounded: a reply goes in as long as it fits, an event only where a reply still fits after it, telemetry
only while half is free. What does not fit is not sent: a request is repeated by the host, events are told by `app` when there is room,
telemetry is dropped.
"""

import struct

from . import opcodes as o
from . import wire
from .shim import const
from .wire import encode

TX_BYTES = const(1024)
_EVENT_ROOM = const(736)  # TX_BYTES less the longest frame and an event
_REPORT_ROOM = const(512)

_RUN = "<HHBB"
_DIRECT = "<HHB"
_LOAD = "<HH"
_READ = "<HB"
_SETTINGS = "<hhhB"
_CHECK = "<BBBii"
_UNCHECKED = (0, o.HOW_DONE, o.FAULT_NONE, 0, 0)
_STATE = "<IBBBBHH"
_BLOCK_EVENT = "<BBIBH"  # kind, counter, then the body
_FINISHED_EVENT = "<BBIBBBHH"
_REPORT_EVENT = "<BBIHHHHHHBB"


class Session:
    """
    One cable's conversation.

    Args:
        commands: does what is asked; see `app.App` for the methods.
    """

    def __init__(self, commands):
        self.tx = bytearray(TX_BYTES)
        self.tx_used = 0
        self._commands = commands
        self._receiver = wire.Receiver()
        self._frame = bytearray(wire.MAX_FRAME)  # being made
        self._last = bytearray(wire.MAX_FRAME)  # the last reply, encoded
        self._last_used = 0  # 0: no HELLO yet
        self._sequence = 0
        self._nonce = bytearray(4)
        self._events = 0

    def receive(self, source, count):
        """
        Take the first `count` bytes of `source` from the cable and act on every good frame among them.

        Returns:
            How many good frames there were: the host is alive.
        """
        receiver = self._receiver
        receiver.push(source, count)
        frames = 0
        length = receiver.next()
        while length >= 0:
            frames += 1
            self._take(receiver.buf, length)
            length = receiver.next()
        return frames

    def sent(self, count):
        """Note that the cable has taken the first `count` bytes of `tx`."""
        left = self.tx_used - count
        if left:
            self.tx[:left] = memoryview(self.tx)[count : self.tx_used]
        self.tx_used = left

    def block_event(self, kind, time_ms, task, block, how):
        """Queue ENTERED or HELD, whose `how` is None, or ENDED; say whether there was room."""
        tx = self.tx
        at = self.tx_used
        if at > _EVENT_ROOM:
            return False
        events = self._events
        self._events = (events + 1) & 0xFF
        struct.pack_into(_BLOCK_EVENT, tx, at + 1, kind, events, time_ms, task, block)
        count = 9
        if how is not None:
            tx[at + 10] = how
            count = 10
        self.tx_used = at + encode(tx, count, at)  # what `_send_event` does, without the call: this is what a robot says most
        return True

    def finished_event(self, time_ms, run, how, fault, block, address):
        """Queue FINISHED; say whether there was room."""
        at = self.tx_used
        if at > _EVENT_ROOM:
            return False
        struct.pack_into(_FINISHED_EVENT, self.tx, at + 1, wire.FINISHED, self._events, time_ms, run, how, fault, block, address)
        self._send_event(13)
        return True

    def report_event(self, time_ms, *readings):
        """Queue REPORT, unless half the room is taken."""
        if self.tx_used <= _REPORT_ROOM - 32:
            struct.pack_into(_REPORT_EVENT, self.tx, self.tx_used + 1, wire.REPORT, self._events, time_ms, *readings)
            self._send_event(20)

    def _send_event(self, count):
        """Encode the event whose payload, `count` bytes, lies behind what waits in `tx`."""
        self._events = (self._events + 1) & 0xFF
        self.tx_used += encode(self.tx, count, self.tx_used)

    # --- Requests -----------------------------------------------------------------------------------------------

    def _take(self, buf, length):
        kind = buf[1]
        sequence = buf[2]
        if kind == wire.HELLO:
            self._hello(buf, length, sequence)
            return
        if not self._last_used:
            if kind == wire.STOP:
                self._commands.stop()  # even to a host that it has not met
            self._reply(kind, sequence, o.FAULT_HELLO_FIRST, 0)
            self._last_used = 0
            return
        ahead = (sequence - self._sequence) & 0xFF
        if ahead == 0:
            self._queue(self._last, self._last_used)
        elif ahead < 128:
            body = memoryview(buf)[3 : 1 + length]
            used = 0
            fault = o.FAULT_MESSAGE
            if kind == wire.PING and not body:
                fault = o.FAULT_NONE
                used = self._put_state(5)
            elif kind == wire.LOAD and len(body) > 4:
                fault, used = self._load(body)
            elif kind == wire.READ and len(body) == 3:
                fault, used = self._read(body)
            elif kind == wire.IDENTITY:
                fault, used = self._identity(body)
            elif kind == wire.SETTINGS:
                fault, used = self._settings(body)
            elif kind == wire.CHECK:
                fault, used = self._check(body)
            else:
                fault = self._command(kind, body)
                if fault == 0 and (kind == wire.RUN or kind == wire.DIRECT):
                    self._frame[5] = self._commands.runs
                    used = 1
            self._reply(kind, sequence, fault, used)

    def _hello(self, buf, length, sequence):
        if length != 6:
            return
        if self._last_used and self._nonce == memoryview(buf)[3:7] and sequence == self._sequence:
            self._queue(self._last, self._last_used)
            return
        self._nonce[:] = memoryview(buf)[3:7]
        commands = self._commands
        frame = self._frame
        at = 5
        frame[at : at + 4] = self._nonce
        at += 4
        for value in (wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR, commands.image_version, commands.max_tasks):
            frame[at] = value
            at += 1
        struct.pack_into("<HBHI", frame, at, commands.max_image, wire.PIECE_BYTES, commands.can, commands.memory.crc())
        at += 9
        for text in (commands.kit_name, commands.name):
            frame[at] = len(text)
            frame[at + 1 : at + 1 + len(text)] = text
            at += 1 + len(text)
        self._reply(wire.HELLO, sequence, o.FAULT_NONE, self._put_state(at) + at - 5)

    def _command(self, kind, body):
        commands = self._commands
        count = len(body)
        if kind == wire.RUN and count == 6:
            link_ms, heading_deg, events, flags = struct.unpack(_RUN, body)
            return commands.run(link_ms, heading_deg, events, flags)
        if kind == wire.DIRECT and count > 5:
            link_ms, heading_deg, events = struct.unpack_from(_DIRECT, body)
            return commands.direct(link_ms, heading_deg, events, body[5:])
        if kind == wire.STEP and count == 1:
            return commands.step(body[0])
        if kind == wire.TELEMETRY and count == 2:
            return commands.telemetry(body[0] | body[1] << 8)
        if kind == wire.SAVE and count == 1:
            return commands.save(body[0])
        if kind == wire.FETCH and count == 1:
            return commands.fetch(body[0])
        if count == 0:
            if kind == wire.STOP:
                return commands.stop()
            if kind == wire.PAUSE:
                return commands.pause()
            if kind == wire.RESUME:
                return commands.resume()
            if kind == wire.WHO:
                return commands.who()
            if kind == wire.MAINTENANCE:
                return commands.maintenance()
        return o.FAULT_MESSAGE

    def _load(self, body):
        total, offset = struct.unpack_from(_LOAD, body)
        fault, received = self._commands.load(total, offset, body[4:])
        struct.pack_into("<H", self._frame, 5, received)
        return fault, 2

    def _read(self, body):
        offset, count = struct.unpack(_READ, body)
        piece = self._commands.memory.read(offset, min(count, wire.PIECE_BYTES))
        struct.pack_into("<H", self._frame, 5, self._commands.memory.count)
        self._frame[7 : 7 + len(piece)] = piece
        return o.FAULT_NONE, 2 + len(piece)

    def _identity(self, body):
        fault = o.FAULT_NONE
        if body:
            is_whole = len(body) > 3 and len(body) == 4 + body[3]
            fault = self._commands.set_identity(body[4:], body[0], body[1], body[2]) if is_whole else o.FAULT_MESSAGE
        name, colour, shape, song = self._commands.identity()
        end = 9 + len(name)
        struct.pack_into("<BBBB", self._frame, 5, colour, shape, song, len(name))
        self._frame[9:end] = name
        return fault, end - 5

    def _settings(self, body):
        fault = o.FAULT_NONE
        if body:
            is_whole = len(body) == 7
            fault = self._commands.set_settings(*struct.unpack(_SETTINGS, body)) if is_whole else o.FAULT_MESSAGE
        struct.pack_into(_SETTINGS, self._frame, 5, *self._commands.settings())
        return fault, 7

    def _check(self, body):
        fault = o.FAULT_NONE
        if body:
            fault = self._commands.check(body[0]) if len(body) == 1 else o.FAULT_MESSAGE
        checkup = self._commands.checkup
        struct.pack_into(_CHECK, self._frame, 5, *(_UNCHECKED if checkup is None else checkup.state()))
        return fault, 11

    # --- Frames ---------------------------------------------------------------------------------------------------

    def _put_state(self, at):
        """Write the body of PING's reply at `at` of the frame being made and return its length."""
        struct.pack_into(_STATE, self._frame, at, *self._commands.state())
        return 12

    def _reply(self, request, sequence, fault, body_bytes):
        """Encode, keep and queue a reply whose body, `body_bytes` long, is already at [5:] of the frame being made."""
        frame = self._frame
        frame[1] = wire.REPLY
        frame[2] = sequence
        frame[3] = request
        frame[4] = fault
        used = encode(frame, 4 + body_bytes)
        self._frame = self._last  # the two buffers change places
        self._last = frame
        self._last_used = used
        self._sequence = sequence
        self._queue(frame, used)

    def _queue(self, frame, count):
        used = self.tx_used
        if used + count <= TX_BYTES:
            self.tx[used : used + count] = memoryview(frame)[:count]
            self.tx_used = used + count

"""
The robot's application: joins the cable, the virtual machine and the hardware. One `tick`, which never sleeps.

Whoever owns the loop (main on a board, the runner in the simulator) calls `tick(now_ms)` every TICK_MS, and may call `hear(now_ms)` as soon
as a byte is there.
"""

from . import clock, wire
from . import image as layout
from . import opcodes as o
from .drive import Drive
from .robot import Robot
from .session import Session
from .shim import const
from .vm import Vm

_DIRECT_BYTES = const(256)
_RX_BYTES = const(64)


class App:
    """
    A whole robot.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`.
        name: how the class calls it ("lapin"), at most 24 B of UTF-8.
        run: the core to use, `core.run` or `core_viper.run`.
    """

    image_version = layout.VERSION
    max_tasks = layout.MAX_TASKS
    max_image = layout.MAX_IMAGE_BYTES

    def __init__(self, hal, kit, name, run=None):
        self.can = kit.can
        self.kit_name = kit.name.encode()
        self.name = name.encode()
        self.drive = Drive(hal, kit)
        self.robot = Robot(hal, kit)
        self.vm = Vm(self.robot, self.drive) if run is None else Vm(self.robot, self.drive, run)
        self.session = Session(self)
        self._hal = hal
        self._rx = bytearray(_RX_BYTES)
        self._program = bytearray(layout.MAX_IMAGE_BYTES)
        self._staging = bytearray(layout.MAX_IMAGE_BYTES)
        self._direct = bytearray(_DIRECT_BYTES)
        self._program_bytes = 0  # 0: no program
        self._staged = 0  # bytes of an image that is coming
        self._now_ms = 0
        self._heard_ms = 0  # the last good frame
        self._link_ms = 0  # 0: the host need not be heard
        self._events = 0  # EVENTS_ bits
        self._runs = 0  # modulo 256
        self._told = True  # FINISHED has been told
        self._period_ms = 0  # of telemetry
        self._report_ms = 0  # when the next is due

    # --- The tick ---------------------------------------------------------------------------------------------------

    def tick(self, now_ms):
        """Do all there is to do at `now_ms`: hear, look, run, tell."""
        self._now_ms = now_ms
        vm = self.vm
        count = self._hal.read(self._rx)
        if count:
            self._take(count, now_ms)
        if not vm.how:
            if self._link_ms and clock.diff(now_ms, self._heard_ms) > self._link_ms:
                vm.stop(o.HOW_LINK_LOST)
            vm.tick(now_ms)
        if vm.news:
            self._tell(now_ms)
        if self._period_ms and clock.diff(now_ms, self._report_ms) >= 0:
            self._report(now_ms)
        if self.session.tx_used:
            self._send()

    def hear(self, now_ms):
        """Act on what has come through the cable and answer it: between two ticks, so that STOP and a reply need not wait for the next."""
        self._now_ms = now_ms
        count = self._hal.read(self._rx)
        if count:
            self._take(count, now_ms)
            self._send()

    def until(self, now_ms):
        """Return the milliseconds for which `tick` would change nothing if nothing comes through the cable, None for ever."""
        if self.session.tx_used or self.vm.news:
            return 0
        wait = self.vm.until(now_ms)
        if wait == 0:
            return 0
        if self._link_ms and not self.vm.how:
            ms = self._link_ms + 1 - clock.diff(now_ms, self._heard_ms)
            wait = ms if wait is None or ms < wait else wait
        if self._period_ms:
            ms = clock.diff(self._report_ms, now_ms)
            wait = ms if wait is None or ms < wait else wait
        return wait

    # --- The cable ----------------------------------------------------------------------------------------------------

    def _take(self, count, now_ms):
        """Act on `count` bytes that were read, and on what there is behind them."""
        while count:
            if self.session.receive(self._rx, count):
                self._heard_ms = now_ms
            count = self._hal.read(self._rx) if count == _RX_BYTES else 0

    def _send(self):
        session = self.session
        count = self._hal.write(session.tx, session.tx_used)
        if count:
            session.sent(count)

    # --- Events -------------------------------------------------------------------------------------------------------

    def _tell(self, now_ms):
        """Send what the virtual machine has left in its flags; what finds no room stays and is told later."""
        vm = self.vm
        vm.news = False
        if self._events & wire.EVENTS_BLOCKS:
            for task in vm.tasks:
                regs = task.regs
                is_new = regs[3]
                is_over = is_new and task.ended_block == regs[2] and not vm.is_lasting(task)  # begun and ended in this tick
                if task.ended and not is_over:
                    self._tell_ended(task, now_ms)
                if is_new and self._has_room():
                    regs[3] = 0
                    self.session.block_event(wire.ENTERED, now_ms, task.number, regs[2], None)
                if task.ended:
                    self._tell_ended(task, now_ms)
            if vm.held is not None and self._has_room():
                at = vm.held.regs[0] if vm.is_active(vm.held) else 0
                self.session.block_event(wire.HELD, now_ms, vm.held.number, at, None)
                vm.held = None
        if vm.how and not self._told:
            if not self._events & wire.EVENTS_FINISHED:
                self._told = True
            elif not vm.news and self._has_room():
                self._told = True
                self.session.finished_event(now_ms, self._runs, vm.how, vm.fault, vm.block, vm.address)

    def _tell_ended(self, task, now_ms):
        if self._has_room():
            self.session.block_event(wire.ENDED, now_ms, task.number, task.ended_block, task.ended)
            task.ended = o.HOW_RUNNING

    def _has_room(self):
        """Say whether an event fits; where none does, there is still news to tell."""
        if self.session.has_room():
            return True
        self.vm.news = True
        return False

    def _report(self, now_ms):
        self._report_ms = clock.add(now_ms, self._period_ms)
        hal = self._hal
        keys = 0
        for key in range(o.KEY_GO + 1):
            if hal.sense(o.SENSOR_KEY + key):
                keys |= 1 << key
        flags = wire.REPORT_MOVING if hal.is_moving() else 0
        if hal.sense(o.SENSOR_BUMP):
            flags |= wire.REPORT_BUMP
        if hal.sense(o.SENSOR_LIFT):
            flags |= wire.REPORT_LIFT
        self.session.report_event(
            now_ms,
            self.drive.heading_deg,
            _reading(hal.battery_mv()),
            _reading(hal.sense(o.SENSOR_DISTANCE)),
            _reading(hal.sense(o.SENSOR_LINE_LEFT)),
            _reading(hal.sense(o.SENSOR_LINE_RIGHT)),
            _reading(hal.sense(o.SENSOR_LIGHT)),
            keys,
            flags,
        )

    # --- Commands: what a session asks; each returns a FAULT_ number ----------------------------------------------------

    def run(self, link_ms, heading_deg, events, flags):
        """Run the program in memory."""
        if not self.vm.how:
            return o.FAULT_BUSY
        if not self._program_bytes:
            return o.FAULT_NO_PROGRAM
        self._start(self._program, link_ms, heading_deg, events, flags & wire.FLAG_PAUSED)
        return o.FAULT_NONE

    def direct(self, link_ms, heading_deg, events, image):
        """Run a small image at once; the program in memory stays."""
        if not self.vm.how:
            return o.FAULT_BUSY
        count = len(image)
        fault = self._check(image, count)
        if not fault:
            self._direct[:count] = image
            self._start(self._direct, link_ms, heading_deg, events, 0)
        return fault

    def stop(self):
        """Stop everything now."""
        self.vm.stop()
        self._hal.halt()
        return o.FAULT_NONE

    def pause(self):
        """Hold every task at the end of its block."""
        self.vm.pause()
        return o.FAULT_NONE

    def resume(self):
        """Go on after a pause."""
        self.vm.resume()
        return o.FAULT_NONE

    def step(self, task):
        """One block of one task."""
        return self.vm.step(task)

    def telemetry(self, period_ms):
        """Report every `period_ms`; 0 ends it. A period is at least a tick."""
        self._period_ms = max(period_ms, clock.TICK_MS) if period_ms else 0
        self._report_ms = self._now_ms
        return o.FAULT_NONE

    def load(self, total, offset, piece):
        """
        Take a piece of an image; once it is whole it is checked, and becomes the program only if it is good.

        Returns:
            (fault, bytes received so far).
        """
        if not self.vm.how:
            return o.FAULT_BUSY, self._staged
        if total > layout.MAX_IMAGE_BYTES or offset + len(piece) > total:
            return o.FAULT_TOO_LONG, 0
        if offset == 0:
            self._staged = 0
        if offset != self._staged:
            return o.FAULT_OFFSET, self._staged
        end = offset + len(piece)
        self._staging[offset:end] = piece
        self._staged = end
        if end < total:
            return o.FAULT_NONE, end
        self._staged = 0
        fault = self._check(self._staging, total)
        if not fault:
            self._program, self._staging = self._staging, self._program
            self._program_bytes = total
        return fault, end

    # --- What a session tells ---------------------------------------------------------------------------------------------

    def state(self):
        """Return what the reply to PING says, in its order."""
        vm = self.vm
        state = wire.STATE_IDLE if vm.how else wire.STATE_PAUSED if vm.paused else wire.STATE_RUNNING
        return self._now_ms, state, self._runs, vm.how, vm.fault, vm.block, vm.address

    def program_bytes(self):
        """Return the length of the program in memory, 0 where there is none."""
        return self._program_bytes

    def program_crc(self):
        """Return the checksum in the last four bytes of the program in memory, as u32; 0 where there is none."""
        end = self._program_bytes
        return int.from_bytes(self._program[end - 4 : end], "little") if end else 0

    def read(self, offset, count):
        """Return up to `count` bytes of the program in memory."""
        return memoryview(self._program)[min(offset, self._program_bytes) : min(offset + count, self._program_bytes)]

    def _check(self, image, count):
        return layout.check(image, count) or layout.check_can(image, self.can)

    def _start(self, code, link_ms, heading_deg, events, paused):
        self._runs = (self._runs + 1) & 0xFF
        self._link_ms = link_ms
        self._events = events
        self._told = False
        self.drive.reset(heading_deg % 360)
        self.robot.quiet()
        if self.can & o.CAN_LIGHT:
            self.robot.light(o.COLOUR_OFF)
        self.vm.start(code, bool(paused))


def _reading(value):
    return wire.NO_READING if value is None else value

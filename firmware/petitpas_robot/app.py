"""
The robot's application: joins the cable, the virtual machine and the hardware. One `tick`, which never sleeps.

Whoever owns the loop (main on a board, the runner in the simulator) calls `tick(now_ms)` every TICK_MS, and may call `hear(now_ms)` as soon
as a byte is there.
"""

from . import clock, wire
from . import image as layout
from . import opcodes as o
from .drive import Drive
from .keyed import Keyed
from .memory import Memory
from .progress import Progress
from .robot import Robot
from .session import Session
from .shim import const
from .song import Song
from .store import Store, are_settings, is_identity
from .vm import Vm

_DIRECT_BYTES = const(256)
_RX_BYTES = const(64)

_PC = const(0)  # registers of a task, as in `core`
_BLOCK = const(2)
_ENTERED = const(3)

# >>> opcodes, written by tools/tables.py from opcodes.py and wire.py
_EVENTS_BLOCKS = const(0x01)
# <<<


class App:
    """
    A whole robot.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`.
        name: what it is called ("lapin") until it is assigned an identity, at most NAME_BYTES of UTF-8.
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
        self.song = Song(self.robot, kit.can)
        self.checkup = None  # loaded when it is first asked for: most robots never need its memory
        self.progress = Progress(hal, self.vm)
        self.store = Store(hal)
        self.memory = Memory(self.store, kit.can)
        self.keyed = Keyed(self, hal) if kit.can & o.CAN_KEYS else None  # or `checkup.CheckupKeys`
        self._hal = hal
        self._kit = kit
        self._rx = bytearray(_RX_BYTES)
        self._direct = bytearray(_DIRECT_BYTES)
        self._now_ms = 0
        self._heard_ms = 0  # the last good frame
        self._link_ms = 0  # 0: the host need not be heard
        self._events = 0  # EVENTS_ bits
        self.runs = 0  # modulo 256
        self._told = True  # FINISHED has been told
        self._period_ms = 0  # of telemetry
        self._report_ms = 0  # when the next is due
        self.name = self.identity()[0]
        self._use_settings()

    # --- The tick ---------------------------------------------------------------------------------------------------

    def tick(self, now_ms):
        """Do all there is to do at `now_ms`: hear, look, run, tell."""
        self._now_ms = now_ms
        self._hal.tick(now_ms)
        vm = self.vm
        count = self._hal.read(self._rx)
        if count:
            self._take(count, now_ms)
        if self.keyed is not None:
            self.keyed.tick()
        if not vm.how:
            if self._link_ms and clock.diff(now_ms, self._heard_ms) > self._link_ms:
                vm.stop(o.HOW_LINK_LOST)
            vm.tick(now_ms)
        if self.progress.is_on:
            self.progress.tick()
        if self.song.is_playing:
            self.song.tick(now_ms)
        if self.checkup is not None:
            self.checkup.tick(now_ms)
        if vm.news:
            self._tell(now_ms)
        if self._period_ms and clock.diff(now_ms, self._report_ms) >= 0:
            self._report(now_ms)
        if self.session.tx_used:
            self._send()
        if self.store.waiting and self._is_at_rest():
            self.memory.staged = 0  # the store writes through the room that an upload comes into: that begins anew
            self.store.tick(True)

    def hear(self, now_ms):
        """Act on what has come through the cable and send what waits, between two ticks: STOP and replies need not wait for the next."""
        self._now_ms = now_ms
        count = self._hal.read(self._rx)
        if count:
            self._take(count, now_ms)
        if self.session.tx_used:
            self._send()

    def until(self, now_ms):
        """Return the milliseconds for which `tick` would change nothing if nothing comes through the cable, None for ever."""
        if self.session.tx_used or self.vm.news or self.progress.is_behind:
            return 0
        wait = self.vm.until(now_ms)
        if wait == 0 or (self.store.waiting and self.vm.how):
            return 0
        if self.song.is_playing:
            ms = self.song.until(now_ms)
            wait = ms if wait is None or ms < wait else wait
        if self.checkup is not None and not self.checkup.how:
            ms = self.checkup.until(now_ms)
            wait = ms if wait is None or ms < wait else wait
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
        if self._events & _EVENTS_BLOCKS:
            for task in vm.tasks:
                if task.regs[_ENTERED]:
                    self._tell_entered(task, now_ms)
                if task.ended:
                    self._tell_ended(task, now_ms)
            if vm.held is not None:
                at = vm.held.regs[_PC] if vm.is_active(vm.held) else 0
                if self.session.block_event(wire.HELD, now_ms, vm.held.number, at, None):
                    vm.held = None
                else:
                    vm.news = True
        if vm.how and not self._told and not vm.news:
            if not self._events & wire.EVENTS_FINISHED:
                self._told = True
            elif self.session.finished_event(now_ms, self.runs, vm.how, vm.fault, vm.block, vm.address):
                self._told = True
            else:
                vm.news = True

    def _tell_entered(self, task, now_ms):
        regs = task.regs
        if task.ended and (task.ended_block != regs[_BLOCK] or self.vm.is_lasting(task)):
            self._tell_ended(task, now_ms)  # of the block before, not of one that has begun and ended in this tick
        if self.session.block_event(wire.ENTERED, now_ms, task.number, regs[_BLOCK], None):
            regs[_ENTERED] = 0
        else:
            self.vm.news = True  # still to be told

    def _tell_ended(self, task, now_ms):
        if self.session.block_event(wire.ENDED, now_ms, task.number, task.ended_block, task.ended):
            task.ended = o.HOW_RUNNING
        else:
            self.vm.news = True

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
        battery_mv = hal.battery_mv()
        if battery_mv is not None and battery_mv < self._kit.warn_mv:
            flags |= wire.REPORT_BATTERY_LOW
        self.session.report_event(
            now_ms,
            self.drive.heading_deg,
            _reading(battery_mv),
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
        if not self.memory.count:
            return o.FAULT_NO_PROGRAM
        self._start(self.memory.program, link_ms, heading_deg, events, flags & wire.FLAG_PAUSED)
        return o.FAULT_NONE

    def direct(self, link_ms, heading_deg, events, image):
        """Run a small image at once; the program in memory stays."""
        if not self.vm.how:
            return o.FAULT_BUSY
        count = len(image)
        fault = self.memory.check(image, count)
        if not fault:
            self._direct[:count] = image
            self._start(self._direct, link_ms, heading_deg, events, 0)
        return fault

    def stop(self):
        """Stop everything now."""
        self._end_others()
        self.vm.stop()
        self.robot.quiet()  # a key's own sound, too
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

    def maintenance(self):
        """Stop everything, then start anew without this application; see `Hal.maintain`."""
        self.stop()  # first: a flag may be a file, and none is written while a motor has current
        return o.FAULT_NONE if self._hal.maintain() else o.FAULT_UNSUPPORTED

    def telemetry(self, period_ms):
        """Report every `period_ms`; 0 ends it. A period is at least a tick."""
        self._period_ms = max(period_ms, clock.TICK_MS) if period_ms else 0
        self._report_ms = self._now_ms
        return o.FAULT_NONE

    def load(self, total, offset, piece):
        """Take a piece of an image; see `Memory.load`."""
        if not self.vm.how:
            return o.FAULT_BUSY, self.memory.staged
        return self.memory.load(total, offset, piece)

    def save(self, slot):
        """Keep the program in memory in a slot too, now: the motors are switched off."""
        if slot >= wire.SLOTS:
            return o.FAULT_SLOT
        if not self.vm.how:
            return o.FAULT_BUSY
        if not self.memory.count:
            return o.FAULT_NO_PROGRAM
        self._end_others()
        self._hal.halt()
        return self.memory.save(slot) if self._is_at_rest() else o.FAULT_BUSY

    def fetch(self, slot):
        """Make a slot's program the program in memory."""
        if slot >= wire.SLOTS:
            return o.FAULT_SLOT
        return self.memory.fetch(slot) if self.vm.how else o.FAULT_BUSY

    def who(self):
        """Blink and sing: « qui est le lapin ? »."""
        if not self.vm.how:
            return o.FAULT_BUSY
        _, colour, _, song = self.identity()
        self._end_others()
        self.song.start(song, colour, self._now_ms)
        return o.FAULT_NONE

    def check(self, part):
        """Begin a part of the check-up."""
        if not self.vm.how:
            return o.FAULT_BUSY
        self._end_others()
        if self.checkup is None:
            from .checkup import Checkup

            self.checkup = Checkup(self._hal, self._kit, self.robot)
        return self.checkup.start(part, self._now_ms)

    def set_identity(self, name, colour, shape, song):
        """Be called `name` from now on, and keep that."""
        if not self.vm.how:
            return o.FAULT_BUSY
        if not is_identity(name, colour, shape):
            return o.FAULT_VALUE
        self.name = bytes(name)
        self.store.save_identity(self.name, colour, shape, song)
        return o.FAULT_NONE

    def set_settings(self, straight, length, turn, volume):
        """Use trims and volume from now on, and keep them."""
        if not self.vm.how:
            return o.FAULT_BUSY
        if not are_settings(straight, length, turn, volume):
            return o.FAULT_VALUE
        self.store.save_settings(straight, length, turn, volume)
        self._use_settings()
        return o.FAULT_NONE

    # --- What a session tells ---------------------------------------------------------------------------------------------

    def state(self):
        """Return what the reply to PING says, in its order."""
        vm = self.vm
        state = wire.STATE_RUNNING
        if vm.how:
            state = wire.STATE_IDLE
        elif vm.paused:
            state = wire.STATE_STEPPING if vm.is_stepping() else wire.STATE_PAUSED
        return self._now_ms, state, self.runs, vm.how, vm.fault, vm.block, vm.address

    def identity(self):
        """Return (name, colour, shape, song): what was assigned, else the name it was made with, and white."""
        return self.store.identity() or (self.name, o.COLOUR_WHITE, o.SHAPE_CIRCLE, 0)

    def settings(self):
        """Return (straight, length, turn, volume); see `Store.settings`."""
        return self.store.settings()

    def _use_settings(self):
        straight, length, turn, volume = self.store.settings()
        self.drive.trim(straight, length, turn)
        self.robot.set_volume(volume)

    def _end_others(self):
        """End what is no program and uses lights, sounds or wheels."""
        self.song.stop()
        if self.checkup is not None:
            self.checkup.stop()
        self.progress.end()

    def _is_at_rest(self):
        """Say whether flash may be written: no program runs, nothing sings, no motor is energised."""
        hal = self._hal
        return bool(self.vm.how) and not self.song.is_playing and not hal.is_moving() and not hal.is_energised()

    def _start(self, code, link_ms, heading_deg, events, paused):
        self.runs = (self.runs + 1) & 0xFF
        self._link_ms = link_ms
        self._events = events
        self._told = False
        self._end_others()
        self.drive.reset(heading_deg % 360)
        self.robot.quiet()
        if self.can & o.CAN_LIGHT:
            self.robot.light(o.COLOUR_OFF)
        self.vm.start(code, bool(paused))


def _reading(value):
    return wire.NO_READING if value is None else value

r"""
The virtual machine: the tasks of one program, and who has the wheels.

Theory of operation
===================
A program has one task for each head. GO tasks start with the program; key and obstacle tasks start on an edge (the key goes down, something
comes near) and message tasks when another task sends their message. A task that already runs is not started again.

Each tick, every task that is ready runs in `core`, which stops at an instruction that lasts. The budget of a tick is shared among the
active tasks, so that a loop without a wait delays neither the others nor STOP.

                 start                 lasts                  over
        idle ----------> ready ----------------> waiting  ------------> ready
                           |  \                  (time, test, wheels, motion)
                           |   `-- END --> idle

The wheels have one owner, the task whose motion block runs; others wait for them in order of arrival. A key or obstacle task cancels the
running motion when it starts (that block ends, interrupted) and keeps the wheels for itself until it ends.

Pause holds each task where its next block begins. A step lets one task through one MARK, to the next.

The program ends when no task is active and none can start by itself, at a STOP block, at a fault, at a motion that ends short, or when it
is stopped. What happened is left in flags that `app` turns into events, once a tick.
"""

from array import array

from . import core
from . import image as layout
from . import opcodes as o
from .clock import add, diff
from .shim import const

BUDGET = const(64)  # instructions a tick, all tasks together

_IDLE = const(0)
_READY = const(1)
_WAITING = const(2)  # until a time
_WATCHING = const(3)  # until a test holds
_QUEUED = const(4)  # for the wheels
_MOVING = const(5)

_NO_TEST = const(-1)


class Task:
    """One head and what runs under it. `regs` is laid out in `core`."""

    def __init__(self, number):
        self.number = number
        self.kind = 0
        self.argument = 0
        self.address = 0
        self.regs = array("H", [0] * core.REGISTERS)
        self.state = _IDLE
        self.wake_ms = 0
        self.test = _NO_TEST  # of the key or obstacle that starts it, as `Robot.holds` has it
        self.was = False  # the last look at that
        self.ended = o.HOW_RUNNING  # how the last lasting block ended, until it has been told
        self.ended_block = 0  # address of its MARK


class Vm:
    """
    Runs one program at a time.

    Args:
        robot: a `robot.Robot`.
        drive: a `drive.Drive`.
        run: `core.run`, or another function of the same contract.
    """

    def __init__(self, robot, drive, run=core.run):
        self.how = o.HOW_DONE  # HOW_RUNNING while a program runs
        self.fault = o.FAULT_NONE
        self.address = 0  # of the instruction at fault
        self.block = 0  # address of the MARK of the block where the program ended; 0 is none
        self.paused = False
        self.news = False  # something for `app` to tell
        self.held = None  # the task whose step is over, until it has been told
        self.tasks = ()  # of the program that runs
        self._robot = robot
        self._drive = drive
        self._run = run
        self._code = b""
        self._all = [Task(number) for number in range(layout.MAX_TASKS)]
        self._active = 0
        self._watchers = False  # a key or obstacle task exists
        self._owner = None  # of the wheels
        self._keeper = None  # the event task that keeps the wheels
        self._queue = bytearray(layout.MAX_TASKS)
        self._queued = 0
        self._stepper = None
        self._stepped = False  # the stepper has passed its MARK
        self._left = BUDGET  # instructions that this tick may still run

    # --- Commands -------------------------------------------------------------------------------------------------

    def start(self, code, paused=False):
        """Run the program in `code`, an image that has passed `image.check`. Nothing may be running."""
        self._code = code
        self.tasks = self._all[: code[6]]
        self._watchers = False
        self._active = 0
        self._owner = self._keeper = self._stepper = self.held = None
        self._queued = 0
        self.how = o.HOW_RUNNING
        self.fault = o.FAULT_NONE
        self.address = self.block = 0
        self.paused = paused
        for task in self.tasks:
            at = layout.HEADER_BYTES + layout.HEAD_BYTES * task.number
            task.kind = code[at]
            task.argument = code[at + 1]
            task.address = code[at + 2] | code[at + 3] << 8
            task.state = _IDLE
            task.ended = o.HOW_RUNNING
            task.regs[core.ENTERED] = 0
            task.test = _test_of(task)
            if task.kind == o.HEAD_GO:
                self._begin(task)
            elif task.test != _NO_TEST:
                self._watchers = True
                task.was = self._robot.holds(task.test, o.THRESHOLD_KIT)

    def stop(self, how=o.HOW_STOPPED):
        """End the program now, as `how`: wheels and sound stop, lasting blocks end as HOW_STOPPED. Nothing happens where none runs."""
        if self.how == o.HOW_RUNNING:
            self._finish(how, None)

    def pause(self):
        """Hold every task where its next block begins."""
        self.paused = True

    def resume(self):
        """Go on after a pause."""
        self.paused = False
        self._stepper = None

    def step(self, number):
        """Let one task through its next block, the others held; return FAULT_TASK where that task is not active."""
        if number >= len(self.tasks) or self.tasks[number].state == _IDLE:
            return o.FAULT_TASK
        task = self.tasks[number]
        self.paused = True
        self._stepper = task
        self._stepped = self._code[task.regs[core.PC]] != o.OP_MARK or self.is_lasting(task)  # in mid-block, the step is its rest
        return o.FAULT_NONE

    def is_stepping(self):
        """Say whether a step is on its way."""
        return self._stepper is not None

    def is_active(self, task):
        """Say whether a task runs or waits."""
        return task.state != _IDLE

    def is_lasting(self, task):
        """Say whether a task is in the middle of a block that lasts."""
        return task.state > _READY

    # --- The tick ---------------------------------------------------------------------------------------------------

    def tick(self, now_ms):
        """Do what can be done at `now_ms`, within the budget."""
        if self.how:
            return
        self._left = BUDGET
        if self._owner is not None:
            how = self._drive.poll()
            if how:
                self._motion_over(how)
                if self.how:
                    return
        if self._watchers:
            self._look()
        if self._queued:
            self._grant()
        for task in self.tasks:
            state = task.state
            if state == _READY:
                self._go_on(task, now_ms)
            elif state == _WAITING:
                if diff(now_ms, task.wake_ms) >= 0:
                    self._block_over(task, o.HOW_DONE)
                    self._go_on(task, now_ms)
            elif state == _WATCHING and self._test_holds(task):
                self._block_over(task, o.HOW_DONE)
                self._go_on(task, now_ms)
        if not self._active and not self._watchers and not self.how:
            self._finish(o.HOW_DONE, None)

    def until(self, now_ms):
        """Return the milliseconds for which `tick` would change nothing, None for ever; 0 where it cannot be known."""
        if self.how:
            return None
        wait = None
        for task in self.tasks:
            seen = self._robot.steady(task.test, o.THRESHOLD_KIT) if wait != 0 and task.test != _NO_TEST else None
            for ms in (self._until(task, now_ms), seen):
                if ms is not None and (wait is None or ms < wait):
                    wait = ms
        return wait

    def _until(self, task, now_ms):
        """Return the milliseconds for which a task surely stays as it is, None for ever."""
        state = task.state
        if state == _WAITING:
            return max(diff(task.wake_ms, now_ms), 0)
        if state == _MOVING:
            return self._drive.until(now_ms)
        if state == _WATCHING:
            code = self._code
            pc = task.regs[core.PC]
            return self._robot.steady(code[pc + 1], code[pc + 2] | code[pc + 3] << 8)
        if (state == _READY and not self._is_held(task)) or (state == _QUEUED and self._owner is None):
            return 0
        return None

    # --- Tasks ------------------------------------------------------------------------------------------------------

    def _begin(self, task):
        regs = task.regs
        regs[core.PC] = task.address
        regs[core.SP] = core.STACK - 1
        regs[core.BLOCK] = 0
        task.state = _READY
        self._active += 1

    def _go_on(self, task, now_ms):
        """Run a ready task until it waits, ends, is held or has used its share of the budget."""
        code = self._code
        regs = task.regs
        budget = BUDGET // self._active
        if budget > self._left:
            budget = self._left
        self._left -= budget
        while budget > 0:
            if self.paused:
                if self._is_held(task):
                    return
                if code[regs[core.PC]] == o.OP_MARK:
                    if self._stepped:
                        self._step_over(task)
                        return
                    self._stepped = True
                self.news = True
                got = self._run(code, regs, self._robot, 1)
                budget -= 1
            else:
                self.news = True
                got = self._run(code, regs, self._robot, budget)
                budget = got >> 8
            op = got & 0xFF
            if op != core.SPENT and not self._do(task, op, now_ms):
                self._left += budget
                return

    def _step_over(self, task):
        self._stepper = None
        self.held = task
        self.news = True

    def _is_held(self, task):
        """Say whether a pause keeps a ready task where it is."""
        return self.paused and task is not self._stepper and self._code[task.regs[core.PC]] == o.OP_MARK

    def _do(self, task, op, now_ms):
        """Do the instruction at which the core has stopped; say whether the task can go on at once."""
        code = self._code
        regs = task.regs
        pc = regs[core.PC]
        if op >= o.OP_FORWARD and op < core.FAULT:
            if self._owner is None and (self._keeper is task or (self._keeper is None and not self._queued)):
                self._move(task)
            else:
                task.state = _QUEUED
                self._queue[self._queued] = task.number
                self._queued += 1
            return False
        if op == o.OP_WAIT:
            regs[core.PC] = pc + 3
            return self._wait(task, code[pc + 1] | code[pc + 2] << 8, now_ms)
        if op == o.OP_BEEP:
            regs[core.PC] = pc + 1
            return self._wait(task, self._robot.beep(), now_ms)
        if op == o.OP_NOTE:
            ms = code[pc + 2] | code[pc + 3] << 8
            regs[core.PC] = pc + 4
            self._robot.note(code[pc + 1], ms)
            return self._wait(task, ms, now_ms)
        if op == o.OP_WAIT_UNTIL:
            task.state = _WATCHING
            if not self._test_holds(task):
                return False
            self._block_over(task, o.HOW_DONE)
            return True
        if op == o.OP_SEND:
            regs[core.PC] = pc + 2
            self._send(code[pc + 1])
            return True
        if op == o.OP_END:
            self._task_over(task)
        elif op == o.OP_STOP:
            self._finish(o.HOW_DONE, task)
        else:
            self.fault = op - core.FAULT
            self.address = pc
            self._finish(o.HOW_FAULT, task)
        return False

    def _wait(self, task, ms, now_ms):
        if ms:
            task.wake_ms = add(now_ms, ms)
            task.state = _WAITING
            return False
        self._block_over(task, o.HOW_DONE)
        return True

    def _test_holds(self, task):
        """Look at the test of a WAIT_UNTIL; where it holds, the task stands behind it."""
        code = self._code
        pc = task.regs[core.PC]
        if self._robot.holds(code[pc + 1], code[pc + 2] | code[pc + 3] << 8):
            task.regs[core.PC] = pc + 4
            return True
        return False

    def _block_over(self, task, how):
        task.state = _READY
        task.ended = how
        task.ended_block = task.regs[core.BLOCK]
        self.news = True

    def _task_over(self, task):
        task.state = _IDLE
        self._active -= 1
        if self._stepper is task:
            self._step_over(task)
        if self._keeper is task:
            self._keeper = self._next_keeper()

    def _next_keeper(self):
        """Return the event task that has waited longest for the wheels, else the first that runs, None where there is none."""
        for i in range(self._queued):
            task = self.tasks[self._queue[i]]
            if task.test != _NO_TEST:
                return task
        for task in self.tasks:
            if task.state != _IDLE and task.test != _NO_TEST:
                return task
        return None

    def _send(self, message):
        for task in self.tasks:
            if task.kind == o.HEAD_MESSAGE and task.argument == message and task.state == _IDLE:
                self._begin(task)

    # --- Events of the world ------------------------------------------------------------------------------------------

    def _look(self):
        for task in self.tasks:
            if task.test != _NO_TEST:
                sees = self._robot.holds(task.test, o.THRESHOLD_KIT)
                if sees and not task.was and task.state == _IDLE and not self.paused:
                    self._begin(task)
                    self._take_wheels(task)
                task.was = sees

    def _take_wheels(self, task):
        if self._keeper is not None:
            return
        self._keeper = task
        owner = self._owner
        if owner is not None:
            self._drive.halt()
            self._owner = None
            self._block_over(owner, o.HOW_INTERRUPTED)

    # --- The wheels -----------------------------------------------------------------------------------------------------

    def _move(self, task):
        code = self._code
        pc = task.regs[core.PC]
        op = code[pc]
        length = layout.LENGTHS[op]
        amount = 0
        if length > 1:
            amount = code[pc + 1]
            if length > 2:
                amount |= code[pc + 2] << 8
        task.regs[core.PC] = pc + length
        task.state = _MOVING
        self._owner = task
        self._drive.start(op, amount)

    def _motion_over(self, how):
        task = self._owner
        self._owner = None
        self._block_over(task, how)
        if how != o.HOW_DONE:
            self._finish(how, task)

    def _grant(self):
        """Give free wheels to the first that waits, or to the keeper alone while there is one."""
        if self._owner is not None:
            return
        queue = self._queue
        for i in range(self._queued):
            task = self.tasks[queue[i]]
            if self._keeper is None or self._keeper is task:
                self._queued -= 1
                for j in range(i, self._queued):
                    queue[j] = queue[j + 1]
                self._move(task)
                return

    # --- The end ----------------------------------------------------------------------------------------------------------

    def _finish(self, how, task):
        """End the program; `task` is the one that ended it, None where none did."""
        self._drive.halt()
        self._robot.quiet()
        if task is None:
            task = self._first_active()
        if task is not None:
            self.block = task.regs[core.BLOCK]
        for other in self.tasks:
            if other.state > _READY:
                self._block_over(other, o.HOW_STOPPED)
            other.state = _IDLE
        self._active = 0
        self._owner = self._keeper = self._stepper = self.held = None
        self._queued = 0
        self.how = how
        self.news = True

    def _first_active(self):
        for task in self.tasks:
            if task.state != _IDLE:
                return task
        return None


def _test_of(task):
    """Return what starts an event task, as a test of a sensor; _NO_TEST where nothing of the world does."""
    if task.kind == o.HEAD_OBSTACLE:
        return o.SENSOR_DISTANCE
    return o.SENSOR_KEY + task.argument + o.TEST_ABOVE if task.kind == o.HEAD_KEY else _NO_TEST

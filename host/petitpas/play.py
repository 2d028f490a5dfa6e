"""`petitpas run`: a program on a robot, told line by line, and everything that can happen to a cable meanwhile."""

from __future__ import annotations

import argparse
import itertools
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from petitpas import robots
from petitpas.errors import PortError, PortTimeout, PortUnplugged, RobotFault
from petitpas.files import open_new, read_bytes
from petitpas.program import Block, Image, Program, from_json, wording
from petitpas.robots import LINK_MS, Ended, Entered, Event, Finished, Held, OpenPort, Port, Robot
from petitpas.robots.recording import Recorder, World, read_recording
from petitpas.robots.replay import Replay
from petitpas.simulated import ROBOT, SIM, make_runner
from petitpas.terminal import read_line
from petitpas.words import Words
from petitpas_robot import clock, opcodes, wire
from petitpas_sim.chart import draw_mat
from petitpas_sim.mat import Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.trace import Trace

REPLAY = "replay://"
"""Of a recording, in place of a port."""

_LISTEN_S = 0.02
_REOPEN_S = 0.5
_PATIENCE = 120
"""Attempts to open the port again: a minute."""


@dataclass
class Player:
    """
    Plays one program on the robot behind a port.

    Args:
        words: what is told, in their language.
        out: where; progress only where it is a terminal.
        key: asks the person for a line, None at the end of input; for step by step.
        pause_s: waits between two attempts to open a port.
        open_port: opens it; see `Robot.open`.
    """

    url: str
    program: Program
    words: Words
    out: TextIO = field(default_factory=lambda: sys.stdout)
    key: Callable[[], str | None] = lambda: None
    pause_s: Callable[[float], None] = time.sleep
    open_port: Callable[[str], OpenPort] = Port

    def __post_init__(self) -> None:
        self._blocks = {block.id: block for block in self.program.walk()}
        self._events: list[Event] = []
        self._image: Image | None = None

    def play(self, *, step: bool = False) -> Finished:
        """
        Load and run, through unplugged cables, and return how it ended. Ctrl-C stops the robot, then goes on up.

        Raises:
            KitError: see `Robot.load` and `Robot.start`; PortUnplugged where the cable stays out for a minute; RobotFault
                FAULT_HELLO_FIRST where the robot was switched off in mid-run.
        """
        robot = Robot.open(self.url, self.open_port)
        try:
            self._begin(robot, step)
            while True:
                try:
                    return self._stepped(robot) if step else self._waited(robot)
                except PortUnplugged:
                    self._plug_again(robot)
        except KeyboardInterrupt:
            self._say("interrupted")
            _stop(robot)
            raise
        finally:
            robot.close()

    def _begin(self, robot: Robot, step: bool) -> None:
        """Load and start; where the cable goes, again from where that is right: a program that has started is not started twice."""
        self._say("met", robot=self.words.robot(robot.identity.name), kit=robot.identity.kit)
        while True:
            run = robot.identity.state.run
            try:
                if robot.identity.state.state != wire.STATE_IDLE:
                    self._say("busy")
                    robot.stop()
                self._image = robot.load(self.program, self._progress)
                self._say("loaded", blocks=len(self._image.blocks), octets=len(self._image.data))
                robot.start(paused=step)
                return
            except (PortUnplugged, PortTimeout):
                self._plug_again(robot)
                if self._image is not None and robot.is_run_after(run):
                    return

    def trace(self) -> str:
        """Return the events that came, a line each, in the form of the simulator's traces; times count from the first."""
        lines = []
        first = self._events[0].time_ms if self._events else 0
        for event in self._events:
            t_ms = clock.diff(event.time_ms, first)
            if isinstance(event, Entered):
                lines.append(f"{t_ms} robot entered {event.task} {event.block}")
            elif isinstance(event, Ended):
                lines.append(f"{t_ms} robot ended {event.task} {event.block} {event.how}")
            elif isinstance(event, Held):
                lines.append(f"{t_ms} robot held {event.task} {event.block}")
            elif isinstance(event, Finished):
                lines.append(f"{t_ms} robot finished {event.run} {event.how} {event.fault} {event.block} {event.address}")
        return "".join(line + "\n" for line in lines)

    def _waited(self, robot: Robot) -> Finished:
        finished = robot.wait(self._tell)
        assert finished is not None
        return finished

    def _stepped(self, robot: Robot) -> Finished:
        """Let one block through for each line of the person, of each task in turn; the end of input stops the robot."""
        self._say("step")
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()
        tasks = itertools.cycle(range(robot.identity.tasks))
        for _ in (script for script in self.program.scripts if script.type == "when_go"):  # a head alone shows nothing
            if self._step(robot, tasks) and (finished := self._step_over(robot)):
                return finished
        while True:
            for event in robot.poll():
                self._tell(event)
                if isinstance(event, Finished):
                    return event
            try:
                line = lines.get(timeout=_LISTEN_S)
            except queue.Empty:
                continue
            if line is None:
                robot.stop()
                return self._waited(robot)
            if self._step(robot, tasks) and (finished := self._step_over(robot)):
                return finished

    def _listen(self, lines: queue.Queue[str | None]) -> None:
        """Hand on what the person types, until the end of input."""
        while (line := self.key()) is not None:
            lines.put(line)
        lines.put(None)

    def _step(self, robot: Robot, tasks: Iterator[int]) -> bool:
        """Step the next task that is active; say whether there is one."""
        for task in itertools.islice(tasks, robot.identity.tasks):
            try:
                robot.step(task)
                return True
            except RobotFault as error:
                if error.fault != opcodes.FAULT_TASK:
                    raise
        self._say("waiting")
        return False

    def _step_over(self, robot: Robot) -> Finished | None:
        """Wait until a step is over; return the end of the program where that comes first. A lost event is made up for by asking."""
        asked_ms = robot.port.now_ms()
        while True:
            for event in robot.poll():
                self._tell(event)
                if isinstance(event, Finished):
                    return event
                if isinstance(event, Held):
                    return None
            if robot.port.now_ms() - asked_ms > LINK_MS:
                asked_ms = robot.port.now_ms()
                if robot.state().state == wire.STATE_PAUSED:
                    return None

    def _plug_again(self, robot: Robot) -> None:
        """Wait for the cable to come back, for a minute at most."""
        self._say("unplugged", port=self.url)
        for attempt in range(_PATIENCE):
            self.pause_s(_REOPEN_S)
            try:
                robot.reopen()
            except PortError:
                if attempt == _PATIENCE - 1:
                    raise
            else:
                self._say("replugged")
                return

    # --- Telling -----------------------------------------------------------------------------------------------------

    def _say(self, key: str, **fields: object) -> None:
        print(self.words.sentence(f"cli.run.{key}", **fields), file=self.out, flush=True)

    def _progress(self, done: int, total: int) -> None:
        if self.out.isatty() and total > wire.PIECE_BYTES:
            bar = "█" * (20 * done // total)
            print(f"\r{bar:░<20} {done}/{total}", end="\n" if done == total else "", file=self.out, flush=True)

    def _tell(self, event: Event) -> None:
        self._events.append(event)
        if isinstance(event, Entered):
            block = self._block(event.block)
            if block is not None and block.type != "when_go":
                self._say("block", id=block.id, block=wording(block, lang=self.words.lang))
        elif isinstance(event, Ended) and event.how in (opcodes.HOW_BLOCKED, opcodes.HOW_INTERRUPTED):
            block = self._block(event.block)
            if block is not None:
                self._say("ended", id=block.id, how=self.words.text(f"outcomes.{event.how}"))

    def _block(self, address: int) -> Block | None:
        """Return the block whose MARK is at an address, None where there is none."""
        return self._blocks.get(self._image.block_at(address) or "") if self._image else None


def _stop(robot: Robot) -> None:
    """Stop the robot if it can still be reached; it stops by itself where it cannot, since its run has link_ms."""
    try:
        robot.stop()
    except PortError:
        return


# --- The command -----------------------------------------------------------------------------------------------------


def run(options: argparse.Namespace, words: Words) -> bool:
    """Play the program that the command line names, and tell how it ended; say whether it came to its end. Raise KitError."""
    program = from_json(read_bytes(options.file))
    url = options.port or next((port.url for port in robots.find_ports() if port.is_robot), f"{SIM}{ROBOT}")
    player = Player(url, program, words, key=read_line)
    if url.startswith(REPLAY):
        player.open_port = Replay(read_recording(Path(url.removeprefix(REPLAY)))).open
    if url.startswith(SIM):
        trace = Trace() if options.trace else None
        runner = make_runner(options.mat, options.start, options.rocks, [url.removeprefix(SIM)], trace)
        with open_to_hosts(Virtual(runner)), _recorded(options, player), _traced(options.trace, lambda: trace.text() if trace else ""):
            finished = player.play(step=options.step)
        body = runner.world.bodies[0]
        print(draw_mat(runner.world.mat, Place.parse(options.start), body.path, body.place()), end="")
    else:
        with _recorded(options, player), _traced(options.trace, player.trace):
            finished = player.play(step=options.step)
    print(words.text(f"outcomes.{finished.how}"))
    if finished.fault:
        print(RobotFault(finished.fault).say(words.lang), file=sys.stderr)
    return bool(finished.how == opcodes.HOW_DONE)


@contextmanager
def _recorded(options: argparse.Namespace, player: Player) -> Iterator[None]:
    """Record what passes through a player's cable, if a file was named."""
    if options.record is None:
        yield
        return
    is_simulated = player.url.startswith(SIM)
    world = World(options.mat, options.start, tuple(options.rocks), player.url.removeprefix(SIM)) if is_simulated else None
    with open_new(options.record) as out:
        recorder = Recorder(out, world, player.open_port)
        player.open_port = recorder.open
        try:
            yield
        finally:
            if not recorder.is_whole:
                print(player.words.sentence("cli.run.record_cut", path=options.record), file=sys.stderr)


@contextmanager
def _traced(file: Path | None, text: Callable[[], str]) -> Iterator[None]:
    """Write a trace once the run is over, however it ends; a file that cannot be written is told before it begins."""
    if file is None:
        yield
        return
    with open_new(file) as out:
        try:
            yield
        finally:
            out.write(text())

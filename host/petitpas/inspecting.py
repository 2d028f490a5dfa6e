"""`petitpas checkup`: le contrôle technique, part by part, with a person who looks, listens, presses and shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from petitpas.arguments import BOARD_KITS
from petitpas.errors import RobotFault
from petitpas.robots import Checked, Report, Robot
from petitpas.robots.checkup import (
    BUZZER_SEEN,
    KEYS,
    LIGHTS_SEEN,
    WHEEL_SEEN,
    judge_battery,
    judge_keys,
    judge_seen,
    judge_wheel,
    keys_of,
    keys_on,
    sensed,
    sensors_of,
)
from petitpas.simulated import opened
from petitpas.words import Words
from petitpas_robot import opcodes, wire
from petitpas_sim.kits import kit_names, load_kit
from petitpas_sim.mat import Place
from petitpas_sim.runner import Runner

PARTS = ("left", "right", "lights", "buzzer", "keys", "sensors", "battery")
"""In the order of the check-up; keys of the words, under `checkup.parts`."""

_ROBOT_PARTS = {"left": wire.CHECK_LEFT, "right": wire.CHECK_RIGHT, "lights": wire.CHECK_LIGHTS, "buzzer": wire.CHECK_BUZZER}
_SEEN = {"left": WHEEL_SEEN, "right": WHEEL_SEEN, "lights": LIGHTS_SEEN, "buzzer": BUZZER_SEEN}
_LOOK_MS = 200
_REPORT_MS = 50
_WATCH_MS = {"keys": 60_000, "sensors": 90_000, "battery": 2_000}
"""For how long a person may look for a key or a sensor."""

_MAT, _START, _AT_EDGE = "5x5", "C3N", Place.parse("C5N")  # of a simulated robot


class Result(NamedTuple):
    """What was found of a part: a code of the findings, "" where all is well, and what its sentences name."""

    part: str
    code: str
    names: tuple[str, ...] = ()


@contextmanager
def inspected(url: str, words: Words, key: Callable[[], str | None]) -> Iterator[Inspection]:
    """Open the robot behind a port for its check-up; a simulated one is of the first kit, and has a simulated hand."""
    with opened(url, _MAT, _START, BOARD_KITS[0]) as runner, Robot.open(url) as robot:
        yield Inspection(robot, words, key, Hand(runner) if runner is not None else None)


class Hand:
    """Presses and shows what a person would, to the one robot of a runner."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        (self._name,) = runner.robots
        self._body = runner.robots[self._name].body

    def can_show(self, thing: str) -> bool:
        """Say whether there is such a thing on a mat: it has no black bands."""
        return not thing.startswith("line")

    def show(self, thing: str) -> None:
        """Press a key or the bumper, lift the robot or put it before the edge; and nothing else any more."""
        keys = {name: 1 << number for number, name in KEYS}
        self._runner.put(self._name, _AT_EDGE if thing == "distance" else Place.parse(_START))
        self._body.is_held = thing == "bumper"
        self._body.lifted = thing == "lift"
        self._runner.press(self._name, keys.get(thing, 0))


@dataclass
class Inspection:
    """
    The check-up of one robot; a program that it plays is stopped.

    Args:
        key: asks the person for a line, None at the end of input.
        hand: of a simulated robot, in place of the person's.
    """

    robot: Robot
    words: Words
    key: Callable[[], str | None]
    hand: Hand | None = None
    out: TextIO = field(default_factory=lambda: sys.stdout)

    def examine(self) -> bool:
        """Go through every part and tell what was found; say whether all was looked at, and all is well."""
        self.robot.stop()
        identity = self.robot.identity
        self._say("checkup.begins", robot=self.words.robot(identity.name), kit=identity.kit)
        results: list[Result] = []
        try:
            for part in PARTS:
                result = self._part(part)
                if result is None:
                    self._say("checkup.stopped")
                    break
                results.append(result)
        finally:
            self.robot.stop()
        self._tell(results)
        return len(results) == len(PARTS) and not any(result.code for result in results)

    def _part(self, part: str) -> Result | None:
        """Look at one part; None at the end of input."""
        number = PARTS.index(part) + 1
        self._say("checkup.part", number=number, count=len(PARTS), part=self._name(part))
        if part == "battery":
            return Result(part, self._battery())
        return self._watched(part) if part in _WATCH_MS else self._played(part)

    # --- What the robot does ------------------------------------------------------------------------------------------

    def _played(self, part: str) -> Result | None:
        """Have the robot do a part, as often as the person likes, and ask what was seen."""
        while True:
            self._say(f"checkup.ready.{part}")
            if self.key() is None:
                return None
            try:
                checked = self._played_once(_ROBOT_PARTS[part])
            except RobotFault as fault:
                if fault.fault != opcodes.FAULT_UNSUPPORTED:
                    raise
                return self._left_out(part)
            seen = self._answer(_SEEN[part])
            if seen is None:
                return None
            if seen:
                is_wheel = part in ("left", "right")
                return Result(part, judge_wheel(_motors(self.robot.identity.kit), seen, checked) if is_wheel else judge_seen(part, seen))

    def _played_once(self, part: int) -> Checked:
        checked = self.robot.check(part)
        while checked.how == opcodes.HOW_RUNNING:
            self.robot.wait(limit_ms=_LOOK_MS)
            checked = self.robot.check()
        return checked

    def _answer(self, choices: Sequence[str]) -> str | None:
        """Ask until a choice is made; return it, "" for once more, None at the end of input."""
        self._say("checkup.ask", well=self._seen(choices[0]))
        for number, choice in enumerate(choices[1:], 2):
            self._say("checkup.choice", number=number, seen=self._seen(choice))
        answers = {"": choices[0], "r": ""} | {str(number): choice for number, choice in enumerate(choices, 1)}
        while (line := self.key()) is not None:
            answer = answers.get(line.strip().casefold())
            if answer is not None:
                return answer
            self._say("checkup.odd")
        return None

    # --- What the person does -----------------------------------------------------------------------------------------

    def _watched(self, part: str) -> Result | None:
        """Watch for each key, or each sensor, until it was seen once or time is over."""
        can = self.robot.identity.can
        wanted = keys_on(can) if part == "keys" else sensors_of(can)
        if self.hand is not None:
            wanted = tuple(thing for thing in wanted if self.hand.can_show(thing))
        if not wanted:
            return self._left_out(part)
        self._say(f"checkup.ready.{part}", things=self._list(part, wanted))
        if self.key() is None:
            return None
        if part == "keys":
            self.robot.check(wire.CHECK_KEYS)  # or they would make and run a program, or empty one
        seen = self._watch(part, wanted)
        self.robot.stop()
        missing = tuple(thing for thing in wanted if thing not in seen)
        return Result(part, judge_keys(seen) if part == "keys" else "sensors_some" if missing else "", missing)

    def _watch(self, part: str, wanted: Collection[str]) -> list[str]:
        """Return what was seen of what is wanted, each told as it comes."""
        read = keys_of if part == "keys" else sensed
        seen: list[str] = []
        for report in self._reports(_WATCH_MS[part]):
            for thing in read(report):
                if thing in wanted and thing not in seen:
                    seen.append(thing)
                    self._say("checkup.noticed", thing=self._list(part, (thing,)))
            missing = next((thing for thing in wanted if thing not in seen), "")
            if self.hand is not None:
                self.hand.show(missing)
            if not missing:
                break
        return seen

    def _battery(self) -> str:
        """Return what the next report says of the battery."""
        return next((judge_battery(report) for report in self._reports(_WATCH_MS["battery"])), "unknown")

    def _reports(self, limit_ms: int) -> Iterator[Report]:
        """Give the robot's reports, for so long."""
        until_ms = self.robot.port.now_ms() + limit_ms
        self.robot.telemetry(_REPORT_MS)
        try:
            while self.robot.port.now_ms() < until_ms:
                yield from (event for event in self.robot.poll() if isinstance(event, Report))
        finally:
            self.robot.telemetry(0)

    # --- Telling ------------------------------------------------------------------------------------------------------

    def _left_out(self, part: str) -> Result:
        self._say("checkup.left_out", part=self._name(part))
        return Result(part, "")

    def _tell(self, results: Sequence[Result]) -> None:
        for result in results:
            said = self.words.text("checkup.well")
            if result.code:
                things = self._list(result.part, result.names)
                key = f"checkup.findings.{result.code}"
                said = " ".join(self.words.text(f"{key}.{half}", part=self._name(result.part), things=things) for half in ("what", "do"))
            self._say("checkup.line", part=self._name(result.part), said=said)

    def _name(self, part: str) -> str:
        return self.words.text(f"checkup.parts.{part}")

    def _seen(self, choice: str) -> str:
        return self.words.text(f"checkup.seen.{choice}")

    def _list(self, part: str, things: Collection[str]) -> str:
        under = "keys" if part == "keys" else "checkup.senses"
        return ", ".join(self.words.text(f"{under}.{thing}") for thing in things)

    def _say(self, key: str, **fields: object) -> None:
        print(self.words.sentence(key, **fields), file=self.out, flush=True)


def _motors(kit: str) -> str:
    """Return the kind of a kit's motors; those of a kit that is not known here are taken for steppers, which tell nothing."""
    return str(load_kit(kit).wheels or "stepper") if kit in kit_names() else "stepper"

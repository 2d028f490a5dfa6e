"""Le contrôle technique, part by part, with a person who looks, listens, presses and shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
from petitpas.workshop.person import Person, Question
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

AGAIN = "again"
"""The answer that has a part done once more."""

MAT, START = "5x5", "C3N"
"""Of a simulated robot."""

_AT_EDGE = Place.parse("C5N")


class Result(NamedTuple):
    """What was found of a part: a code of the findings, "" where all is well, and what its sentences name."""

    part: str
    code: str
    names: tuple[str, ...] = ()


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
        self._runner.put(self._name, _AT_EDGE if thing == "distance" else Place.parse(START))
        self._body.is_held = thing == "bumper"
        self._body.lifted = thing == "lift"
        self._runner.press(self._name, keys.get(thing, 0))


@dataclass
class Inspection:
    """
    The check-up of one robot; a program that it plays is stopped.

    Args:
        hand: of a simulated robot, in place of the person's.
    """

    robot: Robot
    person: Person
    hand: Hand | None = None

    def examine(self) -> bool:
        """Go through every part and tell what was found; say whether all was looked at, and all is well."""
        self.robot.stop()
        identity = self.robot.identity
        self.person.tell("checkup.begins", robot=self.person.words.robot(identity.name), kit=identity.kit)
        results: list[Result] = []
        try:
            for part in PARTS:
                result = self._part(part)
                if result is None:
                    self.person.tell("checkup.stopped")
                    break
                results.append(result)
        finally:
            self.robot.stop()
        self._tell(results)
        return len(results) == len(PARTS) and not any(result.code for result in results)

    def _part(self, part: str) -> Result | None:
        """Look at one part; None where the person wants no more."""
        number = PARTS.index(part) + 1
        self.person.tell("checkup.part", number=number, count=len(PARTS), part=self._name(part))
        if part == "battery":
            return Result(part, self._battery())
        return self._watched(part) if part in _WATCH_MS else self._played(part)

    # --- What the robot does ------------------------------------------------------------------------------------------

    def _played(self, part: str) -> Result | None:
        """Have the robot do a part, as often as the person likes, and ask what was seen."""
        while True:
            if not self.person.ready(f"checkup.ready.{part}"):
                return None
            try:
                checked = self._played_once(_ROBOT_PARTS[part])
            except RobotFault as fault:
                if fault.fault != opcodes.FAULT_UNSUPPORTED:
                    raise
                return self._left_out(part)
            if self.person.is_gone or not (seen := self._answer(_SEEN[part])):
                return None
            if seen != AGAIN:
                is_wheel = part in ("left", "right")
                return Result(part, judge_wheel(_motors(self.robot.identity.kit), seen, checked) if is_wheel else judge_seen(part, seen))

    def _played_once(self, part: int) -> Checked:
        checked = self.robot.check(part)
        while checked.how == opcodes.HOW_RUNNING and not self.person.is_gone:
            self.robot.wait(limit_ms=_LOOK_MS)
            checked = self.robot.check()
        return checked

    def _answer(self, choices: Sequence[str]) -> str:
        """Return what was seen, AGAIN for once more, "" where the person wants no more."""
        return self.person.choose(Question("checkup.ask", (*choices, AGAIN), "checkup.seen", choices[0]))

    # --- What the person does -----------------------------------------------------------------------------------------

    def _watched(self, part: str) -> Result | None:
        """Watch for each key, or each sensor, until it was seen once or time is over."""
        can = self.robot.identity.can
        wanted = keys_on(can) if part == "keys" else sensors_of(can)
        if self.hand is not None:
            wanted = tuple(thing for thing in wanted if self.hand.can_show(thing))
        if not wanted:
            return self._left_out(part)
        if not self.person.ready(f"checkup.ready.{part}", things=self._list(part, wanted)):
            return None
        if part == "keys":
            self.robot.check(wire.CHECK_KEYS)  # or they would make and run a program, or empty one
        seen = self._watch(part, wanted)
        self.robot.stop()
        if self.person.is_gone:
            return None
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
                    self.person.tell("checkup.noticed", thing=self._list(part, (thing,)))
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
            while self.robot.port.now_ms() < until_ms and not self.person.is_gone:
                yield from (event for event in self.robot.poll() if isinstance(event, Report))
        finally:
            self.robot.telemetry(0)

    # --- Telling ------------------------------------------------------------------------------------------------------

    def _left_out(self, part: str) -> Result:
        self.person.tell("checkup.left_out", part=self._name(part))
        return Result(part, "")

    def _tell(self, results: Sequence[Result]) -> None:
        words = self.person.words
        for result in results:
            said = words.text("checkup.well")
            if result.code:
                things = self._list(result.part, result.names)
                key = f"checkup.findings.{result.code}"
                said = " ".join(
                    self.person.words.text(f"{key}.{half}", part=self._name(result.part), things=things) for half in ("what", "do")
                )
            self.person.tell("checkup.line", part=self._name(result.part), said=said)

    def _name(self, part: str) -> str:
        return self.person.words.text(f"checkup.parts.{part}")

    def _list(self, part: str, things: Collection[str]) -> str:
        under = "keys" if part == "keys" else "checkup.senses"
        return ", ".join(self.person.words.text(f"{under}.{thing}") for thing in things)


def _motors(kit: str) -> str:
    """Return the kind of a kit's motors; those of a kit that is not known here are taken for steppers, which tell nothing."""
    return str(load_kit(kit).wheels or "stepper") if kit in kit_names() else "stepper"

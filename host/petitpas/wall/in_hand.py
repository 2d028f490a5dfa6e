"""
The robot that a lesson is played with: the one that the class has in hand, simulated or on the floor.

Another may be chosen while the page is open: it comes once nothing runs. A robot whose cable has gone stays on the wall as a simulated
one; the class has that in hand then, until the teacher chooses again.
"""

from __future__ import annotations

from collections.abc import Sequence

from petitpas.classroom.commands import ChooseRobot
from petitpas.errors import KitError, NotSupported
from petitpas.lessons import Variant
from petitpas.wall.board import Event
from petitpas.wall.desk import Desk, OpenDriver
from petitpas.wall.hand import Hand, place_of
from petitpas.wall.layout import Layout
from petitpas.wall.pages.page import Room
from petitpas.wall.pieces import banner_items
from petitpas.wall.plugged import PluggedDriver
from petitpas.wall.together import Together, place_fields
from petitpas.words import Key
from petitpas_sim.mat import Cell, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.scene import Item, extended

PLACE_MS = 8000
"""How long it is said where a robot on the floor is put."""


class RobotInHand:
    """
    The driver of the robot that was chosen, and what is seen of it.

    `name` is its animal, `port` the URL of a robot on the floor, "" of a simulated one, `refusal` why it did not do the last program,
    `snapshot` the world when it was last looked at, `trail` the path of this run, `together` a GO together with the robot on the floor.
    """

    def __init__(self, desk: Desk, variant: Variant) -> None:
        self.refusal: KitError | None = None
        self.trail: tuple[tuple[float, float], ...] = ()
        self.together: Together | None = None
        self._start = variant.robots[0].start
        self._is_new, self._is_placing, self._place_until_ms = True, False, 0
        self.hand = Hand()
        self._tone_hz = 0
        self._desk = desk
        self._variant = variant
        self._is_playing = False
        self._open()

    def _open(self) -> None:
        desk, (robot, *others) = self._desk, self._variant.robots
        chosen = self._chosen = desk.school.snapshot.robot
        can_be = robot.kit != "rocket" and chosen.animal not in {other.name for other in others}
        self.name = chosen.animal if can_be else robot.name
        self.port = chosen.port if can_be else ""
        self._driver: OpenDriver
        if self.port:
            desk.fleet.hold(self.port)
            self._driver = desk.open_plugged(self.port, self._variant.mat, robot.start, self.name, others)
        else:
            self._driver = desk.open_driver(self._variant.mat, robot.start, self.name, robot.kit, others)
        if chosen.port and robot.kit == "rocket":
            block = next(block.type for block in robot.solution.walk() if block.type != "when_go")
            self.refusal = NotSupported(robot=Key(f"robots.{chosen.animal}"), block=Key(f"blocks.{block}.name"))
        self.snapshot: Snapshot = self._driver.snapshot()

    def close(self) -> None:
        """Let the robot go."""
        self._driver.close()
        if self.port:
            self._desk.fleet.release(self.port)

    # --- What it does ------------------------------------------------------------------------------------------------------

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        """Go back to the start place, or stay where the robot is, then run these cards."""
        if not is_from_here:
            self.trail = ()
        self.refusal = None
        self._is_playing = True
        if self.together is not None:
            self.together.show()
        self._driver.run(cards, is_from_here=is_from_here)

    def stop(self) -> None:
        """Stop at once; a GO together is over."""
        self._is_playing = False
        self.together = None
        self._driver.stop()

    def touch(self, cell: Cell) -> None:
        """Let a hand pick a robot of the mat up, put it down or turn it."""
        if done := self.hand.tap(cell, self.snapshot, self._driver):
            self.trail = () if done == "put" else self.trail
            self._desk.sounds.play(done)

    def home(self) -> None:
        """Go back to the start place; no cards are being run. On the floor hands do that, and it is said where."""
        self.trail, self._is_new = (), True
        self._driver.home()

    def begin_together(self, cards: Sequence[object]) -> None:
        """Put these cards into the robot on the floor, for a GO together."""
        if isinstance(self._driver, PluggedDriver):
            self.refusal = None
            self.together = Together(self.name, self._start)
            self.home()
            self._driver.load(cards)

    def poll(self) -> Sequence[Event]:
        """Return what has happened since the last call; what was refused is kept here."""
        if self._chosen != self._desk.school.snapshot.robot and not self._is_playing:
            self.close()
            self.refusal, self.trail, self._is_new = None, (), True
            self._open()
            return [("recovered",)]
        return [event for event in self._driver.poll() if not self._takes(event)]

    def _takes(self, event: Event) -> bool:
        """Take what an event says of the robot itself; say whether that is all it says."""
        is_all = self.together is not None and self.together.hear(event)
        if event[0] == "refused":
            self.refusal = event[1]
        elif event[0] == "trouble" and self.port:
            self._lost()
        self._is_playing &= event[0] != "finished"
        if not is_all and event[0] in ("refused", "trouble", "finished"):
            self.together = None
        return is_all

    def _lost(self) -> None:
        """Have the class go on with the simulated robot of that name: the one on the floor is offered again, not taken."""
        self._desk.fleet.release(self.port, is_lost=True)
        self.port = ""
        self._desk.school.do(ChooseRobot(self.name))
        self._chosen = self._desk.school.snapshot.robot

    # --- What is seen ------------------------------------------------------------------------------------------------------

    def look(self, *, is_followed: bool) -> None:
        """Look at the world as it is now: lengthen the path where the robot is followed, and let what it plays be heard."""
        self.snapshot = self._driver.snapshot()
        robot = self.robot
        if robot is not None and is_followed:
            self.trail = extended(self.trail, robot.x_mm, robot.y_mm)
        tone_hz = robot.tone_hz if robot is not None else 0
        if tone_hz and tone_hz != self._tone_hz:
            self._desk.sounds.tone(tone_hz)
        self._tone_hz = tone_hz

    @property
    def robot(self) -> RobotSnapshot | None:
        """The robot as it was last seen."""
        robots = self.snapshot.robots
        return next((robot for robot in robots if robot.name == self.name), next(iter(robots), None))

    @property
    def place(self) -> Place | None:
        """Where it was last seen, as a cell and a heading."""
        return None if self.robot is None else place_of(self.robot)

    # --- What is said of it ------------------------------------------------------------------------------------------------

    def step(self, now_ms: int) -> None:
        """Let time pass: for a robot that has just been taken in hand, first of all it is said where it is put."""
        if self._is_new:
            self._is_new, self._place_until_ms = False, now_ms + PLACE_MS * bool(self.port)
        self._is_placing = now_ms < self._place_until_ms
        if self.together is None:
            return
        if self.together.step(now_ms):
            self._desk.sounds.play("count")
        if line := self.together.line():
            self._desk.sounds.say(line, "bubble", fields=self.together.fields, is_asked=True)

    def items(self, room: Room, layout: Layout) -> tuple[Item, ...]:
        """Return what is said of this robot: how GO together goes, why it cannot do the program, or where it is put."""
        if self.together is not None:
            return self.together.items(room, layout)
        said = ""
        if self.refusal is not None:
            said = self.refusal.say(room.words.lang)
        elif self._is_placing and not self._is_playing and self.port:
            said = room.words.text("wall.plugged.place", **place_fields(self.name, self._start))
        return banner_items(room, said)

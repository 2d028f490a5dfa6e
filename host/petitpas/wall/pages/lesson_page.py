"""
The page of a lesson: a mat with its landmarks, a strip of cards, GO, and what comes of it: a success, or a kind explanation.

The state is an `Activity`; here taps and keys become its commands, its orders go to the robot, what the robot reports goes back, and all is
kept by the class core. What there is to say about a program is found out while it is run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from petitpas.classroom.commands import Command as ClassCommand
from petitpas.classroom.commands import OpenLesson, Predict, RunBegan, RunEnded, SetStrip
from petitpas.lessons import VARIANTS, Lesson, Variant
from petitpas.program.blocks import Level
from petitpas.wall.activity import Activity, Order, Run
from petitpas.wall.aid import end_of, proposed_after
from petitpas.wall.asking import Asking
from petitpas.wall.board import Board, Event, Status
from petitpas.wall.desk import Desk
from petitpas.wall.layout import Layout
from petitpas.wall.lesson_cues import heard_between, said_between
from petitpas.wall.lesson_items import choice_frames, next_frames
from petitpas.wall.lesson_mat import room_for_mat, slid
from petitpas.wall.level_layout import ceiling_px, gap_px, least_px, level_layout
from petitpas.wall.pages.board_page import BOUNCE_MS, CUE_MS, FLIGHT_MS
from petitpas.wall.pages.lesson_view import LessonView, View
from petitpas.wall.pages.page import FRAME_MS, IDLE_MS, Back, Go, KeyName, Layers, Open, Page, Room, Spot
from petitpas.wall.pieces import back_spot
from petitpas.wall.sounds import LINES
from petitpas.wall.strip import cards_left, compact, program_of
from petitpas.wall.task import CHOICE, task_of
from petitpas.wall.tiles import between
from petitpas_sim.mat import CELL_MM, Cell, Place, cell_name
from petitpas_sim.snapshot import RobotSnapshot
from petitpas_sim.view.scene import Bump, Frame, MatLayout, extended

SLIDE_MS = 280
"""How long the mat takes to come down for a prediction, and to go up again."""


class LessonPage(Page):
    """A variant of a lesson."""

    def __init__(self, desk: Desk, lesson: Lesson, variant: Variant) -> None:
        state = desk.school.snapshot
        level: Level = next((level for level in lesson.levels if level == state.hand.level), lesson.levels[0])
        robot, *others = variant.robots
        is_in_hand = (state.hand.key.lesson, state.hand.key.variant) == (lesson.id, variant.name)
        self.lesson, self.variant = lesson, variant
        self._variant_run = variant  # begun elsewhere than at its start, where the class asks for it
        task = task_of(variant, level)
        self.activity = Activity.begun(task, cards_left(state.work.strip, task.numbers) if is_in_hand else ())
        self._desk = desk
        self._asking = Asking(desk.aside)
        is_free = robot.kit != "rocket" and state.robot.animal not in {other.name for other in others}
        self._name = state.robot.animal if is_free else robot.name
        self._driver = desk.open_driver(variant.mat, robot.start, self._name, robot.kit, others)
        self._snapshot = self._driver.snapshot()
        self._events: deque[Event] = deque()
        self._is_started = False
        self._trail: tuple[tuple[float, float], ...] = ()
        self._now_ms = 0
        self._cue_until_ms = -1
        self._go_ms = -BOUNCE_MS
        self._slide_ms = -SLIDE_MS
        self._tone_hz = 0
        self._flight: tuple[int, Frame] | None = None  # a card, and the tile from which it comes
        self._flight_ms = -FLIGHT_MS
        self._moved: frozenset[Hashable] = frozenset()
        self._view = LessonView(lesson, variant)
        desk.sounds.level = level
        self._say_challenge()

    # --- Where it is -------------------------------------------------------------------------------------------------------

    @property
    def board(self) -> Board:
        """What becomes of the strip."""
        return self.activity.board

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        self._room = room

    @property
    def layout(self) -> Layout:
        """Where everything is now."""
        task = self.activity.task
        return level_layout(self._room, task.profile, task.commands, len(self.activity.cards))

    @property
    def mat(self) -> MatLayout:
        """Where the mat is: above, below the ceiling while a place is pointed at, or on its way."""
        high = self._high_mat()
        is_down = self.activity.is_predicting
        if not is_down and self._slid() >= 1:
            return high
        low = self._low_mat()
        away = (high.card.centre[1] - low.card.centre[1]) if is_down else (low.card.centre[1] - high.card.centre[1])
        return slid(low if is_down else high, round(away * (1 - self._slid()) ** 3))

    def _high_mat(self) -> MatLayout:
        return MatLayout.fit(self.variant.mat, room_for_mat(self.layout.mat, self._room))

    def _low_mat(self) -> MatLayout:
        room, layout, profile = self._room, self.layout, self.activity.task.profile
        top, gap = ceiling_px(room, profile), gap_px(room)
        left = self._done_frame().right + gap
        area = Frame(left, top, max(1, layout.go.left - gap - left), room.height - top)
        whole = MatLayout.fit(self.variant.mat, area)
        border = whole.left - whole.card.left  # only the cells have to be below the ceiling
        return MatLayout.fit(self.variant.mat, Frame(left, top - border, area.width, area.height + border))

    def _done_frame(self) -> Frame:
        """Return where the prediction is left again."""
        room = self._room
        side = max(least_px(room, self.activity.task.profile), room.px(9))
        return Frame(room.px(2.4), room.height - room.px(1.8) - side, side, side)

    def _slid(self) -> float:
        """Return how far the mat has come on its way, 0 to 1."""
        return 1.0 if self._room.is_calm else min(1.0, (self._now_ms - self._slide_ms) / SLIDE_MS)

    @property
    def keys(self) -> Mapping[KeyName, Hashable]:  # type: ignore[override]
        """What keys do: while a place is pointed at, the arrows move over its cells."""
        if self.activity.is_predicting:
            return {"backspace": "predict"}
        commands = self.activity.task.commands
        moves: dict[KeyName, tuple[str, str]] = {
            "up": ("forward", "go_up"),
            "down": ("backward", "go_down"),
            "left": ("left", "go_left"),
            "right": ("right", "go_right"),
        }
        arrows = {key: name for key, names in moves.items() for name in names if name in commands}
        return {**arrows, "enter": "go", "backspace": "undo", "delete": "home" if "home" in commands else "clear"}

    def spots(self) -> tuple[Spot, ...]:
        """Return what can be tapped: the way back, tiles, GO, the cards by their number; or cells, or the steps to the next challenge."""
        return (back_spot(self._room), *(Spot(name, frame) for name, frame in self._targets()))

    def _targets(self) -> Iterator[tuple[Hashable, Frame]]:
        activity, layout, task = self.activity, self.layout, self.activity.task
        if layout.go.width:
            yield "go", layout.go
        if activity.is_predicting:
            mat = self.mat
            cells = ((column, row) for column in range(mat.mat.columns) for row in range(mat.mat.rows))
            yield from ((cell, mat.cell(cell)) for cell in cells if activity.accepts(cell))
            yield "predict", self._done_frame()
            return
        if activity.is_reached:
            yield from next_frames(layout, self.next_names).items()
        else:
            yield from layout.tiles
        if task.choices:
            frames = choice_frames(layout, len(task.choices))
            yield from ((f"{CHOICE}{number}", frame) for number, frame in enumerate(frames))
        elif layout.is_strip_tapped and not task.is_fixed:
            yield from enumerate(layout.slots[: len(activity.cards)])

    @property
    def next_names(self) -> tuple[str, ...]:
        """The spots after a success: once more, and the variants of the lesson where they are offered."""
        return ("again", *VARIANTS) if self._room.settings.offers_next else ("again",)

    # --- What is done ------------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Go back, go on to another variant, or do a command."""
        if name == "back":
            return Back()
        tiles = dict(self.layout.tiles)
        before = self.activity.cards
        if isinstance(name, str) and name in VARIANTS:
            self._do(OpenLesson(self.lesson.id, name))
            return Open(partial(self._desk.open_lesson, self._desk, self.lesson, self.lesson.variant(name)), replaces=True)
        if name == "undo" and "undo" not in self.activity.task.commands:
            self._take_last()
        elif isinstance(name, str | int | tuple):
            self.command(name)
        if isinstance(name, str) and name in tiles and len(self.activity.cards) > len(before):
            place = next((at for at, card in enumerate(before) if self.activity.cards[at] != card), len(before))
            self._flight, self._flight_ms = (place, tiles[name]), self._now_ms
        return None

    def _flying(self) -> dict[int, Frame]:
        """Return where the last card is on its way from its tile."""
        share = (self._now_ms - self._flight_ms) / FLIGHT_MS
        if self._flight is None or self._room.is_calm or share >= 1 or self._flight[0] >= len(self.layout.slots):
            return {}
        place, tile = self._flight
        return {place: between(tile, self.layout.slots[place], share)}

    def _take_last(self) -> None:
        """Take the last card off, as Backspace does at levels that have no tile for it."""
        last = len(self.activity.cards) - 1
        for _ in range(2):  # the first tap may only select it
            if len(self.activity.cards) == last + 1:
                self.command(last)

    def command(self, command: str | int | Cell) -> None:
        """Do what a tap or a key asks."""
        if command == "go" and self.activity.board.is_running and self._now_ms - self._go_ms < BOUNCE_MS:
            return
        before = self.activity
        self.activity, order = before.told(command)
        if self.activity.board.refused != before.board.refused:
            self._cue_until_ms = self._now_ms + CUE_MS
        self._changed(before)
        self._order(order)

    def _changed(self, before: Activity) -> None:
        """Keep and let be heard what has changed since a state of the activity."""
        now = self.activity
        if now.cards != before.cards:
            self._moved |= frozenset(range(len(before.cards)))
            if not now.task.is_fixed:
                self._do(SetStrip(compact(now.cards)))
        if now.token != before.token and now.token is not None:
            self._do(Predict(str(now.token) if now.task.asks_heading else cell_name(now.token.cell)))
        if now.is_predicting != before.is_predicting:
            self._slide_ms = self._now_ms
            self._moved |= {name for name, _ in self._targets()}
        if now.is_reached != before.is_reached:
            self._moved |= {name for name, _ in self.layout.tiles}
        sounds = self._desk.sounds
        if sound := heard_between(before, now):
            sounds.play(sound)
        if line := said_between(before, now):
            sounds.say(line, "" if line in LINES else "bubble")

    def _order(self, order: Order | None) -> None:
        if isinstance(order, Run):
            self._run(order)
        elif order == "stop":
            self._driver.stop()
        elif order == "home":
            self._trail = ()
            self._driver.home()
        elif order == "listen":
            self._say_challenge()

    def _run(self, run: Run) -> None:
        self._go_ms = self._now_ms
        if not run.is_from_here:
            self._trail = ()
            self._is_started = False
        if self.activity.task.activity != "faire" and (run.is_whole or not run.is_from_here):
            self._begun()
        self._variant_run = self._from_here() if run.is_whole and run.is_from_here else self.variant
        self._asking.ask(self._variant_run, self.activity.made)
        self._driver.run(run.blocks, is_from_here=run.is_from_here)

    def _begun(self) -> None:
        self._do(SetStrip(compact(self.activity.cards)))
        self._do(RunBegan())

    def _from_here(self) -> Variant:
        """Return the variant as it is from where the robot stands."""
        first, *others = self.variant.robots
        place = self._place()
        return self.variant if place is None else replace(self.variant, robots=(replace(first, start=place), *others))

    def _place(self) -> Place | None:
        robot = self._robot
        if robot is None:
            return None
        return Place(int(robot.x_mm // CELL_MM), int(robot.y_mm // CELL_MM), round(robot.heading_deg / 90) % 4)

    def _say_challenge(self) -> None:
        if self.variant.challenge is not None:
            self._desk.sounds.say(f"lessons.{self.lesson.id}.{self.variant.name}.challenge", "bubble")

    def _do(self, command: ClassCommand) -> None:
        self._desk.school.do(command)

    def stop(self) -> bool:
        """Stop the robot."""
        was_running = self.activity.board.is_running
        self.command("stop")
        return was_running

    def close(self) -> None:
        """Let the robot go."""
        self._asking.close()
        self._driver.close()

    def moved(self) -> frozenset[Hashable]:
        """Return, once, the spots whose meaning has changed."""
        moved, self._moved = self._moved, frozenset()
        return moved

    # --- What happens --------------------------------------------------------------------------------------------------------

    @property
    def _robot(self) -> RobotSnapshot | None:
        return next((robot for robot in self._snapshot.robots if robot.name == self._name), next(iter(self._snapshot.robots), None))

    def step(self, now_ms: int) -> Go | None:
        """Take what the driver reports; the end of a run waits for what there is to say about it."""
        self._now_ms = now_ms
        self._events.extend(self._driver.poll())
        self._snapshot = self._driver.snapshot()
        if self.activity.board.is_running and self._is_started:
            self._follow()
        while self._events and self._take(self._events[0]):
            self._events.popleft()
        self._listen()
        return None

    def _take(self, event: Event) -> bool:
        """Take an event, or say that it has to wait."""
        before, found = self.activity, None
        self._is_started |= event[0] == "entered" and before.board.is_running
        how = event[1] if event[0] == "finished" and before.board.is_running else ""
        if how == "blocked" or (how == "done" and before.awaits):
            self._asking.ask(self._variant_run, before.made)
            if not self._asking.is_ready:
                return False
            found = self._asking.found
        self.activity, order = before.heard(event, found)
        if found is not None and not self.activity.board.is_running:
            self._ended(how)
        self._changed(before)
        self._order(order)
        return True

    def _ended(self, how: str) -> None:
        """Let the class core keep what came of a run."""
        activity, found = self.activity, self.activity.found
        if found is None or activity.board.status is Status.READY:
            return
        if activity.task.activity == "faire":
            self._begun()
        run = found.verdict.runs[0]
        end = end_of(activity.task, program_of(activity.cards)) if activity.task.activity == "prevoir" else None
        place = end or (Place(*run.cell, run.quarter) if run.quarter is not None else None)
        arrived = str(place) if place and activity.task.asks_heading else cell_name(place.cell if place else run.cell)
        self._do(RunEnded(how, activity.is_reached, arrived, None if activity.is_reached else found.parts_at))

    def _follow(self) -> None:
        """Lengthen the path to where the robot is."""
        if (robot := self._robot) is not None:
            self._trail = extended(self._trail, robot.x_mm, robot.y_mm)

    def _listen(self) -> None:
        """Play what the robot's buzzer plays."""
        tone_hz = self._robot.tone_hz if self._robot else 0
        if tone_hz and tone_hz != self._tone_hz:
            self._desk.sounds.tone(tone_hz)
        self._tone_hz = tone_hz

    @property
    def proposed(self) -> str:
        """The variant that is proposed next."""
        return proposed_after(self.variant.name, self._desk.school.snapshot.work.tries)

    # --- What is drawn -------------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return everything, always as the same number of layers."""
        marked = self.activity.board.marked
        bumps = () if marked is None else (Bump(self._name, self.activity.cards[marked].startswith("backward")),)
        return self._view.layers(
            View(
                self._room,
                self.layout,
                self.mat,
                self._high_mat().card.left,
                self.activity,
                self._snapshot,
                self._robot,
                self._trail,
                bumps,
                pressed,
                self._now_ms,
                self._now_ms < self._cue_until_ms,
                self._done_frame(),
                self._flying(),
                self.next_names,
                self.proposed if self.activity.is_reached else "",
            )
        )

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return FRAME_MS if self.activity.board.is_running or self._slid() < 1 or self._flying() else IDLE_MS

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
from petitpas.wall.asking import Asking, explained
from petitpas.wall.board import BOUNCE_MS, Board, Event, Status
from petitpas.wall.buttons import Offer, offer_of
from petitpas.wall.desk import Desk
from petitpas.wall.flight import Flight
from petitpas.wall.hand import OnMat
from petitpas.wall.in_hand import RobotInHand
from petitpas.wall.layout import Layout
from petitpas.wall.lesson_cues import heard_between
from petitpas.wall.lesson_items import choice_frames, next_frames, tiles_shown
from petitpas.wall.lesson_place import Arrow, MatPlace, done_frame
from petitpas.wall.lesson_voice import LessonVoice
from petitpas.wall.level_layout import level_layout
from petitpas.wall.pages.board_page import CUE_MS
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.lesson_view import LessonView, View
from petitpas.wall.pages.page import FRAME_MS, IDLE_MS, AidName, Back, Go, KeyName, Layers, Open, Page, Room, Spot
from petitpas.wall.pages.robot_choice import RobotChoicePage
from petitpas.wall.pieces import back_spot
from petitpas.wall.strip import cards_left, compact, program_of
from petitpas.wall.task import CHOICE, task_of
from petitpas.wall.together import COUNT
from petitpas_sim.mat import Cell, Place, cell_name
from petitpas_sim.view.scene import Bump, Frame, MatLayout


class LessonPage(Page):
    """A variant of a lesson; `robot` is the one that plays it, `activity` what the class has done so far."""

    def __init__(self, desk: Desk, lesson: Lesson, variant: Variant) -> None:
        state = desk.school.snapshot
        level: Level = next((level for level in lesson.levels if level == state.hand.level), lesson.levels[0])
        is_in_hand = (state.hand.key.lesson, state.hand.key.variant) == (lesson.id, variant.name)
        self.lesson, self.variant = lesson, variant
        self._variant_run = variant  # begun elsewhere than at its start, where the class asks for it
        task = task_of(variant, level)
        self.activity = Activity.begun(task, cards_left(state.work.strip, task.numbers) if is_in_hand else ())
        self._desk = desk
        self._asking = Asking(explained, desk.aside)
        self.robot = RobotInHand(desk, variant)
        self._place = MatPlace(task)
        self._events: deque[Event] = deque()
        self._is_started = False
        self._now_ms = 0
        self._cue_until_ms = -1
        self._go_ms = -BOUNCE_MS
        self._flight = Flight()
        self._view = LessonView(lesson, variant)
        desk.sounds.level = level
        self._voice = LessonVoice(desk.sounds, lesson, variant, task)
        self._voice.say_challenge()

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
        activity = self.activity
        return level_layout(self._room, activity.task.profile, tiles_shown(activity), len(activity.cards))

    @property
    def mat(self) -> MatLayout:
        """Where the mat is: above, below the ceiling while a place is pointed at, or on its way."""
        return self._place.mat(self._room, self.layout, is_down=self.activity.is_predicting)

    def _arrows(self) -> tuple[Arrow, ...]:
        """Return what moves the token of a prediction where the cells themselves are out of reach."""
        activity = self.activity
        return self._place.arrows(self._room, self.layout, activity.token) if activity.is_predicting else ()

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

    @property
    def aids(self) -> Mapping[AidName, bool]:
        """What the teacher's corner offers: another robot, GO together with one on the floor, the mat as the robot sees it."""
        is_together = self.robot.together is not None
        can = bool(self.robot.port and self.layout.go.width and self.activity.accepts("go"))
        together: dict[AidName, bool] = {"together": is_together} if can or is_together else {}
        return {"robot": False, **together, "turned": self._place.view.is_on}

    def aid(self, name: AidName) -> Go | None:
        """Do what the teacher has chosen in the corner."""
        if name == "robot":
            return Open(partial(RobotChoicePage, self._desk))
        if name == "turned":
            self._place.view.is_on ^= True
            return None
        is_together = self.robot.together is not None
        self.stop()
        if not is_together and self.activity.accepts("go"):
            self._moved |= {spot.name for spot in self.spots()}
            self.robot.begin_together(compact(self.activity.cards))
        return None

    @property
    def offer(self) -> Offer:
        """What a panel's buttons are for."""
        activity = self.activity
        return offer_of(activity.board, activity.task.commands, activity.accepts, is_predicting=activity.is_predicting)

    def spots(self) -> tuple[Spot, ...]:
        """Return what can be tapped: the way back, tiles, GO, the cards by their number; or cells, or the steps to the next challenge."""
        own, together = (Spot(name, frame) for name, frame in self._targets()), self.robot.together
        if together is not None:
            only = [spot for spot in own if together.takes(spot.name)]
            return (back_spot(self._room), *together.spots(self._room, self.layout), *only)
        return (back_spot(self._room), *own, *self._on_mat())

    def _on_mat(self) -> Iterator[Spot]:
        """Give the cells for a hand: not while the mat is within reach, nor where what was played so far counts from the start."""
        if not self.activity.is_predicting and not self._place.is_sliding and self.activity.task.activity != "faire":
            yield from self.robot.hand.spots(self.mat, self.robot.snapshot)

    def _targets(self) -> Iterator[tuple[Hashable, Frame]]:
        activity, layout, task = self.activity, self.layout, self.activity.task
        if layout.go.width:
            yield "go", layout.go
        if activity.is_predicting:
            mat = self.mat
            cells = ((column, row) for column in range(mat.mat.columns) for row in range(mat.mat.rows))
            by_arrows = [(arrow.cell, arrow.frame) for arrow in self._arrows()]
            yield from by_arrows or ((cell, mat.cell(cell)) for cell in cells if activity.accepts(cell))
            yield "predict", done_frame(self._room, self.activity.task.profile)
            return
        if activity.is_reached:
            yield from next_frames(layout, self.next_names).items()
        else:
            yield from layout.tiles
        if task.choices and (layout.is_strip_tapped or not activity.is_reached):
            frames = choice_frames(layout, len(task.choices))
            yield from ((f"{CHOICE}{number}", frame) for number, frame in enumerate(frames))
        elif layout.is_strip_tapped and not task.is_fixed:
            yield from enumerate(layout.slots[: len(activity.cards)])

    @property
    def next_names(self) -> tuple[str, ...]:
        """The spots after a success: once more, to invent where that comes next, and the lesson's variants where they are offered."""
        invents = ("invent",) if self.variant.activity == "inventer" else ()
        names = [variant.name for variant in self.lesson.variants]
        return ("again", *invents, *(names if self._room.settings.offers_next and len(names) > 1 else ()))

    # --- What is done ------------------------------------------------------------------------------------------------------

    def tap(self, name: Hashable) -> Go | None:
        """Go back, go on to another variant, or do a command."""
        if name == "back":
            return Back()
        if isinstance(name, OnMat):
            self.robot.touch(name.cell)
            self.activity = replace(self.activity, board=replace(self.activity.board, is_away=True))
            return None
        self.robot.hand.let_go(self.robot.snapshot)
        tiles = dict(self.layout.tiles)
        before = self.activity.cards
        if isinstance(name, str) and name in VARIANTS:
            self._do(OpenLesson(self.lesson.id, name))
            return Open(partial(self._desk.open_lesson, self._desk, self.lesson, self.lesson.variant(name)), replaces=True)
        if name == "invent":
            return Open(partial(InventPage, self._desk, self.activity.task.level), replaces=True)
        if name == COUNT and self.robot.together is not None:
            self.robot.together.begin_count()
        elif name == "undo" and "undo" not in self.activity.task.commands:
            self._take_last()
        elif isinstance(name, str | int | tuple):
            self.command(name)
        if isinstance(name, str) and name in tiles and len(self.activity.cards) > len(before):
            self._flight.begin(before, self.activity.cards, tiles[name], self._now_ms)
        return None

    def _flying(self) -> dict[int, Frame]:
        """Return where the last card is on its way from its tile."""
        return {} if self._room.is_calm else self._flight.shown(self.layout.slots, self._now_ms)

    def _take_last(self) -> None:
        """Take the last card off, as Backspace does at levels that have no tile for it."""
        last = len(self.activity.cards) - 1
        for _ in range(2):  # the first tap may only select it
            if len(self.activity.cards) == last + 1:
                self.command(last)

    def command(self, command: str | int | Cell) -> None:
        """Do what a tap or a key asks."""
        together = self.robot.together
        if together is not None and not together.takes(command):
            return
        if command == "go" and self.activity.board.is_running and self._now_ms - self._go_ms < BOUNCE_MS:
            return
        before, is_a_step = self.activity, isinstance(command, tuple) and bool(self._arrows())
        self.activity, order = before.told(command)
        if is_a_step:  # of several: the token has arrived when the class says so
            self.activity = replace(self.activity, is_predicting=True)
        if self.activity.board.refused != before.board.refused:
            self._cue_until_ms = self._now_ms + CUE_MS
        self._changed(before, command)
        self._order(order)

    def _changed(self, before: Activity, command: object = None) -> None:
        """Keep and let be heard what has changed since a state of the activity."""
        now = self.activity
        if now.cards != before.cards:
            self._moved |= frozenset(range(len(before.cards)))
            if not now.task.is_fixed:
                self._do(SetStrip(compact(now.cards)))
        if now.token != before.token and now.token is not None:
            self._do(Predict(str(now.token) if now.task.asks_heading else cell_name(now.token.cell)))
        if now.is_predicting != before.is_predicting:
            self._place.slide()
            self._moved |= {name for name, _ in self._targets()}
        if now.is_reached != before.is_reached:
            self._moved |= {name for name, _ in self.layout.tiles}
        if sound := heard_between(before, now):
            self._desk.sounds.play(sound)
        self._voice.say_between(before, now, command)

    def _order(self, order: Order | None) -> None:
        if isinstance(order, Run):
            self._run(order)
        elif order == "stop":
            self.robot.stop()
        elif order == "home":
            self.robot.home()
        elif order == "listen":
            self._voice.say_challenge(is_asked=True)

    def _run(self, run: Run) -> None:
        self._go_ms = self._now_ms
        self._is_started &= run.is_from_here
        if self.activity.task.activity != "faire" and (run.is_whole or not run.is_from_here):
            self._begun()
        self._variant_run = self._from_here() if run.is_whole and run.is_from_here else self.variant
        self._asking.ask(self._variant_run, self.activity.made)
        self.robot.run(run.blocks, is_from_here=run.is_from_here)

    def _begun(self) -> None:
        self._do(SetStrip(compact(self.activity.cards)))
        self._do(RunBegan())

    def _from_here(self) -> Variant:
        """Return the variant as it is from where the robot stands."""
        first, *others = self.variant.robots
        place = self.robot.place
        return self.variant if place is None else replace(self.variant, robots=(replace(first, start=place), *others))

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
        self.robot.close()

    # --- What happens --------------------------------------------------------------------------------------------------------

    def step(self, now_ms: int) -> Go | None:
        """Take what the driver reports; the end of a run waits for what there is to say about it."""
        self._now_ms = now_ms
        self.robot.step(now_ms)
        self._events.extend(self.robot.poll())
        self.robot.look(is_followed=self.activity.board.is_running and self._is_started)
        seen = self.robot.robot
        self._place.step(now_ms, None if seen is None else seen.heading_deg, is_calm=self._room.is_calm)
        while self._events and self._take(self._events[0]):
            self._events.popleft()
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

    @property
    def proposed(self) -> str:
        """The variant that is proposed next."""
        return proposed_after(self.variant.name, self._desk.school.snapshot.work.tries)

    # --- What is drawn -------------------------------------------------------------------------------------------------------

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return everything, always as the same number of layers."""
        marked = self.activity.board.marked
        bumps = () if marked is None else (Bump(self.robot.name, self.activity.cards[marked].startswith("backward")),)
        view = self._view.layers(
            View(
                self._room,
                self.layout,
                self.mat,
                self._place.high(self._room, self.layout).card.left,
                self.activity,
                self.robot.snapshot,
                self.robot.robot,
                self.robot.trail,
                bumps,
                pressed,
                self._now_ms,
                self._now_ms < self._cue_until_ms,
                done_frame(self._room, self.activity.task.profile),
                self._arrows(),
                self._flying(),
                self.next_names,
                self.proposed if self.activity.is_reached else "",
            )
        )
        return (*view, self.robot.items(self._room, self.layout))

    def foreseen(self) -> Layers:
        """Return what a next tap may bring."""
        return self._view.foreseen()

    def wait_ms(self) -> int:
        """Return how long the loop may sleep before the next step."""
        return FRAME_MS if self.activity.board.is_running or self._place.is_moving or self._flying() else IDLE_MS

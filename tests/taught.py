"""A lesson's page without a window: what the tests of lessons tap and look at, with a robot that walks on the cell model."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from shown import desk_of

from petitpas.classroom.commands import ChooseLevel, OpenLesson
from petitpas.lessons import Lesson, Variant
from petitpas.lessons.cells import SOUND, TURN_LEFT, TURN_RIGHT, UP, Grid, unrolled
from petitpas.program import Program, from_compact
from petitpas.program.blocks import Level
from petitpas.wall.asking import AtOnce
from petitpas.wall.board import Event
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.page import Open, Page
from petitpas.wall.shell import Shell
from petitpas.wall.strip import END, LOOP, cards_of, kind_of, number_of
from petitpas.wall.task import CHOICE, DECK
from petitpas_sim.mat import CELL_MM, Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot


class Walker:
    """A robot on the cell model: each poll is a step of a block. `runs` is what it was given, and whether from where it was."""

    def __init__(self, mat: Mat, start: Place, name: str, kit: str, others: object = ()) -> None:
        self.runs: list[tuple[list[object], bool]] = []
        self.calls: list[str] = []
        self.extra: list[Event] = []
        self._grid, self._mat, self._start, self._name, self._kit = Grid(mat), mat, start, name, kit
        self.place = start
        self._going: Iterator[Sequence[Event]] = iter(())

    def run(self, cards: Sequence[object], *, is_from_here: bool = False) -> None:
        self.runs.append((list(cards), is_from_here))
        if not is_from_here:
            self.place = self._start
        self._going = self._walk(list(cards))

    def stop(self) -> None:
        self.calls.append("stop")
        self._going = iter(())

    def home(self) -> None:
        self.calls.append("home")
        self.place = self._start

    def close(self) -> None:
        self.calls.append("close")

    def lift(self, name: str) -> None:
        self.calls.append("lift")

    def put(self, name: str, place: Place, *, is_start: bool = False) -> None:
        self.calls.append("put")
        self.place = place

    def poll(self) -> Sequence[Event]:
        events = [*self.extra, *next(self._going, ())]
        self.extra.clear()
        return events

    def snapshot(self) -> Snapshot:
        x, y = ((part + 0.5) * CELL_MM for part in self.place.cell)
        robot = RobotSnapshot(self._name, self._kit, x, y, 90.0 * self.place.quarter, 0, 0, False)
        return Snapshot(0, self._mat, (robot,))

    def _walk(self, cards: list[object]) -> Iterator[Sequence[Event]]:
        program = from_compact(cards)
        numbers = {block.id: number for number, block in enumerate(program.walk())}
        for block, step in unrolled(program.scripts[0].body()):
            card = numbers[block.id] - 1
            yield [("entered", card)]
            if not self._step(step):
                yield [("ended", card, "blocked"), ("finished", "blocked")]
                return
            yield [("ended", card, "done")]
        yield [("finished", "done")]

    def _step(self, step: int) -> bool:
        """Do a step; say whether nothing was in the way."""
        place = self.place
        if step in (TURN_LEFT, TURN_RIGHT):
            self.place = Place(*place.cell, (place.quarter + (1 if step == TURN_RIGHT else 3)) % 4)
        elif step < 4 or step >= UP:
            to = self._grid.beside(place.cell, (place.quarter + step) % 4 if step < 4 else step - UP)
            if to is None:
                return False
            self.place = Place(*to, place.quarter)
        elif step != SOUND:  # until something is in the way
            while (to := self._grid.beside(self.place.cell, place.quarter)) is not None:
                self.place = Place(*to, place.quarter)
        return True


class Taught(Shell):
    """A shell whose first page is a variant of a lesson, with a walking robot."""

    def __init__(
        self, lesson: Lesson, variant: Variant, level: Level | None = None, size: tuple[int, int] = (1280, 800), **more: object
    ) -> None:
        self.walkers: list[Walker] = []
        desk = desk_of(**more)
        desk.open_driver = self._open
        desk.aside = AtOnce()
        desk.school.do(ChooseLevel(level or lesson.levels[0]))
        desk.school.do(OpenLesson(lesson.id, variant.name))
        self.school = desk.school
        super().__init__(Page(), desk)
        self.go(Open(lambda: LessonPage(desk, lesson, variant)))
        self.resize(size)
        self.step(10_000)

    def _open(self, *what: Any) -> Walker:
        self.walkers.append(Walker(*what))
        return self.walkers[-1]

    @property
    def lesson_page(self) -> LessonPage:
        assert isinstance(self.page, LessonPage)
        return self.page

    def press(self, *names: Hashable) -> None:
        """Tap spots that are there."""
        for name in names:
            assert name in {spot.name for spot in self.spots()}, name
            self.tap(name)

    def lay(self, program: Program) -> None:
        """Put a program into an empty strip by taps, numbers as they come, or do what stands for it in this activity."""
        task = self.lesson_page.activity.task
        cards = cards_of(program, task.numbers)
        if task.choices:
            self.press(f"{CHOICE}{task.choices.index(cards)}")
            return
        while self.lesson_page.activity.cards:
            self.tap(0)  # what is given goes first: selected, then off
        for card in cards:
            if task.deck:
                free = (n for n, own in enumerate(task.deck) if own == card and n not in self.lesson_page.activity.taken)
                self.press(f"{DECK}{next(free)}")
                continue
            self.press(LOOP if card == END else kind_of(card))
            while (number_of(card) or 1) != (number_of(self.lesson_page.activity.cards[-1]) or 1):
                self.press("number")

    def play(self, polls: int = 400) -> None:
        """Let time pass until nothing runs."""
        for _ in range(polls):
            self.step(self.now_ms + 16)
            if not self.lesson_page.activity.board.is_running:
                return
        raise AssertionError("the run does not end")

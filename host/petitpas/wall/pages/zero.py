"""
Lesson zero, for a teacher alone: 90 seconds from two cards to a mended program.

    two cards --GO--> the flower --> a card has changed --GO--> elsewhere: a kind sentence, a ghost --> mended --GO--> the flower, the end

Nothing is played for show: the robot is a simulated one, and what is said of a program is what `explain` says of it. Whatever she does
instead is explained just the same.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from enum import Enum
from functools import lru_cache, partial

from petitpas.lessons import Goal, RobotSetup, Variant
from petitpas.lessons.cells import Grid, course_of
from petitpas.lessons.explain import Explanation, explain
from petitpas.lessons.ideas import Try
from petitpas.lessons.search import Choice
from petitpas.program import from_compact
from petitpas.wall.board import Status
from petitpas.wall.desk import Desk
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Go, Home, Layers, Open, Room, Spot
from petitpas.wall.pieces import button_items, halo, text_items
from petitpas.wall.profiles import PROFILES
from petitpas_sim.mat import Cell, Mat, Place
from petitpas_sim.view.animals import robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Art, Frame, Item, Label, MatLayout

FIRST = ("forward", "forward")
CHANGED = ("forward", "backward")
"""The strip in which one card has changed."""

COMMANDS = ("forward", "backward", "go", "clear")

LESSON = Variant(
    "pas",
    Mat(5, 1),
    (RobotSetup("lapin", "exact", Place(0, 0, 1), Goal("reach", ((2, 0),)), from_compact(list(FIRST))),),
    blocks=(Choice("forward"), Choice("backward")),
)

JOY_MS = 2_200
"""How long the flower is enjoyed before a card changes."""


class Stage(Enum):
    """Where the lesson is; the value is the key of what is said, below wall.zero."""

    FIRST = "first"
    CHANGED = "second"
    MEND = "mend"
    AGAIN = "again"
    END = "end"


class ZeroPage(BoardPage):
    """Lesson zero."""

    def __init__(self, desk: Desk) -> None:
        robot = LESSON.robots[0]
        driver = desk.open_driver(LESSON.mat, robot.start, robot.name, robot.kit)
        profile = replace(PROFILES["GS"], strip=PROFILES["PS"].strip)
        super().__init__(desk, driver, start=robot.start, goals=robot.goal.cells, profile=profile, commands=COMMANDS)
        self.stage = Stage.FIRST
        self.explanation: Explanation | None = None
        self._joy_ms: int | None = None
        self._told: tuple[str, ...] = ()
        desk.sounds.level = "GS"
        desk.sounds.rehearse([f"wall.zero.{stage.value}" for stage in Stage] + [f"wall.{command}" for command in COMMANDS], {})

    def fit(self, room: Room) -> None:
        """Take another size, language or setting."""
        super().fit(room)
        self._title = room.words.text("wall.zero.title")

    # --- What happens ----------------------------------------------------------------------------------------------------

    def spots(self) -> tuple[Spot, ...]:
        """Return the board's, and at the end what comes next."""
        own = super().spots()
        return (*own, *(Spot(name, frame, True) for name, frame in self._ends())) if self.stage is Stage.END else own

    def tap(self, name: Hashable) -> Go | None:
        """Go on after the end, or do a command."""
        if name == "again":
            return Open(partial(ZeroPage, self._desk), replaces=True)
        if name == "class":
            return Open(partial(LevelsPage, self._desk), replaces=True)
        if name == "home":
            return Home()
        return super().tap(name)

    def step(self, now_ms: int) -> Go | None:
        """Follow the script: what has ended is enjoyed, or explained."""
        was_running = self.board.is_running
        super().step(now_ms)
        if was_running and not self.board.is_running:
            self._ended(now_ms)
        if self.board.is_running or self.board.cards != FIRST:  # she goes on by herself
            self._joy_ms = None
        if self._joy_ms is not None and now_ms - self._joy_ms >= JOY_MS:
            self._joy_ms = None
            self._change()
        if self.stage in (Stage.MEND, Stage.AGAIN):
            self.stage = Stage.AGAIN if self.board.cards == FIRST else Stage.MEND
        self._tell()
        return None

    def _tell(self) -> None:
        """Have said what there is to do, once; how a run goes is said by the board."""
        lines = self._lines()
        if lines != self._told and not self._is_played:
            self._told = lines
            self._desk.sounds.say(lines[0], "bubble", then=lines[1:])

    def _ended(self, now_ms: int) -> None:
        if self.board.status is Status.DONE:
            self.explanation = None
            if self.stage in (Stage.MEND, Stage.AGAIN):
                self.stage = Stage.END
            elif self.stage is not Stage.END:
                self._joy_ms = now_ms
        elif self.board.status in (Status.OVER, Status.BLOCKED):
            self._explain()

    def _explain(self) -> None:
        """Say what the program did, and mark the card at which it parts from the goal."""
        self.explanation = explain(LESSON, Try(from_compact(list(self.board.cards))))
        self.board = replace(self.board, marked=self._parting())
        if self.stage is Stage.CHANGED:
            self.stage = Stage.MEND

    def _parting(self) -> int | None:
        """Return the card of the first block that is to be mended: the head is b0, the cards follow."""
        block_id = self.explanation.parts_at if self.explanation else None
        return int(block_id[1:]) - 1 if block_id else None

    def _change(self) -> None:
        """Change a card of the strip, as somebody might have who was not sure."""
        self.stage = Stage.CHANGED
        self.board = replace(self.board, cards=CHANGED, status=Status.READY)
        self._edited(self.board)
        self._decor = replace(self._decor, trail=())
        self._driver.home()

    # --- What is drawn ---------------------------------------------------------------------------------------------------

    def _next(self) -> Hashable | None:
        """Return what is to be tapped next, None while there is nothing."""
        cards = self.board.cards
        if self.board.is_running or self._joy_ms is not None or self.stage is Stage.END:
            return None
        wanted = CHANGED if self.stage is Stage.CHANGED else FIRST
        for at, card in enumerate(wanted):
            if at >= len(cards):
                return card
            if cards[at] != card:
                return at
        return "go" if len(cards) == len(wanted) else len(cards) - 1

    def layers(self, pressed: frozenset[Hashable]) -> Layers:
        """Return the board with the ghost below the robot, what is said, and a ring around what is next."""
        paper, head, ground, trail, *others = super().layers(pressed)
        mat = MatLayout.fit(self.snapshot.mat, self.layout.mat)
        ends = self._end_items(pressed) if self.stage is Stage.END else ()
        return (paper, self._next_items(), head, ground, trail, ghost_items(mat, self._ghost()), *others, self._said_items(), ends)

    def _ghost(self) -> tuple[Cell, ...]:
        """Return the cells that she believed the robot would enter, or those that the smallest mend makes it enter."""
        if self.explanation is None or self.board.is_running:
            return ()
        if self.explanation.ghost is not None:
            return self.explanation.ghost.path
        mends = self.explanation.mends
        return course_of(Grid(LESSON.mat), LESSON.robots[0].start, mends[0].program).path if mends else ()

    def _next_items(self) -> tuple[Item, ...]:
        name = self._next()
        frame = next((spot.frame for spot in self.spots() if spot.name == name), None)
        if frame is None or name == "go":  # GO has a ring of its own
            return ()
        return (halo(frame, self._room.px),)

    @property
    def _is_played(self) -> bool:
        """Whether a program runs, or its flower is enjoyed."""
        return self.board.is_running or self._joy_ms is not None

    def _lines(self) -> tuple[str, ...]:
        """Return the lines that are shown and said."""
        line = f"wall.zero.{self.stage.value}"
        if self.explanation is not None and not self.board.is_running and self.stage is not Stage.AGAIN:
            first = "explain.where" if self.explanation.idea is None else f"{self.explanation.key}.say"
            return first, line if self.stage is Stage.MEND else f"{self.explanation.key}.try"
        if self._is_played:
            return () if self.board.is_running else ("explain.reached",)
        return (line,)

    def _said_items(self) -> tuple[Item, ...]:
        """Return a bubble under the mat with what is said: the kind sentence before what to do."""
        room = self._room
        said = " ".join(room.words.text(line) for line in self._lines())
        size, top = room.text("title"), self.layout.band.top - room.px(15)
        if self.stage is Stage.END:
            left = self._ends()[0][1].left - room.px(4) - text_width(said, size)
            return (Label(said, left, top + room.px(6.5), size, align=-1),)
        return text_items(said, room.width // 2, top, size, room.width - room.px(50))

    def _ends(self) -> tuple[tuple[str, Frame], ...]:
        room = self._room
        side, gap = room.px(11), room.px(3)
        left, top = room.width // 2 + room.px(4), self.layout.band.top - room.px(14)
        return tuple((name, Frame(left + at * (side + gap), top, side, side)) for at, name in enumerate(("again", "class", "home")))

    def _end_items(self, pressed: frozenset[Hashable]) -> tuple[Item, ...]:
        pictures = {"again": "repeat", "class": "class", "home": "house"}
        fills = {"again": "card", "class": "sky", "home": "cream"}
        return tuple(
            item
            for name, frame in self._ends()
            for item in button_items(self._room, frame, pictures[name], fill=fills[name], is_pressed=name in pressed)
        )


@lru_cache(maxsize=8)
def ghost_items(layout: MatLayout, path: tuple[Cell, ...]) -> tuple[Item, ...]:
    """Return a pale robot at the end of a path, and a plum dot on each of its cells; nothing for no path."""
    if not path:
        return ()
    scale = layout.pitch / 120
    dots = (Art(picture_of("ghost"), *layout.cell(cell).centre, scale) for cell in path)
    x, y = layout.cell(path[-1]).centre
    return (*dots, Art(robot_picture("lapin", "exact").faded("lilac", 0.65), x, y, scale, 90))

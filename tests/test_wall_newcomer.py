"""Newcomers live their first lesson, from launch to a mended program: a teacher alone, and a class of each level, by what pixels say."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from newcomer import Doing, Lights, Newcomer, around, below, inside, live, newcomer, until
from test_wall_screen import SIZE

from petitpas.program.blocks import Level
from petitpas.wall.corner import Tool
from petitpas.wall.pages import zero
from petitpas.wall.profiles import PROFILES
from petitpas.wall.strip import kind_of, number_of
from petitpas_sim.mat import Cell
from petitpas_sim.view.scene import Frame
from screens import Watch

ZERO, FULL = "zero", ("--full-screen",)
CHALLENGE, HELP, SUCCESS = ("cream", "edge"), ("lilac", "plum"), ("leaf", "teal")
"""Colours of the bubble in which each is said."""


@dataclass
class Lesson:
    """What a level does: on a screen, below a reach in percent, a lesson; one card of its program is another at first."""

    size: tuple[int, int]
    reach: int
    name: str
    cards: tuple[str, ...]
    place: int
    instead: str
    first: Cell
    goal: Cell
    options: tuple[str, ...] = ()


LESSONS: dict[Level, Lesson] = {
    "PS": Lesson((1024, 768), 28, "pm2", ("backward", "backward"), 0, "forward", (3, 0), (0, 0)),
    "GS": Lesson((1280, 800), 40, "gs4", ("forward", "forward", "right", "forward", "forward"), 2, "left", (0, 1), (2, 2)),
    "CP": Lesson(
        (1400, 1050), 48, "cp2", ("forward", "forward", "forward", "right", "forward", "forward"), 3, "left", (0, 1), (2, 3), FULL
    ),
    "CE1": Lesson((1366, 768), 60, "ce1-1", ("forward", "forward", "right", "forward", "forward"), 2, "left", (0, 1), (2, 2), FULL),
    "CE2": Lesson((1920, 1080), 60, "ce2-1", ("forward 2", "right", "forward 2", "beep"), 1, "left", (0, 1), (2, 2), FULL),
}


# --- Lesson zero ---


def lesson_zero(she: Newcomer) -> Doing:
    yield from she.sees(inside(she.frame("try")), "leaf")
    she.tap("try")
    yield from she.sees(inside(she.frame("forward")), "sky")
    for place in range(2):
        she.tap("forward")
        yield from she.sees(inside(she.frame(place)), "card")
    second = she.frame(1)
    she.goes("go")
    yield from she.finds(she.corner((1, 0)), "teal")
    she.rehearse(Watch(zero.JOY_MS + 100))
    yield from she.sees(above(second), "ink")
    she.goes("go")
    yield from she.finds(around(second), "plum")
    she.tap(1)
    yield from she.sees(inside(second), "strip")
    she.tap("forward")
    yield from she.sees(inside(second), "card")
    she.goes("go")
    yield from she.sees(inside(she.frame("class")), "sky")


def above(slot: Frame) -> tuple[int, int]:
    """Return a pixel that is ink on a card that says to go back, and is not on one that says to go ahead: beside the middle, low."""
    return slot.centre[0] - slot.width // 8, slot.centre[1] + slot.height // 6


# --- A lesson at the wall ---


def arrives(she: Newcomer, level: Level, lesson: Lesson) -> Doing:
    """From launch to a lesson: the screen is measured, the smallest pupil touches as high as she can, and time goes fast."""
    yield from she.sees(inside(she.frame("class")), "sky")
    she.tap("class")
    sheet = she.sheet
    yield from she.sees((sheet.left + 1, sheet.centre[1]), "plum")
    she.tap("bit_smaller", "done")
    yield from she.sees(inside(she.frame("done")), "leaf")
    she.tap(lesson.reach)
    yield from she.sees((lesson.size[0] // 2, lesson.size[1] - 4), "leaf")
    she.tap("done")
    yield from she.sees(below(she.frame(level)), PROFILES[level].fill)
    she.tap(level)
    by_picture = (lesson.name, "pas", "mat")
    yield from she.sees(inside(she.frame((lesson.name, "pas", "feet"))), "leaf")
    she.tap(Tool.MORE)
    yield from she.sees(inside(she.frame(Tool.FAST)), "card")
    she.tap(Tool.FAST)
    yield from she.sees(inside(she.frame(Tool.FAST)), "sun")
    she.tap(Tool.MORE, by_picture)
    yield from she.reads(*CHALLENGE)


def lays(she: Newcomer, cards: Sequence[str]) -> Doing:
    """Tap cards; each slides into the strip, and one with a number gets it."""
    for place, card in enumerate(cards):
        she.tap(kind_of(card))
        yield from she.sees(inside(she.slots[place]), "card")
        while number_of(card) != number_of(she.page.activity.cards[place]):
            she.tap("number")


def plays(she: Newcomer, name: str, then: tuple[str, str] | None) -> Doing:
    """Tap what moves the robot; cards light up in the sun while they are played, until a bubble of two colours says what came of it."""
    lights = Lights(she)
    she.goes(name, lights)
    try:
        yield from she.reads(*then) if then else until(lambda: bool(lights.lit and not lights.now), lambda: "no card was lit")
    finally:
        lights.is_over.set()
    lights.join()
    assert len(lights.lit) >= (2 if name == "go" else 1), lights.lit


def predicts(she: Newcomer, cell: Cell) -> Doing:
    """Tap the cell where the robot will be; the mat comes down for it, and goes up again. Where it cannot come down there are arrows."""
    she.tap("predict")
    yield from she.sees(inside(she.frame("predict")), "leaf")
    low = she.page.mat.card
    yield from she.sees((low.centre[0], low.bottom - 4), "card")
    if she.can_tap(cell):
        she.tap(cell)
    else:
        column, row = cell
        she.tap(*((at, 0) for at in range(1, column + 1)), *((column, at) for at in range(1, row + 1)), "predict")
    x, y = she.picture("predict")
    yield from she.finds(Frame(x, y, 0, 0).grown(6), "plum")


def is_kindly_helped(she: Newcomer, place: int) -> Doing:
    """After the kind explanation, ask for help until the card is shown, and what she had believed."""
    card = she.slots[place]
    while not she.is_shown("dash"):
        she.tap("help")
    yield from she.finds(around(card), "plum")
    yield from she.sees(she.picture("dash"), "plum")


def succeeds(she: Newcomer) -> Doing:
    """After the sentence of success, see what was to be learnt lit, and three footprints; go on to the one in the sun."""
    for box in she.learnt():
        yield from she.sees((box.left + box.width // 2, box.top + box.height // 12), "leaf")
    for name in ("petit_pas", "pas", "grand_pas"):
        yield from she.sees(inside(she.frame(name)), "leaf")
    following = she.frame(she.page.proposed)
    yield from she.finds(around(following), "sun")
    she.tap(she.page.proposed)
    yield from she.reads(*CHALLENGE)
    yield from until(lambda: not she.is_in(around(following), "sun"), lambda: "the next challenge does not come")


def moves_at_once(she: Newcomer, lesson: Lesson) -> Doing:
    """The youngest: each card moves the robot; what goes elsewhere is said, and *maison* begins anew."""
    yield from plays(she, lesson.instead, HELP)
    yield from she.finds(she.corner(lesson.first), "teal")
    first = she.slots[0]
    she.tap("home")
    yield from she.sees(inside(first), "strip")
    for card in lesson.cards[:-1]:
        yield from plays(she, card, None)
    yield from plays(she, lesson.cards[-1], SUCCESS)


def programs(she: Newcomer, lesson: Lesson) -> Doing:
    """The others: a strip, a prediction, GO; elsewhere, one card is replaced in its place."""
    yield from lays(she, [*lesson.cards[: lesson.place], lesson.instead, *lesson.cards[lesson.place + 1 :]])
    yield from predicts(she, lesson.goal)
    yield from plays(she, "go", HELP)
    yield from she.finds(she.corner(lesson.first), "teal")
    yield from is_kindly_helped(she, lesson.place)
    card = she.slots[lesson.place]
    she.tap(lesson.place)
    yield from she.finds(around(card), "teal")
    she.tap(lesson.cards[lesson.place])
    yield from she.finds(card, lesson.cards[lesson.place])  # the right is blue, the left was orange
    yield from plays(she, "go", SUCCESS)


def a_lesson(she: Newcomer, level: Level, lesson: Lesson) -> Doing:
    yield from arrives(she, level, lesson)
    yield from moves_at_once(she, lesson) if level == "PS" else programs(she, lesson)
    yield from succeeds(she)


# --- All of them ---


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, AssertionError | None]:
    """Let all newcomers live their lessons, each at a screen of her own."""
    folder = tmp_path_factory.mktemp("screens")
    with ExitStack() as windows, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        she, window = windows.enter_context(newcomer(folder / ZERO, SIZE))
        newcomers = {ZERO: (lesson_zero(she), window)}
        for level, lesson in LESSONS.items():
            she, window = windows.enter_context(newcomer(folder / level, lesson.size, *lesson.options))
            newcomers[level] = a_lesson(she, level, lesson), window
        return live(newcomers)


@pytest.mark.once
@pytest.mark.parametrize("name", [ZERO, *LESSONS])
def test_a_newcomer_lives_a_lesson_from_launch_to_success(name: str, lived: dict[str, AssertionError | None]) -> None:
    if (unseen := lived[name]) is not None:
        raise unseen

"""Nothing on the wall is told by its colour alone: what differs in meaning differs for every vision, and through a washed-out projector."""

import itertools
from collections.abc import Callable

import pytest
from everywhere import BRIGHT, Case, after, ended, of, overlaid, page_named, tile
from measured import ROOM, SCREEN, differing, is_told_apart
from shown import items
from taught import Taught

from petitpas.wall.corner import Language, Tool
from petitpas.wall.lesson_mat import GHOST
from petitpas.wall.shell import Shell
from petitpas.wall.task import CONTROLS
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art, Box, Frame
from petitpas_sim.view.shapes import Drawing, Shape

LINE = 4 * BRIGHT[1] / 1080
"""The least line along a thing's shorter side that tells two states apart there: 4 pixels on a screen of 1,080 lines."""


def running(case: Case, *taps: object) -> Taught:
    """Return a lesson in which the first card runs."""
    shell = after(case, *taps, "go")
    shell.step(10_016)
    assert shell.lesson_page.board.lit == 0
    return shell


def slot(shell: Taught) -> Frame:
    return shell.lesson_page.layout.slots[0]


def cell(shell: Taught, column: int, row: int) -> Frame:
    return shell.lesson_page.mat.cell((column, row))


def page(name: str, **settings: object) -> Shell:
    shell = page_named(name, **settings)
    shell.resize(BRIGHT)
    return shell


def overlay(name: str, **settings: object) -> Shell:
    shell = next(place.shell for place in overlaid(**settings) if place.name == name)
    shell.resize(BRIGHT)
    return shell


THREE, CODE, CHOSEN, CE1 = of("gs3", "pas"), of("gs4", "pas"), of("ce2-2", "pas"), of("ce1-2", "pas")
ELSEWHERE = ("forward", "forward", "forward", "forward", "right")
PATH = ("forward", "forward", "forward")

STATES: dict[str, Callable[[], tuple[Shell, Shell, Frame]]] = {
    "a card runs": lambda: (a := after(THREE, *PATH), running(THREE, *PATH), slot(a)),
    "a card is chosen": lambda: (a := after(THREE, *PATH), after(THREE, *PATH, 0), slot(a)),
    "a card comes before it": lambda: (a := after(CE1, *PATH, 0), after(CE1, *PATH, 0, "insert"), slot(a)),
    "a card is the suspect": lambda: (a := after(CODE, "right", "forward"), ended_at_suspect(), slot(a)),
    "the suspect runs": lambda: (a := running(CODE, "right", "forward"), ended_at_suspect(), slot(a)),
    "a strip is empty": lambda: (a := after(THREE), after(THREE, "go"), slot(a)),
    "GO can be tapped": lambda: (a := after(THREE), after(THREE, "forward"), tile(a, "go")),
    "GO is STOP": lambda: (a := after(THREE, *PATH), running(THREE, *PATH), tile(a, "go")),
    "a tile does nothing": lambda: (a := after(THREE), running(THREE, *PATH), tile(a, "forward")),
    "a place is to be predicted": lambda: (a := after(of("gs1", "pas")), after(of("gs1", "pas"), "predict", (1, 1)), tile(a, "predict")),
    "a place is predicted first": lambda: (a := after(CE1), after(CE1, "forward"), tile(a, "predict")),
    "a place is predicted": lambda: (a := after(THREE, *PATH), after(THREE, *PATH, "predict", (2, 2)), cell(a, 2, 2)),
    "help is offered": lambda: (a := ended(CODE, *ELSEWHERE), twice(CODE, *ELSEWHERE), tile(a, "help")),
    "it was reached": lambda: (a := after(THREE), ended(THREE, "forward", "right", "forward"), a.lesson_page.layout.side),
    "a program is chosen": lambda: (a := after(CHOSEN), after(CHOSEN, "choice.0"), tile(a, "choice.0")),
    "its card runs": lambda: (a := after(CHOSEN, "choice.0"), running(CHOSEN, "choice.0"), tile(a, "choice.0")),
    "it is mute": lambda: (a := page("home"), page("home", is_muted=True), tile(a, "mute")),
    "the corner is mute": lambda: (a := overlay("corner"), overlay("corner", is_muted=True), tile(a, Tool.MUTE)),
    "the corner is open": lambda: (a := page("home"), overlay("corner"), tile(a, Tool.MORE)),
    "it is slow": lambda: (a := overlay("corner"), overlay("corner", speed="slow"), tile(a, Tool.SLOW)),
    "it is English": lambda: (a := overlay("corner"), overlay("corner", lang="en"), tile(a, Language("en"))),
    "everybody looks": lambda: (a := page("home"), overlay("frozen"), tile(a, Tool.EYE)),
}
"""Two states of one thing that mean something different, and where it is."""


def ended_at_suspect() -> Taught:
    """Return a lesson whose help is about the first card."""
    shell = ended(CODE, "right", "forward")
    while shell.lesson_page.activity.help is None or shell.lesson_page.activity.help.block_id != "b1":
        before = shell.lesson_page.activity.helped
        shell.tap("help")
        assert shell.lesson_page.activity.helped > before
    return shell


def twice(case: Case, *taps: object) -> Taught:
    shell = ended(case, *taps)
    shell.tap("go")
    shell.play()
    assert shell.lesson_page.activity.offers_help
    return shell


@pytest.mark.parametrize("flare", [SCREEN, ROOM], ids=["screen", "washed out"])
@pytest.mark.parametrize("state", STATES)
def test_what_differs_differs_without_colours(state: str, flare: float) -> None:
    before, now, frame = STATES[state]()
    assert is_told_apart(items(before), items(now), frame, LINE, flare)


CARDS = ("forward", "backward", "left", "right", "go_up", "go_down", "go_left", "go_right", "until_obstacle", "beep", "repeat", "end")
SETS = ((*CARDS, *(name for name in CONTROLS if name != "go")), ("repeat", "footprints_1", "footprints_2", "footprints_3"))
"""Pictures that may stand beside one another: of a lesson, and of what comes after it."""


def test_no_two_tiles_are_told_apart_by_colour_alone() -> None:
    frame = Frame(10, 10, 50, 50)
    for a, b in itertools.chain.from_iterable(itertools.combinations(names, 2) for names in SETS):
        first, second = ([Box(frame, 8, "card"), Art(picture_of(name), *frame.centre, 0.4)] for name in (a, b))
        assert is_told_apart(first, second, frame, 1.0), (a, b)


def test_a_robot_its_ghost_and_a_prediction_are_told_apart() -> None:
    frame = Frame(20, 20, 120, 120)
    robot = robot_picture("lapin", "exact")
    pictures = (robot, robot.faded("lilac", GHOST), picture_of("predict"))
    for a, b in itertools.combinations(pictures, 2):
        first, second = ([Box(frame, 0, "cell"), Art(picture, *frame.centre, 1.0)] for picture in (a, b))
        assert is_told_apart(first, second, frame, 1.0)


def test_the_flanks_of_a_robot_are_told_apart_by_shape() -> None:
    """A robot that is mirrored, seen without colours, is another picture: a disc at its left, a triangle at its right."""
    frame = Frame(20, 20, 200, 200)
    for animal in ANIMALS:
        drawing = robot_picture(animal, "exact")
        mirrored = Drawing(*(Shape(tuple((-x, y) for x, y in shape.points), shape.style, shape.is_closed) for shape in drawing.shapes))
        first, second = ([Box(frame, 0, "card"), Art(picture, *frame.centre, 2.0)] for picture in (drawing, mirrored))
        assert differing(first, second, frame) > 100, animal

"""The page of a lesson: every variant opens, is done by taps, and what did not reach the goal is explained on the screen."""

import random

import pygame
import pytest
from shown import later, said
from taught import Taught

from petitpas.lessons import VARIANTS, Lesson, Variant, all_lessons
from petitpas.lessons.cells import Grid, course_of
from petitpas.program import Program
from petitpas.program.blocks import Level
from petitpas.wall.board import Status
from petitpas.wall.lesson_place import SLIDE_MS
from petitpas.wall.level_layout import ceiling_px, least_px
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.strip import cards_of
from petitpas_sim.mat import Cell, Place

CASES = [(lesson, variant, level) for lesson in all_lessons() for variant in lesson.variants for level in lesson.levels]
IDS = [f"{lesson.id}-{variant.name}-{level}" for lesson, variant, level in CASES]
LESSONS = {lesson.id: lesson for lesson, _, _ in CASES}
GHOST = 7
"""The layer of what was believed."""

SIZES = [(1024, 768), (1280, 800), (1920, 1080), (3840, 2160)]

pytestmark = pytest.mark.usefixtures("no_screen")


def opened(name: str, variant: str, level: Level | None = None, **more: object) -> Taught:
    lesson = LESSONS[name]
    return Taught(lesson, lesson.variant(variant), level, **more)


def end_of(variant: Variant, program: Program) -> Place:
    return course_of(Grid(variant.mat), variant.robots[0].start, program).end


def step_to(cell: Cell, arrows: list[Cell]) -> Cell:
    """Return where the arrow leads that comes nearest to a cell, of those on a mat that is too high to be tapped."""
    return min(arrows, key=lambda arrow: abs(arrow[0] - cell[0]) + abs(arrow[1] - cell[1]))


def point(shell: Taught, place: Place) -> None:
    """Predict a place."""
    shell.press("predict")
    while shell.lesson_page.activity.token is None or shell.lesson_page.activity.token.cell != place.cell:
        spots = {spot.name for spot in shell.spots()}
        shell.press(place.cell if place.cell in spots else step_to(place.cell, [spot for spot in spots if isinstance(spot, tuple)]))
    if shell.lesson_page.activity.task.asks_heading:
        shell.press(*[place.cell] * place.quarter, "predict")


def play(shell: Taught, variant: Variant, program: Program) -> None:
    """Do what a program is in this activity, and let it end."""
    if variant.activity == "prevoir":
        point(shell, end_of(variant, program))
        shell.press("go")
    else:
        shell.lay(program)
        if variant.activity != "faire":
            shell.press("go")
    shell.play()


# --- Every variant ---


@pytest.mark.parametrize(("lesson", "variant", "level"), CASES, ids=IDS)
def test_the_solution_by_taps_is_a_success(lesson: Lesson, variant: Variant, level: Level) -> None:
    shell = Taught(lesson, variant, level)
    play(shell, variant, variant.solution)
    activity = shell.lesson_page.activity
    assert activity.is_reached and activity.tries == 0
    assert lesson.success is not None and all(word in said(shell) for word in lesson.success.fr.split())
    assert {"petit_pas", "pas", "grand_pas", "again"} <= {spot.name for spot in shell.spots()}
    (made,) = shell.school.snapshot.work.tries
    assert made.is_reached and made.outcome == "done"


def can_be_laid(variant: Variant, program: Program) -> bool:
    """Say whether taps can make a program here: cards that were given are there once, and a success ends what moves at once."""
    cards = list(cards_of(program))
    if variant.activity == "ordonner":
        deck = list(cards_of(variant.solution))
        return all(cards.count(card) <= deck.count(card) for card in cards)
    return True


@pytest.mark.parametrize(("lesson", "variant", "level"), CASES, ids=IDS)
def test_what_is_known_to_go_elsewhere_is_explained(lesson: Lesson, variant: Variant, level: Level) -> None:
    for wrong in variant.wrong:
        shell = Taught(lesson, variant, level)
        if not can_be_laid(variant, wrong.program) or len(cards_of(wrong.program)) > shell.lesson_page.activity.task.most:
            continue
        play(shell, variant, wrong.program)
        activity = shell.lesson_page.activity
        assert not activity.is_reached and activity.found is not None
        if variant.activity == "faire" and not activity.found.parts_at:
            assert activity.board.status is Status.READY  # still on the way
            continue
        while "help" in activity.task.commands and activity.helped < len(activity.helps):
            shell.press("help")
            activity = shell.lesson_page.activity
        while activity.helped < len(activity.helps):  # the youngest have no such tile: more is said at each try
            shell.press("go")
            shell.play()
            activity = shell.lesson_page.activity
        help_ = activity.help
        assert help_ is not None and help_.say.endswith(".say")
        for key in (help_.say, help_.tries):
            assert all(word in said(shell) for word in shell.room.words.text(key).split())
        assert bool(shell.layers()[GHOST]) is (activity.found.ghost is not None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lesson", "variant", "level"), CASES[::4], ids=IDS[::4])
def test_what_pupils_tap_is_big_apart_and_within_reach(lesson: Lesson, variant: Variant, level: Level, size: tuple[int, int]) -> None:
    shell = Taught(lesson, variant, level, size)
    states = [()] if "predict" not in shell.lesson_page.activity.task.commands else [(), ("predict",)]
    for taps in states:
        shell.press(*taps)
        later(shell, SLIDE_MS)
        task = shell.lesson_page.activity.task
        ceiling, least = ceiling_px(shell.room, task.profile), least_px(shell.room, task.profile)
        mine = [spot for spot in shell.page.spots() if not spot.is_teachers]
        for spot in mine:
            assert spot.frame.top >= ceiling, spot
            assert min(spot.frame.width, spot.frame.height) >= least - 1, (spot, least)
            assert spot.frame.bottom <= size[1] and spot.frame.right <= size[0], spot
        for place, spot in enumerate(mine):
            assert not any(spot.frame.overlaps(other.frame) for other in mine[place + 1 :]), spot


@pytest.mark.parametrize("size", [*SIZES, (320, 240), (1080, 1920)])
def test_every_activity_is_painted_at_every_size(size: tuple[int, int]) -> None:
    surface = pygame.Surface(size)
    for name in ("pm1", "gs1", "gs2", "gs4", "cp1", "cp5", "ce1-3", "ce2-2", "ce2-4"):
        shell = opened(name, "pas", size=size)
        assert shell.paint(surface)
        play(shell, shell.lesson_page.variant, shell.lesson_page.variant.solution)
        assert shell.paint(surface)


# --- A lesson, closely ---


def test_a_card_is_replaced_in_place_and_the_mend_is_shown_only_at_the_end() -> None:
    shell = opened("gs4", "pas")
    shell.press("forward", "forward", "left", "forward", "forward", "go")
    shell.play()
    page = shell.lesson_page
    assert page.activity.board.status is Status.BLOCKED and page.activity.help is not None
    for _ in page.activity.helps:
        assert not page.activity.shows_mend
        shell.press("help")
    assert page.activity.shows_mend and shell.room.words.text("wall.lesson.mend") in said(shell)
    shell.press(2, "right")
    assert page.activity.cards == ("forward", "forward", "right", "forward", "forward") and not page.activity.helps
    shell.press("go")
    shell.play()
    assert page.activity.is_reached
    assert [made.is_reached for made in shell.school.snapshot.work.tries] == [False, True]


def test_help_is_offered_after_two_tries() -> None:
    shell = opened("gs4", "pas")
    shell.press("forward")
    for tries in (1, 2):
        shell.press("go")
        shell.play()
        assert shell.lesson_page.activity.offers_help is (tries == 2)


def test_a_prediction_is_kept_and_never_in_the_way() -> None:
    shell = opened("gs4", "pas")
    shell.press("predict")
    assert {spot.name for spot in shell.spots() if isinstance(spot.name, tuple)} == {(x, y) for x in range(4) for y in range(4)} - {(1, 1)}
    shell.press((2, 2))
    assert not shell.lesson_page.activity.is_predicting and shell.school.snapshot.work.prediction == "C3"
    play(shell, shell.lesson_page.variant, shell.lesson_page.variant.solution)
    assert shell.school.snapshot.work.tries[-1].was_predicted


def test_go_asks_for_the_place_where_predicting_is_the_activity() -> None:
    shell = opened("gs1", "pas")
    shell.tap("go")
    assert not shell.walkers[0].runs and shell.lesson_page.activity.is_predicting
    shell.press((0, 0), "go")
    shell.play()
    assert shell.lesson_page.activity.help is not None and shell.room.words.text("wall.lesson.foreseen")[:20] in said(shell)


def test_step_by_step_plays_the_same_program_a_card_at_a_time() -> None:
    shell = opened("ce2-4", "pas")
    shell.lay(shell.lesson_page.variant.solution)
    steps = 0
    while not shell.lesson_page.activity.is_reached:
        shell.press("step")
        shell.play()
        steps += 1
    assert steps == 8 and [is_from_here for _, is_from_here in shell.walkers[0].runs] == [False] + [True] * 7


def test_from_here_and_from_home_are_two_buttons() -> None:
    shell = opened("cp2", "petit_pas")  # two forward, right, one forward
    shell.press("forward", "forward", "go")
    shell.play()
    shell.press("clear")
    shell.press("forward", "go")
    shell.play()
    shell.press(0, "forward", "right", "forward", "from_here")
    shell.play()
    assert shell.walkers[0].runs[-1] == (["forward", "right", "forward"], True)
    assert shell.lesson_page.activity.is_reached


def test_the_next_challenge_opens_and_is_in_hand() -> None:
    shell = opened("gs4", "petit_pas")
    play(shell, shell.lesson_page.variant, shell.lesson_page.variant.solution)
    assert shell.lesson_page.proposed == "pas"
    shell.press("pas")
    assert shell.lesson_page.variant.name == "pas" and shell.school.snapshot.hand.key.variant == "pas"
    assert shell.walkers[0].calls[-1] == "close"


def test_what_was_in_the_strip_is_there_when_the_lesson_opens_again() -> None:
    shell = opened("ce1-3", "pas")
    shell.press("forward", "number", "right")
    shell.press("back")
    page = LessonPage(shell.desk, LESSONS["ce1-3"], LESSONS["ce1-3"].variant("pas"))
    assert page.activity.cards == ("forward 2", "right")
    page.close()


def test_stop_and_a_lost_cable_end_a_run_calmly() -> None:
    shell = opened("gs4", "pas")
    shell.press("forward", "forward", "go")
    later(shell)
    assert shell.page.stop() and shell.lesson_page.activity.board.status is Status.STOPPED
    assert shell.school.snapshot.work.tries == ()
    shell.press("go")
    shell.walkers[0].extra = [("trouble", "wall.trouble"), ("finished", "link_lost")]
    later(shell)
    assert shell.lesson_page.activity.board.status is Status.STOPPED and shell.room.words.text("wall.trouble").split()[0] in said(shell)


def test_arrows_enter_and_backspace_are_enough() -> None:
    shell = opened("gs4", "pas")

    def press(*keys: int) -> None:
        for key in keys:
            shell.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))

    up, right, enter = pygame.K_UP, pygame.K_RIGHT, pygame.K_RETURN
    press(up, up, pygame.K_LEFT, pygame.K_BACKSPACE, right, up, up, enter)
    shell.play()
    assert shell.lesson_page.activity.is_reached


def test_calm_leaves_out_the_slide() -> None:
    for is_calm, moves in ((False, True), (True, False)):
        shell = opened("gs4", "pas", is_calm=is_calm)
        shell.press("predict")
        before = shell.lesson_page.mat
        later(shell, 400)
        assert (shell.lesson_page.mat != before) is moves


@pytest.mark.parametrize("name", ["pm1", "gs1", "gs4", "cp2", "ce1-4", "ce2-2", "ce2-5"])
def test_taps_in_any_order_are_answered(name: str) -> None:
    chance = random.Random(name)
    shell = opened(name, "pas", size=(1024, 768))
    surface = pygame.Surface(shell.size)
    for number in range(160):
        spot = chance.choice([spot for spot in shell.spots() if not spot.is_teachers])
        if spot.name not in VARIANTS:
            shell.tap(spot.name)
        later(shell, chance.choice((16, 300)))
        if number % 10 == 0:
            shell.paint(surface)
    cards = shell.lesson_page.activity.cards
    assert shell.lesson_page.activity.task.is_fixed or not cards or len(shell.school.snapshot.work.strip) > 0
    shell.page.stop()
    assert not shell.lesson_page.board.is_running

"""The pages around the lessons, and the way between them."""

import itertools
import shutil
from pathlib import Path

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shown import Desks, at_home, click, desk_of, items, later, press, said, shell_of

from petitpas.classroom.commands import ChooseLevel, OpenLesson
from petitpas.lessons.load import lessons_folder
from petitpas.program.blocks import LEVELS
from petitpas.wall.board import Status
from petitpas.wall.corner import Tool
from petitpas.wall.pages.first_time import A4_MM, ReachPage, ScalePage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import STILL_MS, Room
from petitpas.wall.pages.prepare_page import PreparePage
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.pages.zero import CHANGED, FIRST, JOY_MS, LESSON, Stage, ZeroPage
from petitpas.wall.pieces import wrapped
from petitpas.wall.shell import KEYS, Shell
from petitpas.words import LANGUAGES, Words
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.palette import contrast
from petitpas_sim.view.scene import Box, Frame, Item, Label

SIZES = [(1024, 768), (1280, 720), (1280, 800), (1920, 1080), (3840, 2160)]

pytestmark = pytest.mark.usefixtures("no_screen")


# --- Every page ---

PAGES = {
    "home": HomePage,
    "levels": LevelsPage,
    "zero": ZeroPage,
    "scale": ScalePage,
    "reach": ReachPage,
    "prepare": lambda desk: PreparePage(desk, "GS"),
    "robots": lambda desk: RobotsPage(desk),
    **{f"lessons {level}": lambda desk, level=level: LessonsPage(desk, level) for level in LEVELS},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_every_window_and_can_be_read(name: str, lang: str) -> None:
    for size in SIZES:
        desk = Desks().made(lang, scale_px_per_m=2_000)
        desk.school.do(ChooseLevel("GS"))
        desk.school.do(OpenLesson("gs4", "pas"))
        shell = shell_of(PAGES[name](desk), desk, size)
        check_spots(shell, size)
        check_labels(items(shell), size)
        shell.tap(Tool.MORE)
        check_spots(shell, size)
        check_labels([item for layer in shell.layers()[-3:] for item in layer], size)


def check_spots(shell: Shell, size: tuple[int, int]) -> None:
    spots = [spot for spot in shell.spots() if spot.name is not Tool.OUTSIDE]
    page = Frame(0, 0, *size)
    for spot in spots:
        assert page.holds(spot.frame.left, spot.frame.top) and page.holds(spot.frame.right - 1, spot.frame.bottom - 1), spot
        is_bar = isinstance(spot.name, int) and spot.is_teachers  # a row of places on the volume's bar
        assert is_bar or min(spot.frame.width, spot.frame.height) >= round(0.035 * size[1]), spot
    for a, b in itertools.combinations(spots, 2):
        assert not a.frame.overlaps(b.frame), (a, b)


def check_labels(shown: list[Item], size: tuple[int, int]) -> None:
    for at, label in enumerate(shown):
        if isinstance(label, Label):
            width = text_width(label.text, label.size, label.is_bold)
            left = label.x - width // 2 if label.align == 0 else label.x
            around = [item for item in shown[:at] if isinstance(item, Box) and item.frame.holds(label.x, label.y)]
            assert left >= 0 and left + width <= size[0], label
            assert not around or contrast(label.colour, around[-1].fill) >= 4.5, label
            assert label.size >= size[1] / 80, label


# --- The way through ---


def test_a_class_goes_from_home_to_a_lesson_and_back() -> None:
    shell, desk, desks = at_home()
    click(shell, "class")
    click(shell, "GS")
    assert desk.school.snapshot.hand.level == "GS"
    click(shell, ("gs4", "grand_pas", "feet"))
    assert isinstance(shell.page, LessonPage) and desk.school.snapshot.hand.key.variant == "grand_pas"
    (driver,) = desks.drivers
    click(shell, "forward")
    click(shell, "go")
    assert driver.calls == [("forward",)]
    click(shell, "back")
    assert isinstance(shell.page, LessonsPage) and driver.calls[1:] == ["stop", "close"]
    press(shell, pygame.K_BACKSPACE, pygame.K_BACKSPACE, pygame.K_BACKSPACE)
    assert isinstance(shell.page, HomePage)
    click(shell, "resume")
    assert isinstance(shell.page, LessonPage) and len(desks.drivers) == 2


def test_home_offers_to_resume_only_what_is_there() -> None:
    for lesson, is_offered in (("", False), ("gs4", True), ("gone", False)):
        desk = desk_of()
        if lesson:
            desk.school.do(OpenLesson(lesson, "pas"))
        names = {spot.name for spot in shell_of(HomePage(desk), desk).spots()}
        assert ("resume" in names) is is_offered


def test_a_new_screen_is_measured_before_the_first_lesson_and_only_then() -> None:
    desk = Desks().made()
    shell = shell_of(HomePage(desk), desk)
    click(shell, "class")
    assert isinstance(shell.page, ScalePage)
    wide = shell.page.sheet.width
    for name, is_more in (("bigger", True), ("bit_smaller", False)):
        click(shell, name)
        assert (shell.page.sheet.width > wide) is is_more
        wide = shell.page.sheet.width
    click(shell, "done")
    assert isinstance(shell.page, ReachPage)
    scale = desk.school.snapshot.settings.scale_px_per_m
    assert scale is not None and abs(scale * A4_MM[0] / 1000 - wide) < 3
    click(shell, 44)
    click(shell, "done")
    assert isinstance(shell.page, LevelsPage) and desk.school.snapshot.settings.reach_percent == 44
    press(shell, pygame.K_ESCAPE)
    click(shell, "class")
    assert isinstance(shell.page, LevelsPage)


def test_who_leaves_the_measuring_is_not_asked_again() -> None:
    desk = Desks().made()
    shell = shell_of(HomePage(desk), desk)
    for _ in range(2):
        click(shell, "class")
        if isinstance(shell.page, ScalePage):
            click(shell, "back")
        assert isinstance(shell.page, LevelsPage)
        click(shell, "back")
    assert desk.school.snapshot.settings.scale_px_per_m is None


def test_a_lesson_that_does_not_open_is_told_of_and_the_others_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    shutil.copytree(lessons_folder(), folder)
    (folder / "gs2" / "lesson.toml").write_text('format = 1\nmat = "0x9"\n', encoding="utf-8")
    (folder / "gs5" / "lesson.toml").unlink()
    desk = Desks().made()
    shell = shell_of(LessonsPage(desk, "GS", folder), desk)
    assert "gs2, gs5" in said(shell)
    assert {spot.name[0] for spot in shell.spots() if isinstance(spot.name, tuple)} == {"gs1", "gs3", "gs4", "gs6"}
    click(shell, ("gs3", "pas", "mat"))
    assert isinstance(shell.page, LessonPage)


def test_without_the_table_of_the_lessons_the_page_still_opens(tmp_path: Path) -> None:
    desk = Desks().made()
    shell = shell_of(LessonsPage(desk, "GS", tmp_path), desk)
    assert "sequences.toml" in said(shell)
    click(shell, "back")


def test_lessons_beyond_the_programmes_say_so() -> None:
    badge = Words("fr").text("levels.enrichment")
    for level, is_shown in (("GS", False), ("CE2", True)):
        desk = desk_of()
        assert (badge in said(shell_of(LessonsPage(desk, level), desk))) is is_shown


# --- Lesson zero ---


def test_lesson_zero_goes_from_two_cards_to_a_mended_program() -> None:
    shell, _, desks = at_home()
    click(shell, "try")
    page = shell.page
    assert isinstance(page, ZeroPage)
    for name in ("forward", "forward", "go"):
        assert page._next() == name
        click(shell, name)
    (driver,) = desks.drivers
    run(shell, page)
    assert page.board.status is Status.DONE and driver.cell == LESSON.goal.cells[-1]
    later(shell, JOY_MS)
    assert page.stage is Stage.CHANGED and page.board.cards == CHANGED and driver.cell == (0, 0)
    click(shell, page._next())
    run(shell, page)
    assert page.stage is Stage.MEND and page.board.marked == 1 and page._ghost()[-1] == LESSON.goal.cells[-1]
    assert Words("fr").text("explain.where").split(".")[0] in said(shell)
    for name in (1, "forward", "go"):
        assert page._next() == name
        click(shell, name)
    run(shell, page)
    assert page.stage is Stage.END and page.board.cards == FIRST and page.explanation is None
    click(shell, "class")
    assert isinstance(shell.page, LevelsPage) and driver.calls[-1] == "close"


def run(shell: Shell, page: ZeroPage) -> None:
    while page.board.is_running:
        later(shell)


def test_a_key_for_a_card_that_is_not_shown_does_nothing() -> None:
    shell, _, _ = at_home()
    click(shell, "try")
    press(shell, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_DOWN)
    assert isinstance(shell.page, ZeroPage) and shell.page.board.cards == ("backward",)


def test_who_goes_on_by_herself_in_lesson_zero_is_not_interrupted() -> None:
    shell, _, _ = at_home()
    click(shell, "try")
    page = shell.page
    assert isinstance(page, ZeroPage)
    for name in ("forward", "forward", "go"):
        click(shell, name)
    run(shell, page)
    click(shell, "go")
    later(shell, JOY_MS)
    assert page.board.is_running and page.board.cards == FIRST
    run(shell, page)
    click(shell, "clear")
    later(shell, JOY_MS)
    assert page.stage is Stage.FIRST and page.board.cards == ()


@pytest.mark.parametrize("cards", [("backward",), ("forward",), ("forward", "forward", "forward"), ("forward",) * 5])
def test_whatever_she_tries_first_in_lesson_zero_is_explained(cards: tuple[str, ...]) -> None:
    shell, _, _ = at_home()
    click(shell, "try")
    page = shell.page
    assert isinstance(page, ZeroPage)
    for name in (*cards, "go"):
        click(shell, name)
    run(shell, page)
    assert page.stage is Stage.FIRST and page.explanation is not None and not page.explanation.verdict.reached
    for _ in range(12):
        if page.board.cards == FIRST:
            break
        click(shell, page._next())
    assert page.board.cards == FIRST


# --- Anything at all ---

KEY_CODES = [*KEYS, pygame.K_TAB, pygame.K_ESCAPE, pygame.K_a]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("spot"), st.integers(0, 40)),
        st.tuples(st.just("key"), st.sampled_from(KEY_CODES)),
        st.tuples(st.just("step"), st.integers(0, 3000)),
        st.tuples(st.just("size"), st.integers(1, 900), st.integers(1, 700)),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_no_tap_or_key_in_any_order_breaks_the_way(path: list[tuple]) -> None:
    shell, _, _ = at_home()
    for kind, *rest in path:
        if kind == "spot":
            spots = shell.spots()
            shell.tap(spots[rest[0] % len(spots)].name)
        elif kind == "key":
            press(shell, rest[0])
        elif kind == "size":
            shell.resize((rest[0], rest[1]))
        later(shell, rest[0] if kind == "step" else 16)
        surface = pygame.Surface(shell.size)
        shell.paint(surface)
        assert shell.wait_ms() <= STILL_MS


@pytest.mark.parametrize("path", ["/home/ecole/.local/share/petitpas/pages/gs1.pdf", "C:\\Users\\ecole\\AppData\\Local\\Petit", "//"])
def test_the_lines_of_a_long_path_end_behind_its_separators(path: str) -> None:
    lines = wrapped(f"Il est dans {path} .", 20, 200)
    assert all(text_width(line, 20) <= 200 for line in lines)
    assert "".join(lines).replace(" ", "") == f"Ilestdans{path}."


def test_a_room_measures_text_and_lengths() -> None:
    room = Room(1920, 1080, Words("fr"))
    assert (room.px(10), room.text("title")) == (108, 38) and room.px(0.001) == 1

"""Inventing: what taps make of a mat, what is known of it at once, and that it is played, kept, printed and erased."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shown import Desks, FakePrinter, click, desk_of, items, later, said, shell_of

from petitpas.classroom.commands import ChooseLevel, OpenLesson
from petitpas.classroom.records import MAX_INVENTIONS
from petitpas.errors import KitError
from petitpas.lessons import Lesson, load_lesson
from petitpas.lessons.invent import shortest
from petitpas.lessons.load import find_lesson, lessons_folder
from petitpas.printing import Job, lesson_pages
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall import paper
from petitpas.wall.asking import AtOnce
from petitpas.wall.desk import Desk
from petitpas.wall.inventing import MATS, THINGS, Inventing, answer, keeping, kept_as, lesson_of, of_kept, shutting
from petitpas.wall.level_layout import ceiling_px, least_px
from petitpas.wall.pages.challenges_page import ChallengesPage
from petitpas.wall.pages.home import HomePage
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.profiles import PROFILES
from petitpas.wall.shell import Shell
from petitpas.words import LANGUAGES, Words
from petitpas_sim.mat import Mat
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Label

SIZES = [(1024, 768), (1280, 800), (1920, 1080), (3840, 2160)]
WORDS = Words()

pytestmark = pytest.mark.usefixtures("no_screen")


def desk_at(level: Level, lang: str = "fr") -> Desk:
    desk = Desks().made(lang, scale_px_per_m=5_000)
    desk.aside = AtOnce()
    desk.school.do(ChooseLevel(level))
    return desk


def inventing(level: Level, *names: object, desk: Desk | None = None, size: tuple[int, int] = (1280, 800)) -> Shell:
    """Return the page of a level after some taps."""
    desk = desk or desk_at(level)
    shell = shell_of(InventPage(desk, level), desk, size)
    for name in names:
        click(shell, name)
    return shell


# --- Without a screen ---

cells = st.tuples(st.integers(0, 5), st.integers(0, 4))
commands = st.lists(st.one_of(st.sampled_from(THINGS), cells), max_size=20)


def made(of: Inventing, taps: list[object]) -> Inventing:
    for tap in taps:
        of = of.told(tap)  # type: ignore[arg-type]
    return of


@given(st.tuples(st.integers(1, 6), st.integers(1, 5)), commands)
def test_whatever_is_tapped_there_is_one_thing_on_a_cell_and_all_are_on_the_mat(size: tuple[int, int], taps: list[object]) -> None:
    made_of = made(Inventing(*size), taps)
    mat = made_of.mat
    on = [*made_of.rocks, *([made_of.start.cell] if made_of.start else []), *([made_of.goal] if made_of.goal else [])]
    assert len(set(on)) == len(on) == len(made_of.things) and all(map(mat.holds, on))


@given(commands, cells)
def test_a_second_tap_takes_off_what_the_first_has_put_and_turns_a_house(taps: list[object], cell: tuple[int, int]) -> None:
    before = made(Inventing(6, 5), taps)
    if cell in before.things:
        return
    after = before.told(cell).told(cell)
    if before.thing == "house":
        assert after.start is not None and after.start.cell == cell
        assert after.told(cell).told(cell).told(cell) == before.told(cell)
    else:
        assert cell not in after.things
        assert (after.rocks, after.start) == (before.rocks, before.start)


@settings(max_examples=50)
@given(commands, st.sampled_from(["GS", "CP", "CE1"]))
def test_the_rocks_that_are_shown_are_those_that_shut_the_way(taps: list[object], level: Level) -> None:
    of = made(Inventing(6, 5), ["house", (0, 0), "flower", (5, 4), "rock", *taps])
    if of.lacks:
        return
    assert of.start is not None and of.goal is not None
    found = answer(of, level)
    assert bool(found.shut) is (found.invented.cards is None) and set(found.shut) <= of.rocks
    opened = Mat(6, 5, of.rocks - set(found.shut))
    assert shortest(opened, of.start, (of.goal,), level) is not None and not shutting(opened, of.start.cell, of.goal)


@settings(max_examples=50)
@given(commands)
def test_what_is_kept_is_what_was_made(taps: list[object]) -> None:
    of = made(Inventing(6, 5), ["house", (0, 0), "flower", (5, 4), *taps])
    desk = desk_of()
    if of.lacks or kept_as(of, desk.school.snapshot):
        return
    desk.school.do(keeping(of, desk.school.snapshot))
    (kept,) = desk.school.snapshot.inventions
    assert kept_as(of, desk.school.snapshot) == kept
    there = of_kept(kept)
    assert (there.start, there.goal, there.rocks, there.mat) == (of.start, of.goal, of.rocks, of.mat)


# --- On the screen ---


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("level", LEVELS)
def test_what_pupils_tap_is_big_apart_and_within_reach(level: Level, lang: str) -> None:
    for size in SIZES:
        shell = inventing(level, desk=desk_at(level, lang), size=size)
        profile, spots = PROFILES[level], list(shell.page.spots())
        mine = [spot for spot in spots if not spot.is_teachers]
        assert len([spot for spot in mine if isinstance(spot.name, str)]) <= profile.most
        for spot in mine:
            assert spot.frame.top >= ceiling_px(shell.room, profile), spot
            assert min(spot.frame.width, spot.frame.height) >= 0.95 * least_px(shell.room, profile), spot
        for place, spot in enumerate(spots):
            assert spot.frame.left >= 0 and spot.frame.right <= size[0] and spot.frame.bottom <= size[1], spot
            assert not any(spot.frame.overlaps(other.frame) for other in spots[place + 1 :]), spot
        for label in (item for item in items(shell) if isinstance(item, Label)):
            left = label.x if label.align else label.x - text_width(label.text, label.size, label.is_bold) // 2
            assert left >= 0 and left + text_width(label.text, label.size, label.is_bold) <= size[0], label


def test_it_asks_for_the_house_then_the_flower_and_says_at_once_whether_it_can_be_done() -> None:
    shell = inventing("GS")
    assert WORDS.text("wall.invent.put_house") in said(shell)
    click(shell, (0, 0))
    assert WORDS.text("wall.invent.put_flower") in said(shell)
    click(shell, (0, 3))
    assert WORDS.text("wall.invent.possible") in said(shell) and WORDS.text("wall.invent.needs", cards=3) in said(shell)
    click(shell, (0, 1))
    assert all(WORDS.text(f"wall.invent.{key}").split()[0] in said(shell) for key in ("far", "nearer"))
    for name in ((0, 1), "flower", (1, 2), (0, 2)):
        click(shell, name)
    assert WORDS.text("wall.invent.winding") in said(shell) and WORDS.text("wall.invent.needs", cards=5) in said(shell)


def test_a_shut_way_is_shown_and_cannot_be_played_or_kept() -> None:
    shell = inventing("PS", (0, 0), (4, 0), (2, 0))
    assert WORDS.text("wall.invent.shut") in said(shell)
    for name in ("go", "keep", "print"):
        click(shell, name)
    assert isinstance(shell.page, InventPage) and not shell.desk.school.snapshot.inventions
    click(shell, (2, 0))
    click(shell, "go")
    assert isinstance(shell.page, LessonPage)


def test_a_challenge_is_played_like_any_lesson_and_is_there_after_it() -> None:
    shell = inventing("CP", (0, 0), (2, 0), (1, 0))
    invented = shell.page
    click(shell, "go")
    page = shell.page
    assert isinstance(page, LessonPage) and WORDS.text("wall.invent.challenge") in said(shell)
    for card in ("right", "forward", "left"):
        click(shell, card)
    click(shell, "back")
    assert shell.page is invented and shell.page.inventing.rocks == {(1, 0)}
    click(shell, "go")
    assert isinstance(shell.page, LessonPage) and shell.page.activity.cards == ("right", "forward", "left")
    click(shell, "back")
    click(shell, (1, 0))
    click(shell, "go")
    assert isinstance(shell.page, LessonPage) and not shell.page.activity.cards  # it has become another


def test_a_success_offers_no_other_step_than_once_more() -> None:
    shell = inventing("GS", (0, 0), (0, 2), "go", "forward", "forward", "go")
    for _ in range(40):
        later(shell)
    assert isinstance(shell.page, LessonPage) and shell.page.activity.is_reached
    assert {spot.name for spot in shell.page.spots() if isinstance(spot.name, str)} == {"back", "go", "again"}


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_solves_and_plays_what_its_smallest_mat_can_be(level: Level) -> None:
    shell = inventing(level, (0, 0), (2, 0), "go")
    assert isinstance(shell.page, LessonPage) and shell.page.activity.task.level == level


def test_a_kept_challenge_is_listed_played_resumed_and_erased_in_two_taps() -> None:
    desk = desk_at("GS")
    shell = inventing("GS", (0, 0), (2, 2), "keep", "keep", (1, 1), "keep", desk=desk)
    assert [one.number for one in desk.school.snapshot.inventions] == [1, 2]  # the same is kept once
    shell = shell_of(ChallengesPage(desk, "GS"), desk)
    click(shell, ("play", 2))
    assert isinstance(shell.page, LessonPage) and shell.page.variant.mat.rocks == {(1, 1)}
    assert desk.school.snapshot.hand.key.lesson == "inventer-2"
    home = shell_of(HomePage(desk), desk)
    click(home, "resume")
    assert isinstance(home.page, LessonPage) and home.page.lesson.id == "inventer-2"
    click(shell, "back")
    click(shell, ("erase", 2))
    click(shell, ("erase", 1))
    assert len(desk.school.snapshot.inventions) == 2  # two crosses, a tap each
    click(shell, ("erase", 2))
    click(shell, ("erase", 2))
    assert [one.number for one in desk.school.snapshot.inventions] == [1]
    click(home, "back")
    assert "resume" not in {spot.name for spot in home.spots()}
    small = shell_of(ChallengesPage(desk, "PS"), desk)
    assert ("play", 1) not in {spot.name for spot in small.spots()}  # its mat is beyond the level


def test_a_full_book_says_so_and_has_all_its_pages_on_the_screen() -> None:
    desk = desk_at("CE2")
    for column in range(8):
        for row in range(6):
            desk.school.do(keeping(made(Inventing(8, 6), [(column, row), ((column + 1) % 8, row)]), desk.school.snapshot))
    assert len(desk.school.snapshot.inventions) == MAX_INVENTIONS
    for size in SIZES:
        shell = shell_of(ChallengesPage(desk, "CE2"), desk, size)
        spots = list(shell.page.spots())
        assert len(spots) == 2 + 3 * MAX_INVENTIONS
        assert all(spot.frame.right <= size[0] and spot.frame.bottom <= size[1] for spot in spots)
        assert not any(a.frame.overlaps(b.frame) for at, a in enumerate(spots) for b in spots[at + 1 :])
    shell = inventing("CE2", (0, 0), (1, 1), "keep", desk=desk)
    assert all(word in said(shell) for word in WORDS.text("wall.invent.no_room", most=MAX_INVENTIONS).split())


def test_inventing_is_reached_from_the_lessons_and_from_the_lesson_that_asks_for_it() -> None:
    desk = desk_at("GS")
    shell = shell_of(LessonsPage(desk, "GS"), desk)
    click(shell, "invent")
    click(shell, "new")
    assert isinstance(shell.page, InventPage)
    lesson = load_lesson(lessons_folder() / "gs6")
    desk.school.do(OpenLesson("gs6", "grand_pas"))
    shell = shell_of(LessonPage(desk, lesson, lesson.variant("grand_pas")), desk)
    for name in ("forward", "right", "forward", "beep", "forward", "go"):
        click(shell, name)
    page = shell.page
    assert isinstance(page, LessonPage)
    assert "invent" in page.next_names and "invent" not in LessonPage(desk, lesson, lesson.variant("pas")).lesson.id


# --- On paper ---


def test_pages_are_made_aside_then_opened_and_what_is_missing_is_said() -> None:
    desk = desk_at("GS")
    desk.printer = printer = FakePrinter(KitError("print_missing", packages="typst", python="python"))
    shell = inventing("GS", (0, 0), (2, 2), "print", desk=desk)
    lesson = printer.asked[0][0]
    assert isinstance(lesson, Lesson) and lesson.variants[0].goal.cells == ((2, 2),)
    assert not printer.shown and all(word in said(shell) for word in printer.answer.say("fr").split())  # type: ignore[union-attr]
    printer.answer = Path("inventer.pdf")
    click(shell, "print")  # the same again, once it can be
    assert printer.shown == [printer.answer] and "inventer.pdf" in said(shell)
    click(shell, (1, 1))
    assert "inventer.pdf" not in said(shell)
    desk.school.do(keeping(made(Inventing(4, 4), [(0, 0), (0, 2)]), desk.school.snapshot))
    printer.answer = Path("inventer-1.pdf")
    shell = shell_of(ChallengesPage(desk, "GS"), desk)
    click(shell, ("print", 1))
    assert printer.shown[1:] == [printer.answer] and printer.asked[-1][0].id == "inventer-1" and "inventer-1.pdf" in said(shell)  # type: ignore[attr-defined]


def test_the_pages_of_a_challenge_are_a_file_and_a_folder_that_takes_none_is_told(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    printer = paper.Printer(tmp_path)
    lesson = lesson_of(made(Inventing(3, 1), [(0, 0), (2, 0)]), "PS", "1 · le jardin")
    assert lesson is not None
    file = printer.lesson(lesson, "fr", paper.PARTS, "a4")
    assert isinstance(file, Path) and file.read_bytes().startswith(b"%PDF")
    pages = lesson_pages(Job(lesson, WORDS, date(2026, 11, 22), variants=("pas",)), paper.PARTS)
    assert [page["kind"] for page in pages] == ["cards", "board", "paper"]
    assert {page["title"] for page in pages} == {lesson.title} and pages[-1]["feet"] == 0
    file.unlink()
    file.parent.rmdir()
    file.parent.write_bytes(b"")  # a file where the folder would be
    error = printer.lesson(lesson, "fr", paper.PARTS, "a4")
    assert isinstance(error, KitError) and error.code == "pages_unwritten" and str(file) in error.say("fr")


def test_pages_that_a_viewer_holds_are_made_anew_beside_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printer = paper.Printer(tmp_path, typeset=lambda pages, title, lang: b"%PDF")
    held, write_bytes = {"gs1.pdf", "gs1-2.pdf"}, Path.write_bytes

    def written(path: Path, data: bytes) -> int:
        if path.name in held:
            raise PermissionError(13, "Permission denied")  # as Windows has it while Acrobat shows a file
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", written)
    assert printer.lesson(find_lesson("gs1"), "fr", paper.PARTS, "a4") == tmp_path / "pages" / "gs1-3.pdf"
    held.update(f"gs1-{number}.pdf" for number in range(9))
    error = printer.lesson(find_lesson("gs1"), "fr", paper.PARTS, "a4")
    assert isinstance(error, KitError) and "gs1.pdf" in error.say("fr")


def test_a_mat_is_of_the_level_and_no_higher_than_hands_reach() -> None:
    assert set(MATS) == set(LEVELS)
    for level in LEVELS:
        shell = inventing(level, size=(1920, 1080))
        assert isinstance(shell.page, InventPage)
        assert (shell.page.inventing.columns, shell.page.inventing.rows) == MATS[level]
    desk = desk_at("CE2")
    desk.school.snapshot = desk.school.snapshot.__class__(settings=desk.school.snapshot.settings.__class__(reach_percent=20))
    shell = inventing("CE2", desk=desk)
    assert isinstance(shell.page, InventPage) and shell.page.inventing.rows < 6

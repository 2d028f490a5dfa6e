"""What a lesson's view keeps from one frame to the next, and what it makes before it is asked for."""

from __future__ import annotations

from itertools import pairwise

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shown import later
from taught import Taught

from petitpas.lessons.load import all_lessons, find_lesson
from petitpas.wall.lesson_items import pictures_learnt
from petitpas.wall.pages.lesson_view import LessonView
from petitpas_sim.view import canvas as canvas_module
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.scene import Art

LESSON = find_lesson("gs4")
TAPS = st.lists(st.sampled_from(["forward", "left", "right", "go", "predict", "help", "undo", 0, 1, "go"]), max_size=8)


@settings(max_examples=25)
@given(TAPS)
def test_what_is_kept_is_what_would_be_made_anew(taps: list[str | int]) -> None:
    shell = Taught(LESSON, LESSON.variant("pas"))
    page = shell.lesson_page
    for name in taps:
        shell.tap(name)
        for _ in range(3):
            later(shell)
            kept = shell.layers()
            page._view = LessonView(LESSON, LESSON.variant("pas"))
            assert shell.layers() == kept


def test_the_first_card_finds_its_pictures_made(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Taught(LESSON, LESSON.variant("pas"), is_calm=True)
    surface = pygame.Surface(shell.size)
    for _ in range(30):
        later(shell, 50)
        shell.paint(surface)
        shell.foresee()
    monkeypatch.setattr(canvas_module, "_drawn", None)
    before = surface.copy()
    shell.tap("forward")
    later(shell)
    shell.paint(surface)
    assert before.get_buffer().raw != surface.get_buffer().raw


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_the_cards_are_read_above_the_mat_while_a_place_is_predicted(size: tuple[int, int]) -> None:
    shell = Taught(LESSON, LESSON.variant("pas"), is_calm=True)
    shell.resize(size)
    for name in ("forward", "left", "left", "predict"):
        shell.tap(name)
        later(shell, 400)
    items = [item for layer in shell.layers() for item in layer if isinstance(item, Art)]
    ceiling = shell.lesson_page.mat.card.top
    for picture, count in (("forward", 1), ("left", 2)):
        read = [item for item in items if item.drawing == picture_of(picture)]
        assert len(read) == count and all(item.y < ceiling for item in read)


@pytest.mark.parametrize(
    ("lesson", "pictures"),
    [("pm2", ["bubble", "forward"]), ("gs4", ["forward", "repeat"]), ("gs5", ["eye", "clear"]), ("cp6", ["predict", "forward"])],
)
def test_what_is_learnt_has_the_picture_of_what_is_done(lesson: str, pictures: list[str]) -> None:
    found = find_lesson(lesson)
    assert pictures_learnt(found.sheet.criteria, found.activity) == pictures


def test_two_criteria_never_look_alike() -> None:
    for lesson in all_lessons():
        pictures = pictures_learnt(lesson.sheet.criteria, lesson.activity)
        assert all(one != other for one, other in pairwise(pictures)), lesson.id

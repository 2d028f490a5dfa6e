"""What a lesson's view keeps from one frame to the next, and what it makes before it is asked for."""

from __future__ import annotations

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taught import Taught

from petitpas.lessons.load import find_lesson
from petitpas.wall.pages.lesson_view import LessonView
from petitpas_sim.view import canvas as canvas_module

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
            shell.step(shell._now_ms + 16)
            kept = shell.layers()
            page._view = LessonView(LESSON, LESSON.variant("pas"))
            assert shell.layers() == kept


def test_the_first_card_finds_its_pictures_made(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Taught(LESSON, LESSON.variant("pas"), is_calm=True)
    surface = pygame.Surface(shell.size)
    for _ in range(30):
        shell.step(shell._now_ms + 50)
        shell.paint(surface)
        shell.foresee()
    monkeypatch.setattr(canvas_module, "_drawn", None)
    before = surface.copy()
    shell.tap("forward")
    shell.step(shell._now_ms + 16)
    shell.paint(surface)
    assert before.get_buffer().raw != surface.get_buffer().raw

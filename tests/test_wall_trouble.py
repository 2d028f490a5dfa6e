"""
What a class, a computer and a room do to the wall: every key, taps everywhere, other windows, no font, files that are not as they were.

More of it is elsewhere: no sound card in test_sounds.py, a lesson that does not open in test_wall_pages.py, another screen in
test_wall_window.py, cables that are pulled in test_wall_robots.py, test_workshop_page.py and test_monkey.py, no microphone, silence and no
voice in test_voice_page.py, nothing that opens pages, a folder that takes none and pins in use in test_wall_teacher.py, packs of other
versions and sticks without room in test_pack.py and test_starters.py.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from shown import later, said

from monkey import FillingStore
from petitpas.classroom import RETRY_MS, Classroom, Store, schema
from petitpas.classroom.commands import SetSetting
from petitpas.classroom.store import FULL, UNKEPT
from petitpas.wall.pages.lesson_page import LessonPage
from petitpas.wall.replay import opened
from petitpas.wall.session import Setting
from petitpas.wall.shell import Shell
from petitpas_sim.view import canvas
from screens import ENDS, SCREENS, Screen, Visit, Watch, shown

KEYS = sorted({getattr(pygame, name) for name in dir(pygame) if name.startswith("K_")})
SIZES = ((1920, 1080), (640, 1000), (1, 1), (3840, 2160), (1024, 768))
ROOM = Setting(lesson="gs4/pas")
LESSON = Screen(("forward", "forward", "right", "forward", "forward"), "GS", "gs4/pas")
TAPS_A_SECOND = 50

pytestmark = pytest.mark.usefixtures("no_screen")


def painted(shell: Shell) -> pygame.Surface:
    surface = pygame.Surface((max(1, shell.size[0]), max(1, shell.size[1])), 0, 32)
    shell.paint(surface)
    return surface


def still_answers(shell: Shell) -> None:
    """Hold a wall to this: from wherever it is, Esc leads to its first page, which is there, whole, with nothing running."""
    for _ in range(6):
        shell.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
        later(shell)
    assert isinstance(shell.page, LessonPage) and not shell.page.board.is_running
    assert {"forward", "left", "right", "go"} <= {spot.name for spot in shell.spots()}
    painted(shell)


def test_every_key_at_once_for_a_minute() -> None:
    with opened(ROOM) as on:
        visit = Visit(on.shell, on.worlds.run_to)
        for second in range(60):
            for key in KEYS[second:] + KEYS[:second]:
                on.shell.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))
            visit.take(Watch(1_000))
            painted(on.shell)
        still_answers(on.shell)


def test_taps_anywhere_at_fifty_a_second() -> None:
    chance = random.Random(50)
    with opened(ROOM) as on:
        visit = Visit(on.shell, on.worlds.run_to)
        for number in range(20 * TAPS_A_SECOND):
            for event in tap_at(chance.random(), chance.random(), on.shell.size, number % 11):
                on.shell.handle(event)
            visit.take(Watch(1_000 // TAPS_A_SECOND))
        still_answers(on.shell)


def tap_at(x: float, y: float, size: tuple[int, int], hand: int) -> Iterator[pygame.event.Event]:
    """Give a tap by one of ten fingers, or by the mouse."""
    for is_down in (True, False):
        if hand < 10:
            kind = pygame.FINGERDOWN if is_down else pygame.FINGERUP
            yield pygame.event.Event(kind, touch_id=2, finger_id=hand, x=x, y=y)
        else:
            kind = pygame.MOUSEBUTTONDOWN if is_down else pygame.MOUSEBUTTONUP
            yield pygame.event.Event(kind, pos=(int(x * size[0]), int(y * size[1])), button=1, touch=False)


def test_a_window_that_is_resized_in_a_run_goes_on_with_it() -> None:
    with shown(LESSON, (1280, 800)) as on:
        visit = Visit(on.shell, on.worlds.run_to)
        visit.take("go")
        page = on.shell.page
        assert isinstance(page, LessonPage)
        for size in SIZES:
            on.shell.resize(size)
            visit.take(Watch(400))
            painted(on.shell)
            assert page.board.is_running
        visit.take(ENDS)
        assert page.activity.is_reached


def test_without_its_font_every_page_is_still_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(canvas, "files", lambda package: tmp_path)
    canvas.font.cache_clear()
    try:
        for name in ("home", "lessons-gs", "gs-blocked", "corner", "zero-explained"):
            with shown(SCREENS[name], (1024, 768)) as on:
                assert said(on.shell) and painted(on.shell).get_at((512, 300)) is not None
    finally:
        canvas.font.cache_clear()


@pytest.mark.parametrize("trouble", [FULL, UNKEPT])
def test_a_disk_that_takes_nothing_is_told_in_a_lesson_that_goes_on_and_is_kept_once_there_is_room(trouble: str, tmp_path: Path) -> None:
    store = FillingStore(tmp_path)
    school = Classroom(store)
    with opened(Setting(lesson="gs4/pas"), school) as on:
        visit = Visit(on.shell, on.worlds.run_to)
        visit.take("forward")
        store.trouble = trouble
        visit.take("forward")
        text = on.shell.room.words.text(trouble)
        assert all(word in said(on.shell) for word in text.split())
        for step in ("right", "forward", "forward", "go", ENDS):
            visit.take(step)
        assert on.shell.page.activity.is_reached  # type: ignore[attr-defined]
        store.trouble = ""
        visit.take(Watch(2 * RETRY_MS))
        assert text.split()[0] not in said(on.shell)
    school.close()
    again = Classroom(Store(tmp_path))
    assert again.snapshot.work.strip == ("forward", "forward", "right", "forward", "forward")
    again.close()


def test_the_file_of_a_newer_petit_pas_is_told_of_and_the_lesson_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("SELECT 1",)))
        school = Classroom(Store(tmp_path))
        school.do(SetSetting("volume_percent", 70))
        school.close()
    school = Classroom(Store(tmp_path))
    with opened(Setting(), school) as on:
        visit = Visit(on.shell, on.worlds.run_to)
        assert on.shell.room.words.text("class.troubles.newer").split()[0] in said(on.shell)
        for step in ("try", "forward", "forward", "go", ENDS):
            visit.take(step)
        assert on.shell.room.words.text("wall.done") in said(on.shell)
    school.close()

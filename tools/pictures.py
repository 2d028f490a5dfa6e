"""
Draw every picture of README and the guides into docs/pictures.

    python tools/pictures.py [DIR]
    python tools/pictures.py --check           say whether each picture that a page shows is drawn here, and is there
    python tools/pictures.py --screens DIR     draw every page of the wall in each of its modes, at four sizes, to be looked at

They are drawn by the same code as the window, without a display, from sessions that are played in virtual time: none grows old unseen.
"""

import io
import re
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pygame

from petitpas.classroom.records import Settings
from petitpas.lessons.load import lessons_folder, load_lesson
from petitpas.printing import Job, lesson_pages, png
from petitpas.wall.replay import FRAME_MS, Opened, film_session, opened
from petitpas.wall.session import Recorder, Session, Setting, read_session
from petitpas.words import Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view.picture import save_picture
from petitpas_sim.view.scene import Decor
from screens import SCREENS, Screen, picture, save_screens

ROOT = Path(__file__).resolve().parent.parent
LESSON, DAY, PAGE_DPI = "gs4", date(2026, 11, 22), 80
DIRECTORY = ROOT / "docs" / "pictures"
SHOWN = re.compile(r"docs/pictures/([\w.-]+)|\]\((?:\.\./)*pictures/([\w.-]+)\)")

MAT, ROCKS, START = "5x4", ("B4", "E2"), "A1N"
FILM_TAPS = ("forward", "forward", "right", "forward", "forward", "predict", (2, 2), "go")
TAP_MS = 600
RUN_MS = 19_000
"""Long enough for FILM_TAPS to be played, and for the end to be seen."""

LESSON_CARDS, LESSON_MS = ("forward", "right", "forward", "left", "forward"), 7_000
"""Cards of a lesson, and how long they are played."""

BIG = (1600, 900)
SCREEN = (1280, 800)
CALM = Settings(is_calm=True)


def session(setting: Setting, taps: Sequence[Hashable], watch_ms: int) -> Session:
    """Return a session in which some spots are tapped, and what happens then is watched for so long."""
    out = io.StringIO()
    recorder = Recorder(out, setting)
    recorder.stepped(setting.size, 0)
    with opened(setting) as on:
        now_ms = 0
        for name in taps:
            _wait(on, now_ms, TAP_MS)
            now_ms += TAP_MS
            _tap(on, recorder, name, now_ms)
        recorder.stepped(setting.size, now_ms + watch_ms)
        recorder.ended()
    return read_session(out.getvalue().encode(), Path("session.jsonl"))


def _wait(on: Opened, now_ms: int, ms: int) -> None:
    for later_ms in range(now_ms + FRAME_MS, now_ms + ms + 1, FRAME_MS):
        on.worlds.run_to(later_ms)
        on.shell.step(later_ms)


def _tap(on: Opened, recorder: Recorder, name: Hashable, now_ms: int) -> None:
    """Tap a spot of the page in its middle, as a mouse does."""
    middle = next(spot.frame.centre for spot in on.shell.spots() if spot.name == name)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        event = pygame.event.Event(kind, pos=middle, button=1, touch=False)
        recorder.took(event, now_ms)
        on.shell.handle(event)


def mat_picture(file: Path) -> None:
    """Draw a mat alone, the robot on its way."""
    trail = ((75.0, 75.0), (75.0, 375.0), (375.0, 375.0), (375.0, 525.0))
    robot = RobotSnapshot("lapin", "exact", 375, 525, 0, 0, 0, False)
    save_picture(file, Snapshot(0, Mat.parse(MAT, ROCKS), (robot,)), Decor(Place.parse(START), ((2, 3),), trail), (1000, 820))


def page_picture(file: Path, part: str) -> None:
    """Draw the first printed page of a part of a lesson."""
    pages = lesson_pages(Job(load_lesson(lessons_folder() / LESSON), Words(), today=DAY), [part])
    file.write_bytes(png(pages[:1], PAGE_DPI)[0])


def in_lesson(size: tuple[int, int]) -> Setting:
    """Return the lesson that the pictures show."""
    return Setting(size, lesson=f"{LESSON}/pas", settings=CALM)


def still(file: Path, setting: Setting, taps: Sequence[str] = (), watch_ms: int = TAP_MS) -> None:
    """Draw how a session ends."""
    file.write_bytes(film_session(session(setting, taps, watch_ms), most_frames=1).png())


def screen_picture(file: Path, screen: Screen) -> None:
    """Draw a page of the wall."""
    pygame.image.save(picture(screen, SCREEN), str(file))


PICTURES: dict[str, Callable[[Path], object]] = {
    "cards.png": lambda file: page_picture(file, "cards"),
    "mat.png": mat_picture,
    "sheet.png": lambda file: page_picture(file, "sheet"),
    "essayer.png": lambda file: screen_picture(file, SCREENS["zero-explained"]),
    "preparer.png": lambda file: screen_picture(file, Screen(("prepare", "GS", ("lesson", LESSON)), level="GS")),
    "reprendre.png": lambda file: screen_picture(file, SCREENS["home-resume"]),
    "home.png": lambda file: still(file, Setting(BIG, settings=CALM)),
    "lesson.png": lambda file: still(file, in_lesson(BIG), (*LESSON_CARDS, "go"), LESSON_MS),
    "success.png": lambda file: screen_picture(file, SCREENS["gs-reached"]),
    "wall.gif": lambda file: file.write_bytes(film_session(session(in_lesson((960, 600)), FILM_TAPS, RUN_MS)).gif()),
}
"""Every picture, with what draws it into a file."""


def amiss() -> Iterator[str]:
    """Give what is amiss with the pictures that pages show."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {name for page in pages for pair in SHOWN.findall(page.read_text(encoding="utf-8")) for name in pair if name}
    yield from (f"docs/pictures/{name} is not there" for name in sorted({*shown, *PICTURES}) if not (DIRECTORY / name).exists())
    yield from (f"{name} is shown, and not drawn here" for name in sorted(shown - set(PICTURES)))
    kept = {file.name for file in DIRECTORY.iterdir()} if DIRECTORY.exists() else set()
    yield from (f"docs/pictures/{name} is drawn by nothing" for name in sorted(kept - set(PICTURES)))


def main() -> int:
    """Draw all of them, or look after them."""
    if sys.argv[1:] == ["--check"]:
        found = list(amiss())
        print(*found, sep="\n", end="\n" if found else "")
        return 1 if found else 0
    if sys.argv[1:2] == ["--screens"] and len(sys.argv) == 3:
        print(save_screens(Path(sys.argv[2])))
        return 0
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        draw(directory / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())

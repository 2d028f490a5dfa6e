"""Every place of the wall that somebody can come to: each page, and each moment of the lessons, with what leads there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from shown import Desks, at_home, click, shell_of
from taught import Taught
from test_voice_page import FakeMicrophone

from petitpas.lessons import Lesson, Variant, all_lessons
from petitpas.lessons.cells import Grid, course_of
from petitpas.program import Program
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall import pages as pages_folder
from petitpas.wall.corner import Tool
from petitpas.wall.desk import Desk
from petitpas.wall.pages.board_page import BoardPage
from petitpas.wall.pages.challenges_page import ChallengesPage
from petitpas.wall.pages.first_time import ReachPage, ScalePage
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.lessons_page import LessonsPage
from petitpas.wall.pages.levels import LevelsPage
from petitpas.wall.pages.page import Page, Room, Spot
from petitpas.wall.pages.prepare_page import PreparePage
from petitpas.wall.pages.robot_choice import RobotChoicePage
from petitpas.wall.pages.robots_page import RobotsPage
from petitpas.wall.pages.settings_page import SettingsPage
from petitpas.wall.pages.voice_page import VoicePage
from petitpas.wall.pages.zero import ZeroPage
from petitpas.wall.shell import Shell
from petitpas.wall.strip import cards_of, kind_of
from petitpas.wall.task import predicts, task_of
from petitpas_sim import mat as sim
from petitpas_sim.mat import Mat
from petitpas_sim.view.scene import Frame

Case = tuple[Lesson, Variant, Level]

BRIGHT = (1280, 800)
"""The size at which pixels are looked at."""


@dataclass(frozen=True)
class Place:
    """A page at a moment; `level` is that of the pupils who tap there, None where only a teacher does."""

    name: str
    shell: Shell
    level: Level | None = None


@cache
def cases() -> tuple[Case, ...]:
    """Return every variant at each of its levels."""
    return tuple((lesson, variant, level) for lesson in all_lessons() for variant in lesson.variants for level in lesson.levels)


def of(name: str, variant: str, level: Level | None = None) -> Case:
    return next(case for case in cases() if case[0].id == name and case[1].name == variant and level in (None, case[2]))


@cache
def typical() -> tuple[Case, ...]:
    """Return of each level and activity the variant that shows most, and of each level the biggest mat on which one predicts."""
    groups: dict[object, list[Case]] = {}
    for case in cases():
        _, variant, level = case
        groups.setdefault((level, variant.activity), []).append(case)
        if predicts(variant, level):
            groups.setdefault(level, []).append(case)
    chosen = [max(group, key=_cells if isinstance(key, str) else _many) for key, group in groups.items()]
    return tuple({name_of(case): case for case in chosen}.values())


def _many(case: Case) -> int:
    task = task_of(case[1], case[2])
    return len(task.commands) + task.most


def _cells(case: Case) -> int:
    return case[1].mat.rows * case[1].mat.columns


def name_of(case: Case) -> str:
    return f"{case[0].id} {case[1].name} {case[2]}"


# --- Pages ---

MAKERS: dict[str, Callable[[Desk], Page]] = {
    "prepare": lambda desk: PreparePage(desk, "GS"),
    "robots": lambda desk: RobotsPage(desk),
    "robot choice": RobotChoicePage,
    "settings": SettingsPage,
    "voice": VoicePage,
    "scale": ScalePage,
    "reach": ReachPage,
    "levels": LevelsPage,
    "challenges": lambda desk: ChallengesPage(desk, "GS"),
    "free play": lambda desk: BoardPage(desk, desk.open_driver(Mat(4, 4), sim.Place(0, 0), "lapin", "exact")),
    **{f"lessons {level}": partial(LessonsPage, level=level) for level in LEVELS},
}
"""The pages of the teacher, and how each is made."""

PUPILS: dict[str, tuple[Callable[[Desk], Page], Level]] = {
    "zero": (ZeroPage, "GS"),
    **{f"invent {level}": (partial(InventPage, level=level), level) for level in LEVELS},
}
"""Pages on which pupils tap besides lessons, and at which level."""


def page_named(name: str, **settings: object) -> Shell:
    """Return one of the pages; none but the home page knows what the class has in hand."""
    desk = Desks().made(scale_px_per_m=2_000, **settings)
    desk.folder, desk.open_microphone = Path("petitpas"), FakeMicrophone
    if name == "home":
        return at_home(**settings)[0]
    return shell_of(MAKERS[name](desk) if name in MAKERS else PUPILS[name][0](desk), desk)


def pages() -> Iterator[Place]:
    """Give all pages but those of the lessons."""
    yield Place("home", page_named("home"))
    yield from (Place(name, page_named(name)) for name in MAKERS)
    yield from (Place(name, page_named(name), level) for name, (_, level) in PUPILS.items())


def overlaid(**settings: object) -> Iterator[Place]:
    """Give what lies above any page: the corner, everybody who looks at the teacher, a banner."""
    for name, tool in (("corner", Tool.MORE), ("frozen", Tool.EYE)):
        shell, _, _ = at_home(**settings)
        click(shell, tool)
        yield Place(name, shell)


def page_classes() -> set[type[Page]]:
    """Return every kind of page that there is."""
    modules = [import_module(f"{pages_folder.__name__}.{found.name}") for found in iter_modules(pages_folder.__path__)]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type) and issubclass(value, Page)}
    return classes - {Page}


# --- Lessons ---


def opened(case: Case, **more: object) -> Taught:
    return Taught(case[0], case[1], case[2], **more)


def lessons(case: Case, **more: object) -> Iterator[Place]:
    """Give every moment of a lesson, from the first look at it to a success."""
    _, variant, level = case
    name = name_of(case)
    yield Place(f"{name}, idle", opened(case, **more), level)
    laid = opened(case, **more)
    lay(laid, variant.solution)
    yield Place(f"{name}, laid", laid, level)
    if "predict" in laid.lesson_page.activity.task.commands:
        pointing = opened(case, **more)
        lay(pointing, variant.solution)
        pointing.press("predict")
        pointing.step(20_000)
        yield Place(f"{name}, predicting", pointing, level)
    running = opened(case, **more)
    run(running, variant.solution)
    running.step(20_000)
    if running.lesson_page.board.is_running:
        yield Place(f"{name}, running", running, level)
    done = opened(case, **more)
    run(done, variant.solution)
    done.play()
    yield Place(f"{name}, done", done, level)
    wrong = next((wrong.program for wrong in variant.wrong if can_lay(case, wrong.program)), None)
    if wrong is not None:
        yield from helped(case, name, wrong, **more)


def helped(case: Case, name: str, wrong: Program, **more: object) -> Iterator[Place]:
    """Give the moments after a program that ended elsewhere, a help further each."""
    degrees = opened(case, **more)
    run(degrees, wrong)
    degrees.play()
    for helps in range(1, 6):
        elsewhere = opened(case, **more)
        run(elsewhere, wrong)
        elsewhere.play()
        for _ in range(helps - 1):
            elsewhere.tap("help")
        activity = elsewhere.lesson_page.activity
        if activity.helped == helps or helps == 1:
            yield Place(f"{name}, help {helps}", elsewhere, case[2])
        if activity.helped != helps or "help" not in activity.task.commands:
            return


def can_lay(case: Case, program: Program) -> bool:
    """Say whether a program can be laid with the tiles of a variant, without changing numbers."""
    _, variant, level = case
    task = task_of(variant, level)
    cards = cards_of(program, task.numbers)
    if task.choices:
        return cards in task.choices
    return (
        not task.deck
        and variant.activity != "prevoir"
        and all(task.card_of(kind_of(card)) == card and kind_of(card) in task.commands for card in cards)
    )


def lay(shell: Taught, program: Program) -> None:
    """Put a program into the strip, or choose it, where there is something to be laid."""
    if shell.lesson_page.activity.task.activity not in ("faire", "prevoir"):
        shell.lay(program)


def run(shell: Taught, program: Program) -> None:
    """Lay a program and let it begin."""
    task = shell.lesson_page.activity.task
    lay(shell, program)
    if task.activity == "faire":
        for card in cards_of(program, task.numbers):
            shell.tap(card)
        return
    if task.asks_place:
        variant = shell.lesson_page.variant
        end = course_of(Grid(variant.mat), variant.robots[0].start, program).end
        shell.press("predict", end.cell, *([*[end.cell] * end.quarter, "predict"] if task.asks_heading else ()))
    shell.tap("go")


def after(case: Case, *taps: Hashable) -> Taught:
    """Return a lesson after some taps."""
    shell = opened(case, size=BRIGHT, is_calm=True)
    for tap in taps:
        shell.tap(tap)
    return shell


def ended(case: Case, *taps: Hashable) -> Taught:
    """Return a lesson after a run."""
    shell = after(case, *taps, "go")
    shell.play()
    return shell


def tile(shell: Shell, name: object) -> Frame:
    return next(spot.frame for spot in shell.spots() if spot.name == name)


@cache
def lived() -> tuple[Place, ...]:
    """Return every moment of the lessons that show most, and the other pages; who measures one of them fits its page first."""
    return (*(place for case in typical() for place in lessons(case)), *pages(), *overlaid())


def fitted(place: Place, room: Room) -> Page:
    """Return the page of a place in a room; a page on which one invents is made anew: its mat stays as big as it was at first."""
    page = place.shell.page
    if isinstance(page, InventPage):
        page = PUPILS[place.name][0](Desks().made())
    page.fit(room)
    return page


def tapped(page: Page) -> list[Spot]:
    """Return what pupils tap; how high a hand can touch is asked of it everywhere."""
    return [] if isinstance(page, ReachPage) else [spot for spot in page.spots() if not spot.is_teachers]

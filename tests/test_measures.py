"""What a class taps and sees, measured everywhere: reach, sizes, gaps, contrasts, and how many commands."""

import itertools
import math
from collections.abc import Sequence
from functools import cache

import pytest
from everywhere import (
    BRIGHT,
    Case,
    Place,
    after,
    cases,
    ended,
    fitted,
    lay,
    lived,
    name_of,
    of,
    opened,
    page_classes,
    tapped,
    tile,
    typical,
)
from measured import ICON, ROOM, SCREEN, TEXT, WASHED, contrast, distance, icons_on, shown_share, side, words_on
from shown import items

from petitpas.classroom.records import Settings
from petitpas.lessons import VARIANTS
from petitpas.wall.corner import REACH_RANGE
from petitpas.wall.level_layout import MOST_PERCENT, ceiling_px, gap_px, least_px
from petitpas.wall.pages.first_time import REACHES
from petitpas.wall.pages.invent_page import InventPage
from petitpas.wall.pages.page import Page, Room, Spot
from petitpas.wall.profiles import GAP_MM, GAP_PERCENT, PROFILES
from petitpas.wall.task import CHOICE, task_of
from petitpas.words import Words
from petitpas_sim.view.palette import rgb
from petitpas_sim.view.scene import Item

SIZES = [(1024, 768), (1280, 800), (1280, 720), (1920, 1080), (3840, 2160)]
DIAGONALS_MM = (None, 1397, 1905)
"""Not measured, 55 and 75 inches."""

HANDS = (None, REACH_RANGE[0], 24, 28, 34, 44, REACHES[-1], REACH_RANGE[1])
"""Shares of the height that pupils reach: the level's own, and from the lowest that can be set to the highest."""

ROWS = 3
"""Of tiles, strip and buttons, at most."""


@cache
def rooms() -> tuple[Room, ...]:
    words = Words("fr")
    return tuple(
        Room(*size, words, Settings(reach_percent=reach, scale_px_per_m=None if mm is None else round(1000 * math.hypot(*size) / mm)))
        for size, mm, reach in itertools.product(SIZES, DIAGONALS_MM, HANDS)
    )


def is_cell(spot: Spot, page: Page) -> bool:
    """Say whether a spot is a cell of a mat, which touch one another."""
    return isinstance(spot.name, tuple) and not getattr(page, "_arrows", tuple)()


# --- Hands ---

RULES = {"PS": (11, 100, 28), "MS": (11, 100, 28), "GS": (9, 80, 40), "CP": (7, 60, 50), "CE1": (7, 60, 60), "CE2": (7, 60, 60)}
"""The project's own: least sides, in percent of the height and in millimetres on a big screen, and the ceiling in percent."""


def test_hands_are_those_of_the_level() -> None:
    assert {level: (own.target_percent, own.target_mm, own.reach_percent) for level, own in PROFILES.items()} == RULES
    assert (GAP_PERCENT, GAP_MM) == (2, 20)


@pytest.mark.parametrize(
    "room", rooms(), ids=lambda room: f"{room.width}x{room.height}-{room.px_per_mm or 0:.2f}-{room.settings.reach_percent}"
)
def test_what_pupils_tap_is_under_their_ceiling_big_and_apart(room: Room) -> None:
    for place in lived():
        if place.level is None:
            continue
        page, profile = fitted(place, room), PROFILES[place.level]
        spots = tapped(page)
        for spot in spots:
            frame = spot.frame
            assert frame.top >= ceiling_px(room, profile), (place.name, spot)
            assert side(frame) >= least_px(room, profile), (place.name, spot)
            assert frame.left >= 0 and frame.right <= room.width and frame.bottom <= room.height, (place.name, spot)
        apart = [spot for spot in spots if not is_cell(spot, page)]
        for a, b in itertools.combinations(apart, 2):
            assert distance(a.frame, b.frame) >= gap_px(room), (place.name, a, b)
        if not isinstance(page, InventPage):  # there the mat itself is what one taps
            check_rows([spot for spot in apart if spot.name != "go"], room, place)


def check_rows(spots: Sequence[Spot], room: Room, place: Place) -> None:
    """Assert that what is tapped besides GO stands in a few rows, low: the mat has the rest."""
    assert len({spot.frame.top for spot in spots}) <= ROWS, place.name
    assert not spots or min(spot.frame.top for spot in spots) >= room.height - math.ceil(room.height * MOST_PERCENT / 100), place.name


def test_every_page_of_the_wall_is_measured() -> None:
    measured = {type(place.shell.page) for place in lived()}
    assert {kind.__name__ for kind in page_classes() - measured} == {"WorkshopPage"}  # whose dialogues test_workshop_page.py plays


def test_everything_else_that_is_tapped_is_the_teachers() -> None:
    pupils = {place.name for place in lived() if place.level is None and tapped(place.shell.page)}
    assert pupils == {"free play"}  # which has no level: see test_wall_layout.py


# --- Eyes ---


def seen(place: Place) -> list[Item]:
    place.shell.resize(BRIGHT)
    return items(place.shell)


@pytest.mark.parametrize(("size", "lang"), [(BRIGHT, "fr"), ((1024, 768), "en"), ((1024, 768), "fr")])
def test_words_stand_out_from_what_is_painted_below_them(size: tuple[int, int], lang: str) -> None:
    room, count = Room(*size, Words(lang)), 0
    for place in lived():
        page = place.shell.page
        page.fit(room)
        drawn = seen(place) if lang == "fr" and size == BRIGHT else [item for layer in page.layers(frozenset()) for item in layer]
        for label, grounds in words_on(drawn, size):
            count += 1
            for ground in grounds:
                assert contrast(rgb(label.colour), ground) >= TEXT, (place.name, label, ground)
                assert contrast(rgb(label.colour), ground, ROOM) >= WASHED, (place.name, label, ground)
    assert count > 1_000


@pytest.mark.parametrize("flare", [SCREEN, ROOM], ids=["screen", "washed out"])
def test_pictures_stand_out_from_their_ground(flare: float) -> None:
    least = ICON if flare == SCREEN else WASHED
    drawn = {pair for place in lived() for pair in icons_on(seen(place))}
    pale = [(name, ground) for name, ground in drawn if name not in HALOS and shown_share(name, ground, flare, least) < MOST]
    assert pale == [] and len(drawn) > 50


HALOS = ("glow",)
"""Pictures that say nothing by themselves: the ring of GO, which has its place, its size, its colour and its word."""

MOST = 0.75
"""Of a picture's extent: what has to stand out."""


# --- How many ---

MOST_COMMANDS = {"PS": 4, "MS": 7, "GS": 8, "CP": 11, "CE1": 13, "CE2": 15}
"""The project's own numbers; in CE2 two blocks more than in CE1."""


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_no_lesson_shows_more_commands_than_its_level_has(case: Case) -> None:
    _, variant, level = case
    task = task_of(variant, level)
    taken = [tuple(range(count)) for count in range(len(task.deck) + 1)]
    moments = [task.shown(cards, has_help) for cards in taken for has_help in (False, True)]
    assert all(len(commands) <= MOST_COMMANDS[level] == PROFILES[level].most for commands in moments), moments
    assert len({len(commands) for commands in moments}) == 1  # a tile gives its place to another, and none moves


def test_no_moment_shows_more_commands_than_its_level_has() -> None:
    for place in lived():
        names = [spot.name for spot in tapped(place.shell.page) if isinstance(spot.name, str) and not spot.name.startswith(CHOICE)]
        if place.level and not place.name.endswith("done"):
            assert len(names) <= MOST_COMMANDS[place.level], (place.name, names)
        elif place.level:  # what comes next stands in place of the tiles
            assert set(names) <= {"go", "again", "invent", *VARIANTS}, (place.name, names)


CODE = of("gs4", "pas")


def test_where_the_mat_cannot_come_down_a_place_is_pointed_at_by_arrows() -> None:
    shell = after(of("cp1", "pas"), "predict")
    page = shell.lesson_page
    page.fit(Room(*BRIGHT, Words("fr"), Settings(reach_percent=REACH_RANGE[0])))
    robot = page.variant.robots[0].start.cell
    frames: set[object] = set()
    for right, up in ((1, 0), (2, 0), (2, 1), (1, 1)):  # as far as the class wants, one cell after the other
        cell = robot[0] + right, robot[1] + up
        frames.add(next(spot.frame for spot in page.spots() if spot.name == cell))
        page.tap(cell)
        assert page.activity.token is not None and page.activity.token.cell == cell and page.activity.is_predicting
    assert len(frames) == 3  # each way has its place, and twice to the right is twice the same
    quarter = page.activity.token.quarter
    page.tap(cell)
    assert page.activity.token.quarter == (quarter + 1) % 4
    page.tap("predict")
    assert not page.activity.is_predicting and page.activity.accepts("go")


def test_help_and_prediction_have_one_place_and_each_is_there_when_it_is_of_use() -> None:
    before, elsewhere = after(CODE, "forward"), ended(CODE, "forward")
    assert "help" not in {spot.name for spot in before.spots()} and "predict" not in {spot.name for spot in elsewhere.spots()}
    assert tile(before, "predict") == tile(elsewhere, "help")
    elsewhere.tap("backward")
    elsewhere.tap("left")
    assert "predict" in {spot.name for spot in elsewhere.spots()}


@pytest.mark.parametrize("case", typical(), ids=name_of)
def test_a_prediction_never_blocks_go_but_where_it_is_what_the_class_does(case: Case) -> None:
    shell = opened(case)
    lay(shell, case[1].solution)
    activity = shell.lesson_page.activity
    if "go" in activity.task.commands:
        assert activity.accepts("go") is not (case[1].activity == "prevoir" and case[2] not in ("PS", "MS"))

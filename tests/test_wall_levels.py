"""The wall at each level: what pupils tap is big enough, apart, under the ceiling of their hands, and no more than the level has."""

import itertools
import math
from collections.abc import Iterator

import pytest

from petitpas.classroom.records import Settings
from petitpas.program.blocks import LEVELS, Level
from petitpas.wall.board import Board
from petitpas.wall.level_layout import ceiling_px, gap_px, least_px, level_layout
from petitpas.wall.pages.page import Room
from petitpas.wall.profiles import BIG_SCREEN_MM, PROFILES
from petitpas.wall.tiles import tile_items
from petitpas.words import LANGUAGES, Words
from petitpas_sim.view.artwork import PICTURES
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.scene import Frame, Label

SIZES = [(1024, 768), (1280, 720), (1280, 800), (1366, 768), (1400, 1050), (1920, 1080), (1920, 1200), (2560, 1600), (3840, 2160)]
DIAGONALS_MM = (None, 350, 1100, 1397, 1651, 1905, 2184)
"""Not measured, a laptop, a small television, and from 55 to 86 inches."""

MOST_COMMANDS = {"PS": 4, "MS": 7, "GS": 8, "CP": 11, "CE1": 13, "CE2": 13}


def rooms() -> Iterator[Room]:
    for size, diagonal in itertools.product(SIZES, DIAGONALS_MM):
        scale = None if diagonal is None else round(1000 * math.hypot(*size) / diagonal)
        yield Room(*size, Words("fr"), Settings(scale_px_per_m=scale))


@pytest.mark.parametrize("level", LEVELS)
def test_what_pupils_tap_is_big_apart_in_the_window_and_under_their_ceiling(level: Level) -> None:
    profile = PROFILES[level]
    for room in rooms():
        for cards in range(profile.strip + 1):
            layout = level_layout(room, profile, profile.commands, cards)
            targets = dict(layout.targets(cards))
            assert set(profile.commands) <= set(targets)
            least, gap, where = least_px(room, profile), gap_px(room), (room.width, room.height, room.px_per_mm, cards)
            for name, frame in targets.items():
                assert min(frame.width, frame.height) >= least, (name, where)
                assert frame.left >= 0 and frame.right <= room.width and frame.bottom <= room.height, (name, where)
                assert frame.top >= ceiling_px(room, profile), (name, where)
            for (a, first), (b, second) in itertools.combinations(targets.items(), 2):
                assert distance(first, second) >= gap, (a, b, where)


def distance(a: Frame, b: Frame) -> int:
    """Return the greater of the gaps between two frames, across and down."""
    return max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom)


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_over_the_mat_and_go_is_the_biggest_and_never_moves(level: Level) -> None:
    profile = PROFILES[level]
    for room in rooms():
        first = level_layout(room, profile, profile.commands, 0)
        for cards in range(profile.strip + 1):
            layout = level_layout(room, profile, profile.commands, cards)
            assert (layout.tiles, layout.go, layout.mat) == (first.tiles, first.go, first.mat)
            assert not any(layout.mat.overlaps(frame) for frame in (layout.side, layout.notice, layout.band, layout.strip))
            assert all(layout.strip.holds(slot.left, slot.top) and layout.strip.holds(slot.right, slot.bottom) for slot in layout.slots)
            assert not any(layout.strip.overlaps(frame) for _, frame in layout.tiles) and not layout.strip.overlaps(layout.go)
            assert not layout.go.width or layout.go.width > max(frame.width for _, frame in layout.tiles)
            assert layout.mat.height >= 0.4 * room.height


def test_sizes_are_of_the_height_on_small_screens_and_in_centimetres_on_big_ones() -> None:
    profile = PROFILES["GS"]
    small = Room(1920, 1080, Words("fr"), Settings())
    assert (least_px(small, profile), gap_px(small)) == (98, 22)
    for inches in (55, 65, 75, 86):
        scale = math.hypot(1920, 1080) / (25.4 * inches)
        big = Room(1920, 1080, Words("fr"), Settings(scale_px_per_m=math.floor(1000 * scale)))
        assert least_px(big, profile) == math.ceil(80 * big.px_per_mm) and math.hypot(1920, 1080) / big.px_per_mm >= BIG_SCREEN_MM


@pytest.mark.parametrize("reach", range(20, 101, 4))
@pytest.mark.parametrize("level", LEVELS)
def test_whatever_the_hand_reaches_nothing_is_above_it_or_overlaps(level: Level, reach: int) -> None:
    profile = PROFILES[level]
    for size in SIZES:
        room = Room(*size, Words("fr"), Settings(reach_percent=reach))
        layout = level_layout(room, profile, profile.commands, profile.strip)
        targets = dict(layout.targets(profile.strip))
        assert all(frame.top >= ceiling_px(room, profile) for frame in targets.values())
        assert all(not a.overlaps(b) for a, b in itertools.combinations(targets.values(), 2))


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_shows_no_more_than_its_commands(level: Level) -> None:
    commands = PROFILES[level].commands
    assert len(commands) == len(set(commands)) <= MOST_COMMANDS[level]
    for name in commands:
        assert name in (*PICTURES, "turn", "go") and all(Words(lang).has(f"wall.{name}") for lang in LANGUAGES)


@pytest.mark.parametrize("level", LEVELS)
def test_the_words_of_the_tiles_fit_them(level: Level) -> None:
    profile = PROFILES[level]
    commands = tuple(name for name in profile.commands if name != "turn")
    for size, lang in itertools.product(SIZES, LANGUAGES):
        room = Room(*size, Words(lang), Settings())
        layout = level_layout(room, profile, commands, 0)
        words = [item for item in tile_items(layout, Board(), room.words, frozenset()) if isinstance(item, Label)]
        for word, (name, frame) in zip(words, layout.tiles, strict=True):
            assert text_width(word.text, word.size) <= frame.width and word.size >= room.height / 80, (name, size, lang)

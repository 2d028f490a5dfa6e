"""Where things are on the wall at any size, and that its words fit and can be read."""

import itertools

import pytest
from fake_driver import FakeDriver
from shown import Shown

from petitpas.wall.board import CARDS, Board, Status
from petitpas.wall.layout import layout_for
from petitpas.wall.pieces import wrapped
from petitpas.words import LANGUAGES, Words
from petitpas_sim.mat import Mat, Place
from petitpas_sim.view.canvas import text_width
from petitpas_sim.view.palette import contrast
from petitpas_sim.view.scene import Art, Box, Frame, Label

SIZES = [(1024, 768), (1280, 800), (1366, 768), (1920, 1080), (3840, 2160)]
FORBIDDEN = ("faux", "raté", "échec", "mauvais", "perdu", "tromp")


@pytest.mark.parametrize("cards", [0, 5, 7, 8, 12, 13, 20, 23, 24])
@pytest.mark.parametrize("size", SIZES)
def test_targets_are_big_within_reach_and_apart(size: tuple[int, int], cards: int) -> None:
    layout = layout_for(*size, cards)
    targets = dict(layout.targets(cards))
    assert set(targets) == {*CARDS, "clear", "go", *range(cards)}
    smallest = 0.09 if cards < 20 or size[0] / size[1] > 1.5 else 0.07
    page = Frame(0, 0, *size)
    for name, frame in targets.items():
        assert min(frame.width, frame.height) >= round(smallest * size[1]) - 1, name
        assert page.holds(frame.left, frame.top) and page.holds(frame.right - 1, frame.bottom - 1), name
        assert frame.top >= 0.65 * size[1] - 1, name
    gap = round(0.004 * size[1])
    for (a, first), (b, second) in itertools.combinations(targets.items(), 2):
        assert not first.grown(gap).overlaps(second.grown(gap)), (a, b)
    rows = {frame.top for name, frame in targets.items() if name != "go"}
    assert len(rows) <= 3


@pytest.mark.parametrize("cards", [0, 12, 24])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_over_the_mat_and_go_is_the_biggest_and_never_moves(size: tuple[int, int], cards: int) -> None:
    layout = layout_for(*size, cards)
    assert not any(layout.mat.overlaps(frame) for frame in (layout.side, layout.notice, layout.band))
    assert not layout.side.overlaps(layout.band) and not layout.notice.overlaps(layout.band)
    assert all(layout.strip.holds(slot.left, slot.top) and layout.strip.holds(slot.right, slot.bottom) for slot in layout.slots)
    assert layout.band.height <= 0.35 * size[1]
    assert layout.go.width > max(frame.width for _, frame in layout.tiles)
    assert layout.go == layout_for(*size, 0).go
    assert [frame.left for _, frame in layout.tiles] == [frame.left for _, frame in layout_for(*size, 0).tiles]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_words_fit_their_places_and_can_be_read(size: tuple[int, int], lang: str) -> None:
    driver = FakeDriver(Mat.parse("8x6"), Place(0, 0), "chouette")
    shown = Shown(driver, lang)
    shown.resize(size)
    driver.extra = [("trouble", "no.such.key")]
    shown.step(20_000)
    for status in Status:
        for cards in ((), ("forward",)):
            shown.board = Board(cards, status, trouble=shown.board.trouble)
            check_labels([item for layer in shown.layers() for item in layer], size)


def check_labels(items: list[Box | Art | Label], size: tuple[int, int]) -> None:
    for index, label in enumerate(items):
        if not isinstance(label, Label):
            continue
        width = text_width(label.text, label.size, label.is_bold)
        left = label.x - width // 2 if label.align == 0 else label.x
        boxes = [item for item in items[:index] if isinstance(item, Box) and item.frame.holds(label.x, label.y)]
        around = boxes[-1].frame
        assert around.left <= left and left + width <= around.right, label.text
        assert around.top <= label.y - label.size // 2 and label.y + label.size // 2 <= around.bottom, label.text
        assert contrast(label.colour, ground(items[:index], boxes[-1], label)) >= 4.5, label


def ground(below: list[Box | Art | Label], around: Box, label: Label) -> str:
    """Return the colour on which a label stands: the sign's for GO and STOP, else the box's."""
    signs = [item.drawing.shapes[0] for item in below if isinstance(item, Art) and abs(item.x - label.x) < 3]
    discs = [sign.style.fill for sign in signs if len(sign.points) in (8, 48) and sign.style.fill not in ("", "glow")]
    return discs[-1] if label.text in ("GO", "STOP") else around.fill


def test_left_and_right_differ_in_more_than_colour() -> None:
    assert contrast("ink", "sky") >= 4.5 and contrast("right", "sky") >= 3
    frames = dict(layout_for(1280, 800, 0).tiles)
    assert frames["left"].left < frames["right"].left


def test_no_word_of_blame_is_ever_said() -> None:
    words = Words("fr")
    for key in words.keys("wall"):
        assert not any(blame in words.text(key).lower() for blame in FORBIDDEN)


def test_lines_are_broken_to_a_width_and_long_words_stay_whole() -> None:
    lines = wrapped("un deux trois anticonstitutionnellement", 20, 90)
    assert " ".join(lines) == "un deux trois anticonstitutionnellement"
    assert all(text_width(line, 20) <= 90 for line in lines[:-1]) and lines[-1] == "anticonstitutionnellement"

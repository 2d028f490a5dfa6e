"""The paper cards: what a group needs, markers that a camera reads, and pictures that are the wall's own."""

import re
from pathlib import Path
from typing import Any

import pytest

from petitpas.lessons.lesson import LANDMARKS
from petitpas.lessons.load import all_lessons
from petitpas.printing import lesson_pages, pdf
from petitpas.printing.markers import CARDS, DICTIONARY, MARKER_IDS
from petitpas.program.blocks import BLOCKS
from petitpas_sim.view.artwork import PICTURES, picture_of
from petitpas_sim.view.vector import outlined, svg
from tests.printed import WORDS, job, opened, tool

ROOT = Path(__file__).resolve().parent.parent

# --- Cards and their markers ------------------------------------------------------------------------------------------


def decoded(image: Any) -> list[int]:
    """Return the ids of the markers that OpenCV sees in a picture, in reading order."""
    cv2 = tool("cv2")
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DICTIONARY)))
    corners, ids, _ = detector.detectMarkers(image)
    if ids is None:
        return []
    places = [(round(float(corner[0][0][1]) / 100), float(corner[0][0][0])) for corner in corners]
    return [int(number) for _, number in sorted(zip(places, ids.flatten(), strict=True))]


def at_150_dpi(data: bytes) -> list[Any]:
    return [page.render(scale=150 / 72, grayscale=True).to_numpy() for page in opened(data)]


@pytest.mark.parametrize("name", ["pm1", "gs1", "gs4", "ce2-4", "ce2-6"])
def test_the_markers_of_printed_cards_are_read_at_150_dpi(name: str) -> None:
    tool("typst")
    pages = lesson_pages(job(name), ["cards"])
    for page, image in zip(pages, at_150_dpi(pdf(pages, name)), strict=True):
        assert decoded(image) == [card["marker"] for card in page["cards"]]


def test_every_marker_of_the_table_is_read() -> None:
    tool("typst")
    (page,) = lesson_pages(job("gs4"), ["cards"])
    cards = [{**page["cards"][0], "marker": number} for number in MARKER_IDS.values()]
    pages = [{**page, "cards": cards[first : first + 15]} for first in range(0, len(cards), 15)]
    seen = [number for image in at_150_dpi(pdf(pages, "all")) for number in decoded(image)]
    assert seen == list(MARKER_IDS.values())


def test_every_block_has_an_id_of_its_own() -> None:
    heads_apart = set(BLOCKS) | {"clear", "end"} | {f"number_{number}" for number in range(2, 10)}
    assert set(CARDS) == heads_apart and len(CARDS) == len(set(CARDS)) <= 50


def test_the_page_of_cards_shows_the_table() -> None:
    page = (ROOT / "docs" / "imprimer.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", page, flags=re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == [(number, name) for name, number in MARKER_IDS.items()]
    assert DICTIONARY in page


@pytest.mark.parametrize("lesson", all_lessons(), ids=lambda lesson: lesson.id)
def test_a_group_has_the_cards_of_every_solution(lesson: Any) -> None:
    cards = [card for page in lesson_pages(job(lesson.id), ["cards"]) for card in page["cards"]]
    pictures = [card["picture"] for card in cards]
    for variant in lesson.variants:
        for program in variant.solutions:
            types = [block.type for block in program.walk() if block.row.kind != "head"]
            assert all(pictures.count(kind) >= types.count(kind) for kind in types)
    assert len(cards) % 15 == 0 and {"go_key", "clear"} <= set(pictures)
    assert all(card["word"] or card["number"] for card in cards)


# --- Pictures ---------------------------------------------------------------------------------------------------------


def test_every_landmark_has_a_picture_and_a_word() -> None:
    assert set(LANDMARKS) <= set(PICTURES)
    assert all(WORDS.has(f"landmarks.{name}") for name in LANDMARKS)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fits_its_box_and_is_the_same_on_paper(name: str) -> None:
    drawing = picture_of(name)
    left, top, right, bottom = drawing.bounds()
    assert max(-left, -top, right, bottom) <= 80
    text = svg(drawing)
    assert text.count("<poly") == len(drawing.shapes)
    assert svg(outlined(drawing)).count("<poly") == len(drawing.shapes)
    assert set(re.findall(r'(?:fill|stroke)="(#\w+|none)"', svg(outlined(drawing)))) <= {"none", "#22303C", "#FFFFFF"}

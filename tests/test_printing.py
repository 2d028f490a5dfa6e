"""What is printed: true to scale, one page for a teacher, nothing beside the paper; and the command that prints."""

import errno
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from petitpas import arguments, cli, publishing
from petitpas.errors import FileError, KitError
from petitpas.lessons.lesson import VARIANTS, Wrong
from petitpas.lessons.load import lessons_folder, load_lesson
from petitpas.lessons.programmes import all_sequences
from petitpas.lessons.sheet import HEADINGS
from petitpas.printing import PARTS, Job, booklet_pages, lesson_pages, pdf, png
from petitpas.printing.markers import MARKER_IDS
from petitpas.printing.mats import BORDER_MM, MARGIN_MM, OVERLAP_MM, PAPERS_MM, tiling
from petitpas.printing.press import EXTRA
from petitpas.program import from_compact
from petitpas.program.blocks import BLOCKS
from petitpas.words import Words
from petitpas_sim.mat import CELL_MM
from tests.printed import POINTS_PER_MM, TODAY, WORDS, job, lines_of, opened, size_of, tool
from tests.test_words import NEVER

# --- Every lesson -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=all_sequences(), ids=lambda sequence: sequence.name)
def level(request: pytest.FixtureRequest) -> Iterator[tuple[list[Any], Any]]:
    """A whole level, its pages as data and as a PDF; of the mats, which are many pages that are much alike, those of one level."""
    tool("typst")
    jobs = [job(name) for name in request.param.lessons]
    told: list[Job] = []
    parts = [part for part in PARTS if part != "mat" or request.param.name == "PM"]
    pages = booklet_pages(request.param, jobs, parts, told.append)
    assert told == jobs
    document = opened(pdf(pages, request.param.title))
    yield pages, document
    document.close()


def test_every_page_of_a_level_is_one_page(level: tuple[list[Any], Any]) -> None:
    pages, document = level
    assert len(document) == len(pages)
    for page, printed in zip(pages, document, strict=True):
        width, height = (round(points / POINTS_PER_MM) for points in printed.get_size())
        assert tuple(sorted((width, height))) in PAPERS_MM.values(), page["kind"]


def test_nothing_is_where_a_printer_does_not_print(level: tuple[list[Any], Any]) -> None:
    numpy, dpi, edge_mm = tool("numpy"), 36, 4
    edge = round(edge_mm / 25.4 * dpi)
    for page, printed in zip(*level, strict=True):
        image = printed.render(scale=dpi / 72, grayscale=True).to_numpy().copy()
        assert image.min() < 128, page["kind"]
        image[edge:-edge, edge:-edge] = 255
        assert numpy.all(image > 250), (page["kind"], page.get("title"))


def test_no_page_has_a_word_that_never_appears(level: tuple[list[Any], Any]) -> None:
    for printed in level[1]:
        assert NEVER.findall(printed.get_textpage().get_text_bounded()) == []


def test_a_teacher_can_read_the_sheet(level: tuple[list[Any], Any]) -> None:
    raw = tool("pypdfium2.raw")
    for page, printed in zip(*level, strict=True):
        if page["kind"] == "sheet":
            text = printed.get_textpage()
            sizes = [raw.FPDFText_GetFontSize(text.raw, at) for at in range(text.count_chars())]
            usual = max(set(sizes), key=sizes.count)
            print(f"{page['title']}: {usual:.2f} pt")
            assert usual >= 7.5, page["title"]


def test_the_fonts_are_those_that_beginners_read(level: tuple[list[Any], Any]) -> None:
    fonts = set()
    raw = tool("pypdfium2.raw")
    for printed in level[1]:
        for thing in printed.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            fonts.add(thing.get_font().get_base_name())
    assert {re.sub(r"^[A-Z]{6}\+", "", font).split("-")[0] for font in fonts} == {"Andika"}


def test_the_sheet_says_all_that_the_lesson_says() -> None:
    tool("typst")
    lesson = load_lesson(lessons_folder() / "gs4")
    (page,) = lesson_pages(job("gs4"), ["sheet"])
    text = " ".join(opened(pdf([page], "gs4"))[0].get_textpage().get_text_bounded().split())
    for heading in HEADINGS:
        said = getattr(lesson.sheet, heading)
        assert WORDS.text(f"print.headings.{heading}") in text
        for line in [said] if isinstance(said, str) else said:
            assert line.split()[-1].rstrip(".") in text
    for wanted in (lesson.title, lesson.objective, "NOR MENE2608627A", "30 min", *(v.challenge.fr for v in lesson.variants if v.challenge)):
        assert wanted in text
    assert WORDS.text("explain.turn_sidesteps.say") in text


def test_a_badge_says_what_is_not_in_force_and_what_is_in_no_programme() -> None:
    (early,) = lesson_pages(job("ce1-1"), ["sheet"])
    badges = {reference["badge"] for reference in early["references"]}
    assert badges <= {"", "à partir de 2027"} and "à partir de 2027" in badges
    later = Job(load_lesson(lessons_folder() / "ce1-1"), WORDS, today=date(2027, 10, 1))
    assert {reference["badge"] for reference in next(iter(lesson_pages(later, ["sheet"])))["references"]} == {""}
    (beyond,) = lesson_pages(job("ce2-4"), ["sheet"])
    assert "hors programme – enrichissement" in beyond["badges"]


# --- True to scale ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS_MM)
def test_a_cell_is_a_cell_and_the_ruler_ten_centimetres(paper: str) -> None:
    tool("typst")
    pages = lesson_pages(job("gs4", paper=paper), ["mat"])
    for page in opened(pdf(pages, "gs4")):
        sizes = [size_of(line) for line in lines_of(page)]
        assert (CELL_MM, CELL_MM) in sizes
        assert (100.0, 0.0) in sizes
        assert "mesurer : 10 cm" in page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("part", ["cards", "strip", "tokens", "badges", "armbands"])
def test_what_is_cut_out_has_its_ruler(part: str) -> None:
    tool("typst")
    for page in opened(pdf(lesson_pages(job("gs4"), [part]), "gs4")):
        assert (100.0, 0.0) in [size_of(line) for line in lines_of(page)]


@pytest.mark.parametrize("paper", PAPERS_MM)
@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (5, 1), (1, 6), (4, 4), (8, 6), (26, 26)])
def test_tiles_cover_the_mat_and_overlap(columns: int, rows: int, paper: str) -> None:
    laid = tiling(columns, rows, paper)
    for cells, tiles, length, room in (
        (columns, laid.across, laid.width, laid.page[0] - 2 * MARGIN_MM),
        (rows, laid.down, laid.height, laid.page[1] - 2 * MARGIN_MM),
    ):
        assert length <= room
        covered = tiles * length - (tiles - 1) * OVERLAP_MM
        assert 0 <= covered - (cells * CELL_MM + 2 * BORDER_MM) < tiles + 1
    assert laid.count == laid.across * laid.down


def test_a_strip_of_cells_lies_on_three_sheets() -> None:
    assert tiling(5, 1, "a4").count == 3 and tiling(5, 1, "a4").page == (297, 210)


def test_tiles_follow_one_another_without_a_gap() -> None:
    pages = lesson_pages(job("gs4"), ["mat"])
    lefts = sorted({(page["window"][0], page["window"][2]) for page in pages})
    for (left, width), (following, _) in pairwise(lefts):
        assert left + width - following == OVERLAP_MM
    assert lefts[-1][0] + lefts[-1][1] == 4 * CELL_MM + 2 * BORDER_MM


# --- The command ------------------------------------------------------------------------------------------------------


def test_a_lesson_becomes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("typst")
    file = tmp_path / "une leçon.pdf"
    assert cli.main(["print", "gs4", "--what", "sheet,cards", "--out", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    assert len(opened(file.read_bytes())) == 2


def test_a_level_tells_each_lesson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("typst")
    file = tmp_path / "gs.pdf"
    assert cli.main(["print", "--booklet", "gs", "--what", "sheet", "--out", str(file)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told[:6]] == [f"{number}/6" for number in range(1, 7)]
    assert len(opened(file.read_bytes())) == 7


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_part_is_printed_in_both_languages(lang: str) -> None:
    tool("typst")
    pages = lesson_pages(Job(load_lesson(lessons_folder() / "gs3"), Words(lang), variants=("pas",), today=TODAY), PARTS)
    assert {page["kind"] for page in pages} == set(PARTS)
    assert len(png(pages[:1], 20)) == 1 and len(opened(pdf(pages, "gs3", lang))) == len(pages)


def test_a_lesson_of_any_blocks_is_printed() -> None:
    tool("typst")
    lesson = load_lesson(lessons_folder() / "ce2-4")
    programs = [from_compact(sample(kind)) for kind in BLOCKS]
    wrong = tuple(Wrong(program, "none") for program in programs)
    variant = replace(lesson.variants[1], others=tuple(programs), given=programs[-1], wrong=wrong)
    odd = replace(lesson, variants=(variant,) * 3)
    pages = lesson_pages(Job(odd, WORDS, today=TODAY), ["sheet", "cards", "strip", "paper"])
    shown = {card["marker"] for page in pages if page["kind"] == "cards" for card in page["cards"]}
    assert {MARKER_IDS[kind] for kind in BLOCKS if kind != "define"} <= shown
    assert len(opened(pdf(pages, ""))) >= len(pages)


def sample(kind: str) -> list[object]:
    """Return a program with a block of a kind in it."""
    row = BLOCKS[kind]
    sensor = {"sensor": "bump"}
    values = [sensor if parameter.unit == "test" else parameter.default for parameter in row.parameters]
    block = [kind, *values, *([["beep"]] if row.bodies else [])]
    if kind == "call":
        return [["when_go", [block]], ["define", 1, ["beep"]]]
    if kind == "define":
        return [["when_go", []], block]
    return [block]


MINIMAL = """
format = 1
levels = ["GS"]
title = '#panic("*") $x$ _a_ <b> @c \\ « é » 機'
[variants.petit_pas]
kit = "exact"
mat = "1x2"
start = "A1N"
goal = { type = "reach", cells = ["A2"] }
solution = ["forward"]
[variants.pas]
kit = "rocket"
mat = "26x1"
start = "A1N"
goal = { type = "reach", cells = ["B1"] }
solution = ["go_right"]
[variants.grand_pas]
kit = "exact"
mat = "26x26"
start = "A1N"
goal = { type = "predict", place = "A1W" }
solution = ["left"]
"""


def test_a_lesson_that_is_hardly_begun_is_printed(tmp_path: Path) -> None:
    tool("typst")
    folder = tmp_path / "ma-leçon"
    folder.mkdir()
    (folder / "lesson.toml").write_text(MINIMAL, encoding="utf-8")
    pages = lesson_pages(Job(load_lesson(folder / "lesson.toml"), WORDS, today=TODAY), PARTS)
    document = opened(pdf(pages, "ma leçon"))
    assert len(document) == len(pages)
    assert '#panic("*") $x$ _a_' in document[0].get_textpage().get_text_bounded()


def test_a_page_with_nothing_on_it_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "ma-leçon"
    folder.mkdir()
    (folder / "lesson.toml").write_text(MINIMAL, encoding="utf-8")
    assert cli.main(["print", str(folder), "--what", "words"]) == cli.WRONG_INPUT
    assert "n’a encore rien à imprimer" in capsys.readouterr().err


def test_the_same_pages_are_the_same_file() -> None:
    tool("typst")
    pages = lesson_pages(job("pm1"), ["sheet", "cards"])
    assert pdf(pages, "pm1") == pdf(pages, "pm1")


def test_one_variant_is_printed_alone() -> None:
    pages = lesson_pages(job("gs4", variants=("grand_pas",)), ["mat", "board", "paper"])
    assert {page["title"] for page in pages} == {"Trois à cinq cartes · grand pas"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["print", "gs99"], "Il n’y a pas de leçon « gs99 »"),
        (["print", "gs4", "--what", "cartes"], "« cartes » ne s’imprime pas"),
        (["print", "--booklet", "CM1"], "Il n’y a pas de niveau « CM1 »"),
    ],
)
def test_what_cannot_be_printed_is_said(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("typst")
    assert cli.main(["print", "gs4", "--what", "poster", "--out", str(tmp_path / "no" / "x.pdf")]) == 2
    assert "ne peut pas être lu ou écrit" in capsys.readouterr().err


def test_a_full_disk_is_said_and_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "x.pdf"
    file.touch()
    monkeypatch.setattr(Path, "open", lambda *_: Full())
    with pytest.raises(FileError) as told:
        publishing.write(file, b"x")
    assert "plus de place" in told.value.say()
    assert not file.exists()


def test_a_lesson_or_a_level_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["print"])
    assert "il manque l’un de ceux-ci : LESSON --booklet" in capsys.readouterr().err


def test_without_typst_one_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(KitError) as told:
        pdf(lesson_pages(job("gs4"), ["poster"]), "")
    assert "-m pip install typst" in told.value.say()
    assert EXTRA == ("typst",)


def test_the_command_line_knows_what_the_printing_knows() -> None:
    assert tuple(PAPERS_MM) == arguments.PAPERS
    assert arguments.VARIANTS == VARIANTS
    for lang in ("fr", "en"):
        said = Words(lang).text("cli.print.what")
        assert all(part in said for part in PARTS)

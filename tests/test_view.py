"""The picture of a world: drawings as data, where things are on a mat, and that painting a part gives what painting all gives."""

import math
import os
from pathlib import Path

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitpas_sim.mat import Mat, Place
from petitpas_sim.snapshot import RobotSnapshot, Snapshot
from petitpas_sim.view import canvas as canvas_module
from petitpas_sim.view.animals import ANIMALS, robot_picture
from petitpas_sim.view.artwork import picture_of
from petitpas_sim.view.canvas import Canvas, Painter
from petitpas_sim.view.palette import COLOURS, LIGHTS, contrast, mix, rgb
from petitpas_sim.view.picture import picture, save_picture
from petitpas_sim.view.scene import (
    Art,
    Box,
    Bump,
    Decor,
    Frame,
    Label,
    MatLayout,
    crossed,
    extended,
    mat_items,
    number_items,
    robot_items,
    trail_items,
)
from petitpas_sim.view.shapes import Drawing, Style, box, circle, dashed, path

SIZES = [(240, 240), (700, 500), (1920, 1080), (333, 1000)]
MATS = [Mat(1, 1), Mat(5, 1), Mat(1, 6), Mat.parse("5x4", ["B3", "E2"]), Mat(8, 6), Mat(26, 26)]


def world(x: float = 75, y: float = 75, heading: float = 0, mat: Mat | None = None, **more: object) -> Snapshot:
    fields = {"name": "lapin", "kit": "exact", "colour": 0, "tone_hz": 0, "is_moving": False} | more
    return Snapshot(0, mat or Mat(3, 3), (RobotSnapshot(x_mm=x, y_mm=y, heading_deg=heading, **fields),))


# --- Palette and shapes ---


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_colours_mix_from_one_to_the_other() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FF8000", 1) == "#FF8000"
    assert rgb(mix("ink", "paper", 0.5)) != rgb("ink")


@pytest.mark.parametrize("text", ["M0 0 C1 1 2 2 3 3", "M0 0 l5 5", "M0 0 L5", "Q1 1 2 2", "M0 0 Q1 1"])
def test_a_path_that_cannot_be_drawn_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        path(text, Style("ink"))


def test_a_path_bends_through_its_end_points() -> None:
    bend = path("M0 0 Q10 0 10 10 Z", Style("ink"))
    assert bend.points[0] == (0, 0) and bend.points[-1] == pytest.approx((10, 10)) and bend.is_closed
    assert max(math.dist(a, b) for a, b in zip(bend.points, bend.points[1:], strict=False)) < 2


def test_bounds_count_the_stroke() -> None:
    assert Drawing(circle(10, 0, 5, Style("ink", "ink", 4))).bounds() == pytest.approx((3, -7, 17, 7), abs=0.05)
    assert Drawing(circle(10, 0, 5, Style("ink"))).centred().bounds() == pytest.approx((-5, -5, 5, 5), abs=0.05)


def test_dashes_have_even_lengths_all_round() -> None:
    dashes = dashed(box(-50, -50, 100, 100, 0, Style(edge="ink", width=2)), 9, 10)
    lengths = [sum(math.dist(a, b) for a, b in zip(dash.points, dash.points[1:], strict=False)) for dash in dashes]
    assert len(dashes) == 21
    assert lengths == pytest.approx([400 / 21 * 9 / 19] * 21)


# --- Pictures ---


@pytest.mark.parametrize("name", ["house", "flower", "rock", "forward", "backward", "left", "right", "clear", "go", "bump", "plug", "slot"])
def test_every_picture_fits_its_box_and_its_colours_exist(name: str) -> None:
    drawing = picture_of(name)
    left, top, right, bottom = drawing.bounds()
    assert max(-left, -top, right, bottom) <= 85
    for shape in drawing.shapes:
        assert not shape.style.fill or shape.style.fill in COLOURS
        assert not shape.style.edge or shape.style.edge in COLOURS


def test_left_is_orange_with_a_disc_and_right_blue_with_a_triangle() -> None:
    for name, sides in (("left", 48), ("right", 3)):
        bold, mark = picture_of(name).shapes[-2:]
        assert mark.style.fill == bold.style.edge == name
        assert len(mark.points) == sides


@pytest.mark.parametrize("name", ANIMALS)
def test_a_robot_shows_its_flanks_and_its_nose(name: str) -> None:
    drawing = robot_picture(name, "exact")
    middle = {shape.style.fill: sum(x for x, _ in shape.points) for shape in drawing.shapes if shape.style.fill in ("left", "right")}
    assert middle["left"] < 0 < middle["right"]
    nose = min((point for shape in drawing.shapes if shape.style.fill == "ink" for point in shape.points), key=lambda point: point[1])
    assert nose == (0, -51)
    assert max(abs(bound) for bound in drawing.bounds()) < 80


def test_animals_differ_and_an_unknown_one_is_a_rabbit() -> None:
    assert len({robot_picture(name, "exact").shapes for name in ANIMALS}) == len(ANIMALS) >= 4
    assert robot_picture("licorne", "exact").shapes == robot_picture("lapin", "exact").shapes


def test_the_rocket_has_neither_front_nor_flanks() -> None:
    drawing = robot_picture("fusee", "rocket")
    assert not {shape.style.fill for shape in drawing.shapes} & {"left", "right"}
    (art,) = robot_items(MatLayout.fit(Mat(3, 3), Frame(0, 0, 300, 300)), world(heading=137, kit="rocket").robots)
    assert isinstance(art, Art) and art.angle_deg == 0


@pytest.mark.parametrize("colour", range(1, len(LIGHTS)))
def test_lights_and_sound_are_seen(colour: int) -> None:
    dark, lit, loud = (robot_picture("lapin", "exact", *state) for state in ((0, False), (colour, False), (0, True)))
    assert LIGHTS[colour] in {shape.style.fill for shape in lit.shapes} - {shape.style.fill for shape in dark.shapes}
    assert len(loud.shapes) == len(dark.shapes) + 2


# --- Places on the mat ---


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mat", MATS)
def test_a_mat_fits_its_area_and_cells_are_apart(mat: Mat, size: tuple[int, int]) -> None:
    layout = MatLayout.fit(mat, Frame(7, 11, *size))
    assert layout.card.left >= 7 and layout.card.top >= 11 and layout.card.right <= 7 + size[0] and layout.card.bottom <= 11 + size[1]
    cells = [layout.cell((column, row)) for column in range(min(3, mat.columns)) for row in range(min(3, mat.rows))]
    assert not any(a.overlaps(b) for index, a in enumerate(cells) for b in cells[:index])
    assert all(layout.card.holds(cell.left, cell.top) and layout.card.holds(cell.right - 1, cell.bottom - 1) for cell in cells)


def test_north_is_up_and_a_cell_is_where_its_middle_is() -> None:
    layout = MatLayout.fit(Mat(4, 3), Frame(0, 0, 800, 600))
    for cell in ((0, 0), (3, 2), (1, 1)):
        x, y = layout.point((cell[0] + 0.5) * 150, (cell[1] + 0.5) * 150)
        assert (x, y) == pytest.approx(layout.cell(cell).centre, abs=1)
    assert layout.cell((0, 1)).top < layout.cell((0, 0)).top and layout.cell((1, 0)).left > layout.cell((0, 0)).left


def test_robots_and_their_bumps_stay_on_the_card_at_the_edge() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 900, 900))
    for item in robot_items(layout, world().robots, [Bump("lapin")]):
        assert isinstance(item, Art)
        reach = max(abs(bound) for bound in item.drawing.bounds())
        assert layout.card.left <= item.x - reach * item.scale and item.y + reach * item.scale <= layout.card.bottom


walks = st.lists(st.sampled_from([(0, 1), (1, 0), (0, -1), (-1, 0)]), max_size=30)


@given(walks)
def test_a_path_gives_the_cells_walked_and_stays_short(steps: list[tuple[int, int]]) -> None:
    trail: tuple[tuple[float, float], ...] = ()
    column, row = 20, 20
    cells = [(column, row)]
    for dx, dy in steps:
        for part in range(11):
            trail = extended(trail, (column + 0.5 + dx * part / 10) * 150, (row + 0.5 + dy * part / 10) * 150)
        column, row = column + dx, row + dy
        cells.append((column, row))
    assert crossed(trail) == (cells if steps else [])
    assert len(trail) <= len(steps) + 1


def test_a_cell_counts_once_its_middle_is_near() -> None:
    assert crossed(((75, 75), (75, 194))) == [(0, 0)]
    assert crossed(((75, 75), (75, 196))) == [(0, 0), (0, 1)]


def test_standing_still_adds_nothing_to_a_path() -> None:
    trail = extended((), 75, 75)
    assert extended(trail, 75.01, 75) is trail


def test_there_and_back_is_one_row_of_dots() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 600, 600))
    there = trail_items(layout, ((75, 75), (75, 225)))
    assert trail_items(layout, ((75, 75), (75, 225), (75, 75))) == there
    assert len(there) == 7


def test_numbers_count_the_cells_and_a_cell_shows_its_last_three() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 600, 600))
    trail = ((75.0, 75.0), (75.0, 225.0)) * 5
    labels = [item for item in number_items(layout, trail) if isinstance(item, Label)]
    assert [label.text for label in labels] == ["5", "7", "9", "4", "6", "8"]
    assert all(layout.cell((0, 1)).holds(label.x, label.y) for label in labels[:3])
    assert len({(label.x, label.y) for label in labels}) == 6


# --- Pixels ---


def colour_at(surface: pygame.Surface, at: tuple[float, float]) -> tuple[int, int, int]:
    return tuple(surface.get_at((round(at[0]), round(at[1])))[:3])


def test_the_flanks_turn_with_the_robot() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 900, 900).grown(-30))
    middle = layout.point(225, 225)
    for heading in (0, 90, 180, 270):
        surface = picture(world(225, 225, heading))
        for side, colour in ((-1, "left"), (1, "right")):
            ahead, aside = -10 * layout.pitch / 120, side * 22 * layout.pitch / 120
            sine, cosine = math.sin(math.radians(heading)), math.cos(math.radians(heading))
            assert colour_at(surface, (middle[0] + aside * cosine + ahead * sine, middle[1] + aside * sine - ahead * cosine)) == rgb(colour)


@pytest.mark.parametrize("angle", [0, 46, 90])
def test_borders_are_never_mixed_with_black(angle: int) -> None:
    surface = pygame.Surface((120, 120))
    surface.fill(rgb("card"))
    Canvas().paint(surface, [Art(Drawing(circle(0, 0, 40, Style("sun"))), 60, 60, 1.0, angle)])
    darkest = min(min(colour_at(surface, (x, y))) for x in range(120) for y in range(120))
    assert darkest >= min(rgb("sun")) - 2


def test_a_picture_needs_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    decor = Decor(Place(0, 0), ((2, 2),), ((75, 75), (75, 225)), (Bump("lapin", True),))
    surface = picture(world(75, 225, 90, Mat(3, 3, frozenset({(1, 1)}), frozenset({(0, 0, "N"), (1, 0, "E")}))), decor, (480, 360))
    assert not pygame.display.get_init()
    colours = {colour_at(surface, (x, y)) for x in range(0, 480) for y in range(0, 360)}
    assert {rgb(name) for name in ("paper", "card", "ink", "teal", "plum", "petal", "stone", "left", "right")} <= colours


def test_a_picture_is_saved_or_its_file_is_named(tmp_path: Path) -> None:
    save_picture(tmp_path / "mat.png", world(), size=(64, 48))
    assert pygame.image.load(str(tmp_path / "mat.png")).get_size() == (64, 48)
    with pytest.raises(OSError, match="nowhere"):
        save_picture(tmp_path / "nowhere" / "mat.png", world())


def test_andika_is_there_with_its_licence_and_has_all_letters() -> None:
    folder = Path(canvas_module.__file__).parent / "fonts"
    assert {"Andika-Regular.ttf", "Andika-Bold.ttf", "OFL.txt", "ORIGIN.md"} <= set(os.listdir(folder))
    for is_bold in (False, True):
        metrics = canvas_module.font(20, is_bold).metrics("AaéèêëàâùûîïôçœÉÀÇŒ’«»…0123456789×")
        assert None not in metrics


def test_without_its_font_text_is_still_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    canvas_module.font.cache_clear()
    monkeypatch.setattr(canvas_module, "files", lambda _: tmp_path)
    assert canvas_module.text_width("GO", 20) > 0
    canvas_module.font.cache_clear()


def test_pictures_kept_stay_within_their_budget() -> None:
    canvas = Canvas(budget_bytes=600_000)
    for angle in range(0, 360, 2):
        canvas.bounds(Art(robot_picture("lapin", "exact"), 0, 0, 0.8, angle))
        assert canvas._bytes <= 600_000
    assert 1 < len(canvas._kept) < 60


def test_what_is_painted_again_and_again_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    made, drawn = [], canvas_module._cornered
    monkeypatch.setattr(canvas_module, "_cornered", lambda *args: (made.append(args), drawn(*args))[1])
    canvas, surface = Canvas(budget_bytes=600_000), pygame.Surface((200, 200))
    for angle in range(0, 360, 2):
        canvas.paint(surface, [Box(Frame(10, 10, 90, 60), 12, "sun"), Art(robot_picture("lapin", "exact"), 100, 100, 0.8, angle)])
    assert len(made) == 1


def test_a_turned_picture_stays_where_it_is() -> None:
    drawing = Drawing(circle(0, 0, 30, Style("sun")), circle(0, -40, 8, Style("ink")))
    for angle in range(0, 360, 14):
        surface = pygame.Surface((120, 120), pygame.SRCALPHA)
        Canvas().paint(surface, [Art(drawing, 60, 60, 1.0, angle)])
        sun = pygame.mask.from_threshold(surface, rgb("sun"), (40, 40, 40, 255))
        assert sun.centroid() == pytest.approx((59.5, 59.5), abs=1.6)  # pixels have their middles half a pixel further
        spot = (60 + 40 * math.sin(math.radians(angle)), 60 - 40 * math.cos(math.radians(angle)))
        assert colour_at(surface, spot) == rgb("ink")


def test_one_more_robot_of_an_animal_has_its_picture() -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 300, 300))
    (one,), (other,) = (robot_items(layout, world(name=name).robots) for name in ("renard", "renard 2"))
    assert one == other


# --- Painting only what has changed ---

moments = st.tuples(
    st.sampled_from([75.0, 110.0, 225.0, 375.0]),
    st.sampled_from([75.0, 230.5, 375.0]),
    st.sampled_from([0, 31, 90, 180]),
    st.booleans(),
    st.sampled_from([(), ((75.0, 75.0), (75.0, 225.0)), ((75.0, 75.0), (225.0, 75.0), (225.0, 375.0))]),
)
Moment = tuple[float, float, int, bool, tuple[tuple[float, float], ...]]


def test_a_label_without_words_comes_and_goes() -> None:
    painter, surface = Painter(Canvas()), pygame.Surface((90, 90))
    for text in ("", "avance", "", ""):
        painter.paint(surface, ((Box(Frame(0, 0, 90, 90), 0, "paper"),), (Label(text, 45, 45, 20),)))
    assert len({tuple(surface.get_at((x, 45))) for x in range(90)}) == 1


@settings(max_examples=30)
@given(st.lists(moments, min_size=1, max_size=6))
def test_painting_a_part_gives_what_painting_all_gives(steps: list[Moment]) -> None:
    layout = MatLayout.fit(Mat(3, 3), Frame(0, 0, 210, 210))
    canvas = Canvas()
    painter, surface = Painter(canvas), pygame.Surface((210, 210))
    paper = (Box(Frame(0, 0, 210, 210), 0, "paper"),)
    for x, y, heading, is_bumped, trail in steps:
        decor = Decor(Place(0, 0), ((2, 2),), trail, (Bump("lapin"),) if is_bumped else ())
        layers = (paper, *mat_items(layout, world(x, y, heading), decor))
        painter.paint(surface, layers)
        assert painter.paint(surface, layers) == []
        whole = pygame.Surface((210, 210))
        for layer in layers:
            canvas.paint(whole, layer)
        assert surface.get_buffer().raw == whole.get_buffer().raw

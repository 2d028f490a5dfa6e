"""The maker's guide: a body in which nothing touches, drawings that say what the kit files say, pages that are up to date."""

from __future__ import annotations

import copy
import json
import math
import re
import shutil
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import maker
from making import body, parts, wires, wiring
from making.outlines import Outline, Plate
from petitpas import cli
from petitpas_robot.kit import Kit
from petitpas_sim.kits import kit_file, load_kit
from petitpas_sim.view.palette import COLOURS

SVG = "{http://www.w3.org/2000/svg}"
GUIDE = maker.GUIDE
DRAWINGS = sorted(GUIDE.glob("*.svg"))
TRUE_SIZE = [file for file in DRAWINGS if file.name.startswith(("plateau", "plaque", "flancs", "roues"))]
LEAST_WOOD_MM = 1.8
"""Between two openings, or an opening and an edge: less breaks."""


@pytest.fixture(params=maker.KITS)
def kit(request: pytest.FixtureRequest) -> Any:
    return load_kit(request.param)


def changed(name: str, **pins: Any) -> Kit:
    """Return a kit with other pins."""
    fields = copy.deepcopy(json.loads(kit_file(name).read_text(encoding="utf-8")))
    fields["pins"].update(pins)
    return Kit(fields)


def drawing(file: Path) -> ElementTree.Element:
    return ElementTree.parse(file).getroot()


# --- Up to date ----------------------------------------------------------------------------------------------------


def test_the_guide_is_what_the_kit_files_make() -> None:
    assert maker.main(["--check"]) == 0


def test_a_drawing_changed_by_hand_is_noticed_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "docs" / "fabriquer"
    shutil.copytree(GUIDE, copied)
    monkeypatch.setattr(maker, "ROOT", tmp_path)
    monkeypatch.setattr(maker, "GUIDE", copied)
    (copied / "etape-1.svg").write_text("<svg/>", encoding="utf-8")
    assert maker.main(["--check"]) == 1
    assert "etape-1.svg is not what" in capsys.readouterr().out
    assert (maker.main([]), maker.main(["--check"])) == (0, 0)


def test_the_folder_has_no_drawing_that_nothing_makes() -> None:
    assert {file.name for file in DRAWINGS} == set(maker.drawings([load_kit(name) for name in maker.KITS]))


def test_kits_that_need_different_bodies_are_refused() -> None:
    smaller = changed("pico-dc")
    smaller.wheel_um = 60000
    with pytest.raises(SystemExit, match="no longer share one body"):
        maker.drawings([load_kit("pico-stepper"), smaller])


# --- The body ------------------------------------------------------------------------------------------------------


def test_the_body_is_the_one_that_was_promised(kit: Any) -> None:
    assert (body.wheel_mm(kit), 2 * body.wheel_x(kit)) == (65.0, 100.0)
    assert body.base(kit).size[0] <= 130 and body.key_plate(kit).size[0] <= 130
    assert body.height_mm() <= 90
    assert parts.mass_g(kit) <= 550
    disc = body.wheel_disc(kit, False)
    assert disc.size[0] + 2 * body.TYRE_MM == pytest.approx(65.0, abs=0.01)


def middle(outline: Outline) -> tuple[float, float]:
    xs, ys = zip(*outline, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def holes(plate: Plate, name: str) -> list[Outline]:
    return [hole.outline for hole in plate.holes if hole.name == name]


def test_wheels_and_shafts_share_one_axle_through_the_middle(kit: Any) -> None:
    slots = sorted(middle(outline) for outline in holes(body.base(kit), "roue"))
    assert slots == [pytest.approx((-50, 0)), pytest.approx((50, 0))]
    (axle,) = [hole.outline for hole in body.flank(kit).holes if hole.name.startswith("axe")]
    ys, zs = zip(*axle, strict=True)
    assert (min(ys) + max(ys)) / 2 == pytest.approx(0)
    assert min(zs) < body.axle_z(kit) < max(zs)
    wheels = [box for box in body.boxes(kit) if box.name.startswith("roue")]
    assert {(box.least[1] + box.most[1], box.least[2] + box.most[2]) for box in wheels} == {(0.0, 65.0)}


def test_the_stepper_fits_its_flank() -> None:
    stepper = load_kit("pico-stepper")
    (axle,), ears = holes(body.flank(stepper), "axe"), [middle(ear) for ear in holes(body.flank(stepper), "vis du moteur")]
    assert math.dist(*ears) == pytest.approx(35)
    ears_middle = [sum(values) / 2 for values in zip(*ears, strict=True)]
    assert math.dist(middle(axle), ears_middle) == pytest.approx(8)
    xs, ys = zip(*body.shaft(stepper), strict=True)
    assert (max(xs) - min(xs), max(ys) - min(ys)) == (pytest.approx(5), pytest.approx(3))


def test_nothing_touches_anything(kit: Any) -> None:
    def overlap(one: body.Box, other: body.Box) -> bool:
        return all(min(one.most[axis], other.most[axis]) - max(one.least[axis], other.least[axis]) > 1e-6 for axis in range(3))

    assert [(one.name, other.name) for one, other in combinations(body.boxes(kit), 2) if overlap(one, other)] == []


def test_everything_is_inside_the_body_and_the_pen_has_its_room(kit: Any) -> None:
    for box in body.boxes(kit):
        assert max(math.hypot(x, y) for x in (box.least[0], box.most[0]) for y in (box.least[1], box.most[1])) <= 65, box.name
        assert box.most[2] <= body.height_mm() and box.least[2] >= 0, box.name
        if box.name != "berceau":  # it has a hole there
            away = math.hypot(max(box.least[0], -box.most[0], 0), max(box.least[1], -box.most[1], 0))
            assert away >= body.PEN_MM / 2, box.name
    crossed = [body.base(kit), body.key_plate(kit), *([body.cradle()] if kit.wheels == "dc" else [])]
    for plate in crossed:
        (pen,) = holes(plate, "stylo")
        assert middle(pen) == pytest.approx((0, 0)) and max(x for x, _ in pen) == pytest.approx(6)


def inside(point: tuple[float, float], outline: Outline) -> bool:
    x, y = point
    crossings = 0
    for (ax, ay), (bx, by) in pairwise((*outline, outline[0])):
        crossings += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    return crossings % 2 == 1


def edges_near(outline: Outline, other: Outline) -> list[tuple[Any, Any]]:
    """Return the edges of an outline that are within 5 mm of the room of another."""
    xs, ys = zip(*other, strict=True)
    low, high = (min(xs) - 5, min(ys) - 5), (max(xs) + 5, max(ys) + 5)
    edges = pairwise((*outline, outline[0]))
    return [(a, b) for a, b in edges if all(max(a[i], b[i]) >= low[i] and min(a[i], b[i]) <= high[i] for i in (0, 1))]


def distance(one: Outline, other: Outline) -> float:
    """Return how far two outlines are apart; infinite from 5 mm on."""

    def to_edge(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
        dx, dy = b[0] - a[0], b[1] - a[1]
        share = min(1.0, max(0.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / (dx * dx + dy * dy)))
        return math.hypot(point[0] - a[0] - share * dx, point[1] - a[1] - share * dy)

    pairs = ((one, other), (other, one))
    gaps = (to_edge(point, a, b) for these, those in pairs for a, b in edges_near(those, these) for point in these)
    return min(gaps, default=math.inf)


def test_there_is_wood_around_every_opening(kit: Any) -> None:
    for plate in {plate.name: plate for plate in parts.cut(kit)}.values():
        for hole in plate.holes:
            assert all(inside(point, plate.outline) for point in hole.outline), (plate.name, hole.name)
            assert distance(hole.outline, plate.outline) >= LEAST_WOOD_MM, (plate.name, hole.name)
        for one, other in combinations(plate.holes, 2):
            assert distance(one.outline, other.outline) >= LEAST_WOOD_MM, (plate.name, one.name, other.name)
            assert not inside(one.outline[0], other.outline) and not inside(other.outline[0], one.outline), (plate.name, one.name)


def test_parts_stand_over_their_openings(kit: Any) -> None:
    rooms = {box.name: box for box in body.boxes(kit)}
    floor, top = body.base(kit), body.key_plate(kit)

    def is_within(outline: Outline, box: body.Box, axes: tuple[int, int] = (0, 1)) -> bool:
        return all(box.least[a] <= point[i] <= box.most[a] for point in outline for i, a in enumerate(axes))

    def holds(outline: Outline, box: body.Box) -> bool:
        return all(inside((x, y), outline) for x in (box.least[0], box.most[0]) for y in (box.least[1], box.most[1]))

    (battery,), (lever,), (usb,) = holes(floor, "coupleur"), holes(floor, "levier de soulèvement"), holes(top, "USB")
    assert holds(battery, rooms["coupleur de piles"]) and is_within(battery, body.Box("", (-36, 8, 0), (36, 49, 0)))  # the trap closes it
    assert (
        middle(lever)[1] == pytest.approx(-30) and rooms["contact de soulèvement"].least[1] < -30 < rooms["contact de soulèvement"].most[1]
    )
    assert rooms["Pico et son bornier"].least[1] < middle(usb)[1] < rooms["Pico et son bornier"].most[1]
    for outline, side in zip(holes(floor, "capteur de ligne"), ("gauche", "droit"), strict=True):
        assert is_within((middle(outline),), rooms[f"capteur de ligne {side}"])
    chord = math.sqrt(32.5**2 - (body.axle_z(kit) - body.BASE_Z - body.SHEET_MM) ** 2)
    for outline in holes(floor, "roue"):
        xs, ys = zip(*outline, strict=True)
        assert max(xs) - min(xs) >= body.WHEEL_MM + 2 and max(ys) >= chord + 1
    eyes = [middle(outline) for outline in holes(body.facade(), "œil")]
    assert math.dist(*eyes) == pytest.approx(26) and is_within(tuple(eyes), rooms["capteur de distance"], (0, 2))


def test_the_ultrasonic_face_is_where_the_kit_says(kit: Any) -> None:
    (eyes,) = [box for box in body.boxes(kit) if box.name == "yeux"]
    assert eyes.most[1] == kit.sonar_mm == body.FACADE_Y + 12


def test_tabs_meet_their_slots(kit: Any) -> None:
    flank_tabs = {y for y, z in body.flank(kit).outline if z == body.BASE_Z}
    for plate in (body.base(kit), body.key_plate(kit)):
        slots = holes(plate, "flanc")
        assert {y for outline in slots for _, y in outline} == flank_tabs
        assert {x for outline in holes(plate, "façade") for x, _ in outline} == {x for x, z in body.facade().outline if z == body.BASE_Z}
    across = {y for x, y in body.shelf().outline if x > body.FLANK_X}
    (slot,) = holes(body.flank(kit), "étagère")
    assert {y for y, _ in slot} == across


# --- The wiring ----------------------------------------------------------------------------------------------------


def test_each_pin_of_the_kit_is_once_in_the_table_and_once_in_the_drawing(kit: Any) -> None:
    pins = sorted(f"GP{pin}" for group in kit.pins.values() for pin in group)
    rows = re.findall(r"^\| \d+ \| (GP\d+) \|", wires.wire_table(kit), flags=re.MULTILINE)
    assert sorted(rows) == pins
    drawn = ElementTree.fromstring(wiring.signals(kit))
    lines = [line.get("data-name") for line in drawn.iter(f"{SVG}polyline") if line.get("data-name")]
    assert sorted(lines) == sorted({*pins} - {"GP21"}) and len(lines) == len(set(lines))
    labels = [text.text for text in drawn.iter(f"{SVG}text") if (text.text or "").startswith("GP")]
    assert sorted(labels) == sorted(name for name in (*wires.LEFT, *wires.RIGHT) if name.startswith("GP"))


def test_every_model_of_a_kit_is_bought_and_the_other_way_round(kit: Any) -> None:
    bought = {part.model for part in parts.parts(kit.name) if part.model}
    assert bought == {*kit.parts.values(), kit.board}


def test_another_pin_in_the_kit_is_another_drawing() -> None:
    before = load_kit("pico-stepper")
    after = changed("pico-stepper", keys=[9, 8, 10, 11, 12, 13, 14])
    assert wiring.signals(after) != wiring.signals(before)
    ends = {wire.name: wire.device for wire in wires.wires(after)}
    assert (ends["GP9"], ends["GP8"]) == ("Touche avancer", "Touche reculer")


def test_a_part_whose_pins_are_on_both_sides_is_drawn_on_both() -> None:
    split = changed("pico-stepper", mode=16, distance=[15, 17])
    boxes = [box for box in wiring.placed(split) if box.device.title == "Capteur de distance"]
    assert sorted(box.side for box in boxes) == [-1, 1]


def crosses(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    def side(a: Any, b: Any, c: Any) -> float:
        return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_no_wire_crosses_another(kit: Any) -> None:
    lines = [list(pairwise(points)) for points in wiring.routes(kit).values()]
    assert len(lines) > 20
    assert not any(crosses(one, other) for a, b in combinations(lines, 2) for one in a for other in b)


def test_neighbours_have_wires_of_different_colours(kit: Any) -> None:
    assert all(one.colour != other.colour for one, other in pairwise(wires.wires(kit)))


def test_every_feed_has_one_lever_and_there_are_enough_connectors(kit: Any) -> None:
    blocks = [block for found in wires.connectors(kit).values() for block in found]
    assert all(len(block) <= wires.LEVERS for block in blocks)
    ends = [end for block in blocks for end in block if not end.startswith("vers ")]
    straight = wires.grounds(kit)
    ends += [end for found in straight.values() for end in found]
    expected = [f"{device.title}, {contact}" for device in parts.devices(kit.name) for contact, _ in device.feeds]
    assert sorted(end for end in ends if not end.startswith("Pico, ")) == sorted(expected)
    assert len([end for end in ends if end.startswith("Pico, ")]) == len(wires.PICO_FEEDS)
    (bought,) = [part.count for part in parts.parts(kit.name) if part.name.startswith("Connecteur à leviers")]
    assert len(blocks) == bought == len([box for box in body.boxes(kit) if box.name == "connecteur à leviers"])
    assert {wires.terminal_name(terminal) for terminal in straight} <= {"GND", "AGND"}
    assert all(len(found) <= 2 and terminal not in wires.PICO_FEEDS for terminal, found in straight.items())


def test_the_terminals_are_those_of_the_pico() -> None:
    assert (len(wires.LEFT), len(wires.RIGHT)) == (20, 20)
    assert (wires.terminal_of(0), wires.terminal_of(15), wires.terminal_of(16), wires.terminal_of(28)) == (1, 20, 21, 34)
    assert (wires.terminal_name(wires.SUPPLY), wires.terminal_name(36)) == ("VSYS", "3V3")
    assert {wires.terminal_name(terminal) for terminal in wires.PICO_FEEDS} == {"3V3", "GND"}


# --- The sheets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.name)
def test_a_drawing_is_in_millimetres_and_has_a_title(file: Path) -> None:
    root = drawing(file)
    width, height = (root.get(name, "") for name in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {width.removesuffix('mm')} {height.removesuffix('mm')}"
    assert width.endswith("mm") and height.endswith("mm")
    title = root.find(f"{SVG}title")
    assert title is not None and title.text


def texts(root: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """Return each text with left, top, right and bottom, as wide as Andika's letters are on average."""
    found = []
    for text in root.iter(f"{SVG}text"):
        size, x, y = (float(text.get(name, "0")) for name in ("font-size", "x", "y"))
        wide = len(text.text or "") * size * 0.52
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        found.append((text.text or "", left, y - 0.7 * size, left + wide, y))
    return found


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.name)
def test_texts_are_on_the_paper_legible_and_apart(file: Path) -> None:
    root = drawing(file)
    width = float(root.get("width", "").removesuffix("mm"))
    height = float(root.get("height", "").removesuffix("mm"))
    assert all(float(text.get("font-size", "0")) >= 2.3 for text in root.iter(f"{SVG}text"))
    spans = texts(root)
    assert [text for text, left, top, right, bottom in spans if left < 2 or top < 2 or right > width - 2 or bottom > height - 1] == []
    for (one, *a), (other, *b) in combinations(spans, 2):
        assert not (min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])), (one, other)


@pytest.mark.parametrize("file", TRUE_SIZE, ids=lambda file: file.name)
def test_a_sheet_to_cut_is_a4_with_a_ruler_and_cuts_in_red(file: Path) -> None:
    root = drawing(file)
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    (ruler,) = [line for line in root.iter(f"{SVG}polyline") if line.get("data-name") == "ruler"]
    (start, end) = [float(point.split(",")[0]) for point in ruler.get("points", "").split()]
    assert end - start == 100
    cuts = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("stroke") == "#FF0000"]
    assert cuts
    for cut in cuts:
        for x, y in re.findall(r"([\d.]+),([\d.]+)", cut):
            assert 8 <= float(x) <= 202 and 24 <= float(y) <= 278


def test_the_seven_keys_have_the_icons_of_the_cards() -> None:
    assert set(body.KEYS) == {"forward", "backward", "left", "right", "pause", "clear", "go"}
    root = drawing(GUIDE / "plaque-touches.svg")
    (icons,) = [group for group in root.iter(f"{SVG}g") if group.get("id") == "icones"]
    colours = {shape.get("stroke") for shape in icons} | {shape.get("fill") for shape in icons}
    assert {COLOURS["left"], COLOURS["right"], COLOURS["teal"]} <= colours  # left is orange, right is blue, GO is a disc


# --- The page ------------------------------------------------------------------------------------------------------


def test_the_guide_names_commands_that_exist_and_shows_every_drawing() -> None:
    pages = [page.read_text(encoding="utf-8") for page in GUIDE.glob("*.md")]
    commands = set(re.findall(r"petitpas ([a-z]+)", "\n".join(pages)))
    assert {"image", "install", "doctor", "settings", "name"} <= commands <= set(cli.COMMANDS)
    shown = {name for page in pages for name in re.findall(r"\]\(([\w-]+\.svg)\)", page)}
    same_for_both = {"etape-4-pico-dc.svg", "etape-5-pico-dc.svg"}
    assert {file.name for file in DRAWINGS} - shown == same_for_both


def test_the_shopping_list_is_about_forty_euros_and_says_what_its_prices_are() -> None:
    text = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert 35 <= parts.price_eur("pico-stepper") <= 45
    assert f"**{parts.price_eur('pico-stepper'):.2f} €**".replace(".", ",") in text
    assert parts.prices_are() in text and "novembre 2026" in parts.prices_are()

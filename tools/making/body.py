"""
The body that both reference kits share: what is cut, and where every part stands.

Theory of the layout
====================
x goes to the right, y forward, z up; (0, 0, 0) is on the floor below the middle of the axle, lengths are millimetres.

    z      8  the base: a disc on two wheels and two low skids; the battery hangs in it, behind a screwed trap
          11  two flanks stand on it, along the wheels, and carry the motors; in front a facade with the ultrasonic eyes
          38  a shelf between the flanks, over the battery, for the motors' driver boards
          76  the key plate, on flanks, facade and four columns

The Pico stands upright behind, its screws and its button towards the rear, its USB socket under an opening of the key plate.
Keys are deep, so nothing tall is below one. The pen hole on the axle's middle stays free from the floor to the top.
What differs between the kits is how a motor is held and which hole the wheels have. `boxes` gives the room of each part, and the tests hold
every pair of them apart, every hole inside its plate, and all of it inside the round body.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

from making.outlines import Hole, Outline, Plate, circle, cut_circle, rectangle

SHEET_MM = 3.0  # plywood
BASE_Z = 8.0  # under side
TOP_Z = 76.0  # under side of the key plate: 65 mm of column above the base
SHELF_Z = 38.0
KEY_ABOVE_MM = 8.0  # of a key, over the plate
PEN_MM = 12.0
FRONT_MM = 56.0  # of base and key plate, where they are cut straight for the bumper
WHEEL_MM = 6.0  # two discs
TYRE_MM = 1.0  # a strip of inner tube
WHEEL_GAP_MM = 1.5  # to the slot, on each side
FLANK_X = 40.0  # inner side
FLANK_BACK, FLANK_FRONT = -36.0, 40.0
FACADE_Y = 43.0  # rear side, where the ultrasonic module's board leans; its eyes are 12 mm long
TAB_MM = 8.0
SHELF_Y, CRADLE_Y = (8.5, 39.5), (-13.5, 12.5)  # back and front
FLANK_TABS = (-31.5, 32.0)  # middles, on y
FACADE_TABS = (-36.0, 36.0)  # middles, on x
FACADE_LEG = (31.0, 41.0)  # least and greatest x of a leg
FACADE_TOP = 73.4  # below the lights
COLUMNS = ((-32.0, 49.7), (32.0, 49.7), (-41.0, -44.0), (41.0, -44.0))
TRAP_SCREWS = ((-35.0, 28.5), (35.0, 28.5))
BATTERY = (0.0, 28.5, 60.0, 32.0)  # the opening: middle and size
SKIDS = ((0.0, 51.5), (0.0, -58.0))
SKID_MM = 7.1  # below the base: less than its height, so that both wheels always stand on the floor
BUMPER_Y = 58.5  # rear side of the bar

# 28BYJ-48: body 28 x 19, shaft 8 off its middle, ears 35 apart on the line through that middle, box of the wires 17 from it.
# Source: data sheet of the 28BYJ-48 5 V, Kiatronics.
STEPPER_MM, STEPPER_DEEP_MM, OFFSET_MM, EARS_MM, EAR_MM, BOSS_MM = 28.0, 19.0, 8.0, 35.0, 4.2, 10.0
STEPPER_SHAFT = (5.0, 3.0)  # diameter, between its two flats
# N20: gearbox 12 x 10, with motor and encoder 34 long; holes of its bracket 18 apart. Source: drawings of several sellers, which differ.
N20_WIDE_MM, N20_HIGH_MM, N20_LONG_MM, BRACKET_MM = 12.0, 10.0, 34.0, 18.0
N20_SHAFT = (3.0, 2.5)  # diameter, from its flat to the other side

KEYS = {
    "forward": (0.0, 21.0),
    "backward": (0.0, -21.0),
    "left": (-27.0, 0.0),
    "right": (27.0, 0.0),
    "pause": (30.0, 26.0),
    "clear": (-30.0, -26.0),
    "go": (30.0, -26.0),
}
"""The keys' places on their plate, under the names of the icons beside them."""

MODE = (-30.0, 26.0)
KEY_MM, MODE_MM = 12.2, 6.2  # bores
USB = (0.0, -47.5, 16.0, 10.0)
PIXEL_MM, PIXEL_PITCH_MM, PIXEL_Y = 4.4, 6.94, 50.6  # Source: strip of 144 a metre
EYE_MM, EYES_APART_MM, EYES_Z = 16.4, 26.0, 63.0  # Source: HC-SR04 data sheet, cylinders of 16 mm


@dataclass(frozen=True)
class Box:
    """The room of a part: its name and its least and greatest x, y and z."""

    name: str
    least: tuple[float, float, float]
    most: tuple[float, float, float]


def wheel_mm(kit: Any) -> float:
    """Return the diameter of a wheel with its tyre."""
    return float(kit.wheel_um / 1000)


def axle_z(kit: Any) -> float:
    """Return the height of the axle over the floor."""
    return wheel_mm(kit) / 2


def wheel_x(kit: Any) -> float:
    """Return how far the middle of a wheel is from the middle of the body."""
    return float(kit.track_um / 2000)


# --- Plates that lie -----------------------------------------------------------------------------------------------


def _disc(kit: Any) -> Outline:
    return cut_circle(float(kit.body_mm), -float(kit.body_mm), FRONT_MM)


def _joints() -> list[Hole]:
    """Return the slots and bores that base and key plate share."""
    holes = [Hole("stylo", circle(0, 0, PEN_MM))]
    holes += [Hole("colonne", circle(x, y, 3.2)) for x, y in COLUMNS]
    for side in (-1, 1):
        x = side * (FLANK_X + SHEET_MM / 2)
        holes += [Hole("flanc", rectangle(x, y, SHEET_MM, TAB_MM)) for y in FLANK_TABS]
    return holes + [Hole("façade", rectangle(x, FACADE_Y + SHEET_MM / 2, TAB_MM, SHEET_MM)) for x in FACADE_TABS]


def wheel_slot(kit: Any) -> tuple[float, float]:
    """Return width and length of the slot in which a wheel turns through the base."""
    down = axle_z(kit) - BASE_Z - SHEET_MM
    return WHEEL_MM + 2 * WHEEL_GAP_MM, 2 * (sqrt(axle_z(kit) ** 2 - down**2) + 2)


def base(kit: Any) -> Plate:
    """Return the plate that everything stands on."""
    holes = _joints()
    holes += [Hole("roue", rectangle(side * wheel_x(kit), 0, *wheel_slot(kit))) for side in (-1, 1)]
    holes += [Hole("coupleur", rectangle(*BATTERY))]
    holes += [Hole("trappe", circle(x, y, 3.2)) for x, y in TRAP_SCREWS]
    holes += [Hole("patin", circle(x, y, 4.2)) for x, y in SKIDS]
    holes += [Hole("capteur de ligne", rectangle(side * 14.5, 0, 11, 7)) for side in (-1, 1)]
    holes += [Hole("levier de soulèvement", rectangle(0, -30, 24, 5))]
    holes += [Hole("pare-chocs", circle(side * x, 50.6, 2.2)) for side in (-1, 1) for x in (9.25, 18.75)]
    return Plate("Plateau du bas", _disc(kit), tuple(holes))


def trap() -> Plate:
    """Return the plate that holds the battery from below, with two screws."""
    (x, y), width = TRAP_SCREWS[1], 2 * TRAP_SCREWS[1][0] + 8
    return Plate("Trappe", rectangle(0, y, width, BATTERY[3] + 5), tuple(Hole("vis", circle(side * x, y, 3.2)) for side in (-1, 1)))


def key_plate(kit: Any) -> Plate:
    """Return the plate of keys, switch and lights."""
    holes = _joints()
    holes += [Hole(f"touche {name}", circle(x, y, KEY_MM)) for name, (x, y) in KEYS.items()]
    holes += [Hole("pas à pas / programme", circle(*MODE, MODE_MM)), Hole("USB", rectangle(*USB))]
    first = -(kit.pixels - 1) / 2
    holes += [Hole("pixel", circle((first + i) * PIXEL_PITCH_MM, PIXEL_Y, PIXEL_MM)) for i in range(kit.pixels)]
    return Plate("Plaque des touches", _disc(kit), tuple(holes))


def shelf() -> Plate:
    """Return the plate of the driver boards, between the flanks."""
    return Plate("Étagère", _between_flanks(*SHELF_Y))


def cradle() -> Plate:
    """Return the plate on which N20 motors lie, between the flanks."""
    holes = [Hole("stylo", circle(0, 0, PEN_MM))]
    holes += [Hole("bride", circle(side * 35, y, 2.2)) for side in (-1, 1) for y in (-BRACKET_MM / 2, BRACKET_MM / 2)]
    return Plate("Berceau des moteurs", _between_flanks(*CRADLE_Y), tuple(holes))


def _between_flanks(back: float, front: float) -> Outline:
    """Return a plate that fills the room between the flanks, with a tab into each."""
    middle, far = (back + front) / 2, FLANK_X + SHEET_MM
    tab = [(FLANK_X, middle - TAB_MM / 2), (far, middle - TAB_MM / 2), (far, middle + TAB_MM / 2), (FLANK_X, middle + TAB_MM / 2)]
    right = [(FLANK_X, back), *tab, (FLANK_X, front)]
    return (*right, *((-x, y) for x, y in reversed(right)))


# --- Plates that stand ---------------------------------------------------------------------------------------------


def flank(kit: Any) -> Plate:
    """Return a flank as (y, z); the right one is the left one turned over."""
    low, high = BASE_Z + SHEET_MM, TOP_Z
    outline: list[tuple[float, float]] = [(FLANK_BACK, low)]
    for y in FLANK_TABS:
        outline += [(y - TAB_MM / 2, low), (y - TAB_MM / 2, BASE_Z), (y + TAB_MM / 2, BASE_Z), (y + TAB_MM / 2, low)]
    outline += [(FLANK_FRONT, low), (FLANK_FRONT, high)]
    for y in reversed(FLANK_TABS):
        outline += [(y + TAB_MM / 2, high), (y + TAB_MM / 2, high + SHEET_MM), (y - TAB_MM / 2, high + SHEET_MM), (y - TAB_MM / 2, high)]
    outline += [(FLANK_BACK, high)]
    holes = [Hole("étagère", rectangle(sum(SHELF_Y) / 2, SHELF_Z + SHEET_MM / 2, TAB_MM, SHEET_MM)), *_motor_holes(kit)]
    holes += [Hole("câbles", rectangle(-27.5, 56, 10, 16)), Hole("câbles", rectangle(14, 60, 18, 12))]
    return Plate("Flanc", tuple(outline), tuple(holes))


def _motor_holes(kit: Any) -> list[Hole]:
    z = axle_z(kit)
    if kit.wheels == "stepper":
        ears = [Hole("vis du moteur", circle(-OFFSET_MM, z + up * EARS_MM / 2, EAR_MM)) for up in (-1, 1)]
        return [Hole("axe", circle(0, z, BOSS_MM)), *ears]
    wide, low, high = N20_WIDE_MM / 2 + 0.2, z - N20_HIGH_MM / 2, z + N20_HIGH_MM / 2
    left, right = (sum(CRADLE_Y) / 2 + side * TAB_MM / 2 for side in (-1, 1))
    gearbox = [(right, low), (wide, low), (wide, high), (-wide, high), (-wide, low), (left, low)]
    return [Hole("axe et berceau", (*gearbox, (left, low - SHEET_MM), (right, low - SHEET_MM)))]


def facade() -> Plate:
    """Return the facade as (x, z): two legs beside the battery, the eyes above it, and room for the lights on top."""
    (inner, outer), low, high = FACADE_LEG, BASE_Z + SHEET_MM, TOP_Z + SHEET_MM
    near, far = FACADE_TABS[1] - TAB_MM / 2, FACADE_TABS[1] + TAB_MM / 2
    leg = [(inner, SHELF_Z), (inner, low), (near, low), (near, BASE_Z), (far, BASE_Z), (far, low), (outer, low)]
    crown = [(outer, TOP_Z), (far, TOP_Z), (far, high), (near, high), (near, TOP_Z), (30.0, TOP_Z), (30.0, FACADE_TOP)]
    right = [*leg, *crown]
    eyes = tuple(Hole("œil", circle(side * EYES_APART_MM / 2, EYES_Z, EYE_MM)) for side in (-1, 1))
    return Plate("Façade", (*right, *((-x, z) for x, z in reversed(right))), eyes)


def bumper() -> Plate:
    """Return the bar that is glued to the levers of the bumper's switches, as (x, z)."""
    return Plate("Pare-chocs", rectangle(0, 17, 40, 14))


# --- Wheels --------------------------------------------------------------------------------------------------------


def shaft(kit: Any) -> Outline:
    """Return the hole that a motor's shaft needs: round with two flats, or one."""
    if kit.wheels == "stepper":
        diameter, flats = STEPPER_SHAFT
        return cut_circle(diameter, -flats / 2, flats / 2)
    diameter, deep = N20_SHAFT
    return cut_circle(diameter, diameter / 2 - deep, diameter / 2)


def wheel_disc(kit: Any, is_outer: bool) -> Plate:
    """Return one of a wheel's two discs; the outer one closes the wheel where the shaft ends before it."""
    through = kit.wheels == "dc" or not is_outer
    name = "Roue, disque extérieur" if is_outer else "Roue, disque intérieur"
    holes = (Hole("axe", shaft(kit)),) if through else (Hole("repère", circle(0, 0, 1.0)),)
    return Plate(name, circle(0, 0, wheel_mm(kit) - 2 * TYRE_MM), holes)


def hub(kit: Any) -> Plate:
    """Return the small disc between wheel and flank."""
    return Plate("Moyeu", circle(0, 0, 16), (Hole("axe", shaft(kit)),))


# --- Room ----------------------------------------------------------------------------------------------------------


def boxes(kit: Any) -> list[Box]:
    """Return the room that each part takes; wires are not counted."""
    floor, z = BASE_Z + SHEET_MM, axle_z(kit)
    near = wheel_x(kit) - WHEEL_MM / 2
    found = [
        Box("coupleur de piles", (-29, BATTERY[1] - 15.5, BASE_Z), (29, BATTERY[1] + 15.5, BASE_Z + 28.5)),
        Box("Pico et son bornier", (-27.5, -54, floor), (27.5, -34, floor + 63)),
        Box("capteur de distance", (-22.5, 36, EYES_Z - 10), (22.5, FACADE_Y, EYES_Z + 10)),
        Box("façade", (-FACADE_LEG[1], FACADE_Y, SHELF_Z), (FACADE_LEG[1], FACADE_Y + SHEET_MM, FACADE_TOP)),
        Box("étagère", (-FLANK_X, SHELF_Y[0], SHELF_Z), (FLANK_X, SHELF_Y[1], SHELF_Z + SHEET_MM)),
        Box("pare-chocs", (-20, BUMPER_Y, 10), (20, BUMPER_Y + SHEET_MM, 24)),
        Box("interrupteur", (MODE[0] - 6, MODE[1] - 6, TOP_Z - 18), (MODE[0] + 6, MODE[1] + 6, TOP_Z)),
        Box("contact de soulèvement", (-10, -33.2, floor), (10, -26.8, floor + 10)),
        Box("yeux", (-21.5, FACADE_Y + SHEET_MM, EYES_Z - 8), (21.5, 55, EYES_Z + 8)),
        Box("buzzer", (30.5, 10, floor), (39.5, 24, floor + 10)),
        Box("interrupteur général", (28.2, -52, floor), (36.5, -37, floor + 12)),
        Box("connecteur à leviers", (-11, -33.8, 22), (11, -25.3, 41)),
        Box("pixels", (-28.2, PIXEL_Y - 5.1, TOP_Z - 2.5), (28.2, PIXEL_Y + 5.1, TOP_Z)),
    ]
    for side, name, male in ((-1, "gauche", "gauche"), (1, "droite", "droit")):
        found += [
            _sided(f"roue {name}", side, (near, -z, 0), (near + WHEEL_MM, z, 2 * z)),
            _sided(f"moyeu {male}", side, (near - SHEET_MM, -8, z - 8), (near, 8, z + 8)),
            _sided(f"flanc {male}", side, (FLANK_X, FLANK_BACK, floor), (FLANK_X + SHEET_MM, FLANK_FRONT, TOP_Z)),
            _sided(f"capteur de ligne {male}", side, (7.5, -26, floor), (21.5, 6, floor + 7)),
            _sided(f"contact de choc {male}", side, (4, 45.5, floor), (24, 55.7, floor + 6.5)),
            _sided("connecteur à leviers", side, (20, -20, 47), (39, 2, 55.5)),
            _sided("connecteur à leviers", side, (1, FACADE_Y + SHEET_MM, 35), (23, 54.5, 54)),
            *_motor_boxes(kit, side, male),
        ]
    found += [Box(f"touche {name}", (x - 7, y - 7, TOP_Z - 20), (x + 7, y + 7, TOP_Z)) for name, (x, y) in KEYS.items()]
    found += [Box("colonne", (x - 3.2, y - 3.2, floor), (x + 3.2, y + 3.2, TOP_Z)) for x, y in COLUMNS]
    return found


def _sided(name: str, side: int, least: tuple[float, float, float], most: tuple[float, float, float]) -> Box:
    low, high = (least[0], most[0]) if side > 0 else (-most[0], -least[0])
    return Box(name, (low, *least[1:]), (high, *most[1:]))


def _motor_boxes(kit: Any, side: int, name: str) -> list[Box]:
    z, board = axle_z(kit), SHELF_Z + SHEET_MM
    if kit.wheels == "stepper":
        half, inner = STEPPER_MM / 2, FLANK_X - STEPPER_DEEP_MM
        return [
            _sided(f"moteur {name}", side, (inner, -OFFSET_MM - half, z - half), (FLANK_X, -OFFSET_MM + half, z + half)),
            _sided(f"prise du moteur {name}", side, (inner, -OFFSET_MM - 17, z - 7.5), (FLANK_X, -OFFSET_MM - half, z + 7.5)),
            _sided(f"carte ULN2003 {'gauche' if side < 0 else 'droite'}", side, (2, 7.5, board), (37, 39.5, board + 12)),
        ]
    inner, half, low = FLANK_X + SHEET_MM - N20_LONG_MM, N20_WIDE_MM / 2, z - N20_HIGH_MM / 2
    motor = _sided(f"moteur {name}", side, (inner, -half, low), (FLANK_X, half, low + N20_HIGH_MM))
    if side > 0:
        return [motor]
    held = Box("berceau", (-FLANK_X, CRADLE_Y[0], low - SHEET_MM), (FLANK_X, CRADLE_Y[1], low))
    return [motor, held, Box("carte DRV8833", (-10, 12, board), (10, 32, board + 10))]


def height_mm() -> float:
    """Return the robot's height, its keys counted."""
    return TOP_Z + SHEET_MM + KEY_ABOVE_MM

"""Kit files: the reference kits' figures, and what is said of a file that is wrong."""

from __future__ import annotations

import copy
import json
from math import pi
from typing import Any

import pytest

from petitpas_robot import opcodes as o
from petitpas_robot.kit import Kit
from petitpas_sim.kits import kit_file, kit_names, load_kit

STEPPER, DC = "pico-stepper", "pico-dc"
PICO = (STEPPER, DC)

HALF_STEPS = 64 * 25792 / 405
"""Of a 28BYJ-48, a turn. Source: its gears, counted by many; never the 4096 of its label."""


def fields(name: str) -> dict[str, Any]:
    """Return a kit file's content, to be changed."""
    content: dict[str, Any] = json.loads(kit_file(name).read_text(encoding="utf-8"))
    return copy.deepcopy(content)


def per_turn(kit: Kit) -> float:
    return HALF_STEPS if kit.wheels == "stepper" else float(kit.counts_per_turn)


def test_all_kits_load() -> None:
    assert {"exact", "rocket", *PICO} <= set(kit_names())
    for name in kit_names():
        assert load_kit(name).name == name


@pytest.mark.parametrize("name", PICO)
def test_steps_follow_from_the_body(name: str) -> None:
    kit = load_kit(name)
    assert (kit.wheel_um, kit.track_um, kit.body_mm) == (65000, 100000, 130)
    around_mm = pi * kit.wheel_um / 1000
    assert kit.steps_per_cell == round(150 / around_mm * per_turn(kit))
    assert kit.steps_per_quarter == round(pi * kit.track_um / 1000 / 4 / around_mm * per_turn(kit))


def test_the_stepper_kit() -> None:
    kit = load_kit(STEPPER)
    assert round(HALF_STEPS, 2) == 4075.77
    assert (kit.steps_per_cell, kit.steps_per_quarter) == (2994, 1568)
    assert (kit.start_rate, kit.cruise_rate, kit.top_rate, kit.ramp_ms) == (300, 800, 1000, 300)
    assert kit.rest_ms == 300
    assert kit.play_steps == round(2 * HALF_STEPS / 360)
    assert round(kit.cruise_rate / HALF_STEPS * pi * 65) == 40  # mm/s


def test_the_dc_kit() -> None:
    kit = load_kit(DC)
    assert kit.counts_per_turn >= 300
    around_mm = pi * 65
    assert round(kit.cruise_rate / kit.counts_per_turn * around_mm) == 100  # mm/s
    assert kit.top_rate == int(120 / around_mm * kit.counts_per_turn)


def test_both_kits_share_body_pins_and_senses() -> None:
    one, other = load_kit(STEPPER), load_kit(DC)
    assert one.can == other.can
    assert one.can & o.CAN_ROLL
    wheels = {"left", "right", "left_encoder", "right_encoder"}
    assert {name: pins for name, pins in one.pins.items() if name not in wheels} == {
        name: pins for name, pins in other.pins.items() if name not in wheels
    }
    for kit in (one, other):
        assert sorted(pin for name in wheels & set(kit.pins) for pin in kit.pins[name]) == list(range(8))
        assert kit.pins["keys"] == [8, 9, 10, 11, 12, 13, 14]
        assert (kit.warn_mv, kit.stop_mv, kit.pixels) == (4600, 4200, 8)


def test_a_kit_of_a_world_has_no_board() -> None:
    for name in ("exact", "rocket"):
        assert load_kit(name).board is None
        assert load_kit(name).wheels is None


def change(content: dict[str, Any], path: str, value: object) -> None:
    """Put a value at `name` or `name.key`, or take it away where it is None."""
    *outer, last = path.split(".")
    for key in outer:
        content = content[key]
    if value is None:
        del content[last]
    else:
        content[last] = value


WRONG: list[tuple[str, str, object, str]] = [
    (STEPPER, "pins.lift", 18, "pins.lift: pin 18 is already taken by bumper"),
    (STEPPER, "pins.keys", [8, 9, 10, 11, 12, 13, 13], "pins.keys: pin 13 is already taken by keys"),
    (STEPPER, "pins.right", [0, 1, 2, 3], "pins.right: pin 0 is already taken by left"),
    (STEPPER, "pins.pixels", 23, "pins.pixels: the board has no free pin 23"),
    (STEPPER, "pins.pixels", 25, "pins.pixels: the board has no free pin 25"),
    (STEPPER, "pins.battery", 29, "pins.battery: the board has no free pin 29"),
    (STEPPER, "pins.pixels", 40, "pins.pixels: the board has no free pin 40"),
    (STEPPER, "pins.pixels", -1, "pins.pixels: the board has no free pin -1"),
    (STEPPER, "pins.pixels", "20", "pins.pixels: the board has no free pin '20'"),
    (STEPPER, "pins.pixels", True, "pins.pixels: the board has no free pin True"),
    (STEPPER, "pins.battery", 20, "pins.battery: pin 20 cannot measure a voltage"),
    (STEPPER, "pins.left", [8, 9, 10, 11], "pins.left: pin 8 is not one of the motors' own"),
    (STEPPER, "pins.left", [0, 1, 3, 2], "pins.left: four pins in a row"),
    (STEPPER, "pins.left", [0, 1, 2], "pins.left: 4 needed, not 3"),
    (STEPPER, "pins.left", None, "pins.left: missing, stepper wheels need it"),
    (DC, "pins.right_encoder", None, "pins.right_encoder: missing, dc wheels need it"),
    (STEPPER, "pins.keys", None, "pins.keys: missing, there is such a part"),
    (STEPPER, "pins.arm", 21, "pins.arm: no such part"),
    (STEPPER, "pins", [1, 2], "pins: an object"),
    (STEPPER, "parts.arm", "crane", "parts.arm: no such part"),
    (STEPPER, "parts.distance", "vl53l9", "parts.distance: 'vl53l9' does not exist"),
    (STEPPER, "parts.motor", "n20-encoder", "parts.motor: 'n20-encoder' does not exist"),
    (STEPPER, "parts.driver", None, "parts.driver: missing, stepper wheels need it"),
    (STEPPER, "parts.lift", None, "parts.lift: missing, for the capability lift"),
    (STEPPER, "can", ["roll", "see_light"], "parts.light: missing, for the capability see_light"),
    (STEPPER, "parts", "all", "parts: an object"),
    (STEPPER, "board", "uno", "board: 'uno' does not exist; known are pico"),
    (STEPPER, "wheels", "legs", "wheels: 'legs' does not exist; known are dc, stepper"),
    (STEPPER, "wheels", None, "wheels: None does not exist"),
    (DC, "counts_per_turn", 299, "counts_per_turn: a whole number from 300"),
    (DC, "counts_per_turn", 8001, "counts_per_turn: a whole number from 300 to 8000"),
    (STEPPER, "counts_per_turn", 400, "counts_per_turn: unknown field"),
    (DC, "play_steps", 23, "play_steps: unknown field"),
    (STEPPER, "cruise_rate", 1001, "cruise_rate: it is at most top_rate"),
    (STEPPER, "stop_mv", 4600, "stop_mv: it is below warn_mv"),
    (STEPPER, "buzzer_permille", 900, "buzzer_permille: a whole number from 1 to 500"),
    (STEPPER, "left_sign", 0, "left_sign: 1 or -1"),
    (STEPPER, "rest_ms", None, "rest_ms: a whole number"),
    (STEPPER, "wheel_um", 65.0, "wheel_um: a whole number"),
    ("exact", "pins", {}, "pins: unknown field"),
    ("exact", "wheels", "stepper", "wheels: unknown field"),
]


@pytest.mark.parametrize("name,path,value,said", WRONG)
def test_what_is_wrong_is_said_with_its_field(name: str, path: str, value: object, said: str) -> None:
    content = fields(name)
    change(content, path, value)
    with pytest.raises(ValueError) as caught:
        Kit(content)
    assert str(caught.value).startswith(said)


def test_a_buzzer_needs_a_frequency_of_its_own() -> None:
    for pin, motor in ((17, 0), (19, 2)):
        content = fields(DC)
        content["pins"].update(buzzer=pin, distance=[22, 16], lift=17 if pin == 19 else 19)
        with pytest.raises(ValueError, match=rf"^pins\.buzzer: it would have the frequency of the motor on pin {motor}$"):
            Kit(content)


def test_a_kit_with_fewer_parts_is_a_kit() -> None:
    content = fields(STEPPER)
    content["can"] = ["roll"]
    for role in ("distance", "line", "bumper", "lift", "pixels", "buzzer", "battery", "keys", "mode"):
        del content["parts"][role]
    assert Kit(content).can == o.CAN_ROLL
    for role in ("distance", "line", "bumper", "pen"):
        del content["pins"][role]
    assert "distance" not in Kit(content).pins

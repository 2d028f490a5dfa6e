"""What a panel is made of besides its pins: the pin file, the keyboard that stands in for it, and the command."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gpiozero import Device
from hypothesis import given
from hypothesis import strategies as st
from pressed import mock_pins
from test_maker import SVG, crosses, texts

import panel
from petitpas import cli, demo, robots
from petitpas.errors import FileError
from petitpas.tangible.keyboard import POSIX, WINDOWS, Keyboard, commands_in
from petitpas.tangible.panel import Panel
from petitpas.tangible.pins import COMMANDS, FILE, TERMINALS, Pins, read_pins
from petitpas.tangible.presses import END
from petitpas.wall.buttons import Buttons
from petitpas.wall.profiles import PROFILES

GOOD = "petitpas_panel = 1\n[keys]\nforward = 17\ngo = 13\n"

# --- The pin file --------------------------------------------------------------------------------------------------


def test_the_file_that_comes_with_petit_pas_has_the_cards_go_and_its_light() -> None:
    pins = read_pins()
    assert list(pins.keys) == ["forward", "backward", "left", "right", "clear", "go"]
    assert (list(pins.lights), pins.bounce_ms) == (["go"], 30)


def test_every_command_of_every_level_may_have_a_button() -> None:
    wanted = {name for profile in PROFILES.values() for name in profile.commands} - {"turn"}
    assert set(COMMANDS) == wanted


def test_the_header_has_each_pin_once() -> None:
    assert sorted(TERMINALS) == list(range(2, 28))
    grounds_and_feeds = {1, 2, 4, 6, 9, 14, 17, 20, 25, 27, 28, 30, 34, 39}
    assert sorted(TERMINALS.values()) == sorted(set(range(1, 41)) - grounds_and_feeds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("petitpas_panel = 1\n[keys\n", "ne se lit pas"),
        (GOOD.replace("= 1\n", "= 2\n", 1), "petitpas_panel = 1"),
        ("[keys]\ngo = 13\n", "petitpas_panel = 1"),
        (GOOD + "[lamps]\ngo = 18\n", "« lamps » n’existe pas. Choisir parmi : petitpas_panel, bounce_ms, keys, lights."),
        (GOOD + "avancer = 4\n", "« keys.avancer » n’existe pas. Choisir parmi : forward,"),
        (GOOD + "[lights]\nleft = 18\n", "« lights.left » n’existe pas. Choisir parmi : forward, go."),
        ("petitpas_panel = 1\n[keys]\nforward = 17\n", "il manque « keys.go »"),
        (
            "petitpas_panel = 1\n[keys]\ngo = 17\n",
            "aucune touche ne pose de carte. Ajouter sous [keys] au moins l’une de celles-ci",
        ),
        (
            GOOD.replace("17", "33"),
            "« keys.forward » vaut 33 : ce n’est pas une broche du Raspberry Pi. Écrire un numéro",
        ),
        (GOOD.replace("17", "1"), "« keys.forward » vaut 1 :"),
        (GOOD.replace("17", "true"), "« keys.forward » vaut true :"),
        (GOOD.replace("17", '"GPIO17"'), "« keys.forward » vaut GPIO17 :"),
        (GOOD + "[lights]\ngo = 17\n", "« lights.go » et « keys.forward » ont la même broche, GPIO 17 (borne 11)."),
        ("petitpas_panel = 1\nkeys = 17\n", "« keys » vaut 17 : ce n’est pas une liste de broches."),
        ("bounce_ms = 0\n" + GOOD, "« bounce_ms » vaut 0. Écrire un nombre de millisecondes de 1 à 500"),
        ("bounce_ms = true\n" + GOOD, "« bounce_ms » vaut true."),
    ],
)
def test_what_is_not_right_in_a_pin_file_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "panneau.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as told:
        read_pins(file)
    assert said in str(told.value) and str(file) in str(told.value)


@given(data=st.binary() | st.text().map(str.encode) | st.sampled_from(GOOD.split("\n")).map(str.encode))
def test_any_file_is_a_panel_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(GOOD.encode() + data)
    try:
        pins = read_pins(file)
    except FileError as error:
        assert error.path == str(file) and error.say("fr") != error.say("en")
    else:
        given_away = [*pins.keys.values(), *pins.lights.values()]
        assert len(given_away) == len(set(given_away)) and set(given_away) <= set(TERMINALS)


# --- The wiring ----------------------------------------------------------------------------------------------------


def test_the_page_and_its_drawing_are_what_the_pin_file_makes() -> None:
    assert panel.main(["--check"]) == 0


def test_texts_of_the_drawing_are_on_the_paper_legible_and_apart() -> None:
    root = ElementTree.parse(panel.DRAWING).getroot()
    assert all(float(text.get("font-size", "0")) >= 2.3 for text in root.iter(f"{SVG}text"))
    spans = texts(root)
    assert [
        text for text, left, top, right, below in spans if left < 2 or top < 2 or right > panel.WIDTH - 2 or below > panel.HEIGHT - 1
    ] == []
    for (one, *a), (other, *b) in combinations(spans, 2):
        assert not (min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])), (one, other)


def test_the_page_shows_the_pin_file_that_comes_with_petit_pas_and_names_every_button(tmp_path: Path) -> None:
    text = panel.PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    file = tmp_path / "panneau.toml"
    file.write_text(example, encoding="utf-8")
    shown, shipped = read_pins(file), read_pins()
    assert (shown.keys, shown.lights, shown.bounce_ms) == (shipped.keys, shipped.lights, shipped.bounce_ms)
    assert {name for name in COMMANDS if f"`{name}`" in text} == set(COMMANDS)


@given(pins=st.permutations(sorted(TERMINALS)), count=st.integers(2, 12))
def test_any_panel_is_drawn_with_each_pin_once_and_no_wire_over_another(pins: list[int], count: int) -> None:
    keys = dict(zip(COMMANDS[:count], pins, strict=False))
    made = Pins("", 30, keys, {"go": pins[count]})
    assert sorted(wire.pin for wire in panel.wires(made)) == sorted([*keys.values(), pins[count]])
    tops = {side: [top for wire, top in panel.boxes(made) if wire.side == side] for side in (-1, 1)}
    for edges in tops.values():
        assert all(below - above >= 13 for above, below in pairwise(edges))
        assert all(20 < top < panel.HEIGHT - 13 - 12 for top in edges)
    lines = list(panel.routes(made).values())
    assert not any(crosses(one, other) for a, b in combinations(lines, 2) for one in pairwise(a) for other in pairwise(b))


# --- The keyboard --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [POSIX, WINDOWS])
def test_every_key_is_read_alone_and_after_any_other(table: dict[str, str]) -> None:
    keys = list(table)
    for first in keys:
        for second in keys:
            assert list(commands_in(first + second, table)) == [table[first], table[second]]


@given(st.text(alphabet="\x1b[OABCDH3~\n abc"))
def test_whatever_is_typed_an_arrow_after_it_counts(typed: str) -> None:
    commands = list(commands_in(typed + "xx\x1b[A", POSIX))
    assert commands[-1] == "forward" and set(commands) <= set(POSIX.values())


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_gives_its_keys_one_by_one_and_is_itself_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty
    import termios

    master, slave = pty.openpty()
    with os.fdopen(slave, "r", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(terminal)
        keyboard = Keyboard()
        os.write(master, b"\x1b[A\x1b[C\n\x7f\x04")
        keyboard._thread.join(5)
        assert keyboard.presses() == ("forward", "right", "go", "undo", END)
        keyboard.close()
        assert termios.tcgetattr(terminal) == before
    os.close(master)


# --- The command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A computer without pins and without robots, at which somebody types."""
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-such")
    monkeypatch.setattr(robots, "find_ports", list)
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_elsewhere_the_keyboard_does_the_same(typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    typed("\x1b[C\x1b[3~\x1b[D\n")
    assert cli.main(["panneau", "--sans-ecran"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Cet ordinateur n’a pas de broches") and "Le clavier fait la même chose" in lines[0]
    assert lines[-2:] == ["à gauche  –  ça y est !", "Le robot est à l’arrêt, les lumières sont éteintes."]


def test_the_command_has_an_english_name_too(typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    typed("\x1b[A")
    assert cli.main(["panel", "--no-screen", "--lang", "en"]) == 0
    assert "This computer has no pins" in capsys.readouterr().out


def test_a_pin_file_that_is_not_right_is_told_before_anything_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["panneau", "--pins", str(tmp_path / "none.toml")]) == cli.WRONG_INPUT
    assert "none.toml" in capsys.readouterr().err


def test_a_pin_file_in_the_class_folder_needs_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PETITPAS_DATA", str(tmp_path))
    (tmp_path / FILE).write_text("petitpas_panel = 1\n[keys]\ngo = 99\n", encoding="utf-8")
    assert cli.main(["panneau"]) == cli.WRONG_INPUT
    assert "keys.go" in capsys.readouterr().err


def test_a_port_without_a_robot_is_told(typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    typed("")
    assert cli.main(["panneau", "--port", "COM99"]) == cli.ROBOT_TROUBLE
    assert "COM99" in capsys.readouterr().err


def test_the_panel_stands_before_the_wall_and_is_let_go_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_window(words: object, *, buttons: Buttons, **_: object) -> int:
        Device.pin_factory.pin(read_pins().keys["forward"]).drive_low()
        assert buttons.presses() == ("forward",)
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "open_window", open_window)
    with mock_pins():
        assert cli.main(["panneau"]) == cli.INTERRUPTED
        Panel(read_pins()).close()  # the pins are free


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_where_no_window_can_be_had_the_panel_does_without(
    typed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    typed("\x1b[A")
    assert cli.main(["panneau", "--level", "CP"]) == 0
    assert "Le panneau est prêt, niveau CP." in capsys.readouterr().out


def test_without_a_screen_nothing_needs_pygame() -> None:
    parts = ("loop", "floor", "free", "keyboard", "panel")
    wanted = ", ".join(f"petitpas.tangible.{part}" for part in parts)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.modules['pygame'] = None; import {wanted}, petitpas.pressing"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr

"""Animals: the table, what is proposed, and the commands that name a robot and ask who it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from petitpas import cli, making
from petitpas.errors import KitError
from petitpas.robots import Robot
from petitpas.robots.animals import ANIMALS, propose
from petitpas.words import LANGUAGES, Words
from petitpas.workshop import naming
from petitpas_robot import opcodes as o
from petitpas_robot import song
from petitpas_robot.store import is_identity
from petitpas_sim.kits import load_kit
from petitpas_sim.mat import Mat, Place
from petitpas_sim.runner import Runner
from petitpas_sim.view.animals import ANIMALS as DRAWN
from tests.simulated import simulated

# --- The table ------------------------------------------------------------------------------------------------


def test_no_two_animals_look_or_sound_alike() -> None:
    assert len(ANIMALS) == len({animal.name for animal in ANIMALS}) == 12
    assert len({(animal.colour, animal.shape) for animal in ANIMALS}) == 12
    assert len({song.SONGS[animal.song] for animal in ANIMALS}) == 12
    for part in ("colour", "shape"):
        assert len({getattr(animal, part) for animal in ANIMALS[:7]}) == 7


def test_an_animal_is_neither_a_side_of_the_robot_nor_one_without_a_name() -> None:
    taken = {(o.COLOUR_ORANGE, o.SHAPE_CIRCLE), (o.COLOUR_BLUE, o.SHAPE_TRIANGLE), (o.COLOUR_WHITE, o.SHAPE_CIRCLE)}
    assert not taken & {(animal.colour, animal.shape) for animal in ANIMALS}


def test_a_robot_can_keep_every_animal_and_the_view_draws_it() -> None:
    for animal in ANIMALS:
        assert is_identity(animal.name.encode(), animal.colour, animal.shape)
        assert animal.name.isascii() and animal.name.isalpha()  # it is the host of a URL
    assert {animal.name for animal in ANIMALS} == set(DRAWN)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_animal_and_shape_has_its_words(lang: str) -> None:
    words = Words(lang)
    assert [f"animals.{animal.name}" for animal in ANIMALS] == words.keys("animals")
    assert {f"robots.{animal.name}" for animal in ANIMALS} == set(words.keys("robots")) - {"robots.fusee", "robots.robot"}
    assert words.keys("shapes") == [f"shapes.{name[6:].lower()}" for name in vars(o) if name.startswith("SHAPE_")]
    for animal in ANIMALS:
        noun = words.text(f"animals.{animal.name}").split()[-1]
        assert re.split(r"[ ’]", words.robot(animal.name))[-1] == noun
        assert naming.find_animal(noun.upper(), words) is naming.find_animal(animal.name, words) is animal


def test_the_first_animal_that_is_free_is_proposed() -> None:
    names = [animal.name for animal in ANIMALS]
    assert [propose(names[:count]).name for count in range(12)] == names  # type: ignore[union-attr]
    assert propose(["robot", "fusee"]) is ANIMALS[0]
    assert propose(reversed(names)) is None


# --- The commands ---------------------------------------------------------------------------------------------


@contextmanager
def plugged(*names: str) -> Iterator[dict[str, str]]:
    """Robots that are called so, each plugged in; gives their URLs."""
    runner = Runner(Mat(5, 5))
    for number, name in enumerate(names):
        runner.add(name, load_kit("exact"), Place(number, 0))
    with simulated(runner):
        yield {name: f"sim://{name}" for name in names}


@pytest.fixture(autouse=True)
def already_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The robots of these tests are on one mat; the commands would make one for each URL."""
    monkeypatch.setattr(making, "opened", lambda url: ExitStack())


def says(line: str | None) -> Callable[[], str | None]:
    return lambda: line


def refused() -> str | None:
    raise AssertionError("nothing is to be asked")


def test_an_animal_that_is_free_is_given_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with plugged("robot", "chat") as urls:
        assert making.name(urls["robot"], [urls["chat"]], "renard", Words(), refused)
        with Robot.open(urls["robot"]) as robot:
            assigned = robot.assigned()
    fox = naming.find_animal("renard", Words())
    assert (assigned.name, assigned.colour, assigned.shape, assigned.song) == (fox.name, fox.colour, fox.shape, fox.song)
    assert "C’est le renard (couleur : orange ; forme : losange)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "name"), [("\n", "renard"), ("oui", "renard"), ("O", "renard"), ("n", "robot"), ("2", "robot"), (None, "robot")]
)
def test_an_animal_that_is_there_already_is_asked_for(line: str | None, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with plugged("robot", "lapin") as urls:
        assert making.name(urls["robot"], [urls["lapin"]], "lapin", Words(), says(line)) is (name == "renard")
        with Robot.open(urls["robot"]) as robot:
            assert robot.identity.name == name
    assert "Il y a déjà un lapin : celui-ci sera le renard ?" in capsys.readouterr().out


def test_without_an_animal_the_first_that_is_free_is_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    with plugged("robot", "lapin", "renard") as urls:
        others = [urls["lapin"], "sim://nobody", urls["renard"]]
        assert making.name(urls["robot"], others, "", Words(), says(""))
        with Robot.open(urls["robot"]) as robot:
            assert robot.identity.name == "tortue"
    assert "Celui-ci sera la tortue ?" in capsys.readouterr().out


def test_when_all_twelve_are_there_nothing_is_given(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "names", lambda urls: [animal.name for animal in ANIMALS])
    with plugged("robot") as urls:
        assert not making.name(urls["robot"], [], "chat", Words(), refused)
    assert Words().text("naming.all") in capsys.readouterr().out


def test_what_is_no_animal_is_refused() -> None:
    with pytest.raises(KitError) as caught:
        making.name("sim://nobody", [], "licorne", Words(), refused)
    assert caught.value.code == "animal_unknown" and "hérisson" in caught.value.say()


def test_each_robot_sings_in_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    with plugged("lapin", "chat") as urls:
        with Robot.open(urls["chat"]) as robot:
            cat = naming.find_animal("chat", Words())
            robot.set_identity(cat.name, cat.colour, cat.shape, cat.song)
        assert not making.who([urls["lapin"], "sim://nobody", urls["chat"]], Words())
        assert making.who([urls["chat"]], Words("en"))
    told = capsys.readouterr()
    first, second, english = told.out.splitlines()
    assert "le lapin" in first and "le chat qui clignote (couleur : bleu ; forme : étoile)" in second and "the cat" in english
    assert "sim://nobody" in told.err


def test_a_song_is_over_before_the_next_begins() -> None:
    runner = Runner(Mat(5, 5))
    runner.add("lapin", load_kit("exact"), Place(0, 0))
    with simulated(runner):
        before = runner.world.t_ms
        making.who(["sim://lapin"], Words())
        assert len(song.SONGS[0]) * (song.NOTE_MS + song.GAP_MS) <= runner.world.t_ms - before <= 3000
        body = runner.robots["lapin"].body
        assert (body.colour, body.tone_hz) == (o.COLOUR_OFF, 0)


@pytest.mark.parametrize("command", ["name", "who"])
def test_no_robot_is_told(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("petitpas.robots.find_ports", list)
    assert cli.main([command]) == cli.ROBOT_TROUBLE
    assert "--port" in capsys.readouterr().out

"""The commands that tell robots apart: `petitpas name`, which gives one its animal, and `petitpas who`: « qui est le lapin ? »."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

from petitpas.errors import KitError
from petitpas.robots import Robot
from petitpas.robots.animals import ANIMALS, Animal, propose
from petitpas.robots.messages import Assigned
from petitpas.simulated import opened
from petitpas.words import Words
from petitpas_robot import opcodes, song

_COLOURS = {number: name[7:].lower() for name, number in vars(opcodes).items() if name.startswith("COLOUR_")}
_SHAPES = {number: name[6:].lower() for name, number in vars(opcodes).items() if name.startswith("SHAPE_")}
"""Numbers to keys of the words."""


def find_animal(text: str, words: Words) -> Animal:
    """Return the animal that a person has written ("hérisson", "herisson"); raise KitError `animal_unknown`."""
    said = text.strip().casefold()
    for animal in ANIMALS:
        if said in (animal.name, _noun(animal, words)):
            return animal
    raise KitError("animal_unknown", name=text, choices=", ".join(_noun(animal, words) for animal in ANIMALS))


def _noun(animal: Animal, words: Words) -> str:
    """Return what an animal is called, without the article."""
    return words.text(f"animals.{animal.name}").split()[-1]


def name(url: str, others: Sequence[str], wanted: str, words: Words, key: Callable[[], str | None]) -> bool:
    """
    Give the robot behind a port its animal, and let it sing.

    Where nobody says which animal, or another robot is that one already, the first that is free is proposed.

    Args:
        others: URLs of the other robots that are plugged in.
        wanted: an animal; "" for any.
        key: asks the person for a line, None at the end of input.
    Returns:
        Whether it has an animal now.
    Raises:
        KitError: there is no such animal, or as `Robot.open`.
    """
    animal: Animal | None = find_animal(wanted, words) if wanted else None
    taken = list(_names(others))
    if animal is None or animal.name in taken:
        animal = _agreed(animal, propose(taken), words, key)
    if animal is None:
        return False
    with opened(url), Robot.open(url) as robot:
        robot.set_identity(animal.name, animal.colour, animal.shape, animal.song)
        assigned = robot.assigned()
        print(words.text("cli.name.done", **_look(assigned, words)))
        _sing(robot, assigned)
    return True


def _names(urls: Sequence[str]) -> Iterator[str]:
    """Give the names of the robots that answer."""
    for url in urls:
        try:
            with Robot.open(url) as robot:
                yield robot.identity.name
        except KitError:  # a new board, or one that another application holds
            continue


def _agreed(wanted: Animal | None, free: Animal | None, words: Words, key: Callable[[], str | None]) -> Animal | None:
    """Ask whether the robot is to be the animal that is free, and return what it is to be, None for nothing new."""
    if free is None:
        print(words.text("cli.name.all"))
        return None
    robot = words.robot(free.name)
    if wanted is None:
        print(words.text("cli.name.free", robot=robot), flush=True)
    else:
        print(words.text("cli.name.taken", animal=words.text(f"animals.{wanted.name}"), robot=robot), flush=True)
    line = key()
    if line is None or not words.text("cli.name.yes").startswith(line.strip().casefold()):
        print(words.text("cli.name.same"))
        return None
    return free


def who(urls: Sequence[str], words: Words) -> bool:
    """Have each robot blink and sing in its turn, and tell its name; one that does not answer is told, and the others go on."""
    is_well = True
    for url in urls:
        try:
            with opened(url), Robot.open(url) as robot:
                assigned = robot.assigned()
                print(words.text("cli.who.here", port=url, **_look(assigned, words)), flush=True)
                _sing(robot, assigned)
        except KitError as error:
            print(error.say(words.lang), file=sys.stderr)
            is_well = False
    return is_well


def _look(assigned: Assigned, words: Words) -> dict[str, str]:
    """Return a robot's name, colour and shape in words."""
    colour, shape = words.text(f"colours.{_COLOURS[assigned.colour]}"), words.text(f"shapes.{_SHAPES[assigned.shape]}")
    return {"robot": words.robot(assigned.name), "colour": colour, "shape": shape}


def _sing(robot: Robot, assigned: Assigned) -> None:
    """Have a robot blink and sing, and wait until it is over."""
    robot.who()
    notes = song.SONGS[assigned.song % len(song.SONGS)]
    robot.wait(limit_ms=len(notes) * (song.NOTE_MS + song.GAP_MS))

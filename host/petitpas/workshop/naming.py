"""Telling robots apart: one is given its animal, and all of them blink and sing: « qui est le lapin ? »."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from petitpas.errors import KitError
from petitpas.robots import Robot
from petitpas.robots.animals import ANIMALS, Animal, propose
from petitpas.robots.messages import Assigned
from petitpas.words import Words
from petitpas.workshop.person import Person, Question
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


def name(robot: Robot, taken: Sequence[str], wanted: Animal | None, person: Person) -> bool:
    """
    Give a robot its animal, and let it sing.

    Where nobody says which animal, or another robot is that one already, the first that is free is proposed.

    Args:
        taken: names of the other robots that are plugged in.
        wanted: None for any.
    Returns:
        Whether it has an animal now.
    """
    animal = _agreed(wanted, propose(taken), person) if wanted is None or wanted.name in taken else wanted
    if animal is None:
        return False
    robot.set_identity(animal.name, animal.colour, animal.shape, animal.song)
    assigned = robot.assigned()
    person.tell("naming.done", **_look(assigned, person.words))
    _sing(robot, assigned)
    return True


def names(urls: Sequence[str]) -> Iterator[str]:
    """Give the names of the robots that answer."""
    for url in urls:
        try:
            with Robot.open(url) as robot:
                yield robot.identity.name
        except KitError:  # a new board, or one that another application holds
            continue


def _agreed(wanted: Animal | None, free: Animal | None, person: Person) -> Animal | None:
    """Ask whether the robot is to be the animal that is free, and return what it is to be, None for nothing new."""
    if free is None:
        person.tell("naming.all")
        return None
    words = person.words
    fields: dict[str, object] = {"robot": words.robot(free.name)}
    if wanted is not None:
        fields["animal"] = words.text(f"animals.{wanted.name}")
    question = Question("naming.free" if wanted is None else "naming.taken", ("yes", "no"), "naming", "yes", fields)
    if person.choose(question) != "yes":
        person.tell("naming.same")
        return None
    return free


def who(urls: Sequence[str], person: Person, opened: Callable[[str], AbstractContextManager[object]]) -> bool:
    """
    Have each robot blink and sing in its turn, and tell its name; one that does not answer is told, and the others go on.

    Args:
        opened: what has to be entered before a port is opened.
    """
    is_well = True
    for url in urls:
        if person.is_gone:
            return False
        try:
            with opened(url), Robot.open(url) as robot:
                assigned = robot.assigned()
                person.tell("naming.here", port=url, **_look(assigned, person.words))
                _sing(robot, assigned)
        except KitError as error:
            person.trouble(error)
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

"""
The twelve animals that a class gives its robots: THE table. A colour is doubled by a shape, and no two animals share both, nor a song.

The first seven have a colour and a shape that no other of them has. White with a circle is a robot that has no animal yet, orange with a
circle is every robot's left, blue with a triangle its right: none of these is an animal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from petitpas_robot import opcodes as o


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal: its name is what the robot keeps, and a key of the words; a COLOUR_, a SHAPE_ and the number of a song of the robot."""

    name: str
    colour: int
    shape: int
    song: int


ANIMALS = (
    Animal("lapin", o.COLOUR_PINK, o.SHAPE_HEART, 0),
    Animal("renard", o.COLOUR_ORANGE, o.SHAPE_DIAMOND, 1),
    Animal("tortue", o.COLOUR_GREEN, o.SHAPE_SQUARE, 2),
    Animal("chouette", o.COLOUR_PURPLE, o.SHAPE_MOON, 3),
    Animal("ours", o.COLOUR_YELLOW, o.SHAPE_CIRCLE, 4),
    Animal("chat", o.COLOUR_BLUE, o.SHAPE_STAR, 5),
    Animal("souris", o.COLOUR_WHITE, o.SHAPE_TRIANGLE, 6),
    Animal("grenouille", o.COLOUR_GREEN, o.SHAPE_STAR, 7),
    Animal("abeille", o.COLOUR_YELLOW, o.SHAPE_DIAMOND, 8),
    Animal("herisson", o.COLOUR_PURPLE, o.SHAPE_TRIANGLE, 9),
    Animal("canard", o.COLOUR_ORANGE, o.SHAPE_MOON, 10),
    Animal("elephant", o.COLOUR_BLUE, o.SHAPE_HEART, 11),
)
"""In the order in which they are proposed."""


def propose(taken: Iterable[str]) -> Animal | None:
    """Return the first animal whose name no other robot has, None where all twelve are there."""
    names = set(taken)
    return next((animal for animal in ANIMALS if animal.name not in names), None)

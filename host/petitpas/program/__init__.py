"""
Block programs: from JSON or a compact list to the image that a robot runs.

    image = build(from_compact(["forward", ["repeat", 4, ["right", "beep"]]]))
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..errors import LinkError, Problem, ProgramError
from .capabilities import needs
from .compact import from_compact, to_compact
from .compiler import compile_program
from .decompiler import decompile
from .file import load, save
from .linker import Image, link
from .listing import disassemble
from .python_view import python_view
from .tree import Block, Program, Test, read, renumber, to_dict, to_json
from .validate import check, validate
from .wording import wording

__all__ = [
    "Block",
    "Image",
    "LinkError",
    "Problem",
    "Program",
    "ProgramError",
    "Test",
    "build",
    "check",
    "decompile",
    "disassemble",
    "from_compact",
    "from_json",
    "load",
    "needs",
    "python_view",
    "read",
    "renumber",
    "save",
    "to_compact",
    "to_dict",
    "to_json",
    "validate",
    "wording",
]


def from_json(source: str | bytes | Mapping[str, object]) -> Program:
    """
    Return the program of a JSON document, text or decoded, checked.

    Raises:
        ProgramError: anything that is wrong, with all problems; there is no other exception.
    """
    return check(read(source))


@lru_cache(maxsize=256)
def build(program: Program) -> Image:
    """
    Return the image of a program, from a small cache where the same one was built before.

    Raises:
        ProgramError: the program has a problem.
        LinkError: it is too long for a robot's memory.
    """
    return link(compile_program(check(program)))

"""The words on a block, by the age of the child who reads or hears them."""

from __future__ import annotations

from ..words import LANGUAGE, Key, Words
from .blocks import BLOCKS, LEVELS, Level
from .tree import Block


def wording(block: Block, level: Level = "CP", lang: str = LANGUAGE) -> str:
    """Return what a valid block is called at a school level: "avance", then "avance de 3 cases" from CP."""
    row = BLOCKS[block.type]
    words = Words(lang)
    fields: dict[str, object] = {}
    for parameter in row.parameters:
        value = block.get(parameter.name)
        fields[parameter.name] = Key(f"{_CHOICES[parameter.name]}.{value}") if parameter.unit == "choice" else value
    if LEVELS.index(level) < LEVELS.index("CP"):
        return words.text(f"{row.key}.{'ps' if level == 'PS' else 'ms'}", **fields)
    is_new = all(block.get(parameter.name) == parameter.default for parameter in row.parameters)
    many = f"{row.key}.many"
    return words.text(many if not is_new and words.has(many) else f"{row.key}.cp", **fields)


_CHOICES = {"key": "keys", "colour": "colours"}

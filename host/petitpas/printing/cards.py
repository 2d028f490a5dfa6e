"""Which paper cards a lesson needs, what stands on them, and programs as rows of small cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from petitpas.lessons.lesson import Lesson, Variant
from petitpas.printing.markers import MARKER_IDS, NUMBERS
from petitpas.program import Block, Program
from petitpas.program.blocks import BLOCKS, LEVELS, Level
from petitpas.words import Words
from petitpas_sim.view.artwork import PICTURES

CARDS_PER_PAGE = 15
PLACES_PER_PAGE = 5

LEAST = 2
"""Of each card that a lesson allows there are at least so many: a card can be laid wrongly, and then another is taken."""

_ALIKE = {"forward_mm": "forward", "backward_mm": "backward", "left_deg": "left", "right_deg": "right", "forever": "repeat"}
"""Blocks that are drawn as others."""

_COUNTED = ("cells", "times", "mm", "deg")
"""Parameters that are a number on a card."""

Data = dict[str, object]


def level_of(lesson: Lesson) -> Level:
    """Return the level whose words stand on the cards of a lesson: the oldest of its pupils'."""
    return max(lesson.levels, key=LEVELS.index)


# --- Cards ------------------------------------------------------------------------------------------------------------


def card_names(lesson: Lesson) -> list[str]:
    """Return the cards that a group needs for a lesson, each as often as it needs it, whole pages of them."""
    counts: Counter[str] = Counter()
    for variant in lesson.variants:
        for program in _programs(variant):
            counts |= Counter(_cards_in(program))
        counts |= Counter({choice.type: LEAST for choice in variant.blocks})
    names = ["when_go", "clear", *sorted(counts.elements(), key=list(MARKER_IDS).index)]
    spares = [name for name, count in counts.items() if count >= LEAST and name in BLOCKS] or names
    missing = -len(names) % CARDS_PER_PAGE
    return names + [spares[place % len(spares)] for place in range(missing)]


def strip_places(lesson: Lesson) -> int:
    """Return the places that the longest program of a lesson takes, whole pages of them."""
    longest = max(len(list(_cards_in(program))) for variant in lesson.variants for program in _programs(variant))
    return PLACES_PER_PAGE * max(1, ceil(longest / PLACES_PER_PAGE))


def _programs(variant: Variant) -> Iterator[Program]:
    yield from variant.solutions
    yield from variant.distractors
    if variant.given is not None:
        yield variant.given


def _cards_in(program: Program) -> Iterator[str]:
    """Give every card that is laid for a program, but GO."""
    for block in program.walk():
        if block.type != "when_go":
            yield block.type
        if number_of(block) in NUMBERS:
            yield f"number_{number_of(block)}"
        yield from ("end" for _, blocks in block.bodies if block.row.kind == "control" and blocks)


def number_of(block: Block) -> int:
    """Return the number that is laid after a block's card, 1 for none."""
    return next((value for name, value in block.parameters if name in _COUNTED and isinstance(value, int)), 1)


def card_data(name: str, level: Level, words: Words, *, is_counted: bool = False) -> Data:
    """
    Return what stands on a card; one that has no picture shows its word.

    `style` is "rocket" for a card that moves by the sides of the mat; `is_counted` says that a number may be laid after it: then its words
    leave a place for one.
    """
    return {
        "picture": "go_key" if name == "when_go" else _picture(name),
        "number": name.removeprefix("number_") if name.startswith("number_") else "",
        "style": "rocket" if name.startswith("go_") else "",
        "word": _word(name, level, words, is_counted),
        "marker": MARKER_IDS[name],
    }


def _picture(name: str) -> str:
    name = _ALIKE.get(name, name)
    return name if name in PICTURES else ""


def _word(name: str, level: Level, words: Words, is_counted: bool) -> str:
    if name.startswith("number_"):
        return ""
    if name in ("when_go", "clear", "end"):
        return words.text(f"print.cards.{name}")
    age = "cp" if LEVELS.index(level) >= LEVELS.index("CP") else "ps" if level == "PS" else "ms"
    is_many = is_counted and age == "cp" and words.has(f"blocks.{name}.many")
    return words.text(f"blocks.{name}.{'many' if is_many else age}")


# --- Programs ---------------------------------------------------------------------------------------------------------


def steps_of(program: Program, words: Words) -> list[Data]:
    """Return a program as a row of small cards: pictures, each with its number, and between brackets what is inside another."""
    return [step for script in program.scripts for step in _script(script, words)]


def _script(script: Block, words: Words) -> Iterator[Data]:
    if script.type != "when_go":
        yield {"sign": words.text(f"{script.row.key}.name")}
    yield from _steps(script.body(), words)


def _steps(blocks: Sequence[Block], words: Words) -> Iterator[Data]:
    for block in blocks:
        picture = _picture(block.type)
        yield {"picture": picture, "number": _shown(block)} if picture else {"sign": words.text(f"{block.row.key}.name")}
        for _, inside in block.bodies:
            if inside:
                yield {"sign": "["}
                yield from _steps(inside, words)
                yield {"sign": "]"}


def small_cards(variant: Variant, words: Words) -> list[Data]:
    """
    Return the cards to cut out and glue for a variant, in an order that tells nothing.

    Where a trip is to be told they are its places; else those of the solution and, unless these are only to be ordered, one more of each
    card that is allowed.
    """
    if shows_places(variant):
        places = sorted(variant.landmarks.get(cell, "flower") for cell in variant.goal.cells)
        return [{"picture": name, "number": "", "word": ""} for name in places]
    cards = [(block.type, _shown(block)) for block in variant.solution.walk() if block.type != "when_go"]
    if variant.activity != "ordonner":
        cards += [(choice.type, "") for choice in variant.blocks]
    cards.sort(key=lambda card: (list(BLOCKS).index(card[0]), card[1]))
    return [{"picture": _picture(name), "number": number, "word": words.text(f"blocks.{name}.name")} for name, number in cards]


def shows_places(variant: Variant) -> bool:
    """Say whether pupils put places in order, and not cards: they tell a trip that they saw."""
    return variant.activity == "ordonner" and variant.goal.type == "order"


def _shown(block: Block) -> str:
    return str(number_of(block)) if number_of(block) > 1 else ""

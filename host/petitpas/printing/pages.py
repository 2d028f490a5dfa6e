"""From a lesson to pages: plain data that the templates lay out, a dictionary for each page, its `kind` first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from petitpas.lessons import programmes
from petitpas.lessons.lesson import VARIANTS, Lesson, Variant
from petitpas.printing.cards import (
    CARDS_PER_PAGE,
    PLACES_PER_PAGE,
    Data,
    card_data,
    card_names,
    level_of,
    shows_places,
    small_cards,
    steps_of,
    strip_places,
)
from petitpas.printing.mats import BORDER_MM, FOOT_MM, MARGIN_MM, OVERLAP_MM, PAPERS_MM, mat_data, tiling
from petitpas.printing.sheets import sequence_page, teacher_sheet
from petitpas.program import Program
from petitpas.program.blocks import LEVELS, Level
from petitpas.robots.animals import ANIMALS
from petitpas.words import Words
from petitpas_sim.mat import CELL_MM

KEYS = ("forward", "backward", "left", "right", "pause", "clear", "go")
"""The keys of a robot, which the poster shows."""


@dataclass(frozen=True, slots=True)
class Job:
    """
    What is to be printed of a lesson, in which words.

    `today` decides which references are in force; `paper` is one of PAPERS_MM, `variants` some of VARIANTS.
    """

    lesson: Lesson
    words: Words
    today: date
    paper: str = "a4"
    variants: tuple[str, ...] = VARIANTS

    @property
    def level(self) -> Level:
        """The level whose words the pupils read."""
        return level_of(self.lesson)

    def chosen(self) -> tuple[Variant, ...]:
        """Return the variants, from the easiest."""
        return tuple(variant for variant in self.lesson.variants if variant.name in self.variants)

    def title(self, variant: Variant) -> str:
        """Return what stands on the pages of a variant."""
        is_alone = len(self.lesson.variants) == 1
        return self.lesson.title if is_alone else f"{self.lesson.title} · {self.words.text(f'print.variants.{variant.name}')}"


def lesson_pages(job: Job, parts: Iterable[str]) -> list[Data]:
    """Return the pages of some parts of a lesson, in the order of PARTS."""
    wanted = set(parts)
    return [page for part in PARTS if part in wanted for page in _MAKERS[part](job)]


def booklet_pages(sequence: programmes.Sequence, jobs: Sequence[Job], parts: Iterable[str], progress: Callable[[Job], None]) -> list[Data]:
    """Return some parts of a whole level: its séquence, what the class needs once, then each lesson, after which `progress` is called."""
    wanted = set(parts)
    pages = [sequence_page(sequence, {job.lesson.id: job.lesson.title for job in jobs}, jobs[0].words)]
    pages += lesson_pages(jobs[0], wanted & set(CLASS_PARTS))
    for job in jobs:
        pages += lesson_pages(job, wanted & set(LESSON_PARTS))
        progress(job)
    return pages


# --- Parts of a lesson ------------------------------------------------------------------------------------------------


def _sheet(job: Job) -> Iterator[Data]:
    yield teacher_sheet(job.lesson, job.words, job.today)


def _mat(job: Job) -> Iterator[Data]:
    """Lay out the mat at true scale: of the usual variant, unless one is asked for."""
    names = ("pas",) if job.variants == VARIANTS else job.variants
    for variant in job.chosen():
        if variant.name in names:
            yield from _tiles(job, variant)


def _tiles(job: Job, variant: Variant) -> Iterator[Data]:
    laid = tiling(variant.mat.columns, variant.mat.rows, job.paper)
    whole_width, whole_height = (CELL_MM * cells + 2 * BORDER_MM for cells in (variant.mat.columns, variant.mat.rows))
    words = job.words
    for number in range(laid.count):
        down, across = divmod(number, laid.across)
        left, top = across * (laid.width - OVERLAP_MM), down * (laid.height - OVERLAP_MM)
        yield {
            "kind": "mat",
            "page": list(laid.page),
            "margin": MARGIN_MM,
            "foot": FOOT_MM,
            "overlap": OVERLAP_MM,
            "window": [left, top, min(laid.width, whole_width - left), min(laid.height, whole_height - top)],
            "mat": mat_data(variant) | {"sides": _sides(words)},
            "tile": [number, laid.across, laid.down],
            "title": job.title(variant),
            "say": {
                "ruler": words.text("print.ruler"),
                "tile": words.text("print.tile", number=number + 1, count=laid.count),
                "glue": words.text("print.glue"),
            },
        }


def _sides(words: Words) -> list[str]:
    return [words.text(f"print.sides.{name}") for name in ("window", "door", "rug", "board")]


def _board(job: Job) -> Iterator[Data]:
    """Lay out a mat on one page, for figurines; variants with the same mat share it."""
    seen: list[Data] = []
    for variant in job.chosen():
        mat = mat_data(variant)
        if mat not in seen:
            seen.append(mat)
            yield {
                "kind": "board",
                "mat": mat | {"sides": _sides(job.words)},
                "page": _lying(job.paper, variant),
                "title": job.title(variant),
            }


def _lying(paper: str, variant: Variant) -> list[int]:
    short, long = PAPERS_MM[paper]
    return [long, short] if variant.mat.columns > variant.mat.rows else [short, long]


def _cards(job: Job) -> Iterator[Data]:
    counted = {choice.type for variant in job.lesson.variants for choice in variant.blocks if choice.most > 1}
    cards = [card_data(name, job.level, job.words, is_counted=name in counted) for name in card_names(job.lesson)]
    for first in range(0, len(cards), CARDS_PER_PAGE):
        yield {
            "kind": "cards",
            "title": job.lesson.title,
            "cards": cards[first : first + CARDS_PER_PAGE],
            "say": {key: job.words.text(f"print.{key}") for key in ("ruler", "cards_cut")},
        }


def _strip(job: Job) -> Iterator[Data]:
    places = strip_places(job.lesson)
    for first in range(1, places, PLACES_PER_PAGE):
        say = {
            "title": job.words.text("print.strip", places=places),
            "glue": job.words.text("print.glue"),
            "ruler": job.words.text("print.ruler"),
        }
        yield {"kind": "strip", "first": first, "places": places, "say": say}


def _tokens(job: Job) -> Iterator[Data]:
    robots = {setup.name: setup.kit for variant in job.lesson.variants for setup in variant.robots}
    is_rocket = all(setup.kit == "rocket" for variant in job.lesson.variants for setup in variant.robots)
    yield {
        "kind": "tokens",
        "title": job.lesson.title,
        "figures": ["rocket"] if is_rocket else [f"robot:{name}" for name in robots],
        "say": {key: job.words.text(f"print.{key}") for key in ("tokens", "figures", "ruler")},
    }


def _success(job: Job) -> Iterator[Data]:
    lesson, words = job.lesson, job.words
    yield {
        "kind": "success",
        "title": lesson.title,
        "levels": " · ".join(lesson.levels),
        "said": lesson.success.text(words.lang) if lesson.success else "",
        "criteria": list(lesson.sheet.criteria),
        "mat": mat_data(lesson.variant("pas")),
        "say": {key: words.text(f"print.{key}") for key in ("success", "draw", "alone", "with_friend", "with_adult", "colour")},
    }


def _words(job: Job) -> Iterator[Data]:
    known = _pictured(job)
    vocabulary = [{"word": word, "picture": known.get(word.lower(), "")} for word in job.lesson.sheet.vocabulary]
    if vocabulary:
        yield {"kind": "words", "title": job.lesson.title, "words": vocabulary, "say": {"title": job.words.text("print.words")}}


def _pictured(job: Job) -> dict[str, str]:
    """Return the picture of each word that has one: places, robots and cards."""
    words = job.words
    known = {words.text(key).lower(): key.rpartition(".")[2] for key in words.keys("landmarks")}
    known |= {words.robot(animal.name).lower(): f"robot:{animal.name}" for animal in ANIMALS} | {words.robot("fusee").lower(): "rocket"}
    for key in words.keys("print.pictured"):
        known |= dict.fromkeys(words.text(key).split(", "), key.rpartition(".")[2])
    return known


def _paper(job: Job) -> Iterator[Data]:
    """Lay out each variant for pencil, scissors and glue."""
    for variant in job.chosen():
        task = _task(variant)
        shown = _shown(variant, task, job.words)
        has_cards = task in ("mend", "places", "glue_cards")
        places = len(variant.goal.cells) if task == "places" else variant.most_blocks
        yield {
            "kind": "paper",
            "title": job.title(variant),
            "feet": VARIANTS.index(variant.name) + 1 if len(job.lesson.variants) > 1 else 0,
            "challenge": variant.challenge.text(job.words.lang) if variant.challenge else "",
            "mat": mat_data(variant) | {"sides": _sides(job.words)},
            "shown": [steps_of(program, job.words) for program in shown],
            "places": places if has_cards else 0,
            "cards": small_cards(variant, job.words) if has_cards else [],
            "say": {"todo": job.words.text(f"print.paper.{task}")},
        }


def _task(variant: Variant) -> str:
    """Return what is done on paper: a key of the words, under `print.paper`."""
    if variant.goal.type == "predict" or variant.activity == "prevoir":
        return "read_rocket" if variant.robots[0].kit == "rocket" else "read"
    if variant.distractors:
        return "choose"
    if variant.given is not None:
        return "mend"
    return "places" if shows_places(variant) else "glue_cards"


def _shown(variant: Variant, task: str, words: Words) -> list[Program]:
    """Return the programs that are read on paper."""
    if task == "choose":
        return sorted((variant.solution, *variant.distractors), key=lambda program: str(steps_of(program, words)))
    if task == "mend" and variant.given is not None:
        return [variant.given]
    return [variant.solution] if task in ("read", "read_rocket") else []


# --- Once for a class -------------------------------------------------------------------------------------------------


def _poster(job: Job) -> Iterator[Data]:
    words = job.words
    keys = {name: {"picture": name, "word": _key_word(name, job)} for name in KEYS}
    yield {"kind": "poster", "page": list(PAPERS_MM[job.paper]), "keys": keys, "say": {"title": words.text("print.poster")}}


def _key_word(name: str, job: Job) -> str:
    if name in ("forward", "backward", "left", "right"):
        level: Level = job.level if LEVELS.index(job.level) > 0 else "MS"
        return str(card_data(name, level, job.words)["word"])
    return job.words.text(f"keys.{name}")


def _badges(job: Job) -> Iterator[Data]:
    badges = [{"picture": f"robot:{animal.name}", "word": job.words.robot(animal.name)} for animal in ANIMALS]
    yield {"kind": "badges", "badges": badges, "say": {key: job.words.text(f"print.{key}") for key in ("badges", "ruler")}}


def _armbands(job: Job) -> Iterator[Data]:
    yield {"kind": "armbands", "say": {key: job.words.text(f"print.{key}") for key in ("armbands", "left", "right", "ruler")}}


_MAKERS: dict[str, Callable[[Job], Iterator[Data]]] = {
    "sheet": _sheet,
    "cards": _cards,
    "strip": _strip,
    "tokens": _tokens,
    "board": _board,
    "paper": _paper,
    "success": _success,
    "words": _words,
    "mat": _mat,
    "poster": _poster,
    "badges": _badges,
    "armbands": _armbands,
}

PARTS = tuple(_MAKERS)
"""What can be printed, in the order of the pages."""

CLASS_PARTS = ("poster", "badges", "armbands")
"""What a class prints once."""

LESSON_PARTS = tuple(part for part in PARTS if part not in CLASS_PARTS)
"""What a lesson needs."""

"""The kind explanation: what it says of known programs, what it never says, and that it always comes to an end."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programs

import ideas as corpus
from petitpas.errors import KitError
from petitpas.lessons import Variant, all_lessons, judge
from petitpas.lessons.cells import knows
from petitpas.lessons.explain import Explanation, explain, helps
from petitpas.lessons.ideas import IDEAS, Try
from petitpas.program import Program, from_compact
from petitpas.words import LANGUAGES, Words

LESSONS = {lesson.id: lesson for lesson in all_lessons()}
VARIANTS = [variant for lesson in LESSONS.values() for variant in lesson.variants]
TOGETHER = "explain.together"


def at(name: str) -> Variant:
    """Return a variant by "lesson/variant"."""
    lesson, variant = name.split("/")
    return LESSONS[lesson].variant(variant)


def explained(name: str, cards: list[object], **known: object) -> Explanation:
    return explain(at(name), Try(from_compact(cards), **known))  # type: ignore[arg-type]


def claimed(name: str, cards: list[object], **known: object) -> str:
    found = explained(name, cards, **known)
    return found.idea.name if found.idea else "none"


# --- What the lessons know ------------------------------------------------------------------------------------------------

WRONG = [
    pytest.param(variant, wrong, id=f"{lesson.id}-{variant.name}-{number}")
    for lesson in LESSONS.values()
    for variant in lesson.variants
    for number, wrong in enumerate(variant.wrong)
]


@pytest.mark.parametrize(("variant", "wrong"), WRONG)
def test_a_known_program_gets_the_idea_written_beside_it(variant: Variant, wrong: object) -> None:
    found = explain(variant, Try(wrong.program, wrong.previous))  # type: ignore[attr-defined]
    assert (found.idea.name if found.idea else "none") == wrong.idea  # type: ignore[attr-defined]
    assert found.parts_at is not None or not knows(wrong.program)  # type: ignore[attr-defined]
    assert all(judge(variant, mend.program).reached and len(mend.edits) <= 2 for mend in found.mends)
    if found.ghost is not None and variant.goal.type == "reach":
        assert found.ghost.end.cell == variant.goal.cells[-1]


def test_every_idea_is_shown_by_a_lesson() -> None:
    known = {wrong.idea for variant in VARIANTS for wrong in variant.wrong}
    assert known >= set(IDEAS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_claimed_of_a_program_that_reaches_the_goal(variant: Variant) -> None:
    for program in variant.solutions:
        found = explain(variant, Try(program))
        assert found == Explanation(found.verdict)
        assert found.verdict.reached
        assert helps(variant, found) == ()


# --- Evidence ---------------------------------------------------------------------------------------------------------------


def first(idea: str) -> tuple[Variant, Program]:
    """Return the first known program that shows an idea."""
    return next((variant, wrong.program) for variant in VARIANTS for wrong in variant.wrong if wrong.idea == idea and not wrong.previous)


@pytest.mark.parametrize("idea", [idea for idea in IDEAS if idea != "memory_kept"])
def test_without_its_evidence_an_idea_is_not_claimed(idea: str) -> None:
    """The same cards, in a world where what she meant leads nowhere: on another lesson's mat nothing explains them."""
    own, program = first(idea)
    elsewhere = [variant for variant in VARIANTS if variant.goal.type != "predict" and variant.robots[0].kit == own.robots[0].kit]
    explained = (explain(variant, Try(program)) for variant in elsewhere)
    silent = list(islice((found for found in explained if found.idea is None and not found.verdict.reached), 3))
    assert silent
    assert {found.key for found in silent} == {TOGETHER}


@pytest.mark.parametrize(
    ("name", "cards", "idea", "end"),
    [
        ("gs4/pas", ["right", "forward", "left", "forward"], "turn_moves", (2, 2)),
        ("gs4/pas", ["right", "right", "forward", "forward"], "turn_sidesteps", (2, 2)),
        ("gs4/grand_pas", ["left", "left", "forward", "forward"], "absolute_as_relative", (1, 1)),
    ],
)
def test_a_prediction_that_contradicts_an_idea_silences_it(name: str, cards: list[object], idea: str, end: tuple[int, int]) -> None:
    assert claimed(name, cards) == claimed(name, cards, predicted=end) == idea
    assert claimed(name, cards, predicted=(0, 0)) == "none"


def test_what_was_meant_being_a_program_of_the_lesson_outweighs_a_prediction() -> None:
    variant, program = first("cell_short")
    found = explain(variant, Try(program, predicted=judge(variant, program).runs[0].cell))
    assert found.idea is not None
    assert found.idea.name == "cell_short"


def test_cards_that_were_there_before_are_seen_by_the_try_before() -> None:
    variant = at("gs4/pas")
    before = from_compact(["forward"])
    both = corpus.to_compact(variant.solution)
    found = explain(variant, Try(from_compact(["forward", *both]), previous=before))
    assert found.idea is not None
    assert found.idea.name == "memory_kept"
    assert claimed("gs4/pas", ["forward", *both]) != "memory_kept"


def test_a_robot_that_looks_at_us_is_told_apart() -> None:
    keys = set()
    for variant in VARIANTS:
        for program in (wrong.program for wrong in variant.wrong if wrong.idea == "mirrored"):
            found = explain(variant, Try(program))
            assert found.idea is not None
            assert found.is_rocket or (found.key == "explain.mirrored_facing") == (found.idea.facing == 2)
            keys.add(found.key)
    assert {"explain.mirrored", "explain.mirrored_facing"} <= keys


# --- Any program ------------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.sampled_from(VARIANTS), programs(max_blocks=15) | programs(max_blocks=15, gliding=True) | programs(motions_only=True))
def test_any_program_has_a_verdict_or_a_sentence(variant: Variant, program: Program) -> None:
    try:
        found = explain(variant, Try(program))
    except KitError as error:
        assert error.say()
        return
    assert found == explain(variant, Try(program))
    assert found.verdict == judge(variant, program)
    ids = {block.id for block in program.walk()} | {"", None}
    assert found.parts_at in ids
    assert len(helps(variant, found)) == (0 if found.verdict.reached else 2 + (found.parts_at is not None))
    if found.idea is not None:
        assert not found.verdict.reached
        assert found.idea.block_id in ids


LONG: dict[str, list[object]] = {
    "nothing": [],
    "500 cards": ["forward", "left", "right", "beep"] * 124,
    "long loops": [["repeat", 255, [["repeat", 255, [["repeat", 255, [["repeat", 255, ["left", "right"]]]]]]]]],
    "empty loops": [["repeat", 255, [["repeat", 255, []]]], "forward"],
    "endless": [["forever", [["light", "pink"]]]],
    "endless turns": [["forever", ["left"]]],
    "a long body": [["repeat", 4, ["forward", "left", "right", "forward", "beep"] * 40]],
    "many loops": [["repeat", 3, ["forward", "left"]], "right"] * 80,
    "two scripts": [["when_go", ["forward"]], ["when_go", ["left"]]],
    "own blocks": [["define", 1, ["forward"]], ["when_go", [["call", 1]]]],
    "an event alone": [["when_obstacle", ["left"]]],
    "questions": [["if", {"sensor": "distance"}, ["forward"], ["left"]], ["wait_until", {"sensor": "distance", "value": 100}]],
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("where", ["gs4/pas", "ce2-4/grand_pas", "ce2-6/grand_pas", "ce1-6/pas"])
def test_a_program_of_any_shape_comes_to_an_end(name: str, where: str) -> None:
    try:
        found = explained(where, LONG[name])
    except KitError as error:
        assert error.say()
        return
    assert not found.verdict.reached
    assert found.key == TOGETHER or found.idea is not None


# --- Words and helps ---------------------------------------------------------------------------------------------------------


def keys_of_ideas() -> list[str]:
    special = ["absolute_as_relative_rocket", "mirrored_facing", "mirrored_rocket"]
    return [f"explain.{name}" for name in (*IDEAS, *special, "together")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_is_short(lang: str) -> None:
    words = Words(lang)
    said = [f"{key}.{part}" for key in keys_of_ideas() for part in ("say", "try")]
    for key in (*said, "explain.where", "explain.path", "explain.card", "explain.end"):
        sentences = [part for part in words.text(key).replace("?", ".").replace("!", ".").split(".") if part.strip()]
        most = 12 if "loop" in key else 8
        assert len(sentences) <= 2, key
        assert all(len(sentence.replace("’", "’ ").replace(" ’", "’").split()) <= most + sentence.count("’") for sentence in sentences), key


def test_the_helps_come_one_after_the_other_and_none_tells_the_answer() -> None:
    variant = at("gs4/pas")
    found = explain(variant, Try(variant.wrong[0].program))
    where, card, idea = helps(variant, found)
    assert where.cells == (found.verdict.runs[0].cell, variant.goal.cells[-1])
    assert card.block_id == found.parts_at or card.say == "explain.end"
    assert (idea.say, idea.tries) == (f"{found.key}.say", f"{found.key}.try")
    assert found.ghost is None or idea.cells == found.ghost.path


def test_where_the_goal_is_another_cell_it_is_shown_and_else_the_path_is_looked_at() -> None:
    beside = at("gs6/pas")
    by_another_way = explain(beside, Try(from_compact(["right", "forward", "forward", "left", "forward", "forward"])))
    assert by_another_way.verdict.runs[0].cell == beside.goal.cells[-1]
    assert helps(beside, by_another_way)[0].say == "explain.path"
    dance = at("pm5/pas")
    assert helps(dance, explain(dance, Try(from_compact(["forward"]))))[0].say == "explain.path"
    assert helps(beside, explain(beside, Try(from_compact(["forward"]))))[0].say == "explain.where"


def test_with_no_idea_we_look_together() -> None:
    variant, program = next((variant, wrong.program) for variant in VARIANTS for wrong in variant.wrong if wrong.idea == "none")
    assert helps(variant, explain(variant, Try(program)))[-1].say == f"{TOGETHER}.say"
    assert Words("fr").text(f"{TOGETHER}.say") == "On regarde ensemble."


# --- How often it is right -----------------------------------------------------------------------------------------------------


def test_the_half_that_nothing_was_tuned_on() -> None:
    rows = [row for row in corpus.corpus(("gs4", "cp3", "cp5", "ce1-3", "ce2-4")) if row.is_held]
    figures = corpus.measured(rows)
    assert figures.right >= 0.90
    assert figures.wrong <= 0.03

"""The next step: each rule at the try from which it holds, and before."""

from __future__ import annotations

import pytest

from petitpas.lessons.following import ALL, Suggestion, Tried, next_step
from petitpas.words import LANGUAGES

YES = Tried("pas", True, foreseen=True)
UNSEEN = Tried("pas", True)
SURPRISED = Tried("pas", True, foreseen=False)
NO = Tried("pas", False)
AT_3 = Tried("pas", False, card=3)
AT_4 = Tried("pas", False, card=4)
SMALL = Tried("petit_pas", False)
SMALL_YES = Tried("petit_pas", True, foreseen=True)
LARGE_YES = Tried("grand_pas", True, foreseen=True)


@pytest.mark.parametrize(
    ("tries", "rule", "variant", "card"),
    [
        ([YES, YES], "larger", "grand_pas", None),
        ([NO, NO, YES, YES], "larger", "grand_pas", None),
        ([SMALL_YES, SMALL_YES], "larger", "pas", None),
        ([AT_3, AT_3, AT_3], "step_mode", "pas", 3),
        ([AT_4, AT_3, AT_3, AT_3], "step_mode", "pas", 3),
        ([NO, NO], "help", "pas", None),
        ([AT_3, AT_3], "help", "pas", None),
        ([AT_3, AT_4, AT_3], "help", "pas", None),
        ([AT_3, AT_3, NO], "help", "pas", None),
        ([NO] * 5, "smaller", "petit_pas", None),
        ([AT_3, AT_4, AT_3, AT_4, AT_3], "smaller", "petit_pas", None),
        ([AT_3] * 5, "step_mode", "pas", 3),
        ([SMALL] * 5, "help", "petit_pas", None),
        ([UNSEEN, UNSEEN], "predict", "pas", None),
    ],
)
def test_what_is_proposed(tries: list[Tried], rule: str, variant: str, card: int | None) -> None:
    assert next_step(tries) == Suggestion(rule, variant, card)


@pytest.mark.parametrize(
    "tries",
    [[], [YES], [NO], [YES, NO], [NO, YES], [YES, UNSEEN], [SURPRISED, SURPRISED], [LARGE_YES, LARGE_YES], [SMALL, NO], [SMALL_YES, YES]],
)
def test_without_a_reason_nothing_is_proposed(tries: list[Tried]) -> None:
    assert next_step(tries) is None


def test_a_rule_that_is_switched_off_leaves_the_word_to_the_next() -> None:
    assert next_step([AT_3] * 5, off=["step_mode"]) == Suggestion("smaller", "petit_pas")
    assert next_step([AT_3] * 5, off=["step_mode", "smaller"]) == Suggestion("help", "pas")
    assert all(next_step(tries, off=ALL) is None for tries in ([AT_3] * 5, [YES] * 5, [UNSEEN] * 5))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tries", [[YES, YES], [AT_3] * 3, [NO] * 5, [NO, NO], [UNSEEN, UNSEEN]])
def test_a_teacher_reads_what_and_why(tries: list[Tried], lang: str) -> None:
    found = next_step(tries)
    assert found is not None
    said = found.say(lang)
    assert said.count(".") >= 2
    assert "…" not in said
    assert "{" not in said

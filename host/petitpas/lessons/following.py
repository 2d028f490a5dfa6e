"""
What comes next for a pupil: readable rules on her last tries, which propose a step to the teacher and say why.

A rule looks at the last tries of one variant, and holds where all of them show the same thing. The first rule that holds speaks; whoever
does not want it switches it off. Nothing is decided here: the teacher does, or does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from petitpas.lessons.lesson import VARIANTS
from petitpas.words import Key, Words


@dataclass(frozen=True, slots=True)
class Tried:
    """
    One try: the variant, and what came of it.

    `card` is the number of the card at which it parts from the goal, from 1 (None: none, or not known), `foreseen` whether the robot ended
    on the cell that was predicted (None: none was).
    """

    variant: str
    reached: bool
    card: int | None = None
    foreseen: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Where the last `tries` tries of a variant `show` something, its step is proposed.

    `same_card` asks besides that they part from the goal at the same card; `by` is how many variants further the step leads. The sentences
    are in the words, at following.<name>: what to `do` and `why`.
    """

    name: str
    tries: int
    show: Callable[[Tried], bool]
    same_card: bool = False
    by: int = 0


RULES = (
    Rule("larger", 2, lambda tried: tried.reached and tried.foreseen is True, by=1),
    Rule("step_mode", 3, lambda tried: not tried.reached and tried.card is not None, same_card=True),
    Rule("smaller", 5, lambda tried: not tried.reached, by=-1),
    Rule("help", 2, lambda tried: not tried.reached),
    Rule("predict", 2, lambda tried: tried.reached and tried.foreseen is None),
)
"""From the first that is looked at."""

ALL = tuple(rule.name for rule in RULES)
"""The names of the rules: switched off together, nothing is proposed."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A step that is proposed: the rule that does, the variant that it is about, and for "step_mode" the card."""

    rule: str
    variant: str
    card: int | None = None

    def say(self, lang: str) -> str:
        """Return what to do and why, in two sentences for the teacher."""
        words = Words(lang)
        fields = {"variant": Key(f"print.variants.{self.variant}"), "card": self.card}
        return " ".join(words.sentence(f"following.{self.rule}.{part}", **fields) for part in ("do", "why"))


def next_step(tries: Sequence[Tried], off: Collection[str] = ()) -> Suggestion | None:
    """
    Return the step that the tries of a pupil at a lesson propose, None where there is none.

    Args:
        tries: the oldest first.
        off: names of rules that the teacher has switched off.
    """
    if not tries:
        return None
    last = tries[-1]
    recent = []
    for tried in reversed(tries):
        if tried.variant != last.variant:
            break
        recent.append(tried)
    for rule in RULES:
        place = VARIANTS.index(last.variant) + rule.by
        if rule.name not in off and _holds(rule, recent) and 0 <= place < len(VARIANTS):
            return Suggestion(rule.name, VARIANTS[place], last.card if rule.name == "step_mode" else None)
    return None


def _holds(rule: Rule, recent: Sequence[Tried]) -> bool:
    """Say whether the last tries, the newest first, show what the rule is about."""
    last = recent[: rule.tries]
    alike = not rule.same_card or len({tried.card for tried in last}) == 1
    return len(last) == rule.tries and alike and all(map(rule.show, last))

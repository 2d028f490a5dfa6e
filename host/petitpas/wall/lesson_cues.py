"""From two states of an activity to the sound that belongs between them."""

from __future__ import annotations

from petitpas.wall.activity import Activity
from petitpas.wall.cues import ENDS, TURNS
from petitpas.wall.sounds import CARD_PITCHES
from petitpas.wall.strip import END, LOOP, kind_of


def heard_between(before: Activity, after: Activity) -> str | None:
    """Return the name of what is to be heard, None where nothing is."""
    old, new = before.board, after.board
    if new.refused != old.refused:
        return "refused"
    if after.helped > before.helped and new.status is old.status:
        return "help"
    if new.status is not old.status and new.status in ENDS and not (new.is_running and after.task.activity == "faire"):
        return ENDS[new.status]
    if new.cards != old.cards:
        return _card_heard(before, after)
    if new.lit is not None and new.lit != old.lit:
        return "turn" if kind_of(new.cards[new.lit]) in TURNS else "roll"
    return None


def _card_heard(before: Activity, after: Activity) -> str:
    """Return the sound of a strip that has changed: of the card that came into it, or of one that left."""
    if len(after.cards) < len(before.cards):
        return "remove"
    kind = LOOP if card_that_came(before, after) == END else kind_of(card_that_came(before, after))
    return f"card.{kind}" if kind in CARD_PITCHES else "remove"


def card_that_came(before: Activity, after: Activity) -> str:
    """Return the first card that is not where it was, in a strip that did not become shorter."""
    return next((new for old, new in zip(before.cards, after.cards, strict=False) if old != new), after.cards[-1])

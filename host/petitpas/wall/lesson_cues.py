"""From two states of an activity to the sound, and to the line, that belong between them."""

from __future__ import annotations

from petitpas.wall.activity import Activity
from petitpas.wall.board import Status
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
    kind = LOOP if _came(before, after) == END else kind_of(_came(before, after))
    return f"card.{kind}" if kind in CARD_PITCHES else "remove"


def _came(before: Activity, after: Activity) -> str:
    """Return the first card that is not where it was."""
    return next((new for old, new in zip(before.cards, after.cards, strict=False) if old != new), after.cards[-1])


def said_between(before: Activity, after: Activity) -> str | None:
    """Return the key of what is to be said, None where nothing is: a card its name, a help its sentence, the end of a run how it ended."""
    if len(after.cards) == len(before.cards) + 1:
        return f"wall.{kind_of(_came(before, after))}"
    if after.help is not None and after.help != before.help:
        return after.help.say
    if after.board.status is not before.board.status and before.board.is_running and after.board.status is not Status.READY:
        return f"wall.{after.board.status.value}"
    return None

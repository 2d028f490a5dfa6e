"""From two states of the board to the sound, and to the line, that belong between them."""

from __future__ import annotations

from petitpas.wall.board import Board, Status

ENDS = {
    Status.RUNNING: "go",
    Status.DONE: "success",
    Status.OVER: "elsewhere",
    Status.BLOCKED: "bump",
    Status.STOPPED: "stop",
}
"""What is heard when a run begins, and when it has ended."""

TURNS = ("left", "right")


def sound_between(before: Board, after: Board) -> str | None:
    """Return the name of what is to be heard, None where nothing is."""
    if after.refused != before.refused:
        return "refused"
    if after.cards != before.cards:
        return f"card.{after.cards[-1]}" if len(after.cards) > len(before.cards) else "remove"
    if after.status is not before.status:
        return ENDS.get(after.status)
    if after.lit is not None and after.lit != before.lit:
        return "turn" if after.cards[after.lit] in TURNS else "roll"
    return None


def line_between(before: Board, after: Board) -> str | None:
    """Return the key of what is to be said, None where nothing is: a card its name, the end of a run how it ended."""
    if len(after.cards) > len(before.cards):
        return f"wall.{after.cards[-1]}"
    if after.status is not before.status and before.is_running:
        return f"wall.{after.status.value}"
    return None

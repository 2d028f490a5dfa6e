"""
How bright the lights of a panel are at a moment: pure, and a function of time.

GO's light breathes while GO can be pressed, as GO does on the wall, stays on while a program runs, blinks while the robot cannot be
reached, and is off where there is nothing to run. Any other light is on while its button would do something. For the moment of an answer to
a button that is for nothing here, each light is the other way round.
"""

from __future__ import annotations

import math

from petitpas.wall.buttons import Offer

PULSE_MS = 2400
"""A breath; a test compares it with the wall's."""

BLINK_MS = 700
"""One blink of trouble: slow enough for every eye."""

ANSWER_MS = 160

_LOW = 0.12
"""The least of a breath: still seen."""


def brightness(command: str, offer: Offer, now_ms: int, answered_ms: int | None = None) -> float:
    """
    Return how bright the light of a button is, 0 to 1.

    Args:
        answered_ms: when a button was last answered that is for nothing here.
    """
    level = _go(offer, now_ms) if command == "go" else float(offer.is_useful(command))
    is_answer = answered_ms is not None and 0 <= now_ms - answered_ms < ANSWER_MS
    return float(level < 0.5) if is_answer else level


def _go(offer: Offer, now_ms: int) -> float:
    if offer.lamp == "ready":
        return _LOW + (1 - _LOW) * (0.5 - 0.5 * math.cos(math.tau * (now_ms % PULSE_MS) / PULSE_MS))
    if offer.lamp == "trouble":
        return float(now_ms % BLINK_MS < BLINK_MS // 2)
    return float(offer.lamp == "running")

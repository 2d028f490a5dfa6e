"""
The process behind `speaker`: it opens the sound card, makes samples and plays them. Run by `python -m petitpas.wall.player`.

Each line on standard input is an order, a JSON object; each is answered by an empty line once it is done. Without a card, or a mixer, the
process ends.

    {"play": [[0, 67, 280, 1.0]], "gain": 0.3}    notes: when, pitch, how long, level
    {}                                            end what is being played
"""

from __future__ import annotations

import json
import sys
import time

import pygame

from petitpas.wall.synth import RATE_HZ, Note, Score, samples

LATE_S = 0.4
"""What was asked for so long before the card was open is left out."""

RENEW_S = 30.0
"""After so much silence the card is opened anew: it may be another one by now."""

FADE_MS = 15
_BUFFER = 512


class Player:
    """A card that is opened at the first sound."""

    def __init__(self) -> None:
        self._turn = 0
        self._last_s = 0.0

    def play(self, score: Score, gain: float) -> None:
        """Play a score; it cuts the one before it. Two channels take turns: the old one fades while the new one begins."""
        asked_s = time.monotonic()
        if asked_s - self._last_s > RENEW_S:
            pygame.mixer.quit()
            pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER, allowedchanges=0)
            pygame.mixer.set_num_channels(2)
        self._last_s = time.monotonic()
        if self._last_s - asked_s > LATE_S:
            return
        sound = pygame.mixer.Sound(buffer=samples(score))
        sound.set_volume(gain)  # not the channel's: that is set anew when a sound begins
        pygame.mixer.fadeout(FADE_MS)
        self._turn = 1 - self._turn
        pygame.mixer.Channel(self._turn).play(sound)

    def quiet(self) -> None:
        """End what is being played."""
        if pygame.mixer.get_init():
            pygame.mixer.fadeout(FADE_MS)


def main() -> int:
    """Obey until there are no more orders; return 1 where nothing can be played."""
    player = Player()
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if order:
                player.play(tuple(Note(*note) for note in order["play"]), order["gain"])
            else:
                player.quiet()
            print(flush=True)
    except (pygame.error, NotImplementedError):  # the second: a pygame that was built without its mixer
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

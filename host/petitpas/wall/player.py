"""
The process behind `speaker`: it opens the sound card, makes samples and plays them. Run by `python -m petitpas.wall.player`.

Each line on standard input is an order, a JSON object; each is answered by an empty line once it is done. Without a card, or a mixer, the
process ends.

    {"play": [[0, 67, 280, 1.0]], "gain": 0.3, "yields": false}    notes: when, pitch, how long, level
    {"say": ["voix/wall.done.ogg"], "gain": 0.3}                   files, one after another
    {}                                                             end what is being played

A sound cuts what is being played or said; one that yields is left out while something is said. What is said lets a sound end first, and
cuts what is being said.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

import pygame

from petitpas.wall.synth import RATE_HZ, Note, Score, samples

LATE_S = 0.4
"""What was asked for so long before the card was open is left out."""

LATE_LINE_S = 2.0
"""The same for what is said: a word that comes after the next tap is only puzzling."""

RENEW_S = 30.0
"""After so much silence the card is opened anew: it may be another one by now."""

FADE_MS = 15

PAUSE_MS = 350
"""Between two sentences."""

LONGEST_S = 20
"""No more of a file is played: a sentence takes three seconds, a song of an hour may lie in the folder."""

_BUFFER = 512
_BYTES = 2
_NOTHING = bytes(_BYTES)


class Player:
    """A card that is opened at the first sound."""

    def __init__(self) -> None:
        self._turn = 0
        self._last_s = 0.0
        self._said: pygame.mixer.Sound | None = None

    def play(self, score: Score, gain: float, yields: bool) -> None:
        """Play a score; it cuts the one before it. Two channels take turns: the old one fades while the new one begins."""
        if self._open() > LATE_S or (yields and self._is_saying(or_will=True)):
            return
        sound = pygame.mixer.Sound(buffer=samples(score))
        sound.set_volume(gain)  # not the channel's: that is set anew when a sound begins
        self._begin(sound)

    def say(self, files: Sequence[str], gain: float) -> None:
        """Play files, after the sound that is being played; they cut what is being said."""
        self._open()
        spoken = [raw for raw in map(_raw_of, files) if raw]
        if not spoken:
            return
        sound = pygame.mixer.Sound(buffer=bytes(RATE_HZ * PAUSE_MS // 1000 * _BYTES).join(spoken))
        sound.set_volume(gain)
        channel = pygame.mixer.Channel(self._turn)
        if channel.get_busy() and not self._is_saying():
            channel.queue(sound)
        else:
            self._begin(sound)
        self._said = sound

    def quiet(self) -> None:
        """End what is being played."""
        if pygame.mixer.get_init():
            for turn in range(2):  # what waits for the end of a sound would follow it
                if pygame.mixer.Channel(turn).get_queue() is not None:
                    pygame.mixer.Channel(turn).queue(pygame.mixer.Sound(buffer=_NOTHING))
            pygame.mixer.fadeout(FADE_MS)

    def _begin(self, sound: pygame.mixer.Sound) -> None:
        self.quiet()
        self._turn = 1 - self._turn
        pygame.mixer.Channel(self._turn).play(sound)

    def _is_saying(self, or_will: bool = False) -> bool:
        channel = pygame.mixer.Channel(self._turn)
        heard = (channel.get_sound(), channel.get_queue()) if or_will else (channel.get_sound(),)
        return self._said is not None and channel.get_busy() and self._said in heard

    def _open(self) -> float:
        """Open the card, or open it anew after a silence; return how many seconds that took."""
        asked_s = time.monotonic()
        if asked_s - self._last_s > RENEW_S:
            pygame.mixer.quit()
            pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER, allowedchanges=0)
            pygame.mixer.set_num_channels(2)
            self._said = None
        self._last_s = time.monotonic()
        return self._last_s - asked_s


def _raw_of(file: str) -> bytes:
    """Return the samples of a file as the card plays them, nothing where it cannot be read or is no sound."""
    try:
        return pygame.mixer.Sound(file).get_raw()[: LONGEST_S * RATE_HZ * _BYTES]
    except (OSError, pygame.error):
        return b""


def main() -> int:
    """Obey until there are no more orders; return 1 where nothing can be played."""
    player = Player()
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if "play" in order:
                player.play(tuple(Note(*note) for note in order["play"]), order["gain"], order["yields"])
            elif "say" in order:
                player.say(order["say"], order["gain"])
            else:
                player.quiet()
            print(flush=True)
    except (pygame.error, NotImplementedError):  # the second: a pygame that was built without its mixer
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

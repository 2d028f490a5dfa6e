"""
Every sound of the wall, each with its visual twin: what the screen shows at the same moment, so that nothing is for ears alone.

All are made by us, as scores for `synth`. Tones are short, but for the songs; what did not go as planned sounds like a question, and
nothing sounds like a fault. `Sounds` keeps the teacher's volume; `say` is where a voice will speak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from petitpas.program.blocks import Level
from petitpas.wall.speaker import Speaker
from petitpas.wall.synth import Note, Score, pitch_of

VOLUME = 50
"""In percent, until the teacher chooses."""

SONG_MS = 2_000
"""No song is longer; every other sound is over in half a second."""

TONE_MS = 300
_TONES_HZ = (110, 2_100)
_SONE = 5 / 3
"""Loudness follows the 0.6th power of pressure. Source: Stevens, The measurement of loudness, 1955."""

_SMALLEST_GAIN = 1 / 128
"""SDL's mixer knows no smaller one but silence."""

TWINS = {
    "strip": "the card slides into the strip, the last one, or leaves it",
    "rim": "the strip has a rim, or the place of the first card is in the sun",
    "octagon": "GO becomes STOP",
    "running": "the card that is played is in the sun, and the robot moves",
    "waves": "waves around the robot",
    "bump": "a mark at the robot, and plum around the card",
    "pill": "the words and the colour under the robot say how it ended",
    "aid": "the help is opened",
    "bubble": "the words that are said stand in a bubble",
    "frozen": "the mat is covered: everybody looks at the teacher",
}
"""What the screen shows, by the name that sounds and spoken lines give it."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A score, its twin in TWINS, and its share of the full level: what is heard often is quieter."""

    score: Score
    twin: str
    level: float = 1.0


def _row(step_ms: int, ring_ms: int, *pitches: float) -> Score:
    """Return notes one after another, each ringing for so long."""
    return tuple(Note(place * step_ms, pitch, ring_ms) for place, pitch in enumerate(pitches))


def _tune(beat_ms: int, *notes: tuple[float, float]) -> Score:
    """Return a melody of (pitch, beats), the last note ringing for three beats, over the same an octave lower, faint."""
    score, at = [], 0.0
    for place, (pitch, beats) in enumerate(notes):
        ring = 3 if place == len(notes) - 1 else 1.6
        score += [Note(int(at), pitch, int(ring * beat_ms)), Note(int(at), pitch - 12, int(ring * beat_ms), 0.35)]
        at += beats * beat_ms
    return tuple(score)


CARD_PITCHES: dict[str, tuple[float, ...]] = {
    "forward": (67, 72),
    "backward": (72, 67),
    "left": (69, 64),
    "right": (71, 76),
    "forward_mm": (67, 69),
    "backward_mm": (69, 67),
    "left_deg": (66, 64),
    "right_deg": (74, 76),
    "until_obstacle": (67, 72, 72),
    "go_up": (67, 74),
    "go_down": (74, 67),
    "go_left": (72, 69, 72),
    "go_right": (72, 76, 72),
    "light": (79, 83),
    "send": (79, 76, 79),
    "beep": (84,),
    "note": (76, 79),
    "wait": (64,),
    "wait_until": (64, 64),
    "stop": (60,),
    "repeat": (67, 71, 67),
    "forever": (67, 71, 74),
    "if": (69, 74),
    "call": (65, 69, 72),
}
"""What each card sounds like when it goes into the strip, by its block: ahead rises, back falls, left is low, right is high."""

SOUNDS: dict[str, Sound] = {
    **{f"card.{card}": Sound(_row(75, 190, *pitches), "strip", 0.7) for card, pitches in CARD_PITCHES.items()},
    "remove": Sound(_row(60, 140, 62, 57), "strip", 0.6),
    "refused": Sound(_row(90, 90, 55, 55), "rim", 0.6),
    "go": Sound(_row(90, 280, 67, 71, 74), "octagon"),
    "stop": Sound(_row(80, 220, 62, 55), "pill"),
    "roll": Sound((Note(0, 57, 70), Note(70, 57, 60, 0.5)), "running", 0.5),
    "turn": Sound((Note(0, 60, 60), Note(60, 64, 60, 0.8), Note(120, 67, 60, 0.6)), "running", 0.5),
    "bump": Sound((Note(0, 45, 160), Note(0, 52, 120, 0.5)), "bump"),
    "elsewhere": Sound(_row(150, 260, 67, 69), "pill", 0.8),
    "success_ps": Sound(_tune(180, (72, 1), (76, 1), (79, 2)), "pill"),
    "success_cp": Sound(_tune(150, (67, 1), (72, 1), (76, 1), (79, 1.5), (76, 0.5), (79, 2)), "pill"),
    "success_ce": Sound(_tune(130, (67, 1), (72, 1), (76, 1), (74, 1), (77, 1), (81, 1), (79, 1), (84, 2)), "pill"),
    "help": Sound(_row(110, 260, 76, 81, 79), "aid", 0.8),
    "freeze": Sound((Note(0, 60, 480), Note(0, 64, 480, 0.8), Note(0, 67, 480, 0.8)), "frozen"),
}
"""Every sound, by the name that it is played by."""

SONGS: dict[Level, str] = {
    **dict.fromkeys(("PS", "MS", "GS"), "success_ps"),
    "CP": "success_cp",
    **dict.fromkeys(("CE1", "CE2"), "success_ce"),
}
"""The song of success of each level."""

LINES = {
    **{f"wall.{card}": "strip" for card in ("forward", "backward", "left", "right")},
    **{f"wall.{status}": "pill" for status in ("done", "over", "blocked", "stopped")},
}
"""What is to be said aloud, by the key of its words, with its twin."""


class Voice(Protocol):
    """What speaks."""

    def say(self, key: str, twin: str) -> None:
        """Say the words at a key instead of what is being said; the screen shows the twin. Returns at once and never raises."""


class NoVoice:
    """Says nothing, and remembers what it would have said last: the key and its twin."""

    def __init__(self) -> None:
        self.said: tuple[str, str] | None = None

    def say(self, key: str, twin: str) -> None:
        """Remember it."""
        self.said = key, twin


def gain(volume: int) -> float:
    """Return what samples are multiplied by, 0 to 1, at a volume in percent: half the volume sounds half as loud, 0 is silence."""
    return max(_SMALLEST_GAIN, (min(volume, 100) / 100) ** _SONE) if volume > 0 else 0.0


class Sounds:
    """
    All that is heard.

    Args:
        volume: 0 to 100.
        is_mute: nothing is heard, whatever the volume.
        speaker: plays; None: this computer is silent.
        voice: speaks.
        level: chooses the song of success.
    """

    def __init__(
        self,
        volume: int = VOLUME,
        is_mute: bool = False,
        speaker: Speaker | None = None,
        voice: Voice | None = None,
        level: Level = "GS",
    ) -> None:
        self.volume = volume
        self.level = level
        self._is_mute = is_mute
        self._speaker = speaker
        self._voice = voice or NoVoice()
        self._is_noticed = False

    @property
    def is_mute(self) -> bool:
        """Whether nothing is heard."""
        return self._is_mute

    @is_mute.setter
    def is_mute(self, is_mute: bool) -> None:
        self._is_mute = is_mute
        if is_mute:
            self.quiet()

    def play(self, name: str) -> None:
        """Play a sound of SOUNDS, or the level's song for "success", instead of what is being played; raise KeyError for any other name."""
        sound = SOUNDS[SONGS[self.level] if name == "success" else name]
        self._play(sound.score, sound.level)

    def tone(self, hz: int) -> None:
        """Play what a robot's buzzer plays; what no child should hear long is brought nearer. Its twin is "waves"."""
        low, high = _TONES_HZ
        self._play((Note(0, pitch_of(min(high, max(low, hz))), TONE_MS),), 0.7)

    def say(self, key: str, twin: str = "") -> None:
        """Have a line spoken; raise KeyError for a line without a twin of TWINS, its own or that of LINES."""
        seen = twin or LINES[key]
        if seen not in TWINS:
            raise KeyError(seen)
        if not self._is_mute:
            self._voice.say(key, seen)

    def quiet(self) -> None:
        """End what is being played."""
        if self._speaker is not None:
            self._speaker.quiet()

    def close(self) -> None:
        """Let the sound card go for good."""
        if self._speaker is not None:
            self._speaker.close()

    def notice(self) -> str | None:
        """Return the key of a sentence once, when it turns out that nothing can be heard here; else None."""
        if self._is_noticed or self._speaker is None or not self._speaker.is_missing:
            return None
        self._is_noticed = True
        return "wall.no_sound"

    def _play(self, score: Score, level: float) -> None:
        loudness = 0.0 if self._is_mute else gain(self.volume) * level
        if loudness and self._speaker is not None:
            self._speaker.play(score, max(_SMALLEST_GAIN, loudness))

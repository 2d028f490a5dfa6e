"""
Every sound of the wall, each with its visual twin: what the screen shows at the same moment, so that nothing is for ears alone.

All are made by us, as scores for `synth`. Tones are short, but for the songs; what did not go as planned sounds like a question, and
nothing sounds like a fault. `Sounds` keeps the teacher's volume, and when the voice speaks: at once, once the class has spoken, or never.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from petitpas.classroom.records import VOICES, Settings
from petitpas.lessons.sheet import Sentence
from petitpas.program.blocks import Level
from petitpas.voice.teller import Play, Said
from petitpas.wall.speaker import Speaker
from petitpas.wall.synth import Note, Score, pitch_of
from petitpas.words import LANGUAGE

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
    "cell": "a thing, or a robot, comes to a cell of the mat or leaves it",
    "rim": "the strip has a rim, or the place of the first card is in the sun",
    "octagon": "GO becomes STOP",
    "running": "the card that is played is in the sun, and the robot moves",
    "waves": "waves around the robot",
    "bump": "a mark at the robot, and plum around the card",
    "pill": "the words and the colour under the robot say how it ended",
    "aid": "the help is opened",
    "bubble": "the words that are said stand in a bubble",
    "tile": "the tile that is tapped goes down, and has its word",
    "number": "three, two or one stands in the sun",
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
    "put": Sound(_row(70, 160, 76, 69), "cell", 0.6),
    "take": Sound(_row(70, 160, 69, 76), "cell", 0.6),
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
    "count": Sound((Note(0, 67, 240),), "number", 0.8),
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
"""What is to be said aloud, by the name of its words, with its twin."""

CLASS_FIRST_MS = {"bubble": 6_000, "pill": 3_000, "strip": 1_500, "tile": 1_500}
"""
How long the class has to say it first, by what the screen shows: a challenge is read or guessed, a card is only named.

Source: Rowe, Wait time, 1986: from three seconds on more pupils answer, and at more length.
"""


class Voice(Protocol):
    """What speaks."""

    @property
    def is_missing(self) -> bool:
        """Whether there was no voice for what was to be said last."""

    def rehearse(self, said: Said, own: Mapping[str, Sentence]) -> None:
        """Get ready to say what a page may say; `own` are sentences of its own."""

    def say(self, said: Said, play: Play) -> None:
        """Find or make the voice of what is said, and have it played. Returns at once and never raises."""

    def close(self) -> None:
        """Let go of what speaks."""


class NoVoice:
    """Says nothing, and remembers what it would have said last."""

    is_missing = False

    def __init__(self) -> None:
        self.last: Said | None = None

    def rehearse(self, said: Said, own: Mapping[str, Sentence]) -> None:
        """Do nothing."""

    def say(self, said: Said, play: Play) -> None:
        """Remember it."""
        self.last = said

    def close(self) -> None:
        """Do nothing."""


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
        self.lang = LANGUAGE
        self.mode = VOICES[0]
        """Of VOICES: when the voice speaks."""
        self._is_mute = is_mute
        self._speaker = speaker
        self._voice = voice or NoVoice()
        self._noticed: set[str] = set()
        self._turn = 0  # of what is heard: a voice that was late finds that it is another's
        self._now_ms = 0
        self._waiting: tuple[int, Said] | None = None  # when it will be said, once the class has spoken

    @property
    def is_mute(self) -> bool:
        """Whether nothing is heard."""
        return self._is_mute

    @is_mute.setter
    def is_mute(self, is_mute: bool) -> None:
        self._is_mute = is_mute
        if is_mute:
            self.quiet()

    def wake(self) -> None:
        """Get ready for a first sound, where one can be heard."""
        if self._speaker is not None and self.volume and not self._is_mute:
            self._speaker.wake()

    def take(self, settings: Settings) -> None:
        """Take what the teacher has set."""
        self.volume, self.lang, self.mode = settings.volume_percent, settings.lang, settings.voice
        if self.is_mute != settings.is_muted:
            self.is_mute = settings.is_muted
        if self.mode == "silent":
            self._waiting = None

    def play(self, name: str) -> None:
        """Play a sound of SOUNDS, or the level's song for "success", instead of what is being played; raise KeyError for any other name."""
        sound = SOUNDS[SONGS[self.level] if name == "success" else name]
        self._play(sound.score, sound.level, yields=sound.twin == "running")

    def tone(self, hz: int) -> None:
        """Play what a robot's buzzer plays; what no child should hear long is brought nearer. Its twin is "waves"."""
        low, high = _TONES_HZ
        self._play((Note(0, pitch_of(min(high, max(low, hz))), TONE_MS),), 0.7)

    def say(
        self, name: str, twin: str = "", *, then: Sequence[str] = (), fields: Mapping[str, object] | None = None, is_asked: bool = False
    ) -> None:
        """
        Have a line spoken after the sound that is being played, instead of what is being said, when the mode allows.

        Args:
            name: of the line's words.
            twin: of TWINS; "": that of LINES.
            then: lines that follow.
            fields: what the first line has to fill in.
            is_asked: somebody wants to hear it: the class does not speak first.

        Raises:
            KeyError: there is no such twin.
        """
        seen = twin or LINES[name]
        if seen not in TWINS:
            raise KeyError(seen)
        self._waiting = None
        if self._is_mute or self.mode == "silent":
            return
        said = Said((name, *then), self.lang, self.level, fields or {})
        if self.mode == "delayed" and not is_asked:
            self._waiting = self._now_ms + CLASS_FIRST_MS[seen], said
        else:
            self._say(said)

    def hear(self, file: Path) -> None:
        """Play a file instead of what is being said."""
        self._turn += 1
        self._speak((file,), self._turn)

    @property
    def has_voice(self) -> bool:
        """Whether something speaks for whom nobody has recorded, as far as is known."""
        return not isinstance(self._voice, NoVoice) and not self._voice.is_missing

    def rehearse(self, names: Sequence[str], own: Mapping[str, Sentence]) -> None:
        """Get ready to say what a page may say; `own` are sentences of its own, by their lines."""
        is_silent = self._is_mute or self.mode == "silent"
        self._voice.rehearse(Said(() if is_silent else tuple(names), self.lang, self.level), own)

    def step(self, now_ms: int) -> None:
        """Let time pass; `now_ms` counts up from any start."""
        self._now_ms = now_ms
        if self._waiting is not None and now_ms >= self._waiting[0]:
            said, self._waiting = self._waiting[1], None
            self._say(said)

    def quiet(self) -> None:
        """End what is being played or said, and what waits to be said."""
        self._turn += 1
        self._waiting = None
        if self._speaker is not None:
            self._speaker.quiet()

    def close(self) -> None:
        """Let the sound card and the voice go for good."""
        self._voice.close()
        if self._speaker is not None:
            self._speaker.close()

    def notice(self) -> str | None:
        """Return the key of a sentence once, when it turns out that nothing can be heard here, or no voice; else None."""
        missing = {
            "wall.no_sound": self._speaker is not None and self._speaker.is_missing,
            "wall.no_voice_windows" if sys.platform == "win32" else "wall.no_voice": self._voice.is_missing,
        }
        key = next((key for key, is_so in missing.items() if is_so and key not in self._noticed), None)
        if key is not None:
            self._noticed.add(key)
        return key

    def _play(self, score: Score, level: float, *, yields: bool = False) -> None:
        if not yields:
            self._turn += 1
            self._waiting = None
        loudness = 0.0 if self._is_mute else gain(self.volume) * level
        if loudness and self._speaker is not None:
            self._speaker.play(score, max(_SMALLEST_GAIN, loudness), yields=yields)

    def _say(self, said: Said) -> None:
        self._turn += 1
        turn = self._turn
        self._voice.say(said, lambda files: self._speak(files, turn))

    def _speak(self, files: Sequence[Path], turn: int) -> None:
        """Play what a voice has said, unless it came too late for it."""
        loudness = 0.0 if self._is_mute else gain(self.volume)
        if loudness and turn == self._turn and self._speaker is not None:
            self._speaker.say(files, loudness)

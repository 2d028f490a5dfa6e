"""
« Qui est le lapin ? »: the robot blinks its colour and sings its song, a second or two, while the ticks go on.

A song is a row of notes of one length, each with a flash of the lights, and a gap after each.
"""

from . import clock
from . import opcodes as o
from .shim import const

NOTE_MS = const(200)
GAP_MS = const(60)

# MIDI pitches. The first six begin old French songs: Frère Jacques, Au clair de la lune, Ah ! vous dirai-je maman, J'ai du bon tabac,
# Sur le pont d'Avignon, Il pleut bergère. The others are made to be told apart.
SONGS = (
    b"\x48\x4a\x4c\x48",
    b"\x48\x48\x48\x4a\x4c\x4a",
    b"\x48\x48\x4f\x4f\x51\x51\x4f",
    b"\x48\x4a\x4c\x48\x4a\x4a",
    b"\x4f\x4f\x4f\x51\x51\x51",
    b"\x4f\x54\x54\x51\x4d\x4d",
    b"\x54\x4f\x4c\x48",
    b"\x48\x4c\x4f\x54",
    b"\x48\x54\x48\x54",
    b"\x4f\x4c\x4f\x4c\x48",
    b"\x48\x4d\x4c\x51\x4f",
    b"\x54\x53\x51\x4f\x4d",
)


class Song:
    """
    One song at a time, or none.

    Args:
        robot: a `robot.Robot`: lights and sounds.
        can: the kit's CAN_ bits; what it has not is left out.
    """

    def __init__(self, robot, can):
        self.is_playing = False
        self._robot = robot
        self._can_light = bool(can & o.CAN_LIGHT)
        self._can_sound = bool(can & o.CAN_SOUND)
        self._notes = SONGS[0]
        self._at = 0  # the note that is next
        self._colour = 0
        self._was = 0  # what the lights showed before
        self._is_lit = False
        self._due_ms = 0

    def start(self, number, colour, now_ms):
        """Begin song `number`, any u8, in a COLOUR_; one that is being played begins anew."""
        if not self.is_playing:
            self._was = self._robot.colour
        self._notes = SONGS[number % len(SONGS)]
        self._at = 0
        self._colour = colour
        self._is_lit = False
        self._due_ms = now_ms
        self.is_playing = True

    def stop(self):
        """Be quiet now, with the lights as they were."""
        if self.is_playing:
            self.is_playing = False
            if self._can_sound:
                self._robot.quiet()
            self._light(self._was)

    def tick(self, now_ms):
        """Go on with it."""
        if not self.is_playing or clock.diff(now_ms, self._due_ms) < 0:
            return
        if self._is_lit:
            self._light(o.COLOUR_OFF)
            self._due_ms = clock.add(self._due_ms, GAP_MS)
        elif self._at < len(self._notes):
            self._light(self._colour)
            if self._can_sound:
                self._robot.note(self._notes[self._at], NOTE_MS)
            self._at += 1
            self._due_ms = clock.add(self._due_ms, NOTE_MS)
        else:
            self.stop()
        self._is_lit = not self._is_lit

    def _light(self, colour):
        if self._can_light:
            self._robot.light(colour)

    def until(self, now_ms):
        """Return the milliseconds until the next change."""
        ms = clock.diff(self._due_ms, now_ms)
        return ms if ms > 0 else 0

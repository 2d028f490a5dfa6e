"""Pixels and buzzer. Nothing here waits: a sound and a pattern end in a tick."""

from . import opcodes as o
from .clock import add, diff
from .shim import const

# Red, green and blue of each COLOUR_, in permille of the kit's ceiling.
COLOURS = (
    (0, 0, 0),
    (600, 600, 600),
    (900, 600, 0),
    (1000, 250, 0),
    (1000, 200, 350),
    (550, 0, 900),
    (0, 0, 1000),
    (0, 900, 0),
)

# A pattern is a row of (colour of the pixels that are lit, a bit for each of these, milliseconds).
EMPTIED = (
    (o.COLOUR_ORANGE, 0xFF, 120),
    (o.COLOUR_ORANGE, 0x7E, 120),
    (o.COLOUR_ORANGE, 0x3C, 120),
    (o.COLOUR_ORANGE, 0x18, 120),
    (o.COLOUR_OFF, 0x00, 120),
)
"""The memory has been emptied: the row closes in from both ends."""
FULL = ((o.COLOUR_PINK, 0xFF, 150), (o.COLOUR_OFF, 0, 150), (o.COLOUR_PINK, 0xFF, 150), (o.COLOUR_OFF, 0, 150))
"""There is no room for one more card."""

LAPS = (o.COLOUR_OFF, o.COLOUR_BLUE, o.COLOUR_GREEN, o.COLOUR_YELLOW, o.COLOUR_PINK)
"""The row of pixels fills with the first colour, then again with the next, and so on around."""

_LONGEST_MS = const(490)  # of any sound: a robot is never a nuisance
_LOWEST_HZ = const(30)
_HIGHEST_HZ = const(8000)


class Lights:
    """
    A row of pixels, sent only when something has changed.

    Args:
        show: sends bytes, green, red and blue of each pixel.
        count: of pixels.
        level: 1 to 255, the brightest that a colour may be.
    """

    def __init__(self, show, count, level):
        self.is_warning = False  # the last pixel is orange: the battery is low
        self._show = show
        self._count = count
        self._level = level
        self._data = bytearray(3 * count)
        self._is_new = True
        self._was_warning = False
        self._pattern = None
        self._at = 0
        self._due_ms = None

    def light(self, colour):
        """Show a COLOUR_ on every pixel."""
        self._pattern = None
        self._fill(colour, colour, 0)

    def cards(self, count):
        """Show how many cards are in memory: a pixel each, and around again in the next colour."""
        self._pattern = None
        lap, lit = (count - 1) // self._count, (count - 1) % self._count + 1 if count else 0
        laps = len(LAPS) - 1
        before = LAPS[(lap - 1) % laps + 1] if lap > 0 else o.COLOUR_OFF
        self._fill(before, LAPS[lap % laps + 1] if count else o.COLOUR_OFF, (1 << lit) - 1)

    def step(self, number):
        """Show which step of a program runs, 0 for the first: one white pixel, around again."""
        self._pattern = None
        self._fill(o.COLOUR_OFF, o.COLOUR_WHITE, 1 << number % self._count)

    def play(self, pattern):
        """Begin a pattern; its last row stays."""
        self._pattern = pattern
        self._at = 0
        self._due_ms = None

    def is_playing(self):
        """Say whether a pattern goes on."""
        return self._pattern is not None

    def tick(self, now_ms):
        """Go on with a pattern, and send what has changed."""
        if self._pattern is not None and (self._due_ms is None or diff(now_ms, self._due_ms) >= 0):
            if self._at == len(self._pattern):
                self._pattern = None
            else:
                colour, mask, ms = self._pattern[self._at]
                self._fill(o.COLOUR_OFF, colour, mask)
                self._at += 1
                self._due_ms = add(now_ms, ms)
        if self.is_warning != self._was_warning:
            self._was_warning = self.is_warning
            self._put(self._count - 1, o.COLOUR_ORANGE if self.is_warning else o.COLOUR_OFF)
        if self._is_new:
            self._is_new = False
            self._show(self._data)

    def _fill(self, colour, other, mask):
        """Give every pixel a colour, those in the mask the other one."""
        for number in range(self._count):
            self._put(number, other if mask >> number & 1 else colour)
        if self.is_warning:
            self._put(self._count - 1, o.COLOUR_ORANGE)

    def _put(self, number, colour):
        red, green, blue = COLOURS[colour]
        at = 3 * number
        self._set(at, green)
        self._set(at + 1, red)
        self._set(at + 2, blue)

    def _set(self, at, permille):
        value = permille * self._level // 1000
        if self._data[at] != value:
            self._data[at] = value
            self._is_new = True


class Buzzer:
    """
    One tone at a time.

    Args:
        sound: given hz and duty in permille; duty 0 is silence.
        permille: ceiling of the duty.
    """

    def __init__(self, sound, permille):
        self._sound = sound
        self._permille = permille
        self._is_on = False
        self._ends_ms = 0

    def tone(self, hz, ms, now_ms):
        """Sound, at most half a second; what no ear hears is silence."""
        if not _LOWEST_HZ <= hz <= _HIGHEST_HZ or ms <= 0:
            self.quiet()
            return
        self._is_on = True
        self._ends_ms = add(now_ms, min(ms, _LONGEST_MS))
        self._sound(hz, self._permille)

    def quiet(self):
        """End the tone."""
        if self._is_on:
            self._is_on = False
            self._sound(_LOWEST_HZ, 0)

    def tick(self, now_ms):
        """End a tone whose time is over."""
        if self._is_on and diff(now_ms, self._ends_ms) >= 0:
            self.quiet()

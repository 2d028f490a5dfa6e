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

LAPS = (o.COLOUR_OFF, o.COLOUR_BLUE, o.COLOUR_GREEN, o.COLOUR_YELLOW, o.COLOUR_PINK)
"""The row of pixels fills with the first colour, then again with the next, and so on around."""

_STRIKE_MS = const(450)  # of a tone: none lasts half a second
_GAP_MS = const(50)  # before a note that goes on is struck again
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
        self._parts = bytes([permille * level // 1000 for red, green, blue in COLOURS for permille in (green, red, blue)])
        self._data = bytearray(3 * count)
        self._is_new = True
        self._was_warning = False
        self._last = o.COLOUR_OFF  # of the last pixel, where it is no warning
        self._colour = o.COLOUR_OFF  # of the whole row
        self._step = -1  # the pixel of the step that runs; -1: none
        self._pattern = None
        self._at = 0
        self._due_ms = None

    def light(self, colour):
        """Show a COLOUR_ on every pixel, but for the step that runs."""
        self._colour = colour
        self._draw()

    def cards(self, count):
        """Show how many cards are in memory: a pixel each, and around again in the next colour."""
        self._pattern = None
        lap, lit = (count - 1) // self._count, (count - 1) % self._count + 1 if count else 0
        laps = len(LAPS) - 1
        before = LAPS[(lap - 1) % laps + 1] if lap > 0 else o.COLOUR_OFF
        self._fill(before, LAPS[lap % laps + 1] if count else o.COLOUR_OFF, (1 << lit) - 1)

    def step(self, number):
        """Show which step of a program runs, 0 for the first, on one pixel that goes around; None for none."""
        self._step = -1 if number is None else number % self._count
        self._draw()

    def pixels(self, colour, mask):
        """Show a COLOUR_ on the pixels of a mask alone."""
        self._pattern = None
        self._fill(o.COLOUR_OFF, colour, mask)

    def play(self, pattern):
        """Begin a pattern; its last row stays."""
        self._pattern = pattern
        self._at = 0
        self._due_ms = None

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
            self._put(self._count - 1, o.COLOUR_ORANGE if self.is_warning else self._last)
        if self._is_new:
            self._is_new = False
            self._show(self._data)

    def _draw(self):
        """Fill the row with its colour, and the step's pixel with one that is seen on it."""
        self._pattern = None
        mask = 1 << self._step if self._step >= 0 else 0
        self._fill(self._colour, o.COLOUR_BLUE if self._colour == o.COLOUR_WHITE else o.COLOUR_WHITE, mask)

    def _fill(self, colour, other, mask):
        """Give every pixel a colour, those in the mask the other one."""
        last = self._count - 1
        for number in range(last):
            self._put(number, other if mask >> number & 1 else colour)
        self._last = other if mask >> last & 1 else colour
        self._put(last, o.COLOUR_ORANGE if self.is_warning else self._last)

    def _put(self, number, colour):
        data = self._data
        at = 3 * number
        part = 3 * colour
        end = at + 3
        while at < end:
            if data[at] != self._parts[part]:
                data[at] = self._parts[part]
                self._is_new = True
            at += 1
            part += 1


class Buzzer:
    """
    One note at a time. One that lasts is struck again and again, so that no tone is half a second long: a robot is never a nuisance.

    Args:
        sound: given hz and duty in permille; duty 0 is silence.
        permille: ceiling of the duty.
    """

    def __init__(self, sound, permille):
        self.volume = 100  # percent of the ceiling
        self._sound = sound
        self._permille = permille
        self._hz = 0  # of the note; 0: there is none
        self._is_struck = False  # between two strikes it is silent
        self._ends_ms = 0
        self._turn_ms = 0  # when the strike or the gap ends

    def tone(self, hz, ms, now_ms):
        """Sound for so long; what no ear hears is silence."""
        if not _LOWEST_HZ <= hz <= _HIGHEST_HZ or ms <= 0:
            self.quiet()
            return
        self._hz = hz
        self._ends_ms = add(now_ms, ms)
        self._strike(now_ms)

    def quiet(self):
        """End the note."""
        if self._hz:
            self._hz = 0
            self._sound(_LOWEST_HZ, 0)

    def tick(self, now_ms):
        """End a note whose time is over, or strike it again."""
        if not self._hz:
            return
        if diff(now_ms, self._ends_ms) >= 0:
            self.quiet()
        elif diff(now_ms, self._turn_ms) >= 0:
            if self._is_struck:
                self._is_struck = False
                self._turn_ms = add(now_ms, _GAP_MS)
                self._sound(_LOWEST_HZ, 0)
            else:
                self._strike(now_ms)

    def _strike(self, now_ms):
        self._is_struck = True
        self._turn_ms = add(now_ms, _STRIKE_MS)
        self._sound(self._hz, self._permille * self.volume // 100)

"""Everything a block can ask of the robot besides motion, on top of a HAL and a kit."""

from . import opcodes as o
from .shim import const

# The highest octave, C8 to B8, in hundredths of a hertz. Source: equal temperament, A4 = 440 Hz.
_OCTAVE_8 = (418601, 443492, 469864, 497803, 527404, 558765, 591991, 627193, 664488, 704000, 745862, 790213)

_PRESSED = const(500)  # permille: switches read 0 or 1000

# >>> opcodes, written by tools/tables.py from opcodes.py
_TEST_ABOVE = const(0x80)
_THRESHOLD_KIT = const(0xFFFF)
# <<<


class Robot:
    """
    Lights, sounds and senses.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`.
    """

    def __init__(self, hal, kit):
        self.colour = o.COLOUR_OFF  # what the lights show
        self._volume = 100  # percent, as it is set
        self._loudness = 100  # percent, as it is now; 0 is silent
        self._hal = hal
        self._sense = hal.sense  # bound once: tests and lights are what programs do most
        self._light = hal.light
        self._beep_hz = kit.beep_hz
        self._beep_ms = kit.beep_ms
        self._thresholds = [_PRESSED] * (o.SENSOR_KEY + o.KEY_GO + 1)
        self._thresholds[o.SENSOR_DISTANCE] = kit.obstacle_mm
        self._thresholds[o.SENSOR_LINE_LEFT] = self._thresholds[o.SENSOR_LINE_RIGHT] = kit.line_permille
        self._thresholds[o.SENSOR_LIGHT] = kit.light_permille

    def holds(self, test, threshold):
        """
        Say whether a sensor test holds now.

        Args:
            test: a SENSOR_ number, plus TEST_ABOVE.
            threshold: mm or permille, or THRESHOLD_KIT.
        """
        sensor = test & 0x7F
        value = self._sense(sensor)
        if threshold == _THRESHOLD_KIT:
            threshold = self._thresholds[sensor]
        if test < _TEST_ABOVE:
            return value is not None and value < threshold
        return value is None or value > threshold  # nothing in range is beyond any threshold

    def steady(self, test, threshold):
        """Return the milliseconds for which `holds` surely says what it says now, None for ever; 0 where nobody knows."""
        return self._hal.steady(test, threshold)

    def light(self, colour):
        """Show a COLOUR_ on the lights."""
        self.colour = colour
        self._light(colour)

    def set_volume(self, percent):
        """Make sounds at this part of the loudest, 0 to 100."""
        self._volume = percent
        self.be_loud(False)

    def be_loud(self, is_loud):
        """Make sounds at the loudest, whatever the volume, or no more."""
        self._loudness = 100 if is_loud else self._volume
        self._hal.set_volume(self._loudness)

    def beep(self):
        """Make the robot's short sound and return how long it lasts, in ms."""
        if self._loudness:
            self._hal.tone(self._beep_hz, self._beep_ms)
        return self._beep_ms

    def note(self, pitch, ms):
        """Sound a MIDI pitch, 0 to 127, for `ms`."""
        if not self._loudness:
            return
        octave = pitch // 12
        centihertz = _OCTAVE_8[pitch % 12]
        hz = (centihertz >> (9 - octave) if octave <= 9 else centihertz << 1) // 100
        self._hal.tone(hz, ms)

    def quiet(self):
        """End any sound."""
        self._hal.tone(0, 0)

"""Everything a block can ask of the robot besides motion, on top of a HAL and a kit."""

from . import opcodes as o
from .shim import const

# The highest octave, C8 to B8, in hundredths of a hertz. Source: equal temperament, A4 = 440 Hz.
_OCTAVE_8 = (418601, 443492, 469864, 497803, 527404, 558765, 591991, 627193, 664488, 704000, 745862, 790213)

_PRESSED = const(500)  # permille: switches read 0 or 1000


class Robot:
    """
    Lights, sounds and senses.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`.
    """

    def __init__(self, hal, kit):
        self._hal = hal
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
        value = self._hal.sense(test & 0x7F)
        if value is None:  # nothing in range: beyond any threshold
            return test >= o.TEST_ABOVE
        if threshold == o.THRESHOLD_KIT:
            threshold = self._thresholds[test & 0x7F]
        return value > threshold if test >= o.TEST_ABOVE else value < threshold

    def light(self, colour):
        """Show a COLOUR_ on the lights."""
        self._hal.light(colour)

    def beep(self):
        """Make the robot's short sound and return how long it lasts, in ms."""
        self._hal.tone(self._beep_hz, self._beep_ms)
        return self._beep_ms

    def note(self, pitch, ms):
        """Sound a MIDI pitch, 0 to 127, for `ms`."""
        octave = pitch // 12
        centihertz = _OCTAVE_8[pitch % 12]
        hz = (centihertz >> (9 - octave) if octave <= 9 else centihertz << 1) // 100
        self._hal.tone(hz, ms)

    def quiet(self):
        """End any sound."""
        self._hal.tone(0, 0)

"""
A kind of robot: its dimensions, speeds, thresholds, parts and pins, from `kits/*.json`.

A kit file is checked once, when it is read; what is wrong is said with the name of the field.
A kit without a board is a world's: it has no parts, no pins and no wheels to drive.
A board keeps the figures alone, and forgets this module; see `main.read_kit`.
"""

from . import opcodes as o

VERSION = 1

_CAN = {
    "roll": o.CAN_ROLL,
    "glide": o.CAN_GLIDE,
    "light": o.CAN_LIGHT,
    "sound": o.CAN_SOUND,
    "distance": o.CAN_DISTANCE,
    "line": o.CAN_LINE,
    "see_light": o.CAN_SEE_LIGHT,
    "bump": o.CAN_BUMP,
    "lift": o.CAN_LIFT,
    "keys": o.CAN_KEYS,
}


class Kit:
    """
    A kit's figures as attributes, under the names of the file, and `can`: its CAN_ bits.

    On a kit with a board, `parts` maps the role of a part to its model and `pins` the name of a group to a list of pins.

    Args:
        fields: the decoded JSON of a kit file.
    Raises:
        ValueError: a field is missing, of the wrong type, out of range or unknown, or the version is not this firmware's.
    """

    def __init__(self, fields):
        if not isinstance(fields, dict) or fields.get("petitpas_kit") != VERSION:
            raise ValueError("petitpas_kit: this firmware reads kit files of version %d" % VERSION)
        self._fields = fields
        self.known = {"petitpas_kit", "name", "can"}
        self.name = fields.get("name")
        if not isinstance(self.name, str) or not 0 < len(self.name.encode()) <= 24:
            raise ValueError("name: a kit has a name of 1 to 24 bytes")
        self.steps_per_cell = self.number("steps_per_cell", 100, 20000)  # both wheels, 150 mm
        self.steps_per_quarter = self.number("steps_per_quarter", 50, 20000)  # each wheel, a quarter turn in place
        self.start_rate = self.number("start_rate", 1, 5000)  # steps/s
        self.cruise_rate = self.number("cruise_rate", 1, 5000)  # steps/s
        self.ramp_ms = self.number("ramp_ms", 1, 5000)
        self.obstacle_mm = self.number("obstacle_mm", 20, 2000)  # nearer than this is an obstacle
        self.line_permille = self.number("line_permille", 1, 999)  # darker than this is a line
        self.light_permille = self.number("light_permille", 1, 999)  # brighter than this is light
        self.beep_hz = self.number("beep_hz", 100, 5000)
        self.beep_ms = self.number("beep_ms", 10, 500)
        self.body_mm = self.number("body_mm", 20, 140)  # diameter of the round body
        if self.start_rate > self.cruise_rate:
            raise ValueError("start_rate: it is at most cruise_rate")
        self.can = 0
        names = fields.get("can") or ()
        for name in names:
            if name not in _CAN:
                raise ValueError("can: %r is not a capability; known are %s" % (name, ", ".join(sorted(_CAN))))
            self.can |= _CAN[name]
        if bool(self.can & o.CAN_ROLL) == bool(self.can & o.CAN_GLIDE):
            raise ValueError("can: a kit either rolls or glides")
        self.board = self.wheels = None
        self.wheel_um = self.warn_mv = self.stop_mv = 0  # a world's robot has no wheel of its own, and no battery to watch
        self.pixels = 8
        if "board" in fields:
            from . import parts  # on a board it can be forgotten afterwards

            parts.read(self, fields, names)
        for name in fields:
            if name not in self.known:
                raise ValueError("%s: unknown field" % name)
        del self._fields, self.known  # on a board they would take memory for ever

    def choice(self, name, known):
        """Return the text of a field, one of `known`."""
        self.known.add(name)
        value = self._fields.get(name)
        if not isinstance(value, str) or value not in known:
            raise ValueError("%s: %r does not exist; known are %s" % (name, value, ", ".join(sorted(known))))
        return value

    def sign(self, name):
        """Return a field that is 1 or -1."""
        if self.number(name, -1, 1) == 0:
            raise ValueError("%s: 1 or -1 is needed" % name)
        return self._fields[name]

    def number(self, name, least, most):
        """Return the whole number of a field, in its range."""
        self.known.add(name)
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError("%s: a whole number from %d to %d is needed, not %r" % (name, least, most, value))
        return value

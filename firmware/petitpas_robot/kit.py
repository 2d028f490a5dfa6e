"""
A kind of robot: its dimensions, speeds and thresholds, from `kits/*.json`.

A kit file is checked once, when it is read; what is wrong is said with the name of the field.
"""

from . import opcodes as o

VERSION = 1

# field, least, most
_FIELDS = (
    ("steps_per_cell", 100, 20000),  # both wheels, 150 mm
    ("steps_per_quarter", 50, 20000),  # each wheel, a quarter turn in place
    ("start_rate", 1, 5000),  # steps/s
    ("cruise_rate", 1, 5000),  # steps/s
    ("ramp_ms", 1, 5000),
    ("obstacle_mm", 20, 2000),  # nearer than this is an obstacle
    ("line_permille", 1, 999),  # darker than this is a line
    ("light_permille", 1, 999),  # brighter than this is light
    ("beep_hz", 100, 5000),
    ("beep_ms", 10, 500),
    ("body_mm", 20, 140),  # diameter of the round body
)

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

    Args:
        fields: the decoded JSON of a kit file.
    Raises:
        ValueError: a field is missing, of the wrong type, out of range or unknown, or the version is not this firmware's.
    """

    def __init__(self, fields):
        if not isinstance(fields, dict) or fields.get("petitpas_kit") != VERSION:
            raise ValueError("petitpas_kit: this firmware reads kit files of version %d" % VERSION)
        known = {"petitpas_kit", "name", "can"}
        self.name = fields.get("name")
        if not isinstance(self.name, str) or not 0 < len(self.name.encode()) <= 24:
            raise ValueError("name: a kit has a name of 1 to 24 bytes")
        for name, least, most in _FIELDS:
            known.add(name)
            value = fields.get(name)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise ValueError("%s: a whole number from %d to %d is needed, not %r" % (name, least, most, value))
            setattr(self, name, value)
        if self.start_rate > self.cruise_rate:
            raise ValueError("start_rate: it is at most cruise_rate")
        self.can = 0
        for name in fields.get("can") or ():
            if name not in _CAN:
                raise ValueError("can: %r is not a capability; known are %s" % (name, ", ".join(sorted(_CAN))))
            self.can |= _CAN[name]
        if bool(self.can & o.CAN_ROLL) == bool(self.can & o.CAN_GLIDE):
            raise ValueError("can: a kit either rolls or glides")
        for name in fields:
            if name not in known:
                raise ValueError("%s: unknown field" % name)

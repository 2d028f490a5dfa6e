"""
The parts and pins of a kit with a board, checked; see `kit.Kit`.

Nothing here is needed once the kit is read: a board forgets this module then.
"""

# What a board has: its pins, those that measure a voltage, and those that motors may have. Source: Raspberry Pi Pico datasheet, section 2.1
# (GP23 to 25 and GP29 serve the board itself). Motors keep to the pins that `main` drives low first, and whose PWM a soft reset stops.
_BOARDS = {"pico": (tuple(range(23)) + (26, 27, 28), (26, 27, 28), tuple(range(8)))}

# How many pins each name stands for; the first group belongs to the wheels, the others to the part of the same name.
_WHEEL_PINS = {
    "stepper": {"left": 4, "right": 4},
    "dc": {"left": 2, "right": 2, "left_encoder": 2, "right_encoder": 2},
}
_PART_PINS = {
    "keys": 7,
    "mode": 1,
    "distance": 2,
    "bumper": 1,
    "lift": 1,
    "pixels": 1,
    "pen": 1,
    "buzzer": 1,
    "line": 2,
    "battery": 1,
}
_ANALOGUE = ("line", "battery")

_WHEEL_PARTS = {
    "stepper": {"motor": ("28byj-48",), "driver": ("uln2003",)},
    "dc": {"motor": ("n20-encoder",), "driver": ("drv8833",)},
}
_PARTS = {
    "keys": ("button",),
    "mode": ("switch",),
    "distance": ("hc-sr04",),
    "bumper": ("switch",),
    "lift": ("switch",),
    "pixels": ("ws2812b",),
    "buzzer": ("passive",),
    "line": ("tcrt5000",),
    "battery": ("nimh-4",),
}
_NEEDS = {
    "light": "pixels",
    "sound": "buzzer",
    "distance": "distance",
    "line": "line",
    "see_light": "light",
    "bump": "bumper",
    "lift": "lift",
    "keys": "keys",
}
"""The part behind each capability."""

# Of an encoder, a wheel turn: with fewer a cell is not met within a millimetre, with many more `dc` would leave 31 bits.
_LEAST_COUNTS, _MOST_COUNTS = 300, 8000


def read(kit, fields, can):
    """Give `kit` what a kit with a board has besides; `can` are the names of its capabilities. Raises as `Kit` does."""
    kit.board = kit.choice("board", _BOARDS)
    kit.wheels = kit.choice("wheels", _WHEEL_PINS)
    kit.wheel_um = kit.number("wheel_um", 20000, 100000)  # diameter
    kit.track_um = kit.number("track_um", 50000, 130000)  # between the wheels
    kit.left_sign = kit.sign("left_sign")  # 1 where the motor's own sense is forward
    kit.right_sign = kit.sign("right_sign")
    kit.top_rate = kit.number("top_rate", 1, 5000)  # steps/s: no wheel is asked for more
    if kit.cruise_rate > kit.top_rate:
        raise ValueError("cruise_rate: it is at most top_rate")
    if kit.wheels == "stepper":
        kit.rest_ms = kit.number("rest_ms", 0, 10000)  # after which the coils are switched off
        kit.play_steps = kit.number("play_steps", 0, 500)  # of the gears, made up where a wheel turns back
    else:
        kit.counts_per_turn = kit.number("counts_per_turn", _LEAST_COUNTS, _MOST_COUNTS)
        kit.full_rate = kit.number("full_rate", 100, 20000)  # steps/s at full duty, unloaded
        kit.dead_permille = kit.number("dead_permille", 0, 500)  # duty below which a wheel does not turn
        kit.duty_permille = kit.number("duty_permille", 100, 1000)  # ceiling
        kit.stall_ms = kit.number("stall_ms", 50, 1000)  # at the ceiling without a count
    kit.warn_mv = kit.number("warn_mv", 3000, 5500)
    kit.stop_mv = kit.number("stop_mv", 3000, 5500)  # under load
    if kit.stop_mv >= kit.warn_mv:
        raise ValueError("stop_mv: it is below warn_mv")
    kit.battery_ratio = kit.number("battery_ratio", 1, 10)  # of the divider before the pin
    kit.buzzer_permille = kit.number("buzzer_permille", 1, 500)  # ceiling of its duty
    kit.pixels = kit.number("pixels", 1, 32)
    kit.pixel_level = kit.number("pixel_level", 1, 255)  # ceiling of each colour of a pixel
    kit.sonar_mm = kit.number("sonar_mm", 0, 70)  # the distance sensor's face ahead of the axle
    kit.parts = _read_parts(kit, fields, can)
    kit.pins = _read_pins(kit, fields)


def _read_parts(kit, fields, can):
    kit.known.add("parts")
    parts = fields.get("parts")
    known = _PARTS.copy()
    known.update(_WHEEL_PARTS[kit.wheels])
    if not isinstance(parts, dict):
        raise ValueError("parts: an object of role and model is needed")
    for role in parts:
        if role not in known:
            raise ValueError("parts.%s: no such part; known are %s" % (role, ", ".join(sorted(known))))
        if parts[role] not in known[role]:
            raise ValueError("parts.%s: %r does not exist; known are %s" % (role, parts[role], ", ".join(known[role])))
    for role in sorted(_WHEEL_PARTS[kit.wheels]):
        if role not in parts:
            raise ValueError("parts.%s: missing, %s wheels need it" % (role, kit.wheels))
    for name in can:
        if name in _NEEDS and _NEEDS[name] not in parts:
            raise ValueError("parts.%s: missing, for the capability %s" % (_NEEDS[name], name))
    return parts


def _read_pins(kit, fields):
    kit.known.add("pins")
    pins = fields.get("pins")
    if not isinstance(pins, dict):
        raise ValueError("pins: an object of name and pins is needed")
    counts = _WHEEL_PINS[kit.wheels].copy()
    for role in sorted(counts):
        if role not in pins:
            raise ValueError("pins.%s: missing, %s wheels need it" % (role, kit.wheels))
    counts.update(_PART_PINS)
    for role in sorted(kit.parts):
        if role in _PART_PINS and role not in pins:
            raise ValueError("pins.%s: missing, there is such a part" % role)
    owners = {}
    found = {}
    for name in sorted(pins):
        if name not in counts:
            raise ValueError("pins.%s: no such part; known are %s" % (name, ", ".join(sorted(counts))))
        group = pins[name] if isinstance(pins[name], list) else [pins[name]]
        if len(group) != counts[name]:
            raise ValueError("pins.%s: %d needed, not %d" % (name, counts[name], len(group)))
        for pin in group:
            _check_pin(kit, name, pin, owners)
        found[name] = group
    _check_groups(kit, found)
    return found


def _check_pin(kit, name, pin, owners):
    usable, analogue, for_motors = _BOARDS[kit.board]
    if not isinstance(pin, int) or isinstance(pin, bool) or pin not in usable:
        raise ValueError("pins.%s: the board has no free pin %r" % (name, pin))
    if name in _ANALOGUE and pin not in analogue:
        raise ValueError("pins.%s: pin %d cannot measure a voltage" % (name, pin))
    if name in _WHEEL_PINS[kit.wheels] and pin not in for_motors:
        raise ValueError("pins.%s: pin %d is not one of the motors' own, GP0 to GP7" % (name, pin))
    if pin in owners:
        raise ValueError("pins.%s: pin %d is already taken by %s" % (name, pin, owners[pin]))
    owners[pin] = name


def _check_groups(kit, pins):
    if kit.wheels == "stepper":
        for name in ("left", "right"):
            if pins[name] != list(range(pins[name][0], pins[name][0] + 4)):
                raise ValueError("pins.%s: four pins in a row are needed" % name)
    elif "buzzer" in pins:  # two pins whose numbers differ by 16, or the two of a pair, have one frequency
        for name in ("left", "right"):
            for pin in pins[name]:
                if pin >> 1 & 7 == pins["buzzer"][0] >> 1 & 7:
                    raise ValueError("pins.buzzer: it would have the frequency of the motor on pin %d" % pin)

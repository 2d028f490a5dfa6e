"""
Contrôle technique: the check-up, a part at a time, while no program runs. A person looks and listens; encoders count.

The host asks for a part, or a key does once the robot was switched on with AVANCER and RECULER held:

    AVANCER  both wheels    GAUCHE, DROITE  that wheel alone    PAUSE  lights    RECULER  buzzer
    EFFACER  battery, as a row of up to eight green pixels (orange: low), then what the sensors see, a blue pixel each: bumper, lift,
             obstacle, line on the left, line on the right, switch at program
    GO       ends the check-up: the robot is as always; a program that a host has started ends too

A part begins a moment after it was asked for, when the hand is away and the key's own note is over. It ends by itself, and at STOP at once.
A part that does not go to its end leaves orange pixels: as many as the number of CHECK_FAULTS in which it stands, else all of them.
"""

from . import opcodes as o
from . import wire
from .clock import TICK_MS, add, diff
from .keyed import Keyed, Presses
from .shim import const

LEAD_MS = const(300)
PIXEL_MS = const(150)
COLOUR_MS = const(300)
NOTE_MS = const(250)
GAP_MS = const(50)
BATTERY_MS = const(2000)
SENSORS_MS = const(20000)
KEYS_MS = const(90000)

CHECK_FAULTS = (o.FAULT_NO_COUNTS, o.FAULT_BACKWARD, o.FAULT_OTHER_WHEEL)

SCALE = b"\x48\x4a\x4c\x4d\x4f\x51\x53\x54"
"""MIDI pitches of C major, from C5; each key's own note too, in the order of KEY_."""

_KEY_PARTS = (wire.CHECK_WHEELS, wire.CHECK_BUZZER, wire.CHECK_LEFT, wire.CHECK_RIGHT, wire.CHECK_LIGHTS, wire.CHECK_SENSORS)
_ROW = const(8)  # pixels of what the battery has left
_FULL_MV = const(5400)  # Source: four NiMH cells, freshly charged, under a light load
_LOOK_MS = const(100)
_FEW = const(50)  # a wheel that made less than a turn's fiftieth has not turned


class Checkup:
    """
    One part at a time, or none.

    `part`, `how`, `fault`, `left` and `right` say how the last one goes: HOW_RUNNING, or how it ended, and the steps that the wheels have
    made.

    Args:
        hal: a `hal.Hal`.
        kit: a `kit.Kit`. One without a board has no wheel that turns alone: its wheels are not checked.
        robot: a `robot.Robot`.
    """

    def __init__(self, hal, kit, robot):
        self.part = 0
        self.how = o.HOW_DONE
        self.fault = o.FAULT_NONE
        self.left = 0
        self.right = 0
        self._hal = hal
        self._kit = kit
        self._robot = robot
        self._turn = (2 * 355 * kit.steps_per_cell * kit.wheel_um // (113 * 150000) + 1) // 2  # steps of a wheel's turn; 355/113 is pi
        self._at = 0  # what comes next in the part
        self._due_ms = 0
        self._was = o.COLOUR_OFF  # what the lights showed before

    def start(self, part, now_ms):
        """Begin a CHECK_ part, in place of one that goes on; return FAULT_VALUE, or FAULT_UNSUPPORTED for what the kit has not."""
        if part < wire.CHECK_LEFT or part > wire.CHECK_KEYS:
            return o.FAULT_VALUE
        if not self._has(part):
            return o.FAULT_UNSUPPORTED
        self.stop()
        self.part = part
        self.how = o.HOW_RUNNING
        self.fault = o.FAULT_NONE
        self.left = self.right = 0
        self._at = 0
        self._due_ms = add(now_ms, LEAD_MS)
        self._was = self._robot.colour
        self._robot.be_loud(True)
        return o.FAULT_NONE

    def stop(self):
        """End the part now: wheels, sound and lights."""
        if not self.how:
            self._hal.halt()
            self._robot.quiet()
            self._end(o.HOW_STOPPED)

    def state(self):
        """Return what the reply to CHECK says, in its order."""
        return self.part, self.how, self.fault, self.left, self.right

    def tick(self, now_ms):
        """Go on with the part."""
        if self.how or diff(now_ms, self._due_ms) < 0:
            return
        part = self.part
        if part <= wire.CHECK_WHEELS:
            self._tick_wheels()
        elif part == wire.CHECK_LIGHTS:
            self._tick_lights(now_ms)
        elif part == wire.CHECK_BUZZER:
            self._tick_buzzer(now_ms)
        elif part == wire.CHECK_SENSORS:
            self._tick_sensors(now_ms)
        elif not self._at:
            self._next(now_ms, KEYS_MS)
        else:
            self._end(o.HOW_DONE)

    def take(self, key):
        """Light the pixel of a key that went down and sound its note, in the part of the keys; say whether this is it."""
        if self.how or self.part != wire.CHECK_KEYS:
            return False
        self._hal.show_pixels(o.COLOUR_WHITE, 1 << key)
        self._robot.note(SCALE[key], NOTE_MS)
        return True

    def until(self, now_ms):
        """Return the milliseconds until `tick` does something; a tick's while wheels turn."""
        ms = diff(self._due_ms, now_ms)
        return ms if ms > 0 else TICK_MS

    def _has(self, part):
        if part <= wire.CHECK_WHEELS:
            return self._turn > 0
        if part == wire.CHECK_KEYS:
            return self._kit.can & o.CAN_KEYS
        return self._kit.can & (o.CAN_SOUND if part == wire.CHECK_BUZZER else o.CAN_LIGHT)

    def _end(self, how):
        self.how = how
        self._robot.be_loud(False)
        if not self._kit.can & o.CAN_LIGHT:
            return
        self._robot.light(self._was)
        if how != o.HOW_DONE and how != o.HOW_STOPPED:
            lit = CHECK_FAULTS.index(self.fault) + 1 if self.fault else self._kit.pixels
            self._hal.show_pixels(o.COLOUR_ORANGE, (1 << lit) - 1)

    # --- Wheels -------------------------------------------------------------------------------------------------------

    def _tick_wheels(self):
        hal = self._hal
        part = self.part
        left = 0 if part == wire.CHECK_RIGHT else self._turn
        right = 0 if part == wire.CHECK_LEFT else self._turn
        if not self._at:
            self._at = 1
            kit = self._kit
            hal.move(left, right, kit.start_rate, kit.cruise_rate, kit.ramp_ms)
            return
        is_moving = hal.is_moving()
        self.left = hal.left_steps()
        self.right = hal.right_steps()
        if is_moving:
            return
        how = o.HOW_DONE if self.left == left and self.right == right else hal.why_short()
        if how == o.HOW_BLOCKED and self._kit.wheels == "dc" and not hal.sense(o.SENSOR_BUMP):
            self.fault = self._wheel_fault(left, right)
        self._end(how)

    def _wheel_fault(self, left, right):
        """Return what the encoders say of wheels that were asked for so many counts and stalled; FAULT_NONE where something held them."""
        few = self._turn // _FEW
        if (not left and abs(self.left) > few) or (not right and abs(self.right) > few):
            return o.FAULT_OTHER_WHEEL
        if self.left < -few or self.right < -few:
            return o.FAULT_BACKWARD
        if (left and self.left <= few) or (right and self.right <= few):
            return o.FAULT_NO_COUNTS
        return o.FAULT_NONE

    # --- Lights and sounds --------------------------------------------------------------------------------------------

    def _tick_lights(self, now_ms):
        at = self._at
        pixels = self._kit.pixels
        if at < pixels:
            self._hal.show_pixels(o.COLOUR_WHITE, 1 << at)
            self._next(now_ms, PIXEL_MS)
        elif at < pixels + o.COLOUR_GREEN:
            self._robot.light(at - pixels + o.COLOUR_WHITE)
            self._next(now_ms, COLOUR_MS)
        else:
            self._end(o.HOW_DONE)

    def _tick_buzzer(self, now_ms):
        if self._at < len(SCALE):
            self._robot.note(SCALE[self._at], NOTE_MS)
            self._next(now_ms, NOTE_MS + GAP_MS)
        else:
            self._end(o.HOW_DONE)

    def _tick_sensors(self, now_ms):
        if not self._at:
            self._show_battery()
            self._next(now_ms, BATTERY_MS)
        elif self._at <= SENSORS_MS // _LOOK_MS:
            self._show_sensors()
            self._next(now_ms, _LOOK_MS)
        else:
            self._end(o.HOW_DONE)

    def _next(self, now_ms, ms):
        self._at += 1
        self._due_ms = add(now_ms, ms)

    def _show_battery(self):
        mv = self._hal.battery_mv()
        if mv is None:
            mv = 0
        kit = self._kit
        lit = (mv - kit.stop_mv) * _ROW // (_FULL_MV - kit.stop_mv)
        lit = max(0, min(lit, _ROW))
        self._hal.show_pixels(o.COLOUR_ORANGE if mv < kit.warn_mv else o.COLOUR_GREEN, (1 << lit) - 1)

    def _show_sensors(self):
        robot = self._robot
        mask = 1 if robot.holds(o.SENSOR_BUMP + o.TEST_ABOVE, o.THRESHOLD_KIT) else 0
        if robot.holds(o.SENSOR_LIFT + o.TEST_ABOVE, o.THRESHOLD_KIT):
            mask |= 2
        if robot.holds(o.SENSOR_DISTANCE, o.THRESHOLD_KIT):
            mask |= 4
        if robot.holds(o.SENSOR_LINE_LEFT, o.THRESHOLD_KIT):
            mask |= 8
        if robot.holds(o.SENSOR_LINE_RIGHT, o.THRESHOLD_KIT):
            mask |= 16
        if self._hal.sense(o.SENSOR_MODE):
            mask |= 32
        self._hal.show_pixels(o.COLOUR_BLUE, mask)


class CheckupKeys:
    """
    The keys during the check-up, in place of `keyed.Keyed`, whose turn it is again after GO: each lights its pixel, sounds its note and
    begins its part. The lights are purple until the first.

    Args:
        app: `app.App`, of a kit with keys and lights.
        hal: `hal.Hal`.
    """

    def __init__(self, app, hal):
        app.keyed = self
        app.robot.light(o.COLOUR_PURPLE)
        self._app = app
        self._hal = hal
        self._presses = Presses(hal)

    def tick(self):
        """Look at the keys; nothing is allocated."""
        key = self._presses.next()
        if key < 0:
            return
        app = self._app
        app.stop()
        if key == o.KEY_GO:
            app.robot.light(o.COLOUR_OFF)
            app.keyed = Keyed(app, self._hal)
            return
        app.check(_KEY_PARTS[key])
        self._hal.show_pixels(o.COLOUR_WHITE, 1 << key)
        app.robot.note(SCALE[key], NOTE_MS)

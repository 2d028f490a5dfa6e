"""
A robot on a Raspberry Pi Pico, from the parts and pins of its kit; Pico W and Pico 2 are the same to it.

Here pins, PWM, PIO and interrupts become the thin things that the drivers ask for; what these decide is in the drivers.
"""

import os

from machine import ADC, PWM, Pin, bitstream, reset

from .. import opcodes as o
from ..buttons import Buttons, Switches
from ..clock import add, diff
from ..sensors import Battery, Echo, Line
from ..shim import const
from ..signals import EMPTIED, Buzzer, Lights

MAINTENANCE_FILE = "maintenance"
"""Where this file is, `main` removes it and starts nothing."""

_FOLDER = "store"
_RESET_MS = const(300)
_PULSE_US = const(12)  # Source: HC-SR04 data sheet, at least 10
_PIXEL_NS = (400, 850, 800, 450)  # high and low of a 0, of a 1. Source: WS2812B data sheet

_BUMPER = const(1)  # bits of the switches
_LIFT = const(2)
_MODE = const(4)


class PicoHal:
    """
    See `hal.Hal`. Every method is here but `until`, so the base class, which would take memory for nothing, is left out.

    Lifted, or with an empty battery, the wheels stand still, and with a pressed bumper they do not go forward: a segment that is in
    progress or begins then ends short.

    Args:
        kit: a `kit.Kit` with a board.
        cable: has read, write and tick; see `usb`.
        ticks_us: returns a count of microseconds that wraps at 2**30.
    """

    def __init__(self, kit, cable, ticks_us):
        self._now_ms = 0
        self._reset_ms = None  # when to reset
        self._is_ahead = False  # the segment goes forward
        self._why = o.HOW_BLOCKED  # why the last segment would have ended short
        self._is_odd = False
        self._cable = cable
        pins = kit.pins
        self._wheels = _wheels(kit)
        self._keys = Buttons(_reader(pins["keys"] if "keys" in kit.parts else ()))
        switches = [pins[name][0] if name in kit.parts else None for name in ("bumper", "lift", "mode")]
        self._switches = Switches(_reader(switches))
        self._echo = _echo(pins["distance"], kit.sonar_mm, ticks_us) if "distance" in kit.parts else None
        self._lines = [Line(ADC(Pin(pin)).read_u16) for pin in pins["line"]] if "line" in kit.parts else None
        self._battery = None
        if "battery" in kit.parts:
            read = ADC(Pin(pins["battery"][0])).read_u16
            self._battery = Battery(read, kit.battery_ratio, kit.warn_mv, kit.stop_mv)
        self._lights = _lights(pins["pixels"][0], kit) if "pixels" in kit.parts else None
        self._buzzer = Buzzer(_sound(pins["buzzer"][0]), kit.buzzer_permille) if "buzzer" in kit.parts else None

    # --- Cable --------------------------------------------------------------------------------------------------------

    def read(self, buf):
        """Take what the host has sent."""
        return self._cable.read(buf)

    def write(self, buf, count):
        """Send to the host."""
        return self._cable.write(buf, count)

    # --- Wheels -------------------------------------------------------------------------------------------------------

    def move(self, left_steps, right_steps, start_rate, cruise_rate, ramp_ms):
        """Start a segment, unless it is not safe."""
        self._is_ahead = left_steps > 0 and right_steps > 0
        danger = self._danger()
        self._why = danger or o.HOW_BLOCKED
        if danger:
            left_steps = right_steps = 0
        self._wheels.move(left_steps, right_steps, start_rate, cruise_rate, ramp_ms)

    def is_moving(self):
        """Say whether the segment goes on."""
        return self._wheels.is_moving()

    def left_steps(self):
        """Return the left wheel's steps in the segment."""
        return self._wheels.left_steps()

    def right_steps(self):
        """Return the right wheel's."""
        return self._wheels.right_steps()

    def why_short(self):
        """Return what was not safe, else that something was in the way."""
        return self._why

    def halt(self):
        """Stop now, and switch the motors off."""
        self._wheels.halt()

    def is_energised(self):
        """Say whether current flows in a motor."""
        return self._wheels.is_energised()

    def _danger(self):
        """Return why the wheels may not turn so now, as an outcome; 0 where they may."""
        if self._switches.held & _LIFT:
            return o.HOW_LIFTED
        if self._is_ahead and self._switches.held & _BUMPER:
            return o.HOW_BLOCKED
        return o.HOW_BATTERY if self._battery and self._battery.is_empty else 0

    # --- Time ---------------------------------------------------------------------------------------------------------

    def tick(self, now_ms):
        """Look, drive, measure and show."""
        self._now_ms = now_ms
        self._cable.tick()
        self._is_odd = not self._is_odd
        if self._is_odd:  # what is looked at every 20 ms or less often takes turns
            self._switches.tick(now_ms)
            if self._echo:
                self._echo.tick(now_ms)
        else:
            self._keys.tick(now_ms)
            if self._battery:
                self._battery.tick(now_ms)
        danger = self._danger()
        if danger and self._wheels.is_moving():
            self._wheels.halt()
            self._why = danger
        self._wheels.tick(now_ms)
        if self._buzzer:
            self._buzzer.tick(now_ms)
        if self._lights:
            self._lights.is_warning = bool(self._battery) and self._battery.is_low
            self._lights.tick(now_ms)
        if self._reset_ms is not None and diff(now_ms, self._reset_ms) >= 0:
            self.halt()
            reset()

    # --- Senses and signals -------------------------------------------------------------------------------------------

    def sense(self, sensor):
        """Read a sensor; one that the kit has not reads nothing."""
        if sensor == o.SENSOR_DISTANCE:
            return self._echo.mm() if self._echo else None
        if sensor == o.SENSOR_LINE_LEFT or sensor == o.SENSOR_LINE_RIGHT:
            return self._lines[sensor - o.SENSOR_LINE_LEFT].permille() if self._lines else 1000
        if sensor == o.SENSOR_BUMP:
            bits = self._switches.held & _BUMPER
        elif sensor == o.SENSOR_LIFT:
            bits = self._switches.held & _LIFT
        elif sensor == o.SENSOR_MODE:
            bits = self._switches.held & _MODE
        elif sensor >= o.SENSOR_KEY:
            bits = self._keys.down >> (sensor - o.SENSOR_KEY) & 1
        else:
            bits = 0
        return 1000 if bits else 0

    def keys(self):
        """Return the keys that are down."""
        return self._keys.held

    def light(self, colour):
        """Show a colour."""
        if self._lights:
            self._lights.light(colour)

    def show_count(self, count):
        """Show how many cards are in memory; none, as a row that closes."""
        if self._lights and count:
            self._lights.cards(count)
        elif self._lights:
            self._lights.play(EMPTIED)

    def show_step(self, number):
        """Show which card runs."""
        if self._lights:
            self._lights.step(number)

    def show_pixels(self, colour, mask):
        """Show a colour on some pixels."""
        if self._lights:
            self._lights.pixels(colour, mask)

    def tone(self, hz, ms):
        """Sound."""
        if self._buzzer:
            self._buzzer.tone(hz, ms, self._now_ms)

    def set_volume(self, percent):
        """Choose how loud tones are."""
        if self._buzzer:
            self._buzzer.volume = percent

    def battery_mv(self):
        """Return the battery's voltage."""
        return self._battery.mv() if self._battery else None

    # --- Files --------------------------------------------------------------------------------------------------------

    def maintain(self):
        """Set the flag, and reset soon."""
        with open(MAINTENANCE_FILE, "wb"):
            pass
        self._reset_ms = add(self._now_ms, _RESET_MS)
        return True

    def read_file(self, name, buf):
        """Read a file of the store."""
        try:
            with open(_FOLDER + "/" + name, "rb") as file:
                return file.readinto(buf)
        except OSError:
            return None

    def write_file(self, name, buf, count):
        """Write a file of the store."""
        if _FOLDER not in os.listdir():
            os.mkdir(_FOLDER)
        with open(_FOLDER + "/" + name, "wb") as file:
            return file.write(memoryview(buf)[:count]) == count


def _wheels(kit):
    """Return the wheels of a kit; the other kind's modules are not even loaded."""
    pins = kit.pins
    if kit.wheels == "stepper":
        from ..stepper import StepperWheels
        from .coils import Coils

        return StepperWheels(Coils(0, pins["left"][0]), Coils(1, pins["right"][0]), kit)
    from ..dc import DcWheels
    from .motor import Motor

    return DcWheels(Motor(pins["left"], pins["left_encoder"]), Motor(pins["right"], pins["right_encoder"]), kit)


def _reader(pins):
    """Return a function that reads switches to ground, a bit for each pin; where a pin is None its switch is never closed."""
    switches = [None if pin is None else Pin(pin, Pin.IN, Pin.PULL_UP) for pin in pins]

    def read():
        bits = 0
        bit = 1
        for switch in switches:
            if switch is not None and not switch.value():
                bits |= bit
            bit <<= 1
        return bits

    return read


def _echo(pins, ahead_mm, ticks_us):
    trigger = Pin(pins[0], Pin.OUT, value=0)
    line = Pin(pins[1], Pin.IN)

    def pulse():
        trigger.value(1)
        begun = ticks_us()
        while (ticks_us() - begun) & 0x3FFFFFFF < _PULSE_US:
            pass
        trigger.value(0)

    echo = Echo(pulse, ahead_mm)

    def edge(pin):
        echo.edge(pin.value(), ticks_us())

    line.irq(edge, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)
    return echo


def _lights(pin, kit):
    line = Pin(pin, Pin.OUT, value=0)

    def show(data):
        bitstream(line, 0, _PIXEL_NS, data)

    return Lights(show, kit.pixels, kit.pixel_level)


def _sound(pin):
    pwm = PWM(Pin(pin), freq=1000, duty_u16=0)

    def sound(hz, permille):
        pwm.freq(hz)
        pwm.duty_u16(permille * 65535 // 1000)

    return sound

"""A geared motor behind half a DRV8833, and the Hall encoder on its shaft."""

from machine import PWM, Pin

from ..shim import const

_HZ = const(20000)  # beyond what children hear
_FULL = const(65535)


class Motor:
    """
    See `dc` for what each method does.

    Under way one input is held high and the other carries the rest of the duty, so that the motor brakes between pulses: speed then follows
    duty, where a motor that coasts hardly turns below half. Off, both inputs are low.

    Args:
        pins: of the two inputs.
        encoder: pins of channels A and B. Both edges of A count; B says which way.
    """

    def __init__(self, pins, encoder):
        self._inputs = [PWM(Pin(pin), freq=_HZ, duty_u16=0) for pin in pins]
        self._count = 0
        self._b = Pin(encoder[1], Pin.IN, Pin.PULL_UP)
        a = Pin(encoder[0], Pin.IN, Pin.PULL_UP)
        a.irq(self._edge, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)

    def _edge(self, a):
        """Count an edge of A. An edge that shakes counts there and back."""
        if a.value() == self._b.value():
            self._count -= 1
        else:
            self._count += 1

    def count(self):
        """Return the signed counts so far."""
        return self._count

    def drive(self, permille):
        """Set the signed duty."""
        held, pulsed = self._inputs
        if permille < 0:
            held, pulsed = pulsed, held
        if permille:
            pulsed.duty_u16(_FULL - abs(permille) * _FULL // 1000)
            held.duty_u16(_FULL)
        else:
            pulsed.duty_u16(0)
            held.duty_u16(0)

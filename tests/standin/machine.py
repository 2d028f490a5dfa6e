"""
Stands in for MicroPython's `machine` on a Pico: pins, PWM, ADC, pixels and watchdog as records, with a clock that a test moves.

Common dialect: CPython and MicroPython import it, each before anything that imports `machine`.
"""

SIO, PWM_FUNCTION, PIO_FUNCTION = 5, 4, 6
"""What a pin's multiplexer is set to. Source: RP2040 datasheet, table of GPIO functions."""


class Reset(BaseException):
    """The board has been reset; nothing of the program goes on."""


class _Line:
    """One GPIO."""

    def __init__(self):
        self.function = None
        self.is_output = False
        self.out = 0  # by SIO
        self.pio = 0  # by a state machine
        self.driven = None  # from outside
        self.pull = 0
        self.handler = None
        self.trigger = 0
        self.is_hard = False
        self.adc = 0  # u16


class _Slice:
    """One PWM slice: two channels with one frequency."""

    def __init__(self):
        self.hz = 0
        self.duty = [0, 0]
        self.is_enabled = False


class _Bench:
    """All that a test may look at or do."""

    def __init__(self):
        self.reset()

    def reset(self):
        """Switch the power off and on."""
        self.us = 0
        self.lines = [_Line() for _ in range(30)]
        self.slices = [_Slice() for _ in range(8)]
        self.machines = []  # state machines; see rp2
        self.log = []  # (us, what, who, value)
        self.is_quiet = False  # note nothing: for a heap that is locked
        self.frames = []  # of pixels
        self.fed_us = []  # when the watchdog was fed
        self.watchdog_ms = 0

    def note(self, what, who, value):
        """Put something in the log."""
        if not self.is_quiet:
            self.log.append((self.us, what, who, value))

    def advance(self, us):
        """Let time go by; state machines run, and a watchdog that nobody feeds bites."""
        end = self.us + us
        if self.watchdog_ms and end - self.fed_us[-1] > self.watchdog_ms * 1000:
            raise Reset("watchdog")
        for one in self.machines:
            one.run_until(end)
        self.us = end

    def level(self, pin):
        """Return what is on a pin: 0 or 1, or the duty in permille where PWM has it."""
        line = self.lines[pin]
        if line.function == PWM_FUNCTION:
            part = self.slices[pin >> 1 & 7]
            return part.duty[pin & 1] * 1000 // 65535 if part.is_enabled else 0
        if line.function == PIO_FUNCTION:
            return line.pio
        if line.is_output:
            return line.out
        if line.driven is not None:
            return line.driven
        return 1 if line.pull == Pin.PULL_UP else 0

    def levels(self, pins):
        """Return the levels of some pins."""
        return [self.level(pin) for pin in pins]

    def drive(self, pin, level):
        """Put a level on an input from outside, None to let go; its interrupt comes at once."""
        line = self.lines[pin]
        before = self.level(pin)
        line.driven = level
        after = self.level(pin)
        if line.handler is not None and before != after and line.trigger & (Pin.IRQ_RISING if after else Pin.IRQ_FALLING):
            line.handler(Pin(pin))


class Pin:
    IN, OUT, ALT = 0, 1, 3
    PULL_UP, PULL_DOWN = 1, 2
    IRQ_FALLING, IRQ_RISING = 4, 8

    def __init__(self, number, mode=None, pull=None, value=None):
        if number not in range(30) or number in (23, 24, 25, 29):
            raise ValueError("invalid pin")
        self.number = number
        self._line = line = bench.lines[number]
        if mode is not None:
            if value is not None:
                line.out = 1 if value else 0
            line.function = SIO
            line.is_output = mode == Pin.OUT
            line.pull = pull or 0
            bench.note("mode", number, (mode, pull, value))

    def __call__(self, value=None):
        if value is None:
            return 1 if bench.level(self.number) else 0
        self._line.out = 1 if value else 0
        bench.note("pin", self.number, self._line.out)

    value = __call__

    def irq(self, handler=None, trigger=IRQ_FALLING | IRQ_RISING, hard=False):
        self._line.handler = handler
        self._line.trigger = trigger
        self._line.is_hard = hard


def _number(pin):
    return pin.number if isinstance(pin, Pin) else pin


class PWM:
    def __init__(self, pin, freq=None, duty_u16=None):
        self._pin = _number(pin)
        self._slice = bench.slices[self._pin >> 1 & 7]
        bench.lines[self._pin].function = PWM_FUNCTION
        if freq is not None:
            self.freq(freq)
        if duty_u16 is not None:
            self.duty_u16(duty_u16)

    def freq(self, hz):
        if not 10 <= hz <= 20000000:  # a Pico 2's slowest is 9 Hz
            raise ValueError("freq")
        self._slice.hz = hz

    def duty_u16(self, duty):
        assert 0 <= duty <= 65535
        if self._slice.duty[self._pin & 1] != duty or not self._slice.is_enabled:
            bench.note("pwm", self._pin, duty)
        self._slice.duty[self._pin & 1] = duty
        self._slice.is_enabled = True

    def deinit(self):
        self._slice.is_enabled = False


class ADC:
    def __init__(self, pin):
        self._line = bench.lines[_number(pin)]
        assert _number(pin) in (26, 27, 28)

    def read_u16(self):
        return self._line.adc


class WDT:
    def __init__(self, timeout):
        assert 1 <= timeout <= 8388  # Source: RP2040 datasheet, watchdog: 24 bits of half microseconds
        bench.watchdog_ms = timeout
        bench.fed_us.append(bench.us)

    def feed(self):
        bench.fed_us.append(bench.us)


def bitstream(pin, encoding, timing, data):
    """Send bits to pixels."""
    assert encoding == 0
    assert bench.lines[_number(pin)].is_output
    if not bench.is_quiet:
        bench.frames.append(bytes(data))


def reset():
    """Start anew."""
    raise Reset("reset")


bench = _Bench()

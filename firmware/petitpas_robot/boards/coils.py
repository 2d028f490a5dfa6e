# ruff: noqa: F821  a PIO program's words are known to its assembler alone
"""
The four coils of a 28BYJ-48 behind a ULN2003, stepped by a PIO state machine.

ISR holds the eight half-step patterns of four bits each, the present one lowest; turning it by four bits to the right is one half-step.
For the other direction the firmware loads the patterns in the other order, which it does only at rest.
A word is steps in its low 12 bits, turns of the waiting loop above. The clock is 1 MHz, so that a cycle is a microsecond.
"""

from machine import Pin
from rp2 import PIO, StateMachine, asm_pio, asm_pio_encode

from ..shim import const

_HZ = const(1000000)
_WORD_CYCLES = const(2)  # to take a word, before its first step
_STEP_CYCLES = const(6)  # of a step or a pause, besides the waiting loop's turns
_PAUSE_CYCLES = const(6)

# Source: 28BYJ-48 data sheet (Kiatronics), half-step drive; IN1 is bit 0. Upwards the shaft turns anticlockwise, as seen on it.
_PATTERNS = (0b0001, 0b0011, 0b0010, 0b0110, 0b0100, 0b1100, 0b1000, 0b1001)


@asm_pio(out_init=(PIO.OUT_LOW,) * 4, in_shiftdir=PIO.SHIFT_RIGHT, out_shiftdir=PIO.SHIFT_RIGHT)
def _half_steps():
    label("word")
    pull()
    out(x, 12)  # steps
    wrap_target()
    mov(y, osr)
    label("wait")
    jmp(y_dec, "wait")
    jmp(x_dec, "step")
    jmp("word")  # there was none: a pause
    label("step")
    in_(isr, 4)
    mov(pins, isr)
    jmp(not_x, "word")
    wrap()


# Numbers: `StateMachine.exec` takes them since MicroPython 1.21; it would assemble words anew at every call.
_PULL = asm_pio_encode("pull(noblock)", 0)
_LOAD = asm_pio_encode("mov(isr, osr)", 0)
_SHOW = asm_pio_encode("mov(pins, isr)", 0)
_DARK = asm_pio_encode("mov(pins, null)", 0)
_TAKE_REST = asm_pio_encode("mov(isr, x)", 0)
_PUSH = asm_pio_encode("push(noblock)", 0)


def _turned(phase, way):
    """Return the patterns from `phase` on, upwards (1) or downwards (-1), the first one lowest."""
    word = 0
    for number in range(8):
        word |= _PATTERNS[(phase + way * number) & 7] << 4 * number
    return word


_UP = tuple([_turned(phase, 1) for phase in range(8)])  # made once: numbers of 32 bits take memory
_DOWN = tuple([_turned(phase, -1) for phase in range(8)])


class Coils:
    """
    See `stepper` for what each method does.

    Args:
        number: of the state machine; both wheels' must be of one PIO, to share its program.
        pin: the first of four.
    """

    def __init__(self, number, pin):
        self._machine = StateMachine(number, _half_steps, freq=_HZ, out_base=Pin(pin))
        self._machine.active(0)

    def begin(self, phase, way):
        """Energise the pattern of a phase."""
        machine = self._machine
        self._empty()
        machine.restart()
        machine.put((_UP if way > 0 else _DOWN)[phase])
        machine.exec(_PULL)
        machine.exec(_LOAD)
        machine.exec(_SHOW)

    def put(self, steps, us):
        """Queue a word, its steps evenly spread; return the microseconds that it will take."""
        if not steps:
            turns = max(0, us - _PAUSE_CYCLES)
            self._machine.put(turns << 12)
            return turns + _PAUSE_CYCLES
        turns = max(0, (us - _WORD_CYCLES) // steps - _STEP_CYCLES)
        self._machine.put(turns << 12 | steps)
        return (turns + _STEP_CYCLES) * steps + _WORD_CYCLES

    def waiting(self):
        """Return how many words have not begun."""
        return self._machine.tx_fifo()

    def run(self):
        """Begin."""
        self._machine.active(1)

    def stop(self):
        """Stand still."""
        self._machine.active(0)

    def rest(self):
        """Return the steps of the present word that were not made; where it was taken in this very microsecond, none."""
        machine = self._machine
        machine.exec(_TAKE_REST)
        machine.exec(_PUSH)
        return machine.get()

    def release(self):
        """Switch off."""
        self._machine.active(0)
        self._machine.exec(_DARK)
        self._empty()

    def _empty(self):
        machine = self._machine
        machine.active(0)
        while machine.tx_fifo():
            machine.exec(_PULL)

"""
Stands in for MicroPython's `rp2`: assembles PIO programs to the words that a Pico would get, and runs these, cycle by cycle.

Source: RP2040 datasheet, chapter 3 (PIO): encodings, cycles, FIFOs of four words. Only what is used here is there: no side-set, no irq.
"""

from array import array

from machine import PIO_FUNCTION, bench

_MASK = 0xFFFFFFFF
_HZ = 1000000

_WORDS = {
    "pins": 0,
    "x": 1,
    "y": 2,
    "null": 3,
    "isr": 6,
    "osr": 7,
    "not_x": 1,
    "x_dec": 2,
    "not_y": 3,
    "y_dec": 4,
    "x_not_y": 5,
    "noblock": 1,
    "block": 0x21,
}


class PIO:
    IN_LOW, IN_HIGH, OUT_LOW, OUT_HIGH = 0, 1, 2, 3
    SHIFT_LEFT, SHIFT_RIGHT = 0, 1
    JOIN_NONE, JOIN_TX, JOIN_RX = 0, 1, 2


class _Assembler:
    """Two passes over a program: labels, then words."""

    def __init__(self):
        self.labels = {}
        self.words = []
        self.bottom = 0
        self.top = None

    def names(self):
        """Return what a program's text may say."""
        names = _WORDS.copy()
        for name in ("label", "wrap_target", "wrap", "jmp", "in_", "out", "push", "pull", "mov", "set", "nop"):
            names[name] = getattr(self, name)
        return names

    def label(self, name):
        self.labels[name] = len(self.words)

    def wrap_target(self):
        self.bottom = len(self.words)

    def wrap(self):
        self.top = len(self.words) - 1

    def jmp(self, condition, label=None):
        if label is None:
            condition, label = 0, condition
        self.words.append(condition << 5 | self.labels.get(label, 0))

    def in_(self, source, bits):
        self.words.append(0x4000 | source << 5 | bits & 31)

    def out(self, target, bits):
        self.words.append(0x6000 | target << 5 | bits & 31)

    def push(self, how=0x21):
        self.words.append(0x8000 | (0 if how == 1 else 0x20))

    def pull(self, how=0x21):
        self.words.append(0x8080 | (0 if how == 1 else 0x20))

    def mov(self, target, source):
        self.words.append(0xA000 | target << 5 | source)

    def set(self, target, value):
        self.words.append(0xE000 | target << 5 | value)

    def nop(self):
        self.words.append(0xA042)


class Program:
    """An assembled program."""

    def __init__(self, assembler, settings):
        self.words = array("H", assembler.words)
        self.bottom = assembler.bottom
        self.top = len(self.words) - 1 if assembler.top is None else assembler.top
        self.settings = settings


def asm_pio(**settings):
    """Assemble a function; its names are found as on a board, in place of its module's own."""

    def assemble(function):
        space = function.__globals__
        kept = space.copy()
        made = _Assembler()
        for _ in range(2):
            labels = made.labels
            made = _Assembler()
            made.labels = labels
            space.clear()
            space.update(made.names())
            function()
        space.clear()
        space.update(kept)
        assert 0 < len(made.words) <= 32
        return Program(made, settings)

    return assemble


def asm_pio_encode(text, sideset_count):
    """Return the word of one instruction."""
    assert sideset_count == 0
    made = _Assembler()
    exec(text, made.names())
    assert len(made.words) == 1
    return made.words[0]


class StateMachine:
    """
    One state machine, at a cycle a microsecond.

    `us` is its own time, `cycles` those it has run.
    """

    def __init__(self, number, program, freq, out_base):
        assert 0 <= number < 8
        assert freq == _HZ
        self.number = number
        self._program = program
        self._right_in = program.settings.get("in_shiftdir", 0) == PIO.SHIFT_RIGHT
        self._right_out = program.settings.get("out_shiftdir", 0) == PIO.SHIFT_RIGHT
        self._base = out_base.number
        self._count = len(program.settings["out_init"])
        self._tx = []
        self._rx = []
        self._depth = {PIO.JOIN_NONE: (4, 4), PIO.JOIN_TX: (8, 0)}[program.settings.get("fifo_join", 0)]
        self.x = self.y = self.isr = self.osr = 0
        self._pc = 0
        self._active = False
        self.us = bench.us
        self.started_us = None
        for number in range(self._count):
            line = bench.lines[self._base + number]
            line.function = PIO_FUNCTION
            line.pio = program.settings["out_init"][number] & 1
        bench.machines.append(self)

    # --- What a board's has -------------------------------------------------------------------------------------------

    def active(self, value=None):
        if value is not None:
            if value and not self._active:
                self.us = self.started_us = bench.us
            self._active = bool(value)
            bench.note("active", self.number, self._active)
        return self._active

    def restart(self):
        self._pc = 0
        self.isr = 0

    def put(self, value):
        assert len(self._tx) < self._depth[0], "it would wait for ever"
        assert 0 <= value <= _MASK
        self._tx.append(value)

    def get(self):
        assert self._rx, "it would wait for ever"
        return self._rx.pop(0)

    def tx_fifo(self):
        return len(self._tx)

    def rx_fifo(self):
        return len(self._rx)

    def exec(self, word):
        assert isinstance(word, int)
        pc = self._pc
        assert self._do(word), "it would wait for ever"
        if word >> 13:
            self._pc = pc

    # --- Cycles -------------------------------------------------------------------------------------------------------

    def run_until(self, end_us):
        """Run up to a time; a state machine that waits for a word lets time go by."""
        words = self._program.words
        while self._active and self.us < end_us:
            word = words[self._pc]
            if word >> 5 == 4 and word & 31 == self._pc and self.y:  # a loop that only waits: its turns at once
                turns = min(self.y, end_us - self.us)
                self.y -= turns
                self.us += turns
                continue
            at = self._pc
            if not self._do(word):
                self.us = end_us
                return
            if self._pc == at and word >> 13:
                self._pc = self._program.bottom if at == self._program.top else at + 1
            self.us += 1

    def _do(self, word):
        """Do one instruction; say whether it was done, or waits."""
        kind = word >> 13
        what = word >> 5 & 7
        if kind == 0:
            self._jump(what, word & 31)
        elif kind == 2:
            bits = word & 31 or 32
            value = self._source(what) & _low(bits)
            self.isr = self.isr >> bits | value << 32 - bits if self._right_in else (self.isr << bits | value) & _MASK
            self.isr &= _MASK
        elif kind == 3:
            bits = word & 31 or 32
            value = self.osr & _low(bits) if self._right_out else self.osr >> 32 - bits
            self.osr = self.osr >> bits if self._right_out else self.osr << bits & _MASK
            self._target(what, value)
        elif kind == 4 and word & 0x80:
            if self._tx:
                self.osr = self._tx.pop(0)
            elif word & 0x20:
                return False
            else:
                self.osr = self.x
        elif kind == 4:
            if len(self._rx) >= self._depth[1]:
                return not word & 0x20
            self._rx.append(self.isr)
            self.isr = 0
        elif kind == 5:
            assert not word & 0x18
            self._target(what, self._source(word & 7))
        else:
            raise NotImplementedError(hex(word))
        return True

    def _jump(self, condition, address):
        x, y = self.x, self.y
        if condition == 2:
            self.x = (x - 1) & _MASK
        elif condition == 4:
            self.y = (y - 1) & _MASK
        holds = (True, not x, x, not y, y, x != y)[condition]
        at = self._pc
        self._pc = address if holds else self._program.bottom if at == self._program.top else at + 1

    def _source(self, number):
        return {0: 0, 1: self.x, 2: self.y, 3: 0, 6: self.isr, 7: self.osr}[number]

    def _target(self, number, value):
        if number == 0:
            value &= _low(self._count)
            for bit in range(self._count):
                bench.lines[self._base + bit].pio = value >> bit & 1
            us = self.us if self._active else bench.us
            bench.log.append((us, "coils", self.number, value))
        elif number == 1:
            self.x = value
        elif number == 2:
            self.y = value
        elif number == 6:
            self.isr = value
        elif number == 7:
            self.osr = value
        else:
            raise NotImplementedError(number)


def _low(bits):
    return (1 << bits) - 1

"""
Which card runs, on the pixels: card n of a program that GO has started lights pixel n - 1, then around again.

The number of a block is that of the marks before its own. They are counted a few instructions a tick, on from the last block that was
found: a long program whose loop goes back far shows its card a few ticks late, and no tick takes longer.
"""

from . import image as layout
from . import opcodes as o
from .shim import const

_LOOK = const(24)  # instructions a tick
_BLOCK = const(2)  # register of a task, as in `core`


class Progress:
    """
    The running step of one program, or none.

    Args:
        hal: a `hal.Hal`.
        vm: a `vm.Vm`.
    """

    def __init__(self, hal, vm):
        self.is_on = False
        self.is_behind = False  # the block that runs is not yet shown
        self._hal = hal
        self._vm = vm
        self._code = b""
        self._cards = 0  # in memory, to show again at the end; 0 where none was keyed
        self._first = 0  # address of the first instruction
        self._at = 0  # marks are counted up to here
        self._marks = 0
        self._shown = 0  # address of the block that is shown

    def begin(self, code, cards):
        """Show the steps of the program in `code`, which has just started."""
        self.is_on = self.is_behind = True
        self._code = code
        self._cards = cards
        self._first = self._at = layout.HEADER_BYTES + layout.HEAD_BYTES * code[6]
        self._marks = 0
        self._shown = 0

    def end(self):
        """Show no step any more, and the cards in memory again."""
        if self.is_on:
            self.is_on = self.is_behind = False
            self._hal.show_step(None)
            if self._cards:
                self._hal.show_count(self._cards)

    def tick(self):
        """Show the block in which the first task is, after the virtual machine's tick."""
        vm = self._vm
        if vm.how:
            self.end()
            return
        address = vm.tasks[0].regs[_BLOCK]
        self.is_behind = address != self._shown and not self._find(address)
        if address != self._shown and not self.is_behind:
            self._shown = address
            self._hal.show_step(max(self._marks - 1, 0))

    def _find(self, address):
        """Count the marks before `address`; say whether they are all counted."""
        at = self._at
        marks = self._marks
        if address < at:
            at = self._first
            marks = 0
        code = self._code
        lengths = layout.LENGTHS
        left = _LOOK
        while at < address and left:
            op = code[at]
            if op == o.OP_MARK:
                marks += 1
            at += lengths[op]
            left -= 1
        self._at = at
        self._marks = marks
        return at >= address

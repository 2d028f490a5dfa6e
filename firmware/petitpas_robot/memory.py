"""The program in memory, and the one that is on its way there: it takes the other's place only once it is whole and good."""

from . import image as layout
from . import opcodes as o


class Memory:
    """
    The program that RUN runs: `program`, of which the first `count` bytes are an image; 0 where there is none.

    Slot 0 of the store keeps it: what was in memory is there again after power has gone.

    Args:
        store: a `store.Store`; slot 0 is read at once.
        can: the kit's CAN_ bits.
    """

    def __init__(self, store, can):
        self.program = bytearray(layout.MAX_IMAGE_BYTES)
        self.count = 0
        self.staged = 0  # bytes of an image that is coming
        self._store = store
        self._can = can
        self.room = store.room()  # shared: what the store writes ends an upload that is under way; see `App.tick`
        count = store.read_program(0, self.program)
        if count and not self.check(self.program, count):
            self.count = count

    def check(self, image, count):
        """Say whether the first `count` bytes of `image` can be run here: a FAULT_ number."""
        return layout.check(image, count) or layout.check_can(image, self._can)

    def load(self, total, offset, piece):
        """
        Take a piece of an image; once it is whole it is checked, and becomes the program only if it is good.

        Returns:
            (fault, bytes received so far).
        """
        if total > layout.MAX_IMAGE_BYTES or offset + len(piece) > total:
            return o.FAULT_TOO_LONG, 0
        if offset == 0:
            self.staged = 0
        if offset != self.staged:
            return o.FAULT_OFFSET, self.staged
        end = offset + len(piece)
        self.room[offset:end] = piece
        self.staged = end
        if end < total:
            return o.FAULT_NONE, end
        self.staged = 0
        return self.take(total), end

    def forget(self):
        """Have no program, even when the power comes back."""
        self.count = 0
        self._store.save_program(0, self.program, 0)

    def read(self, offset, count):
        """Return up to `count` bytes of the program."""
        return memoryview(self.program)[min(offset, self.count) : min(offset + count, self.count)]

    def crc(self):
        """Return the checksum in the program's last four bytes, as u32; 0 where there is none."""
        end = self.count
        return int.from_bytes(self.program[end - 4 : end], "little") if end else 0

    def fetch(self, slot):
        """Make a slot's program the program; where that cannot be the old one stays."""
        if slot == 0 and self.count:  # slot 0 is the memory's own
            return o.FAULT_NONE
        self.staged = 0  # an upload that was under way begins anew
        count = self._store.read_program(slot, self.room)
        return self.take(count) if count else o.FAULT_NO_PROGRAM

    def save(self, slot):
        """Keep the program in a slot, now: the caller sees to it that no motor is energised."""
        store = self._store
        store.save_program(slot, self.program, self.count)
        while store.waiting:
            store.tick(True)
        return o.FAULT_STORE if store.has_failed(slot) else o.FAULT_NONE

    def take(self, count):
        """Make the first `count` bytes in `room` the program if they are a good image, and have it kept; return a FAULT_ number."""
        fault = self.check(self.room, count)
        if not fault:
            self.program[:count] = self.room[:count]
            self.count = count
            self._store.save_program(0, self.program, count)
        return fault

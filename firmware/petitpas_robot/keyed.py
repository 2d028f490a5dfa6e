"""
On its own: the seven keys and the switch make a program, run it, stop it and empty it, with no host and no cable.

    program (switch up)     avancer, reculer, gauche, droite, pause   one more card
                            GO      run the cards, or the program in memory where none was keyed; while a program runs: STOP
                            EFFACER no more cards
    direct (switch down)    a card is played at once; nothing is kept

A key counts when it goes down alone: two at once are a child's whole hand, and count for nothing until all are up again. GO among them
still stops what runs.
The cards become the program in memory, an image like any other, so that a host can read it back as blocks. A rest stands behind each card,
without a mark of its own: children see one card end before the next begins.
"""

import binascii
import struct

from . import image as layout
from . import opcodes as o
from .shim import const

MAX_CARDS = const(240)
REST_MS = const(300)  # between two cards
PAUSE_MS = const(1000)  # what the pause card means

_HEAD_BYTES = const(13)  # header, one head, the head's mark


class Presses:
    """
    Keys as they go down, each alone; `fresh` has the bits of all that went down in the last look.

    Args:
        hal: `hal.Hal`: the keys, already debounced.
    """

    def __init__(self, hal):
        self.fresh = 0
        self._hal = hal
        self._was_down = hal.keys()  # what is held already counts for nothing

    def next(self):
        """Return the KEY_ that has gone down since the last call, -1 for none or several; nothing is allocated."""
        down = self._hal.keys()
        was = self._was_down
        self._was_down = down
        self.fresh = down & ~was
        if was or not down or down & (down - 1):
            return -1
        key = 0
        while down >> key != 1:
            key += 1
        return key


class Keyed:
    """
    The robot's keys.

    Args:
        app: `app.App`: runs and keeps what the keys make.
        hal: `hal.Hal`: the keys, the switch and the lights.
    """

    def __init__(self, app, hal):
        self.count = 0  # cards keyed
        self._app = app
        self._hal = hal
        self._cards = bytearray(MAX_CARDS)  # KEY_ numbers
        self._is_new = False  # the cards are not yet the program in memory
        self._presses = Presses(hal)

    def tick(self):
        """Look at the keys and do what they say; nothing is allocated while none goes down."""
        key = self._presses.next()
        if key >= 0:
            checkup = self._app.checkup
            if checkup is None or not checkup.take(key):
                self._pressed(key)
        elif self._presses.fresh >> o.KEY_GO & 1 and not self._app.vm.how:
            self._app.stop()

    def _pressed(self, key):
        app = self._app
        if key == o.KEY_GO:
            if app.vm.how:
                self._go()
            else:
                app.stop()
        elif not app.vm.how:  # while it runs only GO, which is STOP, counts
            return
        elif key == o.KEY_CLEAR:
            self.count = 0
            self._is_new = False
            app.memory.forget()
            self._hal.show_count(0)
        elif self._hal.sense(o.SENSOR_MODE):
            self._add(key)
        else:
            length = write_image(app.memory.room, bytes((key,)), 1, 0)
            app.memory.staged = 0
            app.direct(0, 0, 0, app.memory.room[:length])

    def _add(self, key):
        if self.count < MAX_CARDS:
            self._cards[self.count] = key
            self.count += 1
            self._is_new = True
            self._app.robot.beep()
            self._hal.show_count(self.count)

    def _go(self):
        memory = self._app.memory
        if self._is_new:
            memory.staged = 0
            if memory.take(write_image(memory.room, self._cards, self.count, REST_MS)):
                return
            self._is_new = False
        if not self._app.run(0, 0, 0, 0):
            self._app.progress.begin(memory.program, self.count)


def write_image(image, cards, count, rest_ms):
    """
    Write the image of a row of cards and return its length, at most 13 + 7 B a card + 5.

    Args:
        image: where to; bytearray or memoryview.
        cards: KEY_ numbers, of which `count` count.
        rest_ms: behind each card; 0 for none.
    """
    at = _HEAD_BYTES
    for i in range(count):
        at = _write_card(image, at, cards[i], rest_ms)
    image[at] = o.OP_END
    at += 1
    length = at + layout.CRC_BYTES
    struct.pack_into("<BBHHBBBBH", image, 0, layout.MAGIC, layout.VERSION, length, count + 1, 1, 0, o.HEAD_GO, 0, _HEAD_BYTES - 1)
    image[_HEAD_BYTES - 1] = o.OP_MARK
    struct.pack_into("<I", image, at, binascii.crc32(memoryview(image)[:at]))
    return length


def _write_card(image, at, key, rest_ms):
    """Write the instructions of one card at `at` and return where the next goes."""
    image[at] = o.OP_MARK
    at += 1
    if key == o.KEY_PAUSE:
        struct.pack_into("<BH", image, at, o.OP_WAIT, PAUSE_MS)
        at += 3
    elif key == o.KEY_LEFT or key == o.KEY_RIGHT:
        image[at] = o.OP_LEFT if key == o.KEY_LEFT else o.OP_RIGHT
        at += 1
    else:
        image[at] = o.OP_FORWARD if key == o.KEY_FORWARD else o.OP_BACKWARD
        image[at + 1] = 1
        at += 2
    if rest_ms:
        struct.pack_into("<BH", image, at, o.OP_WAIT, rest_ms)
        at += 3
    return at

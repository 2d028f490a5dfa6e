"""
Under MicroPython, in a folder with all the files of a board: what its robot leaves of the heap.

    micropython -X heapsize=400k board_boot.py STANDIN IMAGE.bin

STANDIN is the folder of the modules that stand in for a board's own; what they take counts for nothing.
Prints bytes used after boot, bytes used once the program is in memory too, and the microseconds of the boot, imports included.
"""

import gc
import sys
import time

STANDIN, IMAGE = sys.argv[1:]
sys.path[0] = ""  # names are as short as on a board
sys.path.insert(1, STANDIN)

import machine  # noqa: E402, F401
import rp2  # noqa: E402, F401


class Port:
    """A cable on which nothing comes."""

    def ipoll(self, ms):
        return ()

    readinto = write = ipoll


def boot():
    """Return the application as `main` makes it, but for the cable."""
    import main
    from petitpas_robot.boards import usb

    usb.open_cable = lambda: usb.UsbCable(Port(), Port(), Port(), Port())
    return main.make()[0]


def load(app):
    """Put the program in memory."""
    with open(IMAGE, "rb") as file:
        image = file.read()
    assert app.load(len(image), 0, image) == (0, len(image))


gc.collect()
before = gc.mem_free()
begun = time.ticks_us()
app = boot()
took = time.ticks_diff(time.ticks_us(), begun)
gc.collect()
after_boot = gc.mem_free()
load(app)
gc.collect()
print(before - after_boot, before - gc.mem_free(), took)

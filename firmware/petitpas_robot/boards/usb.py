"""
The cable: the USB serial port that MicroPython uses for its own prompt, byte for byte.

A read or write of several bytes waits until all have passed, half a second for each piece where the host does not read: so bytes go one by
one, each only once the port has said that there is one, or room for one. What one tick may read is bounded, so that a port that is flooded
does not keep the robot from driving.
"""

from ..shim import const

_TICK_READS = const(192)  # bytes: some 6 ms of a Pico
_PIECE = const(4)  # bytes that one write takes at most: what is left goes between two ticks


class UsbCable:
    """
    Args:
        readable, writable: `select.poll` objects, each with its end of the port and one event.
        source: has readinto(buf). target: has write(buf).
    """

    def __init__(self, readable, writable, source, target):
        self._poll_in = readable.ipoll  # bound once: to bind a method takes memory
        self._poll_out = writable.ipoll
        self._readinto = source.readinto
        self._put = target.write
        self._byte = bytearray(1)
        self._reads = 0  # that are left in this tick

    def tick(self):
        """Allow another tick's bytes."""
        self._reads = _TICK_READS

    def wait(self, ms):
        """Wait for a byte, at most so long; return at once, False, where this tick has read all it may."""
        if self._reads <= 0:
            return False
        for _ in self._poll_in(ms):
            return True
        return False

    def read(self, buf):
        """See `hal.Hal.read`."""
        byte = self._byte
        most = min(len(buf), self._reads)
        count = 0
        while count < most:
            for _ in self._poll_in(0):
                break
            else:
                break
            self._readinto(byte)
            buf[count] = byte[0]
            count += 1
        self._reads -= count
        return count

    def write(self, buf, count):
        """See `hal.Hal.write`."""
        byte = self._byte
        most = min(count, _PIECE)
        done = 0
        while done < most:
            for _ in self._poll_out(0):
                break
            else:
                break
            byte[0] = buf[done]
            self._put(byte)
            done += 1
        return done


def open_cable():
    """Return the board's own cable."""
    import select
    import sys

    readable = select.poll()
    readable.register(sys.stdin, select.POLLIN)
    writable = select.poll()
    writable.register(sys.stdout, select.POLLOUT)
    return UsbCable(readable, writable, sys.stdin.buffer, sys.stdout.buffer)

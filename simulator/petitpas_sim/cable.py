"""A cable with a robot at one end and a host at the other: two bounded queues of bytes, in memory."""

from __future__ import annotations

from collections.abc import Callable

CAPACITY = 4096
"""Bytes that each direction holds before it takes no more: what a USB driver and a small UART buffer hold together."""


class Cable:
    """
    One robot's cable.

    While no host is plugged in, what the robot writes is lost, as on a real line. `on_write` is called after the host has written.
    """

    def __init__(self, on_write: Callable[[], None]) -> None:
        self.is_plugged = False
        self._on_write = on_write
        self._to_robot = bytearray()
        self._to_host = bytearray()

    def plug(self) -> None:
        """Plug a host in; nothing is left from an earlier one."""
        self._to_host.clear()
        self.is_plugged = True

    def unplug(self) -> None:
        """Pull the host out; what it had sent stays with the robot."""
        self.is_plugged = False
        self._to_host.clear()

    # --- The robot's end -----------------------------------------------------------------------------------------

    def read_into(self, buf: bytearray) -> int:
        """Take what the host has sent, as much as `buf` holds; return how many bytes."""
        queue = self._to_robot
        if not queue:
            return 0
        count = min(len(buf), len(queue))
        buf[:count] = queue[:count]
        del queue[:count]
        return count

    def write(self, buf: bytes | bytearray, count: int) -> int:
        """Send to the host; return how many bytes were taken."""
        if not self.is_plugged:
            return count
        count = min(count, CAPACITY - len(self._to_host))
        self._to_host += memoryview(buf)[:count]
        return count

    # --- The host's end -------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> int:
        """Send to the robot; return how many bytes were taken."""
        count = min(len(data), CAPACITY - len(self._to_robot))
        self._to_robot += data[:count]
        self._on_write()
        return count

    def receive(self, most: int) -> bytes:
        """Take what the robot has sent, at most `most` bytes."""
        data = bytes(self._to_host[:most])
        del self._to_host[:most]
        return data

    def waiting_for_host(self) -> int:
        """Return how many bytes the host has not read yet."""
        return len(self._to_host)

    def forget_input(self) -> None:
        """Drop what the robot has sent and the host has not read."""
        self._to_host.clear()

"""A cable in memory for tests: what a board's `select` and `sys` would give. Common dialect."""


class Port:
    """The board's end of the cable, and the host's."""

    def __init__(self):
        self.to_robot = bytearray()
        self.from_robot = bytearray()
        self.takes = 1 << 20  # bytes that the host still takes
        self.readable = _Poll(lambda: len(self.to_robot))
        self.writable = _Poll(lambda: self.takes)

    def readinto(self, buf):
        assert len(buf) <= len(self.to_robot), "it would wait"
        count = len(buf)
        buf[:] = self.to_robot[:count]
        self.to_robot = self.to_robot[count:]
        return count

    def write(self, buf):
        assert len(buf) <= self.takes, "it would wait"
        self.takes -= len(buf)
        self.from_robot.extend(buf)
        return len(buf)


class _Poll:
    def __init__(self, ready):
        self._ready = ready

    def ipoll(self, ms):
        return ((self, 1),) if self._ready() else ()

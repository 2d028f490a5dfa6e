"""pyserial's handler for `sim://NAME`: a simulated robot in this process as a serial port."""

from __future__ import annotations

from urllib.parse import urlsplit

from serial.serialutil import PortNotOpenError, SerialBase, SerialException

from petitpas_sim.pace import Socket
from petitpas_sim.ports import registry


class Serial(SerialBase):  # type: ignore[misc]
    """
    A serial port whose other end is a simulated robot's cable.

    Time-outs count the time of its runner: with virtual time, waiting to read is what makes the world go on.
    """

    is_open: bool

    def open(self) -> None:
        """Plug in; raise SerialException where there is no such robot or another host is plugged in."""
        if self._port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        name = urlsplit(self._port).netloc
        pace = registry.find(name)
        if pace is None:
            raise SerialException(2, f"could not open port {self._port}: no simulated robot has this name")
        cable = pace.runner.robots[name].cable
        if cable.is_plugged:
            raise SerialException(16, f"could not open port {self._port}: another program uses it")
        self._socket = Socket(pace, cable)
        self._cable = cable
        self.is_open = True

    def close(self) -> None:
        """Pull the plug."""
        if self.is_open:
            self._socket.close()
            self.is_open = False

    def _reconfigure_port(self) -> None:
        """Accept any speed: memory has none."""

    def _checked(self) -> Socket:
        if not self.is_open:
            raise PortNotOpenError()
        if not self._cable.is_plugged:
            raise SerialException(5, f"{self._port} was unplugged")
        return self._socket

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once."""
        return self._checked().waiting()

    def read(self, size: int = 1) -> bytes:
        """Read up to `size` bytes: all of them, or what came before the time-out, in the runner's time."""
        socket = self._checked()
        data = b""
        until_ms = None if self._timeout is None else socket.now_ms() + int(self._timeout * 1000)
        while len(data) < size:
            left_ms = None if until_ms is None else max(0, until_ms - socket.now_ms())
            piece = socket.read(size - len(data), left_ms)
            if not piece:
                self._checked()
                break
            data += piece
        return data

    def write(self, b: bytes, /) -> int:
        """Send bytes; what the robot's full buffer does not take is not sent, and is not counted."""
        return self._checked().write(bytes(b))

    def flush(self) -> None:
        """Return at once: writing is sending."""

    def reset_input_buffer(self) -> None:
        """Forget what has come."""
        self._checked().forget_input()

    def reset_output_buffer(self) -> None:
        """Do nothing: nothing waits."""

    def now_ms(self) -> int:
        """Return the time that this port's time-outs count."""
        return self._socket.now_ms()

"""Ports: finding and opening a cable by its URL. The only file that imports `serial`; its errors end here."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

import serial
from serial.tools import list_ports

from petitpas.errors import PortBusy, PortDenied, PortError, PortMissing, PortUnplugged

BAUD = 115_200
"""Speed of a UART cable; USB and the simulator have none."""

_SLICE_S = 0.05
"""How long one read of a port waits at the most."""

_PICO = 0x2E8A
"""USB vendor of the Raspberry Pi Pico."""


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A serial port of this computer; `is_robot` where it looks like a board of ours."""

    url: str
    description: str
    is_robot: bool


def find_ports() -> list[FoundPort]:
    """Return the serial ports of this computer, likely robots first."""
    found = [FoundPort(port.device, port.description or "", port.vid == _PICO) for port in list_ports.comports()]
    return sorted(found, key=lambda port: (not port.is_robot, port.url))


def _read_errno(error: BaseException) -> int | None:
    """Return the errno that a pyserial error carries, in itself or in what caused it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno is not None:
            return seen.errno
        seen = seen.__context__
    return None


_OPENING: dict[int, type[PortError]] = {
    errno.EACCES: PortDenied,
    errno.EPERM: PortDenied,
    errno.EBUSY: PortBusy,
    errno.EAGAIN: PortBusy,
}


def _opening_error(url: str, error: Exception) -> PortError:
    text = str(error)
    if "PermissionError" in text:  # Windows says so of a port that another program holds
        return PortBusy(port=url)
    kind = _OPENING.get(_read_errno(error) or 0, PortMissing)
    if kind is PortMissing and "exclusively lock" in text:
        kind = PortBusy
    return kind(port=url)


class OpenPort(Protocol):
    """What a conversation needs of an open cable: a `Port`, or one that is recorded or replayed."""

    url: str

    def now_ms(self) -> int:
        """Return the time that time-outs count."""

    def nonce(self) -> bytes:
        """Return four bytes that no other conversation begins with."""

    def read(self) -> bytes:
        """Return what has come, b"" where nothing comes for a short while; raise PortUnplugged."""

    def write(self, data: bytes) -> None:
        """Send all of `data`; raise PortUnplugged."""

    def close(self) -> None:
        """Close; never fails."""


class Port:
    """
    An open cable. Time-outs count `now_ms`: the wall's time, or that of a simulated world.

    Args:
        url: a device ("COM4", "/dev/ttyACM0") or anything that pyserial opens ("sim://lapin", "socket://127.0.0.1:5331").
        poll: read never waits; for a loop that draws meanwhile.
    Raises:
        PortMissing, PortBusy, PortDenied.
    """

    def __init__(self, url: str, *, poll: bool = False) -> None:
        self.url = url
        try:
            self._serial = serial.serial_for_url(url, do_not_open=True)
            self._serial.baudrate = BAUD
            self._serial.timeout = 0 if poll else _SLICE_S
            if hasattr(self._serial, "exclusive") and "://" not in url:
                self._serial.exclusive = True
            self._serial.open()
        except (serial.SerialException, OSError, ValueError) as error:
            raise _opening_error(url, error) from error
        self.now_ms: Callable[[], int] = getattr(self._serial, "now_ms", _wall_ms)

    def nonce(self) -> bytes:
        """Return four bytes that no other conversation begins with."""
        return secrets.token_bytes(4)

    def read(self) -> bytes:
        """Return what has come: at least a byte, unless none comes for a short while; raise PortUnplugged."""
        with self._unplugged():
            data: bytes = self._serial.read(1)
            if data:
                data += self._serial.read(self._serial.in_waiting)
            return data

    def write(self, data: bytes) -> None:
        """Send all of `data`; raise PortUnplugged."""
        with self._unplugged():
            while data:
                taken = self._serial.write(data)
                if not taken:
                    return  # the robot's buffer is full: the request will be repeated
                data = data[taken:]

    def close(self) -> None:
        """Close; never fails."""
        line = getattr(self._serial, "_socket", None)
        with contextlib.suppress(serial.SerialException, OSError):
            self._serial.close()
        if isinstance(line, socket.socket):  # pyserial leaves it open where the other side has hung up
            line.close()

    @contextlib.contextmanager
    def _unplugged(self) -> Iterator[None]:
        try:
            yield
        except (serial.SerialException, OSError, TypeError) as error:  # pyserial raises TypeError on a port closed under a read
            raise PortUnplugged(port=self.url) from error

    def __enter__(self) -> Port:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _wall_ms() -> int:
    return time.monotonic_ns() // 1_000_000

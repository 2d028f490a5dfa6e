"""
A port whose waiting is done by threads: opening, reading and writing never keep a frame.

One thread opens the port and reads, one writes; what goes wrong in either is raised at the next `read` or `write`.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading
import time
from collections.abc import Callable

from petitpas.errors import PortBusy, PortError
from petitpas.robots import OpenPort, Port

_BUSY_S = 4.0
"""For how long a port that another conversation holds is waited for: who only asks a robot for its name is gone by then."""

_AGAIN_S = 0.1


class ThreadedPort:
    """
    An open cable, or one that is being opened.

    Args:
        url: as for `Port`.
        open_port: opens it, and may wait.
    """

    def __init__(self, url: str, open_port: Callable[[str], OpenPort] = Port) -> None:
        self.url = url
        self.is_open = False
        self._open_port = open_port
        self._error: PortError | None = None
        self._closing = threading.Event()
        self._heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._to_say: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read_all, name=f"read {url}", daemon=True).start()

    def now_ms(self) -> int:
        """Return the time that time-outs count: the wall's."""
        return time.monotonic_ns() // 1_000_000

    def opened(self) -> bool:
        """Say whether the port is open by now; raise PortError where it cannot be."""
        if self._error is not None:
            raise self._error
        return self.is_open

    def nonce(self) -> bytes:
        """Return four bytes that no other conversation begins with."""
        return secrets.token_bytes(4)

    def read(self) -> bytes:
        """Return what has come, b"" for nothing; raise PortError once the port has gone and all that came before is read."""
        data = b""
        with contextlib.suppress(queue.Empty):
            while True:
                data += self._heard.get_nowait()
        if not data and self._error is not None:
            raise self._error
        return data

    def write(self, data: bytes) -> None:
        """Have all of `data` sent; raise PortError once the port has gone."""
        if self._error is not None:
            raise self._error
        if data:
            self._to_say.put(data)

    def close(self) -> None:
        """Let the port go, in a moment; never fails."""
        self._closing.set()
        self._to_say.put(b"")

    # --- In threads ------------------------------------------------------------------------------------------------------------

    def _read_all(self) -> None:
        try:
            port = self._opened_port()
        except PortError as error:
            self._error = error
            return
        try:
            if self._closing.is_set():
                return
            threading.Thread(target=self._write_all, args=(port,), name=f"write {self.url}", daemon=True).start()
            self.is_open = True
            while not self._closing.is_set():
                if data := port.read():
                    self._heard.put(data)
        except PortError as error:
            self._error = error
        finally:
            self._to_say.put(b"")
            port.close()

    def _opened_port(self) -> OpenPort:
        late_s = time.monotonic() + _BUSY_S
        while True:
            try:
                return self._open_port(self.url)
            except PortBusy:
                if time.monotonic() >= late_s or self._closing.wait(_AGAIN_S):
                    raise

    def _write_all(self, port: OpenPort) -> None:
        try:
            while data := self._to_say.get():
                port.write(data)
        except PortError as error:
            self._error = error

"""
A simulated robot for another process: over TCP on the loopback, or as a pty (POSIX).

One host at a time, as on a real cable: who comes second is refused until the first has gone.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable

from petitpas_sim.pace import Pace, Socket

_SLICE_MS = 200
"""How soon a line notices that it is to close, while nothing comes."""


class Line:
    """A robot offered to other processes until `close`; `url` is what a host opens."""

    def __init__(self, url: str, accept: Callable[[Line], None], release: Callable[[], None]) -> None:
        self.url = url
        self.is_closing = False
        self._release = release
        self._thread = threading.Thread(target=accept, args=(self,), name=f"serve {url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up and wait for the threads to end."""
        self.is_closing = True
        self._release()
        self._thread.join()


def serve_tcp(pace: Pace, name: str, port: int = 0) -> Line:
    """
    Offer a robot at socket://127.0.0.1:PORT.

    Args:
        port: 0 takes any free one.
    Raises:
        OSError: the port is taken.
    """
    server = socket.create_server(("127.0.0.1", port))

    def accept(line: Line) -> None:
        while not line.is_closing:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _pump(pace, name, line, client.fileno(), client.recv, client.sendall)

    def release() -> None:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()

    return Line(f"socket://127.0.0.1:{server.getsockname()[1]}", accept, release)


def serve_pty(pace: Pace, name: str) -> Line:
    """Offer a robot as a pseudo-terminal, which a host opens like any serial port; raise OSError on a system without them."""
    if not hasattr(os, "openpty"):
        raise OSError("this system has no pseudo-terminals: use TCP")
    import tty

    robot_end, host_end = os.openpty()  # the host's end stays open here, so that hosts may come and go
    tty.setraw(host_end)

    def accept(line: Line) -> None:
        _pump(pace, name, line, robot_end, lambda most: os.read(robot_end, most), lambda data: _write_all(robot_end, data))
        os.close(robot_end)

    return Line(os.ttyname(host_end), accept, lambda: os.close(host_end))


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _pump(pace: Pace, name: str, line: Line, fd: int, receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
    """Carry bytes both ways until either end hangs up."""
    end = Socket(pace, pace.runner.robots[name].cable)
    gone = threading.Event()

    def carry_out() -> None:
        with contextlib.suppress(OSError):
            while not gone.is_set() and not line.is_closing:
                send(end.read(4096, _SLICE_MS))

    thread = threading.Thread(target=carry_out, name=f"{line.url} out", daemon=True)
    thread.start()
    with contextlib.suppress(OSError):
        while not line.is_closing:
            if select.select([fd], [], [], _SLICE_MS / 1000)[0]:
                data = receive(4096)
                if not data:
                    break
                while data:
                    taken = end.write(data)
                    data = data[taken:]
                    if not taken and gone.wait(0.01):
                        break
    gone.set()
    end.close()
    thread.join()

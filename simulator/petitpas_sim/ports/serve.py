"""
A simulated robot for another process: over TCP on the loopback, or as a pty (POSIX).

One host at a time, as on a real cable: over TCP, who comes second is hung up on.
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

_LEAVE_S = 1
"""How long a host that has gone may take to leave its place to the next."""


class Line:
    """A robot offered to other processes until `close`; `url` is what a host opens."""

    def __init__(self, url: str, accept: Callable[[Line], None], release: Callable[[], None]) -> None:
        self.url = url
        self.is_closing = False
        self._release = release
        self._thread = threading.Thread(target=accept, args=(self,), name=f"serve {url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up and wait for the threads to end; again is nothing."""
        if self.is_closing:
            return
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

    is_busy = threading.Lock()

    def talk(line: Line, client: socket.socket) -> None:
        try:
            with client, contextlib.suppress(OSError):
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.setblocking(False)
                _pump(pace, name, line, client.fileno(), client.recv, client.send, lambda data: data)
        finally:
            is_busy.release()

    def accept(line: Line) -> None:
        talks: list[threading.Thread] = []
        while not line.is_closing:
            try:
                client, _ = server.accept()
            except OSError:
                break
            if is_busy.acquire(timeout=_LEAVE_S):
                talks.append(threading.Thread(target=talk, args=(line, client), daemon=True))
                talks[-1].start()
            else:
                client.close()
        for thread in talks:
            thread.join()

    def release() -> None:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()

    return Line(f"socket://127.0.0.1:{server.getsockname()[1]}", accept, release)


def serve_pty(pace: Pace, name: str) -> Line:
    """Offer a robot as a pseudo-terminal, which a host opens like any serial port; raise OSError on a system without them."""
    if not hasattr(os, "openpty"):
        raise OSError("this system has no pseudo-terminals: use TCP")
    import termios
    import tty

    robot_end, host_end = os.openpty()  # the host's end stays open here, so that hosts may come and go
    tty.setraw(host_end)
    os.set_blocking(robot_end, False)

    def drop(data: bytes) -> bytes:
        """Lose what nobody reads, as a wire does: the next host must not hear what was said to the last."""
        termios.tcflush(host_end, termios.TCIFLUSH)
        return b""

    def accept(line: Line) -> None:
        _pump(pace, name, line, robot_end, lambda most: os.read(robot_end, most), lambda data: os.write(robot_end, data), drop)
        os.close(robot_end)

    return Line(os.ttyname(host_end), accept, lambda: os.close(host_end))


def _pump(
    pace: Pace,
    name: str,
    line: Line,
    fd: int,
    receive: Callable[[int], bytes],
    send: Callable[[bytes], int],
    stalled: Callable[[bytes], bytes],
) -> None:
    """
    Carry bytes both ways until either end hangs up.

    Args:
        fd: of the host's side, where neither reading nor writing waits.
        send: returns how many bytes were taken.
        stalled: called with what could not be sent for a while; returns what is still to be sent.
    """
    end = Socket(pace, pace.runner.robots[name].cable)
    gone = threading.Event()

    def carry_out() -> None:
        data = b""
        with contextlib.suppress(OSError):
            while not gone.is_set() and not line.is_closing:
                if not data:
                    data = end.read(4096, _SLICE_MS)
                elif select.select([], [fd], [], _SLICE_MS / 1000)[1]:
                    with contextlib.suppress(BlockingIOError):
                        data = data[send(data) :]
                else:
                    data = stalled(data)

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

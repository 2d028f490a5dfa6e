"""A serial line of 115,200 baud between two pseudo-terminals: every byte takes its time, both ways."""

from __future__ import annotations

import os
import select
import threading
import time
import tty

BYTES_PER_S = 11_520  # ten bits a byte


class PacedLine:
    """Carries bytes from the host's pty to the device's descriptors and back; `host` is what a host opens."""

    def __init__(self, device_in: int, device_out: int) -> None:
        """
        Args:
            device_in: descriptor on which the device hears.
            device_out: descriptor on which the device speaks.
        """
        self._end, self._kept = os.openpty()
        tty.setraw(self._kept)
        self.host = os.ttyname(self._kept)
        self._is_open = True
        self._threads = [
            threading.Thread(target=self._carry, args=(self._end, device_in), daemon=True),
            threading.Thread(target=self._carry, args=(device_out, self._end), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _carry(self, source: int, target: int) -> None:
        """Deliver each run of bytes when the last of them would have arrived."""
        free_s = 0.0
        while self._is_open:
            if not select.select([source], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(source, 64)
            except OSError:
                return
            if not data:
                return
            free_s = max(free_s, time.perf_counter()) + len(data) / BYTES_PER_S
            while (left_s := free_s - time.perf_counter()) > 0:
                time.sleep(left_s)
            os.write(target, data)

    def close(self) -> None:
        """Hang up."""
        self._is_open = False
        for thread in self._threads:
            thread.join()
        os.close(self._end)
        os.close(self._kept)

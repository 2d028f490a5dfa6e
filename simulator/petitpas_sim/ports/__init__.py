"""
Simulated robots as serial ports.

`open_to_hosts` puts the robots of a runner where `serial.serial_for_url("sim://NAME")` finds them, in this process.
`serve` offers one over TCP or a pty to another process.
"""

from __future__ import annotations

import serial

from petitpas_sim.pace import Pace
from petitpas_sim.ports.registry import Registration

_PACKAGE = "petitpas_sim.ports"


def open_to_hosts(pace: Pace) -> Registration:
    """
    Let hosts in this process open `sim://NAME` for every robot of a runner.

    Returns:
        A context manager: when it closes, the names are free again.
    Raises:
        ValueError: a robot of that name is open already.
    """
    if _PACKAGE not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.append(_PACKAGE)
    return Registration(pace)

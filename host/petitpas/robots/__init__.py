"""Robots at the end of a cable: real ones, simulated ones, in this process or in another."""

from __future__ import annotations

from petitpas.robots.messages import Assigned, Checked, Ended, Entered, Event, Finished, Held, Identity, Report, Settings, State
from petitpas.robots.ports import FoundPort, OpenPort, Port, find_ports
from petitpas.robots.robot import LINK_MS, Robot

__all__ = [
    "LINK_MS",
    "Assigned",
    "Checked",
    "Ended",
    "Entered",
    "Event",
    "Finished",
    "FoundPort",
    "Held",
    "Identity",
    "OpenPort",
    "Port",
    "Report",
    "Robot",
    "Settings",
    "State",
    "find_ports",
]

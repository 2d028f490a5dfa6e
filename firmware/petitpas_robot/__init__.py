"""The robot's own firmware: the same files run on a board and in the simulator."""

VERSION = "0.1.0"

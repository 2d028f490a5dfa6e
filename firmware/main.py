"""
What a board runs when the power comes: pins low, then the robot, for ever.

The only loop without an end is here, and the only watchdog. All else is imported once the motors are off, so that a half-copied
installation leaves a robot that stands still and a prompt that `petitpas install` can reach.
"""

import micropython

# 3 is a byte like any other: it must not end the start. Before any `if`, loop or file, where MicroPython reads what a host has sent.
micropython.kbd_intr(-1)

from machine import Pin  # noqa: E402

for _pin in range(8):  # the motors', whatever a reset has left of PWM and PIO on them
    Pin(_pin, Pin.OUT, value=0)

KIT_FILE = "kit.json"
MAINTENANCE_FILE = "maintenance"
MAINTENANCE_KEYS = (13, 14)  # EFFACER and GO, on every kit
CHECKUP_KEYS = (8, 9)  # AVANCER and RECULER
NAME = "robot"  # until it is given one
WATCHDOG_MS = 2000  # longer than the slowest write of a program to flash
COLLECT_MS = 1000


def is_maintenance():
    """
    Say whether somebody wants the prompt: the file that a message has left, or two keys held while the power comes.

    The file is good for one start: whatever becomes of who wanted it, the next one gets the robot back.
    """
    import os

    if MAINTENANCE_FILE in os.listdir():
        os.remove(MAINTENANCE_FILE)
        return True
    return are_held(MAINTENANCE_KEYS)


def are_held(pins):
    """Say whether all keys on these pins are down."""
    return not any([Pin(pin, Pin.IN, Pin.PULL_UP).value() for pin in pins])


class Figures:
    """A kit's figures, without what has read and checked them."""


def read_kit():
    """Return this board's kit. What has read it is forgotten again: it takes some kilobytes."""
    import json
    import sys

    import petitpas_robot
    from petitpas_robot.kit import Kit

    with open(KIT_FILE) as file:
        kit = Kit(json.load(file))
    figures = Figures()
    for name, value in kit.__dict__.items():
        setattr(figures, name, value)
    for name in ("kit", "parts"):
        sys.modules.pop("petitpas_robot." + name, None)
        if hasattr(petitpas_robot, name):
            delattr(petitpas_robot, name)
    return figures


def make():
    """Return the robot of this board's kit and its hardware: (App, Hal, cable)."""
    import time

    from petitpas_robot.app import App
    from petitpas_robot.boards.pico import PicoHal
    from petitpas_robot.boards.usb import open_cable

    kit = read_kit()
    try:
        from petitpas_robot.core_viper import run
    except (ImportError, SyntaxError, ValueError):  # machine code for another processor
        from petitpas_robot.core import run
    cable = open_cable()
    hal = PicoHal(kit, cable, time.ticks_us)
    del kit.parts, kit.pins  # they are in use, and their names are needed no more
    app = App(hal, kit, NAME, run)
    if are_held(CHECKUP_KEYS):
        from petitpas_robot.checkup import CheckupKeys

        CheckupKeys(app, hal)
    return app, hal, cable


def loop(app, hal, cable, feed, ticks_ms):
    """Tick, and hear the cable between ticks. Memory is collected while the wheels rest."""
    import gc

    from petitpas_robot.clock import TICK_MS, add, diff

    due_ms = collected_ms = ticks_ms()
    while True:
        now_ms = ticks_ms()
        app.tick(now_ms)
        feed()
        if not hal.is_moving() and diff(now_ms, collected_ms) >= COLLECT_MS:
            gc.collect()
            collected_ms = now_ms
        due_ms = add(due_ms, TICK_MS)
        left_ms = diff(due_ms, ticks_ms())
        if left_ms < 0:  # late: what was missed is not made up
            due_ms = ticks_ms()
        while left_ms > 0:
            if app.session.tx_used or cable.wait(left_ms):
                app.hear(ticks_ms())
            left_ms = diff(due_ms, ticks_ms())


def main():
    """Run the robot, unless somebody wants the prompt; whatever ends it, the motors are off and the prompt can be interrupted again."""
    try:
        if is_maintenance():
            return
        import time

        from machine import WDT

        app, hal, cable = make()
        loop(app, hal, cable, WDT(timeout=WATCHDOG_MS).feed, time.ticks_ms)
    finally:
        for pin in range(8):
            Pin(pin, Pin.OUT, value=0)
        micropython.kbd_intr(3)


if __name__ == "__main__":
    main()

"""
What a board runs when the power comes: pins low, then the robot, for ever.

The only loop without an end is here, and the only watchdog. Everything but `Pin` is imported once the motors are off, so that a half-copied
installation leaves a robot that stands still and a prompt that `petitpas install` can reach.
"""

from machine import Pin

for _pin in range(8):  # the motors', whatever a reset has left of PWM and PIO on them
    Pin(_pin, Pin.OUT, value=0)

KIT_FILE = "kit.json"
MAINTENANCE_FILE = "maintenance"
MAINTENANCE_KEYS = (13, 14)  # EFFACER and GO, on every kit
NAME = "robot"  # until it is given one
WATCHDOG_MS = 2000  # longer than the slowest write of a program to flash
COLLECT_MS = 1000


def is_maintenance():
    """Say whether somebody wants the prompt: the file that a message has left, or two keys held while the power comes."""
    import os

    if MAINTENANCE_FILE in os.listdir():
        return True
    return not any([Pin(pin, Pin.IN, Pin.PULL_UP).value() for pin in MAINTENANCE_KEYS])


def read_kit():
    """Return this board's kit. What checked its parts and pins is forgotten again: it takes 4 kB."""
    import json
    import sys

    import petitpas_robot
    from petitpas_robot.kit import Kit

    with open(KIT_FILE) as file:
        kit = Kit(json.load(file))
    sys.modules.pop("petitpas_robot.parts", None)
    if hasattr(petitpas_robot, "parts"):
        del petitpas_robot.parts
    return kit


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
    return App(hal, kit, NAME, run), hal, cable


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
    """Run the robot; whatever ends it, the motors are off and the prompt can be interrupted again."""
    import time

    import micropython
    from machine import WDT

    micropython.kbd_intr(-1)  # 3 is a byte like any other
    try:
        app, hal, cable = make()
        loop(app, hal, cable, WDT(timeout=WATCHDOG_MS).feed, time.ticks_ms)
    finally:
        for pin in range(8):
            Pin(pin, Pin.OUT, value=0)
        micropython.kbd_intr(3)


if __name__ == "__main__" and not is_maintenance():
    main()

"""
Under MicroPython: one program by the virtual machine, and as exec'd Python source. Prints microseconds.

    micropython vm_run.py IMAGE.bin VIEW.py CORE KIT.json

The virtual machine runs with everything on: a program of several tasks where it has them, the budget of 64 instructions a tick, and the
events of each tick told. The Python view runs its blocks as calls of the same robot, without tasks, budget or events.
"""

import sys
import time

from still import StillHal

from petitpas_robot.app import App
from petitpas_robot.kit import Kit

TIMES = 5


def ticks(app):
    """Tick until the program ends; return how many it took."""
    now = 0
    app.run(0, 0, 3, 0)
    while not app.vm.how:
        app.tick(now)
        now += 10
    return now // 10


def main():
    """Time both, several times in turn, and print the medians."""
    import json

    image_file, view_file, core, kit_file = sys.argv[1:]
    run = None
    if core == "viper":
        from petitpas_robot.core_viper import run
    with open(kit_file) as file:
        kit = Kit(json.load(file))
    hal = StillHal()
    app = App(hal, kit, "lapin", run)
    with open(image_file, "rb") as file:
        image = file.read()
    assert app.load(len(image), 0, image) == (0, len(image))
    with open(view_file) as file:
        view = compile(file.read(), "view", "exec")
    robot = app.robot

    def start(*scripts):
        for script in scripts:
            script()

    names = {
        "allume": robot.light,
        "distance_mm": lambda: hal.sense(0),
        "demarre": start,
    }
    machine = []
    source = []
    for _ in range(TIMES):
        start = time.ticks_us()
        count = ticks(app)
        machine.append(time.ticks_diff(time.ticks_us(), start))
        start = time.ticks_us()
        exec(view, names)
        source.append(time.ticks_diff(time.ticks_us(), start))
    print(sorted(machine)[TIMES // 2], sorted(source)[TIMES // 2], count)


main()

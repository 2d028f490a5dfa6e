"""
Under MicroPython: whether programs leave something behind on the heap. Prints bytes free after the first program and after the last.

    micropython -X heapsize=242k memory.py KIT.json IMAGE.bin PROGRAMS
"""

import gc
import sys


def main():
    """Boot, then load and run the program again and again."""
    kit_file, image_file, programs = sys.argv[1:]
    import json

    from still import StillHal

    from petitpas_robot.app import App
    from petitpas_robot.kit import Kit

    with open(kit_file) as file:
        kit = Kit(json.load(file))
    app = App(StillHal(), kit, "lapin")
    with open(image_file, "rb") as file:
        image = file.read()
    now_ms = 0
    for number in range(int(programs)):
        assert app.load(len(image), 0, image) == (0, len(image))
        assert app.run(0, 0, 3, 0) == 0
        while not app.vm.how:
            app.tick(now_ms)
            now_ms += 10
        assert app.vm.how == 1
        if number == 0:
            gc.collect()
            first = gc.mem_free()
    gc.collect()
    print(first, gc.mem_free())


main()

"""
A board for tests, under MicroPython's unix port: boots main.py of a folder, else answers as the raw REPL does; that port has none.

    micropython board_repl.py FOLDER STANDIN < CABLE > CABLE

It says that it is a Pico; STANDIN is where its `machine` and `rp2` are. `machine.reset()` boots again; when main.py ends, or where there is
none, it waits in the REPL.
Ctrl-A enters the raw REPL, Ctrl-B leaves it, Ctrl-C interrupts, Ctrl-D runs what was typed, or starts anew where nothing was.
"""

import os
import sys

_IN = sys.stdin.buffer
_OUT = sys.stdout.buffer
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"


class _Implementation(tuple):
    name = "micropython"
    version = sys.implementation[1]
    _machine = "Raspberry Pi Pico with RP2040"
    _mpy = 6 | 3 << 8 | 4 << 10


class _Sys:
    implementation = _Implementation(("micropython", sys.implementation[1]))
    platform = "rp2"
    stdin = sys.stdin
    stdout = sys.stdout
    path = sys.path
    modules = sys.modules


def boot():
    """Run main.py, if there is one, with the power just come and nothing imported before."""
    machine.bench.reset()
    machine.bench.is_quiet = True
    for name in [name for name in sys.modules if name.startswith("petitpas_robot")]:
        del sys.modules[name]
    sys.modules.pop("time", None)  # what a test may have put in its place
    if "main.py" in os.listdir("."):
        with open("main.py") as file:
            source = file.read()
        try:
            exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})
        except Exception as error:
            sys.print_exception(error)


def run(source):
    """Run what was typed in the raw REPL; say OK, what it prints, and its error."""
    _OUT.write(b"OK")
    try:
        exec(compile(source.decode(), "<stdin>", "exec"), names)
        _OUT.write(b"\x04\x04>")
    except Exception as error:
        _OUT.write(b"\x04")
        sys.print_exception(error)
        _OUT.write(b"\x04>")


def serve():
    """Answer one byte after another until the cable ends."""
    source = bytearray()
    is_raw = False
    while True:
        octet = _IN.read(1)
        if not octet:
            return False
        if octet == b"\x01":
            is_raw = True
            source = bytearray()
            _OUT.write(_BANNER)
        elif octet == b"\x02":
            is_raw = False
            _OUT.write(b"\r\n>>> ")
        elif octet == b"\x04" and is_raw:
            if source:
                run(source)
            else:
                names.clear()
                _OUT.write(b"OK\r\nMPY: soft reboot\r\n" + _BANNER)
            source = bytearray()
        elif octet == b"\x05" and is_raw and not source:
            _IN.read(2)  # "A\x01": raw paste, which it has not
            _OUT.write(b"R\x00")
        elif octet == b"\x03":
            source = bytearray()
        elif is_raw and (octet != b"\r" or source):
            source.extend(octet)


names = {}
folder, standin = sys.argv[1:]
sys.modules["sys"] = _Sys
sys.path[:] = ["", standin]
os.chdir(folder)
import machine  # noqa: E402

is_plugged = True
while is_plugged:
    try:
        boot()
        is_plugged = serve()
    except machine.Reset:
        pass

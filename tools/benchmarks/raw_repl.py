"""
A stand-in for a board's raw REPL, under MicroPython's unix port, which has none: enough for `mpremote run`.

    micropython raw_repl.py < CABLE > CABLE

It answers Ctrl-C, Ctrl-A (enter), Ctrl-B (leave), Ctrl-D (run, or soft reset where nothing was typed) and says that it has no raw paste.
The functions of a Python view are there and do nothing, so that what is timed is the way to the board.
"""

import sys

_in = sys.stdin.buffer
_out = sys.stdout.buffer
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"


def _nothing(*arguments):
    return 0


NAMES = ("avance", "recule", "tourne_a_gauche", "tourne_a_droite", "bip", "joue", "allume", "attends")


def main():
    """Serve one byte after another until the cable ends."""
    source = bytearray()
    while True:
        octet = _in.read(1)
        if not octet:
            return
        if octet == b"\x01":
            source = bytearray()
            _out.write(_BANNER)
        elif octet == b"\x04":
            if source:
                _out.write(b"OK")
                try:
                    exec(compile(bytes(source).decode(), "<stdin>", "exec"), dict.fromkeys(NAMES, _nothing))
                    _out.write(b"\x04\x04>")
                except Exception as error:  # the other side must see whatever it is
                    _out.write(b"\x04" + repr(error).encode() + b"\x04>")
                source = bytearray()
            else:
                _out.write(b"OK\r\nMPY: soft reboot\r\n" + _BANNER)
        elif octet == b"\x05":
            _in.read(2)  # "A\x01": raw paste
            _out.write(b"R\x00")
        elif octet not in (b"\x02", b"\x03", b"\r") or source:
            source.extend(octet)


main()

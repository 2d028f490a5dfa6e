"""`petitpas sim`: simulated robots for other processes, in real time, until Ctrl-C."""

from __future__ import annotations

import contextlib
import threading

from petitpas.errors import KitError
from petitpas.words import Words
from petitpas_sim.pace import RealTime
from petitpas_sim.ports.serve import serve_pty, serve_tcp
from petitpas_sim.runner import Runner


def serve(runner: Runner, how: str, tcp_port: int, words: Words) -> int:
    """
    Serve the robots of a runner and print their URLs, a line each: `name<TAB>url`.

    Args:
        how: "tcp" or "pty".
        tcp_port: of the first robot; the others follow. 0 takes any free ones.
    Raises:
        KitError: a port is taken; code `serve_failed`.
    """
    pace = RealTime(runner)
    pace.start()
    with contextlib.ExitStack() as stack:
        stack.callback(pace.stop)
        for number, name in enumerate(runner.robots):
            try:
                line = serve_pty(pace, name) if how == "pty" else serve_tcp(pace, name, tcp_port and tcp_port + number)
            except (OSError, OverflowError) as error:
                raise KitError("serve_failed", detail=str(error)) from error
            stack.callback(line.close)
            print(f"{name}\t{line.url}", flush=True)
        print(words.text("cli.sim.serving"), flush=True)
        forever = threading.Event()
        while not forever.wait(0.5):  # a wait without end would not hear Ctrl-C on Windows
            pass
    return 0

"""
The command `petitpas`: a table of commands, each a function of its arguments that returns an exit status.

    0  it went as it should      1  the program ended before its end (something in the way, STOP, a fault), or a check found something
    2  the command line or a file is not right      3  the robot or its cable      130  Ctrl-C
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from petitpas.errors import BoardError, FileError, KitError, PortError, ProtocolError, RobotFault, VersionError
from petitpas.words import LANGUAGES, Words

BOARD_KITS = ("pico-stepper", "pico-dc")
"""The kits of robots, the default first; a test compares them with the kit files."""

OK, ENDED_EARLY, WRONG_INPUT, ROBOT_TROUBLE, INTERRUPTED = 0, 1, 2, 3, 130


class Command(NamedTuple):
    """A row of the table: what to do, and what its parser takes. Its help is in the words, at cli.<name>.help."""

    do: Callable[[argparse.Namespace, Words], int]
    arguments: Callable[[argparse.ArgumentParser, Words], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors are one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = Words(_language(sys.argv[1:] if arguments is None else arguments))
    options = _parser(words).parse_args(arguments)
    try:
        return COMMANDS[options.command].do(options, words) if options.command else _window(options, words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KitError as error:
        for problem in getattr(error, "problems", ()) or (error,):
            place = f"[{problem.block_id}] " if problem.block_id else ""
            print(place + problem.say(words.lang), file=sys.stderr)
        return ROBOT_TROUBLE if isinstance(error, PortError | ProtocolError | BoardError | VersionError | RobotFault) else WRONG_INPUT


def _language(arguments: Sequence[str]) -> str:
    """Return the language that is asked for, before the parser (whose own words depend on it) is made."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument[7:]
        if argument == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
    return LANGUAGES[0]


def _parser(words: Words) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="petitpas", description=words.text("cli.usage"), epilog=words.text("cli.epilog"))
    parser.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help=words.text("cli.lang"))
    commands = parser.add_subparsers(dest="command", title=words.text("cli.commands"), metavar=words.text("cli.command"))
    for name, command in COMMANDS.items():
        said = words.text(f"cli.{name}.help")
        child = commands.add_parser(name, help=said, description=said)
        child.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=words.text("cli.lang"))
        command.arguments(child, words)
    return parser


# --- Arguments ------------------------------------------------------------------------------------------------------


def _no_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    """Take nothing."""


def _file_argument(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=words.text("cli.file"))


def _files_argument(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words.text("cli.files"))


def _port_argument(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.port"))


def _mat_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--mat", default="5x5", metavar="5x5", help=words.text("cli.mat"))
    parser.add_argument("--start", default="A1N", metavar="A1N", help=words.text("cli.start"))
    parser.add_argument("--rocks", default="", metavar="B2,C3", help=words.text("cli.rocks"))


def _run_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    _file_argument(parser, words)
    _port_argument(parser, words)
    parser.add_argument("--step", action="store_true", help=words.text("cli.step"))
    parser.add_argument("--trace", type=Path, metavar="FILE", help=words.text("cli.trace"))
    _mat_arguments(parser, words)


def _sim_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--serve", choices=("tcp", "pty"), default="tcp", help=words.text("cli.serve"))
    parser.add_argument("--robots", default="lapin", metavar="lapin,renard", help=words.text("cli.robots"))
    parser.add_argument("--tcp-port", type=int, default=5331, metavar="5331", help=words.text("cli.tcp_port"))
    _mat_arguments(parser, words)


def _board_argument(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--port", default="", metavar="URL", help=words.text("cli.install.board"))


def _kit_argument(parser: argparse.ArgumentParser, words: Words) -> None:
    kits = ", ".join(BOARD_KITS)
    parser.add_argument("--kit", default=BOARD_KITS[0], metavar="KIT", help=words.text("cli.install.kit", kits=kits))


def _install_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    _board_argument(parser, words)
    _kit_argument(parser, words)


def _image_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--micropython", type=Path, required=True, metavar="FILE.uf2", help=words.text("cli.image.micropython"))
    _kit_argument(parser, words)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.uf2", help=words.text("cli.image.out"))


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


# --- Commands -------------------------------------------------------------------------------------------------------


def _window(options: argparse.Namespace, words: Words) -> int:
    from petitpas import demo

    return demo.open_window(words)


def _run(options: argparse.Namespace, words: Words) -> int:
    from petitpas.play import Player
    from petitpas.robots import find_ports
    from petitpas.simulated import ROBOT, make_runner
    from petitpas_robot import opcodes

    program = _read_program(options.file)
    url = options.port or next((port.url for port in find_ports() if port.is_robot), f"sim://{ROBOT}")
    player = Player(url, program, words, key=_ask_line)
    if url.startswith("sim://"):
        from petitpas_sim.pace import Virtual
        from petitpas_sim.ports import open_to_hosts
        from petitpas_sim.trace import Trace

        trace = Trace() if options.trace else None
        name = url.removeprefix("sim://")
        runner = make_runner(options.mat, options.start, _list(options.rocks), [name], trace)
        with open_to_hosts(Virtual(runner)), _traced(options.trace, lambda: trace.text() if trace else ""):
            finished = player.play(step=options.step)
        _draw(runner, options.start)
    else:
        with _traced(options.trace, player.trace):
            finished = player.play(step=options.step)
    print(words.text(f"outcomes.{finished.how}"))
    if finished.fault:
        print(RobotFault(finished.fault).say(words.lang), file=sys.stderr)
    return OK if finished.how == opcodes.HOW_DONE else ENDED_EARLY


@contextlib.contextmanager
def _traced(file: Path | None, text: Callable[[], str]) -> Iterator[None]:
    """Write a trace once the run is over, however it ends; a file that cannot be written is told before it begins."""
    if file is None:
        yield
        return
    _write(file, "")
    try:
        yield
    finally:
        _write(file, text())


def _draw(runner: object, start: str) -> None:
    from petitpas_sim.chart import draw_mat
    from petitpas_sim.mat import Place
    from petitpas_sim.runner import Runner

    assert isinstance(runner, Runner)
    body = runner.world.bodies[0]
    print(draw_mat(runner.world.mat, Place.parse(start), body.path, body.place()), end="")


def _stop(options: argparse.Namespace, words: Words) -> int:
    from petitpas.robots import Robot, find_ports

    urls = [options.port] if options.port else [port.url for port in find_ports() if port.is_robot]
    if not urls:
        print(words.text("cli.stop.none"))
    for url in urls:
        with Robot.open(url) as robot:
            robot.stop()
            print(words.sentence("cli.stop.done", robot=words.robot(robot.identity.name)))
    return OK


def _ports(options: argparse.Namespace, words: Words) -> int:
    from petitpas.robots import find_ports

    for port in find_ports():
        print(f"{port.url}\t{port.description}" + ("\t" + words.text("cli.ports.robot") if port.is_robot else ""))
    print(words.text("cli.ports.sim"))
    return OK


def _listing(options: argparse.Namespace, words: Words) -> int:
    from petitpas.program import build

    print(build(_read_program(options.file)), end="")
    return OK


def _python(options: argparse.Namespace, words: Words) -> int:
    from petitpas.program import python_view

    print(python_view(_read_program(options.file), words.lang), end="")
    return OK


def _check(options: argparse.Namespace, words: Words) -> int:
    from petitpas import checking

    results = [checking.check_file(file, words) for file in options.files]
    return OK if all(results) else ENDED_EARLY


def _sim(options: argparse.Namespace, words: Words) -> int:
    from petitpas import serving

    names = _list(options.robots)
    return serving.serve(names, options.serve, options.tcp_port, options.mat, options.start, _list(options.rocks), words)


def _install(options: argparse.Namespace, words: Words) -> int:
    from petitpas import installing

    return OK if installing.install(options.port, options.kit, words) else ROBOT_TROUBLE


def _image(options: argparse.Namespace, words: Words) -> int:
    from petitpas import installing

    installing.image(options.micropython, options.kit, options.out, words)
    return OK


def _doctor(options: argparse.Namespace, words: Words) -> int:
    from petitpas import installing

    return OK if installing.doctor(words, options.port) else ROBOT_TROUBLE


# --- Files and people -----------------------------------------------------------------------------------------------


def _read_program(file: Path):  # type: ignore[no-untyped-def]
    """Return the program in a file; raise FileError or ProgramError."""
    from petitpas.program import from_json

    return from_json(read_bytes(file))


def read_bytes(file: Path) -> bytes:
    """Return what is in a file a person named; raise FileError where it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise FileError(path=file) from error
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error


def _ask_line() -> str | None:
    line = sys.stdin.readline()
    return line or None


COMMANDS = {
    "run": Command(_run, _run_arguments),
    "stop": Command(_stop, _port_argument),
    "ports": Command(_ports, _no_arguments),
    "listing": Command(_listing, _file_argument),
    "python": Command(_python, _file_argument),
    "check": Command(_check, _files_argument),
    "sim": Command(_sim, _sim_arguments),
    "install": Command(_install, _install_arguments),
    "image": Command(_image, _image_arguments),
    "doctor": Command(_doctor, _board_argument),
}

if __name__ == "__main__":
    sys.exit(main())

"""
The command `petitpas`: a table of commands, each a function of its arguments that returns an exit status.

    0  it went as it should
    1  the program ended before its end (something in the way, STOP, a fault), a person stopped, or a check found something
    2  the command line or a file is not right      3  the robot or its cable      130  Ctrl-C
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from petitpas import arguments as takes
from petitpas.errors import BoardError, FileError, KitError, PortError, ProtocolError, RobotFault, VersionError
from petitpas.parsing import spoken
from petitpas.words import LANGUAGES, Words
from petitpas_robot import VERSION

if TYPE_CHECKING:
    from petitpas.play import Player

OK, ENDED_EARLY, WRONG_INPUT, ROBOT_TROUBLE, INTERRUPTED = 0, 1, 2, 3, 130


class Command(NamedTuple):
    """A row of the table: what to do, and what its parser takes. Its help is in the words, at cli.<name>.help."""

    do: Callable[[argparse.Namespace, Words], int]
    arguments: Callable[[argparse.ArgumentParser, Words], None]
    aliases: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors are one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = Words(_language(sys.argv[1:] if arguments is None else arguments))
    with spoken(words):
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
    versions = words.text("cli.versions", petitpas=VERSION, python=platform.python_version())
    parser.add_argument("--version", action="version", version=versions, help=words.text("cli.version"))
    parser.add_argument("--record", type=Path, metavar="FILE", dest="session", help=words.text("cli.session"))
    takes.window(parser, words)
    commands = parser.add_subparsers(dest="command", title=words.text("cli.commands"), metavar=words.text("cli.command"))
    for name, command in COMMANDS.items():
        said = words.text(f"cli.{name}.help")
        child = commands.add_parser(name, aliases=command.aliases, help=said, description=said)
        child.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=words.text("cli.lang"))
        command.arguments(child, words)
    return parser


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


# --- Commands -------------------------------------------------------------------------------------------------------


def _window(options: argparse.Namespace, words: Words) -> int:
    from petitpas import demo

    with contextlib.nullcontext() if options.session is None else _open(options.session) as record:
        return demo.open_window(words, record, {name: value for name in takes.PLACE if (value := getattr(options, name)) is not None})


def _run(options: argparse.Namespace, words: Words) -> int:
    from petitpas.play import Player
    from petitpas.robots import find_ports
    from petitpas.simulated import ROBOT, make_runner
    from petitpas_robot import opcodes

    program = _read_program(options.file)
    url = options.port or next((port.url for port in find_ports() if port.is_robot), f"sim://{ROBOT}")
    player = Player(url, program, words, key=_ask_line)
    if url.startswith("replay://"):
        player.open_port = _replayed(Path(url.removeprefix("replay://")))
    if url.startswith("sim://"):
        from petitpas_sim.pace import Virtual
        from petitpas_sim.ports import open_to_hosts
        from petitpas_sim.trace import Trace

        trace = Trace() if options.trace else None
        name = url.removeprefix("sim://")
        runner = make_runner(options.mat, options.start, _list(options.rocks), [name], trace)
        with open_to_hosts(Virtual(runner)), _recorded(options, player), _traced(options.trace, lambda: trace.text() if trace else ""):
            finished = player.play(step=options.step)
        _draw(runner, options.start)
    else:
        with _recorded(options, player), _traced(options.trace, player.trace):
            finished = player.play(step=options.step)
    print(words.text(f"outcomes.{finished.how}"))
    if finished.fault:
        print(RobotFault(finished.fault).say(words.lang), file=sys.stderr)
    return OK if finished.how == opcodes.HOW_DONE else ENDED_EARLY


def _replayed(file: Path):  # type: ignore[no-untyped-def]
    from petitpas.robots.recording import read_recording
    from petitpas.robots.replay import Replay

    return Replay(read_recording(file)).open


@contextlib.contextmanager
def _recorded(options: argparse.Namespace, player: Player) -> Iterator[None]:
    """Record what passes through a player's cable, if a file was named."""
    if options.record is None:
        yield
        return
    from petitpas.robots.recording import Recorder, World

    is_simulated = player.url.startswith("sim://")
    world = World(options.mat, options.start, tuple(_list(options.rocks)), player.url.removeprefix("sim://")) if is_simulated else None
    with _open(options.record) as out:
        recorder = Recorder(out, world, player.open_port)
        player.open_port = recorder.open
        try:
            yield
        finally:
            if not recorder.is_whole:
                print(player.words.sentence("cli.run.record_cut", path=options.record), file=sys.stderr)


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
    from petitpas.robots import Robot

    for url in _robots(options, words):
        with Robot.open(url) as robot:
            robot.stop()
            print(words.sentence("cli.stop.done", robot=words.robot(robot.identity.name)))
    return OK


def _name(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    if not urls:
        return ROBOT_TROUBLE
    others = [url for url in _plugged() if url != urls[0]]
    return OK if making.name(urls[0], others, options.animal, words, _ask_line) else ENDED_EARLY


def _who(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    return OK if urls and making.who(urls, words) else ROBOT_TROUBLE


def _settings(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    if not urls:
        return ROBOT_TROUBLE
    with making.guided(urls[0], words, _ask_line, options.kit) as guide:
        if options.show:
            guide.show()
        elif options.reset:
            guide.reset()
        else:
            return OK if guide.settle() else ENDED_EARLY
    return OK


def _checkup(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    if not urls:
        return ROBOT_TROUBLE
    with making.inspected(urls[0], words, _ask_line) as inspection:
        return OK if inspection.examine() else ENDED_EARLY


def _robots(options: argparse.Namespace, words: Words) -> list[str]:
    """Return the URL of the robot that was named, else those of all that are plugged in; tell it where there is none."""
    urls = [options.port] if options.port else _plugged()
    if not urls:
        print(words.text("cli.stop.none"))
    return urls


def _plugged() -> list[str]:
    from petitpas.robots import find_ports

    return [port.url for port in find_ports() if port.is_robot]


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


def _check_many(options: argparse.Namespace, words: Words) -> int:
    from petitpas import marking

    return OK if marking.check_file(options, words) else ENDED_EARLY


def _lesson(options: argparse.Namespace, words: Words) -> int:
    from petitpas import teaching

    return OK if teaching.ACTIONS[options.action](options, words) else ENDED_EARLY


def _print(options: argparse.Namespace, words: Words) -> int:
    from petitpas import publishing

    publishing.publish(options, words)
    return OK


def _panel(options: argparse.Namespace, words: Words) -> int:
    from petitpas import pressing

    return pressing.program(options, options.port or next(iter(_plugged()), ""), words)


def _sim(options: argparse.Namespace, words: Words) -> int:
    from petitpas import serving
    from petitpas.simulated import make_runner

    runner = make_runner(options.mat, options.start, _list(options.rocks), _list(options.robots), kit=options.kit)
    return serving.serve(runner, options.serve, options.tcp_port, words)


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


def _capture(options: argparse.Namespace, words: Words) -> int:
    from petitpas import capturing

    capturing.capture(options, read_bytes(options.file), words)
    return OK


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
    with _open(file) as out:
        out.write(text)


def _open(file: Path) -> TextIO:
    """Open a file a person named, to write it anew; raise FileError where that cannot be."""
    try:
        return file.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError("file_unreadable", path=file) from error


def _ask_line() -> str | None:
    line = sys.stdin.readline()
    return line or None


COMMANDS = {
    "run": Command(_run, takes.run),
    "stop": Command(_stop, takes.port),
    "ports": Command(_ports, takes.nothing),
    "listing": Command(_listing, takes.file),
    "python": Command(_python, takes.file),
    "capture": Command(_capture, takes.capture),
    "check": Command(_check, takes.files),
    "check-many": Command(_check_many, takes.check_many),
    "lesson": Command(_lesson, takes.lesson),
    "print": Command(_print, takes.pages),
    "name": Command(_name, takes.name),
    "who": Command(_who, takes.port),
    "settings": Command(_settings, takes.settings),
    "checkup": Command(_checkup, takes.port),
    "panneau": Command(_panel, takes.panel, ("panel",)),
    "sim": Command(_sim, takes.sim),
    "install": Command(_install, takes.install),
    "image": Command(_image, takes.image),
    "doctor": Command(_doctor, takes.board),
}

if __name__ == "__main__":
    sys.exit(main())

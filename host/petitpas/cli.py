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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from petitpas import arguments as takes
from petitpas.errors import BoardError, KitError, PortError, ProtocolError, RobotFault, VersionError
from petitpas.files import open_new, read_bytes
from petitpas.parsing import spoken
from petitpas.words import LANGUAGES, Words
from petitpas_robot import VERSION

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


# --- Commands -------------------------------------------------------------------------------------------------------


def _window(options: argparse.Namespace, words: Words) -> int:
    from petitpas import demo

    with contextlib.nullcontext() if options.session is None else open_new(options.session) as record:
        return demo.open_window(words, record, {name: value for name in takes.PLACE if (value := getattr(options, name)) is not None})


def _run(options: argparse.Namespace, words: Words) -> int:
    from petitpas import play

    return OK if play.run(options, words) else ENDED_EARLY


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
    return OK if making.name(urls[0], others, options.animal, words) else ENDED_EARLY


def _who(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    return OK if urls and making.who(urls, words) else ROBOT_TROUBLE


def _settings(options: argparse.Namespace, words: Words) -> int:
    from petitpas import making

    urls = _robots(options, words)
    if not urls:
        return ROBOT_TROUBLE
    with making.guided(urls[0], words, options.kit) as guide:
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
    with making.inspected(urls[0], words) as inspection:
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
    from petitpas.program import build, from_json

    print(build(from_json(read_bytes(options.file))), end="")
    return OK


def _python(options: argparse.Namespace, words: Words) -> int:
    from petitpas.program import from_json, python_view

    print(python_view(from_json(read_bytes(options.file)), words.lang), end="")
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

    runner = make_runner(options.mat, options.start, options.rocks, options.robots, kit=options.kit)
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

"""
Everything that can be wrong, as one tree: one class for each thing that a caller can do something about.

    KitError                  anything below; has a code, a sentence and what to do
    ├── ProgramError          a block program is not right; knows its block and every other problem
    │   └── LinkError         it is right, but too long for a robot's memory
    ├── FileError             a file cannot be read, or is not what it should be
    ├── LessonError           a lesson is not right
    ├── RowError              a row of a file of many programs is not right
    ├── PortError             the cable
    │   ├── PortMissing       nothing is plugged in there
    │   ├── PortBusy          another application holds it
    │   ├── PortDenied        this account may not open it
    │   ├── PortUnplugged     it went away while we were talking
    │   └── PortTimeout       nobody answers
    ├── ProtocolError         somebody answers, but not as a robot does
    ├── BoardError            a board on which Petit Pas cannot be installed, or was not
    ├── PanelError            a pin of a panel of push-buttons cannot be had
    │   └── PanelMissing      this computer has no pins for one
    ├── VersionError          robot and computer are of different ages
    ├── NotSupported          this kind of robot cannot do this block
    └── RobotFault            the robot says that something is wrong

The sentences are in the words, under `errors.<code>`: `what` is wrong, and what to `do`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from .words import LANGUAGE, Words


def _sentence(key: str, fields: Mapping[str, object], lang: str) -> str:
    words = Words(lang)
    said = {name: value.say(lang) if isinstance(value, KitError) else value for name, value in fields.items()}
    return words.sentence(f"{key}.what", **said) + " " + words.sentence(f"{key}.do", **said)


class KitError(Exception):
    """
    Something is wrong that a person can mend.

    Args:
        code: key of the sentences in the words, under `errors`; by default the class's own.
        fields: what the sentences name. A `Key` is translated, an error is told in the same language.
    """

    default_code: ClassVar[str] = ""

    def __init__(self, code: str = "", **fields: object) -> None:
        self.code = code or self.default_code
        self.fields: dict[str, object] = fields
        super().__init__(self.code)

    def say(self, lang: str = LANGUAGE) -> str:
        """Return what is wrong and what to do, in one language."""
        return _sentence(f"errors.{self.code}", self.fields, lang)

    def __str__(self) -> str:
        return self.say()

    @property
    def block_id(self) -> str:
        """The JSON id of the block that it is about; empty where there is none."""
        return str(self.fields.get("block_id", ""))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a program: `number` is the block's place in the program, in pre-order from 0; -1 is the whole program."""

    block_id: str
    code: str
    number: int = -1
    fields: Mapping[str, object] = field(default_factory=dict)

    def say(self, lang: str = LANGUAGE) -> str:
        """Return what is wrong and what to do, in one language."""
        return _sentence(f"errors.{self.code}", self.fields, lang)


class ProgramError(KitError):
    """
    A block program is not right.

    Args:
        problems: all that is wrong, the one that this error tells first; see `of`.
    """

    def __init__(self, code: str = "", *, problems: Iterable[Problem] = (), **fields: object) -> None:
        super().__init__(code, **fields)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> ProgramError:
        """Return the error that tells the first of `problems` (at least one) and keeps them all."""
        kept = tuple(problems)
        return cls(kept[0].code, problems=kept, **{**kept[0].fields, "block_id": kept[0].block_id})


class LinkError(ProgramError):
    """A program's image is longer than a robot's memory; the block is the first that does not fit."""


class FileError(KitError):
    """A file cannot be read, or is not what it should be; field `path`."""

    default_code = "file_missing"

    @property
    def path(self) -> str:
        """The file, as the person named it."""
        return str(self.fields.get("path", ""))


class LessonError(KitError):
    """A lesson is not right; fields `path` (the file) and `where` (the keys that lead to the place in it, or `line`)."""

    default_code = "lesson_value"


class RowError(KitError):
    """A row of a file of many programs is not right; field `where` (its key) but where nothing of it can be read."""

    default_code = "row_json"


class PortError(KitError):
    """The cable; field `port`."""

    @property
    def port(self) -> str:
        """The port's URL, as it was opened."""
        return str(self.fields.get("port", ""))


class PortMissing(PortError):
    """Nothing is plugged in there."""

    default_code = "port_missing"


class PortBusy(PortError):
    """Another application holds the port."""

    default_code = "port_busy"


class PortDenied(PortError):
    """This account may not open the port."""

    default_code = "port_denied"


class PortUnplugged(PortError):
    """The port went away in mid-conversation."""

    default_code = "port_unplugged"


class PortTimeout(PortError):
    """Nobody answered in time."""

    default_code = "port_timeout"


class ProtocolError(KitError):
    """Somebody answers on the port, but not as a robot does; field `port`."""

    default_code = "protocol"


class BoardError(KitError):
    """A board on which Petit Pas cannot be installed as it is, or on which an installation did not come to its end; field `port`."""

    default_code = "board_silent"


class PanelError(KitError):
    """A pin of a panel of push-buttons cannot be had; fields `path`, `where`, `pin` and `terminal`."""

    default_code = "panel_busy"


class PanelMissing(PanelError):
    """This computer has no pins for a panel, or lacks what reads them: the keyboard does the same."""

    default_code = "panel_missing_pins"


class VersionError(KitError):
    """Robot and computer are of different ages; codes `version_robot_old` and `version_host_old`, fields `robot` and `host`."""

    default_code = "version_robot_old"


class NotSupported(KitError):
    """This kind of robot cannot do a block; fields `robot`, `block` (the block's name) and `block_id`."""

    default_code = "not_supported"


class RobotFault(KitError):
    """
    The robot says that something is wrong, in a refusal or in mid-program.

    Args:
        fault: a FAULT_ number.
        block_id: the block at which it happened, where there is one.
    """

    default_code = "robot_fault"

    def __init__(self, fault: int = 0, block_id: str = "") -> None:
        super().__init__(fault=fault, block_id=block_id)
        self.fault = fault

    def say(self, lang: str = LANGUAGE) -> str:
        """Return what is wrong and what to do, in one language; a fault of a newer robot has a general sentence."""
        words = Words(lang)
        key = f"faults.{self.fault}" if words.has(f"faults.{self.fault}.what") else "errors.robot_fault"
        return _sentence(key, self.fields, lang)

"""
Keeps a class in one file of one folder, an edit at a time.

Theory of operation
===================
The file is an SQLite database in WAL mode. A commit is in the operating system's hands when `keep` returns, so that no end of this process
can undo it; what must outlast a cut of the power as well is brought to the disk (`synchronous=FULL`), and with it all that came before.

This process alone has the file (`locking_mode=EXCLUSIVE`): a second application is told so, and no memory is shared between processes,
which is what WAL needs otherwise and what network folders do not have. Nothing else in this process may open the file while it is held:
where a POSIX system closes a file, all of the process's locks on it go.

    no file ---------------------------------------------> made, version by version
    file -- a newer version -----------------------------> refused, untouched
         -- another application has it ------------------> refused
         -- not a database, or not ours, or torn --------> set aside under its date; a new one is made
         -- older ---------------------------------------> migrated, in one transaction
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from petitpas.classroom import schema
from petitpas.classroom.records import ClassState
from petitpas.classroom.rows import changes, state_in

FILE = "classe.sqlite"
"""The database; beside it, while it is open, is its log."""

BUSY, DAMAGED, FULL, NEWER, UNKEPT = (f"class.troubles.{name}" for name in ("busy", "damaged", "full", "newer", "unkept"))
"""What may be the matter, as keys of the words."""

_ASIDE = "classe-*-illisible*"
_MAGIC = b"SQLite format 3\0"
_VERSION_AT = 60  # Source: sqlite.org/fileformat2.html, 1.3.10: user_version, big-endian
_LOGS = ("-wal", "-shm", "-journal")
_TORN = (0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)  # 0: Python's own, a text that is none
_TROUBLES = {sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_LOCKED: BUSY, sqlite3.SQLITE_FULL: FULL}


class Unkept(Exception):
    """The class cannot be kept at the moment; `trouble` is a key of the words."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Torn(Exception):
    """The file is not what it should be."""


class Store:
    """
    The file of a class. It belongs to the thread that opens it.

    Args:
        folder: where it is; made when it is not there, for this account alone where that can be undone by whoever moves it.
        today: what day it is, for the name of a file that is set aside.
    """

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._today = today
        self._database: sqlite3.Connection | None = None
        self.has_set_aside = False

    @property
    def is_open(self) -> bool:
        """Whether what is given to `keep` will be kept."""
        return self._database is not None

    def open(self) -> ClassState:
        """
        Return the class that is kept, a new one where there was none; a file that cannot be read is set aside first.

        Raises:
            Unkept: this cannot be done at the moment, or never; the file is as it was.
        """
        try:
            # On Windows what is private is so for one account of one computer: a class on a stick would open nowhere else.
            self._folder.mkdir(mode=0o777 if os.name == "nt" else 0o700, parents=True, exist_ok=True)
            try:
                return self._open()
            except _Torn:
                self._set_aside()
                return self._open()
        except (OSError, _Torn) as error:
            raise Unkept(UNKEPT) from error

    def peek(self) -> ClassState:
        """Return the class that is kept in a file of this version that cannot be written, as well as it can be read: read from a copy."""
        with suppress(OSError, Unkept, _Torn), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            for log in ("", *_LOGS):
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{self._file}{log}", f"{Path(name) / FILE}{log}")
            copy = Store(Path(name), self._today)
            try:
                return copy._open()
            finally:
                copy.close()
        return ClassState()

    def keep(self, before: ClassState, after: ClassState, is_lasting: bool = False) -> None:
        """
        Make the file, which holds `before`, hold `after`: all of it or nothing.

        Args:
            before: what was given last, or what `open` returned.
            after: what it is to hold.
            is_lasting: bring it, and all that was kept before, to the disk itself.

        Raises:
            Unkept: it cannot be kept at the moment, and the file holds what it held.
        """
        assert self._database is not None
        database = self._database
        try:
            database.execute(f"PRAGMA synchronous={'FULL' if is_lasting else 'NORMAL'}")
            with database:  # commits, or takes back
                database.execute("BEGIN IMMEDIATE")
                for statement, values in changes(before, after):
                    database.execute(statement, values)
        except sqlite3.Error as error:
            raise Unkept(_trouble(error)) from error

    def scrub(self) -> None:
        """Overwrite what was deleted, in the file and in its log, and delete the files that were set aside. Raises Unkept."""
        assert self._database is not None
        try:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for file in self._folder.glob(_ASIDE):
                file.unlink()
        except (OSError, sqlite3.Error) as error:
            raise Unkept(_trouble(error)) from error

    def close(self) -> None:
        """Let the file go; what was kept is then all in it, and its log is gone."""
        database, self._database = self._database, None
        if database is not None:
            with suppress(sqlite3.Error):  # a disk that is full or gone: what was kept is in the log
                database.close()

    # --- Opening ----------------------------------------------------------------------------------------------------

    def _open(self) -> ClassState:
        self._check_header()
        try:
            self._database = sqlite3.connect(self._file, timeout=0, isolation_level=None)
            self._prepare(self._database)
            return state_in(self._database)
        except sqlite3.Error as error:
            self.close()
            if _code(error) in _TORN:
                raise _Torn from error
            raise Unkept(_trouble(error)) from error
        except (ValueError, TypeError) as error:  # a text that is none: in a row, or in what SQLite says of it
            self.close()
            raise _Torn from error
        except (_Torn, Unkept):
            self.close()
            raise

    def _check_header(self) -> None:
        """Refuse a file that SQLite must not touch: one that is newer, or none of its own."""
        try:
            with self._file.open("rb") as file:
                header = file.read(100)
        except FileNotFoundError:
            return
        if header and not header.startswith(_MAGIC):
            raise _Torn
        if int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big") > len(schema.MIGRATIONS):
            raise Unkept(NEWER)

    def _prepare(self, database: sqlite3.Connection) -> None:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "secure_delete=ON"):
            database.execute(f"PRAGMA {pragma}").fetchall()
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _Torn
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > len(schema.MIGRATIONS):  # a migration was cut before it came to the header
            raise Unkept(NEWER)
        if version == 0 and database.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise _Torn
        if version < len(schema.MIGRATIONS):
            self._migrate(database, version)

    def _migrate(self, database: sqlite3.Connection, version: int) -> None:
        try:
            with database:
                database.execute("BEGIN IMMEDIATE")
                for migration in schema.MIGRATIONS[version:]:
                    for statement in migration:
                        database.execute(statement)
                database.execute(f"PRAGMA user_version={len(schema.MIGRATIONS)}")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the header tells the version to any Petit Pas, of any age
        except sqlite3.Error as error:
            raise Unkept(_trouble(error)) from error

    def _set_aside(self) -> None:
        """Give the log and the file a name of their own, which keeps them readable together; no new file ever meets an old log."""
        names = (f"classe-{self._today().isoformat()}-illisible-{number}.sqlite" for number in itertools.count(1))
        aside = next(path for path in map(self._folder.joinpath, names) if not path.exists())
        for log in (*_LOGS, ""):
            with suppress(FileNotFoundError):
                Path(f"{self._file}{log}").rename(f"{aside}{log}")
        self.has_set_aside = True


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds in the upper bits


def _trouble(error: Exception) -> str:
    return _TROUBLES.get(_code(error), UNKEPT) if isinstance(error, sqlite3.Error) else UNKEPT

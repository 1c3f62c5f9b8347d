"""Opens the register: one SQLite file for each archive, without a server.

A register is in write-ahead-log mode, so that readers never wait for a writer. Two writers wait for each
other. A transaction is on the disk when it is committed (`synchronous=FULL`).

Source: SQLite, https://www.sqlite.org/wal.html, /pragma.html.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from archtool.errors import ArchtoolError, InputError, MissingPartError, StorageError
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside
from archtool.holdings.chain import ChainWriter
from archtool.holdings.database_file import database_uri, refuse_other_file
from archtool.holdings.event import Event
from archtool.holdings.migrations import APPLICATION_ID, MIGRATIONS, MIN_SQLITE

SUFFIX = ".register"
DEFAULT_WAIT_SECONDS = 30.0  # for another writer: it commits at least once a second
_CACHE_KIB = 64 * 1024
_LOG_BYTES = 64 * 1024 * 1024  # a log that grew behind a long reader is cut to this size afterwards
_QUOTED_BYTES = 200  # of a damaged text, in a message
_PRAGMAS = (f"cache_size = -{_CACHE_KIB}", "foreign_keys = ON")
_WRITING_PRAGMAS = (
    "recursive_triggers = ON",  # so that REPLACE runs the triggers against DELETE
    "synchronous = FULL",
    f"journal_size_limit = {_LOG_BYTES}",
)
_LOCKED = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_UNWRITABLE = frozenset((sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR))
"""Errors of a reader that cannot make the files beside the database that write-ahead logging needs."""
_HINTS = {
    sqlite3.SQLITE_FULL: "free some space on that disk, then run the same command again",
    sqlite3.SQLITE_READONLY: "correct the permissions of the register and of its folder",
    sqlite3.SQLITE_CANTOPEN: "correct the permissions of the register and of its folder",
    sqlite3.SQLITE_PERM: "correct the permissions of the register and of its folder",
    sqlite3.SQLITE_IOERR: "check the disk; the register is as it was after the last complete transaction",
}


class DamagedRegisterError(StorageError):
    """The database itself is damaged: SQLite cannot read it."""


class Register:
    """An open register. `connection` is for the queries of this package."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        is_read_only: bool,
        status: os.stat_result | None = None,
    ) -> None:
        """`status` is that of the file that was opened; `None` for one that is not at its path yet."""
        self.path = path
        self.connection = connection
        self.is_read_only = is_read_only
        self._status = status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the register; a reader leaves no empty log beside it."""
        self.connection.close()
        if self.is_read_only:
            _remove_empty_log(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the register: events that others write meanwhile are not seen."""
        with register_errors(self.path):
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[ChainWriter]:
        """Append events in one transaction: all of them are on the disk at the end, or none.

        Raises:
            StorageError: another run writes for longer than the waiting time, the disk is full, or the file
                was replaced or removed since it was opened.
        """
        with register_errors(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._refuse_replaced_file()
                yield ChainWriter(self.connection)
                self.connection.commit()
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.rollback()
                raise

    def _refuse_replaced_file(self) -> None:
        """Check that the open file is the one at the path: what is written into another one is lost."""
        if self._status is None:
            return
        try:
            is_same = os.path.samestat(self._status, self.path.stat())
        except OSError:
            is_same = False
        if not is_same:
            raise StorageError(
                f"{shown(str(self.path))} was replaced or removed while it was in use:"
                " the results of this run are not recorded there",
                hint="find out who did that, put the right register in its place, and run the same command"
                " again",
            )

    def append(self, *events: Event) -> None:
        """Append events in a transaction of their own."""
        with self.writing() as chain:
            for event in events:
                chain.append(event)


@contextmanager
def new_register(path: Path) -> Iterator[Register]:
    """Yield a register without events; it appears at its path when the block ends, or not at all.

    Raises:
        InputError: something exists at the path.
        StorageError: the file cannot be written.
    """
    _require_sqlite()
    name = shown(str(path))
    if os.path.lexists(path):
        raise InputError(f"{name} exists already", hint="choose another name for the new register")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {shown(str(path.parent))}", hint="create the folder first")
    with stage_beside(path) as stage:
        staged = stage.path / f"new{SUFFIX}"
        with register_errors(path):
            connection = _connect(staged, "rwc", DEFAULT_WAIT_SECONDS)
            with Register(path, connection, is_read_only=False) as register:
                connection.execute("PRAGMA journal_mode = WAL")
                _migrate(connection)
                yield register
        stage.commit(file=staged)


def create_register(path: Path, first: Event) -> None:
    """Create a register with its first event, which has the type `register`.

    Raises:
        InputError: something exists at the path.
        StorageError: the file cannot be written.
    """
    with new_register(path) as register:
        register.append(first)


def open_register(
    path: Path, *, read_only: bool = False, wait_seconds: float = DEFAULT_WAIT_SECONDS
) -> Register:
    """Open a register; an older one is brought to the current version of the tables first.

    Raises:
        InputError: there is no such file, or it is not a register.
        StorageError: it is locked, damaged, cannot be read, or was written by a newer archtool.
    """
    _require_sqlite()
    refuse_other_file(path)
    with register_errors(path):
        status = _status_of(path)
        connection = _open_read_only(path, wait_seconds) if read_only else _connect(path, "rw", wait_seconds)
        try:
            _check_version(connection, path, read_only=read_only)
            if not read_only:
                _migrate(connection)
        except BaseException:
            Register(path, connection, is_read_only=read_only).close()
            raise
        return Register(path, connection, is_read_only=read_only, status=status)


def _status_of(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # it was there a moment ago: opening it says what is wrong
        return None


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        needed = ".".join(map(str, MIN_SQLITE))
        raise MissingPartError(
            f"the register needs SQLite {needed} or later; this Python has {sqlite3.sqlite_version}",
            hint="use a newer Python",
        )


def _connect(path: Path, mode: str, wait_seconds: float, *, is_immutable: bool = False) -> sqlite3.Connection:
    uri = database_uri(path, mode, is_immutable=is_immutable)
    connection = sqlite3.connect(uri, uri=True, timeout=wait_seconds, isolation_level=None)
    try:
        for pragma in (*_PRAGMAS, *(_WRITING_PRAGMAS if mode != "ro" else ())):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()  # opens the files beside the database
    except BaseException:
        connection.close()
        raise
    return connection


def _open_read_only(path: Path, wait_seconds: float) -> sqlite3.Connection:
    """Open a register to read; also on a read-only file system, where no write-ahead log can be in use."""
    try:
        return _connect(path, "ro", wait_seconds)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE:
            raise
    if _has_log(path):
        raise StorageError(
            f"the last transactions of {shown(str(path))} are in {shown(path.name)}-wal,"
            " which cannot be applied here: the folder is read-only",
            hint="copy both files into a folder that you can write, and use that register",
        )
    return _connect(path, "ro", wait_seconds, is_immutable=True)


def _has_log(path: Path) -> bool:
    try:
        return _log_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def _log_of(path: Path) -> Path:
    return Path(f"{os.path.realpath(path)}-wal")  # SQLite follows links before it names the log


def _remove_empty_log(path: Path) -> None:
    """Let SQLite remove the empty files that a reader had to make beside the database.

    Only a connection with the right to write removes them, under the locks of SQLite and if no other is open.
    A log with events is left as it is: a reader changes nothing in the database.
    """
    with contextlib.suppress(OSError, sqlite3.Error, UnicodeDecodeError):
        if _log_of(path).stat().st_size == 0 and os.access(path, os.W_OK):
            _connect(path, "rw", 0).close()


def _check_version(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    version = _version(connection)
    if read_only and version < len(MIGRATIONS):
        raise StorageError(
            f"{shown(str(path))} was written by an older archtool: its tables have version {version},"
            f" this archtool needs {len(MIGRATIONS)}",
            hint="run a command that writes into it, such as archtool audit: it changes the tables first;"
            " on a read-only disk, do so with a copy of the register",
        )
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{shown(str(path))} was written by a newer archtool: its tables have version {version},"
            f" this archtool knows {len(MIGRATIONS)}",
            hint="install the newer archtool; nothing was changed",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations that the register lacks, in one transaction."""
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for script in MIGRATIONS[_version(connection) :]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def register_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into a `StorageError` that names the register and what to do."""
    try:
        yield
    except ArchtoolError:
        raise
    except sqlite3.Error as error:
        raise _storage_error(path, error) from error
    except UnicodeDecodeError as error:  # also of a message of SQLite that quotes a damaged schema
        raise _damaged_error(path, f"a text in it is not UTF-8: {error.object[:_QUOTED_BYTES]!r}") from error


def _damaged_error(path: Path, reason: str) -> DamagedRegisterError:
    return DamagedRegisterError(
        f"{shown(str(path))} is damaged: {reason}",
        hint="restore it from a copy, or rebuild it with: archtool holdings import EXPORT --register NEW",
    )


def _storage_error(path: Path, error: sqlite3.Error) -> StorageError:
    name, code = shown(str(path)), getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _LOCKED:
        return StorageError(
            f"{name} is locked by another run; nothing was changed",
            hint="wait until it has finished, or wait longer with --wait SECONDS",
        )
    if code in _DAMAGED:
        return _damaged_error(path, str(error))
    hint = _HINTS.get(code, "check the disk and the permissions of the register")
    return StorageError(f"cannot use the register {name}: {error}", hint=f"{hint}; nothing was changed")

"""Names the file of a register to SQLite, and tells it from other files."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

from archtool.errors import InputError, StorageError
from archtool.files.paths import shell_word, shown
from archtool.holdings.migrations import APPLICATION_ID

_HEADER = b"SQLite format 3\0"


def refuse_other_file(path: Path) -> None:
    """Refuse a file that is not a register, before anything of it is changed.

    Raises:
        InputError: there is no such file, or it is not a register.
        StorageError: it cannot be read.
    """
    name = shown(str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{name} is a folder, not a register", hint="name the register's file")
        is_register = stat.S_ISREG(mode) and _read_application_id(path) == APPLICATION_ID
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"there is no register at {name}",
            hint=f"create one with: archtool holdings init {shell_word(name)}",
        ) from None
    except OSError as error:
        raise StorageError(
            f"cannot read {name}: {error.strerror}", hint="correct the permissions of the register"
        ) from error
    if not is_register:
        raise InputError(
            f"{name} is not a register of archtool", hint="name the file that `archtool holdings init` made"
        )


def _read_application_id(path: Path) -> int:
    """Return what the header of a file has where a database has its application id.

    A database is read by SQLite, without locks and without the log: the id never changes. If this process
    opened the file itself, closing it would end the locks of every connection of the process to this file.

    Source: SQLite, https://www.sqlite.org/howtocorrupt.html §2.2.
    """
    try:
        with contextlib.closing(
            sqlite3.connect(database_uri(path, "ro", is_immutable=True), uri=True)
        ) as connection:
            return int(connection.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.DatabaseError:  # no connection of SQLite has such a file open, or it cannot be opened
        with path.open("rb") as file:
            header = file.read(72)
        return int.from_bytes(header[68:72], "big") if header.startswith(_HEADER) else 0


def database_uri(path: Path, mode: str, *, is_immutable: bool) -> str:
    """Return the URI by which SQLite opens a file, whatever its name is."""
    # bytes, because a name need not be UTF-8; an empty authority, because a path can begin with two slashes
    name = quote(os.fsencode(path.absolute()))
    return f"file://{name}?mode={mode}" + ("&immutable=1" if is_immutable else "")

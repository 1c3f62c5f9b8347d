"""Rebuilds a register from an export: the same events, byte for byte, and the state that follows from them.

1. The first line says how many events and signatures follow, and with which digest the chain ends.
2. Each event is in canonical form, has its digest, follows the one before, and agrees with those before it.
3. Each signature on a head belongs to an event.
4. Nothing is missing at the end, and nothing follows.

Whether the signatures are good is a question for `holdings verify`, which knows whom to trust.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from archtool.errors import InputError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.holdings.chain import ChainWriter
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType
from archtool.holdings.export_lines import ExportHeader, parse_event_line, parse_signature_line
from archtool.holdings.heads.head_signatures import store_head_signature
from archtool.holdings.limits import MAX_IMPORT_LINE_BYTES
from archtool.holdings.register import Register, new_register
from archtool.operations.holdings.export_register import LINES_NAME

_BATCH = 10_000  # events of one transaction: the log of a larger one would be as large as the register
_WHICH = "name the file, or the folder, that `archtool holdings export` made"
_AGAIN = "export the register again, or take another copy of the export; nothing was written"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the export, and where it is."""

    where: str
    data: bytes

    def error(self, problem: InputError | str) -> InputError:
        """Return the error for this line."""
        message, hint = (problem, None) if isinstance(problem, str) else (problem.message, problem.hint)
        return InputError(f"{self.where}: {message}", hint=hint or _AGAIN)


def import_register(export: Path, target: Path) -> ExportHeader:
    """Rebuild a register at a new path; it appears whole or not at all.

    Raises:
        InputError: the export cannot be read, or one of its lines is wrong; the message names the line.
        StorageError: the register cannot be written.
    """
    path = export / LINES_NAME if export.is_dir() else export
    try:
        with path.open("rb") as file, new_register(target) as register:
            # the file is flushed once, when it is complete
            register.connection.execute("PRAGMA synchronous = OFF")
            return _import(_read_lines(file, shown(str(path))), register, shown(str(path)))
    except OSError as error:
        message = f"the export cannot be read: {shown(str(path))}: {error.strerror or error}"
        raise cannot_read(message, error, hint=_WHICH) from error


def _read_lines(file: BinaryIO, name: str) -> Iterator[_Line]:
    number = 0
    while data := file.readline(MAX_IMPORT_LINE_BYTES + 1):
        number += 1
        line = _Line(f"{name}:{number}", data[:-1])
        if not data.endswith(b"\n"):
            is_long = len(data) > MAX_IMPORT_LINE_BYTES
            limit = f"the line is longer than {MAX_IMPORT_LINE_BYTES:,} bytes"
            raise line.error(limit if is_long else "the last line is cut short")
        yield line


def _import(lines: Iterator[_Line], register: Register, name: str) -> ExportHeader:
    header = _read_header(lines, name)
    if not header.events:
        raise InputError(
            f"{name} has no events, and a register begins with the one that creates it", hint=_WHICH
        )
    for first in range(0, header.events, _BATCH):
        with register.writing() as chain:
            for number in range(first + 1, min(first + _BATCH, header.events) + 1):
                _append(_next(lines, f"event {number - 1:,} of {header.events:,}", name), chain)
    with register.writing() as chain:
        if chain.head.hex != header.digest:
            raise InputError(
                f"{name}: the last event does not have the digest of the first line", hint=_AGAIN
            )
        for count in range(header.signatures):
            line = _next(lines, f"{count:,} of {header.signatures:,} signatures", name)
            _store_signature(line, chain.connection)
    extra = next(lines, None)
    if extra is not None:
        raise extra.error("more lines follow than the first line says")
    return header


def _read_header(lines: Iterator[_Line], name: str) -> ExportHeader:
    line = next(lines, None)
    if line is None:
        raise InputError(f"{name} is empty", hint=_AGAIN)
    try:
        return ExportHeader.parse(line.data)
    except InputError as error:
        raise line.error(InputError(error.message, hint=error.hint or _WHICH)) from None


def _next(lines: Iterator[_Line], done: str, name: str) -> _Line:
    line = next(lines, None)
    if line is None:
        raise InputError(f"{name}: the export is cut short: it ends after {done}", hint=_AGAIN)
    return line


def _append(line: _Line, chain: ChainWriter) -> None:
    try:
        number, digest, record = parse_event_line(line.data)
        event, previous = Event.parse(_text(record))
        head = chain.head
        if number != head.number + 1:
            raise InputError(f"event {head.number + 1:,} must follow, not event {number:,}")
        if sha256(record).digest() != digest:
            raise InputError(f"the record of event {number:,} does not have the digest in its line")
        if previous != head.hex:
            raise InputError(
                f"event {number:,} does not follow the one before: its `previous` is another digest"
            )
        if (event.event == EventType.REGISTER) != (number == 1):
            raise InputError("the first event, and no other, creates the register")
        if chain.append(event).hex != digest.hex():
            raise InputError(f"event {number:,} is not in the form in which archtool writes it")
    except InputError as error:
        raise line.error(InputError(error.message)) from None


def _text(record: bytes) -> str:
    try:
        return record.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("the record is not UTF-8") from None


def _store_signature(line: _Line, connection: sqlite3.Connection) -> None:
    try:
        store_head_signature(connection, parse_signature_line(line.data))
    except InputError as error:
        raise line.error(error) from None
    except sqlite3.IntegrityError:
        raise line.error("the signature is on an event that the export does not have") from None

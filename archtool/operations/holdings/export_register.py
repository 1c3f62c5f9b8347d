"""Exports a register: all events with their digests as JSON Lines, and its tables as CSV.

The export is of one state of the register, while others go on writing. It is streamed, and appears whole or
not at all. The JSON Lines have all that is hashed and signed, so that the register can be rebuilt from them;
the CSV files are for spreadsheets.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.holdings.chain import read_head
from archtool.holdings.export_lines import ExportHeader, format_event_line, format_signature_line
from archtool.holdings.heads.head_signatures import read_head_signatures
from archtool.holdings.queries import read_register_id
from archtool.holdings.register import Register
from archtool.report.csv_lines import csv_line, csv_text

LINES_NAME = "register.jsonl"
LINES_SUFFIX = ".jsonl"
_OTHER_SUFFIXES = frozenset((".json", ".ndjson", ".csv", ".txt", ".xlsx", ".gz", ".zip", ".tar"))
_HOLDINGS = """
SELECT name, title, kind, files, size_bytes, accession, custodian, registered_at, withdrawn_at, head,
       manifests, formats
FROM holding ORDER BY key
"""
_COPIES = """
SELECT holding.name, place, copy.kind, copy.size_bytes, state, state_since, checked_at, quick_checked_at,
       tried_at, added_at, removed_at
FROM copy JOIN holding ON holding.key = copy.holding ORDER BY copy.key
"""
_HOLDING_NAMES = (
    "holding", "title", "kind", "files", "bytes", "accession", "custodian", "registered at", "withdrawn at",
    "attestation head", "manifests", "formats",
)  # fmt: skip
_COPY_NAMES = (
    "holding", "place", "kind", "bytes", "state", "state since", "fully checked at", "quickly checked at",
    "last tried at", "added at", "removed at",
)  # fmt: skip
_EVENT_NAMES = (
    "number", "time", "event", "outcome", "holding", "agent", "software", "run", "detail", "sha256",
)  # fmt: skip
_KEYS = ("at", "event", "outcome", "holding", "agent", "software", "run")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported."""

    path: Path
    header: ExportHeader
    holdings: int
    copies: int


def export_register(register: Register, target: Path) -> Exported:
    """Export a register to a file `*.jsonl`, or to a new folder with that file and the tables.

    Raises:
        InputError: something exists at the target.
        UsageError: its name is that of another kind of file.
        StorageError: it cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise InputError(f"{shown(str(target))} exists already", hint="choose another name for the export")
    if target.suffix.lower() in _OTHER_SUFFIXES:
        raise UsageError(
            f"an export is a file {LINES_SUFFIX} or a folder: {shown(str(target))}",
            hint=f"name it {shown(target.stem)}{LINES_SUFFIX}; "
            f"or {shown(target.stem)}, for a folder with tables",
        )
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {shown(str(target.parent))}", hint="create the folder first")
    is_file = target.suffix == LINES_SUFFIX
    with register.reading() as connection, stage_beside(target) as stage:
        header = _read_header(connection)
        lines = stage.path / LINES_NAME
        _write(target, lines, _lines(connection, header))
        if not is_file:
            # a damaged text is shown in a table as far as it goes; the JSON Lines have its bytes
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            for name, rows in _tables(connection):
                _write(target, stage.path / name, _csv(rows))
        holdings, copies = (_count(connection, table) for table in ("holding", "copy"))
        stage.commit(file=lines if is_file else None)
    return Exported(target, header, holdings, copies)


def _write(target: Path, path: Path, chunks: Iterable[bytes]) -> None:
    with storage_errors(target), path.open("xb") as file:
        _write_all(file, chunks)


def _write_all(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        file.write(chunk)


def _read_header(connection: sqlite3.Connection) -> ExportHeader:
    head = read_head(connection)
    counts = (_count(connection, table) for table in ("event", "head_signature"))
    return ExportHeader(read_register_id(connection), next(counts), head.hex, next(counts))


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - constants


def _lines(connection: sqlite3.Connection, header: ExportHeader) -> Iterator[bytes]:
    yield header.format() + b"\n"
    for number, record, digest in connection.execute(
        "SELECT number, CAST(record AS BLOB), digest FROM event ORDER BY number"
    ):
        yield format_event_line(number, digest, record) + b"\n"
    for signature in read_head_signatures(connection):
        yield format_signature_line(signature) + b"\n"


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    yield "holdings.csv", _with_names(_HOLDING_NAMES, connection.execute(_HOLDINGS))
    yield "copies.csv", _with_names(_COPY_NAMES, connection.execute(_COPIES))
    events = connection.execute("SELECT number, record, lower(hex(digest)) FROM event ORDER BY number")
    yield "events.csv", _with_names(_EVENT_NAMES, map(_event_row, events))


def _with_names(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield names
    yield from rows


def _event_row(row: tuple[int, str, str]) -> tuple[object, ...]:
    number, record, digest = row
    try:
        value = json.loads(record)
        values = [value.get(key) for key in _KEYS]
        detail = json.dumps(value["detail"], ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError, AttributeError, KeyError):
        values, detail = [None] * len(_KEYS), record  # damaged: it is shown as it is
    return (number, *values, detail, digest)


def _csv(rows: Iterator[Sequence[object]]) -> Iterator[bytes]:
    for row in rows:
        yield csv_line([csv_text(value) if isinstance(value, str) else value for value in row]).encode()

"""Reads the CSV export of DROID, with one row per file or one row per format.

Source: the user guide of DROID (The National Archives), "Exporting profiles".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm
from archtool.formats.model import FormatReport, IdentifiedFormat, ReportedFile

_NEEDED = ("FILE_PATH", "SIZE", "TYPE", "PUID")
_FOLDER = "folder"
_FORMAT_COLUMNS = ("PUID", "FORMAT_NAME", "FORMAT_VERSION", "MIME_TYPE")
_MISMATCH = "the extension does not fit the format"


def parse_droid(data: bytes, file: str) -> FormatReport:
    """Parse an export; `file` is its name, for messages.

    Raises:
        InputError: not the CSV of DROID.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8: {error.reason} (byte {error.start + 1:,})") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(rows, [])
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            raise InputError(f"{file} is not an export of DROID: it has no column {missing[0]}")
        return FormatReport.of(file, "DROID", _merged(_files(names, rows)))
    except csv.Error as error:
        raise InputError(f"{file} is not valid CSV: {error} (line {rows.line_num:,})") from None


def _files(names: Sequence[str], rows: Iterator[list[str]]) -> Iterator[ReportedFile]:
    firsts = {name: names.index(name) for name in dict.fromkeys(names)}
    # a file with several formats has their columns again, after those of the first
    repeats = [i for i, name in enumerate(names) if name == "PUID"]
    for row in rows:
        cells = {name: row[i] for name, i in firsts.items() if i < len(row)}
        if cells.get("TYPE", "").lower() == _FOLDER or not any(row):
            continue
        size = cells.get("SIZE", "")
        yield ReportedFile(
            _path(cells),
            int(size) if size.isascii() and size.isdecimal() else None,
            tuple(_formats(names, row, repeats, cells)),
            {
                a.value: cells[f"{a.value.upper()}_HASH"]
                for a in Algorithm
                if cells.get(f"{a.value.upper()}_HASH")
            },
        )


def _path(cells: Mapping[str, str]) -> str:
    path = cells.get("FILE_PATH", "") or unquote(urlsplit(cells.get("URI", "")).path)
    return path.replace("\\", "/")


def _formats(
    names: Sequence[str], row: Sequence[str], repeats: Sequence[int], cells: Mapping[str, str]
) -> Iterator[IdentifiedFormat]:
    is_mismatch = cells.get("EXTENSION_MISMATCH", "").lower() == "true"
    begins = [*repeats[:1], *range(len(names), len(row), len(_FORMAT_COLUMNS)), *repeats[1:]]
    order = [name for name in names[repeats[0] :] if name in _FORMAT_COLUMNS][: len(_FORMAT_COLUMNS)]
    for begin in begins:
        values = dict(zip(order, row[begin : begin + len(order)], strict=False))
        if values.get("PUID"):
            yield IdentifiedFormat(
                values["PUID"],
                values.get("FORMAT_NAME", ""),
                values.get("FORMAT_VERSION") or None,
                values.get("MIME_TYPE") or None,
                cells.get("METHOD", "").lower() or None,
                _MISMATCH if is_mismatch else None,
            )


def _merged(files: Iterator[ReportedFile]) -> Iterator[ReportedFile]:
    """Merge consecutive rows of one file, which an export with one row per format has."""
    last: ReportedFile | None = None
    for file in files:
        if last is not None and file.path == last.path and file.size_bytes == last.size_bytes:
            formats = tuple(dict.fromkeys((*last.formats, *file.formats)))
            last = ReportedFile(last.path, last.size_bytes, formats, last.digests)
            continue
        if last is not None:
            yield last
        last = file
    if last is not None:
        yield last

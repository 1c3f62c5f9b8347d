"""Tells what office documents and PDFs state about themselves, to the person who describes them.

Such properties are about the file: its author is often who typed it, its title the name of a template, its
date the day of the scan. So none of them becomes a value of the description, marked or not: all are comments.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence

from archtool.file_metadata.limits import MAX_FILE_BYTES
from archtool.file_metadata.properties import (
    CREATED,
    MODIFIED,
    OFFICE_ENDINGS,
    PDF_ENDINGS,
    FileProperties,
    TooSlowError,
    UnreadableError,
)
from archtool.files.source import FileSource
from archtool.operations.describe.offers import comment_text
from archtool.operations.limits import MAX_FILES_WITH_PROPERTIES

_HEADING = (
    "What files say about themselves: it is about the file, and perhaps not about the document.",
    "None of it is used as a value.",
)
_UNQUOTED = frozenset((CREATED, MODIFIED))


def property_lines(source: FileSource, files: Sequence[str]) -> list[str]:
    """Return a line for each file that states anything, or whose properties cannot be read."""
    candidates = [file for file in files if file.lower().endswith((*OFFICE_ENDINGS, *PDF_ENDINGS))]
    read = candidates[:MAX_FILES_WITH_PROPERTIES]
    lines = [f"  {line}" for line in _lines(source, read)]
    if len(candidates) > len(read):
        lines.append(f"  … {len(candidates) - len(read):,} more files were not read")
    return [*_HEADING, *lines] if lines else []


def _lines(source: FileSource, files: Sequence[str]) -> Iterator[str]:
    is_too_slow = False
    for file in files:
        is_pdf = file.lower().endswith(PDF_ENDINGS)
        try:
            if is_pdf and is_too_slow:
                raise UnreadableError("another PDF took too long")
            properties = _read(source, file, is_pdf=is_pdf)
        except UnreadableError as error:
            is_too_slow = is_too_slow or isinstance(error, TooSlowError)
            yield f"{comment_text(file)}: properties not read: {error}"
            continue
        if properties.values:
            yield f"{comment_text(file)} says: {_told(properties)}"


def _read(source: FileSource, file: str, *, is_pdf: bool) -> FileProperties:
    try:
        data = source.read_bytes(file, MAX_FILE_BYTES)
    except OSError as error:
        too_large = f"it is larger than {MAX_FILE_BYTES:,} bytes"
        raise UnreadableError(
            too_large if error.errno == errno.EFBIG else "the file cannot be read"
        ) from error
    # lazy: zipfile, expat and subprocess, only documents of these kinds need them
    from archtool.file_metadata.office import read_office_properties
    from archtool.file_metadata.pdf import read_pdf_properties

    return read_pdf_properties(data) if is_pdf else read_office_properties(data)


def _told(properties: FileProperties) -> str:
    """Return `title «Letter», author «M. Smith», created 2019-03-04`."""
    return ", ".join(
        f"{name} {comment_text(value)}" if name in _UNQUOTED else f"{name} «{comment_text(value)}»"
        for name, value in properties.values.items()
    )

"""Checks a workbook before it is parsed, and refuses oversized or malicious ones.

An XLSX file is a zip archive of XML files. A hostile one can unpack to more than memory can hold, or have a
document type with entities that expand without limit; spreadsheets write neither.

Source: ECMA-376 part 2, annex F.3 (no document types in a package).
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_MERGED_RANGES, MAX_PARTS, MAX_STRINGS_BYTES, MAX_UNPACKED_BYTES
from archtool.tables.model import refuse_at
from archtool.tables.workbook_tags import CONTENT_TYPES, ContentTypes, TagCount, read_content_types

_CHUNK_BYTES = 1024 * 1024
_OVERLAP_BYTES = 128  # longer than any searched pattern
_DOCUMENT_TYPE = b"<!DOCTYPE"
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s{1,9}[^>]{0,60}?ref=[\"']([^\"']{1,20})")
_SHEETS = "xl/worksheets/"
_TEXT = (".xml", ".rels", ".vml")
_MARK = b"\xef\xbb\xbf"


@dataclass(slots=True)
class WorkbookSize:
    """Facts about a workbook that the check collects."""

    has_formulas: bool = False
    merged: dict[str, dict[str, None]] = field(default_factory=dict)
    """The merged ranges of each sheet by its part name, for instance `B3:B7`, in order."""


def measure_workbook(file: BinaryIO, name: str) -> WorkbookSize:
    """Scan every part once.

    Raises:
        MaterialRefusedError: the workbook exceeds a limit or is not XML.
        zipfile.BadZipFile, zlib.error …: the file is not a zip archive or is damaged; the caller reports it.
    """
    size = WorkbookSize()
    with zipfile.ZipFile(file) as parts:
        _refuse_large(parts.infolist(), name)
        types = ContentTypes()
        # the list of content types is checked first, because it is used for the other parts
        for part in sorted(parts.infolist(), key=lambda one: one.filename != CONTENT_TYPES):
            if not part.filename.lower().endswith(_TEXT) and part.filename not in types.texts:
                continue
            tags = TagCount(part.filename, name, is_sheet=part.filename in types.sheets)
            with parts.open(part) as text:
                _scan_part(text, part.filename, name, size, tags)
            if part.filename == CONTENT_TYPES:
                types = read_content_types(parts)
    return size


def _refuse_large(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    if len(parts) > MAX_PARTS:
        refuse_at(finding_kinds.TOO_LARGE, f"the workbook has more than {MAX_PARTS:,} parts", Place(name))
    if unpacked > MAX_UNPACKED_BYTES:
        message = f"the workbook unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED_BYTES:,}"
        refuse_at(finding_kinds.TOO_LARGE, message, Place(name), "save it as CSV")
    if strings > MAX_STRINGS_BYTES:
        message = f"the texts of the workbook have {strings:,} bytes; the limit is {MAX_STRINGS_BYTES:,}"
        refuse_at(finding_kinds.TOO_LARGE, message, Place(name), "save it as CSV")


def _scan_part(text: IO[bytes], part: str, name: str, size: WorkbookSize, tags: TagCount) -> None:
    window = text.read(_CHUNK_BYTES)
    if window and window.removeprefix(_MARK).lstrip()[:1] != b"<":
        refuse_at(finding_kinds.SYNTAX, f"the part {part!a} of the workbook is not XML in UTF-8", Place(name))
    new_from = 0
    while window:
        if _DOCUMENT_TYPE in window:
            message = f"the part {part!a} of the workbook has a document type, which no spreadsheet writes"
            refuse_at(finding_kinds.SYNTAX, message, Place(name))
        tags.count(window[new_from:])
        if part.startswith(_SHEETS):
            size.has_formulas = size.has_formulas or _FORMULA.search(window) is not None
            ranges = size.merged.setdefault(part, {})
            for merged in _MERGED.finditer(window):
                if len(ranges) < MAX_MERGED_RANGES:
                    ranges[merged[1].decode("ascii", "replace")] = None
        chunk = text.read(_CHUNK_BYTES)
        new_from = min(len(window), _OVERLAP_BYTES)
        window = window[-_OVERLAP_BYTES:] + chunk if chunk else b""

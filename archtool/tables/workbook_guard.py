"""Looks at a workbook before it is read: what is too large or too clever for one is refused unread.

An XLSX file is a zip of XML texts. A hostile one unpacks to more than memory holds, or has a document type
that multiplies itself; no spreadsheet writes either.

Source: ECMA-376 part 2, annex F.3 (no document types in a package).
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.model import refuse_at
from archtool.tables.workbook_tags import CONTENT_TYPES, ContentTypes, TagCount, read_content_types

MAX_PARTS = 10_000  # a workbook has some dozen
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024  # a million rows with thirty cells each
MAX_STRINGS_BYTES = 256 * 1024 * 1024  # the texts of all cells are held in memory
_CHUNK_BYTES = 1024 * 1024
_OVERLAP_BYTES = 128  # what is looked for is shorter
_DOCUMENT_TYPE = b"<!DOCTYPE"
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s{1,9}[^>]{0,60}?ref=[\"']([^\"']{1,20})")
_SHEETS = "xl/worksheets/"
_TEXT = (".xml", ".rels", ".vml")
_MARK = b"\xef\xbb\xbf"


@dataclass(slots=True)
class WorkbookSize:
    """What was seen of a workbook."""

    has_formulas: bool = False
    merged: dict[str, str] = field(default_factory=dict)
    """By the part of a sheet the first cells of it that are one for the eye, for instance `B3:B7`."""


def measure_workbook(file: BinaryIO, name: str) -> WorkbookSize:
    """Go through every part once.

    Raises:
        MaterialRefusedError: it is no zip, or it must not be read.
        zipfile.BadZipFile, zlib.error …: a part is damaged; the caller says so.
    """
    look = WorkbookSize()
    with zipfile.ZipFile(file) as parts:
        _refuse_large(parts.infolist(), name)
        types = ContentTypes()
        # the list of what the parts are is counted first, then believed
        for part in sorted(parts.infolist(), key=lambda one: one.filename != CONTENT_TYPES):
            if not part.filename.lower().endswith(_TEXT) and part.filename not in types.texts:
                continue
            tags = TagCount(part.filename, name, is_sheet=part.filename in types.sheets)
            with parts.open(part) as text:
                _look_at_part(text, part.filename, name, look, tags)
            if part.filename == CONTENT_TYPES:
                types = read_content_types(parts)
    return look


def _refuse_large(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    if len(parts) > MAX_PARTS:
        refuse_at(finding_kinds.TOO_LARGE, f"the workbook has more than {MAX_PARTS:,} parts", Place(name))
    if unpacked > MAX_UNPACKED_BYTES:
        message = f"the workbook unpacks to {unpacked:,} bytes; {MAX_UNPACKED_BYTES:,} are allowed"
        refuse_at(finding_kinds.TOO_LARGE, message, Place(name), "save it as CSV")
    if strings > MAX_STRINGS_BYTES:
        message = f"the texts of the workbook are {strings:,} bytes; {MAX_STRINGS_BYTES:,} are allowed"
        refuse_at(finding_kinds.TOO_LARGE, message, Place(name), "save it as CSV")


def _look_at_part(text: IO[bytes], part: str, name: str, look: WorkbookSize, tags: TagCount) -> None:
    before = text.read(_CHUNK_BYTES)
    if before and before.removeprefix(_MARK).lstrip()[:1] != b"<":
        refuse_at(finding_kinds.SYNTAX, f"the part {part!a} of the workbook is not XML in UTF-8", Place(name))
    fresh = 0
    while before:
        if _DOCUMENT_TYPE in before:
            message = f"the part {part!a} of the workbook has a document type, which no spreadsheet writes"
            refuse_at(finding_kinds.SYNTAX, message, Place(name))
        tags.count(before[fresh:])
        if part.startswith(_SHEETS):
            look.has_formulas = look.has_formulas or _FORMULA.search(before) is not None
            merged = _MERGED.search(before)
            if merged is not None:
                look.merged.setdefault(part, merged[1].decode("ascii", "replace"))
        chunk = text.read(_CHUNK_BYTES)
        fresh = min(len(before), _OVERLAP_BYTES)
        before = before[-_OVERLAP_BYTES:] + chunk if chunk else b""

"""Counts the tags in the parts of a workbook, before openpyxl builds trees of them.

openpyxl keeps one row of a sheet at a time, but the whole tree of every other part; each tag takes some
hundred bytes of memory. A part is a sheet if the workbook's list of content types declares it as one.

Source: ECMA-376 part 2, §7.2.3 (content types); part 1, §18.3.1.73 (row).
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_PART_TAGS, MAX_ROW_BYTES, MAX_ROW_TAGS, MAX_STRINGS_TAGS
from archtool.tables.model import refuse_at

CONTENT_TYPES = "[Content_Types].xml"
_MAX_TYPES_BYTES = 16 * 1024 * 1024
_MAX_TAG_BYTES = 64 * 1024
_SHEET_TYPE = "worksheet+xml"
_XML_TYPES = ("+xml", "/xml")
# the value of an attribute can contain `>`
_ROW = re.compile(rb"""<(/?)(?:[^\s<>/:]*:)?row(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>")


@dataclass(frozen=True, slots=True)
class ContentTypes:
    """The types of the parts that a workbook declares."""

    sheets: frozenset[str] = frozenset()
    """Parts that are declared only as sheets."""
    texts: frozenset[str] = frozenset()
    """Parts that are declared as XML, with any file name."""


def read_content_types(parts: zipfile.ZipFile) -> ContentTypes:
    """Read the list of content types; returns an empty one if it cannot be read."""
    try:
        with parts.open(CONTENT_TYPES) as file:
            data = file.read(_MAX_TYPES_BYTES)
        root = ET.fromstring(data)  # noqa: S314 - a document type was refused before
    except (KeyError, ET.ParseError):
        return ContentTypes()
    types: dict[str, set[str]] = {}
    for entry in root:
        name = entry.get("PartName", "").lstrip("/")
        types.setdefault(name, set()).add(entry.get("ContentType", ""))
    return ContentTypes(
        frozenset(name for name, given in types.items() if all(one.endswith(_SHEET_TYPE) for one in given)),
        frozenset(name for name, given in types.items() if any(one.endswith(_XML_TYPES) for one in given)),
    )


class TagCount:
    """Counts the tags of one part and, in a sheet, those of the open row."""

    def __init__(self, part: str, name: str, *, is_sheet: bool) -> None:
        self._label = f"the part {part!a} of the workbook"
        self._name = name
        self._is_sheet = is_sheet
        self._limit = MAX_STRINGS_TAGS if "sharedstrings" in part.lower() else MAX_PART_TAGS
        self._tags = 0
        """Tags of the part; in a sheet only those outside rows."""
        self._row_tags = self._row_bytes = self._depth = 0
        self._rest = b""
        self._is_first = True

    def count(self, chunk: bytes) -> None:
        """Count the next piece of the part.

        Raises:
            MaterialRefusedError: there are more tags than a spreadsheet writes.
        """
        if not self._is_sheet:
            self._tags += chunk.count(b"<")
            return self._refuse()
        chunk = self._rest + chunk
        end = chunk.rfind(b"<")
        if len(chunk) - end <= _MAX_TAG_BYTES and end >= 0:  # a tag can continue in the next piece
            chunk, self._rest = chunk[:end], chunk[end:]
        else:
            self._rest = b""
        if self._is_first:
            chunk, self._is_first = _DECLARATION.sub(b"", chunk, count=1), False
        # a comment can contain text that looks like a row: from here on, rows are not recognised
        if b"<!" in chunk or b"<?" in chunk:
            self._is_sheet = False
            self._tags += self._row_tags + chunk.count(b"<")
            return self._refuse()
        return self._count_rows(chunk)

    def _count_rows(self, chunk: bytes) -> None:
        start = 0
        for row in _ROW.finditer(chunk):
            self._add(chunk, start, row.start())
            start = row.start()
            if row[1]:
                self._depth = max(0, self._depth - 1)
            elif not row[2].endswith(b"/"):
                self._depth += 1
            if not self._depth:
                self._row_tags = self._row_bytes = 0
        self._add(chunk, start, len(chunk))

    def _add(self, chunk: bytes, start: int, end: int) -> None:
        tags = chunk.count(b"<", start, end)
        if self._depth:
            self._row_tags += tags
            self._row_bytes += end - start
        else:
            self._tags += tags - 1 if chunk.startswith(b"<", start) and _ROW.match(chunk, start) else tags
        self._refuse()

    def _refuse(self) -> None:
        if self._tags > self._limit:
            self._refuse_as(f"{self._label} has more than {self._limit:,} tags, which no spreadsheet writes")
        if self._row_tags > MAX_ROW_TAGS:
            self._refuse_as(
                f"a row in {self._label} has more than {MAX_ROW_TAGS:,} tags, which no spreadsheet writes"
            )
        if self._row_bytes > MAX_ROW_BYTES:
            self._refuse_as(f"a row in {self._label} has more than {MAX_ROW_BYTES:,} bytes")

    def _refuse_as(self, message: str) -> None:
        refuse_at(finding_kinds.TOO_LARGE, message, Place(self._name), "save the sheet as CSV")

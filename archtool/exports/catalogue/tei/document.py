"""Formats a package as one TEI P5 document.

Source: TEI P5 Guidelines 4.3 and later: chapters 2 (header), 4 (text structure), 10 (manuscripts).
"""

from __future__ import annotations

from collections.abc import Sequence

from archtool.exports.catalogue.elements import Element, empty, format_document, parent, unless_empty
from archtool.exports.catalogue.record import Record, relative_url
from archtool.exports.catalogue.tei.header import header
from archtool.exports.catalogue.tei.text import text_of

TEI = "http://www.tei-c.org/ns/1.0"


def format_tei(records: Sequence[Record]) -> str:
    """Format the record of one package, with its texts."""
    (record,) = records
    return format_document(
        parent("TEI", {"xmlns": TEI}, header(record), unless_empty(_facsimile(record)), text_of(record))
    )


def _facsimile(record: Record) -> Element:
    """Return the images that the description calls facsimiles, by their paths in the package."""
    declared = [f"data/{file.file}" for file in record.description.files if file.role == "facsimile"]
    folders = tuple(path for path in declared if path.endswith("/"))
    images = (
        empty("graphic", {"url": relative_url(file.path), "mimeType": file.media_type})
        for file in record.files
        if (file.media_type or "").startswith("image/")
        and (file.path in declared or (folders and file.path.startswith(folders)))
    )
    return parent("facsimile", {}, images)

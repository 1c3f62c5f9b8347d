"""Reads the properties of office documents: Office Open XML (.docx …) and OpenDocument (.odt …).

Only the part with the properties is unpacked. Before `zipfile` makes an object for each part, the size of the
list of parts is checked; before the part is unpacked, its size and its compression.

Sources: ECMA-376 part 2, §11 (core properties); OpenDocument 1.3 part 3, §4.3; APPNOTE 6.3.10 §4.3.16.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from archtool.file_metadata import properties
from archtool.file_metadata.limits import MAX_DIRECTORY_BYTES, MAX_XML_BYTES
from archtool.file_metadata.properties import DAMAGED, ENCRYPTED, FileProperties, UnreadableError
from archtool.file_metadata.xml_texts import XmlText, read_texts

_CORE_PART = "docProps/core.xml"
_META_PART = "meta.xml"
_END_BYTES = 65_557  # the end record with the longest comment
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_DC = "http://purl.org/dc/elements/1.1/ "
_TERMS = "http://purl.org/dc/terms/ "
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties "
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0 "
_NAMES_OF_PART = {
    _CORE_PART: {
        f"{_DC}title": properties.TITLE,
        f"{_DC}creator": properties.AUTHOR,
        f"{_TERMS}created": properties.CREATED,
        f"{_TERMS}modified": properties.MODIFIED,
        f"{_CORE}lastModifiedBy": properties.MODIFIED_BY,
        f"{_DC}language": properties.LANGUAGE,
    },
    _META_PART: {
        f"{_DC}title": properties.TITLE,
        f"{_META}initial-creator": properties.AUTHOR,
        f"{_META}creation-date": properties.CREATED,
        f"{_DC}date": properties.MODIFIED,
        f"{_DC}creator": properties.MODIFIED_BY,
        f"{_DC}language": properties.LANGUAGE,
    },
}


def read_office_properties(data: bytes) -> FileProperties:
    """Return the properties of an office document.

    Raises:
        UnreadableError: it is not such a document, is damaged, encrypted, or exceeds a limit.
    """
    _refuse_large_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            part = next((name for name in _NAMES_OF_PART if name in parts.NameToInfo), None)
            if part is None:
                return FileProperties({})
            xml = _read_part(parts, parts.getinfo(part))
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        struct.error,
        RuntimeError,
    ) as error:
        raise UnreadableError(DAMAGED) from error
    return FileProperties.of(_values(read_texts(xml), part))


def _refuse_large_directory(data: bytes) -> None:
    tail = data[-_END_BYTES:]
    end = tail.rfind(_END)
    record = tail[end : end + 22]
    if end < 0 or len(record) < 22 or _END64 in tail:
        raise UnreadableError(DAMAGED)
    (directory_bytes,) = struct.unpack("<I", record[12:16])
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise UnreadableError("it has more parts than an office program writes")


def _read_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if part.flag_bits & 1:
        raise UnreadableError(ENCRYPTED)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableError("its properties are compressed as no office program does")
    with parts.open(part) as file:
        return file.read(MAX_XML_BYTES + 1)  # the stated size can be wrong


def _values(texts: Sequence[XmlText], part: str) -> Iterator[tuple[str, str]]:
    names = _NAMES_OF_PART[part]
    return ((names[one.path[-1]], one.text) for one in texts if one.path[-1] in names)

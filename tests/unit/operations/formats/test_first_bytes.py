"""A media type comes from the name of a file, and its first bytes confirm or contradict it."""

from __future__ import annotations

import pytest

from archtool.operations.formats.first_bytes import HeadSink, media_type_of, name_finding

JPEG, PDF, TIFF, OLE = b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"II*\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = b"PK\3\4" + bytes(26) + b"xl/a.xml"
ODS = b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK"
DOCX = b"PK\3\4" + bytes(26) + b"[Content_Types].xml"


def media_type(path: str, head: bytes) -> tuple[str, str | None, bool]:
    sink = HeadSink()
    for byte in (head[:1], head[1:]):
        sink.update(memoryview(byte))
    found = media_type_of(path, sink.format())
    assert (found.warning is not None) == (name_finding(path, found) is not None)
    return found.name, found.basis, found.warning is not None


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("letter.txt", b"To the sections", ("text/plain", None, False)),
        ("letter", b"To the sections", ("unknown", None, False)),
        ("page.jpg", JPEG, ("image/jpeg", "name and first bytes", False)),
        ("PAGE.TIF", TIFF, ("image/tiff", "name and first bytes", False)),
        ("letter.docx", DOCX, (WORD, "name and first bytes", False)),
        ("list.xlsx", DOCX, (SHEET, "name and first bytes", False)),
        ("list.xlsx", ZIP, (SHEET, "name and first bytes", False)),
        ("list.bin", DOCX, ("application/zip", "first bytes", False)),
        ("list.ods", ODS, ("application/vnd.oasis.opendocument.spreadsheet", "name and first bytes", False)),
        ("list.odt", ODS, ("application/vnd.oasis.opendocument.spreadsheet", "first bytes", True)),
        ("letter.docx", OLE, ("application/x-ole-storage", "first bytes", False)),
        ("page", JPEG, ("image/jpeg", "first bytes", False)),
        ("page.jpg", PDF, ("application/pdf", "first bytes", True)),
        ("letter.txt", PDF, ("application/pdf", "first bytes", True)),
        ("page.jpg", b"To the sections", ("unknown", "first bytes", True)),
        ("page.jpg", b"", ("unknown", "first bytes", True)),
    ],
)  # fmt: skip
def test_name_and_first_bytes_are_compared(
    path: str, head: bytes, expected: tuple[str, str | None, bool]
) -> None:
    assert media_type(path, head) == expected

"""Files that are not text are recognised by their first bytes."""

from __future__ import annotations

import pytest

from archtool.text import file_signatures

CONTAINER = b"PK\3\4" + bytes(26)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (CONTAINER + b"mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument file (.odt, .ods)"),
        (CONTAINER + b"mimetypeapplication/epub+zip", "an EPUB book"),
        (CONTAINER + b"[Content_Types].xml", "a Microsoft Office document (.docx, .xlsx)"),
        (CONTAINER + b"letter.txt", "a zip archive"),
        (b"RIFF\0\0\0\0XXXX", "a RIFF file"),
        (b"\0\0\0\x18ftypheic", "a HEIF image"),
        (b"\0\0\0\x18ftypisom", "an MP4 film"),
        (b"\r\n%PDF-1.4", "a PDF"),
    ],
)
def test_the_type_of_a_binary_file_is_named(head: bytes, name: str) -> None:
    known = file_signatures.recognise(head)
    assert known is not None
    assert known.name == name


def test_a_text_that_begins_with_bm_is_not_a_bitmap() -> None:
    assert file_signatures.recognise(b"BM to all sections of the bureau") is None

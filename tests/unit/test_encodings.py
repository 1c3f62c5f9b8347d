"""A byte order mark is never part of the text that follows it."""

from __future__ import annotations

import codecs
import io

import pytest

from archtool.encodings import as_utf8, is_text_encoding, open_as_utf8
from archtool.errors import InputError

TEXT = "archivist@example.org é 𝄞\n"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_utf8_mark_is_skipped(mark: bytes) -> None:
    assert as_utf8(mark + TEXT.encode(), "the list") == TEXT.encode()


@pytest.mark.parametrize(
    "data", [codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")]
)
def test_utf16_with_a_mark_is_converted_or_refused(data: bytes) -> None:
    assert as_utf8(data, "the list", reads_utf16=True) == TEXT.encode()
    with open_as_utf8(io.BytesIO(data), "the list") as copy:
        assert copy.read() == TEXT.encode()
    with pytest.raises(InputError) as refused:
        as_utf8(data, "the list")
    assert refused.value.message == "the list is UTF-16, not UTF-8"
    assert refused.value.hint == "save it as UTF-8 (in an editor: Save as, encoding UTF-8)"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "UTF-32"),
        (codecs.BOM_UTF16_LE + b"a", "damaged UTF-16"),
        (codecs.BOM_UTF16_LE + b"a\0\0\xd8", "damaged UTF-16"),
    ],
)
def test_text_that_is_not_utf16_is_refused_with_its_encoding(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=f"the list is {what}, not UTF-8"):
        as_utf8(data, "the list", reads_utf16=True)
    with pytest.raises(InputError, match=f"the list is {what}, not UTF-8"):
        open_as_utf8(io.BytesIO(data), "the list")


@pytest.mark.parametrize("data", [b"", b"a", b"\xff", b"SSHKRL\n\0", b"0\x82\x01", "né".encode("latin-1")])
def test_data_without_a_mark_is_returned_unchanged(data: bytes) -> None:
    assert as_utf8(data, "the list") == data
    file = io.BytesIO(data)
    assert open_as_utf8(file, "the list") is file


def test_python_codecs_that_are_not_character_encodings_are_refused() -> None:
    assert is_text_encoding("windows-1251")
    assert not any(map(is_text_encoding, ["rot13", "utf-8-sig", "no-such", ""]))

"""The properties of office documents: read from the one part that has them, within limits."""

from __future__ import annotations

import struct
import zipfile

import pytest

from archtool.file_metadata import office, xml_texts
from archtool.file_metadata.office import read_office_properties
from archtool.file_metadata.properties import UnreadableError
from unit.file_metadata.documents import CORE, docx, odt, zipped

STATED = {
    "title": "Letter",
    "author": "M. Smith",
    "created": "2019-03-04",
    "modified": "2020-01-02",
    "modified by": "J. Doe",
    "language": "fr-FR",
}


@pytest.mark.parametrize("data", [docx(), odt()], ids=["Word", "OpenDocument"])
def test_title_author_dates_and_language_are_read_from_both_formats(data: bytes) -> None:
    assert dict(read_office_properties(data).values) == STATED


def test_a_document_that_states_nothing_has_no_properties() -> None:
    assert dict(read_office_properties(zipped({"word/document.xml": "<w/>"})).values) == {}
    assert dict(read_office_properties(docx("<cp/>")).values) == {}


def test_a_date_of_another_form_is_kept_as_written() -> None:
    core = CORE.format(title="x").replace("2019-03-04T10:22:00Z", "4 March 2019")
    assert read_office_properties(docx(core)).values["created"] == "4 March 2019"


def test_a_long_title_is_cut() -> None:
    assert len(read_office_properties(docx(title="x" * 100_000)).values["title"]) == 1_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    bomb = '<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><c>&b;&b;&b;</c>'
    data = zipped({"docProps/core.xml": bomb.encode(encoding)})
    with pytest.raises(UnreadableError, match="document type"):
        read_office_properties(data)


def test_a_part_that_unpacks_to_more_than_the_limit_is_not_unpacked_further() -> None:
    data = docx(CORE.format(title=" " * 50_000_000))
    assert len(data) < 100_000
    with pytest.raises(UnreadableError, match="more than 1,048,576 bytes"):
        read_office_properties(data)


def test_a_part_that_states_a_wrong_size_is_not_unpacked_further() -> None:
    data = bytearray(docx(CORE.format(title=" " * 50_000_000)))
    central = data.rfind(b"PK\x01\x02", 0, data.rfind(b"docProps/core.xml"))
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    with pytest.raises(UnreadableError):
        read_office_properties(bytes(data))


def test_elements_that_nest_too_deeply_are_refused() -> None:
    with pytest.raises(UnreadableError, match="nest deeper than 50"):
        read_office_properties(docx("<a>" * 60 + "</a>" * 60))


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_texts, "MAX_XML_TEXTS", 3)
    with pytest.raises(UnreadableError, match="more than 3 values"):
        read_office_properties(docx("<a>" + "<b>x</b>" * 10 + "</a>"))


def test_a_document_with_a_hostile_number_of_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MAX_DIRECTORY_BYTES", 10_000)
    with pytest.raises(UnreadableError, match="more parts"):
        read_office_properties(zipped({f"{n:050}": b"" for n in range(200)}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06",
        b"not a zip archive",
        docx()[:-30],
        docx().replace(b"PK\x01\x02", b"PK\x01\x03"),
        docx().replace(b"PK\x03\x04", b"PK\x03\x05"),
        docx() + b"PK\x06\x07",
        docx("<unclosed>"),
        docx('<?xml version="1.0" encoding="nonsense"?><a/>'),
        docx("\x00\x01\x02"),
    ],
)
def test_a_damaged_document_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"damaged|not XML"):
        read_office_properties(data)


def test_an_encrypted_part_says_so() -> None:
    data = bytearray(docx())
    central = data.rfind(b"PK\x01\x02", 0, data.rfind(b"docProps/core.xml"))
    data[central + 8] |= 1
    with pytest.raises(UnreadableError, match="encrypted"):
        read_office_properties(bytes(data))


def test_a_compression_that_can_need_much_memory_is_refused() -> None:
    data = zipped({"docProps/core.xml": CORE}, zipfile.ZIP_LZMA)
    with pytest.raises(UnreadableError, match="compressed"):
        read_office_properties(data)


def test_any_changed_byte_is_read_or_refused() -> None:
    whole = docx()
    for place in range(0, len(whole), 7):
        data = bytearray(whole)
        data[place] ^= 0x55
        try:
            read_office_properties(bytes(data))
        except UnreadableError:
            continue

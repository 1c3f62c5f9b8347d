"""The properties of PDFs: read by pypdf in a process of its own, with limited time and memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pypdf
import pytest
from pypdf.generic import NameObject, TextStringObject

from archtool.file_metadata.pdf import read_pdf_properties
from archtool.file_metadata.pdf_program import main
from archtool.file_metadata.properties import FileProperties, TooSlowError, UnreadableError
from unit.file_metadata.documents import XMP, pdf

STATED = {
    "/Title": "Letter",
    "/Author": "M. Smith",
    "/CreationDate": "D:20190304102200+01'00'",
    "/ModDate": "D:202001",
}


def values(data: bytes) -> dict[str, str]:
    reply: dict[str, dict[str, str]] = json.loads(main(data))
    return reply["values"]


def test_the_information_dictionary_is_read() -> None:
    assert dict(read_pdf_properties(pdf(STATED)).values) == {
        "title": "Letter", "author": "M. Smith", "created": "2019-03-04", "modified": "2020-01"
    }  # fmt: skip


def test_xmp_is_read_where_the_dictionary_says_nothing() -> None:
    assert values(pdf(xmp=XMP)) == {
        "title": "Letter in XMP",
        "author": "A. Nin; J. Maurín",
        "created": "2018-05-06",
        "language": "es",
    }
    assert values(pdf(STATED, XMP))["title"] == "Letter"
    assert values(pdf(STATED, XMP))["author"] == "M. Smith"


def test_xmp_with_a_document_type_is_not_read() -> None:
    assert "title" not in values(pdf(xmp='<!DOCTYPE x [<!ENTITY a "b">]>' + XMP))
    assert values(pdf(STATED, "not XML"))["title"] == "Letter"


def test_a_pdf_that_states_nothing_has_no_properties() -> None:
    assert values(pdf({"/Title": "  "})) == {}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"plain text", pdf(STATED)[:200]])
def test_a_damaged_pdf_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        read_pdf_properties(data)


def test_an_encrypted_pdf_says_so() -> None:
    with pytest.raises(UnreadableError, match="encrypted"):
        read_pdf_properties(pdf(STATED, password="secret"))


def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(TooSlowError, match="within 0 seconds"):
        read_pdf_properties(pdf(STATED), timeout_seconds=0.01)


def test_any_changed_byte_is_read_or_refused() -> None:
    whole = pdf(STATED, XMP)
    for place in range(0, len(whole), 23):
        data = bytearray(whole)
        data[place] ^= 0x55
        assert json.loads(main(bytes(data))).keys() <= {"values", "problem"}


def test_a_reader_that_crashes_is_an_unreadable_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_pdf_properties(pdf(STATED))


def test_the_process_that_reads_a_pdf_has_limited_memory() -> None:
    code = (
        "from archtool.file_metadata.pdf_program import limit_resources\n"
        "limit_resources()\n"
        "bytearray(2 * 1024 ** 3)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in ended.stderr


def test_the_language_of_a_pdf_is_read_and_a_missing_dictionary_is_no_fault() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.root_object[NameObject("/Lang")] = TextStringObject("fr-CA")
    writer.metadata = None
    file = io.BytesIO()
    writer.write(file)
    assert b"/Info" not in file.getvalue()
    assert values(file.getvalue()) == {"language": "fr-CA"}


def test_a_value_that_is_stated_twice_is_one_value() -> None:
    stated = [("author", "A. Nin"), ("author", " A.  Nin "), ("author", "J. Maurín")]
    assert dict(FileProperties.of(stated).values) == {"author": "A. Nin; J. Maurín"}

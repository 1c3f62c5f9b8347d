"""`new` tells what office documents and PDFs state about themselves, and takes nothing of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import bagit
import pytest

from archtool.operations.describe import file_properties
from command_line import archtool
from unit.file_metadata.documents import docx, odt, pdf

HEADING = "# What files say about themselves:"


def drafted(folder: Path) -> str:
    done = archtool("new", folder)
    assert done.code == 0, done.err
    return (folder / "description.yaml").read_text(encoding="utf-8")


def told(text: str) -> list[str]:
    """Return the lines of the draft that tell what files say."""
    lines = text[text.index(HEADING) :].splitlines()[2:]
    return [line.removeprefix("#   ") for line in lines[: lines.index("")]]


def test_title_author_and_dates_are_told_with_the_name_of_the_file(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "letter.docx").write_bytes(docx(title="À tous: #1"))
    (letters / "reply.odt").write_bytes(odt())
    (letters / "scan.PDF").write_bytes(pdf({"/Title": "Scan 1", "/CreationDate": "D:20180506"}))
    text = drafted(letters)
    rest = (
        "author «M. Smith», created 2019-03-04, modified 2020-01-02, modified by «J. Doe», language «fr-FR»"
    )
    assert told(text) == [
        f"letter.docx says: title «À tous: #1», {rest}",
        f"reply.odt says: title «Letter», {rest}",
        "scan.PDF says: title «Scan 1», created 2018-05-06",
    ]


def test_nothing_that_a_file_says_becomes_a_value(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "letter.docx").write_bytes(docx())
    text = drafted(letters)
    assert "\ntitle: TITLE OF THE DOCUMENT\n" in text
    assert "CONFIRM" not in text
    seen = archtool("check", letters / "description.yaml", "--json")
    assert "description.unconfirmed" not in seen.codes


def test_a_folder_without_such_files_has_no_such_lines(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "empty.pdf").write_bytes(pdf({"/Title": ""}))
    assert HEADING not in drafted(letters)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "a.docx").write_bytes(b"not a zip archive")
    (letters / "b.pdf").write_bytes(pdf({"/Title": "x"}, password="secret"))
    (letters / "c.odt").write_bytes(odt())
    assert told(drafted(letters))[:2] == [
        "a.docx: properties not read: it is damaged, or not what its name says",
        "b.pdf: properties not read: it is encrypted",
    ]


def test_a_large_file_is_not_read(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_properties, "MAX_FILE_BYTES", 100)
    (letters / "letter.txt").write_text("x")
    (letters / "a.docx").write_bytes(docx())
    assert told(drafted(letters)) == ["a.docx: properties not read: it is larger than 100 bytes"]


def test_only_some_of_many_files_are_read(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_properties, "MAX_FILES_WITH_PROPERTIES", 2)
    (letters / "letter.txt").write_text("x")
    for name in "abcde":
        (letters / f"{name}.docx").write_bytes(docx())
    lines = told(drafted(letters))
    assert ([line[:6] for line in lines[:2]], lines[2:]) == (
        ["a.docx", "b.docx"], ["… 3 more files were not read"]
    )  # fmt: skip


def test_after_one_pdf_that_took_too_long_no_other_is_tried(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archtool.file_metadata import pdf as reading

    (letters / "letter.txt").write_text("x")
    for name in ("a.pdf", "b.pdf"):
        (letters / name).write_bytes(pdf({"/Title": "x"}))
    given = reading.read_pdf_properties
    monkeypatch.setattr(reading, "read_pdf_properties", lambda data: given(data, 0.01))
    assert told(drafted(letters)) == [
        "a.pdf: properties not read: it could not be read within 0 seconds",
        "b.pdf: properties not read: another PDF took too long",
    ]


def test_a_hostile_title_stays_inside_its_comment(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "a.pdf").write_bytes(pdf({"/Title": "x\ntitle: y\r\x1b[2J\u2028z\u202e" + "n" * 5000}))
    text = drafted(letters)
    (line,) = told(text)
    assert line.startswith("a.pdf says: title «x title: y")
    assert len(line) < 500
    assert all(char.isprintable() or char == "\n" for char in text)


def test_documents_in_the_payload_of_a_bag_are_read_too(tmp_path: Path) -> None:
    bag = tmp_path / "given"
    bag.mkdir()
    (bag / "letter.txt").write_text("x")
    (bag / "letter.docx").write_bytes(docx())
    bagit.make_bag(str(bag), {"External-Description": "Letters"}, checksums=["sha256"])
    assert archtool("new", "--from-bag", bag).code == 0
    text = (tmp_path / "given.description.yaml").read_text(encoding="utf-8")
    assert told(text)[0].startswith("letter.docx says: title «Letter»")
    assert 'title: "CONFIRM:Letters"' in text


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:meta><dc:title>List of letters</dc:title><meta:initial-creator>M. Smith</meta:initial-creator>
<meta:creation-date>2019-03-04T10:22:00</meta:creation-date></office:meta>
<office:body><office:spreadsheet><table:table table:name="a"><table:table-row><table:table-cell/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document>"""


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_writes_is_read(letters: Path, tmp_path: Path) -> None:
    (tmp_path / "list.fods").write_text(FLAT)
    for kind in ("ods", "xlsx"):
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(letters), str(tmp_path / "list.fods")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    (letters / "letter.txt").write_text("x")
    lines = told(drafted(letters))
    assert [line.partition(" says: ")[0] for line in lines] == ["list.ods", "list.xlsx"]
    assert all("title «List of letters», author «M. Smith», created 2019-03-04" in line for line in lines)

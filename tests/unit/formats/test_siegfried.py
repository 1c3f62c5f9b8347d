"""The JSON of siegfried is read, whatever else is in it."""

from __future__ import annotations

import json

import pytest

from archtool.errors import MaterialRefusedError
from archtool.formats.model import IdentifiedFormat
from archtool.formats.report_reader import parse_report
from archtool.formats.siegfried import parse_siegfried

JPEG = {
    "ns": "pronom", "id": "fmt/43", "format": "JPEG File Interchange Format", "version": "1.01",
    "mime": "image/jpeg", "class": "Image (Raster)", "basis": "extension match jpg; byte match at 0, 14",
    "warning": "",
}  # fmt: skip
REPORT = {
    "siegfried": "1.11.1",
    "scandate": "2026-11-22T12:00:00Z",
    "signature": "default.sig",
    "created": "2024-06-28T00:00:00Z",
    "identifiers": [{"name": "pronom", "details": "DROID_SignatureFile_V118.xml; container-20240501.xml"}],
    "files": [
        {"filename": "C:\\scans\\001.jpg", "filesize": 286, "modified": "", "errors": "", "matches": [JPEG]},
        {
            "filename": "letter",
            "filesize": 0,
            "errors": "empty source",
            "matches": [{"ns": "pronom", "id": "UNKNOWN"}],
        },
    ],
}


def test_a_file_has_its_path_its_size_and_its_format() -> None:
    report = parse_siegfried(json.dumps(REPORT).encode(), "sf.json")
    assert report.tool == "siegfried 1.11.1, DROID_SignatureFile_V118.xml; container-20240501.xml"
    (scan,) = report.files_by_name["001.jpg"]
    assert (scan.path, scan.size_bytes) == ("C:/scans/001.jpg", 286)
    basis = "extension match jpg; byte match at 0, 14"
    assert scan.formats == (
        IdentifiedFormat("fmt/43", "JPEG File Interchange Format", "1.01", "image/jpeg", basis),
    )


def test_a_file_of_unknown_format_has_none() -> None:
    (letter,) = parse_siegfried(json.dumps(REPORT).encode(), "sf.json").files_by_name["letter"]
    assert letter.formats == ()


def test_digests_are_read_by_their_names() -> None:
    file = {"filename": "a", "filesize": 1, "sha512": "AB", "matches": []}
    (read,) = parse_siegfried(json.dumps({"files": [file]}).encode(), "sf.json").files_by_name["a"]
    assert read.digests == {"sha512": "AB"}


def test_matches_of_other_registries_are_left_out() -> None:
    file = {"filename": "a", "matches": [{"ns": "loc", "id": "fdd000001"}, JPEG]}
    (read,) = parse_siegfried(json.dumps({"files": [file]}).encode(), "sf.json").files_by_name["a"]
    assert [one.key for one in read.formats] == ["fmt/43"]


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"files": {}}', '{"files": [1]}', '{"files": [{"filename": 1}]}', "\xff"]
)
def test_other_texts_are_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(MaterialRefusedError) as refused:
        parse_report(text.encode("latin-1"), "report.json")
    (finding,) = refused.value.findings
    assert finding.code == "format.report-unreadable"
    assert "report.json" in finding.message
    assert finding.hint is not None
    assert "sf -json" in finding.hint

"""The CSV of DROID is read, with one row per file and with one row per format."""

from __future__ import annotations

import pytest

from archtool.errors import MaterialRefusedError
from archtool.formats.droid import parse_droid
from archtool.formats.report_reader import parse_report

NAMES = (
    "ID,PARENT_ID,URI,FILE_PATH,NAME,METHOD,STATUS,SIZE,TYPE,EXT,LAST_MODIFIED,EXTENSION_MISMATCH,"
    "SHA256_HASH,FORMAT_COUNT,PUID,MIME_TYPE,FORMAT_NAME,FORMAT_VERSION"
)
FOLDER = '2,,"file:/C:/scans/","C:\\scans","scans",,"Done","","Folder",,2026-11-22T12:00:00,false,,,,,,'
SCAN = (
    '3,2,"file:/C:/scans/001.jpg","C:\\scans\\001.jpg","001.jpg","Signature","Done","286","File","jpg",'
    '2026-11-22T12:00:00,false,AB12,1,"fmt/43","image/jpeg","JPEG File Interchange Format","1.01"'
)


def rows(*lines: str) -> bytes:
    return "\r\n".join((NAMES, *lines, "")).encode("utf-8-sig")


def test_a_file_has_its_path_its_size_its_digest_and_its_format() -> None:
    (scan,) = parse_droid(rows(FOLDER, SCAN), "droid.csv").files_by_name["001.jpg"]
    assert (scan.path, scan.size_bytes, scan.digests) == ("C:/scans/001.jpg", 286, {"sha256": "AB12"})
    (found,) = scan.formats
    assert (found.key, found.name, found.version) == ("fmt/43", "JPEG File Interchange Format", "1.01")
    assert (found.media_type, found.basis, found.warning) == ("image/jpeg", "signature", None)


def test_folders_are_no_files() -> None:
    assert not parse_droid(rows(FOLDER), "droid.csv").files_by_name


def test_more_formats_of_a_file_follow_in_its_row() -> None:
    row = SCAN.replace(",1,", ",2,", 1).replace('"1.01"', '"1.01","fmt/44","image/jpeg","JPEG","1.02"')
    (scan,) = parse_droid(rows(row), "droid.csv").files_by_name["001.jpg"]
    assert [(one.key, one.version) for one in scan.formats] == [("fmt/43", "1.01"), ("fmt/44", "1.02")]


def test_an_export_with_one_row_per_format_is_the_same() -> None:
    second = SCAN.replace("fmt/43", "fmt/44").replace("1.01", "1.02")
    (scan,) = parse_droid(rows(SCAN, second), "droid.csv").files_by_name["001.jpg"]
    assert [(one.key, one.version) for one in scan.formats] == [("fmt/43", "1.01"), ("fmt/44", "1.02")]


def test_an_extension_that_does_not_fit_is_a_warning() -> None:
    (scan,) = parse_droid(rows(SCAN.replace("false", "true")), "droid.csv").files_by_name["001.jpg"]
    assert scan.formats[0].warning == "the extension does not fit the format"


def test_a_file_of_unknown_format_has_none() -> None:
    row = SCAN.replace('"fmt/43","image/jpeg","JPEG File Interchange Format","1.01"', ",,,").replace(
        ",1,", ",0,"
    )
    (scan,) = parse_droid(rows(row), "droid.csv").files_by_name["001.jpg"]
    assert scan.formats == ()


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", rows('"open'), b'ID,"'])
def test_other_texts_are_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(MaterialRefusedError) as refused:
        parse_report(data, "report.csv")
    (finding,) = refused.value.findings
    assert finding.code == "format.report-unreadable"
    assert "report.csv" in finding.message


def test_files_with_one_row_each_stay_apart() -> None:
    second = SCAN.replace("001.jpg", "002.jpg").replace('"286"', '"300"')
    found = parse_droid(rows(SCAN, second), "droid.csv").files_by_name
    assert [one.size_bytes for name in ("001.jpg", "002.jpg") for one in found[name]] == [286, 300]

"""Files of a package are found in a report about a whole collection, or are reported as not found."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.formats.model import FormatReport, IdentifiedFormat, ReportedFile
from archtool.operations.formats.report_matching import MatchedReport

DATA = b"a scan"
RECORD = FileRecord("data/scans/001.jpg", len(DATA), (digest_bytes(Algorithm.SHA512, DATA),))
JPEG, TIFF = (IdentifiedFormat(key, key) for key in ("fmt/43", "fmt/353"))


def search(*files: ReportedFile, root: str | None = None) -> tuple[ReportedFile | None, list[str]]:
    report = FormatReport.of("sf.json", "siegfried", files)
    matched = MatchedReport(report, Path(root) if root is not None else None)
    return matched.find(RECORD), [finding.code for finding in matched.findings]


def scan(path: str, size: int | None = len(DATA), **digests: str) -> ReportedFile:
    return ReportedFile(path, size, (JPEG,), digests)


@pytest.mark.parametrize(
    "path",
    [
        "scans/001.jpg",
        "./scans/001.jpg",
        "/archive/letters/scans/001.jpg",
        "C:/letters/scans/001.jpg",
        "001.jpg",
    ],
)
def test_a_file_is_found_by_the_end_of_its_path(path: str) -> None:
    found, codes = search(scan(path), scan("other/001.jpg"), scan("scans/002.jpg"))
    assert (found, codes) == (scan(path), [])


def test_a_file_in_the_folder_of_the_sources_is_preferred_to_files_of_the_same_name() -> None:
    mine, other = (
        scan("/letters/b/scans/001.jpg"),
        ReportedFile("/letters/a/scans/001.jpg", len(DATA), (TIFF,)),
    )
    assert search(other, mine, root="/letters/b") == (mine, [])
    assert search(other, mine) == (None, ["format.not-reported"])


def test_copies_with_one_format_need_no_choice() -> None:
    found, codes = search(scan("/a/scans/001.jpg"), scan("/b/scans/001.jpg"))
    assert found is not None
    assert codes == []


@pytest.mark.parametrize("file", [scan("scans/001.jpg", 7), scan("scans/001.jpg", sha512="ab")])
def test_a_report_about_other_bytes_is_not_used(file: ReportedFile) -> None:
    assert search(file) == (None, ["format.report-outdated"])


def test_a_digest_in_capitals_is_the_same_digest() -> None:
    digest = digest_bytes(Algorithm.SHA512, DATA).hex.upper()
    assert search(scan("scans/001.jpg", sha512=digest))[1] == []


def test_a_digest_that_the_package_does_not_have_is_not_compared() -> None:
    assert search(scan("scans/001.jpg", md5="ab"))[1] == []


def test_a_file_that_is_not_reported_is_a_finding() -> None:
    assert search(scan("other/001.jpg"), scan("prescans/001.jpg")) == (None, ["format.not-reported"])

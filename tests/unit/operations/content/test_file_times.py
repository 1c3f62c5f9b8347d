"""The list of the times that the payload files arrived with."""

from __future__ import annotations

import pytest

from archtool.files.hashing.file_record import FileRecord
from archtool.operations.content.file_times import format_file_times, parse_file_times
from archtool.operations.limits import MAX_LIST_FAULTS

RECORDS = [
    FileRecord("data/letter.txt", 1, (), 479019967_123456789),
    FileRecord("data/a%b\nc.txt", 1, (), -1_500_000_000),
    FileRecord("data/odd", 1, (), 2**80),
]
TEXT = """\
1969-12-31T23:59:58.5Z  data/a%25b%0Ac.txt
1985-03-07T05:06:07.123456789Z  data/letter.txt
-  data/odd
"""


def test_the_lines_have_the_form_and_the_order_of_a_manifest() -> None:
    assert format_file_times(RECORDS) == TEXT


def test_the_times_are_read_back() -> None:
    file_times = parse_file_times(TEXT.encode(), 3)
    assert file_times.findings == ()
    assert file_times.times_ns == {
        "data/letter.txt": 479019967_123456789, "data/a%b\nc.txt": -1_500_000_000, "data/odd": None
    }  # fmt: skip
    assert list(file_times.check_complete([record.path for record in RECORDS])) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1985-03-07T05:06:07Z data/x\n", "not a time and a path"),
        (b"1985-03-07T05:06:07Z  \n", "not a time and a path"),
        (b"yesterday  data/x\n", "not a time and a path"),
        (b"\n", "not a time and a path"),
        (b"-  data/x\n-  data/x\n", "a second line for data/x"),
        (b"-  data/x", "the last line has no end"),
    ],
)
def test_a_malformed_line_is_reported(data: bytes, message: str) -> None:
    findings = parse_file_times(data, 9).findings
    assert [finding.code for finding in findings] == ["content.file-times-differ"]
    assert message in findings[0].message


def test_files_without_a_line_and_lines_without_a_file_are_reported() -> None:
    file_times = parse_file_times(b"-  data/a\n-  data/b\n", 2)
    messages = [finding.message for finding in file_times.check_complete({"data/a": 1, "data/c": 1})]
    assert messages == ["data/b is in no payload manifest", "data/c has no line"]


def test_a_list_that_is_longer_than_the_payload_is_not_read() -> None:
    file_times = parse_file_times(b"\n" * 1_000_000, 2)
    assert [finding.message for finding in file_times.findings] == [
        "it has 1,000,000 lines for 2 payload files"
    ]
    assert file_times.times_ns == {}


def test_only_the_first_faults_of_a_long_list_are_reported() -> None:
    assert len(parse_file_times(b"x\n" * 50_000, 50_000).findings) == MAX_LIST_FAULTS
    listed = dict.fromkeys(map(str, range(5_000)))
    assert len(list(parse_file_times(b"", 9).check_complete(listed))) == MAX_LIST_FAULTS

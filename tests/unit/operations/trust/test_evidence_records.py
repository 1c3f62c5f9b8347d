"""Evidence records that cannot be read are findings, and the others are checked."""

from __future__ import annotations

from pathlib import Path

from archtool.files.tree import Tree
from archtool.operations.limits import MAX_RECORDS_BYTES
from archtool.operations.trust.evidence_records import FileDigests, read_records

FIRST, SECOND = "evidence/0001.ers", "evidence/0002.ers"


def test_records_that_are_too_large_together_are_not_read(tmp_path: Path) -> None:
    with Tree(tmp_path) as tree:
        read = read_records(tree, {FIRST: MAX_RECORDS_BYTES + 1, SECOND: 1, "evidence/notes.txt": 1})
    (finding,) = read.findings
    assert (finding.code, read.records) == ("evidence.unreadable", {})
    assert finding.place is not None
    assert finding.place.file == FIRST


def test_a_record_that_is_gone_or_damaged_is_reported_and_the_next_one_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / SECOND).write_bytes(b"no record")
    with Tree(tmp_path) as tree:
        read = read_records(tree, {FIRST: 9, SECOND: 9})
    assert [finding.place.file for finding in read.findings if finding.place is not None] == [FIRST, SECOND]


def test_a_file_that_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    (tmp_path / "bagit.txt").write_text("x")
    with Tree(tmp_path) as tree:
        digests = FileDigests(tree, {"bagit.txt": 1, "gone.txt": 1}, ())
        assert list(digests.for_algorithm("sha256")) == ["bagit.txt"]

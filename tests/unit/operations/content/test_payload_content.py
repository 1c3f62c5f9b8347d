"""Checks of payload files while they are read: their encoding, and the lines of annexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.description.model import (
    Annexe,
    AnnexeStatus,
    Description,
    OtherFile,
    Source,
    TranscriptionFile,
    Within,
)
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.tree import Tree
from archtool.operations.content.payload_content import PayloadChecks

TEXT = b"To the sections.\n***\nNote.\nEnd"
INNER = Annexe("Inner", AnnexeStatus.REPRODUCED, within=Within("letter.txt", 3, 3))
NOTE = Annexe("Note", AnnexeStatus.REPRODUCED, within=Within("letter.txt", 3), enclosures=(INNER,))
OWN = Annexe("Own", AnnexeStatus.REPRODUCED, file="own.txt")
LISTED = Annexe("Listed", AnnexeStatus.LISTED)


def description(*annexes: Annexe, encoding: str | None = None) -> Description:
    return Description(
        "Letter",
        Source(text="Cahiers."),
        (TranscriptionFile("letter.txt", encoding=encoding),),
        annexes=annexes,
        files=(OtherFile("a.png", "facsimile"),),
    )


def read_files(
    folder: Path, described: Description, **files: bytes
) -> tuple[PayloadChecks, dict[str, FileRecord]]:
    """Read the files as `pack` does."""
    checks, records = PayloadChecks(described, Algorithm.SHA256), {}
    for name, data in files.items():
        path = f"{name}.txt"
        (folder / path).write_bytes(data)
        with Tree(folder) as tree:
            record = hash_file(tree, path, [Algorithm.SHA256], checks.sinks(path))
        records[f"data/{path}"] = FileRecord(f"data/{path}", record.size_bytes, record.digests)
    return checks, records


def test_a_transcription_in_its_declared_encoding_has_no_findings(tmp_path: Path) -> None:
    checks, _ = read_files(tmp_path, description(), letter="été".encode())
    assert list(checks.findings()) == []


def test_a_transcription_in_another_encoding_is_reported_with_byte_and_line(tmp_path: Path) -> None:
    checks, _ = read_files(tmp_path, description(), letter="a\né".encode("cp1252"))
    (finding,) = checks.findings()
    assert finding.code == "payload.encoding"
    assert finding.message.startswith("letter.txt: byte 3 (line 2) is not utf-8: found 0xe9")


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    checks, _ = read_files(tmp_path, description(encoding="cp1252"), letter="é".encode("cp1252"))
    assert list(checks.findings()) == []


def test_a_facsimile_can_contain_any_bytes() -> None:
    checks = PayloadChecks(description(), Algorithm.SHA256)
    assert checks.sinks("a.png") == ()


def test_the_lines_of_an_annexe_are_found_and_digested(tmp_path: Path) -> None:
    checks, records = read_files(tmp_path, description(NOTE), letter=TEXT)
    assert checks.text_facts(NOTE, records) == {
        "file": "data/letter.txt",
        "size-bytes": len(TEXT),
        "digests": {"sha256": digest_bytes(Algorithm.SHA256, TEXT).hex},
        "lines": {
            "from-line": 3,
            "to-line": 4,
            "offset-bytes": 21,
            "size-bytes": 9,
            "digest": {"sha256": digest_bytes(Algorithm.SHA256, b"Note.\nEnd").hex},
        },
    }
    assert checks.text_facts(INNER, records)["lines"]["size-bytes"] == 6


def test_an_annexe_with_a_separate_file_has_no_lines(tmp_path: Path) -> None:
    checks, records = read_files(tmp_path, description(OWN), own=b"x")
    assert "lines" not in checks.text_facts(OWN, records)
    assert checks.text_facts(OWN, records)["file"] == "data/own.txt"


def test_an_annexe_without_a_text_has_no_facts() -> None:
    assert PayloadChecks(description(LISTED), Algorithm.SHA256).text_facts(LISTED, {}) == {}


@pytest.mark.parametrize(
    ("within", "message"),
    [
        (Within("letter.txt", 9), "annexe “Note” is declared from line 9, but letter.txt has 4 lines"),
        (
            Within("letter.txt", 3, 9),
            "annexe “Note” is declared from line 3 to 9, but letter.txt has 4 lines",
        ),
    ],
)
def test_lines_outside_a_file_are_reported_with_its_number_of_lines(
    tmp_path: Path, within: Within, message: str
) -> None:
    note = Annexe("Note", AnnexeStatus.REPRODUCED, within=within)
    checks, records = read_files(tmp_path, description(note), letter=TEXT)
    (finding,) = checks.findings()
    assert (finding.code, finding.message) == ("annexe.lines-outside", message)
    assert "lines" not in checks.text_facts(note, records)


def test_a_file_that_was_not_read_has_no_findings() -> None:
    checks = PayloadChecks(description(NOTE), Algorithm.SHA256)
    assert list(checks.findings(only=())) == []


def test_lines_can_be_in_a_file_that_is_not_a_transcription(tmp_path: Path) -> None:
    note = Annexe("Note", AnnexeStatus.REPRODUCED, within=Within("own.txt", 1))
    checks, records = read_files(tmp_path, description(note), own=b"\xff\n")
    assert list(checks.findings(only=("own.txt",))) == []
    assert checks.text_facts(note, records)["lines"]["size-bytes"] == 2


def test_a_range_that_ends_before_it_begins_is_not_compared_with_the_file(tmp_path: Path) -> None:
    backwards = Annexe("Backwards", AnnexeStatus.REPRODUCED, within=Within("letter.txt", 4, 2))
    checks, _ = read_files(tmp_path, description(backwards), letter=TEXT)
    assert list(checks.findings()) == []
    assert checks.span_of(backwards) is None


def test_a_single_line_without_words_is_called_one_line(tmp_path: Path) -> None:
    blank = Annexe("Blank", AnnexeStatus.REPRODUCED, within=Within("letter.txt", 2, 2))
    checks, _ = read_files(tmp_path, description(blank), letter=TEXT)
    (finding,) = (f for f in checks.findings() if f.code == "annexe.lines-blank")
    assert finding.message == "annexe “Blank”: line 2 of letter.txt has no words"

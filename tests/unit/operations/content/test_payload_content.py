"""What is seen in payload files while they are read: their encoding, and where annexes stand in them."""

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


def looked_at(folder: Path, said: Description, **files: bytes) -> tuple[PayloadChecks, dict[str, FileRecord]]:
    """Read these files as `pack` does."""
    look, records = PayloadChecks(said, Algorithm.SHA256), {}
    for name, data in files.items():
        path = f"{name}.txt"
        (folder / path).write_bytes(data)
        with Tree(folder) as tree:
            record = hash_file(tree, path, [Algorithm.SHA256], look.sinks(path))
        records[f"data/{path}"] = FileRecord(f"data/{path}", record.size_bytes, record.digests)
    return look, records


def test_a_transcription_in_its_encoding_is_fine(tmp_path: Path) -> None:
    look, _ = looked_at(tmp_path, description(), letter="été".encode())
    assert list(look.findings()) == []


def test_a_transcription_in_another_encoding_is_named_by_byte_and_line(tmp_path: Path) -> None:
    look, _ = looked_at(tmp_path, description(), letter="a\né".encode("cp1252"))
    (finding,) = look.findings()
    assert finding.code == "payload.encoding"
    assert finding.message.startswith("letter.txt: byte 3 (line 2) is not utf-8: found 0xe9")


def test_the_encoding_that_is_declared_is_the_one_that_counts(tmp_path: Path) -> None:
    look, _ = looked_at(tmp_path, description(encoding="cp1252"), letter="é".encode("cp1252"))
    assert list(look.findings()) == []


def test_a_facsimile_may_hold_any_bytes() -> None:
    look = PayloadChecks(description(), Algorithm.SHA256)
    assert look.sinks("a.png") == ()


def test_the_lines_of_an_annexe_are_found_and_digested(tmp_path: Path) -> None:
    look, records = looked_at(tmp_path, description(NOTE), letter=TEXT)
    assert look.text_facts(NOTE, records) == {
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
    assert look.text_facts(INNER, records)["lines"]["size-bytes"] == 6


def test_an_annexe_with_a_file_of_its_own_has_no_lines(tmp_path: Path) -> None:
    look, records = looked_at(tmp_path, description(OWN), own=b"x")
    assert "lines" not in look.text_facts(OWN, records)
    assert look.text_facts(OWN, records)["file"] == "data/own.txt"


def test_an_annexe_without_a_text_has_nothing_to_tell() -> None:
    assert PayloadChecks(description(LISTED), Algorithm.SHA256).text_facts(LISTED, {}) == {}


@pytest.mark.parametrize(
    ("within", "says"),
    [
        (Within("letter.txt", 9), "annexe “Note” from line 9, but letter.txt has 4 lines"),
        (Within("letter.txt", 3, 9), "annexe “Note” from line 3 to 9, but letter.txt has 4 lines"),
    ],
)
def test_lines_that_a_file_does_not_have_are_named_with_how_many_it_has(
    tmp_path: Path, within: Within, says: str
) -> None:
    note = Annexe("Note", AnnexeStatus.REPRODUCED, within=within)
    look, records = looked_at(tmp_path, description(note), letter=TEXT)
    (finding,) = look.findings()
    assert (finding.code, finding.message) == ("annexe.lines-outside", says)
    assert "lines" not in look.text_facts(note, records)


def test_nothing_is_said_of_a_file_that_was_not_read() -> None:
    look = PayloadChecks(description(NOTE), Algorithm.SHA256)
    assert list(look.findings(only=())) == []


def test_lines_can_stand_in_a_file_that_is_no_transcription(tmp_path: Path) -> None:
    note = Annexe("Note", AnnexeStatus.REPRODUCED, within=Within("own.txt", 1))
    look, records = looked_at(tmp_path, description(note), own=b"\xff\n")
    assert list(look.findings(only=("own.txt",))) == []
    assert look.text_facts(note, records)["lines"]["size-bytes"] == 2

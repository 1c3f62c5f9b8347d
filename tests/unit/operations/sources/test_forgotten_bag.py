"""A description of a bag's payload that is checked without the bag: one finding names the bag."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.operations.describe.load_description import DescribedDocument, read_description
from unit.operations.sources.source_folders import HEAD, ONE, brief, survey_of, surveyed


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A bag with one letter."""
    bag = tmp_path / "gift"
    (bag / "data/scans").mkdir(parents=True)
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "data/letter.txt").write_text("To the sections.\n")
    (bag / "data/scans/1.tif").write_text("II*")
    return bag


def described_as(path: Path, text: str = ONE) -> DescribedDocument:
    path.write_text(text)
    described = read_description(path)
    assert isinstance(described, DescribedDocument)
    return described


def test_a_description_beside_a_bag_is_to_be_used_with_the_bag(bag: Path) -> None:
    (finding,) = survey_of(described_as(bag.parent / "gift.description.yaml")).findings
    message = "none of the declared files is beside the description: they seem to be the payload of a bag"
    assert finding.message == message
    assert (finding.code, finding.hint) == ("payload.missing", f"use --from-bag {bag}")


def test_an_archive_of_a_bag_is_named_by_its_description(tmp_path: Path) -> None:
    (tmp_path / "gift.zip").write_bytes(b"PK")
    (finding,) = survey_of(described_as(tmp_path / "gift.zip.description.yaml")).findings
    assert finding.hint == f"use --from-bag {tmp_path / 'gift.zip'}"


def test_a_bag_is_recognised_by_the_declared_files_in_it(bag: Path) -> None:
    (finding,) = surveyed(
        bag.parent, HEAD + "transcription: [{ file: letter.txt }, { file: no.txt }]\n"
    ).findings
    assert finding.hint == f"use --from-bag {bag}"


def test_a_bag_is_not_the_folder_of_its_payload(bag: Path) -> None:
    (finding,) = survey_of(described_as(bag.parent / "a.yaml"), bag).findings
    assert finding.hint == f"use --from-bag {bag} instead of --files"


def test_a_bag_with_other_files_is_not_meant(bag: Path) -> None:
    found = surveyed(bag.parent, HEAD + "transcription: note.txt\nleft-out: [gift]\n").findings
    assert ("payload.missing", "note.txt is declared but does not exist") in brief(found)


def test_files_that_exist_are_checked_although_a_bag_has_the_same_names(bag: Path) -> None:
    (bag.parent / "letter.txt").write_text("To the sections.\n")
    assert "payload.undeclared" in [f.code for f in surveyed(bag.parent).findings]


def test_an_item_without_a_name_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    described = described_as(tmp_path / "description.yaml", ONE + "tag-files: [nix.txt]\n")
    assert survey_of(described).findings == ()

"""`archtool verify` with less reading or reporting never claims more than it checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool
from packages import make_package


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A package whose letter has other bytes of the same length."""
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").write_text("To the sectionz.\n")
    return package


@pytest.mark.parametrize(("option", "verdict"), [("--complete", "complete"), ("--fast", "not-read")])
def test_a_bag_that_was_not_read_is_never_valid(damaged: Path, option: str, verdict: str) -> None:
    seen = archtool("verify", damaged, option, "--json")
    assert (seen.code, seen.objects[0]["verdict"]["bag"]) == (0, verdict)
    assert archtool("verify", damaged).code == 1


def test_complete_reads_the_tag_files_and_no_payload(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (result,) = archtool("verify", package, "--complete", "--json").objects
    assert result["facts"]["checked"]["files"] == result["facts"]["tag_files"] - 1  # all but the tag manifest
    (package / "VERIFY.txt").write_text("changed")
    assert archtool("verify", package, "--complete", "--json").codes == ["fixity.digest-mismatch"]


@pytest.mark.parametrize("option", ["--complete", "--fast"])
def test_a_missing_file_is_found_without_reading(damaged: Path, option: str) -> None:
    (damaged / "data" / "letter.txt").unlink()
    seen = archtool("verify", damaged, option, "--json")
    assert (seen.code, seen.objects[0]["verdict"]["bag"]) == (1, "incomplete")


def test_a_wrong_size_is_found_without_reading(damaged: Path) -> None:
    (damaged / "data" / "letter.txt").write_text("short")
    assert "oxum.differs" in archtool("verify", damaged, "--fast", "--json").codes


def test_fast_compares_no_file_with_a_digest(damaged: Path) -> None:
    (result,) = archtool("verify", damaged, "--fast", "--json").objects
    assert result["facts"]["checked"] == {"files": 0, "bytes": 0}
    assert result["facts"]["depth"] == "fast"


def test_two_depths_at_once_are_refused(damaged: Path) -> None:
    assert archtool("verify", damaged, "--fast", "--complete").code == 2


@pytest.mark.parametrize("name", ["fixity.digest-mismatch", "fixity"])
def test_an_ignored_finding_is_not_counted_but_still_decides_the_verdict(damaged: Path, name: str) -> None:
    seen = archtool("verify", damaged, "--ignore", name, "--json")
    (result,) = seen.objects
    assert (seen.code, result["findings"], result["set_aside"]) == (0, [], 1)
    assert result["verdict"]["bag"] == "invalid"
    assert "1 finding set aside" in archtool("verify", damaged, "--ignore", name).out


def test_only_the_requested_findings_are_reported(damaged: Path) -> None:
    (damaged / "data" / "more.txt").write_text("x")
    seen = archtool("verify", damaged, "--only", "complete", "--json")
    assert seen.codes == ["complete.file-unlisted"]
    assert seen.objects[0]["set_aside"] >= 2


def test_a_misspelt_code_is_refused(damaged: Path) -> None:
    seen = archtool("verify", damaged, "--ignore", "fixity.digest-mismach")
    assert seen.code == 2
    assert "did you mean `fixity.digest-mismatch`?" in seen.err

"""The details that the attestation of a repair states."""

from __future__ import annotations

from archtool.operations.repair.after import claim_details
from archtool.operations.repair.limits import MAX_DETAIL_CHARACTERS
from archtool.operations.repair.model import BadFile, FileState


def test_few_files_are_all_named() -> None:
    details = claim_details([_file("data/a.txt"), _file("data/b.txt")], ["/second/letters"])
    assert details == {
        "restored": "2 files: damaged or missing, now as listed",
        "files": "data/a.txt, data/b.txt",
        "source": "/second/letters",
    }


def test_of_many_files_the_first_are_named_and_the_others_counted() -> None:
    details = claim_details([_file(f"data/{number:06}.txt") for number in range(5_000)], ["/second"])
    assert len(details["files"]) < MAX_DETAIL_CHARACTERS + 30
    named = details["files"].count("data/")
    assert details["files"].endswith(f" and {5_000 - named:,} more")


def _file(path: str) -> BadFile:
    return BadFile(path, path, (), FileState.DAMAGED)

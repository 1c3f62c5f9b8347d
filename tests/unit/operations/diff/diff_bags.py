"""Builders for the tests of `diff`: they write pairs of small bags, compare them and list the differences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archtool.operations.diff.compare import DiffRequest, diff
from archtool.results import Result
from unit.bagit.bag_builders import NOW, bag_files, with_tag_manifest, write_bag

LETTERS = {"data/letter.txt": b"To the sections.\n", "data/reply.txt": b"To the bureau.\n"}
INFO = "Source-Organization: Archive\nTitle: Letters\n"


def write_letters(root: Path, payload: Mapping[str, bytes] | None = None, **options: Any) -> Path:
    """Write a valid foreign bag with this payload, by default with two letters."""
    files = bag_files(LETTERS if payload is None else payload, **{"info": INFO, **options})
    return write_bag(root, with_tag_manifest(files))


def compare(one: Path, other: Path, **options: Any) -> Result:
    return diff(DiffRequest(one, other, NOW, **options))


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def payload_codes(result: Result) -> list[str]:
    """Return the codes of the findings, without those about metadata."""
    return [code for code in codes(result) if not code.startswith("diff.metadata")]


def compare_payloads(
    tmp_path: Path, one: Mapping[str, bytes], other: Mapping[str, bytes], **options: Any
) -> Result:
    """Compare two bags that differ only in their payload."""
    return compare(write_letters(tmp_path / "one", one), write_letters(tmp_path / "other", other), **options)

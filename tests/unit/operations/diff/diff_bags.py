"""Pairs of small bags for the tests of `diff`: written to disk, compared, and asked what differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archtool.operations.diff.compare import DiffRequest, diff
from archtool.results import Result
from unit.bagit.bag_builders import NOW, bag_files, with_tag_manifest, write_bag

LETTERS = {"data/letter.txt": b"To the sections.\n", "data/reply.txt": b"To the bureau.\n"}
INFO = "Source-Organization: Archive\nTitle: Letters\n"


def written(root: Path, payload: Mapping[str, bytes] | None = None, **said: Any) -> Path:
    """A sound foreign bag of these letters."""
    files = bag_files(LETTERS if payload is None else payload, **{"info": INFO, **said})
    return write_bag(root, with_tag_manifest(files))


def compared(one: Path, other: Path, **asked: Any) -> Result:
    return diff(DiffRequest(one, other, NOW, **asked))


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def payload_codes(result: Result) -> list[str]:
    """What is said of the payload, the manifests' and the oxum's own changes put aside."""
    return [code for code in codes(result) if not code.startswith("diff.metadata")]


def payload_of(tmp_path: Path, one: Mapping[str, bytes], other: Mapping[str, bytes], **asked: Any) -> Result:
    """Two bags that differ in their payload only, compared."""
    return compared(written(tmp_path / "one", one), written(tmp_path / "other", other), **asked)

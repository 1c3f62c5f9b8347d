"""Builders of source folders with a description, and their surveys."""

from __future__ import annotations

from pathlib import Path

from archtool.findings import Finding
from archtool.operations.describe.load_description import DescribedDocument, read_description
from archtool.operations.sources.survey import Survey, open_sources, survey_sources
from packages import write_description

HEAD = "archtool: 1\ntitle: Letter\nsource: Cahiers.\nrights: { original: UND }\n"
ONE = HEAD + "transcription: letter.txt\n"


def described_in(folder: Path, text: str = ONE) -> DescribedDocument:
    """Write a valid description into a folder and read it."""
    described = read_description(write_description(folder, text))
    assert isinstance(described, DescribedDocument), described.findings
    return described


def surveyed(folder: Path, text: str = ONE, root: Path | None = None) -> Survey:
    return survey_of(described_in(folder, text), root)


def survey_of(described: DescribedDocument, root: Path | None = None) -> Survey:
    with open_sources(described, root) as tree:
        return survey_sources(described, tree, tree.root)


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return code and message of every finding."""
    return [(finding.code, finding.message) for finding in findings]

"""The history of the files beside the transcription: their subjects, and what they were made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtool.description.model import OtherFile
from unit.provenance.rakovsky_case import TEXT, appeal, file_record, history_of

FILES = (file_record(TEXT), file_record("a.png"))


def sources_of(role: str, **stated: str) -> list[tuple[str, str]]:
    """Return what the other file was made from, and how."""
    described = replace(appeal(), files=(OtherFile("a.png", role, id="scan", **stated),))
    history = history_of(described, files=FILES)
    return [(d.source, d.kind) for d in history.derivations if d.entity == "scan"]


@pytest.mark.parametrize(
    ("role", "stated", "sources"),
    [
        ("facsimile", {"of": "balitsky-letter"}, [("balitsky-letter", "facsimile")]),
        ("derived", {"derived_from": "text"}, [("text", "derived")]),
        ("derived", {"derived_from": TEXT, "of": "text"}, [("text", "derived")]),
        ("permission", {"of": "balitsky-letter"}, []),
    ],
)
def test_a_file_was_made_from_its_subject_or_its_origin(
    role: str, stated: dict[str, str], sources: list[tuple[str, str]]
) -> None:
    assert sources_of(role, **stated) == sources

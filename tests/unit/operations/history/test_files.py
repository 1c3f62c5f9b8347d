"""How the files beside the transcription came to be: what they show, and what they were made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtool.description.model import OtherFile
from unit.provenance.rakovsky_case import TEXT, appeal, file_record, history_of

FILES = (file_record(TEXT), file_record("a.png"))


def sources_of(role: str, **said: str) -> list[tuple[str, str]]:
    """What the other file was made from, and how."""
    described = replace(appeal(), files=(OtherFile("a.png", role, id="scan", **said),))
    told = history_of(described, files=FILES)
    return [(d.source, d.kind) for d in told.derivations if d.entity == "scan"]


@pytest.mark.parametrize(
    ("role", "said", "sources"),
    [
        ("facsimile", {"of": "balitsky-letter"}, [("balitsky-letter", "facsimile")]),
        ("derived", {"derived_from": "text"}, [("text", "derived")]),
        ("derived", {"derived_from": TEXT, "of": "text"}, [("text", "derived")]),
        ("permission", {"of": "balitsky-letter"}, []),
    ],
)
def test_a_file_was_made_from_what_it_shows_or_was_derived_from(
    role: str, said: dict[str, str], sources: list[tuple[str, str]]
) -> None:
    assert sources_of(role, **said) == sources

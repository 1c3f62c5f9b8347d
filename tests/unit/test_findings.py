"""Findings are bounded in the length of their messages and in their number."""

from __future__ import annotations

from dataclasses import replace

from archtool.description.document.nodes import FindingCollector, TextPosition
from archtool.findings import (
    MAX_MESSAGE_CHARACTERS,
    MAX_OF_ONE_CODE_IN_CONTENT,
    FindingBound,
    Kind,
    Severity,
    bounded,
    has_errors,
)

ERROR = Kind("letter.lost", Severity.ERROR, "A letter is lost.", "look for it")
NOTE = Kind("letter.read", Severity.NOTE, "A letter was read.", "nothing")


def test_a_message_with_a_long_value_is_clipped_in_the_middle() -> None:
    finding = ERROR.at(f"begins {'x' * 1_000_000} ends", hint="h" * 5_000)
    assert len(finding.message) == MAX_MESSAGE_CHARACTERS
    assert finding.message.startswith("begins xxx")
    assert finding.message.endswith("xxx ends")
    assert " […] " in finding.message
    assert finding.hint is not None
    assert len(finding.hint) == MAX_MESSAGE_CHARACTERS


def test_a_long_replacement_message_is_clipped() -> None:
    assert len(replace(ERROR.at("short"), message="y" * 9_999).message) == MAX_MESSAGE_CHARACTERS


def test_findings_above_the_limit_of_a_code_are_counted() -> None:
    findings = [*(ERROR.at(str(n)) for n in range(8)), *(NOTE.at(str(n)) for n in range(3))]
    kept = list(bounded(findings, 5))
    assert [f.message for f in kept] == ["0", "1", "2", "3", "4", "0", "1", "2", "and 3 more of this kind"]
    assert (kept[-1].code, kept[-1].severity) == (ERROR.code, Severity.ERROR)


def test_findings_of_many_sources_are_bounded_together() -> None:
    bound = FindingBound(3)
    kept = [f for source in range(4) for f in bound.kept(ERROR.at(f"{source}") for _ in range(2))]
    assert len(kept) == 3
    assert [f.message for f in bound.others()] == ["and 5 more of this kind"]


def test_findings_of_a_description_are_bounded_and_an_error_among_many_notes_is_kept() -> None:
    complaints = FindingCollector("s", [])
    for line in range(1, MAX_OF_ONE_CODE_IN_CONTENT + 501):
        complaints.add(NOTE, f"line {line}", TextPosition(line, 1))
    complaints.add(ERROR, "one", TextPosition(1, 2))
    assert len(complaints.findings) == MAX_OF_ONE_CODE_IN_CONTENT + 2
    assert complaints.findings[-2].message == "and 500 more of this kind"
    assert has_errors(complaints)

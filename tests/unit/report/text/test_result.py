"""Findings and results are formatted as lines of text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from archtool.findings import Finding, Kind, Severity
from archtool.report.text.result import (
    MAX_SHOWN_OF_AUTHOR,
    MAX_SHOWN_PER_CODE,
    format_attestations,
    format_check_summary,
    format_findings,
    format_pack_summary,
    format_planned_files,
)
from archtool.results import Result

BAD = Kind("payload.missing", Severity.ERROR, "A file is not there.", "put it there")
DOUBTFUL = Kind("payload.empty", Severity.WARNING, "A file is empty.", "check it")
KNOWN = Kind("payload.system-file", Severity.NOTE, "It was left out.", "declare it")


def result(*findings: Finding, **facts: Any) -> Result:
    verdict = {"bag": "valid", "content": "consistent", "trust": "not-asked"}
    return Result("archtool/verify/1", "letters", findings, verdict, facts)


def test_a_finding_shows_its_place_message_code_and_hint() -> None:
    assert list(format_findings([BAD.at("a.txt is not there", "letter.yaml", 3, 7)])) == [
        "  error letter.yaml:3:7: a.txt is not there [payload.missing]",
        "        hint: put it there",
    ]


def test_a_finding_without_a_place_begins_with_its_message() -> None:
    assert next(format_findings([BAD.at("nothing is there")])) == "  error nothing is there [payload.missing]"


def test_errors_come_first_and_notes_last_and_without_a_hint() -> None:
    lines = list(format_findings([KNOWN.at("c"), DOUBTFUL.at("b"), BAD.at("a")]))
    assert lines == [
        "  error a [payload.missing]",
        "        hint: put it there",
        "warning b [payload.empty]",
        "        hint: check it",
        "   note c [payload.system-file]",
    ]


def test_each_finding_is_followed_by_its_hint_and_findings_in_a_row_by_the_one_that_they_share() -> None:
    found = [BAD.at("a"), BAD.at("b", hint="did you mean `c`?"), BAD.at("d"), BAD.at("e")]
    assert list(format_findings(found)) == [
        "  error a [payload.missing]",
        "        hint: put it there",
        "  error b [payload.missing]",
        "        hint: did you mean `c`?",
        "  error d [payload.missing]",
        "  error e [payload.missing]",
        "        hint for these 2: put it there",
    ]


def test_the_example_in_a_hint_keeps_its_lines_and_their_indentation() -> None:
    hint = "for instance:\ncreators:\n  - { name: Rakovsky, role: author }"
    assert list(format_findings([BAD.at("a", hint=hint)]))[1:] == [
        "        hint: for instance:",
        "                creators:",
        "                  - { name: Rakovsky, role: author }",
    ]


def test_more_findings_are_shown_about_what_the_author_wrote() -> None:
    kind = replace(BAD, code="description.date")
    lines = list(format_findings([kind.at(f"a{i}") for i in range(MAX_SHOWN_OF_AUTHOR + 3)]))
    assert len(lines) == MAX_SHOWN_OF_AUTHOR + 2
    assert lines[-1] == "        … and 3 more of description.date (--json lists them all)"


def test_only_the_first_findings_of_one_code_are_shown() -> None:
    lines = list(format_findings([BAD.at(f"a{i}") for i in range(MAX_SHOWN_PER_CODE + 1204)]))
    assert len(lines) == MAX_SHOWN_PER_CODE + 2
    assert lines[-1] == "        … and 1,204 more of payload.missing (--json lists them all)"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_window_and_continuation_lines_are_indented(width: int) -> None:
    lines = list(format_findings([BAD.at("many words " * 20, "letter.yaml", hint="more words " * 20)], width))
    assert max(map(len, lines)) <= width
    assert all(line.startswith(" " * 8) for line in lines[1:])


def test_control_characters_in_a_finding_are_escaped() -> None:
    finding = BAD.at("a\x1b[2J", "b\x9b", hint="did you mean `c\x1b[2J`?")
    assert list(format_findings([finding])) == [
        "  error b\\u009b: a\\u001b[2J [payload.missing]",
        "        hint: did you mean `c\\u001b[2J`?",
    ]


def test_no_break_spaces_in_a_message_are_kept() -> None:
    (line, _) = format_findings([BAD.at("annexe “«\u00a0Pensées\u00a0»\n” is lost")])
    assert "annexe “«\u00a0Pensées\u00a0» ” is lost" in line


def attested(**changes: Any) -> dict[str, Any]:
    """The facts of one attestation with one good signature."""
    signature = {"is_good": True, "principals": [], "trusted_by": None, "key": "SHA256:abc", "reason": None}
    facts = {
        "path": "attestations/0001-packaging", "event": "packaging", "beside": False, "details": {},
        "claimed_at": "2026-11-22T12:00:00+00:00", "head": None,
    }  # fmt: skip
    return facts | {"signatures": [signature | {"claims_to_be": ["archivist@example.org"]} | changes]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"principals": ["a@b"], "trusted_by": "list:1"}, "good signature by a@b, trusted by list:1"),
        ({"is_good": False, "reason": "altered"}, "signature BROKEN: altered"),
        ({"reason": "not listed"},
         "good signature by key SHA256:abc, claimed to belong to archivist@example.org; not listed"),
        ({"claims_to_be": []},
         "good signature by key SHA256:abc; not checked against an allowed_signers file (use --trust)"),
    ],
)  # fmt: skip
def test_a_signature_is_shown_with_its_trust(changes: dict[str, Any], expected: str) -> None:
    lines = list(format_attestations(result(attestations=[attested(**changes)])))
    assert lines[0] == "        0001-packaging: dated 2026-11-22T12:00:00Z by its signer"
    assert " ".join(" ".join(lines[1:]).split()) == expected
    assert lines[1].startswith(" " * 10 + expected[:9])


def test_an_attestation_shows_its_sidecar_its_parties_and_that_it_is_not_signed() -> None:
    facts = attested() | {"beside": True, "details": {"from": "A\x1b", "to": "B"}, "signatures": []}
    lines = list(format_attestations(result(attestations=[facts])))
    assert lines == [
        "        0001-packaging (in the sidecar): dated 2026-11-22T12:00:00Z by its",
        "          signer, from A\\u001b to B",
        "          NOT SIGNED",
    ]
    del facts["claimed_at"]
    first, *_ = format_attestations(result(attestations=[facts]))
    assert first == "        0001-packaging (in the sidecar): its statement cannot be read"


def test_a_result_without_attestations_names_no_signer() -> None:
    assert list(format_attestations(result())) == []


def packed(**changes: Any) -> Result:
    facts = {
        "title": "Letter of\nthe bureau\n",
        "package": "letters",
        "dry_run": False,
        "algorithms": ["sha512", "sha256"],
        "tag_algorithms": ["sha512", "sha256"],
        "profile": None,
        "cms_signer": None,
        "stamped_by": None,
        "signers": [],
        "payload": [{"path": "data/a\x1b.txt", "size_bytes": 5}],
    }
    return result(**(facts | changes))


def test_a_new_package_is_summarised() -> None:
    assert list(format_pack_summary(packed(), 0.04)) == [
        "packed Letter of the bureau",
        "  package    letters",
        "  manifests  sha512, sha256",
        "  signature  none (use --sign KEY)",
        "1 payload file · 5 bytes · 0 warnings · 0.0 s",
    ]


def test_a_package_for_a_profile_names_it_and_its_manifests() -> None:
    made = packed(profile="https://example.org/p\x1b.json", tag_algorithms=["sha512"])
    assert [*format_pack_summary(made, 0)][2:4] == [
        "  manifests  sha512, sha256; of tag files sha512",
        "  profile    https://example.org/p\\u001b.json",
    ]


def test_lines_to_copy_in_a_hint_keep_their_blanks() -> None:
    hint = "add to the description:\nbag-info:\n  Contact-Email: \x1bVALUE"
    finding = Kind("profile.label-missing", Severity.ERROR, "", "", None).at("a", hint=hint)
    assert [*format_findings([finding])][1:] == [
        "        hint: add to the description:",
        "                bag-info:",
        "                  Contact-Email: \\u001bVALUE",
    ]


def test_a_dry_run_shows_would_pack_and_the_signer() -> None:
    signers = [{"principal": "a@b", "key_type": "ssh-ed25519", "key": "SHA256:abc"}]
    lines = list(format_pack_summary(packed(dry_run=True, signers=signers), 0))
    assert lines[0] == "would pack Letter of the bureau"
    assert lines[3] == "  signed by  a@b (ssh-ed25519 SHA256:abc)"


def test_planned_files_are_listed_with_their_sizes() -> None:
    assert list(format_planned_files(packed())) == ["  data/a\\u001b.txt  5 bytes"]


@pytest.mark.parametrize(
    ("findings", "facts", "expected"),
    [
        ((), {"files": 2, "bytes": 17}, "can be packed: 0 errors · 0 warnings · 2 files read · 17 bytes"),
        (
            (DOUBTFUL.at("a"),),
            {"files": 0, "bytes": 0},
            "can be packed: 0 errors · 1 warning · 0 files read · 0 bytes",
        ),
        (
            (BAD.at("a"),),
            {"files": 1, "bytes": 1},
            "cannot be packed yet: 1 error · 0 warnings · 1 file read · 1 byte",
        ),
        ((BAD.at("a"),), {"files": 0}, "cannot be packed yet: 1 error · 0 warnings · no files read"),
    ],
)
def test_a_check_is_summarised(findings: tuple[Finding, ...], facts: dict[str, Any], expected: str) -> None:
    assert format_check_summary(result(*findings, **facts)) == expected

"""Every answer of a check has words on the page, and every kind of signature is told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from archtool.report.package_page.format_page import format_page
from archtool.report.package_page.limits import MAX_ATTESTATIONS
from archtool.report.package_page.model import Asked, PackagePage
from archtool.results import Result
from unit.report.views import everything, view

MADE_AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
VERDICT = {"bag": "valid", "content": "consistent", "trust": "trusted"}
SIGNATURE: dict[str, Any] = {
    "path": "attestations/0001-packaging/a.sig",
    "is_good": True,
    "key": "SHA256:abc",
    "key_type": "ssh-ed25519",
    "claims_to_be": ["a@example.org"],
    "principals": [],
    "trusted_by": None,
    "reason": None,
    "proved_at": None,
    "timestamped_by": None,
    "proved_by": None,
    "timestamp": None,
    "certificate": None,
}


def attestation(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "path": f"attestations/{number:04}-packaging",
        "event": "packaging",
        "number": number,
        "head": None,
        "beside": False,
        "claimed_at": "2026-11-22T12:00:00+00:00",
        "claimants": ["a@example.org"],
        "software": "archtool 1",
        "note": None,
        "details": {},
        "signatures": [{**SIGNATURE, **changes}],
    }


RECORD: dict[str, Any] = {
    "path": "evidence/0001.ers", "proved_at": None, "says": None, "covers": 12, "timestamps": 2,
    "authority": "TSA", "good_until": "2040-01-01T00:00:00+00:00", "reason": None,
}  # fmt: skip


def page(verdict: dict[str, str] | None = None, *attestations: dict[str, Any], **changes: Any) -> PackagePage:
    facts = {"attestations": list(attestations), "checked": {"files": 3, "bytes": 100}, "head": None}
    result = Result("archtool/verify/1", "package", (), {**VERDICT, **(verdict or {})}, facts)
    made = PackagePage(
        "package", view(everything()), result, Asked(), MADE_AT, is_date_given=False, version="1.0"
    )
    return replace(made, **changes)


def tree_of(made: PackagePage) -> html.HtmlElement:
    return html.fromstring("".join(format_page(made)))


def text_of(made: PackagePage) -> str:
    return " ".join(tree_of(made).text_content().split())


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ({"bag": "valid"}, "✓ complete and unchanged"),
        ({"bag": "incomplete"}, "✗ incomplete"),
        ({"bag": "invalid"}, "✗ not as it was packed"),
        ({"bag": "unreadable"}, "✗ not readable"),
        ({"content": "inconsistent"}, "✗ contradictory"),
        ({"content": "unreadable"}, "✗ not checked"),
        ({"trust": "untrusted"}, "! by no trusted signer"),
        ({"trust": "unsigned"}, "! none"),
        ({"trust": "broken"}, "✗ broken"),
        ({"trust": "unreadable"}, "✗ not checked"),
        ({"policy": "met"}, "✓ met"),
        ({"policy": "not-met"}, "! not met"),
        ({"profile": "met"}, "✓ met"),
        ({"profile": "not-met"}, "✗ not met"),
    ],
)
def test_each_answer_has_a_sign_and_words(verdict: dict[str, str], words: str) -> None:
    assert words in text_of(page(verdict))


def test_a_bad_answer_is_followed_by_a_warning_at_the_top() -> None:
    warning = "What is shown below may not be what was packed."
    assert warning in text_of(page({"content": "inconsistent"}))
    assert warning not in text_of(page())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_good": False, "reason": "the bytes differ"}, "✗ broken signature: the bytes differ"),
        ({"key": None, "key_type": None, "is_good": False}, "✗ broken signature: it is not valid"),
        ({"trusted_by": "/home/a/keys:7", "principals": ["a@example.org"]}, "names a@example.org (line 7)"),
        (
            {"certificate": {"key_id": "anna <b>", "authority": "SHA256:ca"}},
            "with the certificate anna <b> of the authority SHA256:ca",
        ),
        ({"reason": "the key was revoked"}, "signer not checked: the key was revoked"),
        (
            {"proved_at": "2026-11-23T12:00:00+00:00", "timestamped_by": "TSA", "proved_by": "x"},
            "✓ existed at 2026-11-23 12:00 UTC: proved by TSA",
        ),
        (
            {"timestamp": {"says": "2026-11-23T12:00:00+00:00", "authority": None, "reason": "expired"}},
            "dated 2026-11-23 12:00 UTC by an unnamed authority, not proved: expired",
        ),
    ],
)
def test_each_kind_of_signature_is_told_apart(changes: dict[str, Any], words: str) -> None:
    assert words in text_of(page(None, attestation(**changes)))


def test_the_place_of_the_list_of_trusted_keys_is_not_published() -> None:
    made = page(None, attestation(trusted_by="/home/anna/keys:7", principals=["a@example.org"]))
    assert "anna" not in "".join(format_page(made))


def test_an_attestation_without_a_readable_statement_says_so() -> None:
    unreadable = attestation()
    for key in ("claimed_at", "claimants", "software", "note", "details"):
        del unreadable[key]
    assert "✗ Its statement cannot be read." in text_of(page(None, unreadable))


def test_of_many_attestations_the_first_and_the_newest_are_shown() -> None:
    several = [attestation(number) for number in range(1, MAX_ATTESTATIONS + 51)]
    made = page(None, *several)
    assert f"The first and the newest of {MAX_ATTESTATIONS + 50} attestations." in text_of(made)
    headings = tree_of(made).xpath("//section[@aria-labelledby='attestations']/h3")
    numbers = [int(one.text_content().partition(".")[0]) for one in headings]
    assert numbers == [1, *range(52, MAX_ATTESTATIONS + 51)]


def test_a_time_of_the_check_is_stated_unless_a_person_chose_the_date() -> None:
    assert "Checked on 2026-11-30 13:05 UTC by archtool 1.0: 3 files, 100 bytes read" in text_of(page())
    chosen = text_of(page(is_date_given=True))
    assert (
        "Checked by archtool 1.0: 3 files, 100 bytes read. The person who made this page dated it" in chosen
    )


def test_what_was_asked_is_not_among_what_was_not() -> None:
    all_of_it = Asked(
        keys=True, revoked=True, authorities=True, policy=True, head=True, profile="https://example.org/p",
        second_opinion=True, strict=True,
    )  # fmt: skip
    questions = "//section[@aria-labelledby='check']//li"
    assert len(tree_of(page(None, attestation())).xpath(questions)) == 8
    assert len(tree_of(page()).xpath(questions)) == 5  # without signatures fewer questions arise
    (last,) = tree_of(page(None, attestation(), asked=all_of_it)).xpath(questions)
    assert "whether what the description says about the document is true" in last.text_content()
    assert "warnings count as problems" in text_of(page(asked=all_of_it))


def test_a_package_without_a_citation_says_so() -> None:
    assert "The package has no citation that can be read." in text_of(page())


def test_every_text_of_a_full_description_is_on_the_page() -> None:
    text = text_of(page())
    described = everything()
    wanted = ["Torn at the edge.", "F. 17, op. 2", "typescript", "The sections", "Revised.", "Exile"]
    wanted += ["held by Heirs", "Asked in 2020.", "in copyright (InC)", "no. A/1"]
    wanted += [annexe.title for _, annexe in described.all_annexes()]
    wanted += [creator.agent.name for creator in described.creators]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"proved_at": "2026-11-23T12:00:00+00:00"},
            "✓ 12 files existed at 2026-11-23 12:00 UTC: proved by 2 times",
        ),
        ({"says": "2026-11-23T12:00:00+00:00"}, "dated 2026-11-23 12:00 UTC, not proved"),
        ({"reason": "a digest differs"}, "✗ not valid: a digest differs"),
    ],
)
def test_evidence_records_are_told_apart(changes: dict[str, Any], words: str) -> None:
    made = page(None, attestation())
    facts = {**made.result.facts, "evidence": [{**RECORD, **changes}]}
    assert words in text_of(replace(made, result=replace(made.result, facts=facts)))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "no time", "9999-12-31T23:59:59-12:00"])
def test_a_time_beyond_the_calendar_is_shown_as_it_is_written(at: str) -> None:
    assert f"dated {at} by the signer" in text_of(page(None, {**attestation(), "claimed_at": at}))

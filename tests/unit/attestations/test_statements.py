from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.attestations.limits import MAX_FAULTS
from archtool.attestations.statements.events import EVENT_TYPES
from archtool.attestations.statements.statement import (
    Claimant,
    EarlierAttestation,
    Software,
    Statement,
    Subject,
    statement_record,
)
from archtool.attestations.statements.statement_reader import (
    RULES,
    parse_statement,
    refuse_unreadable_statement,
)
from archtool.canonical_json import format_json
from archtool.errors import InputError, MaterialRefusedError
from budgets import examples
from unit.attestations.trust_builders import NOW, STATEMENT, fixed_key, make_package, sha512

STATEMENT_OF_TODAY = Statement(
    event="custody-transfer",
    event_type=EVENT_TYPES["custody-transfer"],
    claimed_at=NOW,
    subjects=(Subject("manifest-sha512.txt", sha512(b"manifest")),),
    claimants=(Claimant("archivist@example.org", fixed_key("a").public.fingerprint, "ssh-ed25519"),),
    software=Software("archtool", "1.0"),
    package="letters-1847",
    previous=(EarlierAttestation("0001-packaging", sha512(b"list")),),
    note="Handed over in person.",
    details={"from": "the bureau", "to": "the city archive"},
    extensions={"x-shelf": [1, 2]},
)


def text_of(statement: Statement) -> str:
    """Return the text of a statement's file."""
    return format_json(statement_record(statement))


def deep(levels: int) -> Any:
    """Return a list that is nested to the given depth."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def changed(*path: str | int, to: Any) -> bytes:
    """Return the statement's text with one value replaced, or removed if `to` is `...`."""
    value: Any = json.loads(text_of(STATEMENT_OF_TODAY))
    part = value
    for key in path[:-1]:
        part = part[key]
    if to is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return json.dumps(value).encode()


def test_a_statement_survives_a_round_trip() -> None:
    text = text_of(STATEMENT_OF_TODAY)
    assert parse_statement(text.encode(), "s") == STATEMENT_OF_TODAY
    assert text_of(parse_statement(text.encode(), "s")) == text


@given(
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50),
    st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), st.just("v"), max_size=4),
)
def test_any_note_time_and_details_survive_a_round_trip(
    note: str | None, moment: datetime, details: dict[str, str]
) -> None:
    at = moment.replace(microsecond=0, tzinfo=UTC)
    statement = replace(
        STATEMENT_OF_TODAY, note=note, claimed_at=at, details=details | {"from": "a", "to": "b"}
    )
    assert parse_statement(text_of(statement).encode(), "s") == statement


def test_a_statement_is_written_in_utc() -> None:
    at = NOW.astimezone(timezone(timedelta(hours=5)))
    assert '"claimedAt": "2026-11-22T12:00:00Z"' in text_of(replace(STATEMENT_OF_TODAY, claimed_at=at))


def test_a_statement_has_the_form_of_in_toto() -> None:
    value = json.loads(make_package().attest().files[STATEMENT])
    assert value["_type"] == "https://in-toto.io/Statement/v1"
    assert value["predicateType"] == "urn:archtool:attestation:packaging:1"
    assert value["subject"][0]["name"] == "manifest-sha512.txt"
    assert value["predicate"]["eventType"] == "http://id.loc.gov/vocabulary/preservation/eventType/ipc"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (changed("_type", to="https://in-toto.io/Statement/v2"), "at _type: "),
        (changed("subject", to=[]), "at subject: "),
        (changed("subject", 0, "digest", "sha512", to="00"), "at subject.0.digest.sha512: "),
        (changed("predicate", "event", to="Packaging"), "at predicate.event: "),
        (changed("predicate", "claimedAt", to="yesterday"), "at predicate.claimedAt: "),
        (changed("predicate", "claimedAt", to="2026-02-30T00:00:00Z"), "is not a valid date and time"),
        (changed("predicate", "claimedAt", to="2026-02-20T00:00:00Z\n"), "is not a valid date and time"),
        (changed("predicate", "package", to=...), "'package' is a required property"),
        (changed("predicate", "strange", to=1), "at predicate: 'strange' does not match"),
        (changed("predicate", "details", "from", to=...), "at predicate.details: 'from' is a required"),
        (changed("predicate", "details", "to", to=""), "at predicate.details.to: "),
        (changed("predicate", "details", to=...), "at predicate: 'details' is a required property"),
        (changed("predicate", "details", "a", to=1), "at predicate.details.a: "),
        (changed("predicate", "claimants", 0, "key", to="MD5:00"), "at predicate.claimants.0.key: "),
        (changed("extra", to=1), "at the top level: "),
        (changed("predicate", "eventType", to=EVENT_TYPES["repair"]), "does not match the event"),
        (changed("predicateType", to="urn:archtool:attestation:repair:1"), "does not match the event"),
        (
            changed("subject", to=json.loads(text_of(STATEMENT_OF_TODAY))["subject"] * 2),
            "named twice",
        ),
        (b"[]", "at the top level: "),
        (b"1", "at the top level: "),
    ],
)
def test_a_statement_that_breaks_its_schema_is_refused_with_the_place(data: bytes, complaint: str) -> None:
    with pytest.raises(MaterialRefusedError) as caught:
        parse_statement(data, "statement.json")
    assert complaint in caught.value.message
    assert {finding.code for finding in caught.value.findings} == {"attestation.statement-invalid"}


def test_every_fault_of_a_statement_is_reported_up_to_a_limit() -> None:
    value = json.loads(changed("predicate", "note", to=1))
    value["predicate"]["software"] = None
    with pytest.raises(MaterialRefusedError) as caught:
        parse_statement(json.dumps(value).encode(), "s")
    assert len(caught.value.findings) == 2
    value["predicate"]["claimants"] = [1] * (MAX_FAULTS * 2)
    with pytest.raises(MaterialRefusedError) as caught:
        parse_statement(json.dumps(value).encode(), "s")
    assert len(caught.value.findings) == MAX_FAULTS


def why_refused(parse: Callable[[], object]) -> tuple[str, str] | None:
    """Return the error's class and message; `None` if nothing is raised."""
    try:
        parse()
    except (InputError, MaterialRefusedError) as error:
        return type(error).__name__, error.message
    return None


@settings(deadline=None, max_examples=examples(60))
@given(
    note=st.text() | st.sampled_from(["\udc80", "\\", "x-", "a" * 70_000, "a" * 5_000_000]),
    event=st.sampled_from(["custody-transfer", "packaging", "x-own", "No event"]),
    extensions=st.sampled_from([{}, {"x-shelf": [1]}, {"x-deep": deep(RULES.max_depth)}, {"other": 1}]),
    subjects=st.sampled_from([1, 2]),
)
def test_a_statement_that_could_not_be_parsed_is_refused_before_it_is_written(
    note: str, event: str, extensions: dict[str, Any], subjects: int
) -> None:
    statement = replace(
        STATEMENT_OF_TODAY, note=note, event=event, extensions=extensions,
        subjects=STATEMENT_OF_TODAY.subjects * subjects,
    )  # fmt: skip
    record, text = statement_record(statement), text_of(statement)
    before = why_refused(lambda: refuse_unreadable_statement(text, record, "s"))
    assert before == why_refused(lambda: parse_statement(text.encode("utf-8"), "s"))

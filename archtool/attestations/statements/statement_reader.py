"""Parses statements strictly and reports every fault, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from archtool.attestations.finding_kinds import STATEMENT_INVALID
from archtool.attestations.limits import MAX_FAULTS, MAX_STATEMENT_BYTES
from archtool.attestations.statements.events import event_type, is_known, predicate_type
from archtool.attestations.statements.statement import (
    Claimant,
    EarlierAttestation,
    Software,
    Statement,
    Subject,
)
from archtool.errors import MaterialRefusedError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.findings import Finding
from archtool.schemas import SchemaFault, schema_faults
from archtool.strict_json import JsonRules, parse_json

SCHEMA = "statement.schema.json"
RULES = JsonRules(MAX_STATEMENT_BYTES, max_values=200_000, max_depth=32)  # a statement has five levels
_PLAIN_CHARACTERS = 64 * 1024  # far below all size limits
_SHOWN_CHARACTERS = 80
_TIME_CHARACTERS = len("2026-11-22T12:00:00Z")


def parse_statement(data: bytes, where: str) -> Statement:
    """Parse and check a statement.

    Raises:
        MaterialRefusedError: the text is JSON but not a statement of archtool; it carries every fault as a
            finding.
        InputError: the text is not unambiguous JSON.
    """
    value = parse_json(data, where, RULES)
    _refuse_faulty(value, where)
    return _build(value)


def refuse_unreadable_statement(text: str, value: dict[str, Any], where: str) -> None:
    """Refuse a new statement that `parse_statement` would refuse; `text` is the JSON text of `value`.

    Raises:
        InputError, MaterialRefusedError: the errors of `parse_statement`.
    """
    if "\\" in text or len(text) > _PLAIN_CHARACTERS or "x-" in text:
        parse_statement(text.encode("utf-8"), where)  # an escape can stand for no valid character
    else:  # plain text parses back to the same value
        _refuse_faulty(value, where)


def _refuse_faulty(value: Any, where: str) -> None:
    messages = [_describe(fault) for fault in schema_faults(SCHEMA, value)] or list(_contradictions(value))
    if messages:
        findings = tuple(_finding(where, message) for message in messages[:MAX_FAULTS])
        raise MaterialRefusedError(findings[0].message, findings, hint=STATEMENT_INVALID.advice)


def _finding(where: str, message: str) -> Finding:
    return STATEMENT_INVALID.at(f"{where} is not a statement of archtool: {message}", where)


def _describe(fault: SchemaFault) -> str:
    place = ".".join(str(part) for part in fault.path) or "the top level"
    return f"at {place}: {fault.message[: _SHOWN_CHARACTERS * 2]}"


def _contradictions(value: dict[str, Any]) -> Iterator[str]:
    """Yield the faults that the schema cannot express: contradicting parts and impossible dates."""
    predicate = value["predicate"]
    event = predicate["event"]
    if value["predicateType"] != predicate_type(event):
        yield f"predicateType {value['predicateType']!r} does not match the event {event!r}"
    if is_known(event) and predicate["eventType"] != event_type(event):
        yield f"eventType {predicate['eventType']!r} does not match the event {event!r}"
    try:
        _parse_time(predicate["claimedAt"])
    except ValueError:
        yield f"claimedAt {predicate['claimedAt']!r} is not a valid date and time"
    for names in ([s["name"] for s in value["subject"]], [p["attestation"] for p in predicate["previous"]]):
        if len(set(names)) != len(names):
            yield from (f"{name!r} is named twice" for name, count in Counter(names).items() if count > 1)


def _build(value: dict[str, Any]) -> Statement:
    predicate = value["predicate"]
    return Statement(
        event=predicate["event"],
        event_type=predicate["eventType"],
        claimed_at=_parse_time(predicate["claimedAt"]),
        subjects=tuple(Subject(s["name"], _digest(s)) for s in value["subject"]),
        claimants=tuple(Claimant(c["principal"], c["key"], c["keyType"]) for c in predicate["claimants"]),
        software=Software(predicate["software"]["name"], predicate["software"]["version"]),
        package=predicate["package"],
        previous=tuple(EarlierAttestation(p["attestation"], _digest(p)) for p in predicate["previous"]),
        note=predicate.get("note"),
        details=predicate.get("details", {}),
        extensions={name: part for name, part in predicate.items() if name.startswith("x-")},
    )


def _digest(part: dict[str, Any]) -> Digest:
    return Digest.of(Algorithm.SHA512, part["digest"]["sha512"])


def _parse_time(text: str) -> datetime:
    if len(text) != _TIME_CHARACTERS:  # the schema's pattern accepts a trailing line break
        raise ValueError(text)
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    return datetime(year, month, day, int(text[11:13]), int(text[14:16]), int(text[17:19]), tzinfo=UTC)

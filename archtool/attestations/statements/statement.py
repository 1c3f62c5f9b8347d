"""The statement of an attestation: an in-toto Statement v1 whose subjects are the payload manifests.

A statement is only a claim: its date and its names come from the signer. `chain` checks them against the
signatures and against lists from outside the package.

Source: in-toto Attestation Framework v1 (Statement); `schemas/statement.schema.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archtool.attestations.statements.events import predicate_type
from archtool.files.hashing.digests import Digest

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"  # RFC 3339, UTC, whole seconds


@dataclass(frozen=True, slots=True)
class Claimant:
    """A person who makes the claim, as named by the signer."""

    principal: str
    """A name such as `archivist@example.org`."""
    fingerprint: str
    """`SHA256:…` of the signing key."""
    key_type: str


@dataclass(frozen=True, slots=True)
class Software:
    """The program that wrote the statement."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A payload manifest that the claim is about."""

    name: str
    """Its path in the package, `manifest-sha512.txt`."""
    digest: Digest
    """SHA-512 of that file."""


@dataclass(frozen=True, slots=True)
class EarlierAttestation:
    """An earlier attestation, pinned by the digest of its checksum list."""

    attestation: str
    """Its folder's name, `0001-packaging`."""
    digest: Digest
    """SHA-512 of its `sha512sums.txt`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim: its event, signers, date, manifests and links to the earlier attestations."""

    event: str
    """`packaging`, `custody-transfer` …; see `events.EVENT_TYPES`."""
    event_type: str
    """The URI of the event in the Library of Congress vocabulary; a URN for a signer-defined event."""
    claimed_at: datetime
    """Aware; written in UTC, in whole seconds."""
    subjects: tuple[Subject, ...]
    claimants: tuple[Claimant, ...]
    software: Software
    package: str | None = None
    """The identifier of the package."""
    previous: tuple[EarlierAttestation, ...] = ()
    """Every earlier attestation, in order."""
    note: str | None = None
    """Free text by the signer, for people."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Facts of the event, by name."""
    extensions: Mapping[str, Any] = field(default_factory=dict)
    """Keys `x-…` of the predicate, kept unchanged."""


def statement_record(statement: Statement) -> dict[str, Any]:
    """Return the statement as the JSON value of its file."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": s.name, "digest": {"sha512": s.digest.hex}} for s in statement.subjects],
        "predicateType": predicate_type(statement.event),
        "predicate": _predicate(statement),
    }


def _predicate(statement: Statement) -> dict[str, Any]:
    predicate: dict[str, Any] = {
        "event": statement.event,
        "eventType": statement.event_type,
        "claimedAt": statement.claimed_at.astimezone(UTC).strftime(TIME_FORMAT),
        "package": statement.package,
        "claimants": [
            {"principal": c.principal, "key": c.fingerprint, "keyType": c.key_type}
            for c in statement.claimants
        ],
        "software": {"name": statement.software.name, "version": statement.software.version},
        "previous": [
            {"attestation": link.attestation, "digest": {"sha512": link.digest.hex}}
            for link in statement.previous
        ],
    }
    if statement.note is not None:
        predicate["note"] = statement.note
    if statement.details:
        predicate["details"] = dict(sorted(statement.details.items()))
    return predicate | dict(sorted(statement.extensions.items()))

"""Hands the attestations of a package to the room that judges them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archtool.bag.limits import MAX_TAG_FILE_BYTES
from archtool.fixity.digests import Algorithm, Digest
from archtool.fixity.source import FileSource
from archtool.fixity.transfer import hash_file
from archtool.operations.trust_request import TrustRequest

if TYPE_CHECKING:
    from archtool.trust.report import (
        AttestationReport,
        ProvedTime,
        SignatureReport,
        TimestampReport,
        TrustReport,
    )

ATTESTATIONS = "attestations/"


def check_trust(
    source: FileSource,
    files: Mapping[str, int],
    request: TrustRequest,
    at: datetime,
    proved: Mapping[str, ProvedTime] | None = None,
) -> TrustReport:
    """Read what signatures and checksum lists speak of, and judge them.

    `proved`: since when files are proved to be there, by evidence records.
    """
    # the room is entered only where there is something to judge; cryptography only where a signature is
    from archtool.trust.chain import verify_chain
    from archtool.trust.report import Evidence

    tag_files = [path for path in files if not path.startswith("data/")]
    digests = _digests(source, tag_files) if has_signatures(tag_files) else {}
    attested = {path: _read(source, path) for path in tag_files if path.startswith(ATTESTATIONS)}
    evidence = Evidence({path: data for path, data in attested.items() if data is not None}, digests)
    return verify_chain(
        evidence,
        allowed=request.allowed,
        revoked=request.revoked,
        at=at,
        authorities=request.authorities,
        proved=proved,
    )


def has_signatures(paths: Iterable[str]) -> bool:
    """Whether anything among the tag files is, or could be, somebody's word for the package."""
    return any(
        path.startswith(ATTESTATIONS) or path.endswith((".asc", ".p7s"))
        for path in paths
        if not path.startswith("data/")
    )


def _digests(source: FileSource, paths: list[str]) -> dict[str, Digest]:
    digests = {}
    for path in paths:
        try:
            digests[path] = hash_file(source, path, [Algorithm.SHA512]).digest(Algorithm.SHA512)
        except OSError:  # the fixity check of the same file says so already
            continue
    return digests


def _read(source: FileSource, path: str) -> bytes | None:
    try:
        return source.read_bytes(path, MAX_TAG_FILE_BYTES)
    except OSError:
        return None


def trust_facts(report: TrustReport) -> list[dict[str, Any]]:
    """Each attestation, for JSON: what is claimed, by whom, when, trusted by which line."""
    return [_attestation_facts(attestation) for attestation in report.attestations]


def _attestation_facts(attestation: AttestationReport) -> dict[str, Any]:
    statement = attestation.statement
    facts: dict[str, Any] = {"path": attestation.path, "event": attestation.event}
    if statement is not None:
        facts["claimed_at"] = statement.claimed_at.isoformat()
        facts["claimants"] = [c.principal for c in statement.claimants]
        facts["software"] = f"{statement.software.name} {statement.software.version}"
    facts["signatures"] = [_signature_facts(s) for s in attestation.signatures]
    return facts


def _signature_facts(signature: SignatureReport) -> dict[str, Any]:
    proved = signature.proved
    return {
        "path": signature.path,
        "is_good": signature.is_good,
        "key": signature.fingerprint,
        "key_type": signature.key_type,
        "principals": list(signature.principals),
        "trusted_by": signature.trusted_by,
        "reason": signature.reason,
        "proved_at": proved.at.isoformat() if proved is not None else None,
        "timestamped_by": proved.authority if proved is not None else None,
        "proved_by": proved.path if proved is not None else None,
        "timestamp": _timestamp_facts(signature.timestamp),
    }


def _timestamp_facts(timestamp: TimestampReport | None) -> dict[str, Any] | None:
    if timestamp is None:
        return None
    return {
        "path": timestamp.path,
        "says": timestamp.at.isoformat() if timestamp.at is not None else None,
        "authority": timestamp.authority,
        "trusted_by": timestamp.trusted_by,
        "reason": timestamp.reason,
    }

"""Reads the attestations and signatures of a package, and checks them with the package `attestations`."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from archtool.attestations.chain import verify_chain
from archtool.attestations.finding_kinds import ATTESTATIONS_TOO_LARGE
from archtool.attestations.layout import ROOT
from archtool.attestations.limits import MAX_OTHER_SIGNATURE_BYTES
from archtool.attestations.policy import Policy, check_policy
from archtool.attestations.report import (
    AttestationReport,
    ChainInput,
    SignatureReport,
    TrustReport,
    TrustVerdict,
)
from archtool.attestations.signatures.other_signatures import SUFFIXES
from archtool.attestations.statements.statement import Statement
from archtool.bagit.finding_kinds import FILE_UNREADABLE
from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from archtool.bagit.unreadable import unreadable
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource
from archtool.findings import Finding, bounded, has_errors
from archtool.openssh.keys.certificate import SshCertificate
from archtool.operations.limits import MAX_ATTESTATION_BYTES
from archtool.operations.open_package.package_paths import has_signatures
from archtool.operations.open_package.sidecar import Sidecar
from archtool.operations.trust.trust_request import TrustRequest
from archtool.timestamps.report import ProvedTime, TimestampReport


class EvidenceTooLargeError(InputError):
    """The attestations and signatures of a package are larger than `MAX_ATTESTATION_BYTES`."""


def check_trust(
    source: FileSource,
    files: Mapping[str, int],
    request: TrustRequest,
    at: datetime,
    sidecar: Sidecar | None = None,
    proved: Mapping[str, ProvedTime] | None = None,
) -> TrustReport:
    """Read the attestations, signatures and digests of a package, and check them.

    `files` maps paths to sizes. `proved` are the times since when files are proved to exist by evidence
    records.
    """
    tag_files = [path for path in files if not path.startswith("data/")]
    is_signed = has_signatures(tag_files) or sidecar is not None
    try:
        digests, unread = _digests(source, tag_files) if is_signed else ({}, ())
        unread = (*unread, *(sidecar.unread if sidecar is not None else ()))
        if unread:
            return trust_not_checked(request, unread)
        chain_input = read_chain_input(source, tag_files, digests, sidecar)
    except EvidenceTooLargeError as error:
        return trust_not_checked(request, (ATTESTATIONS_TOO_LARGE.at(error.message, ROOT, hint=error.hint),))
    report = verify_chain(
        replace(chain_input, proved_times=proved or {}),
        allowed=request.allowed,
        revoked=request.revoked,
        at=at,
        expected=request.expected,
        authorities=request.authorities,
    )
    return report if request.policy is None else _apply_policy(request.policy, report, at)


def trust_not_checked(request: TrustRequest, unread: tuple[Finding, ...]) -> TrustReport:
    """Return the report if tag files could not be read, so that trust cannot be checked."""
    verdict = TrustVerdict.NOT_ASKED if request.is_empty else TrustVerdict.UNREADABLE
    return TrustReport(verdict, (), unread, None if request.policy is None else False)


def _apply_policy(policy: Policy, report: TrustReport, at: datetime) -> TrustReport:
    policy_findings = check_policy(policy, report.attestations, at)
    return replace(
        report, findings=(*report.findings, *policy_findings), meets_policy=not has_errors(policy_findings)
    )


def read_chain_input(
    source: FileSource, tag_files: Iterable[str], digests: Mapping[str, Digest], sidecar: Sidecar | None
) -> ChainInput:
    """Read everything that the check of the chain needs; `digests` are the SHA-512 of all tag files.

    Files that exceed the size limit of their kind are left out. All others can be read: that was shown when
    their digests were computed, and a `ReadOnceSource` keeps their bytes.

    Raises:
        EvidenceTooLargeError: the files together are larger than `MAX_ATTESTATION_BYTES`.
    """
    paths = list(tag_files)
    attested = _read_all(source, [path for path in paths if path.startswith(ROOT)])
    foreign = _read_all(
        source, [path for path in paths if path.endswith(SUFFIXES)], MAX_OTHER_SIGNATURE_BYTES
    )
    beside = sidecar.files if sidecar is not None else {}
    return ChainInput(attested, digests, beside, foreign)


def _read_all(
    source: FileSource, paths: Iterable[str], limit_bytes: int = MAX_TAG_FILE_BYTES
) -> dict[str, bytes]:
    """Return the bytes of the files that can be read; they stay in memory until all are checked together.

    Raises:
        EvidenceTooLargeError: the files together are larger than `MAX_ATTESTATION_BYTES`.
    """
    contents: dict[str, bytes] = {}
    total_bytes = 0
    for path in paths:
        data = _read(source, path, limit_bytes)
        if data is not None:
            contents[path] = data
            total_bytes += len(data)
        if total_bytes > MAX_ATTESTATION_BYTES:
            raise EvidenceTooLargeError(
                "the attestations and signatures of the package have more than "
                f"{MAX_ATTESTATION_BYTES:,} bytes together, and were not read",
                hint="move other files out of attestations/, or get another copy of the package",
            )
    return contents


def _digests(source: FileSource, paths: list[str]) -> tuple[dict[str, Digest], tuple[Finding, ...]]:
    """Return the SHA-512 of each tag file, and a finding for each that could not be read."""
    digests: dict[str, Digest] = {}
    unread: list[Finding] = []
    for path in paths:
        try:
            digests[path] = hash_file(source, path, [Algorithm.SHA512]).digest(Algorithm.SHA512)
        except OSError as error:
            unread.append(unreadable(FILE_UNREADABLE, error, path))
    return digests, tuple(bounded(unread))


def _read(source: FileSource, path: str, limit_bytes: int = MAX_TAG_FILE_BYTES) -> bytes | None:
    try:
        return source.read_bytes(path, limit_bytes)
    except OSError as error:
        if error.errno == errno.EFBIG:
            return None
        raise


def trust_facts(report: TrustReport) -> list[dict[str, Any]]:
    """Each attestation, for JSON: what is claimed, by whom, when, trusted by which line."""
    return [_attestation_facts(attestation) for attestation in report.attestations]


def _attestation_facts(attestation: AttestationReport) -> dict[str, Any]:
    statement = attestation.statement
    facts: dict[str, Any] = {
        "path": attestation.path,
        "event": attestation.event,
        "number": attestation.number,
        "head": str(attestation.head) if attestation.head is not None else None,
        "beside": attestation.is_in_sidecar,
    }
    if statement is not None:
        facts["claimed_at"] = statement.claimed_at.isoformat()
        facts["claimants"] = [c.principal for c in statement.claimants]
        facts["software"] = f"{statement.software.name} {statement.software.version}"
        facts["note"] = statement.note
        facts["details"] = dict(statement.details)
    facts["signatures"] = [_signature_facts(s, statement) for s in attestation.signatures]
    return facts


def _signature_facts(signature: SignatureReport, statement: Statement | None) -> dict[str, Any]:
    claimants = statement.claimants if statement is not None else ()
    proved = signature.proved_time
    return {
        "path": signature.path,
        "is_good": signature.is_good,
        "key": signature.fingerprint,
        "key_type": signature.key_type,
        "claims_to_be": [c.principal for c in claimants if c.fingerprint == signature.fingerprint],
        "principals": list(signature.principals),
        "trusted_by": signature.trusted_by,
        "reason": signature.reason,
        "proved_at": proved.at.isoformat() if proved is not None else None,
        "timestamped_by": proved.authority if proved is not None else None,
        "proved_by": proved.path if proved is not None else None,
        "timestamp": _timestamp_facts(signature.timestamp),
        "certificate": _certificate_facts(signature.certificate),
    }


def _certificate_facts(certificate: SshCertificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    begin, end = certificate.valid_from, certificate.valid_until
    return {
        "key_id": certificate.key_id,
        "serial": str(certificate.serial),  # 64 bits: JSON readers can round so large a number
        "principals": list(certificate.principals),
        "valid_from": begin.isoformat() if begin is not None else None,
        "valid_until": end.isoformat() if end is not None else None,
        "authority": certificate.authority,
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

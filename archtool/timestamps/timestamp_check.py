"""Checks timestamps: whether a token proves that bytes existed at its time.

1. The token can be parsed, and its digest is that of the bytes (RFC 3161 §2.4.2).
2. Its digest algorithms are accepted: SHA-256, SHA-384 or SHA-512.
3. It contains the signer's certificate, and its signed attributes identify this certificate by a digest
   (RFC 5816).
4. Its signature verifies (RFC 5652).
5. The certificate is only for timestamps, in a critical extension (RFC 3161 §2.3).
6. The certificate leads to a trusted root. All certificates are valid at the token's own time, not now: a
   token outlives its certificates while its digests and keys are secure.

Rules 1 to 5 need no trusted root; rule 6 does. Only all six *prove* a time.

These rules are checked here because `rfc3161-client` (tried with version 1.0.9) has others. It accepts tokens
that violate 2 and 3: a signer with SHA-1 or an RSA key of 1024 bits, no digest of the signer's certificate,
an unknown critical extension. It refuses good tokens: certificates that are not in DER order, a signer named
by its key identifier, an answer granted with changes, a token without its answer. It checks nothing without a
root, does not return the path, and reports faults of signatures and paths only with OpenSSL's messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from archtool.errors import InputError
from archtool.findings import Finding, Kind, Severity
from archtool.timestamps import finding_kinds as kinds
from archtool.timestamps.certificates import (
    Authorities,
    NoPathError,
    extension,
    name_of,
    valid_until,
)
from archtool.timestamps.cms import why_not_signed
from archtool.timestamps.der import SEQUENCE, DerElement
from archtool.timestamps.key_signature import DIGESTS, WEAK_DIGESTS, UnsupportedError, public_key, why_weak
from archtool.timestamps.report import TimestampReport
from archtool.timestamps.token import TimestampToken

MAX_CLOCK_SKEW = timedelta(minutes=5)  # between the authority's clock and this machine's
_LISTS_OF_CERTIFICATES = {"1.2.840.113549.1.9.16.2.12": "sha1", "1.2.840.113549.1.9.16.2.47": "sha256"}
"""The older and the newer attribute that identify the signer's certificate, with their default digests."""


TimestampCheck = tuple[TimestampReport, tuple[Finding, ...]]


class _RefusedError(Exception):
    """A token violates one of the rules."""

    def __init__(self, kind: Kind, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.hint = hint
        self.reason = reason


def check_timestamp(
    path: str, data: bytes, stamped: bytes, authorities: Authorities | None, now: datetime
) -> TimestampCheck:
    """Check one timestamp over `stamped`; faults are findings, never exceptions.

    Without `authorities` no time is proved, and this is not a finding.
    """
    try:
        token = TimestampToken.parse(data, path)
    except InputError as error:
        return TimestampReport(path, reason=error.message), (
            kinds.UNREADABLE.at(error.message, path, hint=error.hint),
        )
    return check_token(path, token, stamped, authorities, now)


def check_token(
    path: str, token: TimestampToken, stamped: bytes, authorities: Authorities | None, now: datetime
) -> TimestampCheck:
    """Check one parsed timestamp; `path` is its file, for findings."""
    report = TimestampReport(path, token.at)
    try:
        # (1) the bytes, (2) the digests
        _check_imprint(token, stamped)
        # (3) the certificate, (4) the signature, (5) what the certificate is for
        certificate = _signer(token)
        ends_at = valid_until(certificate)
        report = replace(report, authority=name_of(certificate), certificates_end_at=ends_at)
        _check_signature(token, certificate)
        _check_purpose(certificate)
        if authorities is None:
            return report, ()
        # (6) a root
        ends_at = _check_authority(token, certificate, authorities, now)
    except _RefusedError as error:
        # the time of a changed or unrelated token is not reported at all
        at = token.at if error.kind.severity is Severity.WARNING else None
        report = replace(report, at=at, reason=error.reason)
        return report, (error.kind.at(f"{path}: {error.reason}", path, hint=error.hint),)
    except UnsupportedError as error:
        return replace(report, reason=error.message), (kinds.UNSUPPORTED.at(error.message, path),)
    except InputError as error:
        return replace(report, at=None, reason=error.message), (kinds.UNREADABLE.at(error.message, path),)
    return replace(report, trusted_by=authorities.where, certificates_end_at=ends_at), ()


def _check_imprint(token: TimestampToken, stamped: bytes) -> None:
    for oid in (token.digest_oid, token.signed.signer.digest_oid):
        if oid in WEAK_DIGESTS:
            raise _RefusedError(kinds.WEAK, f"it uses {WEAK_DIGESTS[oid]}")
        if oid not in DIGESTS:
            raise UnsupportedError(f"{token.where} uses an unknown digest: {oid}")
    if token.imprint != hashlib.new(DIGESTS[token.digest_oid], stamped).digest():
        raise _RefusedError(kinds.IMPRINT_DIFFERS, "it was made for different bytes")


def _signer(token: TimestampToken) -> x509.Certificate:
    certificate = token.signed.signer.certificate
    if certificate is None:
        raise UnsupportedError(
            f"{token.where} does not contain the signer's certificate: request it (certReq)"
        )
    return certificate


def _check_signature(token: TimestampToken, certificate: x509.Certificate) -> None:
    weak = why_weak(public_key(certificate))
    if weak is not None:
        raise _RefusedError(kinds.WEAK, f"it was signed with {weak}")
    if not _identify(token.signed.signer.attributes, certificate):
        raise _RefusedError(kinds.BROKEN, "its signed attributes do not identify the certificate in it")
    reason = why_not_signed(token.signed, certificate)
    if reason is not None:
        raise _RefusedError(kinds.BROKEN, reason)


def _identify(attributes: Mapping[str, DerElement], certificate: x509.Certificate) -> bool:
    """Whether the first entry of each attribute identifies this certificate; at least one must exist.

    The older attribute allows only SHA-1. This is accepted: the path to a root decides whether the
    certificate is trusted, and this digest only distinguishes several certificates of one key.

    Source: RFC 5035 §3, §4.
    """
    raw = certificate.public_bytes(Encoding.DER)
    matches = []
    for oid, default in _LISTS_OF_CERTIFICATES.items():
        if oid in attributes:
            first = attributes[oid].fields().read().fields().read().fields()
            given = first.read_optional(
                SEQUENCE
            )  # in the newer attribute: the algorithm, if it is not SHA-256
            name = default if given is None else DIGESTS.get(given.fields().read().oid())
            matches.append(name is not None and first.read().octets() == hashlib.new(name, raw).digest())
    return bool(matches) and all(matches)


def _check_purpose(certificate: x509.Certificate) -> None:
    name = repr(name_of(certificate))
    purposes = [e for e in certificate.extensions if isinstance(e.value, x509.ExtendedKeyUsage)]
    usage = extension(certificate.extensions, x509.KeyUsage)
    if not purposes or list(purposes[0].value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise _RefusedError(kinds.UNFIT, f"the certificate of {name} is not only for timestamps")
    if not purposes[0].critical:
        raise _RefusedError(kinds.UNFIT, f"the purpose of the certificate of {name} is not marked critical")
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise _RefusedError(kinds.UNFIT, f"the key of {name} may not sign")


def _check_authority(
    token: TimestampToken, certificate: x509.Certificate, authorities: Authorities, now: datetime
) -> datetime:
    """Find the path to a root; return the earliest end of a certificate on it."""
    if token.at > now + MAX_CLOCK_SKEW:
        raise _RefusedError(kinds.IN_THE_FUTURE, f"its time {token.at.isoformat()} is in the future")
    try:
        path = authorities.find_path(certificate, token.signed.certificates, token.at)
    except NoPathError as error:
        raise _RefusedError(kinds.UNTRUSTED, str(error), error.hint) from None
    return min(valid_until(one) for one in path)

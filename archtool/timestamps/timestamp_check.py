"""Timestamps, judged: whether a token proves that some bytes were there at its time.

1. It can be read, and the digest in it is that of the bytes (RFC 3161 §2.4.2).
2. Its digests are ones to rely on: SHA-256, SHA-384 or SHA-512.
3. The certificate of the signer is in it, and its signed attributes name the same one by a digest (RFC 5816).
4. The signature holds for the token (RFC 5652).
5. The certificate is for timestamps and nothing else, and says so critically (RFC 3161 §2.3).
6. It leads to a root that was given from outside; all are valid at the token's own time, not now: a token
   outlives the certificate that made it, as long as its digests and keys stand.

Of 1 to 5 anybody can be sure; 6 is a matter of whom one believes. Only all six *prove* a time.

These rules are checked here because `rfc3161-client` (tried with version 1.0.9) has others. It accepts tokens
that break 2 and 3: a signer with SHA-1 or an RSA key of 1024 bits, no digest of the signer's certificate, an
unknown critical extension. It refuses good tokens: certificates that are not in the order of DER, a signer
named by its key's identifier, an answer granted with changes, a token without its answer. It checks nothing
without a root, does not return the path, and reports each fault of a signature or a path in OpenSSL's words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_CLOCK_SKEW = timedelta(minutes=5)  # between the authority's clock and this machine's
_LISTS_OF_CERTIFICATES = {"1.2.840.113549.1.9.16.2.12": "sha1", "1.2.840.113549.1.9.16.2.47": "sha256"}
"""The two attributes that name the signer's certificate, older and newer, with the digests they mean."""


Seen = tuple[TimestampReport, tuple[Finding, ...]]


class _RefusedError(Exception):
    """One of the rules does not hold."""

    def __init__(self, kind: Kind, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.hint = hint
        self.reason = reason


def check_timestamp(
    path: str, data: bytes, stamped: bytes, authorities: Authorities | None, now: datetime
) -> Seen:
    """Judge one timestamp of `stamped`. Nothing is raised for what it is like.

    Without `authorities` no time is proved, and no finding says so.
    """
    try:
        token = TimestampToken.parse(data, path)
    except InputError as error:
        return TimestampReport(path, reason=error.message), (
            kinds.UNREADABLE.at(error.message, path, hint=error.hint),
        )
    return judge_token(path, token, stamped, authorities, now)


def judge_token(
    path: str, token: TimestampToken, stamped: bytes, authorities: Authorities | None, now: datetime
) -> Seen:
    """Judge one timestamp that could be read; `path` is where it lies."""
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
        # a time that was changed, or is about something else, is not even said
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
            raise _RefusedError(kinds.WEAK, f"it rests on {WEAK_DIGESTS[oid]}")
        if oid not in DIGESTS:
            raise UnsupportedError(f"{token.where} uses a digest that is not known here: {oid}")
    if token.imprint != hashlib.new(DIGESTS[token.digest_oid], stamped).digest():
        raise _RefusedError(kinds.IMPRINT_DIFFERS, "it was made for other bytes than those it lies beside")


def _signer(token: TimestampToken) -> Certificate:
    certificate = token.signed.signer.certificate
    if certificate is None:
        raise UnsupportedError(
            f"{token.where} does not hold the certificate that it was signed with: ask for it (certReq)"
        )
    return certificate


def _check_signature(token: TimestampToken, certificate: Certificate) -> None:
    weak = why_weak(public_key(certificate))
    if weak is not None:
        raise _RefusedError(kinds.WEAK, f"it was signed with {weak}")
    if not _names(token.signed.signer.attributes, certificate):
        raise _RefusedError(kinds.BROKEN, "its signed attributes do not name the certificate in it")
    why = why_not_signed(token.signed, certificate)
    if why is not None:
        raise _RefusedError(kinds.BROKEN, why)


def _names(attributes: Mapping[str, DerElement], certificate: Certificate) -> bool:
    """Whether the first certificate of each list of them is this one; one list at least must be there.

    The older form knows SHA-1 only. It is let pass: what the certificate is worth is seen by the path to a
    root, and this digest only keeps two certificates of one key apart.

    Source: RFC 5035 §3, §4.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    raw = certificate.public_bytes(Encoding.DER)
    answers = []
    for oid, default in _LISTS_OF_CERTIFICATES.items():
        if oid in attributes:
            first = attributes[oid].fields().take().fields().take().fields()
            given = first.maybe(SEQUENCE)  # in the newer form: the digest, where it is not SHA-256
            name = default if given is None else DIGESTS.get(given.fields().take().oid())
            answers.append(name is not None and first.take().octets() == hashlib.new(name, raw).digest())
    return bool(answers) and all(answers)


def _check_purpose(certificate: Certificate) -> None:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    name = repr(name_of(certificate))
    purposes = [e for e in certificate.extensions if isinstance(e.value, x509.ExtendedKeyUsage)]
    usage = extension(certificate.extensions, x509.KeyUsage)
    if not purposes or list(purposes[0].value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise _RefusedError(kinds.UNFIT, f"the certificate of {name} is not for timestamps and nothing else")
    if not purposes[0].critical:
        raise _RefusedError(kinds.UNFIT, f"the certificate of {name} does not say critically what it is for")
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise _RefusedError(kinds.UNFIT, f"the key of {name} may not sign")


def _check_authority(
    token: TimestampToken, certificate: Certificate, authorities: Authorities, now: datetime
) -> datetime:
    """Follow the certificate to a root; gives when the first certificate on the way ends."""
    if token.at > now + MAX_CLOCK_SKEW:
        raise _RefusedError(kinds.IN_THE_FUTURE, f"its time, {token.at.isoformat()}, has not come yet")
    try:
        path = authorities.find_path(certificate, token.signed.certificates, token.at)
    except NoPathError as error:
        raise _RefusedError(kinds.UNTRUSTED, str(error), error.hint) from None
    return min(valid_until(one) for one in path)

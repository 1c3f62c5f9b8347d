"""Checks a key or a certificate against one line of `allowed_signers`.

The checks are those of OpenSSH, in its order. For a certificate they are:

1. It is valid at the given time: from its first second, and before its last.
2. Its principals are names, and the given person is one of them. A certificate without principals is for no
   person. (PROTOCOL.certkeys would accept it for every person; `ssh-keygen -Y verify` does not either.)
3. The line's patterns allow that name.
4. The line allows the namespace, and the time is within the line's own dates, both included.

Source: ssh-keygen(1), "ALLOWED SIGNERS", "CERTIFICATES"; OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from datetime import datetime

from archtool.openssh.keys.certificate import SshCertificate, shown_names
from archtool.openssh.trust_files.signer_line import SignerLine
from archtool.openssh.trust_files.signer_match import SignerMatch, SignerVerdict


def check_key_entry(entry: SignerLine, namespace: str, at: datetime, principal: str | None) -> SignerMatch:
    """Check a plain key against the line that lists it; `at` is in whole seconds."""
    if principal is not None and not entry.names(principal):
        reason = f"the key belongs to {entry.pattern}, not to {principal}"
        return SignerMatch(SignerVerdict.WRONG_PRINCIPAL, entry.principals, entry.number, reason)
    if not entry.has_principal:
        reason = f"the key has no principal: {entry.pattern} negates every listed name"
        return SignerMatch(SignerVerdict.WRONG_PRINCIPAL, entry.principals, entry.number, reason)
    return _check_use(entry, "the key", entry.principals, namespace, at)


def check_authority_entry(
    entry: SignerLine, certificate: SshCertificate, namespace: str, at: datetime, principal: str | None
) -> SignerMatch:
    """Check a certificate against a line that lists its authority; `at` is in whole seconds."""
    allowed = tuple(name for name in certificate.principals if name and entry.names(name))
    refused = _check_dates(certificate, at) or _check_principals(entry, certificate, allowed, principal)
    if refused is not None:
        verdict, reason = refused
        return SignerMatch(verdict, allowed, entry.number, reason)
    return _check_use(entry, "its authority", allowed, namespace, at)


def _check_dates(certificate: SshCertificate, at: datetime) -> tuple[SignerVerdict, str] | None:
    seconds = int(at.timestamp())
    if seconds < certificate.valid_after and certificate.valid_from is not None:
        reason = f"the certificate is not valid before {certificate.valid_from.isoformat()}"
        return SignerVerdict.CERTIFICATE_NOT_YET_VALID, reason
    if seconds >= certificate.valid_before and certificate.valid_until is not None:
        reason = f"the certificate expired at {certificate.valid_until.isoformat()}"
        return SignerVerdict.CERTIFICATE_EXPIRED, reason
    return None


def _check_principals(
    entry: SignerLine, certificate: SshCertificate, allowed: tuple[str, ...], principal: str | None
) -> tuple[SignerVerdict, str] | None:
    names = shown_names(certificate.principals)
    if not names:
        return SignerVerdict.NOT_CERTIFIED, "the certificate names no principal"
    if principal is not None and principal not in certificate.principals:
        return SignerVerdict.NOT_CERTIFIED, f"the certificate is for {names}, not for {principal}"
    if not allowed or (principal is not None and principal not in allowed):
        reason = f"the certificate is for {names}, but its authority may certify only {entry.pattern}"
        return SignerVerdict.NOT_CERTIFIED, reason
    return None


def _check_use(
    entry: SignerLine, whose: str, principals: tuple[str, ...], namespace: str, at: datetime
) -> SignerMatch:
    verdict, reason = SignerVerdict.TRUSTED, ""
    if not entry.allows_namespace(namespace):
        verdict, reason = SignerVerdict.WRONG_NAMESPACE, f"{whose} may not sign for namespace {namespace!r}"
    elif entry.valid_after is not None and at < entry.valid_after:
        verdict = SignerVerdict.NOT_YET_VALID
        reason = f"{whose} is not valid before {entry.valid_after.isoformat()}"
    elif entry.valid_before is not None and at > entry.valid_before:
        verdict, reason = (
            SignerVerdict.EXPIRED,
            f"{whose} is not valid after {entry.valid_before.isoformat()}",
        )
    return SignerMatch(verdict, principals, entry.number, reason)

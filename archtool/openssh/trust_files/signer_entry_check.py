"""What one line of `allowed_signers` says of a key, or of a certificate that its authority has signed.

The questions are OpenSSH's, in its order. For a certificate they are:

1. It is valid at the time that is asked about: from its first second on, and before its last.
2. Its principals are names, and one of them is the person who is asked about; a certificate without any is
   for nobody. (PROTOCOL.certkeys would take it for everybody; `ssh-keygen -Y verify` does not either.)
3. The line's patterns allow that name.
4. The line allows the namespace, and its own window holds at that time, both ends included.

Source: ssh-keygen(1), "ALLOWED SIGNERS", "CERTIFICATES"; OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from datetime import datetime

from archtool.openssh.keys.certificate import SshCertificate, shown_names
from archtool.openssh.trust_files.signer_line import SignerLine
from archtool.openssh.trust_files.signer_match import SignerMatch, SignerVerdict


def check_key_entry(entry: SignerLine, namespace: str, at: datetime, principal: str | None) -> SignerMatch:
    """The line's answer to a plain key that it names; `at` is in whole seconds."""
    if principal is not None and not entry.names(principal):
        reason = f"the key belongs to {entry.pattern}, not to {principal}"
        return SignerMatch(SignerVerdict.WRONG_PRINCIPAL, entry.principals, entry.number, reason)
    if not entry.has_principal:
        reason = f"the key has no principal: {entry.pattern} negates every name that it lists"
        return SignerMatch(SignerVerdict.WRONG_PRINCIPAL, entry.principals, entry.number, reason)
    return _judge_use(entry, "the key", entry.principals, namespace, at)


def check_authority_entry(
    entry: SignerLine, certificate: SshCertificate, namespace: str, at: datetime, principal: str | None
) -> SignerMatch:
    """The line's answer to a certificate of the authority that it names; `at` is in whole seconds."""
    allowed = tuple(name for name in certificate.principals if name and entry.names(name))
    refused = _out_of_time(certificate, at) or _not_certified(entry, certificate, allowed, principal)
    if refused is not None:
        answer, reason = refused
        return SignerMatch(answer, allowed, entry.number, reason)
    return _judge_use(entry, "its authority", allowed, namespace, at)


def _out_of_time(certificate: SshCertificate, at: datetime) -> tuple[SignerVerdict, str] | None:
    seconds = int(at.timestamp())
    if seconds < certificate.valid_after and certificate.valid_from is not None:
        reason = f"the certificate is not valid before {certificate.valid_from.isoformat()}"
        return SignerVerdict.CERTIFICATE_NOT_YET_VALID, reason
    if seconds >= certificate.valid_before and certificate.valid_until is not None:
        reason = f"the certificate ended at {certificate.valid_until.isoformat()}"
        return SignerVerdict.CERTIFICATE_EXPIRED, reason
    return None


def _not_certified(
    entry: SignerLine, certificate: SshCertificate, allowed: tuple[str, ...], principal: str | None
) -> tuple[SignerVerdict, str] | None:
    names = shown_names(certificate.principals)
    if not names:
        return SignerVerdict.NOT_CERTIFIED, "the certificate names no principal, so it is for nobody"
    if principal is not None and principal not in certificate.principals:
        return SignerVerdict.NOT_CERTIFIED, f"the certificate is for {names}, not for {principal}"
    if not allowed or (principal is not None and principal not in allowed):
        reason = f"the certificate is for {names}, and its authority may vouch for {entry.pattern} only"
        return SignerVerdict.NOT_CERTIFIED, reason
    return None


def _judge_use(
    entry: SignerLine, whose: str, principals: tuple[str, ...], namespace: str, at: datetime
) -> SignerMatch:
    def answer(which: SignerVerdict, reason: str) -> SignerMatch:
        return SignerMatch(which, principals, entry.number, reason)

    if not entry.allows_namespace(namespace):
        return answer(SignerVerdict.WRONG_NAMESPACE, f"{whose} may not sign for namespace {namespace!r}")
    if entry.valid_after is not None and at < entry.valid_after:
        return answer(
            SignerVerdict.NOT_YET_VALID, f"{whose} is not valid before {entry.valid_after.isoformat()}"
        )
    if entry.valid_before is not None and at > entry.valid_before:
        return answer(SignerVerdict.EXPIRED, f"{whose} is not valid after {entry.valid_before.isoformat()}")
    return answer(SignerVerdict.TRUSTED, "")

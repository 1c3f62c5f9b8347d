"""Whether a certificate says something at all: before anybody is asked whether to believe its authority.

1. The authority's signature holds for it, by a key and a digest that are not weak.
2. It is for a user: what signs for a machine does not sign for a person.
3. It has no condition that cannot be held to here. `verify-required` can be: the token says in each signature
   whether it knew its user. `force-command` and `source-address` are about logins, others nobody knows.
   (`ssh-keygen -Y verify` passes over all of them, against PROTOCOL.certkeys; this is stricter on purpose.)

Source: OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from archtool.errors import InputError
from archtool.findings import Kind
from archtool.openssh.keys import certificate_finding_kinds as kinds
from archtool.openssh.keys.certificate import USER, SshCertificate, shown_names
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.raw_signature import SignatureStatus, is_user_verified, verify_raw
from archtool.openssh.sshsig import SshSignature

_VERIFY_REQUIRED = "verify-required"
_OUTCOMES = {SignatureStatus.WEAK: kinds.WEAK, SignatureStatus.UNSUPPORTED: kinds.UNSUPPORTED}
Complaint = tuple[Kind, str]


def check_certificate(signature: SshSignature, certificate: SshCertificate) -> Complaint | None:
    """What speaks against the certificate of a good signature, and the reason in words; `None`: nothing."""
    return (
        _check_authority(certificate) or _check_purpose(certificate) or _check_options(signature, certificate)
    )


def _check_authority(certificate: SshCertificate) -> Complaint | None:
    try:
        authority = PublicKey.from_blob(certificate.authority_blob, where="the key of its authority")
    except InputError as error:
        return kinds.BROKEN, error.message
    seen = verify_raw(authority, certificate.signature, certificate.signed)
    if seen.is_good:
        return None
    name = f"its authority {authority.fingerprint}"
    if seen.outcome is SignatureStatus.BROKEN:
        return kinds.BROKEN, f"the certificate was not signed by {name}: {seen.reason}"
    return _OUTCOMES[seen.outcome], f"the certificate cannot be relied on: {seen.reason}; {name}"


def _check_purpose(certificate: SshCertificate) -> Complaint | None:
    if certificate.kind == USER:
        return None
    names = shown_names(certificate.principals) or "any machine"
    return kinds.OF_HOST, f"the certificate is for a machine ({names})"


def _check_options(signature: SshSignature, certificate: SshCertificate) -> Complaint | None:
    strange = [repr(name) for name in certificate.critical_options if name != _VERIFY_REQUIRED]
    if strange:
        reason = f"the certificate demands what cannot be held to here: {shown_names(strange)}"
        return kinds.OPTION_UNKNOWN, reason
    is_asked = _VERIFY_REQUIRED in certificate.critical_options
    if is_asked and not is_user_verified(signature.public_key, signature.signature):
        reason = "the certificate demands a token that knows its user, and the signature is by none"
        return kinds.USER_NOT_VERIFIED, reason
    return None

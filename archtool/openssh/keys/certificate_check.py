"""Checks a certificate itself, independent of whether its authority is trusted.

1. The authority's signature over it verifies, by a key and a digest that are not weak.
2. The certificate is for a user: a host certificate does not stand for a person.
3. It has no critical option that archtool cannot enforce. `verify-required` can be enforced, because the
   token records in each signature whether it verified its user. `force-command` and `source-address` restrict
   logins, and other options are unknown. (`ssh-keygen -Y verify` ignores all of them, against
   PROTOCOL.certkeys; archtool is stricter on purpose.)

Source: OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from archtool.errors import InputError
from archtool.findings import Kind
from archtool.openssh import finding_kinds as kinds
from archtool.openssh.keys.certificate import USER, SshCertificate, shown_names
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.raw_signature import SignatureStatus, is_user_verified, verify_raw
from archtool.openssh.sshsig import SshSignature

_VERIFY_REQUIRED = "verify-required"
_STATUS_KINDS = {SignatureStatus.WEAK: kinds.WEAK, SignatureStatus.UNSUPPORTED: kinds.UNSUPPORTED}
Objection = tuple[Kind, str]


def check_certificate(signature: SshSignature, certificate: SshCertificate) -> Objection | None:
    """Return why the certificate of a good signature is not accepted; `None` if it is."""
    return (
        _check_authority(certificate) or _check_purpose(certificate) or _check_options(signature, certificate)
    )


def _check_authority(certificate: SshCertificate) -> Objection | None:
    try:
        authority = PublicKey.from_blob(certificate.authority_blob, where="the key of its authority")
    except InputError as error:
        return kinds.BROKEN, error.message
    verification = verify_raw(authority, certificate.signature, certificate.signed)
    if verification.is_good:
        return None
    name, reason = f"its authority {authority.fingerprint}", verification.reason
    if verification.status is SignatureStatus.BROKEN:
        return kinds.BROKEN, f"the certificate was not signed by {name}: {reason}"
    return _STATUS_KINDS[verification.status], f"the certificate cannot be relied on: {reason}; {name}"


def _check_purpose(certificate: SshCertificate) -> Objection | None:
    if certificate.kind == USER:
        return None
    names = shown_names(certificate.principals) or "any host"
    return kinds.OF_HOST, f"the certificate is for a host ({names})"


def _check_options(signature: SshSignature, certificate: SshCertificate) -> Objection | None:
    unknown = [repr(name) for name in certificate.critical_options if name != _VERIFY_REQUIRED]
    if unknown:
        reason = f"the certificate has critical options that archtool cannot enforce: {shown_names(unknown)}"
        return kinds.OPTION_UNKNOWN, reason
    is_required = _VERIFY_REQUIRED in certificate.critical_options
    if is_required and not is_user_verified(signature.public_key, signature.signature):
        reason = "the certificate requires a token that verified its user, and the signature shows none"
        return kinds.USER_NOT_VERIFIED, reason
    return None

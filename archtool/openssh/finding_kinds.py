"""All findings about the OpenSSH certificates in signatures.

A certificate that its authority has not signed was changed or forged: the signature file is broken. Every
other fault leaves a good signature that is not trusted; each reason has a separate code.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_CERTKEYS = "OpenSSH PROTOCOL.certkeys"
_CERTIFICATES = "ssh-keygen(1), CERTIFICATES"
_SIGNERS = "ssh-keygen(1), ALLOWED SIGNERS"
_KRL = "ssh-keygen(1), KEY REVOCATION LISTS"
_ANOTHER = "ask the authority for another certificate, and the signer for a countersignature with it"

BROKEN = Kind(
    "signature.certificate-broken",
    Severity.ERROR,
    "A signature's certificate was not signed by the authority that it names.",
    "restore the signature from another copy: the certificate in it was changed or forged",
    _CERTKEYS,
)
WEAK = Kind(
    "trust.certificate-weak",
    Severity.WARNING,
    "A good signature's certificate is signed with a key or a digest that is too weak to rely on.",
    "ask the authority to sign with Ed25519, ECDSA, or RSA and SHA-2 (ssh-keygen -s CA -t rsa-sha2-512)",
    "NIST SP 800-131A; RFC 8332",
)
UNSUPPORTED = Kind(
    "trust.certificate-unsupported",
    Severity.WARNING,
    "A good signature's certificate is signed in a way that this version of archtool cannot check.",
    "check it by hand: ssh-keygen -Y verify",
    _CERTKEYS,
)
OF_HOST = Kind(
    "trust.certificate-of-host",
    Severity.WARNING,
    "A good signature has a certificate for a host, not for a person.",
    "ask the authority for a user certificate: ssh-keygen -s without -h",
    _CERTIFICATES,
)
OPTION_UNKNOWN = Kind(
    "trust.certificate-option-unknown",
    Severity.WARNING,
    "A certificate has a critical option that archtool cannot enforce.",
    "ask the authority for a certificate without critical options, or with verify-required alone",
    _CERTKEYS,
)
USER_NOT_VERIFIED = Kind(
    "trust.certificate-user-not-verified",
    Severity.WARNING,
    "A certificate requires a token that verified its user, and the signature does not show that.",
    "ask for a countersignature by the token, with its PIN: ssh-keygen -t ed25519-sk -O verify-required",
    "OpenSSH PROTOCOL.u2f",
)
AUTHORITY_UNKNOWN = Kind(
    "trust.authority-unknown",
    Severity.WARNING,
    "A good signature has a certificate of an authority that allowed_signers does not list.",
    "compare the authority's fingerprint through another channel, then add a cert-authority line to "
    "allowed_signers",
    _SIGNERS,
)
EXPIRED = Kind(
    "trust.certificate-expired",
    Severity.WARNING,
    "A good signature has a certificate that has expired.",
    "a timestamp of the signature from before that time would keep it trusted; or countersign again",
    _CERTIFICATES,
)
NOT_YET_VALID = Kind(
    "trust.certificate-not-yet-valid",
    Severity.WARNING,
    "A good signature has a certificate that is not valid yet.",
    "check the clock; ssh-keygen -L -f CERTIFICATE shows when it becomes valid",
    _CERTIFICATES,
)
NOT_CERTIFIED = Kind(
    "trust.certificate-wrong-principal",
    Severity.WARNING,
    "A certificate has no principal that its authority may certify.",
    _ANOTHER + "; or, if this is intended, widen the principals of the cert-authority line",
    _SIGNERS,
)
REVOKED = Kind(
    "trust.certificate-revoked",
    Severity.ERROR,
    "A signature has a certificate that was revoked.",
    "do not rely on it; ask for a countersignature with a certificate that is in use",
    _KRL,
    ExitCode.NOT_TRUSTED,
)
AUTHORITY_REVOKED = Kind(
    "trust.authority-revoked",
    Severity.ERROR,
    "A signature has a certificate of an authority whose key was revoked.",
    "do not rely on it or on any certificate of that authority; ask for one of its successor",
    _KRL,
    ExitCode.NOT_TRUSTED,
)

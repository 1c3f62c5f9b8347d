"""Signs with a key and its certificate: the signature file then contains the certificate.

Source: OpenSSH PROTOCOL.certkeys, PROTOCOL.sshsig.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from archtool.errors import InputError
from archtool.openssh.keys.certificate import USER, SshCertificate, shown_names
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.sshsig import RawSigner


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A key that signs with its certificate."""

    public: PublicKey
    """The certificate, which verifies the signatures."""
    _key: RawSigner

    def sign_raw(self, data: bytes) -> bytes:
        """Return the signature over `data` by the certified key, in SSH wire form."""
        return self._key.sign_raw(data)


def certify(key: RawSigner, certificate: PublicKey, where: str, at: datetime) -> CertifiedKey:
    """Return a key that signs with the given certificate.

    Raises:
        InputError: the certificate is for another key or for a host, or is not valid at that time.
    """
    parsed = certificate.certificate
    assert parsed is not None  # noqa: S101 - the caller has checked that it is a certificate
    if key.public.blob != certificate.plain.blob:
        raise InputError(
            f"{where} is a certificate for another key: for {certificate.fingerprint}, not for "
            f"{key.public.fingerprint}",
            hint="give the certificate of this key",
        )
    reason = _why_unusable(parsed, at)
    if reason is not None:
        raise InputError(
            f"{where} cannot be used for signing: {reason}", hint="ask its authority for another one"
        )
    return CertifiedKey(replace(certificate, comment=certificate.comment or key.public.comment), key)


def _why_unusable(certificate: SshCertificate, at: datetime) -> str | None:
    if certificate.kind != USER:
        return f"the certificate is for a host ({shown_names(certificate.principals)})"
    if certificate.valid_until is not None and at >= certificate.valid_until:
        return f"the certificate expired at {certificate.valid_until.isoformat()}"
    if certificate.valid_from is not None and at < certificate.valid_from:
        return f"the certificate is not valid before {certificate.valid_from.isoformat()}"
    return None

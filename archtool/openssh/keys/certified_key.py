"""Signing under a certificate: the signature of the key, shown with what an authority says of the key.

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
    """A key that signs under its certificate."""

    public: PublicKey
    """The certificate: what others verify with."""
    _key: RawSigner

    def sign_raw(self, data: bytes) -> bytes:
        """The signature over `data` of the key in the certificate, in SSH wire form."""
        return self._key.sign_raw(data)


def certify(key: RawSigner, certificate: PublicKey, where: str, at: datetime) -> CertifiedKey:
    """Let a key sign under a certificate from now on.

    Raises:
        InputError: the certificate is of another key or of a machine, or is not valid at that time.
    """
    said = certificate.certificate
    assert said is not None  # noqa: S101 - the caller has seen that it is one
    if key.public.blob != certificate.plain.blob:
        raise InputError(
            f"{where} is a certificate of another key: of {certificate.fingerprint}, not of "
            f"{key.public.fingerprint}",
            hint="give the certificate that lies beside the key",
        )
    why_not = _why_not(said, at)
    if why_not is not None:
        raise InputError(
            f"{where} cannot be signed under: {why_not}", hint="ask its authority for another one"
        )
    return CertifiedKey(replace(certificate, comment=certificate.comment or key.public.comment), key)


def _why_not(certificate: SshCertificate, at: datetime) -> str | None:
    if certificate.kind != USER:
        return f"the certificate is for a machine ({shown_names(certificate.principals)})"
    if certificate.valid_until is not None and at >= certificate.valid_until:
        return f"the certificate ended at {certificate.valid_until.isoformat()}"
    if certificate.valid_from is not None and at < certificate.valid_from:
        return f"the certificate is not valid before {certificate.valid_from.isoformat()}"
    return None

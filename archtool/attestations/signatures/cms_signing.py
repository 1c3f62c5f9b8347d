"""Signing with an institution's X.509 key: a detached CMS signature over an attestation's signed list.

It stands beside our own signatures and is never checked here: whoever trusts the institution's root checks it
with OpenSSL. One attestation has one such file.

Source: RFC 5652 (CMS), RFC 8551 §3.2.1 (`.p7s`); NIST SP 800-57 (strengths).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from archtool.attestations.layout import LIST_NAME, cms_path
from archtool.errors import InputError
from archtool.openssh.keys.signing_key import AskPassphrase, load_pem, refuse_short_rsa
from archtool.timestamps.certificates import MAX_CERTIFICATES, name_of, unreadable_errors, why_unreadable
from archtool.timestamps.key_signature import MIN_CURVE_BITS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

MAX_CERTIFICATE_FILE_BYTES = 256 * 1024  # a chain of certificates has some 10 kB


@dataclass(frozen=True, slots=True)
class CmsSigner:
    """A private key with its certificate, and those that lead from it to a root."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    """Sent along with the signature, as they were given."""
    _private: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)

    @property
    def name(self) -> str:
        """Whom the certificate is about."""
        return name_of(self.certificate)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, as openssl x509 -fingerprint -sha256 computes it."""
        from cryptography.hazmat.primitives.hashes import SHA256

        return f"CMS:SHA256:{self.certificate.fingerprint(SHA256()).hex()}"

    def why_not_valid(self, at: datetime) -> str | None:
        """Why the certificate will not be taken at this time, in words; `None` where its dates are right."""
        begins, ends = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if at > ends:
            return f"the certificate of {self.name} ended on {ends:%Y-%m-%d}: openssl refuses the signature"
        if at < begins:
            return (
                f"the certificate of {self.name} begins on {begins:%Y-%m-%d}: openssl refuses it until then"
            )
        return None

    def sign(self, data: bytes) -> bytes:
        """A detached signature in DER, with SHA-512; it names the time of this machine.

        Source: RFC 5652 §5, §11 (signed attributes).
        """
        from cryptography.hazmat.primitives.hashes import SHA512
        from cryptography.hazmat.primitives.serialization import Encoding
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

        builder = PKCS7SignatureBuilder().set_data(data)
        builder = builder.add_signer(self.certificate, self._private, SHA512())
        for certificate in self.chain:
            builder = builder.add_certificate(certificate)
        # binary: not a byte of the list may be taken for a line end of mail
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]
        return builder.sign(Encoding.DER, options)


def sign_list(attestation: Mapping[str, bytes], signer: CmsSigner) -> dict[str, bytes]:
    """The CMS signature of a new attestation, by its path, from the attestation's files."""
    (path,) = (path for path in attestation if path.rpartition("/")[2] == LIST_NAME)
    return {cms_path(path): signer.sign(attestation[path])}


def load_cms_signer(
    key: tuple[bytes, str], certificates: tuple[bytes, str], ask_passphrase: AskPassphrase | None
) -> CmsSigner:
    """Load a key and its certificate in PEM, each as the bytes of its file and the file's name.

    Of several certificates, the one that is about the key is the signer's; the others are sent along.

    Raises:
        InputError: one of them cannot be read, they do not belong together, or the key is too weak or of a
            type that cannot sign here.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    data, where = key
    private = load_pem(data, where, ask_passphrase)
    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        kind = type(private).__name__.removeprefix("_").removesuffix("PrivateKey")
        raise InputError(
            f"{where} is a key of type {kind}, which cannot make a CMS signature here",
            hint="give an RSA or an EC key",
        )
    if isinstance(private, rsa.RSAPrivateKey):
        refuse_short_rsa(private.key_size, where)
    elif private.key_size < MIN_CURVE_BITS:
        raise InputError(f"{where} is an EC key of {private.key_size} bits; signing needs {MIN_CURVE_BITS}")
    found = _read_certificates(*certificates)
    own = [certificate for certificate in found if _is_about(certificate, private)]
    if not own:
        names = ", ".join(name_of(certificate) for certificate in found)
        raise InputError(
            f"no certificate in {certificates[1]} is about the key {where}; it is about: {names}",
            hint="give the certificate that was issued for this key",
        )
    return CmsSigner(own[0], tuple(c for c in found if c != own[0]), private)


def _read_certificates(data: bytes, where: str) -> list[Certificate]:
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in a certificate is for who checks the signature
            found = x509.load_pem_x509_certificates(data)
            for certificate in found:
                _ = certificate.subject, certificate.public_key()
    except unreadable_errors() as error:
        raise InputError(
            f"{where} holds no certificate that can be read: {why_unreadable(error)}",
            hint="give it in PEM: openssl x509 -inform DER -in FILE -out CERT.pem",
        ) from None
    if len(found) > MAX_CERTIFICATES:
        raise InputError(f"{where} holds {len(found)} certificates (at most {MAX_CERTIFICATES})")
    return found


def _is_about(certificate: Certificate, private: RSAPrivateKey | EllipticCurvePrivateKey) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(*form) == private.public_key().public_bytes(*form)

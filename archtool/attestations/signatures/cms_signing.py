"""Signs an attestation's checksum list with an institution's X.509 key, as a detached CMS signature.

The CMS signature is an addition to archtool's SSH signatures and is not checked by archtool: a person who
trusts the institution's root checks it with OpenSSL. One attestation has at most one such file.

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
from archtool.timestamps.certificates import name_of, unreadable_errors, why_unreadable
from archtool.timestamps.key_signature import MIN_CURVE_BITS
from archtool.timestamps.limits import MAX_CERTIFICATES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate


@dataclass(frozen=True, slots=True)
class CmsSigner:
    """A private key with its certificate and the certificates that lead to a root."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    """Certificates that are included in the signature, in the given order."""
    _private: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)

    @property
    def name(self) -> str:
        """The subject of the certificate."""
        return name_of(self.certificate)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, as computed by `openssl x509 -fingerprint -sha256`."""
        from cryptography.hazmat.primitives.hashes import SHA256  # lazy: for CMS

        return f"CMS:SHA256:{self.certificate.fingerprint(SHA256()).hex()}"

    def why_not_valid(self, at: datetime) -> str | None:
        """Return why the certificate is not valid at this time; `None` if it is."""
        begins, ends = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if at > ends:
            return f"the certificate of {self.name} expired on {ends:%Y-%m-%d}: openssl refuses the signature"
        if at < begins:
            return (
                f"the certificate of {self.name} is valid from {begins:%Y-%m-%d}: "
                "openssl refuses the signature until then"
            )
        return None

    def sign(self, data: bytes) -> bytes:
        """Return a detached signature in DER, with SHA-512; it contains the time of this machine.

        Source: RFC 5652 §5, §11 (signed attributes).
        """
        from cryptography.hazmat.primitives.hashes import SHA512  # lazy: for CMS
        from cryptography.hazmat.primitives.serialization import Encoding  # lazy: for CMS
        from cryptography.hazmat.primitives.serialization.pkcs7 import (  # lazy: for CMS
            PKCS7Options,
            PKCS7SignatureBuilder,
        )

        builder = PKCS7SignatureBuilder().set_data(data)
        builder = builder.add_signer(self.certificate, self._private, SHA512())
        for certificate in self.chain:
            builder = builder.add_certificate(certificate)
        # binary: no byte of the list is converted as a line end of mail
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]
        return builder.sign(Encoding.DER, options)


def sign_list(attestation: Mapping[str, bytes], signer: CmsSigner) -> dict[str, bytes]:
    """Return the CMS signature of a new attestation by its path, made from the attestation's files."""
    (path,) = (path for path in attestation if path.rpartition("/")[2] == LIST_NAME)
    return {cms_path(path): signer.sign(attestation[path])}


def load_cms_signer(
    key: tuple[bytes, str], certificates: tuple[bytes, str], ask_passphrase: AskPassphrase | None
) -> CmsSigner:
    """Load a key and its certificate in PEM, each as the bytes of its file and the file's name.

    Of several certificates, the one for the key is the signer's; the others are included in signatures.

    Raises:
        InputError: one of them cannot be read, they do not belong together, or the key is too weak or of an
            unsupported type.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # lazy: for CMS

    data, where = key
    private = load_pem(data, where, ask_passphrase)
    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        kind = type(private).__name__.removeprefix("_").removesuffix("PrivateKey")
        raise InputError(
            f"{where} is a key of type {kind}, which is not supported for CMS signatures",
            hint="give an RSA or an EC key",
        )
    if isinstance(private, rsa.RSAPrivateKey):
        refuse_short_rsa(private.key_size, where)
    elif private.key_size < MIN_CURVE_BITS:
        raise InputError(f"{where} is an EC key of {private.key_size} bits; signing needs {MIN_CURVE_BITS}")
    found = _read_certificates(*certificates)
    own = [certificate for certificate in found if _is_certified_by(certificate, private)]
    if not own:
        names = ", ".join(name_of(certificate) for certificate in found)
        raise InputError(
            f"no certificate in {certificates[1]} belongs to the key {where}; they are for: {names}",
            hint="give the certificate that was issued for this key",
        )
    return CmsSigner(own[0], tuple(c for c in found if c != own[0]), private)


def _read_certificates(data: bytes, where: str) -> list[Certificate]:
    from cryptography import x509  # lazy: for CMS

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the program that checks the signature judges the certificate
            found = x509.load_pem_x509_certificates(data)
            for certificate in found:
                _ = certificate.subject, certificate.public_key()
    except unreadable_errors() as error:
        raise InputError(
            f"{where} contains no readable certificate: {why_unreadable(error)}",
            hint="give it in PEM: openssl x509 -inform DER -in FILE -out CERT.pem",
        ) from None
    if len(found) > MAX_CERTIFICATES:
        raise InputError(f"{where} contains {len(found)} certificates (at most {MAX_CERTIFICATES})")
    return found


def _is_certified_by(certificate: Certificate, private: RSAPrivateKey | EllipticCurvePrivateKey) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # lazy: for CMS

    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(*form) == private.public_key().public_bytes(*form)

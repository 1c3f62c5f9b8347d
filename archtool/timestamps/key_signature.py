"""Verifies signatures by certified keys and rejects weak keys and digests.

Source: RFC 5754 §3 (RSA, ECDSA), RFC 4056 (RSASSA-PSS), RFC 8419 (Ed25519), NIST SP 800-131A (strengths).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtool.errors import InputError
from archtool.timestamps.der import SEQUENCE, DerElement, context
from archtool.timestamps.limits import MAX_RSA_BITS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.hazmat.primitives.hashes import HashAlgorithm
    from cryptography.x509 import Certificate

MIN_RSA_BITS = 2048
MIN_CURVE_BITS = 256
_RSA_PSS = "1.2.840.113549.1.1.10"
_MGF1 = "1.2.840.113549.1.1.8"
_RSA = {
    "1.2.840.113549.1.1.1": None,
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_ECDSA = {"1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512"}
_ED25519 = "1.3.101.112"
DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""The accepted digest algorithms, by their object identifiers."""
DIGEST_OIDS = {name: oid for oid, name in DIGESTS.items()}
WEAK_DIGESTS = {"1.2.840.113549.2.5": "MD5", "1.3.14.3.2.26": "SHA-1", "2.16.840.1.101.3.4.2.4": "SHA-224"}


class UnsupportedError(InputError):
    """A feature that this version cannot check; the data can be correct."""


def is_valid_signature(
    certificate: Certificate, algorithm: DerElement, digest_name: str, signature: bytes, signed: bytes
) -> bool:
    """Whether the certificate's key made this signature over these bytes.

    `digest_name` is the digest that the signer names; an algorithm with another digest makes the signature
    invalid.

    Raises:
        UnsupportedError: the algorithm is unknown.
        InputError: its parameters cannot be read.
    """
    from cryptography.exceptions import InvalidSignature  # lazy: for certificates

    try:
        _verify(public_key(certificate), algorithm, digest_name, signature, signed)
    except (InvalidSignature, _OtherDigestError):
        return False
    except ValueError as error:
        raise algorithm.refuse(str(error)) from None
    return True


class _OtherDigestError(Exception):
    """The algorithm and the signer name different digests."""


def _verify(
    key: CertificatePublicKeyTypes, algorithm: DerElement, digest_name: str, signature: bytes, signed: bytes
) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa  # lazy: for certificates

    oid = algorithm.fields().read().oid()
    if isinstance(key, rsa.RSAPublicKey) and oid in _RSA:
        key.verify(signature, signed, padding.PKCS1v15(), _digest(_RSA[oid], digest_name))
    elif isinstance(key, rsa.RSAPublicKey) and oid == _RSA_PSS:
        mask, salt_bytes = _pss_parameters(algorithm, digest_name)
        key.verify(signature, signed, padding.PSS(padding.MGF1(mask), salt_bytes), _digest(None, digest_name))
    elif isinstance(key, ec.EllipticCurvePublicKey) and oid in _ECDSA:
        key.verify(signature, signed, ec.ECDSA(_digest(_ECDSA[oid], digest_name)))
    elif isinstance(key, ed25519.Ed25519PublicKey) and oid == _ED25519:
        key.verify(signature, signed)
    else:
        raise UnsupportedError(f"{algorithm.where} is signed with an unknown algorithm: {oid}")


def _digest(of_algorithm: str | None, of_signer: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes  # lazy: for certificates

    if of_algorithm not in (None, of_signer):
        raise _OtherDigestError
    known: dict[str, HashAlgorithm] = {
        "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
    }  # fmt: skip
    return known[of_signer]


def _pss_parameters(algorithm: DerElement, digest_name: str) -> tuple[HashAlgorithm, int]:
    """Return the digest of the mask and the length of the salt in bytes; the default, SHA-1, is refused.

    Source: RFC 4055 §3.1.
    """
    fields = algorithm.fields()
    fields.read()
    given = fields.read(SEQUENCE).fields()
    hashed, masked, salt = (given.read_optional(context(number)) for number in range(3))
    if hashed is None or masked is None:
        raise _OtherDigestError
    mask = masked.children()[0].fields() if masked.children() else None
    if mask is None or mask.read().oid() != _MGF1:
        raise UnsupportedError(f"{algorithm.where} is signed with an unknown mask function")
    names = (_digest_name(hashed.children()[0] if hashed.children() else hashed), _digest_name(mask.read()))
    if names != (digest_name, names[1]) or names[1] is None:
        raise _OtherDigestError
    salt_bytes = salt.children()[0].integer() if salt is not None and salt.children() else 20
    return _digest(None, names[1]), salt_bytes


def _digest_name(algorithm: DerElement) -> str | None:
    return DIGESTS.get(algorithm.fields().read().oid())


def public_key(certificate: Certificate) -> CertificatePublicKeyTypes:
    """Return the public key of a certificate.

    Raises:
        UnsupportedError: the key has an unknown type or curve, or is damaged.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # lazy: for certificates

    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnsupportedError(f"a certificate has an unsupported key: {error}") from None


def why_weak(key: CertificatePublicKeyTypes) -> str | None:
    """Return why a key is too weak, or too long to check; `None` if it is neither."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # lazy: for certificates

    if isinstance(key, rsa.RSAPublicKey) and not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return f"an RSA key of {key.key_size} bits ({MIN_RSA_BITS} to {MAX_RSA_BITS} are accepted)"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < MIN_CURVE_BITS:
        return f"a key on a curve of {key.curve.key_size} bits (at least {MIN_CURVE_BITS} are accepted)"
    return None

"""Verifies a key's signature over bytes: `cryptography` does the arithmetic, the rules are here.

Weak signatures are refused without a check (DSA, RSA below 2048 bits, SHA-1). An unknown type is reported as
unsupported, not as broken.

Source: RFC 8332 (rsa-sha2-256/512), RFC 5656 §3.1.2, RFC 8709 §6, OpenSSH PROTOCOL.u2f.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from archtool.errors import InputError
from archtool.openssh.keys.key_parts import KeyParts
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import WireReader, pack_uint32

MIN_RSA_BITS_TO_VERIFY = 2048  # NIST SP 800-131A: 112 bits of security; the size of OpenSSH's older keys
_RSA_SIGNATURES = ("rsa-sha2-256", "rsa-sha2-512")
_FIDO_PREFIX = "sk-"
_FIDO_USER_VERIFIED = 0x04


class SignatureStatus(Enum):
    """The result of verifying one signature."""

    GOOD = "good"
    BROKEN = "broken"
    WRONG_NAMESPACE = "wrong-namespace"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Verification:
    """The status of a signature, and the reason if it is not good."""

    status: SignatureStatus
    reason: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the signature was checked and is correct."""
        return self.status is SignatureStatus.GOOD


@dataclass(frozen=True, slots=True)
class _RawSignature:
    name: str
    body: bytes
    fido_suffix: bytes

    @classmethod
    def parse(cls, blob: bytes, *, is_fido: bool) -> _RawSignature:
        reader = WireReader(blob, "signature")
        name, body = reader.text(), reader.string()
        suffix = bytes([reader.byte()]) + pack_uint32(reader.uint32()) if is_fido else b""
        reader.end()
        return cls(name, body, suffix)


def verify_raw(key: PublicKey, signature_blob: bytes, data: bytes) -> Verification:
    """Verify a signature in wire form over `data`; a damaged signature has a status and raises no error.

    For a certificate, the key in it is used.
    """
    key = key.plain
    parts, key_type = key.parts, key.key_type
    weakness = _weakness_of(key_type, parts)
    if weakness:
        return Verification(SignatureStatus.WEAK, weakness)
    if parts is None:
        return Verification(
            SignatureStatus.UNSUPPORTED, f"signatures by keys of type {key_type} are not supported"
        )
    try:
        raw = _RawSignature.parse(signature_blob, is_fido=key_type.startswith(_FIDO_PREFIX))
    except InputError as error:
        return Verification(SignatureStatus.BROKEN, error.message)
    if raw.name == "ssh-rsa" and parts.modulus:
        return Verification(SignatureStatus.WEAK, "the signature is made with SHA-1 (ssh-rsa)")
    return _verify_known(key_type, parts, raw, data)


def is_user_verified(key: PublicKey, signature_blob: bytes) -> bool:
    """Whether a FIDO token recorded that it verified its user, by a PIN or a fingerprint.

    Signatures by other keys carry no such record.

    Source: OpenSSH PROTOCOL.u2f ("flags"), WebAuthn §6.1.
    """
    if not key.plain.key_type.startswith(_FIDO_PREFIX):
        return False
    raw = _RawSignature.parse(signature_blob, is_fido=True)
    return bool(raw.fido_suffix[0] & _FIDO_USER_VERIFIED)


def _weakness_of(key_type: str, parts: KeyParts | None) -> str:
    if key_type.startswith("ssh-dss"):  # its certificates too
        return "DSA keys are too weak to rely on"
    if parts is not None and 0 < parts.modulus.bit_length() < MIN_RSA_BITS_TO_VERIFY:
        return (
            f"an RSA key of {parts.modulus.bit_length()} bits is too short: {MIN_RSA_BITS_TO_VERIFY} needed"
        )
    return ""


def _verify_known(key_type: str, parts: KeyParts, raw: _RawSignature, data: bytes) -> Verification:
    if raw.name not in _signature_names(key_type, parts):
        if raw.name.startswith("webauthn-"):
            return Verification(
                SignatureStatus.UNSUPPORTED, f"signatures of type {raw.name} are not supported"
            )
        return Verification(
            SignatureStatus.BROKEN, f"a key of type {key_type} cannot make a signature of type {raw.name}"
        )
    if key_type.startswith(_FIDO_PREFIX):
        # a FIDO token signs the digest of its application, its flags and counter, and the data's digest
        data = _sha256(parts.application) + raw.fido_suffix + _sha256(data)
    if not _is_correct(parts, raw, data):
        return Verification(SignatureStatus.BROKEN, "the signature was not made by this key over these bytes")
    return Verification(SignatureStatus.GOOD)


def _signature_names(key_type: str, parts: KeyParts) -> tuple[str, ...]:
    return _RSA_SIGNATURES if parts.modulus else (key_type,)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _is_correct(parts: KeyParts, raw: _RawSignature, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # lazy: for signatures

    check: Callable[[KeyParts, _RawSignature, bytes], None] = _check_ed25519
    if parts.curve:
        check = _check_ecdsa
    elif not parts.point:
        check = _check_rsa
    try:
        check(parts, raw, data)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, InputError):
        return False  # ValueError: the numbers or the point are not a valid key
    return True


def _check_ed25519(parts: KeyParts, raw: _RawSignature, data: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # lazy: for signatures

    Ed25519PublicKey.from_public_bytes(parts.point).verify(raw.body, data)


def _check_ecdsa(parts: KeyParts, raw: _RawSignature, data: bytes) -> None:
    from cryptography.hazmat.primitives import hashes  # lazy: for signatures
    from cryptography.hazmat.primitives.asymmetric import ec  # lazy: for signatures
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # lazy: for signatures

    curves = {"nistp256": ec.SECP256R1(), "nistp384": ec.SECP384R1(), "nistp521": ec.SECP521R1()}
    digests = {"nistp256": hashes.SHA256(), "nistp384": hashes.SHA384(), "nistp521": hashes.SHA512()}
    reader = WireReader(raw.body, "signature")
    r, s = reader.mpint(), reader.mpint()
    reader.end()
    public = ec.EllipticCurvePublicKey.from_encoded_point(curves[parts.curve], parts.point)
    public.verify(encode_dss_signature(r, s), data, ec.ECDSA(digests[parts.curve]))


def _check_rsa(parts: KeyParts, raw: _RawSignature, data: bytes) -> None:
    from cryptography.hazmat.primitives import hashes  # lazy: for signatures
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # lazy: for signatures

    digest = hashes.SHA256() if raw.name == "rsa-sha2-256" else hashes.SHA512()
    public = rsa.RSAPublicNumbers(parts.exponent, parts.modulus).public_key()
    public.verify(raw.body, data, padding.PKCS1v15(), digest)

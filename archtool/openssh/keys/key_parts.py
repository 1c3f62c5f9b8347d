"""Parses the parts of a public key that follow the type's name in the wire form.

The module knows plain keys only; `certificate` parses certificates.

Source: RFC 4253 §6.6 (RSA), RFC 5656 §3.1 (ECDSA), RFC 8709 §4 (Ed25519), OpenSSH PROTOCOL.u2f (FIDO).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from archtool.errors import InputError
from archtool.openssh.wire import WireReader

ED25519_POINT_BYTES = 32
POINT_BYTES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}  # SEC 1 §2.3.3, uncompressed
_UNCOMPRESSED = 0x04
FINGERPRINT_PREFIX = "SHA256:"


@dataclass(frozen=True, slots=True)
class KeyParts:
    """The parts of a public key; parts that its type does not have are empty."""

    curve: str = ""
    """`nistp256` …, for ECDSA."""
    point: bytes = b""
    """The point on the curve: 32 bytes for Ed25519, SEC 1 uncompressed for ECDSA."""
    exponent: int = 0
    modulus: int = 0
    """The two numbers of RSA."""
    application: bytes = b""
    """The application that a FIDO key was made for (`ssh:`)."""


@lru_cache(maxsize=64)  # a signer of thousands of packages uses one key
def fingerprint_of(blob: bytes) -> str:
    """Return the fingerprint of a plain key in wire form: `SHA256:` and 43 characters."""
    digest = hashlib.sha256(blob).digest()
    return FINGERPRINT_PREFIX + base64.b64encode(digest).decode("ascii").rstrip("=")


def is_plain_type(key_type: str) -> bool:
    """Whether plain keys of this type can be parsed; this does not tell whether a key is strong enough."""
    return key_type in _READERS


def read_parts(key_type: str, reader: WireReader, where: str) -> KeyParts:
    """Read the parts of a key of a known type; the caller handles the bytes after them.

    Raises:
        InputError: the key is cut short or not of that type.
    """
    try:
        return _READERS[key_type](reader)
    except ValueError as error:
        raise InputError(f"{where} is damaged: {error}") from None


def _read_ed25519(reader: WireReader) -> KeyParts:
    point = reader.string()
    if len(point) != ED25519_POINT_BYTES:
        raise ValueError(f"an Ed25519 key has {ED25519_POINT_BYTES} bytes, this one has {len(point)}")
    return KeyParts(point=point)


def _read_rsa(reader: WireReader) -> KeyParts:
    return KeyParts(exponent=reader.mpint(), modulus=reader.mpint())


def _ecdsa_reader(curve: str) -> Callable[[WireReader], KeyParts]:
    def read(reader: WireReader) -> KeyParts:
        named, point = reader.text(), reader.string()
        if named != curve or len(point) != POINT_BYTES[curve] or point[0] != _UNCOMPRESSED:
            raise ValueError(f"not a point on the curve {curve}")
        return KeyParts(curve=curve, point=point)

    return read


def _fido_reader(inner: Callable[[WireReader], KeyParts]) -> Callable[[WireReader], KeyParts]:
    def read(reader: WireReader) -> KeyParts:
        parts = inner(reader)
        return KeyParts(curve=parts.curve, point=parts.point, application=reader.string())

    return read


_READERS: dict[str, Callable[[WireReader], KeyParts]] = {
    "ssh-ed25519": _read_ed25519,
    "ssh-rsa": _read_rsa,
    **{f"ecdsa-sha2-{curve}": _ecdsa_reader(curve) for curve in POINT_BYTES},
    "sk-ssh-ed25519@openssh.com": _fido_reader(_read_ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": _fido_reader(_ecdsa_reader("nistp256")),
}
